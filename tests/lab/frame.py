# SPDX-License-Identifier: GPL-2.0-or-later
"""FRR's topotest framework, used without pytest."""

import logging
import os
import sys
from types import SimpleNamespace

from lab import paths


def prepare(rundir):
    "Make `lib` and `munet` importable and give them the options pytest would have."
    where = os.environ["LISP_TOPOTESTS"]
    sys.path[:0] = [where]
    os.chdir(where)
    logging.disable(logging.ERROR)
    # Names the directory of the logs.
    os.environ["PYTEST_CURRENT_TEST"] = "lab/nodes.py::lab (call)"
    from lib import topotest
    from munet.config import ConfigOptionsProxy

    class Options:
        "What Topogen asks of pytest's configuration: only where to write."

        option = SimpleNamespace(
            rundir=str(rundir),
            asan_abort=False,
            cov_topotest=False,
            gdb_use_emacs=False,
            valgrind_extra=False,
            valgrind_leak_kinds=None,
            valgrind_memleaks=False,
        )

        def getoption(self, name, default=None):
            return getattr(self.option, name.lstrip("-").replace("-", "_"), default)

    # A lab needs none of the machine-wide limits of a large test.
    topotest.fix_host_limits = lambda: None
    topotest.g_pytest_config = ConfigOptionsProxy(Options())
