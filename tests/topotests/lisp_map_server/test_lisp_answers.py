#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The Map-Server and Map-Resolver, rule by rule, with messages made by hand: what is answered
and forwarded, and what gets no answer.
"""

import ipaddress
import json
import os
import random
import struct
import time

import pytest
from lib import lispmsg, lispwire
from lib.lisp import configure, eventually, lab_fixture, vtysh
from lisp_map_server import messages
from lisp_map_server.asking import (  # fixture_reachable: used by name
    ETR1,
    ETR2,
    ITR,
    MS,
    NATIVELY_FORWARD,
    ONE,
    SAFE,
    WIDE,
    ask,
    fixture_reachable,
    happened,
    refused,
    register,
    send,
)
from lisp_map_server.messages import Locator, Record
from lisp_map_server.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)


def test_T_187_T_188_T_189_a_proxy_reply_is_nobodys_own(tgen):
    register(tgen, Record("10.12.0.0/16", ONE))
    found = ask(tgen, "10.12.3.4")
    assert [r.prefix for r in found] == ["10.12.0.0/16"]
    assert not found[0].authoritative
    assert found[0].locators == (Locator(ETR1, bits=1),)


def test_a_proxy_reply_has_locators_of_any_length(tgen):
    "One record is sent whole: RFC 9301 section 5 has no other way."
    text = json.dumps({"about": "x" * 1700}).encode()
    body = struct.pack("!H", len(text)) + text + lispmsg.address(ETR1)
    long = (Locator(messages.lcaf(14, body)),)
    assert register(tgen, Record("10.13.0.0/16", long)) is not None
    (found,) = ask(tgen, "10.13.3.4")
    assert found.prefix == "10.13.0.0/16"
    assert [loc.address for loc in found.locators] == [long[0].address]
    register(tgen, Record("10.13.0.0/16", (), 0))


def test_long_locators_have_a_key_each_in_the_state(tgen):
    "A path of many hops is longer than a key of libyang; both differ in the last hop."
    hops = [f"198.51.100.{n}" for n in range(1, 20)]
    paths = [
        messages.lcaf(10, b"".join(bytes(2) + lispmsg.address(hop) for hop in (*hops, last)))
        for last in (ETR1, ETR2)
    ]
    record = Record("10.13.0.0/16", tuple(map(Locator, paths)))
    assert register(tgen, record) is not None
    text = vtysh(tgen.net["ms"], "show mgmt get-data /frr-lispd:lisp/state/registrations")
    tree = json.loads(text[: text.rindex("}") + 1])
    (found,) = [
        one
        for one in tree["frr-lispd:lisp"]["state"]["registrations"]["mapping"]
        if one["eid"] == "10.13.0.0/16"
    ]
    (registration,) = found["registration"]
    assert len({locator["address"] for locator in registration["locator"]}) == 2
    register(tgen, Record("10.13.0.0/16", (), 0))


def test_more_specifics_come_along(tgen):
    register(tgen, Record("10.13.0.0/16", ONE), Record("10.13.7.0/24", (Locator(ETR2),)))
    assert [r.prefix for r in ask(tgen, "10.13.0.1")] == ["10.13.0.0/16", "10.13.7.0/24"]
    assert [r.prefix for r in ask(tgen, "10.13.7.1")] == ["10.13.7.0/24"]


def test_a_prefix_with_too_many_more_specifics_is_answered_in_part(tgen):
    register(tgen, Record("10.14.0.0/16", ONE))
    many = [Record(f"10.14.{i}.0/24", (Locator(ETR2),)) for i in range(0, 128)]
    for start in range(0, len(many), 16):
        assert register(tgen, *many[start : start + 16]) is not None
    found = ask(tgen, "10.14.200.1")
    assert [r.prefix for r in found] == ["10.14.128.0/17"]
    assert found[0].locators == (Locator(ETR1, bits=1),)


@pytest.mark.parametrize("rlocs", [[ITR], ["2001:db8:dead::1", ITR]], ids=["one", "two"])
def test_T_049_a_proxy_reply_fits_every_itr_rloc_that_it_may_go_to(tgen, rlocs):
    "More would fit over IPv6, but there is no way to that one."
    tgen.net["ms"].cmd_raises("ip -6 route replace unreachable 2001:db8:dead::/48")
    register(tgen, Record("10.45.0.0/16", ONE))
    many = [Record(f"10.45.{i}.0/24", (Locator(ETR2),)) for i in range(32)]
    assert register(tgen, *many[:16]) and register(tgen, *many[16:])
    inner = lispmsg.map_request("10.45.200.1", None, 0x49, itr_rlocs=rlocs)
    answer = send(tgen, lispmsg.ecm(ITR, "10.45.200.1", inner))
    assert len(answer) <= SAFE
    assert [record.prefix for record in messages.reply(answer)[1]] == ["10.45.128.0/17"]


def test_no_answer_covers_a_registered_more_specific(tgen):
    "Of a prefix without an ETR that can be asked the rest is negative, not the more specific."
    own = (Locator(MS),)
    register(tgen, Record("10.17.0.0/16", own), flags=messages.NOTIFY)
    register(tgen, Record("10.17.1.0/24", ONE))
    (found,) = ask(tgen, "10.17.5.5")
    assert (found.prefix, found.locators, found.ttl) == ("10.17.4.0/22", (), 1)


@pytest.mark.parametrize(
    "asked,mask_len,answer",
    [
        # 10.14.0.0/24 and 127 more are registered in it: too many for one reply
        ("10.14.0.0", 16, ("10.14.0.0/24", (Locator(ETR2, bits=1),))),
        # not registered, but a part of it
        ("10.47.1.0", 24, ("10.47.1.0/25", (Locator(ETR1, bits=1),))),
    ],
    ids=["too many", "not registered"],
)
def test_who_has_the_first_address_of_a_prefix_answers(tgen, asked, mask_len, answer):
    register(tgen, Record("10.47.1.0/25", ONE))
    eid = messages.Eid(lispmsg.address(asked), mask_len)
    (found,) = ask(tgen, eid)
    assert (found.prefix, found.locators) == answer


def test_T_190_T_191_T_192_T_193_forwarding_leaves_the_inner_packet_alone(tgen):
    locators = (Locator(ETR1, priority=255), Locator(ETR2), Locator("192.0.2.63", bits=4))
    register(tgen, Record("10.15.0.0/16", locators), flags=messages.NOTIFY)
    message = messages.request("10.15.1.1", ITR, 0x77, source_port=50000)
    forwarded = send(tgen, message)
    assert forwarded[0] == 0x82  # ECM, E bit
    assert forwarded[4:] == message[4:]


def test_the_site_answers_itself_if_that_is_asked_for(tgen):
    register(tgen, Record("10.16.0.0/16", ONE))
    forwarded = send(tgen, messages.request("10.16.0.1", ITR, 1, flags=0x08))
    assert forwarded[0] == 0x82


@pytest.mark.parametrize(
    "name,eid,prefix,ttl",
    [
        ("T_183 nobody's", "11.22.33.44", "11.0.0.0/8", 15),
        ("T_214 between two", "10.64.5.1", "10.64.0.0/10", 15),
        ("T_184 a site's, not registered", "10.130.0.1", "10.128.0.0/9", 1),
        ("T_195 IPv6", "2001:db8:f::1", "2001:db8::/40", 15),
    ],
)
def test_negative_replies(tgen, name, eid, prefix, ttl):
    found = ask(tgen, eid)
    assert found == [
        Record(prefix, (), ttl, action=NATIVELY_FORWARD, authoritative=False)
    ]


def test_a_map_resolver_alone_does_not_say_what_there_is_not(tgen):
    "Of a family without Map-Server and ALT nothing is known, site or not."
    ms = tgen.net["ms"]
    configure(ms, "router lisp", "no ipv6 map-server")
    try:
        for eid in ("2001:db8:100::1", "2001:db8:ffff::1"):
            before = refused(tgen, "alt-not-ready")
            assert send(tgen, messages.request(eid, ITR, 5)) is None
            assert refused(tgen, "alt-not-ready") == before + 1
    finally:
        configure(ms, "router lisp", "ipv6 map-server")


def test_a_reply_goes_to_the_port_inside_the_ecm(tgen):
    register(tgen, Record("10.12.0.0/16", ONE))
    for eid in ("10.12.0.1", "10.131.0.1"):
        message = messages.request(eid, ITR, 3, source_port=62337)
        answer = messages.reply(send(tgen, message, port=62337))
        assert answer is not None and answer[0] == 3


@pytest.mark.parametrize("eid", ["10.12.0.1", "11.0.0.1"], ids=["proxy", "negative"])
def test_T_225_the_address_that_was_asked_answers(tgen, eid):
    "As with several of anycast: from it, and from port 4342."
    ms, client, anycast = tgen.net["ms"], tgen.net["client"], "192.0.2.70"
    ms.cmd_raises(f"ip addr replace {anycast}/32 dev lo")
    client.cmd_raises(f"ip route replace {anycast} via {MS}")
    register(tgen, Record("10.12.0.0/16", ONE))
    message = messages.request(eid, ITR, 5, source_port=40001)
    answer = send(tgen, message, 1, target=anycast, port=40001, strict=True)
    assert messages.reply(answer)[0] == 5


def test_T_215_no_hole_overlaps_what_is_registered(tgen):
    rng = random.Random(9301)
    known = [
        ipaddress.ip_network((0x0AC00000 | rng.getrandbits(22) & ~0xFF, 24))
        for _ in range(48)
    ]
    for start in range(0, len(known), 16):
        records = [Record(str(net), ONE) for net in known[start : start + 16]]
        assert register(tgen, *records) is not None
    for _ in range(10):
        eid = ipaddress.ip_address(0x0AC00000 | rng.getrandbits(22))
        if any(eid in net for net in known):
            continue
        (found,) = ask(tgen, str(eid))
        hole = ipaddress.ip_network(found.prefix)
        assert eid in hole
        assert not any(hole.overlaps(net) for net in known)
        wider = hole.supernet()
        assert any(wider.overlaps(net) for net in known), "least specific"


def test_T_011_each_record_of_a_request_is_answered(tgen):
    register(tgen, Record("10.12.0.0/16", ONE))
    register(tgen, Record("10.17.0.0/16", (Locator(ETR2),)), flags=messages.NOTIFY)
    inner = lispmsg.map_request("10.12.0.1", ITR, 0x0B, more=["10.17.0.1", "11.0.0.1"])
    message = lispmsg.ecm(ITR, "10.12.0.1", inner, source_port=4342)
    found = lispmsg.answers(tgen.net["client"], MS, message)
    forwarded = [answer for answer in found if answer[0] == 0x82]
    replies = [messages.reply(answer) for answer in found if answer[0] != 0x82]
    assert [nonce for nonce, _ in replies] == [0x0B, 0x0B]
    assert [r.prefix for _, records in replies for r in records] == [
        "10.12.0.0/16",
        "11.0.0.0/8",
    ]
    (one,) = forwarded
    assert one[4 + 20 + 8 :] == lispmsg.map_request("10.17.0.1", ITR, 0x0B)


def test_T_011_a_request_of_very_many_records_is_answered_in_part(tgen):
    before, left = happened(tgen, "negative-map-replies-out"), refused(tgen, "reply-full")
    more = [f"11.0.1.{i}" for i in range(40)]
    inner = lispmsg.map_request("11.0.0.1", ITR, 0x0B, more=more)
    lispmsg.answers(tgen.net["client"], MS, lispmsg.ecm(ITR, "11.0.0.1", inner), 0.5)
    assert happened(tgen, "negative-map-replies-out") == before + 16
    assert refused(tgen, "reply-full") == left + 41 - 16


@pytest.mark.parametrize("eid", ["10.12.0.1", "10.131.0.1"], ids=["proxy", "negative"])
def test_T_136_a_reply_goes_to_the_first_itr_rloc_that_there_is_a_way_to(tgen, eid):
    register(tgen, Record("10.12.0.0/16", ONE))
    tgen.net["ms"].cmd_raises("ip -6 route replace unreachable 2001:db8:dead::/48")
    inner = lispmsg.map_request(eid, None, 9, itr_rlocs=["2001:db8:dead::1", ITR])
    answer = messages.reply(send(tgen, lispmsg.ecm(ITR, eid, inner)))
    assert answer is not None and answer[0] == 9


@pytest.mark.parametrize(
    "eid,itr,event",
    [
        ("10.12.0.1", ETR1, "proxy-map-replies-out"),
        ("10.131.0.1", ETR2, "negative-map-replies-out"),
        ("10.17.0.1", ITR, "map-requests-forwarded-to-etr"),
    ],
)
def test_T_145_a_map_server_is_no_reflector(tgen, eid, itr, event):
    register(tgen, Record("10.12.0.0/16", ONE))
    register(tgen, Record("10.17.0.0/16", (Locator(ETR2),)), flags=messages.NOTIFY)
    before, limited = happened(tgen, event), refused(tgen, "rate-limited")
    message, began = messages.request(eid, itr, 1), time.monotonic()
    lispmsg.answers(tgen.net["client"], MS, message, 0.1, copies=10000)
    assert eventually(lambda: refused(tgen, "rate-limited") > limited, seconds=5)
    most = 2000 + 1000 * (time.monotonic() - began)
    assert happened(tgen, event) - before <= most


def test_T_222_what_a_client_asks_is_limited(tgen):
    "Requests that want no answer: what is in the limit has another reason to get none."
    inner = bytearray(lispmsg.map_request("11.0.0.1", ITR, 1))
    inner[2] |= 0x20  # D
    message = lispmsg.ecm(ITR, "11.0.0.1", bytes(inner))
    before, limited = refused(tgen, "do-not-reply"), refused(tgen, "rate-limited")
    began = time.monotonic()
    lispmsg.answers(tgen.net["client"], MS, message, 0.1, copies=10000)
    assert eventually(lambda: refused(tgen, "rate-limited") > limited, seconds=5)
    taken = refused(tgen, "do-not-reply") - before
    assert 0 < taken <= 2000 + 1000 * (time.monotonic() - began)


@pytest.mark.parametrize("eid", ["10.12.0.1", "11.0.0.1"], ids=["proxy", "negative"])
def test_T_220_a_reply_goes_to_the_itr_rloc_and_not_to_who_sent_the_ecm(tgen, eid):
    register(tgen, Record("10.12.0.0/16", ONE))
    path = os.path.join(tgen.logdir, f"itr-rloc-{eid}.pcap")
    with lispwire.Capture(tgen.net["client"], path) as capture:
        send(tgen, messages.request(eid, ETR2, 0x220))
        found = [packet for packet in capture.settle() if packet.kind == "Map-Reply"]
    assert [(packet.target, int(packet.nonce, 16)) for packet in found] == [(ETR2, 0x220)]


def test_what_is_for_an_etr_is_not_forwarded_again(tgen):
    register(tgen, Record("10.17.0.0/16", (Locator(ETR2),)), flags=messages.NOTIFY)
    before = happened(tgen, "map-requests-forwarded-to-etr")
    inner = lispmsg.map_request("10.17.0.1", ITR, 1)
    message = lispmsg.ecm(ITR, "10.17.0.1", inner, flags=lispmsg.TO_ETR)
    refusals = refused(tgen, "role-not-enabled")
    assert send(tgen, message, 0.3) is None
    assert refused(tgen, "role-not-enabled") == refusals + 1
    assert happened(tgen, "map-requests-forwarded-to-etr") == before


UNWANTED = {
    "T_182 a probe": (
        lispmsg.map_request("10.12.0.1", ITR, 1, flags=0x02),
        "probe-to-mapping-system",
    ),
    "T_219 a probe in an ECM": (
        messages.request("10.12.0.1", ITR, 1, flags=0x02),
        "probe-in-ecm",
    ),
    "T_194 a reply": (lispmsg.map_reply("10.12.0.0/16", ITR, 1), "nonce-unknown"),
    "an ECM in an ECM": (
        lispmsg.ecm(ITR, "10.12.0.1", messages.request("10.12.0.1", ITR, 1)),
        "nested-ecm",
    ),
    "a register in an ECM": (
        lispmsg.ecm(ITR, MS, messages.register([Record("10.12.0.0/16", ONE)], WIDE)),
        "bad-ecm-inner",
    ),
}


@pytest.mark.parametrize("name", UNWANTED)
def test_what_gets_no_answer_and_is_counted(tgen, name):
    message, reason = UNWANTED[name]
    before = refused(tgen, reason)
    assert send(tgen, message, 0.3) is None
    assert refused(tgen, reason) == before + 1
