"""汇总.xlsx: the official tables as live sums over one row for each unit.

明细 has a switch 计入 for each unit; the tables follow it. Stored results are true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from workbook_builder.excel.formula import Formulas
from workbook_builder.excel.place import place
from workbook_builder.excel.plan import (
    Area,
    Book,
    Content,
    Formula,
    Highlight,
    Item,
    Link,
    Sheet,
    Validation,
)
from workbook_builder.excel.sheets.fit import height
from workbook_builder.excel.sheets.table import label_heights, label_item
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.decision import Decided
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Cell, Form, Kind, Table
from workbook_builder.model.layout import column_letters
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.rules.tally import Node

OVERVIEW, DETAIL, FILES, FINDINGS, TREE = "概览", "明细", "报送文件", "问题清单", "层级"
MISSING = "未报"

#: 明细: rows of the head, and the columns before the figures.
DETAIL_TOP = 4
CODE, NAME, TYPE, COUNTED = range(4)
FIRST_FIGURE = 4


@dataclass(frozen=True)
class Summary:
    """What 汇总.xlsx is made from.

    ``standing`` holds, for each unit that returned something, the file that counts
    for it, whatever its verdict; ``counted`` are those whose figures are added up.
    """

    form: Form
    campaign: Campaign
    roster: Roster
    submissions: tuple[Submission, ...]
    standing: Mapping[str, Submission]
    counted: Mapping[str, Submission]
    nodes: Mapping[str, Node]
    decisions: tuple[Decided, ...] = ()
    """Every decision of the clerk in order, those that fell away among them."""

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units that report or did, in the order of the roster."""
        return tuple(
            unit
            for unit in self.roster.units
            if self.roster.is_reporting(unit) or unit.code in self.standing
        )

    def state(self, unit: Unit) -> str:
        """Its verdict in Chinese, or 未报."""
        submission = self.standing.get(unit.code)
        return submission.verdict.text.zh if submission else MISSING

    def figure(self, unit: Unit, cell: Cell) -> Decimal | None:
        submission = self.counted.get(unit.code)
        return submission.facts[cell.id].number if submission else None


def summary_book(summary: Summary) -> Book:
    """The district's workbook."""
    campaign = summary.campaign
    return Book(
        sheets=(
            _overview(summary),
            *(_table(summary, table) for table in summary.form.tables),
            _detail(summary),
            _tree(summary),
            _files(summary),
            _findings(summary),
        ),
        title=f"{campaign.year}年{summary.form.title}汇总　{campaign.district}",
        subject=summary.form.authority,
        created=(campaign.year, 12, 31),
    )


def _overview(summary: Summary) -> Sheet:
    """Who has returned what: n of N, and each unit's state."""
    widths = (14, 34, 12, 12, 12, 60)
    returned = sum(unit.code in summary.standing for unit in summary.units)
    items = [
        Item(0, 0, f"{summary.campaign.district}　汇总概览", "title", columns=6),
        Item(1, 0, _heading(summary), "meta", columns=6),
        Item(
            2,
            0,
            f"应报 {len(summary.units)} 个单位，已报 {returned} 个，"
            f"计入汇总 {len(summary.counted)} 个。",
            "status",
            columns=6,
        ),
    ]
    heads = ("单位代码", "单位名称", "单位类型", "状态", "待处理问题", "报送文件")
    items += [Item(4, column, head, "head") for column, head in enumerate(heads)]
    for row, unit in enumerate(summary.units, 5):
        submission = summary.standing.get(unit.code)
        still = sum(f.is_open for f in submission.findings) if submission else None
        contents: tuple[tuple[Content, str], ...] = (
            (unit.code, "line_centre"),
            (unit.name, "line"),
            (unit.type or None, "line_centre"),
            (summary.state(unit), "line_centre"),
            (still, "line_centre"),
            (submission.path if submission else None, "line"),
        )
        items += [Item(row, column, *cell) for column, cell in enumerate(contents)]
    last = max(5, 4 + len(summary.units))
    states = Area(5, 3, last, 3)
    return Sheet(
        name=OVERVIEW,
        items=tuple(items),
        widths=dict(enumerate(widths)),
        heights={0: 30, 2: 24, 4: 22},
        highlights=(
            Highlight(states, f'D6="{Verdict.ACCEPTED.text.zh}"', "good"),
            Highlight(states, f'OR(D6="{MISSING}",D6="待说明")', "open"),
            Highlight(states, 'D6="退回"', "bad"),
        ),
        landscape=True,
        repeat_rows=(0, 4),
        freeze=(5, 2),
        filter=Area(4, 0, last, 5),
        protected=False,
    )


def _heading(summary: Summary) -> str:
    return (
        f"统计年度：{summary.campaign.year}年　　"
        f"格式：{summary.form.authority}　　任务：{summary.campaign.id}"
    )


