# SPDX-License-Identifier: GPL-2.0-or-later
"""Inside the sandbox: bring topology basic up and measure."""

import argparse
import json
import os
import subprocess
import sys

from bench import forwarding, shows
from lab import keeper, paths
from lab.ui import paint


def build_msload(tgen):
    "The load for the Map-Server; the core is the ITRs that it plays."
    tool = paths.RUN / "msload"
    source = paths.REPO / "tests" / "bench" / "msload.c"
    subprocess.run(["gcc", "-O2", "-o", str(tool), str(source), "-lcrypto"], check=True)
    tgen.net["core"].cmd_raises("ip route add local 198.18.0.0/20 dev lo")
    return tool


def map_server(tgen, tool, seconds):
    "Registrations and lookups a second, from the core, by msload; what it printed."
    from lib import lisp

    lisp.configure(
        tgen.net["ms"],
        "router lisp",
        *("no site S1", "no site S2", "no site EMPTY", "site LOAD"),
        *("authentication-key 0 bench-secret", "eid-prefix 10.0.0.0/12 accept-more-specifics"),
    )
    _, out, _ = tgen.net["core"].cmd_status(
        [str(tool), "192.0.2.50", "bench-secret", "20000", str(seconds)], warn=False
    )
    return json.loads(out)


def main():
    "Measure; 1 if something is below its bound."
    parser = argparse.ArgumentParser(prog="./lab bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--registrations", type=int, default=500000, help="of the shows")
    parser.add_argument("--map-cache", type=int, default=100000, help="entries of the shows")
    parser.add_argument("--shows-only", action="store_true")
    options = parser.parse_args()
    tgen, _ = keeper.bring_up("basic")
    from lib import lisp

    hosts = tgen.net["h1"]
    for pair in forwarding.LISP.values():
        lisp.eventually(lambda pair=pair: lisp.ping(hosts, pair[1], source=pair[0]), 1, 60)
    say = lambda text: print(text, flush=True)
    tool = build_msload(tgen)
    failed = []
    if not options.shows_only:
        forwarding.prepare(tgen)
        say(
            f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores,"
            f" {options.rounds} rounds interleaved, medians"
        )
        failed = forwarding.run(tgen, options.rounds, options.seconds, say)
    for name, value in map_server(tgen, tool, 1 if options.shows_only else 5).items():
        say(f"Map-Server, {name:32} {value}")
    failed += shows.run(tgen, tool, options.registrations, options.map_cache, say)
    for failure in failed:
        print(paint(failure, "red"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
