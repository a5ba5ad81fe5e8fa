# SPDX-License-Identifier: GPL-2.0-or-later
"""
The story of topology alt, as it happens: `./lab demo`.

Runs inside the sandbox.  Every line is something measured: times of packets are those
of a capture on the core router, decoded by tshark.
"""

import itertools
import re
import subprocess
import sys
import time

from lab import keeper, paths
from lab.ui import Story, paint

PICTURE = """
  h1 ── xtr1 ───┐                h1 10.1.0.10  2001:db8:1::10
  h2 ── xtr2 ═══╪═══ core        h2 10.2.0.10  2001:db8:2::10
  h3 ── xtr3 ───┘   │    │       h3 10.3.0.10  2001:db8:3::10
          ┆       alt1  alt2
          └┄┄┄┄┄┄┄┄┘└┄┄┄┄┘       ┄┄ the ALT: GRE and BGP; alt1 Map-Resolver, alt2 Map-Server
"""

ROUTERS_BY_RLOC = {
    "192.0.2.10": "xtr1",
    "192.0.2.20": "xtr2",
    "198.51.100.20": "xtr2 (second link)",
    "192.0.2.30": "xtr3",
    "192.0.2.40": "alt1",
    "192.0.2.50": "alt2",
    "2001:db8:f000:10::10": "xtr1",
    "2001:db8:f000:20::20": "xtr2",
    "2001:db8:f001:20::20": "xtr2 (second link)",
    "2001:db8:f000:30::30": "xtr3",
    "2001:db8:f000:40::40": "alt1",
    "2001:db8:f000:50::50": "alt2",
}


PROMISED = 60  # seconds that the story takes at most, on a machine that is idle


def who(address):
    return ROUTERS_BY_RLOC.get(address, address)


