"""An .xlsb: the parts of an .xlsx with records instead of XML.

The libraries that read it lose the names of errors, what is a formula, or the process;
so this does, streaming and bounded as :mod:`~workbook_builder.formats.xlsx_sheet`.
Records are those of [MS-XLSB] 2.3.2 and 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final

from workbook_builder.bounds.limits import MAX_COLUMNS, MAX_ROWS
from workbook_builder.formats.biff import ERRORS, LOW, NARROW, exact
from workbook_builder.formats.biff12_colours import colour_at
from workbook_builder.formats.budget import Budget, check_length
from workbook_builder.formats.conditions import Condition, doubted
from workbook_builder.formats.fonts import (
    ODD,
    SMALLEST,
    WHITE,
    Looks,
    Shown,
)
from workbook_builder.formats.xlsb_conditions import (
    AREAS,
    CHANGE,
    RULE,
    areas_of,
    change_of,
    condition,
)
from workbook_builder.formats.xlsx_book import SheetEntry
from workbook_builder.formats.xlsx_cell import number_shown, text_unlike
from workbook_builder.formats.xlsx_styles import kind_shown
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import (
    FAR,
    Hidden,
    MergedArea,
    Position,
    RawCell,
    RawKind,
    Unlike,
    Visibility,
)

_Record = tuple[int, bytes]
#: Kind, value, and whether a part of it is raised or struck out.
_Said = tuple[RawKind, str, bool]

_STATES: Final[dict[int, Visibility]] = {1: "hidden", 2: "veryHidden"}
_ROW, _STRING_ITEM, _WORKBOOK_PROPERTIES, _BUNDLE_SHEET = 0, 19, 153, 156
_FORMAT, _CELL_STYLE, _BEGIN_CELL_STYLES, _END_CELL_STYLES = 44, 47, 617, 618
_FONT, _FILL, _MERGED = 43, 45, 176
_STRUCK, _REPEATED = 0x0008, 4
_SOLID, _NO_FILL = 1, 0
_BEGIN_DATA, _END_DATA = 145, 146
_COLUMNS = 60
_ROW_HIDDEN, _COLUMNS_HIDDEN = 0x10, 0x01
_DATE1904 = 1
_NO_TEXT = 0xFFFFFFFF


def records(pieces: Iterator[bytes], budget: Budget) -> Iterator[_Record]:
    """The records of a part: their number and content.

    Raises UnreadableFile if the part ends within one or one is too long.
    """
    left = b""
    for piece in pieces:
        left += piece
        at, end = 0, len(left)
        while True:
            header = _header(left, at)
            if header is None:
                break
            kind, size, start = header
            if size > budget.limits.token:
                raise UnreadableFile("bomb", f"a record of {size} bytes")
            if start + size > end:
                break
            budget.spend_elements(1)
            yield kind, left[start : start + size]
            at = start + size
        left = left[at:]
    if left:
        raise UnreadableFile("truncated", "a part ends within a record")


def _header(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Number, size and start of a record's content; None if it goes on later.

    Both are written seven bits a byte, in two and four bytes at most.
    """
    kind = size = 0
    for shift in range(2):
        if at >= len(data):
            return None
        byte = data[at]
        at += 1
        kind |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            break
    for shift in range(4):
        if at >= len(data):
            return None
        byte = data[at]
        at += 1
        size |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            break
    return kind, size, at


def wide_string(content: bytes, at: int) -> tuple[str, int]:
    """A counted UTF-16 text and where it ends; an absent one is empty."""
    (length,) = struct.unpack_from("<I", content, at)
    at += 4
    if length == _NO_TEXT:
        return "", at
    end = at + 2 * length
    if end > len(content):
        raise UnreadableFile("damaged", "a text that is cut off")
    return content[at:end].decode("utf-16-le", "replace"), end


def read_workbook(
    pieces: Iterator[bytes], budget: Budget
) -> tuple[list[SheetEntry], bool]:
    """The tabs in order, and whether days count from 1904."""
    entries: list[SheetEntry] = []
    date1904 = False
    for kind, content in records(pieces, budget):
        if kind == _BUNDLE_SHEET:
            relation, at = wide_string(content, 8)
            name, _ = wide_string(content, at)
            (state,) = struct.unpack_from("<I", content)
            entries.append(SheetEntry(name, _STATES.get(state, "visible"), relation))
            if len(entries) > budget.limits.records:
                raise UnreadableFile("too_large", "too many sheets")
        elif kind == _WORKBOOK_PROPERTIES and content:
            date1904 = bool(content[0] & _DATE1904)
    return entries, date1904


