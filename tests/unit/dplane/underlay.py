# SPDX-License-Identifier: GPL-2.0-or-later
"""
What the way between the two sites does: firewalls and IPsec, ICMP errors, interfaces that cut
and merge, routes. Run as forwarding.py is.
"""

import re
import subprocess
import time

import mapping_socket as ms
import pytest
from beds import fixture_bed, testbed, use  # the fixtures: used by name
from testbed import sh, wait_for


def inside(node, commands):
    for command in commands:
        sh(f"ip netns exec {node} {command}")


NFT = (
    "nft add table ip t",
    "nft 'add chain ip t c {{ type filter hook {hook} priority 0; policy {policy}; }}'",
)
NFT_END = ("nft delete table ip t",)
PORT = "-p udp --dport 4341 -j DROP"
XFRM = "ip xfrm policy add dst 192.0.2.2/32 proto udp dport 4341 action block"
XFRM_END = ("ip xfrm policy deleteall",)


def nft(hook, *rules, policy="accept"):
    table = [line.format(hook=hook, policy=policy) for line in NFT]
    return [*table, *(f"nft 'add rule ip t c {rule}'" for rule in rules)]


@pytest.mark.parametrize(
    "where, begin, end",
    [
        ("xA", nft("output", "udp dport 4341 drop"), NFT_END),
        ("xA", nft("postrouting", "ip daddr 192.0.2.2 meta mark 0 drop"), NFT_END),
        ("xB", nft("input", "tcp dport 22 accept", policy="drop"), NFT_END),
        ("xB", nft("prerouting", "ip saddr 192.0.2.1 drop"), NFT_END),
        ("xA", [f"iptables -A OUTPUT {PORT}"], ["iptables -F"]),
        ("xB", [f"iptables -N X && ip netns exec xB iptables -A X {PORT}",
                "iptables -A INPUT -j X"], ["iptables -F"]),
        ("xA", [f"iptables-legacy -A OUTPUT {PORT}"], ["iptables-legacy -F"]),
        ("xB", [f"iptables-legacy -A INPUT {PORT}"], ["iptables-legacy -F"]),
        ("xA", [XFRM + " dir out"], XFRM_END),
        ("xB", [XFRM + " dir in"], XFRM_END),
    ],
    ids=["nft output", "nft postrouting", "nft policy", "nft prerouting", "iptables output",
         "iptables chain", "legacy output", "legacy input", "xfrm out", "xfrm in"],
)
def test_a_firewall_and_ipsec_hold_for_lisp_packets(bed, where, begin, end):
    use(bed, 1)
    client = (bed.a if where == "xA" else bed.b).client
    assert bed.ping() == 3 and client.slow() == ""
    inside(where, begin)
    try:
        wait_for(lambda: bed.ping(count=1, wait=0.2) == 0)
        assert bed.ping(count=3, wait=0.2) == 0
        assert ("not " in client.slow()) == bed.fast
    finally:
        inside(where, end)
    wait_for(lambda: client.slow() == "")
    bed.a.clear()
    assert bed.ping() == 3
    assert bed.a.counters().get("encap-ipv4-rloc", 0) == (3 if bed.fast else 0)


PASSES = [
    *nft(
        "input",
        "ct state established accept",
        "udp dport 4341 counter accept",
        "udp dport 4342 drop",
        policy="drop",
    ),
    "nft 'add chain ip t o { type filter hook output priority 0; policy drop; }'",
    "nft 'add chain ip t mine'",
    "nft 'add rule ip t o meta l4proto tcp drop'",
    "nft 'add rule ip t o ip saddr != 192.0.2.0/24 drop'",
    "nft 'add rule ip t o jump mine'",
    "nft 'add rule ip t o accept'",
    "nft 'add rule ip t mine udp dport 53 drop'",
    "ip xfrm policy add src 198.51.100.0/24 dst 192.0.2.2/32 dir out action block",
    "ip xfrm policy add dst 192.0.2.2/32 proto tcp dir out action block",
]


