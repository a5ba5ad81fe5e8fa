# SPDX-License-Identifier: GPL-2.0-or-later
"""A topology by its name, or by the folder that has its topology.py, and what is wrong with it."""

import importlib.util
import os
import sys
import traceback
from collections import Counter
from pathlib import Path

from lab import paths
from lab.ui import LabError


def directory(name):
    "The folder of a topology: one of ours by its name, any other by its path."
    known = paths.topologies()
    if name in known:
        return known[name]
    where = Path(name).resolve()
    if where.is_dir():
        if not (where / "topology.py").is_file():
            raise LabError(f"{where} has no topology.py")
        return where
    if os.sep in name:
        raise LabError(f"no folder {where}")
    raise LabError(f"no topology {name}: {' '.join(known)}, or a folder with a topology.py")


def load(name):
    "The Topology called NAME, without a mistake that can be seen, and its folder."
    where = directory(name)
    file = where / "topology.py"
    if str(paths.TOPOTESTS) not in sys.path:
        sys.path.insert(0, str(paths.TOPOTESTS))
    spec = importlib.util.spec_from_file_location(f"{where.name}.topology", file)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        topology = getattr(module, "TOPOLOGY", None)
        if not isinstance(topology, importlib.import_module("lib.lisp").Topology):
            raise LabError("it makes no TOPOLOGY = Topology(...)")
        _judge(topology, where)
    except LabError as error:
        raise LabError(f"{file}: {error}") from error
    except Exception as error:  # whatever somebody's file can raise
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == str(file)]
        line = getattr(error, "lineno", None) or (lines[-1] if lines else 1)
        raise LabError(f"{file}:{line}: {type(error).__name__}: {error}") from error
    return topology, where


def _judge(topology, where):
    "Raise the first thing that cannot work."
    ends = [end for a, if_a, b, if_b in topology.links for end in ((a, if_a), (b, if_b))]
    ends += [end for members in topology.lans.values() for end in members]
    for node, interface in ends:
        if node not in topology.nodes:
            raise LabError(f"a link of {node}, which is no host and no router")
        if len(interface) > 15:
            raise LabError(f"{node}: the kernel takes 15 letters of an interface: {interface}")
    for (node, interface), count in Counter(ends).items():
        if count > 1:
            raise LabError(f"{node} has {interface} in {count} links")
    for node in set(topology.lans) & set(topology.nodes):
        raise LabError(f"{node} is a node and a LAN")
    for host in topology.hosts:
        if (host, "eth0") not in ends:
            raise LabError(f"host {host} has no link: its interface is eth0")
    for router in topology.routers:
        if not (where / router / "frr.conf").is_file():
            raise LabError(f"router {router} has no {router}/frr.conf")
    for node in {*topology.alt, *topology.control_only, *topology.vrfs} - set(topology.routers):
        raise LabError(f"{node} of `alt`, `control_only` or `vrfs` is no router")
