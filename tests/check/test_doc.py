# SPDX-License-Identifier: GPL-2.0-or-later
"""What the documents say to type can be typed; the licence and the tests they name are there."""

import re
import shutil
import subprocess

import pytest
from lab import paths, sandbox

DOCUMENTS = ("README.md", "doc/user.md", "doc/lab.md")
BLOCKS = [
    pytest.param(block, id=f"{document}-{number}")
    for document in DOCUMENTS
    for number, block in enumerate(
        re.findall(
            r"^```frr\b.*?\n(.*?)^```",
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


def test_the_use_cases_of_the_guide_are_those_that_the_suite_loads():
    guide = (paths.REPO / "doc/user.md").read_text(encoding="utf-8")
    found = re.findall(r"^```frr (\S.*)\n((?:.*\n)*?)```", guide, re.M)
    suite = paths.REPO / "tests/topotests/lisp_config/use-cases"
    files = {path.stem: path.read_text(encoding="utf-8") for path in suite.iterdir()}
    licence = "! SPDX-License-Identifier: GPL-2.0-or-later\n"
    assert {name.replace(" ", "-"): licence + text for name, text in found} == files


def test_each_drop_of_the_dataplane_is_a_symptom_in_the_guide():
    source = (paths.REPO / "dplane/lisp_dp_count.c").read_text(encoding="utf-8")
    drops = set(re.findall(r'\{ "([\w-]+)", true \}', source))
    guide = (paths.REPO / "doc/user.md").read_text(encoding="utf-8")
    table = guide.split("| symptom |")[1].split("\n\n")[0]
    named = [name for row in table.splitlines()[2:] for name in re.findall(r"`([\w-]+)`", row.split("|")[2])]
    assert sorted(named) == sorted(drops)


def features():
    "(suite, names of tests) of each row of doc/features.md."
    text = (paths.REPO / "doc/features.md").read_text(encoding="utf-8")
    for identity, named in re.findall(r"^\| (S\d-\d\d) \|.*\| ([^|]*) \|$", text, re.M):
        for part in named.split("; "):
            suite, _, tests = part.partition(": ")
            yield pytest.param(suite, tests.split(", "), id=f"{identity}-{suite}")


def named_in(suite):
    "Names of a suite's tests, and of the cases that have words for a name; in small letters."
    tests = paths.REPO / "tests"
    where = {
        "unit/test_pure": "unit/pure/test_*.c",
        "unit/test_state": "unit/state/test_*.c",
        "unit/test_dplane": "unit/dplane/*.py",
    }
    pattern = where.get(suite, f"{suite}.py" if "/" in suite else f"topotests/{suite}/*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in tests.glob(pattern))
    found = re.findall(r'^(?:def test_|TEST\(| +\(?"(?=T_))(\w[\w ]*)', text, re.M)
    return [name.replace(" ", "_").lower() for name in found]


def those_of(suite, test):
    "Names of a suite's tests that begin with the words that a document has for them."
    words = re.sub(r"[ -]", "_", test).lower()
    return [name for name in named_in(suite) if name.startswith(words)]


@pytest.mark.parametrize("suite,tests", features())
def test_the_tests_that_features_names_are_there(suite, tests):
    for test in tests:
        assert those_of(suite, test), test


# A row of doc/conformance.md: number, state, tests.
REQUIREMENT = re.compile(r"^\| (\d{3}) \|[^|]*\|[^|]*\| ([^|]*) \|(?: ([^|]*))? \|$", re.M)
NUMBERED_SUITES = ["unit/test_pure", "unit/test_state", "unit/test_dplane", "unit/test_dplane_bpf"]


def requirements():
    "Number: (state, {suite: words of its tests}) of each row of doc/conformance.md."
    text = (paths.REPO / "doc/conformance.md").read_text(encoding="utf-8")
    rows = REQUIREMENT.findall(text)
    assert len(rows) == len(re.findall(r"^\| \d", text, re.M)), "a row is not understood"
    numbers = [number for number, _, _ in rows]
    assert numbers == sorted(set(numbers)), "a number is there twice, or out of order"
    found = {}
    for number, state, named in rows:
        parts = [part.partition(": ") for part in named.split("; ") if part]
        found[number] = (state, {suite: tests.split(", ") for suite, _, tests in parts})
    return found


def numbers_in(name):
    "The numbers of the checklist that a test's name bears: T_232, or first a bare 232."
    bare = re.match(r"(?:\d{3}_)+", name)
    return re.findall(r"(?<=t_)\d{3}(?!\d)", name) + re.findall(r"\d{3}", bare[0] if bare else "")


def test_each_requirement_has_a_state_and_tests_if_it_claims_one():
    for number, (state, tests) in requirements().items():
        word, _, remark = state.partition(": ")
        assert word in ("done", "partly", "no", "n/a"), number
        assert remark or word == "done", f"{number}: why?"
        assert tests or word != "done", f"{number}: which test shows it?"
        for suite, named in tests.items():
            for test in named:
                assert those_of(suite, test), f"{number}: {suite} has no test {test}"


def test_each_number_in_a_tests_name_has_a_row_that_names_the_test():
    known = requirements()
    suites = [path.name for path in (paths.REPO / "tests/topotests").glob("lisp_*")]
    for suite in NUMBERED_SUITES + suites:
        for name in named_in(suite):
            for number in numbers_in(name):
                assert number in known, f"{suite}: {name}"
                named = known[number][1].get(suite, [])
                shown = [one for test in named for one in those_of(suite, test)]
                assert name in shown, f"{number} does not name {suite}: {name}"


# Formats without comments, and pictures.
WITHOUT_COMMENTS = (".pcap", ".json", ".svg")


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_every_file_names_its_licence():
    tracked = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", paths.REPO, "ls-files"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    ).stdout.split()
    if not tracked:
        pytest.skip("not a git clone")
    assert not [
        name
        for name in tracked
        if not name.endswith(WITHOUT_COMMENTS)
        and "SPDX-License-Identifier: GPL-2.0-or-later"
        not in "".join((paths.REPO / name).read_text(encoding="utf-8").splitlines(True)[:3])
    ]


def test_every_topology_is_the_labs_too():
    assert {"alt", "basic"} <= set(paths.topologies())
