#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
An ALT for each instance: what two instances with the same EID-prefixes announce, learn,
ask and answer stays in the ALT of each, while they come and go.

tshark on the core router judges the wire; the GRE key of a tunnel is its instance.
"""

import json
import os
import re

import pytest
from lib import lispmsg, lispwire
from lib.lisp import alt_vrf_kind, configure, drops, eventually, lab_fixture, ping, vtysh, vtysh_json
from lisp_alt_instances.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd, pytest.mark.bgpd]

tgen = lab_fixture(TOPOLOGY, __file__)

XTR1, XTR2, XTR3 = "192.0.2.10", "192.0.2.20", "192.0.2.30"
REGISTERED = {
    (7, "10.1.0.0/24"),
    (7, "2001:db8:1::/64"),
    (8, "10.1.0.0/24"),
    (8, "10.8.0.0/24"),
}
OF_XTR3 = {(7, "10.3.0.0/24"), (7, "2001:db8:3::/64")}
OTHERS_ALT = "not-of-the-alts-instance"


def routes(node, kind):
    "(instance-id, EID-prefix) of what a router has put into its ALTs or learned there."
    shown = vtysh_json(node, "show lisp alt json") or {}
    return {(route["instanceId"], route["eid"]) for route in shown.get(kind, [])}


def kernel_routes(node, vrf):
    "EID-prefixes that bgpd has brought into a VRF."
    found = set()
    for word in ("ip", "ipv6"):
        found |= set(vtysh_json(node, f"show {word} route vrf {vrf} bgp json") or {})
    return found


def rlocs(node, iid, eid):
    "RLOCs that lig is told; None without an answer."
    answer = vtysh_json(node, f"lig instance-id {iid} {eid} json") or {}
    if not answer.get("mappings"):
        return None
    return [one["address"] for mapping in answer["mappings"] for one in mapping.get("locators", [])]


def vrfs(node):
    "Is it up, by instance and family."
    shown = vtysh_json(node, "show lisp alt json") or {}
    return {(one["instanceId"], one["addressFamily"]): one["up"] for one in shown.get("vrfs", [])}


def sessions(node, vrf):
    "Neighbours in a VRF: how often their session came up, and whether it is."
    found = vtysh_json(node, f"show bgp vrf {vrf} neighbors json") or {}
    return {
        name: (one["connectionsEstablished"], one["bgpState"])
        for name, one in found.items()
        if isinstance(one, dict)
    }


def inside(vrf, command):
    kind = "ip netns exec" if alt_vrf_kind() == "netns" else "ip vrf exec"
    return f"{kind} {vrf} {command}"


@pytest.fixture(scope="module")
def routed(tgen):
    "Each ALT has its routes."
    alt1 = tgen.net["alt1"]
    expected = REGISTERED | OF_XTR3
    assert eventually(lambda: routes(alt1, "learnedRoutes"), expected, 60) == expected
    return tgen


def test_each_alt_has_the_prefixes_of_its_instance_alone(routed):
    alt1, alt2, xtr3 = (routed.net[name] for name in ("alt1", "alt2", "xtr3"))
    assert routes(alt2, "routes") == REGISTERED
    assert eventually(lambda: routes(alt2, "learnedRoutes"), OF_XTR3) == OF_XTR3
    assert routes(xtr3, "routes") == OF_XTR3
    assert eventually(lambda: routes(xtr3, "learnedRoutes"), REGISTERED) == REGISTERED
    for iid in (7, 8):
        of_it = {eid for one, eid in REGISTERED | OF_XTR3 if one == iid}
        assert kernel_routes(alt1, f"ALT{iid}") == of_it


def test_state_has_the_instance_in_its_keys(routed):
    def state(path):
        text = vtysh(routed.net["alt1"], f"show mgmt get-data /frr-lispd:lisp/state/alt/{path}")
        return json.loads(text[: text.rindex("}") + 1])["frr-lispd:lisp"]["state"]["alt"]

    path = "learned-routes/route[instance-id='8'][eid='10.1.0.0/24']"
    found = state(path)["learned-routes"]["route"]
    assert [(one["instance-id"], one["eid"]) for one in found] == [(8, "10.1.0.0/24")]
    found = state("vrfs/vrf[instance-id='8'][address-family='ipv4']")["vrfs"]["vrf"]
    assert [(one["vrf"], one["up"]) for one in found] == [("ALT8", True)]


@pytest.fixture(scope="module")
def wire(routed):
    """
    What xtr1 is told, which asks the Map-Resolver, and what xtr3, which asks on the ALT;
    pings; the packets of each part.
    """
    net, path = routed.net, os.path.join(routed.logdir, "core.pcap")
    told, packets = {}, {}
    with lispwire.Capture(net["core"], path) as capture:

        def part(name, *asked):
            before = len(capture.settle())
            told[name] = [ask() for ask in asked]
            packets[name] = capture.settle()[before:]

        # xtr1 has 10.1.0.0/24 of instance 7 itself.
        for name, eid in (("xtr1", "10.3.0.10"), ("xtr3", "10.1.0.10")):
            node = net[name]
            part(name, lambda: rlocs(node, 7, eid), lambda: rlocs(node, 8, "10.1.0.10"))
        part(
            "hosts",
            lambda: ping(net["h3"], "10.1.0.10"),
            lambda: ping(net["h3"], "2001:db8:1::10"),
            lambda: ping(net["h1"], "10.3.0.10"),
        )
    return told, packets


def test_each_instance_has_its_own_answer(wire):
    assert wire[0] == {"xtr1": [[XTR3], [XTR2]], "xtr3": [[XTR1], [XTR2]], "hosts": [1, 1, 1]}


@pytest.mark.parametrize("asker", ["xtr1", "xtr3"])
def test_each_instance_is_asked_over_its_own_alt(wire, asker):
    requests = [packet for packet in wire[1][asker] if packet.kind == "Map-Request"]
    on_alt = [packet for packet in requests if packet.in_gre]
    assert {packet.gre_key for packet in on_alt} == {7, 8}
    assert all(set(packet.instances) == {packet.gre_key} for packet in on_alt)
    to_resolver = [one for one in requests if one.in_ecm and one.target == "192.0.2.40"]
    assert bool(to_resolver) == (asker == "xtr1")
    # The Map-Server forwards to the ETR of the instance.
    forwarded = {
        (packet.target, packet.instances[0])
        for packet in requests
        if packet.in_ecm and packet.source == "192.0.2.50"
    }
    assert forwarded == ({(XTR1, 7), (XTR2, 8)} if asker == "xtr3" else {(XTR2, 8)})


def test_packets_flow_in_the_instance_whose_alt_was_asked(wire):
    data = [packet for packet in wire[1]["hosts"] if packet.kind == "data"]
    assert {(packet.source, packet.target) for packet in data} == {(XTR1, XTR3), (XTR3, XTR1)}
    assert all(packet.instances == [7] for packet in data)


def test_tunnels_with_the_same_ends_drop_nothing_of_each_other(routed):
    alt1 = routed.net["alt1"]

    def counted(what):
        shown = vtysh_json(alt1, "show lisp alt json")
        return {one["name"]: one[what] for one in shown["tunnels"]}

    before, dropped = counted("packetsIn"), counted("drops")
    for vrf in TOPOLOGY.alt_vrfs:
        for neighbour in ("240.0.254.2", "240.0.254.6"):
            alt1.cmd_raises(inside(vrf, f"ping -n -c 3 -i 0.05 -W 1 {neighbour}"))
    more = lambda: all(now >= before[name] + 3 for name, now in counted("packetsIn").items())
    assert eventually(more, True, 10)
    assert counted("drops") == dropped


def test_what_one_instance_has_is_a_hole_in_the_other(routed):
    xtr1 = routed.net["xtr1"]
    assert rlocs(xtr1, 8, "10.8.0.10") == [XTR2]
    # No answer while the ALT's routes have not rested for ten seconds.
    assert eventually(lambda: rlocs(xtr1, 7, "10.8.0.10"), [], 30) == []
    assert eventually(lambda: rlocs(xtr1, 8, "10.3.0.10"), [], 30) == []


SEND = """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(bytes.fromhex("{message}"), ("{eid}", 4342))
"""


def test_a_request_on_the_alt_of_another_instance_is_dropped(routed):
    alt1, alt2, eid = routed.net["alt1"], routed.net["alt2"], "10.1.0.10"

    def send(iid):
        message = lispmsg.map_request(eid, "192.0.2.40", 0xBAD, iid=iid)
        program = SEND.format(eid=eid, message=message.hex())
        alt1.cmd_raises(inside("ALT7", f"/usr/bin/python3 -c '{program}'"))

    def counted():
        "Datagrams that came out of ALT7, those of another instance, those that an ETR got."
        events = vtysh_json(alt2, "show lisp statistics json")["events"]
        found = vtysh_json(alt2, "show lisp alt json")["vrfs"]
        mine = next(one for one in found if (one["vrf"], one["addressFamily"]) == ("ALT7", "ipv4"))
        return (
            mine["datagramsIn"],
            drops(alt2).get(OTHERS_ALT, 0),
            events["map-requests-forwarded-to-etr"],
        )

    into, others, forwarded = counted()
    # Without an instance-id an EID is of instance 0.
    for iid in (8, None):
        send(iid)
        into, others = into + 1, others + 1
        expected = into, others, forwarded
        assert eventually(counted, expected) == expected
    send(7)
    expected = into + 1, others, forwarded + 1
    assert eventually(counted, expected) == expected


def test_no_two_instances_share_an_alt(routed):
    alt1 = routed.net["alt1"]
    before = vtysh(alt1, "show running-config")
    said = configure(alt1, "router lisp", "instance-id 9", "ipv4 alt-vrf ALT8")
    assert "ALT8 is the ALT of instance-id 8 and of instance-id 9" in said
    said = configure(alt1, "router lisp", "ipv4 alt-vrf ALT7")
    assert "ALT7 is the ALT of instance-id 0 and of instance-id 7" in said
    configure(alt1, "router lisp", "no instance-id 9")
    assert vtysh(alt1, "show running-config") == before


def alt_devices(node):
    "Devices of lispd and of the tunnels in each ALT."
    found = {}
    for vrf in TOPOLOGY.alt_vrfs:
        links = node.cmd_raises(inside(vrf, "ip -o link"))
        found[vrf] = sorted(re.findall(r"^\d+: (lispalt\d+|mr\d)[:@]", links, re.MULTILINE))
    return found


def test_an_alt_that_goes_leaves_the_others_alone(routed):
    alt1, alt2, xtr1 = (routed.net[name] for name in ("alt1", "alt2", "xtr1"))
    stays, ups = sessions(alt1, "ALT8"), vrfs(alt2)
    before = vtysh(alt2, "show running-config")
    configure(alt2, "router lisp", "instance-id 7", "no ipv4 alt-vrf", "no ipv6 alt-vrf")

    left = {one for one in REGISTERED if one[0] == 8}
    expected = left | OF_XTR3
    assert eventually(lambda: routes(alt1, "learnedRoutes"), expected) == expected
    assert routes(alt2, "routes") == left and routes(alt2, "learnedRoutes") == set()
    assert vrfs(alt2) == {(8, "ipv4"): True}
    assert eventually(lambda: alt_devices(alt2)["ALT7"], []) == []
    assert alt_devices(alt2)["ALT8"] == ["lispalt0", "mr8"]

    # 10.1.0.0/24 of instance 7 was there until lately: no answer. Instance 8 has its own.
    asked = drops(alt1).get("alt-not-ready", 0)
    assert rlocs(xtr1, 7, "10.1.0.10 count 1") is None
    assert drops(alt1).get("alt-not-ready", 0) > asked
    assert rlocs(xtr1, 8, "10.1.0.10") == [XTR2]

    configure(alt2, "router lisp", "instance-id 7", "ipv4 alt-vrf ALT7", "ipv6 alt-vrf ALT7")
    expected = REGISTERED | OF_XTR3
    assert eventually(lambda: routes(alt1, "learnedRoutes"), expected, 60) == expected
    assert rlocs(routed.net["xtr3"], 7, "10.1.0.10") == [XTR1]
    assert sessions(alt1, "ALT8") == stays
    assert vrfs(alt2) == ups
    assert vtysh(alt2, "show running-config") == before


def test_an_instance_that_goes_takes_its_alt_along(routed):
    alt2 = routed.net["alt2"]
    stays = sessions(alt2, "ALT7")
    block = ("instance-id 8", "ipv4 alt-vrf ALT8")
    tunnel = "alt tunnel mr8 source 192.0.2.50 destination 192.0.2.40 key 8"
    configure(alt2, "router lisp", "no instance-id 8")
    gone = lambda: (alt_devices(alt2)["ALT8"], vrfs(alt2).get((8, "ipv4")))
    assert eventually(gone, ([], None)) == ([], None)
    assert routes(alt2, "routes") == {one for one in REGISTERED if one[0] == 7}
    configure(alt2, "router lisp", *block, tunnel)
    up = lambda: vrfs(alt2).get((8, "ipv4"))
    assert eventually(up, True) is True
    assert routes(alt2, "routes") == REGISTERED
    expected = REGISTERED | OF_XTR3
    alt1 = routed.net["alt1"]
    assert eventually(lambda: routes(alt1, "learnedRoutes"), expected, 60) == expected
    assert sessions(alt2, "ALT7") == stays


def test_alts_change_places_in_one_commit(routed):
    alt1, alt2 = routed.net["alt1"], routed.net["alt2"]
    before = vtysh(alt2, "show running-config")

    def swap(of_7, of_8):
        lines = [f"  {family} alt-vrf {of_7}" for family in ("ipv4", "ipv6")]
        block = ["router lisp", " instance-id 7", *lines, " exit"]
        block += [" instance-id 8", f"  ipv4 alt-vrf {of_8}", " exit", "exit"]
        alt2.cmd_raises("cat > /tmp/swap.conf", stdin="\n".join(block) + "\n")
        alt2.cmd_raises("vtysh -f /tmp/swap.conf")

    def announced(vrf):
        return set(vtysh_json(alt2, f"show ip route vrf {vrf} lisp json") or {})

    both = lambda: (announced("ALT7"), announced("ALT8"))
    of_7, of_8 = {"10.1.0.0/24"}, {"10.1.0.0/24", "10.8.0.0/24"}
    assert eventually(both, (of_7, of_8)) == (of_7, of_8)
    swap("ALT8", "ALT7")
    assert eventually(both, (of_8, of_7)) == (of_8, of_7)
    swap("ALT7", "ALT8")
    assert eventually(both, (of_7, of_8)) == (of_7, of_8)
    expected = REGISTERED | OF_XTR3
    assert eventually(lambda: routes(alt1, "learnedRoutes"), expected, 60) == expected
    assert vtysh(alt2, "show running-config") == before


@pytest.mark.parametrize("name", ["alt1", "alt2", "xtr3"])
def test_running_config_loads_to_the_same_state(routed, name):
    node = routed.net[name]
    before = vtysh(node, "show running-config")
    block = before[before.index("router lisp") :]
    block = block[: block.index("\nexit") + len("\nexit")]
    ups = vrfs(node)
    node.cmd_raises("cat > /etc/frr/again.conf", stdin=block + "\n")
    configure(node, "no router lisp")
    assert eventually(lambda: vrfs(node), {}) == {}
    node.cmd_raises("vtysh -f /etc/frr/again.conf")
    assert vtysh(node, "show running-config") == before
    assert eventually(lambda: vrfs(node), ups, 60) == ups
    expected = REGISTERED | OF_XTR3
    alt1 = routed.net["alt1"]
    assert eventually(lambda: routes(alt1, "learnedRoutes"), expected, 60) == expected
