"""分类进度: who stands where, by type of unit and by branch of the tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_builder.model.finding import Verdict
from workbook_builder.model.summary import MISSING, Summary
from workbook_builder.model.times import on_time_share
from workbook_builder.model.unit import Unit
from workbook_builder.outputs.summary.parts import (
    GROUPS,
    LIST_TOP,
    PROGRESS,
    clipped,
    list_range,
)
from workbook_builder.outputs.summary.progress import (
    LATE,
    ON_TIME,
    STATE,
    TIMELY,
    TYPE,
    UNKNOWN,
    timeliness,
)
from workbook_builder.workbook.plan import Content, Formula, Item, Sheet

STATES = (
    *(Verdict.ACCEPTED.text.zh, Verdict.NEEDS_EXPLANATION.text.zh),
    *(Verdict.REJECTED.text.zh, MISSING),
)
HEADS = ("应报", *STATES, ON_TIME, LATE, "按时率")
WIDTHS = (40, *[10] * len(HEADS))
TOP = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Some units, and the formula that counts those with a text in a column."""

    name: str
    units: Sequence[Unit]
    rows: tuple[int, int]
    """First and last place in 进度 that is looked at."""
    by_type: bool


def groups_sheet(summary: Summary) -> Sheet:
    """Live counts over 进度."""
    items = [
        Item(0, 0, "分类进度", "heading", columns=len(WIDTHS)),
        Item(
            1, 0, "按单位类型和按层级；数字随“进度”变化。", "small", columns=len(WIDTHS)
        ),
    ]
    row = TOP
    for title, groups in (
        ("按单位类型", list(_types(summary))),
        ("按层级（含本级和全部下级）", list(_branches(summary))),
    ):
        if not groups:
            continue
        items.append(Item(row, 0, title, "head"))
        items += [Item(row, at, head, "head") for at, head in enumerate(HEADS, 1)]
        for at, group in enumerate(groups, row + 1):
            items += _line(summary, at, group)
        row += len(groups) + 2
    return Sheet(
        name=GROUPS,
        items=tuple(items),
        widths=dict(enumerate(WIDTHS)),
        heights={0: 24},
        landscape=True,
        repeat_rows=(0, 1),
        freeze=(2, 1),
        protected=False,
    )


def _types(summary: Summary) -> Iterator[Group]:
    everywhere = (0, max(0, len(summary.units) - 1))
    for type_ in dict.fromkeys(unit.type or UNKNOWN for unit in summary.units):
        units = [unit for unit in summary.units if (unit.type or UNKNOWN) == type_]
        yield Group(type_, units, everywhere, by_type=True)


def _branches(summary: Summary) -> Iterator[Group]:
    for unit in summary.roster.in_tree_order:
        rows = summary.branches.get(unit.code)
        if unit.code in summary.roster.children and rows is not None:
            units = summary.units[rows[0] : rows[1] + 1]
            depth = sum(1 for _ in summary.roster.above(unit.code)) - 1
            yield Group("　" * depth + unit.name, units, rows, by_type=False)


def _line(summary: Summary, row: int, group: Group) -> Iterator[Item]:
    yield Item(row, 0, clipped(group.name), "line")
    contents: list[Content] = [_count(row, group, TYPE, None, len(group.units))]
    for state in STATES:
        known = sum(summary.state(unit) == state for unit in group.units)
        contents.append(_count(row, group, STATE, state, known))
    times = [timeliness(summary, summary.punctual.get(u.code)) for u in group.units]
    contents += [
        _count(row, group, TIMELY, word, times.count(word)) for word in (ON_TIME, LATE)
    ]
    for column, content in enumerate(contents, 1):
        yield Item(row, column, content, "line_count")
    at, on_time = row + 1, times.count(ON_TIME)
    rate = on_time_rate(summary, (f"G{at}", on_time), (f"B{at}", len(group.units)))
    yield Item(row, len(HEADS), rate, "line_percent")


def on_time_rate(
    summary: Summary, on_time: tuple[str, int], units: tuple[str, int]
) -> Formula | None:
    """按时报送率, live, from two counts each with its formula; None without deadline."""
    if summary.campaign.deadline is None:
        return None
    (some, of_some), (all_, of_all) = on_time, units
    text = f"IF({some}={all_},1,MIN(ROUND({some}/{all_},3),0.999))"
    share = on_time_share(of_some, of_all)
    return Formula(f'=IF({all_}=0,"",{text})', "" if share is None else share)


def _count(
    row: int, group: Group, column: int, word: str | None, result: int
) -> Formula:
    first, last = group.rows
    area = list_range(column, last - first + 1, PROGRESS, LIST_TOP + first)
    if not group.by_type:
        text = f'COUNTIF({area},"{word}")' if word else f"COUNTA({area})"
        return Formula(f"={text}", result)
    types = list_range(TYPE, last - first + 1, PROGRESS, LIST_TOP + first)
    same = f"({types}=$A{row + 1})"
    text = f'{same}*({area}="{word}")' if word else f"{same}*1"
    return Formula(f"=SUMPRODUCT({text})", result)
