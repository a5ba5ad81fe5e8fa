# SPDX-License-Identifier: GPL-2.0-or-later
"""
One ETR, and a core that plays its Map-Server, 192.0.2.11, by hand.
"""

from lib.lisp import Host, Topology

TOPOLOGY = Topology(
    title="An ETR under test",
    hosts={"h1": Host.of_site(1)},
    routers={"xtr1": "ETR of site 1", "core": "Map-Server\nby hand"},
    links=[("h1", "eth0", "xtr1", "eth0"), ("xtr1", "eth1", "core", "eth1")],
)
