# SPDX-License-Identifier: GPL-2.0-or-later
"""What a person sees: times, colours where the terminal has them, one-line errors."""

import os
import sys
import time


class LabError(Exception):
    "Something the user can put right; its text is the one line they see."


def _colours():
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(text, style):
    "TEXT in bold, dim, green, red or yellow, on a terminal."
    codes = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34}
    return f"\033[{codes[style]}m{text}\033[0m" if _colours() else text


class Story:
    "Lines with the seconds since the story began."

    def __init__(self):
        self.start = time.time()
        self.failures = []

    def now(self):
        return time.time() - self.start

    def heading(self, text):
        print(f"\n{paint(text, 'bold')}", flush=True)

    def line(self, text, at=None, mark=" "):
        when = self.now() if at is None else at - self.start
        print(f"{paint(f'{when:8.3f} s', 'dim')} {mark} {text}", flush=True)

    def good(self, text):
        self.line(text, mark=paint("✓", "green"))

    def bad(self, text):
        self.failures.append(text)
        self.line(text, mark=paint("✗", "red"))

    def check(self, fine, text, otherwise=None):
        "One line, good or bad; the bad one says what was seen."
        if fine:
            self.good(text)
        else:
            self.bad(otherwise or text)
        return fine