def test_a_firewall_that_lets_lisp_packets_pass_costs_no_fast_path(bed):
    use(bed, 1)
    inside("xA", PASSES)
    try:
        sh("ip netns exec xA nft add rule ip t mine udp dport 4341 drop")
        wait_for(lambda: bed.ping(count=1, wait=0.2) == 0)
        sh("ip netns exec xA nft flush chain ip t mine")
        wait_for(lambda: bed.a.client.slow() == "" and bed.ping(count=1, wait=0.2))
        bed.a.clear()
        assert bed.ping() == 3
        assert bed.a.counters().get("encap-ipv4-rloc", 0) == (3 if bed.fast else 0)
    finally:
        inside("xA", [*NFT_END, *XFRM_END])


def test_the_option_bypass_takes_the_fast_path_all_the_same(bed):
    if not bed.fast:
        pytest.skip("there is no fast path")
    bed.a.stop()
    bed.a.options = "bypass"
    try:
        bed.a.start()
        bed.a.connect()
        bed.a.replay(1)
        bed.b.client.apply(*bed.b.mappings(1))
        inside("xA", nft("output", "udp dport 4341 drop"))
        bed.a.clear()
        assert bed.ping() == 3
        assert bed.a.client.slow() == ""
        assert bed.a.counters()["encap-ipv4-rloc"] == 3
    finally:
        sh("ip netns exec xA nft delete table ip t", check=False)
        bed.a.stop()
        bed.a.options = ""
        bed.a.start()
        bed.a.connect()
        bed.a.replay()


TOO_BIG = """
import socket, struct
def csum(data):
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff
outer = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 1500, 0, 0x4000, 60, 17, 0,
    socket.inet_aton('192.0.2.1'), socket.inet_aton('{to}'))
icmp = struct.pack('>BBHHH', 3, 4, 0, 0, {mtu}) + outer + struct.pack('>HHHH', 0xc123, {port}, 1480, 0)
icmp = icmp[:2] + struct.pack('>H', csum(icmp)) + icmp[4:]
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
s.sendto(icmp, ('192.0.2.1', 0))
"""


@pytest.mark.parametrize(
    "to, port, mtu, seen",
    [
        ("192.0.2.2", 4341, 1400, 1364),
        # so that IPv6 inside has its 1280 octets, whoever says what
        ("192.0.2.2", 4341, 0, 1280),
        ("192.0.2.2", 4341, 1500, None),
        ("192.0.2.77", 4341, 1400, None),
        ("192.0.2.2", 53, 1400, None),
    ],
)
def test_315_path_mtu_is_learned_from_icmp(bed, to, port, mtu, seen):
    use(bed, 1)
    assert bed.ping(count=1, size=1300) == 1
    program = TOO_BIG.format(to=to, port=port, mtu=mtu)
    sh(f'ip netns exec xB /usr/bin/python3 -c "{program}"')
    time.sleep(0.2)
    output = sh(
        "ip netns exec hA ping -n -c 2 -W 1 -s 1350 -M do 10.2.0.10", check=False
    )
    told = f"mtu = {seen}" if seen else "mtu"
    assert (told in output.replace("mtu=", "mtu = ")) == bool(seen), output
    sh("ip -n hA route flush cache")
    # another locator with this id begins anew
    bed.a.client.apply(ms.locator(1, "192.0.2.99", "192.0.2.1", 1), bed.a.locator(1))


# As a router on the way: waits for a data packet, and sends an ICMP error that quotes so
# many octets of it, at most.
ON_THE_WAY = """
import socket, struct
family, kind, code, quote = {family}, {kind}, {code}, {quote}
def csum(data):
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
s.bind(('u0', 0))
s.settimeout(10)
print('ready', flush=True)
header = 20 if family == 4 else 40
while True:
    packet = s.recv(2000)
    if packet[0] >> 4 == family and packet[header + 2:header + 4] == struct.pack('>H', 4341):
        break
if family == 4:
    icmp = struct.pack('>BBHI', kind, code, 0, 0) + packet[:quote & ~1]
    icmp = icmp[:2] + struct.pack('>H', csum(icmp)) + icmp[4:]
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    s.sendto(icmp, ('192.0.2.1', 0))
else:
    icmp = struct.pack('>BBHI', kind, code, 0, 0) + packet[:quote]
    s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    s.sendto(icmp, ('2001:db8:f000::1', 0))
"""
TIME = {4: (11, 0), 6: (3, 0)}
SAYS_TIME = {4: "Time to live exceeded", 6: "Time exceeded: Hop limit"}
ROUTER_A = {4: "10.1.0.1", 6: "2001:db8:1::1"}
ROUTER_B = {4: "10.2.0.1", 6: "2001:db8:2::1"}
ON_THE_WAY_IS = {4: "192.0.2.2", 6: "2001:db8:f000::2"}


