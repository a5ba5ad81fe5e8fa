#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Routes of type lisp are first-class: other protocols redistribute them, the shows and
the kernel know them by name, and they go when their prefix goes.
"""

import pytest
from lib.lisp import alt_vrf_kind, configure, eventually, lab_fixture, vtysh, vtysh_json
from lisp_redistribute.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd, pytest.mark.ospfd, pytest.mark.bgpd]

tgen = lab_fixture(TOPOLOGY, __file__)

EIDS = {"ip": "10.1.0.0/24", "ipv6": "2001:db8:1::/64"}


@pytest.mark.parametrize("word", EIDS)
def test_show_route_knows_lisp(tgen, word):
    def prefixes():
        shown = vtysh_json(tgen.net["xtr1"], f"show {word} route vrf ALT lisp json")
        return list(shown or {})

    assert eventually(prefixes, [EIDS[word]]) == [EIDS[word]]


def in_ospf(node):
    "Is the EID-prefix an external LSA of ospfd? One of 3600 s is on its way out."
    shown = vtysh(node, "show ip ospf vrf ALT database external")
    return "10.1.0.0" in shown and "LS age: 3600" not in shown


def in_bgp(node, word):
    "Is the EID-prefix in bgpd's table?"
    family = "ipv4" if word == "ip" else "ipv6"
    shown = vtysh_json(node, f"show bgp vrf ALT {family} unicast json") or {}
    return EIDS[word] in shown.get("routes", {})


def test_ospfd_redistributes_lisp(tgen):
    assert eventually(lambda: in_ospf(tgen.net["xtr1"]))


@pytest.mark.parametrize("word", EIDS)
def test_bgpd_redistributes_lisp(tgen, word):
    assert eventually(lambda: in_bgp(tgen.net["xtr1"], word))


def test_the_kernel_has_them_as_proto_lisp(tgen):
    where = "ip -n ALT" if alt_vrf_kind() == "netns" else "ip"
    table = "" if alt_vrf_kind() == "netns" else "vrf ALT"
    routes = tgen.net["xtr1"].cmd_raises(f"{where} route show {table} proto lisp")
    assert "10.1.0.0/24" in routes


def test_they_go_with_the_prefix_and_return(tgen):
    node = tgen.net["xtr1"]
    line = "database-mapping 10.1.0.0/24 locator-set RL"
    configure(node, "router lisp", f"no {line}")
    assert eventually(lambda: in_ospf(node) or in_bgp(node, "ip"), False) is False
    configure(node, "router lisp", line)
    assert eventually(lambda: in_ospf(node) and in_bgp(node, "ip"))
