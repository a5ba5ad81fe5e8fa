# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures: the two sites, with the fast path and without."""

import mapping_socket as ms
import pytest
from testbed import Bed


@pytest.fixture(scope="module", params=["bpf", "nobpf"])
def testbed(request):
    bed = Bed("" if request.param == "bpf" else "nobpf")
    bed.fast = request.param == "bpf"
    bed.start()
    yield bed
    bed.finish()


@pytest.fixture(name="bed")
def fixture_bed(testbed):
    """Both sites connected, the base replayed, no mappings, counters zero."""
    for site in testbed.sites:
        site.connect()
        site.replay()
        for everything in ("0.0.0.0/0", "::/0"):  # empties the queue
            site.client.apply(ms.mapping(everything, 0, action=ms.POLICY_DENIED))
            site.client.apply(ms.mapping(everything, 0, remove=True))
        site.clear()
    return testbed


def use(bed, rloc_set):
    "Each site reaches the other by the RLOCs of this set."
    for site in bed.sites:
        site.client.apply(*site.mappings(rloc_set))
