"""Which cells of an .xls hold something, and what: the records, without their values.

The libraries that read .xls do not say whether a number was typed or calculated, and
one of them gives nothing for an error. The records of the stream say both, and how many
cells there must be in the end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from workbook_builder.formats.biff_conditions import AREAS, RULE, areas_of, condition
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.conditions import Condition
from workbook_builder.formats.fonts import (
    BLACK,
    BY_NUMBER,
    ODD,
    SMALLEST,
    WHITE,
    Colour,
    Looks,
    Shown,
)
from workbook_builder.formats.xlsx_styles import kind_shown
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import FAR, MergedArea, Position, Visibility

#: Excel's codes of errors in its binary formats → what it shows.
ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}

_FORMULA, _EOF, _FILEPASS, _BOUNDSHEET = 0x0006, 0x000A, 0x002F, 0x0085
_MULRK, _BOOLERR, _SUPBOOK, _DIMENSIONS = 0x00BD, 0x0205, 0x01AE, 0x0200
_FONT, _PALETTE, _MERGED, _LABELSST, _SST, _CONTINUE = (
    *(0x0031, 0x0092, 0x00E5, 0x00FD, 0x00FC, 0x003C),
)
_STRUCK, _REPEATED, _AUTOMATIC = 0x0008, 4, 0x7FFF
#: Rows lower than that many twentieths of a point, and columns narrower than that many
#: 256ths of a letter, are not seen.
LOW, NARROW = 20, 26
#: Cells of the largest sheet of an .xls.
LARGEST = 65_536 * 256
_FORMAT, _CELL_STYLE = 0x041E, 0x00E0
_ROW, _COLUMNS = 0x0208, 0x007D
_ROW_HIDDEN, _COLUMNS_HIDDEN = 0x20, 0x01
_BOFS = {0x0809, 0x0409, 0x0209, 0x0009}
_NUMBERS = {0x0203, 0x027E}  # NUMBER, RK
_TEXTS = {0x00FD, 0x0204, 0x00D6}  # LABELSST, LABEL, RSTRING
_CELLS = _NUMBERS | _TEXTS | {_FORMULA, _BOOLERR, _MULRK}
#: First row, the one after the last, and the same of columns, by the record's length.
_EXTENTS: Final = {10: struct.Struct("<HHHH"), 14: struct.Struct("<IIHH")}
_STATES: Final[dict[int, Visibility]] = {1: "hidden", 2: "veryHidden"}
_WORKSHEET, _MACRO_SHEET = 0, 1
_ADD_IN = b"\x01\x3a"
_THIS_BOOK = b"\x01\x04"


class Serial(float):
    """A number that its format shows as a date or a time."""


def exact(value: float) -> str:
    """The shortest text of a double, whole numbers without ``.0``."""
    return repr(float(value)).removesuffix(".0")


@dataclass(frozen=True, slots=True)
class BiffContent:
    """What a cell holds: ``number``, ``text``, ``boolean``, or the name of an error.

    ``style`` is the number of its style, and ``shown`` what that makes of a number;
    ``string`` is the number of a text that stands among the shared ones.
    """

    kind: str
    formula: bool = False
    style: int = -1
    shown: Shown = ""
    string: int = -1


@dataclass(slots=True)
class BiffSheet:
    """A worksheet of the list at the stream's beginning."""

    state: Visibility
    start: int
    cells: dict[Position, BiffContent] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[MergedArea] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)


