# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two sites, one Map-Server that is also the Map-Resolver.

Addresses as in lisp_alt.  Each site has four EID-prefixes, so that every family of EID
meets every family of RLOC: 10.N.0.0/24 and 2001:db8:N::/64 have IPv4 RLOCs,
10.N.64.0/24 and 2001:db8:N:64::/64 IPv6 RLOCs.
"""

from lib.lisp import Host, Topology


def _host(site):
    more = (f"10.{site}.64.10/24", f"2001:db8:{site}:64::10/64")
    return Host.of_site(site, more)


TOPOLOGY = Topology(
    title="Two LISP sites and a Map-Server",
    hosts={f"h{site}": _host(site) for site in (1, 2)},
    routers={
        "xtr1": "xTR of site 1\none link",
        "xtr2": "xTR of site 2\ntwo links",
        "ms": "Map-Server\nMap-Resolver",
        "core": "underlay",
    },
    links=[
        ("h1", "eth0", "xtr1", "eth0"),
        ("h2", "eth0", "xtr2", "eth0"),
        ("xtr1", "eth1", "core", "eth1"),
        ("xtr2", "eth1", "core", "eth2"),
        ("xtr2", "eth2", "core", "eth3"),
        ("ms", "eth1", "core", "eth6"),
    ],
)
