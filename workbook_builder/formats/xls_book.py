"""An .xls or .et (Excel 5 to 2003, WPS): the only module that knows xlrd.

Runs in a process that may be lost. Values come from xlrd, or from calamine where xlrd
cannot; :mod:`~workbook_builder.formats.biff` says what each cell is, and that none is
missing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from typing import Any

import xlrd
from xlrd.biffh import XLRDError
from xlrd.book import unpack_SST_table
from xlrd.compdoc import CompDoc, CompDocError

from workbook_builder.bounds.compound import opened
from workbook_builder.bounds.limits import WorkbookLimits
from workbook_builder.formats.biff import (
    BiffContent,
    BiffStream,
    Serial,
    exact,
    font_index,
)
from workbook_builder.formats.budget import Budget, check_length
from workbook_builder.formats.calamine_book import calamine_values
from workbook_builder.formats.conditions import doubted
from workbook_builder.formats.fonts import ODD
from workbook_builder.formats.xlsx_cell import number_shown, text_unlike
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import (
    Hidden,
    Position,
    RawBook,
    RawCell,
    RawKind,
    RawSheet,
)

_Values = Mapping[Position, object]

_STREAMS = ("Workbook", "Book")
#: The name of the folder with a book's macros, as its directory has it.
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
#: That of a folder with an embedded object: MBD and a number.
_OBJECT = re.compile(rb"M\0B\0D\0(?:[0-9A-F]\0){8}")


def read_xls(
    data: bytes, only: Container[str] | None, limits: WorkbookLimits
) -> RawBook:
    """The book as ``read_grid`` gives it. Raises UnreadableFile."""
    budget = Budget(limits)
    try:
        stream = BiffStream(_stream(data), budget)
        stream.macros |= _MACROS in data
        stream.objects = _OBJECT.search(data) is not None
    except UnreadableFile:
        raise
    except MemoryError:
        raise
    except Exception as error:
        raise _damaged(error) from None
    try:
        return _XlrdBook(data).read(stream, only, budget)
    except MemoryError:
        raise
    except Exception as error:
        if isinstance(error, UnreadableFile) and error.reason in {
            "encrypted",
            "too_large",
        }:
            raise
        return _second_opinion(data, stream, only, budget, error)


class _XlrdBook:
    def __init__(self, data: bytes) -> None:
        self._book = xlrd.open_workbook(
            file_contents=data,
            on_demand=True,
            ragged_rows=True,
            logfile=io.StringIO(),
        )

    def read(
        self, stream: BiffStream, only: Container[str] | None, budget: Budget
    ) -> RawBook:
        names = self._book.sheet_names()
        return _book(
            names, self._values, stream, only, budget, self._book.datemode == 1
        )

    def _values(self, index: int) -> _Values:
        sheet = self._book.sheet_by_index(index)
        found: dict[Position, object] = {}
        for row in range(sheet.nrows):
            types, values = sheet.row_types(row), sheet.row_values(row)
            for column, (kind, value) in enumerate(zip(types, values, strict=True)):
                if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                    found[row, column] = _typed(kind, value)
        self._book.unload_sheet(index)
        return found


def _typed(kind: int, value: Any) -> object:
    if kind == xlrd.XL_CELL_DATE:
        return Serial(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return value


def _second_opinion(
    data: bytes,
    stream: BiffStream,
    only: Container[str] | None,
    budget: Budget,
    first: Exception,
) -> RawBook:
    """What calamine makes of it; it must account for every cell as well. It lays out
    every sheet whole, so it is not asked where that takes too much memory."""
    for sheet in stream.sheets:
        sheet.cells.clear()
    try:
        if stream.grid() > budget.limits.grid:
            raise UnreadableFile("damaged", "cells too far from one another")
        names, values = calamine_values(data)
        return _book(names, values, stream, only, budget, False)
    except UnreadableFile as error:
        if error.reason == "too_large":
            raise
        raise _damaged(first) from None


def _book(
    names: list[str],
    values: Callable[[int], _Values],
    stream: BiffStream,
    only: Container[str] | None,
    budget: Budget,
    date1904: bool,
) -> RawBook:
    if not names or len(names) != len(stream.sheets):
        raise UnreadableFile("damaged", "two lists of sheets")
    if len(set(names)) < len(names):
        raise UnreadableFile("damaged", "two sheets of one name")
    sheets, marked = [], _marked(stream)
    for index, (name, sheet) in enumerate(zip(names, stream.sheets, strict=True)):
        cells: dict[Position, RawCell] = {}
        if only is None or name in only:
            cells = _cells(stream.read(sheet), values(index), budget, marked)
            doubted(cells, sheet.conditions, {}, (), budget)
        hidden = Hidden(frozenset(sheet.hidden_rows), frozenset(sheet.hidden_columns))
        merged = tuple(sheet.merged)
        sheets.append(RawSheet(name, sheet.state, cells, hidden, merged))
    return RawBook(
        tuple(sheets),
        date1904,
        macros=stream.macros,
        external_links=stream.external_links,
        objects=stream.objects,
        format="xls",
    )


def _marked(stream: BiffStream) -> frozenset[int]:
    """The shared strings of which a part is raised, struck out or unseen."""
    first = stream.shared[:1]
    if not first or not any(map(stream.looks.marks, range(len(stream.looks.fonts)))):
        return frozenset()
    count = int.from_bytes(first[0][4:8], "little")
    _, runs = unpack_SST_table(stream.shared, count)
    return frozenset(
        number
        for number, fonts in runs.items()
        if any(stream.looks.marks(font_index(font)) for _, font in fonts)
    )


def _cells(
    contents: Mapping[Position, BiffContent],
    values: _Values,
    budget: Budget,
    marked: Container[int],
) -> dict[Position, RawCell]:
    cells = {}
    for at, content in contents.items():
        cell = _cell(content, values.get(at))
        if cell.kind is RawKind.TEXT:
            odd = content.string in marked
            cell = replace(cell, unlike=text_unlike(content.shown or None, odd))
        check_length(cell.value)
        budget.characters -= len(cell.value)
        cells[at] = cell
    budget.check_characters()
    return cells


def _cell(content: BiffContent, value: object) -> RawCell:
    formula = "" if content.formula else None
    match content.kind, value:
        case "number", float() if content.shown is RawKind.PERCENT:
            return RawCell(RawKind.PERCENT, exact(value), formula)
        case "number", float() if content.shown == ODD:
            return number_shown(exact(value), ODD, formula)
        case "number", Serial():
            return RawCell(RawKind.DATE, exact(value), formula)
        case "number", float() if content.shown and content.shown is not RawKind.DATE:
            return number_shown(exact(value), content.shown, formula)
        case "number", float():
            return RawCell(RawKind.NUMBER, exact(value), formula)
        case "text", str() | None:
            return RawCell(RawKind.TEXT, value or "", formula)
        case "boolean", bool():
            return RawCell(RawKind.BOOLEAN, str(value).upper(), formula)
        case error, _ if error.startswith("#"):
            return RawCell(RawKind.ERROR, error, formula)
        case kind, _:
            raise UnreadableFile("damaged", f"a {kind} that was not read")


def _stream(data: bytes) -> bytes:
    """The stream of the workbook, also where xlrd refuses what is around it: two names
    for one chain of sectors, for example."""
    try:
        container = CompDoc(data, logfile=io.StringIO())
        for name in _STREAMS:
            memory, base, size = container.locate_named_stream(name)
            if memory is not None:
                return bytes(memory[base : base + size])
    except (CompDocError, XLRDError, AssertionError):
        with opened(data) as file:
            for path in file.listdir(storages=False):
                if len(path) == 1 and path[0].title() in _STREAMS:
                    return file.openstream(path).read()
    raise UnreadableFile("damaged", "no stream of a workbook")


def _damaged(error: Exception) -> UnreadableFile:
    if "encrypted" in str(error):
        return UnreadableFile("encrypted", "an .xls with a password")
    if isinstance(error, UnreadableFile):
        return error
    return UnreadableFile("damaged", f"{type(error).__name__}: {error}")
