# SPDX-License-Identifier: GPL-2.0-or-later
"""./configure for an FRR tree of one's own: it names what is missing, and what to install."""
import os
import re
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


LIBRARIES = ("libyang", "libprotobuf-c", "libbpf", "libcrypto", "sqlite3", "json-c")


def with_libraries(where, **versions):
    "A folder for PKG_CONFIG_LIBDIR with all libraries, new enough unless said otherwise."
    for name in LIBRARIES:
        (where / f"{name}.pc").write_text(
            f"Name: {name}\nDescription: x\nVersion: {versions.get(name, 99)}\n"
        )
    return str(where)


def path_without(where, *programs):
    "A PATH with all of /usr/bin but PROGRAMS."
    (where / "bin").mkdir()
    for name in os.listdir("/usr/bin"):
        if name not in programs:
            (where / "bin" / name).symlink_to(f"/usr/bin/{name}")
    return str(where / "bin")


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
        "libsqlite3-dev",
        "libjson-c-dev",
    ):
        assert package in said


def test_a_line_to_paste_installs_all_that_is_missing(source, tmp_path):
    _, said = configure(source, "--with-frr-source=frr", PKG_CONFIG_LIBDIR=str(tmp_path))
    debian, fedora = re.findall(r"^  (?:Debian: apt-get|Fedora: dnf) install (.*)$", said, re.M)
    assert {"libyang-dev", "libbpf-dev", "libsqlite3-dev"} < set(debian.split())
    assert {"libyang-devel", "libbpf-devel", "sqlite-devel"} < set(fedora.split())


def test_bootstrap_names_all_that_it_lacks(tmp_path):
    done = subprocess.run(
        ["/bin/sh", str(REPO / "bootstrap.sh")],
        env={"PATH": path_without(tmp_path, "autoconf", "pkg-config")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Debian: apt-get install autoconf pkg-config\n" in done.stderr


@pytest.mark.parametrize(
    "programs,package",
    [
        (("gcc", "cc", "clang"), "Debian: gcc"),
        (("pkg-config",), "Debian: pkg-config"),
        (("protoc-c",), "protobuf-c-compiler"),
        (("clang",), "Debian: clang"),
    ],
)
def test_a_missing_program_is_named_with_its_package(source, tmp_path, programs, package):
    code, said = configure(
        source,
        "--with-frr-source=frr",
        PATH=path_without(tmp_path, *programs),
        PKG_CONFIG_LIBDIR=with_libraries(tmp_path),
    )
    assert code != 0
    assert package in said


def test_an_older_libyang_is_a_missing_one(source, tmp_path):
    libraries = with_libraries(tmp_path, libyang="2.1.30")
    code, said = configure(source, "--with-frr-source=frr", PKG_CONFIG_LIBDIR=libraries)
    assert code != 0
    assert said.count("is missing; install") == 1 and "libyang-dev" in said


def test_another_frr_than_10_3_is_a_warning(source, tmp_path):
    shutil.copytree(source / "frr", tmp_path / "frr")
    (tmp_path / "frr/configure.ac").write_text("AC_INIT([frr], [10.4.1], [x])\n")
    code, said = configure(
        source,
        f"--with-frr-source={tmp_path}/frr",
        PKG_CONFIG_LIBDIR=with_libraries(tmp_path),
    )
    assert code == 0, said
    assert "may not fit 10.4.1" in said


def test_missing_frr_source_is_named(source):
    code, said = configure(source, "--with-frr-source=/nonexistent")
    assert code != 0
    assert "no FRR source in /nonexistent" in said


def test_options_of_frr_are_passed_on(source, tmp_path):
    code, said = configure(
        source,
        "--with-frr-source=frr",
        "--disable-ripd",
        "CFLAGS=-O1 -g",
        PKG_CONFIG_LIBDIR=with_libraries(tmp_path),
    )
    assert code == 0, said
    assert "version 10.3" in said and "may not fit" not in said
    made = (source / "Makefile").read_text()
    assert "'--disable-ripd' 'CFLAGS=-O1 -g'" in made
    assert f"tree = {source}/frr" in made
    assert "with-frr-source" not in made.split("frr_args = ")[1].split("\n")[0]
