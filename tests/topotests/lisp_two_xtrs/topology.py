# SPDX-License-Identifier: GPL-2.0-or-later
"""
A site with a LAN and two xTRs, each with a provider of its own.

h1 and h1b are on the LAN, r1 is its router and speaks OSPF with the xTRs, which give it
their default routes. The underlay speaks OSPF with xtr2, that has no default route. The
locator-set of IPv4 EIDs names both xTRs' RLOCs, xtr1a's is better; for IPv6 EIDs each
xTR names its own and discovers the other's.
"""

from lib.lisp import Host, Topology

TOPOLOGY = Topology(
    title="A site with two xTRs",
    hosts={
        "h1": Host.of_site(1),
        "h1b": Host("10.1.0.11/24", "2001:db8:1::11/64", "10.1.0.1", "2001:db8:1::1"),
        "h2": Host.of_site(2),
    },
    routers={
        "r1": "router of site 1",
        "xtr1a": "xTR of site 1",
        "xtr1b": "xTR of site 1",
        "xtr2": "xTR of site 2",
        "ms": "Map-Server\nMap-Resolver",
        "core": "underlay",
    },
    lans={"office": [("h1", "eth0"), ("h1b", "eth0"), ("r1", "eth0")]},
    links=[
        ("h2", "eth0", "xtr2", "eth0"),
        ("r1", "eth1", "xtr1a", "eth0"),
        ("r1", "eth2", "xtr1b", "eth0"),
        ("xtr1a", "eth1", "core", "eth1"),
        ("xtr1b", "eth1", "core", "eth2"),
        ("xtr2", "eth1", "core", "eth3"),
        ("ms", "eth1", "core", "eth6"),
    ],
)
