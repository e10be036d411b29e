"""问题清单: every finding of the files that stand, with jumps to the unit's row."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.model.finding import Finding
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.parts import (
    FINDINGS,
    LIST_TOP,
    Head,
    detail_link,
    file_link,
    list_sheet,
)
from workbook_builder.workbook.place import where
from workbook_builder.workbook.plan import Area, Content, Highlight, Sheet

HEADS = (
    Head("单位代码", 10),
    Head("单位名称", 20),
    Head("代码", 6, "line_centre"),
    Head("级别", 6, "line_centre"),
    Head("待处理", 7, "line_centre"),
    Head("工作表", 7, "line_centre"),
    Head("单元格", 7, "line_centre"),
    Head("问题", 40),
    Head("处理意见", 32),
    Head("说明（或免改理由）", 22),
    Head("明细", 6),
    Head("文件", 6),
)
#: Columns the overview counts.
SEVERITY, OPEN = 3, 4
YES, NO, WAIVED = "是", "否", "准予免改"


def findings_sheet(summary: Summary) -> Sheet:
    """Those that are open first said, the rest for the record."""
    note = "现用的报送表的全部问题；“待处理”为“是”的，要改正或说明后才能计入。"
    rows = list(_rows(summary))
    last = LIST_TOP + max(1, len(rows)) - 1
    marked = Highlight(Area(LIST_TOP, OPEN, last, OPEN), f'E4="{YES}"', "open")
    return list_sheet(
        FINDINGS, note, HEADS, rows, empty="没有问题。", frozen=2, highlights=(marked,)
    )


def opened(finding: Finding) -> str:
    """Whether it still asks for something."""
    if finding.waived is not None:
        return WAIVED
    return YES if finding.is_open else NO


def _rows(summary: Summary) -> Iterator[tuple[Content, ...]]:
    for unit in summary.answering:
        submission = summary.standing[unit.code]
        for finding in submission.findings:
            sheet, address = where(summary.form, finding)
            yield (
                unit.code,
                unit.name,
                finding.code,
                finding.severity.word,
                opened(finding),
                sheet,
                address,
                finding.message.zh,
                finding.desk.zh,
                finding.explanation if finding.waived is None else finding.waived,
                detail_link(summary, unit.code, "定位"),
                file_link(summary, submission, "文件"),
            )
