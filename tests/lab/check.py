# SPDX-License-Identifier: GPL-2.0-or-later
"""`./lab check`: build, then one pytest run over everything; its summary closes."""

import os
import subprocess
import sys

from lab import paths, sandbox


def main(arguments):
    "Arguments go to pytest: `./lab check -k alt`."
    sandbox.packages("lab", "check")
    sandbox.build(quiet=False)
    command = ["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider", "-v"]
    command += ["-c", str(paths.REPO / "tests" / "pytest.ini"), "--rootdir"]
    command += [str(paths.REPO / "tests"), *arguments]
    if not any(not argument.startswith("-") and os.path.exists(argument) for argument in arguments):
        command += [str(paths.REPO / "tests" / room) for room in ("unit", "check")]
    # A lab of its own: one that is up stays.
    environment = dict(
        os.environ,
        PYTHONPATH=str(paths.REPO / "tests"),
        LISP_LAB_DIR=f"{paths.RUN}-check",
        LISP_CHECK_DIR=str(paths.RESULTS),
    )
    return subprocess.run(command, env=environment, check=False).returncode
