"""A row of a sheet as a whole: its cells, as far as they do not depend on the book."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from workbook_builder.formats.fonts import Shown
from workbook_builder.formats.xlsx_cell import (
    CellDecoder,
    made,
    position,
    row_index,
    shared_index,
    text_unlike,
)
from workbook_builder.formats.xlsx_sweep import (
    KnownElements,
    cells_in,
    is_taken_anywhere,
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
_MAY_HIDE = re.compile(rb"""\shidden\s?=|\s(?:ht|width)\s?=\s?["'](?:0|\.)""")
#: The least that stands before and after the rows of a sheet.
_AROUND = b"<worksheet><sheetData>", b"</sheetData></worksheet>"
#: How a cell ends, how its value begins, and how one ends that has nothing in it.
_CELL_END, _VALUE, _VALUE_CELL = b"</c>", b"<v>", b"<v></v></c>"
_VALUES = re.compile(rb"<v>([^<]*)</v></c>")
#: What no value has.
_BETWEEN = b"<"
#: A row that has more bytes without its values is not kept, nor a longer value.
LONG, SHORT = 6_000, 500
_LINES = re.compile(rb"<(?:[A-Za-z0-9]{1,20}:)?(row|col)\s[^<>]*")
_ATTRIBUTE = re.compile(rb"""(?<![A-Za-z])([A-Za-z]+)\s?=\s?(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class SweptRow:
    """What a row says, and the rows without cells that stand before it."""

    number: int
    """The row that has cells, from 0."""
    cells: Mapping[Position, RawCell]
    """In their order; those of shared strings stand in for what the book has."""
    places: tuple[Position, ...]
    shared: tuple[int, ...]
    """Which of the book's strings stand in these places."""
    hidden: frozenset[int]
    characters: int


def known_rows(decoder: CellDecoder) -> KnownElements[SweptRow]:
    """The rows read so far in books whose styles say the same of numbers."""
    return _known_rows(decoder.told)


@lru_cache(maxsize=STYLES)
def _known_rows(kinds: frozenset[tuple[str, Shown]]) -> KnownElements[SweptRow]:
    shown = dict(kinds)

    def cell(head: _Head, value: str | None) -> RawCell | None:
        return made(head.kind, shown.get(head.style), value, head.formula)

    known_cell = lru_cache(maxsize=1 << 13)(cell)

    def cell_of(head: _Head, value: str | None) -> RawCell | None:
        if value is None or len(value) <= SHORT:
            return known_cell(head, value)
        return cell(head, value)

    def parsed(element: bytes) -> tuple[SweptRow, bytes] | None:
        try:
            return _row(element, shown, cell_of)
        except UnreadableFile:
            return None

    return KnownElements(parsed, *_AROUND)


def _row(
    element: bytes,
    kinds: Mapping[str, Shown],
    cell_of: Callable[[_Head, str | None], RawCell | None],
) -> tuple[SweptRow, bytes] | None:
    """What a row says, and its frame. What is new in it is mostly a value or two."""
    if not element.startswith(b"<row"):
        return None
    parts = _VALUES.split(element)
    bare, stored = _VALUE.join(parts[::2]), parts[1::2]
    shape = _known_shape(bare) if len(bare) <= LONG else _shape(bare)
    if shape is None or shape.values != len(stored):
        return None
    told = usual(_BETWEEN.join(stored))
    if told is None:
        return None
    texts = told.split(_BETWEEN.decode())
    values = iter([*map(plain, texts)] if "&" in told else texts)
    characters = shape.characters
    cells: dict[Position, RawCell] = {}
    places: list[Position] = []
    shared: list[int] = []
    for head in shape.heads:
        at, value = head.at, next(values) if head.has_value else None
        if head.kind == "s" and value:
            unlike = text_unlike(kinds.get(head.style), False)
            if head.formula is not None or unlike:
                return None
            places.append(at)
            shared.append(shared_index(value))
            cells[at] = STAND_IN
        elif (found := cell_of(head, value)) is not None:
            cells[at] = found
            characters += len(value or "")
    strings = tuple(places), tuple(shared)
    row = SweptRow(shape.number, cells, *strings, shape.hidden, characters)
    return row, bare if is_taken_anywhere(told) else b""


@dataclass(frozen=True, slots=True, eq=False)
class _Head:
    """A cell but for its value; each is one of its own."""

    at: Position
    style: str
    kind: str
    formula: str | None
    has_value: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    """A row but for the values of its cells."""

    number: int
    heads: tuple[_Head, ...]
    """Of cells that say anything."""
    values: int
    """How many have a value."""
    hidden: frozenset[int]
    characters: int
    """Of its formulas."""


def _shape(bare: bytes) -> _Shape | None:
    """Of a row, and the rows without cells before it; where a value stood, there is a
    begin of one."""
    number, heads = -1, dict[Position, _Head]()
    *before, end = bare.split(_VALUE)
    for has_value, part in (*((True, each) for each in before), (False, end)):
        *ended, last = part.split(_CELL_END)
        pieces = [each + _CELL_END for each in ended]
        for piece in filter(None, (*pieces, last + _VALUE_CELL * has_value)):
            text = usual(piece)
            tokens = None if text is None else cells_in(text)
            if tokens is None:
                return None
            stated = [row_index(token[5]) for token in tokens if token[5]]
            number = stated[-1] if stated else number
            reference, style, kind, formula, value, *_ = tokens[-1]
            if not (value or formula):
                continue
            at = position(reference)
            if at in heads or at[0] != number:
                return None
            said = text_in(formula) if formula else None
            heads[at] = _Head(at, style, kind or "n", said, bool(value))
    lines = [each for is_row, each in hidden_lines(bare) if is_row]
    hidden = frozenset[int]().union(*lines)
    characters = sum(len(head.formula or "") for head in heads.values())
    found = tuple(heads.values())
    values = sum(head.has_value for head in found)
    return _Shape(number, found, values, hidden, characters)


_known_shape = lru_cache(maxsize=1 << 10)(_shape)


def hidden_lines(piece: bytes) -> Iterator[tuple[bool, range]]:
    """Rows (true) and columns that are hidden, or too low or narrow to be seen."""
    if not _MAY_HIDE.search(piece):
        return
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
