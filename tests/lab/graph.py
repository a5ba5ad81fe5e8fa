# SPDX-License-Identifier: GPL-2.0-or-later
"""A picture of a topology by Graphviz."""

import re
import shutil
import subprocess
from pathlib import Path

from lab.topology import load
from lab.ui import LabError

ADDRESS = re.compile(r"^ ip(?:v6)? address (\S+)")


def interface_addresses(directory, node):
    "Interface to IPv4 and IPv6 addresses as a node's frr.conf has them."
    found, interface = {}, None
    config = directory / node / "frr.conf"
    if not config.exists():
        return found
    for line in config.read_text(encoding="ascii").splitlines():
        if line.startswith("interface "):
            interface = line.split()[1]
        elif line == "exit":
            interface = None
        elif interface and ADDRESS.match(line):
            found.setdefault(interface, []).append(ADDRESS.match(line).group(1))
    return found


def dot(topology, directory):
    "The topology in Graphviz's language."
    lines = [
        "graph lab {",
        f'  label="{topology.title}"; labelloc=t; fontname="Helvetica"; fontsize=20;',
        '  node [fontname="Helvetica", fontsize=11, style=filled, penwidth=1.2];',
        '  edge [fontname="Helvetica", fontsize=8, color="#5b6770"];',
        "  rankdir=LR; nodesep=0.5; ranksep=1.1;",
    ]
    for name, host in topology.hosts.items():
        text = f"{name}\\n{host.address(4)}\\n{host.address(6)}"
        lines.append(
            f'  {name} [label="{text}", shape=box, color="#8a6d3b", fillcolor="#fdf6e3"];'
        )
    for name, role in topology.routers.items():
        text = f"{name}\\n" + role.replace("\n", "\\n")
        on_alt = name in topology.alt
        fill = "#e3f2e1" if on_alt else "#e1ecf7"
        lines.append(
            f'  {name} [label="{text}", shape=ellipse, color="#31506e", fillcolor="{fill}"];'
        )
    addresses = {name: interface_addresses(directory, name) for name in topology.routers}
    for one, if_one, other, if_other in topology.links:
        tail = "\\n".join(addresses.get(one, {}).get(if_one, []))
        head = "\\n".join(addresses.get(other, {}).get(if_other, []))
        if other == "core":
            head = ""
        lines.append(f'  {one} -- {other} [taillabel="{tail}", headlabel="{head}"];')
    for lan, members in topology.lans.items():
        lines.append(f'  {lan} [label="{lan}", shape=plaintext, fillcolor="none"];')
        for name, interface in members:
            text = "\\n".join(addresses.get(name, {}).get(interface, []))
            lines.append(f'  {name} -- {lan} [taillabel="{text}"];')
    for one, other in topology.tunnels:
        lines.append(
            f'  {one} -- {other} [label="GRE + BGP", style=dashed, color="#3c763d",'
            " penwidth=2, constraint=false];"
        )
    lines.append("}")
    return "\n".join(lines)


def write(name, target):
    "Draw topology NAME into TARGET (.svg, .png, .pdf or .dot)."
    topology, directory = load(name)
    source = dot(topology, directory)
    kind = target.rpartition(".")[2]
    if kind not in ("svg", "png", "pdf", "dot"):
        raise LabError(f"{target}: the name must end in .svg, .png, .pdf or .dot")
    picture = source.encode() + b"\n"
    if kind != "dot":
        if not shutil.which("dot"):
            raise LabError("Graphviz is missing: apt-get install graphviz")
        picture = subprocess.run(
            ["dot", f"-T{kind}"], input=picture, stdout=subprocess.PIPE, check=True
        ).stdout
    try:
        Path(target).write_bytes(picture)
    except OSError as error:
        raise LabError(f"{target}: {error.strerror}") from error
