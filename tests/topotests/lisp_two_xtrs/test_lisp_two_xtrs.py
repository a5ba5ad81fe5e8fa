#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A site with two xTRs: what they tell of each other, and what becomes of traffic when one is gone.
"""

import re

import pytest
from lib.lisp import configure, eventually, lab_fixture, ping, vtysh, vtysh_json
from lisp_two_xtrs.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

A, B, MS = "192.0.2.10", "192.0.2.12", "192.0.2.50"
HOST = {4: "10.1.0.10", 6: "2001:db8:1::10"}


def answered(tgen, family):
    "State of each locator in the answer of one of the site's xTRs."
    command = ["vtysh", "-c", f"lig {HOST[family]} to {MS} count 1"]
    _, shown, _ = tgen.net["xtr2"].cmd_status(command, warn=False)
    return dict(re.findall(r"^ +(192\.0\.2\.1[02]) +[\d:]+ +(\S+)", shown, re.M))


def rloc(node, address):
    "What a router knows of an RLOC."
    for one in (vtysh_json(node, "show lisp rloc json") or {}).get("rlocs", []):
        if one["address"] == address:
            return one
    return {}


def stream(tgen, family, event, count=400):
    "Answers to a ping from site 2, every 10 ms, while EVENT happens."
    h2 = tgen.net["h2"]
    assert eventually(lambda: ping(h2, HOST[family], wait=1), 1) == 1
    running = h2.popen(
        ["ping", "-n", "-c", str(count), "-i", "0.01", "-W", "2", HOST[family]],
        encoding="ascii",
    )
    for line in running.stdout:
        if "icmp_seq=20 " in line:
            break
    event()
    out, _ = running.communicate(timeout=60)
    return int(re.search(r"(\d+) received", out).group(1))


@pytest.mark.parametrize("family", HOST)
def test_T_129_each_xtr_answers_that_both_locators_are_up(tgen, family):
    "A Map-Request that comes again goes to the other xTR."
    four = [{A: "up", B: "up"}] * 4
    assert eventually(lambda: [answered(tgen, family) for _ in four], four, 60) == four


def test_each_xtr_shows_the_other_one(tgen):
    shown = vtysh(tgen.net["xtr1a"], "show lisp database")
    assert re.search(rf"{A} .*cfg-addr +site-self, reachable", shown)
    assert re.search(rf"{B} .*cfg-addr +site-other, reachable", shown)
    assert re.search(rf"{B} .*auto-disc +site-other, reachable", shown)
    site = vtysh_json(tgen.net["ms"], "show lisp site json")
    merged = {
        one["eid"]: [registration["merge"] for registration in one["registrations"]]
        for one in site["mappings"]
    }
    assert merged["10.1.0.0/24"] == [False, False]
    assert merged["2001:db8:1::/64"] == [True, True]


def xtr1a(tgen, state):
    node = tgen.net["xtr1a"]
    for interface in ("eth0", "eth1"):
        node.cmd_raises(f"ip link set {interface} {state}")


@pytest.mark.parametrize("family", HOST)
def test_traffic_moves_to_the_other_xtr_within_a_second(tgen, family):
    known = lambda: rloc(tgen.net["xtr2"], A).get("state")
    assert eventually(lambda: ping(tgen.net["h2"], HOST[family], wait=1), 1) == 1
    assert eventually(known, "up") == "up"
    try:
        assert stream(tgen, family, lambda: xtr1a(tgen, "down")) > 300
        assert known() == "no-route"
    finally:
        xtr1a(tgen, "up")
    assert eventually(known, "up") == "up"


@pytest.fixture(scope="module", name="cut_off")
def fixture_cut_off(tgen):
    "xtr1a's link to the site is down; its provider's is not."
    node = tgen.net["xtr1a"]
    for family in HOST:
        assert eventually(lambda family=family: ping(tgen.net["h2"], HOST[family], wait=1), 1) == 1
    node.cmd_raises("ip link set eth0 down")
    yield node
    node.cmd_raises("ip link set eth0 up")


@pytest.mark.parametrize("family", HOST)
def test_T_147_traffic_leaves_an_xtr_that_has_lost_the_site(tgen, cut_off, family):
    moved = lambda: ping(tgen.net["h2"], HOST[family], wait=1)
    assert eventually(moved, 1, 10) == 1
    wanted = {A: "down", B: "up"}
    assert eventually(lambda: answered(tgen, family), wanted, 10) == wanted


def test_T_147_it_says_why(cut_off):
    shown = vtysh(cut_off, "show lisp database")
    assert shown.count("No route to it: our locators are down for it") == len(HOST)
    problems = vtysh(cut_off, "show lisp service")
    assert "have no route any more, others are told that our locators are down" in problems
    assert "its last route has gone" in cut_off.cmd_raises("cat lispd.log")


@pytest.mark.parametrize("family", HOST)
def test_T_147_it_is_up_again_with_its_route(tgen, cut_off, family):
    cut_off.cmd_raises("ip link set eth0 up")
    both = {A: "up", B: "up"}
    assert eventually(lambda: answered(tgen, family), both, 60) == both


@pytest.fixture(scope="module", name="silent")
def fixture_silent(tgen):
    "xtr1a hears nothing any more, and no route says so."
    xtr2, core = tgen.net["xtr2"], tgen.net["core"]
    for node in (xtr2, tgen.net["xtr1b"]):
        configure(node, "router lisp", "loc-reach-algorithm rloc-probing")
    assert eventually(lambda: ping(tgen.net["h2"], HOST[4], wait=1), 1) == 1
    assert eventually(lambda: rloc(xtr2, A).get("probeRtt", 0) > 0)
    core.cmd_raises(f"ip route add blackhole {A}/32")
    vtysh(xtr2, "clear lisp map-cache")
    ping(tgen.net["h2"], HOST[4], wait=1)
    yield
    core.cmd_raises(f"ip route del blackhole {A}/32")


def test_the_map_server_asks_the_other_xtr_if_one_is_silent(tgen, silent):
    shown = lambda: vtysh(tgen.net["xtr2"], f"show lisp map-cache {HOST[4]}")
    assert eventually(lambda: "via map-reply" in shown(), seconds=5), shown()


def test_T_107_T_105_a_locator_that_answers_no_probe_is_down(tgen, silent):
    h2, xtr2 = tgen.net["h2"], tgen.net["xtr2"]

    def moved():
        return ping(h2, HOST[4], wait=1), rloc(xtr2, A)["state"]

    assert eventually(moved, (1, "no-probe-reply"), 40) == (1, "no-probe-reply")
    assert rloc(xtr2, B)["state"] == "up" and rloc(xtr2, B)["probeRtt"] > 0


def test_T_129_the_other_xtr_says_so_too(tgen, silent):
    wanted = {A: "down", B: "up"}
    assert eventually(lambda: answered(tgen, 4), wanted, 40) == wanted
