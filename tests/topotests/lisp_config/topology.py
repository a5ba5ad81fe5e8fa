# SPDX-License-Identifier: GPL-2.0-or-later
"""One router and nobody to talk to: its configuration is the subject."""

from lib.lisp import Host, Topology

TOPOLOGY = Topology(
    title="One router",
    hosts={"h1": Host.of_site(1)},
    routers={"r1": "every role"},
    links=[("h1", "eth0", "r1", "eth0")],
)
