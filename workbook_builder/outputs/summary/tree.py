"""层级: the totals of every branch, and the figures a branch sent in itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from workbook_builder.language.formula import Formulas
from workbook_builder.model.form import Cell
from workbook_builder.model.layout import Place, column_letters
from workbook_builder.model.standing import Absence
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Unit
from workbook_builder.outputs.summary.large import come_to, lists_units
from workbook_builder.outputs.summary.parts import (
    DECIMALS,
    ON_SCREEN,
    PROGRESS,
    TREE,
    WIDE,
    added,
    clipped,
    grid,
    known,
    listed,
    named,
    switch,
    total,
)
from workbook_builder.outputs.summary.progress import STATE, absent, due, held
from workbook_builder.workbook.live import (
    Live,
    count,
    counta,
    countif,
    if_,
    live,
    round_,
    sum_,
    sumproduct,
)
from workbook_builder.workbook.place import place
from workbook_builder.workbook.plan import (
    Area,
    Content,
    FigureBlock,
    Highlight,
    Item,
    Sheet,
)

HEADS = ("单位代码", "单位名称", "层级", "应报", "已报", "计入", "口径")
WIDTHS = (14, 34, 6, 7, 7, 7, 10)
FIRST = len(HEADS)
TOP = 4
#: What a line holds: what was added up, what the node sent in, and the difference.
SUM, OWN, GAP = "合计", "本级上报", "差额"
NOTE = (
    "每个有下级的单位一行：本级和全部下级中计入的单位之和，随“明细”的“计入”变化。"
    "本级另外报来上报表的，只作核对、不计入：“差额”＝本级上报 − 合计，不为 0 的标红。"
)


def tree_sheet(summary: Summary) -> Sheet:
    """Live: the units of a branch stand together in 明细."""
    cells = list(summary.form.cells.values())
    nodes = [
        u for u in summary.roster.in_tree_order if u.code in summary.roster.children
    ]
    items = [
        Item(0, 0, "层级：各级合计（含下级）", "heading", columns=FIRST),
        Item(1, 0, f"{NOTE}{ON_SCREEN}", "small", columns=FIRST),
        *(Item(TOP - 1, column, head, "head") for column, head in enumerate(HEADS)),
        *_heads(summary, cells),
    ]
    blocks: list[FigureBlock] = []
    row = TOP
    for unit in nodes:
        for line in _node(summary, unit, cells, row):
            items += line.items
            blocks += line.blocks
            row += 1
    if not nodes:
        items.append(Item(TOP, 0, "名录里没有上下级关系。", "line", columns=FIRST))
    last = max(TOP, row - 1)
    figures = Area(TOP, FIRST, last, FIRST + len(cells) - 1)
    first = f"{column_letters(FIRST)}{TOP + 1}"
    wrong = f'IF($G{TOP + 1}="{GAP}",IF(ISNUMBER({first}),{first}<>0,FALSE),FALSE)'
    return Sheet(
        name=TREE,
        items=tuple(items),
        blocks=tuple(blocks),
        widths={
            **dict(enumerate(WIDTHS)),
            **dict.fromkeys(range(FIRST, FIRST + len(cells)), 12),
        },
        heights={0: 24, 1: 48, TOP - 1: 78},
        highlights=(Highlight(figures, wrong, "bad"),),
        landscape=True,
        pages_wide=WIDE,
        repeat_rows=(TOP - 2, TOP - 1),
        repeat_columns=(0, 1),
        freeze=(TOP, 2),
        filter=Area(TOP - 1, 0, last, FIRST + len(cells) - 1),
        protected=False,
        grid=True,
    )


def _heads(summary: Summary, cells: Sequence[Cell]) -> Iterator[Item]:
    for column, cell in enumerate(cells, FIRST):
        yield Item(TOP - 2, column, named(summary, cell.id), "small")
        yield Item(TOP - 1, column, cell.name, "head")


def _node(
    summary: Summary, unit: Unit, cells: Sequence[Cell], row: int
) -> Iterator[_Line]:
    """One line, or three where the node sent in a sum of its own."""
    branch = summary.branches.get(unit.code)
    whose = _whose(summary, unit, row, branch)
    sums = [live("")] * len(cells)
    contents: list[Content] = [None] * len(cells)
    if branch is not None:
        formulas = _formulas(summary, row)
        sums = [_sum(summary, formulas, unit, cell) for cell in cells]
        contents = [each.formula for each in sums]
    yield _line(row, [*whose, SUM], contents, cells, "line_total")
    if unit.code not in summary.controls:
        return
    own = summary.standing[unit.code].facts
    figures = [own[cell.id].number if own else None for cell in cells]
    same: list[Content] = [clipped(unit.code), clipped(unit.name), *[None] * 4]
    yield _line(row + 1, [*same, OWN], figures, cells, "line")
    letters = (column_letters(FIRST + at) for at in range(len(cells)))
    gaps: list[Content] = [
        _gap(each.at(f"{at}{row + 1}"), Live(f"{at}{row + 2}", figure))
        for at, each, figure in zip(letters, sums, figures, strict=True)
    ]
    yield _line(row + 2, [*same, GAP], gaps, cells, "line")


def _whose(
    summary: Summary, unit: Unit, row: int, branch: tuple[int, int] | None
) -> list[Content]:
    level = sum(1 for _ in summary.roster.above(unit.code))
    counts: list[Content] = [0, 0, 0]
    if branch is not None:
        units = counta(listed(PROGRESS, 0, [u.code for u in summary.units], branch))
        states = listed(
            PROGRESS, STATE, [state.word for state in summary.states], branch
        )
        accepted = countif(switch(summary, branch), 1)
        returned = units.at(f"D{row + 1}") - absent(states)
        if summary.is_through_levels:
            whole = held(summary, branch)
            missing = states.same(Absence.MISSING.word) * whole
            units = sum_(due(summary, branch))
            returned = sum_(whole) - sumproduct(missing)
            accepted = sumproduct(switch(summary, branch), whole)
        counts = [units.formula, returned.formula, accepted.formula]
    return [clipped(unit.code), clipped(unit.name), level, *counts]


@dataclass(frozen=True, slots=True)
class _Line:
    """Whose it is, and its figures, of which there may be hundreds for each of thousands
    of units."""

    items: tuple[Item, ...]
    blocks: tuple[FigureBlock, ...]


def _line(
    row: int,
    whose: Sequence[Content],
    figures: Sequence[Content],
    cells: Sequence[Cell],
    style: str,
) -> _Line:
    bold = style == "line_total"
    items = (
        Item(row, column, content, _look(column, bold))
        for column, content in enumerate(whose)
    )
    return _Line(tuple(items), tuple(_blocks(row, figures, cells, style)))


def _blocks(
    row: int, figures: Sequence[Content], cells: Sequence[Cell], style: str
) -> Iterator[FigureBlock]:
    """The figures of a line, in blocks of those that look alike."""
    at = 0
    for kind, alike in groupby(cells, grid):
        end = at + sum(1 for _ in alike)
        rows = (tuple(figures[at:end]),)
        yield FigureBlock(row, FIRST + at, rows, f"{style}_{kind}")
        at = end


def _look(column: int, bold: bool) -> str:
    if 2 <= column < FIRST - 1:
        return "line_total_count" if bold else "line_count"
    return "line_bold" if bold else "line"


def _sum(summary: Summary, formulas: Formulas, unit: Unit, cell: Cell) -> Live:
    if cell.id in summary.form.computed:
        return total(formulas, cell.id, summary.node_totals[unit.code])
    if not lists_units(summary):
        return come_to(summary.node_totals[unit.code], cell.id)
    rows = summary.branches[unit.code]
    return added(summary, cell.id, known(summary, cell.id, rows), rows)


def _formulas(summary: Summary, row: int) -> Formulas:
    """The form's own formulas over the figures of one line of this sheet."""
    here = {
        id_: Place(TREE, row, FIRST + at) for id_, at in summary.form.positions.items()
    }
    layout = replace(place(summary.form), cells=here)
    return Formulas(summary.form, layout, TREE)


def _gap(above: Live, below: Live) -> Content:
    both = count(above, below).same(2)
    return if_(both, round_(below - above, DECIMALS), "").formula
