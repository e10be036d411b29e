"""Texts in cells: what they show, and whether somebody typed it."""

from __future__ import annotations

import re

from workbook_builder.model.explanation import UNSEEN
from workbook_builder.model.grid import RawCell, RawKind

#: How WPS puts a picture into a cell: a formula, or its text where it was lost.
_PICTURE = "DISPIMG("
#: What suites show instead of a long number, or of anything, once it is a text.
_WAS_NUMBER = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,3}|\d{5,}\.0+", re.ASCII)
_WAS_ERROR = re.compile(r"#{3,}|#(?:REF|VALUE|DIV/0|NULL|NUM)!|#N/A|#NAME\?")


def no_text(raw: RawCell, *, may_be_date: bool = False) -> str | None:
    """The code of why what a cell shows is no text of anybody's, if it is none."""
    said = raw.value.strip() if raw.kind is RawKind.TEXT else ""
    if raw.kind is RawKind.ERROR or _WAS_ERROR.fullmatch(said):
        return "Y07"
    if not raw.has_result:
        return "T06"
    if raw.formula is not None or _PICTURE in raw.value[:40]:
        return "Y10"
    numbers = {RawKind.NUMBER, RawKind.PERCENT, RawKind.BOOLEAN}
    if raw.kind in numbers or _WAS_NUMBER.fullmatch(said):
        return "Y11"
    return "Y11" if raw.kind is RawKind.DATE and not may_be_date else None


def visible(text: str) -> str:
    """The text; nothing where it shows nothing."""
    return text if text.strip().strip(UNSEEN).strip() else ""
