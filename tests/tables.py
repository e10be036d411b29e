"""Printed tables read back by their labels, from whatever document they stand in.

Nothing here knows where a figure is supposed to be: a figure's name is what is printed
beside it and above it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import docx
import lxml.html

from workbook_builder.model.form import Form

Grid = list[list[str]]
Labels = tuple[tuple[str, ...], tuple[str, ...]]
"""What is printed beside a figure and above it, outermost first."""

FIGURE = re.compile(r"-?\d+(\.\d+)?")


def by_labels(grids: Sequence[Grid]) -> dict[Labels, Decimal]:
    """Every figure of these tables; no two may have the same labels."""
    found: dict[Labels, Decimal] = {}
    for grid in grids:
        for labels, figure in _figures(grid):
            assert found.setdefault(labels, figure) == figure, labels
    return found


def labels_of(form: Form) -> dict[Labels, str]:
    """The labels of every cell of the form → its id."""
    return {(c.row_labels, c.column_labels): c.id for c in form.cells.values()}


def _figures(grid: Grid) -> Iterator[tuple[Labels, Decimal]]:
    for row, line in enumerate(grid):
        for column, text in enumerate(line):
            if FIGURE.fullmatch(text):
                yield (_beside(line, column), _above(grid, row, column)), Decimal(text)


def _beside(line: Sequence[str], column: int) -> tuple[str, ...]:
    texts = (t for t in line[:column] if not FIGURE.fullmatch(t))
    return tuple(dict.fromkeys(texts))


def _above(grid: Grid, row: int, column: int) -> tuple[str, ...]:
    """Upwards past the figures, then the labels as far as they go, without bands."""
    while row >= 0 and any(FIGURE.fullmatch(text) for text in grid[row]):
        row -= 1
    found: list[str] = []
    while row >= 0 and not any(FIGURE.fullmatch(text) for text in grid[row]):
        if len(set(grid[row])) > 1:
            found.append(grid[row][column])
        row -= 1
    return tuple(dict.fromkeys(reversed(found)))


# ---------------------------------------------------------------- documents


def word_grids(data: bytes) -> list[Grid]:
    """The tables of a Word document; a merged cell says its text everywhere."""
    document = docx.Document(io.BytesIO(data))
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in document.tables
    ]


def word_text(data: bytes) -> list[str]:
    """The paragraphs outside tables."""
    document = docx.Document(io.BytesIO(data))
    return [paragraph.text for paragraph in document.paragraphs]


def web(data: bytes) -> Any:
    """The page as a tree."""
    return lxml.html.document_fromstring(data.decode("utf-8"))


def web_grids(data: bytes) -> list[Grid]:
    """The tables of a page with rowspan and colspan laid out."""
    return [_laid_out(table) for table in web(data).iter("table")]


def _laid_out(table: Any) -> Grid:
    cells: dict[tuple[int, int], str] = {}
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line.iterchildren("td", "th"):
            while (row, column) in cells:
                column += 1
            down, across = (int(cell.get(n, "1")) for n in ("rowspan", "colspan"))
            for r in range(row, row + down):
                for c in range(column, column + across):
                    cells[r, c] = cell.text_content().strip()
            column += across
    rows, columns = (max(at) + 1 for at in zip(*cells, strict=True))
    return [[cells[row, column] for column in range(columns)] for row in range(rows)]


def web_headers(data: bytes) -> Iterator[tuple[tuple[str, ...], str]]:
    """For each figure of a page the texts of the headers it names, and the figure."""
    page = web(data)
    heads = {each.get("id"): each.text_content() for each in page.iter("th")}
    for cell in page.iter("td"):
        yield (
            tuple(heads[id_] for id_ in cell.get("headers").split()),
            cell.text_content(),
        )
