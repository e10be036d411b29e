"""上年明细: figures of the period before, each unit on the same row as in 明细."""

from __future__ import annotations

from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.detail import (
    ADDRESS_ROW,
    HEAD_ROW,
    column_heads,
    detail_widths,
    figure_blocks,
)
from workbook_builder.outputs.summary.parts import (
    DETAIL_TOP,
    FIRST_FIGURE,
    ON_SCREEN,
    WIDE,
    before_name,
    clipped,
)
from workbook_builder.workbook.plan import Item, Sheet

#: Code and name; the other columns of 明细 have nothing to say here.
FROZEN = 2


def before_sheet(summary: Summary) -> Sheet:
    """What 同比 adds up; a unit without figures of last year has an empty row."""
    cells = list(summary.form.cells.values())
    names = [
        Item(DETAIL_TOP + row, column, clipped(text), "line")
        for row, unit in enumerate(summary.units)
        for column, text in enumerate((unit.code, unit.name))
    ]
    before = summary.campaign.period.before
    source = f"来自 {before.frequency.folder} 文件夹；行、列与“明细”相同。{ON_SCREEN}"
    return Sheet(
        name=before_name(summary),
        items=(
            Item(
                0,
                0,
                f"{before_name(summary)}：{before.words}",
                "heading",
                columns=FROZEN,
            ),
            Item(1, 0, source, "small", columns=2),
            Item(HEAD_ROW, 0, "单位代码", "head"),
            Item(HEAD_ROW, 1, "单位名称", "head"),
            *column_heads(summary, cells),
            *names,
        ),
        blocks=tuple(figure_blocks(cells, summary.figures_before)),
        # The same columns as in 明细, those without anything narrow.
        widths={
            **detail_widths(summary),
            **dict.fromkeys(range(FROZEN, FIRST_FIGURE), 0.5),
        },
        heights={1: 32, HEAD_ROW: 78, ADDRESS_ROW: 16},
        landscape=True,
        pages_wide=WIDE,
        repeat_rows=(ADDRESS_ROW, HEAD_ROW),
        repeat_columns=(0, FROZEN - 1),
        freeze=(DETAIL_TOP, FROZEN),
        protected=False,
        grid=True,
    )