def heard(bed, inner, outer, error, quote, options=""):
    """What hA's ping says while a router on the way answers its packets with this error."""
    kind, code = error
    program = ON_THE_WAY.format(family=outer, kind=kind, code=code, quote=quote)
    way = subprocess.Popen(
        ["ip", "netns", "exec", "xB", "/usr/bin/python3", "-c", program],
        stdout=subprocess.PIPE,
        text=True,
    )
    way.stdout.readline()
    to = "10.2.0.10" if inner == 4 else "2001:db8:2::10"
    said = sh(f"ip netns exec hA ping -n -c 2 -i 0.2 -W 1 {options} {to}", check=False)
    assert way.wait(10) == 0
    return said


@pytest.mark.parametrize("quote", ["all", "least"])
@pytest.mark.parametrize("inner", [4, 6])
@pytest.mark.parametrize("outer", [4, 6])
def test_347_an_error_on_the_way_is_told_to_the_host(bed, outer, inner, quote):
    use(bed, 1 if outer == 4 else 2)
    assert bed.ping(version=inner) == 3
    octets = 500 if quote == "all" else 28 if outer == 4 else 48
    said = heard(bed, inner, outer, TIME[outer], octets, "-t 20")
    by = ON_THE_WAY_IS[outer] if inner == outer else ROUTER_A[inner]
    assert re.search(rf"From {by}:? icmp_seq=1 {SAYS_TIME[inner]}", said), said
    assert bed.a.counters()["icmp-relayed"] == 1


@pytest.mark.parametrize(
    "outer, error, says",
    [
        (4, (3, 0), "Destination Net Unreachable"),
        (4, (3, 1), "Destination Host Unreachable"),
        (4, (3, 3), "Destination Host Unreachable"),
        (4, (3, 13), "Packet filtered"),
        (6, (1, 0), "Destination Net Unreachable"),
        (6, (1, 4), "Destination Host Unreachable"),
        (6, (1, 1), "Packet filtered"),
    ],
)
def test_347_what_is_unreachable_on_the_way_is_told_to_the_host(bed, outer, error, says):
    use(bed, 1 if outer == 4 else 2)
    said = heard(bed, 4, outer, error, 500)
    assert says in said, said


def test_347_an_error_about_a_packet_that_nobody_sent_is_told_to_nobody(bed):
    use(bed, 1)
    assert bed.ping() == 3
    bed.a.clear()
    # the flow's hash is not of this port
    program = ON_THE_WAY.format(family=4, kind=11, code=0, quote=500).replace(
        "packet[:quote & ~1]",
        "(packet[:20] + bytes([packet[20] ^ 1]) + packet[21:])[:quote & ~1]",
    )
    way = subprocess.Popen(
        ["ip", "netns", "exec", "xB", "/usr/bin/python3", "-c", program],
        stdout=subprocess.PIPE,
        text=True,
    )
    way.stdout.readline()
    assert bed.ping() == 3
    assert way.wait(10) == 0
    assert "icmp-relayed" not in bed.a.counters()


def anew(bed, number):
    """Nothing is known of the locator, nor when lispd was told of it last."""
    bed.a.client.apply(ms.locator(number, "2001:db8::99", "2001:db8::98", 1), bed.a.locator(number))
    use(bed, number)


LOST = [(4, (3, code)) for code in (0, 1, 2, 3, 13)] + [(6, (1, code)) for code in (0, 1, 3, 4)]


NO_LISP = [(4, (3, 2)), (4, (3, 3)), (6, (1, 4))]  # protocol, port


