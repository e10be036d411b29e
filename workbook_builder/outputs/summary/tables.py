"""表二, 表三, 表四: the official tables, every figure a live sum over 明细."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workbook_builder.language.formula import Formulas
from workbook_builder.model.form import Cell, Kind, Table
from workbook_builder.model.layout import Place
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.large import come_to, lists_units
from workbook_builder.outputs.summary.parts import (
    CODE,
    DETAIL,
    DETAIL_TOP,
    KNOWN_ROW,
    added,
    figure_column,
    grid,
    heading,
    known,
    listed,
    signature,
    switch,
    total,
)
from workbook_builder.outputs.summary.progress import through_levels
from workbook_builder.workbook.live import counta, countif, live
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
    last = max(box.place.row + box.rows - 1 for box in boxes)
    return Sheet(
        name=table.sheet,
        items=(
            *(label_item(box, table) for box in boxes),
            Item(META_ROW, 0, heading(summary), "whose", columns=across),
            Item(DECLARATION_ROW, 0, counted(summary), "meta", columns=across),
            *_figures(summary, table),
            Item(last + 2, 0, signature(summary), "meta", columns=across),
        ),
        widths=dict(enumerate(table.widths)),
        heights=label_heights(boxes, table),
        landscape=table.landscape,
    )


def counted(summary: Summary) -> Formula:
    """“计入 8 个单位，应报 12 个”, and through all levels, live."""
    codes = listed(DETAIL, CODE, [u.code for u in summary.units], None, DETAIL_TOP)
    said = (
        live("计入 ") & countif(switch(summary), 1) & " 个单位，应报 " & counta(codes)
    )
    said = said & " 个"
    if summary.is_through_levels:
        said = said & "；" & through_levels(summary)
    return (said & "；有未填的，有数的单位数见“明细”第 3 行").formula


def _figures(summary: Summary, table: Table) -> Iterator[Item]:
    layout = place(summary.form)
    formulas = Formulas(summary.form, replace(layout, entries={}), table.sheet)
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
    if cell.id in summary.form.computed:
        return total(formulas, cell.id, summary.totals).formula
    if not lists_units(summary):
        return come_to(summary.totals, cell.id).formula
    there = Place(DETAIL, KNOWN_ROW, figure_column(summary, cell.id))
    units = known(summary, cell.id).at(formulas.ref(there))
    return added(summary, cell.id, units).formula
