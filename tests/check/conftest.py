# SPDX-License-Identifier: GPL-2.0-or-later
"""What is on the machine before the checks, so that the last one can tell what stayed."""

import os

import pytest
from lab import paths
from lab.machine import machine_state


@pytest.fixture(scope="session", autouse=True)
def before():
    "The machine as the first check found it."
    return machine_state()


def pytest_collection_modifyitems(items):
    "The look for leftovers comes last."
    items.sort(key=lambda item: "test_nothing_is_left" in item.nodeid)


@pytest.fixture(scope="session")
def results():
    "A directory for logs of inner runs that failed."
    where = str(paths.RESULTS)
    os.makedirs(where, exist_ok=True)
    os.chmod(where, 0o755)
    return where
