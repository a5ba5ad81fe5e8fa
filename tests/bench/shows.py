# SPDX-License-Identifier: GPL-2.0-or-later
"""
What a show of a large table costs the router: memory, and how long a peer waits that asks
for an EID every 10 ms meanwhile.
"""

import ipaddress
import itertools
import json
import subprocess
import time
from pathlib import Path

ASKER = Path(__file__).with_name("asker.py")
MEMORY_MB = 20
WAIT_MS = 50
BLOCK = 65536  # /28s of a /12, most more-specifics that a prefix takes are 100,000
RECORDS = 200  # of a Map-Reply
# A datagram to each address of standard input.
KNOCK = """
import socket, sys, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    sock.sendto(b"", (line.strip(), 9))
    time.sleep(0.005)
"""
STATE = "show mgmt get-data /frr-lispd:lisp/state/"
# What a Map-Server shows, and an ITR.
SERVER = ("show lisp site json", "show lisp site detail", "show lisp site", STATE + "registrations")
ITR = (
    "show ip lisp map-cache json",
    "show ip lisp map-cache detail",
    "show ip lisp map-cache",
    STATE + "map-cache",
)


def _memory(pid, name):
    "A number of /proc/PID/status in MB."
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise KeyError(name)


def measure(node, asking, command, asker_options):
    "A command on a node: seconds, MB of output and of memory more, what the asker saw."
    pid = int(node.cmd_raises("cat /var/run/frr/lispd.pid"))
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")  # VmHWM from here on
    before = _memory(pid, "VmRSS")
    asker = asking.popen(
        ["/usr/bin/python3", str(ASKER), *asker_options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="ascii",
    )
    start = time.monotonic()
    octets = int(node.cmd_raises(f"vtysh -c '{command}' | wc -c"))
    seconds = time.monotonic() - start
    seen = json.loads(asker.communicate("\n")[0])
    return {
        "seconds": seconds,
        "outputMb": octets / 1e6,
        "memoryMb": _memory(pid, "VmHWM") - before,
        **seen,
    }


def _one(node, asking, command, asker_options, say):
    "Says what a command cost; what was too much."
    found = measure(node, asking, command, asker_options)
    say(
        f"{command:55} {found['outputMb']:7.1f} MB in {found['seconds']:5.1f} s,"
        f" {found['memoryMb']:6.1f} MB more, {found['asked']} asked,"
        f" {found['lost']} lost, longest wait {found['longestMs']:.1f} ms"
    )
    wrong = []
    if found["memoryMb"] > MEMORY_MB:
        wrong.append(f"{command}: {found['memoryMb']:.1f} MB more")
    if found["lost"]:
        wrong.append(f"{command}: {found['lost']} requests had no answer")
    if found["longestMs"] > WAIT_MS:
        wrong.append(f"{command}: an answer took {found['longestMs']:.1f} ms")
    return wrong


def _register(tgen, build, registrations):
    "So many registrations at the Map-Server of topology basic."
    from lib import lisp

    blocks = range((registrations + BLOCK - 1) // BLOCK)
    lisp.configure(
        tgen.net["ms"],
        *("router lisp", "site LOAD", "authentication-key 0 bench-secret"),
        *(f"eid-prefix 10.{16 * block}.0.0/12 accept-more-specifics" for block in blocks),
    )
    tgen.net["core"].cmd_raises(
        [str(build), "192.0.2.50", "bench-secret", str(registrations), "0"]
    )


def _records(block):
    "The records of a Map-Reply: a /20 of 11.0.0.0/8 and /28s inside, two locators each."
    from lisp_map_server.messages import Locator, Record

    locators = (Locator("192.0.2.20"), Locator("192.0.2.21"))
    # not the one that is asked for: its mapping would be the answer, and the rest refused
    inside = itertools.islice(block.subnets(new_prefix=28), 1, RECORDS)
    return [Record(str(prefix), locators) for prefix in (block, *inside)]


def _fill_map_cache(tgen, entries):
    "So many entries of xTR 1: a Map-Resolver in the core answers with RECORDS at once."
    from lib import lisp, lispresolver

    xtr, core = tgen.net["xtr1"], tgen.net["core"]
    lisp.configure(
        xtr,
        "router lisp",
        *("no ipv4 itr map-resolver 192.0.2.50", "ipv4 itr map-resolver 192.0.2.11"),
        f"ipv4 itr map-cache-limit {2 * entries}",
    )
    every = ipaddress.ip_network("11.0.0.0/8").subnets(new_prefix=20)
    blocks = list(itertools.islice(every, entries // RECORDS))
    size = lambda: (lisp.vtysh_json(xtr, "show lisp map-cache 11.0.0.1 json") or {}).get("size", 0)
    with lispresolver.Resolver(core, ["192.0.2.11"]) as resolver:
        for block in blocks:
            resolver.answer(str(block), *_records(block))
        knock = "\n".join(str(block[1]) for block in blocks)
        tgen.net["h1"].cmd_raises(["/usr/bin/python3", "-c", KNOCK], stdin=knock)
        if not lisp.eventually(lambda: size() >= entries, True, 60):
            raise RuntimeError(f"the map-cache has {size()} entries")


def run(tgen, build, registrations, entries, say):
    "Measure; what was too much."
    core = tgen.net["core"]
    _register(tgen, build, registrations)
    wrong = []
    for command in SERVER:
        wrong += _one(tgen.net["ms"], core, command, ("192.0.2.50", "10.0.0.1", "10", "ecm"), say)
    _fill_map_cache(tgen, entries)
    for command in ITR:
        wrong += _one(tgen.net["xtr1"], core, command, ("192.0.2.10", "10.1.0.1", "10", "plain"), say)
    return wrong
