#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lisp_type7.h: the form in which a key is in the configuration."""
import ctypes
import pathlib
import subprocess

import pytest

REPO = pathlib.Path(__file__).resolve().parents[2]
SOURCE = """
#include "lispd/lisp_type7.h"
bool encode(const char *s, char *t, size_t n) { return lisp_type7_encode(s, t, n); }
bool decode(const char *t, char *s, size_t n) { return lisp_type7_decode(t, s, n); }
"""


@pytest.fixture(scope="module", name="lib")
def build(tmp_path_factory):
    room = tmp_path_factory.mktemp("type7")
    (room / "type7.c").write_text(SOURCE)
    command = ["gcc", "-D_DEFAULT_SOURCE", "-Wall", "-Werror", "-fPIC", "-shared"]
    command += [f"-I{REPO}", "-o", str(room / "type7.so"), str(room / "type7.c")]
    subprocess.run(command, check=True)
    lib = ctypes.CDLL(str(room / "type7.so"))
    for function in (lib.encode, lib.decode):
        function.restype = ctypes.c_bool
        function.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t]
    return lib


def call(function, text, size=300):
    buf = ctypes.create_string_buffer(size)
    return buf.value.decode() if function(text.encode(), buf, size) else None


@pytest.mark.parametrize("text", ["0822455D0A16", "02050D480809", "0822455d0a16"])
def test_known_texts_hide_cisco(lib, text):
    assert call(lib.decode, text) == "cisco"


@pytest.mark.parametrize("secret", ["a", "topsecret", "p q", "x" * 128, "\x7f~!"])
def test_what_is_encoded_decodes(lib, secret):
    text = call(lib.encode, secret)
    assert secret not in text or len(secret) == 1
    assert call(lib.decode, text) == secret


def test_the_same_secret_has_the_same_text(lib):
    assert call(lib.encode, "topsecret") == call(lib.encode, "topsecret")


@pytest.mark.parametrize("secret", ["", "x" * 129])
def test_no_key_and_a_long_key_are_refused(lib, secret):
    assert call(lib.encode, secret) is None


@pytest.mark.parametrize(
    "text", ["", "08", "082", "16AA", "0A41", "08ZZ", "0822455D0A1", "x" * 20]
)
def test_what_is_no_type_7_is_refused(lib, text):
    assert call(lib.decode, text) is None


def test_a_text_that_hides_a_nul_is_refused(lib):
    assert call(lib.decode, "0064") is None


def test_no_room_is_refused(lib):
    assert call(lib.encode, "secret", 14) is None
    assert call(lib.decode, "0822455D0A16", 5) is None
