# SPDX-License-Identifier: GPL-2.0-or-later
"""The edits that put lispd into FRR: idempotent, in step, and loud when they do not fit."""
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
GLUE = REPO / "lib-glue"


def load(name):
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader(f"glue_{name}", str(GLUE / name))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(loader.name, loader)
    )
    loader.exec_module(module)
    return module


glue = load("apply")
EDIT_FILES = sorted(p for p in (GLUE / "edits").rglob("*") if p.is_file())
FIELDS = ("What", "Why", "Symptom", "Test", "Upstream")

ROUTE_TYPES = (
    "ZEBRA_ROUTE_SYSTEM, system, NULL, 'X', 0, 0, 0, \"Reserved\", none\n"
    "ZEBRA_ROUTE_KERNEL, kernel, zebra, 'K', 1, 1, 1, \"kernel\", zebra\n"
    "ZEBRA_ROUTE_ALL, any, none, '-', 0, 0, 0, \"-\", none\n"
    'ZEBRA_ROUTE_KERNEL, "Kernel routes"\n'
)
ONE = """\
What: lib: a type

--- lib/a.c
@@
 int a;
+int lisp;
@@ int a;
+int type = @ROUTE_TYPE@;
 int b;
--- lib/b.c
@@
-client[22];
+client[23];
"""
AFTER = {
    "lib/a.c": "int a;\nint lisp;\nint type = 2;\nint b;\nint b;\n",
    "lib/b.c": "client[23];\n",
}
EDITS = [glue.parse("one", ONE)]


@pytest.fixture(name="tree")
def make_tree(tmp_path):
    "A very small FRR."
    tree = tmp_path / "frr"
    (tree / "lib").mkdir(parents=True)
    (tree / "lib/route_types.txt").write_text(ROUTE_TYPES)
    (tree / "lib/a.c").write_text("int a;\nint b;\nint b;\n")
    (tree / "lib/b.c").write_text("client[22];\n")
    return tree


@pytest.fixture(name="repo")
def make_repo(tmp_path):
    "A very small repository of ours."
    repo = tmp_path / "repo"
    for path in ("lispd/lisp_x.c", "dplane/bpf/x.h", *glue.MODELS):
        (repo / path).parent.mkdir(parents=True, exist_ok=True)
        (repo / path).write_text(path)
    return repo


def contents(tree):
    return {
        str(p.relative_to(tree)): p.read_text()
        for p in tree.rglob("*")
        if p.is_file() and ".lispd" not in p.parts
    }


def test_edits_and_copies(tree, repo):
    glue.apply(tree, repo, EDITS)
    for path, text in AFTER.items():
        assert (tree / path).read_text() == text
    assert (tree / "dplane/bpf/x.h").read_text() == "dplane/bpf/x.h"


def test_second_run_changes_nothing(tree, repo):
    glue.apply(tree, repo, EDITS)
    first = contents(tree)
    times = {p: (tree / p).stat().st_mtime_ns for p in first}
    assert glue.apply(tree, repo, EDITS) == []
    assert contents(tree) == first
    assert {p: (tree / p).stat().st_mtime_ns for p in first} == times


def test_only_changed_files_are_written(tree, repo):
    glue.apply(tree, repo, EDITS)
    before = (tree / "dplane/bpf/x.h").stat().st_mtime_ns
    (repo / "lispd/lisp_x.c").write_text("new")
    assert glue.apply(tree, repo, EDITS) == ["copy lispd/lisp_x.c"]
    assert (tree / "lispd/lisp_x.c").read_text() == "new"
    assert (tree / "dplane/bpf/x.h").stat().st_mtime_ns == before


def test_dry_run_lists_and_writes_nothing(tree, repo):
    before = contents(tree)
    said = glue.apply(tree, repo, EDITS, dry_run=True)
    assert "edit lib/a.c: one" in said
    assert "copy lispd/lisp_x.c" in said
    assert contents(tree) == before
    assert not (tree / ".lispd").exists()


def test_lines_that_are_not_there_are_an_error_with_edit_file_and_line(tree, repo):
    before = contents(tree)
    bad = EDITS + [glue.parse("four", "--- lib/b.c\n@@\n int gone;\n+x\n")]
    with pytest.raises(glue.GlueError) as error:
        glue.apply(tree, repo, bad)
    for word in ("four", "lib/b.c", "int gone;"):
        assert word in str(error.value)
    assert contents(tree) == before


