"""概览: how many have returned, what is still wrong, the charts, and every unit's state."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.model.severity import Severity
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Unit
from workbook_builder.outputs.summary.chart_data import (
    CHART_ROWS,
    charts,
    plotted,
)
from workbook_builder.outputs.summary.findings import OPEN, SEVERITY, YES, opened
from workbook_builder.outputs.summary.groups import on_time_rate
from workbook_builder.outputs.summary.large import lists_units, what_is_left
from workbook_builder.outputs.summary.parts import (
    FILES,
    FINDINGS,
    OVERVIEW,
    PROGRESS,
    clipped,
    detail_link,
    file_link,
    findings_link,
    heading,
    listed,
    no_last_period,
    row_height,
    signature,
    switch,
)
from workbook_builder.outputs.summary.progress import (
    ON_TIME,
    TIMELY,
    absent,
    said,
    state_marks,
    through_levels,
    times,
)
from workbook_builder.workbook.live import counta, countif, live
from workbook_builder.workbook.plan import Area, Content, Item, PlacedChart, Sheet

WIDTHS = (14, 34, 13, 13, 13, 13, 13, 30)
HEADS = (
    "单位代码", "单位名称", "单位类型", "状态", "待处理问题", "明细", "问题", "报送时间",
)  # fmt: skip
STATE = 3
#: Units that fit on the second page as they are, and made as small as can be read.
FIT, PRINTED = 24, 60
_UNPRINTED = "下面的单位名单供屏幕查看，不打印；要打印的，请打印“进度”。"
KEYS, CHARTS_ROW = 3, 8
_HEIGHTS = {0: 30, 2: 8, KEYS: 20, KEYS + 1: 30, KEYS + 2: 20, KEYS + 3: 30}
#: Pixels of the charts on the left and on the right: the page is covered.
CHART_SIZES = ((532, 290), (500, 290))


def overview_sheet(summary: Summary) -> Sheet:
    """Figures and charts, then the units: two pages of a print, or the first where the
    units are too many for the second."""
    drawn = charts(summary, CHARTS_ROW, CHART_SIZES)
    campaign, count = summary.campaign, len(summary.units)
    few, whole = count <= FIT, count <= PRINTED
    below = CHARTS_ROW + (len(drawn) + 1) // 2 * CHART_ROWS + 1
    items = [
        Item(
            0,
            0,
            f"{campaign.district}{campaign.period.words}{summary.form.title}汇总概览",
            "title",
            columns=len(WIDTHS),
        ),
        Item(1, 0, heading(summary), "whose", columns=len(WIDTHS)),
        *_keys(summary, below + 1),
        *_below_keys(summary),
        Item(below - 1, 0, signature(summary), "meta", columns=4),
    ]
    if not lists_units(summary):
        return _without_units(summary, items, below, drawn)
    items += [
        *(
            Item(below - 1, 4, _UNPRINTED, "small", columns=len(WIDTHS) - 4)
            for _ in range(not whole)
        ),
        *(Item(below, column, head, "head") for column, head in enumerate(HEADS)),
        *(item for unit in summary.units for item in _unit(summary, unit, below + 1)),
    ]
    last = below + max(1, len(summary.units))
    return Sheet(
        name=OVERVIEW,
        items=tuple(items),
        widths=dict(enumerate(WIDTHS)),
        heights={
            **_HEIGHTS,
            below: 22,
            **_heights(summary, below + 1),
        },
        highlights=state_marks(summary, STATE, below + 1, last),
        charts=drawn,
        page_breaks=(below,) if drawn and few else (),
        landscape=True,
        pages_tall=0 if few else 2 if whole else 1,  # a limit undoes the break
        print_area=None if whole else Area(0, 0, below - 1, len(WIDTHS) - 1),
        repeat_rows=(below, below),
        freeze=(2, 0),
        filter=Area(below, 0, last, len(HEADS) - 1),
        protected=False,
    )


def _without_units(
    summary: Summary, items: list[Item], below: int, drawn: tuple[PlacedChart, ...]
) -> Sheet:
    """Where the units are very many: instead of them, where they are."""
    said = enumerate(what_is_left(summary), below)
    items += [Item(row, 0, text, "meta", columns=len(WIDTHS)) for row, text in said]
    return Sheet(
        name=OVERVIEW,
        items=tuple(items),
        widths=dict(enumerate(WIDTHS)),
        heights={**_HEIGHTS, below: 32},
        charts=drawn,
        landscape=True,
        pages_tall=1,
        freeze=(2, 0),
        protected=False,
    )


def _heights(summary: Summary, top: int) -> dict[int, float]:
    found = {}
    for row, unit in enumerate(summary.units, top):
        found[row] = row_height([(unit.name, WIDTHS[1])], 14)
    return found


def _keys(summary: Summary, top: int) -> Iterator[Item]:
    """Two lines of key figures, their names above them."""
    for row, keys in ((KEYS, _returned(summary, top)), (KEYS + 2, _found(summary))):
        for column, (name, content) in enumerate(keys):
            yield Item(row, column, name, "key")
            style = "key_percent" if name == "按时报送率" else "key_count"
            yield Item(row + 1, column, content, style)


def _returned(summary: Summary, top: int) -> list[tuple[str, Content]]:
    codes = listed(OVERVIEW, 0, [unit.code for unit in summary.units], top=top)
    words = [state.word for state in summary.states]
    states = listed(OVERVIEW, STATE, words, top=top)
    units = counta(codes)
    here = units.at("A5")
    on_time = countif(listed(PROGRESS, TIMELY, times(summary)), ON_TIME)
    possible = [state.word for state in summary.possible_states]
    return [
        ("应报单位", units.formula),
        ("已报单位", (here - absent(states)).formula),
        *((word, countif(states, word).formula) for word in possible),
        ("计入汇总", countif(switch(summary), 1).formula),
        ("按时报送率", on_time_rate(summary, on_time, here)),
    ]


def _found(summary: Summary) -> list[tuple[str, Content]]:
    findings = [
        each
        for unit in summary.answering
        for each in summary.standing[unit.code].findings
    ]
    severities = listed(FINDINGS, SEVERITY, [each.severity.word for each in findings])
    still = listed(FINDINGS, OPEN, [opened(each) for each in findings])
    files = listed(FILES, 0, [each.path for each in summary.submissions])
    deadline = summary.campaign.deadline
    return [
        # Where there is none, a sentence stands in place of the first.
        ("收到文件", (counta(files) if files.values else live(0)).formula),
        ("全部问题", len(findings)),
        *((each.noun, countif(severities, each.word).formula) for each in Severity),
        ("待处理问题", countif(still, YES).formula),
        ("名录单位", len(summary.roster.units)),
        ("截止日期", deadline.isoformat() if deadline else "未设"),
    ]


def _below_keys(summary: Summary) -> Iterator[Item]:
    """How many there are through all levels, where there are roll-ups, and what there is
    no chart of."""
    drawn = {each.chart for each in plotted(summary)}
    missing = {chart.kind for chart in summary.form.charts if chart not in drawn}
    compared = {"years"} if not summary.has_last_period else set()
    note = "没有数据的图没有画。" if missing - compared else ""
    if missing & compared:
        note += no_last_period(summary)
    said: Content = note
    if summary.is_through_levels:
        said = (through_levels(summary) & f"。{note}").formula
    if said:
        yield Item(KEYS + 4, 0, said, "small", columns=len(WIDTHS))


def _unit(summary: Summary, unit: Unit, top: int) -> Iterator[Item]:
    row = top + summary.position[unit.code]
    submission = summary.standing.get(unit.code)
    still = summary.finding_rows.get(unit.code, (0, 0))[1]
    findings = findings_link(summary, unit.code, "问题")
    known = summary.returned.get(unit.code)
    came = said(known.received) if known else None
    file = file_link(summary, submission, came or "文件") if submission else None
    contents: tuple[tuple[Content, str], ...] = (
        (unit.code, "line"),
        (unit.name, "line"),
        (unit.type or None, "line_centre"),
        (summary.state(unit).word, "line_centre"),
        (still if submission else None, "line_centre"),
        (detail_link(summary, unit.code), "line_link"),
        (findings, "line_link"),
        (file, "line_link" if file else "line"),
    )
    for column, (content, style) in enumerate(contents):
        yield Item(row, column, clipped(content), style)
