#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is wrong is said first, with the remedy, until it is mended."""

import re
import subprocess

import pytest
from lib.lisp import configure, eventually, lab_fixture, vtysh, vtysh_json
from lisp_config.router import clear
from lisp_config.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

KEYLESS = ["site S", "eid-prefix 10.0.0.0/8", "exit", "ipv4 map-server"]
WRONG = {
    "a locator-set that is not there": (
        ["ipv4 etr", "database-mapping 10.7.0.0/24 locator-set GONE"],
        "EID-prefix 10.7.0.0/24 and 0 more have a locator-set that is not there: GONE",
    ),
    "a locator that is not ours": (
        ["locator-set RL", "198.51.100.77", "exit", "ipv4 etr"]
        + ["database-mapping 10.7.0.0/24 locator-set RL"],
        "no locator is up of EID-prefixes of ours: 1, IPv4 EIDs of instance-id 0",
    ),
    "an EID-prefix that covers an own RLOC": (
        ["locator-set RL", "192.0.2.1", "exit", "ipv4 etr"]
        + ["database-mapping 192.0.2.0/24 locator-set RL"],
        "EID-prefix 192.0.2.0/24 covers our own RLOC 192.0.2.1",
    ),
    "a Map-Server without a key": (
        ["ipv4 etr", "ipv4 etr map-server 198.51.100.5 key-name none"],
        "nothing is registered at Map-Server 198.51.100.5, IPv4 EIDs of instance-id 0: no key",
    ),
    "a VRF of RLOCs that is not there": (
        ["locator-table vrf NOWHERE"],
        "VRF NOWHERE, which locator-table names, is not there",
    ),
    "a VRF of EIDs that is not there": (
        ["eid-table vrf NOWHERE instance-id 7", "ipv4 itr"],
        "instance-id 7 forwards nothing: ",
    ),
    "an ALT that is not there": (
        ["ipv4 map-resolver", "ipv4 alt-vrf NOWHERE"],
        "the ALT of IPv4 EIDs of instance-id 0, VRF NOWHERE, is not in service",
    ),
    "sites with one secret": (
        ["site S", "authentication-key 0 one", "exit", "site T", "authentication-key 0 one", "exit"]
        + ["ipv4 map-server"],
        "sites S and T have the same secret",
    ),
    "a site without a key": (KEYLESS, "site S and 0 more cannot register: no key"),
}


def problems(node):
    return [one["problem"] for one in vtysh_json(node, "show lisp service json")["problems"]]


def has_problem(node, text):
    return lambda: any(one.startswith(text) for one in problems(node))


@pytest.mark.parametrize("name", WRONG)
def test_show_begins_with_what_is_wrong_and_the_remedy_until_it_is_mended(tgen, name):
    r1, (lines, text) = tgen.net["r1"], WRONG[name]
    clear(r1)
    assert eventually(lambda: problems(r1), [], 10) == []
    configure(r1, "router lisp", *lines)
    assert eventually(has_problem(r1, text), True, 10), problems(r1)
    for what in ("service", "dataplane"):
        shown = vtysh(r1, f"show lisp {what}")
        assert shown.startswith("What is wrong:\n")
        assert re.search(rf"\n  {re.escape(text)}.*\n    Remedy: \S", shown), shown
    clear(r1)
    assert eventually(lambda: problems(r1), [], 10) == []
    assert vtysh(r1, "show lisp service").startswith("Router LISP:")


@pytest.mark.parametrize(
    "words, sysctl",
    [("ipv4 itr", "net.ipv4.ip_forward"), ("ipv6 etr", "net.ipv6.conf.all.forwarding")],
)
def test_a_system_that_does_not_forward_is_wrong(tgen, words, sysctl):
    r1 = tgen.net["r1"]
    clear(r1)
    configure(r1, "router lisp", words)
    r1.cmd_raises(f"sysctl -w {sysctl}=0")
    try:
        assert has_problem(r1, f"{sysctl} is 0")()
    finally:
        r1.cmd_raises(f"sysctl -w {sysctl}=1")
    assert not has_problem(r1, sysctl)()
    clear(r1)


HOLD = """import socket, time
for family in (socket.AF_INET, socket.AF_INET6):
    s = socket.socket(family, socket.SOCK_DGRAM)
    family == socket.AF_INET6 and s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.bind(("", 4342))
    globals()[family] = s
print("held", flush=True)
time.sleep(60)"""


def test_a_port_that_another_program_has_is_wrong_and_taken_when_it_is_free(tgen):
    r1 = tgen.net["r1"]
    configure(r1, "no router lisp")
    holder = r1.popen(["/usr/bin/python3", "-c", HOLD], stdout=subprocess.PIPE)
    try:
        assert holder.stdout.readline()
        configure(r1, "router lisp")
        assert eventually(has_problem(r1, "no control messages over IPv4: UDP port 4342"), True, 5)
    finally:
        holder.kill()
        holder.wait(timeout=10)
    assert eventually(lambda: problems(r1), [], 10) == []
    assert "4342" in r1.cmd_raises("ss -Huln sport = :4342")
