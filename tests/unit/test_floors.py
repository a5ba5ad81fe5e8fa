# SPDX-License-Identifier: GPL-2.0-or-later
"""
A file includes only what stands before it in the list of rooms at the top of lisp_dp.h:
its own floor's helpers and the floors below.
"""

import re
from pathlib import Path

DPLANE = Path(__file__).resolve().parents[2] / "dplane"
EVERYBODYS = {"lisp_dp", "lisp_dp_maps", "lisp_bpf_obj"}


def rooms():
    "In the order of the list."
    text = (DPLANE / "lisp_dp.h").read_text(encoding="ascii")
    return re.findall(r"^ \*   (?:\w+)? +(lisp_dp_\w+)", text, re.M)


def included(path):
    return re.findall(r'^#include "dplane/(\w+)\.h"', path.read_text(), re.M)


def test_every_file_is_in_the_list():
    there = {path.stem for path in DPLANE.glob("*.[ch]")} - EVERYBODYS
    assert set(rooms()) == there


def test_no_file_includes_a_higher_one():
    order = rooms()
    wrong = [
        f"{path.name} includes {name}.h"
        for path in sorted(DPLANE.glob("*.[ch]"))
        if path.stem not in EVERYBODYS
        for name in included(path)
        if name not in EVERYBODYS | {path.stem}
        if order.index(name) > order.index(path.stem)
    ]
    assert not wrong
