# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two customers with the same prefixes, RED in h1 and h2, BLUE in k1 and k2, each in a VRF
device of both xTRs; one Map-Server that is also the Map-Resolver. xtr2 has two links, the
first one better. The VRF UNDERLAY is empty at first: RLOCs are in the default VRF.
"""

from lib.lisp import Host, Topology

CUSTOMERS = {"RED": ["eth0"], "BLUE": ["eth4"], "UNDERLAY": []}

TOPOLOGY = Topology(
    title="Two customers in VRFs",
    hosts={f"{customer}{site}": Host.of_site(site) for customer in "hk" for site in (1, 2)},
    routers={
        "xtr1": "xTR of site 1",
        "xtr2": "xTR of site 2",
        "ms": "Map-Server\nMap-Resolver",
        "core": "underlay",
    },
    links=[
        ("h1", "eth0", "xtr1", "eth0"),
        ("k1", "eth0", "xtr1", "eth4"),
        ("h2", "eth0", "xtr2", "eth0"),
        ("k2", "eth0", "xtr2", "eth4"),
        ("xtr1", "eth1", "core", "eth1"),
        ("xtr2", "eth1", "core", "eth2"),
        ("xtr2", "eth2", "core", "eth3"),
        ("ms", "eth1", "core", "eth6"),
    ],
    vrfs={"xtr1": CUSTOMERS, "xtr2": CUSTOMERS},
)
