# SPDX-License-Identifier: GPL-2.0-or-later
"""
Plain forwarding against LISP through the same routers, interleaved.

h1 and h2 have an address more each, outside all EID-prefixes and routed natively by the
same xTRs and core: what differs between two measurements is the encapsulation alone.
"""

import json
import re
import statistics
import time

PLAIN = ("172.16.1.10", "172.16.2.10")
LISP = {
    "IPv4 RLOC": ("10.1.0.10", "10.2.0.10"),
    "IPv6 RLOC": ("10.1.64.10", "10.2.64.10"),
}
# The hosts know that a tunnel is on the way, in both cases.
HOST_MTU = 1400


def prepare(tgen):
    "The plain path beside the LISP one."
    for site in (1, 2):
        host, xtr = tgen.net[f"h{site}"], tgen.net[f"xtr{site}"]
        host.cmd_raises(f"ip addr add 172.16.{site}.10/24 dev eth0")
        host.cmd_raises(
            f"ip route change default via 10.{site}.0.1 dev eth0 mtu {HOST_MTU}"
        )
        host.cmd_raises(
            f"ip route add 172.16.{3 - site}.0/24 via 172.16.{site}.1 mtu {HOST_MTU}"
        )
        # An answer over UDP is to come from the address that was asked.
        host.cmd_raises(
            f"ip route add 10.{3 - site}.64.0/24 via 10.{site}.0.1 mtu {HOST_MTU}"
            f" src 10.{site}.64.10"
        )
        xtr.cmd_raises(f"ip addr add 172.16.{site}.1/24 dev eth0")
    core = tgen.net["core"]
    core.cmd_raises("ip route add 172.16.1.0/24 via 192.0.2.10")
    core.cmd_raises("ip route add 172.16.2.0/24 via 192.0.2.20")
    tgen.net["h2"].popen(["iperf3", "-s", "-D"]).wait()
    time.sleep(0.3)


def _iperf(tgen, pair, *options):
    command = ["iperf3", "-J", "-c", pair[1], "-B", pair[0], *options]
    # Its greeting over UDP is one datagram that it does not repeat.
    for _ in range(3):
        _, out, _ = tgen.net["h1"].cmd_status(command, warn=False)
        found = json.loads(out)
        if "error" not in found:
            return found["end"]
    raise RuntimeError(f"iperf3 to {pair[1]}: {found['error']}")


def tcp(tgen, pair, seconds):
    "Gigabits a second of one TCP stream."
    end = _iperf(tgen, pair, "-C", "cubic", "-t", str(seconds))
    return end["sum_received"]["bits_per_second"] / 1e9


def small(tgen, pair, seconds):
    "Thousands of 64-octet frames a second that arrive."
    end = _iperf(tgen, pair, "-u", "-b", "0", "-l", "22", "-t", str(seconds))
    total = end["sum"]
    arrived = total["packets"] - total["lost_packets"]
    return arrived / total["seconds"] / 1e3


def rtt(tgen, pair, _):
    "Median microseconds of an echo."
    out = tgen.net["h1"].cmd_raises(
        ["ping", "-n", "-i", "0.002", "-c", "300", "-I", pair[0], pair[1]]
    )
    times = [float(found) for found in re.findall(r"time=([\d.]+) ms", out)]
    return statistics.median(times) * 1000


MEASURES = {
    "TCP, Gbit/s": (tcp, 0.7),
    "64-octet frames, kpps": (small, 0.6),
    "round trip, us": (rtt, None),
}


def run(tgen, rounds, seconds, say):
    "Measure all, print as it goes; names of what is below its bound."
    paths = {"plain": PLAIN, **LISP}
    failed = []
    for name, (measure, bound) in MEASURES.items():
        seen = {path: [] for path in paths}
        for _ in range(rounds):
            for path, pair in paths.items():
                seen[path].append(measure(tgen, pair, seconds))
        medians = {path: statistics.median(values) for path, values in seen.items()}
        plain = medians.pop("plain")
        say(f"{name:24} {'plain':12} {plain:9.2f}")
        for path, value in medians.items():
            ratio = value / plain
            verdict = ""
            if bound is not None and ratio < bound:
                failed.append(f"{name} over {path}: {ratio:.2f} of plain, not {bound}")
                verdict = f"  below {bound}"
            say(f"{'':24} {path:12} {value:9.2f}  ratio {ratio:5.2f}{verdict}")
    return failed
