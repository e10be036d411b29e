"""退回意见: in a workbook sent back, what is wrong, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.model.finding import Finding
from workbook_builder.model.layout import Place
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import GUIDE
from workbook_builder.workbook.plan import Content, Item, Link, Note, Sheet
from workbook_builder.workbook.sheets.fit import height

NAME = "退回意见"
WIDTHS = (5, 6, 6, 48, 42, 8)
HEADS = ("序号", "代码", "级别", "问题", "处理意见", "定位")
TOP = 4


def returned_sheet(job: Job) -> Sheet:
    """One line for each finding, with a link to the marked cell."""
    rows = [_line(job, index, finding) for index, finding in enumerate(job.findings)]
    heights = {
        TOP + index: max(
            height(finding.message.zh, WIDTHS[3], 14),
            height(finding.remedy.zh, WIDTHS[4], 14),
        )
        for index, finding in enumerate(job.findings)
    }
    return Sheet(
        name=NAME,
        items=(
            Item(0, 0, f"{NAME}（这是退回件）", "title", columns=len(HEADS)),
            Item(1, 0, job.heading, "whose", columns=len(HEADS) - 2),
            Item(1, len(HEADS) - 2, job.code_formula(), "meta_right", columns=2),
            Item(
                2,
                0,
                f"{job.about}您填的数字已保留在本文件里（没有读出的单元格是空的）。请逐条改正或说明，保存后把本文件报送。"
                "标记的单元格上有批注。",
                "wrap",
                columns=len(HEADS),
            ),
            *(Item(TOP - 1, column, head, "head") for column, head in enumerate(HEADS)),
            *(item for row in rows for item in row),
        ),
        widths=dict(enumerate(WIDTHS)),
        heights={0: 30, 1: 18, 2: 40, TOP - 1: 22, **heights},
        landscape=True,
        repeat_rows=(0, TOP - 1),
        freeze=(TOP, 0),
    )


def cell_notes(job: Job, sheet: str) -> Iterator[Note]:
    """On each marked cell of a sheet: what is wrong and what to do."""
    by_place: dict[Place, list[str]] = {}
    for finding in job.findings:
        text = f"{finding.code}　{finding.message.zh}\n处理意见：{finding.remedy.zh}"
        for cell in finding.cells:
            place = job.layout.place_of(cell)
            if place is not None and place.sheet == sheet:
                by_place.setdefault(place, []).append(text)
    for place, texts in by_place.items():
        yield Note(place.row, place.column, "\n\n".join(texts))


def _line(job: Job, index: int, finding: Finding) -> Iterator[Item]:
    place = job.layout.place_of(finding.cell)
    link = (
        Link(place.sheet, place.address, "定位") if place else Link(GUIDE, "A1", "查看")
    )
    contents: tuple[tuple[Content, str], ...] = (
        (index + 1, "line_centre"),
        (finding.code, "line_centre"),
        (finding.severity.word, "line_centre"),
        (finding.message.zh, "line"),
        (finding.remedy.zh, "line"),
        (link, "line_link"),
    )
    for column, (content, style) in enumerate(contents):
        yield Item(TOP + index, column, content, style)
