# SPDX-License-Identifier: GPL-2.0-or-later
"""The router of this suite and its configuration."""

import os
import re

import pytest
from lib.lisp import configure, vtysh

HERE = os.path.dirname(os.path.realpath(__file__))
EMPTY = ["router lisp", "exit"]


def lines_of(name):
    with open(os.path.join(HERE, "r1", name), encoding="ascii") as file:
        return [line for line in file.read().splitlines() if line[0] != "!"]


def load(node, name):
    "Read a file of ours as `vtysh -f` does; what was printed."
    path = os.path.join(HERE, "r1", name)
    return node.cmd_raises(["vtysh", "-f", path])


def shown(node):
    "Lines of `router lisp` in the running configuration."
    text = vtysh(node, "show running-config")
    block = re.search(r"^router lisp\n(.*\n)*?exit\n", text, re.MULTILINE)
    return block.group(0).splitlines() if block else []


def clear(node):
    configure(node, "no router lisp", "router lisp")
    assert shown(node) == EMPTY


@pytest.fixture(name="r1")
def loaded(tgen):
    "The router with everything configured."
    r1 = tgen.net["r1"]
    load(r1, "shown.conf")
    assert shown(r1) == lines_of("shown.conf")
    yield r1
    clear(r1)
