#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Three sites across an ALT, two through Map-Server and Map-Resolver, one directly.

tshark on the core router judges the wire.
"""

import ipaddress
import itertools
import os

import pytest
from lib import lispmsg, lispwire
from lib.lisp import (
    SLOW,
    alt_prefixes,
    alt_vrf_kind,
    configure,
    dataplane_counters,
    drops,
    eventually,
    fast_and_slow,
    lab_fixture,
    kill,
    make_alt,
    ping,
    registered,
    restart_at_once,
    vtysh,
    vtysh_json,
)
from lisp_alt.topology import TOPOLOGY
from lisp_map_server import messages

pytestmark = [pytest.mark.lispd, pytest.mark.bgpd]

tgen = lab_fixture(TOPOLOGY, __file__)

HOSTS = TOPOLOGY.hosts
PAIRS = list(itertools.permutations(HOSTS, 2))
PREFIXES = {
    4: [f"10.{site}.0.0/24" for site in (1, 2, 3)],
    6: [f"2001:db8:{site}::/64" for site in (1, 2, 3)],
}

GUARD_METRIC = "4294962953"  # of lispd's unreachable default in a VRF device's table


def inside(command):
    "A command to run in a node's ALT."
    kind = "ip netns exec" if alt_vrf_kind() == "netns" else "ip vrf exec"
    return f"{kind} ALT {command}"


def alt_bgp_routes(node, family):
    "EID-prefixes that a node learnt by BGP in the ALT."
    word = "ip" if family == 4 else "ipv6"
    return set(vtysh_json(node, f"show {word} route vrf ALT bgp json") or {})


@pytest.fixture(scope="module")
def wire(tgen):
    "What crossed the core while every pair of hosts exchanged its first packets."
    path = os.path.join(tgen.logdir, "core.pcap")
    answered = {}
    for family in (4, 6):
        assert eventually(
            lambda: set(PREFIXES[family]) <= alt_bgp_routes(tgen.net["alt1"], family)
        ), f"IPv{family} EID-prefixes are not on the ALT"
    with lispwire.Capture(tgen.net["core"], path) as capture:
        for family in (4, 6):
            for one, other in PAIRS:
                target = HOSTS[other].address(family)
                answered[one, other, family] = ping(tgen.net[one], target)
    return capture.packets, answered


def test_S1_18_bgp_with_ten_digit_as_numbers_over_gre(tgen):
    def states():
        found = vtysh_json(tgen.net["alt1"], "show bgp vrf ALT summary json") or {}
        return sorted(
            (peer["remoteAs"], peer["state"])
            for family in found.values()
            if isinstance(family, dict)
            for peer in family.get("peers", {}).values()
        )

    expected = sorted([(2147483677, "Established"), (2147483683, "Established")] * 2)
    assert eventually(states, expected, 60) == expected


def test_tunnels_are_the_kernels_where_it_has_gre(tgen):
    alt1 = tgen.net["alt1"]
    probe = "ip link add greprobe type gre local 192.0.2.40 && ip link del greprobe"
    status, _, _ = alt1.cmd_status(probe, warn=False)
    kernel = status == 0 or os.environ.get("LISP_ALT_VRF") == "device"
    expected = {"kernel" if kernel else "user-space"}

    def implementations():
        found = vtysh_json(alt1, "show lisp alt json") or {}
        return {tunnel.get("implementation") for tunnel in found.get("tunnels", [])}

    assert eventually(implementations, expected, 30) == expected


@pytest.mark.parametrize("family", [4, 6])
def test_T_230_registered_prefixes_are_unicast_routes_of_the_alt(tgen, family):
    node = tgen.net["alt1"]
    assert eventually(lambda: set(PREFIXES[family]) <= alt_bgp_routes(node, family))


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("one,other", PAIRS)
def test_no_first_packet_is_lost(wire, one, other, family):
    _, answered = wire
    assert answered[one, other, family] == 1


def test_no_first_packet_is_lost_half_a_second_after_another(tgen, wire):
    # That long a mapping waits for zebra's word of its RLOCs, each for its own.
    h1 = tgen.net["h1"]
    for step in range(12):
        vtysh(tgen.net["xtr1"], "clear lisp map-cache")
        pause = 0.482 + step * 0.0015
        h1.cmd_raises(
            "ping -n -c 1 -W 5 10.2.0.10 >/dev/null & first=$!;"
            f" sleep {pause}; ping -n -c 1 -W 5 10.3.0.10 && wait $first"
        )


def test_T_232_map_requests_for_eids_are_inside_gre(wire):
    packets, _ = wire
    asked = {
        eid
        for packet in packets
        if packet.kind == "Map-Request" and packet.in_gre
        for eid in packet.eids
    }
    # h1 and h2 ask for one another through the Map-Resolver, h3 asks from the ALT.
    for family in (4, 6):
        for host in ("h1", "h2", "h3"):
            assert HOSTS[host].address(family) in asked


def test_T_232_no_map_request_for_an_eid_travels_outside_ecm_and_gre(wire):
    packets, _ = wire
    assert not [
        packet
        for packet in packets
        if packet.kind == "Map-Request"
        and not packet.in_gre
        and not packet.in_ecm
        and not packet.smr
        and packet.target in {host.address(f) for host in HOSTS.values() for f in (4, 6)}
    ]


def test_T_154_map_replies_never_travel_over_the_alt(wire):
    packets, _ = wire
    replies = [packet for packet in packets if packet.kind == "Map-Reply"]
    assert replies
    assert not [packet for packet in replies if packet.in_gre]


def test_T_246_no_data_probe_travels_over_the_alt(wire):
    packets, _ = wire
    assert not [packet for packet in packets if packet.kind == "data" and packet.in_gre]


def test_T_217_nonce_survives_from_the_itr_to_the_reply(wire):
    packets, _ = wire
    requests = [packet for packet in packets if packet.kind == "Map-Request"]
    itr = ("192.0.2.10", "2001:db8:f000:10::10")
    asked = {packet.nonce for packet in requests if packet.source in itr}
    answered = {
        packet.nonce
        for packet in packets
        if packet.kind == "Map-Reply" and packet.target == "192.0.2.10"
    }
    assert answered and answered <= asked


def test_T_233_T_216_source_of_a_request_on_the_alt_is_the_itrs_rloc(wire):
    packets, _ = wire
    for packet in packets:
        if packet.kind == "Map-Request" and packet.in_gre:
            source = packet.sources[-1]
            assert source.startswith(("192.0.2.", "198.51.100.", "2001:db8:f00")), source
            assert not source.startswith(("240.", "2001:db8:f002:")), source
            assert source != "192.0.2.40", "the Map-Resolver's"


def test_T_188_proxy_reply_is_not_authoritative_an_etrs_is(wire):
    packets, _ = wire
    replies = [packet for packet in packets if packet.kind == "Map-Reply"]
    for packet in replies:
        from_map_server = packet.source in ("192.0.2.50", "2001:db8:f000:50::50")
        assert packet.authoritative != from_map_server, packet
    assert any(packet.source == "192.0.2.50" for packet in replies)


def test_T_231_no_rloc_prefix_in_the_alt(tgen, wire):
    for name in TOPOLOGY.alt:
        routes = alt_bgp_routes(tgen.net[name], 4) | alt_bgp_routes(tgen.net[name], 6)
        assert routes <= set(PREFIXES[4] + PREFIXES[6]) | {
            "240.0.254.0/30",
            "240.0.254.4/30",
        }


def test_T_245_no_alt_route_in_the_underlay(tgen, wire):
    for name in TOPOLOGY.alt:
        shown = vtysh_json(tgen.net[name], "show ip route bgp json") or {}
        assert not shown


def test_lisp_routes_have_their_protocol_in_the_kernel(tgen, wire):
    out = tgen.net["alt2"].cmd_raises(
        "ip netns exec ALT ip route show proto lisp"
        if alt_vrf_kind() == "netns"
        else "ip route show vrf ALT proto lisp"
    )
    assert "10.1.0.0/24" in out and "10.2.0.0/24" in out


def test_T_241_only_map_requests_pass_the_alt(tgen, wire):
    node = tgen.net["alt1"]

    def dropped():
        return drops(tgen.net["xtr3"]).get("not-an-alt-datagram", 0) > 0

    node.cmd_status(inside("ping -n -c 1 -W 1 10.3.0.10"), warn=False)
    assert eventually(dropped, True, 5)


@pytest.mark.parametrize("eid", ["10.1.0.9", "2001:db8:1::9"])
def test_T_241_an_alt_router_passes_on_nothing_but_map_requests(tgen, wire, eid):
    "xtr3 to alt2 by way of alt1: dropped there, between the tunnels."
    name = "not-an-alt-datagram"

    def passed_on():
        return drops(tgen.net["alt2"]).get(name, 0)

    def stopped():
        return dataplane_counters(tgen.net["alt1"]).get(name, 0)

    before, there = stopped(), passed_on()
    pings = inside(f"ping -n -c 3 -i 0.1 -W 1 {eid}")
    tgen.net["xtr3"].cmd_status(pings, warn=False)
    assert eventually(lambda: stopped() >= before + 3, True, 15)
    assert passed_on() == there


# By a raw socket: where the ALT is a VRF device the port may be taken.
SEND = """
import socket, struct
six = ":" in "{eid}"
sender = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW, 17)
if six:
    sender.setsockopt(socket.IPPROTO_IPV6, 7, 6)  # IPV6_CHECKSUM
