# SPDX-License-Identifier: GPL-2.0-or-later
"""Our C files are in FRR's style, as the tools of FRR's own tree see it."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
CLANG_FORMAT = "clang-format-19"  # of Debian 12 and 13: each version has its own taste
# What checkpatch says of things that FRR's code has everywhere, or does not understand:
NOT_MEANT = (
    "SPLIT_STRING",  # help strings
    "COMPLEX_MACRO",  # X macros
    "BRACKET_SPACE",  # their designators
    "EMBEDDED_FUNCTION_NAME",  # any word of a text that is a static function too
    "VOLATILE",  # what the loader of a BPF object writes
    "GLOBAL_INITIALISERS",  # there a section of its own
    "REPEATED_WORD",  # cc -o msload msload.c
    "MISSING_SPACE",  # between octets
)
# Lines that it takes for something else: names with two underscores in them, arguments that
# are a list of arguments, an alignment, an argument that is a list of initializers.
NOT_UNDERSTOOD = re.compile(r"\n\+.*(LispDp__\w+ \*|(DEFINE|DECLARE)_HOOK\(|_Alignas|module_init, \))")


def files():
    found = [p for d in ("lispd", "dplane", "vtysh-cmds", "tests") for p in (REPO / d).rglob("*.[ch]")]
    assert len(found) > 150
    return sorted(found)


@pytest.fixture(name="frr", scope="module")
def frr_tree():
    "The source tree that we are built in."
    command = [str(REPO / "lib-glue/build"), "--print-dest"]
    dest = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    tree = Path(dest).parent / "tree"
    if not (tree / ".clang-format").exists():
        pytest.skip("FRR is not built")
    return tree


def test_the_files_are_as_clang_format_writes_them(frr):
    if not shutil.which(CLANG_FORMAT):
        pytest.skip(f"no {CLANG_FORMAT}")
    done = subprocess.run(
        [CLANG_FORMAT, "--dry-run", f"--style=file:{frr}/.clang-format", *files()],
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert [line for line in done.stderr.splitlines() if "warning:" in line] == []


def test_checkpatch_finds_nothing_to_say(frr):
    "It takes half a second a file: what it found clean, and is as it was, is not asked for again."
    known = frr.parent / "checkpatch-clean"
    rules = (frr / "tools/checkpatch.pl").read_bytes() + repr((NOT_MEANT, NOT_UNDERSTOOD)).encode()
    digests = {path: hashlib.sha256(rules + path.read_bytes()).hexdigest() for path in files()}
    clean = known.read_text().split() if known.exists() else []
    changed = [path for path, digest in digests.items() if digest not in clean]
    if not changed:
        return
    done = subprocess.run(
        ["perl", "tools/checkpatch.pl", "--no-tree", "--no-summary"]
        + [f"--ignore={','.join(NOT_MEANT)}", "-f", *changed],
        cwd=frr,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    complaints = re.split(r"\n(?=ERROR|WARNING|CHECK)", "\n" + done.stdout)[1:]
    assert [c for c in complaints if not NOT_UNDERSTOOD.search(c)] == []
    known.write_text("\n".join(digests.values()))


def test_every_memory_type_begins_with_lisp():
    bad = []
    for path in files():
        for name in re.findall(r"^DEFINE_MTYPE(?:_STATIC)?\(\w+, (\w+),", path.read_text(), re.M):
            if not name.startswith("LISP_") and "tests" not in path.parts:
                bad.append(f"{path.name}: {name}")
    assert bad == []


def test_every_event_callback_begins_with_the_name_of_its_file():
    bad = []
    for path in files():
        stem = re.sub(r"^lisp_(dp_)?", "", path.stem)
        begins = (stem + "_", "lisp_" + stem + "_")
        for name in re.findall(r"^static void (\w+)\(struct event \*", path.read_text(), re.M):
            if not name.startswith(begins) and "tests" not in path.parts:
                bad.append(f"{path.name}: {name}")
    assert bad == []


def test_nothing_is_cancelled_by_the_old_macro():
    assert [p.name for p in files() if re.search(r"\b(EVENT|THREAD)_OFF\b", p.read_text())] == []
