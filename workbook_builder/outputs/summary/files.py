"""报送文件: every file of the inbox with its one verdict and the first reason."""

from __future__ import annotations

from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.times import china_time
from workbook_builder.outputs.summary.parts import (
    FILES,
    Head,
    detail_link,
    list_sheet,
)
from workbook_builder.outputs.summary.progress import said
from workbook_builder.workbook.plan import Content, Sheet

HEADS = (
    Head("文件", 34),
    Head("单位代码", 9),
    Head("单位名称", 22),
    Head("SHA-256", 14, "line_short"),
    Head("结论", 8, "line_centre"),
    Head("计入", 6, "line_centre"),
    Head("收到时间", 15, "line_centre"),
    Head("版本", 6, "line_centre"),
    Head("核对码", 9, "line_centre"),
    Head("原因", 40),
    Head("发件人", 18),
    Head("明细", 6),
)
#: What a file of the kind ``rollup`` is called.
CONTROL = "核对"


def files_sheet(summary: Summary) -> Sheet:
    """None is left out: verdicts add up to the files there are."""
    note = f"收件箱里的全部文件，共 {len(summary.submissions)} 个；每个文件一个结论。"
    rows = [_row(summary, submission) for submission in summary.submissions]
    return list_sheet(FILES, note, HEADS, rows, empty="收件箱里没有文件。")


def _row(summary: Summary, submission: Submission) -> tuple[Content, ...]:
    stamp, code = submission.stamp, submission.unit_code
    stands = summary.standing.get(code) is submission
    counts = stands and code in summary.counted
    control = stands and code in summary.controls
    return (
        submission.path,
        code or None,
        stamp.unit_name if stamp else None,
        submission.sha256 or None,
        submission.verdict.text.zh,
        "是" if counts else CONTROL if control else None,
        said(china_time(submission.came)),
        stamp.edition if stamp else None,
        submission.print_code or None,
        submission.reason.zh or None,
        submission.arrival.sender or None,
        detail_link(summary, code) if stands else None,
    )
