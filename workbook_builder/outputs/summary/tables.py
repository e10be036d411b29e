"""表二, 表三, 表四: the official tables, every figure a live sum over 明细."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbook_builder.language.formula import Formulas
from workbook_builder.model.form import Cell, Kind, Table
from workbook_builder.model.layout import Place
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.parts import (
    CODE,
    DECIMALS,
    DETAIL,
    KNOWN_ROW,
    detail_range,
    figure_column,
    grid,
    heading,
    switch,
)
from workbook_builder.workbook.place import DECLARATION_ROW, META_ROW, place
from workbook_builder.workbook.plan import Formula, Item, Sheet
from workbook_builder.workbook.sheets.table import label_heights, label_item


def official_sheet(summary: Summary, table: Table) -> Sheet:
    """As printed; each input is a sum over 明细, each total the form's own.

    A cell nobody has a number for is empty, and so is a total with such a part.
    """
    layout = place(summary.form)
    boxes = [box for box in layout.boxes if box.place.sheet == table.sheet]
    across = len(table.widths)
    return Sheet(
        name=table.sheet,
        items=(
            *(label_item(box, table) for box in boxes),
            Item(META_ROW, 0, heading(summary), "meta", columns=across),
            Item(DECLARATION_ROW, 0, counted(summary), "meta", columns=across),
            *_figures(summary, table),
        ),
        widths=dict(enumerate(table.widths)),
        heights=label_heights(boxes, table),
        landscape=table.landscape,
    )


def counted(summary: Summary) -> Formula:
    """“计入 8 个单位，应报 12 个”, live."""
    added, units = switch(summary), len(summary.units)
    codes = detail_range(summary, CODE)
    return Formula(
        f'="计入 "&COUNTIF({added},1)&" 个单位，应报 "&COUNTA({codes})'
        '&" 个；有空格的格，有数的单位数见“明细”第 3 行"',
        f"计入 {len(summary.counted)} 个单位，应报 {units} 个"
        "；有空格的格，有数的单位数见“明细”第 3 行",
    )


def _figures(summary: Summary, table: Table) -> Iterator[Item]:
    layout = place(summary.form)
    formulas = Formulas(summary.form, layout, table.sheet)
    for cell in summary.form.table_cells(table.id):
        spot = layout.cells[cell.id]
        kind = "total" if cell.kind is Kind.TOTAL else "sum"
        yield Item(
            spot.row,
            spot.column,
            _sum(summary, formulas, cell),
            f"{kind}_{grid(cell)}",
            columns=layout.spans.get(cell.id, 1),
        )


def _sum(summary: Summary, formulas: Formulas, cell: Cell) -> Formula:
    total: Decimal | str = summary.totals.get(cell.id, "")
    if cell.kind is Kind.TOTAL:
        return Formula(formulas.added(cell.id), total)
    column = figure_column(summary, cell.id)
    known = formulas.ref(Place(DETAIL, KNOWN_ROW, column))
    added = f"SUMPRODUCT({switch(summary)},{detail_range(summary, column)})"
    return Formula(f'=IF({known}=0,"",ROUND({added},{DECIMALS}))', total)
