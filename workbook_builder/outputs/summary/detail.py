"""明细: one row for each unit, one column for each cell, and the switch 计入."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from workbook_builder.language.formula import sheet_prefix
from workbook_builder.model.form import Cell
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Unit
from workbook_builder.outputs.summary.parts import (
    COUNTED,
    DETAIL,
    DETAIL_TOP,
    FIRST_FIGURE,
    KNOWN_ROW,
    WIDE,
    clipped,
    detail_range,
    file_link,
    findings_link,
    grid,
    switch,
)
from workbook_builder.workbook.place import place
from workbook_builder.workbook.plan import (
    Area,
    Content,
    FigureBlock,
    Formula,
    Item,
    Sheet,
    Validation,
)

HEADS = (
    "单位代码", "单位名称", "状态", "计入", "问题\n（待处理）", "报送文件", "SHA-256", "版本",
)  # fmt: skip
WIDTHS = (14, 30, 9, 7, 9, 26, 16, 11)
TOTAL_ROW, ADDRESS_ROW, HEAD_ROW = 3, 4, 5
#: Columns that stay in view: code, name, state and switch.
FROZEN = 4


def detail_sheet(summary: Summary) -> Sheet:
    """The figures every other sheet adds up; blanks stay blank."""
    cells = list(summary.form.cells.values())
    last = DETAIL_TOP + max(1, len(summary.units)) - 1
    return Sheet(
        name=DETAIL,
        items=(
            Item(0, 0, "明细：每个单位一行", "heading", columns=FROZEN),
            Item(
                1,
                0,
                "把“计入”改为 0，各表合计立即不含该单位；改回 1 恢复。空格不是 0。",
                "small",
                columns=FROZEN,
            ),
            *_head(summary, cells),
            *(item for unit in summary.units for item in _whose(summary, unit)),
        ),
        blocks=tuple(figure_blocks(cells, _figures(summary, cells))),
        widths=detail_widths(summary),
        heights={1: 32, HEAD_ROW: 78, ADDRESS_ROW: 16},
        validations=(
            Validation(
                Area(DETAIL_TOP, COUNTED, last, COUNTED),
                "list",
                "计入",
                "1 计入汇总，0 不计入。",
                "只能填 1 或 0。",
                choices=("1", "0"),
            ),
        ),
        landscape=True,
        pages_wide=WIDE,
        repeat_rows=(ADDRESS_ROW, HEAD_ROW),
        repeat_columns=(0, 1),
        freeze=(DETAIL_TOP, FROZEN),
        filter=Area(HEAD_ROW, 0, last, FIRST_FIGURE + len(cells) - 1),
        protected=False,
        grid=True,
    )


def figure_blocks(
    cells: Sequence[Cell], rows: Sequence[Sequence[Content]]
) -> Iterator[FigureBlock]:
    """The figures of all units, in blocks of columns that look alike."""
    column = 0
    for style, alike in groupby(cells, grid):
        width = len(list(alike))
        part = [row[column : column + width] for row in rows]
        yield FigureBlock(DETAIL_TOP, FIRST_FIGURE + column, part, f"line_{style}")
        column += width


def column_heads(summary: Summary, cells: Sequence[Cell]) -> Iterator[Item]:
    """Where in the form each column comes from, and its name."""
    layout = place(summary.form)
    for column, cell in enumerate(cells, FIRST_FIGURE):
        spot = layout.cells[cell.id]
        yield Item(ADDRESS_ROW, column, f"{spot.sheet} {spot.address}", "small")
        yield Item(HEAD_ROW, column, cell.name, "head")


def detail_widths(summary: Summary) -> dict[int, float]:
    last = FIRST_FIGURE + len(summary.form.cells)
    return {
        **dict(enumerate(WIDTHS)),
        **dict.fromkeys(range(FIRST_FIGURE, last), 12),
    }


def _figures(summary: Summary, cells: Sequence[Cell]) -> list[list[Content]]:
    rows: list[list[Content]] = []
    for unit in summary.units:
        submission = summary.counted.get(unit.code)
        facts = submission.facts if submission else None
        rows.append([facts[cell.id].number if facts else None for cell in cells])
    return rows


def _head(summary: Summary, cells: Sequence[Cell]) -> Iterator[Item]:
    layout = place(summary.form)
    yield Item(KNOWN_ROW, FIRST_FIGURE - 1, "有数的单位", "line_bold")
    yield Item(TOTAL_ROW, FIRST_FIGURE - 1, "合计", "line_bold")
    for column, head in enumerate(HEADS):
        yield Item(HEAD_ROW, column, head, "head")
    for column, cell in enumerate(cells, FIRST_FIGURE):
        known = sum(
            each.facts[cell.id].number is not None for each in summary.counted.values()
        )
        figures = detail_range(summary, column)
        text = f"=SUMPRODUCT({switch(summary)},ISNUMBER({figures})*1)"
        yield Item(KNOWN_ROW, column, Formula(text, known), "line_count")
        spot = layout.cells[cell.id]
        total: Decimal | str = summary.totals.get(cell.id, "")
        ref = f"={sheet_prefix(spot.sheet)}{spot.address}"
        yield Item(TOTAL_ROW, column, Formula(ref, total), f"line_total_{grid(cell)}")
    yield from column_heads(summary, cells)


def _whose(summary: Summary, unit: Unit) -> Iterator[Item]:
    row = DETAIL_TOP + summary.position[unit.code]
    submission = summary.standing.get(unit.code)
    stamp = submission.stamp if submission else None
    still = summary.finding_rows.get(unit.code, (0, 0))[1]
    count = len(submission.findings) if submission else 0
    findings = findings_link(summary, unit.code, f"{count}（{still}）")
    file = file_link(summary, submission, submission.path) if submission else None
    contents: tuple[tuple[Content, str], ...] = (
        (unit.code, "line"),
        (unit.name, "line"),
        (summary.state(unit), "line_centre"),
        (int(unit.code in summary.counted), "switch"),
        (findings, "line_link" if findings else "line"),
        (file, "line_link_left" if file else "line"),
        (submission.sha256 if submission else None, "line_short"),
        (stamp.edition if stamp else None, "line_centre"),
    )
    for column, (content, style) in enumerate(contents):
        yield Item(row, column, clipped(content), style)
