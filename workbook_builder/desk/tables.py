"""An official table on a page: as it is printed, with more in its cells than a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbook_builder.model.form import Table
from workbook_builder.model.text import printable
from workbook_builder.model.values import Value, grouped, number
from workbook_builder.outputs.report import ReportGrid, grid

Marks = Mapping[str, Sequence[tuple[int, str]]]
"""Cell id → the findings that are about it: number in the list, and tone."""


@dataclass(frozen=True, slots=True)
class ShownTable:
    """``texts``, ``before`` and ``marks`` are by cell id; a blank has no text, and
    ``odd`` are cells that hold something else than a number."""

    grid: ReportGrid
    sheet: str
    texts: Mapping[str, str]
    before: Mapping[str, str]
    marks: Marks
    odd: frozenset[str]


def shown_table(
    table: Table,
    values: Mapping[str, Value],
    before: Mapping[str, Decimal] | None = None,
    marks: Marks | None = None,
) -> ShownTable:
    """The table with what its cells hold."""
    known = {id_: v.number for id_, v in values.items() if v.number is not None}
    drawn = grid(table, known)
    ids = [spot.cell for spot in drawn.spots if spot.cell]
    texts = {id_: _text(values[id_]) for id_ in ids if id_ in values}
    last = before or {}
    return ShownTable(
        drawn,
        table.sheet,
        texts,
        {id_: grouped(last[id_]) for id_ in ids if id_ in last},
        marks or {},
        frozenset(ids) - known.keys(),
    )


def of_sums(table: Table, sums: Mapping[str, Decimal]) -> ShownTable:
    """The table of sums; what nobody has a number for is blank."""
    return shown_table(table, {id_: number(amount) for id_, amount in sums.items()})


def _text(value: Value) -> str:
    if value.number is not None:
        return grouped(value.number)
    return printable(value.shown or "")
