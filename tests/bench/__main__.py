# SPDX-License-Identifier: GPL-2.0-or-later
"""Inside the sandbox: bring topology basic up and measure."""

import argparse
import json
import os
import subprocess
import sys

from bench import forwarding
from lab import keeper, paths
from lab.ui import paint


def map_server(tgen, seconds):
    "Registrations and lookups a second, from the core, by msload; what it printed."
    from lib import lisp

    tool = paths.RUN / "msload"
    source = paths.REPO / "tests" / "bench" / "msload.c"
    build = ["gcc", "-O2", "-o", str(tool), str(source), "-lcrypto"]
    subprocess.run(build, check=True)
    server = tgen.net["ms"]
    lisp.configure(
        server,
        "router lisp",
        *("no site S1", "no site S2", "no site EMPTY", "site LOAD"),
        *("authentication-key 0 bench-secret", "eid-prefix 10.0.0.0/8 accept-more-specifics"),
    )
    tgen.net["core"].cmd_raises("ip route add local 198.18.0.0/20 dev lo")
    _, out, _ = tgen.net["core"].cmd_status(
        [str(tool), "192.0.2.50", "bench-secret", "20000", str(seconds)], warn=False
    )
    return json.loads(out)


def main():
    "Measure; 1 if something is below its bound."
    parser = argparse.ArgumentParser(prog="./lab bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    options = parser.parse_args()
    tgen, _ = keeper.bring_up("basic")
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
    for name, value in map_server(tgen, 5).items():
        print(f"Map-Server, {name:32} {value}", flush=True)
    for failure in failed:
        print(paint(failure, "red"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
