# SPDX-License-Identifier: GPL-2.0-or-later
"""After all labs and tests the machine is as it was."""

import time

import pytest
from lab.machine import machine_state

KINDS = list(machine_state())


def _new(before, kind):
    return machine_state()[kind] - before[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left(before, kind):
    # A killed namespace's devices go a moment after its last process.
    end = time.time() + 10
    while _new(before, kind) and time.time() < end:
        time.sleep(0.2)
    assert not _new(before, kind)
