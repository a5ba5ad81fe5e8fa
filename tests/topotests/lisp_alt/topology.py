# SPDX-License-Identifier: GPL-2.0-or-later
"""
Three sites, two ways into the mapping system.

xtr1 and xtr2 register with the Map-Server alt2 and ask the Map-Resolver alt1; alt1 and
alt2 are joined by GRE and BGP.  xtr3 sits on the ALT itself.  Addresses are fixed:

    site N       10.N.0.0/24, 2001:db8:N::/64; its host is .10 and ::10
    node number  xtr1 10, xtr2 20, xtr3 30, alt1 40, alt2 50
    RLOC         192.0.2.NUMBER, 2001:db8:f000:NUMBER::NUMBER; the core's side is the
                 next address, and ::1
    second link  of xtr2: 198.51.100.20, 2001:db8:f001:20::20
    ALT          240.0.254.0/30 alt1-alt2, 240.0.254.4/30 alt1-xtr3
"""

from lib.lisp import Host, Topology

TOPOLOGY = Topology(
    title="LISP sites across an ALT",
    hosts={f"h{site}": Host.of_site(site) for site in (1, 2, 3)},
    routers={
        "xtr1": "xTR of site 1\none RLOC",
        "xtr2": "xTR of site 2\ntwo RLOCs",
        "xtr3": "xTR of site 3\non the ALT",
        "alt1": "Map-Resolver",
        "alt2": "Map-Server",
        "core": "underlay",
    },
    links=[
        ("h1", "eth0", "xtr1", "eth0"),
        ("h2", "eth0", "xtr2", "eth0"),
        ("h3", "eth0", "xtr3", "eth0"),
        ("xtr1", "eth1", "core", "eth1"),
        ("xtr2", "eth1", "core", "eth2"),
        ("xtr2", "eth2", "core", "eth3"),
        ("xtr3", "eth1", "core", "eth4"),
        ("alt1", "eth1", "core", "eth5"),
        ("alt2", "eth1", "core", "eth6"),
    ],
    alt=["alt1", "alt2", "xtr3"],
    tunnels=[("alt1", "alt2"), ("alt1", "xtr3")],
)
