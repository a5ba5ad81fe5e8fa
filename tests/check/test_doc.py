# SPDX-License-Identifier: GPL-2.0-or-later
"""What the documents say to type can be typed."""

import re
import subprocess

import pytest
from lab import paths, sandbox

DOCUMENTS = ("README.md", "doc/user.md")
BLOCKS = [
    pytest.param(block, id=f"{document}-{number}")
    for document in DOCUMENTS
    for number, block in enumerate(
        re.findall(
            r"^```frr\n(.*?)^```",
            (paths.REPO / document).read_text(encoding="utf-8"),
            re.M | re.S,
        )
    )
]


@pytest.mark.parametrize("block", BLOCKS)
def test_configuration_in_the_documents_is_known_to_vtysh(block, tmp_path):
    sandbox.build()
    example = tmp_path / "example.conf"
    example.write_text(block)
    done = subprocess.run(
        [paths.GLUE / "enter", "--", "vtysh", "-C", "-f", example],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_topology_is_the_labs_too():
    assert {"alt", "basic"} <= set(paths.topologies())
