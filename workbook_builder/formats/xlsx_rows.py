"""A row of a sheet as a whole: its cells, as far as they do not depend on the book."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.fonts import Shown
from workbook_builder.formats.xlsx_cell import (
    CellDecoder,
    position,
    row_index,
    shared_index,
    text_unlike,
)
from workbook_builder.formats.xlsx_sweep import (
    KnownElements,
    cells_in,
    plain,
    text_in,
    usual,
)
from workbook_builder.formats.xlsx_xml import flag
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import FAR, Position, RawCell, RawKind

#: In the place of a shared string.
STAND_IN = RawCell(RawKind.TEXT, "")
#: Books whose styles show numbers in so many ways are told apart.
STYLES = 8

#: Told by the bytes, because a sheet that is swept has no attributes of rows.
MAY_HIDE = re.compile(rb"""\shidden\s?=|\s(?:ht|width)\s?=\s?["'](?:0|\.)""")
#: The least that stands before and after the rows of a sheet.
_AROUND = b"<worksheet><sheetData>", b"</sheetData></worksheet>"
#: How a cell ends, and how one that has a value.
_CELL_END, _VALUE, _VALUE_END = b"</c>", b"<v>", b"</v></c>"
#: More bytes before a value are not kept.
LONG = 2_000
_LINES = re.compile(rb"<(?:[A-Za-z0-9]{1,20}:)?(row|col)\s[^<>]*")
_ATTRIBUTE = re.compile(rb"""(?<![A-Za-z])([A-Za-z]+)\s?=\s?(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class SweptRow:
    """What a row says, and the rows without cells that stand before it."""

    number: int
    """The row that has cells, from 0."""
    cells: Mapping[Position, RawCell]
    """In their order; those of shared strings stand in for what the book has."""
    shared: tuple[tuple[Position, int], ...]
    hidden: frozenset[int]
    may_hide: bool
    """Whether the bytes look as if anything were hidden."""
    characters: int


def known_rows(decoder: CellDecoder) -> KnownElements[SweptRow]:
    """The rows read so far in books whose styles say the same of numbers."""
    return _known_rows(decoder.told)


@lru_cache(maxsize=STYLES)
def _known_rows(kinds: frozenset[tuple[str, Shown]]) -> KnownElements[SweptRow]:
    shown = dict(kinds)

    def parsed(element: bytes) -> SweptRow | None:
        try:
            return _row(element, shown)
        except UnreadableFile:
            return None

    return KnownElements(parsed, *_AROUND)


def _row(element: bytes, kinds: Mapping[str, Shown]) -> SweptRow | None:
    """What is new in a row is mostly a value or two."""
    if not element.startswith(b"<row"):
        return None
    budget = Budget(WORKBOOK)
    decode = CellDecoder((), kinds, budget).cell
    cells: dict[Position, RawCell] = {}
    shared: list[tuple[Position, int]] = []
    hidden: set[int] = set()
    number, may_hide = -1, False
    *ended, end = element.split(_CELL_END)
    for piece in filter(None, (*(each + _CELL_END for each in ended), end)):
        before, mark, after = piece.partition(_VALUE)
        stored = _value(after) if mark else None
        head = (
            _known_head(before + mark) if len(before) <= LONG else _head(before + mark)
        )
        if head is None or (mark and stored is None):
            return None
        number = number if head.number is None else head.number
        hidden |= head.hidden
        may_hide |= head.may_hide or (b"=" in after and bool(MAY_HIDE.search(after)))
        if head.at is None:
            continue
        at, cell = head.at, STAND_IN
        if head.kind == "s" and stored:
            unlike = text_unlike(kinds.get(head.style or ""), False)
            if head.formula is not None or unlike:
                return None
            shared.append((at, shared_index(stored)))
        else:
            found = decode(head.kind or "n", head.style, stored, head.formula)
            if found is None:
                continue
            cell = found
        if at in cells or at[0] != number:
            return None
        cells[at] = cell
    spent = WORKBOOK.characters - budget.characters
    return SweptRow(number, cells, tuple(shared), frozenset(hidden), may_hide, spent)


def _value(after: bytes) -> str | None:
    """What stands in a v element, if the cell ends with it."""
    stored = usual(after.removesuffix(_VALUE_END))
    if stored is None or "<" in stored or not after.endswith(_VALUE_END):
        return None
    return plain(stored) if "&" in stored else stored


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands in a row before the value of a cell, from the end of the cell before
    it; or all of that, where there is none."""

    number: int | None
    """The row, if it begins here, from 0."""
    at: Position | None
    """None where no cell says anything."""
    style: str
    kind: str
    formula: str | None
    hidden: frozenset[int]
    may_hide: bool


def _head(before: bytes) -> _Head | None:
    text = usual(before + _VALUE_END if before.endswith(_VALUE) else before)
    tokens = None if text is None else cells_in(text)
    if tokens is None:
        return None
    stated = [row_index(token[5]) for token in tokens if token[5]]
    at, (reference, style, kind, formula, value, *_) = None, tokens[-1]
    if value or formula:
        at = position(reference)
    lines = [each for is_row, each in hidden_lines(before) if is_row]
    return _Head(
        *(stated[-1] if stated else None, at, style, kind),
        text_in(formula) if formula else None,
        *(frozenset().union(*lines), bool(MAY_HIDE.search(before))),
    )


_known_head = lru_cache(maxsize=1 << 12)(_head)


def hidden_lines(piece: bytes) -> Iterator[tuple[bool, range]]:
    """Rows (true) and columns that are hidden, or too low or narrow to be seen."""
    for found in _LINES.finditer(piece):
        is_row, said = found[1] == b"row", _attributes(found[0])
        size, least = ("ht", 1.0) if is_row else ("width", 0.1)
        if not (flag(said.get("hidden")) or _number(said.get(size)) < least):
            continue
        first, last = ("r", "r") if is_row else ("min", "max")
        yield is_row, _near(said.get(first, ""), said.get(last, ""))


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(): (one or other).decode("utf-8", "replace")
        for name, one, other in _ATTRIBUTE.findall(tag)
    }


def _number(said: str | None) -> float:
    """A size in the file; one that nobody stated hides nothing."""
    try:
        return float(said) if said else inf
    except ValueError:
        return inf


def _near(first: str, last: str) -> range:
    """Lines by the numbers of the file, which counts from 1."""
    if not (first.isdecimal() and last.isdecimal() and len(first + last) < 20):
        return range(0)
    return range(int(first) - 1, min(int(last), FAR))
