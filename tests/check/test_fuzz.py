# SPDX-License-Identifier: GPL-2.0-or-later
"""A minute of libFuzzer on the codec."""

import subprocess

from lab import paths


def test_a_minute_of_fuzzing_finds_nothing():
    run = paths.REPO / "tests" / "fuzz" / "run"
    done = subprocess.run([run, "60"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