def test_lines_that_are_there_twice_are_an_error(tree, repo):
    bad = [glue.parse("five", "--- lib/a.c\n@@\n int b;\n+x\n")]
    with pytest.raises(glue.GlueError, match="five: lib/a.c: found 2 times: int b;"):
        glue.apply(tree, repo, bad)


def test_newer_edits_over_a_done_tree(tree, repo):
    glue.apply(tree, repo, EDITS)
    newer = [glue.parse("one", "--- lib/a.c\n@@\n int a;\n+int better;\n")]
    glue.apply(tree, repo, newer)
    assert (tree / "lib/a.c").read_text() == "int a;\nint better;\nint b;\nint b;\n"
    assert (tree / "lib/b.c").read_text() == "client[22];\n"


def test_removed_source_goes(tree, repo):
    glue.apply(tree, repo, EDITS)
    (repo / "lispd/lisp_x.c").unlink()
    assert glue.apply(tree, repo, EDITS) == ["remove lispd/lisp_x.c"]
    assert not (tree / "lispd/lisp_x.c").exists()


def test_foreign_change_is_not_overwritten(tree, repo):
    glue.apply(tree, repo, EDITS)
    (tree / "lib/b.c").write_text("mine\n")
    with pytest.raises(glue.GlueError, match="lib/b.c: changed by somebody else"):
        glue.apply(tree, repo, EDITS)


def test_not_an_frr_tree(tmp_path, repo):
    with pytest.raises(glue.GlueError, match="not an FRR source tree"):
        glue.apply(tmp_path, repo, EDITS)


def test_the_place_after_an_ambiguous_line_is_an_error(tree, repo):
    bad = [glue.parse("six", "--- lib/a.c\n@@ int b;\n int b;\n+x\n")]
    with pytest.raises(glue.GlueError, match="six: lib/a.c: found 2 times: int b;"):
        glue.apply(tree, repo, bad)


@pytest.mark.parametrize(
    "text, line",
    [
        ("what it is\n", "line 1"),
        ("What: x\nmore\n", "line 2"),
        ("What: x\n\n--- lib/a.c\n int a;\n", "line 4"),
        ("What: x\n\n--- lib/a.c\n@@\n int a;\nint b;\n", "line 6"),
    ],
)
def test_a_line_that_is_not_understood_is_an_error(text, line):
    with pytest.raises(glue.GlueError, match=f"edit bad: {line} is not understood"):
        glue.parse("bad", text)


def test_a_head_goes_on_in_indented_lines():
    assert glue.parse("x", "Why: one\n  two\nWhat: three\n").head == {
        "Why": "one two",
        "What": "three",
    }


