# SPDX-License-Identifier: GPL-2.0-or-later
"""Inside the sandbox: bring topology basic up and measure."""

import argparse
import json
import os
import sys

from bench import forwarding
from lab import keeper, paths
from lab.ui import paint


def map_server(tgen, kind, count):
    "One measurement of the Map-Server from the core; text."
    node = tgen.net["core"]
    out = node.cmd_raises(
        [
            "env",
            f"PYTHONPATH={paths.REPO / 'tests'}",
            sys.executable,
            "-m",
            "bench.mapserver",
            kind,
            str(count),
        ]
    )
    found = json.loads(out)
    rate = found["answered"] / found["seconds"] if found["seconds"] else 0
    lost = found["sent"] - found["answered"]
    return f"{rate:9.0f}  ({found['answered']} answered, {lost} not)"


def main():
    "Measure; 1 if something is below its bound."
    parser = argparse.ArgumentParser(prog="./lab bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--messages", type=int, default=20000)
    options = parser.parse_args()
    tgen = keeper.bring_up("basic")
    from lib import lisp

    hosts = tgen.net["h1"]
    for pair in forwarding.LISP.values():
        lisp.eventually(lambda pair=pair: lisp.ping(hosts, pair[1], source=pair[0]), 1, 60)
    forwarding.prepare(tgen)
    print(
        f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores,"
        f" {options.rounds} rounds interleaved, medians",
        flush=True,
    )
    failed = forwarding.run(
        tgen, options.rounds, options.seconds, lambda text: print(text, flush=True)
    )
    for kind, title in (("register", "registrations"), ("lookup", "lookups")):
        rate = map_server(tgen, kind, options.messages)
        print(f"Map-Server, {title + ' per second':32}{rate}", flush=True)
    for failure in failed:
        print(paint(failure, "red"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