def _table(summary: Summary, table: Table) -> Sheet:
    """An official table; each input is a sum over 明细, each total the form's own."""
    layout = place(summary.form)
    boxes = [box for box in layout.boxes if box.place.sheet == table.sheet]
    formulas = Formulas(summary.form, layout, table.sheet)
    counted, units = len(summary.counted), len(summary.units)
    items = [label_item(box, table) for box in boxes]
    items.append(
        Item(
            1,
            0,
            f"{_heading(summary)}　　计入 {counted}/{units} 个单位",
            "meta",
            columns=len(table.widths),
        )
    )
    for cell in summary.form.table_cells(table.id):
        spot = layout.cells[cell.id]
        kind = "total" if cell.kind is Kind.TOTAL else "sum"
        grid = "count" if cell.type.decimals == 0 else "amount"
        items.append(
            Item(
                spot.row,
                spot.column,
                _sum(summary, formulas, cell),
                f"{kind}_{grid}",
                columns=layout.spans.get(cell.id, 1),
            )
        )
    return Sheet(
        name=table.sheet,
        items=tuple(items),
        widths=dict(enumerate(table.widths)),
        heights=label_heights(boxes, table),
        landscape=table.landscape,
    )


def _sum(summary: Summary, formulas: Formulas, cell: Cell) -> Formula:
    figures = [summary.figure(unit, cell) for unit in summary.units]
    total = sum((figure for figure in figures if figure is not None), Decimal(0))
    if cell.kind is Kind.TOTAL:
        return Formula(f"={formulas.amount(summary.form.totals[cell.id])}", total)
    switch = _detail_range(summary, COUNTED)
    column = _detail_range(summary, _figure_column(summary.form, cell))
    decimals = cell.type.decimals
    return Formula(f"=ROUND(SUMPRODUCT({switch},{column}),{decimals})", total)


def _figure_column(form: Form, cell: Cell) -> int:
    return FIRST_FIGURE + list(form.cells).index(cell.id)


def _detail_range(summary: Summary, column: int) -> str:
    letters = column_letters(column)
    first, last = DETAIL_TOP + 1, DETAIL_TOP + max(1, len(summary.units))
    return f"'{DETAIL}'!${letters}${first}:${letters}${last}"


def _detail(summary: Summary) -> Sheet:
    """One row for each unit, one column for each cell, and the switch 计入."""
    cells = list(summary.form.cells.values())
    layout = place(summary.form)
    items = [
        Item(0, 0, "明细：每个单位一行", "heading", columns=FIRST_FIGURE),
        Item(
            1,
            0,
            "把“计入”改为 0，表二至表四的合计立即不含该单位；改回 1 即恢复。",
            "meta",
            columns=FIRST_FIGURE,
        ),
    ]
    heads = ("单位代码", "单位名称", "状态", "计入")
    items += [Item(DETAIL_TOP - 1, i, head, "head") for i, head in enumerate(heads)]
    items += [Item(DETAIL_TOP - 2, i, None, "head") for i in range(FIRST_FIGURE)]
    for column, cell in enumerate(cells, FIRST_FIGURE):
        table = summary.form.table(cell.table)
        items.append(
            Item(
                DETAIL_TOP - 2,
                column,
                f"{table.sheet} {layout.cells[cell.id].address}",
                "small",
            )
        )
        items.append(Item(DETAIL_TOP - 1, column, cell.name, "head"))
    for row, unit in enumerate(summary.units, DETAIL_TOP):
        items += _detail_row(summary, row, unit, cells)
    last = DETAIL_TOP + len(summary.units) - 1
    return Sheet(
        name=DETAIL,
        items=tuple(items),
        widths={
            **dict(enumerate((14, 30, 10, 7))),
            **dict.fromkeys(range(FIRST_FIGURE, FIRST_FIGURE + len(cells)), 12),
        },
        heights={DETAIL_TOP - 1: 78},
        validations=(
            Validation(
                Area(DETAIL_TOP, COUNTED, max(last, DETAIL_TOP), COUNTED),
                "list",
                "计入",
                "1 计入汇总，0 不计入。",
                "只能填 1 或 0。",
                choices=("1", "0"),
            ),
        ),
        landscape=True,
        pages_wide=0,
        repeat_rows=(DETAIL_TOP - 1, DETAIL_TOP - 1),
        repeat_columns=(0, FIRST_FIGURE - 1),
        freeze=(DETAIL_TOP, FIRST_FIGURE),
        filter=Area(
            DETAIL_TOP - 1, 0, max(last, DETAIL_TOP), FIRST_FIGURE + len(cells) - 1
        ),
        protected=False,
        grid=True,
    )


