"""An .ods: ``content.xml`` as a stream, bounded like the parts of an .xlsx.

A sheet comes as runs: “this row, a million times”. Runs of blanks cost nothing, runs of
values are paid for before they are laid out.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from workbook_builder.bounds.limits import MAX_COLUMNS, MAX_ROWS
from workbook_builder.formats.budget import Budget, check_length, check_size
from workbook_builder.formats.conditions import within_any
from workbook_builder.formats.ods_cell import cell_of
from workbook_builder.formats.ods_styles import NamedStyles, OdsStyles
from workbook_builder.formats.xlsx_cell import position
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

_CONTENT, _STYLES = "content.xml", "styles.xml"
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
_STYLE = "table:style-name"
#: Conditional formats, as LibreOffice has them.
_CONDITIONS = {
    *("conditional-formats", "conditional-format", "condition"),
    *("data-bar", "icon-set"),
}
_CORNER = re.compile(r"\.([A-Z]{1,3}[0-9]{1,7})(?=([: ])|\Z)")
_MARKED_UP = {"span", "a", "meta", "ruby", "ruby-base", "bookmark"}
# White space as elements; XML itself cannot hold these characters.
_TAB, _LINE_BREAK = "\0", "\1"
_SPACE = re.compile(r"[\n\t ]+")


def read_ods(package: Package, only: Container[str] | None, budget: Budget) -> RawBook:
    """The book as ``read_grid`` gives it. Raises UnreadableFile."""
    if _CONTENT not in package:
        raise UnreadableFile("damaged", "no content")
    styles = OdsStyles()
    if _STYLES in package:
        named = NamedStyles(budget)
        named.read(package.pieces(_STYLES))
        styles = named.styles
    reader = ContentReader(only, budget, styles)
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

    def __init__(
        self, only: Container[str] | None, budget: Budget, styles: OdsStyles
    ) -> None:
        """``styles`` are those that have names."""
        super().__init__(budget)
        self.tables: list[_Table] = []
        self.styles = styles
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
        self._areas: list[MergedArea] = []

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
        elif name in _CONDITIONS:
            self._note_condition(name, attributes)
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
        if len(self.tables) > self.budget.limits.records:
            raise UnreadableFile("too_large", "too many sheets")
        self.styles.check(self.budget)
        self.budget.check_characters()

    def _start_outside(self, name: str, attributes: Attributes) -> None:
        if self.depth == _TABLE_DEPTH - 1:
            self._style = self.styles.begin(name, attributes)
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

    def _note_condition(self, name: str, attributes: Attributes) -> None:
        """Conditional formats stand behind the rows they are laid over."""
        if name == "conditional-format":
            said = attributes.get("calcext:target-range-address", "")
            self._areas = list(_areas(said))
        hides = attributes.get("calcext:show-value") == "false"
        if hides or self.styles.changes(attributes.get("calcext:apply-style-name", "")):
            for at in within_any(self._table.cells, self._areas, self.budget):
                cell = self._table.cells[at]
                if not cell.unlike:
                    self._table.cells[at] = replace(cell, unlike="condition")

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
            run, style = attributes.get("text:style-name", ""), self._attributes
            self._marked |= self.styles.odd_run(run, style.get(_STYLE, ""))
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
        cell = cell_of(self._attributes, self._paragraphs)
        odd = self.styles.odd(self._attributes.get(_STYLE, ""))
        if cell and (odd or (self._marked and cell.kind is RawKind.TEXT)):
            cell = replace(cell, unlike="runs")
        elif cell and self.styles.doubted(self._attributes.get(_STYLE, "")):
            cell = replace(cell, unlike=cell.unlike or "condition")
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


def _areas(said: str) -> Iterator[MergedArea]:
    """``表三.D7:表三.E9 表三.G1``"""
    first = ""
    for corner, after in _CORNER.findall(said.replace("$", "")):
        if after == ":" and not first:
            first = corner
        else:
            yield position(first or corner), position(corner)
            first = ""


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
