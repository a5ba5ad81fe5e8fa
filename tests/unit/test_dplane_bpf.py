# SPDX-License-Identifier: GPL-2.0-or-later
"""The fast path alone, packet in and packet out (BPF_PROG_TEST_RUN); no network."""

import collections
import ctypes
import ipaddress
import os
import pathlib
import struct
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "dplane"))

import bpf_object as bpf  # noqa: E402

HERE_RLOC = {4: "192.0.2.1", 6: "2001:db8:f000::1"}
PEER_RLOC = {4: "192.0.2.2", 6: "2001:db8:f000::2"}
HERE_EID = {4: "10.1.0.10", 6: "2001:db8:1::10"}
PEER_EID = {4: "10.2.0.10", 6: "2001:db8:2::10"}
OUTER = {4: 20, 6: 40}
PAIRS = [(outer, inner) for outer in (4, 6) for inner in (4, 6)]
BEST = [0] * 128


def octets(address):
    return ipaddress.ip_address(address).packed


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip4(source, destination, payload, tos=0, ttl=64, protocol=17, fragment=0):
    header = struct.pack(
        ">BBHHHBBH4s4s",
        0x45,
        tos,
        20 + len(payload),
        1,
        fragment,
        ttl,
        protocol,
        0,
        octets(source),
        octets(destination),
    )
    return header[:10] + struct.pack(">H", checksum(header)) + header[12:] + payload


def ip6(source, destination, payload, tos=0, ttl=64, protocol=17):
    first = 6 << 28 | tos << 20
    header = struct.pack(">IHBB", first, len(payload), protocol, ttl)
    return header + octets(source) + octets(destination) + payload


def ip(version, source, destination, payload, **kwargs):
    build = ip4 if version == 4 else ip6
    return build(source[version], destination[version], payload, **kwargs)


def udp(source, destination, payload):
    return struct.pack(">HHHH", source, destination, 8 + len(payload), 0) + payload


def inner_packet(version, port=1000, size=64, here=False, **kwargs):
    """From us to the peer, or (here) the other way."""
    ends = (PEER_EID, HERE_EID) if here else (HERE_EID, PEER_EID)
    return ip(version, *ends, udp(port, 2000, bytes(size)), **kwargs)


def data_packet(outer, inner, header=bytes(8), **kwargs):
    payload = udp(0xC123, 4341, header + inner)
    return ip(outer, PEER_RLOC, HERE_RLOC, payload, **kwargs)


def tos_of(packet):
    if packet[0] >> 4 == 4:
        return packet[1]
    return (packet[0] << 4 | packet[1] >> 4) & 0xFF


def ttl_of(packet):
    return packet[8] if packet[0] >> 4 == 4 else packet[7]


def sound(packet):
    return packet[0] >> 4 == 6 or checksum(packet[:20]) == 0


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    fast = bpf.Object(bpf.compile_object(tmp_path_factory.mktemp("bpf")))
    fast.instance()
    fast.local_eid(octets("10.1.0.0"), 24)
    fast.local_eid(octets("2001:db8:1::"), 64)
    for number, version in ((1, 4), (2, 6)):
        fast.locator(number, octets(PEER_RLOC[version]), octets(HERE_RLOC[version]))
        fast.local_rloc(octets(HERE_RLOC[version]))
        fast.rloc_set(number, [(number, 0, 1)], BEST)
    yield fast
    fast.close()


@pytest.fixture(name="fast")
def fixture_fast(loaded):
    for eid, length in (("10.2.0.0", 24), ("2001:db8:2::", 64)):
        loaded.mapping(octets(eid), length, rloc_set=1)
    loaded.before = collections.Counter(loaded.counts())
    loaded.new_counts = lambda: dict(
        collections.Counter(loaded.counts()) - loaded.before
    )
    return loaded


