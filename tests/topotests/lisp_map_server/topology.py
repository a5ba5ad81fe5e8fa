# SPDX-License-Identifier: GPL-2.0-or-later
"""
A Map-Server and Map-Resolver without a dataplane, and a node that plays everybody else
by hand.

The client has addresses for two ETRs, 192.0.2.61 and 192.0.2.62, beside its own.
"""

from lib.lisp import Topology

TOPOLOGY = Topology(
    title="A Map-Server under test",
    hosts={},
    routers={"ms": "Map-Server\nMap-Resolver", "client": "ITRs and ETRs\nby hand"},
    links=[("ms", "eth1", "client", "eth1")],
    control_only=["ms"],
)
