# SPDX-License-Identifier: GPL-2.0-or-later
"""./configure for an FRR tree of one's own: it names what is missing, and what to install."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    not shutil.which("autoreconf") or not shutil.which("pkg-config"),
    reason="no autoconf or pkg-config",
)


@pytest.fixture(name="source", scope="module")
def bootstrapped(tmp_path_factory):
    "What configure needs, bootstrapped, and something that looks like FRR."
    source = tmp_path_factory.mktemp("source")
    for name in ("configure.ac", "Makefile.in"):
        shutil.copy(REPO / name, source)
    (source / "lib-glue").mkdir()
    shutil.copy(REPO / "lib-glue/apply", source / "lib-glue")
    subprocess.run(["autoreconf", "-i"], cwd=source, check=True, capture_output=True)
    (source / "frr/lib").mkdir(parents=True)
    (source / "frr/lib/route_types.txt").write_text("")
    (source / "frr/configure.ac").write_text("AC_INIT([frr], [10.3], [x])\n")
    return source


def configure(source, *args, **environment):
    done = subprocess.run(
        ["./configure", *args],
        cwd=source,
        env=dict(os.environ, **environment),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_each_missing_thing_is_named_with_its_package(source, tmp_path):
    code, said = configure(
        source, "--with-frr-source=frr", PKG_CONFIG_LIBDIR=str(tmp_path)
    )
    assert code != 0
    for package in (
        "libyang-dev",
        "libprotobuf-c-dev",
        "libbpf-dev",
        "libssl-dev",
        "libjson-c-dev",
    ):
        assert package in said


def test_missing_frr_source_is_named(source):
    code, said = configure(source, "--with-frr-source=/nonexistent")
    assert code != 0
    assert "no FRR source in /nonexistent" in said


def test_options_of_frr_are_passed_on(source, tmp_path):
    for module in ("libyang", "libprotobuf-c", "libbpf", "libcrypto", "json-c"):
        (tmp_path / f"{module}.pc").write_text(
            f"Name: {module}\nDescription: x\nVersion: 99\n"
        )
    code, said = configure(
        source,
        "--with-frr-source=frr",
        "--disable-ripd",
        "CFLAGS=-O1 -g",
        PKG_CONFIG_LIBDIR=str(tmp_path),
    )
    assert code == 0, said
    assert "version 10.3" in said
    made = (source / "Makefile").read_text()
    assert "'--disable-ripd' 'CFLAGS=-O1 -g'" in made
    assert f"tree = {source}/frr" in made
    assert "with-frr-source" not in made.split("frr_args = ")[1].split("\n")[0]
