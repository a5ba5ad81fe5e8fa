# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two sites on one kernel, each with a zebra that has the plugin, and the test in
lispd's place:  hA - xA = two links = xB - hB.  To be used inside a sandbox.
"""

import os
import signal
import subprocess
import time

import mapping_socket as ms

NODES = ("hA", "xA", "xB", "hB")
SITES = {"A": 1, "B": 2}
RLOC = {  # locator id -> network of the link, interface
    1: ("192.0.2.", "u0"),
    2: ("2001:db8:f000::", "u0"),
    3: ("198.51.100.", "u1"),
}
SETTINGS = (
    "net.ipv4.ip_forward=1",
    "net.ipv6.conf.all.forwarding=1",
    # An address is there at once; a router whose link-local one is not asks for no neighbour.
    "net.ipv6.conf.all.accept_dad=0",
    "net.ipv6.conf.default.accept_dad=0",
)
LOGS = os.environ.get("LISP_DPLANE_LOGS", "/var/tmp/frr")


def sh(command, check=True):
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, check=False
    )
    assert not check or done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def wait_for(test, timeout=10):
    """What test() returns, once it is true."""
    deadline = time.monotonic() + timeout * ms.SLOW
    while not (result := test()):
        assert time.monotonic() < deadline, "timeout"
        time.sleep(0.05)
    return result


def link(a, if_a, b, if_b, addresses):
    sh(f"ip link add {if_a} netns {a} type veth peer name {if_b} netns {b}")
    for node, name, mine in ((a, if_a, addresses[0]), (b, if_b, addresses[1])):
        sh(f"ip -n {node} link set {name} up")
        for address in mine:
            sh(f"ip -n {node} addr add {address} dev {name}")


class Site:
    """An xTR: its zebra, and our connection to the plugin."""

    def __init__(self, letter, options):
        self.number = SITES[letter]
        self.other = 3 - self.number
        self.router, self.host = "x" + letter, "h" + letter
        self.options = options
        self.epoch = 0
        self.zebra = self.mgmtd = self.client = None
        self.arguments = []
        self.within = []  # the command that zebra is run by

    def ifindex(self, name):
        path = f"/sys/class/net/{name}/ifindex"
        return int(sh(f"ip netns exec {self.router} cat {path}"))

    def start(self):
        directories = [
            f"{base}/{self.router}" for base in ("/run/frr", "/var/lib/frr", "/etc/frr")
        ]
        sh("install -d -o frr -g frr " + " ".join(directories))
        inside = ["ip", "netns", "exec", self.router]
        log = os.path.join(LOGS, self.router)
        with open(log + ".out", "a", encoding="ascii") as output:
            if not self.mgmtd:
                command = ["/usr/lib/frr/mgmtd", "-N", self.router, *self.arguments]
                self.mgmtd = subprocess.Popen(
                    inside + command, stdout=output, stderr=output
                )
                wait_for(
                    lambda: os.path.exists(f"/run/frr/{self.router}/mgmtd_be.sock")
                )
            module = "lisp_dplane" + (":" + self.options if self.options else "")
            command = [
                *self.within,
                "/usr/lib/frr/zebra",
                "-N",
                self.router,
                "-M",
                module,
                *self.arguments,
            ]
            command += ["--log", "stdout"]
            self.zebra = subprocess.Popen(
                inside + command, stdout=output, stderr=output
            )

    def connect(self):
        """As a new lispd."""
        if self.client:
            self.client.close()
        self.epoch += 1
        path = f"/run/frr/{self.router}/lispdp.sock"
        self.client = ms.Client(path, self.number * 1000 + self.epoch)
        return self.client

    def stop(self, how=signal.SIGTERM):
        self.zebra.send_signal(how)
        self.zebra.wait(timeout=20)
        if self.client:
            self.client.close()
            self.client = None

    def address(self, locator, number=None):
        return f"{RLOC[locator][0]}{number or self.number}"

    def locator(self, number, **kwargs):
        ifindex = self.ifindex(RLOC[number][1])
        other = self.address(number, self.other)
        return ms.locator(number, other, self.address(number), ifindex, **kwargs)

    def base(self, iid=0, **kwargs):
        """All but mappings; sets 1 (IPv4), 2 (IPv6), 3 (first link, then second)."""
        ops = [ms.instance(iid=iid, **kwargs)]
        ops += [ms.local_eid(f"10.{self.number}.0.0/24", iid)]
        ops += [ms.local_eid(f"2001:db8:{self.number}::/64", iid)]
        for number, (_, interface) in RLOC.items():
            ops.append(ms.local_rloc(self.address(number), self.ifindex(interface)))
            ops.append(self.locator(number))
        ops += [ms.rloc_set(1, (1, 1, 50)), ms.rloc_set(2, (2, 1, 50))]
        return ops + [ms.rloc_set(3, (1, 1, 50), (3, 2, 50))]

    def mappings(self, rloc_set, iid=0):
        return [
            ms.mapping(f"10.{self.other}.0.0/24", 1, rloc_set, iid=iid),
            ms.mapping(f"2001:db8:{self.other}::/64", 2, rloc_set, iid=iid),
        ]

    def no_mappings(self):
        return [
            ms.mapping(f"10.{self.other}.0.0/24", 0, remove=True),
            ms.mapping(f"2001:db8:{self.other}::/64", 0, remove=True),
        ]

    def replay(self, rloc_set=None, **kwargs):
        more = self.mappings(rloc_set) if rloc_set else []
        self.client.apply(*self.base(**kwargs), *more, ms.end_of_replay())

    def counters(self):
        return self.client.counters()[0]

    def clear(self):
        self.client.counters(clear=True)

    def leftovers(self):
        """What of ours is in the kernel."""
        found = []
        names = sh(f"ip -n {self.router} -o link show").splitlines()
        found += [line for line in names if ": lisp" in line or ": gre1" in line]
        for version in ("-4", "-6"):
            rules = sh(f"ip -n {self.router} {version} rule").splitlines()
            found += [line for line in rules if line.startswith(("4341:", "4342:"))]
            found += sh(
                f"ip -n {self.router} {version} route show table 4342 2>/dev/null",
                check=False,
            ).splitlines()
        qdiscs = sh(f"ip netns exec {self.router} tc qdisc show").splitlines()
        return found + [line for line in qdiscs if "clsact" in line]


class Bed:
    def __init__(self, options=""):
        for node in NODES:
            sh(f"ip netns add {node}")
            sh(f"ip -n {node} link set lo up")
            sh(f"ip netns exec {node} sysctl -qw {' '.join(SETTINGS)}")
        for letter, number in SITES.items():
            host = (f"10.{number}.0.10/24", f"2001:db8:{number}::10/64")
            router = (f"10.{number}.0.1/24", f"2001:db8:{number}::1/64")
            link("h" + letter, "e0", "x" + letter, "site", (host, router))
            sh(f"ip -n h{letter} route add default via 10.{number}.0.1")
            sh(f"ip -n h{letter} route add default via 2001:db8:{number}::1")
        link(
            "xA",
            "u0",
            "xB",
            "u0",
            (
                ("192.0.2.1/24", "2001:db8:f000::1/64"),
                ("192.0.2.2/24", "2001:db8:f000::2/64"),
            ),
        )
        link("xA", "u1", "xB", "u1", (("198.51.100.1/24",), ("198.51.100.2/24",)))
        for router, number in (("xA", 2), ("xB", 1)):
            sh(f"ip -n {router} route add default via 192.0.2.{number}")
            sh(f"ip -n {router} route add default via 2001:db8:f000::{number}")
        self.a, self.b = Site("A", options), Site("B", options)
        self.sites = (self.a, self.b)

    def start(self):
        for site in self.sites:
            site.start()
            site.connect()
            site.replay()

    def finish(self):
        for site in self.sites:
            for process in (site.zebra, site.mgmtd):
                if process and process.poll() is None:
                    process.kill()
                    process.wait()
        for node in NODES:
            sh(f"ip netns del {node}", check=False)

    @staticmethod
    def ping(count=3, interval=0.05, version=4, size=56, options="", wait=1):
        """From hA to hB; how many answers came."""
        target = "10.2.0.10" if version == 4 else "2001:db8:2::10"
        command = f"ip netns exec hA ping -{version} -n -c {count} -i {interval}"
        command += f" -W {wait} -s {size} {options} {target}"
        for line in sh(command, check=False).splitlines():
            if "packets transmitted" in line:
                return int(line.split(",")[1].split()[0])
        return 0

    @staticmethod
    def ping_start(count, interval, version=4):
        target = "10.2.0.10" if version == 4 else "2001:db8:2::10"
        command = f"ip netns exec hA ping -{version} -n -c {count} -i {interval} -W 2 {target}"
        return subprocess.Popen(command.split(), stdout=subprocess.PIPE, text=True)

    @staticmethod
    def ping_result(process):
        output = process.communicate(timeout=60)[0]
        line = [line for line in output.splitlines() if "transmitted" in line][0]
        return int(line.split(",")[1].split()[0])

    @staticmethod
    def tcp(version, megabytes=20):
        """Sends so much from hA to hB; Gbit/s."""
        target = "10.2.0.10" if version == 4 else "2001:db8:2::10"
        server = subprocess.Popen(
            ["ip", "netns", "exec", "hB", "iperf3", "-s", "-1"],
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(lambda: ":5201" in sh("ip netns exec hB ss -ltn"))
            sh(
                f"ip netns exec hA timeout 30 iperf3 -c {target} -n {megabytes}M -C cubic -J"
            )
        finally:
            server.terminate()
            server.wait()
