# SPDX-License-Identifier: GPL-2.0-or-later
"""
Plain forwarding against LISP through the same routers, interleaved.

h1 and h2 have an address more each, outside all EID-prefixes and routed natively by the
same xTRs and core: what differs between two measurements is the encapsulation alone.
"""

import json
import re
import statistics
import subprocess
import time
from pathlib import Path

PLAIN = ("172.16.1.10", "172.16.2.10")
LISP = {
    "IPv4 RLOC": ("10.1.0.10", "10.2.0.10"),
    "IPv6 RLOC": ("10.1.64.10", "10.2.64.10"),
}
# The hosts know that a tunnel is on the way, in both cases.
HOST_MTU = 1400
FLOOD = Path(__file__).with_name("flood.py")


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
        xtr.cmd_raises(f"ip addr add 172.16.{site}.1/24 dev eth0")
    core = tgen.net["core"]
    core.cmd_raises("ip route add 172.16.1.0/24 via 192.0.2.10")
    core.cmd_raises("ip route add 172.16.2.0/24 via 192.0.2.20")
    tgen.net["h2"].popen(["iperf3", "-s", "-D"]).wait()
    time.sleep(0.3)


def _iperf(tgen, pair, *options):
    command = ["iperf3", "-J", "-c", pair[1], "-B", pair[0], *options]
    _, out, _ = tgen.net["h1"].cmd_status(command, warn=False)
    found = json.loads(out)
    if "error" in found:
        raise RuntimeError(f"iperf3 to {pair[1]}: {found['error']}")
    return found["end"]


def _in_turn(rounds, pairs, measure):
    "A list of values for each pair of addresses, measured in turn."
    return list(zip(*[[measure(pair) for pair in pairs] for _ in range(rounds)]))


def tcp(tgen, pairs, rounds, seconds):
    "Gigabits a second of one TCP stream."

    def measure(pair):
        end = _iperf(tgen, pair, "-C", "cubic", "-t", str(seconds))
        return end["sum_received"]["bits_per_second"] / 1e9

    return _in_turn(rounds, pairs, measure)


def small(tgen, pairs, rounds, seconds):
    "Thousands of 64-octet frames a second that arrive."
    receiver = tgen.net["h2"]
    sink = receiver.popen(["python3", str(FLOOD), "--sink"], stdout=subprocess.PIPE)
    sink.stdout.readline()
    bursts = rounds * seconds * 10  # 5000 datagrams take between 50 and 100 ms

    def arrived():
        return int(receiver.cmd_raises("cat /sys/class/net/eth0/statistics/rx_packets"))

    try:
        before = arrived()
        out = tgen.net["h1"].cmd_raises(
            ["python3", str(FLOOD), str(bursts), "5000", *map(",".join, pairs)]
        )
        lost = bursts * 5000 * len(pairs) - (arrived() - before)
    finally:
        sink.kill()
        sink.wait()
    if lost > 0:
        raise RuntimeError(f"{lost} small packets did not arrive")
    return json.loads(out)


def rtt(tgen, pairs, rounds, _):
    "Median microseconds of an echo."

    def measure(pair):
        out = tgen.net["h1"].cmd_raises(
            ["ping", "-n", "-i", "0.002", "-c", "300", "-I", pair[0], pair[1]]
        )
        times = [float(found) for found in re.findall(r"time=([\d.]+) ms", out)]
        return statistics.median(times) * 1000

    return _in_turn(rounds, pairs, measure)


MEASURES = {
    "TCP, Gbit/s": (tcp, 0.7),
    "64-octet frames, kpps": (small, 0.6),
    "round trip, us": (rtt, None),
}


def run(tgen, rounds, seconds, say):
    """
    Measure all, print as it goes; names of what is below its bound. A ratio is the median
    of the rounds' own ratios: what is slow for a while is slow for both of a round.
    """
    failed = []
    for name, (measure, bound) in MEASURES.items():
        plain, *others = measure(tgen, [PLAIN, *LISP.values()], rounds, seconds)
        say(f"{name:24} {'plain':12} {statistics.median(plain):9.2f}")
        for path, values in zip(LISP, others):
            ratios = [value / base for value, base in zip(values, plain)]
            ratio = statistics.median(ratios)
            verdict = ""
            if bound is not None and ratio < bound:
                failed.append(f"{name} over {path}: {ratio:.2f} of plain, not {bound}")
                verdict = f"  below {bound}"
            say(
                f"{'':24} {path:12} {statistics.median(values):9.2f}  ratio {ratio:5.2f}"
                f"  ({min(ratios):.2f} to {max(ratios):.2f}){verdict}"
            )
    return failed
