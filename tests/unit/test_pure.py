#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The pure floor of lispd: addresses, codec, authentication, EID tables, mappings.

The tests are C programs in pure/ (pure/build compiles them, with sanitizers);
each TEST() there is one test here. What the fields of the vectors mean is
judged by an independent dissector, whose words are in tests/vectors.
"""
import json
import pathlib

import pytest
from unit import programs

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"


def vectors():
    return json.loads((VECTORS / "control.json").read_text())


@pytest.fixture(scope="session", name="program")
def program_fixture(tmp_path_factory):
    return programs.build("tests", tmp_path_factory)


@pytest.mark.parametrize("name", programs.names(HERE / "pure"))
def test_pure(program, name):
    programs.run(program, name)


def fields(text):
    "name=value lines as {name: [values]}."
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition("=")
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["name"])
def test_T_056_vector_fields(program, vector):
    "Our decoder says of each vector what Wireshark's dissector says."
    payload = vector["payload"]
    kind = "data" if "lisp-data.flags" in vector["exp"] else "control"
    if "gre.proto" in vector["exp"]:
        payload = payload[2 * (4 + 20 + 8) :]
    got = fields(programs.run(program, "--dump", kind, payload))
    for name, want in vector["exp"].items():
        if want is None:  # there, with subfields only
            assert name in got, name
            continue
        want = want.split(",")
        if name.startswith("lisp"):
            assert got.get(name) == want, name
        elif name in ("ip.dst", "ipv6.dst", "udp.dstport") and name in got:
            # of the inner header; the outer one comes first and is not ours
            assert got[name] == want[-1:], name


def test_vectors_json_and_pcap_agree():
    "C reads control.pcap, Python control.json: the same octets."
    pcap = (VECTORS / "control.pcap").read_bytes()
    at = 24
    for vector in vectors():
        length = int.from_bytes(pcap[at + 8 : at + 12], "little")
        frame = pcap[at + 16 : at + 16 + length]
        assert frame.hex() == vector["frame"], vector["name"]
        assert vector["frame"].endswith(vector["payload"]), vector["name"]
        at += 16 + length
    assert at == len(pcap)
