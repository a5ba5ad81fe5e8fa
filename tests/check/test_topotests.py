# SPDX-License-Identifier: GPL-2.0-or-later
"""The topotests in FRR's framework, with the normal build and with ASAN and UBSAN."""

import shutil
import subprocess
from pathlib import Path

import pytest
from lab import paths, sandbox

SUITES = sorted({path.parent.name for path in paths.TOPOTESTS.glob("lisp_*/test_*.py")})
BUILDS = {"normal": [], "sanitized": ["--sanitize"]}


@pytest.fixture(scope="module", params=BUILDS)
def build(request):
    "One of the builds, made if need be."
    sandbox.build(*BUILDS[request.param])
    return request.param


def run_suite(suite, build, results, environment=None, prefix=()):
    "Run one suite in a sandbox; (status, output)."
    rundir = Path(results) / f"{suite}-{build}"
    shutil.rmtree(rundir, ignore_errors=True)
    rundir.mkdir(parents=True)
    command = sandbox.topotest_command(suite, rundir, BUILDS[build])
    done = subprocess.run(
        [*prefix, *sandbox.command_in_sandbox(command, rundir, BUILDS[build])],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        env=environment,
        check=False,
    )
    (rundir / "pytest.log").write_text(done.stdout)
    if done.returncode == 0:
        shutil.rmtree(rundir)
    return done.returncode, done.stdout


def closing_line(output):
    "pytest's summary of an inner run."
    lines = [line for line in output.splitlines() if " in " in line and "=" in line]
    return lines[-1].strip("= ") if lines else "no summary"


@pytest.mark.parametrize("suite", SUITES)
def test_suite(suite, build, results, record_property, capsys):
    status, output = run_suite(suite, build, results)
    with capsys.disabled():
        print(f"{closing_line(output)} ", end="", flush=True)
    assert status == 0, output[-12000:]
