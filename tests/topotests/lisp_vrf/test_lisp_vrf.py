#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two customers with the same prefixes in two VRFs, with the fast path and without; first with
RLOCs in the default VRF, then in one of their own. Packets are counted: each host has got
its own customer's and no others. Run in the virtual machine (tests/check/test_vm.py) where
the kernel has no VRF devices.
"""

import re

import pytest
from lib.lisp import (
    SLOW,
    alt_vrf_kind,
    configure,
    eventually,
    fast_and_slow,
    kill,
    lab_fixture,
    make_vrf,
    ping,
    vtysh,
    vtysh_json,
)
from lisp_vrf.topology import TOPOLOGY

pytestmark = [
    pytest.mark.lispd,
    pytest.mark.skipif(alt_vrf_kind() != "device", reason="this kernel has no VRF devices"),
]

tgen = lab_fixture(TOPOLOGY, __file__, plugins=("lisp_dplane", "lisp_dplane:nobpf"))

SITES = (1, 2)
XTRS = ("xtr1", "xtr2")
COUNTS = {"h": 5, "k": 3}  # packets of a customer's host: what strays is seen
HOSTS = {f"{customer}{site}": (customer, site) for customer in COUNTS for site in SITES}
PREFIXES = {(iid, eid) for iid in (101, 102) for eid in ("10.{}.0.0/24", "2001:db8:{}::/64")}
MISSING = "locator-table vrf UNDERLAY: no such VRF"


def registered(tgen):
    shown = vtysh_json(tgen.net["ms"], "show lisp site json") or {}
    return {
        (one["instanceId"], one["eid"]) for one in shown.get("mappings", []) if one["registered"]
    }


def troubles(node):
    "What the dataplane says of each instance."
    shown = vtysh_json(node, "show lisp dataplane json") or {}
    return {
        one["instanceId"]: one.get("error")
        for one in shown.get("instances", [])
        if one["instanceId"]  # 0 has roles, and no EIDs
    }


def send(tgen, counts):
    "Echo requests of all hosts at once, both ways, both families; {(host, target): answers}."
    running = {}
    for name, (customer, site) in HOSTS.items():
        for target in (f"10.{3 - site}.0.10", f"2001:db8:{3 - site}::10"):
            command = ["ping", "-n", "-c", str(counts[customer]), "-i", "0.2"]
            command += ["-W", str(2 * SLOW), target]
            running[name, target] = tgen.net[name].popen(command, encoding="ascii")
    return {
        pair: int(re.search(r"(\d+) received", one.communicate(timeout=30 * SLOW)[0]).group(1))
        for pair, one in running.items()
    }


def up(tgen):
    "Everything is registered, and both customers' hosts can talk, both ways."
    everything = {(iid, eid.format(site)) for iid, eid in PREFIXES for site in SITES}
    assert eventually(lambda: registered(tgen), everything, 60) == everything
    for name in XTRS:
        fine = {101: None, 102: None}
        assert eventually(lambda: troubles(tgen.net[name]), fine) == fine
    assert eventually(lambda: set(send(tgen, {"h": 1, "k": 1}).values()), {1}) == {1}


def echoes(node):
    "Echo requests that a host has got."
    lines = node.cmd_raises("cat /proc/net/snmp /proc/net/snmp6").splitlines()
    names, values = [line.split() for line in lines if line.startswith("Icmp:")]
    (six,) = [line.split()[1] for line in lines if line.startswith("Icmp6InEchos ")]
    return int(values[names.index("InEchos")]) + int(six)


def move_rlocs(node, where):
    for interface in ("eth1", "eth2"):
        node.cmd_status(f"ip link set {interface} {where}", warn=False)


def all_ping(tgen):
    "Each host gets what its customer has sent it, and nothing else."
    before = {name: echoes(tgen.net[name]) for name in HOSTS}
    answers = send(tgen, COUNTS)
    assert answers == {pair: COUNTS[pair[0][0]] for pair in answers}
    got = {name: echoes(tgen.net[name]) - before[name] for name in HOSTS}
    assert got == {name: 2 * COUNTS[customer] for name, (customer, _) in HOSTS.items()}


def is_fast(tgen):
    return bool(vtysh_json(tgen.net["xtr1"], "show lisp dataplane json")["fastPath"])


def goes_its_way(tgen):
    "Packets of mappings that are known use the kernel alone, or user space alone."
    fast, slow = fast_and_slow(tgen.net["xtr1"])
    all_ping(tgen)
    now_fast, now_slow = fast_and_slow(tgen.net["xtr1"])
    sent = 2 * 2 * sum(COUNTS.values())  # requests and answers, both families
    way = (sent, 0) if is_fast(tgen) else (0, sent)
    assert (now_fast - fast, now_slow - slow) == way


def stream(tgen, customer):
    "Sixty echo requests that go on in the background."
    command = ["ping", "-n", "-c", "60", "-i", "0.2", "-W", str(2 * SLOW), "10.2.0.10"]
    return tgen.net[f"{customer}1"].popen(command, encoding="ascii")


class Customers:
    "What holds wherever RLOCs are."

    rlocs = "default"

    def test_each_customer_has_its_own_packets(self, tgen):
        up(tgen)
        goes_its_way(tgen)

    def test_show_says_where_it_is(self, tgen):
        text = vtysh(tgen.net["xtr1"], "show lisp dataplane")
        assert f"RLOCs:              VRF {self.rlocs}" in text
        assert "Instance-id 101      lisp101, VRF RED\n" in text
        assert "Instance-id 102      lisp102, VRF BLUE\n" in text
        listening = tgen.net["xtr1"].cmd_raises("ss -lun")
        assert ("%UNDERLAY:4341" in listening) == (self.rlocs == "UNDERLAY")

    def test_a_lost_locator_gives_way_to_the_other(self, tgen):
        up(tgen)
        xtr2 = tgen.net["xtr2"]
        xtr2.cmd_raises("ip link set eth1 down")
        assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=SLOW), 1) == 1
        all_ping(tgen)
        xtr2.cmd_raises("ip link set eth1 up")
        up(tgen)
        goes_its_way(tgen)

    def test_lispd_restarts(self, tgen):
        up(tgen)
        xtr1 = tgen.net["xtr1"]
        kill(xtr1, "lispd")
        all_ping(tgen)
        streams = [stream(tgen, customer) for customer in COUNTS]
        xtr1.startRouterDaemons(["lispd"])
        for one in streams:
            out, _ = one.communicate(timeout=60 * SLOW)
            assert " 60 received" in out, out.splitlines()[-3:]
        up(tgen)
        goes_its_way(tgen)

    def test_zebra_restarts(self, tgen):
        up(tgen)
        xtr1 = tgen.net["xtr1"]
        fast = is_fast(tgen)
        # staticd with it: alone it tells a new zebra nothing of nexthops in VRFs
        kill(xtr1, "zebra", "staticd")
        if fast:
            all_ping(tgen)
        xtr1.startRouterDaemons(["zebra", "staticd"])
        xtr1.cmd_raises("vtysh -b")
        up(tgen)
        goes_its_way(tgen)

    def test_a_customers_vrf_that_goes_and_comes(self, tgen):
        up(tgen)
        xtr1 = tgen.net["xtr1"]
        table = xtr1.cmd_raises("ip -d -o link show RED").split(" table ")[1].split()[0]
        xtr1.cmd_raises("ip link del RED")
        gone = {101: "no such VRF", 102: None}
        assert eventually(lambda: troubles(xtr1), gone) == gone
        assert "VRF RED: no such VRF\n" in vtysh(xtr1, "show lisp dataplane")
        assert ping(tgen.net["k1"], "10.2.0.10", count=5, interval=0.2, wait=2 * SLOW) == 5
        make_vrf(xtr1, "RED", table, ["eth0"])
        up(tgen)
        all_ping(tgen)


class TestRlocsInTheDefaultVrf(Customers):
    pass


class TestRlocsInAVrfOfTheirOwn(Customers):
    "They move there while everything runs."

    rlocs = "UNDERLAY"

    @pytest.fixture(scope="class", autouse=True)
    def moved(self, tgen):
        for name in XTRS:
            move_rlocs(tgen.net[name], "master UNDERLAY")
            configure(tgen.net[name], "router lisp", "locator-table vrf UNDERLAY")

    def test_the_vrf_of_rlocs_that_goes_and_comes(self, tgen):
        xtr1 = tgen.net["xtr1"]
        table = xtr1.cmd_raises("ip -d -o link show UNDERLAY").split(" table ")[1].split()[0]
        xtr1.cmd_raises("ip link del UNDERLAY")
        gone = {101: MISSING, 102: MISSING}
        assert eventually(lambda: troubles(xtr1), gone) == gone
        assert ping(tgen.net["h1"], "10.2.0.10", wait=SLOW) == 0
        make_vrf(xtr1, "UNDERLAY", table, ["eth1"])
        up(tgen)
        goes_its_way(tgen)

    def test_withdrawals_leave_by_that_vrf(self, tgen):
        up(tgen)
        xtr1 = tgen.net["xtr1"]
        lines = re.search(r"^router lisp\n(.*\n)*?exit\n", vtysh(xtr1, "show running-config"), re.M)
        configure(xtr1, "no router lisp")
        left = {(iid, eid.format(2)) for iid, eid in PREFIXES}
        assert eventually(lambda: registered(tgen), left, 10) == left
        configure(xtr1, *lines[0].splitlines())
        up(tgen)

    def test_rlocs_move_back_to_the_default_vrf(self, tgen):
        for name in XTRS:
            move_rlocs(tgen.net[name], "nomaster")
            configure(tgen.net[name], "router lisp", "no locator-table")
        up(tgen)
        goes_its_way(tgen)
