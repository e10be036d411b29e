"""Where an entry of ``checks.toml`` applies: its rows, columns and runs of cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.definition.schema import CheckEntry
from workbook_builder.model.errors import DefinitionError, RuleError
from workbook_builder.model.form import Block, Cell, Row, Table


@dataclass(frozen=True, slots=True)
class RulePlace:
    """Where an entry applies: names of the rule → ids, and what to call it."""

    key: str
    label: str
    names: Mapping[str, str]
    target: str
    """Cell or text a finding points at; empty where the rule itself says it."""


OF_TABLE = ("row", "column")


def table_places(
    file: str, entry: CheckEntry, tables: Sequence[Table]
) -> Iterator[RulePlace]:
    """The rows or columns an entry names, or all of its table."""
    table = next((table for table in tables if table.id == entry.table), None)
    if table is None:
        raise DefinitionError(
            file,
            f"{entry.code}.table",
            f"there is no table “{entry.table}”",
            f"The tables are {', '.join(table.id for table in tables)}",
        )
    places = {place.key: place for place in _each(entry, table)}
    known = [key.removeprefix(f"{entry.code}.") for key in places]
    for key, names in (("only", entry.only), ("except", entry.except_)):
        for name in names:
            if name not in known:
                raise DefinitionError(
                    file,
                    f"{entry.code}.{key}",
                    f"there is no {entry.each} “{name}” in {table.id}",
                    f"They are {', '.join(known)}",
                )
    for name, place in zip(known, places.values(), strict=True):
        if (not entry.only or name in entry.only) and name not in entry.except_:
            yield place


def _each(entry: CheckEntry, table: Table) -> Iterator[RulePlace]:
    if entry.each == "row":
        for block in table.blocks:
            for row in block.rows:
                names = {c.id: f"{table.id}.{row.id}.{c.id}" for c in block.columns}
                yield RulePlace(f"{entry.code}.{row.id}", row.labels[-1], names, "")
        return
    labels = {c.id: c.labels[-1] for block in table.blocks for c in block.columns}
    for column, label in labels.items():
        names = {
            row.id: f"{table.id}.{row.id}.{column}"
            for row, block in _rows(table)
            if any(c.id == column for c in block.columns)
        }
        yield RulePlace(f"{entry.code}.{column}", label, names, "")


def _rows(table: Table) -> Iterator[tuple[Row, Block]]:
    return ((row, block) for block in table.blocks for row in block.rows)


def between(
    tables: Sequence[Table], cells: Mapping[str, Cell], first: str, last: str
) -> tuple[str, ...]:
    """Ids down a column or along a row, never across a block. Raises RuleError."""
    a, b = cells[first], cells[last]
    rows = next(
        {row.id for row in block.rows}
        for table in tables
        if table.id == a.table
        for block in table.blocks
        if a.row in {row.id for row in block.rows}
    )
    same = [
        cell.id
        for cell in cells.values()
        if cell.table == a.table
        and cell.row in rows
        and (cell.column == a.column if a.column == b.column else cell.row == a.row)
    ]
    ids = same[same.index(first) : same.index(last) + 1] if last in same else []
    if not ids:
        raise RuleError(f"span({first}, {last}) is no part of a row or column")
    return tuple(ids)
