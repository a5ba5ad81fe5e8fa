#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The Map-Server, rule by rule, with messages made by hand: who may register what, what is
kept, merged, withdrawn, and what the log has of it.
"""

import re
import struct

import pytest
from lib import lispmsg
from lib.lisp import configure, eventually, lab_fixture, registered, vtysh, vtysh_json
from lisp_map_server import messages
from lisp_map_server.asking import (  # fixture_reachable: used by name
    ETR1,
    ETR2,
    GEO,
    ITR,
    MS,
    NATIVELY_FORWARD,
    ONE,
    SAFE,
    WIDE,
    ask,
    ask_quietly,
    fixture_reachable,
    happened,
    lifetime,
    refused,
    register,
    send,
)
from lisp_map_server.messages import Locator, Record
from lisp_map_server.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

# ---- what the log has; first, while it has room for lines about this peer ----


def test_each_change_of_a_registration_is_in_the_log_with_its_cause(tgen):
    record = Record("10.23.0.0/16", ONE)
    many = tuple(Locator(f"198.51.100.{n}") for n in range(1, 34))
    flags = messages.PROXY | messages.NOTIFY | messages.USE_TTL
    who = f"xTR {ITR}, xTR-ID none, key-id 0, sha256"

    def logged(what, by=who):
        line = f"site WIDE: EID-prefix {record.prefix} {what}: {by}"
        return line in tgen.net["ms"].cmd_raises("cat lispd.log")

    register(tgen, record)
    assert logged("registered")
    register(tgen, record._replace(locators=(), ttl=0))
    assert logged("withdrawn")
    register(tgen, record._replace(locators=many))
    assert logged("refused: too-many-locators", f"xTR {ITR}, key-id 0, sha256")
    register(tgen, record._replace(ttl=0x80000001), flags=flags)
    assert eventually(lambda: logged("expired"), True, 5)


@pytest.mark.parametrize(
    "prefix,secret,site,reason",
    [
        ("10.23.0.0/16", "wrong", "site WIDE", "authentication-failed"),
        ("11.0.0.0/16", WIDE, "no site", "eid-prefix-not-configured"),
    ],
)
def test_a_register_that_is_refused_is_in_the_log(tgen, prefix, secret, site, reason):
    line = f"{site}: Map-Register of {prefix}, key-id 0, sha256 and 0 more from {ITR} refused: "

    def logged():
        register(tgen, Record(prefix, ONE), secret=secret)
        return line + reason in tgen.net["ms"].cmd_raises("cat lispd.log")

    assert eventually(logged)


REFUSALS = {
    "a wrong key": ("10.23.0.0/16", "wrong", "WIDE", "authentication-failed"),
    "an EID of no site": ("11.0.0.0/16", WIDE, None, "eid-prefix-not-configured"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_who_was_refused_and_why_is_shown(tgen, name):
    ms, (prefix, secret, site, reason) = tgen.net["ms"], REFUSALS[name]
    vtysh(ms, "clear lisp statistics")
    assert vtysh(ms, "show lisp errors") == "Nothing was refused\n"
    for _ in range(2):
        register(tgen, Record(prefix, ONE), secret=secret)
    errors = vtysh_json(ms, "show lisp errors json")["errors"]
    (one,) = [error for error in errors if error["message"] == "map-register"]
    assert one["last"] <= 5 and one.get("site") == site
    wanted = {"peer": ITR, "reason": reason, "eid": prefix, "instanceId": 0, "count": 2}
    assert wanted.items() <= one.items()
    line = f"{prefix} from {ITR}, reason {reason}, 2 times"
    assert line in vtysh(ms, "show lisp site")
    assert (line in vtysh(ms, "show lisp site WIDE detail")) == bool(site)
    line = rf"(?m)^map-register +{ITR} .*{reason} +{prefix}"
    assert re.search(line, vtysh(ms, "show lisp errors"))


def test_a_source_that_is_no_locator_is_told(tgen):
    shown = lambda: vtysh(tgen.net["ms"], "show lisp site 10.24.0.0/16")
    register(tgen, Record("10.24.0.0/16", ONE))
    assert "source differs from its locators: a NAT" in shown()
    register(tgen, Record("10.24.0.0/16", (Locator(ITR), *ONE)))
    assert "source differs" not in shown()
    register(tgen, Record("10.24.0.0/16", (), ttl=0))


FLOOD = """import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(30000):
    s.sendto(bytes(1000), ("%s", 4342))"""


def test_what_the_socket_had_no_room_for_is_counted(tgen):
    ms, client = tgen.net["ms"], tgen.net["client"]
    lost = lambda: happened(tgen, "datagrams-lost-at-the-socket")
    before = lost()
    ms.cmd_raises("kill -STOP $(cat /var/run/frr/lispd.pid)")
    try:
        client.cmd_raises(["/usr/bin/python3", "-c", FLOOD % MS])
    finally:
        ms.cmd_raises("kill -CONT $(cat /var/run/frr/lispd.pid)")
    assert eventually(lambda: ask_quietly(tgen) is not None, True, 10)
    assert lost() > before
    vtysh(ms, "clear lisp statistics")


UNKNOWN = {
    "unknown-afi": (0, struct.pack("!H4x", 99)),
    "bad-lcaf": (0, struct.pack("!HBBBBH", 16387, 0, 0, 200, 0, 0)),
    "no-xtr-id": (0x10, lispmsg.address("10.1.0.1")),  # with I and without the trailer
}


@pytest.mark.parametrize("reason", UNKNOWN)
def test_T_002_T_005_T_016_what_is_not_known_is_in_the_log(tgen, reason):
    flags, eid = UNKNOWN[reason]
    head = struct.pack("!BBBBQH", 0x10, flags, 0, 1, 7, 0) + lispmsg.address(ITR)
    assert send(tgen, head + bytes([0, 32]) + eid) is None
    line = f"map-request from {ITR} dropped: {reason}"
    assert eventually(lambda: line in tgen.net["ms"].cmd_raises("cat lispd.log"), True, 5)


def test_debug_shows_records_and_rlocs(tgen):
    ms = tgen.net["ms"]
    vtysh(ms, "debug lisp packet")
    register(tgen, Record("10.25.0.0/16", ONE))
    ask(tgen, "10.25.0.1", nonce=0x25)
    vtysh(ms, "no debug lisp packet")
    log = ms.cmd_raises("cat lispd.log")
    assert "record 10.25.0.0/16, ttl 1440, action" in log
    assert re.search(rf" {ETR1} pri/wei=1/100 [Ll]p[Rr]\n", log)
    assert "asks for 10.25.0.1/32, Source-EID" in log
    assert f"ITR-RLOC {ITR}" in log
    register(tgen, Record("10.25.0.0/16", (), ttl=0))


def test_an_xtr_without_a_dataplane_says_so(tgen):
    ms, why = tgen.net["ms"], "the dataplane is not connected"
    told = lambda: why in vtysh(ms, "show lisp service")
    assert not told()
    configure(ms, "router lisp", "ipv4 etr")
    assert eventually(told, True, 5)
    logged = "dataplane not connected: zebra does not run, or runs without -M lisp_dplane"
    assert eventually(lambda: logged in ms.cmd_raises("cat lispd.log"), True, 10)
    configure(ms, "router lisp", "no ipv4 etr")
    assert eventually(told, False, 5) is False


# ---- authentication ----


@pytest.mark.parametrize("algorithm", [messages.SHA1, messages.SHA256, messages.HKDF])
@pytest.mark.parametrize("lengths", [messages.FULL, messages.TRUNCATED])
def test_T_161_T_172_T_175_every_algorithm_and_length(tgen, algorithm, lengths):
    nonce = 0x1000 + algorithm
    notify = register(
        tgen,
        Record("10.1.0.0/16", ONE),
        algorithm=algorithm,
        lengths=lengths,
        nonce=nonce,
    )
    assert notify[0] >> 4 == 4
    assert notify[4:12] == nonce.to_bytes(8, "big")
    assert notify[12:14] == bytes([0, algorithm])
    assert int.from_bytes(notify[14:16], "big") == lengths[algorithm]
    assert messages.notify_is_signed(notify, WIDE)


@pytest.mark.parametrize(
    "name,key_id,algorithm,secret,taken",
    [
        ("T_281 the old key", 1, messages.SHA1, "the-old-one", True),
        ("T_281 and the new one", 2, messages.SHA256, "the-new-one", True),
        ("T_162 a derived one", 5, messages.HKDF, "the-derived-one", True),
        ("one that is over", 3, messages.SHA256, "over-since-long", False),
        ("one that is not yet", 4, messages.SHA256, "not-for-a-while", False),
        ("T_163 of another key-id", 1, messages.SHA256, "the-new-one", False),
        ("of another algorithm", 2, messages.SHA1, "the-new-one", False),
        ("T_167 an unknown key-id", 9, messages.SHA256, "", False),
    ],
)
def test_keys_of_the_file(tgen, name, key_id, algorithm, secret, taken):
    notify = register(
        tgen,
        Record("172.16.0.0/24", ONE),
        secret=secret,
        key_id=key_id,
        algorithm=algorithm,
    )
    assert (notify is not None) == taken


@pytest.mark.parametrize("key_id", [1, 255])
def test_T_163_the_key_of_the_configuration_has_key_id_0_alone(tgen, key_id):
    before = refused(tgen, "unknown-key-id")
    assert register(tgen, Record("10.3.0.0/16", ONE), key_id=key_id) is None
    assert refused(tgen, "unknown-key-id") == before + 1
    assert "10.3.0.0/16" not in registered(tgen.net["ms"])


def test_T_167_a_nonce_of_0_is_authenticated_as_any(tgen):
    record = Record("10.3.0.0/16", ONE)
    assert register(tgen, record, secret="wrong", nonce=0) is None
    assert "10.3.0.0/16" not in registered(tgen.net["ms"])


def test_T_284_no_algorithm_is_no_way_in(tgen):
    before = refused(tgen, "algorithm-not-allowed")
    assert register(tgen, Record("10.3.0.0/16", ONE), algorithm=0) is None
    assert refused(tgen, "algorithm-not-allowed") == before + 1
    assert "10.3.0.0/16" not in registered(tgen.net["ms"])


def test_the_key_file_is_read_again_when_it_is_replaced_and_only_if_private(tgen):
    ms, record = tgen.net["ms"], Record("172.16.0.0/24", ONE)

    def taken(secret):
        return register(tgen, record, secret=secret, key_id=6) is not None

    line = "rolling 6 hmac-sha-256-128"
    ms.cmd_raises(f"echo '{line} fresh' > /etc/frr/new; chmod 644 /etc/frr/new")
    ms.cmd_raises("chown frr:frr /etc/frr/new; mv /etc/frr/new /etc/frr/lisp.keys")
    assert eventually(
        lambda: "0600" in str(vtysh_json(ms, "show lisp service json")), seconds=5
    )
    assert not taken("fresh")
    ms.cmd_raises("chmod 600 /etc/frr/lisp.keys")
    assert eventually(lambda: taken("fresh"), seconds=10)
    ms.cmd_raises(f"echo '{line}' > /etc/frr/lisp.keys")
    assert taken("fresh"), "a line that cannot be read must not cost the good keys"


def test_keys_end_with_their_file_and_are_not_those_of_another(tgen):
    ms, line = tgen.net["ms"], "rolling 7 hmac-sha-256-128 seven"
    key_file = lambda: (vtysh_json(ms, "show lisp service json") or {}).get("keyFile")
    path, other = "/etc/frr/lisp.keys", "/etc/frr/none.keys"
    gone = lambda where: {"path": where, "keys": 0, "error": "No such file or directory"}
    there = {"path": path, "keys": 1}

    def put():
        ms.cmd_raises("install -o frr -g frr -m 600 /dev/stdin /etc/frr/new", stdin=line)
        ms.cmd_raises(f"mv /etc/frr/new {path}")

    put()
    assert eventually(key_file, there, 5) == there
    ms.cmd_raises(f"rm {path}")
    assert eventually(key_file, gone(path), 5) == gone(path)
    put()
    assert eventually(key_file, there, 5) == there
    configure(ms, "router lisp", f"key-file {other}")
    assert eventually(key_file, gone(other), 5) == gone(other)
    record = Record("172.16.0.0/24", ONE)
    assert register(tgen, record, secret="seven", key_id=7) is None
    configure(ms, "router lisp", "no key-file")
    assert eventually(key_file, there, 5) == there
    assert register(tgen, record, secret="seven", key_id=7) is not None


# ---- what is let in ----


def test_T_169_more_specifics_only_where_they_are_accepted(tgen):
    before = refused(tgen, "eid-prefix-not-configured")
    assert register(tgen, Record("172.17.1.0/24", ONE)) is None
    assert register(tgen, Record("172.17.0.0/16", ONE)) is not None
    assert refused(tgen, "eid-prefix-not-configured") == before + 1


def test_T_199_a_record_that_is_not_allowed_is_left_out(tgen):
    records = [Record(p, ONE) for p in ("10.4.0.0/16", "9.9.9.0/24", "10.5.0.0/16")]
    notify = register(tgen, *records)
    assert notify[3] == 2
    assert {"10.4.0.0/16", "10.5.0.0/16"} <= registered(tgen.net["ms"])
    assert "9.9.9.0/24" not in registered(tgen.net["ms"])


def test_records_of_sites_with_different_keys_are_refused(tgen):
    before = refused(tgen, "records-of-several-sites")
    mixed = [Record("10.6.0.0/16", ONE), Record("172.16.0.0/24", ONE)]
    assert register(tgen, *mixed) is None
    assert refused(tgen, "records-of-several-sites") == before + 1
    assert "10.6.0.0/16" not in registered(tgen.net["ms"])
    one_key = [Record("10.6.0.0/16", ONE), Record("172.17.0.0/16", ONE)]
    assert register(tgen, *one_key)[3] == 2


def test_T_173_no_notify_unless_it_is_wanted(tgen):
    assert register(tgen, Record("10.7.0.0/16", ONE), flags=messages.PROXY) is None
    assert "10.7.0.0/16" in registered(tgen.net["ms"])


def test_T_174_a_notify_that_answers_is_sent_once(tgen):
    message = messages.register([Record("10.7.0.0/16", ONE)], WIDE)
    assert len(lispmsg.answers(tgen.net["client"], MS, message, 4)) == 1


@pytest.mark.parametrize("flags, trailer", [(0, b""), (messages.XTR_ID, bytes(24))])
def test_T_049_a_notify_that_would_be_too_long_is_several(tgen, giving_back, flags, trailer):
    records = [Record(f"10.43.{i}.0/24", (Locator(ETR1), Locator(ETR2))) for i in range(30)]
    flags |= messages.PROXY | messages.NOTIFY
    message = messages.register(records, WIDE, nonce=0x49, flags=flags, trailer=trailer)
    assert len(message) > SAFE
    found = lispmsg.answers(tgen.net["client"], MS, message, 0.5)
    assert len(found) > 1 and max(map(len, found)) <= SAFE
    assert min(map(len, found[:-1])) > SAFE - 50, "as much as fits"
    assert all(messages.notify_is_signed(notify, WIDE) for notify in found)
    assert {notify[4:12] for notify in found} == {message[4:12]}
    bare = [notify[: len(notify) - len(trailer)] for notify in found]
    assert [one for notify in bare for one in messages.notified(notify)] == records
    assert all(notify.endswith(trailer) for notify in found)


def test_T_049_a_notify_of_one_record_is_as_long_as_that(tgen):
    long = tuple(Locator(f"2001:db8::{n:x}") for n in range(1, 31))
    notify = register(tgen, Record("10.44.0.0/16", long))
    assert len(notify) > SAFE and messages.notified(notify)[0].locators == long


def test_T_179_an_ack_that_does_not_verify_is_a_counted_drop(tgen):
    before = refused(tgen, "authentication-failed")
    ack = bytearray(messages.register([Record("10.7.0.0/16", ONE)], WIDE))
    ack[0] = 0x50  # the MAC is that of a Map-Register
    assert send(tgen, bytes(ack), 0.3) is None
    assert refused(tgen, "authentication-failed") == before + 1


@pytest.fixture(name="giving_back")
def giving_the_xtr_id_back(tgen):
    configure(tgen.net["ms"], "router lisp", "site WIDE", "map-notify xtr-id")
    yield
    configure(tgen.net["ms"], "router lisp", "site WIDE", "no map-notify xtr-id")


def notify_of_an_xtr_with_id(tgen, trailer):
    flags = messages.PROXY | messages.NOTIFY | messages.XTR_ID
    return register(tgen, Record("10.8.0.0/16", ONE), flags=flags, trailer=trailer)


def test_T_176_the_xtr_id_comes_back_where_the_site_asks_for_it(tgen, giving_back):
    trailer = bytes(range(24))
    notify = notify_of_an_xtr_with_id(tgen, trailer)
    assert notify[0] == 0x48
    assert notify[-24:] == trailer
    assert messages.notify_is_signed(notify, WIDE)


def test_T_007_the_bits_of_a_map_notify_are_0(tgen):
    notify = notify_of_an_xtr_with_id(tgen, bytes(range(24)))
    assert notify[:3] == b"\x40\0\0"
    (record,) = messages.notified(notify)
    assert record.prefix == "10.8.0.0/16" and not notify.endswith(bytes(range(24)))
    assert messages.notify_is_signed(notify, WIDE)


def test_T_197_an_older_map_version_is_refused(tgen):
    assert register(tgen, Record("10.9.0.0/16", ONE, version=0x010)) is not None
    assert register(tgen, Record("10.9.0.0/16", (), version=0x00F)) is None
    assert ask(tgen, "10.9.0.1")[0].locators != ()
    assert register(tgen, Record("10.9.0.0/16", ONE, version=0x011)) is not None


@pytest.mark.parametrize(
    "kept,next_one,taken",
    [
        (69, 70, True),
        (69, 2117, True),
        (69, 2118, False),
        (2117, 69, False),
        (2118, 69, True),
        (4095, 1, True),
        (1, 4095, False),
    ],
)
def test_T_197_T_335_map_versions_wrap(tgen, kept, next_one, taken):
    def put(version, **options):
        record = Record("10.19.0.0/16", ONE, version=version, **options)
        return register(tgen, record) is not None

    assert put(0, ttl=0) and put(kept)
    assert put(next_one) == taken


# ---- what is kept ----


def test_T_181_without_merge_the_newest_register_counts(tgen):
    flags = messages.PROXY | messages.NOTIFY | messages.XTR_ID
    rlocs = lambda: [loc.address for loc in ask(tgen, "10.21.0.1")[0].locators]
    for address in (ETR1, ETR2):
        record = Record("10.21.0.0/16", (Locator(address),))
        assert register(tgen, record, flags=flags, trailer=bytes([1] * 24)) is not None
        assert rlocs() == [address]
    withdrawal = Record("10.21.0.0/16", (), 0)
    assert register(tgen, withdrawal, flags=flags, trailer=bytes([1] * 24)) is not None
    assert "10.21.0.0/16" not in registered(tgen.net["ms"])


def test_T_180_T_181_merge_replace_and_withdraw(tgen):
    flags = messages.PROXY | messages.NOTIFY | messages.XTR_ID | messages.MERGE
    one, two = bytes([1] * 24), bytes([2] * 24)

    def put(locators, xtr, ttl=1440):
        record = Record("10.10.0.0/16", tuple(map(Locator, locators)), ttl)
        assert register(tgen, record, flags=flags, trailer=xtr) is not None

    def rlocs():
        return {loc.address for loc in ask(tgen, "10.10.0.1")[0].locators}

    put([ETR1, "198.51.100.1"], one)
    put([ETR2], two)
    assert rlocs() == {ETR1, ETR2, "198.51.100.1"}
    put([ETR1], one)
    assert rlocs() == {ETR1, ETR2}
    put([], one, ttl=0)
    assert rlocs() == {ETR2}
    put([], two, ttl=0)
    assert "10.10.0.0/16" not in registered(tgen.net["ms"])


THREE = bytes([3] * 24)


@pytest.mark.parametrize(
    "former,later",
    [
        pytest.param(b"", b"", id="no xTR-ID"),
        pytest.param(b"", THREE, id="an xTR-ID later"),
        pytest.param(THREE, b"", id="an xTR-ID before"),
        pytest.param(THREE, THREE, id="an xTR-ID"),
        pytest.param(THREE, THREE[:16] + bytes(8), id="another Site-ID"),
    ],
)
def test_an_xtr_that_changed_its_source_leaves_nothing_behind(tgen, former, later):
    "Its link to ETR1's address was cut: it registers, and withdraws, from elsewhere."
    ms, client = tgen.net["ms"], tgen.net["client"]
    both = Record("10.11.0.0/16", (Locator(ETR1), Locator(ITR)))

    def put(record, trailer):
        flags = messages.PROXY | messages.NOTIFY | (messages.XTR_ID if trailer else 0)
        assert register(tgen, record, flags=flags, trailer=trailer) is not None

    client.cmd_raises(f"ip route add {MS}/32 dev eth1 src {ETR1}")
    try:
        put(both, former)
    finally:
        client.cmd_raises(f"ip route del {MS}/32")
    put(both, later)
    shown = vtysh_json(ms, "show lisp site json")["mappings"]
    (registrations,) = [one["registrations"] for one in shown if one["eid"] == both.prefix]
    assert [one["etr"] for one in registrations] == [ITR]
    put(both._replace(locators=(), ttl=0), later)
    assert both.prefix not in registered(ms)


def test_a_record_of_more_locators_than_are_kept_is_refused(tgen):
    "33 of them: what was acknowledged is what is answered."
    reason = "too-many-locators"
    before = refused(tgen, reason)
    some = lambda count: tuple(Locator(f"198.51.100.{n}") for n in range(1, count + 1))
    assert register(tgen, Record("10.22.0.0/16", some(33))) is None
    assert refused(tgen, reason) == before + 1
    assert "10.22.0.0/16" not in registered(tgen.net["ms"])
    assert register(tgen, Record("10.22.0.0/16", some(32))) is not None
    assert len(ask(tgen, "10.22.0.1")[0].locators) == 32


@pytest.mark.parametrize(
    "locator",
    [messages.lcaf(200, b"abcd"), messages.lcaf(1, b""), "232.9.9.9", "fe80::1"],
    ids=["an unknown LCAF", "an empty list", "a group", "a link's"],
)
def test_a_record_of_which_no_locator_can_be_one_is_refused(tgen, locator):
    "It would be the negative mapping of a site that is there."
    reason, prefix = "no-usable-locator", "10.24.0.0/16"
    before = refused(tgen, reason)
    assert register(tgen, Record(prefix, (Locator(locator),))) is None
    assert refused(tgen, reason) == before + 1
    assert prefix not in registered(tgen.net["ms"])


def test_locators_that_are_left_out_are_counted(tgen):
    event = "register-records-with-locators-left-out"
    before = happened(tgen, event)
    answer = register(tgen, Record("10.24.0.0/16", (Locator("232.9.9.9"), Locator(ETR1))))
    assert messages.notified(answer) == [Record("10.24.0.0/16", (Locator(ETR1),))]
    assert happened(tgen, event) == before + 1


def test_T_170_a_registration_lives_180_seconds_from_the_last_one(tgen):
    record = Record("10.18.0.0/16", ONE, ttl=1440)
    register(tgen, record)
    assert 170 < lifetime(tgen, "10.18.0.0/16") <= 180
    assert eventually(lambda: lifetime(tgen, "10.18.0.0/16") < 178)
    register(tgen, record, nonce=2)
    assert lifetime(tgen, "10.18.0.0/16") >= 178


def test_T_171_the_record_ttl_is_the_lifetime_if_asked(tgen):
    flags = messages.PROXY | messages.NOTIFY | messages.USE_TTL
    register(tgen, Record("10.11.0.0/16", ONE, ttl=2), flags=flags)
    assert 110 < lifetime(tgen, "10.11.0.0/16") <= 120
    # The top bit makes it seconds, as lispers.net has it.
    register(tgen, Record("10.11.0.0/16", ONE, ttl=0x80000002), flags=flags)
    assert "10.11.0.0/16" in registered(tgen.net["ms"])
    assert eventually(
        lambda: "10.11.0.0/16" not in registered(tgen.net["ms"]), seconds=6
    )


def test_T_198_ipv6_eids_over_ipv4_and_ipv6(tgen):
    client, prefix = "2001:db8:f000:50::51", "2001:db8:101::/48"
    record = Record(prefix, (Locator(ETR1), Locator(client)))
    message = messages.register([record], WIDE)
    assert send(tgen, message) is not None
    assert send(tgen, message, target="2001:db8:f000:50::50") is not None
    found = ask(tgen, "2001:db8:101::1")
    assert [r.prefix for r in found] == [prefix]
    assert [loc.address for loc in found[0].locators] == [ETR1, client]


# ---- locators that are no plain addresses ----

HOP = lispmsg.address("192.0.2.99")
LCAFS = {
    "an AFI-List": (
        messages.lcaf(1, lispmsg.address(ETR2) + messages.name("etr.two")),
        f"afi-list({ETR2},name:etr.two)",
    ),
    "source and destination": (
        messages.lcaf(
            12, bytes([0, 0, 24, 16]) + lispmsg.address("10.0.0.0") + HOP
        ),
        "source-dest-key(source-mask 24,dest-mask 16,10.0.0.0,192.0.2.99)",
    ),
    "Geo": (
        GEO,
        f"geo-coordinates(51-30-26-N,0-7-39-W,35 m,{ETR1})",
    ),
    "NAT": (
        messages.lcaf(
            7, bytes.fromhex("10f64e21") + 3 * lispmsg.address(ETR1) + HOP
        ),
        f"nat-traversal(ms-port 4342,etr-port 20001,{ETR1},{ETR1},{ETR1},192.0.2.99)",
    ),
    "a path": (
        messages.lcaf(10, b"\0\1" + HOP + b"\0\2" + lispmsg.address(ETR1)),
        f"explicit-locator-path(192.0.2.99/S,{ETR1}/P)",
    ),
    "a key": (
        messages.lcaf(
            11, bytes.fromhex("010005000004deadbeef") + lispmsg.address(ETR1)
        ),
        f"security-key(algorithm 5,1 keys,{ETR1})",
    ),
    "replication": (
        messages.lcaf(13, bytes([0, 0, 0, 7]) + HOP),
        "replication-list(192.0.2.99/level 7)",
    ),
    "JSON": (
        messages.lcaf(14, b'\0\x07{"a":1}' + lispmsg.address(ETR2)),
        'json({"a":1},192.0.2.62)',
    ),
}


def shown_locators(tgen, prefix):
    shown = vtysh_json(tgen.net["ms"], f"show lisp site {prefix} json")
    (found,) = [mapping for mapping in shown["mappings"] if mapping["eid"] == prefix]
    return found["registrations"][0]["locators"]


@pytest.mark.parametrize("name", LCAFS)
def test_T_028_a_locator_of_any_kind_is_given_back_to_the_octet(tgen, name):
    octets, text = LCAFS[name]
    prefix = "10.40.0.0/16"
    given = (Locator(octets, bits=7), Locator(ETR2, priority=3), Locator(ETR1))
    back = (Locator(ETR1), Locator(ETR2, priority=3), Locator(octets))
    answer = register(tgen, Record(prefix, given, action=3))
    assert messages.notified(answer) == [Record(prefix, back)]
    assert messages.notify_is_signed(answer, WIDE)

    found = ask(tgen, "10.40.0.1")
    assert found[0].locators == tuple(loc._replace(bits=1) for loc in back)
    assert shown_locators(tgen, prefix)[2]["address"] == text
    out = tgen.net["ms"].cmd_raises(f"vtysh -c 'show lisp site {prefix}'")
    assert text in out


def test_T_028_locators_that_differ_in_an_octet_are_two(tgen):
    paths = [
        messages.lcaf(10, bits + HOP + b"\0\0" + lispmsg.address(ETR1))
        for bits in (b"\0\0", b"\0\1")
    ]
    prefix = "10.41.0.0/16"
    for i, path in enumerate(paths):
        register(
            tgen,
            Record(prefix, (Locator(path),)),
            flags=messages.PROXY | messages.MERGE | messages.XTR_ID,
            trailer=bytes([i]) * 24,
        )
    assert [loc.address for loc in ask(tgen, "10.41.0.1")[0].locators] == paths


@pytest.mark.parametrize("name", ["a path", "replication"])
def test_a_request_goes_to_the_etr_and_not_to_a_hop(tgen, name):
    "192.0.2.99 is nobody's: what goes there is not seen."
    register(
        tgen,
        Record("10.42.0.0/16", (Locator(LCAFS[name][0]),)),
        flags=messages.NOTIFY,
    )
    forwarded = send(tgen, messages.request("10.42.1.1", ITR, 0x77))
    assert forwarded is not None and forwarded[0] == 0x82


# ---- EIDs that are no IP prefixes ----


def group(source_len, group_len, source, address):
    body = struct.pack("!IHBB", 0, 0, source_len, group_len)
    body += lispmsg.address(source) + lispmsg.address(address)
    return messages.Eid(messages.lcaf(9, body), 0)


def mac(text, mask_len=48):
    return messages.Eid(b"\0\6" + bytes.fromhex(text.replace(":", "")), mask_len)


def name(text):
    return messages.Eid(messages.name(text), 8 * (len(text) + 1))


# EID, its text, one inside it, one that nobody registered, and the hole around that
KINDS = {
    "a MAC": (
        mac("00:50:56:aa:00:01"),
        "00:50:56:aa:00:01/48",
        mac("00:50:56:aa:00:01"),
        mac("00:50:56:2a:00:01"),
        mac("00:50:56:00:00:00", 25),
    ),
    "a source and a group": (
        group(16, 32, "10.1.0.0", "232.1.1.1"),
        "(10.1.0.0/16,232.1.1.1/32)",
        group(32, 32, "10.1.2.3", "232.1.1.1"),
        group(32, 32, "10.1.2.3", "232.129.1.1"),
        group(0, 9, "0.0.0.0", "232.128.0.0"),
    ),
    "a name": (
        name("ietf.lisp"),
        "name:ietf.lisp",
        name("ietf.lisp.wg"),
        name("ietf.bier"),
        name("ietf.b"),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_eid_of_any_kind_is_registered_answered_and_shown(tgen, kind):
    eid, text, inside, other, hole = KINDS[kind]
    answer = register(tgen, Record(eid, ONE))
    assert messages.notified(answer) == [Record(eid, ONE)]
    assert text in registered(tgen.net["ms"])
    assert text in tgen.net["ms"].cmd_raises(f"vtysh -c 'show lisp site {text}'")

    for asked in (eid, inside):
        (found,) = ask(tgen, asked)
        assert found.prefix == eid
        assert found.locators == (Locator(ETR1, bits=1),)
    (found,) = ask(tgen, other)
    assert (found.prefix, found.action, found.ttl) == (hole, NATIVELY_FORWARD, 1)

    register(tgen, Record(eid, ONE), flags=messages.NOTIFY)
    message = messages.request(inside, ITR, 0x78)
    forwarded = send(tgen, message)
    assert forwarded[0] == 0x82 and forwarded[4:] == message[4:]


def test_a_source_of_several_groups_is_no_eid(tgen):
    before = refused(tgen, "source-of-several-groups")
    eid = group(16, 8, "10.1.0.0", "232.0.0.0")
    assert send(tgen, messages.request(eid, ITR, 1), 0.3) is None
    assert refused(tgen, "source-of-several-groups") == before + 1
    assert register(tgen, Record(eid, ONE)) is None


def test_eids_of_any_kind_are_configured_as_they_are_shown(tgen):
    out = tgen.net["ms"].cmd_raises("vtysh -c 'show running-config'")
    for line in (
        "  eid-prefix 00:50:56:00:00:00/24 accept-more-specifics",
        "  eid-prefix (*,232.0.0.0/8) accept-more-specifics",
        "  eid-prefix name:ietf accept-more-specifics",
    ):
        assert line in out


def test_T_160_failures_are_counted_at_the_site(tgen):
    ms = tgen.net["ms"]
    assert register(tgen, Record("10.20.0.0/16", ONE), secret="wrong") is None
    out = ms.cmd_raises("vtysh -c 'show lisp site WIDE'")
    assert "uthentication failures" in out


def test_all_of_this_works_without_a_dataplane(tgen):
    shown = vtysh_json(tgen.net["ms"], "show lisp dataplane json")
    assert shown["connected"] is False
