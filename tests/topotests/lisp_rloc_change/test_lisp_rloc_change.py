#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A locator that changes: traffic, registrations and the other site follow within a second.

The network is lisp_basic's; xtr2 has two links, the first one better.
"""

import os
import re
import time

import pytest
from lib import lispwire
from lib.lisp import (
    configure,
    eventually,
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

FIRST, SECOND = "192.0.2.20", "198.51.100.20"


def flow(tgen, name, event, count=300, interval=0.01):
    "Ping h1 to h2 while EVENT happens; (when, packets at the core, answers, output)."
    assert eventually(
        lambda: {"10.1.0.0/24", "10.2.0.0/24"} <= registered(tgen.net["ms"])
    )
    assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=1), 1) == 1
    path = os.path.join(tgen.logdir, f"{name}.pcap")
    with lispwire.Capture(tgen.net["core"], path) as capture:
        stream = tgen.net["h1"].popen(
            ["ping", "-n", "-c", str(count), "-i", str(interval), "-W", "2"]
            + ["10.2.0.10"],
            encoding="ascii",
        )
        for line in stream.stdout:
            if "icmp_seq=20 " in line:
                break
        when = time.time()
        event()
        out, _ = stream.communicate(timeout=60)
    answers = int(re.search(r"(\d+) received", out).group(1))
    return when, capture.packets, answers


def first_after(packets, when, wanted):
    "Seconds from WHEN to the first packet that is WANTED, or None."
    for packet in packets:
        if packet.time >= when and wanted(packet):
            return packet.time - when
    return None


def to_site_2(rloc):
    return lambda packet: (
        packet.kind == "data"
        and packet.target == rloc
        and packet.targets[-1] == "10.2.0.10"
    )


@pytest.fixture(scope="module")
def cut(tgen):
    "The better link is cut under a stream of packets."
    xtr2 = tgen.net["xtr2"]
    return flow(tgen, "cut", lambda: xtr2.cmd_raises("ip link set eth1 down"))


def test_T_132_a_lost_locator_is_registered_at_once(cut):
    when, packets, _ = cut
    took = first_after(packets, when, lambda packet: packet.kind == "Map-Register")
    assert took is not None and took < 1


def test_a_locator_that_goes_is_in_the_log(tgen, cut):
    line = f"own RLOC {FIRST} is down: "
    assert eventually(lambda: line in tgen.net["xtr2"].cmd_raises("cat lispd.log"))


def test_T_150_sites_with_traffic_are_solicited(cut):
    when, packets, _ = cut
    took = first_after(
        packets, when, lambda packet: packet.smr and packet.target == "192.0.2.10"
    )
    assert took is not None and took < 1


def test_T_100_the_answer_to_an_smr_goes_through_the_mapping_system(cut):
    when, packets, _ = cut
    took = first_after(
        packets,
        when,
        lambda packet: packet.kind == "Map-Request"
        and packet.in_ecm
        and packet.smr_invoked
        and packet.source == "192.0.2.10",
    )
    assert took is not None and took < 1


def test_T_101_the_request_that_an_smr_brings_has_a_nonce_of_its_own(cut):
    _, packets, _ = cut
    solicited = [packet.nonce for packet in packets if packet.smr]
    asked = [packet.nonce for packet in packets if packet.smr_invoked and packet.in_ecm]
    assert solicited and asked and not set(solicited) & set(asked)


def test_T_089_traffic_moves_to_the_next_priority_within_a_second(cut):
    when, packets, answers = cut
    took = first_after(packets, when, to_site_2(SECOND))
    assert took is not None and took < 1
    assert answers > 200


def locator_states(node):
    "State of each locator that a router has for 10.2.0.0/24."
    shown = vtysh_json(node, "show lisp map-cache 10.2.0.10 json")
    found = {}

    def walk(item):
        for value in item.values() if isinstance(item, dict) else item:
            if isinstance(value, dict) and {"address", "state"} <= set(value):
                found[value["address"]] = value["state"]
            elif isinstance(value, (dict, list)):
                walk(value)

    walk(shown or {})
    return found


def test_T_087_a_locator_with_R_0_is_shown_unreachable(tgen, cut):
    expected = {FIRST: "unreachable", SECOND: "up"}
    assert eventually(lambda: locator_states(tgen.net["xtr1"]), expected) == expected
    # and its own router knows it as its own
    assert re.search(rf"{FIRST} +self ", vtysh(tgen.net["xtr2"], "show lisp rloc"))


def test_traffic_returns_with_the_link_and_loses_nothing(tgen, cut):
    xtr2 = tgen.net["xtr2"]
    when, packets, answers = flow(
        tgen,
        "return",
        lambda: xtr2.cmd_raises("ip link set eth1 up"),
        count=1000,
        interval=0.003,
    )
    by = lambda rloc: sum(p.time >= when and to_site_2(rloc)(p) for p in packets)
    assert by(FIRST) and by(FIRST) + by(SECOND) >= 980
    # three seconds of the stream, however long a busy machine takes for them
    assert by(SECOND) < 1000 - 20
    assert answers == 1000


REJECT = f"INPUT -d {FIRST} -p udp --dport 4341 -j REJECT --reject-with icmp-port-unreachable"
# Who says so, from when and until when; and the seconds after which traffic leaves, and by which:
# that there is no LISP has to be said again a second later, or nearly.
ICMP = {
    "that ICMP calls unreachable": (
        "core",
        f"ip route add unreachable {FIRST}/32",
        f"ip route del unreachable {FIRST}/32",
        0,
        1,
    ),
    "that runs no LISP": ("xtr2", f"iptables -A {REJECT}", f"iptables -D {REJECT}", 0.9, 2),
}


@pytest.fixture
def another_mapping(tgen):
    "It has this locator alone, and so cannot do without."
    configure(tgen.net["xtr1"], "router lisp", f"map-cache 10.9.0.0/16 {FIRST}")
    yield
    configure(tgen.net["xtr1"], "router lisp", "no map-cache 10.9.0.0/16")


@pytest.mark.parametrize("locator", ICMP)
def test_T_110_traffic_leaves_a_locator(tgen, cut, another_mapping, locator):
    xtr1, (name, begin, end, least, most) = tgen.net["xtr1"], ICMP[locator]
    event = lambda: tgen.net[name].cmd_raises(begin)
    try:
        when, packets, answers = flow(tgen, "icmp", event, 200 + 100 * most)
        took = first_after(packets, when, to_site_2(SECOND))
        assert took is not None and least <= took < most
        assert answers > 200
        assert locator_states(xtr1) == {FIRST: "icmp-unreachable", SECOND: "up"}
    finally:
        tgen.net[name].cmd_raises(end)
    expected = {FIRST: "up", SECOND: "up"}
    assert eventually(lambda: locator_states(xtr1), expected, 20) == expected


def test_T_110_ICMP_does_not_stop_a_mappings_last_locator(tgen, cut):
    core, xtr2 = tgen.net["core"], tgen.net["xtr2"]
    assert eventually(lambda: ping(tgen.net["h2"], "10.1.0.10", wait=1), 1) == 1
    core.cmd_raises("ip route add unreachable 192.0.2.10/32")
    assert ping(tgen.net["h2"], "10.1.0.10", count=5, wait=1) == 0
    core.cmd_raises("ip route del unreachable 192.0.2.10/32")
    assert "icmp-unreachable" in vtysh(xtr2, "show lisp rloc")
    assert ping(tgen.net["h2"], "10.1.0.10", count=3, wait=1) == 3


def test_a_changed_MTU_of_the_link_is_followed(tgen, cut):
    xtr1, core, h1 = tgen.net["xtr1"], tgen.net["core"], tgen.net["h1"]
    for node in (xtr1, core):
        node.cmd_raises("ip link set eth1 mtu 1400")

    def mtu():
        return (vtysh_json(xtr1, "show lisp dataplane json") or {}).get("mtu")

    # what is left beside an IPv6 RLOC's headers
    assert eventually(mtu, 1344) == 1344

    def large():
        out = h1.cmd_status("ping -n -c 3 -i 0.1 -W 1 -s 1372 -M dont 10.2.0.10", warn=False)
        return " 3 received" in out[1]

    assert eventually(large, True)
    for node in (xtr1, core):
        node.cmd_raises("ip link set eth1 mtu 1500")
    assert eventually(mtu, 1444) == 1444


def test_a_changed_priority_moves_traffic_within_a_second(tgen, cut):
    xtr2 = tgen.net["xtr2"]
    when, packets, answers = flow(
        tgen,
        "priority",
        lambda: configure(
            xtr2,
            "router lisp",
            "locator-set RL4",
            f"{FIRST} priority 4 weight 100",
        ),
    )
    took = first_after(packets, when, to_site_2(SECOND))
    assert took is not None and took < 1.5
    assert answers >= 299


SENDER = """
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    s.sendto(b"x" * 100, ("10.2.0.10", 5000)); time.sleep(0.05)
"""


@pytest.fixture
def one_way(tgen, cut):
    "h1 sends to h2, which never answers: xtr2 has no mapping of site 1, and no Map-Request."
    h1, h2 = tgen.net["h1"], tgen.net["h2"]
    h2.cmd_raises("iptables -A OUTPUT -d 10.1.0.0/24 -j DROP")
    vtysh(tgen.net["xtr2"], "clear lisp map-cache")
    sender = h1.popen(["/usr/bin/python3", "-c", SENDER])
    received = lambda: int(h2.cmd_raises("cat /sys/class/net/eth0/statistics/rx_packets"))
    began = received()
    assert eventually(lambda: received() > began + 10, True)
    yield tgen
    sender.kill()
    sender.wait()
    h2.cmd_raises("iptables -D OUTPUT -d 10.1.0.0/24 -j DROP")


def test_T_150_who_only_sends_to_us_hears_of_a_change(one_way):
    xtr1, xtr2 = one_way.net["xtr1"], one_way.net["xtr2"]
    mapping = lambda: re.findall(rf"{FIRST} .*", vtysh(xtr1, "show lisp map-cache 10.2.0.10"))
    before = mapping()
    configure(xtr2, "router lisp", "locator-set RL4", f"{FIRST} priority 1 weight 77")
    assert eventually(lambda: mapping() != before and "77" in mapping()[0], True, 10)


def test_T_150_who_only_sends_to_a_link_that_is_cut_hears_of_it(one_way):
    xtr1, xtr2 = one_way.net["xtr1"], one_way.net["xtr2"]
    expected = {FIRST: "unreachable", SECOND: "up"}
    xtr2.cmd_raises("ip link set eth1 down")
    assert eventually(lambda: locator_states(xtr1), expected, 10) == expected
    expected = {FIRST: "up", SECOND: "up"}
    xtr2.cmd_raises("ip link set eth1 up")
    assert eventually(lambda: locator_states(xtr1), expected, 10) == expected


def test_T_150_data_for_a_prefix_that_is_gone_tells_its_sender(one_way):
    xtr1, xtr2 = one_way.net["xtr1"], one_way.net["xtr2"]
    mapping = "database-mapping 10.2.0.0/24"
    configure(xtr2, "router lisp", f"no {mapping}")
    assert eventually(lambda: locator_states(xtr1), {}, 15) == {}
    configure(xtr2, "router lisp", f"{mapping} locator-set RL4")
    assert eventually(lambda: "10.2.0.0/24" in registered(one_way.net["ms"]))
    vtysh(xtr1, "clear lisp map-cache")
    assert eventually(lambda: set(locator_states(xtr1)), {FIRST, SECOND}) == {FIRST, SECOND}


def test_T_150_data_to_an_rloc_that_is_none_any_more_tells_its_sender(one_way):
    xtr1, xtr2 = one_way.net["xtr1"], one_way.net["xtr2"]
    configure(xtr2, "router lisp", "locator-set RL4", f"no {FIRST}")
    assert eventually(lambda: set(locator_states(xtr1)), {SECOND}, 15) == {SECOND}
    configure(xtr2, "router lisp", "locator-set RL4", f"{FIRST} priority 1 weight 100")
    assert eventually(lambda: set(locator_states(xtr1)), {FIRST, SECOND}, 15) == {FIRST, SECOND}


def test_a_new_address_of_the_link_is_a_new_locator(tgen, cut):
    xtr1, core = tgen.net["xtr1"], tgen.net["core"]
    core.cmd_raises("ip -6 addr add 2001:db8:f002:10::1/64 dev eth1 nodad")
    when, packets, _ = flow(
        tgen,
        "address",
        lambda: xtr1.cmd_raises(
            "ip -6 addr add 2001:db8:f002:10::10/64 dev eth1 nodad;"
            " ip -6 addr del 2001:db8:f000:10::10/64 dev eth1"
        ),
    )
    took = first_after(
        packets,
        when,
        lambda packet: packet.kind == "Map-Register" and packet.source == "192.0.2.10",
    )
    assert took is not None and took < 1


def test_a_locator_that_only_a_policy_table_leads_to_is_used(tgen):
    xtr1, h1 = tgen.net["xtr1"], tgen.net["h1"]
    xtr1.cmd_raises("ip route add default via 192.0.2.11 table 100")
    xtr1.cmd_raises("ip rule add pref 5000 lookup 100")
    try:
        configure(xtr1, "no ip route 0.0.0.0/0 192.0.2.11")
        assert eventually(lambda: "default" in xtr1.cmd("ip route show default"), False) is False
        vtysh(xtr1, "clear lisp map-cache")
        assert eventually(lambda: ping(h1, "10.2.0.10", wait=1), 1) == 1
        assert ping(h1, "10.2.0.10", count=5, wait=1) == 5
    finally:
        configure(xtr1, "ip route 0.0.0.0/0 192.0.2.11")
        xtr1.cmd_raises("ip rule del pref 5000; ip route flush table 100")
    assert eventually(lambda: ping(h1, "10.2.0.10", wait=1), 1) == 1


def test_T_111_a_locator_behind_a_blackhole_is_down(tgen):
    xtr1 = tgen.net["xtr1"]
    route = f"ip route {SECOND}/32 Null0"
    assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=1), 1) == 1
    configure(xtr1, route)
    assert eventually(lambda: locator_states(xtr1).get(SECOND), "no-route") == "no-route"
    configure(xtr1, f"no {route}")
    assert eventually(lambda: locator_states(xtr1).get(SECOND), "up") == "up"


@pytest.mark.parametrize("rule", [f"to {SECOND} blackhole", f"from 192.0.2.10 to {SECOND} prohibit",
                                  f"to {SECOND} lookup 101"])
def test_T_111_a_locator_that_a_policy_rule_leads_nowhere_is_down(tgen, rule):
    xtr1 = tgen.net["xtr1"]
    assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=1), 1) == 1
    xtr1.cmd_raises("ip route add unreachable default table 101")
    xtr1.cmd_raises(f"ip rule add pref 100 {rule}")
    try:
        assert eventually(lambda: locator_states(xtr1).get(SECOND), "no-route") == "no-route"
        shown = vtysh_json(xtr1, "show lisp rloc json")["rlocs"]
        assert [one["state"] for one in shown if one["address"] == "192.0.2.20"] == ["up"]
    finally:
        xtr1.cmd_raises("ip rule del pref 100; ip route flush table 101")
    assert eventually(lambda: locator_states(xtr1).get(SECOND), "up") == "up"


def test_an_interfaces_IPv6_locator_is_the_address_that_lasts(tgen):
    xtr1 = tgen.net["xtr1"]

    def locator():
        shown = vtysh(xtr1, "show lisp database")
        return {each for each in addresses if each in shown}

    new, ula = "2001:db8:f002:10::11", "fd00:1::10"
    (old,) = re.findall(r"inet6 (2001\S+)/64", xtr1.cmd("ip -6 addr show dev eth1 scope global"))
    addresses = {old, new, ula}
    assert eventually(locator, {old}) == {old}
    xtr1.cmd_raises(f"ip addr add {ula}/64 dev eth1 nodad; ip addr add {new}/64 dev eth1 nodad")
    xtr1.cmd_raises(f"ip addr change {old}/64 dev eth1 nodad valid_lft 600 preferred_lft 0")
    assert eventually(locator, {new}) == {new}
    xtr1.cmd_raises(f"ip addr del {new}/64 dev eth1")
    assert eventually(locator, {ula}) == {ula}
    xtr1.cmd_raises(f"ip addr del {ula}/64 dev eth1")
    assert eventually(locator, {old}) == {old}
