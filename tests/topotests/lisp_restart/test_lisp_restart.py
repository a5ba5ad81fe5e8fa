#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Daemons die without a word and come back: flows that stand keep flowing, what is stale is
swept, and nothing is made twice.  The network is lisp_basic's.
"""

import os

import pytest
from lib.lisp import (
    configure,
    eventually,
    kill,
    lab_fixture,
    ping,
    registered,
    vtysh,
    vtysh_json,
)
from lisp_basic.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

BASIC = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "lisp_basic")
tgen = lab_fixture(TOPOLOGY, __file__, BASIC)


def made_by_lisp(node):
    "What lispd and the plugin made in the kernel, to compare before and after."
    return {
        "devices": sorted(
            word
            for word in node.cmd_raises("ls /sys/class/net").split()
            if word.startswith("lisp")
        ),
        "rules": sorted(node.cmd_raises("ip rule; ip -6 rule").splitlines()),
        "table": sorted(
            node.cmd_raises(
                "ip route show table 4342 2>/dev/null;"
                " ip -6 route show table 4342 2>/dev/null; true"
            ).splitlines()
        ),
        "filters": node.cmd_raises(
            "for d in eth0 eth1 lisp0; do"
            " tc filter show dev $d ingress; tc filter show dev $d egress;"
            " done 2>/dev/null | grep -c bpf; true"
        ).strip(),
    }


@pytest.fixture
def flowing(tgen):
    "Both sites registered, h1 and h2 talking."
    both = {"10.1.0.0/24", "10.2.0.0/24"}
    assert eventually(lambda: both <= registered(tgen.net["ms"]), True, 60)
    assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=1), 1) == 1
    assert eventually(lambda: made_by_lisp(tgen.net["xtr1"])["filters"] != "0")
    return tgen


def test_flows_go_on_while_lispd_is_dead_and_when_it_returns(flowing):
    h1, xtr1 = flowing.net["h1"], flowing.net["xtr1"]
    before = made_by_lisp(xtr1)
    kill(xtr1, "lispd")
    assert ping(h1, "10.2.0.10", count=50, interval=0.01) == 50
    stream = h1.popen(
        ["ping", "-n", "-c", "500", "-i", "0.01", "-W", "2", "10.2.0.10"],
        encoding="ascii",
    )
    xtr1.startRouterDaemons(["lispd"])
    out, _ = stream.communicate(timeout=60)
    assert " 500 received" in out, out.splitlines()[-3:]
    assert eventually(lambda: made_by_lisp(xtr1), before) == before
    assert "router lisp" in vtysh(xtr1, "show running-config")


def test_a_mapping_that_went_away_with_lispd_is_swept(flowing):
    h1, xtr1 = flowing.net["h1"], flowing.net["xtr1"]
    kill(xtr1, "lispd")
    xtr1.startRouterDaemons(["lispd"])
    # Not in its new map-cache: the next packet must be a miss again, and be answered.
    assert eventually(lambda: ping(h1, "10.2.0.10", wait=2), 1) == 1
    assert eventually(lambda: "10.2.0.0/24" in vtysh(xtr1, "show lisp map-cache"))


def test_a_lispd_that_is_stopped_and_started_withdraws_nothing(flowing):
    xtr1, ms = flowing.net["xtr1"], flowing.net["ms"]
    counted = lambda: vtysh_json(ms, "show lisp statistics json")["events"]
    before = counted()
    pid = xtr1.cmd_raises("cat /var/run/frr/lispd.pid").strip()
    xtr1.cmd_raises(f"kill {pid}")
    assert eventually(lambda: xtr1.cmd_status(f"kill -0 {pid}", warn=False)[0] != 0)
    xtr1.cmd_raises("rm -f /var/run/frr/lispd.pid /var/run/frr/lispd.vty")
    xtr1.startRouterDaemons(["lispd"])
    # What it would have sent at its end is there before what it sends at its start.
    again = lambda: counted()["registrations-accepted"] > before["registrations-accepted"]
    assert eventually(again)
    assert counted()["registrations-withdrawn"] == before["registrations-withdrawn"]


def test_zebra_with_the_plugin_dies_and_returns(flowing):
    h1, xtr1 = flowing.net["h1"], flowing.net["xtr1"]
    before = made_by_lisp(xtr1)
    kill(xtr1, "zebra")
    assert ping(h1, "10.2.0.10", count=50, interval=0.01) == 50
    assert "dataplane is not connected" in vtysh(xtr1, "show lisp dataplane")
    xtr1.startRouterDaemons(["zebra"])
    xtr1.cmd_raises("vtysh -b")
    assert eventually(lambda: made_by_lisp(xtr1), before) == before
    assert eventually(lambda: ping(h1, "10.2.0.10", count=20, interval=0.01), 20) == 20
    assert eventually(lambda: ping(h1, "2001:db8:2::10", wait=1), 1) == 1
    assert not vtysh(xtr1, "show lisp dataplane").startswith("What is wrong")
    log = xtr1.cmd_raises("cat lispd.log")
    assert log.index("dataplane lost: ") < log.rindex("dataplane connected")


def test_a_route_that_zebra_left_behind_is_swept_when_it_returns(flowing):
    ms = flowing.net["ms"]
    stale = "203.0.113.0/24"
    kill(ms, "zebra")
    # Metric 20 is that of all that zebra makes.
    ms.cmd_raises(f"ip route add blackhole {stale} proto 199 metric 20")
    ms.startRouterDaemons(["zebra"])
    assert eventually(lambda: stale in ms.cmd_raises("ip route"), False, 10) is False
    assert stale not in vtysh(ms, "show ip route")


def test_all_die_and_the_next_start_without_lisp_sweeps(flowing):
    xtr1 = flowing.net["xtr1"]
    xtr1.cmd_raises("sed -i '/^router lisp/,/^exit/d' /etc/frr/frr.conf")
    kill(xtr1, "lispd", "zebra", "staticd", "mgmtd")
    xtr1.startRouterDaemons(["mgmtd", "zebra", "staticd", "lispd"])
    xtr1.cmd_raises("vtysh -b")

    def left():
        seen = made_by_lisp(xtr1)
        rules = [rule for rule in seen["rules"] if "434" in rule]
        return seen["devices"] + rules + seen["table"]

    # lispd waits up to 30 s for what might still be wanted.
    assert eventually(left, [], 60) == []
    assert eventually(
        lambda: xtr1.cmd_raises("find /sys/fs/bpf -mindepth 1 ! -name *.debug").strip(), ""
    ) == ""


def test_and_configured_again_it_works_again(tgen):
    xtr1 = tgen.net["xtr1"]
    with open(os.path.join(BASIC, "xtr1", "frr.conf"), encoding="ascii") as file:
        text = file.read()
    block = text[text.index("router lisp") :]
    xtr1.cmd_raises("cat > /etc/frr/again.conf", stdin=block)
    xtr1.cmd_raises("vtysh -f /etc/frr/again.conf")
    assert eventually(lambda: "10.1.0.0/24" in registered(tgen.net["ms"]), True, 90)
    assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=1), 1, 60) == 1


def test_no_router_lisp_leaves_nothing(flowing):
    for name in ("xtr1", "xtr2", "ms"):
        node = flowing.net[name]
        configure(node, "no router lisp")

        def left(node=node):
            seen = made_by_lisp(node)
            rules = [rule for rule in seen["rules"] if "434" in rule]
            pins = node.cmd_raises("find /sys/fs/bpf -mindepth 1 ! -name *.debug").split()
            return seen["devices"] + rules + seen["table"] + pins

        assert eventually(left, []) == [], name
