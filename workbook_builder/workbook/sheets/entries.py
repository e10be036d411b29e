"""``_in``, very hidden: what was typed, where every formula looks it up.

A blank of a table that is declared all zero is 0 here, a text that can only mean one
number is that number, as the reader takes it, and an error is a text like any other that
is no figure; everything else is as typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

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
from workbook_builder.workbook.job import Job, of_the_form
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
    """The figures; to the right of them the texts that may be one."""
    for cell in job.form.inputs:
        value = job.answers.value(cell.id)
        (spot, text), (beside, plain) = _of_figure(job, cell)
        yield _item(spot, Formula(text, figure_now(job, cell)))
        said = "" if value.state is State.ERROR else value.text
        yield _item(beside, Formula(plain, plain_text(said, cell.type.signed)))


@of_the_form
def _of_figure(job: Job, cell: Cell) -> tuple[tuple[Place, str], tuple[Place, str]]:
    """Where its two formulas stand, and what they are."""
    deep, wide = _size(job)
    corners = (Place(ENTRIES, 0, wide), Place(ENTRIES, deep - 1, 2 * wide - 1))
    # The same text in every cell, which keeps the file small.
    plain = "INDEX({}:{},ROW(),COLUMN())".format(*(c.absolute for c in corners))
    formulas, place = job.formulas(ENTRIES), job.layout.cells[cell.id]
    spot, signed = job.layout.entries[place], cell.type.signed
    ref, nothing = formulas.typed(place, spot), formulas.declared(cell.table)
    meant = f'IF({plain}="",{ref},{number_formula(plain, signed, ref)})'
    typed = f'IF({ref}="",IF({nothing},0,""),{meant})'
    text = f'=IF(ISERROR({ref}),"{NO_FIGURE}",{typed})'
    beside = Place(ENTRIES, spot.row, spot.column + wide)
    ref = formulas.typed(place, beside)
    return (spot, text), (
        beside,
        f'=IF(ISTEXT({ref}),{plain_formula(ref, signed)},"")',
    )


@of_the_form
def _size(job: Job) -> tuple[int, int]:
    """Rows and columns of what was typed."""
    spots = job.layout.entries.values()
    return 1 + max(s.row for s in spots), 1 + max(s.column for s in spots)


def figure_now(job: Job, cell: Cell) -> Decimal | int | str:
    """What the formula of a figure comes to."""
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
