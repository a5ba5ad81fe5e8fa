# SPDX-License-Identifier: GPL-2.0-or-later
"""
What every LISP topology needs: hosts, routers, an ALT VRF, a way to start them.

A topology is data (`Topology`), so that the tests, `./lab up` and `./lab graph`
read the same one.  `build` makes it with Topogen, `start` loads each router's
`NODE/frr.conf` and starts its daemons.

An ALT is a VRF, named ALT if there is one.  Where the kernel has VRF devices it is one;
else it is a network namespace and the daemons run with `-w`.  LISP_ALT_VRF=device|netns
decides.
"""

import glob
import ipaddress
import json
import os
import re
import shlex
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Dict, List, Tuple

ALT_TABLE = 1001
VRF_TABLES = 2001  # and up, the tables of a router's VRF devices

# How many times slower than a machine this one is: an emulated one says 10.
SLOW = int(os.environ.get("LISP_SLOW", "1"))

# What the framework sets in each node, and: no second of duplicate address detection
# before a node can speak.  ALT datagrams have sources that the ALT has no route to, hence
# no reverse-path filter.  The LISP device has no carrier while zebra is dead and has to
# forward all the same.
SYSCTLS = {
    "net.ipv4.ip_forward": 1,
    "net.ipv4.conf.all.forwarding": 1,
    "net.ipv4.conf.default.forwarding": 1,
    "net.ipv6.conf.all.forwarding": 1,
    "net.ipv6.conf.default.forwarding": 1,
    "net.ipv4.conf.all.rp_filter": 0,
    "net.ipv4.conf.default.rp_filter": 0,
    "net.ipv4.conf.lo.rp_filter": 0,
    "net.ipv4.conf.all.ignore_routes_with_linkdown": 0,
    "net.ipv4.conf.default.ignore_routes_with_linkdown": 0,
    "net.ipv6.conf.all.ignore_routes_with_linkdown": 0,
    "net.ipv6.conf.default.ignore_routes_with_linkdown": 0,
    "net.ipv6.conf.all.keep_addr_on_down": 1,
    "net.ipv6.conf.all.accept_dad": 0,
    "net.ipv6.conf.default.accept_dad": 0,
    "net.ipv6.conf.default.dad_transmits": 0,
}


@dataclass(frozen=True)
class Host:
    """A host of a site: its addresses with prefix length, its gateways."""

    v4: str
    v6: str
    gw4: str
    gw6: str
    more: Tuple[str, ...] = ()

    @staticmethod
    def of_site(number, more=()):
        "The host of site N: 10.N.0.10 and 2001:db8:N::10."
        return Host(
            f"10.{number}.0.10/24",
            f"2001:db8:{number}::10/64",
            f"10.{number}.0.1",
            f"2001:db8:{number}::1",
            more,
        )

    def address(self, family):
        return (self.v4 if family == 4 else self.v6).split("/")[0]


@dataclass(frozen=True)
class Topology:
    """
    A lab: hosts, routers with a word on each, links of two, LANs of any number, and who sits
    on the ALT.
    """

    title: str
    hosts: Dict[str, Host]
    routers: Dict[str, str]
    links: List[Tuple[str, str, str, str]]
    alt: List[str] = field(default_factory=list)
    alt_vrfs: List[str] = field(default_factory=lambda: ["ALT"])  # of each of them
    tunnels: List[Tuple[str, str]] = field(default_factory=list)
    control_only: List[str] = field(default_factory=list)  # zebra has no plugin
    lans: Dict[str, List[Tuple[str, str]]] = field(default_factory=dict)  # (node, interface)
    plugin: str = "lisp_dplane"  # with its options
    # router -> VRF device -> its interfaces
    vrfs: Dict[str, Dict[str, List[str]]] = field(default_factory=dict)

    @property
    def nodes(self):
        return {**self.hosts, **self.routers}


def alt_vrf_kind():
    "device where the kernel has VRF devices, else netns; LISP_ALT_VRF overrides."
    wanted = os.environ.get("LISP_ALT_VRF")
    if wanted in ("device", "netns"):
        return wanted
    probe = "ip link add vrfprobe type vrf table 4000 && ip link del vrfprobe"
    done = subprocess.run(["sh", "-c", probe], stderr=subprocess.DEVNULL, check=False)
    return "device" if done.returncode == 0 else "netns"


