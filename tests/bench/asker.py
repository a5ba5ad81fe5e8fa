# SPDX-License-Identifier: GPL-2.0-or-later
"""
Runs in a node: asks a router for an EID every INTERVAL_MS until standard input ends.

    asker.py TARGET EID INTERVAL_MS {ecm|plain}

It asks for one ITR after the other of 198.18.0.0/20, as answers to each are limited; those
addresses have to be local. Prints how many requests there were, how many of them were not
answered within a second after the last one, and the longest wait for an answer.
"""

import json
import os
import select
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "topotests", "lib"))
import lispmsg  # noqa: E402

ITRS = 1 << 12


def itr(number):
    "The address of an ITR: 198.18.0.0/20."
    return f"198.18.{number % ITRS >> 8}.{number % 256}"


def main():
    "Ask until told to end."
    target, eid, interval, kind = sys.argv[1:]
    interval = float(interval) / 1e3
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", lispmsg.PORT))
    asked, longest, number = {}, 0.0, 0
    due, end = time.monotonic(), None
    while end is None or (asked and time.monotonic() < end):
        wait = (due if end is None else end) - time.monotonic()
        ready, _, _ = select.select([sock, sys.stdin], [], [], max(0, wait))
        now = time.monotonic()
        if sock in ready:
            nonce = int.from_bytes(sock.recv(9000)[4:12], "big")
            longest = max(longest, now - asked.pop(nonce, now))
        if end is None and sys.stdin in ready:
            end = now + 1
        if end is None and now >= due:
            number += 1
            message = lispmsg.map_request(eid, itr(number), number)
            if kind == "ecm":
                message = lispmsg.ecm("198.18.0.1", eid, message)
            asked[number] = now
            sock.sendto(message, (target, lispmsg.PORT))
            due = now + interval
    print(json.dumps({"asked": number, "lost": len(asked), "longestMs": 1e3 * longest}))


if __name__ == "__main__":
    main()
