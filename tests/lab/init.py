# SPDX-License-Identifier: GPL-2.0-or-later
"""
Process 1 of a lab: `python3 -m lab.init COMMAND...`.

A lab lives in a PID namespace of its own, so that the end of this process is the end
of everything in it, whatever happened.  Process 1 must reap what is left to it, or
daemons that were stopped stay as zombies and look alive.
"""

import os
import signal
import subprocess
import sys

# FRR's framework raises these for the whole machine.  A lab has no business there:
# it gets files of its own to write to.
MACHINE_WIDE = (
    "fs/file-max",
    "fs/suid_dumpable",
    "kernel/core_pattern",
    "kernel/core_uses_pid",
    "kernel/pty/max",
)


def _shield_machine(directory):
    os.makedirs(directory, exist_ok=True)
    for name in MACHINE_WIDE:
        path = f"/proc/sys/{name}"
        own = os.path.join(directory, name.replace("/", "."))
        with open(path, encoding="ascii") as source, open(
            own, "w", encoding="ascii"
        ) as copy:
            copy.write(source.read())
        subprocess.run(["mount", "--bind", own, path], check=True)


def main():
    "Run the command, reap everybody, exit with the command's status."
    _shield_machine(sys.argv[1])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    child = os.fork()
    if child == 0:
        # FRR's framework ends its nodes by SIGHUP, which nohup has us ignore.
        os.setsid()
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.execvp(sys.argv[2], sys.argv[2:])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: os.kill(child, got))
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            return 1
        if pid == child:
            return os.waitstatus_to_exitcode(status) & 0xFF


if __name__ == "__main__":
    sys.exit(main())
