# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two sites, one Map-Server that is also the Map-Resolver, and instances.

The hosts' EIDs are in instance 7, in the default VRF. Each site has the other's EID-prefix
as well, in an instance of the control plane alone: 101 at site 1, 102 at site 2. Addresses
are those of lisp_basic.
"""

from lib.lisp import Host, Topology

TOPOLOGY = Topology(
    title="Two LISP sites with instances",
    hosts={f"h{site}": Host.of_site(site) for site in (1, 2)},
    routers={
        "xtr1": "xTR of site 1",
        "xtr2": "xTR of site 2",
        "ms": "Map-Server\nMap-Resolver",
        "core": "underlay",
    },
    links=[
        ("h1", "eth0", "xtr1", "eth0"),
        ("h2", "eth0", "xtr2", "eth0"),
        ("xtr1", "eth1", "core", "eth1"),
        ("xtr2", "eth1", "core", "eth2"),
        ("ms", "eth1", "core", "eth6"),
    ],
)
