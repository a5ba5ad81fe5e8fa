# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two instances with the same EID-prefixes, each with an ALT of its own.

Instance 7 has the hosts; instance 8 is the control plane's alone. xtr1 registers
10.1.0.0/24 in instance 7, xtr2 in instance 8, both with the Map-Server alt2. alt1 is the
Map-Resolver; xtr3 sits on both ALTs itself. Addresses are those of lisp_alt, and the same
in ALT7 and ALT8; the GRE key of a tunnel is its instance.
"""

from lib.lisp import Host, Topology

TOPOLOGY = Topology(
    title="LISP sites across an ALT for each instance",
    hosts={f"h{site}": Host.of_site(site) for site in (1, 3)},
    routers={
        "xtr1": "xTR of site 1\nin instance 7",
        "xtr2": "ETR of site 2\nin instance 8",
        "xtr3": "xTR of site 3\non both ALTs",
        "alt1": "Map-Resolver",
        "alt2": "Map-Server",
        "core": "underlay",
    },
    links=[
        ("h1", "eth0", "xtr1", "eth0"),
        ("h3", "eth0", "xtr3", "eth0"),
        ("xtr1", "eth1", "core", "eth1"),
        ("xtr2", "eth1", "core", "eth2"),
        ("xtr3", "eth1", "core", "eth4"),
        ("alt1", "eth1", "core", "eth5"),
        ("alt2", "eth1", "core", "eth6"),
    ],
    alt=["alt1", "alt2", "xtr3"],
    alt_vrfs=["ALT7", "ALT8"],
    tunnels=[("alt1", "alt2"), ("alt1", "xtr3")],
)
