#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The ETR's registrations, rule by rule, with a Map-Server made by hand that takes some
EID-prefixes, refuses some and says nothing to others.
"""

import time

import pytest
from lib.lisp import SLOW, configure, eventually, kill, lab_fixture, vtysh, vtysh_json
from lib.lispserver import MapServer
from lisp_register.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

SERVER, SECRET = "192.0.2.11", "of-site-1"
SITE = {"10.1.0.0/24", "10.1.1.0/24"}


@pytest.fixture(name="ms", scope="module")
def server(tgen):
    "The Map-Server, once the site is registered there."
    with MapServer(tgen.net["core"], SERVER, SECRET) as running:
        good = {prefix: "registered" for prefix in SITE}
        assert eventually(lambda: states(tgen), good, 90) == good
        yield running


@pytest.fixture(autouse=True)
def only_the_site(tgen, ms):
    "Each test leaves the site as it was."
    yield
    ms.rule()
    for prefix in set(states(tgen)) - SITE:
        configure(tgen.net["xtr1"], "router lisp", f"no database-mapping {prefix}")
    good = {prefix: "registered" for prefix in SITE}
    assert eventually(lambda: states(tgen), good, 70) == good


def registration(tgen, prefix):
    "What the ETR says of an EID-prefix at the Map-Server; {}: nothing."
    shown = vtysh_json(tgen.net["xtr1"], "show lisp database json") or {}
    for local in shown.get("localEids", []):
        if local["eid"] == prefix:
            return (local.get("registrations") or [{}])[0]
    return {}


def states(tgen):
    "State at the Map-Server by EID-prefix."
    shown = vtysh_json(tgen.net["xtr1"], "show lisp database json") or {}
    return {
        local["eid"]: one["state"]
        for local in shown.get("localEids", [])
        for one in local.get("registrations", [])
    }


def has(tgen, *prefixes, no=False):
    "Add EID-prefixes to the site, or take them away."
    word = "no " if no else ""
    lines = [
        f"{word}database-mapping {prefix}" + ("" if no else " locator-set RL")
        for prefix in prefixes
    ]
    configure(tgen.net["xtr1"], "router lisp", *lines)


def log(tgen):
    return tgen.net["xtr1"].cmd_raises("cat lispd.log")


def test_a_withdrawal_travels_apart_and_three_times_at_most(tgen, ms):
    gone = "10.1.2.0/24"
    has(tgen, gone)
    assert eventually(lambda: states(tgen).get(gone), "registered") == "registered"
    ms.rule(silent=[gone])
    began = time.time()
    has(tgen, gone, no=True)
    sent = lambda: ms.having(gone, began)
    assert eventually(lambda: len(sent()), 3, 10) == 3
    assert not eventually(lambda: len(sent()) > 3, True, 8)
    assert f"EID-prefix {gone} withdrawn from" not in log(tgen)
    kept = f"EID-prefix {gone}: Map-Server {SERVER} does not acknowledge its withdrawal"
    assert eventually(lambda: kept in log(tgen))
    assert all(set(one.records) == one.withdrawn == {gone} for one in sent())
    assert {prefix: states(tgen)[prefix] for prefix in SITE} == dict.fromkeys(SITE, "registered")


def test_a_withdrawal_ends_with_its_acknowledgement(tgen, ms):
    gone = "10.1.3.0/24"
    has(tgen, gone)
    assert eventually(lambda: states(tgen).get(gone), "registered") == "registered"
    began = time.time()
    has(tgen, gone, no=True)
    assert eventually(lambda: len(ms.having(gone, began)), 1, 5) == 1
    assert not eventually(lambda: len(ms.having(gone, began)) > 1, True, 3)
    assert f"EID-prefix {gone} withdrawn from Map-Server {SERVER}" in log(tgen)


@pytest.mark.parametrize("rule", ["silent", "refused"])
def test_only_what_was_acknowledged_is_withdrawn(tgen, ms, rule):
    wrong, began = "10.9.0.0/24", time.time()
    ms.rule(**{rule: [wrong]})
    has(tgen, wrong)
    assert eventually(lambda: bool(ms.having(wrong, began)))
    has(tgen, wrong, no=True)
    # A change of another prefix makes sure that all is sent that was to be sent.
    has(tgen, "10.1.4.0/24")
    assert eventually(lambda: states(tgen).get("10.1.4.0/24"), "registered") == "registered"
    assert not [one for one in ms.having(wrong, began) if one.withdrawn]


def test_a_prefix_without_answer_costs_no_other_one(tgen, ms):
    "The Map-Server drops a whole Map-Register for one record of another site."
    wrong, right, began = "10.9.1.0/24", "10.1.5.0/24", time.time()
    ms.rule(silent=[wrong])
    has(tgen, wrong, right)
    assert eventually(lambda: states(tgen).get(right), "registered", 10) == "registered"
    assert eventually(lambda: states(tgen).get(wrong), "no-answer", 20) == "no-answer"
    assert not [one for one in ms.having(wrong, began) if SITE & set(one.records)]
    assert registration(tgen, wrong)["reason"] == "no Map-Notify"
    shown = vtysh(tgen.net["xtr1"], "show lisp database")
    assert f"Map-Server {SERVER}: no-answer since 00:00:" in shown
    assert f"EID-prefix {wrong} not registered at Map-Server {SERVER}" in log(tgen)


def test_a_prefix_that_a_notify_leaves_out_is_refused(tgen, ms):
    wrong = "10.9.2.0/24"
    ms.rule(refused=[wrong])
    has(tgen, wrong)
    assert eventually(lambda: states(tgen).get(wrong), "refused", 10) == "refused"
    assert registration(tgen, wrong)["reason"] == "not in the Map-Notify"
    assert {prefix: states(tgen)[prefix] for prefix in SITE} == dict.fromkeys(SITE, "registered")
    assert f"{wrong} refused by Map-Server {SERVER}, key-id 0, sha256" in log(tgen)
    wrong_now = vtysh(tgen.net["xtr1"], "show lisp service")
    assert f"\n  Map-Server {SERVER} does not take all of our EID-prefixes: not 1, " in wrong_now
    ms.rule()
    has(tgen, "10.1.6.0/24")  # a change begins a round
    assert eventually(lambda: states(tgen).get(wrong), "registered", 10) == "registered"
    assert registration(tgen, wrong)["since"] <= 10 * SLOW


def test_what_is_registered_is_said_with_its_age(tgen, ms):
    assert set(registration(tgen, "10.1.0.0/24")) == {"mapServer", "state", "since"}
    before = registration(tgen, "10.1.0.0/24")["since"]
    assert eventually(lambda: registration(tgen, "10.1.0.0/24")["since"] > before, True, 5)


# ---- over a restart ----


def restart(xtr1, edit="true"):
    "lispd dies, an edit of what it keeps is done, it starts; when that was."
    kill(xtr1, "lispd")
    xtr1.cmd_raises(edit)
    began = time.time()
    xtr1.startRouterDaemons(["lispd"])
    return began


def registers(ms, began):
    "The Map-Registers from a time on, once there are any."
    found = lambda: [one for one in ms.registers if one.time >= began]
    assert eventually(lambda: bool(found()), True, 60)
    return found()


def test_T_128_an_xtr_has_an_id_of_its_own_and_keeps_it(tgen, ms):
    xtr1, other = tgen.net["xtr1"], "00112233445566778899aabbccddeeff"
    (own,) = {one.xtr_id for one in ms.registers}
    assert len(own) == 32 and own != 32 * "0"
    assert own in vtysh(xtr1, "show lisp service")
    assert {one.xtr_id for one in registers(ms, restart(xtr1))} == {own}
    for line, expected in ((f"xtr-id {other}", other), ("no xtr-id", own)):
        configure(xtr1, "router lisp", line)
        last = lambda: ms.registers[-1].xtr_id
        assert eventually(last, expected, 5) == expected


def test_T_126_T_127_nonces_grow_over_a_restart_whatever_the_clock_says(tgen, ms):
    "To lispd, a file that is ahead of the clock is a clock that was set back."
    xtr1, file = tgen.net["xtr1"], "/var/lib/frr/lispd.json"
    ahead = max(one.nonce for one in ms.registers) + 10**15
    edit = f"""sed -i 's/"nonce": *[0-9]*/"nonce":{ahead}/' {file}"""
    first = registers(ms, restart(xtr1, edit))
    assert min(one.nonce for one in first) > ahead
    # What was used since is behind what the file says: a crash brings none of it again.
    assert min(one.nonce for one in registers(ms, restart(xtr1))) > max(
        one.nonce for one in first
    )
    assert xtr1.cmd_raises(f"stat -c %a {file}").strip() == "600"


def test_a_state_file_that_cannot_be_read_is_made_again(tgen, ms):
    xtr1, file = tgen.net["xtr1"], "/var/lib/frr/lispd.json"
    old = ms.registers[-1].xtr_id
    (new,) = {one.xtr_id for one in registers(ms, restart(xtr1, f"echo '{{[' >{file}"))}
    assert len(new) == 32 and new not in (old, 32 * "0")
    assert f"{file} has no xTR-ID yet" in log(tgen)


def test_a_restart_withdraws_nothing(tgen, ms):
    xtr1, began = tgen.net["xtr1"], time.time()
    pid = xtr1.cmd_raises("cat /var/run/frr/lispd.pid").strip()
    xtr1.cmd_raises(f"kill {pid}")
    assert eventually(lambda: xtr1.cmd_status(f"kill -0 {pid}", warn=False)[0] != 0)
    xtr1.startRouterDaemons(["lispd"])
    assert not [one for one in registers(ms, began) if one.withdrawn]


def test_no_router_lisp_withdraws(tgen, ms):
    xtr1, began = tgen.net["xtr1"], time.time()
    running = vtysh(xtr1, "show running-config")
    block = running[running.index("router lisp") :].partition("\nexit\n")[0]
    configure(xtr1, "no router lisp")
    withdrawn = lambda: set().union(*(one.withdrawn for one in ms.registers if one.time >= began))
    assert eventually(withdrawn, SITE, 5) == SITE
    configure(xtr1, *block.splitlines())
