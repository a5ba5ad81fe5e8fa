# SPDX-License-Identifier: GPL-2.0-or-later
"""
Runs in a host: small datagrams over several paths in turn, a short burst over each.

    flood.py BURSTS DATAGRAMS SOURCE,DESTINATION...

In the lab all hops of a datagram are done before send() returns, on the sender's own
core: the time of a send is the cost of the whole path. One core, and bursts that are
much shorter than the machine's moods, make two runs differ by hundredths. Nobody reads
at the other end (flood.py --sink): waking a reader costs as much as a hop, and more the
slower the path is.
Prints one JSON list a path: the thousands of datagrams a second of each burst.
"""

import json
import os
import signal
import socket
import sys
import time

DISCARD = 9
DATA = bytes(22)  # a frame of 64 octets


def bound(address, port):
    "A UDP socket with this address of its own."
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, port))
    return sock


def path(pair):
    "A socket from SOURCE to DESTINATION."
    source, destination = pair.split(",")
    sock = bound(source, 0)
    sock.connect((destination, DISCARD))
    return sock


def burst(sock, datagrams):
    "Thousands of datagrams a second."
    send = sock.send
    start = time.perf_counter()
    for _ in range(datagrams):
        send(DATA)
    return datagrams / (time.perf_counter() - start) / 1e3


def main():
    "Flood, or be the sink until ended."
    if sys.argv[1] == "--sink":
        _sink = bound("", DISCARD)
        print("ready", flush=True)
        signal.pause()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    bursts, datagrams = int(sys.argv[1]), int(sys.argv[2])
    paths = [path(pair) for pair in sys.argv[3:]]
    rates = [[burst(sock, datagrams) for sock in paths] for _ in range(bursts)]
    print(json.dumps(list(zip(*rates))))


if __name__ == "__main__":
    main()