def encapsulate(fast, outer, packet):
    for eid, length in (("10.2.0.0", 24), ("2001:db8:2::", 64)):
        fast.mapping(octets(eid), length, rloc_set=1 if outer == 4 else 2)
    verdict, out = fast.run("lisp_encap", packet)
    assert verdict == bpf.TC_ACT_REDIRECT
    return out


@pytest.mark.parametrize("outer, inner", PAIRS)
def test_300_301_304_312_encapsulation(fast, outer, inner):
    packet = inner_packet(inner)
    out = encapsulate(fast, outer, packet)
    header = OUTER[outer]
    assert out[header + 16 :] == packet
    assert out[0] >> 4 == outer and sound(out)
    source, destination, length, check = struct.unpack(
        ">HHHH", out[header : header + 8]
    )
    assert source >= 0xC000 and destination == 4341 and check == 0
    assert length == 16 + len(packet)
    assert out[header + 8 : header + 16] == bytes(8)  # 321, 325, 343
    if outer == 4:
        assert struct.unpack(">H", out[6:8])[0] == 0x4000
        assert out[12:20] == octets(HERE_RLOC[4]) + octets(PEER_RLOC[4])
    else:
        assert out[8:40] == octets(HERE_RLOC[6]) + octets(PEER_RLOC[6])
    assert fast.new_counts() == {f"encap-{outer}": 1}


@pytest.mark.parametrize("outer, inner", PAIRS)
@pytest.mark.parametrize("tos", [0, 1, 2, 3, 0xB8, 0xFF])
def test_305_308_309_ttl_and_tos_are_copied_out(fast, outer, inner, tos):
    out = encapsulate(fast, outer, inner_packet(inner, tos=tos, ttl=17))
    assert tos_of(out) == tos
    assert ttl_of(out) == 17


@pytest.mark.parametrize("outer, inner", PAIRS)
def test_decapsulation_gives_the_inner_packet(fast, outer, inner):
    packet = inner_packet(inner, here=True)
    verdict, out = fast.run("lisp_decap", data_packet(outer, packet))
    assert verdict == bpf.TC_ACT_REDIRECT
    assert out == packet
    assert fast.new_counts() == {f"decap-{outer}": 1}


@pytest.mark.parametrize("outer, inner", PAIRS)
def test_what_a_firewall_could_match_is_left_to_user_space(fast, outer, inner):
    rloc_set = 1 if outer == 4 else 2
    ends = octets(PEER_RLOC[outer]), octets(HERE_RLOC[outer])
    for eid, length in (("10.2.0.0", 24), ("2001:db8:2::", 64)):
        fast.mapping(octets(eid), length, rloc_set=rloc_set)
    fast.locator(rloc_set, *ends, slow=1)
    fast.local_rloc(octets(HERE_RLOC[outer]), slow=1)
    for program, packet in (
        ("lisp_encap", inner_packet(inner)),
        ("lisp_decap", data_packet(outer, inner_packet(inner, here=True))),
    ):
        assert fast.run(program, packet) == (bpf.TC_ACT_OK, packet)
    assert fast.new_counts() == {"punt": 1}
    fast.locator(rloc_set, *ends)
    fast.local_rloc(octets(HERE_RLOC[outer]))


ECN = [  # rows: inner 0, 1, 2, 3; columns: outer 0, 1, 2, 3 (RFC 6040 figure 4)
    [0, 0, 0, None],
    [1, 1, 1, 3],
    [2, 1, 2, 3],
    [3, 3, 3, 3],
]


@pytest.mark.parametrize("outer, inner", PAIRS)
@pytest.mark.parametrize("ecn_in", range(4))
@pytest.mark.parametrize("ecn_out", range(4))
def test_310_311_ecn(fast, outer, inner, ecn_in, ecn_out):
    packet = inner_packet(inner, here=True, tos=0x28 | ecn_in)
    verdict, out = fast.run("lisp_decap", data_packet(outer, packet, tos=ecn_out))
    wanted = ECN[ecn_in][ecn_out]
    if wanted is None:
        assert verdict == bpf.TC_ACT_SHOT
        assert fast.new_counts() == {"ecn": 1}
        return
    assert verdict == bpf.TC_ACT_REDIRECT
    assert tos_of(out) == 0x28 | wanted
    assert sound(out)


