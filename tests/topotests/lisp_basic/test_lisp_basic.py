#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two xTRs, one Map-Server and Map-Resolver: registration, resolution, every family of EID
over every family of RLOC, and what becomes of bad configuration and bad messages.
"""

import os
import re
import struct
import time

import pytest
from lib import lispmgmt, lispmsg, lispwire
from lib.lisp import (
    SLOW,
    configure,
    drops,
    eventually,
    lab_fixture,
    ping,
    registered,
    vtysh,
    vtysh_json,
)
from lib.lispstate import as_shown, stopped
from lisp_basic import forms
from lisp_basic.topology import TOPOLOGY
from lisp_map_server import messages

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

# EID family, RLOC family: addresses of h1 and h2.
PAIRS = {
    "4-over-4": ("10.1.0.10", "10.2.0.10", "192.0.2.10", "192.0.2.20"),
    "4-over-6": (
        "10.1.64.10",
        "10.2.64.10",
        "2001:db8:f000:10::10",
        "2001:db8:f000:20::20",
    ),
    "6-over-4": ("2001:db8:1::10", "2001:db8:2::10", "192.0.2.10", "192.0.2.20"),
    "6-over-6": (
        "2001:db8:1:64::10",
        "2001:db8:2:64::10",
        "2001:db8:f000:10::10",
        "2001:db8:f000:20::20",
    ),
}
PREFIXES = {
    "10.1.0.0/24",
    "10.1.64.0/24",
    "10.2.0.0/24",
    "10.2.64.0/24",
    "2001:db8:1::/64",
    "2001:db8:1:64::/64",
    "2001:db8:2::/64",
    "2001:db8:2:64::/64",
}
SECRET = "the-lab-secret-of-site-1"
CORE = "192.0.2.11"


def test_both_sites_register_all_prefixes(tgen):
    ms = tgen.net["ms"]
    assert eventually(lambda: PREFIXES <= registered(ms)), registered(ms)


@pytest.fixture(scope="module")
def wire(tgen):
    "First packets of all four family pairs, both ways, as the core saw them."
    assert eventually(lambda: PREFIXES <= registered(tgen.net["ms"]))
    path = os.path.join(tgen.logdir, "core.pcap")
    answered = {}
    with lispwire.Capture(tgen.net["core"], path) as capture:
        for name, (one, other, _, _) in PAIRS.items():
            answered[name] = ping(tgen.net["h1"], other, source=one)
            answered[name + " back"] = ping(tgen.net["h2"], one, source=other)
    return capture.packets, answered


@pytest.mark.parametrize("pair", PAIRS)
def test_no_first_packet_is_lost(wire, pair):
    _, answered = wire
    assert (answered[pair], answered[pair + " back"]) == (1, 1)


@pytest.mark.parametrize("pair", PAIRS)
def test_packets_travel_between_the_rlocs_of_their_mapping(wire, pair):
    packets, _ = wire
    one, other, rloc_one, rloc_other = PAIRS[pair]
    there = [
        packet
        for packet in packets
        if packet.kind == "data" and packet.sources[-1] == one
    ]
    assert there
    assert {(packet.source, packet.target) for packet in there} == {
        (rloc_one, rloc_other)
    }
    assert {packet.targets[-1] for packet in there} == {other}


def test_what_is_encapsulated_is_not_encapsulated_again(tgen, wire):
    "Not even where the locator is an EID that we have a mapping for."
    xtr1, inside = tgen.net["xtr1"], "map-cache 10.9.0.0/16"
    configure(xtr1, "router lisp", f"{inside} 10.2.0.10")
    path = os.path.join(tgen.logdir, "once.pcap")
    with lispwire.Capture(tgen.net["core"], path) as capture:
        ping(tgen.net["h1"], "10.9.0.1", wait=0.5)
        seen = [packet.targets for packet in capture.settle()]
    configure(xtr1, "router lisp", f"no {inside}")
    assert [targets for targets in seen if "10.9.0.1" in targets] == [
        ["10.2.0.10", "10.9.0.1"]
    ]


def test_T_060_requests_to_the_map_resolver_are_encapsulated(wire):
    packets, _ = wire
    asked = [packet for packet in packets if packet.kind == "Map-Request"]
    to_resolver = [
        packet for packet in asked if packet.target in ("192.0.2.50", "2001:db8:f000:50::50")
    ]
    assert to_resolver
    assert all(packet.in_ecm for packet in to_resolver)


def test_T_188_and_T_133_only_etrs_answer_with_authority(wire):
    packets, _ = wire
    for packet in packets:
        if packet.kind == "Map-Reply":
            by_server = packet.source in ("192.0.2.50", "2001:db8:f000:50::50")
            assert packet.authoritative != by_server


def test_T_183_and_T_184_negative_answers(tgen, wire):
    out = vtysh(tgen.net["xtr1"], "lig 10.77.0.1")
    assert "natively-forward" in out.lower() or "forward-native" in out.lower()
    out = vtysh(tgen.net["xtr1"], "lig 10.4.0.1")
    assert "10.4.0.0/24" in out


def test_T_046_a_truncated_message_is_a_counted_drop_without_answer(tgen, wire):
    core, xtr1 = tgen.net["core"], tgen.net["xtr1"]
    whole = lispmsg.map_request("10.1.0.10", CORE, 0x1122334455667788)
    before = drops(xtr1)
    for length in (1, 7, 13, len(whole) - 1):
        answer = lispmsg.exchange(core, "192.0.2.10", whole[:length], 0.2)
        assert answer is None
    after = drops(xtr1)
    assert sum(after.values()) - sum(before.values()) == 4
    assert after.get("truncated", 0) > before.get("truncated", 0)


def test_T_135_a_good_request_is_answered_with_its_nonce(tgen, wire):
    message = lispmsg.map_request("10.1.0.10", CORE, 0xA1A2A3A4A5A6A7A8)
    answer = lispmsg.exchange(tgen.net["core"], "192.0.2.10", message)
    assert answer is not None
    assert answer[0] >> 4 == 2
    assert answer[4:12] == bytes.fromhex("a1a2a3a4a5a6a7a8")


def test_T_137_a_reply_goes_from_port_4342_to_the_port_that_asked(tgen, wire):
    message = lispmsg.map_request("10.1.0.10", CORE, 6)
    answer = lispmsg.exchange(tgen.net["core"], "192.0.2.10", message, port=0, strict=True)
    assert messages.reply(answer)[0] == 6


@pytest.mark.parametrize("asked", ["192.0.2.20", "198.51.100.20"])
def test_an_etr_answers_from_the_rloc_that_was_asked(tgen, wire, asked):
    "Else a firewall in front of the ITR knows nothing of the answer."
    core, path = tgen.net["core"], os.path.join(tgen.logdir, f"asked-{asked}.pcap")
    with lispwire.Capture(core, path) as capture:
        assert lispmsg.exchange(core, asked, lispmsg.map_request("10.2.0.10", CORE, 0x21))
        replies = [packet for packet in capture.settle() if packet.kind == "Map-Reply"]
    own = [packet.source for packet in replies if int(packet.nonce, 16) == 0x21]
    assert own == [asked]


def test_T_141_T_143_T_146_more_specifics_come_along_and_own_locators_are_local(tgen, wire):
    xtr1, inside = tgen.net["xtr1"], "database-mapping 10.1.0.128/25"

    def answer(eid):
        message = lispmsg.map_request(eid, CORE, 12)
        found = messages.reply(lispmsg.exchange(tgen.net["core"], "192.0.2.10", message))
        records = found[1] if found else []
        assert len({record.ttl for record in records}) <= 1
        bits = {(loc.address, loc.bits) for record in records for loc in record.locators}
        return [record.prefix for record in records], bits

    configure(xtr1, "router lisp", f"{inside} locator-set RL4")
    configure(xtr1, "router lisp", "locator-set RL4", "192.0.2.77 priority 9 weight 1")
    # L and R; of another xTR R alone, as there is a route to it
    bits = {("192.0.2.10", 5), ("192.0.2.77", 1)}
    for eid, more in (("10.1.0.10", ["10.1.0.0/24"]), ("10.1.0.200", [])):
        wanted = ([*more, "10.1.0.128/25"], bits)
        assert eventually(lambda: answer(eid), wanted, 10) == wanted
    configure(xtr1, "router lisp", f"no {inside}")
    configure(xtr1, "router lisp", "locator-set RL4", "no 192.0.2.77")


def test_T_145_an_etr_is_no_reflector(tgen, wire):
    before, began = drops(tgen.net["xtr1"]).get("rate-limited", 0), time.monotonic()
    message = lispmsg.map_request("10.1.0.10", CORE, 13)
    found = lispmsg.answers(tgen.net["core"], "192.0.2.10", message, 0.5, 1000, copies=1000)
    assert 0 < len(found) <= 101 + 50 * (time.monotonic() - began)
    assert drops(tgen.net["xtr1"])["rate-limited"] > before


@pytest.mark.parametrize("more", [[], ["10.1.64.10"]], ids=["one", "several"])
def test_T_148_T_149_a_record_in_a_request_is_not_believed(tgen, wire, more):
    message = lispmsg.map_request("10.1.0.10", CORE, 14, flags=0x04, more=more)
    message += lispmsg.record("10.66.0.0/24", CORE)
    answer = lispmsg.exchange(tgen.net["core"], "192.0.2.10", message)
    nonce, records = messages.reply(answer)
    assert (nonce, len(records)) == (14, 1 + len(more))
    assert "10.66.0.0/24" not in vtysh(tgen.net["xtr1"], "show lisp map-cache")


def test_T_151_T_152_smrs_are_3_seconds_apart_until_the_peer_asks(tgen, wire):
    core, xtr1 = tgen.net["core"], tgen.net["xtr1"]
    change = lambda weight: configure(
        xtr1, "router lisp", "locator-set RL4", f"192.0.2.10 priority 1 weight {weight}"
    )

    def ask():
        message = lispmsg.map_request("10.1.0.10", CORE, 15)
        return lispmsg.exchange(core, "192.0.2.10", message)

    path, began = os.path.join(tgen.logdir, "smr.pcap"), time.time()
    with lispwire.Capture(core, path) as capture:

        def solicited():
            return [
                packet.time
                for packet in capture.since(began)
                if packet.smr and packet.target == CORE and "10.1.0.0" in packet.eids
            ]

        assert ask()
        change(99)
        assert eventually(lambda: len(solicited()), 2, 8) == 2
        first, second = solicited()
        assert 2.9 < second - first < 3 + 1.5 * SLOW
        assert re.search(rf"^{CORE} +0 +0 +[1-9]", vtysh(xtr1, "show lisp smr"), re.M)
        smrs = lambda: {one["address"]: one for one in vtysh_json(xtr1, "show lisp smr json")["smrs"]}
        assert smrs()[CORE]["unanswered"] > 0
        assert ask()
        assert eventually(lambda: CORE in smrs(), False, 2) is False
        assert eventually(lambda: len(solicited()) > 2, True, 4) is False
    change(100)


def test_T_011_an_etr_answers_the_records_that_are_its_own(tgen, wire):
    more = ["10.1.0.10", "10.1.64.10"]
    message = lispmsg.map_request("10.66.0.1", CORE, 8, more=more)
    found = lispmsg.exchange(tgen.net["core"], "192.0.2.10", message)
    prefixes = [record.prefix for record in messages.reply(found)[1]]
    assert prefixes == ["10.1.0.0/24", "10.1.64.0/24"]


def left_out(node):
    events = vtysh_json(node, "show lisp statistics json")["events"]
    return events["map-request-records-left-out"]


def test_T_011_what_an_etr_cannot_answer_is_left_out_and_counted(tgen, wire):
    "A name, and another site's prefix, before and behind what is the ETR's own."
    xtr1 = tgen.net["xtr1"]
    reasons = ("eid-kind-not-supported", "eid-not-local")
    before = [left_out(xtr1)] + [drops(xtr1).get(reason, 0) for reason in reasons]
    name = struct.pack("!BBH", 0, 32, 17) + b"abc\0"
    message = bytearray(lispmsg.map_request("10.1.0.10", CORE, 8, more=["10.1.64.10", "10.66.0.1"]))
    own = lispmsg.map_request("10.1.0.10", CORE, 8)
    head = len(own) - 8  # a record of an IPv4 EID has 8 octets
    message[3] += 1
    message[head:head] = name
    found = lispmsg.exchange(tgen.net["core"], "192.0.2.10", bytes(message))
    prefixes = [record.prefix for record in messages.reply(found)[1]]
    assert prefixes == ["10.1.0.0/24", "10.1.64.0/24"]
    after = [left_out(xtr1)] + [drops(xtr1).get(reason, 0) for reason in reasons]
    assert [now - then for now, then in zip(after, before)] == [2, 1, 1]


def test_T_140_no_reply_is_given_where_none_is_wanted(tgen, wire):
    before = drops(tgen.net["xtr1"]).get("do-not-reply", 0)
    message = bytearray(lispmsg.map_request("10.1.0.10", CORE, 9))
    message[2] |= 0x20  # D
    assert lispmsg.exchange(tgen.net["core"], "192.0.2.10", bytes(message), 0.3) is None
    assert drops(tgen.net["xtr1"])["do-not-reply"] == before + 1


@pytest.mark.parametrize("probed", ["192.0.2.20", "198.51.100.20"])
def test_T_144_a_probe_is_answered_with_the_bit_of_the_probed_locator(tgen, wire, probed):
    message = lispmsg.map_request("10.2.0.10", CORE, 10, flags=0x02)
    answer = lispmsg.exchange(tgen.net["core"], probed, message)
    assert answer[0] == 0x28  # Map-Reply, P
    (record,) = messages.reply(answer)[1]
    bits = {locator.address: bool(locator.bits & 2) for locator in record.locators}
    assert bits == {one: one == probed for one in ("192.0.2.20", "198.51.100.20")}


def requests_out(node):
    "Map-Requests that a router has sent, in whatever."
    counts = vtysh_json(node, "show lisp statistics json")["messages"]
    return counts["map-request"]["out"] + counts["encapsulated"]["out"]


def smr(tgen, eid):
    message = lispmsg.map_request(eid, CORE, 11, flags=0x01)
    lispmsg.answers(tgen.net["core"], "192.0.2.10", message, 0.1, 0)


def test_T_099_an_smr_for_what_is_not_cached_brings_no_request(tgen, wire):
    xtr1 = tgen.net["xtr1"]
    before, asked = drops(xtr1).get("smr-eid-not-cached", 0), requests_out(xtr1)
    smr(tgen, "10.66.0.1")
    assert eventually(lambda: drops(xtr1).get("smr-eid-not-cached", 0), before + 1)
    assert requests_out(xtr1) == asked


def test_T_102_smrs_bring_one_request_in_three_seconds(tgen, wire):
    xtr1 = tgen.net["xtr1"]
    assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=1), 1) == 1

    sent = []

    def asked_again(before):
        sent.append(time.monotonic())
        smr(tgen, "10.2.0.10")
        return requests_out(xtr1) > before

    assert eventually(lambda: asked_again(requests_out(xtr1)))
    asked, began = requests_out(xtr1), sent[-1]
    limited = drops(xtr1).get("rate-limited", 0)
    assert eventually(lambda: asked_again(asked))
    assert requests_out(xtr1) == asked + 1
    assert time.monotonic() - began > 2.99
    assert drops(xtr1)["rate-limited"] > limited


def test_T_104_an_smr_for_what_is_not_cached_means_its_source_eid(tgen, wire):
    "A peer that has a wider prefix of ours, or another, still names what changed."
    xtr1 = tgen.net["xtr1"]
    assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=1), 1) == 1
    message = bytearray(lispmsg.map_request("10.66.0.1", CORE, 12, flags=0x01))
    message[12:14] = lispmsg.address("10.2.0.10")  # Source-EID

    def asked_again(before):
        lispmsg.answers(tgen.net["core"], "192.0.2.10", bytes(message), 0.1, 0)
        return requests_out(xtr1) > before

    assert eventually(lambda: asked_again(requests_out(xtr1)))


def test_a_probe_of_an_address_that_is_no_locator_marks_none(tgen, wire):
    xtr1, core = tgen.net["xtr1"], tgen.net["core"]
    xtr1.cmd_raises("ip address add 203.0.113.7/32 dev lo")
    core.cmd_raises("ip route add 203.0.113.7/32 via 192.0.2.10")
    try:
        message = lispmsg.map_request("10.1.0.10", CORE, 13, flags=0x02)
        answer = lispmsg.exchange(core, "203.0.113.7", message)
    finally:
        core.cmd_raises("ip route del 203.0.113.7/32")
        xtr1.cmd_raises("ip address del 203.0.113.7/32 dev lo")
    assert answer[0] == 0x28  # Map-Reply, P
    (record,) = messages.reply(answer)[1]
    assert record.locators and not any(locator.bits & 2 for locator in record.locators)


def test_T_136_an_itr_rloc_without_a_way_is_passed_over(tgen, wire):
    tgen.net["xtr1"].cmd_raises("ip -6 route replace unreachable 2001:db8:dead::/48")
    rlocs = ["2001:db8:dead::1", CORE]
    message = lispmsg.map_request("10.1.0.10", None, 7, itr_rlocs=rlocs)
    answer = messages.reply(lispmsg.exchange(tgen.net["core"], "192.0.2.10", message))
    assert answer is not None and answer[0] == 7


@pytest.mark.parametrize(
    "name,secret,key_id,prefix,reason",
    [
        ("T_160 a wrong MAC", "not-the-secret", 0, "10.1.7.0/24", "authentication-failed"),
        ("T_168 a foreign prefix", SECRET, 0, "10.99.0.0/24", "eid-prefix-not-configured"),
        ("T_163 an unknown key", "x", 9, "10.2.7.0/24", "unknown-key-id"),
    ],
)
def test_a_bad_register_is_a_counted_drop_without_answer(
    tgen, wire, name, secret, key_id, prefix, reason
):
    ms = tgen.net["ms"]
    before = drops(ms).get(reason, 0)
    message = lispmsg.map_register(prefix, CORE, 2**40, secret, key_id)
    assert lispmsg.exchange(tgen.net["core"], "192.0.2.50", message, 0.3) is None
    assert drops(ms).get(reason, 0) == before + 1
    assert prefix not in registered(ms)


@pytest.mark.parametrize(
    "name,message,reason",
    [
        (
            "T_070 an unsolicited reply",
            lispmsg.map_reply("10.66.0.0/24", CORE, 0xDEADBEEF),
            "nonce-unknown",
        ),
        (
            "T_134 a request for a foreign EID",
            lispmsg.map_request("10.66.0.1", CORE, 0xDEADBEEF),
            "eid-not-local",
        ),
        (
            "T_139 a request without ITR-RLOC",
            lispmsg.map_request("10.1.0.10", None, 5, itr_rlocs=[]),
            None,
        ),
    ],
)
def test_an_unwanted_message_changes_nothing(tgen, wire, name, message, reason):
    xtr1 = tgen.net["xtr1"]
    before, cache = drops(xtr1), vtysh(xtr1, "show lisp map-cache").count("/")
    assert lispmsg.exchange(tgen.net["core"], "192.0.2.10", message, 0.3) is None
    after = drops(xtr1)
    assert sum(after.values()) == sum(before.values()) + 1, after
    if reason:
        assert after.get(reason, 0) == before.get(reason, 0) + 1, after
    assert vtysh(xtr1, "show lisp map-cache").count("/") == cache


def test_T_130_a_notify_that_does_not_verify_is_dropped(tgen, wire):
    "From the Map-Server's address, so that it is one of a Map-Server that is known."
    xtr1, reason = tgen.net["xtr1"], "authentication-failed"
    before = drops(xtr1).get(reason, 0)
    message = lispmsg.map_notify("10.1.0.0/24", CORE, 77, "not-the-secret")
    answer = lispmsg.exchange(tgen.net["ms"], "192.0.2.10", message, 0.3, port=0, strict=True)
    assert answer is None
    assert drops(xtr1).get(reason, 0) == before + 1


def test_T_131_only_an_unsolicited_notify_is_acknowledged(tgen, wire):
    xtr1, path = tgen.net["xtr1"], os.path.join(tgen.logdir, "notify.pcap")

    def acknowledged(nonce):
        message = lispmsg.map_notify("10.1.0.0/24", CORE, nonce, SECRET)
        return lispmsg.exchange(tgen.net["ms"], "192.0.2.10", message, 0.5, port=0, strict=True)

    assert acknowledged(77) == lispmsg.map_notify_ack("10.1.0.0/24", CORE, 77, SECRET)

    with lispwire.Capture(tgen.net["core"], path) as capture:
        configure(xtr1, "router lisp", "site-id 5")
        sent = lambda: [
            int(packet.nonce, 16)
            for packet in capture.settle()
            if packet.kind == "Map-Register" and packet.source == "192.0.2.10"
        ]
        assert eventually(lambda: bool(sent()))
        before = sum(drops(xtr1).values())
        assert acknowledged(sent()[-1]) is None
        assert sum(drops(xtr1).values()) == before
    configure(xtr1, "router lisp", "no site-id")


def put_keys(node, text):
    "Give a node another key file, at once."
    node.cmd_raises("install -o frr -g frr -m 600 /dev/stdin /etc/frr/new.keys", stdin=text)
    node.cmd_raises("mv /etc/frr/new.keys /etc/frr/lisp.keys")


def site_key_ids(node, name):
    "Key-ids that the registrations of a site were signed with."
    mappings = (vtysh_json(node, "show lisp site json") or {}).get("mappings", [])
    return {
        registration["keyId"]
        for mapping in mappings
        if mapping["site"] == name
        for registration in mapping["registrations"]
    }


def test_the_key_of_the_configuration_has_the_key_id_that_RFC_6830_knows(tgen, wire):
    assert site_key_ids(tgen.net["ms"], "S1") == {0}


def test_T_281_a_key_hands_over_to_the_next_while_registered(tgen, wire):
    nodes = [tgen.net["ms"], tgen.net["xtr2"]]
    kept = [node.cmd_raises("cat /etc/frr/lisp.keys") for node in nodes]
    assert eventually(lambda: site_key_ids(nodes[0], "S2"), {2}) == {2}
    before = [sum(drops(node).values()) for node in nodes]
    at = lambda seconds: time.strftime(
        "%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds)
    )
    old = f"site2 2 hmac-sha-256-128-hkdf the-lab-secret-of-site-2 until {at(10 * SLOW)}\n"
    new = f"site2 3 hmac-sha-256-128 the-next-secret-of-site-2 from {at(4 * SLOW)}\n"
    for node in nodes:
        put_keys(node, old + new)
    assert site_key_ids(nodes[0], "S2") == {2}
    assert eventually(lambda: site_key_ids(nodes[0], "S2"), {3}, 10) == {3}
    assert PREFIXES <= registered(nodes[0])
    assert [sum(drops(node).values()) for node in nodes] == before
    for node, text in zip(nodes, kept):
        put_keys(node, text)
    assert eventually(lambda: site_key_ids(nodes[0], "S2"), {2}) == {2}


@pytest.mark.parametrize(
    "lines",
    [
        ("locator-set NEW", "192.0.2.300 priority 1 weight 100"),
        ("locator-set NEW", "192.0.2.3 priority 256 weight 100"),
        ("locator-set NEW", "192.0.2.3 priority 1 weight 101"),
        ("database-mapping 224.0.0.0/8 locator-set RL4",),
        ("ipv4 itr map-resolver 224.0.0.1",),
        ("ipv4 etr map-server 192.0.2.51",),
        ("ipv4 alt-vrf default",),
        ("alt tunnel gre9 source 192.0.2.10 destination 192.0.2.10",),
        ("alt tunnel gre9 source 192.0.2.10 destination 2001:db8::1",),
    ],
)
def test_a_line_that_cannot_hold_is_refused_and_changes_nothing(tgen, lines):
    xtr1 = tgen.net["xtr1"]
    before = vtysh(xtr1, "show running-config")
    said = configure(xtr1, "router lisp", *lines)
    if lines[0].startswith("locator-set NEW"):
        configure(xtr1, "router lisp", "no locator-set NEW")
    assert "%" in said or "rror" in said, said
    assert vtysh(xtr1, "show running-config") == before


def test_answers_of_a_map_resolver_are_counted_by_their_kind_until_cleared(tgen, wire):
    xtr1 = tgen.net["xtr1"]

    def counted():
        for row in vtysh_json(xtr1, "show lisp statistics json")["mapResolvers"]:
            if row["addressFamily"] == "ipv4":
                return [row[name] for name in ("requests", "replies", "negativeReplies")]

    vtysh(xtr1, "clear lisp map-cache")
    vtysh(xtr1, "clear lisp statistics")
    assert counted() == [0, 0, 0]
    for target in ("10.2.0.10", "10.77.0.1", "10.4.0.1"):
        ping(tgen.net["h1"], target, wait=1)
    assert eventually(counted, [3, 1, 2], 5) == [3, 1, 2]
    shown = vtysh(xtr1, "show lisp ipv4 statistics")
    (row,) = [line.split() for line in shown.splitlines() if line.startswith("  192.0.2.50 ")]
    assert row[-4:] == ["3", "1", "2", "0"]


def test_what_the_map_server_notices_is_notified_through_mgmtd(tgen, wire):
    core, ms = tgen.net["core"], tgen.net["ms"]
    here = (messages.Locator(CORE),)
    with lispmgmt.Listener(ms) as listener:
        for ttl, there in ((1440, True), (0, False)):
            record = messages.Record("10.1.7.0/24", here, ttl)
            lispmsg.exchange(core, "192.0.2.50", messages.register([record], SECRET))
            change = {"site": "S1", "eid": "10.1.7.0/24", "registered": there}
            assert eventually(lambda: listener.has("registration-change", **change))
        refused = lispmsg.map_register("10.1.7.0/24", CORE, 9, "not-the-secret")
        lispmsg.exchange(core, "192.0.2.50", refused, 0.1)
        failure = {"site": "S1", "reason": "authentication-failed"}
        assert eventually(lambda: listener.has("authentication-failure", **failure))


def test_lig_and_a_locators_state_are_notified_through_mgmtd(tgen, wire):
    xtr1 = tgen.net["xtr1"]
    with lispmgmt.Listener(xtr1) as listener:
        query = '{"frr-lispd:lig":{"eid":"10.2.0.10"}}'
        said = configure(xtr1, f"mgmt rpc /frr-lispd:lig json {query}")
        number = int(re.search(r'"query-id": (\d+)', said).group(1))
        reply = {"query-id": number, "answered": True}
        assert eventually(lambda: listener.has("lig-reply", **reply)), listener.seen
        mappings = [found["mapping"] for name, found in listener.seen if name == "lig-reply"]
        found = [(one["instance-id"], one["eid"]) for one in mappings[0]]
        assert found == [(0, "10.2.0.0/24")]
        configure(xtr1, "router lisp", "map-cache 10.9.0.0/16 198.18.0.1")
        up = {"address": "198.18.0.1", "state": "up", "local": False}
        assert eventually(lambda: listener.has("locator-state-change", **up)), listener.seen
    configure(xtr1, "router lisp", "no map-cache 10.9.0.0/16")


def test_lig_prints_what_its_notification_tells(tgen, wire):
    xtr1 = tgen.net["xtr1"]
    with lispmgmt.Listener(xtr1) as listener:
        for eid in ("10.2.0.10", "10.4.0.1"):
            query = f'{{"frr-lispd:lig":{{"eid":"{eid}"}}}}'
            configure(xtr1, f"mgmt rpc /frr-lispd:lig json {query}")
            assert eventually(lambda: listener.has("lig-reply", eid=eid)), listener.seen
        told = [stopped(as_shown(one)) for name, one in listener.seen if name == "lig-reply"]
    shown = [stopped(vtysh_json(xtr1, f"lig {one['eid']} json")) for one in told]
    assert [one.pop("queryId") for one in told][0]
    assert all(one.pop("rtt") for one in told + shown)
    assert told == shown
    assert told[0]["mappings"][0]["locators"] and told[1]["mappings"][0]["action"]


def test_T_128_the_ids_of_an_xtr_are_in_its_registers(tgen, wire):
    xtr1, xtr_id = tgen.net["xtr1"], "00112233445566778899aabbccddeeff"
    configure(xtr1, "router lisp", f"xtr-id {xtr_id}", "site-id 7")

    def known():
        return any(
            (registration.get("xtrId"), str(registration.get("siteId"))) == (xtr_id, "7")
            for mapping in vtysh_json(tgen.net["ms"], "show lisp site json")["mappings"]
            if mapping["site"] == "S1"
            for registration in mapping["registrations"]
        )

    assert eventually(known)
    configure(xtr1, "router lisp", "no xtr-id", "no site-id")


@pytest.mark.parametrize(
    "name,taken",
    [
        ("rules", "ip rule del pref 4342; ip -6 rule del pref 4342"),
        ("all rules", "ip rule flush; ip rule add lookup main pref 32766; ip rule add lookup default pref 32767"),
        ("routes", "ip route flush table 4342; ip -6 route flush table 4342"),
        ("down", "ip link set lisp0 down"),
        ("down and up", "ip link set lisp0 down; ip link set lisp0 up"),
        ("MTU", "ip link set lisp0 mtu 1300"),
        ("programs", "tc qdisc del dev lisp0 clsact; tc filter del dev eth1 ingress"),
        ("IPv6", "sysctl -qw net.ipv6.conf.lisp0.disable_ipv6=1"),
    ],
)
def test_what_somebody_takes_away_in_the_kernel_is_made_again(tgen, name, taken):
    xtr1 = tgen.net["xtr1"]
    look = (
        "ip rule; ip -6 rule; ip route show table 4342; ip -6 route show table 4342;"
        " cat /sys/class/net/lisp0/mtu /sys/class/net/lisp0/flags;"
        " tc filter show dev lisp0 egress; tc filter show dev eth1 ingress"
    )
    seen = lambda: sorted(xtr1.cmd_raises(look).splitlines())
    before = seen()
    assert any("lookup 4342" in line for line in before)
    xtr1.cmd_raises(taken)
    assert eventually(seen, before, 15) == before
    for target in ("10.2.0.10", "2001:db8:2::10"):
        assert eventually(lambda: ping(tgen.net["h1"], target, wait=1), 1) == 1


def explained(node, one, other, more=""):
    shown = vtysh_json(node, f"show lisp forwarding {one} {other} {more}json")
    return shown["outcome"], {step["step"]: step["result"] for step in shown["steps"]}


@pytest.mark.parametrize("pair", PAIRS)
def test_show_lisp_forwarding_says_what_becomes_of_a_packet(tgen, wire, pair):
    xtr1, (one, other, _, rloc) = tgen.net["xtr1"], PAIRS[pair]
    ping(tgen.net["h1"], other, source=one)
    outcome, steps = explained(xtr1, one, other, "udp 1000 2000 ")
    assert outcome == "encapsulated" and steps["locator"] == rloc
    assert (steps["route"], steps["underlay"]) == ("lisp", "eth1")
    assert steps["map-cache"] == steps["mapping"]
    text = vtysh(xtr1, f"show lisp forwarding {one} {other} udp 1000 2000")
    assert text.startswith(f"From {one} to {other}, udp, ports 1000 to 2000, instance-id 0: enc")
    found = dict(line.split()[:2] for line in text.splitlines()[1:])
    assert found == steps
    assert explained(xtr1, other, one)[0] == "delivered"
    vtysh(xtr1, "clear lisp map-cache")
    outcome, steps = explained(xtr1, one, other)
    assert (outcome, steps["map-cache"], steps["mapping"]) == ("held", "none", "miss")


def test_show_lisp_forwarding_is_of_an_instance_and_of_one_family(tgen, wire):
    xtr1 = tgen.net["xtr1"]
    for scope in ("vrf default", "instance-id 0"):
        shown = vtysh(xtr1, f"show lisp {scope} forwarding 10.1.0.10 10.2.0.10")
        assert "instance-id 0: " in shown
    shown = vtysh(xtr1, "show lisp instance-id 5 forwarding 10.1.0.10 10.2.0.10")
    assert "instance-id 5: not-lisp" in shown
    for wrong in ("vrf NONE forwarding 10.1.0.10 10.2.0.10", "forwarding 10.1.0.10 2001:db8::1"):
        assert xtr1.cmd_nostatus(["vtysh", "-c", f"show lisp {wrong}"]).startswith("%")


def test_clear_keeps_static_entries(tgen, wire):
    xtr1 = tgen.net["xtr1"]
    configure(xtr1, "router lisp", "map-cache 10.9.0.0/16 map-request")
    assert "10.9.0.0/16" in vtysh(xtr1, "show lisp map-cache")
    vtysh(xtr1, "clear lisp map-cache")
    shown = vtysh(xtr1, "show lisp map-cache")
    assert "10.9.0.0/16" in shown and "10.2.0.0/24" not in shown
    configure(xtr1, "router lisp", "no map-cache 10.9.0.0/16")
    assert "10.9.0.0/16" not in vtysh(xtr1, "show lisp map-cache")
    assert ping(tgen.net["h1"], "10.2.0.10") == 1


# Behind `show lisp map-cache` and `show lisp database`: what is to be shown.
FILTERS = {
    "map-cache": {"10.2.0.0/24", "10.9.0.0/16", "10.9.1.0/24", "10.128.0.0/9"},
    "map-cache static": {"10.9.0.0/16", "10.9.1.0/24"},
    "map-cache negative": {"10.9.0.0/16", "10.9.1.0/24", "10.128.0.0/9"},
    "map-cache 10.9.1.1": {"10.9.1.0/24"},
    "map-cache 10.9.0.0/16 longer-prefixes": {"10.9.0.0/16", "10.9.1.0/24"},
    "map-cache 10.9.1.0/24 longer-prefixes negative": {"10.9.1.0/24"},
    "database 10.1.0.10": {"10.1.0.0/24"},
    "database 10.1.64.0/18 longer-prefixes": {"10.1.64.0/24"},
}


def test_a_show_is_of_what_is_asked_for(tgen, wire):
    xtr1 = tgen.net["xtr1"]
    static = ["map-cache 10.9.0.0/16 map-request", "map-cache 10.9.1.0/24 drop"]
    configure(xtr1, "router lisp", *static)
    vtysh(xtr1, "clear lisp map-cache")
    ping(tgen.net["h1"], "10.2.0.10")
    ping(tgen.net["h1"], "10.200.0.1", wait=1)

    def shown(what):
        found = vtysh_json(xtr1, f"show lisp ipv4 {what} json")
        return {one["eid"] for one in found.get("mappings", found.get("localEids"))}

    assert eventually(lambda: shown("map-cache"), FILTERS["map-cache"]) == FILTERS["map-cache"]
    assert {what: shown(what) for what in FILTERS} == FILTERS
    text = vtysh(xtr1, "show lisp map-cache 10.9.0.0/16 longer-prefixes")
    assert set(re.findall(r"(?m)^(\d\S+),", text)) == FILTERS["map-cache static"]
    assert re.search(r"(?m)^0 +ipv4 +4 +\d+$", vtysh(xtr1, "show lisp map-cache summary"))
    assert re.search(r"(?m)^0 +ipv4 +2 +0$", vtysh(xtr1, "show lisp database summary"))
    for words in ("map-cache negative", "map-cache 10.9.0.0/16", "database 10.1.0.0/24"):
        assert "A summary is of all entries: leave out " in vtysh(xtr1, f"show lisp {words} summary")
    configure(xtr1, "router lisp", "no map-cache 10.9.0.0/16", "no map-cache 10.9.1.0/24")
    of_site = vtysh(tgen.net["ms"], "show lisp site 10.1.64.0/18 longer-prefixes")
    assert "10.1.64.0/24" in of_site and "10.1.0.0/24" not in of_site


def test_sessions_are_who_answers(tgen, wire):
    line = r"(?m)^192\.0\.2\.50 +Up +\d\d:\d\d:\d\d +\d+/\d+ +1  {}, ipv4 EIDs, instance-id 0$"
    sessions = lambda: vtysh(tgen.net["xtr1"], "show lisp session")
    for role in ("Map-Server", "Map-Resolver"):
        assert eventually(lambda: bool(re.search(line.format(role), sessions()))), sessions()
    total = lambda scope: vtysh(tgen.net["xtr1"], f"show lisp {scope} session").split("total: ")[1][0]
    assert (total("ipv4"), total("instance-id 7")) == ("2", "0")


def test_lig_takes_self_and_names(tgen, wire):
    xtr1 = tgen.net["xtr1"]
    for self, eid, prefix in (
        ("self", "10.1.0.0", "10.1.0.0/24"),
        ("self6", "2001:db8:1::", "2001:db8:1::/64"),
    ):
        out = vtysh(xtr1, f"lig {self}")
        assert re.search(rf"(?m)^Send loopback map-request to \S+ for {eid} \.\.\.$", out), out
        assert re.search(rf"(?m)^{prefix}, .* via map-reply, auth, self$", out), out
    status, out, _ = xtr1.cmd_status(["vtysh", "-c", "lig localhost count 1"], warn=False)
    assert re.search(r"(?m)^Send map-request to \S+ for (127\.0\.0\.1|::1) ", out), out
    status, out, _ = xtr1.cmd_status(["vtysh", "-c", "lig no-such-host.invalid"], warn=False)
    assert status and "% No address has this name" in out
    status, out, _ = tgen.net["ms"].cmd_status(["vtysh", "-c", "lig self"], warn=False)
    assert status and "% No EID-prefix is ours in instance-id 0" in out


@pytest.fixture(name="nested", scope="module")
def nested_prefixes(tgen):
    "25 prefixes in one of xtr1's, more than a Map-Reply over IPv4 has room for."
    prefixes = [f"10.1.0.{8 * i}/29" for i in range(25)]
    lines = [f"database-mapping {prefix} locator-set RL4" for prefix in prefixes]
    configure(tgen.net["xtr1"], "router lisp", *lines)
    yield prefixes
    configure(tgen.net["xtr1"], "router lisp", *(f"no {line}" for line in lines))


def test_T_049_what_one_register_has_no_room_for_goes_in_others(tgen, wire, nested):
    xtr1, path = tgen.net["xtr1"], os.path.join(tgen.logdir, "registers.pcap")
    with lispwire.Capture(tgen.net["core"], path) as capture:
        configure(xtr1, "router lisp", "site-id 6")

        def registered_in():
            sent = [p for p in capture.settle() if p.kind == "Map-Register"]
            own = [packet for packet in sent if packet.source == "192.0.2.10"]
            return [packet for packet in own if set(packet.eids) & nets]

        nets = {prefix.replace("/29", "") for prefix in nested}
        seen = lambda: {eid for packet in registered_in() for eid in packet.eids}
        assert eventually(lambda: nets <= seen())
        sent = registered_in()
        assert len(sent) > 1 and max(packet.octets for packet in sent) <= 576
    configure(xtr1, "router lisp", "no site-id")


def ask_etr(tgen, eid, rlocs=(CORE,), more=()):
    "Octets and EID-prefixes of the Map-Reply."
    message = lispmsg.map_request(eid, None, 0x49, itr_rlocs=rlocs, more=more)
    answer = lispmsg.exchange(tgen.net["core"], "192.0.2.10", message)
    return len(answer), [record.prefix for record in messages.reply(answer)[1]]


SAFE = 576 - 20 - 8  # RFC 9301 section 5


@pytest.mark.parametrize(
    "rlocs", [[CORE], ["2001:db8:dead::1", CORE]], ids=["one", "another without a way"]
)
def test_T_049_T_141_a_reply_without_room_is_for_the_part_that_has_nothing_in_it(
    tgen, wire, nested, rlocs
):
    tgen.net["xtr1"].cmd_raises("ip -6 route replace unreachable 2001:db8:dead::/48")
    assert ask_etr(tgen, "10.1.0.250", rlocs) == (40, ["10.1.0.224/27"])


def test_T_049_T_011_a_record_that_has_no_room_is_refused_by_name(tgen, wire, nested):
    xtr1 = tgen.net["xtr1"]
    full = lambda: drops(xtr1).get("reply-full", 0)
    before, left = full(), left_out(xtr1)
    hosts = [prefix.replace("/29", "").rpartition(".") for prefix in nested]
    hosts = [f"{net}.{int(host) + 1}" for net, _, host in hosts]
    octets, prefixes = ask_etr(tgen, hosts[0], more=hosts[1:])
    assert SAFE - 28 < octets <= SAFE
    assert prefixes == nested[: len(prefixes)]
    assert full() == before + len(nested) - len(prefixes)
    assert left_out(xtr1) == left + len(nested) - len(prefixes)


@pytest.mark.parametrize(
    "what", "map-cache database site service statistics alt dataplane session errors".split()
)
def test_every_show_command_has_json(tgen, what):
    for name in ("xtr1", "xtr2", "ms"):
        assert vtysh_json(tgen.net[name], f"show lisp {what} json") is not None, name


# ---- the text, line by line ----


def inside(objects, name):
    "All that is in a list of each object."
    return [one for each in objects for one in each[name]]


def cached(shown):
    entries = shown["mappings"]
    negative = [one for one in entries if one["state"] == "negative"]
    return {"entry": entries, "negative": negative, "locator": inside(entries, "locators")}


def local(shown):
    eids = shown["localEids"]
    down = [one for one in eids if not any(rloc["reachable"] for rloc in one["locators"])]
    totals = {"total": len(eids), "down": len(down)}
    found = {"totals": [totals], "entry": eids, "locator": inside(eids, "locators")}
    return {**found, "server": inside(eids, "registrations")}


def sites(shown):
    return {"prefix": [one for one in shown["mappings"]]}


def registrations(shown):
    prefixes = shown["mappings"]
    xtrs = inside(prefixes, "registrations")
    found = {form: prefixes for form in ("prefix", "first", "last", "state")}
    found |= {form: xtrs for form in ("etr", "how", "capability", "xtr", "site-id", "key")}
    return {**found, "locator": inside(xtrs, "locators")}


def service(shown):
    (one,) = shown["services"]
    resolvers = {"addresses": ", ".join(peer["address"] for peer in shown["mapResolvers"])}
    found = {
        form: [one]
        for form in "instance eids itr etr server resolver ttl cache".split()
    }
    return {**found, "resolvers": [resolvers], "xtr": [shown], "site": [shown]}


def counts(shown):
    cleared = {"lastCleared": shown.get("lastCleared")}
    return {
        "title": [cleared, {"instanceId": 0, **cleared}],
        "message": list(shown["messages"].values()),
        "count": list(shown["events"]) + list(shown["drops"]),
        "resolver": shown["mapResolvers"],
    }


FORMS = [
    ("xtr1", "ipv4 map-cache", forms.MAP_CACHE, cached),
    ("xtr1", "ipv6 map-cache", forms.MAP_CACHE, cached),
    ("xtr1", "ipv4 database", forms.DATABASE, local),
    ("xtr2", "ipv6 database", forms.DATABASE, local),
    ("ms", "site", forms.SITE, sites),
    ("ms", "site detail", forms.DETAIL, registrations),
    ("xtr1", "service ipv4", forms.SERVICE, service),
    ("ms", "service ipv6", forms.SERVICE, service),
    ("xtr1", "ipv4 statistics", forms.STATISTICS, counts),
]
OTHERS = {
    "site": r"EMPTY .*|Refused lately|\S+ from \S+, reason .*",
    "service": r"Router LISP: .*|Key file: .*|Outstanding .*|LISP service IPv[46]"
    r"|\S+, .*, last Map-Register .*",
}


@pytest.mark.parametrize(
    "name, what, form, objects", FORMS, ids=[f"{name} {what}" for name, what, *_ in FORMS]
)
def test_text_has_its_forms_and_says_what_json_does(tgen, wire, name, what, form, objects):
    node = tgen.net[name]
    for target in ("10.2.0.10", "10.77.0.1", "2001:db8:2::10", "2001:db8:77::1"):
        ping(tgen.net["h1"], target, wait=1)

    def differ():
        others = OTHERS.get(what.split()[0])
        lines = forms.read(vtysh(node, f"show lisp {what}"), form, others)
        found = objects(vtysh_json(node, f"show lisp {what} json"))
        return {one: forms.differences(lines[one], each) for one, each in found.items()}

    assert eventually(lambda: any(differ().values()), False, 5) is False, differ()


def test_counters_have_the_same_names_and_numbers_in_text_and_json(tgen, wire):
    xtr1 = tgen.net["xtr1"]

    def differ():
        lines = forms.read(vtysh(xtr1, "show lisp statistics"), forms.STATISTICS)
        shown = vtysh_json(xtr1, "show lisp statistics json")
        counted = {one["name_"]: int(one["count_"]) for one in lines["count"]}
        sent = {one["name_"]: int(one["out"]) for one in lines["message"]}
        return counted != {**shown["events"], **shown["drops"]} or sent != {
            name: both["out"] for name, both in shown["messages"].items()
        }

    assert eventually(differ, False, 5) is False


def test_a_map_server_stands_with_its_last_map_notify(tgen, wire):
    shown = vtysh(tgen.net["xtr1"], "show lisp service ipv4")
    lines = forms.read(shown, forms.SERVICE, OTHERS["service"])
    (servers,) = lines["servers"]
    assert re.fullmatch(rf"192\.0\.2\.50 \((?:{forms.INTERVAL})\)", servers["addresses_"])


def test_summaries_count_what_the_tables_have(tgen, wire):
    ms, xtr1 = tgen.net["ms"], tgen.net["xtr1"]
    shown = vtysh_json(ms, "show lisp site json")
    ours = [one for one in shown["mappings"] if one["site"] == "S1" and "." in one["eid"]]
    (row,) = re.findall(r"(?m)^S1 .*", vtysh(ms, "show lisp site summary"))
    configured = sum(one["configured"] for one in ours)
    there = sum(one["registered"] for one in ours)
    assert row.split()[:4] == ["S1", str(configured), str(there), "0"] and there
    (site,) = [one for one in shown["sites"] if one["name"] == "S1"]
    assert (site["ipv4Configured"], site["ipv4Registered"]) == (configured, there)

    size = len(vtysh_json(xtr1, "show lisp ipv4 map-cache json")["mappings"])
    own = len(vtysh_json(xtr1, "show lisp ipv4 database json")["localEids"])
    text = vtysh(xtr1, "show lisp service ipv4 summary")
    assert re.search(rf"(?m)^default +LISP0\.0 +{own} +0 +{size} +- +- +ITR-ETR$", text), text
    assert re.search(rf"(?m)^Total number of database entries: +{own} \(inactive 0\)$", text), text


def test_clear_lisp_site_forgets_registrations_of_one_site_or_all(tgen, wire):
    ms = tgen.net["ms"]
    of = lambda site: {prefix for prefix in registered(ms) if prefix.startswith(site)}
    assert eventually(lambda: PREFIXES <= registered(ms))
    vtysh(ms, "clear lisp instance-id 7 site *")
    assert PREFIXES <= registered(ms)
    vtysh(ms, "clear lisp site S1")
    assert not of("10.1.") and of("10.2.")
    vtysh(ms, "clear lisp site *")
    assert not of("10.2.")
    assert "no site nope" in vtysh(ms, "clear lisp site nope")


def test_running_config_loads_to_the_same_state(tgen):
    # The Map-Server first: it forgets its registrations, the xTRs bring them back.
    for name in ("ms", "xtr1", "xtr2"):
        node = tgen.net[name]
        before = vtysh(node, "show running-config")
        block = before[before.index("router lisp") :]
        block = block[: block.index("\nexit") + len("\nexit")]
        node.cmd_raises("cat > /etc/frr/again.conf", stdin=block + "\n")
        configure(node, "no router lisp")
        assert "router lisp" not in vtysh(node, "show running-config")
        node.cmd_raises("vtysh -f /etc/frr/again.conf")
        assert vtysh(node, "show running-config") == before
    assert eventually(lambda: PREFIXES <= registered(tgen.net["ms"]))
    assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=1), 1) == 1


def test_frr_reload_follows_nested_blocks(tgen):
    node = tgen.net["xtr1"]
    before = vtysh(node, "show running-config")
    changed = before.replace(
        "  192.0.2.10 priority 1 weight 100", "  192.0.2.10 priority 3 weight 50"
    )
    assert changed != before
    for wanted in (changed, before):
        text = wanted[wanted.index("frr version") :]
        node.cmd_raises("cat > /tmp/reload.conf", stdin=text)
        node.cmd_raises(
            "/usr/lib/frr/frr-reload.py --reload --stdout --bindir /usr/bin"
            " --confdir /etc/frr --rundir /var/run/frr /tmp/reload.conf"
        )
        assert vtysh(node, "show running-config") == wanted
