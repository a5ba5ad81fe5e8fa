# SPDX-License-Identifier: GPL-2.0-or-later
"""
The plugin says what becomes of a packet, and it is what becomes of it. Run as forwarding.py is.
"""

import socket

import mapping_socket as ms
import pytest
from beds import fixture_bed, testbed, use  # the fixtures: used by name
from testbed import sh, wait_for

A, B = "10.1.0.10", "10.2.0.10"
A6, B6 = "2001:db8:1::10", "2001:db8:2::10"
HOSTS = {4: (A, B), 6: (A6, B6)}
OUT = [
    "instance", "source", "destination", "comes-in", "route", "mapping", "locator",
    "underlay", "size", "guard", "path",
]


@pytest.mark.parametrize("inner", [4, 6])
@pytest.mark.parametrize("outer", [1, 2])
def test_each_step_to_another_site_is_told(bed, outer, inner):
    use(bed, outer)
    outcome, steps = bed.a.client.explain(*HOSTS[inner])
    assert list(steps) == OUT and outcome == "encapsulated"
    told = {name: result for name, (result, _) in steps.items()}
    mine = "10.1.0.0/24" if inner == 4 else "2001:db8:1::/64"
    assert told == {
        "instance": "lisp0",
        "source": mine,
        "destination": "none",
        "comes-in": "site",
        "route": "lisp",
        "mapping": mine.replace("10.1", "10.2").replace(":1::", ":2::"),
        "locator": bed.a.address(outer, 2),
        "underlay": "u0",
        "size": "1464" if outer == 1 else "1444",
        "guard": "none",
        "path": "fast" if bed.fast else "slow",
    }
    assert f"dev lisp0, table 4342, by the rule 4342: from {mine}" in steps["route"][1]


def test_the_site_is_where_the_main_table_says_whatever_table_the_underlay_has(bed):
    use(bed, 1)
    sh("ip -n xA route add default via 192.0.2.2 table 100")
    sh("ip -n xA rule add pref 5000 lookup 100")
    try:
        _, steps = bed.a.client.explain(A, B)
        assert steps["comes-in"][0] == "site" and "table 100" in steps["underlay"][1]
    finally:
        sh("ip -n xA rule del pref 5000; ip -n xA route flush table 100")


def inside(command, node="xA"):
    return lambda bed: sh(f"ip netns exec {node} {command}")


def told(*ops):
    return lambda bed: bed.a.client.apply(*ops)


