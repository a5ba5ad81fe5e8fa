# SPDX-License-Identifier: GPL-2.0-or-later
"""After all labs and tests the machine is as it was."""

import os
import subprocess
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


@pytest.fixture(name="foreign", params=[False, True])
def somebody(request):
    "A process in a network namespace, of ours or of somebody else on the machine."
    environment = dict(os.environ)
    if request.param:
        del environment["LISP_LAB_DIR"]
    before = machine_state()
    with subprocess.Popen(["unshare", "-n", "sleep", "1000"], env=environment) as process:
        end = time.time() + 10
        comm = f"/proc/{process.pid}/comm"
        while open(comm, encoding="ascii").read() != "sleep\n" and time.time() < end:
            time.sleep(0.01)
        now = machine_state()
        process.kill()
    yield {kind for kind in now if now[kind] - before[kind]}, request.param


def test_only_what_is_ours_counts_as_left(foreign):
    found, somebody_elses = foreign
    assert found == (set() if somebody_elses else {"net namespaces in use", "processes"})
