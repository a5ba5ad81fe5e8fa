#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The ITR and its map-cache, rule by rule, with Map-Resolvers made by hand: when it asks
and asks again, what it keeps, for how long, and what has to go.
"""

import json
import os
import signal
import time

import pytest
from lib import lispmsg, lispwire
from lib.lisp import (
    SLOW,
    configure,
    dataplane_counters,
    drops,
    eventually,
    kill,
    lab_fixture,
    ping,
    vtysh,
    vtysh_json,
)
from lib.lispresolver import Resolver
from lisp_itr.topology import TOPOLOGY
from lisp_map_server.messages import Eid, Locator, Record, lcaf

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

FIRST, SECOND = "192.0.2.11", "192.0.2.21"
DEAD = "192.0.2.5"  # nobody has it; an address before the others
ONE = (Locator(FIRST),)
SECONDS = 0x80000000  # in a record's TTL, as deployed stacks have it

# Learnt first: for the last test they are old enough to be idle.
IDLE = {
    "10.200.1.1": Record("10.200.1.0/24", ONE, ttl=60),
    "10.200.2.1": Record("10.200.2.0/24", ONE, ttl=120),
    "10.200.3.1": Record("10.200.3.0/24", ONE, ttl=180),
    "2001:db8:200::1": Record("2001:db8:200::/48", ONE, ttl=30),
}


@pytest.fixture(name="mr", scope="module")
def resolver(tgen):
    "The Map-Resolvers, once the ITR asks them."
    with Resolver(tgen.net["core"], [FIRST, SECOND]) as running:

        def asked():
            poke(tgen, "10.9.9.9")
            return bool(running.requests)

        assert eventually(asked)
        for eid, record in IDLE.items():
            learns(tgen, running, eid, record)
        yield running


def poke(tgen, eid):
    "A packet to an EID; nobody answers it."
    ping(tgen.net["h1"], eid, wait=0.1)


def entries(tgen):
    "The map-cache by EID-prefix."
    shown = vtysh_json(tgen.net["xtr1"], "show lisp map-cache json")
    return {entry["eid"]: entry for entry in shown["mappings"]}


def kind(tgen, prefix):
    "State and source of an entry; None: there is none."
    entry = entries(tgen).get(prefix)
    return entry and (entry["state"], entry["source"])


def learns(tgen, mr, eid, *records):
    "Have an EID asked for and answered by records; the entry of the first."
    mr.answer(f"{eid}/{128 if ':' in eid else 32}", *records)
    poke(tgen, eid)
    learnt = lambda: kind(tgen, records[0].prefix)
    assert eventually(learnt, ("active", "map-reply"), 5) == ("active", "map-reply")
    return entries(tgen)[records[0].prefix]


def uses(tgen, eid):
    "Have the ITR know that an idle entry is in use, however long ago it was learnt."
    packets = lambda: entries(tgen)[IDLE[eid].prefix]["packetsOut"]
    before = packets()
    poke(tgen, eid)
    assert eventually(lambda: packets() > before, True, 15)


# ---- asking ----


def test_T_066_T_068_a_request_is_repeated_ever_slower_at_the_next_resolver(tgen, mr):
    vtysh(tgen.net["xtr1"], "clear lisp map-cache 10.9.9.9/32")
    learns(tgen, mr, "10.39.0.1", Record("10.39.0.0/24", ONE))
    configure(tgen.net["xtr1"], "router lisp", f"ipv4 itr map-resolver {SECOND}")
    poke(tgen, "10.40.0.1")
    times = lambda: len(mr.asked("10.40.0.1/32"))
    assert eventually(times, 4, 12) == 4
    asked = mr.asked("10.40.0.1/32")
    gaps = [after.time - before.time for before, after in zip(asked, asked[1:])]
    assert gaps == pytest.approx([1, 2, 4], abs=0.5 * SLOW)
    assert [request.at for request in asked] == [FIRST, SECOND, FIRST, SECOND]
    assert len({request.nonce for request in asked}) == 4
    configure(tgen.net["xtr1"], "router lisp", f"no ipv4 itr map-resolver {SECOND}")


def test_a_map_resolver_that_does_not_answer_is_asked_last(tgen, mr):
    xtr1 = tgen.net["xtr1"]

    def asked_dead():
        rows = vtysh_json(xtr1, "show lisp statistics json")["mapResolvers"]
        return [row["requests"] for row in rows if row["address"] == DEAD]

    configure(xtr1, "router lisp", "no ipv4 itr map-resolver " + FIRST)
    configure(xtr1, "router lisp", "ipv4 itr map-resolver " + FIRST, "ipv4 itr map-resolver " + DEAD)
    learns(tgen, mr, "10.41.0.1", Record("10.41.0.0/24", ONE))
    assert asked_dead() == [1]
    for number in range(2, 6):
        learns(tgen, mr, f"10.41.{number}.1", Record(f"10.41.{number}.0/24", ONE))
    assert len(mr.asked("10.41.0.0/16")) == 5
    assert asked_dead() == [1]
    configure(xtr1, "router lisp", "no ipv4 itr map-resolver " + DEAD)


def test_the_log_says_when_a_map_resolver_does_not_answer_and_when_it_does_again(tgen, mr):
    xtr1 = tgen.net["xtr1"]
    lines = lambda text: xtr1.cmd_raises("cat lispd.log").count(text)
    silent = f"Map-Resolver {FIRST}: 3 Map-Requests in a row had no answer"
    again = f"Map-Resolver {FIRST} answers again"
    learns(tgen, mr, "10.42.0.1", Record("10.42.0.0/24", ONE))
    before = lines(silent), lines(again)
    for number in range(12):
        poke(tgen, f"10.43.0.{number}")
    assert eventually(lambda: lines(silent), before[0] + 1, 10) == before[0] + 1
    assert lines(again) == before[1]
    learns(tgen, mr, "10.42.1.1", Record("10.42.1.0/24", ONE))
    assert lines(again) == before[1] + 1
    vtysh(xtr1, "clear lisp map-cache 10.43.0.0/24")


@pytest.fixture(name="internet")
def fixture_internet(tgen):
    "Addresses that are not LISP's, with a way back to the site."
    core = tgen.net["core"]
    there = ("198.51.100.1", "198.51.100.2")
    core.cmd_raises("ip route add 10.1.0.0/24 via 192.0.2.10")
    for address in there:
        core.cmd_raises(f"ip addr add {address}/32 dev lo")
    yield there
    for address in there:
        core.cmd_raises(f"ip addr del {address}/32 dev lo")
    core.cmd_raises("ip route del 10.1.0.0/24")
    vtysh(tgen.net["xtr1"], "clear lisp map-cache 198.51.100.0/24")


def test_without_an_answer_packets_are_forwarded_natively_or_dropped_as_configured(
    tgen, mr, internet
):
    xtr1, there = tgen.net["xtr1"], internet[0]
    arrives = lambda: ping(tgen.net["h1"], there, wait=1)
    learns(tgen, mr, "10.44.0.1", Record("10.44.0.0/24", ONE))
    assert eventually(arrives, 1, 15) == 1
    entry = entries(tgen)[there + "/32"]
    assert (entry["state"], entry["action"]) == ("hold", "natively-forward")
    assert len(mr.asked(there + "/32")) == 4
    configure(xtr1, "router lisp", "ipv4 itr no-answer drop")
    assert eventually(arrives, 0, 5) == 0
    assert len(mr.asked(there + "/32")) > 4
    assert kind(tgen, there + "/32") == ("pending", "miss")
    configure(xtr1, "router lisp", "no ipv4 itr no-answer")
    assert eventually(arrives, 1, 15) == 1
    mr.answer(there + "/32", Record("198.51.100.0/24", ONE))
    assert eventually(lambda: kind(tgen, "198.51.100.0/24"), ("active", "map-reply"), 10)
    assert arrives() == 0


def test_when_no_map_resolver_answers_anything_packets_wait_for_one_try_only(tgen, mr, internet):
    there = internet[1]
    learns(tgen, mr, "10.45.0.1", Record("10.45.0.0/24", ONE))
    for number in range(12):
        poke(tgen, f"10.46.0.{number}")
    poke(tgen, there)
    held = lambda: kind(tgen, there + "/32")
    assert eventually(held, ("hold", "miss"), 5) == ("hold", "miss")
    assert len(mr.asked(there + "/32")) < 4
    assert ping(tgen.net["h1"], there) == 1
    vtysh(tgen.net["xtr1"], "clear lisp map-cache 10.46.0.0/24")


def test_nobody_is_asked_for_what_is_outside_of_the_eid_space(tgen, mr, internet):
    xtr1, there = tgen.net["xtr1"], internet[0]
    vtysh(xtr1, "clear lisp map-cache 198.51.100.0/24")
    before = len(mr.asked("198.51.100.0/24"))
    configure(xtr1, "router lisp", "eid-space 10.0.0.0/8")
    assert kind(tgen, "0.0.0.0/0") == kind(tgen, "10.0.0.0/8") == ("negative", "static")
    assert ping(tgen.net["h1"], there) == 1
    assert len(mr.asked("198.51.100.0/24")) == before
    learns(tgen, mr, "10.47.0.1", Record("10.47.0.0/24", ONE))
    configure(xtr1, "router lisp", "no eid-space 10.0.0.0/8")
    assert kind(tgen, "0.0.0.0/0") is kind(tgen, "10.0.0.0/8") is None


def test_an_answer_for_more_than_the_eid_space_is_one_for_it(tgen, mr):
    xtr1 = tgen.net["xtr1"]
    configure(xtr1, "router lisp", "eid-space 10.48.0.0/16")
    mr.answer("10.48.0.1/32", Record("10.48.0.0/15", action=1))
    poke(tgen, "10.48.0.1")
    answered = lambda: kind(tgen, "10.48.0.0/16")
    assert eventually(answered, ("negative", "map-reply"), 5) == ("negative", "map-reply")
    assert "10.48.0.0/15" not in entries(tgen)
    poke(tgen, "10.48.0.2")
    assert not mr.asked("10.48.0.2/32")
    configure(xtr1, "router lisp", "no eid-space 10.48.0.0/16")


def test_a_mapping_that_lost_its_locators_is_asked_for_at_once_and_ever_slower(tgen, mr):
    xtr1, core, lost, other = tgen.net["xtr1"], tgen.net["core"], "203.0.113.1", "203.0.113.2"
    core.cmd_raises(f"ip addr add {other}/32 dev lo")
    routes = (f"ip route {lost}/32 192.0.2.11", f"ip route {FIRST}/32 eth1", f"ip route {other}/32 192.0.2.11")
    configure(xtr1, *routes, "no ip route 0.0.0.0/0 192.0.2.11")
    learns(tgen, mr, "10.38.0.1", Record("10.38.0.0/24", (Locator(lost),)))
    poke(tgen, "10.38.0.2")
    asked = lambda: mr.asked("10.38.0.0/24")
    assert len(asked()) == 1
    configure(xtr1, "no " + routes[0])
    assert eventually(lambda: len(asked()) >= 4, True, 12)
    gaps = [after.time - before.time for before, after in zip(asked()[1:], asked()[2:4])]
    assert gaps == pytest.approx([1, 2], abs=0.99 * SLOW)
    mr.answer("10.38.0.0/24", Record("10.38.0.0/24", (Locator(other),)))
    locators = lambda: [one["address"] for one in entries(tgen)["10.38.0.0/24"]["locators"]]
    assert eventually(locators, [other], 20) == [other]
    configure(xtr1, "ip route 0.0.0.0/0 192.0.2.11", "no " + routes[1], "no " + routes[2])
    core.cmd_raises(f"ip addr del {other}/32 dev lo")
    vtysh(xtr1, "clear lisp map-cache 10.38.0.0/24")


FLOOD = """
import itertools, socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for count, (net, host) in enumerate(itertools.product(range(20), range(250))):
    sock.sendto(b"", (f"10.210.{net}.{host}", 9))
    if count % 100 == 99:
        time.sleep(0.01)  # a TUN device holds 500 packets