def set_sysctls(node, prefix=""):
    "All of SYSCTLS with one process; the framework's own way takes 20 to 40 a node."
    pairs = " ".join(f"{name}={value}" for name, value in SYSCTLS.items())
    node.cmd_raises(f"{prefix}sysctl -qw {pairs}")


def quicken():
    "Topogen with our way of setting a node's sysctls: a lab is up in half the time."
    from lib import topotest

    topotest.fix_netns_limits = set_sysctls
    if SLOW > 1:
        patience = topotest.Timeout
        topotest.Timeout = lambda seconds: patience(seconds * SLOW)


def make_alt(node, vrfs=("ALT",)):
    "Make the ALT VRFs in a router."
    for number, vrf in enumerate(vrfs):
        if alt_vrf_kind() == "device":
            node.cmd_raises(f"ip link add {vrf} type vrf table {ALT_TABLE + number}")
            node.cmd_raises(f"ip link set {vrf} up")
        else:
            node.cmd_raises(f"ip netns add {vrf}")
            node.cmd_raises(f"ip netns exec {vrf} ip link set lo up")
            set_sysctls(node, f"ip netns exec {vrf} ")


def _prepare_alt(node, vrfs):
    "The same before its daemons start."
    # Nodes share the machine's /run: each needs a list of namespaces of its own.
    if alt_vrf_kind() == "netns":
        node.cmd_raises("mkdir -p /run/netns && mount -t tmpfs none /run/netns")
    make_alt(node, vrfs)


def make_vrf(node, name, table, interfaces=()):
    "Make a VRF device in a router and put interfaces into it."
    node.cmd_raises(f"ip link add {name} type vrf table {table}")
    node.cmd_raises(f"ip link set {name} up")
    for interface in interfaces:
        node.cmd_raises(f"ip link set {interface} master {name}")


def side_by_side(work, names):
    "WORK(NAME) for each name, several at a time: (name, result) in order."
    # Nodes and daemons are made of many short processes that mostly wait.
    with ThreadPoolExecutor(max_workers=4 if SLOW == 1 else 1) as pool:
        yield from zip(names, pool.map(work, names))


def build(tgen, topology):
    "Make hosts, routers and links of a topology with Topogen."

    def make(name):
        host = topology.hosts.get(name)
        if host:
            tgen.add_host(name, host.v4, f"via {host.gw4}")
            return
        tgen.add_router(name)
        # Nothing is pinned; a router's own BPF file system shows whether that is so.
        tgen.net[name].cmd_raises("mount -t bpf bpf /sys/fs/bpf")
        if name in topology.alt:
            _prepare_alt(tgen.net[name], topology.alt_vrfs)

    def address(name):
        host, node = topology.hosts[name], tgen.net[name]
        node.cmd_raises(f"ip -6 addr add {host.v6} dev eth0 nodad")
        node.cmd_raises(f"ip -6 route add default via {host.gw6} dev eth0")
        for more in host.more:
            node.cmd_raises(f"ip addr add {more} dev eth0 nodad")

    list(side_by_side(make, list(topology.nodes)))
    for one, if_one, other, if_other in topology.links:
        tgen.add_link(tgen.gears[one], tgen.gears[other], if_one, if_other)
    for lan, members in topology.lans.items():
        switch = tgen.add_switch(lan)
        for name, interface in members:
            switch.add_link(tgen.gears[name], nodeif=interface)
    list(side_by_side(address, list(topology.hosts)))
    for name, vrfs in topology.vrfs.items():
        for number, (vrf, interfaces) in enumerate(vrfs.items()):
            make_vrf(tgen.net[name], vrf, VRF_TABLES + number, interfaces)


def _load(tgen, name, directory, topology, netns_vrf):
    from lib.topogen import TopoRouter

    router = tgen.gears[name]
    config = os.path.join(directory, name, "frr.conf")
    with open(config, encoding="ascii") as source:
        text = source.read()
    daemons = [(TopoRouter.RD_ZEBRA, "")]
    if "router lisp" in text:
        plugin = "" if name in topology.control_only else f"-M {topology.plugin}"
        daemons = [(TopoRouter.RD_ZEBRA, plugin), (TopoRouter.RD_LISP, "")]
    if "router bgp" in text:
        daemons.append((TopoRouter.RD_BGP, ""))
    if "router ospf" in text:
        daemons.append((TopoRouter.RD_OSPF, ""))
    if netns_vrf:
        router.use_netns_vrf()
    keys = os.path.join(directory, name, "lisp.keys")
    if os.path.exists(keys):
        router.net.cmd_raises(
            f"install -o frr -g frr -m 600 {keys} /etc/frr/lisp.keys"
        )
    router.load_frr_config(config, daemons)