NFT = "nft add table ip t; ip netns exec xA nft"
NFT += " 'add chain ip t c { type filter hook output priority 0; policy drop; }'"
RULE = "; ip netns exec xA nft add rule ip t c "
MAY = NFT + RULE + "ip daddr 192.0.2.9 accept"
REJECTS = NFT.replace("policy drop", "policy accept") + RULE + "udp dport 4341 reject"
NONE = inside("true")
DOWN = {"up": False}
CASES = {
    "better route": (inside("ip route add 10.2.0.0/25 dev u1"),
                     inside("ip route del 10.2.0.0/25"),
                     B, "route", "better-route", "routed"),
    "Null0": (inside("ip route add blackhole 10.2.0.0/16"),
              inside("ip route del blackhole 10.2.0.0/16"),
              B, "route", "blackhole", "dropped"),
    "Null0 of IPv6": (inside("ip route add blackhole 2001:db8:2::/48"),
                      inside("ip route del blackhole 2001:db8:2::/48"),
                      B6, "route", "blackhole", "dropped"),
    "prohibit": (inside("ip route add prohibit 10.2.0.0/16"),
                 inside("ip route del prohibit 10.2.0.0/16"),
                 B, "route", "prohibit", "unreachable"),
    "another's rule": (inside("ip rule add pref 100 to 10.2.0.0/16 lookup 77;"
                              "ip -n xA route add default dev u1 table 77"),
                       inside("ip rule del pref 100"),
                       B, "route", "better-route", "routed"),
    "this router": (NONE, NONE, "192.0.2.1", "route", "local", "delivered"),
    "no forwarding": (inside("sysctl -qw net.ipv4.conf.site.forwarding=0"),
                      inside("sysctl -qw net.ipv4.conf.site.forwarding=1"),
                      B, "forwarding", "off", "dropped"),
    "miss": (told(ms.mapping("10.2.0.0/24", 0, remove=True)), NONE,
             B, "mapping", "miss", "held"),
    "native": (told(ms.mapping("10.2.0.0/24", 1, action=ms.NATIVELY_FORWARD)), NONE,
               B, "route", "native", "natively-forwarded"),
    "drop": (told(ms.mapping("10.2.0.0/24", 1, action=ms.DROP)), NONE,
             B, "mapping", "10.2.0.0/24", "unreachable"),
    "policy": (told(ms.mapping("10.2.0.0/24", 1, action=ms.POLICY_DENIED)), NONE,
               B, "mapping", "10.2.0.0/24", "dropped"),
    "locators down": (lambda bed: bed.a.client.apply(bed.a.locator(1, up=False)),
                      lambda bed: bed.a.client.apply(bed.a.locator(1)),
                      B, "locator", "none", "dropped"),
    "RLOC in Null0": (inside("ip route add blackhole 192.0.2.2/32"),
                      inside("ip route del blackhole 192.0.2.2/32"),
                      B, "underlay", "blackhole", "dropped"),
    "RLOC in LISP": (inside("ip rule add pref 90 from 192.0.2.1 to 192.0.2.2 lookup 4342"),
                     inside("ip rule del pref 90"),
                     B, "underlay", "lisp0", "dropped"),
    "firewall that may drop": (inside(MAY), inside("nft delete table ip t"),
                               B, "guard", "firewall", "encapsulated"),
    "firewall that drops": (inside(NFT), inside("nft delete table ip t"),
                            B, "guard", "firewall", "dropped"),
    "firewall that rejects": (inside(REJECTS), inside("nft delete table ip t"),
                              B, "guard", "firewall", "dropped"),
    "unassigned": (told(ms.local_eid("10.1.64.0/20")),
                   told(ms.local_eid("10.1.64.0/20", remove=True)),
                   "10.1.64.7", "mapping", "unassigned", "unreachable"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_ends_a_packets_way_is_told(bed, case):
    begin, end, to, step, result, outcome = CASES[case]
    use(bed, 1)
    begin(bed)
    try:
        said = lambda: bed.a.client.explain(A6 if ":" in to else A, to)
        wait_for(lambda: said()[1].get(step, [""])[0] == result and said()[0] == outcome)
        assert said()[1]["comes-in"][0] == "site"
        if "firewall" in case:
            assert "chain c" in said()[1]["guard"][1]
            assert said()[1].get("path", ["slow"])[0] == "slow"
            assert ("may drop" in said()[1]["guard"][1]) == (outcome == "encapsulated")
            assert (bed.ping(count=1, wait=0.3) == 0) or outcome == "encapsulated"
    finally:
        end(bed)
    use(bed, 1)
    wait_for(lambda: bed.a.client.explain(A, B)[0] == "encapsulated")


def test_a_route_to_nowhere_is_named_of_tables_that_rules_lead_to(bed):
    use(bed, 1)
    commands = [
        "ip route add blackhole 10.2.0.0/16",
        "ip route add blackhole 10.2.0.0/24 table 79",
        "ip rule add pref 90 from 10.9.0.0/16 lookup 80",
        "ip route add blackhole 10.2.0.0/24 table 80",
    ]
    for command in commands:
        inside(command)(bed)
    try:
        result, text = bed.a.client.explain(A, B)[1]["route"]
        assert result == "blackhole" and text.startswith("blackhole 10.2.0.0/16, table main")
    finally:
        for command in commands:
            inside(command.replace("add", "del"))(bed)


def test_a_route_that_is_missing_is_no_route_of_another_table(bed):
    use(bed, 1)
    inside("ip route add unreachable default table 79")(bed)
    inside("ip rule add pref 90 to 192.0.2.2 unreachable")(bed)
    try:
        result, text = bed.a.client.explain(A, B)[1]["underlay"]
        assert result == "no-route" and "table 79" not in text
    finally:
        inside("ip rule del pref 90")(bed)
        inside("ip route del unreachable default table 79")(bed)


def sent_to(site):
    "Locators that packets went to since the counters were cleared."
    counts = [ms.decode(count) for count in site.client.counters()[1].get(3, [])]
    return {count[1][0] for count in counts if count.get(2, [0])[0]}


def test_the_locator_that_is_told_is_the_one_that_the_flow_takes(bed):
    bed.a.client.apply(ms.rloc_set(4, (1, 1, 50), (3, 1, 50)), *bed.a.mappings(4))
    seen = set()
    for port in range(20000, 20016):
        _, steps = bed.a.client.explain(A, B, socket.IPPROTO_UDP, (port, 7000))
        locator = {bed.a.address(number, 2): number for number in (1, 3)}[steps["locator"][0]]
        bed.a.clear()
        sh(
            "ip netns exec hA python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM);"
            f's.bind(("", {port})); s.sendto(b"x", ("{B}", 7000))\''
        )
        assert wait_for(lambda: sent_to(bed.a)) == {locator}, (port, steps["locator"])
        seen.add(locator)
    assert seen == {1, 3}


def test_a_packet_of_this_router_itself_is_told(bed):
    use(bed, 1)
    outcome, steps = bed.a.client.explain("10.1.0.1", B)
    assert (outcome, steps["comes-in"][0]) == ("encapsulated", "this-router")


@pytest.mark.parametrize("inner", [4, 6])
def test_a_packet_from_another_site_is_told(bed, inner):
    here, there = HOSTS[inner]
    outcome, steps = bed.a.client.explain(there, here)
    assert (outcome, steps["route"][0]) == ("delivered", "site")
    way = "fast" if bed.fast else "slow"
    assert f"192.0.2.1 {way}" in steps["decapsulation"][1]
    bed.a.client.apply(ms.instance(etr4=0, etr6=0))
    try:
        outcome, steps = bed.a.client.explain(there, here)
        assert (outcome, steps["decapsulation"][0]) == ("dropped", "etr-disabled")
    finally:
        bed.a.client.apply(ms.instance())


def test_that_the_firewall_lets_nothing_of_lisp_in_is_told(bed):
    use(bed, 1)
    inside(NFT.replace("output", "input").replace("ip t", "inet t"))(bed)
    try:
        wait_for(lambda: bed.a.client.explain(B, A)[0] == "dropped")
        text = bed.a.client.explain(B, A)[1]["decapsulation"][1]
        for rloc in ("192.0.2.1", "2001:db8:f000::1"):
            assert f"{rloc} dropped (nftables: table inet t, chain c)" in text
    finally:
        inside("nft delete table inet t")(bed)
    wait_for(lambda: bed.a.client.explain(B, A)[0] == "delivered")


def test_what_is_not_of_lisp_is_told(bed):
    assert bed.a.client.explain("203.0.113.1", "203.0.113.2")[0] == "not-lisp"
    assert bed.a.client.explain(A, B, iid=77)[0] == "not-lisp"
    assert bed.a.client.explain(A, B6) == ("unknown", {})
