"""What the engines share: the types, what a clerk may type where, the blocks."""

from __future__ import annotations

import io
import math
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Protocol, runtime_checkable

import openpyxl
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Entry = str | int | float | Decimal | bool | None
"""What a clerk puts in a cell; None clears it."""
Value = str | float | bool
"""What a cell shows: an error is its text, a blank cell and an empty text are ""."""
Cell = tuple[str, str]
"""A sheet name and an A1 address."""
Typed = str | float | bool | None
"""An entry as the engines take it: Decimal and int are floats, "" is None."""
Range = tuple[str, str]
"""A sheet name and an A1:B2 address."""
Move = tuple[str, str, str]
"""A sheet name, the A1:B2 address of what is cut or dragged, and where it is put."""
Place = tuple[int, int, int]
"""The index of a block, and a row and a column in it."""


class EngineError(Exception):
    """The office engine failed, hung or died."""


class Refused(Exception):
    """No clerk could type into this cell: it is locked, merged away or not there."""


class Engine(Protocol):
    """A real office engine that fills in and recalculates .xlsx workbooks."""

    @property
    def name(self) -> str:
        """The name `require` takes."""

    def fill(self, workbook: bytes, entries: Mapping[Cell, Entry]) -> bytes:
        """The workbook saved after typing the entries and recalculating everything."""

    def fill_many(
        self,
        workbook: bytes,
        fills: Sequence[Mapping[Cell, Entry]],
        results: Sequence[Cell],
    ) -> list[list[Value]]:
        """The results' values after each fill, each made on the original workbook."""

    def recalculate(self, workbook: bytes) -> bytes:
        """The workbook saved after recalculating everything."""


@runtime_checkable
class Converter(Protocol):
    """An engine that saves in other formats as well."""

    def convert(self, workbook: bytes, to: str, given: str = "xlsx") -> bytes:
        """The workbook recalculated and saved in another format (`xls`, `ods`, ...)."""


def load(workbook: bytes, data_only: bool = False) -> Workbook:
    """The workbook as openpyxl reads it, without its warnings of what it skips."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(workbook), data_only=data_only)


@lru_cache(maxsize=4)
def opened(workbook: bytes) -> Workbook:
    """The workbook for looking things up in (never changed, so it can be shared)."""
    return load(workbook)


def cell_of(workbook: bytes, where: Cell) -> OpenpyxlCell:
    """The cell, or Refused where there is no such cell to type into."""
    name, address = where
    book = opened(workbook)
    if name not in book.sheetnames:
        raise Refused(f"there is no sheet {name}")
    sheet = book[name]
    if not isinstance(sheet, Worksheet):
        raise Refused(f"{name} is no worksheet")
    cell = sheet[address]
    if not isinstance(cell, OpenpyxlCell):
        raise Refused(f"{name}!{address} is not one cell, or merged into another")
    if sheet.protection.sheet and is_locked(sheet, cell):
        raise Refused(f"{name}!{address} is locked")
    return cell


def is_locked(sheet: Worksheet, cell: OpenpyxlCell) -> bool:
    """Whether the cell's own format locks it, or else its row's or its column's."""
    if cell.has_style:
        return bool(cell.protection.locked)
    row = sheet.row_dimensions[cell.row]
    if row.has_style:
        return bool(row.protection.locked)
    for column in sheet.column_dimensions.values():
        if (column.min or 0) <= cell.column <= (column.max or 0) and column.has_style:
            return bool(column.protection.locked)
    return True


def typed(workbook: bytes, entries: Mapping[Cell, Entry]) -> dict[Cell, Typed]:
    """The entries as they arrive in their cells; Refused where one can't be typed.

    As in every office suite, what is typed into a cell formatted as text is text.
    """
    return {
        where: arrives(entry, cell_of(workbook, where).number_format == "@")
        for where, entry in entries.items()
    }


def arrives(entry: Entry, as_text: bool) -> Typed:
    """One entry as it arrives in a cell that is, or isn't, formatted as text."""
    if entry is None or entry == "":
        return None
    if isinstance(entry, str):
        return entry
    if isinstance(entry, bool):
        return str(entry).upper() if as_text else entry
    number = float(entry)
    if not math.isfinite(number):
        raise ValueError(f"not a number anyone can type: {entry}")
    return plain(number) if as_text else number


def plain(number: float) -> str:
    """The number's digits, with no exponent and no idle `.0`."""
    text = f"{Decimal(repr(number)):f}"
    return text.removesuffix(".0")


def blocks(cells: Iterable[Cell]) -> tuple[list[Range], dict[Cell, Place]]:
    """Rectangles that hold exactly the given cells, and each cell's place in them."""
    ranges: list[Range] = []
    places: dict[Cell, Place] = {}
    grids: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    for sheet, address in cells:
        grids[sheet][coordinate_to_tuple(address)] = address
    for sheet, grid in grids.items():
        for top, left, bottom, right in rectangles(set(grid)):
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    place = (len(ranges), row - top, column - left)
                    places[sheet, grid[row, column]] = place
            first = f"{get_column_letter(left)}{top}"
            ranges.append((sheet, f"{first}:{get_column_letter(right)}{bottom}"))
    return ranges, places


def rectangles(cells: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Top, left, bottom and right of rectangles that together are the cells."""
    found = []
    left_over = set(cells)
    for row, column in sorted(cells):
        if (row, column) not in left_over:
            continue
        right, bottom = column, row
        while (row, right + 1) in left_over:
            right += 1
        while all((bottom + 1, at) in left_over for at in range(column, right + 1)):
            bottom += 1
        found.append((row, column, bottom, right))
        left_over -= {
            (down, across)
            for down in range(row, bottom + 1)
            for across in range(column, right + 1)
        }
    return found


@dataclass(frozen=True)
class Plan:
    """Many fills of one workbook, laid out in blocks that an engine writes at once."""

    cells: list[Cell]
    fills: list[list[tuple[int, Typed]]]
    """Per fill, the index in `cells` and what arrives there."""
    formulas: list[Cell]
    """Those of `cells` that hold formulas, which no block can bring back."""
    general: list[bool]
    """Which of `cells` have the number format General."""


def plan(workbook: bytes, fills: Sequence[Mapping[Cell, Entry]]) -> Plan:
    """The fills, checked as `typed` checks one."""
    arrived = [typed(workbook, fill) for fill in fills]
    cells = list(dict.fromkeys(where for fill in arrived for where in fill))
    index = {where: number for number, where in enumerate(cells)}
    return Plan(
        cells,
        [[(index[where], value) for where, value in fill.items()] for fill in arrived],
        [where for where in cells if cell_of(workbook, where).data_type == "f"],
        [cell_of(workbook, where).number_format == "General" for where in cells],
    )