def start(tgen, topology, directory, only=None):
    "Load DIRECTORY/NODE/frr.conf into every router and start its daemons, all at once."
    names = only or list(topology.routers)
    netns = alt_vrf_kind() == "netns"
    for name in names:
        _load(tgen, name, directory, topology, netns and name in topology.alt)

    def run(name):
        try:
            return tgen.net[name].startRouter(tgen)
        except (NameError, AssertionError):
            # How the framework says that a daemon's pid file did not appear.
            return "a daemon did not start\n" + last_words(tgen.logdir, name)

    for name, error in side_by_side(run, names):
        if error:
            raise RuntimeError(f"{name}: {error}")


def last_words(logdir, name):
    "What the daemons of a router wrote to their standard error."
    said = []
    for path in sorted(glob.glob(os.path.join(logdir, name, "*.err"))):
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()[-10:]
        said += [f"{os.path.basename(path)}: {line}" for line in lines if line]
    return "\n".join(said)


def lab_fixture(topology, test_file, directory=None, plugins=("lisp_dplane",)):
    """
    The `tgen` of a test module: TOPOLOGY, configured from DIRECTORY, up and running; all of
    the module once for each of PLUGINS, zebra's module with its options.
    """
    import pytest

    where = directory or os.path.dirname(os.path.realpath(test_file))

    @pytest.fixture(scope="module", name="tgen", params=plugins)
    def fixture(request):
        from lib.topogen import Topogen

        quicken()
        this = replace(topology, plugin=request.param)
        name = request.module.__name__
        if request.param != topology.plugin:
            name += "." + request.param.partition(":")[2]
        made = Topogen(lambda tgen: build(tgen, this), name)
        made.start_topology()
        try:
            start(made, this, where)
            yield made
        finally:
            made.stop_topology()
        reports = sanitizer_reports(made.logdir)
        if reports:
            pytest.fail("sanitizer reports:\n" + "\n".join(reports))

    return fixture


def sanitizer_reports(logdir):
    """
    What ASAN and LSAN had to say about lispd and zebra, and UBSAN about our files, first
    lines; of mgmtd, which has lispd's commands, each line that names a file of ours.
    FRR's library has undefined behaviour of its own that stays what it is.
    """
    found = []
    for pattern in ("*.asan.*", "*/lispd.err", "*/zebra.err", "*/mgmtd.err"):
        for path in sorted(glob.glob(os.path.join(logdir, pattern))):
            daemon = os.path.basename(path)
            theirs = "lispd" not in daemon and "zebra" not in daemon
            if theirs and "mgmtd" not in daemon:
                continue
            with open(path, encoding="utf-8", errors="replace") as file:
                for line in file:
                    ours = re.search(r"(^|\s)(lispd|dplane)/\w+\.[ch]:\d", line)
                    if ("Sanitizer" in line and not theirs) or (
                        ours and (theirs or "runtime error:" in line)
                    ):
                        found.append(f"{path}: {line.strip()}")
    return found


def eventually(probe, expected=True, seconds=30):
    "Poll PROBE until it gives EXPECTED or the time is over; its last answer."
    end = time.monotonic() + seconds * SLOW
    answer = probe()
    while answer != expected and time.monotonic() < end:
        time.sleep(0.1)
        answer = probe()
    return answer


def configure(node, *lines):
    "Type configuration on a node; what vtysh printed."
    command = ["vtysh", "-c", "configure terminal"]
    for line in lines:
        command += ["-c", line]
    _, out, error = node.cmd_status(command, warn=False)
    return out + error


def kill(node, *daemons):
    "The daemons die without a word; what would say that they live goes too."
    for daemon in daemons:
        node.cmd_raises(f"kill -9 $(cat /var/run/frr/{daemon}.pid)")
        node.cmd_raises(f"rm -f /var/run/frr/{daemon}.pid /var/run/frr/{daemon}.vty")


