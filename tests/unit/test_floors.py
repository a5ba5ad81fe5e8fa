# SPDX-License-Identifier: GPL-2.0-or-later
"""
The floors of the house. The heads of lispd/lispd.h and dplane/lisp_dp.h list the rooms of
each program from the lowest to the highest: a room includes and calls only those that
stand before it, so there are no circles; and no role another role.
"""

import re
from collections import defaultdict
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
HOUSES = {  # whose head has the list: folders, rooms that everybody may use
    "lispd/lispd.h": (("lispd", "vtysh-cmds"), set()),
    "dplane/lisp_dp.h": (("dplane",), {"lisp_dp", "lisp_dp_maps", "lisp_bpf_obj"}),
}


def read_list(text):
    "{room: its floor} in the order of the list."
    rooms, floor = {}, None
    for name, room in re.findall(r"^ \*   (\w*) +(lisp\w+) ", text, re.M):
        floor = name or floor
        assert room not in rooms, f"{room} is there twice"
        rooms[room] = floor
    return rooms


def no_strings(line):
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', line[0])


def sources(folders):
    "{room: text}, without comments, strings and prototypes."
    rooms = defaultdict(str)
    for path in sorted(p for folder in folders for p in (REPO / folder).rglob("*.[ch]")):
        if path.parent.name == "bpf":  # the kernel's programs have a house of their own
            continue
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(), flags=re.S)
        text = re.sub(r'^(?![ \t]*#[ \t]*include).*', no_strings, text, flags=re.M)
        if path.suffix == ".h":
            text = re.sub(r"^\w[^;{}#()]*\([^;{}]*\);", "", text, flags=re.M)
        rooms[path.stem] += text
    return dict(rooms)


INCLUDE = r'^[ \t]*#[ \t]*include[ \t]+["<](?:[^">]*/)?([\w.-]+)\.h[">]'
# What others can use: a function (its type on the line before, or on the same), a hook.
DEFINED = (
    r"^(?!static\b)\w[\w \t*]*?[\s*]((?:lisp|dp)_\w*)\([^;{}]*\)\n\{",
    r"^DEFINE_HOOK\((\w+)",
)


def used(rooms):
    "{(room, other): what of the other it uses}: includes, calls of what is defined there."
    owner = {}
    for room, text in rooms.items():
        for pattern in DEFINED:
            for name in re.findall(pattern, text, re.M):
                owner[name] = room

    uses = defaultdict(set)
    for room, text in rooms.items():
        for name in re.findall(INCLUDE, text, re.M):
            if name in rooms:
                uses[room, name].add("#include")
        for name in re.findall(r"(?<!struct )(?<!_item )(?<![.>])\b((?:lisp|dp)_\w+)\b", text):
            if name in owner:
                uses[room, owner[name]].add(name)
    return {use: what for use, what in uses.items() if use[0] != use[1]}


def wrong(uses, floors, everybodys=frozenset()):
    "{(room, other): why} of uses of what stands later, or of another role."
    order, found = list(floors), {}
    for (room, other), what in uses.items():
        if {room, other} & everybodys:
            continue
        if order.index(other) > order.index(room):
            why = "stands later"
        elif floors[room] == floors[other] == "roles":
            why = "is another role"
        else:
            continue
        found[room, other] = f"{other}, used by {room}, {why}: {', '.join(sorted(what))}"
    return found


def house(head):
    folders, everybodys = HOUSES[head]
    return read_list((REPO / head).read_text()), sources(folders), everybodys


def test_every_room_is_in_its_list():
    for head in HOUSES:
        floors, rooms, everybodys = house(head)
        missing = sorted(set(rooms) - set(floors) - everybodys)
        assert not missing, f"not in the list of {head}: {missing}"
        gone = sorted(set(floors) - set(rooms))
        assert not gone, f"only in the list of {head}: {gone}"


def test_no_room_uses_a_later_one_or_another_role():
    found = {}
    for head in HOUSES:
        floors, rooms, everybodys = house(head)
        found |= wrong(used(rooms), floors, everybodys)
    assert not found, "\n" + "\n".join(why for _, why in sorted(found.items()))


def test_lispd_and_its_plugin_share_their_messages_and_nothing_else():
    for head, (folders, _) in HOUSES.items():
        others = {p.stem for h, (f, _) in HOUSES.items() if h != head for d in f
                  for p in (REPO / d).rglob("*.h")}
        for room, text in sources(folders).items():
            shared = others & set(re.findall(INCLUDE, text, re.M))
            assert not shared, f"{room} includes {shared}"


# Numbers that bound nothing: how many of a kind there are, and words of a format.
NO_BOUNDS = {
    "LISP_ALT_FDS",
    "LISP_ALT_TABLES",
    "LISP_DPLANE_ALT_FDS",
    "DP_ACTION_ENCAP",
    "PB_VERSION",
    "STORE_MAGIC",
    "STORE_VERSION",
    "INLINE_KEY_ID",
}


def bounds(text):
    "Names that a #define gives a number."
    return set(re.findall(r"^#define (\w+)\s+\(?[0-9]", text, re.M)) - NO_BOUNDS


def test_bounds_rates_and_timers_are_in_lisp_limits():
    floors, rooms, _ = house("lispd/lispd.h")
    own = {"state", "doors", "ways", "roles"}
    found = {room: bounds(text) for room, text in rooms.items() if floors[room] in own}
    assert {room: names for room, names in found.items() if names} == {}
    assert "LISP_ALT_RATE" in bounds(rooms["lisp_limits"])


def test_what_is_wrong_is_seen():
    "An include, a call through another's header, a hook, a role's role."
    rooms = {
        "low": '#include "x/high.h"\nint lisp_low(void)\n{\n}\n',
        "mid": '#include "x/low.h"\nint lisp_mid(int a,\n\tint b)\n{\n\tlisp_far();\n}\n',
        "ra": "bool lisp_ra(void)\n{\n\thook_call(lisp_hook);\n\tlisp_mid();\n}\n",
        "rb": "bool lisp_far(void)\n{\n\tlisp_low();\n\tlisp_ra();\n}\n",
        "any": '# include  <../x/high.h>\nint\ndp_any(void)\n{\n}\n',
        "low2": "int lisp_low2(void)\n{\n\treturn dp_any();\n}\n",
        "high": "DEFINE_HOOK(lisp_hook, (), ());\nvoid lisp_high(void)\n{\n\tlisp_far();\n}\n",
    }
    floors = {"low": "s", "low2": "s", "any": "s", "mid": "s", "ra": "roles", "rb": "roles", "high": "top"}
    assert set(wrong(used(rooms), floors)) == {
        ("low", "high"),
        ("low2", "any"),
        ("any", "high"),
        ("mid", "rb"),
        ("ra", "high"),
        ("rb", "ra"),
    }
    assert read_list(" *   pure  lisp_a  x\n *         lisp_b  y\n") == {
        "lisp_a": "pure",
        "lisp_b": "pure",
    }
