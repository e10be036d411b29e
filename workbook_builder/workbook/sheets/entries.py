"""``_in``, very hidden: what was typed, where every formula looks it up.

A blank of a table that is declared all zero is 0 here, and an error is a text like any
other that is no figure; everything else is as typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbook_builder.language.formula import all_zero_name
from workbook_builder.model.answers import ALL_ZERO, REST_ZERO, YES
from workbook_builder.model.form import Cell
from workbook_builder.model.layout import Place
from workbook_builder.model.values import State
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import ENTRIES
from workbook_builder.workbook.plan import Formula, Item, Sheet

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


def choice_names(job: Job) -> dict[str, str]:
    """Name → formula, for marks of cells that depend on a declaration."""
    chosen = job.layout.entries
    return {
        all_zero_name(table): f'{ENTRIES}!{chosen[place].absolute}="{ALL_ZERO}"'
        for table, place in job.layout.declarations.items()
    }


def _choices(job: Job) -> Iterator[Item]:
    """One of the two choices or nothing, as the reader takes it."""
    for table, place in job.layout.declarations.items():
        ref = job.formulas(ENTRIES).typed(place)
        said = f'IF({ref}="{REST_ZERO}",{ref},IF(OR({_chosen(ref)}),"{ALL_ZERO}",""))'
        text = f'=IF(ISERROR({ref}),"",{said})'
        yield _item(job, place, Formula(text, job.answers.declaration(table)))


def _chosen(ref: str) -> str:
    return f'{ref}="{ALL_ZERO}",{ref}="{YES}"'


def _figures(job: Job) -> Iterator[Item]:
    for cell in job.form.inputs:
        place = job.layout.cells[cell.id]
        ref = job.formulas(ENTRIES).typed(place)
        nothing = f'IF({job.formulas(ENTRIES).declared(cell.table)},0,"")'
        text = f'=IF(ISERROR({ref}),"{NO_FIGURE}",IF({ref}="",{nothing},{ref}))'
        yield _item(job, place, Formula(text, _figure(job, cell)))


def _figure(job: Job, cell: Cell) -> Decimal | int | str:
    """What the formula comes to."""
    value = job.answers.value(cell.id)
    if value.state is State.ERROR:
        return NO_FIGURE
    if value.number is not None:
        return value.number
    return value.text or (0 if cell.table in job.answers.declared else "")


def _texts(job: Job) -> Iterator[Item]:
    for places, said in (
        (job.layout.texts, job.answers.texts),
        (job.layout.fields, job.answers.fields),
        (job.layout.explanations, job.answers.explanations),
    ):
        for key, place in places.items():
            yield _text(job, place, said.get(key, ""))


def _text(job: Job, place: Place, now: str) -> Item:
    ref = job.formulas(ENTRIES).typed(place)
    return _item(job, place, Formula(f'=IF(ISERROR({ref}),"",{ref}&"")', now))


def _item(job: Job, place: Place, formula: Formula) -> Item:
    spot = job.layout.entries[place]
    return Item(spot.row, spot.column, formula, "")
