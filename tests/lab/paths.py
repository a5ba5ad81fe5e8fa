# SPDX-License-Identifier: GPL-2.0-or-later
"""Where things are."""

import os
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
GLUE = REPO / "lib-glue"
TOPOTESTS = REPO / "tests" / "topotests"

# Daemons run as user frr and write here: not below a home directory.
RUN = Path(os.environ.get("LISP_LAB_DIR", "/run/frr-lisp-lab"))
STATE = RUN / "lab.json"
# Logs of the checks that failed, beside it: only root writes to /run.
RESULTS = Path(os.environ.get("LISP_CHECK_DIR", f"{RUN}-logs"))


def cache():
    "The build's cache, as lib-glue/build has it."
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base) / "frr-lisp"


def topologies():
    "Name to directory of each topology: tests/topotests/lisp_NAME/topology.py."
    found = sorted(TOPOTESTS.glob("lisp_*/topology.py"))
    return {path.parent.name[len("lisp_") :]: path.parent for path in found}