@pytest.mark.parametrize("outer, inner", PAIRS)
@pytest.mark.parametrize("ttl_out, ttl_in, wanted", [(9, 64, 9), (64, 9, 9), (7, 7, 7)])
def test_306_307_ttl(fast, outer, inner, ttl_out, ttl_in, wanted):
    packet = inner_packet(inner, here=True, ttl=ttl_in)
    verdict, out = fast.run("lisp_decap", data_packet(outer, packet, ttl=ttl_out))
    assert verdict == bpf.TC_ACT_REDIRECT
    assert ttl_of(out) == wanted
    assert sound(out)


def refused(fast, packet, reason):
    verdict, _ = fast.run("lisp_decap", packet)
    assert verdict == bpf.TC_ACT_SHOT
    assert fast.new_counts() == {reason: 1}


def stray(fast, packet, reason):
    """Of those that are not for us user space gets one a second of a place, to tell lispd."""
    fast.forget_strays()
    assert fast.run("lisp_decap", packet) == (bpf.TC_ACT_OK, packet)
    assert fast.new_counts() == {}
    refused(fast, packet, reason)


@pytest.mark.parametrize("outer", [4, 6])
def test_318_destination_not_local(fast, outer):
    stray(fast, data_packet(outer, inner_packet(4)), "no-local-eid")


@pytest.mark.parametrize("outer", [4, 6])
def test_319_instance_id(fast, outer):
    packet = inner_packet(4, here=True)
    stray(fast, data_packet(outer, packet, b"\x08\0\0\0\0\0\x07\0"), "no-instance")
    fast.before += collections.Counter({"no-instance": 1})
    verdict, _ = fast.run("lisp_decap", data_packet(outer, packet, b"\x08" + bytes(7)))
    assert verdict == bpf.TC_ACT_REDIRECT


@pytest.mark.parametrize("known", [True, False])
def test_150_strangers_push_no_sender_out(fast, known):
    """All that sends is noted where there is room: nobody who sent in the last minute goes."""
    packet = inner_packet(4, here=True)
    first = PEER_RLOC[4] if known else "203.0.113.1"
    fast.forget_senders()
    from_ = lambda source: ip4(source, HERE_RLOC[4], udp(0xC123, 4341, bytes(8) + packet))
    others = [f"100.64.{number // 250}.{1 + number % 250}" for number in range(20000)]
    for source in (first, *others):
        assert fast.run("lisp_decap", from_(source))[0] == bpf.TC_ACT_REDIRECT
    senders = fast.senders()
    assert (octets(first), 0, 4) in senders
    assert len(senders) > 7000  # and the room is used

    # who has no mapping here makes way for who has
    if known:
        fast.forget_senders()
        for source in (*others, first):
            fast.run("lisp_decap", from_(source))
        assert (octets(first), 0, 4) in fast.senders()


def test_150_a_sender_that_hashes_alike_is_not_taken_for_another(fast):
    """Two differences in consecutive words that cancel, whatever the seed: who has a mapping stays."""
    packet, known = inner_packet(6, here=True), octets(PEER_RLOC[6])
    words = struct.unpack("<4I", known)
    rotated = lambda word, by: (word << by | word >> (32 - by)) & 0xFFFFFFFF

    def twin():
        # the first word changes one bit of the hash, which the second one turns back
        first, second = 0xCC9E2D51, 0x1B873593
        inverse = [pow(each, -1, 1 << 32) for each in (first, second)]
        unmix = lambda mixed: rotated(mixed * inverse[1] & 0xFFFFFFFF, 17) * inverse[0] & 0xFFFFFFFF
        mix = lambda word: rotated(word * first & 0xFFFFFFFF, 15) * second & 0xFFFFFFFF
        changed = list(words)
        changed[2] = unmix(mix(words[2]) ^ 0x00040000)
        changed[3] = unmix(mix(words[3]) ^ 0x80000000)
        return struct.pack("<4I", *changed)

    other = twin()
    from_ = lambda source: ip6(source, HERE_RLOC[6], udp(0xC123, 4341, bytes(8) + packet))
    text = lambda source: str(ipaddress.ip_address(source))
    fast.forget_senders()
    for source in (other, known):
        assert fast.run("lisp_decap", from_(text(source)))[0] == bpf.TC_ACT_REDIRECT
    assert fast.senders() == {(known, 0, 6)}


