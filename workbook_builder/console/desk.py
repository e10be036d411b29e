"""The only module that knows xlwings: the open console, read and filled in.

The open-source part of xlwings is enough, on Windows and on macOS. Nothing here
decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import xlwings as xw

from workbook_builder.console.operations import Operation, read
from workbook_builder.console.places import (
    ANSWER,
    BLANKS,
    CATALOGUE,
    DESK,
    FIRST_BLANK,
    FOLDER,
    FORM,
    GRIDS,
    HEAD_ROW,
    KEPT,
    MESSAGE,
    PROGRESS,
    RESULTS_GRID,
    SETTINGS,
    STATUS,
    SUMMARY,
    VERSION,
    ColumnKind,
    Grid,
    fingerprint,
)
from workbook_builder.console.rows import ConsoleRow, RowContent
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.layout import Place
from workbook_builder.workbook.stored import as_double

_Book = xw.Book


def caller() -> _Book:
    """The workbook whose button was pressed."""
    return _Book.caller()


def opened(path: Path) -> _Book:
    """The workbook, opened in Excel where it is not open yet.

    Raises CampaignError where there is no Excel to open it.
    """
    try:
        return _Book(path)
    except Exception as error:  # each system has its own kind
        raise CampaignError(
            f"无法打开 Excel（{error}）。控制台要在装有 Excel 的 Windows 或 macOS 上用；"
            "别的电脑请用命令行，做的是同样的事。",
            f"Excel cannot be opened ({error}). Use the command line instead.",
        ) from None


class Desk:
    """An open console. Raises CampaignError where it is none, or an older one."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        names = {sheet.name for sheet in book.sheets}
        grids = (grid.sheet for grid in (*GRIDS, RESULTS_GRID))
        wanted = (DESK, FORM, *grids, CATALOGUE, SETTINGS)
        missing = [name for name in wanted if name not in names]
        if missing:
            raise CampaignError(
                f"控制台缺少工作表：{'、'.join(missing)}。"
                "请重新运行 workbook-builder console 生成控制台。",
                f"The console lacks sheets: {', '.join(missing)}. Write it again.",
            )
        if self.said(VERSION) != fingerprint():
            raise CampaignError(
                "这份控制台是另一个版本的程序生成的。"
                "请重新运行 workbook-builder console 生成控制台。",
                "This console was written by another version. Write it again.",
            )

    def said(self, place: Place) -> str:
        """What stands in a cell, as text; a number without its idle decimals."""
        return _text(self._range(place).value)

    @property
    def is_form(self) -> bool:
        """Whether the button on 操作 was pressed."""
        return bool(self._book.sheets.active.name == FORM)

    def say(self, text: str) -> None:
        """The answer to the clerk; whatever was going on is over."""
        self._write(ANSWER if self.is_form else MESSAGE, text)
        self._write(PROGRESS, "")

    def operations(self) -> list[Operation]:
        """What can be chosen on 操作."""
        sheet = self._book.sheets[CATALOGUE]
        last = int(sheet.used_range.last_cell.row)
        rows = sheet.range((1, KEPT + 1), (last, KEPT + 1)).options(ndim=2).value
        return [read(str(row[0])) for row in rows]

    def filled_in(self) -> list[str]:
        """What stands in the blanks of 操作."""
        return [_text(row[0]) for row in self._blanks().options(ndim=2).value]

    def empty_blanks(self) -> None:
        self._blanks().clear_contents()

    def _blanks(self) -> xw.Range:
        row, column = FIRST_BLANK.row + 1, FIRST_BLANK.column + 1
        return self._book.sheets[FORM].range((row, column), (row + BLANKS - 1, column))

    def progress(self, what: str, done: int, of: int) -> None:
        """How far a stage is, at most a hundred times."""
        if done == of or done * 100 // of > (done - 1) * 100 // of:
            self._write(PROGRESS, f"{what}：{done} / {of}")

    def show_summary(self, formula: str) -> None:
        """The link to the summary."""
        self._range(SUMMARY).formula = formula

    def folder(self) -> Path:
        """The campaign folder: the setting, from where the console is."""
        said = self.said(FOLDER).strip('"')  # Windows copies paths in quotes
        if _ADDRESS in said:
            raise _in_the_cloud()
        setting = Path(said)
        if setting.is_absolute():
            return setting
        try:
            name = self._book.fullname
        except Exception:
            # For an address it looks for the copy on this computer; where it finds
            # none, it raises one thing or another.
            raise _in_the_cloud() from None
        if _ADDRESS in name:
            raise _in_the_cloud()
        return Path(name).absolute().parent / setting

    def fill(self, grid: Grid, status: str, rows: Iterable[ConsoleRow]) -> int:
        """Puts a list in place of the one before; the number of its rows."""
        sheet, width = self._book.sheets[grid.sheet], len(grid.columns)
        entries = list(rows)
        before = self._last(grid)
        if before > HEAD_ROW:
            old = sheet.range((HEAD_ROW + 2, 1), (before + 1, width))
            old.clear_contents()
        self.label(grid, status)
        if entries:
            for kind, first, last in _runs(grid):
                block = sheet.range(
                    (HEAD_ROW + 2, first + 1), (HEAD_ROW + 1 + len(entries), last + 1)
                )
                _put(block, kind, [row[first : last + 1] for row in entries])
            rows_filled = (HEAD_ROW + 2, 1), (HEAD_ROW + 1 + len(entries), width)
            sheet.range(*rows_filled).rows.autofit()
        return len(entries)

    def label(self, grid: Grid, status: str) -> None:
        """The line over a list: what it shows."""
        self._write(Place(grid.sheet, *STATUS), status)

    def entries(self, grid: Grid) -> list[list[str]]:
        """What stands in a list now, as text."""
        last = self._last(grid)
        if last <= HEAD_ROW:
            return []
        sheet, width = self._book.sheets[grid.sheet], len(grid.columns)
        block = sheet.range((HEAD_ROW + 2, 1), (last + 1, width))
        rows = block.options(ndim=2).value
        return [[_text(value) for value in row] for row in rows]

    def mark(self, grid: Grid, head: str, marks: Sequence[str]) -> None:
        """One text column of a list, from its first entry."""
        column = grid.column(head) + 1
        sheet = self._book.sheets[grid.sheet]
        block = sheet.range((HEAD_ROW + 2, column), (HEAD_ROW + 1 + len(marks), column))
        _put(block, ColumnKind.TEXT, [(mark,) for mark in marks])

    def go(self, grid: Grid, index: int) -> None:
        """Shows an entry of a list."""
        sheet = self._book.sheets[grid.sheet]
        sheet.activate()
        row = HEAD_ROW + 2 + index
        sheet.range((row, 1), (row, len(grid.columns))).select()

    def _last(self, grid: Grid) -> int:
        """Last row in use on a sheet, from 0."""
        return int(self._book.sheets[grid.sheet].used_range.last_cell.row) - 1

    def _range(self, place: Place) -> xw.Range:
        return self._book.sheets[place.sheet].range((place.row + 1, place.column + 1))

    def _write(self, place: Place, text: str) -> None:
        _put(self._range(place), ColumnKind.TEXT, [(text,)])


