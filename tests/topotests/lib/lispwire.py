# SPDX-License-Identifier: GPL-2.0-or-later
"""What is on the wire, as tshark sees it: the judge that shares no code with lispd."""

import signal
import subprocess
import threading
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
    "lisp.mreq.flags.smri",
    "lisp.mreg.flags.wmn",
    "lisp.mapping.auth",
    "lisp.lcaf.iid",
    "lisp-data.iid",
    "gre.key",
    "ip.len",
    "ipv6.plen",
    "sll.pkttype",
)

# A frame of `-i any` that leaves: we have had it when it came in.
OUTGOING = "4"
# Where a capture sends its marks, each to an address of its own.
MARKS = "127.43."


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
    smr_invoked: bool
    want_notify: bool
    authoritative: bool
    instances: List[int]  # of Instance-ID LCAFs, and of the data header if it has one
    gre_key: Optional[int]
    octets: int  # of the outer IP packet

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
    """
    tshark on a node's interfaces, live: each packet once, as it arrives.

    A context manager.  `packets` grows while it runs; `settle` waits until all that
    has crossed the node so far is in it.  The frames stay in the file at PATH.
    """

    def __init__(self, node, path):
        self.node = node
        self.path = str(path)
        self.packets = []
        self._process = None
        self._reader = None
        self._marks = 0
        self._seen = threading.Condition()
        self._marks_seen = set()

    def __enter__(self):
        command = ["tshark", "-n", "-l", "-i", "any", "-f", FILTER]
        command += ["-w", self.path, "-P", *_fields()]
        self._process = self.node.popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        # tshark says that it captures before it does: it does when it sees our mark.
        # On a busy machine it takes its time to start.
        for _ in range(600):
            if self._mark(0.1):
                return self
            if self._process.poll() is not None:
                break
        raise RuntimeError(f"{self.node.name}: tshark does not capture into {self.path}")

    def _read(self):
        for line in self._process.stdout:
            text = line if isinstance(line, str) else line.decode(errors="replace")
            if MARKS in text:
                with self._seen:
                    self._marks_seen.add(text.split("|")[FIELDS.index("ip.dst")])
                    self._seen.notify_all()
                continue
            packet = _parse(text)
            if packet:
                self.packets.append(packet)

    def _mark(self, seconds):
        "Send a datagram that stands for `up to here`; True once tshark has shown it."
        self._marks += 1
        mark = f"{MARKS}{self._marks // 250}.{self._marks % 250}"
        send = f"exec 3>/dev/udp/{mark}/4341; echo mark >&3"
        self.node.cmd_raises(["bash", "-c", send])
        with self._seen:
            return self._seen.wait_for(lambda: mark in self._marks_seen, seconds)

    def settle(self):
        "Wait until tshark has shown all that it has captured; the packets."
        self._mark(5)
        return self.packets

    def since(self, when):
        "Packets from WHEN on, all there are by now."
        return [packet for packet in self.settle() if packet.time >= when]

    def __exit__(self, *_):
        self.settle()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=10)
        self._reader.join(timeout=10)


def _fields():
    options = ["-T", "fields", "-E", "separator=|"]
    for field in FIELDS:
        options += ["-e", field]
    return options


def _split(text):
    return [part for part in text.split(",") if part]


def _any_bit(text):
    return any(bit in ("1", "True") for bit in _split(text))


def _parse(line):
    "One line of tshark's fields; None if it is no LISP packet that came in."
    row = line.rstrip("\n").split("|")
    if len(row) != len(FIELDS) or row[FIELDS.index("sll.pkttype")] == OUTGOING:
        return None
    protocols = row[1].split(":")
    four, six = (_split(row[2]), _split(row[3])), (_split(row[4]), _split(row[5]))
    order = [name for name in protocols if name in ("ip", "ipv6")]
    first, then = (six, four) if order[:1] == ["ipv6"] else (four, six)
    lengths = row[FIELDS.index("ipv6.plen" if first is six else "ip.len")]
    packet = Packet(
        time=float(row[0]),
        protocols=protocols,
        sources=first[0] + then[0],
        targets=first[1] + then[1],
        types=[int(kind, 0) for kind in _split(row[6])],
        nonce=(_split(row[7]) or [None])[0],
        eids=_split(row[8]) + _split(row[9]) + _split(row[10]) + _split(row[11]),
        smr=_any_bit(row[12]),
        smr_invoked=_any_bit(row[13]),
        want_notify=_any_bit(row[14]),
        authoritative=_any_bit(row[15]),
        instances=[int(one, 0) for one in _split(row[16]) + _split(row[17])],
        gre_key=next((int(key, 0) for key in _split(row[FIELDS.index("gre.key")])), None),
        octets=int(_split(lengths)[0]) + (40 if first is six else 0),
    )
    return packet if packet.kind else None


def decode(path):
    "All LISP packets of a capture file, in order."
    done = subprocess.run(
        ["tshark", "-n", "-r", str(path), *_fields()],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    parsed = (_parse(line) for line in done.stdout.splitlines())
    return [packet for packet in parsed if packet]