message = bytes.fromhex("{message}")
header = struct.pack(">4H", {port}, 4342, 8 + len(message), 0)
sender.sendto(header + message, ("{eid}", 0))
"""


@pytest.mark.parametrize("eid", ["10.1.0.9", "2001:db8:1::9"])
def test_T_053_T_224_a_datagram_from_the_data_port_is_none_of_the_alt(tgen, wire, eid):
    "xtr3 to alt2, whose ETR would get it in an ECM with that port inside."
    dropped = lambda: drops(tgen.net["alt2"]).get("not-an-alt-datagram", 0)
    before = dropped()
    message = lispmsg.map_request(eid, "192.0.2.30", 98).hex()
    for port in (4341, 50000):
        program = SEND.format(eid=eid, message=message, port=port)
        tgen.net["xtr3"].cmd_raises(inside(f"/usr/bin/python3 -c '{program}'"))
        assert eventually(dropped, before + 1, 5) == before + 1


@pytest.mark.parametrize("eid", ["10.1.0.9", "2001:db8:1::9"])
def test_T_240_an_alt_router_passes_on_no_probe_smr_or_map_reply(tgen, wire, eid):
    "xtr3 to alt2 by way of alt1, on port 4342."
    name = "not-an-alt-datagram"
    messages = [
        lispmsg.map_request(eid, "192.0.2.30", 97, flags=0x02),
        lispmsg.map_request(eid, "192.0.2.30", 97, flags=0x01),
        lispmsg.map_reply(f"{eid}/{128 if ':' in eid else 32}", "192.0.2.30", 97),
    ]
    stopped = lambda: dataplane_counters(tgen.net["alt1"]).get(name, 0)
    before, there = stopped(), drops(tgen.net["alt2"]).get(name, 0)
    for message in messages:
        program = SEND.format(eid=eid, message=message.hex(), port=50000)
        tgen.net["xtr3"].cmd_raises(inside(f"/usr/bin/python3 -c '{program}'"))
    assert eventually(lambda: stopped() >= before + 3, True, 15)
    assert drops(tgen.net["alt2"]).get(name, 0) == there


@pytest.mark.parametrize("eid", ["10.99.0.9", "2001:db8:99::9"])
def test_T_245_what_the_alt_has_no_route_for_stays_off_the_underlay(tgen, wire, eid):
    "xtr3 thinks that alt1 has one: it goes there inside GRE, and no further."
    xtr3 = tgen.net["xtr3"]
    message = lispmsg.map_request(eid, "192.0.2.30", 99).hex()
    where = "" if alt_vrf_kind() == "netns" else "vrf ALT"
    enter = inside("") if alt_vrf_kind() == "netns" else ""
    xtr3.cmd_raises(f"{enter} ip route add {where} {eid} dev gre1")
    path = os.path.join(tgen.logdir, f"leak-{eid.replace(':', '.')}.pcap")
    with lispwire.Capture(tgen.net["core"], path) as capture:
        program = SEND.format(eid=eid, message=message, port=50000)
        xtr3.cmd_raises(inside(f"/usr/bin/python3 -c '{program}'"))
        # An ITR on the ALT asks for what is not there even less.
        tgen.net["h3"].cmd_status(["ping", "-n", "-c", "1", "-W", "1", eid], warn=False)
        capture.settle()
    xtr3.cmd_raises(f"{enter} ip route del {where} {eid} dev gre1")
    asked = [packet for packet in capture.packets if eid in packet.eids]
    assert asked and all(packet.in_gre for packet in asked)


def test_a_vrf_devices_table_ends_before_the_underlays(tgen):
    if alt_vrf_kind() == "netns":
        pytest.skip("a namespace has no other table to fall back to")
    for version in ("-4", "-6"):
        shown = tgen.net["alt1"].cmd_raises(f"ip {version} route show vrf ALT type unreachable")
        assert "default" in shown and f"metric {GUARD_METRIC}" in shown


def test_after_the_first_packet_the_kernel_works_alone(tgen, wire):
    h1, xtr1 = tgen.net["h1"], tgen.net["xtr1"]
    fast, slow = fast_and_slow(xtr1)
    assert ping(h1, "10.2.0.10", count=100, interval=0.005) == 100
    now_fast, now_slow = fast_and_slow(xtr1)
    assert now_fast >= fast + 100
    assert now_slow == slow


def test_counters_of_a_mapping_and_its_locators(tgen, wire):
    def counted():
        shown = vtysh_json(tgen.net["xtr1"], "show lisp map-cache json") or {}
        for entry in shown.get("mappings", []):
            if entry["eid"] == PREFIXES[4][1]:
                return entry["packetsOut"], [
                    (locator["packetsOut"], locator["packetsIn"])
                    for locator in entry["locators"]
                ]
        return 0, []

    vtysh(tgen.net["xtr1"], "clear lisp map-cache")
    assert ping(tgen.net["h1"], "10.2.0.10", count=7) == 7
    assert eventually(lambda: counted()[0], 7, 15) == 7
    (out, back), (spare, _) = counted()[1]
    assert out >= 7 and back >= 7 and spare == 0


def test_counters_of_a_tunnel(tgen, wire):
    def tunnels():
        shown = vtysh_json(tgen.net["alt1"], "show lisp alt json") or {}
        return {tunnel.pop("name"): tunnel for tunnel in shown.get("tunnels", [])}

    before = tunnels()
    asked = inside("ping -n -c 5 -i 0.05 -s 500 -W 1 240.0.254.2")
    tgen.net["alt1"].cmd_raises(asked)

    def counted():
        now = tunnels()["gre1"]
        return all(
            now[f"packets{way}"] >= before["gre1"][f"packets{way}"] + 5
            and now[f"bytes{way}"] >= before["gre1"][f"bytes{way}"] + 5 * 528
            for way in ("In", "Out")
        )

    assert eventually(counted, True, 15)


@pytest.mark.parametrize(
    "what", "map-cache database site service statistics alt dataplane".split()
)
def test_every_show_command_has_json(tgen, wire, what):
    for name in ("xtr1", "xtr2", "xtr3", "alt1", "alt2"):
        assert vtysh_json(tgen.net[name], f"show lisp {what} json") is not None, name


@pytest.mark.parametrize("secret", ["the-lab-secret-of-site-1", "the-lab-secret-of-site-2"])
def test_no_show_command_prints_a_secret(tgen, wire, secret):
    for name in ("xtr1", "xtr2", "alt2"):
        node = tgen.net[name]
        for what in ("service", "site", "statistics", "database"):
            assert secret not in vtysh(node, f"show lisp {what}")
        assert secret not in vtysh(node, "show running-config")


def test_lig_answers(tgen, wire):
    out = vtysh(tgen.net["xtr1"], "lig 10.3.0.10")
    assert "Received map-reply from 192.0.2.30 with rtt" in out
    assert "10.3.0.0/24" in out


CAP_NET_ADMIN, CAP_SYS_ADMIN = 12, 21


def test_lispd_cannot_write_to_the_kernel(tgen, wire):
    "What it needs there the dataplane makes: device, routes, settings, tunnels."
    for name in ("xtr1", "alt1", "xtr3"):
        status = tgen.net[name].cmd_raises("cat /proc/$(cat /var/run/frr/lispd.pid)/status")
        fields = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
        assert fields["Uid"].split()[1] != "0"
        permitted = int(fields["CapPrm"], 16)
        assert not permitted & (1 << CAP_NET_ADMIN | 1 << CAP_SYS_ADMIN), name


def alt_device(node):
    "ifindex of each TUN device in a node's ALT."
    links = node.cmd_raises(inside("ip -o link"))
    return [int(line.split(":")[0]) for line in links.splitlines() if ": lispalt" in line]


def test_the_alts_device_is_made_anew_when_somebody_deletes_it(tgen, wire):
    alt1, xtr3 = tgen.net["alt1"], tgen.net["xtr3"]
    (before,) = alt_device(xtr3)
    xtr3.cmd_raises(inside("ip link del lispalt0"))
    assert eventually(lambda: len(alt_device(xtr3)), 1, 10) == 1
    assert alt_device(xtr3) != [before]
    assert eventually(lambda: PREFIXES[4][2] in alt_bgp_routes(alt1, 4))
    vtysh(tgen.net["xtr1"], "clear lisp map-cache")
    assert eventually(lambda: ping(tgen.net["h1"], "10.3.0.10", wait=1), 1, 10) == 1


def test_a_killed_lispd_finds_its_alts_device_again(tgen, wire):
    alt1, xtr3 = tgen.net["alt1"], tgen.net["xtr3"]
    before = alt_device(xtr3)
    kill(xtr3, "lispd")
    assert eventually(lambda: PREFIXES[4][2] in alt_bgp_routes(alt1, 4), False) is False
    assert alt_device(xtr3) == before
    xtr3.startRouterDaemons(["lispd"])
    assert eventually(lambda: PREFIXES[4][2] in alt_bgp_routes(alt1, 4))
    assert alt_device(xtr3) == before


def test_T_235_T_237_withdrawn_registration_leaves_the_alt(tgen, wire):
    "Half a minute later it is out of reach, whatever may be around it."
    prefix = "10.1.0.0/24"
    alt1, xtr3 = tgen.net["alt1"], tgen.net["xtr3"]
    configure(tgen.net["xtr1"], "router lisp", f"no database-mapping {prefix}")
    assert eventually(lambda: prefix in alt_bgp_routes(alt1, 4), False) is False

    def answer():
        lig = ["vtysh", "-c", "lig 10.1.0.10 to 192.0.2.40 count 1"]
        said = xtr3.cmd_status(lig, warn=False)[1]
        return [word for word in (prefix, "natively-forward") if word in said]

    assert answer() == []
    assert eventually(answer, [prefix, "natively-forward"], 45) == [prefix, "natively-forward"]
    configure(
        tgen.net["xtr1"], "router lisp", f"database-mapping {prefix} locator-set RL"
    )
    assert eventually(lambda: prefix in alt_bgp_routes(alt1, 4))


def test_T_235_a_prefix_withdrawn_while_the_device_is_down_stays_away(tgen):
    alt1, xtr3 = tgen.net["alt1"], tgen.net["xtr3"]
    gone, left = PREFIXES[4][2], PREFIXES[6][2]
    device = inside("ip link set lispalt0")
    xtr3.cmd_raises(f"{device} down")
    assert eventually(lambda: left in alt_bgp_routes(alt1, 6), False) is False
    configure(xtr3, "router lisp", f"no database-mapping {gone}")
    xtr3.cmd_raises(f"{device} up")
    assert eventually(lambda: left in alt_bgp_routes(alt1, 6))
    assert gone not in (vtysh_json(xtr3, "show ip route vrf ALT lisp json") or {})
    assert gone not in alt_bgp_routes(alt1, 4)
    configure(xtr3, "router lisp", f"database-mapping {gone} locator-set RL")
    assert eventually(lambda: gone in alt_bgp_routes(alt1, 4))


def test_an_aggregate_is_in_the_alt_while_it_has_a_registration(tgen):
    "RFC 6836 section 4.2"
    alt1, alt2, xtr2 = (tgen.net[name] for name in ("alt1", "alt2", "xtr2"))
    aggregate, inner = "10.20.0.0/16", "10.20.1.0/24"

    def there():
        return {aggregate, inner} & alt_prefixes(alt1)

    more = f"eid-prefix {aggregate} accept-more-specifics"
    configure(alt2, "router lisp", "site S2", more)
    assert there() == set()
    configure(xtr2, "router lisp", f"database-mapping {inner} locator-set RL")
    assert eventually(there, {aggregate, inner}) == {aggregate, inner}
    configure(xtr2, "router lisp", f"no database-mapping {inner}")
    assert eventually(there, set()) == set()
    configure(alt2, "router lisp", "site S2", f"no {more}")


def test_what_another_map_server_has_is_its_own_to_answer(tgen):
    "Its prefix, learned by BGP, is longer than our site's, and in no hole of ours."
    alt1, alt2, core = (tgen.net[name] for name in ("alt1", "alt2", "core"))
    ours, theirs = "10.20.0.0/16", "10.20.7.0/24"
    bgp = ("router bgp 2147483671 vrf ALT", "address-family ipv4 unicast")

    def ask(eid):
        request = lispmsg.map_request(eid, "192.0.2.51", 77)
        wrapped = lispmsg.ecm("192.0.2.51", eid, request)
        return messages.reply(lispmsg.exchange(core, "192.0.2.50", wrapped))

    def onto_alt():
        events = vtysh_json(alt2, "show lisp statistics json")["events"]
        return events["map-requests-sent-on-alt"]

    configure(alt2, "router lisp", "ipv4 map-resolver")
    configure(alt2, "router lisp", "site S2", f"eid-prefix {ours} accept-more-specifics")
    configure(alt1, f"ip route {theirs} blackhole vrf ALT")
    configure(alt1, *bgp, "redistribute static")
    try:
        assert eventually(lambda: theirs in alt_bgp_routes(alt2, 4))
        assert eventually(lambda: ask("10.20.6.1"))
        (hole,) = [ipaddress.ip_network(record.prefix) for record in ask("10.20.6.1")[1]]
        assert ipaddress.ip_address("10.20.6.1") in hole
        assert not hole.overlaps(ipaddress.ip_network(theirs))
        before = onto_alt()
        assert ask("10.20.7.1") is None
        assert onto_alt() == before + 1
    finally:
        configure(alt1, *bgp, "no redistribute static")
        configure(alt1, f"no ip route {theirs} blackhole vrf ALT")
        configure(alt2, "router lisp", "site S2", f"no eid-prefix {ours}")
        configure(alt2, "router lisp", "no ipv4 map-resolver")


def test_T_248_an_itr_that_the_alt_does_not_answer_asks_its_map_resolver(tgen):
    "RFC 9301 section 8.1. alt1 has a route for the EID-prefix that leads nowhere."
    alt1, xtr3 = tgen.net["alt1"], tgen.net["xtr3"]
    prefix, eid = "10.21.0.0/24", "10.21.0.1"
    bgp = ("router bgp 2147483671 vrf ALT", "address-family ipv4 unicast")
    resolver = "ipv4 itr map-resolver 192.0.2.40"
    configure(alt1, f"ip route {prefix} blackhole vrf ALT")
    configure(alt1, *bgp, "redistribute static")
    configure(xtr3, "router lisp", resolver)
    path = os.path.join(tgen.logdir, "way-back.pcap")
    try:
        assert eventually(lambda: prefix in alt_bgp_routes(xtr3, 4))
        with lispwire.Capture(tgen.net["core"], path) as capture:
            ping(tgen.net["h3"], eid, wait=0.1)

            def ways():
                asked = [p for p in capture.settle() if p.kind == "Map-Request" and eid in p.eids]
                own = [p for p in asked if p.source == "192.0.2.30"]
                return [(packet.in_gre, packet.in_ecm) for packet in own]

            expected = [(True, False)] * 3 + [(False, True)]
            assert eventually(lambda: ways()[:4], expected, 15) == expected
    finally:
        configure(xtr3, "router lisp", f"no {resolver}")
        configure(alt1, *bgp, "no redistribute static")
        configure(alt1, f"no ip route {prefix} blackhole vrf ALT")
        vtysh(xtr3, f"clear lisp map-cache {prefix}")


def test_an_alt_that_is_down_says_nothing_of_other_instances(tgen):
    "Their EIDs are on no ALT: what alt2 has registered is all there is."
    alt2, core = tgen.net["alt2"], tgen.net["core"]

    def ask(iid):
        request = lispmsg.map_request("10.99.0.1", "192.0.2.51", 78, iid=iid)
        wrapped = lispmsg.ecm("192.0.2.51", "10.99.0.1", request)
        return messages.reply(lispmsg.exchange(core, "192.0.2.50", wrapped, 0.5))

    up = lambda: vtysh_json(alt2, "show lisp alt json")["vrfs"][0]["up"]
    device = inside("ip link set lispalt0")
    alt2.cmd_raises(f"{device} down")
    try:
        assert eventually(up, False) is False
        before = drops(alt2).get("alt-not-ready", 0)
        assert ask(None) is None
        assert drops(alt2).get("alt-not-ready", 0) == before + 1
        (record,) = ask(5)[1]
        assert (record.locators, record.action, record.ttl) == ((), 1, 15)
    finally:
        alt2.cmd_raises(f"{device} up")
        assert eventually(up)


def test_zebra_of_an_alt_router_dies_and_returns(tgen):
    "As watchfrr does it: bgpd starts anew with zebra, mgmtd has the rest."
    alt1, xtr1 = tgen.net["alt1"], tgen.net["xtr1"]
    restart_at_once(alt1, "zebra", "bgpd")
    alt1.cmd_raises("vtysh -b")
    everything = set(PREFIXES[4] + PREFIXES[6])

    def known():
        routes = alt_bgp_routes(alt1, 4) | alt_bgp_routes(alt1, 6)
        return everything <= routes and everything <= alt_prefixes(alt1)

    assert eventually(known, True, 60)
    vtysh(xtr1, "clear lisp map-cache")
    for target in ("10.3.0.10", "2001:db8:3::10"):
        assert eventually(lambda: ping(tgen.net["h1"], target, wait=1), 1, 10) == 1
    assert len(alt_device(alt1)) == 1


def test_a_map_servers_restart_makes_no_hole(tgen):
    h1, xtr1, xtr2 = (tgen.net[name] for name in ("h1", "xtr1", "xtr2"))
    alt1, alt2 = tgen.net["alt1"], tgen.net["alt2"]
    prefix = PREFIXES[4][1]
    assert eventually(lambda: prefix in alt_prefixes(alt1))
    kill(alt2, "lispd")
    assert eventually(lambda: prefix in alt_prefixes(alt1), False) is False
    vtysh(xtr1, "clear lisp map-cache")
    before = drops(alt1).get("alt-not-ready", 0)
    # What never was there is a hole once BGP rests, and has not in it what is lost.
    lig = ["vtysh", "-c", "lig 10.2.128.1 count 1"]
    assert eventually(lambda: "10.2.128.0/17" in xtr1.cmd_status(lig, warn=False)[1])
    assert ping(h1, "10.2.0.10", wait=1) == 0
    assert drops(alt1).get("alt-not-ready", 0) > before
    assert "natively-forward" not in vtysh(xtr1, "show lisp map-cache")
    alt2.startRouterDaemons(["lispd"])
    # Else the next registrations come within a minute.
    for site, xtr in enumerate((xtr1, xtr2)):
        mapping = f"database-mapping {PREFIXES[4][site]}"
        configure(xtr, "router lisp", f"no {mapping}")
        configure(xtr, "router lisp", f"{mapping} locator-set RL")
    assert eventually(lambda: set(PREFIXES[4][:2]) <= registered(alt2))
    assert eventually(lambda: ping(h1, "10.2.0.10", wait=1), 1, 10) == 1


def test_a_cut_link_costs_less_than_a_second(tgen, wire):
    h1, xtr2 = tgen.net["h1"], tgen.net["xtr2"]
    assert eventually(lambda: ping(h1, "10.2.0.10", wait=1), 1) == 1
    stream = h1.popen(
        ["ping", "-n", "-c", f"{300 * SLOW}", "-i", "0.01", "-W", "2", "10.2.0.10"],
        encoding="ascii",
    )
    # The first answer says that the stream flows.
    for line in stream.stdout:
        if "icmp_seq=50 " in line:
            break
    xtr2.cmd_raises("ip link set eth1 down")
    out, _ = stream.communicate(timeout=60 * SLOW)
    xtr2.cmd_raises("ip link set eth1 up")
    received = int(out.split(" received")[0].split()[-1])
    assert 300 * SLOW - received < 100 * SLOW


def left_by_lisp(node, alt):
    "What lispd and the plugin made and is still in a node's kernel."
    links = node.cmd_raises("ip -o link" + (f"; {inside('ip -o link')}" if alt else ""))
    rules = node.cmd_raises("ip rule; ip -6 rule")
    filters = node.cmd_raises("tc filter show dev eth1 ingress 2>/dev/null; true")
    pins = node.cmd_raises("find /sys/fs/bpf -mindepth 1 ! -name *.debug")
    unreachable = node.cmd_raises("ip route show table all; ip -6 route show table all")
    return [
        what
        for what, seen in (
            ("device", "lisp" in links),
            ("tunnel", " gre1" in links or " gre2" in links),
            ("rule", "4342" in rules or "4341" in rules),
            ("filter", "bpf" in filters),
            ("pin", bool(pins.strip())),
            ("unreachable default", GUARD_METRIC in unreachable),
        )
        if seen
    ]


@pytest.mark.parametrize("name", ["xtr3", "alt1"])
def test_frr_reload_of_what_runs_changes_nothing(tgen, name):
    node = tgen.net[name]
    ran = vtysh(node, "show running-config")
    node.cmd_raises("cat > /tmp/runs.conf", stdin=ran[ran.index("frr version") :])
    reload = "/usr/bin/python3 /usr/lib/frr/frr-reload.py"
    assert node.cmd_raises(f"{reload} --test /tmp/runs.conf").strip() == ""
    node.cmd_raises(f"{reload} --reload /tmp/runs.conf")
    assert vtysh(node, "show running-config") == ran


def test_an_alts_vrf_is_deleted_and_made_again(tgen):
    xtr3 = tgen.net["xtr3"]
    netns = alt_vrf_kind() == "netns"
    alive = xtr3.cmd_raises("cat /var/run/frr/zebra.pid")

    def up():
        return [one["up"] for one in vtysh_json(xtr3, "show lisp alt json")["vrfs"]]

    assert eventually(up, [True] * 2) == [True] * 2
    xtr3.cmd_raises("ip netns del ALT" if netns else "ip link del ALT")
    assert eventually(up, [False] * 2) == [False] * 2
    make_alt(xtr3)
    assert eventually(up, [True] * 2) == [True] * 2
    assert len(alt_device(xtr3)) == 1
    assert xtr3.cmd_raises(f"kill -0 {alive}") == ""


@pytest.mark.parametrize("name", ["xtr1", "alt1"])
def test_no_router_lisp_removes_everything_it_made(tgen, name):
    node, alt = tgen.net[name], name in TOPOLOGY.alt
    assert left_by_lisp(node, alt)
    configure(node, "no router lisp")
    assert eventually(lambda: left_by_lisp(node, alt), [], 10) == []


def test_what_was_killed_with_tunnels_is_swept_by_the_next_start(tgen):
    node = tgen.net["xtr3"]
    node.cmd_raises("sed -i '/^router lisp/,/^exit/d' /etc/frr/frr.conf")
    kill(node, "lispd", "zebra", "staticd", "mgmtd")
    node.startRouterDaemons(["mgmtd", "zebra", "staticd", "lispd"])
    node.cmd_raises("vtysh -b")
    # lispd waits up to 30 s for what might still be wanted.
    assert eventually(lambda: left_by_lisp(node, True), [], 60) == []
