"""What a returned workbook holds, cell by cell, before anyone asks what it means."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

# Zero-based (row, column): (0, 0) is A1.
Position = tuple[int, int]
# From its first cell to its last.
MergedArea = tuple[Position, Position]
Visibility = Literal["visible", "hidden", "veryHidden"]
# .xlsm is "xlsx" and .et is "xls": they differ in name only.
Unlike = Literal["", "format", "runs", "condition"]
Format = Literal["xlsx", "xls", "ods", "xlsb"]


class RawKind(StrEnum):
    """What the file says a cell is. Blank cells are not recorded at all."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    # A number shown a hundred times as large: typed 12%, stored 0.12.
    PERCENT = "percent"
    ERROR = "error"
    # Only a formula whose result was never stored; not a blank cell.
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell as stored, nothing rounded, trimmed or interpreted.

    ``value`` by kind: NUMBER the digits as written (``59237.244899999998``), TEXT
    the whole text, BOOLEAN ``TRUE`` or ``FALSE``, DATE the serial number as written
    (or ISO text in Strict files), PERCENT the number as written (``0.12``),
    ERROR what the suite shows (``#REF!``) or a stored value that is no number where
    one must be (``NaN``, ``1e309``), EMPTY nothing.

    ``formula`` is the text without ``=``, in the words of the file's format; None means
    the cell was typed, and the empty string means a formula whose text stands in another
    cell (shared formulas) or is not kept as text (.xls, .xlsb). ``has_result`` is False
    for a formula that no office suite has calculated. ``unlike`` tells why the cell shows
    something else than its value, as far as that can be seen: by its ``format``, because
    ``runs`` of its text are raised or struck out, or where a ``condition`` is met.
    """

    kind: RawKind
    value: str
    formula: str | None = None
    has_result: bool = True
    unlike: Unlike = ""


#: Rows and columns further away than this are not looked at for being hidden.
FAR = 2_000


@dataclass(frozen=True, slots=True)
class Hidden:
    """The rows and columns of a sheet that are not shown, as far as forms go."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()

    def __contains__(self, position: Position) -> bool:
        return position[0] in self.rows or position[1] in self.columns


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One worksheet, sparse: a position that is missing from ``cells`` is blank."""

    name: str
    state: Visibility
    cells: Mapping[Position, RawCell]
    hidden: Hidden = Hidden()
    merged: tuple[MergedArea, ...] = ()


@dataclass(frozen=True, slots=True)
class RawBook:
    """The worksheets in the order of their tabs; chart and macro sheets are left out.

    ``date1904`` says from which day date serials count (1904-01-01 instead of 1900).
    ``macros``, ``external_links`` and ``objects`` (other files embedded in it) tell
    that the file carries some; none is ever run, followed or opened. ``format`` is what
    the file is by its content.
    """

    sheets: tuple[RawSheet, ...]
    date1904: bool = False
    macros: bool = False
    external_links: bool = False
    objects: bool = False
    format: Format = "xlsx"

    def sheet(self, name: str) -> RawSheet | None:
        """The sheet of exactly that name, or None."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        return None


def text_of(raw: RawCell | None, date1904: bool = False) -> str:
    """What a cell shows, for places where text is expected."""
    if raw is None:
        return ""
    if raw.kind is RawKind.DATE:
        return _date(raw.value, date1904)
    if raw.kind is RawKind.NUMBER:
        return raw.value.removesuffix(".0")
    if raw.kind is RawKind.PERCENT:
        return f"{(Decimal(raw.value) * 100).normalize():f}%"
    return raw.value


def _date(serial: str, date1904: bool) -> str:
    """A date serial as 2025-01-02; the number itself where it is none."""
    start = (
        datetime.datetime(1904, 1, 1) if date1904 else datetime.datetime(1899, 12, 30)
    )
    try:
        moment = start + datetime.timedelta(days=float(serial))
    except (ValueError, OverflowError):
        return serial
    return f"{moment:%Y-%m-%d}"
