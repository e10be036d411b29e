"""The cells of one worksheet part, by stated reference, whatever their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import ClassVar

from workbook_builder.bounds.limits import MAX_COLUMNS, MAX_ROWS
from workbook_builder.bounds.zip_entry import PIECE
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.conditions import Condition
from workbook_builder.formats.xlsx_cell import (
    INLINE,
    MARKED,
    CellDecoder,
    position,
    row_index,
)
from workbook_builder.formats.xlsx_conditions import conditions_in
from workbook_builder.formats.xlsx_rows import (
    SweptRow,
    hidden_lines,
    known_rows,
)
from workbook_builder.formats.xlsx_strings import Runs, preserves_space
from workbook_builder.formats.xlsx_sweep import (
    HEADS,
    LONGEST,
    KnownElements,
    SweepingReader,
    Swept,
    elements,
)
from workbook_builder.formats.xlsx_xml import Attributes
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import Hidden, Position, RawCell

# worksheet > sheetData > row > c > v, f or is
_DATA = b"<sheetData>"
_DATA_DEPTH, _ROW_DEPTH, _CELL_DEPTH, _CONTENT_DEPTH = 2, 3, 4, 5


#: A formatted cell that holds nothing, as suites write it: sometimes millions of them.
_BLANK = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?/>')
_MERGED = re.compile(
    rb"""<(?:[A-Za-z0-9]{1,20}:)?mergeCell\s[^<>]{0,99}?ref\s?=\s?["']([$A-Z0-9:]{2,30})["']"""
)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the bytes of a part tell without being parsed."""

    hidden: tuple[tuple[bool, range], ...]
    """Rows (true) and columns."""
    merged: tuple[tuple[Position, Position], ...]
    elements: int
    conditions: tuple[Condition, ...]
    cut: bytes
    """What may be the begin of one more, where the part goes on."""

    @classmethod
    def of(cls, text: bytes) -> _Around:
        merged = []
        if b"mergeCell " in text:
            for found in _MERGED.finditer(text):
                first, _, last = found[1].decode().replace("$", "").partition(":")
                merged.append((position(first), position(last or first)))
        said = tuple(hidden_lines(text)), tuple(merged), elements(text)
        return cls(*said, *conditions_in(text))

    @classmethod
    def known(cls, text: bytes) -> _Around:
        """The same; of what is short enough it is kept."""
        return _around(text) if len(text) <= LONGEST else cls.of(text)


_around = lru_cache(maxsize=HEADS)(_Around.of)


#: What follows the rows of sheets that expat has accepted.
_TAILS: dict[bytes, _Around] = {}
#: How many are kept, and how long they may be.
TAILS, LONGEST_TAIL = 64, 200_000


class SheetReader(SweepingReader[SweptRow]):
    """Collects ``cells``; what the part says about its own extent is ignored."""

    content_depth: ClassVar[int | None] = _CONTENT_DEPTH

    def __init__(self, decoder: CellDecoder, budget: Budget) -> None:
        super().__init__(budget)
        self.cells: dict[Position, RawCell] = {}
        self._decoder, self._decode = decoder, decoder.cell
        self._counted = 0
        self._seen_data = False
        self._is_thinned = False
        self.merged: list[tuple[Position, Position]] = []
        self.conditions: list[Condition] = []
        self._cut = b""
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._row, self._column = -1, -1
        self._row_stated = False
        self._attributes: Attributes = {}
        self._stored: str | None = None
        self._formula: str | None = None
        self._runs = Runs(self.text)
        self._tail: _Around | None = None

    def sweep(self, piece: bytes) -> Swept[SweptRow] | None:
        # What lost its styles asks for each cell's.
        if type(self._decoder.kinds) is not dict or len(piece) >= PIECE:
            return None
        start = piece.find(_DATA) + len(_DATA)
        ends = b"</sheetData>", b"</worksheet>"
        found = self.known().sweep(piece, start, b"</row>", ends)
        if found and found.tail not in _TAILS and found.tail.count(b"sheetData") > 1:
            return None  # the second would go unnoticed
        return found

    def known(self) -> KnownElements[SweptRow]:
        return known_rows(self._decoder)

    def in_tail(self, tail: bytes) -> int | None:
        """Limits of what may be typed are half of a part, and alike in most returns."""
        self._tail = _TAILS.get(tail)
        return None if self._tail is None else self._tail.elements

    def keep(self, found: Swept[SweptRow]) -> None:
        super().keep(found)
        if len(_TAILS) >= TAILS:
            _TAILS.clear()
        if len(found.tail) <= LONGEST_TAIL and found.tail not in _TAILS:
            _TAILS[found.tail] = _Around.of(found.tail)

    def alike(self, budget: Budget) -> SheetReader:
        return SheetReader(self._decoder, budget)

    def start(self, tag: str, attributes: Attributes) -> None:
        depth = self.depth = self.depth + 1
        if depth == _CELL_DEPTH and tag == "c" and "r" in attributes:
            self._attributes = attributes  # as :meth:`_start_cell`, a million times
        elif depth == _CONTENT_DEPTH and (tag == "v" or tag == "f"):
            self.text.clear()
        else:
            self._start_other(self.local[tag], attributes)

    def end(self, tag: str) -> None:
        depth = self.depth
        self.depth = depth - 1
        if depth == _CONTENT_DEPTH:
            if tag == "v":
                self._store("".join(self.text))
            else:
                self._end_content(self.local[tag])
        elif depth == _CELL_DEPTH:
            if self._stored is not None or self._formula is not None:
                self._end_cell()
        elif depth > _CONTENT_DEPTH:
            self._runs.end(self.local[tag])

    @property
    def hidden(self) -> Hidden:
        return Hidden(frozenset(self._hidden_rows), frozenset(self._hidden_columns))

    def prepared(self, piece: bytes) -> bytes:
        if self.found is None:
            rows, around = [], [_Around.of(piece)]
            if self._cut:
                self.conditions += conditions_in(self._cut + piece)[0]
            self._cut = around[0].cut
        else:
            head, tail = self.found.head, self.found.tail
            rows = self.found.items
            around = [_Around.known(head), self._tail or _Around.of(tail)]
        self._hidden_rows.update(*(row.hidden for row in rows if row.hidden))
        for each in around:
            for is_row, lines in each.hidden:
                hidden = self._hidden_rows if is_row else self._hidden_columns
                hidden.update(lines)
            self.merged += each.merged
            self.conditions += each.conditions
        return self._thinned(piece)

    def _thinned(self, piece: bytes) -> bytes:
        """Without blank cells, where a sheet is too large to be swept.

        Not where the bytes may be the text of a cell, nor where cells are told by
        those before them.
        """
        if len(piece) < PIECE or b"<!" in piece or b"<c>" in piece:
            return piece
        if piece.count(b"<c ") != piece.count(b'<c r="'):
            return piece
        thin, count = _BLANK.subn(b"", piece)
        self._is_thinned |= count > 0
        return thin

    def pause(self) -> None:
        super().pause()
        self.budget.spend_cells(len(self.cells) - self._counted)
        self.budget.check_characters()
        self._counted = len(self.cells)

    def _start_other(self, name: str, attributes: Attributes) -> None:
        """Everything that is rare, so that :meth:`start` stays short."""
        depth = self.depth
        if depth > _CONTENT_DEPTH:
            if not self._runs.start(name, depth - _CONTENT_DEPTH, attributes):
                self.skip()
        elif depth == _CONTENT_DEPTH and name in {"v", "f", "is"}:
            self.text.clear()
        elif depth == _CELL_DEPTH and name == "c":
            self._start_cell(attributes)
        elif depth == _ROW_DEPTH and name == "row":
            self._start_row(attributes.get("r"))
        elif depth == _DATA_DEPTH and name == "sheetData":
            self._start_data()
        elif depth > 1:
            self.skip()
        elif name == "worksheet":
            self._runs.preserve_default = preserves_space(attributes, False)
        else:
            raise UnreadableFile("damaged", f"{name[:20]!r} instead of a worksheet")

    def _start_data(self) -> None:
        if self._seen_data:
            raise UnreadableFile("damaged", "two sheetData in one sheet")
        self._seen_data = True
        if self.found:
            self.take(self.taken(_DATA))

    def _start_row(self, number: str | None) -> None:
        self._row_stated = number is not None
        self._row = self._row + 1 if number is None else row_index(number)
        self._column = -1
        self._attributes = {}

    def _start_cell(self, attributes: Attributes) -> None:
        if "r" not in attributes:
            if self._is_thinned:
                raise UnreadableFile("damaged", "a cell without reference among others")
            before = self._attributes.get("r")
            self._column = 1 + (position(before)[1] if before else self._column)
            if self._column >= MAX_COLUMNS or self._row >= MAX_ROWS:
                raise UnreadableFile("damaged", "cells outside the sheet")
        self._attributes = attributes

    def _end_content(self, name: str) -> None:
        if name == "f":
            self._formula = "".join(self.text)
        elif name == "v":
            self._store("".join(self.text))
        elif name == "is":
            kind = MARKED if self._runs.marked else INLINE
            self._store(self._runs.take())
            self._attributes["t"] = kind

    def _store(self, value: str) -> None:
        if self._stored:
            raise UnreadableFile("damaged", f"two values in row {self._row + 1}")
        self._stored = value

    def _end_cell(self) -> None:
        stored, formula = self._stored, self._formula
        self._stored = self._formula = None
        found = self._attributes.get
        cell = self._decode(found("t", "n"), found("s"), stored, formula)
        if cell is not None:
            self._keep(found("r"), cell)

    def _keep(self, reference: str | None, cell: RawCell) -> None:
        if reference is None:
            at = (self._row, self._column)
        else:
            at = position(reference)
            if at[0] != self._row:
                self._change_row(at[0])
        if at in self.cells:
            raise UnreadableFile("damaged", f"two cells at row {at[0] + 1}")
        self.cells[at] = cell

    def _change_row(self, row: int) -> None:
        """A row may leave its number to its cells, but not contradict them."""
        if self._row_stated:
            raise UnreadableFile("damaged", f"cell of row {row + 1} in another row")
        self._row = row

    def take(self, items: list[SweptRow]) -> None:
        texts, cells = self._decoder.strings, self.cells
        if len({row.number for row in items}) < len(items):
            _refuse_repeats(items)
        self.budget.characters -= sum([row.characters for row in items])
        for row in items:
            cells.update(row.cells)
        places = chain.from_iterable([row.places for row in items])
        numbers = [*chain.from_iterable([row.shared for row in items])]
        if max(numbers, default=-1) >= len(texts):
            raise UnreadableFile("damaged", f"no shared string '{max(numbers)}'")
        cells.update(zip(places, map(texts.__getitem__, numbers), strict=True))


def _refuse_repeats(rows: Iterable[SweptRow]) -> None:
    """A row may come again where it has no cells."""
    seen = set[int]()
    for row in rows:
        if row.cells and row.number in seen:
            raise UnreadableFile("damaged", f"row {row.number + 1} comes twice")
        seen.add(row.number)