#: OneDrive and SharePoint make Excel call a workbook by an address of the web.
_ADDRESS = "://"


def _in_the_cloud() -> CampaignError:
    return CampaignError(
        "控制台在网盘上，找不到本机的任务文件夹。"
        "请在“任务文件夹”里填上它在本机的位置，如 D:\\2025年报。",
        "The console is in the cloud; fill in the folder of the campaign.",
    )


def alert(book: _Book, text: str) -> None:
    """Says something where there is no sheet to say it in."""
    book.app.alert(text, DESK)


def _runs(grid: Grid) -> Iterator[tuple[ColumnKind, int, int]]:
    """Neighbouring columns of one kind: (kind, first, last)."""
    columns = groupby(enumerate(grid.columns), lambda pair: pair[1].kind)
    for kind, pairs in columns:
        indices = [index for index, _ in pairs]
        yield kind, indices[0], indices[-1]


def _put(block: xw.Range, kind: ColumnKind, rows: Sequence[ConsoleRow]) -> None:
    """Writes cells. Text is made text first: no name or reason becomes a formula."""
    values = [[_plain(content) for content in row] for row in rows]
    if kind is ColumnKind.LINK:
        block.formula = values
        return
    if kind is ColumnKind.TEXT:
        block.number_format = "@"
    block.value = values


def _plain(content: RowContent) -> str | float | None:
    return as_double(content) if isinstance(content, int | Decimal) else content


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):  # Excel makes a date of 2026-02-10
        return value.date().isoformat()
    return str(value).strip()
