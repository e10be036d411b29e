"""The layout of a form: computed from the definition, the same every time.

A change here moves cells of workbooks that are already in the post. The golden
file of the layout fails a test when that happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from workbook_builder.model.form import Block, Form, Row, Severity, Table
from workbook_builder.model.layout import Box, Layout, Place
from workbook_builder.model.stamp import STAMP_KEYS

GUIDE, TEXTS, AUDIT, SIGN = "填报说明", "文字部分", "审核", "签章"
#: Very hidden: what the reader looks up, and what only the formulas need.
HIDDEN, HELPERS = "_form", "_calc"

#: Rows above the printed head of a table: title, unit and year, zero declaration.
TABLE_TOP = 3
META_ROW, DECLARATION_ROW = 1, 2
AUDIT_TOP = 4
TEXTS_TOP = 3
SIGN_TOP = 3

#: Columns of the 审核 sheet.
CODE, SEVERITY, WORDS, LEFT, RIGHT, GAP, STATE, LINK, EXPLANATION = range(9)

AUDIT_HEADS = (
    "代码", "级别", "审核内容", "填报数", "应为（对照数）", "差额", "状态", "定位", "说明",
)  # fmt: skip
#: Heads of the texts: what is in the columns beside them.
TEXT_HEADS = {0: "正文", 2: "字数", 3: "这里写什么"}

#: Columns of the hidden sheets.
STAMP_COLUMN, LAST_YEAR_COLUMN = 0, 3
TARGET_COLUMN, PHRASE_COLUMN, REASON_COLUMN, STATE_COLUMN, ROW_COLUMN = 2, 3, 4, 5, 6
HELPER_COLUMN = 7


@dataclass(slots=True)
class _Drawing:
    """A table being laid out."""

    table: Table
    cells: dict[str, Place] = field(default_factory=dict)
    spans: dict[str, int] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)
    head: tuple[int, int] = (0, 0)

    def box(
        self, row: int, column: int, text: str, role: str, rows: int, columns: int
    ) -> None:
        place = Place(self.table.sheet, row, column)
        self.boxes.append(Box(place, text, role, rows, columns))


@cache
def place(form: Form) -> Layout:
    """Where everything of the form stands."""
    drawings = [_draw(table) for table in form.tables]
    texts, fields = _place_texts(form)
    phrases = Place(HELPERS, 0, PHRASE_COLUMN)
    return Layout(
        cells={id_: d.cells[id_] for d in drawings for id_ in d.cells},
        spans={id_: span for d in drawings for id_, span in d.spans.items()},
        declarations={
            table.id: Place(table.sheet, DECLARATION_ROW, len(table.widths) - 1)
            for table in form.tables
        },
        texts=texts,
        fields=fields,
        lines={
            line.key: Place(AUDIT, AUDIT_TOP + index, 0)
            for index, (_, line) in enumerate(form.lines)
        },
        explanations={
            line.key: Place(AUDIT, AUDIT_TOP + index, EXPLANATION)
            for index, (check, line) in enumerate(form.lines)
            if check.severity is not Severity.ERROR
        },
        last_year={
            id_: Place(HIDDEN, index, LAST_YEAR_COLUMN + 1)
            for index, id_ in enumerate(form.used_last_year)
        },
        stamp={
            key: Place(HIDDEN, index, STAMP_COLUMN + 1)
            for index, key in enumerate(STAMP_KEYS)
        },
        helpers={
            cell.id: Place(HELPERS, index, HELPER_COLUMN)
            for index, cell in enumerate(form.inputs)
        },
        phrases=phrases,
        headings=dict(_headings(form, texts, fields)),
        boxes=tuple(box for drawing in drawings for box in drawing.boxes),
        heads={drawing.table.id: drawing.head for drawing in drawings},
    )


def _place_texts(form: Form) -> tuple[dict[str, Place], dict[str, Place]]:
    """Preamble fields, then the narrative; signature fields on their own sheet."""
    preamble = [f.id for f in form.fields if f.group == "preamble"]
    fields = {
        id_: Place(TEXTS, TEXTS_TOP + index, 1) for index, id_ in enumerate(preamble)
    }
    signature = [f.id for f in form.fields if f.group == "signature"]
    fields |= {
        id_: Place(SIGN, SIGN_TOP + index, 1) for index, id_ in enumerate(signature)
    }
    top = TEXTS_TOP + len(preamble) + 1  # one heading row between
    texts = {
        text.id: Place(TEXTS, top + index, 1)
        for index, text in enumerate(form.narratives)
    }
    return texts, fields


def _headings(
    form: Form, texts: Mapping[str, Place], fields: Mapping[str, Place]
) -> Iterator[tuple[Place, str]]:
    for each in form.fields:
        spot = fields[each.id]
        yield Place(spot.sheet, spot.row, 0), each.title
    above = min(spot.row for spot in texts.values()) - 1
    for column, head in TEXT_HEADS.items():
        yield Place(TEXTS, above, column), head
    for text in form.narratives:
        yield Place(TEXTS, texts[text.id].row, 0), text.label
    for column, head in enumerate(AUDIT_HEADS):
        yield Place(AUDIT, AUDIT_TOP - 1, column), head
    for index, (check, line) in enumerate(form.lines):
        yield Place(AUDIT, AUDIT_TOP + index, WORDS), check.words(line)


def _draw(table: Table) -> _Drawing:
    drawing = _Drawing(table)
    drawing.box(0, 0, table.title, "title", 1, len(table.widths))
    row = TABLE_TOP
    for block in table.blocks:
        if block.band:
            drawing.box(row, 0, block.band, "band", 1, len(table.widths))
            row += 1
        paths = _column_paths(table, block)
        depth = max(len(labels) for labels, _ in paths)
        if table.stub_columns:
            drawing.box(row, 0, block.head, "head", depth, table.stub_columns)
        _draw_heads(drawing, paths, row, depth)
        if drawing.head == (0, 0):
            drawing.head = (TABLE_TOP, row + depth - 1)
        row += depth
        row = _draw_body(drawing, block, row)
    return drawing


def _column_paths(table: Table, block: Block) -> list[tuple[tuple[str, ...], int]]:
    """(printed label path, span) of each column of figures, from left to right."""
    columns = [(column.labels, column.span) for column in block.columns]
    if not table.side_by_side:
        return columns
    return [
        (row.labels + labels, span) for row in block.rows for labels, span in columns
    ]


def _draw_heads(
    drawing: _Drawing, paths: list[tuple[tuple[str, ...], int]], top: int, depth: int
) -> None:
    """A label spans the columns that share it; the innermost spans down."""
    starts = [drawing.table.stub_columns]
    for _, span in paths:
        starts.append(starts[-1] + span)
    labels = [labels for labels, _ in paths]
    for level in range(depth):
        for first, last in _runs(labels, level):
            innermost = level == len(labels[first]) - 1
            drawing.box(
                top + level,
                starts[first],
                labels[first][level],
                "head",
                depth - level if innermost else 1,
                starts[last + 1] - starts[first],
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


def _draw_body(drawing: _Drawing, block: Block, top: int) -> int:
    table = drawing.table
    if table.side_by_side:
        column = table.stub_columns
        for row in block.rows:
            column = _draw_line(drawing, block, row, top, column)
        return top + 1
    _draw_stub(drawing, block.rows, top)
    for index, row in enumerate(block.rows):
        _draw_line(drawing, block, row, top + index, table.stub_columns)
    return top + len(block.rows)


def _draw_line(
    drawing: _Drawing, block: Block, row: Row, line: int, column: int
) -> int:
    for each in block.columns:
        id_ = f"{drawing.table.id}.{row.id}.{each.id}"
        drawing.cells[id_] = Place(drawing.table.sheet, line, column)
        if each.span > 1:
            drawing.spans[id_] = each.span
        column += each.span
    return column


def _draw_stub(drawing: _Drawing, rows: Sequence[Row], top: int) -> None:
    """Row labels: shared ones span down, the innermost spans to the figures."""
    paths = [row.labels for row in rows]
    width = drawing.table.stub_columns
    for level in range(width):
        for first, last in _runs(paths, level):
            innermost = level == len(paths[first]) - 1
            drawing.box(
                top + first,
                level,
                paths[first][level],
                "vertical" if level == 0 and last > first else "stub",
                last - first + 1,
                width - level if innermost else 1,
            )