class BiffStream:
    """The stream ``Workbook`` or ``Book`` of an .xls; ``sheets`` are its worksheets.

    Raises UnreadableFile if the records are cut off, odd or encrypted.
    """

    def __init__(self, stream: bytes, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self.sheets: list[BiffSheet] = []
        self._starts: list[int] = []
        self.macros = False
        self.external_links = False
        self.objects = False
        self.shared: list[bytes] = []
        """The record of shared strings, and those that go on with it."""
        self.looks = Looks()
        self._codes: dict[int, str] = {}
        self._styles: list[bytes] = []
        self._palette: dict[int | None, Colour] = {**BY_NUMBER, _AUTOMATIC: BLACK}
        self._last = -1
        for kind, content in self._records(0):
            self._read_global(kind, content)
            self._last = kind if kind != _CONTINUE else self._last
        # Colours are numbers of a list that comes after the fonts.
        self.looks.fonts = [(m, self._palette.get(c)) for m, c in self.looks.fonts]
        self._shown = {
            number: shown
            for number, style in enumerate(self._styles)
            if (shown := self._shown_by(style)) is not None
        }

    def _shown_by(self, style: bytes) -> Shown | None:
        font, number = struct.unpack_from("<HH", style)
        ground: Colour = None
        if len(style) >= 20:
            pattern, fore = struct.unpack_from("<IH", style, 14)
            # ONLYOFFICE gives black, and the colour where only newer programs look.
            ground = self._palette.get(fore & 0x7F or None) if pattern >> 26 else WHITE
        looks = Looks(self.looks.fonts, [ground])
        repeats = len(style) > 6 and style[6] & 7 == _REPEATED
        if repeats or looks.odd(font_index(font), 0):
            return ODD
        return kind_shown(number, self._codes.get(number))

    def read(self, sheet: BiffSheet) -> dict[Position, BiffContent]:
        """The cells of one sheet."""
        areas: tuple[MergedArea, ...] = ()
        sheet.conditions.clear()
        for kind, content in self._records(sheet.start):
            _note_hidden(sheet, kind, content)
            if kind == AREAS:
                areas = areas_of(content)
            elif kind == RULE:
                sheet.conditions.append(condition(areas, content, self._palette))
            for row, column, what in _contents(kind, content):
                shown = self._shown.get(what.style)
                if shown is not None and what.kind in {"number", "text"}:
                    what = replace(what, shown=shown)
                sheet.cells[row, column] = what
                self._budget.spend_cells(1)
        return sheet.cells

    def grid(self) -> int:
        """How many cells the sheets have, of any kind, each laid out whole: as far as
        its cells reach, or as it says that they do where no .xls is as large."""
        return sum(map(self._laid_out, self._starts))

    def _laid_out(self, start: int) -> int:
        said, rows, columns = 0, set[int](), set[int]()
        for kind, content in self._each(start):
            if kind == _EOF:
                break
            if kind == _DIMENSIONS and len(content) in _EXTENTS:
                top, bottom, left, right = _EXTENTS[len(content)].unpack_from(content)
                said += (bottom - top) * (right - left)
            elif kind in _CELLS and len(content) >= 4:
                row, column = struct.unpack_from("<HH", content)
                more = max(0, len(content) // 6 - 2) if kind == _MULRK else 0
                rows.add(row)
                columns |= {column, column + more}
        reach = _reach(rows) * _reach(columns)
        return reach if said <= LARGEST else max(said, reach)

    def _read_global(self, kind: int, content: bytes) -> None:
        if kind == _FILEPASS:
            raise UnreadableFile("encrypted", "an .xls with a password")
        if kind == _BOUNDSHEET and len(content) >= 6:
            start, state, what = struct.unpack_from("<IBB", content)
            self._starts.append(start)
            if what == _WORKSHEET:
                self.sheets.append(BiffSheet(_STATES.get(state & 3, "visible"), start))
            self.macros |= what == _MACRO_SHEET
        elif kind == _FORMAT and len(content) >= 2:
            self._codes[struct.unpack_from("<H", content)[0]] = _format_code(content)
        elif kind == _CELL_STYLE and len(content) >= 4:
            self._styles.append(content)
        elif kind == _FONT and len(content) >= 10:
            size, options, colour, _, script = struct.unpack_from("<HHHHH", content)
            marked = bool(options & _STRUCK or script) or size < SMALLEST * 20
            self.looks.fonts.append((marked, colour))
        elif kind == _PALETTE:
            for at, (red, green, blue) in enumerate(
                struct.iter_unpack("<BBBx", content[2 : 2 + 56 * 4]), 8
            ):
                self._palette[at] = red << 16 | green << 8 | blue
        elif kind == _SST or (kind == _CONTINUE and self._last == _SST):
            self.shared.append(content)
        elif kind == _SUPBOOK and content[2:4] not in {_ADD_IN, _THIS_BOOK}:
            self.external_links = True

    def _each(self, at: int) -> Iterator[tuple[int, bytes]]:
        """All records from there on."""
        while at + 4 <= len(self._stream):
            kind, size = struct.unpack_from("<HH", self._stream, at)
            at += 4 + size
            self._budget.spend_elements(1)
            yield kind, self._stream[at - size : at]

    def _records(self, at: int) -> Iterator[tuple[int, bytes]]:
        """The records from a BOF to its EOF, those of what stands within left out."""
        depth = 0
        for kind, content in self._each(at):
            if kind in _BOFS:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 0:
                break
            elif depth == 1:
                yield kind, content
        raise UnreadableFile("truncated", "the records come to no end")


def _reach(numbers: set[int]) -> int:
    """From the first to the last."""
    return max(numbers) - min(numbers) + 1 if numbers else 0


def _note_hidden(sheet: BiffSheet, kind: int, content: bytes) -> None:
    if kind == _ROW and len(content) >= 14:
        row, height, options = struct.unpack_from("<H4xH4xH", content)
        if row < FAR and (options & _ROW_HIDDEN or height < LOW):
            sheet.hidden_rows.add(row)
    elif kind == _COLUMNS and len(content) >= 10:
        first, last, width, options = struct.unpack_from("<HHH2xH", content)
        if options & _COLUMNS_HIDDEN or width < NARROW:
            sheet.hidden_columns.update(range(first, min(last + 1, FAR)))
    elif kind == _MERGED:
        areas = content[2 : 2 + (len(content) - 2) // 8 * 8]
        for top, bottom, left, right in struct.iter_unpack("<HHHH", areas):
            sheet.merged.append(((top, left), (bottom, right)))


def font_index(number: int) -> int:
    """Where a font stands in the list: the number 4 is never given."""
    return number - 1 if number > 4 else number


def _contents(kind: int, content: bytes) -> Iterator[tuple[int, int, BiffContent]]:
    if kind not in _CELLS:
        return
    if len(content) < 6:
        raise UnreadableFile("damaged", "a cell that is cut off")
    row, column = struct.unpack_from("<HH", content)
    if kind == _MULRK:
        for index in range((len(content) - 6) // 6):
            (style,) = struct.unpack_from("<H", content, 4 + 6 * index)
            yield row, column + index, BiffContent("number", style=style)
    elif kind == _BOOLERR:
        value, is_error = content[6:7], content[7:8] == b"\1"
        yield row, column, BiffContent(_error(value) if is_error else "boolean")
    elif kind == _FORMULA:
        yield row, column, BiffContent(_result(content[6:14]), True, _style(content))
    elif kind in _NUMBERS:
        yield row, column, BiffContent("number", style=_style(content))
    else:
        string = content[6:10] if kind == _LABELSST and len(content) >= 10 else b""
        number = int.from_bytes(string, "little") if string else -1
        yield row, column, BiffContent("text", style=_style(content), string=number)


def _style(content: bytes) -> int:
    style: int = struct.unpack_from("<H", content, 4)[0]
    return style


def _format_code(content: bytes) -> str:
    """The text of a format, near enough to tell what it shows.

    Excel 97 and later write a length of two bytes and whether letters have two; in
    older files the same place holds the text's first letters.
    """
    if content[3:4] == b"\0" and content[4:5] == b"\1":
        return content[5:].decode("utf-16-le", "replace")
    return content[5 if content[3:4] == b"\0" else 3 :].decode("latin-1")


def _result(stored: bytes) -> str:
    """The kind of a formula's result: a number unless its end is marked."""
    if stored[6:] != b"\xff\xff":
        return "number"
    match stored[0]:
        case 1:
            return "boolean"
        case 2:
            return _error(stored[2:3])
        case _:
            return "text"


def _error(code: bytes) -> str:
    return ERRORS.get(code[0] if code else -1, "#N/A")
