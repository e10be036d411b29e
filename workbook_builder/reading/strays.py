"""What stands in a workbook outside every place that is read. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from workbook_builder.model.form import Form
from workbook_builder.model.grid import Position, RawBook, RawCell, RawKind, RawSheet
from workbook_builder.model.layout import Layout, Place
from workbook_builder.reading.locate import explained, locate
from workbook_builder.workbook.place import AUDIT, HELPERS, HIDDEN, PASTE

#: A longer text in a table is a remark or a label, not an entry.
SHORT = 20


@dataclass(frozen=True, slots=True)
class Stray:
    """A typed cell nobody reads, with the labels to the left of it and above it."""

    place: Place
    content: str
    beside: tuple[str, ...]


def strays(
    form: Form, layout: Layout, book: RawBook, own: Container[str]
) -> tuple[Stray, ...]:
    """Entries without a place; ``own`` are the words the builder itself writes."""
    found = locate(layout, book)
    read = {
        there
        for spot in layout.typed
        if spot.sheet in found and (there := found[spot.sheet].find(spot))
    }
    read |= set(explained(form, layout, book, found).values())
    tables = {found[t.sheet].name for t in form.tables if t.sheet in found}
    texts = {sheet.name for sheet in found.values()} - tables
    audit = found[AUDIT].name if AUDIT in found else ""
    # On the 审核 sheet nobody types but into the column of the 说明.
    reasons = {spot.column for spot in read if spot.sheet == audit}
    return tuple(
        Stray(spot, cell.value, tuple(_beside(sheet, position)))
        for sheet in book.sheets
        if sheet.name not in {HIDDEN, HELPERS, PASTE}
        for position, cell in sheet.cells.items()
        if (spot := Place(sheet.name, *position)) not in read
        and (sheet.name != audit or spot.column in reasons)
        and _is_entry(cell, own, long=sheet.name in texts)
    )


def _is_entry(cell: RawCell, own: Container[str], long: bool) -> bool:
    if cell.formula is not None or cell.kind is RawKind.EMPTY:
        return False
    if cell.kind is not RawKind.TEXT:
        return True
    if not cell.value.strip() or cell.value in own:
        return False
    has_figure = any(letter.isnumeric() for letter in cell.value)
    return long or (has_figure and len(cell.value) <= SHORT)


def _beside(sheet: RawSheet, position: Position) -> Iterator[str]:
    """The nearest words to the left, and above."""
    row, column = position
    left = ((row, c) for c in reversed(range(column)))
    above = ((r, column) for r in reversed(range(row)))
    for line in (left, above):
        for at in line:
            cell = sheet.cells.get(at)
            if cell is not None and cell.kind is RawKind.TEXT:
                yield "".join(cell.value.split())[:SHORT]
                break