class Demo:
    """One run: the topology, the story, the capture's file."""

    def __init__(self, tgen, topology, story):
        # Importable only once the frame is prepared.
        from lib import lisp, lispwire

        self.lisp, self.wire = lisp, lispwire
        self.tgen, self.story = tgen, story
        self.hosts = topology.hosts
        self.core = lispwire.Capture(self.node("core"), paths.RUN / "core.pcap")

    def node(self, name):
        return self.tgen.net[name]

    # --- the chapters ---------------------------------------------------------

    def bgp(self):
        "BGP sessions over the tunnels, then the EID prefixes in alt1's ALT table."
        self.story.heading("The ALT: BGP over GRE, AS 2147483671, 2147483677, 2147483683")

        def lacking():
            found = {}
            for name, count in (("alt1", 4), ("alt2", 2), ("xtr3", 2)):
                shown = self.lisp.vtysh_json(self.node(name), "show bgp vrf ALT summary json")
                families = [one for one in (shown or {}).values() if isinstance(one, dict)]
                peers = {k: v["state"] for one in families for k, v in one.get("peers", {}).items()}
                if len(peers) < count:
                    found[name] = f"{count - len(peers)} of {count} neighbors"
                for peer, state in peers.items():
                    if state != "Established":
                        found[name] = f"{peer}, which is {state}"
            return found

        missing = self.lisp.eventually(lacking, {}, 40)
        self.story.check(
            not missing,
            "alt1 has BGP sessions with alt2 and xtr3, over IPv4 and IPv6",
            "BGP on the ALT: " + "; ".join(f"{who} lacks {what}" for who, what in missing.items()),
        )

    def registrations(self):
        "Sites 1 and 2 registered; all six prefixes known on the ALT."
        self.story.heading("Registrations become routes of the ALT")
        for family, word in ((4, "ip"), (6, "ipv6")):
            prefixes = (
                [f"10.{n}.0.0/24" for n in (1, 2, 3)]
                if family == 4
                else [f"2001:db8:{n}::/64" for n in (1, 2, 3)]
            )

            def lacking(word=word, prefixes=prefixes):
                show = f"show {word} route vrf ALT bgp json"
                table = self.lisp.vtysh_json(self.node("alt1"), show) or {}
                return [prefix for prefix in prefixes if prefix not in table]

            missing = self.lisp.eventually(lacking, [], 30)
            self.story.check(
                not missing,
                f"alt1 learnt {', '.join(prefixes)} by BGP",
                f"alt1 did not learn {', '.join(missing)} by BGP",
            )

    def tell(self, packets, target):
        "The control messages of one resolution and the first data packet, in order."
        told_data = False
        for packet in packets:
            if packet.kind in ("Map-Request", "Map-Reply"):
                what = f"{packet.kind} for {', '.join(packet.eids[-1:])}"
                if packet.in_gre:
                    way = "on the ALT, in GRE (protocol 47)"
                elif packet.in_ecm:
                    way = "in an ECM"
                else:
                    way = "over the underlay"
            elif packet.kind == "data" and target in packet.targets and not told_data:
                what = f"data {packet.sources[-1]} → {target}"
                way = "encapsulated"
                told_data = True
            else:
                continue
            arrow = f"{who(packet.source):>8} → {who(packet.target):8}"
            self.story.line(f"{arrow} {what} {paint(way, 'dim')}", at=packet.time)

    def misses(self, router):
        "How often a router had no mapping for a packet."
        shown = self.lisp.vtysh_json(self.node(router), "show lisp statistics json")
        return shown["events"]["cache-misses"]

    def first_packets(self):
        "Every ordered pair of sites and family: the very first packet is answered."
        for family in (4, 6):
            self.story.heading(f"First packets, IPv{family} hosts")
            lost, misses = [], self.misses("xtr1")
            for one, other in itertools.permutations(self.hosts, 2):
                target = self.hosts[other].address(family)
                began = time.time()
                self.story.line(f"{one} pings {other} ({target}) for the first time")
                answered = self.lisp.ping(self.node(one), target, wait=5)
                ended = time.time()
                packets = self.core.since(began)
                self.judge_wire(packets)
                self.tell(packets, target)
                if answered != 1:
                    lost.append(f"{one} → {other}")
                    self.story.bad(f"{one} → {other}: the first packet was lost")
                else:
                    self.story.line(f"{one} has its answer", at=ended)
            missed = self.misses("xtr1") - misses
            self.story.line(f"xtr1 counted {missed} cache misses, and asked for each EID")
            self.story.check(
                not lost,
                f"no first packet lost, six pairs of hosts over IPv{family}",
                f"first packets lost: {', '.join(lost)}",
            )

    def judge_wire(self, packets):
        "Map-Requests to an EID only in ECM or GRE; Map-Replies only outside."
        for packet in packets:
            if packet.kind == "Map-Reply" and packet.in_gre:
                self.story.bad("a Map-Reply travelled over the ALT")
            if (
                packet.kind == "Map-Request"
                and not packet.in_gre
                and not packet.in_ecm
                and packet.target not in ROUTERS_BY_RLOC
            ):
                self.seen_outside = True
            if packet.kind == "Map-Request" and packet.in_gre:
                self.seen_in_gre = True
            if packet.kind == "Map-Reply" and not packet.in_gre:
                self.seen_reply = True

    seen_in_gre = seen_outside = seen_reply = False

    def wire_verdict(self):
        self.story.heading("On the core link, says tshark")
        self.story.check(
            self.seen_in_gre,
            "Map-Requests to the EID inside GRE",
            "no Map-Request was seen inside GRE",
        )
        self.story.check(
            not self.seen_outside,
            "none to an EID outside of GRE and ECM",
            "a Map-Request travelled to an EID over the underlay",
        )
        self.story.check(
            self.seen_reply,
            "Map-Replies outside of it, straight to the asking xTR",
            "no Map-Reply was seen on the underlay",
        )

    def fast_path(self):
        "A hundred packets more of a known flow: none visits user space."
        self.story.heading("After the first packet: the kernel alone")
        xtr1 = self.node("xtr1")
        fast, slow = self.lisp.fast_and_slow(xtr1)
        answered = self.lisp.ping(self.node("h1"), "10.2.0.10", count=100, interval=0.005)
        now_fast, now_slow = self.lisp.fast_and_slow(xtr1)
        self.story.check(
            now_fast >= fast + 100 and answered == 100 and now_slow == slow,
            f"100 packets more from h1 to h2, {answered} answered: xtr1 encapsulated"
            f" {now_fast - fast} in the kernel, {now_slow - slow} visited user space",
        )

    def cut(self):
        "Cut xtr2's better link under a stream; count what is lost."
        self.story.heading("Cutting xtr2's better link under a stream of 100 packets a second")
        count, interval = 400, 0.01
        stream = self.node("h1").popen(
            ["ping", "-n", "-c", str(count), "-i", str(interval), "-W", "2"]
            + ["10.2.0.10"],
            stdout=subprocess.PIPE,
            encoding="ascii",
        )
        for line in stream.stdout:
            if "icmp_seq=100 " in line:
                break
        cut_at = time.time()
        self.node("xtr2").cmd_raises("ip link set eth1 down")
        self.story.line("xtr2's eth1 (192.0.2.20, priority 1) is cut", at=cut_at)
        out, _ = stream.communicate(timeout=60)
        for packet in self.core.since(cut_at):
            if packet.smr:
                self.story.line(
                    f"{who(packet.source):>8} → {who(packet.target):8}"
                    " Solicit-Map-Request: my locators changed",
                    at=packet.time,
                )
            if packet.kind == "data" and packet.target == "198.51.100.20":
                self.story.line(
                    f"{who(packet.source):>8} → {who(packet.target)} carries the stream",
                    at=packet.time,
                )
                break
        answered = int(re.search(r"(\d+) received", out).group(1))
        lost = count - answered
        self.story.check(
            lost <= 1.0 / interval,
            f"{lost} of {count} packets lost: {lost * interval:.2f} s of the stream",
            f"{lost} of {count} packets lost: more than one second of the stream",
        )
        self.node("xtr2").cmd_raises("ip link set eth1 up")
        answered = self.lisp.ping(self.node("h2"), "10.3.0.10", count=20, interval=0.01)
        self.story.check(
            answered == 20,
            "the link is back; h2 still reaches h3",
            f"after the link is back h2 reaches h3 with {answered} packets of 20",
        )


def main():
    "Tell the story; 0 only if all of it worked."
    story = Story()
    print(paint("LISP sites across an ALT", "bold"))
    print(PICTURE, flush=True)
    story.line("nine nodes: three hosts, three xTRs, two ALT routers, the core")
    try:
        tgen, topology = keeper.bring_up("alt")
    except Exception as error:  # of the framework, of any kind
        print(paint(f"✗ the network did not come up: {type(error).__name__}: {error}", "red"))
        return 1
    story.line("all daemons are running")
    demo = Demo(tgen, topology, story)
    demo.bgp()
    demo.registrations()
    if not story.failures:
        with demo.core:
            demo.first_packets()
            demo.wire_verdict()
            demo.fast_path()
            demo.cut()
    print()
    if story.failures:
        print(paint(f"✗ {len(story.failures)} things went wrong:", "red"))
        for failure in story.failures:
            print(f"  {failure}")
        return 1
    verdict = f"✓ It all worked, in {story.now():.0f} seconds; {PROMISED} are promised."
    print(paint(verdict, "green"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
