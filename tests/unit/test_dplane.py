# SPDX-License-Identifier: GPL-2.0-or-later
"""The dataplane plugin in a running zebra (dplane/forwarding.py), in a sandbox."""

import os
import pathlib

from lab import sandbox

HERE = pathlib.Path(__file__).resolve().parent / "dplane"


def test_forwarding(tmp_path):
    command = ["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    command += ["--rootdir", str(HERE), "-c", os.devnull, str(HERE / "forwarding.py")]
    assert sandbox.run(command, tmp_path) == 0