@pytest.mark.parametrize("flags", [0x80, 0x40, 0x20, 0x10, 0xE0, 0x90, 0x04])
def test_322_323_324_other_flags_are_ignored(fast, flags):
    packet = inner_packet(4, here=True)
    header = bytes([flags]) + b"\xff" * 7
    verdict, out = fast.run("lisp_decap", data_packet(4, packet, header))
    assert (verdict, out) == (bpf.TC_ACT_REDIRECT, packet)


@pytest.mark.parametrize("key", [1, 2, 3])
def test_345_encrypted_without_a_key(fast, key):
    packet = data_packet(4, inner_packet(4, here=True), bytes([key]) + bytes(7))
    refused(fast, packet, "encrypted")


BAD_INNER = {
    "version": lambda p: b"\x55" + p[1:],
    "header length": lambda p: b"\x44" + p[1:],
    "longer than the payload": lambda p: p[:2] + b"\x05\x00" + p[4:],
    "shorter than its header": lambda p: p[:2] + b"\x00\x10" + p[4:],
    "cut": lambda p: p[:19],
    "nothing": lambda p: b"",
}


@pytest.mark.parametrize("what", BAD_INNER)
def test_bad_inner_packets(fast, what):
    inner = BAD_INNER[what](inner_packet(4, here=True))
    refused(fast, data_packet(4, inner), "bad-inner")


def test_short_lisp_header(fast):
    packet = ip4(PEER_RLOC[4], HERE_RLOC[4], udp(0xC000, 4341, bytes(4)))
    refused(fast, packet, "bad-header")


def test_302_nonzero_checksums_are_accepted(fast):
    packet = data_packet(4, inner_packet(4, here=True))
    packet = packet[:26] + b"\x12\x34" + packet[28:]
    assert fast.run("lisp_decap", packet)[0] == bpf.TC_ACT_REDIRECT


NOT_OURS = {
    "another port": ip4(PEER_RLOC[4], HERE_RLOC[4], udp(0xC000, 4342, bytes(64))),
    "another RLOC": ip4(PEER_RLOC[4], "192.0.2.99", udp(0xC000, 4341, bytes(64))),
    "a fragment": ip4(
        PEER_RLOC[4], HERE_RLOC[4], udp(0xC000, 4341, bytes(64)), fragment=0x2000
    ),
    "not UDP": ip4(PEER_RLOC[4], HERE_RLOC[4], bytes(64), protocol=6),
}


@pytest.mark.parametrize("what", NOT_OURS)
def test_what_is_not_ours_goes_up_the_stack(fast, what):
    verdict, out = fast.run("lisp_decap", NOT_OURS[what])
    assert (verdict, out) == (bpf.TC_ACT_OK, NOT_OURS[what])
    assert fast.new_counts() == {}


def test_a_miss_is_punted_whole(fast):
    packet = ip4("10.1.0.10", "10.9.0.1", udp(1, 2, bytes(64)))
    assert fast.run("lisp_encap", packet) == (bpf.TC_ACT_OK, packet)
    assert fast.new_counts() == {"punt": 1}


