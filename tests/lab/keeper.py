# SPDX-License-Identifier: GPL-2.0-or-later
"""
Brings a topology up inside the sandbox and keeps it: `python3 -m lab.keeper NAME`.

Topogen, FRR's own test framework, makes the nodes; what the tests run and what
`./lab up` runs is the same code, topology and configuration.
"""

import importlib
import json
import os
import signal
import sys

from lab import frame, paths


def bring_up(name):
    "Make topology NAME and start its routers; the Topogen object."
    directory = paths.topologies()[name]
    frame.prepare(paths.RUN)
    from lib import lisp
    from lib.topogen import Topogen

    module = importlib.import_module(f"{directory.name}.topology")
    os.environ["PYTEST_TOPOTEST_SCRIPTDIR"] = str(directory)
    lisp.quicken()
    tgen = Topogen(lambda tgen: lisp.build(tgen, module.TOPOLOGY), directory.name)
    tgen.start_topology()
    lisp.start(tgen, module.TOPOLOGY, str(directory))
    return tgen


def main():
    "Bring up, say so, wait for the end."
    try:
        tgen = bring_up(sys.argv[1])
    except RuntimeError as error:
        print(error)
        return 1
    nodes = {name: tgen.net[name].pid for name in tgen.gears}
    part = paths.RUN / "nodes.part"
    part.write_text(json.dumps(nodes))
    part.rename(paths.RUN / "nodes.json")
    while True:
        signal.pause()


if __name__ == "__main__":
    sys.exit(main())
