# SPDX-License-Identifier: GPL-2.0-or-later
"""
Registrations and lookups a second of the Map-Server.

Runs in the core: `python3 -m bench.mapserver register|lookup COUNT`.  A window of
messages is outstanding, so that the server's pace is measured and not its socket buffer.
Messages are made and signed before the clock starts.
"""

import ipaddress
import json
import os
import select
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "topotests", "lib"))
import lispmsg  # noqa: E402  pylint: disable=wrong-import-position

SERVER = "192.0.2.50"
OURS = "192.0.2.51"
SECRET = "the-lab-secret-of-site-1"
BASE = int(ipaddress.ip_address("10.1.128.0"))
WINDOW = 64


def messages(kind, count):
    "COUNT messages, each about an EID of its own as far as there are."
    for number in range(count):
        eid = str(ipaddress.ip_address(BASE + number % 32768))
        if kind == "register":
            yield lispmsg.map_register(f"{eid}/32", OURS, 2**48 + number, SECRET)
        else:
            request = lispmsg.map_request(eid, OURS, 2**48 + number)
            yield lispmsg.ecm(OURS, eid, request)


def blast(prepared):
    "Seconds until as many answers have come as come; and how many."
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.bind((OURS, lispmsg.PORT))
    sock.setblocking(False)
    sent = answered = 0
    begin = last = time.monotonic()
    while answered < len(prepared):
        while sent < len(prepared) and sent - answered < WINDOW:
            sock.sendto(prepared[sent], (SERVER, lispmsg.PORT))
            sent += 1
        if not select.select([sock], [], [], 1)[0]:
            break
        try:
            while True:
                sock.recv(2048)
                answered += 1
                last = time.monotonic()
        except BlockingIOError:
            pass
    return answered, last - begin


def main():
    "Print {answered, seconds}."
    prepared = list(messages(sys.argv[1], int(sys.argv[2])))
    answered, seconds = blast(prepared)
    print(json.dumps({"sent": len(prepared), "answered": answered, "seconds": seconds}))


if __name__ == "__main__":
    main()
