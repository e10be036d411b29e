"""A document as lines of items from left to right, whatever it was made of.

A paragraph is a line of one item, and so is a row of a table that is one wide cell: in
PDF files the two are the same. Headings, labels and figures are then looked for in one
way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook_builder.model.document import (
    Document,
    Passage,
    Precision,
    PrintedCell,
    PrintedTable,
    Region,
)

PAPER, TYPED, NOWHERE = 0, -1, -2
"""Frames that tables share: places on paper, and columns counted by separators."""


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """A cell or paragraph. ``left`` and ``right`` can be compared within a ``frame``."""

    text: str
    frame: int
    left: float
    right: float
    where: str
    region: Region | None = None
    second: str | None = None

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def overlap(self, other: PrintedItem) -> float:
        """How much of the narrower one is under the other, from 0 to 1."""
        shared = min(self.right, other.right) - max(self.left, other.left)
        narrower = min(self.right - self.left, other.right - other.left)
        return max(shared, 0) / narrower if narrower > 0 else 0


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """``table`` is the number of the table it is a row of, from 1, or 0."""

    items: tuple[PrintedItem, ...]
    table: int = 0

    @property
    def alone(self) -> str | None:
        """The text of the line if there is only one in it."""
        said = [item.text for item in self.items if item.text]
        return said[0] if len(said) == 1 else None


def lines(document: Document) -> tuple[PrintedLine, ...]:
    """All lines in order."""
    return tuple(_lines(document))


def _lines(document: Document) -> Iterator[PrintedLine]:
    tables, typed = 0, document.precision is Precision.TYPED
    for number, block in enumerate(document.blocks, 1):
        if isinstance(block, Passage):
            where = _page(block.region) or f"第{number}段"
            yield PrintedLine(
                (PrintedItem(block.text, NOWHERE, 0, 0, where, block.region),)
            )
        else:
            tables += 1
            yield from _rows(block, tables, TYPED if typed else tables)


def _rows(table: PrintedTable, number: int, frame: int) -> Iterator[PrintedLine]:
    for row, cells in enumerate(table.lines, 1):
        yield PrintedLine(
            tuple(_item(cell, number, frame, row) for cell in cells), number
        )


def _item(cell: PrintedCell, table: int, frame: int, row: int) -> PrintedItem:
    region = cell.region
    left: float = cell.column
    right: float = cell.column + cell.columns
    if region is not None:
        left, right, frame = region.box[0], region.box[2], PAPER
    where = f"{_page(region)}第{table}个表第{row}行第{cell.column + 1}列"
    return PrintedItem(cell.text, frame, left, right, where, region, cell.second)


def _page(region: Region | None) -> str:
    return "" if region is None else f"第{region.page}页"
