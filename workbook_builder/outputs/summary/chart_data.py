"""图表数据: the live figures under the charts of the overview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook_builder.language.spelling import sheet_prefix
from workbook_builder.model.form import Chart
from workbook_builder.model.layout import Place
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.parts import (
    CHARTS,
    COUNTED,
    DETAIL,
    DETAIL_TOP,
    ON_SCREEN,
    clipped,
    compared_name,
    figure_column,
    official,
)
from workbook_builder.outputs.summary.years import NOW, THEN, comparable
from workbook_builder.outputs.summary.years import TOP as YEARS_TOP
from workbook_builder.workbook.live import Live, sum_
from workbook_builder.workbook.plan import (
    Area,
    Item,
    PlacedChart,
    Series,
    Sheet,
)

MOST_UNITS = 10


@dataclass(frozen=True, slots=True)
class Plotted:
    """One chart's figures: a head for each series, a line for each label."""

    chart: Chart
    heads: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Live, ...]], ...]


def plotted(summary: Summary) -> tuple[Plotted, ...]:
    """The charts the form asks for, without those that have nothing to show."""
    makers = {"parts": _parts, "units": _units, "years": _years}
    found = (makers[chart.kind](summary, chart) for chart in summary.form.charts)
    return tuple(each for each in found if each.lines)


def chart_data_sheet(summary: Summary) -> Sheet:
    """One block below the other; the charts of 概览 are drawn from them."""
    items = [
        Item(0, 0, "图表数据", "heading", columns=3),
        Item(
            1,
            0,
            f"“概览”各图的数据，随“明细”的“计入”变化。{ON_SCREEN}",
            "small",
            columns=3,
        ),
    ]
    for row, each in _placed(summary):
        items.append(Item(row, 0, each.chart.title, "head"))
        items += [Item(row, at, head, "head") for at, head in enumerate(each.heads, 1)]
        for at, (label, values) in enumerate(each.lines, row + 1):
            items.append(Item(at, 0, clipped(label), "line"))
            items += [
                Item(at, column, value.formula, "line_count")
                for column, value in enumerate(values, 1)
            ]
    return Sheet(
        name=CHARTS,
        items=tuple(items),
        widths={0: 46, 1: 14, 2: 14},
        heights={0: 24},
        freeze=(2, 0),
        protected=False,
    )


def charts(
    summary: Summary, row: int, sizes: tuple[tuple[int, int], ...]
) -> tuple[PlacedChart, ...]:
    """The charts two beside each other, from a row of 概览 on."""
    found = []
    for at, (top, each) in enumerate(_placed(summary)):
        last = top + len(each.lines)
        series = tuple(
            Series(head, Area(top + 1, 0, last, 0), Area(top + 1, at_, last, at_))
            for at_, head in enumerate(each.heads, 1)
        )
        down, across = divmod(at, 2)
        width, height = sizes[across]
        corner = (row + down * CHART_ROWS, across * CHART_COLUMNS)
        found.append(
            PlacedChart(*corner, "bar", each.chart.title, CHARTS, series, width, height)
        )
    return tuple(found)


#: Rows and columns of 概览 a chart covers.
CHART_ROWS, CHART_COLUMNS = 15, 4


def _placed(summary: Summary) -> Iterator[tuple[int, Plotted]]:
    row = 3
    for each in plotted(summary):
        yield row, each
        row += len(each.lines) + 2


def _parts(summary: Summary, chart: Chart) -> Plotted:
    if not summary.counted:
        return Plotted(chart, (), ())  # there is no sum of nothing
    groups: dict[str, list[str]] = {}
    for id_ in chart.cells:
        cell = summary.form.cells[id_]
        path = cell.row_labels if chart.labels == "row" else cell.column_labels
        groups.setdefault(_plain(path[chart.level]), []).append(id_)
    lines = tuple(
        (label, (sum_(*(official(summary, id_) for id_ in ids)),))
        for label, ids in groups.items()
    )
    return Plotted(chart, (summary.campaign.period.words,), lines)


def _plain(label: str) -> str:
    """A label without its numbering and without what stands in brackets after it."""
    text = label.split("）", 1)[1] if label.startswith("（") else label
    return text.split("（", 1)[0]


def _units(summary: Summary, chart: Chart) -> Plotted:
    """Which units these are is settled when the results are made; the figures are live."""
    cell = chart.cells[0]
    known = (
        (summary.counted[unit.code].facts[cell].number, at, unit)
        for at, unit in enumerate(summary.units)
        if unit.code in summary.counted
    )
    ranked = sorted(
        (each for each in known if each[0]),
        key=lambda each: -(each[0] or 0),
    )
    lines = []
    for amount, at, unit in ranked[:MOST_UNITS]:
        row, column = DETAIL_TOP + at, figure_column(summary, cell)
        on, figure = _ref(DETAIL, row, COUNTED), _ref(DETAIL, row, column)
        lines.append((unit.name, (Live(on, 1) * Live(figure, amount),)))
    return Plotted(chart, (summary.campaign.period.words,), tuple(lines))


def _years(summary: Summary, chart: Chart) -> Plotted:
    if not summary.has_last_period:
        return Plotted(chart, (), ())
    period = summary.campaign.period
    lines = []
    for id_, name in zip(chart.cells, chart.names, strict=True):
        row = YEARS_TOP + summary.form.positions[id_]
        units, now, then = comparable(summary, id_)
        if units.value:
            before = then.at(_ref(compared_name(summary), row, THEN))
            lines.append(
                (name, (before, now.at(_ref(compared_name(summary), row, NOW))))
            )
    return Plotted(chart, (period.before.words, period.words), tuple(lines))


def _ref(sheet: str, row: int, column: int) -> str:
    return f"{sheet_prefix(sheet)}{Place(sheet, row, column).address}"
