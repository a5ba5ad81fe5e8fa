#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The management plane: every command and every `no`, what is shown loads again, what
cannot hold is refused with a reason, no secret is printed.
"""

import os
import re

import pytest
from lib import lisptty
from lib.lisp import configure, eventually, lab_fixture, vtysh, vtysh_json
from lisp_config.router import (  # loaded: the fixture r1
    EMPTY,
    HERE,
    clear,
    lines_of,
    load,
    loaded,
    shown,
)
from lisp_config.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

SECRETS = ("topsecret", "othersecret")
tgen = lab_fixture(TOPOLOGY, __file__)


def test_every_command_is_shown_in_its_canonical_form(tgen):
    r1 = tgen.net["r1"]
    clear(r1)
    said = load(r1, "typed.conf")
    assert said.count("use key-name and a key file") == 2
    assert shown(r1) == lines_of("shown.conf")


def test_what_is_shown_loads_to_the_same(tgen):
    r1 = tgen.net["r1"]
    clear(r1)
    assert "%" not in load(r1, "shown.conf")
    assert shown(r1) == lines_of("shown.conf")


@pytest.mark.parametrize("name", ["sites", "instances", "map-server", "alt"])
def test_each_use_case_of_the_guide_is_the_same_in_the_form_of_ios_xe(tgen, name):
    r1 = tgen.net["r1"]

    def loaded(form):
        with open(os.path.join(HERE, "use-cases", name + form), encoding="ascii") as file:
            lisp = re.search(r"^router lisp\n(?:[ !].*\n)+(?:exit\n)?", file.read(), re.M)
        clear(r1)
        r1.cmd_raises("cat > /tmp/use-case.conf", stdin=lisp.group(0))
        assert "%" not in r1.cmd_raises("vtysh -f /tmp/use-case.conf")
        return shown(r1)

    classic, ios_xe = loaded(".conf"), loaded("-ios-xe.conf")
    clear(r1)
    assert classic == ios_xe and len(classic) > len(EMPTY)


def test_the_daemon_has_what_is_configured(r1):
    def service():
        shown = vtysh_json(r1, "show lisp service json")
        mine = [one for one in shown["services"] if not one["instanceId"]]
        return shown | {one["addressFamily"]: one for one in mine}

    assert eventually(lambda: service()["ipv4"]["mapCacheLimit"], 500, 5) == 500
    found = service()
    assert found["xtrId"] == "0123456789abcdef0123456789abcdef"
    assert found["siteId"] == 18446744073709551615
    assert found["ipv4"]["itr"] and found["ipv4"]["etr"] and found["ipv4"]["mapServer"]
    assert found["ipv6"]["itr"] and found["ipv6"]["mapResolver"]
    assert found["ipv6"]["altVrf"] == "ALT"
    of = lambda one: (one["instanceId"], one["addressFamily"])
    peers = lambda kind: [one for one in found[kind] if of(one) == (0, "ipv4")]
    assert [one["address"] for one in peers("mapResolvers")] == ["198.51.100.9", "2001:db8:f000::9"]
    servers = {one["address"]: one for one in peers("mapServers")}
    assert servers["198.51.100.6"]["keyName"] == "site1"
    assert servers["198.51.100.8"]["proxyReply"]

    database = vtysh_json(r1, "show lisp database json")["localEids"]
    assert [(one["instanceId"], one["eid"]) for one in database] == [
        (0, "10.1.0.0/24"),
        (0, "2001:db8:1::/64"),
        (101, "10.1.0.0/24"),
        (102, "10.1.0.0/24"),
    ]
    assert database[0]["locatorSet"] == "home"
    assert [one.get("address") for one in database[1]["locators"]] == [
        "192.0.2.1",
        "2001:db8:f000::1",
    ]

    sites = vtysh_json(r1, "show lisp site json")["mappings"]
    assert {one["eid"] for one in sites if one["site"] == "S1"} == {
        "10.1.0.0/16",
        "2001:db8:1::/48",
    }

    cache = vtysh_json(r1, "show lisp map-cache json")["mappings"]
    actions = {(one["instanceId"], one["eid"]): one.get("action") for one in cache}
    assert actions == {
        (0, "0.0.0.0/0"): "send-map-request",
        (0, "10.0.0.0/8"): "send-map-request",
        (0, "2001:db8::/32"): "send-map-request",
        (0, "::/0"): "natively-forward",
        (0, "10.7.0.0/16"): "natively-forward",
        (0, "10.8.0.0/16"): "drop",
        (0, "10.9.0.0/16"): None,
        (0, "2001:db8:7::/48"): "no-action",
        (101, "10.9.0.0/16"): "drop",
        (102, "10.9.0.0/16"): None,
    }


# Lines of `router lisp` that begin a block
BLOCKS = (" locator-set ", " site ", " eid-table ")


def test_every_no_form_takes_its_line_away(r1):
    typed = []
    for line in lines_of("shown.conf"):
        if line.startswith(BLOCKS) or line.strip() == "exit":
            typed.append(line)
        elif line != "router lisp":
            typed.append("no " + line.strip())
    assert configure(r1, "router lisp", *typed[:-1]) == ""
    left = [line for line in lines_of("shown.conf") if line.startswith(BLOCKS)]
    lines = ["router lisp", *[x for one in left for x in (one, " exit")], "exit"]
    assert shown(r1) == lines


def test_the_short_no_forms(r1):
    said = configure(
        r1,
        "router lisp",
        "no site-id",
        "no xtr-id",
        "no key-file",
        "no loc-reach-algorithm",
        "no database-mapping 10.1.0.77/24",
        "no database-mapping 2001:db8:1::/64",
        "no ipv4 itr",
        "no ipv4 itr map-resolver 198.51.100.9",
        "no ipv4 itr map-resolver 2001:db8:f000::9",
        "no ipv4 itr map-cache-limit",
        "no ipv4 itr no-answer",
        "no ipv4 etr",
        "no ipv4 etr map-cache-ttl",
        "no ipv4 etr map-server 198.51.100.6",
        "no ipv4 etr map-server 198.51.100.7",
        "no ipv4 etr map-server 198.51.100.8",
        "no ipv4 map-server",
        "no ipv6 map-server",
        "no ipv6 map-resolver",
        "no ipv6 map-resolver map-server",
        "no ipv6 alt-vrf",
        "site S1",
        "no description",
        "no authentication-key",
        "exit",
        "no site S1",
        "no site S2",
        "no site XE",
        "no ipv6 itr",
        "no instance-id 101",
        "no eid-table default instance-id 102",
        "no locator-set home",
        "no locator-set away",
        "no locator-set xe",
        "no map-cache 0.0.0.0/0",
        "no map-cache 10.7.0.0/16",
        "no map-cache 10.8.0.0/16",
        "no map-cache 10.9.0.0/16",
        "no map-cache 2001:db8:7::/48",
        "no eid-space 10.0.0.0/8",
        "no eid-space 2001:db8::/32",
        "no alt tunnel gre1",
        "no alt tunnel gre2",
        "no dataplane queue-per-eid",
        "no dataplane queue-total",
    )
    assert said == ""
    assert shown(r1) == EMPTY


@pytest.mark.parametrize(
    "lines, reason",
    [
        (("database-mapping 0.0.0.0/0 locator-set home",), "all traffic"),
        (("database-mapping 224.0.0.0/8 locator-set home",), "multicast"),
        (("database-mapping 10.1.0.0/24 192.0.2.1",), "either a locator-set or RLOCs"),
        (("locator-set home", "224.0.0.1"), "multicast"),
        (("locator-set home", "127.0.0.1"), "loopback"),
        (("locator-set home", "::1"), "loopback"),
        (("locator-set home", "interface averyveryverylongname ipv4"), "1 to 15"),
        (("locator-set a/b",), "locator-set's name"),
        (("locator-set home", "192.0.2.9 weight 101"), "%"),
        (("site-id 18446744073709551616",), "uint64"),
        (("xtr-id 01",), "32 hexadecimal"),
        (("key-file lisp.keys",), "absolute path"),
        (("ipv4 itr map-resolver 224.0.0.1",), "unicast"),
        (("ipv4 map-resolver map-server 224.0.0.1",), "unicast"),
        (("ipv4 etr map-server 198.51.100.5",), "incomplete"),
        (("ipv4 etr map-server 198.51.100.5 key 7 08",), "type 7"),
        (("ipv4 alt-vrf default",), "underlay"),
        (("instance-id 102", "ipv4 alt-vrf ALT101"), "ALT of instance-id 101 and of instance-id 102"),
        (("instance-id 102", "ipv4 alt-vrf RED"), "ALT of instance-id 102 and the EID table of"),
        (("eid-table vrf ALT101 instance-id 200",), "EID table of instance-id 200"),
        (("locator-table vrf ALT101",), "ALT of instance-id 101 and the locator table"),
        (("eid-table vrf RED instance-id 200",), "instance-id 101 and of instance-id 200"),
        (("database-mapping 10.93.0.0/24 locator-set it's",), "letters, digits"),
        (("instance-id 102", "service ipv6", "alt-vrf ALT"), "one ALT VRF for both families"),
        (
            ("instance-id 102", "alt tunnel gre1 source 192.0.2.1 destination 192.0.2.2"),
            "another instance has a tunnel of this name",
        ),
        (
            (
                "instance-id 102",
                "alt tunnel gre3 source 192.0.2.1 destination 198.51.100.1 key 4294967295",
            ),
            "different keys",
        ),
        (("site S2", "eid-prefix 10.1.0.0/16"), "belongs to site S1"),
        (("site a/b",), "site's name"),
        (("site S1", "authentication-key 7 xyz"), "type 7"),
        (("map-cache 10.9.0.0/16 drop",), "either an action or RLOCs"),
        (("alt tunnel gre3 source 192.0.2.1 destination 192.0.2.1",), "same address"),
        (("alt tunnel gre3 source 192.0.2.1 destination 2001:db8::2",), "same family"),
        (("alt tunnel lisp0 source 192.0.2.1 destination 192.0.2.2",), "another"),
        (
            ("alt tunnel gre3 source 2001:db8:f000::1 destination 2001:db8:f000::2",),
            "different keys",
        ),
        (("no eid-table vrf WRONG instance-id 101",), "It is VRF RED that is configured"),
        (("instance-id 101", "no eid-table vrf WRONG"), "It is VRF RED that is configured"),
        (("no locator-table vrf WRONG",), "It is VRF default that is configured"),
        (("dataplane queue-per-eid 100",), "must not exceed"),
        (("ipv4 etr map-server 198.51.100.5 key 0",), "The key is missing"),
        (("ipv4 etr map-server 198.51.100.5 key 7",), "The key is missing"),
        (("ipv4 etr map-server 198.51.100.5 key proxy-reply",), "The key is missing"),
        (("site S1", "authentication-key 7"), "The key is missing"),
        (("site S1", "authentication-key key-name"), "The name of the key is missing"),
        (("site 10.1.0.1",), "like an EID"),
        (("site 2001:db8::1",), "like an EID"),
        (("site name:x",), "like an EID"),
    ],
)
def test_a_line_that_cannot_hold_is_refused_with_the_reason(r1, lines, reason):
    said = configure(r1, "router lisp", *lines)
    assert reason in said, said
    assert shown(r1) == lines_of("shown.conf")


@pytest.mark.parametrize(
    "lines, reason",
    [
        (("site-id 5",), "site-id 18446744073709551615"),
        (("xtr-id " + 32 * "0",), "xtr-id 0123456789abcdef0123456789abcdef"),
        (("key-file /etc/frr/third.keys",), "key-file /etc/frr/other.keys"),
        (("database-mapping 10.1.0.0/24 locator-set away",), "locator-set home"),
        (("database-mapping 2001:db8:1::/64 locator-set home",), "has no locator-set"),
        (("database-mapping 2001:db8:1::/64 192.0.2.1 priority 9",), "priority 1"),
        (("map-cache 10.8.0.0/16 natively-forward",), "action drop"),
        (("map-cache 10.9.0.0/16 drop",), "has no action"),
        (("map-cache 10.9.0.0/16 198.51.100.99 weight 7",), "weight 100"),
        (("alt tunnel gre1 source 192.0.2.9 destination 198.51.100.1",), "source 192.0.2.1"),
        (("alt tunnel gre1 source 192.0.2.1 destination 192.0.2.9",), "destination 198.51.100.1"),
        (
            ("alt tunnel gre2 source 2001:db8:f000::1 destination 2001:db8:f000::2 key 5",),
            "has no key",
        ),
        (("ipv4 itr map-cache-limit 7",), "map-cache-limit 500"),
        (("ipv4 itr no-answer natively-forward",), "no-answer drop"),
        (("ipv4 etr map-cache-ttl 61",), "record-ttl 60"),
        (("ipv6 map-resolver map-server 198.51.100.7",), "map-resolver-map-server 198.51.100.6"),
        (("ipv6 alt-vrf OTHER",), "alt-vrf ALT"),
        (("ipv4 etr map-server 198.51.100.6 key-name other",), "key-name site1"),
        (("ipv4 etr map-server 198.51.100.6 key other",), "not the key"),
        (("ipv4 etr map-server 198.51.100.8 key other",), "not the key"),
        (("ipv4 etr map-server 198.51.100.8 key-name other",), "has no key-name"),
        (
            ("ipv4 etr map-server 198.51.100.8 key topsecret hash-function sha2",),
            "algorithm hmac-sha-1-96",
        ),
        (("ipv4 etr map-server 198.51.100.6 key-name site1 proxy-reply",), "proxy-reply false"),
        (("site S1", "description another"), "description the first site, of many"),
        (("site S1", "authentication-key other"), "not the key"),
        (("site S2", "authentication-key key-name other"), "key-name site2"),
        (("site S2", "eid-prefix 10.2.0.0/16 accept-more-specifics"), "accepted false"),
        (("locator-set home", "192.0.2.1 priority 2"), "priority 1"),
        (("locator-set home", "interface eth0 ipv4 weight 5"), "weight 100"),
        (("dataplane queue-total 51",), "queue-total 50"),
    ],
)
def test_a_no_form_of_another_value_is_refused_with_the_one_that_is_configured(r1, lines, reason):
    said = configure(r1, "router lisp", *lines[:-1], "no " + lines[-1])
    assert reason in said, said
    assert "topsecret" not in said and shown(r1) == lines_of("shown.conf")


def test_a_no_form_of_what_is_not_configured_changes_nothing(r1):
    absent = ["ipv4 etr map-server 203.0.113.9 proxy-reply", "ipv6 itr map-cache-limit 7"]
    absent += ["map-cache 10.99.0.0/16 drop", "database-mapping 10.99.0.0/16 locator-set home"]
    absent += ["ipv4 alt-vrf ALT", "alt tunnel gre9 source 192.0.2.1 destination 192.0.2.2"]
    assert configure(r1, "router lisp", *[f"no {line}" for line in absent]) == ""
    assert shown(r1) == lines_of("shown.conf")


def test_a_no_form_may_write_the_value_in_another_way(r1):
    lines = ["no ipv6 alt-vrf ALT", "no map-cache 2001:db8:7::/48 no-action"]
    lines.append("no alt tunnel gre2 source 2001:DB8:F000:0::1 destination 2001:db8:f000::2")
    lines.append("no ipv4 etr map-server 198.51.100.8 key 0 topsecret")
    assert configure(r1, "router lisp", *lines) == ""
    gone = (" alt tunnel gre2 ", " ipv4 etr map-server 198.51.100.8 ")
    gone += (" map-cache 2001:db8:7::/48 ", " ipv6 alt-vrf ALT")
    assert shown(r1) == [one for one in lines_of("shown.conf") if not one.startswith(gone)]


@pytest.mark.parametrize("secret", ["key-name", "7", "proxy-reply"])
def test_a_key_may_be_a_keyword_where_its_type_is_said(r1, secret):
    site = ("router lisp", "site S2")
    assert "%" not in configure(r1, *site, f"authentication-key 0 {secret}")
    assert "not the key" in configure(r1, *site, "no authentication-key 0 other")
    assert configure(r1, *site, f"no authentication-key 0 {secret}") == ""


def lines_of_family(family, eid):
    "Lines of a `service` block."
    lines = ["itr", f"database-mapping {eid} locator-set home", f"map-cache {eid} drop"]
    return [f"service {family}", *lines, f"eid-space {eid}", "exit"]


@pytest.mark.parametrize("block", [[], ["instance-id 102"]])
def test_no_service_takes_all_lines_of_its_family_along(r1, block):
    clear(r1)
    configure(r1, "router lisp", *block, *lines_of_family("ipv6", "2001:db8:5::/48"))
    before = shown(r1)
    configure(r1, "router lisp", *block, *lines_of_family("ipv4", "10.5.0.0/16"))
    assert len(shown(r1)) == len(before) + 4
    assert configure(r1, "router lisp", *block, "no service ipv4") == ""
    assert shown(r1) == before and len(before) > 5


def test_no_service_that_is_too_much_for_one_command_says_so(r1):
    clear(r1)
    lines = [f"map-cache 10.{number}.0.0/16 drop" for number in range(20)]
    configure(r1, "router lisp", *lines)
    before = shown(r1)
    said = configure(r1, "router lisp", "no service ipv4")
    assert "The block has 20 EID-prefixes" in said and shown(r1) == before


REFUSED_BLOCKS = [
    # known by its nodes, whether it is indented or not, and left by a word of another node
    """\