def read_strings(
    pieces: Iterator[bytes], budget: Budget, looks: Looks
) -> list[tuple[str, bool]]:
    """The shared strings, each with whether a part of it is raised or struck out."""
    strings: list[tuple[str, bool]] = []
    for kind, content in records(pieces, budget):
        if kind == _STRING_ITEM:
            text, end = wide_string(content, 1)
            check_length(text)
            budget.characters -= len(text)
            budget.check_characters()
            strings.append((text, _marked(content, 0, end, looks)))
            if len(strings) > budget.limits.strings:
                raise UnreadableFile("too_large", "too many shared strings")
    return strings


def _marked(content: bytes, flags: int, end: int, looks: Looks) -> bool:
    """Whether a run of a text, which goes on after it, is of a font that marks it."""
    if not content[flags] & 1:
        return False
    (count,) = struct.unpack_from("<I", content, end)
    runs = content[end + 4 : end + 4 + 4 * count]
    return any(looks.marks(font) for _, font in struct.iter_unpack("<HH", runs))


def _look(kind: int, content: bytes, looks: Looks) -> None:
    """What a font or a fill says of itself."""
    if kind == _FONT:
        size, options, _, script = struct.unpack_from("<HHHH", content)
        marked = bool(options & _STRUCK or script) or size < SMALLEST * 20
        looks.fonts.append((marked, colour_at(content, 12)))
    else:
        (pattern,) = struct.unpack_from("<I", content)
        fore = colour_at(content, 4) if pattern == _SOLID else None
        looks.fills.append(WHITE if pattern == _NO_FILL else fore)


def read_kinds(
    pieces: Iterator[bytes], budget: Budget, looks: Looks
) -> dict[int, Shown]:
    """The numbers of the cell styles with what they make of a number; ``looks`` is
    filled with the fonts and fills there are."""
    codes: dict[int, str] = {}
    formats: list[int] = []
    odd = set[int]()
    in_cells = False
    for kind, content in records(pieces, budget):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", content)[0]] = wide_string(content, 2)[0]
        elif kind in {_BEGIN_CELL_STYLES, _END_CELL_STYLES}:
            in_cells = kind == _BEGIN_CELL_STYLES
        elif kind == CHANGE:
            looks.changes.append(change_of(content))
        elif kind in {_FONT, _FILL}:
            _look(kind, content, looks)
        elif kind == _CELL_STYLE and in_cells:
            _, number, font, fill = struct.unpack_from("<HHHH", content)
            if looks.odd(font, fill) or content[12] & 7 == _REPEATED:
                odd.add(len(formats))
            formats.append(number)
        if max(len(codes), len(formats), len(looks)) > budget.limits.records:
            raise UnreadableFile("too_large", "too many styles")
    known = {number: kind_shown(number, codes.get(number)) for number in set(formats)}
    return {
        style: shown
        for style, number in enumerate(formats)
        if (shown := ODD if style in odd else known[number]) is not None
    }


