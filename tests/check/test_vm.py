# SPDX-License-Identifier: GPL-2.0-or-later
"""What needs the kernel's own GRE and VRF devices, in a virtual machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lab import paths, sandbox

LIMIT = 1800  # seconds, most of them the emulation's
DPLANE = paths.REPO / "tests" / "unit" / "dplane"


def what_the_machine_sees():
    "A folder outside /tmp, which the machine has of its own, with all that it needs."
    room = paths.cache() / "check-vm"
    shutil.rmtree(room, ignore_errors=True)
    sandbox.assemble(room)
    shutil.copytree(paths.GLUE, room / "lib-glue")
    shutil.copytree(paths.REPO / "tests" / "lab", room / "tests" / "lab")
    shutil.copytree(DPLANE, room / "dplane")
    return room


def in_the_machine(results, capsys, name, where, *words, **environment):
    "Runs pytest in a sandbox there, from a folder of the room."
    sandbox.build()
    rundir = Path(results) / f"{name}-vm"
    shutil.rmtree(rundir, ignore_errors=True)
    rundir.mkdir(parents=True)
    room = what_the_machine_sees()
    command = [
        *("unshare", *sandbox.NAMESPACES, "--fork", "--mount-proc"),
        *("--kill-child=SIGKILL", "--", str(room / "lib-glue" / "enter"), "--"),
        *("/usr/bin/python3", "-m", "lab.init", str(room / "sysctl")),
        *("env", "-C", str(room / where), "/usr/bin/python3", "-m", "pytest"),
        *("-p", "no:cacheprovider", "-q", "--color=no", *words),
    ]
    done = subprocess.run(
        [
            paths.REPO / "tests" / "vm" / "run",
            *("-t", str(LIMIT), "-e", "LISP_ALT_VRF=device", "-e", "LISP_SLOW=10"),
            *("-e", "LISP_DPLANE_LOGS=/tmp", "-e", f"PYTHONPATH={room / 'tests'}"),
            *(word for item in environment.items() for word in ("-e", "=".join(item))),
            *("--", *command),
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


def test_lisp_alt_with_kernel_gre_and_vrf_devices(results, capsys):
    in_the_machine(results, capsys, "lisp_alt", "topotests", "--rundir=/tmp/lisp_alt", "lisp_alt")


@pytest.mark.parametrize("path", ["fast", "slow"])
def test_two_customers_in_vrf_devices_with_lispd(results, capsys, path):
    "The suite lisp_vrf: RLOCs in the default VRF, then in one of their own."
    some = ("-k", "not nobpf" if path == "fast" else "nobpf")
    words = ("--rundir=/tmp/lisp_vrf", *some, "lisp_vrf")
    in_the_machine(results, capsys, f"lisp_vrf-{path}", "topotests", *words)


def test_underlays_of_wireguard_and_ppp(results, capsys):
    "tests/unit/dplane/links.py with the fast path."
    words = ("-c", "/dev/null", "-k", "not nobpf and not too_big", "links.py")
    in_the_machine(results, capsys, "links", "dplane", *words, LISP_LINKS="wireguard ppp")


def test_two_customers_in_vrf_devices(results, capsys):
    "tests/unit/dplane/customers.py, with the fast path and without."
    in_the_machine(results, capsys, "customers", "dplane", "-c", "/dev/null", "customers.py")
