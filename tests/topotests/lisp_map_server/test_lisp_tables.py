#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A large table of registrations is shown in slices, whoever reads it and however that ends.
"""

import json
import signal

import pytest
from lib import lisptty
from lib.lisp import configure, eventually, lab_fixture, vtysh, vtysh_json
from lisp_map_server.asking import (  # fixture_reachable: used by name
    ONE,
    fixture_reachable,
    register,
)
from lisp_map_server.messages import Locator, Record
from lisp_map_server.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

MANY = [f"10.160.{i >> 4}.{(i & 15) << 4}/28" for i in range(2048)]


@pytest.fixture(scope="module")
def many(tgen):
    "A table whose JSON, 6 MB, is more than a socket, a pipe and a terminal hold."
    locators = tuple(Locator(f"192.0.2.{host}") for host in range(61, 77))
    for start in range(0, len(MANY), 32):
        records = [Record(prefix, locators) for prefix in MANY[start : start + 32]]
        assert register(tgen, *records) is not None


def runs_of(node, event):
    "How often lispd ran an event."
    for line in vtysh(node, "show event cpu").splitlines():
        if line.split()[-1:] == [event]:
            return int(line.split()[2])
    return 0


def shown_slowly(node, command):
    "The process of a vtysh whose output nobody reads yet, once it waits for that."
    seen = [runs_of(node, "show_write")]
    process = node.popen(["vtysh", "-c", command], encoding="ascii")

    def stands():
        seen.append(runs_of(node, "show_write"))
        return seen[0] < seen[-2] == seen[-1]

    assert eventually(stands, True, 20)
    return process


def test_a_large_table_is_shown_in_slices(tgen, many):
    ms = tgen.net["ms"]
    before = runs_of(ms, "show_write")
    shown = vtysh_json(ms, "show lisp site json")["mappings"]
    assert set(MANY) <= {one["eid"] for one in shown}
    assert runs_of(ms, "show_write") > before + 1


def test_ctrl_c_ends_a_show(tgen, many):
    ms = tgen.net["ms"]
    text = lisptty.typed(
        ms,
        ("ms# ", "show lisp site json\n"),
        ('"instanceId"', "\x03"),
        ("ms# ", "show lisp site 10.160.0.0\n"),
        ("EID-prefix: 10.160.0.0/28", ""),
        ("ms# ", "exit\n"),
    )
    shown = text[: text.rindex("show lisp site 10.160.0.0")]
    assert MANY[-1] not in shown and "]\r\n}" not in shown


@pytest.fixture(name="terminal")
def terminal_of_lispd(tgen):
    "Takes steps at lispd's own port."
    ms = tgen.net["ms"]
    configure(ms, "password of-the-lab")
    yield lambda *steps: lisptty.typed(
        ms, ("Password: ", "of-the-lab\n"), ("ms> ", ""), *steps, port=lisptty.LISPD
    )
    configure(ms, "no password")


def test_a_large_table_is_shown_to_a_terminal_in_slices(tgen, many, terminal):
    ms = tgen.net["ms"]
    before = runs_of(ms, "show_write")
    text = terminal(("", "show lisp site json\n"), ("ms> ", ""))
    shown = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert set(MANY) <= {one["eid"] for one in shown["mappings"]}
    assert runs_of(ms, "show_write") > before + 1


def test_a_key_ends_what_a_terminal_is_shown(tgen, many, terminal):
    text = terminal(
        ("", "show lisp site json\n"),
        ('"instanceId"', "\x03"),
        ("ms> ", "show lisp site 10.160.0.0\n"),
        ("EID-prefix: 10.160.0.0/28", ""),
        ("ms> ", "exit\n"),
    )
    assert MANY[-1] not in text[: text.rindex("show lisp site 10.160.0.0")]


def test_a_terminal_that_goes_ends_its_show(tgen, many, terminal):
    ms = tgen.net["ms"]
    terminal(("", "show lisp site json\n"), ('"instanceId"', ""))
    connections = f"ss -Htn sport = :{lisptty.LISPD}"
    assert eventually(lambda: ms.cmd_raises(connections), "", 5) == ""
    before = runs_of(ms, "show_write")
    assert vtysh_json(ms, "show lisp dataplane json")
    assert runs_of(ms, "show_write") == before + 1


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_vtysh_that_goes_ends_its_show(tgen, many, sent):
    ms = tgen.net["ms"]
    process = shown_slowly(ms, "show lisp site json")
    process.send_signal(sent)
    text, _ = process.communicate()
    assert process.returncode and MANY[-1] not in text
    before = runs_of(ms, "show_write")
    assert vtysh_json(ms, "show lisp dataplane json")
    assert runs_of(ms, "show_write") == before + 1


def test_state_too_large_for_a_message_is_refused_with_the_reason(tgen, many):
    "And the part of it that was advised is there, in the same session."
    locators = tuple(Locator(f"192.0.2.{host}") for host in range(61, 93))
    more = [f"10.161.{i}.0/24" for i in range(256)] + [f"10.162.{i}.0/24" for i in range(256)]
    for start in range(0, len(more), 16):
        records = [Record(prefix, locators) for prefix in more[start : start + 16]]
        assert register(tgen, *records) is not None
    path = "show mgmt get-data /frr-lispd:lisp/state/registrations"
    key = f"[instance-id='0'][eid='{more[0]}']"
    said = tgen.net["ms"].cmd_raises(["vtysh", "-c", path, "-c", f"{path}/mapping{key}"])
    refusal, _, rest = said.partition("\n")
    assert "larger than 16 MB" in refusal and "keys of a list" in refusal, refusal
    (found,) = json.loads(rest)["frr-lispd:lisp"]["state"]["registrations"]["mapping"]
    assert len(found["registration"][0]["locator"]) == 32
    for start in range(0, len(more), 64):
        register(tgen, *[Record(prefix, (), 0) for prefix in more[start : start + 64]])


def test_what_comes_and_goes_while_it_is_shown_costs_nothing_else(tgen, many):
    ms = tgen.net["ms"]
    gone, late = MANY[1:2000], "10.160.200.0/24"
    process = shown_slowly(ms, "show lisp site json")
    for start in range(0, len(gone), 128):
        register(tgen, *[Record(prefix, ONE, ttl=0) for prefix in gone[start : start + 128]])
    register(tgen, Record(late, ONE))
    eids = [one["eid"] for one in json.loads(process.communicate()[0])["mappings"]]
    assert len(eids) == len(set(eids))
    assert [eid for eid in eids if eid in MANY[2000:]] == MANY[2000:]
    assert late in eids and MANY[1999] not in eids