@pytest.mark.parametrize("quote", ["all", "least"])
@pytest.mark.parametrize("outer, error", LOST)
def test_110_lispd_hears_of_a_locator_that_packets_do_not_get_to(bed, outer, error, quote):
    "That its host runs no LISP, as it says for a moment when it starts, must be said again."
    anew(bed, 1 if outer == 4 else 2)
    octets = 500 if quote == "all" else 28 if outer == 4 else 48

    def told():
        heard(bed, 4, outer, error, octets)
        bed.a.client.counters()
        return bed.a.client.unreachable

    began = time.monotonic()
    if (outer, error) in NO_LISP:
        assert told() == []
        wait_for(told)
        assert time.monotonic() - began > 0.9
    assert (bed.a.client.unreachable or told()) == [1 if outer == 4 else 2]


def test_110_of_a_packet_that_was_sent_long_ago_lispd_hears_nothing(bed):
    anew(bed, 1)
    program = ON_THE_WAY.format(family=4, kind=3, code=1, quote=500)
    late = program.replace("        break\n", "        break\nimport time\ntime.sleep(6)\n")
    assert late != program
    assert told_of(bed, late) == []
    assert told_of(bed, program) == [1]


def told_of(bed, program):
    """Locators that lispd hears of while a program answers hA's packets on the way."""
    way = subprocess.Popen(
        ["ip", "netns", "exec", "xB", "/usr/bin/python3", "-c", program],
        stdout=subprocess.PIPE,
        text=True,
    )
    way.stdout.readline()
    bed.ping()
    assert way.wait(10) == 0
    bed.a.client.counters()
    return bed.a.client.unreachable


@pytest.mark.parametrize("quote", [500, 28])
def test_110_of_packets_that_nobody_sent_lispd_hears_nothing(bed, quote):
    "A source port that no flow has; and with it, a packet that has not its hash."
    anew(bed, 1)
    assert bed.ping() == 3
    program = ON_THE_WAY.format(family=4, kind=3, code=1, quote=quote).replace(
        "packet[:quote & ~1]",
        "(packet[:20] + bytes([packet[20] ^ 1]) + packet[21:])[:quote & ~1]",
    )
    assert told_of(bed, program) == []


def test_110_that_a_port_is_unreachable_only_its_rloc_can_say(bed):
    anew(bed, 1)
    program = ON_THE_WAY.format(family=4, kind=3, code=3, quote=500)
    other = program.replace("    s.sendto(icmp, ('192", "    s.bind(('198.51.100.2', 0))\n    s.sendto(icmp, ('192")
    assert other != program
    assert told_of(bed, other) == []
    assert told_of(bed, other) == []
    assert told_of(bed, program) == []
    wait_for(lambda: told_of(bed, program) == [1])


@pytest.mark.parametrize("inner", [4, 6])
@pytest.mark.parametrize("outer", [4, 6])
def test_347_the_etr_is_a_hop_of_a_traceroute(bed, outer, inner):
    use(bed, 1 if outer == 4 else 2)
    to = "10.2.0.10" if inner == 4 else "2001:db8:2::10"
    for ttl, by in ((1, ROUTER_A[inner]), (2, ROUTER_B[inner])):
        said = sh(f"ip netns exec hA ping -n -c 1 -W 2 -t {ttl} {to}", check=False)
        assert re.search(rf"From {by}:? icmp_seq=1 {SAYS_TIME[inner]}", said), said
    assert "1 received" in sh(f"ip netns exec hA ping -n -c 1 -W 2 -t 3 {to}")
    assert bed.b.counters()["ttl-exceeded"] == 1


def test_a_packet_for_the_etr_itself_may_have_come_to_its_last_hop(bed):
    use(bed, 1)
    assert "1 received" in sh("ip netns exec hA ping -n -c 1 -W 2 -t 2 10.2.0.1")


def redirects(router):
    lines = [line.split() for line in sh(f"ip netns exec {router} cat /proc/net/snmp").splitlines()]
    names, values = [line for line in lines if line[0] == "Icmp:"]
    for_ipv6 = sh(f"ip netns exec {router} grep Icmp6OutRedirects /proc/net/snmp6").split()[1]
    return int(values[names.index("OutRedirects")]) + int(for_ipv6)


