# SPDX-License-Identifier: GPL-2.0-or-later
"""The dataplane plugin in a running zebra (dplane/forwarding.py and tunnels.py), in a sandbox."""

import os
import pathlib

import pytest
from lab import sandbox

HERE = pathlib.Path(__file__).resolve().parent / "dplane"


@pytest.mark.parametrize("what", ["forwarding", "tunnels"])
def test_with_two_sites(tmp_path, what):
    command = ["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    command += ["--rootdir", str(HERE), "-c", os.devnull, str(HERE / f"{what}.py")]
    assert sandbox.run(command, tmp_path) == 0
