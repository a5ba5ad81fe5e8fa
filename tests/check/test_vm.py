# SPDX-License-Identifier: GPL-2.0-or-later
"""lisp_alt once more with the kernel's own GRE and VRF devices, in a virtual machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lab import paths, sandbox

LIMIT = 900


def test_lisp_alt_with_kernel_gre_and_vrf_devices(results, capsys):
    sandbox.build()
    rundir = Path(results) / "lisp_alt-vm"
    shutil.rmtree(rundir, ignore_errors=True)
    rundir.mkdir(parents=True)
    suite = sandbox.topotest_command("lisp_alt", rundir)
    command = sandbox.command_in_sandbox(suite, rundir)
    done = subprocess.run(
        [
            paths.REPO / "tests" / "vm" / "run",
            *("-t", str(LIMIT), "-e", "LISP_ALT_VRF=device", "-e", "LISP_SLOW=10"),
            *("-e", f"PYTHONPATH={paths.REPO / 'tests'}", "--", *command),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        check=False,
    )
    (rundir / "vm.log").write_text(done.stdout)
    if done.returncode == 77:
        pytest.skip(done.stdout.splitlines()[-1])
    closing = re.findall(r"^.*(?:passed|failed|error).* in .*$", done.stdout, re.M)
    with capsys.disabled():
        print(f"{closing[-1].strip('= ') if closing else 'no summary'} ", end="")
    assert done.returncode == 0, done.stdout[-12000:]