class CellsReader:
    """The cells of one sheet part; shared by the sheets of a book."""

    def __init__(
        self,
        strings: list[tuple[str, bool]],
        kinds: dict[int, Shown],
        budget: Budget,
        looks: Looks,
    ) -> None:
        self._strings, self._looks = strings, looks
        self._kinds = kinds
        self._budget = budget

    def read(
        self, pieces: Iterator[bytes]
    ) -> tuple[dict[Position, RawCell], Hidden, tuple[MergedArea, ...]]:
        cells: dict[Position, RawCell] = {}
        rows, columns = set[int](), set[int]()
        merged: list[MergedArea] = []
        row, inside = -1, False
        conditions: list[Condition] = []
        areas: tuple[MergedArea, ...] = ()
        for kind, content in records(pieces, self._budget):
            if kind in {_BEGIN_DATA, _END_DATA}:
                inside = kind == _BEGIN_DATA
            elif kind == _COLUMNS:
                first, last, width = struct.unpack_from("<III", content)
                if content[16] & _COLUMNS_HIDDEN or width < NARROW:
                    columns.update(range(first, min(last + 1, FAR)))
            elif kind == _MERGED:
                top, bottom, left, right = struct.unpack_from("<IIII", content)
                self._budget.spend_cells(1)
                merged.append(((top, left), (bottom, right)))
            elif kind == AREAS:
                areas = areas_of(content)
            elif kind == RULE:
                conditions.append(condition(areas, content))
            elif not inside:
                continue
            elif kind == _ROW:
                row, _, height = struct.unpack_from("<IIH", content)
                if row < FAR and (content[11] & _ROW_HIDDEN or height < LOW):
                    rows.add(row)
            elif kind in _VALUES:
                self._keep(cells, row, kind, content)
        looks = self._looks
        doubted(cells, conditions, looks.changed(), looks.fills, self._budget)
        return cells, Hidden(frozenset(rows), frozenset(columns)), tuple(merged)

    def _keep(
        self, cells: dict[Position, RawCell], row: int, kind: int, content: bytes
    ) -> None:
        column, style = struct.unpack_from("<II", content)
        if not (0 <= row < MAX_ROWS and column < MAX_COLUMNS):
            raise UnreadableFile("damaged", "cells outside the sheet")
        if (row, column) in cells:
            raise UnreadableFile("damaged", f"two cells at row {row + 1}")
        raw_kind, value, marked = _VALUES[kind](self, content)
        check_length(value)
        self._budget.spend_cells(1)
        self._budget.characters -= len(value)
        self._budget.check_characters()
        formula = "" if kind in _FORMULAS else None
        shown = self._kinds.get(style & 0xFFFFFF)
        if raw_kind is RawKind.NUMBER and shown is not None:
            cells[row, column] = number_shown(value, shown, formula)
        else:
            is_text = raw_kind is RawKind.TEXT
            unlike: Unlike = text_unlike(shown, marked) if is_text else ""
            cells[row, column] = RawCell(raw_kind, value, formula, unlike=unlike)

    def _shared(self, content: bytes) -> _Said:
        (index,) = struct.unpack_from("<I", content, 8)
        if index >= len(self._strings):
            raise UnreadableFile("damaged", f"no shared string {index}")
        return RawKind.TEXT, *self._strings[index]

    def _text(self, content: bytes) -> _Said:
        return RawKind.TEXT, wide_string(content, 8)[0], False

    def _rich_text(self, content: bytes) -> _Said:
        text, end = wide_string(content, 9)
        return RawKind.TEXT, text, _marked(content, 8, end, self._looks)

    def _double(self, content: bytes) -> _Said:
        (value,) = struct.unpack_from("<d", content, 8)
        return _number(value)

    def _small(self, content: bytes) -> _Said:
        """Thirty bits of an integer or of a double, and whether hundredths."""
        (bits,) = struct.unpack_from("<i", content, 8)
        if bits & 2:
            value = float(bits >> 2)
        else:
            (value,) = struct.unpack("<d", struct.pack("<II", 0, bits & 0xFFFFFFFC))
        return _number(value / 100 if bits & 1 else value)

    def _boolean(self, content: bytes) -> _Said:
        return RawKind.BOOLEAN, "TRUE" if content[8] else "FALSE", False

    def _error(self, content: bytes) -> _Said:
        return RawKind.ERROR, ERRORS.get(content[8], "#N/A"), False


def _number(value: float) -> _Said:
    finite = value - value == 0
    return RawKind.NUMBER if finite else RawKind.ERROR, exact(value), False


_VALUES: Final[dict[int, Callable[[CellsReader, bytes], _Said]]] = {
    2: CellsReader._small,
    3: CellsReader._error,
    4: CellsReader._boolean,
    5: CellsReader._double,
    6: CellsReader._text,
    7: CellsReader._shared,
    8: CellsReader._text,
    9: CellsReader._double,
    10: CellsReader._boolean,
    11: CellsReader._error,
    62: CellsReader._rich_text,
}
_FORMULAS = {8, 9, 10, 11}
