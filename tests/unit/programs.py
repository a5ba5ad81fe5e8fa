# SPDX-License-Identifier: GPL-2.0-or-later
"""Test programs in C that pure/build compiles; each TEST() in them is a test here."""
import pathlib
import re
import subprocess

import pytest

BUILD = pathlib.Path(__file__).resolve().parent / "pure" / "build"


def names(folder):
    "The names of all TEST() of a folder's test_*.c."
    sources = sorted(folder.glob("test_*.c"))
    return [
        name
        for source in sources
        for name in re.findall(r"^TEST\((\w+)\)", source.read_text(), re.M)
    ]


def build(program, tmp_path_factory):
    "The path of a program that pure/build has made."
    out = tmp_path_factory.mktemp(program) / program
    done = subprocess.run([BUILD, program, out], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        pytest.skip(done.stderr.strip())
    if done.returncode:
        pytest.fail(f"pure/build {program}:\n{done.stderr}", pytrace=False)
    return out


def run(*command):
    "What a command prints; it must be content."
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(done.stderr + done.stdout, pytrace=False)
    return done.stdout
