# SPDX-License-Identifier: GPL-2.0-or-later
"""
lispd from its state to its roles, with a clock and doors of the test's own.

The tests are C programs in state/ (pure/build compiles them, with sanitizers); each TEST()
there is one test here. What takes minutes on a wall clock takes none.
"""
import pathlib

import pytest
from unit import programs

STATE = pathlib.Path(__file__).resolve().parent / "state"


@pytest.fixture(scope="session", name="program")
def program_fixture(tmp_path_factory):
    return programs.build("state", tmp_path_factory)


@pytest.mark.parametrize("name", programs.names(STATE))
def test_state(program, name):
    programs.run(program, name)