eid-table vrf RED instance-id 7
 ipv4 itr
 service ipv6
  map-cache-limit 77
  exit
 database-mapping 10.7.0.0/24 locator-set home
exit
""",
    """\
eid-table vrf RED instance-id 7
ipv4 itr map-resolver 198.51.100.77
service ipv6
map-cache-limit 77
exit-service-ipv6
nonsense
do show lisp service
exit-instance-id
""",
    "site a/b\neid-prefix 10.7.0.0/24\n",
    "eid-table vrf RED instance-id 7\nipv4 itr\nend\nconfigure terminal\nrouter lisp\n",
    # no command at all: by its indentation
    """\
dynamic-eid ROAM
 database-mapping 10.7.0.0/24 locator-set home
 exit-dynamic-eid
""",
    "dynamic-eid ROAM\n ipv4 itr map-resolver 198.51.100.77\nexit\n",
]


@pytest.mark.parametrize("block", REFUSED_BLOCKS)
def test_lines_typed_into_a_refused_block_are_refused(r1, block):
    after = "map-cache 10.77.0.0/16 drop\nexit\nip route 10.77.0.0/16 Null0\nend\nshow version\n"
    lines = "configure terminal\nrouter lisp\n" + block + after
    text = lisptty.typed(r1, ("r1# ", lines), ("FRRouting", "exit\n"))
    have = [line for line in shown(r1) if line != " map-cache 10.77.0.0/16 drop"]
    routes = vtysh(r1, "show running-config")
    configure(r1, "no ip route 10.77.0.0/16 Null0")
    assert have == lines_of("shown.conf") and " map-cache 10.77.0.0/16 drop" in shown(r1)
    assert "\nip route 10.77.0.0/16 Null0\n" in routes
    assert "% Not taken: it is in" in text and ("Outstanding" in text) == ("do show" in block)


OFFERED = [
    ((), "ipv4", True),
    ((), "itr", False),
    ((), "etr", False),
    ((), "alt-vrf", False),
    (("instance-id 102",), "map-server", False),
    (("instance-id 102",), "ipv6", True),
    (("service ipv4",), "itr", True),
    (("service ipv4",), "ipv4", False),
    (("service ipv4",), "exit-service-ipv4", True),
    (("service ipv4",), "exit-service-ipv6", False),
    (("instance-id 102", "service ipv6"), "exit-service-ipv6", True),
    (("instance-id 102", "service ipv6"), "exit-service-ipv4", False),
    (("service ipv4",), "database-mapping A.B.C.D/M", True),
    (("service ipv4",), "database-mapping X:X::X:X/M", False),
    (("instance-id 102", "service ipv6"), "map-cache X:X::X:X/M", True),
    (("instance-id 102", "service ipv6"), "map-cache A.B.C.D/M", False),
]


@pytest.mark.parametrize("node, words, offered", OFFERED)
def test_help_offers_what_the_node_takes(r1, node, words, offered):
    before, _, word = words.rpartition(" ")
    said = configure(r1, "router lisp", *node, before + " ?")
    assert bool(re.search(rf"(?m)^  {re.escape(word)} ", said)) == offered, said


def test_tab_completes_names_that_are_configured(r1):
    configure(r1, "vrf CUSTOMER")
    steps = (
        ("r1# ", "configure terminal\nrouter lisp\n"),
        ("router-lisp)# ", "locator-set ho\t\n"),
        ("locator-set)# ", "exit\n"),
        ("router-lisp)# ", "database-mapping 10.5.0.0/24 locator-set aw\t\n"),
        ("router-lisp)# ", "site S\t1\n"),
        ("router-lisp-site)# ", "exit\n"),
        ("router-lisp)# ", "eid-table vrf CUST\t instance-id 55\n"),
        ("router-lisp-instance)# ", "ipv4 alt-vrf CUST\t\n"),
        ("router-lisp-instance)# ", "end\n"),
        ("r1# ", "show lisp eid-table vrf RE\t database\n"),
        ("IID 101", "exit\n"),
    )
    text = lisptty.typed(r1, *steps)
    lines = shown(r1)
    configure(r1, "no vrf CUSTOMER")
    assert lines.count(" database-mapping 10.5.0.0/24 locator-set away") == 1, text
    assert " eid-table vrf CUSTOMER instance-id 55" in lines
    assert " locator-set ho" not in lines and " site S" not in lines


def test_who_is_left_without_a_locator_set_is_told(r1):
    said = configure(r1, "router lisp", "no locator-set home")
    without = "Without locators until there is such a set again: instance-id"
    assert said.splitlines() == [f"{without} 0 10.1.0.0/24", f"{without} 101 10.1.0.0/24"]
    assert " locator-set home" not in shown(r1)
    assert configure(r1, "router lisp", "no locator-set xe") == ""


@pytest.mark.parametrize("verb", ["clear", "show"])
@pytest.mark.parametrize(
    "words, reason",
    [
        ("instance-id 101 ipv6 map-cache 10.9.0.0/16", "10.9.0.0/16 is not an IPv6 EID"),
        ("ipv4 map-cache 2001:db8:7::/48", "2001:db8:7::/48 is not an IPv4 EID"),
        (
            "instance-id 102 eid-table vrf RED map-cache 10.9.0.0/16",
            "The EID table of instance-id 102 is not RED",
        ),
        ("instance-id 102 eid-table vrf RED map-cache", "instance-id 102 is not RED"),
        ("instance-id 99 map-cache 10.9.0.0/16", "There is no instance-id 99"),
        ("instance-id 99 map-cache", "There is no instance-id 99"),
        ("eid-table vrf WRONG map-cache", "No instance has the EID table WRONG"),
    ],
)
def test_a_scope_that_holds_nothing_is_refused_with_the_cause(r1, verb, words, reason):
    assert reason in vtysh(r1, f"{verb} lisp {words}")


def test_a_site_named_like_a_keyword_is_shown(r1):
    configure(r1, "router lisp", "site json", "eid-prefix 10.71.0.0/16", "exit", "site de")
    configure(r1, "router lisp", "site de", "eid-prefix 10.72.0.0/16")
    for name, eid, other in (("json", "10.71.0.0", "10.72."), ("de", "10.72.0.0", "10.71.")):
        text = vtysh(r1, f"show lisp site name {name}")
        assert eid in text and other not in text and "10.1.0.0" not in text


def test_an_eid_of_a_site_is_looked_for_in_the_instance_of_the_eid_table(r1):
    assert "10.3.0.0/16 instance-id 101" in vtysh(r1, "show lisp eid-table vrf RED site 10.3.0.1")
    assert "Could not find" in vtysh(r1, "show lisp ipv6 site 10.1.0.1")


def test_the_summary_of_services_tells_families_and_roles(r1):
    text = vtysh(r1, "show lisp service summary")
    rows = re.findall(r"(?m)^\S* +LISP0\.(\d+) .* (\S+) +(IPv[46])$", text)
    assert rows == [
        ("0", "ITR-ETR-MS", "IPv4"),
        ("0", "ITR-MS-MR", "IPv6"),
        ("101", "ITR", "IPv4"),
        ("101", "ITR-MS-MR", "IPv6"),
        ("102", "ITR-ETR", "IPv4"),
        ("102", "ITR-MS-MR", "IPv6"),
    ], text
    of_ipv4 = vtysh(r1, "show lisp service ipv4 summary")
    assert re.search(r"(?m)^default +LISP0\.0 .* ITR-ETR-MS$", of_ipv4), of_ipv4
    for said in (text, of_ipv4):
        assert re.search(r"(?m)^Number of eid-tables: +3$", said), said


def test_roles_of_instance_0_are_told_as_such(r1):
    services = vtysh_json(r1, "show lisp service json")["services"]
    inherited = [(one["instanceId"], one["addressFamily"]) for one in services if one["inherited"]]
    assert inherited == [(101, "ipv6"), (102, "ipv6")]
    texts = vtysh(r1, "show lisp service").split("\nLISP service ")[1:]
    assert [bool(re.search("Roles and peers: +of instance 0\n", one)) for one in texts] == [
        one["inherited"] for one in services
    ]


def test_a_limit_of_an_instance_that_is_the_default_is_its_own(r1):
    "Instance 0 has others; a value that nobody typed is theirs, one that somebody typed is not."
    clear(r1)
    limits = ("ipv4 itr map-cache-limit {}", "ipv4 etr map-cache-ttl {}")
    configure(r1, "router lisp", limits[0].format(10), limits[1].format(5))
    configure(r1, "router lisp", "instance-id 101", "service ipv4", "itr", "etr")
    block = ("router lisp", "eid-table default instance-id 101")

    def own():
        shown = vtysh_json(r1, "show lisp instance-id 101 service json")["services"]
        (ipv4,) = [one for one in shown if one["addressFamily"] == "ipv4"]
        return ipv4["mapCacheLimit"], ipv4["etrMapCacheTtl"]

    assert own() == (10, 5)
    configure(r1, *block, limits[0].format(100000), limits[1].format(1440))
    assert eventually(own, (100000, 1440)) == (100000, 1440)
    for line in (limits[0].format(100000), limits[1].format(1440)):
        assert f"  {line}" in shown(r1)
    configure(r1, *block, "no " + limits[0].format(100000), "no ipv4 etr map-cache-ttl")
    assert eventually(own, (10, 5)) == (10, 5)


def test_an_alt_without_routes_has_no_heading_of_them(r1):
    assert "EID-prefixes that we have put" in vtysh(r1, "show lisp alt")
    clear(r1)
    configure(r1, "router lisp", "ipv4 alt-vrf ALT")
    empty = lambda: "EID-prefixes" not in vtysh(r1, "show lisp alt")
    assert eventually(empty, True, 5)
    assert "VRF ALT" in vtysh(r1, "show lisp alt")


def test_a_second_alt_vrf_of_an_instance_is_refused_for_the_true_reason(r1):
    assert configure(r1, "router lisp", "instance-id 12", "ipv6 alt-vrf A") == ""
    said = configure(r1, "router lisp", "instance-id 12", "ipv4 alt-vrf B")
    configure(r1, "router lisp", "no instance-id 12")
    assert "has one ALT VRF for both" in said and "another instance" not in said


def test_an_own_address_that_goes_is_logged_as_such_whatever_route_there_is(r1):
    "An address of its own: the log has room for some lines of each."
    log = lambda: r1.cmd_raises("cat lispd.log")
    clear(r1)
    configure(r1, "ip route 0.0.0.0/0 10.1.0.10")
    r1.cmd_raises("ip addr add 203.0.113.7/32 dev lo")
    configure(r1, "router lisp", "ipv4 etr", "locator-set RL", "203.0.113.7")
    configure(r1, "router lisp", "database-mapping 10.1.0.0/24 locator-set RL")
    assert eventually(lambda: "own RLOC 203.0.113.7 is up" in log(), True, 10)
    r1.cmd_raises("ip addr del 203.0.113.7/32 dev lo")
    assert eventually(lambda: "own RLOC 203.0.113.7 is down: no-address" in log(), True, 10)
    configure(r1, "no ip route 0.0.0.0/0 10.1.0.10")


def test_a_locator_set_may_come_after_its_database_mapping(r1):
    mapping = lambda: next(
        one
        for one in vtysh_json(r1, "show lisp database json")["localEids"]
        if one["eid"] == "10.5.0.0/24"
    )
    assert configure(r1, "router lisp", "database-mapping 10.5.0.0/24 locator-set LATER") == ""
    assert eventually(lambda: mapping().get("locatorSetMissing"), True, 5)
    assert "locator-set LATER, which is not there" in vtysh(r1, "show lisp database")
    configure(r1, "router lisp", "locator-set LATER", "192.0.2.1")
    addresses = lambda: [one["address"] for one in mapping()["locators"]]
    assert eventually(addresses, ["192.0.2.1"], 5) == ["192.0.2.1"]
    configure(r1, "router lisp", "no locator-set LATER")
    assert eventually(addresses, [], 5) == []
    assert "% " not in configure(r1, "router lisp", "no database-mapping 10.5.0.0/24")


def test_a_prefix_moves_to_another_site_in_one_commit(r1):
    path = "/tmp/move.conf"
    move = "router lisp\n site S1\n  no eid-prefix 10.1.0.0/16\n exit\n"
    move += " site S2\n  eid-prefix 10.1.0.0/16\n exit\nexit\n"
    r1.cmd_raises(f"cat > {path}", stdin=move)
    r1.cmd_raises(["vtysh", "-f", path])

    def owner():
        for one in vtysh_json(r1, "show lisp site json")["mappings"]:
            if one["eid"] == "10.1.0.0/16":
                return one["site"]
        return None

    assert eventually(owner, "S2", 5) == "S2"


def test_rollback(r1):
    def cached():
        entries = vtysh_json(r1, "show lisp map-cache json")["mappings"]
        return "10.8.0.0/16" in [entry["eid"] for entry in entries]

    configure(r1, "router lisp", "no map-cache 10.8.0.0/16")
    assert " map-cache 10.8.0.0/16 drop" not in shown(r1)
    assert eventually(cached, False, 10) is False
    configure(r1, "mgmt rollback last 1")
    same = eventually(lambda: shown(r1) == lines_of("shown.conf"), True, 10)
    assert same, shown(r1)
    assert eventually(cached, True, 10)


def test_a_new_daemon_gets_the_whole_configuration(r1):
    before = vtysh_json(r1, "show lisp database json")["localEids"]
    r1.cmd_raises("kill -9 $(cat /var/run/frr/lispd.pid)")
    r1.cmd_raises("rm -f /var/run/frr/lispd.pid /var/run/frr/lispd.vty")
    r1.startRouterDaemons(["lispd"])

    def restored():
        found = vtysh_json(r1, "show lisp database json")
        return bool(found) and [e["eid"] for e in found["localEids"]]

    expected = [entry["eid"] for entry in before]
    assert eventually(restored, expected, 15) == expected


def test_no_secret_is_printed_or_kept(r1):
    configure(r1, "log commands")
    for secret in SECRETS:
        configure(
            r1,
            "router lisp",
            f"ipv4 etr map-server 198.51.100.4 key {secret}",
            f"no ipv4 etr map-server 198.51.100.4 key 0 {secret}",
            "site S1",
            f"authen 0 {secret}",
        )
    configure(r1, "no log commands", "router lisp", "no ipv4 etr map-server 198.51.100.4")
    said = vtysh(r1, "show running-config")
    said += vtysh(r1, "show mgmt get-data /frr-lispd:lisp with-config")
    for what in ("service", "site", "statistics", "database", "alt", "dataplane"):
        said += vtysh(r1, f"show lisp {what}") + vtysh(r1, f"show lisp {what} json")
    kept = r1.cmd_raises("cat /var/lib/frr/commit-*.json *.log 2>/dev/null; true")
    assert "authentication-key" in kept and "# log commands" in kept
    for secret in SECRETS:
        assert secret not in said
        assert secret not in kept
    load(r1, "shown.conf")


def test_no_secret_is_printed_with_what_is_wrong_about_its_line(r1):
    lines = [
        "router lisp",
        "ipv4 etr map-server 198.51.100.4 key topsecret bogus",
        "ipv4 etr map-server 224.0.0.1 key topsecret",
        "ipv4 etr map-server 198.51.100.4 key topsecret alg",
        "site S1",
        "authentication-key 0 topsecret bogus",
        "authent 0 topsecret alg",
    ]
    r1.cmd_raises("cat > /tmp/wrong.conf", stdin="\n".join(lines) + "\n")
    _, out, error = r1.cmd_status(["vtysh", "-f", "/tmp/wrong.conf"], warn=False)
    typed = configure(r1, *lines[:4]) + configure(r1, "router lisp", *lines[4:])
    for said in (out + error, typed):
        assert "Unknown command" in said
        assert "ipv4 etr map-server 198.51.100.4 key ..." in said
        assert "authentication-key ..." in said
        assert "topsecret" not in said
    kept = r1.cmd_raises("cat *.log 2>/dev/null; true")
    assert "topsecret" not in kept


@pytest.mark.parametrize(
    "before, line, kept",
    [
        (("router lisp", "site S1"), "authentication-key 0 topsecret", "authentication-key 0 ..."),
        (("router lisp", "site S1"), "no authen 7 topsecret", "no authen 7 ..."),
        (("router lisp", "site S1"), "authent 0 top secret", "authent ..."),
        (("router lisp", "site S1"), "authentcation-key topsecret", "authentcation-key ..."),
        (
            ("router lisp",),
            "ipv4 etr map-server 198.51.100.4 key topsecret hash-function sha2",
            "ipv4 etr map-server 198.51.100.4 key ... hash-function sha2",
        ),
        (
            ("router lisp",),
            "ipv4 etr map-server 198.51.100.4 key-name topsecret",
            "ipv4 etr map-server 198.51.100.4 key-name topsecret",
        ),
        (("router lisp",), "ipv4 etr map-serverr 198.51.100.4 key topsecret", "ipv4 etr ..."),
        (("router lisp",), "ipv4 itrr topsecret", "ipv4 ..."),
        (
            ("router lisp",),
            "databse-mapping 10.1.0.0/24 locator-set A key topsecret",
            "databse-mapping ...",
        ),
        (
            ("router lisp", "service ipv4"),
            "etr map-server 198.51.100.4 kye topsecret",
            "etr map-server 198.51.100.4 ...",
        ),
        (("router lisp", "locator-set home"), "athentication-key topsecret", "athentication-key ..."),
        (("interface lo",), "etr map-servr A key 0 topsecret", "etr map-servr A key ..."),
        (
            ("router lisp",),
            "ipv4 etr map-server 198.51.100.4 topsecret",
            "ipv4 etr map-server 198.51.100.4 ...",
        ),
        ((), "authentication-key topsecret", "authentication-key ..."),
        (("interface lo",), "no authent 0 topsecret", "no authent ..."),
        (("interface lo",), "ip adress 192.0.2.1/24", "ip adress 192.0.2.1/24"),
        (("router lisp",), "do show lisp topsecret", "do show lisp topsecret"),
    ],
)
def test_what_logs_and_histories_keep_of_a_line(r1, before, line, kept):
    history, log = "/tmp/history_frr", "/tmp/vtysh.log"
    r1.cmd_raises(f"rm -f {history} {log}")
    commands = ["configure terminal", *before, line]
    typed = [word for command in commands for word in ("-c", command)]
    environment = ["env", f"VTYSH_HISTFILE={history}", f"VTYSH_LOG={log}"]
    configure(r1, "log commands")
    _, out, error = r1.cmd_status([*environment, "vtysh", *typed], warn=False)
    shown = r1.cmd_raises([*environment, "vtysh", "-c", "show history"])
    configure(r1, "no log commands")
    load(r1, "shown.conf")

    for text in (r1.cmd_raises(f"cat {history}"), shown, r1.cmd_raises(f"cat {log}")):
        assert re.search(rf"(?m)\b{re.escape(kept)}$", text), text
        assert ("topsecret" in text) == ("topsecret" in kept)
    assert kept == line or "topsecret" not in out + error


def test_lig_fails_without_router_lisp(r1):
    configure(r1, "no router lisp")
    status, out, _ = r1.cmd_status(["vtysh", "-c", "lig 10.1.0.1"], warn=False)
    assert "LISP is not configured" in out and status
    load(r1, "shown.conf")


def test_debug_switches_are_configuration(r1):
    configure(r1, "debug lisp all", "no debug lisp rloc")
    config = vtysh(r1, "show running-config")
    assert "debug lisp packet\n" in config and "debug lisp map-server\n" in config
    assert "debug lisp rloc" not in config
    assert "LISP+ALT debugging is on" in vtysh(r1, "show debugging lisp")
    configure(r1, "debug lisp eid-table vrf RED")
    assert "debug lisp instance-id 101\n" in vtysh(r1, "show running-config")
    assert "LISP instance-id 101 only: debugging is on" in vtysh(r1, "show debugging lisp")
    assert "another instance-id" in configure(r1, "no debug lisp instance-id 7")
    assert "debug lisp instance-id 101\n" in vtysh(r1, "show running-config")
    configure(r1, "debug lisp eid-table *")
    assert "debug lisp instance-id" not in vtysh(r1, "show running-config")
    configure(r1, "debug lisp instance-id 7", "no debug lisp all")
    assert "debug lisp" not in vtysh(r1, "show running-config")


def test_frr_reload(r1):
    new = "\n".join(lines_of("shown.conf")) + "\n"
    new = new.replace("eid-prefix 10.2.0.0/16", "eid-prefix 10.3.0.0/16")
    new = new.replace(" ipv4 etr map-cache-ttl 60\n", "")
    new = re.sub(r" locator-set away\n.*\n exit\n", "", new)
    whole = "\n".join(
        line
        for line in vtysh(r1, "show running-config").splitlines()
        if not line.startswith(("Building", "Current"))
    )
    whole = re.sub(r"^router lisp\n(.*\n)*?exit\n", "LISP\n", whole, flags=re.MULTILINE)
    reload = "/usr/bin/python3 /usr/lib/frr/frr-reload.py --reload"
    for lisp in (new, "", new):
        r1.cmd_raises("cat > /tmp/reload.conf", stdin=whole.replace("LISP\n", lisp))
        r1.cmd_raises(f"{reload} /tmp/reload.conf")
        assert shown(r1) == lisp.splitlines()
