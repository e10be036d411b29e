"""The cells of one worksheet part, by stated reference, whatever their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from typing import ClassVar

from workbook_builder.excel.xlsx_limits import MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Budget
from workbook_builder.excel.xlsx_strings import Runs, preserves_space, unescaped
from workbook_builder.excel.xlsx_xml import Attributes, PartReader
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import Position, RawCell, RawKind

# worksheet > sheetData > row > c > v, f or is
_ROW_DEPTH, _CELL_DEPTH, _CONTENT_DEPTH = 3, 4, 5

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW_NUMBER = re.compile(r"[0-9]{1,7}")
_INDEX = re.compile(r"[0-9]{1,9}")
_NUMBER_CHARACTERS = "0123456789+-.eE"
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
# Not in the format: text of an "is" element, already free of escapes.
_INLINE = "is"
# Types of cells in which an empty text is a text, not a blank.
_TEXT_TYPES = frozenset(("str", "inlineStr", _INLINE))
_REMEMBERED_CELLS = 10_000

# Members of an enumeration are slow to look up, and these are used for every cell.
_NUMBER, _EMPTY = RawKind.NUMBER, RawKind.EMPTY

Decoded = tuple[RawKind, str]


# Forms of one kind have their cells at the same places, file after file.
@lru_cache(maxsize=1 << 15)
def position(reference: str) -> Position:
    """``B7`` → (6, 1). Raises UnreadableFile outside the grid Excel has."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise UnreadableFile("damaged", f"cell reference {reference[:20]!r}")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    if column > MAX_COLUMNS:
        raise UnreadableFile("damaged", f"column of {reference}")
    return _row(match[2]), column - 1


def _row(number: str) -> int:
    if not _ROW_NUMBER.fullmatch(number) or not 1 <= int(number) <= MAX_ROWS:
        raise UnreadableFile("damaged", f"row {number[:20]!r}")
    return int(number) - 1


class CellDecoder:
    """Makes cells of what the elements of a cell say; shared by a book's sheets.

    Equal cells are one object: forms repeat their zeros and their labels.
    """

    def __init__(self, strings: Sequence[str], date_styles: frozenset[str]) -> None:
        self._strings = strings
        self._date_styles = date_styles
        self._known: dict[tuple[str, str, bool], RawCell] = {}
        self._by_type: Mapping[str, Callable[[str], Decoded]] = {
            "n": _number,
            "s": self._shared,
            "str": _text,
            "inlineStr": _text,
            _INLINE: _verbatim,
            "b": _boolean,
            "e": _error,
            "d": _iso_date,
        }

    def cell(
        self, cell_type: str, style: str | None, stored: str | None, formula: str | None
    ) -> RawCell | None:
        """None for a blank cell: neither a formula nor anything stored."""
        # Excel stores ="" as an empty text; without the type it is no result at all.
        if stored is None or (not stored and cell_type not in _TEXT_TYPES):
            if formula is None:
                return None
            return RawCell(_EMPTY, "", unescaped(formula), has_result=False)
        key = (cell_type, stored, style in self._date_styles)
        cell = self._known.get(key) or self._decoded(*key)
        if formula is None:
            return cell
        return RawCell(cell.kind, cell.value, unescaped(formula))

    def _decoded(self, cell_type: str, stored: str, dated: bool) -> RawCell:
        kind, value = self._by_type.get(cell_type, _error)(stored)
        if dated and kind is _NUMBER:
            kind = RawKind.DATE
        cell = RawCell(kind, value)
        if len(self._known) < _REMEMBERED_CELLS:
            self._known[cell_type, stored, dated] = cell
        return cell

    def _shared(self, stored: str) -> Decoded:
        index = stored.strip()
        if not _INDEX.fullmatch(index) or int(index) >= len(self._strings):
            raise UnreadableFile("damaged", f"no shared string {index[:20]!r}")
        return RawKind.TEXT, self._strings[int(index)]


def _number(stored: str) -> Decoded:
    number = stored.strip()
    # float() takes more than the format does, such as 1_000 and other alphabets.
    if not number.strip(_NUMBER_CHARACTERS):
        try:
            if isfinite(float(number)):
                return _NUMBER, number
        except ValueError:
            pass
    # NaN, INF and 1e309 are floats to Python, but nothing a clerk can have typed.
    return RawKind.ERROR, number


def _text(stored: str) -> Decoded:
    return RawKind.TEXT, unescaped(stored)


def _verbatim(stored: str) -> Decoded:
    return RawKind.TEXT, stored


def _boolean(stored: str) -> Decoded:
    value = _BOOLEANS.get(stored.strip())
    return (RawKind.ERROR, stored) if value is None else (RawKind.BOOLEAN, value)


