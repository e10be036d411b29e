"""What the sheets of 汇总.xlsx share: names, places, lists and references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbook_builder.language.formula import Formulas
from workbook_builder.language.spelling import sheet_prefix
from workbook_builder.model import naming
from workbook_builder.model.form import Cell
from workbook_builder.model.layout import column_letters
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.workbook.live import (
    Cells,
    Held,
    Live,
    count,
    if_,
    isnumber,
    round_,
    sum_,
    sumproduct,
)
from workbook_builder.workbook.place import place
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

OVERVIEW, DETAIL, TREE = naming.OVERVIEW, naming.DETAIL, "层级"
CHARTS = "图表数据"
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
#: What stands on such a sheet.
ON_SCREEN = "供屏幕查看，不宜打印。"
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


def before_name(summary: Summary) -> str:
    """上年明细, 上季度明细."""
    return f"{summary.form.frequency.last}{DETAIL}"


def compared_name(summary: Summary) -> str:
    """同比, or 环比 of quarters and months."""
    return summary.form.frequency.comparison


def outliers_name(summary: Summary) -> str:
    return f"{compared_name(summary)}异常"


def no_last_period(summary: Summary) -> str:
    """Why there is nothing to compare with."""
    often = summary.form.frequency
    return (
        f"没有{often.last_figures}，不作比较。把{often.last}任务的 results/facts.csv"
        f"（或{often.last}收到的报送表）放进 {often.folder} 文件夹，重新汇总即有。"
    )


def heading(summary: Summary) -> str:
    """Whose, period, format and campaign, as they stand under a title."""
    period = summary.campaign.period
    return (
        f"{summary.campaign.district}　　{period.frequency.label}：{period.words}　　"
        f"格式：{summary.form.authority}　　任务：{summary.campaign.id}"
    )


def signature(summary: Summary) -> str:
    """Who made it and whom to ask, as it stands below what is printed."""
    campaign = summary.campaign
    asked = (("联系人", campaign.contact), ("电话", campaign.phone))
    return "　　".join(
        (
            f"制表单位：{campaign.district}",
            *(f"{what}：{said}" for what, said in asked if said),
        )
    )


def grid(cell: Cell) -> str:
    """Which of two number formats suits a cell."""
    return "count" if cell.type.decimals == 0 else "amount"


Rows = tuple[int, int] | None
"""First and last place of the units looked at; None for all of them."""


def listed(
    sheet: str,
    column: int,
    values: Sequence[Held],
    rows: Rows = None,
    top: int = LIST_TOP,
) -> Cells:
    """A column of a list, in which ``values`` stand from ``top`` on."""
    first, last = rows or (0, max(0, len(values) - 1))
    letters = column_letters(column)
    text = (
        f"{sheet_prefix(sheet)}${letters}${top + first + 1}:${letters}${top + last + 1}"
    )
    return Cells(text, tuple(values[first : last + 1]))


def figure_column(summary: Summary, cell: str) -> int:
    """The column of a cell in 明细 and 上年明细."""
    return FIRST_FIGURE + summary.form.positions[cell]


def figures(summary: Summary, cell: str, rows: Rows = None) -> Cells:
    """What the units add to a cell, in 明细."""
    column = figure_column(summary, cell)
    return listed(DETAIL, column, summary.figures[cell], rows, DETAIL_TOP)


def figures_before(summary: Summary, cell: str) -> Cells:
    """The same of last year, in 上年明细."""
    column = figure_column(summary, cell)
    return listed(
        before_name(summary), column, summary.figures_before[cell], None, DETAIL_TOP
    )


def switch(summary: Summary, rows: Rows = None) -> Cells:
    """The switches 计入."""
    return listed(DETAIL, COUNTED, summary.switches, rows, DETAIL_TOP)


def known(summary: Summary, cell: str, rows: Rows = None) -> Live:
    """How many counted units have a number in a cell."""
    there = isnumber(figures(summary, cell, rows)) * 1
    return sumproduct(switch(summary, rows), there)


def added(summary: Summary, cell: str, units: Live, rows: Rows = None) -> Live:
    """The figures of the counted units, of which so many have one."""
    amounts = sumproduct(switch(summary, rows), figures(summary, cell, rows))
    return if_any(units, round_(amounts, DECIMALS))


def if_any(units: Live, then: Live) -> Live:
    """Nothing is said of no units."""
    return if_(units.same(0), "", then)


def total(formulas: Formulas, id_: str, sums: Mapping[str, Decimal]) -> Live:
    """A total of the form over sums: empty until all its parts are numbers."""
    parts = formulas.form.parts(id_)
    ranges = formulas.ranges([formulas.layout.cells[part] for part in parts])
    cells = Cells(",".join(ranges), tuple(sums.get(part, "") for part in parts))
    return if_(count(cells).same(len(parts)), sum_(cells), "")


def named(summary: Summary, cell: str) -> str:
    """``表三 D7``."""
    spot = place(summary.form).cells[cell]
    return f"{spot.sheet} {spot.address}"


def official(summary: Summary, cell: str) -> Live:
    """What the official table says in a cell."""
    spot = place(summary.form).cells[cell]
    ref = f"{sheet_prefix(spot.sheet)}{spot.address}"
    return Live(ref, summary.totals.get(cell, ""))


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