def test_too_big_is_punted_whole(fast):
    packet = inner_packet(4, size=1500 - 36 - 28 + 1)
    assert fast.run("lisp_encap", packet) == (bpf.TC_ACT_OK, packet)
    packet = inner_packet(4, size=1500 - 36 - 28)
    assert fast.run("lisp_encap", packet)[0] == bpf.TC_ACT_REDIRECT


def test_source_must_be_a_local_eid(fast):
    packet = ip4("10.7.0.10", "10.2.0.10", udp(1, 2, bytes(64)))
    assert fast.run("lisp_encap", packet)[0] == bpf.TC_ACT_SHOT
    assert fast.new_counts() == {"no-source-eid": 1}


@pytest.mark.parametrize(
    "action, verdict, reason",
    [
        (0, bpf.TC_ACT_SHOT, "no-action"),
        (1, bpf.TC_ACT_OK, "punt"),
        (2, bpf.TC_ACT_OK, "punt"),
        (3, bpf.TC_ACT_OK, "punt"),  # user space answers with ICMP
        (4, bpf.TC_ACT_SHOT, "policy-denied"),
        (5, bpf.TC_ACT_SHOT, "auth-failure"),
    ],
)
def test_negative_mappings(fast, action, verdict, reason):
    fast.mapping(octets("10.8.0.0"), 16, action=action)
    packet = ip4("10.1.0.10", "10.8.0.1", udp(1, 2, bytes(64)))
    assert fast.run("lisp_encap", packet)[0] == verdict
    assert fast.new_counts() == {reason: 1}


def test_more_specific_wins_and_instances_do_not_mix(fast):
    fast.mapping(octets("10.2.0.10"), 32, action=4)
    fast.mapping(octets("10.2.0.11"), 32, action=4, iid=5)
    assert fast.run("lisp_encap", inner_packet(4))[0] == bpf.TC_ACT_SHOT
    other = ip4("10.1.0.10", "10.2.0.11", udp(1, 2, bytes(64)))
    assert fast.run("lisp_encap", other)[0] == bpf.TC_ACT_REDIRECT
    key = fast.eid_key(octets("10.2.0.10"), 32)
    assert fast.lib.bpf_map_delete_elem(fast._fd("lisp_map_cache"), key) == 0


class Member(ctypes.Structure):
    _fields_ = [
        ("locator", ctypes.c_uint32),
        ("priority", ctypes.c_uint8),
        ("weight", ctypes.c_uint8),
    ]


@pytest.fixture(scope="module")
def buckets(tmp_path_factory):
    """lisp_dp_set_build() as the plugin has it: [(locator, priority, weight)] -> set."""
    path = str(tmp_path_factory.mktemp("c") / "buckets.so")
    source = str(HERE.parents[1] / "dplane" / "lisp_dp_buckets.c")
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-I", str(HERE.parents[1])]
        + ["-o", path, source],
        check=True,
    )
    library = ctypes.CDLL(path)

    def build(members):
        out = ctypes.create_string_buffer(4 + 32 * 8 + 128)
        given = (Member * len(members))(*members)
        library.lisp_dp_set_build(out, given, ctypes.c_size_t(len(members)))
        return out.raw

    return build


def write_set(fast, value):
    fast.write("lisp_set", struct.pack("=I", 50), value)
    fast.mapping(octets("10.2.0.0"), 24, rloc_set=50)


def flows(fast, count=10000):
    """How many of so many flows each locator gets, and the ports of these."""
    shares, ports = collections.Counter(), set()
    for flow in range(count):
        packet = ip4("10.1.0.10", "10.2.0.10", udp(flow, 443, b""))
        verdict, out = fast.run("lisp_encap", packet)
        assert verdict == bpf.TC_ACT_REDIRECT
        shares[out[19]] += 1
        ports.add(out[20:22])
    return shares, ports


