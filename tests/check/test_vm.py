# SPDX-License-Identifier: GPL-2.0-or-later
"""lisp_alt once more with the kernel's own GRE and VRF devices, in a virtual machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lab import paths, sandbox

LIMIT = 1800  # seconds, most of them the emulation's


def what_the_machine_sees():
    """
    A folder outside /tmp, which the machine has of its own, with all that it needs;
    and the command that runs lisp_alt from there.
    """
    room = paths.cache() / "check-vm"
    shutil.rmtree(room, ignore_errors=True)
    sandbox.assemble(room)
    shutil.copytree(paths.GLUE, room / "lib-glue")
    shutil.copytree(paths.REPO / "tests" / "lab", room / "tests" / "lab")
    pytest_command = ["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    return room, [
        *("unshare", *sandbox.NAMESPACES, "--fork", "--mount-proc"),
        *("--kill-child=SIGKILL", "--", str(room / "lib-glue" / "enter"), "--"),
        *("/usr/bin/python3", "-m", "lab.init", str(room / "sysctl")),
        *("env", "-C", str(room / "topotests"), *pytest_command),
        *("--rundir=/tmp/lisp_alt", "--color=no", "lisp_alt"),
    ]


def test_lisp_alt_with_kernel_gre_and_vrf_devices(results, capsys):
    sandbox.build()
    rundir = Path(results) / "lisp_alt-vm"
    shutil.rmtree(rundir, ignore_errors=True)
    rundir.mkdir(parents=True)
    room, command = what_the_machine_sees()
    done = subprocess.run(
        [
            paths.REPO / "tests" / "vm" / "run",
            *("-t", str(LIMIT), "-e", "LISP_ALT_VRF=device", "-e", "LISP_SLOW=10"),
            *("-e", f"PYTHONPATH={room / 'tests'}", "--", *command),
        ],
        cwd=room,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        check=False,
    )
    shutil.rmtree(room, ignore_errors=True)
    (rundir / "vm.log").write_text(done.stdout)
    if done.returncode == 77:
        pytest.skip(done.stdout.splitlines()[-1])
    closing = re.findall(r"^.*(?:passed|failed|error).* in .*$", done.stdout, re.M)
    with capsys.disabled():
        print(f"{closing[-1].strip('= ') if closing else 'no summary'} ", end="")
    assert done.returncode == 0, done.stdout[-12000:]
