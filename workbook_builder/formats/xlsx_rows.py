"""A row of a sheet as a whole: its cells, as far as they do not depend on the book."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.xlsx_cell import (
    CellDecoder,
    position,
    row_index,
    shared_index,
)
from workbook_builder.formats.xlsx_styles import Shown
from workbook_builder.formats.xlsx_sweep import KnownElements, cells_in, text_in, usual
from workbook_builder.formats.xlsx_xml import flag
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import FAR, Position, RawCell, RawKind

#: In the place of a shared string.
STAND_IN = RawCell(RawKind.TEXT, "")
#: Books whose styles show numbers in so many ways are told apart.
STYLES = 8

#: Told by the bytes, because a sheet that is swept has no attributes of rows.
MAY_HIDE = re.compile(rb"""\shidden\s?=|\s(?:ht|width)\s?=\s?["'](?:0|\.)""")
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
    return _known_rows(frozenset(decoder.kinds.items()))


@lru_cache(maxsize=STYLES)
def _known_rows(kinds: frozenset[tuple[str, Shown]]) -> KnownElements[SweptRow]:
    shown = dict(kinds)

    def parsed(element: bytes) -> SweptRow | None:
        try:
            return _row(element, shown)
        except UnreadableFile:
            return None

    return KnownElements(parsed)


def _row(element: bytes, kinds: Mapping[str, Shown]) -> SweptRow | None:
    text = usual(element)
    tokens = None if text is None else cells_in(text)
    if tokens is None:
        return None
    budget = Budget(WORKBOOK)
    decode = CellDecoder((), kinds, budget).cell
    cells: dict[Position, RawCell] = {}
    shared: list[tuple[Position, int]] = []
    number = -1
    for reference, style, kind, formula, value, stated, _ in tokens:
        if stated:
            number = row_index(stated)
        if not (value or formula):
            continue
        stored = text_in(value) if value else None
        if kind == "s" and stored:
            if formula:
                return None
            at, cell = position(reference), STAND_IN
            shared.append((at, shared_index(stored)))
        else:
            said = text_in(formula) if formula else None
            found = decode(kind or "n", style, stored, said)
            if found is None:
                continue
            at, cell = position(reference), found
        if at in cells or at[0] != number:
            return None
        cells[at] = cell
    lines = [each for is_row, each in hidden_lines(element) if is_row]
    return SweptRow(
        *(number, cells, tuple(shared)),
        *(frozenset().union(*lines), bool(MAY_HIDE.search(element))),
        WORKBOOK.characters - budget.characters,
    )


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
