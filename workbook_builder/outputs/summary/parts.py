"""What the sheets of 汇总.xlsx share: names, places, lists and references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_builder.language.formula import sheet_prefix
from workbook_builder.model.form import Cell
from workbook_builder.model.layout import column_letters
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.workbook.plan import (
    MAX_TEXT,
    Area,
    Content,
    Highlight,
    Item,
    Link,
    Sheet,
)
from workbook_builder.workbook.sheets.fit import height

OVERVIEW, DETAIL, TREE, BEFORE = "概览", "明细", "层级", "上年明细"
YEARS, OUTLIERS, CHARTS = "同比", "同比异常", "图表数据"
PROGRESS, GROUPS = "进度", "分类进度"
FILES, FINDINGS, EXPLANATIONS, DECISIONS = "报送文件", "问题清单", "说明清单", "决定"

#: 明细 and 上年明细: rows of the head, and columns before the figures.
DETAIL_TOP = 6
CODE, NAME, STATE, COUNTED = range(4)
FIRST_FIGURE = 8
#: 明细: how many counted units have a number in the column.
KNOWN_ROW = 2

#: Rows above the first line of a list: title, note, head.
LIST_TOP = 3
#: Links a sheet may hold (Excel's limit is 65,530); beyond it the text alone stands.
MAX_LINKS = 60_000
#: Pages across that a sheet of all cells is printed on; it is meant for the screen.
WIDE = 14
#: The highest row there is, in points.
MAX_HEIGHT = 409.0
#: Decimals every sum is rounded to, so that doubles lose their noise.
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a list."""

    title: str
    width: float
    style: str = "line"


def list_sheet(
    name: str,
    note: str,
    heads: Sequence[Head],
    rows: Sequence[Sequence[Content]],
    *,
    empty: str = "没有。",
    frozen: int = 1,
    highlights: tuple[Highlight, ...] = (),
) -> Sheet:
    """A list with title, note, filter and frozen head, one page wide.

    ``empty`` stands in place of the lines where there are none.
    """
    across = len(heads)
    items = [
        Item(0, 0, name, "heading", columns=across),
        Item(1, 0, note, "small", columns=across),
        *(Item(LIST_TOP - 1, at, head.title, "head") for at, head in enumerate(heads)),
    ]
    heights = {0: 24.0, 1: row_height([(note, sum(h.width for h in heads))], 14), 2: 32}
    for row, contents in enumerate(rows, LIST_TOP):
        items += _line(row, heads, contents)
        texts = [
            (content, head.width)
            for content, head in zip(contents, heads, strict=True)
            if isinstance(content, str) and head.style == "line"
        ]
        heights[row] = row_height(texts, 14, 20)
    if not rows:
        items.append(Item(LIST_TOP, 0, empty, "line", columns=across))
    last = LIST_TOP + max(1, len(rows)) - 1
    return Sheet(
        name=name,
        items=tuple(items),
        widths={at: head.width for at, head in enumerate(heads)},
        heights=heights,
        highlights=highlights,
        landscape=True,
        repeat_rows=(0, LIST_TOP - 1),
        freeze=(LIST_TOP, frozen),
        filter=Area(LIST_TOP - 1, 0, last, across - 1),
        protected=False,
    )


def _line(
    row: int, heads: Sequence[Head], contents: Sequence[Content]
) -> Iterator[Item]:
    for column, (head, content) in enumerate(zip(heads, contents, strict=True)):
        if isinstance(content, Link):
            yield Item(row, column, linked(content, row), "line_link")
        else:
            yield Item(row, column, clipped(content), head.style)


def linked(link: Link, row: int) -> Content:
    """The link, or its text where the sheet has too many."""
    return link if row < MAX_LINKS else link.text


def clipped(content: Content) -> Content:
    """No longer than a cell can hold."""
    if isinstance(content, str):
        return content[:MAX_TEXT] or None
    return content


def row_height(
    texts: Sequence[tuple[str, float]], line: float, least: float = 18
) -> float:
    """Points for the longest of some wrapped texts, each with its width."""
    wanted = (height(text, width, line) for text, width in texts)
    return min(MAX_HEIGHT, max((least, *wanted)))


def heading(summary: Summary) -> str:
    """Year, format and campaign, as they stand under a title."""
    return (
        f"统计年度：{summary.campaign.year}年　　"
        f"格式：{summary.form.authority}　　任务：{summary.campaign.id}"
    )


def grid(cell: Cell) -> str:
    """Which of two number formats suits a cell."""
    return "count" if cell.type.decimals == 0 else "amount"


def figure_column(summary: Summary, cell: str) -> int:
    """The column of a cell in 明细 and 上年明细."""
    return FIRST_FIGURE + summary.form.positions[cell]


def detail_range(
    summary: Summary,
    column: int,
    rows: tuple[int, int] | None = None,
    sheet: str = DETAIL,
) -> str:
    """Places ``rows`` of the units (all of them by default) in a column."""
    first, last = rows or (0, max(0, len(summary.units) - 1))
    letters = column_letters(column)
    return (
        f"{sheet_prefix(sheet)}${letters}${DETAIL_TOP + first + 1}"
        f":${letters}${DETAIL_TOP + last + 1}"
    )


def switch(summary: Summary, rows: tuple[int, int] | None = None) -> str:
    """The switches 计入."""
    return detail_range(summary, COUNTED, rows)


def list_range(column: int, rows: int, sheet: str, top: int = LIST_TOP) -> str:
    """A column of a list on another sheet."""
    letters = column_letters(column)
    return f"{sheet_prefix(sheet)}${letters}${top + 1}:${letters}${top + max(1, rows)}"


def detail_link(summary: Summary, code: str, text: str = "明细") -> Link | None:
    """A jump to the unit's line in 明细; none for a control total."""
    index = summary.position.get(code)
    if index is None:
        return None
    return Link(DETAIL, f"A{DETAIL_TOP + index + 1}", text)


def findings_link(summary: Summary, code: str, text: str) -> Link | None:
    """A jump to the unit's first finding in 问题清单; None without any."""
    if code not in summary.finding_rows:
        return None
    return Link(FINDINGS, f"A{LIST_TOP + summary.finding_rows[code][0] + 1}", text)


def file_link(summary: Summary, submission: Submission, text: str) -> Link:
    """A jump to the line of a file in 报送文件."""
    row = LIST_TOP + summary.file_rows[id(submission)]
    return Link(FILES, f"A{row + 1}", text)
