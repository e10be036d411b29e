"""明细: one row for each unit, one column for each cell, and the switch 计入."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from workbook_builder.model.form import Cell
from workbook_builder.model.naming import CODE_HEAD, COUNTED_HEAD
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Unit
from workbook_builder.outputs.summary.parts import (
    COUNTED,
    DETAIL,
    DETAIL_TOP,
    FIRST_FIGURE,
    KNOWN_ROW,
    ON_SCREEN,
    WIDE,
    clipped,
    file_link,
    findings_link,
    grid,
    known,
    named,
    official,
)
from workbook_builder.workbook.plan import (
    Area,
    Content,
    FigureBlock,
    Item,
    Sheet,
    Validation,
)

HEADS = (
    CODE_HEAD, "单位名称", "状态", COUNTED_HEAD, "问题\n（待处理）", "报送文件", "SHA-256", "版本",
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
                "把“计入”改为 0，各表合计立即不含该单位；改回 1 恢复。改后保存，下次收取汇总时"
                "记为决定，要补理由。未填不是 0。"
                f"{ON_SCREEN}",
                "small",
                columns=FROZEN,
            ),
            *_head(summary, cells),
            *(item for unit in summary.units for item in _whose(summary, unit)),
        ),
        blocks=tuple(figure_blocks(cells, summary.figures)),
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
    cells: Sequence[Cell], figures: Mapping[str, Sequence[Decimal | None]]
) -> Iterator[FigureBlock]:
    """The figures of all units, in blocks of columns that look alike."""
    column = FIRST_FIGURE
    for style, alike in groupby(cells, grid):
        columns = [figures[cell.id] for cell in alike]
        rows = list(zip(*columns, strict=True))
        yield FigureBlock(DETAIL_TOP, column, rows, f"line_{style}")
        column += len(columns)


def column_heads(summary: Summary, cells: Sequence[Cell]) -> Iterator[Item]:
    """Where in the form each column comes from, and its name."""
    for column, cell in enumerate(cells, FIRST_FIGURE):
        yield Item(ADDRESS_ROW, column, named(summary, cell.id), "small")
        yield Item(HEAD_ROW, column, cell.name, "head")


def detail_widths(summary: Summary) -> dict[int, float]:
    last = FIRST_FIGURE + len(summary.form.cells)
    return {
        **dict(enumerate(WIDTHS)),
        **dict.fromkeys(range(FIRST_FIGURE, last), 12),
    }


def _head(summary: Summary, cells: Sequence[Cell]) -> Iterator[Item]:
    yield Item(KNOWN_ROW, FIRST_FIGURE - 1, "有数的单位", "line_bold")
    yield Item(TOTAL_ROW, FIRST_FIGURE - 1, "合计", "line_bold")
    for column, head in enumerate(HEADS):
        yield Item(HEAD_ROW, column, head, "head")
    for column, cell in enumerate(cells, FIRST_FIGURE):
        units, total = known(summary, cell.id), official(summary, cell.id)
        yield Item(KNOWN_ROW, column, units.formula, "line_count")
        yield Item(TOTAL_ROW, column, total.formula, f"line_total_{grid(cell)}")
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
        (summary.state(unit).word, "line_centre"),
        (int(unit.code in summary.counted), "switch"),
        (findings, "line_link" if findings else "line"),
        (file, "line_link_left" if file else "line"),
        (submission.sha256 if submission else None, "line_short"),
        (stamp.edition if stamp else None, "line_centre"),
    )
    for column, (content, style) in enumerate(contents):
        yield Item(row, column, clipped(content), style)
