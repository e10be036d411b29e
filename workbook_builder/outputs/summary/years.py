"""同比: this period beside the one before, cell by cell, and what must carry over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from workbook_builder.language.formula import sheet_prefix
from workbook_builder.model.form import Cell
from workbook_builder.model.summary import Compared, Summary
from workbook_builder.outputs.summary.carried import carried_items
from workbook_builder.outputs.summary.parts import (
    BEFORE,
    DECIMALS,
    MAX_HEIGHT,
    OUTLIERS,
    YEARS,
    detail_range,
    figure_column,
    grid,
    list_range,
    row_height,
    switch,
)
from workbook_builder.rules.outliers import ENOUGH, SMALL
from workbook_builder.workbook.place import place
from workbook_builder.workbook.plan import (
    Area,
    Content,
    Formula,
    Highlight,
    Item,
    Sheet,
)

WIDTHS = (11, 48, 12, 9, 12, 12, 12, 10, 9, 9)
TOP = 5
SPOT, NAME, ALL, UNITS, NOW, THEN, GAP, PERCENT, MARK, ODD = range(10)
NEW, NOTHING, UP, DOWN = "新增", "—", "▲ 大增", "▼ 大减"
NO_LAST_PERIOD = (
    "没有上年数，不作比较。把上年任务的 results/facts.csv（或上年收到的报送表）"
    "放进 last-year 文件夹，重新汇总即有。"
)


def years_sheet(summary: Summary) -> Sheet:
    """Live sums over 明细 and 上年明细; without last year a sentence."""
    if not summary.has_last_period:
        return _nothing()
    year = summary.campaign.year
    heads = (
        "单元格", "指标", f"{year}年\n全部", "可比\n单位数", f"{year}年\n可比单位",
        f"{year - 1}年\n可比单位", "增减", "增减率", "标记", "异常\n单位数",
    )  # fmt: skip
    cells = list(summary.form.cells.values())
    items = [
        Item(0, 0, f"同比：{year}年与{year - 1}年", "heading", columns=len(WIDTHS)),
        Item(1, 0, _basis(summary), "small", columns=len(WIDTHS)),
        Item(2, 0, RULE, "small", columns=len(WIDTHS)),
        *(Item(TOP - 1, column, head, "head") for column, head in enumerate(heads)),
    ]
    for row, cell in enumerate(cells, TOP):
        items += _line(summary, row, cell)
    last = TOP + len(cells) - 1
    carried = carried_items(summary, last + 2)
    across = sum(WIDTHS)
    mark = f"$I{TOP + 1}"
    return Sheet(
        name=YEARS,
        items=(*items, *carried),
        widths=dict(enumerate(WIDTHS)),
        heights={
            0: 24,
            1: row_height([(_basis(summary), across)], 14),
            2: row_height([(RULE, across)], 14),
            TOP - 1: 34,
            last + 3: 34,
            **{
                row: min(MAX_HEIGHT, row_height([(cell.name, WIDTHS[NAME])], 14, 18))
                for row, cell in enumerate(cells, TOP)
            },
        },
        highlights=(
            Highlight(
                Area(TOP, MARK, last, MARK),
                f'OR({mark}="{UP}",{mark}="{DOWN}")',
                "open",
            ),
            Highlight(Area(TOP, ODD, last, ODD), f"$J{TOP + 1}>0", "open"),
        ),
        landscape=True,
        repeat_rows=(TOP - 1, TOP - 1),
        freeze=(TOP, 2),
        filter=Area(TOP - 1, 0, last, len(WIDTHS) - 1),
        protected=False,
    )


#: How things are marked, as it stands on the sheet.
RULE = (
    f"标记：可比单位的合计相差 {SMALL} 以上，而且是上年的 2 倍以上（{UP}）或不到一半（{DOWN}）。"
    f"异常单位：两年相差 {SMALL} 以上，变化又明显不同于其他单位，名单见“{OUTLIERS}”。"
    "变化＝ln(本年＋1)−ln(上年＋1)；"
    f"有 {ENOUGH} 个以上可比单位时，离中位数超过 3.5×1.4826×中位绝对偏差（MAD，"
    "1.4826×MAD 至少按 0.2）的为异常；不足的，超过上年 5 倍或不到五分之一的为异常。"
    f"上年为 0、本年不为 0 的，增减率写“{NEW}”。"
)


def _nothing() -> Sheet:
    return Sheet(
        name=YEARS,
        items=(
            Item(0, 0, "同比", "heading"),
            Item(2, 0, NO_LAST_PERIOD, "wrap"),
        ),
        widths={0: 110},
        heights={0: 24, 2: 40},
        landscape=True,
        protected=False,
    )


def _basis(summary: Summary) -> str:
    known = [unit for unit in summary.units if summary.last_period.get(unit.code)]
    both = sum(unit.code in summary.counted for unit in known)
    return (
        f"有上年数的单位 {len(known)} 个，其中本年计入的 {both} 个；"
        "“可比单位”是本年计入、两年这一格都有数的单位，增减只比这些单位，"
        "随“明细”的“计入”变化。“全部”是全部计入单位的合计，与各表相同。"
    )


def _line(summary: Summary, row: int, cell: Cell) -> Iterator[Item]:
    spot = place(summary.form).cells[cell.id]
    known = summary.comparison.cells[cell.id]
    style = f"line_{grid(cell)}"
    total: Decimal | str = summary.totals.get(cell.id, "")
    yield Item(row, SPOT, f"{spot.sheet} {spot.address}", "line")
    yield Item(row, NAME, cell.name, "line")
    yield Item(
        row, ALL, Formula(f"={sheet_prefix(spot.sheet)}{spot.address}", total), style
    )
    contents = _formulas(summary, row, cell.id, known)
    styles = (
        "line_count", style, f"line_last_{grid(cell)}", style, "line_percent",
        "line_centre", "line_count",
    )  # fmt: skip
    for column, (content, look) in enumerate(zip(contents, styles, strict=True), UNITS):
        yield Item(row, column, content, look)


def _formulas(
    summary: Summary, row: int, cell: str, known: Compared
) -> Sequence[Content]:
    column = figure_column(summary, cell)
    now, then = (
        detail_range(summary, column),
        detail_range(summary, column, None, BEFORE),
    )
    on, at = switch(summary), row + 1
    there = f"SUMPRODUCT({on},ISNUMBER({now})*ISNUMBER({then}))"
    this_year = f"SUMPRODUCT({on},ISNUMBER({then})*1,{now})"
    last_period = f"SUMPRODUCT({on},ISNUMBER({now})*1,{then})"
    d, e, f, g = f"D{at}", f"E{at}", f"F{at}", f"G{at}"
    rate = f'IF({f}=0,IF({e}=0,"{NOTHING}","{NEW}"),ROUND({g}/{f},4))'
    mark = (
        f"IF(AND(ABS({g})>={SMALL},MAX({e},{f})>2*MIN({e},{f})),"
        f'IF({g}>0,"{UP}","{DOWN}"),"")'
    )
    odd = list_range(2, len(summary.comparison.odd), OUTLIERS)
    return (
        Formula(f"={there}", known.units),
        Formula(
            _unless(d, f"ROUND({this_year},{DECIMALS})"), _result(known, known.now)
        ),
        Formula(
            _unless(d, f"ROUND({last_period},{DECIMALS})"), _result(known, known.then)
        ),
        Formula(_unless(d, f"ROUND({e}-{f},{DECIMALS})"), _result(known, known.gap)),
        Formula(_unless(d, rate), _result(known, percent(known))),
        Formula(_unless(d, mark), _result(known, marked(known))),
        Formula(f"=COUNTIF({odd},A{at})", known.outliers),
    )


def _unless(units: str, text: str) -> str:
    return f'=IF({units}=0,"",{text})'


def _result(known: Compared, value: Decimal | str) -> Decimal | str:
    return value if known.units else ""


def percent(known: Compared) -> Decimal | str:
    """The change in parts of last year, to four decimals; words where that was 0."""
    if known.then == 0:
        return NEW if known.now else NOTHING
    return (known.gap / known.then).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def marked(known: Compared) -> str:
    """Whether the sum of all comparable units doubled or halved."""
    low, high = sorted((known.now, known.then))
    if abs(known.gap) < SMALL or high <= 2 * low:
        return ""
    return UP if known.gap > 0 else DOWN
