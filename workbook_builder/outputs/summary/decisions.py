"""决定: what the district clerk decided about returns, and why."""

from __future__ import annotations

from workbook_builder.model.decision import Decided
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.parts import (
    DECISIONS,
    Head,
    detail_link,
    list_sheet,
)
from workbook_builder.workbook.plan import Content, Sheet

HEADS = (
    Head("单位代码", 11),
    Head("单位名称", 28),
    Head("决定", 9, "line_centre"),
    Head("问题代码或日期", 11, "line_centre"),
    Head("理由", 60),
    Head("时间", 22, "line_centre"),
    Head("是否有效", 34),
    Head("明细", 7),
)


def decisions_sheet(summary: Summary) -> Sheet:
    """Those that fell away stay on the record."""
    note = "经办人对报送表作出的决定和理由。数字或者审核公式后来变了的，决定失效。"
    rows = [_row(summary, each) for each in summary.decisions]
    return list_sheet(DECISIONS, note, HEADS, rows, empty="没有人工决定。", frozen=2)


def _row(summary: Summary, decided: Decided) -> tuple[Content, ...]:
    decision = decided.decision
    unit = summary.roster.by_code.get(decision.unit)
    return (
        decision.unit,
        unit.name if unit else None,
        decision.ruling.chinese,
        decision.about or None,
        decision.reason,
        decision.at.replace("T", " ")[:16],
        f"{decided.text.zh}：{decided.fell.zh}" if decided.fell else decided.text.zh,
        detail_link(summary, decision.unit, "定位"),
    )
