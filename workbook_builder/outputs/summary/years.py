"""同比: this period beside the one before, cell by cell, and what must carry over."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.model.form import Cell
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.carried import carried_items
from workbook_builder.outputs.summary.parts import (
    DECIMALS,
    MAX_HEIGHT,
    compared_name,
    figures,
    figures_before,
    grid,
    if_any,
    listed,
    named,
    no_last_period,
    official,
    outliers_name,
    row_height,
    switch,
)
from workbook_builder.rules.outliers import ENOUGH, SMALL
from workbook_builder.workbook.live import (
    Cells,
    Live,
    abs_,
    and_,
    countif,
    if_,
    isnumber,
    live,
    max_,
    min_,
    round_,
    sumproduct,
)
from workbook_builder.workbook.plan import (
    Area,
    Highlight,
    Item,
    Sheet,
)

WIDTHS = (11, 48, 12, 9, 12, 12, 12, 10, 9, 9, 12)
TOP = 5
SPOT, NAME, ALL, UNITS, NOW, THEN, GAP, PERCENT, MARK, ODD, PUBLISHED = range(11)
#: Where 同比异常 names the cell.
ODD_SPOT = 2
NEW, NOTHING, UP, DOWN = "新增", "—", "▲ 大增", "▼ 大减"


def years_sheet(summary: Summary) -> Sheet:
    """Live sums over 明细 and 上年明细; without last year a sentence."""
    if not summary.has_last_period:
        return _nothing(summary)
    now, then = summary.campaign.period.words, summary.campaign.period.before.words
    heads = (
        "单元格", "指标", f"{now}\n全部", "可比\n单位数", f"{now}\n可比单位",
        f"{then}\n可比单位", "增减", "增减率", "标记", "异常\n单位数",
        f"{then}\n本级合计",
    )  # fmt: skip
    name, rule = compared_name(summary), _rule(summary)
    cells = list(summary.form.cells.values())
    items = [
        Item(0, 0, f"{name}：{now}与{then}", "heading", columns=len(WIDTHS)),
        Item(1, 0, _basis(summary), "small", columns=len(WIDTHS)),
        Item(2, 0, rule, "small", columns=len(WIDTHS)),
        *(Item(TOP - 1, column, head, "head") for column, head in enumerate(heads)),
    ]
    spots = [named(summary, id_) for id_, _ in summary.outliers]
    odd = listed(outliers_name(summary), ODD_SPOT, spots)
    for row, cell in enumerate(cells, TOP):
        items += _line(summary, row, cell, odd)
    last = TOP + len(cells) - 1
    carried = carried_items(summary, last + 2)
    across = sum(WIDTHS)
    return Sheet(
        name=name,
        items=(*items, *carried),
        widths=dict(enumerate(WIDTHS)),
        heights={
            0: 24,
            1: row_height([(_basis(summary), across)], 14),
            2: row_height([(rule, across)], 14),
            TOP - 1: 34,
            last + 3: 34,
            **{
                row: min(MAX_HEIGHT, row_height([(cell.name, WIDTHS[NAME])], 14, 18))
                for row, cell in enumerate(cells, TOP)
            },
        },
        highlights=_highlights(last),
        landscape=True,
        repeat_rows=(TOP - 1, TOP - 1),
        freeze=(TOP, 2),
        filter=Area(TOP - 1, 0, last, len(WIDTHS) - 1),
        protected=False,
    )


def _highlights(last: int) -> tuple[Highlight, ...]:
    mark = f"$I{TOP + 1}"
    return (
        Highlight(
            Area(TOP, MARK, last, MARK),
            f'OR({mark}="{UP}",{mark}="{DOWN}")',
            "open",
        ),
        Highlight(Area(TOP, ODD, last, ODD), f"$J{TOP + 1}>0", "open"),
    )


def _rule(summary: Summary) -> str:
    """How things are marked, as it stands on the sheet."""
    often = summary.form.frequency
    this, last, odd = often.this, often.last, outliers_name(summary)
    return (
        f"标记：可比单位的合计相差 {SMALL} 以上，"
        f"而且是{last}的 2 倍以上（{UP}）或不到一半（{DOWN}）。"
        f"异常单位：{often.both}相差 {SMALL} 以上，变化又明显不同于其他单位，名单见“{odd}”。"
        f"变化是{this}与{last}之比（各加 1）；有 {ENOUGH} 个以上可比单位时，与多数单位的变化"
        f"相差特别大的为异常；不足的，超过{last} 5 倍或不到五分之一的为异常。"
        f"{last}为 0、{this}不为 0 的，增减率写“{NEW}”。"
    )


def _nothing(summary: Summary) -> Sheet:
    name = compared_name(summary)
    return Sheet(
        name=name,
        items=(
            Item(0, 0, name, "heading"),
            Item(2, 0, no_last_period(summary), "wrap"),
        ),
        widths={0: 110},
        heights={0: 24, 2: 40},
        landscape=True,
        protected=False,
    )


def _basis(summary: Summary) -> str:
    known = [unit for unit in summary.units if summary.last_period.get(unit.code)]
    both = sum(unit.code in summary.counted for unit in known)
    often = summary.form.frequency
    this = often.this
    return (
        f"有{often.last_figures}的单位 {len(known)} 个，其中{this}计入的 {both} 个；"
        f"“可比单位”是{this}计入、{often.both}这一项都有数的单位，增减只比这些单位，"
        "随“明细”的“计入”变化。“全部”是全部计入单位的合计，与各表相同。"
        f"单位并入、更名的，{often.last}的数按现在的单位相加；最后一列是{often.last}本级报出的"
        "合计，不随名录变动。"
    )


def _line(summary: Summary, row: int, cell: Cell, odd: Cells) -> Iterator[Item]:
    at, style, spot = row + 1, f"line_{grid(cell)}", named(summary, cell.id)
    units, now, then = comparable(summary, cell.id)
    d, e, f = units.at(f"D{at}"), now.at(f"E{at}"), then.at(f"F{at}")
    gap = if_any(d, round_(e - f, DECIMALS))
    g = gap.at(f"G{at}")
    rate = if_(f.same(0), if_(e.same(0), NOTHING, NEW), round_(g / f, 4))
    doubled = max_(e, f) > live(2) * min_(e, f)
    mark = if_(and_(abs_(g) >= SMALL, doubled), if_(g > 0, UP, DOWN), "")
    contents = (
        official(summary, cell.id), units, now, then, gap, if_any(d, rate),
        if_any(d, mark), countif(odd, Live(f"A{at}", spot)),
    )  # fmt: skip
    looks = (
        style, "line_count", style, f"line_last_{grid(cell)}", style, "line_percent",
        "line_centre", "line_count",
    )  # fmt: skip
    yield Item(row, SPOT, spot, "line")
    yield Item(row, NAME, cell.name, "line")
    yield Item(
        row, PUBLISHED, summary.published.get(cell.id), f"line_last_{grid(cell)}"
    )
    for column, (content, look) in enumerate(zip(contents, looks, strict=True), ALL):
        yield Item(row, column, content.formula, look)


def comparable(summary: Summary, cell: str) -> tuple[Live, Live, Live]:
    """How many counted units have a number in both years, and their two sums."""
    on, now = switch(summary), figures(summary, cell)
    then, row = figures_before(summary, cell), TOP + summary.form.positions[cell]
    units = sumproduct(on, isnumber(now) * isnumber(then))
    this_year = sumproduct(on, isnumber(then) * 1, now)
    last_period = sumproduct(on, isnumber(now) * 1, then)
    there = units.at(f"D{row + 1}")
    return (
        units,
        if_any(there, round_(this_year, DECIMALS)),
        if_any(there, round_(last_period, DECIMALS)),
    )