@pytest.mark.parametrize("path", EDIT_FILES, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_the_head_of_an_edit_is_whole_and_names_a_test_that_exists(path):
    head = glue.parse(path.name, path.read_text(encoding="utf-8")).head
    assert [name for name in FIELDS if not head.get(name)] == []
    assert re.match(r"[a-z, ]+: .{1,60}(?<!\.)$", head["What"]), "form of FRR's commit messages"
    if head["Test"].startswith("none: "):
        return
    file, _, name = head["Test"].partition("::")
    assert re.search(rf"^def {name}\(", (REPO / file).read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("folder", ["lispd", "dplane", "vtysh-cmds"])
def test_subdir_lists_the_sources_that_exist(folder):
    text = (REPO / folder / "subdir.am").read_text()
    listed = set(re.findall(rf"{folder}/[\w/.]+\.[ch](?= \\)", text))
    made = {"dplane/lisp_bpf_obj.c", "dplane/lisp_dp.pb-c.c"}
    there = {
        str(p.relative_to(REPO))
        for p in (REPO / folder).rglob("*.[ch]")
        if p.is_file()
    }
    assert listed - made == there


def somebody(monkeypatch):
    "Who commits, whatever git is configured to."
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Some Body")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "some.body@example.org")


def files_of(tree):
    "Content and executable bit of all files but those that a tool keeps for itself."
    found = {}
    for path in tree.rglob("*"):
        inside = path.relative_to(tree)
        if path.is_file() and not path.is_symlink() and inside.parts[0] not in (".git", ".lispd"):
            found[str(inside)] = (path.read_bytes(), path.stat().st_mode & 0o100)
    return found


@pytest.mark.skipif(not shutil.which("git"), reason="no git")
def test_the_series_makes_the_same_tree(tmp_path, monkeypatch):
    somebody(monkeypatch)
    sources = sorted((built_in() / "src").glob("frr_*.dsc"))
    if not sources:
        pytest.skip("no source of FRR: lib-glue/build")
    applied, mailed = tmp_path / "applied", tmp_path / "mailed"
    for tree in (applied, mailed):
        unpack = ["dpkg-source", "--no-check", "-x", sources[-1], tree]
        subprocess.run(unpack, check=True, capture_output=True)
    made = glue.series(mailed, REPO, glue.all_edits(), tmp_path / "series")
    for command in (["init"], ["add", "--all"], ["commit", "--message=FRR"], ["am", *made]):
        subprocess.run(["git", "-C", mailed, *command], check=True, capture_output=True)
    glue.apply(applied, REPO, glue.all_edits())
    assert files_of(mailed) == files_of(applied)
    first = Path(made[0]).read_text(encoding="utf-8")
    assert re.search(r"^Subject: \[PATCH 01/\d+\] ", first, re.M)
    assert re.search(r"^Signed-off-by: .+ <.+>$", first, re.M)


@pytest.mark.skipif(not shutil.which("git"), reason="no git")
def test_a_file_that_no_patch_of_the_series_has_is_an_error(tree, repo, tmp_path, monkeypatch):
    somebody(monkeypatch)
    edit = glue.parse("lispd/x", ONE.replace("\n\n", "\nWhy: x\nWith: lispd/* yang/*\n\n", 1))
    with pytest.raises(glue.GlueError, match="dplane/bpf/x.h: no edit has it"):
        glue.series(tree, repo, [edit], tmp_path / "series")


def test_a_series_is_made_of_a_pristine_tree_only(tree, repo, tmp_path):
    glue.apply(tree, repo, EDITS)
    with pytest.raises(glue.GlueError, match="not pristine"):
        glue.series(tree, repo, EDITS, tmp_path / "series")


def test_a_series_names_the_file_that_the_tree_lacks(tree, repo, tmp_path, monkeypatch):
    somebody(monkeypatch)
    (tree / "lib/b.c").unlink()
    with pytest.raises(glue.GlueError, match="^lib/b.c: missing in "):
        glue.series(tree, repo, EDITS, tmp_path / "series")


def built_in():
    "The cache of lib-glue/build."
    cache = os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))
    return Path(cache) / "frr-lisp"


def built():
    "DESTDIR of the build, if there is one."
    done = subprocess.run(
        [GLUE / "build", "--print-dest"], capture_output=True, text=True, check=False
    )
    dest = Path(done.stdout.strip() or "/nonexistent")
    return dest if (dest / "usr/lib/frr/lispd").exists() else None


@pytest.mark.skipif(not built(), reason="no build: lib-glue/build")
def test_nothing_links_an_older_libyang():
    for root, _, names in os.walk(built() / "usr"):
        for name in names:
            done = subprocess.run(
                ["readelf", "-d", os.path.join(root, name)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert "libyang.so.2" not in done.stdout, f"{root}/{name}"


@pytest.mark.skipif(not built(), reason="no build: lib-glue/build")
def test_libyang_of_our_own_looks_for_plugins_beside_itself():
    for library in built().glob("usr/lib/*/frr/libyang.so.3*"):
        plugins = Path("/") / library.parent.relative_to(built()) / "libyang/types"
        assert os.fsencode(plugins) in library.read_bytes()


@pytest.mark.skipif(not built(), reason="no build: lib-glue/build")
def test_vtysh_is_not_compiled_again_when_no_command_changed():
    tree = built().parent / "tree"
    before = {path: path.stat().st_mtime_ns for path in tree.glob("vtysh/vtysh_cmd*.c")}
    subprocess.run(["make", "-s", "-C", tree, "-W", "zebra/zebra.xref", "frr.xref"], check=True)
    assert before and before == {path: path.stat().st_mtime_ns for path in before}
