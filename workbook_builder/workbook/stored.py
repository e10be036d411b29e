"""What an .xlsx file can hold of a text or a number. Pure."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from workbook_builder.model.errors import WorkbookError

#: Significant digits that every suite keeps.
DIGITS = 15

#: What no XML holds, not even escaped.
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")


def storable(text: str) -> str:
    """Without what no file can hold."""
    return text if text.isprintable() else _NO_CHARACTER.sub("\ufffd", text)


def stored_text(text: str) -> str:
    """A formula's result as the format stores it: ``_x001B_`` for a control character.

    XlsxWriter does so with texts, but not with results, and the file would not open.
    """
    if "_x" not in text and text.isprintable():
        return text
    return _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", storable(text))


class _StoredEmpty(str):
    """An empty text as the result of a formula.

    XlsxWriter takes "" for “no result”, which a suite that does not recalculate shows
    as 0. This one is unlike any other text, so it is stored as a text.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


EMPTY = _StoredEmpty()


def as_double(value: Decimal | int) -> float | int:
    """The number as a double holds it; raises if it has more than 15 digits."""
    if not value:
        return 0
    double = float(value)
    digits = len(Decimal(value).normalize().as_tuple().digits)
    if not math.isfinite(double) or digits > DIGITS:
        raise WorkbookError(f"{value} has more digits than a spreadsheet can hold")
    return int(double) if double.is_integer() else double
