# SPDX-License-Identifier: GPL-2.0-or-later
"""
Inside a sandbox where the start of a node takes its time, as on a busy machine: makes nodes
side by side with FRR's framework. 0 if each runs its first command in its own namespaces.
"""

import os
import subprocess
import sys

from lab import frame, paths

# mutini is what a node's first process is
SLOW = """#!/bin/sh
case $* in *mutini*) sleep 1 ;; esac
exec %s "$@"
"""


def main():
    # its own mounts are those of the sandbox: nobody else's nsenter is slow
    real, slow = paths.RUN / "nsenter", paths.RUN / "nsenter.slow"
    real.write_bytes(open("/usr/bin/nsenter", "rb").read())
    slow.write_text(SLOW % real)
    for file in real, slow:
        file.chmod(0o755)
    subprocess.run(["mount", "--bind", slow, "/usr/bin/nsenter"], check=True)
    frame.prepare(paths.RUN)
    from lib import lisp
    from lib.topogen import Topogen

    outside = os.readlink("/proc/self/ns/mnt")
    seen = {}

    def make(name):
        tgen.add_router(name)
        seen[name] = tgen.net[name].cmd_raises("readlink /proc/self/ns/mnt").strip()

    lisp.quicken()
    tgen = Topogen(lambda _: None, "slow_nodes")
    list(lisp.side_by_side(make, ["r1", "r2", "r3"]))
    print(outside, seen)
    return 0 if len({outside, *seen.values()}) == 4 else 1


if __name__ == "__main__":
    sys.exit(main())
