# SPDX-License-Identifier: GPL-2.0-or-later
"""The topotests in FRR's framework, with the normal build and with ASAN and UBSAN."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lab import paths, sandbox

SUITES = sorted({path.parent.name for path in paths.TOPOTESTS.glob("lisp_*/test_*.py")})
BUILDS = {"normal": [], "sanitized": ["--sanitize"]}
SIDE_BY_SIDE = 3


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


@pytest.fixture(scope="module")
def runs(request, results):
    "What was asked for, started: some side by side, as a suite waits more than it works."
    tests = [item for item in request.session.items if item.originalname == "test_suite"]
    wanted = [test.callspec.params for test in tests]
    for build in dict.fromkeys(want["build"] for want in wanted):
        sandbox.build(*BUILDS[build])
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        yield {
            (want["suite"], want["build"]): pool.submit(run_suite, **want, results=results)
            for want in wanted
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("suite", SUITES)
def test_suite(suite, build, runs, capsys):
    status, output = runs[suite, build].result()
    with capsys.disabled():
        print(f"{closing_line(output)} ", end="", flush=True)
    assert status == 0, output[-12000:]
