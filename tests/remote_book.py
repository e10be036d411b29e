"""The place of Excel for xlwings' remote engine.

With that engine xlwings gets a book as JSON, as Excel's own scripts send it, and gives
back what is to be done in Excel. Here a workbook becomes such a book, and what is to be
done is done to the workbook, by the rules of Excel that matter: text that begins with =
becomes a formula, text that looks like a number becomes one, unless the cell is text.
An action that nobody has thought of raises.
"""

from __future__ import annotations

import contextlib
import io
import json
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from workbook_builder.console.places import NAME
from workbook_builder.workbook.sheets.fit import height


@dataclass
class Excel:
    """One open workbook: what Python sees of it, and what Python does to it."""

    data: bytes
    book: Workbook = field(init=False)
    active: str = ""
    """The sheet whose button is pressed; the first where none is named."""
    shown: str = ""
    """Sheet and address that are selected after a run."""
    alerts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(self.data), keep_vba=True)

    def put(self, sheet: str, address: str, value: object) -> None:
        """Types into a cell."""
        self.book[sheet][address].value = value

    def as_remote(self) -> xw.Book:
        """The book as it is sent to Python: values as computed, formulas unseen."""
        return xw.Book(
            json={
                "client": "Microsoft Office Scripts",
                "version": xw.__version__,
                "book": {
                    "name": f"{NAME}.xlsm",
                    "active_sheet_index": self.book.sheetnames.index(self.active)
                    if self.active
                    else 0,
                    "selection": "A1",
                },
                "names": [],
                "sheets": [
                    {
                        "name": sheet.title,
                        "values": [
                            ["" if c.value is None else c.value for c in row]
                            for row in sheet.iter_rows()
                        ],
                        "tables": [],
                        "pictures": [],
                    }
                    for sheet in self.book.worksheets
                ],
            }
        )

    def apply(self, remote: xw.Book) -> None:
        """Does what Python wants done; it must survive the way as JSON."""
        for action in json.loads(json.dumps(remote.json()))["actions"]:
            getattr(self, f"_{action['func']}")(action)

    def saved(self) -> bytes:
        """The workbook as it is now, without its macros."""
        self.book.vba_archive = None
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()

    def _cells(self, action: dict[str, Any]) -> list[list[Any]]:
        """The cells of a range; a new one looks like its column."""
        sheet = self.book.worksheets[action["sheet_position"]]
        top, left = action["start_row"] + 1, action["start_column"] + 1
        rows = range(top, top + action["row_count"])
        columns = range(left, left + action["column_count"])
        return [[_cell(sheet, row, column) for column in columns] for row in rows]

    def _setValues(self, action: dict[str, Any]) -> None:  # noqa: N802  # xlwings' name
        cells, values = self._cells(action), action["values"]
        assert [len(row) for row in values] == [len(row) for row in cells]
        for row, contents in zip(cells, values, strict=True):
            for cell, value in zip(row, contents, strict=True):
                _enter(cell, value)

    def _setFormula(self, action: dict[str, Any]) -> None:  # noqa: N802
        self._setValues(action)

    def _setNumberFormat(self, action: dict[str, Any]) -> None:  # noqa: N802
        for row in self._cells(action):
            for cell in row:
                cell.number_format = action["args"][0]

    def _rangeClearContents(self, action: dict[str, Any]) -> None:  # noqa: N802
        for row in self._cells(action):
            for cell in row:
                cell.value = None

    def _activateSheet(self, action: dict[str, Any]) -> None:  # noqa: N802
        self.shown = self.book.worksheets[action["args"][0]].title

    def _rangeSelect(self, action: dict[str, Any]) -> None:  # noqa: N802
        sheet = self.book.worksheets[action["sheet_position"]].title
        assert sheet == self.shown, "Excel selects on the active sheet only"
        self.shown = f"{sheet}!{self._cells(action)[0][0].coordinate}"

    def _setAutofit(self, action: dict[str, Any]) -> None:  # noqa: N802
        """Rows as high as their texts; about what Excel would make of them."""
        assert action["args"] == ["rows"]
        for row in self._cells(action):
            sheet = row[0].parent
            sheet.row_dimensions[row[0].row].height = max(
                height(str(cell.value or ""), _dimension(sheet, cell.column).width, 13)
                for cell in row
                if cell.alignment.wrap_text
            )

    def _alert(self, action: dict[str, Any]) -> None:
        self.alerts.append(action["args"][0])


def _cell(sheet: Worksheet, row: int, column: int) -> Any:
    cell: Any = sheet.cell(row, column)
    if not cell.has_style:
        cell._style = copy(_dimension(sheet, column)._style)
    return cell


def _dimension(sheet: Worksheet, column: int) -> Any:
    """Width and style of a column; openpyxl keeps neighbours of a kind as one."""
    dimensions: Any = sheet.column_dimensions.values()
    return next(each for each in dimensions if each.min <= column <= each.max)


def _enter(cell: Any, value: object) -> None:
    """A value as Excel takes it from a program."""
    text = cell.number_format == "@"
    if isinstance(value, str) and not text and not value.startswith("="):
        with contextlib.suppress(ValueError):
            value = float(value)
    cell.value = value if value != "" else None
    if text and isinstance(value, str) and value:
        cell.data_type = "s"  # openpyxl would take a leading = for a formula