def _error(stored: str) -> Decoded:
    return RawKind.ERROR, stored.strip()


def _iso_date(stored: str) -> Decoded:
    return RawKind.DATE, stored.strip()


class SheetReader(PartReader):
    """Collects ``cells``; what the part says about its own extent is ignored."""

    content_depth: ClassVar[int | None] = _CONTENT_DEPTH

    def __init__(self, decoder: CellDecoder, budget: Budget) -> None:
        super().__init__(budget)
        self.cells: dict[Position, RawCell] = {}
        self._cell = decoder.cell
        self._counted = 0
        self._seen_data = False
        self._row, self._column = -1, -1
        self._row_stated = False
        self._attributes: Attributes = {}
        self._stored: str | None = None
        self._formula: str | None = None
        self._runs = Runs(self.text)

    def start(self, tag: str, attributes: Attributes) -> None:
        depth = self.depth = self.depth + 1
        if depth == _CELL_DEPTH and tag == "c":
            if "r" not in attributes:
                self._count_on()
            self._attributes = attributes
        elif depth == _CONTENT_DEPTH and (tag == "v" or tag == "f"):
            self.text.clear()
        else:
            self._start_other(self.local[tag], attributes)

    def end(self, tag: str) -> None:
        depth = self.depth
        self.depth = depth - 1
        if depth == _CONTENT_DEPTH:
            if tag == "v":
                self._stored = self._joined()
            else:
                self._end_content(self.local[tag])
        elif depth == _CELL_DEPTH:
            if self._stored is not None or self._formula is not None:
                self._keep()
        elif depth > _CONTENT_DEPTH:
            self._runs.end(self.local[tag])

    def pause(self) -> None:
        super().pause()
        self.budget.spend_cells(len(self.cells) - self._counted)
        self._counted = len(self.cells)

    def _start_other(self, name: str, attributes: Attributes) -> None:
        """Everything that is rare, so that :meth:`start` stays short."""
        depth = self.depth
        if depth == _CONTENT_DEPTH:
            if name in {"v", "f", "is"}:
                self.text.clear()
            else:
                self.skip()
        elif depth == _CELL_DEPTH:
            if name == "c":
                if "r" not in attributes:
                    self._count_on()
                self._attributes = attributes
            else:
                self.skip()
        elif depth > _CONTENT_DEPTH:
            if not self._runs.start(name, depth - _CONTENT_DEPTH, attributes):
                self.skip()
        elif depth == _ROW_DEPTH and name == "row":
            self._start_row(attributes.get("r"))
        elif depth == 2 and name == "sheetData":
            if self._seen_data:
                raise UnreadableFile("damaged", "two sheetData in one sheet")
            self._seen_data = True
        elif depth > 1:
            self.skip()
        elif name == "worksheet":
            self._runs.preserve_default = preserves_space(attributes, False)
        else:
            raise UnreadableFile("damaged", f"{name[:20]!r} instead of a worksheet")

    def _start_row(self, number: str | None) -> None:
        self._row_stated = number is not None
        self._row = self._row + 1 if number is None else _row(number)
        self._column = -1
        self._attributes = {}

    def _count_on(self) -> None:
        before = self._attributes.get("r")
        self._column = 1 + (position(before)[1] if before else self._column)
        if self._column >= MAX_COLUMNS or self._row >= MAX_ROWS:
            raise UnreadableFile("damaged", "cells outside the sheet")

    def _joined(self) -> str:
        text = "".join(self.text)
        if len(text) > MAX_TEXT:
            raise UnreadableFile("damaged", f"a text of over {MAX_TEXT} characters")
        return text

    def _end_content(self, name: str) -> None:
        if name == "f":
            self._formula = self._joined()
        elif name == "v":
            self._stored = self._joined()
        elif name == "is":
            self._stored = self._runs.take()
            self._attributes["t"] = _INLINE

    def _keep(self) -> None:
        stored, formula = self._stored, self._formula
        self._stored = self._formula = None
        found = self._attributes.get
        cell = self._cell(found("t", "n"), found("s"), stored, formula)
        if cell is None:
            return
        at = self._position(found("r"))
        if at in self.cells:
            raise UnreadableFile("damaged", f"two cells at row {at[0] + 1}")
        self.cells[at] = cell

    def _position(self, reference: str | None) -> Position:
        if reference is None:
            return self._row, self._column
        at = position(reference)
        if at[0] != self._row:
            if self._row_stated:
                raise UnreadableFile("damaged", f"{reference} in another row")
            self._row = at[0]
        return at
