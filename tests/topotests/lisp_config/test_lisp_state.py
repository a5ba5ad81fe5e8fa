#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""State and RPCs through mgmtd: what YANG has, JSON has, of a router with everything configured."""

import pytest
from lib import lispstate
from lib.lisp import configure, eventually, lab_fixture, vtysh, vtysh_json
from lib.lispstate import as_shown, camel, state, stopped
from lisp_config.router import loaded  # loaded: the fixture r1
from lisp_config.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

tgen = lab_fixture(TOPOLOGY, __file__)

# Which show command has what is in a container of state.
COMMANDS = {
    "map-cache": "map-cache",
    "database": "database",
    "pending": "pending",
    "problems": "service",
    "router": "service",
    "services": "service",
    "map-resolvers": "service",
    "map-servers": "service",
    "sites": "site",
    "registrations": "site",
    "rlocs": "rloc",
    "smrs": "smr",
    "alt": "alt",
    "control": "statistics",
    "key-file": "service",
    "dataplane": "dataplane",
}
# JSON has a list's name and s; but:
NAMES = {"/pending/query": "queries", "/alt/learned-routes/route": "learnedRoutes"}
# Nothing asks, is learned, or dropped for sure in a router that is alone.
MAYBE_EMPTY = {
    "/pending/query",
    "/alt/routes/route",
    "/alt/learned-routes/route",
    "/control/drops/drop",
    "/control/errors/error",
    "/smrs/smr",
}
LISTS, CONTAINERS = lispstate.state_of_the_model()


def shown_by(node, path):
    return vtysh_json(node, f"show lisp {COMMANDS[path.split('/')[1]]} json")


def same(tree, shown):
    "None, or what each has."
    tree, shown = stopped(tree), stopped(shown)
    return (tree, shown) if tree != shown else None


def by_name(objects, key):
    "A list whose JSON is an object: what is named by the key; one value alone is that."
    found = {one.pop(key): one for one in objects}
    return {name: one if len(one) > 1 else next(iter(one.values())) for name, one in found.items()}


@pytest.mark.parametrize("path", LISTS)
def test_yang_and_json_have_the_same_leaves_and_values(r1, path):
    name = NAMES.get(path, camel(path.split("/")[-1]) + "s")

    def differ():
        "A device may come between the two."
        shown = shown_by(r1, path)[name]
        assert shown or path in MAYBE_EMPTY
        tree = as_shown(state(r1, path) or [])
        return same(by_name(tree, *LISTS[path]) if isinstance(shown, dict) else tree, shown)

    assert eventually(differ, None, 10) is None


@pytest.mark.parametrize("path", CONTAINERS)
def test_yang_and_json_have_the_same_totals(r1, path):
    leaves = [camel(name) for name in CONTAINERS[path]]

    def differ():
        shown = shown_by(r1, path)
        inside = shown.get(camel(path.split("/")[-1]))
        shown = inside if isinstance(inside, dict) else shown
        tree = as_shown(state(r1, path) or {})
        only = lambda one: {name: one[name] for name in leaves if name in one}
        return same(only(tree), only(shown))

    assert eventually(differ, None, 10) is None


def test_state_through_mgmtd(r1):
    entries = state(r1, "/map-cache")
    assert entries["size"] == len(entries["mapping"]) == 10
    path = "/map-cache/mapping[instance-id='0'][eid='10.9.0.0/16']"
    assert [entry["state"] for entry in state(r1, path)] == ["active"]
    path = "/map-cache/mapping[instance-id='101'][eid='10.9.0.0/16']"
    assert [entry["action"] for entry in state(r1, path)] == ["drop"]
    assert len(state(r1, "/registrations")["mapping"]) == 4
    tunnels = {(0, "gre1"), (0, "gre2"), (101, "gre101"), (102, "gre102")}
    found = state(r1, "/alt/tunnels")["tunnel"]
    assert {(one["instance-id"], one["name"]) for one in found} == tunnels
    path = "/alt/tunnels/tunnel[instance-id='101'][name='gre101']"
    assert [one["key"] for one in state(r1, path)] == [101]
    of = lambda one: (one["instance-id"], one["address-family"], one["vrf"])
    assert {of(one) for one in state(r1, "/alt/vrfs")["vrf"]} == {
        (0, "ipv6", "ALT"),
        (101, "ipv4", "ALT101"),
        (101, "ipv6", "ALT101"),
        (102, "ipv4", "ALT102"),
    }


def test_show_lisp_alt_of_one_instance(r1):
    def vrfs(scope):
        found = vtysh_json(r1, f"show lisp {scope} alt json")
        return [(one["instanceId"], one["addressFamily"]) for one in found["vrfs"]], {
            one["name"] for one in found["tunnels"]
        }

    assert vrfs("instance-id 101") == ([(101, "ipv4"), (101, "ipv6")], {"gre101"})
    assert vrfs("eid-table vrf RED ipv6") == ([(101, "ipv6")], {"gre101"})
    assert vrfs("instance-id 0") == ([(0, "ipv6")], {"gre1", "gre2"})
    text = vtysh(r1, "show lisp instance-id 101 alt")
    assert "Instance 101, ipv4 EIDs: VRF ALT101" in text
    assert "Instance 101, Tunnel gre101: 192.0.2.1 -> 198.51.100.1, key 101" in text
    assert "102" not in text


def test_rpcs(r1):
    rpc = lambda text: configure(r1, f"mgmt rpc /frr-lispd:{text}")
    assert '"cleared": 0' in rpc("clear-map-cache")
    assert "%" not in rpc("clear-statistics")
    assert "%" not in rpc('clear-site json {"frr-lispd:clear-site":{"name":"S1"}}')
    assert "%" not in rpc('clear-site json {"frr-lispd:clear-site":{"instance-id":101}}')
    assert "no site nope" in rpc('clear-site json {"frr-lispd:clear-site":{"name":"nope"}}')
