"""说明清单: every explanation a unit gave, and whether it was accepted."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.parts import (
    EXPLANATIONS,
    Head,
    detail_link,
    list_sheet,
)
from workbook_builder.workbook.place import place
from workbook_builder.workbook.plan import Content, Sheet

HEADS = (
    Head("单位代码", 10),
    Head("单位名称", 22),
    Head("代码", 6, "line_centre"),
    Head("审核公式", 22),
    Head("位置", 26),
    Head("单元格", 9, "line_centre"),
    Head("单位说明", 48),
    Head("是否有效", 14, "line_centre"),
    Head("明细", 6),
)
ACCEPTED, TOO_THIN, UNASKED = "说明有效", "说明无效：没有说明原因", "没有对应问题"


def explanations_sheet(summary: Summary) -> Sheet:
    """In the order of the roster and of the 审核 sheet."""
    note = (
        "现用的报送表里写了的全部说明。“说明有效”指够长、不是“情况属实”之类的空话，"
        "由程序按报表的规定判断；内容是否属实由经办人核实。"
    )
    rows = list(_rows(summary))
    return list_sheet(
        EXPLANATIONS, note, HEADS, rows, empty="没有单位写说明。", frozen=2
    )


def _rows(summary: Summary) -> Iterator[tuple[Content, ...]]:
    for unit in summary.answering:
        submission = summary.standing[unit.code]
        said = submission.answers.explanations
        for check, line in summary.form.lines:
            if said.get(line.key):
                yield (
                    unit.code,
                    unit.name,
                    check.code,
                    check.title,
                    line.label,
                    _spot(summary, line.instances[0].place),
                    said[line.key],
                    _state(summary, submission, line.key),
                    detail_link(summary, unit.code, "定位"),
                )


def _spot(summary: Summary, id_: str) -> str | None:
    spot = place(summary.form).place_of(id_)
    return f"{spot.sheet} {spot.address}" if spot else None


def _state(summary: Summary, submission: Submission, line: str) -> str:
    asked = [finding for finding in submission.findings if finding.line == line]
    if not asked:
        return UNASKED
    said = submission.answers.explanations[line]
    return ACCEPTED if summary.form.explanation.accepts(said) else TOO_THIN
