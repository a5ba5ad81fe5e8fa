# SPDX-License-Identifier: GPL-2.0-or-later
"""
The dataplane plugin in a running zebra (dplane/forwarding.py, explain.py, others.py, links.py,
underlay.py and tunnels.py), in a sandbox, with the normal build and with ASAN and UBSAN.
"""

import os
import pathlib
import re

import pytest
from lab import sandbox

HERE = pathlib.Path(__file__).resolve().parent / "dplane"
BUILDS = {"normal": [], "sanitized": ["--sanitize"]}


@pytest.mark.parametrize("what", ["forwarding", "explain", "others", "links", "underlay", "tunnels"])
@pytest.mark.parametrize("build", BUILDS)
def test_with_two_sites(tmp_path, build, what):
    options = BUILDS[build]
    sandbox.build(*options)
    command = ["env", f"LISP_DPLANE_LOGS={tmp_path}", "/usr/bin/python3", "-P", "-m", "pytest"]
    command += ["-p", "no:cacheprovider", "-q", "--rootdir", str(HERE), "-c", os.devnull]
    assert sandbox.run([*command, str(HERE / f"{what}.py")], tmp_path, options) == 0
    said = "".join(path.read_text(errors="replace") for path in tmp_path.glob("*.out"))
    assert not re.findall(r"^.*(?:Sanitizer|dplane/\S+: runtime error).*$", said, re.M)