def _detail_row(
    summary: Summary, row: int, unit: Unit, cells: Sequence[Cell]
) -> Iterator[Item]:
    counted = unit.code in summary.counted
    for column, content in enumerate((unit.code, unit.name, summary.state(unit))):
        yield Item(row, column, content, "line")
    yield Item(row, COUNTED, int(counted), "switch")
    for column, cell in enumerate(cells, FIRST_FIGURE):
        yield Item(row, column, summary.figure(unit, cell), "line_number")


def _tree(summary: Summary) -> Sheet:
    """Totals of every node that has units below it."""
    cells = [cell for cell in summary.form.cells.values() if cell.kind is Kind.INPUT]
    nodes = [
        unit for unit in summary.roster.units if unit.code in summary.roster.children
    ]
    heads = ("单位代码", "单位名称", "应报", "已报", "计入")
    items = [
        Item(0, 0, "层级：各级合计（含下级）", "heading", columns=2),
        *(Item(2, column, head, "head") for column, head in enumerate(heads)),
        *(Item(2, column, cell.name, "head") for column, cell in enumerate(cells, 5)),
    ]
    for row, unit in enumerate(nodes, 3):
        node = summary.nodes[unit.code]
        contents: list[Content] = [
            unit.code, unit.name, node.expected, node.returned, node.accepted,
        ]  # fmt: skip
        contents += [node.totals.get(cell.id) for cell in cells]
        items += [
            Item(row, column, content, "line" if column < 2 else "line_number")
            for column, content in enumerate(contents)
        ]
    return Sheet(
        name=TREE,
        items=tuple(items),
        widths={0: 14, 1: 30, **dict.fromkeys(range(5, 5 + len(cells)), 12)},
        heights={2: 78},
        landscape=True,
        pages_wide=0,
        repeat_columns=(0, 1),
        freeze=(3, 2),
        protected=False,
        grid=True,
    )


def _files(summary: Summary) -> Sheet:
    """Every file of the inbox with its one verdict and the first reason."""
    heads = (
        "文件", "单位代码", "单位名称", "结论", "核对码", "原因", "发件人", "发送时间",
        "sha256",
    )  # fmt: skip
    items = [Item(0, column, head, "head") for column, head in enumerate(heads)]
    heights = {0: 22.0}
    for row, submission in enumerate(summary.submissions, 1):
        stamp = submission.stamp
        reason = submission.reason.zh
        contents = (
            submission.path,
            stamp.unit_code if stamp else "",
            stamp.unit_name if stamp else "",
            submission.verdict.text.zh,
            submission.print_code,
            reason,
            submission.arrival.sender,
            submission.arrival.sent_shown,
            submission.sha256,
        )
        items += [Item(row, i, said or None, "line") for i, said in enumerate(contents)]
        heights[row] = max(20, height(reason, 60, 14), height(submission.path, 44, 14))
    return Sheet(
        name=FILES,
        items=tuple(items),
        widths=dict(enumerate((44, 12, 28, 10, 10, 60, 26, 17, 70))),
        heights=heights,
        landscape=True,
        repeat_rows=(0, 0),
        freeze=(1, 1),
        filter=Area(0, 0, max(1, len(summary.submissions)), len(heads) - 1),
        protected=False,
    )


def _findings(summary: Summary) -> Sheet:
    """Every finding of the files that stand, with a jump to the unit's row."""
    heads = (
        "单位", "代码", "级别", "工作表", "单元格", "问题", "怎么办", "单位说明", "明细",
    )  # fmt: skip
    items = [Item(0, column, head, "head") for column, head in enumerate(heads)]
    heights = {0: 22.0}
    row = 1
    for index, unit in enumerate(summary.units):
        submission = summary.standing.get(unit.code)
        for finding in submission.findings if submission else ():
            contents: tuple[Content, ...] = (
                unit.name,
                finding.code,
                finding.severity.chinese,
                finding.sheet,
                finding.address,
                finding.message.zh,
                finding.remedy.zh,
                finding.explanation,
            )
            items += [Item(row, i, text, "line") for i, text in enumerate(contents)]
            spot = f"A{DETAIL_TOP + index + 1}"
            items.append(
                Item(row, len(contents), Link(DETAIL, spot, "定位"), "line_link")
            )
            heights[row] = max(
                height(finding.message.zh, 56, 14), height(finding.remedy.zh, 44, 14)
            )
            row += 1
    return Sheet(
        name=FINDINGS,
        items=tuple(items),
        widths=dict(enumerate((26, 7, 7, 10, 8, 56, 44, 30, 8))),
        heights=heights,
        landscape=True,
        repeat_rows=(0, 0),
        freeze=(1, 1),
        filter=Area(0, 0, max(1, row - 1), len(heads) - 1),
        protected=False,
    )