"""


def test_packets_to_thousands_of_eids_cause_at_most_1000_queries_a_second(tgen, mr):
    "RFC 7835 section 5; what more is asked for is a counted drop."
    xtr1, h1 = tgen.net["xtr1"], tgen.net["h1"]
    limited = lambda: drops(xtr1).get("rate-limited", 0)
    before = limited()

    def flooded():
        h1.cmd_raises(["/usr/bin/python3", "-c", FLOOD])
        return limited() > before

    def first_asked():
        first = {}
        for request in mr.asked("10.210.0.0/16"):
            first.setdefault(request.eid, request.time)
        return sorted(first.values())

    assert eventually(flooded)
    assert eventually(lambda: len(first_asked()) >= 1000, True, 5)
    # Counted by whole seconds: three of them there are between 2000 and their next.
    times = first_asked()
    assert all(last - first > 0.5 for first, last in zip(times, times[2000:]))
    vtysh(xtr1, "clear lisp map-cache 10.210.0.0/16")


def test_T_124_T_155_T_123_T_125_each_map_server_gets_its_registers_again_until_it_answers(tgen, mr):
    xtr1, servers = tgen.net["xtr1"], (FIRST, SECOND)
    path = os.path.join(tgen.logdir, "registers.pcap")
    with lispwire.Capture(tgen.net["core"], path) as capture:
        began = time.time()

        def registers(server):
            return [
                packet
                for packet in capture.since(began)
                if packet.kind == "Map-Register" and packet.target == server
            ]

        lines = [f"ipv4 etr map-server {server} key 0 of-{server}" for server in servers]
        configure(xtr1, "router lisp", *lines, "ipv4 etr")
        assert eventually(lambda: min(len(registers(s)) for s in servers) >= 4, True, 15)
        for server in servers:
            sent = registers(server)[:4]
            gaps = [after.time - before.time for before, after in zip(sent, sent[1:])]
            assert gaps == pytest.approx([1, 2, 4], abs=0.5 * SLOW)
            nonces = [int(packet.nonce, 16) for packet in sent]
            assert nonces == sorted(set(nonces))
            assert all(packet.want_notify for packet in sent)
    silent = f"Map-Server {FIRST} does not "
    assert eventually(lambda: f"{silent}answer" in vtysh(xtr1, "show lisp service"), True, 5)
    assert f"{silent}acknowledge our ipv4 Map-Registers" in xtr1.cmd_raises("cat lispd.log")
    configure(xtr1, "router lisp", *(f"no {line}" for line in lines), "no ipv4 etr")


@pytest.fixture(name="two_servers")
def one_address_for_two_services(tgen):
    "A Map-Server of both families' EIDs, with a key for each."
    xtr1 = tgen.net["xtr1"]
    lines = [f"{family} etr map-server {FIRST} key 0 of-{family}" for family in ("ipv4", "ipv6")]
    configure(xtr1, "router lisp", *lines, "ipv4 etr", "ipv6 etr")
    yield
    configure(xtr1, "router lisp", *(f"no {line}" for line in lines), "no ipv4 etr", "no ipv6 etr")


@pytest.mark.parametrize("family,taken", [("ipv4", True), ("ipv6", True), ("other", False)])
def test_T_131_a_notify_is_verified_with_the_key_of_its_service(
    tgen, mr, two_servers, family, taken
):
    notify = lispmsg.map_notify("10.1.0.0/24", FIRST, 77, f"of-{family}")
    refused = lambda: drops(tgen.net["xtr1"]).get("authentication-failed", 0)
    before = refused()
    core = tgen.net["core"]
    answer = lispmsg.exchange(core, "192.0.2.10", notify, 0.5, port=0, strict=True)
    assert answer == (
        lispmsg.map_notify_ack("10.1.0.0/24", FIRST, 77, f"of-{family}") if taken else None
    )
    assert refused() == before + (not taken)


# ---- keeping ----


def test_T_115_T_062_T_063_a_mapping_in_use_is_asked_for_before_its_ttl_ends(tgen, mr):
    prefix = "10.50.0.0/24"
    learns(tgen, mr, "10.50.0.1", Record(prefix, ONE, ttl=SECONDS | 11))
    mr.answer(prefix, Record(prefix, ONE, ttl=60))
    asked = lambda: [request.eid for request in mr.asked(prefix)]
    assert asked() == ["10.50.0.1/32"]
    assert eventually(asked, ["10.50.0.1/32", prefix], 12) == ["10.50.0.1/32", prefix]
    first, second = mr.asked(prefix)
    assert 8 < second.time - first.time < 10 * SLOW
    assert (first.source, second.source) == ("10.1.0.10", "0")  # an AFI of 0
    longer = lambda: entries(tgen)[prefix]["expires"] > 3000
    assert eventually(longer, True, 5)


def test_T_010_T_061_T_064_a_request_is_for_one_host_and_names_an_rloc_to_answer_to(tgen, mr):
    learns(tgen, mr, "10.49.0.1", Record("10.49.0.0/16", ONE))
    (request,) = mr.asked("10.49.0.0/16")
    assert (request.records, request.eid) == (1, "10.49.0.1/32")
    assert request.rlocs == ["192.0.2.10"]


def test_T_074_a_ttl_of_the_receivers_choice_is_a_day(tgen, mr):
    entry = learns(tgen, mr, "10.52.0.1", Record("10.52.0.0/16", ONE, ttl=0xFFFFFFFF))
    assert 86300 < entry["expires"] <= 86400


def test_T_078_a_cover_lives_no_longer_than_what_is_in_it(tgen, mr):
    learns(tgen, mr, "10.61.1.1", Record("10.61.1.0/24", ONE, ttl=2))
    cover = learns(tgen, mr, "10.61.2.1", Record("10.61.0.0/16", ONE, ttl=60))
    assert 60 < cover["expires"] <= 120


IN_ANOTHER_INSTANCE = Eid(lcaf(2, bytes([0, 0, 0, 7]) + lispmsg.address("10.62.2.0")), 24)


@pytest.mark.parametrize(
    "eid,prefix", [("10.62.1.1", "10.63.0.0/16"), ("10.62.2.1", IN_ANOTHER_INSTANCE)]
)
def test_T_072_a_record_that_does_not_cover_the_request_is_refused(tgen, mr, eid, prefix):
    reason = "record-does-not-cover-request"
    before, kept = drops(tgen.net["xtr1"]).get(reason, 0), set(entries(tgen))
    mr.answer(f"{eid}/32", Record(prefix, ONE))
    poke(tgen, eid)
    refused = lambda: drops(tgen.net["xtr1"]).get(reason, 0) > before
    assert eventually(refused, True, 5)
    assert set(entries(tgen)) <= kept | {f"{eid}/32"}
    vtysh(tgen.net["xtr1"], f"clear lisp map-cache {eid}/32")


@pytest.mark.parametrize("action", [6, 7])
def test_T_026_an_action_that_is_not_assigned_drops(tgen, mr, action):
    xtr1, prefix = tgen.net["xtr1"], f"10.54.{action}.0/24"
    mr.answer(prefix, Record(prefix, (), action=action))
    poke(tgen, f"10.54.{action}.1")
    kept = ("negative", "map-reply")
    assert eventually(lambda: kind(tgen, prefix), kept, 5) == kept
    dropped = lambda: dataplane_counters(xtr1).get("drop-action", 0)
    before = dropped()
    poke(tgen, f"10.54.{action}.2")
    assert eventually(lambda: dropped() > before, True, 15)


@pytest.mark.parametrize(
    "name,locator",
    [
        ("T_086 of priority 255", Locator(FIRST, priority=255)),
        ("T_087 without R", Locator(FIRST, bits=4)),
    ],
)
def test_no_packet_goes_to_a_locator_that_is_not_to_be_used(tgen, mr, name, locator):
    number = locator.priority
    prefix, path = f"10.55.{number}.0/24", os.path.join(tgen.logdir, f"unused-{number}.pcap")
    learns(tgen, mr, f"10.55.{number}.1", Record(prefix, (locator, Locator(SECOND, priority=9))))
    with lispwire.Capture(tgen.net["core"], path) as capture:
        for host in range(10, 20):
            poke(tgen, f"10.55.{number}.{host}")
        data = [packet for packet in capture.settle() if packet.kind == "data"]
    assert len(data) >= 10
    assert {packet.target for packet in data} == {SECOND}


def test_T_075_a_mapping_ends_with_its_ttl(tgen, mr):
    prefix = "10.51.0.0/24"
    learns(tgen, mr, "10.51.0.1", Record(prefix, ONE, ttl=SECONDS | 2))
    assert eventually(lambda: kind(tgen, prefix), None, 5) is None


def test_T_073_a_record_with_ttl_0_deletes(tgen, mr):
    gone = Record("10.60.1.0/24", ONE)
    learns(tgen, mr, "10.60.1.1", gone)
    learns(tgen, mr, "10.60.2.1", Record("10.60.0.0/16", ONE), gone._replace(ttl=0))
    assert kind(tgen, gone.prefix) is None


def test_T_078_a_mapping_lives_as_long_as_what_its_own_reply_renews(tgen, mr):
    "RFC 9301 section 5.5: the more-specific's lifetime counts as the reply has it."
    inner, outer = Record("10.94.1.0/24", ONE, ttl=SECONDS | 30), Record("10.94.0.0/16", ONE, 60)
    learns(tgen, mr, "10.94.1.1", inner)
    learns(tgen, mr, "10.94.2.1", outer, inner._replace(ttl=60))
    assert entries(tgen)[outer.prefix]["expires"] > 3000


def test_an_answer_for_another_eid_ends_the_query_that_it_settles(tgen, mr):
    settled = Record("10.80.1.1/32", ONE)
    poke(tgen, "10.80.1.1")
    pending = lambda: [
        query["eid"]
        for query in vtysh_json(tgen.net["xtr1"], "show lisp pending json")["queries"]
    ]
    assert eventually(lambda: settled.prefix in pending(), True, 5)
    learns(tgen, mr, "10.80.2.1", Record("10.80.0.0/16", ONE), settled)
    assert kind(tgen, settled.prefix) == ("active", "map-reply")
    assert settled.prefix not in pending()


# ---- what is configured ----

STATIC = "10.70.0.0/16"


@pytest.fixture(name="asks")
def asking(tgen):
    "An entry that says: ask."
    xtr1 = tgen.net["xtr1"]
    configure(xtr1, "router lisp", f"map-cache {STATIC} map-request")
    assert eventually(lambda: kind(tgen, STATIC), ("negative", "static"), 5)
    yield ("negative", "static")
    configure(xtr1, "router lisp", f"no map-cache {STATIC}")
    assert eventually(lambda: kind(tgen, STATIC), None, 5) is None


def test_an_answer_stands_in_for_map_request_until_it_is_cleared(tgen, mr, asks):
    xtr1 = tgen.net["xtr1"]
    config = lambda: vtysh(xtr1, "show running-config")
    before = config()
    learns(tgen, mr, "10.70.1.1", Record(STATIC, ONE))
    assert config() == before
    mr.answer("10.70.2.2/32")
    poke(tgen, "10.70.2.2")
    assert not mr.asked("10.70.2.2/32")
    configure(xtr1, "router lisp", "map-cache 10.71.0.0/16 drop")
    assert eventually(lambda: kind(tgen, "10.71.0.0/16"), ("negative", "static"), 5)
    assert kind(tgen, STATIC) == ("active", "map-reply")
    configure(xtr1, "router lisp", "no map-cache 10.71.0.0/16")
    vtysh(xtr1, f"clear lisp map-cache {STATIC}")
    assert kind(tgen, STATIC) == asks
    poke(tgen, "10.70.2.2")
    assert eventually(lambda: bool(mr.asked("10.70.2.2/32")), True, 5)
    vtysh(xtr1, f"clear lisp map-cache {STATIC}")


def test_map_request_is_back_when_the_answer_ends(tgen, mr, asks):
    learns(tgen, mr, "10.70.3.1", Record(STATIC, ONE, ttl=SECONDS | 2))
    assert eventually(lambda: kind(tgen, STATIC), asks, 5) == asks
    learns(tgen, mr, "10.70.3.1", Record(STATIC, ONE))
    configure(tgen.net["xtr1"], "router lisp", f"map-cache {STATIC} drop")
    assert eventually(lambda: entries(tgen)[STATIC].get("action"), "drop", 5) == "drop"


# ---- lig ----


def lig(tgen, *words):
    "Exit status and output of lig."
    command = " ".join(["lig", *words])
    status, out, _ = tgen.net["xtr1"].cmd_status(["vtysh", "-c", command], warn=False)
    return status, out


def test_lig_asks_as_it_is_told_and_fails_without_an_answer(tgen, mr):
    to, source = f"to {SECOND}", "source 10.1.0.77"
    status, out = lig(tgen, "10.95.0.1", to, source, "count 2")
    assert "*** No map-reply received ***" in out and status
    asked = [(request.at, request.source) for request in mr.asked("10.95.0.1/32")]
    assert asked == [(SECOND, "10.1.0.77")] * 2
    status, out = lig(tgen, "10.95.0.1", "count 1", "json")
    assert json.loads(out)["error"] == "no map-reply received" and status
    assert mr.asked("10.95.0.1/32")[2].at == FIRST


def test_the_first_request_of_the_rpc_goes_to_the_first_map_resolver(tgen, mr):
    xtr1 = tgen.net["xtr1"]
    configure(xtr1, "router lisp", f"ipv4 itr map-resolver {SECOND}")
    query = '{"frr-lispd:lig":{"eid":"10.98.0.1"}}'
    configure(xtr1, f"mgmt rpc /frr-lispd:lig json {query}")
    asked = lambda: [request.at for request in mr.asked("10.98.0.1/32")]
    assert eventually(lambda: len(asked()) >= 2, True, 10)
    assert asked()[:2] == [FIRST, SECOND]
    mr.answer("10.98.0.1/32", Record("10.98.0.0/16", ONE))
    assert eventually(lambda: ligs_of(xtr1), 0, 5) == 0
    configure(xtr1, "router lisp", f"no ipv4 itr map-resolver {SECOND}")


def test_lig_shows_the_answer_and_keeps_nothing_of_it(tgen, mr):
    mr.answer("10.96.0.0/16", Record("10.96.0.0/16", ONE))
    status, out = lig(tgen, "10.96.0.1")
    assert f"Received map-reply from {FIRST}" in out and not status
    status, out = lig(tgen, "10.96.0.1", f"to {SECOND}", "json")
    shown = json.loads(out)
    assert (shown["sentTo"], shown["mapRequestsSent"], status) == (SECOND, 1, 0)
    assert [record["eid"] for record in shown["mappings"]] == ["10.96.0.0/16"]
    assert kind(tgen, "10.96.0.0/16") is None


def test_lig_shows_all_of_a_mapping(tgen, mr):
    "An answer that py-lispnetworking got from the LISP beta network."
    locator = Locator("82.136.213.75", priority=50, weight=50)
    mr.answer("85.184.3.72/29", Record("85.184.3.72/29", (locator,)))
    status, out = lig(tgen, "85.184.3.75")
    lines = [line.split() for line in out.splitlines()]
    entry = "85.184.3.72/29, uptime: 00:00:00, expires: 24:00:00, via map-reply, auth"
    assert lines[-3] == entry.split() and not status
    assert lines[-1] == ["82.136.213.75", "00:00:00", "up", "50/50", "0/0"]


def ligs_of(node):
    "How many Map-Requests are outstanding that are not the ITR's."
    shown = vtysh_json(node, "show lisp pending json")
    return shown["outstanding"] - len(shown["queries"])


@pytest.mark.parametrize(
    "eid, sent", [("10.97.0.1", signal.SIGKILL), ("10.97.0.3", signal.SIGINT)]
)
def test_a_vtysh_that_goes_while_lig_waits_does_no_harm(tgen, mr, eid, sent):
    xtr1 = tgen.net["xtr1"]
    pid = xtr1.cmd_raises("cat /var/run/frr/lispd.pid")
    left = xtr1.popen(["vtysh", "-c", f"lig {eid} count 5"])
    assert eventually(lambda: bool(mr.asked(f"{eid}/32")), True, 5)
    left.send_signal(sent)
    left.wait()
    assert left.returncode
    assert eventually(lambda: ligs_of(xtr1), 0, 2) == 0
    status, _ = lig(tgen, "10.97.0.2", "count 2")
    assert status
    assert xtr1.cmd_raises("cat /var/run/frr/lispd.pid") == pid


# ---- how much is kept ----


def test_T_080_a_set_that_has_no_room_is_not_kept_in_part(tgen, mr):
    xtr1 = tgen.net["xtr1"]
    records = [Record(prefix, ONE) for prefix in ("2001:db8:90::/48", "2001:db8:90:1::/64")]
    configure(xtr1, "router lisp", "ipv6 itr map-cache-limit 2")
    uses(tgen, "2001:db8:200::1")
    mr.answer("2001:db8:90::/48", *records)
    before = drops(xtr1).get("table-full", 0)
    poke(tgen, "2001:db8:90:1::1")
    assert eventually(lambda: drops(xtr1).get("table-full", 0) > before, True, 5)
    assert mr.asked("2001:db8:90::/48")
    assert not {record.prefix for record in records} & set(entries(tgen))
    configure(xtr1, "router lisp", "no ipv6 itr map-cache-limit")
    vtysh(xtr1, "clear lisp map-cache 2001:db8:90::/48")


def test_an_answer_has_the_room_of_its_query_and_no_room_is_a_counted_drop(tgen, mr):
    xtr1 = tgen.net["xtr1"]
    configure(xtr1, "router lisp", "ipv6 itr map-cache-limit 2")
    uses(tgen, "2001:db8:200::1")
    learns(tgen, mr, "2001:db8:5::1", Record("2001:db8:5::/48", ONE))
    before = drops(xtr1).get("table-full", 0)
    poke(tgen, "2001:db8:6::1")
    poke(tgen, "2001:db8:7::1")
    assert eventually(lambda: drops(xtr1).get("table-full", 0) >= before + 2, True, 5)
    assert not mr.asked("2001:db8:6::/47")
    log = xtr1.cmd_raises("cat lispd.log")
    assert log.count("ipv6 map-cache of instance-id 0 is full") == 1
    configure(xtr1, "router lisp", "no ipv6 itr map-cache-limit")


def test_an_idle_entry_makes_way_though_others_would_end_sooner(tgen, mr):
    xtr1, new = tgen.net["xtr1"], Record("10.201.0.0/24", ONE)
    vtysh(xtr1, "clear lisp map-cache 10.0.0.0/9")
    configure(xtr1, "router lisp", "ipv4 itr map-cache-limit 3")
    mr.answer("10.201.0.1/32", new)
    uses(tgen, "10.200.1.1")

    def learnt():
        poke(tgen, "10.200.1.1")
        poke(tgen, "10.201.0.1")
        return kind(tgen, new.prefix)

    assert eventually(learnt, ("active", "map-reply"), 90) == ("active", "map-reply")
    left = {"10.200.1.0/24", "10.200.3.0/24", new.prefix}
    assert {prefix for prefix in entries(tgen) if ":" not in prefix} == left
    configure(xtr1, "router lisp", "no ipv4 itr map-cache-limit")


IN_USE = """
import itertools, socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    for count, (net, host) in enumerate(itertools.product(range(6), range(250))):
        sock.sendto(b"", (f"10.220.{net}.{host}", 9))
        if count % 50 == 49:
            time.sleep(0.02)
