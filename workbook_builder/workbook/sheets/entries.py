"""``_in``, very hidden: what was typed, where every formula looks it up.

A blank of a table that is declared all zero is 0 here, a text that can only mean one
number is that number, as the reader takes it, and an error is a text like any other that
is no figure; everything else is as typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from workbook_builder.language.formula import position
from workbook_builder.language.typed import (
    number_formula,
    number_in,
    plain_formula,
    plain_text,
)
from workbook_builder.model.answers import ALL_ZERO, REST_ZERO, YES
from workbook_builder.model.form import Cell
from workbook_builder.model.layout import Place
from workbook_builder.model.values import State
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import ENTRIES
from workbook_builder.workbook.plan import Formula, Item, Sheet

#: Characters that a cell holds.
LONGEST = 32767
#: What stands for an error, which no formula is to show.
NO_FIGURE = "错误值"


def entries_sheet(job: Job) -> Sheet:
    """``_in``."""
    return Sheet(
        name=ENTRIES,
        items=(*_choices(job), *_figures(job), *_texts(job)),
        hidden=True,
        grid=True,
    )


def _choices(job: Job) -> Iterator[Item]:
    """One of the two choices or nothing, as the reader takes it."""
    for table, place in job.layout.declarations.items():
        spot = job.layout.entries[place]
        ref = job.formulas(ENTRIES).typed(place, spot)
        said = f'IF({ref}="{REST_ZERO}",{ref},IF(OR({_chosen(ref)}),"{ALL_ZERO}",""))'
        text = f'=IF(ISERROR({ref}),"",{said})'
        yield _item(spot, Formula(text, job.answers.declaration(table)))


def _chosen(ref: str) -> str:
    return f'{ref}="{ALL_ZERO}",{ref}="{YES}"'


def _figures(job: Job) -> Iterator[Item]:
    """The figures; beside them the texts that may be one, then what number they are."""
    plain, number = _block(job, 1), _block(job, 2)
    for cell in job.form.inputs:
        place, value = job.layout.cells[cell.id], job.answers.value(cell.id)
        spot, signed = job.layout.entries[place], cell.type.signed
        formulas = job.formulas(ENTRIES)
        ref, nothing = formulas.typed(place, spot), formulas.declared(cell.table)
        known = number.ref(spot)
        typed = f'IF({ref}="",IF({nothing},0,""),IF({known}="",{ref},{known}))'
        text = f'=IF(ISERROR({ref}),"{NO_FIGURE}",{typed})'
        yield _item(spot, Formula(text, _figure(job, cell)))
        said = "" if value.state is State.ERROR else value.text
        spot = plain.beside(spot)
        ref = formulas.typed(place, spot)
        text = f'=IF(ISTEXT({ref}),{plain_formula(ref, signed)},"")'
        yield _item(spot, Formula(text, plain_text(said, signed)))
        spot = number.beside(job.layout.entries[place])
        ref = plain.ref(spot)
        meant = number_in(said, signed)
        text = f'=IF({ref}="","",{number_formula(ref, signed)})'
        yield _item(spot, Formula(text, "" if meant is None else meant))


class _Block(NamedTuple):
    """A copy of the cells with entries, so many columns further right."""

    right: int
    rows: int
    columns: int

    def beside(self, entry: Place) -> Place:
        return Place(ENTRIES, entry.row, entry.column + self.right)

    def ref(self, home: Place) -> str:
        """Its cell for the same entry as that of ``home``, the same text for all."""
        first = Place(ENTRIES, 0, self.right)
        last = Place(ENTRIES, self.rows - 1, self.right + self.columns - 1)
        column = home.column % self.columns
        across = position("COLUMN", home.column - column)
        return f"INDEX({first.absolute}:{last.absolute},ROW(),{across})"


def _block(job: Job, number: int) -> _Block:
    entries = job.layout.entries.values()
    rows, columns = (
        1 + max(getattr(spot, side) for spot in entries) for side in ("row", "column")
    )
    return _Block(number * columns, rows, columns)


def _figure(job: Job, cell: Cell) -> Decimal | int | str:
    """What the formula comes to."""
    value = job.answers.value(cell.id)
    if value.state is State.ERROR:
        return NO_FIGURE
    number = value.number
    if value.state is State.TEXT:
        number = number_in(value.text, cell.type.signed)
    if number is not None:
        return number
    return value.text or (0 if cell.table in job.answers.declared else "")


def _texts(job: Job) -> Iterator[Item]:
    for text in job.layout.texts:
        yield from _paragraphs(job, text)
    for places, said in (
        (job.layout.fields, job.answers.fields),
        (job.layout.explanations, job.answers.explanations),
    ):
        for key, place in places.items():
            spot = job.layout.entries[place]
            yield _item(spot, Formula(f"={_said(job, place)}", said.get(key, "")))


def _paragraphs(job: Job, text: str) -> Iterator[Item]:
    """The whole text where its first paragraph is, the others below."""
    rows = job.layout.rows_of(text)
    spots = [job.layout.entries[place] for place in rows]
    said = by_paragraph(job.answers.texts.get(text, ""), len(rows))
    parts = [_said(job, rows[0]), *(spot.address for spot in spots[1:])]
    whole = "&".join(f'IF({each}="","",CHAR(10)&{each})' for each in parts)
    yield _item(
        spots[0], Formula(f"=MID({whole},2,{LONGEST})", "\n".join(filter(None, said)))
    )
    for place, spot, part in list(zip(rows, spots, said, strict=True))[1:]:
        yield _item(spot, Formula(f"={_said(job, place)}", part))


def _said(job: Job, place: Place) -> str:
    ref = job.formulas(ENTRIES).typed(place, job.layout.entries[place])
    return f'IF(ISERROR({ref}),"",{ref}&"")'


def by_paragraph(text: str, rows: int) -> list[str]:
    """A text in so many cells. Where a blank line would be lost it stays in one."""
    parts = text.split("\n")
    if not all(parts):
        parts = [text]
    last = "\n".join(parts[rows - 1 :])
    return ([*parts[: rows - 1], last] + [""] * rows)[:rows]


def _item(spot: Place, formula: Formula) -> Item:
    return Item(spot.row, spot.column, formula, "")
