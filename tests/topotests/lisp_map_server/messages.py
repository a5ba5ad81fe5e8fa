# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers of every kind and a reader of replies, as RFC 9301 draws them."""

import hashlib
import hmac
import ipaddress
import struct
from typing import NamedTuple, Tuple

from lib import lispmsg

SHA1, SHA256, HKDF = 1, 2, 3
PROXY, XTR_ID, USE_TTL, MERGE, NOTIFY = (
    0x08000000,
    0x02000000,
    0x00000800,
    0x00000400,
    0x00000100,
)
FULL = {SHA1: 20, SHA256: 32, HKDF: 32}
TRUNCATED = {SHA1: 12, SHA256: 16, HKDF: 16}


class Locator(NamedTuple):
    """An RLOC-record; bits: L 4, p 2, R 1."""

    address: str
    priority: int = 1
    weight: int = 100
    bits: int = 5


class Record(NamedTuple):
    """An EID-record."""

    prefix: str
    locators: Tuple[Locator, ...] = ()
    ttl: int = 1440
    version: int = 0
    action: int = 0
    authoritative: bool = True

    def octets(self):
        "As on the wire."
        network = ipaddress.ip_network(self.prefix)
        flags = 0x1000 if self.authoritative else 0
        out = struct.pack(
            "!IBBHH", self.ttl, len(self.locators), network.prefixlen, flags, self.version
        )
        out += lispmsg.address(str(network.network_address))
        for loc in self.locators:
            out += struct.pack("!BBBBH", loc.priority, loc.weight, 255, 0, loc.bits)
            out += lispmsg.address(loc.address)
        return out


def _mac(kind, algorithm, secret, message):
    key = secret.encode()
    if algorithm == HKDF:
        salt = f"{kind} Authentication".encode()
        extracted = hmac.new(salt, message[4:12] + key, hashlib.sha256).digest()
        key = hmac.new(extracted, b"\x01", hashlib.sha256).digest()
    digest = hashlib.sha1 if algorithm == SHA1 else hashlib.sha256
    return hmac.new(key, message, digest).digest()


def register(
    records,
    secret,
    flags=PROXY | NOTIFY,
    key_id=1,
    algorithm=SHA256,
    lengths=FULL,
    nonce=1,
    trailer=b"",
):
    "A Map-Register; trailer: 24 octets of xTR-ID and Site-ID, with XTR_ID in flags."
    length = lengths.get(algorithm, 0)
    head = struct.pack("!IQ", 0x30000000 | flags | len(records), nonce)
    head += struct.pack("!BBH", key_id, algorithm, length)
    rest = b"".join(record.octets() for record in records) + trailer
    mac = b""
    if length:
        mac = _mac("Map-Register", algorithm, secret, head + bytes(length) + rest)
    return head + mac[:length] + rest


def notify_is_signed(message, secret):
    "Does a Map-Notify's MAC verify?"
    algorithm, length = struct.unpack("!xBH", message[12:16])
    bare = message[:16] + bytes(length) + message[16 + length :]
    mac = _mac("Map-Notify", algorithm, secret, bare)
    return message[16 : 16 + length] == mac[:length]


def request(eid, itr, nonce, flags=0, source_port=4342):
    "A Map-Request in an ECM; itr must be an IPv4 RLOC."
    inner = lispmsg.map_request(eid, itr, nonce, flags)
    target = eid if "." in eid else itr
    return lispmsg.ecm(itr, target, inner, source_port)


def reply(message):
    "Nonce and records of a Map-Reply; None if it is not one."
    if message is None or message[0] >> 4 != 2:
        return None
    records, at = [], 12
    for _ in range(message[3]):
        ttl, count, bits, word, version, afi = struct.unpack_from("!IBBHHH", message, at)
        size = 4 if afi == 1 else 16
        eid = ipaddress.ip_address(message[at + 12 : at + 12 + size])
        at += 12 + size
        locators = []
        for _ in range(count):
            head = struct.unpack_from("!BBBBHH", message, at)
            size = 4 if head[5] == 1 else 16
            rloc = ipaddress.ip_address(message[at + 8 : at + 8 + size])
            locators.append(Locator(str(rloc), head[0], head[1], head[4]))
            at += 8 + size
        records.append(
            Record(
                f"{eid}/{bits}",
                tuple(locators),
                ttl,
                version,
                word >> 13,
                bool(word & 0x1000),
            )
        )
    assert at == len(message)
    return struct.unpack("!Q", message[4:12])[0], records
