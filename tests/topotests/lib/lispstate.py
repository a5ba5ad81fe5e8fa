# SPDX-License-Identifier: GPL-2.0-or-later
"""
Operational state as YANG has it, beside what `show lisp ... json` has.
"""

import json
import re

from lib.lisp import vtysh

MODELS = "/usr/share/yang/frr-lispd-state.yang", "/usr/share/yang/frr-lispd-types.yang"
# Leaves that go on while one looks: they are there in both, and numbers.
CLOCKS = re.compile(
    r"uptime|expires|since|last[A-Z]\w*|firstRegistered|mapRegisters|packets\w+|bytes\w+"
)


def statements(text):
    "A model as nested (keyword, argument, [statements])."
    text = re.sub(r"(?m)^\s*(//.*|/\*(?s:.*?)\*/)", "", text)
    words = re.finditer(r"\"[^\"]*\"|'[^']*'|[{};]|[^\s{};\"']+", text)
    root = []
    stack, line = [root], []
    for word in (found.group() for found in words):
        if word not in "{};":
            line.append(word.strip("\"'"))
            continue
        if word == "}":
            stack.pop()
            continue
        inside = []
        stack[-1].append((line[0], " ".join(line[1:]), inside))
        line = []
        if word == "{":
            stack.append(inside)
    return root


def state_of_the_model():
    """
    Below container `state`: {path of a list: its keys}, lists in lists left out; and
    {path of a container: names of its leaves}.
    """
    groupings = {}
    for model in MODELS:
        with open(model, encoding="utf-8") as file:
            ((_, _, module),) = statements(file.read())
        groupings |= {name: inside for word, name, inside in module if word == "grouping"}
    lists, containers = {}, {}

    def walk(path, inside):
        for word, name, below in inside:
            if word == "container":
                walk(f"{path}/{name}", below)
            elif word == "uses":
                walk(path, groupings[name.split(":")[-1]])
            elif word == "leaf":
                containers.setdefault(path, []).append(name)
            elif word == "list":
                (keys,) = [key for keyword, key, _ in below if keyword == "key"]
                lists[f"{path}/{name}"] = keys.split()

    walk("", groupings["state"])
    return lists, containers


def state(node, path):
    "Operational state below a path, through mgmtd; None where there is nothing."
    text = vtysh(node, f"show mgmt get-data /frr-lispd:lisp/state{path}")
    tree = json.loads(text[: text.rindex("}") + 1] or "{}")
    for step in ["frr-lispd:lisp", "state", *re.sub(r"\[[^]]*\]", "", path).strip("/").split("/")]:
        tree = (tree or {}).get(step)
    return tree


def camel(name):
    "A name of YANG as JSON has it."
    return re.sub("-(.)", lambda found: found[1].upper(), name)


def as_shown(tree):
    "State of YANG in the words and types of JSON."
    if isinstance(tree, list):
        return [as_shown(one) for one in tree]
    if not isinstance(tree, dict):
        return int(tree) if isinstance(tree, str) and tree.isdigit() else tree
    plural = lambda name, value: camel(name) + ("s" if isinstance(value, list) else "")
    return {plural(name, value): as_shown(value) for name, value in tree.items()}


def stopped(tree):
    "The same with all clocks at 0, and without lists that are empty."
    if isinstance(tree, list):
        return [stopped(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    still = lambda name, value: (
        0 if CLOCKS.fullmatch(name) and isinstance(value, int) else stopped(value)
    )
    return {name: still(name, value) for name, value in tree.items() if value != []}
