# SPDX-License-Identifier: GPL-2.0-or-later
"""
A front end of mgmtd that listens to YANG notifications.

Run as a program in a node it prints `ready`, then each notification as one line of JSON.
FRR's own client of this kind needs protobuf for Python.
"""

import json
import os
import signal
import socket
import struct
import subprocess
import threading

SOCKET = "/var/run/frr/mgmtd_fe.sock"
NATIVE = b"\x01###"
# lib/mgmt_msg_native.h: code, where the second part begins, session, request
HEADER = "=H2xIQQ"
NOTIFY, SESSION_REQ, SESSION_REPLY = 4, 10, 11
FIXED = 8


class Listener:
    """Notifications of a node, as they come: (name, content).  A context manager."""

    def __init__(self, node):
        self.node = node
        self.seen = []
        self._ready = threading.Event()
        self._process = None
        self._reader = None

    def __enter__(self):
        self._process = self.node.popen(
            ["/usr/bin/python3", "-u", os.path.realpath(__file__)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._ready.wait(10)
        return self

    def _read(self):
        for line in self._process.stdout:
            text = line if isinstance(line, str) else line.decode()
            if text.strip() == "ready":
                self._ready.set()
                continue
            ((name, content),) = json.loads(text).items()
            self.seen.append((name.split(":")[1], content))

    def has(self, name, **content):
        "Was there a notification NAME with at least this content?"
        return any(
            name == one and content.items() <= found.items() for one, found in self.seen
        )

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=10)
        self._reader.join(timeout=10)


def _message(stream):
    "Code and content of the next message; the content follows the fixed part."
    head = stream.read(8)
    assert head[:4] == NATIVE
    body = stream.read(struct.unpack("=I", head[4:])[0] - 8)
    code, split, _, _ = struct.unpack_from(HEADER, body)
    return code, body[struct.calcsize(HEADER) + FIXED + split :].rstrip(b"\0")


def main():
    "The part that runs in the node."
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(SOCKET)
        body = struct.pack(HEADER, SESSION_REQ, 0, 0, 1) + bytes(FIXED) + b"listener\0"
        sock.sendall(NATIVE + struct.pack("=I", 8 + len(body)) + body)
        stream = sock.makefile("rb")
        assert _message(stream)[0] == SESSION_REPLY
        print("ready")
        while True:
            code, content = _message(stream)
            if code == NOTIFY:
                print(json.dumps(json.loads(content)))


if __name__ == "__main__":
    main()
