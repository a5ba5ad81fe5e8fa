# SPDX-License-Identifier: GPL-2.0-or-later
"""What the README says, on Debian machines that have nothing installed."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from lab import paths


def lines_of_the_readme(name):
    "The block of that name."
    text = (paths.REPO / "README.md").read_text(encoding="utf-8")
    return re.search(rf"^```sh {name}\n(.*?)^```$", text, re.M | re.S)[1]


@pytest.mark.parametrize("debian", ["bookworm", "trixie"])
def test_an_frr_of_ones_own_is_built_and_installed_and_runs(debian, results):
    lines = lines_of_the_readme("own-frr")
    build, start, run = lines.partition("/usr/lib/frr/frrinit.sh")
    # The daemons have a network of their own: this machine's is not theirs.
    daemons = shlex.quote(f"ip link set lo up; {start}{run}")
    script = f"set -e\n{build}\nunshare --net sh -ec {daemons}"
    done = subprocess.run(
        [paths.REPO / "tests" / "bare" / "run", "-s", debian, "--", "bash", "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        check=False,
    )
    (Path(results) / f"own-frr-{debian}.log").write_text(done.stdout, encoding="utf-8")
    if done.returncode == 77:
        pytest.skip(done.stdout.splitlines()[-1])
    assert done.returncode == 0, done.stdout[-12000:]
    assert re.search(r"^\s+Map Resolver \(MR\): +enabled", done.stdout, re.M), done.stdout[-3000:]
