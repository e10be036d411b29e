"""粘贴页: a table that was filled in elsewhere, put in as a whole, totals included.

Nothing here is locked, since what is copied brings its own look along; nothing counts
until it is chosen above the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.model.answers import REST_PASTED
from workbook_builder.model.form import Table
from workbook_builder.model.layout import Place
from workbook_builder.workbook.job import Job, of_the_form
from workbook_builder.workbook.place import DECLARATION_ROW, PASTE
from workbook_builder.workbook.plan import Formula, Item, Link, Sheet
from workbook_builder.workbook.sheets.table import ARROW, choice_columns, declaration

WIDTHS = (16, 20, 34)
_REST = 11
_STEPS = (
    f"{PASTE}　表已经在 Word 或者别的工作簿里填好的，整张粘贴到这里；没有的，这一页不用管",
    "1. 在 Word 或者别的工作簿里选中整张表（表头和合计都选上），复制。",
    "2. 在下面点同一张表左上角的单元格，粘贴（从工作簿复制的，选“粘贴数值”）。",
    f"3. 到这张表左上角选“{REST_PASTED}”。表里已经填了的，以表里为准。",
    "4. 合计仍由各项相加核对：粘贴的合计与各项之和不一致的，表上标红，并列在“填报说明”里。",
)
_TO_DO = f"粘贴到下面左上角的单元格，再到这张表左上角选“{REST_PASTED}”"
#: Characters of what a table says of its choice.
MAX_STATE = 99


def pasted_sheet(job: Job) -> Sheet:
    """The labels of each table where it is to be put, and what became of it."""
    wide = max(len(table.widths) for table in job.form.tables)
    return Sheet(
        name=PASTE,
        items=(
            *(
                Item(row, 0, step, "plain" if row else "heading")
                for row, step in enumerate(_STEPS)
            ),
            Item(len(_STEPS), 0, job.heading, "meta"),
            *(item for table in job.form.tables for item in _table(job, table)),
        ),
        widths={
            **dict.fromkeys(range(len(WIDTHS), wide), _REST),
            **dict(enumerate(WIDTHS)),
        },
        protected=False,
        grid=True,
        landscape=True,
    )


def _table(job: Job, table: Table) -> Iterator[Item]:
    head = job.layout.pasted[table.id]
    yield Item(head.row, 0, Link(table.sheet, "A1", f"{table.sheet} ↓"), "link")
    yield Item(head.row, 1, _state(job, table), "heading")
    yield from _as_printed(job, table)


@of_the_form
def _as_printed(job: Job, table: Table) -> tuple[Item, ...]:
    """Its labels, and where the rest is to be put."""
    return tuple(_places(job, table))


def _places(job: Job, table: Table) -> Iterator[Item]:
    totals = {job.layout.cells[id_] for id_ in job.form.totals}
    for spot in (each for row in job.layout.printed_rows(table.id) for each in row):
        label = job.layout.labels.get(spot)
        place = job.layout.pasted_at(table.id, spot)
        style = "pasted_total" if spot in totals else "pasted"
        yield Item(place.row, place.column, label, "aside" if label else style)


def _state(job: Job, table: Table) -> Formula:
    """What became of it, as the table says beside its choice; what is to be done else."""
    choice = job.formulas(PASTE).ref(job.layout.declarations[table.id])
    said = Place(table.sheet, DECLARATION_ROW, choice_columns(table)).absolute
    said = f"MID('{table.sheet}'!{said},{len(ARROW) + 1},{MAX_STATE})"
    is_chosen = job.answers.declaration(table.id) == REST_PASTED
    return Formula(
        f'=IF({choice}="{REST_PASTED}",{said},"{_TO_DO}")',
        declaration(job, table).removeprefix(ARROW) if is_chosen else _TO_DO,
    )
