#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Registrations over a restart of the Map-Server, and the file that has them.
"""

import time

import pytest
from lib.lisp import eventually, kill, lab_fixture, registered, vtysh_json
from lisp_map_server import messages
from lisp_map_server.asking import (  # fixture_reachable: used by name
    ETR1,
    ETR2,
    GEO,
    ITR,
    NATIVELY_FORWARD,
    ONE,
    ask,
    ask_quietly,
    fixture_reachable,
    lifetime,
    refused,
    register,
    send,
)
from lisp_map_server.messages import Locator, Record
from lisp_map_server.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

STORE = "/var/lib/frr/lispd-registrations.db"
NOT_BACK = "registrations-not-back-yet"


def passes(seconds):
    end = time.monotonic() + seconds
    assert eventually(lambda: time.monotonic() > end, True, seconds + 1)


def restart(tgen, meanwhile="true"):
    "lispd dies a second after the last change, and starts again."
    ms = tgen.net["ms"]
    passes(1)
    kill(ms, "lispd")
    ms.cmd_raises(meanwhile)
    ms.startRouterDaemons(["lispd"])
    assert eventually(lambda: ask_quietly(tgen) is not None)


def kept(tgen, prefix):
    "What the Map-Server has of a prefix, without what grows with time; None: nothing."
    shown = vtysh_json(tgen.net["ms"], "show lisp site json")["mappings"]
    found = [one for one in shown if one["eid"] == prefix and one["registered"]]
    ages = ("firstRegistered", "lastRegistered", "expires")
    return found and [
        {name: value for name, value in one.items() if name not in ages}
        for one in found[0]["registrations"]
    ]


def said(tgen, text):
    return text in tgen.net["ms"].cmd_raises("cat lispd.log")


def test_registrations_outlive_a_crash_as_they_were(tgen):
    prefixes = ("10.30.0.0/16", "10.31.7.0/24", "2001:db8:130::/48")
    flags = messages.PROXY | messages.NOTIFY | messages.XTR_ID | messages.MERGE
    some = (Locator(ETR1, 1, 50), Locator(ETR2, 2, 0, bits=0), Locator(GEO))
    for nonce, prefix in enumerate(prefixes):
        for xtr in (1, 2):
            trailer = bytes([xtr] * 16) + bytes(7) + bytes([xtr])
            record = Record(prefix, some[:xtr], version=9)
            assert register(tgen, record, flags=flags, nonce=nonce, trailer=trailer) is not None
    before = {prefix: kept(tgen, prefix) for prefix in prefixes}
    answers = {eid: ask(tgen, eid) for eid in ("10.30.0.1", "10.31.7.1")}
    seconds = lifetime(tgen, prefixes[0]) - 2
    assert eventually(lambda: lifetime(tgen, prefixes[0]) <= seconds)
    restart(tgen)
    assert {prefix: kept(tgen, prefix) for prefix in prefixes} == before
    assert {eid: ask(tgen, eid) for eid in answers} == answers
    assert 0 < lifetime(tgen, prefixes[0]) <= seconds
    assert tgen.net["ms"].cmd_raises(f"stat -c %a {STORE}").strip() == "600"


def test_a_withdrawal_and_an_end_outlive_a_crash(tgen):
    flags = messages.PROXY | messages.NOTIFY | messages.USE_TTL
    gone, over = Record("10.32.0.0/16", ONE), Record("10.33.0.0/16", ONE, ttl=0x80000003)
    assert register(tgen, gone) is not None
    assert register(tgen, over, flags=flags) is not None
    passes(1)
    assert register(tgen, gone._replace(locators=(), ttl=0)) is not None
    assert {gone.prefix, over.prefix} & registered(tgen.net["ms"]) == {over.prefix}
    restart(tgen)
    assert gone.prefix not in registered(tgen.net["ms"])
    assert eventually(lambda: over.prefix in registered(tgen.net["ms"]), False, 5) is False


def test_an_ordinary_restart_loses_nothing(tgen):
    ms, prefix = tgen.net["ms"], "10.34.0.0/16"
    pid = ms.cmd_raises("cat /var/run/frr/lispd.pid").strip()
    assert register(tgen, Record(prefix, ONE)) is not None
    ms.cmd_raises(f"kill {pid}")
    assert eventually(lambda: ms.cmd_status(f"kill -0 {pid}", warn=False)[0] != 0)
    ms.startRouterDaemons(["lispd"])
    assert eventually(lambda: prefix in registered(ms))


def test_soon_after_a_restart_silence_is_not_called_not_registered(tgen):
    "Its xTR may be about to register what it could not while the Map-Server was away."
    before = refused(tgen, NOT_BACK)
    assert send(tgen, messages.request("10.35.0.1", ITR, 9)) is None
    assert refused(tgen, NOT_BACK) == before + 1
    assert register(tgen, Record("10.35.0.0/16", ONE)) is not None
    assert ask(tgen, "10.35.0.1")[0].prefix == "10.35.0.0/16"
    assert ask(tgen, "11.0.0.1")[0].action == NATIVELY_FORWARD  # nobody can register that


FOREIGN = f"python3 -c 'import sqlite3 as s; d = s.connect(\"{STORE}\"); d.execute(\"create table t (a)\")'"


@pytest.mark.parametrize(
    "make,reason",
    [
        (f"rm -f {STORE}*; head -c 100000 /dev/urandom >{STORE}", "file is not a database"),
        (f"rm -f {STORE}*; {FOREIGN}", "not a file of lispd"),
    ],
)
def test_a_store_that_cannot_be_read_is_put_aside(tgen, make, reason):
    ms, prefix = tgen.net["ms"], "10.36.0.0/16"
    ms.cmd_raises(f"rm -f {STORE}.bad")
    restart(tgen, f"{make}; chown frr {STORE}")
    assert said(tgen, f"{STORE}: {reason}; it is now beside it as .bad")
    ms.cmd_raises(f"test -s {STORE}.bad")
    assert registered(ms) == set()
    assert register(tgen, Record(prefix, ONE)) is not None
    restart(tgen)
    assert prefix in registered(ms)


def test_a_store_that_is_torn_costs_what_is_torn_at_most(tgen):
    "Pages in the middle of the file are another's; what can be read is read."
    ms = tgen.net["ms"]
    for number in range(200):
        assert register(tgen, Record(f"10.40.{number}.0/24", ONE)) is not None
    pid = ms.cmd_raises("cat /var/run/frr/lispd.pid").strip()
    ms.cmd_raises(f"kill {pid}")  # so all is in the file, and not beside it
    assert eventually(lambda: ms.cmd_status(f"kill -0 {pid}", warn=False)[0] != 0)
    ms.cmd_raises(f"dd if=/dev/urandom of={STORE} bs=4096 seek=2 count=2 conv=notrunc")
    ms.startRouterDaemons(["lispd"])
    assert eventually(lambda: said(tgen, "what was read is kept"))
    assert register(tgen, Record("10.40.0.0/24", ONE)) is not None


def test_a_store_is_not_written_through_a_link(tgen):
    ms = tgen.net["ms"]
    restart(tgen, f"rm {STORE}*; install -o frr /dev/null /tmp/other; ln -s /tmp/other {STORE}")
    assert said(tgen, f"{STORE}: Too many levels of symbolic links; registrations are not kept")
    assert register(tgen, Record("10.37.0.0/16", ONE)) is not None
    passes(1)
    assert ms.cmd_raises("cat /tmp/other") == ""