"""


def test_a_restart_of_lispd_costs_no_packet_of_many_eids_in_use(tgen, mr):
    "More than are asked for at once: the dataplane goes on with them until they are answered."
    xtr1, many = tgen.net["xtr1"], "10.220.0.0/16"
    mr.answer(many, Record("10.220.0.0/32", ONE), each=True)
    sender = tgen.net["h1"].popen(["/usr/bin/python3", "-c", IN_USE])
    eids = lambda since: {one.eid for one in mr.asked(many) if one.time >= since}
    misses = lambda: vtysh_json(xtr1, "show lisp statistics json")["events"]["cache-misses"]
    settled = lambda: eventually(lambda: misses() > before, True, 3)
    try:
        assert eventually(lambda: len(eids(0)), 1500) == 1500
        before = misses()
        assert not settled()
        kill(xtr1, "lispd")
        began = time.time()
        xtr1.startRouterDaemons(["lispd"])
        assert eventually(lambda: len(eids(began)), 1500, 60) == 1500
        before = 0
        assert not settled()
        assert set(entries(tgen)) >= eids(began)
    finally:
        sender.kill()
        sender.wait()
    times = sorted(one.time for one in mr.asked(many) if one.time >= began)
    assert all(last - first > 0.5 for first, last in zip(times, times[600:]))
