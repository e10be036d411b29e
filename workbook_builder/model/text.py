"""Sentences in both languages, text as it can be printed, and as no formula."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class Text(NamedTuple):
    """Units and the public read Chinese; the command line speaks either."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """``language`` is ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh


#: An environment variable: with it, commands print tables as lines of cells with tabs
#: between them, for programs.
TABBED = "WORKBOOK_BUILDER_TABBED"

#: What no document may hold: controls, lone surrogates, non-characters, and the marks
#: that turn the direction of reading around.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


#: The same where it may stand in JSON, and what ends lines for some readers.
_RAW = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
#: Marks of direction that show nothing and turn nothing around by themselves.
_MARKS = re.compile("[\u061c\u200e\u200f]")


def printable(text: str) -> str:
    """The text without what breaks a document, each such character shown as \ufffd.

    Line ends become newlines; marks of direction are left out.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    return _UNPRINTABLE.sub("\ufffd", _MARKS.sub("", lines))


def escaped(json: str) -> str:
    """JSON that shows what it holds: what is unprintable stands as ``\\u202e``."""
    return _RAW.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


#: What begins with one of these is taken for a formula by office suites.
_DANGEROUS = tuple("=+-@\t\r\n\0＝＋－＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def harmless(text: str) -> str:
    """Text for a CSV field; what could be a formula begins with an apostrophe.

    Numbers stay as they are.
    """
    if not _could_be_formula(text):
        return text
    return f"'{text}"


def unharmed(field: str) -> str:
    """The text :func:`harmless` was given."""
    if field.startswith("'") and _could_be_formula(field[1:]):
        return field[1:]
    return field


def _could_be_formula(text: str) -> bool:
    # Spaces before the sign do not stop every suite; an apostrophe in front of it is
    # marked too, so that the mark can be taken away again.
    bare = text.lstrip(" \u3000\ufeff").lstrip("'")
    if not bare.startswith(_DANGEROUS):
        return False
    return not _NUMBER.fullmatch(text)


class Tone(StrEnum):
    """How a word is meant. What colour that is, each face of the program says once.

    ``STRANGE`` is nobody's, ``WAITING`` is not there yet, ``NOTE`` may be read,
    ``QUIET`` needs nobody.
    """

    GOOD = "good"
    OPEN = "open"
    BAD = "bad"
    STRANGE = "strange"
    WAITING = "waiting"
    NOTE = "note"
    QUIET = "quiet"
