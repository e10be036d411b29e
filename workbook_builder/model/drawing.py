"""An official table as it is printed: labels with their spans, and where figures stand.

The workbook, 汇总.xlsx, the Word report and the web page all draw the same table; what
they share is computed here, once, from the definition. Rows and columns count from 0
at the upper left corner of the printed table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from workbook_builder.model.form import Block, Row, Table

#: Fill of the bands (“第二十条第（一）项”), as in the annex of the notice.
BAND_SHADE = "C6D9F1"


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label. ``role`` is band, head, stub or vertical (a tall first stub)."""

    row: int
    column: int
    text: str
    role: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a cell of the form is printed, and over how many columns."""

    row: int
    column: int
    columns: int = 1


@dataclass(frozen=True)
class Drawing:
    """A table drawn. ``figures`` is by cell id.

    ``head`` is the first and the last row of the first head; ``blocks`` are the first
    and the last row of each block, its band and head included.
    """

    rows: int
    columns: int
    labels: tuple[Label, ...]
    figures: Mapping[str, Figure]
    head: tuple[int, int]
    blocks: tuple[tuple[int, int], ...]

    def labels_of(self, figure: Figure) -> tuple[Label, ...]:
        """The labels a figure stands under and beside, as far as its own block goes.

        Heads come first, the outermost before the innermost, then what is beside.
        """
        first = next(first for first, last in self.blocks if figure.row <= last)
        above = [
            label
            for label in self.labels
            if label.row in range(first, figure.row)
            and label.role in {"band", "head"}
            and label.column <= figure.column < label.column + label.columns
        ]
        beside = [
            label
            for label in self.labels
            if label.role in {"stub", "vertical"}
            and label.row <= figure.row < label.row + label.rows
        ]
        return (*above, *beside)


@dataclass(slots=True)
class _Pen:
    """A table being drawn."""

    table: Table
    figures: dict[str, Figure] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)


@cache
def draw(table: Table) -> Drawing:
    """The printed table."""
    pen = _Pen(table)
    row = 0
    heads: list[int] = []
    blocks: list[tuple[int, int]] = []
    for block in table.blocks:
        first = row
        if block.band:
            pen.labels.append(Label(row, 0, block.band, "band", 1, len(table.widths)))
            row += 1
        paths = _column_paths(table, block)
        depth = max(len(labels) for labels, _ in paths)
        if table.stub_columns:
            pen.labels.append(
                Label(row, 0, block.head, "head", depth, table.stub_columns)
            )
        _draw_heads(pen, paths, row, depth)
        row += depth
        heads.append(row - 1)
        row = _draw_body(pen, block, row)
        blocks.append((first, row - 1))
    return Drawing(
        row,
        len(table.widths),
        tuple(pen.labels),
        pen.figures,
        (0, heads[0]),
        tuple(blocks),
    )


def _column_paths(table: Table, block: Block) -> list[tuple[tuple[str, ...], int]]:
    """(printed label path, span) of each column of figures, from left to right."""
    columns = [(column.labels, column.span) for column in block.columns]
    if not table.side_by_side:
        return columns
    return [
        (row.labels + labels, span) for row in block.rows for labels, span in columns
    ]


def _draw_heads(
    pen: _Pen, paths: list[tuple[tuple[str, ...], int]], top: int, depth: int
) -> None:
    """A label spans the columns that share it; the innermost spans down."""
    starts = [pen.table.stub_columns]
    for _, span in paths:
        starts.append(starts[-1] + span)
    labels = [labels for labels, _ in paths]
    for level in range(depth):
        for first, last in _runs(labels, level):
            innermost = level == len(labels[first]) - 1
            pen.labels.append(
                Label(
                    top + level,
                    starts[first],
                    labels[first][level],
                    "head",
                    depth - level if innermost else 1,
                    starts[last + 1] - starts[first],
                )
            )


def _runs(paths: Sequence[tuple[str, ...]], level: int) -> Iterator[tuple[int, int]]:
    """(first, last) of neighbours with the same path down to this level."""
    start = 0
    while start < len(paths):
        end = start
        path = paths[start][: level + 1]
        # An innermost label belongs to one line or column even if the next has
        # the same words.
        if len(path) <= level:
            start += 1
            continue
        while (
            end + 1 < len(paths)
            and paths[end + 1][: level + 1] == path
            and len(paths[start]) > level + 1
        ):
            end += 1
        yield start, end
        start = end + 1


def _draw_body(pen: _Pen, block: Block, top: int) -> int:
    table = pen.table
    if table.side_by_side:
        column = table.stub_columns
        for row in block.rows:
            column = _draw_line(pen, block, row, top, column)
        return top + 1
    _draw_stub(pen, block.rows, top)
    for index, row in enumerate(block.rows):
        _draw_line(pen, block, row, top + index, table.stub_columns)
    return top + len(block.rows)


def _draw_line(pen: _Pen, block: Block, row: Row, line: int, column: int) -> int:
    for each in block.columns:
        id_ = f"{pen.table.id}.{row.id}.{each.id}"
        pen.figures[id_] = Figure(line, column, each.span)
        column += each.span
    return column


def _draw_stub(pen: _Pen, rows: Sequence[Row], top: int) -> None:
    """Row labels: shared ones span down, the innermost spans to the figures."""
    paths = [row.labels for row in rows]
    width = pen.table.stub_columns
    for level in range(width):
        for first, last in _runs(paths, level):
            innermost = level == len(paths[first]) - 1
            pen.labels.append(
                Label(
                    top + first,
                    level,
                    paths[first][level],
                    "vertical" if level == 0 and last > first else "stub",
                    last - first + 1,
                    width - level if innermost else 1,
                )
            )
