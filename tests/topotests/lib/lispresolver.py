# SPDX-License-Identifier: GPL-2.0-or-later
"""
A Map-Resolver by hand, and whoever it asks: it says when it was asked for what, and
answers what a test has told it, or nothing.

Run as a program it takes one rule a line, `{"prefix": P, "count": N, "records": HEX,
"each": BOOL}`, and prints a line for each rule and each Map-Request: `lispresolver.py ADDRESS...`.
"""

import ipaddress
import json
import os
import selectors
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

PORT = 4342


@dataclass(frozen=True)
class Request:
    """A Map-Request in an ECM; at: the Map-Resolver's address, source: Source-EID."""

    time: float
    at: str
    source: str
    eid: str
    nonce: str
    records: int
    rlocs: list


class Resolver:
    """
    Map-Resolvers at all ADDRESSES of a node.

    A context manager.  `requests` grows while it runs.
    """

    def __init__(self, node, addresses):
        self.node = node
        self.addresses = addresses
        self.requests = []
        self._process = None
        self._reader = None
        self._rules = 0
        self._rules_taken = 0
        self._taken = threading.Condition()

    def __enter__(self):
        command = ["/usr/bin/python3", os.path.realpath(__file__), *self.addresses]
        self._process = self.node.popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def _read(self):
        for line in self._process.stdout:
            said = json.loads(line)
            if said:
                self.requests.append(Request(**said))
                continue
            with self._taken:
                self._rules_taken += 1
                self._taken.notify_all()

    def answer(self, prefix, *records, each=False):
        """
        From now on, EIDs inside PREFIX get these records; without any, no answer.  EACH: a
        single one of an IPv4 EID-prefix, with the prefix that is asked for in its place.
        """
        octets = b"".join(record.octets() for record in records)
        rule = {"prefix": prefix, "count": len(records), "records": octets.hex(), "each": each}
        self._process.stdin.write(json.dumps(rule) + "\n")
        self._process.stdin.flush()
        self._rules += 1
        with self._taken:
            assert self._taken.wait_for(lambda: self._rules_taken == self._rules, 10)

    def asked(self, prefix):
        "The requests for EID-prefixes inside PREFIX so far."
        net = ipaddress.ip_network(prefix)
        inside = lambda one: one.version == net.version and one.subnet_of(net)
        return [r for r in self.requests if inside(ipaddress.ip_network(r.eid))]

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._reader.join(timeout=10)


def take_address(data, at):
    "The address whose AFI is at an offset, None without one, and where it ends."
    size = {0: 0, 1: 4, 2: 16}[struct.unpack_from("!H", data, at)[0]]
    octets = data[at + 2 : at + 2 + size]
    return size and ipaddress.ip_address(octets), at + 2 + size


def parse(data):
    "Nonce, Source-EID, EID-prefix, records, ITR-RLOCs of a Map-Request in an ECM, or None."
    if data[0] >> 4 != 8:
        return None
    data = data[4 + (20 if data[4] >> 4 == 4 else 40) + 8 :]
    if data[0] >> 4 != 1:
        return None
    source, at = take_address(data, 12)
    rlocs = []
    for _ in range((data[2] & 0x1F) + 1):
        rloc, at = take_address(data, at)
        rlocs.append(rloc)
    eid, _ = take_address(data, at + 2)
    return data[4:12], source, ipaddress.ip_network((eid, data[at + 1])), data[3], rlocs


def answer(sock, rules, data):
    "Say what a datagram asks for and answer by the most specific rule for that."
    asked = parse(data)
    if not asked:
        return
    nonce, source, eid, records, rlocs = asked
    said = {"time": time.time(), "at": sock.getsockname()[0], "source": str(source)}
    said.update(eid=str(eid), nonce=nonce.hex(), records=records, rlocs=list(map(str, rlocs)))
    print(json.dumps(said), flush=True)
    fit = [p for p in rules if p.version == eid.version and eid.subnet_of(p)]
    rule = rules[max(fit, key=lambda p: p.prefixlen)] if fit else None
    to = [str(rloc) for rloc in rlocs if rloc.version == 4]
    if rule and rule["count"] and to:
        head = struct.pack("!BBBB", 0x20, 0, 0, rule["count"])
        octets = bytes.fromhex(rule["records"])
        if rule["each"]:
            bits, address = bytes([eid.prefixlen]), eid.network_address.packed
            octets = octets[:5] + bits + octets[6:12] + address + octets[16:]
        sock.sendto(head + nonce + octets, (to[0], PORT))


def main():
    "The part that runs in the node."
    rules = {}
    ready = selectors.DefaultSelector()
    ready.register(sys.stdin, selectors.EVENT_READ)
    for address in sys.argv[1:]:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, PORT))
        ready.register(sock, selectors.EVENT_READ)
    while True:
        for key, _ in ready.select():
            if key.fileobj is not sys.stdin:
                answer(key.fileobj, rules, key.fileobj.recv(65535))
                continue
            line = sys.stdin.readline()
            if not line:
                return
            rule = json.loads(line)
            rules[ipaddress.ip_network(rule["prefix"])] = rule
            print("{}", flush=True)


if __name__ == "__main__":
    main()