def test_weights_split_10000_flows(fast, buckets):
    weights = {101: 30, 102: 20, 103: 20, 104: 10}
    for number in weights:
        fast.locator(number, octets(f"192.0.2.{number}"), octets(HERE_RLOC[4]))
    write_set(fast, buckets([(n, 1, w) for n, w in weights.items()]))
    shares, ports = flows(fast)
    for number, weight in weights.items():
        assert abs(shares[number] / 10000 - weight / 80) < 0.02, shares
    assert len(ports) > 5000  # 317: varies across flows

    fast.locator(101, octets("192.0.2.101"), octets(HERE_RLOC[4]), up=False)
    shares, _ = flows(fast)
    for number, weight in ((102, 20), (103, 20), (104, 10)):
        assert abs(shares[number] / 10000 - weight / 50) < 0.02, shares


def test_each_of_32_locators_has_its_flows_and_those_of_all_others(fast, buckets):
    numbers = range(101, 133)
    for number in numbers:
        fast.locator(number, octets(f"192.0.2.{number}"), octets(HERE_RLOC[4]))
    write_set(fast, buckets([(number, 1, 1) for number in numbers]))
    shares, _ = flows(fast, 3200)
    assert set(shares) == set(numbers) and min(shares.values()) > 50, shares
    for number in numbers[:-1]:
        fast.locator(number, octets(f"192.0.2.{number}"), octets(HERE_RLOC[4]), up=False)
    shares, _ = flows(fast, 100)
    assert set(shares) == {132}


def test_317_092_one_flow_keeps_its_port_and_its_locator(fast, buckets):
    for number in (101, 102, 103):
        fast.locator(number, octets(f"192.0.2.{number}"), octets(HERE_RLOC[4]))
    write_set(fast, buckets([(number, 1, 50) for number in (101, 102, 103)]))
    taken = set()
    for port in range(30):
        outs = [
            fast.run("lisp_encap", inner_packet(4, port=port, size=size, ttl=size))[1]
            for size in (1, 50, 200)
        ]
        assert len({out[16:22] for out in outs}) == 1  # RLOC, source port
        taken.add(outs[0][19])
    assert taken == {101, 102, 103}


def test_091_weights_that_are_all_0_are_even(fast, buckets):
    numbers = (101, 102, 103)
    for number in numbers:
        fast.locator(number, octets(f"192.0.2.{number}"), octets(HERE_RLOC[4]))
    write_set(fast, buckets([(number, 1, 0) for number in numbers]))
    shares, _ = flows(fast, 3000)
    assert all(abs(shares[number] / 3000 - 1 / 3) < 0.03 for number in numbers), shares


@pytest.mark.parametrize("version", [4, 6])
def test_093_without_ports_the_addresses_are_the_flow(fast, version):
    """Whatever the protocol, what begins its payload, and the IPv6 flow label."""
    ports = set()
    for protocol in (1, 47, 50, 58):
        for first in (b"ab", b"cd"):
            packet = ip(version, HERE_EID, PEER_EID, first * 20, protocol=protocol)
            if version == 6:
                packet = packet[:2] + first + packet[4:]
            ports.add(encapsulate(fast, 4, packet)[20:22])
    assert len(ports) == 1
    other = {4: "10.2.0.11", 6: "2001:db8:2::11"}
    assert encapsulate(fast, 4, ip(version, HERE_EID, other, bytes(40)))[20:22] not in ports


def test_priorities_and_their_end(fast, buckets):
    for number in (101, 102, 103):
        fast.locator(number, octets(f"192.0.2.{number}"), octets(HERE_RLOC[4]))
    # 101 best, 102 next but with weight 0 beside 103, and one that is never used
    write_set(fast, buckets([(104, 255, 9), (102, 2, 0), (103, 2, 5), (101, 1, 0)]))
    for order in (101, 103, 102):
        assert set(flows(fast, 200)[0]) == {order}
        fast.locator(order, octets(f"192.0.2.{order}"), octets(HERE_RLOC[4]), up=False)
    assert fast.run("lisp_encap", inner_packet(4))[0] == bpf.TC_ACT_SHOT
    assert fast.count("no-locator-up") == fast.before["no-locator-up"] + 1


