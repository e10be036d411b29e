"""``_in``, very hidden: what was typed, where every formula looks it up.

A blank is what was pasted, or 0, where the table says so; a text that can only mean one
number is that number, as the reader takes it, and an error is a text like any other that
is no figure; everything else is as typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from workbook_builder.language.labels import bare_formula
from workbook_builder.language.spelling import position, quoted, sheet_prefix
from workbook_builder.language.typed import (
    number_formula,
    number_in,
    plain_formula,
    plain_text,
)
from workbook_builder.model.answers import ALL_ZERO, REST_PASTED, REST_ZERO, YES
from workbook_builder.model.form import Cell
from workbook_builder.model.layout import Place
from workbook_builder.model.values import State
from workbook_builder.workbook.job import Job, of_the_form
from workbook_builder.workbook.place import ENTRIES, PASTE, PASTE_WIDE
from workbook_builder.workbook.plan import Formula, Item, Sheet

#: Characters that a cell holds.
LONGEST = 32767
#: What stands for an error, which no formula is to show.
NO_FIGURE = "错误值"


def entries_sheet(job: Job) -> Sheet:
    """``_in``."""
    return Sheet(
        name=ENTRIES,
        items=(
            *_choices(job),
            *_figures(job),
            *_pasted_totals(job),
            *_not_in_place(job),
            *_texts(job),
        ),
        hidden=True,
        grid=True,
    )


def lines_up(job: Job, table: str) -> Place:
    """Where ``_in`` says of the page for copied tables: 1 where it counts and every label
    is in its place, where the first is that is not (100 × row + column), or nothing."""
    return _aside(job, job.layout.entries[job.layout.declarations[table]], AS_TYPED)


def _choices(job: Job) -> Iterator[Item]:
    """One of the choices or nothing, as the reader takes it."""
    for table, place in job.layout.declarations.items():
        spot = job.layout.entries[place]
        ref = job.formulas(ENTRIES).typed(place, spot)
        others = ",".join(f'{ref}="{each}"' for each in (REST_ZERO, REST_PASTED))
        said = f'IF(OR({others}),{ref},IF(OR({_chosen(ref)}),"{ALL_ZERO}",""))'
        text = f'=IF(ISERROR({ref}),"",{said})'
        yield _item(spot, Formula(text, job.answers.declaration(table)))
        others = _unlike(job, table)
        first = f"IF(COUNT({others})=0,1,MIN({others}))"
        text = f'=IF({spot.address}="{REST_PASTED}",{first},"")'
        yield _item(lines_up(job, table), Formula(text, ""))


def _chosen(ref: str) -> str:
    return f'{ref}="{ALL_ZERO}",{ref}="{YES}"'


def _figures(job: Job) -> Iterator[Item]:
    """The figures; to the right of them the texts that may be one, and what was typed."""
    for cell in job.form.inputs:
        value = job.answers.value(cell.id)
        (spot, text), (beside, plain), (aside, typed) = _of_figure(job, cell)
        yield _item(spot, Formula(text, figure_now(job, cell)))
        said = "" if value.state is State.ERROR else value.text
        yield _item(beside, Formula(plain, plain_text(said, cell.type.signed)))
        now = value.number if value.number is not None else value.text
        yield _item(aside, Formula(typed, now))


@of_the_form
def _of_figure(job: Job, cell: Cell) -> tuple[tuple[Place, str], ...]:
    """Where its formulas stand, and what they are."""
    signed, place = cell.type.signed, job.layout.cells[cell.id]
    formulas, spot = job.formulas(ENTRIES), job.layout.entries[place]
    nothing = formulas.declared(cell.table)
    plain, typed = _in_block(job, PLAIN), _in_block(job, AS_TYPED)
    meant = f'IF({plain}="",{typed},{number_formula(plain, signed, typed)})'
    said = f'IF({typed}="",IF({nothing},0,""),{meant})'
    aside = _aside(job, spot, AS_TYPED)
    ref = formulas.typed(place, aside)
    pasted = _pasted(job, cell, aside)
    return (
        (spot, f'=IF(ISERROR({typed}),"{NO_FIGURE}",{said})'),
        _plain(job, spot, signed),
        (aside, f'=IF({ref}="",{pasted},{ref})'),
    )


@of_the_form
def _pasted_totals(job: Job) -> tuple[Item, ...]:
    """What was pasted for a total, where it is a number; the total is computed anyway."""
    totals = (job.form.cells[id_] for id_ in job.layout.pasted_totals)
    return tuple(
        _item(place, Formula(text, ""))
        for cell in totals
        for place, text in _of_total(job, cell)
    )


def _of_total(job: Job, cell: Cell) -> tuple[tuple[Place, str], ...]:
    spot, signed = job.layout.pasted_totals[cell.id], cell.type.signed
    plain, typed = _in_block(job, PLAIN), _in_block(job, AS_TYPED)
    meant = f'IF({plain}="","",{number_formula(plain, signed, quoted(""))})'
    aside = _aside(job, spot, AS_TYPED)
    return (
        (spot, f"=IF(ISNUMBER({typed}),{typed},{meant})"),
        _plain(job, spot, signed),
        (aside, f"={_pasted(job, cell, aside)}"),
    )


def _plain(job: Job, spot: Place, signed: bool) -> tuple[Place, str]:
    typed = _in_block(job, AS_TYPED, PLAIN)
    return (
        _aside(job, spot, PLAIN),
        f'=IF(ISTEXT({typed}),{plain_formula(typed, signed)},"")',
    )


def _pasted(job: Job, cell: Cell, home: Place) -> str:
    """What the page for copied tables has for a cell, where it counts."""
    said = _copied(job, cell.table, job.layout.cells[cell.id], home)
    return f'IF({lines_up(job, cell.table).absolute}=1,{said},"")'


def _copied(job: Job, table: str, spot: Place, home: Place) -> str:
    """What stands on the page for copied tables in the row of a printed cell, as many
    cells from the left as in print; those that hold nothing are passed over."""
    (row,) = (row for row in job.layout.printed_rows(table) if spot in row)
    held = f"{_held(job)}:{_held(job, _size(job)[0] - 1)}"
    place = f"MID(INDEX({held},ROW()),{2 * row.index(spot) + 1},2)"
    return _on_page(job, table, spot, home, f"VALUE({place})")


def _held(job: Job, row: int = 0) -> str:
    """Where ``_in`` has the columns that hold anything in a row of the page for copied
    tables, two digits each."""
    return Place(ENTRIES, row, UNLIKE * _size(job)[1] + _size(job)[1] + 1).absolute


def _on_page(job: Job, table: str, spot: Place, home: Place, column: str) -> str:
    """A cell of the page for copied tables in the row where a printed cell belongs."""
    first, last = job.layout.frames[PASTE]
    frame = f"{sheet_prefix(PASTE)}{first.absolute}:{last.absolute}"
    row = job.layout.pasted_at(table, spot).row
    return f"INDEX({frame},{position('ROW', home.row - row)},{column})"


@of_the_form
def _not_in_place(job: Job) -> tuple[Item, ...]:
    """What :func:`_lines` are in a workbook in which nothing was pasted, as all are made."""
    return tuple(_lines(job))


def _lines(job: Job) -> Iterator[Item]:
    """Where the page for copied tables is not as printed: a row with more or fewer cells
    that hold anything, or with another label."""
    for table in job.form.tables:
        for row in job.layout.printed_rows(table.id):
            home = _line_spot(job, table.id, row[0], _size(job)[1])
            beside = replace(home, column=home.column + 1)
            twins = [job.layout.pasted_at(table.id, spot) for spot in row]
            labels = [spot for spot in row if spot in job.layout.labels]
            columns = (
                (f"{number:02}", _on_page(job, table.id, row[0], home, str(number)))
                for number in range(1, PASTE_WIDE + 1)
            )
            text = "&".join(f'IF({cell}="","","{said}")' for said, cell in columns)
            now = (
                f"{job.layout.pasted_at(table.id, spot).column + 1:02}"
                for spot in labels
            )
            yield _item(beside, Formula(f"={text}", "".join(now)))
            as_many = f"LEN({beside.address})={2 * len(row)}"
            alike = len(labels) == len(row)
            first = replace(twins[0], column=0)
            yield _item(home, _unless(as_many, home, first, alike))
            yield from (_label(job, table.id, label) for label in labels)


def _label(job: Job, table: str, label: Place) -> Item:
    home = _line_spot(job, table, label, label.column)
    seen = bare_formula(_copied(job, table, label, home))
    printed = bare_formula(job.formulas(ENTRIES).ref(label))
    place = job.layout.pasted_at(table, label)
    return _item(home, _unless(f"{seen}={printed}", home, place, True))


def _unless(condition: str, home: Place, place: Place, holds: bool) -> Formula:
    """Nothing while it holds, else where that is on the page for copied tables: told from
    the row of the formula, so that a suite takes the formula above for this one, too."""
    rest = 100 * (place.row - home.row) + place.column + 1
    here = f"100*ROW(){rest:+d}"
    now = "" if holds else 100 * (place.row + 1) + place.column + 1
    return Formula(f'=IFERROR(IF({condition},"",{here}),{here})', now)


def _line_spot(job: Job, table: str, spot: Place, column: int) -> Place:
    """In the last block, as far below the declaration as in the table."""
    here = job.layout.declarations[table]
    corner = _aside(job, job.layout.entries[here], UNLIKE)
    left = corner.column - here.column
    return Place(ENTRIES, corner.row + spot.row - here.row, left + column)


def _unlike(job: Job, table: str) -> str:
    """All of :func:`_not_in_place` of a table, as a range."""
    rows = job.layout.printed_rows(table)
    first = _line_spot(job, table, rows[0][0], 0)
    last = _line_spot(job, table, rows[-1][0], _size(job)[1])
    return f"{first.absolute}:{last.absolute}"


#: Blocks of ``_in`` side by side: the figures, the texts that may be one, what was typed
#: or pasted, and what is not in its place on the page for copied tables.
PLAIN, AS_TYPED, UNLIKE = 1, 2, 3


def _aside(job: Job, spot: Place, block: int) -> Place:
    return Place(ENTRIES, spot.row, spot.column + block * _size(job)[1])


def _in_block(job: Job, block: int, home: int = 0) -> str:
    """What another block has for a cell of the block ``home``: the same text in every
    cell, which keeps the file small."""
    deep, wide = _size(job)
    corners = (
        Place(ENTRIES, 0, block * wide),
        Place(ENTRIES, deep - 1, (block + 1) * wide - 1),
    )
    area = ":".join(corner.absolute for corner in corners)
    return f"INDEX({area},ROW(),{position('COLUMN', home * wide)})"


@of_the_form
def _size(job: Job) -> tuple[int, int]:
    """Rows and columns of a block."""
    layout = job.layout
    spots = [*layout.entries.values(), *layout.pasted_totals.values()]
    wide = max((s.column for s in [*spots, *layout.labels]), default=0)
    return 1 + max(s.row for s in spots), 1 + wide


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


@of_the_form
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
