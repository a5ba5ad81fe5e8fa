# SPDX-License-Identifier: GPL-2.0-or-later
"""
LISP control messages by hand, good and bad, and a way to send them from a node.

Written from RFC 9301's pictures and sharing nothing with lispd, so that a test can say
what a hostile or foolish peer would.  Run as a program it sends one datagram, or COPIES of it,
and prints what came back, up to so many ANSWERS:
`lispmsg.py TARGET HEX SECONDS ANSWERS COPIES PORT STRICT`.
"""

import hashlib
import hmac
import ipaddress
import os
import socket
import struct
import sys

PORT = 4342


def address(text):
    "AFI and octets of an IPv4 or IPv6 address."
    packed = ipaddress.ip_address(text).packed
    return struct.pack("!H", 1 if len(packed) == 4 else 2) + packed


def in_instance(iid, text):
    "RFC 8060 section 4.1: AFI and octets of an address in an instance."
    inside = address(text)
    return struct.pack("!HBBBBHI", 16387, 0, 0, 2, 0, 4 + len(inside), iid) + inside


def map_request(eid, itr_rloc, nonce, flags=0, itr_rlocs=None, more=(), iid=None):
    """
    RFC 9301 section 5.2, a record with a host's EID, and one for each of MORE; with an
    instance-id or, None, without.
    """
    rlocs = itr_rlocs if itr_rlocs is not None else [itr_rloc]
    head = struct.pack("!BBBB", 0x10 | flags, 0, max(0, len(rlocs) - 1), 1 + len(more))
    body = struct.pack("!Q", nonce) + struct.pack("!H", 0)
    for rloc in rlocs:
        body += address(rloc)
    for one in (eid, *more):
        bits = ipaddress.ip_address(one).max_prefixlen
        body += struct.pack("!BB", 0, bits)
        body += address(one) if iid is None else in_instance(iid, one)
    return head + body


def record(prefix, rloc, ttl=1440, authoritative=True):
    "RFC 9301 section 5.4: an EID-record with one locator."
    network = ipaddress.ip_network(prefix)
    flags = 0x1000 if authoritative else 0
    head = struct.pack("!IBBHH", ttl, 1, network.prefixlen, flags, 0)
    locator = struct.pack("!BBBBH", 1, 100, 255, 0, 5) + address(rloc)
    return head + address(str(network.network_address)) + locator


def map_reply(prefix, rloc, nonce):
    "RFC 9301 section 5.4."
    return struct.pack("!BBBB", 0x20, 0, 0, 1) + struct.pack("!Q", nonce) + record(
        prefix, rloc
    )


def _signed(first, nonce, key_id, algorithm, secret, records):
    digest, length = {
        1: (hashlib.sha1, 20),
        2: (hashlib.sha256, 32),
    }[algorithm]
    head = first + struct.pack("!Q", nonce)
    head += struct.pack("!BBH", key_id, algorithm, length)
    message = head + bytes(length) + records
    mac = hmac.new(secret.encode(), message, digest).digest()[:length]
    return head + mac + records


def map_register(prefix, rloc, nonce, secret, key_id=0, algorithm=2, notify=True):
    "RFC 9301 section 5.6 with the whole MAC."
    first = struct.pack("!BBBB", 0x30, 0, 0x01 if notify else 0, 1)
    return _signed(first, nonce, key_id, algorithm, secret, record(prefix, rloc))


def map_notify(prefix, rloc, nonce, secret, key_id=0, algorithm=2):
    "RFC 9301 section 5.7."
    first = struct.pack("!BBBB", 0x40, 0, 0, 1)
    return _signed(first, nonce, key_id, algorithm, secret, record(prefix, rloc))


def map_notify_ack(prefix, rloc, nonce, secret, key_id=0, algorithm=2):
    "The Map-Notify-Ack of that Map-Notify."
    first = struct.pack("!BBBB", 0x50, 0, 0, 1)
    return _signed(first, nonce, key_id, algorithm, secret, record(prefix, rloc))


TO_ETR = 0x02


def ecm(inner_source, inner_target, message, source_port=4342, flags=0):
    "RFC 9301 section 5.8, IPv4 inside."
    udp = struct.pack("!HHHH", source_port, PORT, 8 + len(message), 0) + message
    length = 20 + len(udp)
    head = struct.pack("!BBHHHBBH", 0x45, 0, length, 0, 0, 64, 17, 0)
    head += ipaddress.ip_address(inner_source).packed
    head += ipaddress.ip_address(inner_target).packed
    total = sum(struct.unpack("!10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    total = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    head = head[:10] + struct.pack("!H", total) + head[12:]
    return struct.pack("!BBBB", 0x80 | flags, 0, 0, 0) + head + udp


def answers(node, target, message, seconds=1.0, most=16, copies=1, port=PORT, strict=False):
    """
    Send MESSAGE from NODE to TARGET, port 4342, COPIES times; at MOST so many answers
    to PORT.  It comes from there only if that is 4342 too, or if STRICT: then only
    answers from that address and port count; PORT 0 is any.
    """
    program = ["/usr/bin/python3", os.path.realpath(__file__)]
    options = [str(option) for option in (seconds, most, copies, port, int(strict))]
    out = node.cmd_raises([*program, target, message.hex(), *options])
    return [bytes.fromhex(line) for line in out.split()]


def exchange(node, target, message, seconds=1.0, port=PORT, strict=False):
    "Send MESSAGE from NODE to TARGET, port 4342; the answer to PORT, or None."
    found = answers(node, target, message, seconds, 1, port=port, strict=strict)
    return found[0] if found else None


def main():
    "The part that runs in the node."
    target, message = sys.argv[1], bytes.fromhex(sys.argv[2])
    seconds, most, copies, port, strict = float(sys.argv[3]), *map(int, sys.argv[4:])
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock, socket.socket(
        family, socket.SOCK_DGRAM
    ) as elsewhere:
        sock.settimeout(seconds)
        # Control messages come from and go to 4342; here nobody else has it.
        sock.bind(("", port))
        if strict:
            sock.connect((target, PORT))
        sender = sock if strict or port == PORT else elsewhere
        for _ in range(copies):
            sender.sendto(message, (target, PORT))
        try:
            for _ in range(most):
                print(sock.recv(65535).hex())
        except OSError:
            pass


if __name__ == "__main__":
    main()
