# SPDX-License-Identifier: GPL-2.0-or-later
"""
A Map-Server by hand: it says what was registered, and answers with Map-Notifies but for
what a test has told it.

Run as a program it takes one rule a line, `{"silent": [P...], "refused": [P...]}`, and
prints a line for each rule and each Map-Register: `lispserver.py ADDRESS SECRET`.
"""

import hashlib
import hmac
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
XTR_ID, NOTIFY = 0x02000000, 0x00000100


@dataclass(frozen=True)
class Register:
    """A Map-Register; records: EID-prefix -> (TTL, locators)."""

    time: float
    source: str
    nonce: int
    key_id: int
    flags: int
    xtr_id: str
    records: dict

    @property
    def withdrawn(self):
        return {prefix for prefix, (ttl, _) in self.records.items() if ttl == 0}


class MapServer:
    """
    The Map-Server at ADDRESS of a node.

    A context manager.  `registers` grows while it runs.
    """

    def __init__(self, node, address, secret):
        self.node = node
        self.command = ["/usr/bin/python3", os.path.realpath(__file__), address, secret]
        self.registers = []
        self._process = None
        self._reader = None
        self._rules = 0
        self._rules_taken = 0
        self._taken = threading.Condition()

    def __enter__(self):
        self._process = self.node.popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.rule()
        return self

    def _read(self):
        for line in self._process.stdout:
            said = json.loads(line)
            if said:
                self.registers.append(Register(**said))
                continue
            with self._taken:
                self._rules_taken += 1
                self._taken.notify_all()

    def rule(self, silent=(), refused=()):
        """
        From now on a Map-Register with any of SILENT gets no answer, and REFUSED are left
        out of Map-Notifies.
        """
        self._process.stdin.write(json.dumps({"silent": silent, "refused": refused}) + "\n")
        self._process.stdin.flush()
        self._rules += 1
        with self._taken:
            assert self._taken.wait_for(lambda: self._rules_taken == self._rules, 10)

    def having(self, prefix, since=0):
        "The Map-Registers with an EID-prefix, from a time on."
        return [one for one in self.registers if prefix in one.records and one.time >= since]

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._reader.join(timeout=10)


def address_size(afi):
    return {0: 0, 1: 4, 2: 16}[afi]


def records(data, at, count):
    "{EID-prefix: (octets, TTL, locators)} of a message, and where they end."
    found = {}
    for _ in range(count):
        begin = at
        ttl, locators, bits = struct.unpack_from("!IBB", data, at)
        (afi,) = struct.unpack_from("!H", data, at + 10)
        eid = ipaddress.ip_address(data[at + 12 : at + 12 + address_size(afi)])
        at += 12 + address_size(afi)
        for _ in range(locators):
            at += 8 + address_size(struct.unpack_from("!H", data, at + 6)[0])
        found[f"{eid}/{bits}"] = data[begin:at], ttl, locators
    return found, at


def signed(key, message):
    length = struct.unpack_from("!H", message, 14)[0]
    bare = message[:16] + bytes(length) + message[16 + length :]
    mac = hmac.new(key, bare, hashlib.sha256).digest()[:length]
    return message[:16] + mac + message[16 + length :]


def take(sock, key, rule, data, source):
    "Say what a Map-Register has, and answer it; SHA-256 is what it is signed with."
    first, nonce, key_id, _, length = struct.unpack_from("!IQBBH", data)
    if first >> 28 != 3 or signed(key, data) != data:
        return
    found, end = records(data, 16 + length, first & 0xFF)
    said = {"time": time.time(), "source": source[0], "nonce": nonce, "key_id": key_id}
    said["flags"] = first & 0x0FFFFF00
    said["xtr_id"] = data[end : end + 16].hex() if first & XTR_ID else ""
    said["records"] = {prefix: one[1:] for prefix, one in found.items()}
    print(json.dumps(said), flush=True)
    if not first & NOTIFY or set(found) & set(rule["silent"]):
        return
    taken = [one[0] for prefix, one in found.items() if prefix not in rule["refused"]]
    head = struct.pack("!I", 4 << 28 | len(taken)) + data[4:16]
    sock.sendto(signed(key, head + bytes(length) + b"".join(taken)), source)


def main():
    "The part that runs in the node."
    address, key = sys.argv[1], sys.argv[2].encode()
    rule = {"silent": [], "refused": []}
    ready = selectors.DefaultSelector()
    ready.register(sys.stdin, selectors.EVENT_READ)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((address, PORT))
        ready.register(sock, selectors.EVENT_READ)
        while True:
            for one, _ in ready.select():
                if one.fileobj is sock:
                    take(sock, key, rule, *sock.recvfrom(65535))
                    continue
                line = sys.stdin.readline()
                if not line:
                    return
                rule = json.loads(line)
                print("{}", flush=True)


if __name__ == "__main__":
    main()
