"""分类进度: who stands where, by type of unit and by branch of the tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbook_builder.model.layout import column_letters
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.parts import (
    GROUPS,
    PROGRESS,
    Rows,
    clipped,
    if_any,
    listed,
)
from workbook_builder.outputs.summary.progress import (
    LATE,
    ON_TIME,
    STATE,
    TIMELY,
    TYPE,
    UNKNOWN,
    times,
)
from workbook_builder.workbook.live import (
    Live,
    counta,
    countif,
    if_,
    min_,
    round_,
    sumproduct,
)
from workbook_builder.workbook.plan import Content, Item, Sheet

TOP = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Units to count: those of a type, or those of a branch."""

    name: str
    rows: Rows
    """First and last place in 进度 that is looked at."""
    by_type: bool


def groups_sheet(summary: Summary) -> Sheet:
    """Live counts over 进度."""
    heads = ("应报", *(word for _, word in _words(summary)), "按时率")
    widths = (40, *[10] * len(heads))
    items = [
        Item(0, 0, "分类进度", "heading", columns=len(widths)),
        Item(
            1, 0, "按单位类型和按层级；数字随“进度”变化。", "small", columns=len(widths)
        ),
    ]
    board = {
        TYPE: [unit.type or UNKNOWN for unit in summary.units],
        STATE: [state.word for state in summary.states],
        TIMELY: times(summary),
    }
    row = TOP
    for title, groups in (
        ("按单位类型", list(_types(summary))),
        ("按层级（含本级和全部下级）", list(_branches(summary))),
    ):
        if not groups:
            continue
        items.append(Item(row, 0, title, "head"))
        items += [Item(row, at, head, "head") for at, head in enumerate(heads, 1)]
        for at, group in enumerate(groups, row + 1):
            items += _line(summary, at, group, board)
        row += len(groups) + 2
    return Sheet(
        name=GROUPS,
        items=tuple(items),
        widths=dict(enumerate(widths)),
        heights={0: 24},
        landscape=True,
        repeat_rows=(0, 1),
        freeze=(2, 1),
        protected=False,
    )


def _words(summary: Summary) -> tuple[tuple[int, str], ...]:
    """Columns of 进度, and a word that is counted in each."""
    states = ((STATE, state.word) for state in summary.possible_states)
    return (*states, (TIMELY, ON_TIME), (TIMELY, LATE))


def _types(summary: Summary) -> Iterator[Group]:
    for type_ in dict.fromkeys(unit.type or UNKNOWN for unit in summary.units):
        yield Group(type_, None, by_type=True)


def _branches(summary: Summary) -> Iterator[Group]:
    for unit in summary.roster.in_tree_order:
        rows = summary.branches.get(unit.code)
        if rows is not None:
            depth = sum(1 for _ in summary.roster.above(unit.code)) - 1
            yield Group("　" * depth + unit.name, rows, by_type=False)


def _line(
    summary: Summary, row: int, group: Group, board: Mapping[int, Sequence[str]]
) -> Iterator[Item]:
    at, types = row + 1, listed(PROGRESS, TYPE, board[TYPE], group.rows)
    alike = types.same(Live(f"$A{at}", group.name)) if group.by_type else None
    counts = [counta(types) if alike is None else sumproduct(alike * 1)]
    for column, word in _words(summary):
        cells = listed(PROGRESS, column, board[column], group.rows)
        counts.append(
            countif(cells, word)
            if alike is None
            else sumproduct(alike * cells.same(word))
        )
    timely = column_letters(len(counts) - 1)
    rate = on_time_rate(summary, counts[-2].at(f"{timely}{at}"), counts[0].at(f"B{at}"))
    yield Item(row, 0, clipped(group.name), "line")
    for column, content in enumerate(counts, 1):
        yield Item(row, column, content.formula, "line_count")
    yield Item(row, len(counts) + 1, rate, "line_percent")


def on_time_rate(summary: Summary, on_time: Live, units: Live) -> Content:
    """按时报送率; 1 means all of them. None without a deadline."""
    if summary.campaign.deadline is None:
        return None
    share = min_(round_(on_time / units, 3), Decimal("0.999"))
    return if_any(units, if_(on_time.same(units), 1, share)).formula
