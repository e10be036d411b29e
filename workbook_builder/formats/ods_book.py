"""An .ods: ``content.xml`` as a stream, bounded like the parts of an .xlsx.

A sheet comes as runs: “this row, a million times”. Runs of blanks cost nothing, runs of
values are paid for before they are laid out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Container
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import ClassVar, Final

from workbook_builder.bounds.limits import MAX_COLUMNS, MAX_ROWS
from workbook_builder.formats.biff import ERRORS, exact
from workbook_builder.formats.budget import Budget, check_length, check_size
from workbook_builder.formats.ods_styles import OdsStyles
from workbook_builder.formats.shown import says
from workbook_builder.formats.xlsx_package import Package
from workbook_builder.formats.xlsx_xml import Attributes, PartReader
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import (
    FAR,
    Hidden,
    MergedArea,
    Position,
    RawBook,
    RawCell,
    RawKind,
    RawSheet,
    Visibility,
)

_CONTENT = "content.xml"
_MACROS = ("basic/", "scripts/")
#: What another program made; charts and the like are folders of that name.
_OBJECT = re.compile(r"object [0-9]+")
# document-content > body > spreadsheet > table
_TABLE_DEPTH: Final = 4
_CELLS = {"table-cell", "covered-table-cell"}
#: What stands within a table but between its rows.
_GROUPS = {
    *("table-row-group", "table-header-rows", "table-rows"),
    *("table-column-group", "table-header-columns", "table-columns"),
}
_MARKED_UP = {"span", "a", "meta", "ruby", "ruby-base", "bookmark"}
_NUMBERS = {"float", "percentage", "currency"}
_BOOLEANS = {"true": "TRUE", "1": "TRUE", "false": "FALSE", "0": "FALSE"}
_ERROR_NAMES = frozenset(ERRORS.values())
# What LibreOffice shows for some errors → what it writes for them to an .xlsx.
_NAMED = {
    "Err:502": "#VALUE!",
    "Err:503": "#NUM!",
    "Err:504": "#VALUE!",
    "Err:508": "#VALUE!",
    "Err:519": "#VALUE!",
    "Err:521": "#NULL!",
    "Err:524": "#REF!",
    "Err:525": "#NAME?",
    "Err:532": "#DIV/0!",
}
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_TIME = re.compile(
    r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?", re.ASCII
)
# White space as elements; XML itself cannot hold these characters.
_TAB, _LINE_BREAK = "\0", "\1"
_SPACE = re.compile(r"[\n\t ]+")
_DAY_0 = datetime.datetime(1899, 12, 30)


def read_ods(package: Package, only: Container[str] | None, budget: Budget) -> RawBook:
    """The book as ``read_grid`` gives it. Raises UnreadableFile."""
    if _CONTENT not in package:
        raise UnreadableFile("damaged", "no content")
    reader = ContentReader(only, budget)
    reader.read(package.pieces(_CONTENT))
    names = [table.name for table in reader.tables]
    if not names or len(set(names)) < len(names):
        raise UnreadableFile("damaged", "no sheet, or two of one name")
    return RawBook(
        tuple(
            RawSheet(
                table.name,
                _state(table.style in reader.styles.hidden),
                table.cells,
                Hidden(frozenset(table.hidden_rows), frozenset(table.hidden_columns)),
                tuple(table.merged),
            )
            for table in reader.tables
        ),
        macros=any(name.startswith(_MACROS) for name in package.names),
        external_links=reader.external_links,
        objects=any(_OBJECT.fullmatch(name) for name in package.names),
        format="ods",
    )


def _state(hidden: bool) -> Visibility:
    return "hidden" if hidden else "visible"


@dataclass(slots=True)
class _Table:
    """A sheet as it is read."""

    name: str = ""
    style: str = ""
    cells: dict[Position, RawCell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[MergedArea] = field(default_factory=list)


class ContentReader(PartReader):
    """``tables`` are the sheets, in the order of the tabs."""

    content_depth: ClassVar[int | None] = _TABLE_DEPTH + 2

    def __init__(self, only: Container[str] | None, budget: Budget) -> None:
        super().__init__(budget)
        self.tables: list[_Table] = []
        self.styles = OdsStyles()
        self.external_links = False
        self._only = only
        self._style = ""
        self._table = _Table()
        self._row = self._rows = self._column = self._columns = 0
        self._row_cells: list[tuple[int, int, RawCell]] = []
        self._attributes: Attributes = {}
        self._cell_depth = 0
        self._paragraphs: list[str] = []
        self._spaces = 0
        self._marked = False

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = self.local[tag]
        if self._cell_depth:
            self._start_in_cell(name, attributes)
        elif name in _CELLS:
            self._start_cell(attributes)
        elif name == "table-row":
            self._start_row(attributes)
        elif name == "table-column":
            self._note_columns(attributes)
        elif self.depth == _TABLE_DEPTH and name == "table":
            self._start_table(attributes)
        elif self.depth < _TABLE_DEPTH:
            self._start_outside(name, attributes)
        elif (
            not self.styles.note(self._style, name, attributes) and name not in _GROUPS
        ):
            self.external_links |= name == "table-source"
            self.skip()

    def end(self, tag: str) -> None:
        self.depth -= 1
        name = self.local[tag]
        if self._cell_depth:
            if self.depth < self._cell_depth:
                self._end_cell()
            elif name == "p" and self.depth == self._cell_depth:
                self._end_paragraph()
        elif name == "table-row":
            self._end_row()
            self.text.clear()

    def pause(self) -> None:
        super().pause()
        limit = self.budget.limits.records
        if max(len(self.tables), len(self.styles)) > limit:
            raise UnreadableFile("too_large", "too many sheets or styles")
        self.budget.check_characters()

    def _start_outside(self, name: str, attributes: Attributes) -> None:
        if name == "style":
            self._style = attributes.get("style:name", "")
        elif self.depth == 1 and name != "document-content":
            raise UnreadableFile("damaged", f"{name[:20]!r} instead of a document")
        elif self.depth == 2 and name not in {"automatic-styles", "body"}:
            self.skip()

    def _start_table(self, attributes: Attributes) -> None:
        name = attributes.get("table:name", "")
        self._table = _Table(name, attributes.get("table:style-name", ""))
        self._row = self._columns = 0
        self.tables.append(self._table)
        if self._only is not None and name not in self._only:
            self.skip()

    def _start_row(self, attributes: Attributes) -> None:
        self._rows = _repeats(attributes, "table:number-rows-repeated")
        if self._is_hidden(attributes):
            last = min(self._row + self._rows, FAR)
            self._table.hidden_rows.update(range(self._row, last))
        self._column = 0
        self._row_cells = []

    def _note_columns(self, attributes: Attributes) -> None:
        first = self._columns
        self._columns += _repeats(attributes, "table:number-columns-repeated")
        if self._is_hidden(attributes):
            last = min(self._columns, FAR)
            self._table.hidden_columns.update(range(first, last))

    def _is_hidden(self, attributes: Attributes) -> bool:
        if attributes.get("table:visibility", "visible") != "visible":
            return True
        return attributes.get("table:style-name") in self.styles.sizeless

    def _start_cell(self, attributes: Attributes) -> None:
        self._attributes = attributes
        self._cell_depth = self.depth
        self._marked = False
        self._paragraphs = []
        self._spaces = 0
        self.text.clear()

    def _start_in_cell(self, name: str, attributes: Attributes) -> None:
        if name == "p":
            self.text.clear()
            self._spaces = 0
        elif name == "s":
            self.text.append(" " * self._spent_spaces(attributes))
        elif name == "tab":
            self.text.append(_TAB)
        elif name == "line-break":
            self.text.append(_LINE_BREAK)
        elif name in _MARKED_UP:
            self._marked |= attributes.get("text:style-name") in self.styles.marked
        else:
            # Notes, drawings, tables within the cell: nothing of its value.
            self.skip()

    def _end_paragraph(self) -> None:
        """Raw text is paid for as it stands in the file, with all that lays it out."""
        size = sum(map(len, self.text))
        self.budget.characters -= size
        self.budget.check_characters()
        self._paragraphs.append(_unindented("".join(self.text)))
        check_length(self._paragraphs[-1])
        self.text.clear()

    def _spent_spaces(self, attributes: Attributes) -> int:
        """How many spaces an element stands for: paid before there are any."""
        count = _repeats(attributes, "text:c")
        self._spaces += count
        check_size(self._spaces)
        return count

    def _end_cell(self) -> None:
        self._cell_depth = 0
        repeats = _repeats(self._attributes, "table:number-columns-repeated")
        cell = _cell(self._attributes, self._paragraphs)
        odd = self.styles.odd(self._attributes.get("table:style-name", ""))
        if cell and (odd or (self._marked and cell.kind is RawKind.TEXT)):
            cell = replace(cell, unlike="runs")
        self._note_merge()
        if cell is not None:
            check_length(cell.value)
            check_length(cell.formula or "")
            if self._column + repeats > MAX_COLUMNS:
                raise UnreadableFile("damaged", "cells outside the sheet")
            self._row_cells.append((self._column, repeats, cell))
        self._column += repeats

    def _note_merge(self) -> None:
        rows, columns = (
            _repeats(self._attributes, f"table:number-{lines}-spanned")
            for lines in ("rows", "columns")
        )
        if rows * columns > 1:
            self.budget.spend_cells(1)
            first, last = self._row + rows - 1, self._column + columns - 1
            self._table.merged.append(((self._row, self._column), (first, last)))

    def _end_row(self) -> None:
        if self._row_cells:
            if self._row + self._rows > MAX_ROWS:
                raise UnreadableFile("damaged", "rows outside the sheet")
            self.budget.spend_cells(
                self._rows * sum(repeats for _, repeats, _ in self._row_cells)
            )
            for row in range(self._row, self._row + self._rows):
                for column, repeats, cell in self._row_cells:
                    for at in range(column, column + repeats):
                        self._table.cells[row, at] = cell
        self._row += self._rows


def _unindented(text: str) -> str:
    """A paragraph without line ends and tabs that only lay out the XML.

    A line end alone, amid the text, is how ONLYOFFICE writes one that somebody typed.
    """
    if "\n" in text:
        plain = _SPACE.sub(_one_space, text)
        text = text if plain == text else plain.strip(" ")
    return text.replace(_TAB, "\t").replace(_LINE_BREAK, "\n")


def _one_space(run: re.Match[str]) -> str:
    at_edge = run.start() == 0 or run.end() == len(run.string)
    is_layout = "\n" in run[0] and (at_edge or run[0].strip("\n"))
    return " " if is_layout else run[0]


def _repeats(attributes: Attributes, name: str) -> int:
    value = attributes.get(name, "1")
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise UnreadableFile("damaged", f"repeated {value[:20]!r} times")
    return max(int(value), 1)


def _cell(attributes: Attributes, paragraphs: list[str]) -> RawCell | None:
    """None for a blank cell. ``paragraphs`` are what it shows."""
    shown = "\n".join(paragraphs)
    formula = attributes.get("table:formula")
    kind = attributes.get("office:value-type", "")
    if _is_error(attributes, formula, kind, shown):
        name = shown or attributes.get("office:string-value") or "#N/A"
        return RawCell(RawKind.ERROR, _NAMED.get(name, name), formula)
    if kind not in {"", "void"}:
        found, value = _value(kind, attributes, shown)
        other = bool(paragraphs) and found is RawKind.NUMBER and not says(shown, value)
        return RawCell(found, value, formula, unlike="format" if other else "")
    if formula is None:
        return RawCell(RawKind.TEXT, shown) if shown else None
    if not paragraphs:
        return RawCell(RawKind.EMPTY, "", formula, has_result=False)
    # LibreOffice stores "" as an empty paragraph without a type.
    return RawCell(RawKind.TEXT, shown, formula)


def _is_error(
    attributes: Attributes, formula: str | None, kind: str, shown: str
) -> bool:
    """Each suite has its own way: a type of its own, an error's name as the value of a
    text (a typed one has none), or shown where a number or a formula is stored."""
    if attributes.get("calcext:value-type") == "error":
        return True
    if attributes.get("office:string-value") in _ERROR_NAMES:
        return True
    return shown in _ERROR_NAMES and (formula is not None or kind in _NUMBERS)


def _value(kind: str, attributes: Attributes, shown: str) -> tuple[RawKind, str]:
    if kind in _NUMBERS:
        found, number = _number(attributes.get("office:value", ""))
        # Gnumeric leaves it to the style, but shows it as every suite does.
        percent = kind == "percentage" or "%" in shown
        is_number = found is RawKind.NUMBER
        return RawKind.PERCENT if percent and is_number else found, number
    if kind == "string":
        return RawKind.TEXT, attributes.get("office:string-value", shown) or shown
    if kind == "boolean":
        stored = attributes.get("office:boolean-value", "")
        value = _BOOLEANS.get(stored)
        return (RawKind.BOOLEAN, value) if value else (RawKind.ERROR, stored)
    if kind == "date":
        return _date(attributes.get("office:date-value", ""))
    if kind == "time":
        return _time(attributes.get("office:time-value", ""))
    raise UnreadableFile("damaged", f"a value of type {kind[:20]!r}")


def _number(stored: str) -> tuple[RawKind, str]:
    if _DECIMAL.fullmatch(stored) and isfinite(float(stored)):
        return RawKind.NUMBER, stored
    return RawKind.ERROR, stored


def _date(stored: str) -> tuple[RawKind, str]:
    """A day, perhaps with its time, as the serial number an .xlsx would hold."""
    try:
        moment = datetime.datetime.fromisoformat(stored)
        return RawKind.DATE, exact((moment - _DAY_0) / datetime.timedelta(days=1))
    except (ValueError, TypeError):
        return RawKind.ERROR, stored


def _time(stored: str) -> tuple[RawKind, str]:
    """A span such as ``PT12H30M00S`` as a share of a day."""
    match = _TIME.fullmatch(stored)
    if match is None or len(stored) > 40:
        return RawKind.ERROR, stored
    days, hours, minutes, seconds = (
        float((part or "0").replace(",", ".")) for part in match.groups()[1:]
    )
    share = days + hours / 24 + minutes / 1440 + seconds / 86_400
    return RawKind.DATE, exact(-share if match[1] else share)
