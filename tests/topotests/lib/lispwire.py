# SPDX-License-Identifier: GPL-2.0-or-later
"""What is on the wire, as tshark sees it: the judge that shares no code with lispd."""

import os
import signal
import subprocess
from dataclasses import dataclass
from typing import List, Optional

TYPES = {
    1: "Map-Request",
    2: "Map-Reply",
    3: "Map-Register",
    4: "Map-Notify",
    5: "Map-Notify-Ack",
    6: "Map-Referral",
    7: "Info-Request",
    8: "Encapsulated Control Message",
}

# GRE, LISP control and data; everything else on the core is BGP's or the neighbours'.
FILTER = "proto 47 or ip6 proto 47 or udp port 4342 or udp port 4341"

FIELDS = (
    "frame.time_epoch",
    "frame.protocols",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "lisp.type",
    "lisp.nonce",
    "lisp.mreq.record.prefix.ipv4",
    "lisp.mreq.record.prefix.ipv6",
    "lisp.mapping.eid.ipv4",
    "lisp.mapping.eid.ipv6",
    "lisp.mreq.flags.smr",
    "lisp.mapping.auth",
)


@dataclass
class Packet:
    """One frame: the outer addresses first, the inner ones after them."""

    time: float
    protocols: List[str]
    sources: List[str]
    targets: List[str]
    types: List[int]
    nonce: Optional[str]
    eids: List[str]
    smr: bool
    authoritative: bool

    @property
    def kind(self):
        "The innermost LISP message's name, `data` for an encapsulated packet, or None."
        if self.types:
            return TYPES.get(self.types[-1], f"type {self.types[-1]}")
        return "data" if "lisp-data" in self.protocols else None

    @property
    def in_gre(self):
        return "gre" in self.protocols

    @property
    def in_ecm(self):
        return len(self.types) > 1

    @property
    def source(self):
        return self.sources[0]

    @property
    def target(self):
        return self.targets[0]


class Capture:
    """tcpdump on a node, each packet once (as it arrives); a context manager."""

    def __init__(self, node, path, interface="any", what=FILTER):
        self.node = node
        self.path = str(path)
        self.what = what
        self.interface = interface
        self.process = None

    def __enter__(self):
        command = ["tcpdump", "-Z", "root", "-n", "-U", "--immediate-mode"]
        command += ["-Q", "in", "-i", self.interface, "-w", self.path, self.what]
        self.process = self.node.popen(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        # It says `listening on` once it does.
        for line in self.process.stderr:
            if b"listening" in (line if isinstance(line, bytes) else line.encode()):
                break
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=10)
        os.chmod(self.path, 0o644)

    def packets(self):
        return decode(self.path)


def _split(text):
    return [part for part in text.split(",") if part]


def _any_bit(text):
    return any(bit in ("1", "True") for bit in _split(text))


def decode(path):
    "All LISP packets of a capture file, in order."
    command = ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "separator=|"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    packets = []
    for line in done.stdout.splitlines():
        row = line.split("|")
        if len(row) != len(FIELDS):
            continue
        protocols = row[1].split(":")
        four, six = (_split(row[2]), _split(row[3])), (_split(row[4]), _split(row[5]))
        outer_six = protocols.index("ipv6") < protocols.index("ip") if (
            "ipv6" in protocols and "ip" in protocols
        ) else "ipv6" in protocols
        first, then = (six, four) if outer_six else (four, six)
        packet = Packet(
            time=float(row[0]),
            protocols=protocols,
            sources=first[0] + then[0],
            targets=first[1] + then[1],
            types=[int(kind, 0) for kind in _split(row[6])],
            nonce=(_split(row[7]) or [None])[0],
            eids=_split(row[8]) + _split(row[9]) + _split(row[10]) + _split(row[11]),
            smr=_any_bit(row[12]),
            authoritative=_any_bit(row[13]),
        )
        if packet.kind:
            packets.append(packet)
    return packets
