# SPDX-License-Identifier: GPL-2.0-or-later
"""One xTR that sits on an ALT, alone: what it hands to other routing protocols there."""

from lib.lisp import Host, Topology

TOPOLOGY = Topology(
    title="Routes of type lisp for OSPF and BGP",
    hosts={"h1": Host.of_site(1)},
    routers={"xtr1": "xTR of site 1\non the ALT"},
    links=[("h1", "eth0", "xtr1", "eth0")],
    alt=["xtr1"],
)