def test_a_doubtful_locator_carries_packets_only_where_no_other_is_up(fast, buckets):
    def locator(number, **state):
        fast.locator(number, octets(f"192.0.2.{number}"), octets(HERE_RLOC[4]), **state)

    for number in (101, 102, 103):
        locator(number)
    write_set(fast, buckets([(101, 1, 50), (102, 1, 50), (103, 2, 50)]))
    for doubtful, used in ((101, {102}), (102, {103}), (103, {101, 102})):
        locator(doubtful, doubtful=1)
        shares, _ = flows(fast, 200)
        assert set(shares) == used and min(shares.values()) > 50
    locator(101, up=False)
    assert set(flows(fast, 200)[0]) == {102}
    locator(103)
    assert set(flows(fast, 200)[0]) == {103}


@pytest.fixture(name="user_space", scope="module")
def fixture_user_space(tmp_path_factory):
    """The slow path's functions, as the plugin has them."""
    path = str(tmp_path_factory.mktemp("c") / "packet.so")
    source = str(HERE.parents[1] / "dplane" / "lisp_dp_packet.c")
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-I", str(HERE.parents[1])]
        + ["-o", path, source],
        check=True,
    )
    library = ctypes.CDLL(path)
    library.lisp_dp_parse.restype = ctypes.c_bool
    library.lisp_dp_fix_inner.restype = ctypes.c_bool
    return library


@pytest.mark.parametrize("inner", [4, 6])
@pytest.mark.parametrize("ttl", [9, 64])
def test_306_307_310_311_user_space_decapsulates_the_same(fast, user_space, inner, ttl):
    for tos in range(16):
        given = inner_packet(inner, here=True, tos=0x28 | tos & 3, ttl=20)
        verdict, out = fast.run("lisp_decap", data_packet(4, given, tos=tos >> 2, ttl=ttl))
        packet = ctypes.create_string_buffer(given, len(given))
        parsed = ctypes.create_string_buffer(128)
        assert user_space.lisp_dp_parse(packet, ctypes.c_size_t(len(given)), parsed)
        kept = user_space.lisp_dp_fix_inner(packet, parsed, tos >> 2, ttl)
        assert kept == (verdict == bpf.TC_ACT_REDIRECT)
        assert not kept or packet.raw == out


def test_user_space_computes_the_same_flow_hash(fast, user_space):
    """A flow keeps port and locator when its first packet took the slow path."""
    locator = struct.pack(
        "=IHBB16s16s4x",
        1,
        1500,
        4,
        1,
        bpf.packed(octets(PEER_RLOC[4])),
        bpf.packed(octets(HERE_RLOC[4])),
    )
    for inner in (4, 6):
        for port, protocol in ((1, 17), (2, 17), (77, 17), (77, 6), (77, 132), (77, 1), (77, 47)):
            packet = inner_packet(inner, port=port, tos=5, ttl=9, protocol=protocol)
            parsed, outer = ctypes.create_string_buffer(
                128
            ), ctypes.create_string_buffer(56)
            assert user_space.lisp_dp_parse(packet, ctypes.c_size_t(len(packet)), parsed)
            length = user_space.lisp_dp_outer(
                outer, locator, parsed, 0, ctypes.c_size_t(len(packet))
            )
            assert outer.raw[:length] + packet == encapsulate(fast, 4, packet)


def test_needs_no_type_information_of_the_kernel():
    """Portable to any kernel: no CO-RE relocations in the sources."""
    for name in os.listdir(HERE.parents[1] / "dplane" / "bpf"):
        if name.endswith((".c", ".h")):
            text = (HERE.parents[1] / "dplane" / "bpf" / name).read_text(
                encoding="utf8"
            )
            assert "vmlinux.h" not in text and "bpf_core_read" not in text
