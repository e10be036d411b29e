"""Sentences in both languages of the program, and text as it can be printed."""

from __future__ import annotations

import re
from typing import NamedTuple


class Text(NamedTuple):
    """Units and the public read Chinese; the command line speaks either."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """``language`` is ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh


#: What no document may hold: controls, lone surrogates, non-characters, and the marks
#: that turn the direction of reading around.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def printable(text: str) -> str:
    """The text without what breaks a document, each such character shown as \ufffd.

    Line ends become newlines.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    return _UNPRINTABLE.sub("\ufffd", lines)
