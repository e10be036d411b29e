"""Puts a document together while a reader walks through it.

Readers say what begins and ends; spans, tables within tables and tables that are only
there for the look of a page are dealt with here, alike for every format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbook_builder.documents.budget import DocumentBudget
from workbook_builder.model.document import (
    DocumentBlock,
    Passage,
    PrintedCell,
    PrintedTable,
)
from workbook_builder.model.errors import UnreadableFile

_SPACE = re.compile(r"[ \t\xa0\u2002-\u200b\ufeff]+")


@dataclass(slots=True)
class _Flow:
    """Text that runs on: the document itself, or what is in a cell."""

    blocks: list[DocumentBlock] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    rows: int
    columns: int
    flow: _Flow = field(default_factory=_Flow)


@dataclass(slots=True)
class _Table:
    """``taken`` is, for each column, the row from which on it is free again;
    ``lowest`` the last cell that begins in it."""

    row: int = -1
    column: int = 0
    cells: list[_Cell] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    lowest: dict[int, _Cell] = field(default_factory=dict)
    open: _Cell | None = None


class Builder:
    """Collects blocks; a paragraph is closed by :meth:`end_paragraph`."""

    def __init__(self, budget: DocumentBudget) -> None:
        self._budget = budget
        self._root = _Flow()
        self._tables: list[_Table] = []

    def write(self, text: str) -> None:
        self._budget.spend_characters(len(text))
        self._flow().open.append(text)

    def end_paragraph(self) -> None:
        flow = self._flow()
        text = tidy("".join(flow.open))
        flow.open.clear()
        if text:
            flow.blocks.append(Passage(text))

    def begin_table(self) -> None:
        self.end_paragraph()
        if len(self._tables) >= self._budget.limits.nesting:
            raise UnreadableFile("bomb", "tables nested too deep")
        self._tables.append(_Table())

    def begin_row(self) -> None:
        table = self._tables[-1]
        table.row += 1
        table.column = 0

    def skip_columns(self, count: int) -> None:
        """Places of the grid that are left out, or covered by a cell to the left."""
        self._tables[-1].column += self._bounded(count)

    def begin_cell(self, columns: int = 1, rows: int = 1) -> None:
        """A cell at the next place that no cell from above reaches down to."""
        self._budget.spend_cell()
        table = self._tables[-1]
        while table.taken.get(table.column, 0) > table.row:
            table.column += 1
        cell = _Cell(table.row, table.column, max(rows, 1), self._bounded(columns))
        for column in range(cell.column, cell.column + cell.columns):
            if cell.rows > 1:
                table.taken[column] = cell.row + cell.rows
        table.column += cell.columns
        table.cells.append(cell)
        table.lowest[cell.column] = table.open = cell

    def lengthen(self, columns: int = 1) -> None:
        """The next place continues the cell above it."""
        table = self._tables[-1]
        above = table.lowest.get(table.column)
        if above is None:
            self.begin_cell(columns)
            self.end_cell()
            return
        above.rows = table.row - above.row + 1
        table.column += self._bounded(columns)

    def end_cell(self) -> None:
        self.end_paragraph()
        self._tables[-1].open = None

    def end_table(self) -> None:
        table = self._tables.pop()
        self._flow().blocks.extend(_blocks(table))

    def blocks(self) -> tuple[DocumentBlock, ...]:
        """All there is; what a reader left open is closed."""
        while self._tables:
            self.end_paragraph()
            self.end_table()
        self.end_paragraph()
        return tuple(self._root.blocks)

    def _flow(self) -> _Flow:
        for table in reversed(self._tables):
            if table.open is not None:
                return table.open.flow
        return self._root

    def _bounded(self, columns: int) -> int:
        return min(max(columns, 1), self._budget.limits.span)


def tidy(text: str) -> str:
    """Without spaces at the ends of lines, and runs of them as one."""
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip("\n")


def _blocks(table: _Table) -> list[DocumentBlock]:
    """The table, or what is in it where it only arranges other tables on a page."""
    if any(_holds_table(cell) for cell in table.cells):
        return [block for cell in table.cells for block in cell.flow.blocks]
    last = table.row
    cells = tuple(_printed(cell, last) for cell in table.cells)
    return [PrintedTable(cells)] if cells else []


def _holds_table(cell: _Cell) -> bool:
    return any(isinstance(block, PrintedTable) for block in cell.flow.blocks)


def _printed(cell: _Cell, last: int) -> PrintedCell:
    texts = [block.text for block in cell.flow.blocks if isinstance(block, Passage)]
    rows = min(cell.rows, last - cell.row + 1)
    return PrintedCell(cell.row, cell.column, "\n".join(texts), rows, cell.columns)
