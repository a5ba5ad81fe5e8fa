# SPDX-License-Identifier: GPL-2.0-or-later
"""
A vtysh on a terminal, or a terminal at lispd's own port: what a user types and sees, Ctrl-C
included.

Run as a program in a node it waits for a text, types, and so on: `lisptty.py STEPS [PORT]`, a
JSON list of [text to wait for, what is typed then]. Nothing is read between two steps, so that
a long output waits. Prints all that was seen.
"""

import json
import os
import pty
import select
import socket
import sys

PATIENCE = 30


LISPD = 2625


def typed(node, *steps, port=None):
    """
    What a vtysh on the node, or the daemon at the port, shows when the steps are taken; the
    last one waits only.
    """
    program = ["/usr/bin/python3", os.path.realpath(__file__), json.dumps(steps)]
    return node.cmd_raises(program + ([str(port)] if port else []))


def read_until(terminal, text):
    "What comes until TEXT does."
    seen = b""
    while text not in seen:
        ready, _, _ = select.select([terminal], [], [], PATIENCE)
        if not ready:
            sys.exit(f"{text!r} did not come: {seen[-500:]!r}")
        seen += os.read(terminal, 1024)
    return seen


def take(terminal, steps):
    "Take the steps; all that was seen."
    seen = b""
    for text, line in steps:
        seen += read_until(terminal, text.encode())
        os.write(terminal, line.encode())
    return seen.decode(errors="replace")


def main():
    "The part that runs in the node."
    steps = json.loads(sys.argv[1])
    if len(sys.argv) > 2:
        with socket.create_connection(("127.0.0.1", int(sys.argv[2]))) as sock:
            sys.stdout.write(take(sock.fileno(), steps))
        return
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="dumb", VTYSH_PAGER="cat")
        os.execvp("vtysh", ["vtysh"])
    seen = take(terminal, steps)
    os.close(terminal)
    os.waitpid(child, 0)
    sys.stdout.write(seen)


if __name__ == "__main__":
    main()
