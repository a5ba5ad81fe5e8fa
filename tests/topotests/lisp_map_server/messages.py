# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers of every kind and a reader of replies, as RFC 9301 draws them."""

import hashlib
import hmac
import ipaddress
import struct
from typing import NamedTuple, Tuple, Union

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


NAME_AFI, LCAF_AFI = 17, 16387


def lcaf(kind, body, rsvd2=0):
    "RFC 8060: AFI and all of an LCAF."
    return struct.pack("!HHBBH", LCAF_AFI, 0, kind, rsvd2, len(body)) + body


def name(text):
    "RFC 9735: a Distinguished Name."
    return struct.pack("!H", NAME_AFI) + text.encode() + bytes(1)


def on_the_wire(address):
    "AFI and octets: of an IP address's text, or of octets that are that already."
    return address if isinstance(address, bytes) else lispmsg.address(address)


def read_address(message, at):
    "An IP address's text, or AFI and octets of any other; and where it ends."
    (afi,) = struct.unpack_from("!H", message, at)
    if afi in (1, 2):
        end = at + (6 if afi == 1 else 18)
        return str(ipaddress.ip_address(message[at + 2 : end])), end
    if afi == LCAF_AFI:
        end = at + 8 + struct.unpack_from("!H", message, at + 6)[0]
    elif afi == NAME_AFI:
        end = message.index(0, at + 2) + 1
    else:
        end = at + {0: 2, 6: 8, 18: 6}[afi]
    return message[at:end], end


class Locator(NamedTuple):
    """An RLOC-record; bits: L 4, p 2, R 1; address: text, or AFI and octets."""

    address: Union[str, bytes]
    priority: int = 1
    weight: int = 100
    bits: int = 5


class Eid(NamedTuple):
    """An EID that is no IP address: AFI and octets, and its mask length."""

    octets: bytes
    mask_len: int


class Record(NamedTuple):
    """An EID-record."""

    prefix: Union[str, Eid]
    locators: Tuple[Locator, ...] = ()
    ttl: int = 1440
    version: int = 0
    action: int = 0
    authoritative: bool = True

    def octets(self):
        "As on the wire."
        eid = self.prefix
        if not isinstance(eid, Eid):
            network = ipaddress.ip_network(eid)
            eid = Eid(lispmsg.address(str(network.network_address)), network.prefixlen)
        flags = self.action << 13 | (0x1000 if self.authoritative else 0)
        out = struct.pack(
            "!IBBHH", self.ttl, len(self.locators), eid.mask_len, flags, self.version
        )
        out += eid.octets
        for loc in self.locators:
            out += struct.pack("!BBBBH", loc.priority, loc.weight, 255, 0, loc.bits)
            out += on_the_wire(loc.address)
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
    key_id=0,
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
    if isinstance(eid, Eid):
        inner = struct.pack("!BBBBQH", 0x10 | flags, 0, 0, 1, nonce, 0)
        inner += lispmsg.address(itr) + bytes([0, eid.mask_len]) + eid.octets
        return lispmsg.ecm(itr, itr, inner, source_port)
    inner = lispmsg.map_request(eid, itr, nonce, flags)
    target = eid if "." in eid else itr
    return lispmsg.ecm(itr, target, inner, source_port)


def notified(message):
    "The records of a Map-Notify without xTR-ID."
    assert message[0] >> 4 == 4
    return _records(message, 16 + struct.unpack_from("!H", message, 14)[0])


def reply(message):
    "Nonce and records of a Map-Reply; None if it is not one."
    if message is None or message[0] >> 4 != 2:
        return None
    return struct.unpack("!Q", message[4:12])[0], _records(message, 12)


def _records(message, at):
    records = []
    for _ in range(message[3]):
        ttl, count, bits, word, version = struct.unpack_from("!IBBHH", message, at)
        eid, at = read_address(message, at + 10)
        locators = []
        for _ in range(count):
            head = struct.unpack_from("!BBBBH", message, at)
            rloc, at = read_address(message, at + 6)
            locators.append(Locator(rloc, head[0], head[1], head[4]))
        records.append(
            Record(
                Eid(eid, bits) if isinstance(eid, bytes) else f"{eid}/{bits}",
                tuple(locators),
                ttl,
                version,
                word >> 13,
                bool(word & 0x1000),
            )
        )
    assert at == len(message)
    return records
