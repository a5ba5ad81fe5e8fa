# SPDX-License-Identifier: GPL-2.0-or-later
"""lispd as a service: FRR's own scripts start, watch and stop it, `write` keeps what it has."""

import shutil
import subprocess
from pathlib import Path

import pytest
from lab import sandbox
from topotests.lib.lisp import eventually

FRRINIT = "/usr/lib/frr/frrinit.sh"
CONFIGURED = ("configure terminal", "router lisp", "ipv4 itr map-resolver 192.0.2.1", "ipv4 itr")


@pytest.fixture(scope="module")
def run(results):
    "RUN(COMMAND): a line of shell in a sandbox of its own; (status, what it printed)."
    sandbox.build()
    rundir = Path(results) / "service"
    shutil.rmtree(rundir, ignore_errors=True)
    rundir.mkdir(parents=True)
    waiting = ["sh", "-c", "echo ready; exec sleep infinity"]
    machine = subprocess.Popen(
        sandbox.command_in_sandbox(waiting, rundir), stdout=subprocess.PIPE, text=True
    )
    machine.stdout.readline()
    enter = ["nsenter", "-t", str(sandbox.init_of(machine)), "-m", "-p", "-i", "-u", "-n"]

    def inside(command):
        # To a file: the daemons keep what they were started with open.
        with open(rundir / "output", "w+", encoding="utf-8") as output:
            done = subprocess.run(
                [*enter, "--", "sh", "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
            output.seek(0)
            return done.returncode, output.read()

    inside(
        "sed -i 's/^lispd=no/lispd=yes/; s/^zebra_options=\"/&-M lisp_dplane /'"
        " /etc/frr/daemons"
    )
    yield inside
    machine.kill()
    machine.wait()


def vtysh(run, *commands):
    return run("vtysh " + " ".join(f"-c '{command}'" for command in commands))[1]


def pid(run):
    "Of lispd, once it answers."
    return run("cat /run/frr/lispd.pid")[1] if "ITR" in vtysh(run, "show lisp service") else ""


def test_the_service_starts_lispd_with_the_others(run):
    status, said = run(f"{FRRINIT} start")
    assert status == 0 and "Started watchfrr" in said, said
    assert eventually(lambda: bool(pid(run)))
    assert vtysh(run, *CONFIGURED) == ""
    assert eventually(lambda: "lisp0" in run("ip -br link")[1])


def test_write_puts_router_lisp_into_the_file(run):
    vtysh(run, "write")
    written = run("cat /etc/frr/frr.conf")[1]
    assert "router lisp\n" in written and " ipv4 itr map-resolver 192.0.2.1\n" in written


def test_watchfrr_brings_a_killed_lispd_back_with_its_configuration(run):
    before = pid(run)
    run(f"kill -9 {before}")
    assert eventually(lambda: pid(run) not in ("", before), True, 60)
    assert eventually(lambda: "192.0.2.1" in vtysh(run, "show lisp service"))


def test_show_error_all_has_the_references_of_lispd(run):
    assert "LISP" in vtysh(run, "show error all")


def test_the_service_stops_and_leaves_nothing(run):
    status, said = run(f"{FRRINIT} stop")
    assert status == 0, said
    assert eventually(lambda: run("pgrep -u frr")[1], "") == ""
    assert "lisp0" not in run("ip -br link")[1]


def test_the_next_start_reads_what_was_written(run):
    assert run(f"{FRRINIT} start")[0] == 0
    assert eventually(lambda: "192.0.2.1" in vtysh(run, "show lisp service"))
