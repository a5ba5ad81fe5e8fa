# SPDX-License-Identifier: GPL-2.0-or-later
"""`./lab check`: build, then one pytest run over everything; its summary closes."""

import os
import subprocess
import sys

from lab import paths, sandbox
from lab.ui import LabError


# What a newcomer wants to know first: the pure parts, two sites that talk, what is typed is known.
QUICK = "test_pure or test_type7 or test_floors or test_configuration_in or (lisp_basic and normal)"


def is_test(argument):
    "A file or folder, or a test in one: FILE::NAME."
    return not argument.startswith("-") and os.path.exists(argument.partition("::")[0])


def main(arguments):
    "Arguments go to pytest: `./lab check -k alt`."
    for before, word in zip(["", *arguments], arguments):
        known = word == "quick" and not before
        if not (known or word.startswith("-") or before.startswith("-") or is_test(word)):
            raise LabError(f"no test {word}: `quick`, -k WORDS, a file of tests, options of pytest")
    if arguments[:1] == ["quick"]:
        arguments = ["-k", QUICK, *arguments[1:]]
        took = "two minutes, and as long to build for the first time"
    elif arguments:
        took = ""
    else:
        took = "half an hour on two cores, and as long in an emulated machine; `quick`: two minutes"
    if took:
        print(f"check: takes about {took}; logs of what fails: {paths.RESULTS}", flush=True)
    sandbox.packages("lab", "check")
    sandbox.build(quiet=False)
    command = ["/usr/bin/python3", "-P", "-m", "pytest", "-p", "no:cacheprovider", "-v"]
    command += ["--durations=20", "--durations-min=20"]
    command += ["-c", str(paths.REPO / "tests" / "pytest.ini"), "--rootdir"]
    command += [str(paths.REPO / "tests"), *arguments]
    if not any(is_test(argument) for argument in arguments):
        command += [str(paths.REPO / "tests" / room) for room in ("unit", "check")]
    # A lab of its own: one that is up stays.
    environment = dict(
        os.environ,
        PYTHONPATH=str(paths.REPO / "tests"),
        LISP_LAB_DIR=f"{paths.RUN}-check",
        LISP_CHECK_DIR=str(paths.RESULTS),
    )
    return subprocess.run(command, env=environment, check=False).returncode
