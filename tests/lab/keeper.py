# SPDX-License-Identifier: GPL-2.0-or-later
"""
Brings a topology up inside the sandbox and keeps it: `python3 -m lab.keeper NAME`.

Topogen, FRR's own test framework, makes the nodes; what the tests run and what
`./lab up` runs is the same code, topology and configuration.
"""

import json
import os
import signal
import sys

from lab import frame, paths
from lab.topology import load


CONVERGENCE = 40  # seconds


def bring_up(name):
    "Make topology NAME and start its routers; the Topogen object and the topology."
    frame.prepare(paths.RUN)
    from lib import lisp
    from lib.topogen import Topogen

    topology, directory = load(name)
    os.environ["PYTEST_TOPOTEST_SCRIPTDIR"] = str(directory)
    lisp.quicken()
    tgen = Topogen(lambda tgen: lisp.build(tgen, topology), directory.name)
    tgen.start_topology()
    lisp.start(tgen, topology, str(directory))
    return tgen, topology


def main():
    "Bring up, wait until hosts can talk, say so, wait for the end."
    try:
        tgen, topology = bring_up(sys.argv[1])
    except Exception as error:  # of the framework, of any kind
        print(f"{type(error).__name__}: {error}")
        return 1
    from lib import lisp

    ready = {
        "nodes": {name: tgen.net[name].pid for name in topology.nodes},
        "lacking": lisp.eventually(
            lambda: lisp.still_lacking(tgen, topology), {}, CONVERGENCE
        ),
    }
    part = paths.RUN / "ready.part"
    part.write_text(json.dumps(ready))
    part.rename(paths.RUN / "ready.json")
    while True:
        signal.pause()


if __name__ == "__main__":
    sys.exit(main())
