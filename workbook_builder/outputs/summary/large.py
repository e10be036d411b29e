"""What 汇总.xlsx leaves to the data files where the units are very many.

A workbook of tens of thousands of units opens on no office computer. Then the sheets that
have a line for each unit, file or finding are left out, and what other sheets computed
from them stands as the number it came to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial

from workbook_builder.language.spelling import sheet_prefix
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.parts import (
    DETAIL,
    EXPLANATIONS,
    FILES,
    FINDINGS,
    OVERVIEW,
    PROGRESS,
    before_name,
)
from workbook_builder.workbook.live import Live
from workbook_builder.workbook.plan import Content, Formula, Item, Link, Sheet

#: Units of which each has its lines in the workbook: making them takes some 50 KB each.
MOST = 3000

#: What is said of live figures → what is said of those that are not.
_SAID = {
    "随“明细”的“计入”变化": "是汇总时的数",
    "数字随“进度”变化": "数字是汇总时的",
    "；有未填的，有数的单位数见“明细”第 3 行": "",
}


def lists_units(summary: Summary) -> bool:
    """Whether the workbook has lines for each unit."""
    return len(summary.units) <= MOST


def left_out(summary: Summary) -> tuple[str, ...]:
    """The sheets that are not there."""
    listed = (PROGRESS, FINDINGS, EXPLANATIONS, FILES, DETAIL, before_name(summary))
    return () if lists_units(summary) else listed


def come_to(sums: Mapping[str, Decimal], cell: str) -> Live:
    """What a figure comes to, where nothing it could be added up from is there; it stands
    as a number (:func:`standing_alone`)."""
    return Live(f"{sheet_prefix(DETAIL)}A1", sums.get(cell, ""))


def what_is_left(summary: Summary) -> tuple[str, ...]:
    """Where to find it, a line each."""
    listed = "".join(f"“{name}”" for name in left_out(summary))
    return (
        f"单位有 {len(summary.units):,} 个，超过 {MOST:,} 个：逐个列出的表（{listed}）"
        "不在本工作簿里，在同一文件夹（results）的这些文件里：",
        "每个单位的状态、报送时间：进度.html（浏览器打开）",
        "每个单位的每个数：facts.csv；报告首部和文字：fields.csv；问题和说明：findings.csv",
        "以上各项，用程序查询的：facts.sqlite（单位、文件、数、合计、问题）",
        "本工作簿的合计是汇总时的数。要不计入某个单位，请在审核页或用 decide 记下决定，再汇总。",
    )


def standing_alone(summary: Summary, sheet: Sheet) -> Sheet:
    """The sheet without references to those that are left out."""
    gone = left_out(summary)
    if not gone:
        return sheet
    prefixes = tuple(sheet_prefix(name) for name in (*gone, OVERVIEW))
    still = partial(_still, gone, prefixes)
    blocks = (
        replace(each, rows=[tuple(map(still, row)) for row in each.rows])
        for each in sheet.blocks
    )
    return replace(sheet, items=tuple(_items(sheet, still)), blocks=tuple(blocks))


def _items(sheet: Sheet, still: Callable[[Content], Content]) -> Iterator[Item]:
    for item in sheet.items:
        content = still(item.content)
        yield item if content is item.content else replace(item, content=content)


def _still(
    gone: tuple[str, ...], prefixes: tuple[str, ...], content: Content
) -> Content:
    """What stands in a cell, without references to what is gone."""
    said = content
    if isinstance(said, Formula) and any(p in said.text for p in prefixes):
        result = said.result
        said = int(result) if isinstance(result, bool) else result
    if isinstance(said, Link) and said.sheet in gone:
        said = said.text
    if isinstance(said, str):
        for live, still in _SAID.items():
            said = said.replace(live, still)
    return None if said == "" and said is not content else said
