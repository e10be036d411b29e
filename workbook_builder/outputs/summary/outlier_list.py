"""同比异常: units whose change is out of line with the others'."""

from __future__ import annotations

from workbook_builder.model.period import Frequency
from workbook_builder.model.summary import Outlier, Summary
from workbook_builder.model.values import plain
from workbook_builder.outputs.summary.parts import (
    Head,
    compared_name,
    detail_link,
    list_sheet,
    named,
    no_last_period,
    outliers_name,
)
from workbook_builder.workbook.plan import Content, Sheet


def _heads(often: Frequency) -> tuple[Head, ...]:
    return (
        Head("单位代码", 10),
        Head("单位名称", 24),
        Head("单元格", 9),
        Head("指标", 36),
        Head(often.this, 10, "line_amount"),
        Head(often.last, 10, "line_last_amount"),
        Head("增减", 10, "line_amount"),
        Head("其他单位一般", 11, "line_centre"),
        Head("单位说明", 26),
        Head("定位", 6),
    )


def outliers_sheet(summary: Summary) -> Sheet:
    """Worth a question, no error; the rule stands on 同比."""
    often = summary.form.frequency
    note = (
        f"{often.both}相差大、又明显不同于其他单位的，偏离最大的在前；不一定有错，请核实。"
        f"判断办法写在“{compared_name(summary)}”上方。“其他单位一般”是可比单位变化的中位数"
        f"（{often.this}＋1 与{often.last}＋1 之比）。"
    )
    known = summary.has_last_period
    empty = "没有异常的单位。" if known else no_last_period(summary)
    rows = [_row(summary, cell, each) for cell, each in summary.outliers]
    name = outliers_name(summary)
    return list_sheet(name, note, _heads(often), rows, empty=empty, frozen=2)


def _row(summary: Summary, cell: str, odd: Outlier) -> tuple[Content, ...]:
    return (
        odd.unit,
        summary.roster.by_code[odd.unit].name,
        named(summary, cell),
        summary.form.cells[cell].name,
        odd.this_year,
        odd.last_period,
        odd.this_year - odd.last_period,
        f"{plain(odd.usual)} 倍",
        _said(summary, odd.unit, cell),
        detail_link(summary, odd.unit, "定位"),
    )


def _said(summary: Summary, unit: str, cell: str) -> str:
    """What the unit explained about the cell, as far as a check asked for it."""
    said = [
        finding.explanation
        for finding in summary.standing[unit].findings
        if finding.cell == cell
        and finding.explanation
        and finding.severity.can_be_explained
    ]
    return "；".join(dict.fromkeys(said))