def restart_at_once(node, *daemons):
    "The daemons die and start again before others have seen that they died."
    dead, started = [], []
    for daemon in daemons:
        proc = f"/proc/$(cat /var/run/frr/{daemon}.pid)"
        argv, environment = (
            node.cmd_raises(f"cat {proc}/{file}").strip("\0").split("\0")
            for file in ("cmdline", "environ")
        )
        sanitizer = [word for word in environment if word.startswith("ASAN_OPTIONS=")]
        dead.append(f"kill -9 $(cat /var/run/frr/{daemon}.pid)")
        dead.append(f"rm -f /var/run/frr/{daemon}.pid /var/run/frr/{daemon}.vty")
        again = shlex.join(["env", *sanitizer, *argv])
        started.append(f"{again} >>{daemon}.out 2>>{daemon}.err")
    node.cmd_raises(" && ".join(dead + started))


def vtysh(node, command):
    "Output of a vtysh command on a node."
    return node.cmd_raises(["vtysh", "-c", command])


def vtysh_json(node, command):
    "Parsed output of a vtysh command that prints JSON; None while it does not."
    _, out, _ = node.cmd_status(["vtysh", "-c", command], warn=False)
    try:
        return json.loads(out)
    except ValueError:
        return None


def ping(node, target, count=1, interval=0.05, wait=5, source=None):
    "How many of COUNT echo requests from NODE were answered."
    command = ["ping", "-n", "-c", str(count), "-i", str(interval), "-W", str(wait)]
    if source:
        command += ["-I", source]
    _, out, _ = node.cmd_status([*command, target], warn=False)
    for line in out.splitlines():
        if "packets transmitted" in line:
            return int(line.split(",")[1].split()[0])
    return 0


def drops(node):
    "Dropped control messages of a router by named reason."
    shown = vtysh_json(node, "show lisp statistics json") or {}
    return dict(shown.get("drops", {}))


def registered(node):
    "EID-prefixes that have a registration at a Map-Server."
    shown = vtysh_json(node, "show lisp site json") or {}
    return {one["eid"] for one in shown.get("mappings", []) if one["registered"]}


def alt_prefixes(node):
    "EID-prefixes that a router of the ALT originates or has learnt there."
    shown = vtysh_json(node, "show lisp alt json") or {}
    routes = shown.get("routes", []) + shown.get("learnedRoutes", [])
    return {route["eid"] for route in routes}


def still_lacking(tgen, topology):
    """
    What a router lacks, by router; {}: hosts can talk. The sites' EID-prefixes, in each
    router of the ALT, or without an ALT in each Map-Server; and each one's dataplane.
    """
    sites = {
        str(ipaddress.ip_interface(address).network)
        for host in topology.hosts.values()
        for address in (host.v4, host.v6, *host.more)
    }
    lacking = {}
    for name in topology.alt or topology.routers:
        node = tgen.net[name]
        if topology.alt:
            known = alt_prefixes(node)
        elif (vtysh_json(node, "show lisp site json") or {}).get("sites"):
            known = registered(node)
        else:
            continue
        if sites - known:
            lacking[name] = sorted(sites - known)
    for name in set(topology.routers) - set(topology.control_only):
        shown = vtysh_json(tgen.net[name], "show lisp dataplane json")
        if shown and not (
            shown["connected"] and shown["operationsSent"] == shown["operationsAcknowledged"]
        ):
            lacking.setdefault(name, []).append("its dataplane")
    return lacking


def dataplane_counters(node):
    "Packets of a router by the name of the dataplane's counter or reason of drop."
    shown = vtysh_json(node, "show lisp dataplane json") or {}
    return {name: count["packets"] for name, count in shown.get("counters", {}).items()}


def fast_and_slow(node):
    """
    Packets that the kernel alone has encapsulated; packets that visited user space.

    As of now: a show asks the plugin for fresh counters, at most once a second, and the
    next show has them.
    """
    began = time.monotonic()
    seen = []

    def settled():
        seen.append(dataplane_counters(node))
        return time.monotonic() - began > 1.5 and seen[-1:] == seen[-2:-1]

    eventually(settled, True, 10)
    counters = seen[-1]
    fast = sum(
        value for name, value in counters.items() if name.startswith("encap-")
    )
    slow = sum(
        value
        for name, value in counters.items()
        if name.startswith("slow-encap-") or name in ("punt", "queued")
    )
    return fast, slow