@pytest.mark.parametrize(
    "prefix, to", [("10.2.128.0/20", "10.2.130.1"), ("2001:db8:2:8000::/49", "2001:db8:2:80ff::1")]
)
def test_what_is_unassigned_of_a_local_prefix_is_unreachable(bed, prefix, to):
    version = 6 if ":" in to else 4
    use(bed, 1)
    bed.b.client.apply(ms.local_eid(prefix))
    bed.a.client.apply(ms.mapping(prefix, 7, 1))
    redirected = redirects("xB")
    leak = subprocess.Popen(
        f"ip netns exec xA timeout 30 tcpdump -c1 -n -i u0 dst host {to}".split(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: "listening" in leak.stderr.readline())
        for host in ("hA", "hB"):
            said = sh(f"ip netns exec {host} ping -n -c 1 -W 2 {to}", check=False)
            assert re.search(rf"From {ROUTER_B[version]}:? icmp_seq=1 .*nreachable", said), said
        assert bed.b.counters()["destination-unassigned"] == 2
        assert redirects("xB") == redirected
    finally:
        leak.terminate()
        assert leak.communicate()[0].strip() == ""
        bed.a.client.apply(ms.mapping(prefix, 7, remove=True))
        bed.b.client.apply(ms.local_eid(prefix, remove=True))
    assert prefix not in sh(f"ip -n xB -{version} route")


@pytest.mark.parametrize(
    "prefix, covers, to",
    [
        ("10.1.64.0/20", "10.0.0.0/8", "10.1.66.1"),
        ("2001:db8:1:8000::/49", "2001:db8::/32", "2001:db8:1:80ff::1"),
    ],
)
def test_097_what_is_for_an_eid_of_the_site_is_not_encapsulated(bed, prefix, covers, to):
    "Though the site has no route to it any more, and a mapping of a shorter or the same prefix."
    encapsulated = lambda: sum(n for name, n in bed.a.counters().items() if "encap-ipv4" in name)
    ping = lambda: sh(f"ip netns exec hA ping -n -c 1 -W 0.3 {to}", check=False)
    router = ROUTER_A[6 if ":" in to else 4]
    # the mapping is there before the local prefix, and comes again behind it
    bed.a.client.apply(ms.mapping(covers, 7, 1), ms.mapping(prefix, 8, 1), ms.local_eid(prefix))
    try:
        for _ in range(2):
            assert re.search(rf"From {router}:? icmp_seq=1 .*nreachable", ping())
            bed.a.client.apply(ms.mapping(prefix, 8, 2))
        assert bed.a.counters()["destination-unassigned"] == 2 and not encapsulated()
        source = "2001:db8:1::10" if ":" in to else "10.1.0.10"
        assert bed.a.client.explain(source, to)[0] == "unreachable"
        bed.a.client.apply(ms.mapping(prefix, 8, remove=True))
        assert "nreachable" in ping() and not encapsulated()
        bed.a.client.apply(ms.mapping(prefix, 8, 1), ms.local_eid(prefix, remove=True))
        assert "100% packet loss" in ping() and encapsulated() == 1
    finally:
        bed.a.client.apply(ms.local_eid(prefix, remove=True))
        bed.a.client.apply(*(ms.mapping(each, 0, remove=True) for each in (covers, prefix)))


@pytest.mark.parametrize(
    "rloc_set, prefix, far",
    [(1, "192.0.2.0/24", "203.0.113.2"), (2, "2001:db8:f000::/64", "2001:db8:f00d::2")],
)
def test_what_an_own_rloc_sends_is_no_packet_of_an_eid_that_covers_it(bed, rloc_set, prefix, far):
    "Locators that only the default route leads to; the prefix itself, and the RLOC alone."
    own, ifindex = bed.a.address(rloc_set), bed.a.ifindex("u0")
    host = f"{own}/{128 if ':' in own else 32}"
    use(bed, rloc_set)
    sh(f"ip -n xB addr add {far} dev lo")
    bed.b.client.apply(ms.local_rloc(far, bed.b.ifindex("u0")))
    bed.a.client.apply(ms.locator(rloc_set, far, own, ifindex))
    try:
        for eid in (prefix, host):
            bed.a.client.apply(ms.local_eid(eid))
            assert bed.ping() == 3
            assert bed.a.client.explain("10.1.0.10", "10.2.0.10")[1]["underlay"][0] == "u0"
            bed.a.client.apply(ms.local_eid(eid, remove=True))
        assert f"from {own} lookup" not in sh("ip -n xA rule; ip -n xA -6 rule")
    finally:
        bed.a.client.apply(*(ms.local_eid(eid, remove=True) for eid in (prefix, host)))
        bed.a.client.apply(bed.a.locator(rloc_set))
        bed.b.client.apply(ms.local_rloc(far, 0, remove=True))
        sh(f"ip -n xB addr del {far} dev lo")


def test_a_default_that_leads_into_the_site_is_used_for_local_eids(bed):
    taken = lambda: "iif lisp0 lookup 4342" in sh("ip -n xB rule")
    wait_for(taken)
    sh("ip -n xB route replace default via 10.2.0.10")
    try:
        wait_for(lambda: not taken())
    finally:
        sh("ip -n xB route replace default via 192.0.2.1")
    wait_for(taken)


def test_a_local_prefix_inside_a_route_of_the_site_is_reached_by_that_route(bed):
    use(bed, 1)
    bed.b.client.apply(ms.local_eid("10.2.0.8/29"))
    try:
        assert "1 received" in sh("ip netns exec hA ping -n -c 1 -W 2 10.2.0.10")
    finally:
        bed.b.client.apply(ms.local_eid("10.2.0.8/29", remove=True))


# hA sends numbered datagrams, ten in a packet that is to be cut (UDP_SEGMENT), or one by one.
DATAGRAMS = """
import socket, sys, time
role, address, bundle, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), 1100
family = socket.AF_INET6 if ":" in address else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
def datagram(n):
    return n.to_bytes(4, "big") + bytes([n % 251]) * (size - 4)
if role == "take":
    s.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)  # SO_RCVBUFFORCE
    s.bind((address, 5001))
    s.settimeout(3)
    print("ready", flush=True)
    got = []
    try:
        while len(got) < 1000:
            got.append(s.recv(65536))
    except socket.timeout:
        pass
    print(len(got), sorted(got) == [datagram(n) for n in range(1000)])
else:
    if bundle > 1:
        s.setsockopt(17, 103, size)
    for n in range(0, 1000, bundle):
        s.sendto(b"".join(datagram(n + i) for i in range(bundle)), (address, 5001))
        if n % 20 == 0:
            time.sleep(0.002)
"""


def datagrams(version, bundle):
    """How many of a thousand arrive, and whether as they were sent."""
    to = "10.2.0.10" if version == 4 else "2001:db8:2::10"
    python = ["/usr/bin/python3", "-c", DATAGRAMS]
    taker = subprocess.Popen(
        ["ip", "netns", "exec", "hB", *python, "take", to, str(bundle)],
        stdout=subprocess.PIPE,
        text=True,
    )
    taker.stdout.readline()
    subprocess.run(["ip", "netns", "exec", "hA", *python, "send", to, str(bundle)], check=True)
    return taker.communicate()[0].strip()


def offload(node, device, *words):
    sh(f"ip netns exec {node} ethtool -K {device} {' '.join(words)}")


@pytest.mark.parametrize("cut", ["nobody", "xA's interface", "hA's interface"])
@pytest.mark.parametrize("inner", [4, 6])
@pytest.mark.parametrize("outer", [4, 6])
def test_datagrams_that_are_sent_as_one_arrive_each(bed, outer, inner, cut):
    use(bed, 1 if outer == 4 else 2)
    place = {"xA's interface": ("xA", "u0"), "hA's interface": ("hA", "e0")}.get(cut)
    off = ("tx-udp-segmentation", "off", "tso", "off", "gso", "off")
    on = ("tx-udp-segmentation", "on", "tso", "on", "gso", "on")
    if place:
        offload(*place, *off)
    try:
        assert datagrams(inner, 10) == "1000 True"
    finally:
        if place:
            offload(*place, *on)


@pytest.mark.parametrize("inner", [4, 6])
@pytest.mark.parametrize("outer", [4, 6])
def test_packets_that_the_interface_has_merged_are_taken_one_by_one(bed, outer, inner):
    use(bed, 1 if outer == 4 else 2)
    offload("xB", "u0", "gro", "on", "rx-udp-gro-forwarding", "on")
    try:
        assert datagrams(inner, 1) == "1000 True"
        bed.tcp(inner, 2)
    finally:
        offload("xB", "u0", "gro", "off", "rx-udp-gro-forwarding", "off")


@pytest.mark.parametrize("where", ["xA", "xB"])
@pytest.mark.parametrize("inner", [4, 6])
@pytest.mark.parametrize("outer", [4, 6])
def test_tcp_and_udp_go_with_a_firewall(bed, outer, inner, where):
    use(bed, 1 if outer == 4 else 2)
    family = "ip" if outer == 4 else "ip6"
    hook = "output" if where == "xA" else "input"
    client = (bed.a if where == "xA" else bed.b).client
    rules = nft(hook, "ct state invalid drop", "meta mark 77 drop")
    inside(where, [line.replace(" ip t", f" {family} t") for line in rules])
    try:
        wait_for(lambda: bool(client.slow()) == bed.fast)
        bed.tcp(inner, 2)
        assert datagrams(inner, 10) == "1000 True"
    finally:
        sh(f"ip netns exec {where} nft delete table {family} t")


FLOWS = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(10000, 10200):
    s.sendto(b"x", ("10.2.0.10", port))
"""


def sent_by(device):
    return int(sh(f"ip netns exec xA cat /sys/class/net/{device}/statistics/tx_packets"))


def test_flows_are_spread_over_equal_paths_by_the_outer_ports(bed):
    use(bed, 1)
    # the kernel prefers a path that has the source address for its own
    sh("ip -n xA addr add 203.0.113.9/32 dev lo")
    sh(
        "ip -n xA route add 192.0.2.2/32"
        " nexthop via 192.0.2.2 dev u0 onlink nexthop via 198.51.100.2 dev u1"
    )
    sh("ip netns exec xA sysctl -qw net.ipv4.fib_multipath_hash_policy=1")
    bed.a.client.apply(
        ms.local_rloc("203.0.113.9", 1),
        ms.locator(9, "192.0.2.2", "203.0.113.9", bed.a.ifindex("u0")),
        ms.rloc_set(9, (9, 1, 50)),
        *bed.a.mappings(9),
    )
    try:
        assert bed.ping() == 3
        before = sent_by("u0"), sent_by("u1")
        sh(f"ip netns exec hA /usr/bin/python3 -c '{FLOWS}'")
        # all have to be out: zebra sends them one after the other in the slow path
        sent = lambda: (sent_by("u0") - before[0], sent_by("u1") - before[1])
        wait_for(lambda: sum(sent()) >= 200)
        assert min(sent()) > 60, sent()
    finally:
        sh("ip -n xA route del 192.0.2.2/32")
        sh("ip -n xA addr del 203.0.113.9/32 dev lo")
        sh("ip netns exec xA sysctl -qw net.ipv4.fib_multipath_hash_policy=0")


@pytest.mark.parametrize("outer", [4, 6])
def test_no_packet_leaves_through_a_blackhole(bed, outer):
    use(bed, 1 if outer == 4 else 2)
    assert bed.ping() == 3
    to = bed.a.address(1 if outer == 4 else 2, 2)
    sh(f"ip -n xA route add blackhole {to}")
    try:
        assert bed.ping(wait=0.2) == 0
    finally:
        sh(f"ip -n xA route del blackhole {to}")
    assert bed.ping() == 3


def test_a_policy_table_of_the_underlay_is_used(bed):
    use(bed, 1)
    sh("ip -n xA route add default via 198.51.100.2 table 100")
    sh("ip -n xA rule add pref 5000 lookup 100")
    sh("ip -n xA route add 192.0.2.2/32 via 198.51.100.2 dev u1 table 100")
    try:
        before = sent_by("u1")
        assert bed.ping(count=10, interval=0.02) == 10
        assert sent_by("u1") - before >= 10
    finally:
        sh("ip -n xA rule del pref 5000")
        sh("ip -n xA route flush table 100")
