# SPDX-License-Identifier: GPL-2.0-or-later
"""
One ITR, and a core that plays its two Map-Resolvers, 192.0.2.11 and 192.0.2.21, by hand.
"""

from lib.lisp import Host, Topology

TOPOLOGY = Topology(
    title="An ITR under test",
    hosts={"h1": Host.of_site(1)},
    routers={"xtr1": "ITR of site 1", "core": "Map-Resolvers\nby hand"},
    links=[("h1", "eth0", "xtr1", "eth0"), ("xtr1", "eth1", "core", "eth1")],
)
