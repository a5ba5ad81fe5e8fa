# SPDX-License-Identifier: GPL-2.0-or-later
"""Every message of the log has a row in doc/messages.md, and every row is of a message."""

import re
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
TEXT = r'"(?:\\.|[^"\\])*"'
LEVEL = r"\b[fz]log_(?:err|warn|notice|info)"
CALL = re.compile(rf"{LEVEL}\(\s*(?:EC_\w+,\s*)?((?:{TEXT}|[A-Z]\w*|\s)+)")


def as_written(source):
    "The texts of a C file's messages; what is filled in is an ellipsis."
    for call in CALL.findall(source):
        words = re.findall(rf"{TEXT}|[A-Z]\w*", call)
        text = "".join(word[1:-1] if word[0] == '"' else "…" for word in words)
        yield re.sub(r"%(?:pIA|pLE|pFX|[0-9.]*[lz]*[a-z])", "…", text)


def messages():
    "{text: the file that has it}"
    found = {}
    for folder in ("lispd", "dplane", "vtysh-cmds"):
        for path in sorted((REPO / folder).glob("*.c")):
            found |= dict.fromkeys(as_written(path.read_text(encoding="utf-8")), path.name)
    return found


def rows():
    "(text, cause, remedy) of the table."
    text = (REPO / "doc/messages.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(.+?)` \| (.*?) \| (.*?) \|$", text, re.M)


def test_every_message_has_a_row_and_every_row_a_message():
    found, told = messages(), [text for text, _, _ in rows()]
    assert len(found) > 60
    assert sorted(set(found) - set(told)) == [], "without a row"
    assert sorted(set(told) - set(found)) == [], "rows of no message"
    assert len(told) == len(set(told))


def test_every_row_has_a_cause_and_a_remedy():
    assert [text for text, cause, remedy in rows() if not cause or not remedy] == []


def test_the_texts_of_messages_are_found():
    source = """
    zlog_info("a %s of %u%s", b);
    flog_warn(EC_LISP_X,
          "xTR %pIA: %5zu "
          "of %pLE", c);
    zlog_warn("lisp: " CONF_IPV4 "/all must be 0");
    """
    assert list(as_written(source)) == ["a … of ……", "xTR …: … of …", "lisp: …/all must be 0"]
