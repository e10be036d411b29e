"""Which cells of an .xls hold something, and what: the records, without their values.

The libraries that read .xls do not say whether a number was typed or calculated, and
one of them gives nothing for an error. The records of the stream say both, and how many
cells there must be in the end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from workbook_builder.excel.limits import Budget
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import Position, Visibility

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
_MULRK, _BOOLERR, _SUPBOOK = 0x00BD, 0x0205, 0x01AE
_BOFS = {0x0809, 0x0409, 0x0209, 0x0009}
_NUMBERS = {0x0203, 0x027E}  # NUMBER, RK
_TEXTS = {0x00FD, 0x0204, 0x00D6}  # LABELSST, LABEL, RSTRING
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
class Content:
    """What a cell holds: ``number``, ``text``, ``boolean``, or the name of an error."""

    kind: str
    formula: bool = False


@dataclass(slots=True)
class BiffSheet:
    """A worksheet of the list at the stream's beginning."""

    state: Visibility
    start: int
    cells: dict[Position, Content] = field(default_factory=dict)


class BiffStream:
    """The stream ``Workbook`` or ``Book`` of an .xls; ``sheets`` are its worksheets.

    Raises UnreadableFile if the records are cut off, odd or encrypted.
    """

    def __init__(self, stream: bytes, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self.sheets: list[BiffSheet] = []
        self.macros = False
        self.external_links = False
        for kind, content in self._records(0):
            self._read_global(kind, content)

    def read(self, sheet: BiffSheet) -> dict[Position, Content]:
        """The cells of one sheet."""
        for kind, content in self._records(sheet.start):
            for row, column, what in _contents(kind, content):
                sheet.cells[row, column] = what
                self._budget.spend_cells(1)
        return sheet.cells

    def _read_global(self, kind: int, content: bytes) -> None:
        if kind == _FILEPASS:
            raise UnreadableFile("encrypted", "an .xls with a password")
        if kind == _BOUNDSHEET and len(content) >= 6:
            start, state, what = struct.unpack_from("<IBB", content)
            if what == _WORKSHEET:
                self.sheets.append(BiffSheet(_STATES.get(state & 3, "visible"), start))
            self.macros |= what == _MACRO_SHEET
        elif kind == _SUPBOOK and content[2:4] not in {_ADD_IN, _THIS_BOOK}:
            self.external_links = True

    def _records(self, at: int) -> Iterator[tuple[int, bytes]]:
        """The records from a BOF to its EOF, those of what stands within left out."""
        depth = 0
        while at + 4 <= len(self._stream):
            kind, size = struct.unpack_from("<HH", self._stream, at)
            at += 4 + size
            self._budget.spend_tags(1)
            if kind in _BOFS:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 0:
                break
            elif depth == 1:
                yield kind, self._stream[at - size : at]
        raise UnreadableFile("truncated", "the records come to no end")


def _contents(kind: int, content: bytes) -> Iterator[tuple[int, int, Content]]:
    if kind not in _NUMBERS | _TEXTS | {_FORMULA, _BOOLERR, _MULRK}:
        return
    if len(content) < 6:
        raise UnreadableFile("damaged", "a cell that is cut off")
    row, column = struct.unpack_from("<HH", content)
    if kind == _MULRK:
        for index in range((len(content) - 6) // 6):
            yield row, column + index, Content("number")
    elif kind == _BOOLERR:
        value, is_error = content[6:7], content[7:8] == b"\1"
        yield row, column, Content(_error(value) if is_error else "boolean")
    elif kind == _FORMULA:
        yield row, column, Content(_result(content[6:14]), formula=True)
    else:
        yield row, column, Content("number" if kind in _NUMBERS else "text")


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
