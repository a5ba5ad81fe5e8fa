#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Instances: the same EID-prefix in two of them is two EID-prefixes, in tables, messages and
packets; what an instance's block does not say is said outside of it.
"""

import json
import os

import pytest
from lib import lispmgmt, lispwire
from lib.lisp import configure, eventually, lab_fixture, ping, vtysh, vtysh_json
from lisp_instances.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

XTR1, XTR2 = "192.0.2.10", "192.0.2.20"
REGISTERED = {
    (7, "10.1.0.0/24", XTR1),
    (7, "2001:db8:1::/64", XTR1),
    (101, "10.2.0.0/24", XTR1),
    (7, "10.2.0.0/24", XTR2),
    (7, "2001:db8:2::/64", XTR2),
    (102, "10.1.0.0/24", XTR2),
}


def registrations(tgen):
    "(instance-id, EID-prefix, address of the xTR) of each registration."
    text = vtysh(tgen.net["ms"], "show mgmt get-data /frr-lispd:lisp/state/registrations")
    tree = json.loads(text[: text.rindex("}") + 1])
    return {
        (one["instance-id"], one["eid"], registration["etr"])
        for one in tree["frr-lispd:lisp"]["state"]["registrations"].get("mapping", [])
        for registration in one.get("registration", [])
    }


def test_each_instance_registers_its_own_prefixes(tgen):
    assert eventually(lambda: registrations(tgen), REGISTERED) == REGISTERED


@pytest.fixture(scope="module")
def wire(tgen):
    "First packets of both families, both ways, as the core saw them."
    assert eventually(lambda: registrations(tgen), REGISTERED) == REGISTERED
    path = os.path.join(tgen.logdir, "core.pcap")
    with lispwire.Capture(tgen.net["core"], path) as capture:
        answered = [
            ping(tgen.net["h1"], "10.2.0.10"),
            ping(tgen.net["h1"], "2001:db8:2::10"),
        ]
    return answered, capture.packets


def test_first_packets_within_an_instance_arrive(wire):
    assert wire[0] == [1, 1]


def test_data_carries_the_instance_id(wire):
    data = [packet for packet in wire[1] if packet.kind == "data"]
    assert len(data) >= 4
    assert all(packet.instances == [7] for packet in data)


def test_requests_and_replies_carry_the_instance_id(wire):
    for kind in ("Map-Request", "Map-Reply"):
        found = [packet for packet in wire[1] if packet.kind == kind]
        assert found
        assert all(set(packet.instances) == {7} for packet in found)


def test_registers_and_notifies_carry_the_instance_ids(tgen):
    path = os.path.join(tgen.logdir, "register.pcap")
    with lispwire.Capture(tgen.net["core"], path) as capture:
        configure(tgen.net["xtr1"], "router lisp", "site-id 5")
        seen = lambda kind: {
            iid for packet in capture.settle() if packet.kind == kind for iid in packet.instances
        }
        for kind in ("Map-Register", "Map-Notify"):
            assert eventually(lambda: {7, 101} <= seen(kind))
    configure(tgen.net["xtr1"], "router lisp", "no site-id")


def test_a_map_resolver_answers_each_instance_from_its_own(tgen):
    xtr1 = tgen.net["xtr1"]

    def rlocs(iid, eid):
        answer = vtysh_json(xtr1, f"lig instance-id {iid} {eid} json")
        assert {answer["instanceId"], *(one["instanceId"] for one in answer["mappings"])} == {iid}
        return [
            locator["address"]
            for mapping in answer["mappings"]
            for locator in mapping.get("locators", [])
        ]

    assert rlocs(7, "10.2.0.10") == [XTR2]
    assert rlocs(101, "10.2.0.10") == [XTR1]
    assert rlocs(102, "10.1.0.10") == [XTR2]
    assert rlocs(101, "10.1.0.10") == []
    assert rlocs(0, "10.2.0.10") == []


def test_rpcs_and_their_notifications_are_about_one_instance(tgen):
    xtr1 = tgen.net["xtr1"]

    def rpc(name, **what):
        text = json.dumps({f"frr-lispd:{name}": what}, separators=(",", ":"))
        return configure(xtr1, f"mgmt rpc /frr-lispd:{name} json {text}")

    with lispmgmt.Listener(xtr1) as listener:
        for iid, rloc in ((7, XTR2), (101, XTR1)):
            rpc("lig", **{"instance-id": iid, "eid": "10.2.0.10"})
            mapping = lambda: [
                (one["instance-id"], one["eid"], [loc["address"] for loc in one["locator"]])
                for name, found in listener.seen
                if name == "lig-reply"
                for one in found["mapping"]
            ]
            assert eventually(lambda: (iid, "10.2.0.0/24", [rloc]) in mapping()), listener.seen
    assert ping(tgen.net["h1"], "10.2.0.10") == 1
    assert '"cleared": 0' in rpc("clear-map-cache", **{"instance-id": 101})
    assert '"cleared": 0' not in rpc("clear-map-cache", **{"instance-id": 7})
    assert vtysh_json(xtr1, "show lisp instance-id 7 map-cache json")["mappings"] == []


@pytest.mark.parametrize("what", ["map-cache", "database", "site", "statistics"])
def test_a_scope_that_no_instance_is_in_is_said_so(tgen, what):
    xtr1 = tgen.net["xtr1"]
    said = xtr1.cmd_status(["vtysh", "-c", f"show lisp eid-table vrf NOPE {what}"], warn=False)[1]
    assert "No instance has the EID table NOPE" in said
    assert vtysh_json(xtr1, f"show lisp eid-table vrf NOPE {what} json") == {}


def test_what_is_of_all_instances_is_not_shown_as_of_one(tgen):
    xtr1 = tgen.net["xtr1"]
    assert vtysh_json(xtr1, "show lisp database json")["size"] > 2
    shown = vtysh_json(xtr1, "show lisp instance-id 7 database json")
    assert len(shown["localEids"]) == 2 and "size" not in shown
    assert ", of all instances" in vtysh(xtr1, "show lisp instance-id 7 statistics")
    assert ", of all instances" not in vtysh(xtr1, "show lisp statistics")


def test_a_map_cache_has_one_entry_an_instance(tgen):
    xtr1 = tgen.net["xtr1"]
    configure(xtr1, "router lisp", "instance-id 101", "map-cache 10.2.0.0/24 drop")
    assert ping(tgen.net["h1"], "10.2.0.10") == 1
    configure(xtr1, "router lisp", "instance-id 101", "no map-cache 10.2.0.0/24")


def test_an_instance_that_goes_takes_its_registrations_along_and_no_others(tgen):
    xtr1 = tgen.net["xtr1"]
    configure(xtr1, "router lisp", "no instance-id 101")
    left = {one for one in REGISTERED if one[0] != 101}
    assert eventually(lambda: registrations(tgen), left) == left
    configure(xtr1, "router lisp", "instance-id 101", "database-mapping 10.2.0.0/24 locator-set RL")
    assert eventually(lambda: registrations(tgen), REGISTERED) == REGISTERED


def test_a_service_of_its_own_is_not_that_of_instance_0(tgen):
    xtr1 = tgen.net["xtr1"]
    block = ("router lisp", "instance-id 101", "service ipv4")
    # a limit is no role: the ETR goes on
    configure(xtr1, *block, "map-cache-limit 5")
    # roles of its own, and none of them ETR: what was registered for it goes
    configure(xtr1, *block, "itr")
    left = {one for one in REGISTERED if one[0] != 101}
    assert eventually(lambda: registrations(tgen), left) == left
    configure(xtr1, *block, "no itr", "no map-cache-limit")
    assert eventually(lambda: registrations(tgen), REGISTERED) == REGISTERED


def test_running_config_loads_to_the_same_state(tgen):
    # The Map-Server first: it forgets its registrations, the xTRs bring them back.
    for name in ("ms", "xtr1", "xtr2"):
        node = tgen.net[name]
        before = vtysh(node, "show running-config")
        block = before[before.index("router lisp") :]
        block = block[: block.index("\nexit") + len("\nexit")]
        node.cmd_raises("cat > /etc/frr/again.conf", stdin=block + "\n")
        configure(node, "no router lisp")
        node.cmd_raises("vtysh -f /etc/frr/again.conf")
        assert vtysh(node, "show running-config") == before
    assert eventually(lambda: registrations(tgen), REGISTERED) == REGISTERED
    assert eventually(lambda: ping(tgen.net["h1"], "10.2.0.10", wait=1), 1) == 1
