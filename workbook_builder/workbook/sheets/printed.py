"""打印页: the pages that are signed, made of what was typed and calculated.

White A4 pages at 10.5 points, and nine where a suite has wider columns: the tables with
their zeros, the explanations, the signatures and the 核对码. Nothing is typed here. The
tallest table stands on the page that is signed, all others on the one before it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from workbook_builder.language.spelling import sheet_prefix
from workbook_builder.language.value import Unknown
from workbook_builder.model.drawing import Label, draw
from workbook_builder.model.form import Cell, Table
from workbook_builder.model.layout import column_letters
from workbook_builder.workbook.job import EXPLAINED, Job, of_the_form
from workbook_builder.workbook.place import (
    AUDIT,
    AUDIT_TOP,
    CODE,
    ENTRIES,
    EXPLAINED_COLUMN,
    EXPLANATION,
    HELPERS,
    PRINTED,
    WORDS,
)
from workbook_builder.workbook.plan import Formula, Item, Sheet
from workbook_builder.workbook.sheets.fit import text_width

#: Columns of equal width that every table is drawn over, if none has more.
COLUMNS = 15
PIXELS = 600
"""What all columns share: A4 less the margins; a character is 7, the edges of a cell 5."""
POINTS = 10.5
_LINE = 13.0
_FIT = PIXELS / 7 / COLUMNS * 11 / POINTS
#: Explanations that are printed, how much of each, and the points that takes.
LONGEST = 200
EXPLANATIONS, _ROOM, _ROW = 5, 48.0, 14.5


def printed_sheet(job: Job) -> Sheet:
    """Two pages: the signatures stand below the tallest table or, where it is the only
    one, below the explanations."""
    page = _Page(job)
    page.title()
    *others, tallest = sorted(job.form.tables, key=lambda table: draw(table).rows)
    first, then = (others, [tallest]) if others else ([tallest], [])
    for table in job.form.tables:
        if table in first:
            page.table(table)
    if others:
        page.explanations()
    page_break = page.row
    page.title()
    for table in then:
        page.table(table)
    if not others:
        page.explanations()
    page.signatures()
    columns = page.columns
    return Sheet(
        name=PRINTED,
        items=tuple(page.items),
        widths=dict.fromkeys(range(columns), (PIXELS / columns - 5) / 7),
        heights=page.heights,
        page_breaks=(page_break,),
        narrow=True,
    )


class _Page:
    """Fills the sheet from top to bottom."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.row = 0
        self.items: list[Item] = []
        self.heights: dict[int, float] = {}
        widest = max(len(table.widths) for table in job.form.tables)
        self.columns = max(COLUMNS, widest)

    def title(self) -> None:
        """Form, unit and period, and the 核对码."""
        job, code = self.job, 4
        self._across(job.form.title, "print_title", 21)
        rest = self.columns - code
        self.items.append(Item(self.row, 0, job.heading, "print_whose", 1, rest))
        self.items.append(
            Item(self.row, rest, job.code_formula(), "print_right", 1, code)
        )
        self.heights[self.row] = 15
        self.row += 1

    def table(self, table: Table) -> None:
        """As printed, each figure as it stands in its cell or as it is declared."""
        drawing, spans = draw(table), self._spans(table)
        starts = [0, *accumulate(spans)]
        self._across(table.title, "print_heading", 16)
        top = self.row
        for label in drawing.labels:
            last = label.column + label.columns
            width = starts[last] - starts[label.column]
            style = "print_head" if label.role != "stub" else "print_stub"
            self.items.append(
                Item(
                    top + label.row,
                    starts[label.column],
                    label.text,
                    "print_vertical" if label.role == "vertical" else style,
                    label.rows,
                    width,
                )
            )
            self._fit(label, top, width)
        for id_, figure in drawing.figures.items():
            last = figure.column + figure.columns
            width = starts[last] - starts[figure.column]
            cell = self.job.form.cells[id_]
            style = "print_amount" if cell.type.decimals else "print_count"
            content = _figure(self.job, cell)
            place = (top + figure.row, starts[figure.column])
            self.items.append(Item(*place, content, style, 1, width))
            self.heights.setdefault(place[0], _ROW)
        self.row = top + drawing.rows

    def explanations(self) -> None:
        """The first that were given, each with the check it answers."""
        self._across("核实性问题的说明", "print_heading", 16)
        for number in range(1, EXPLANATIONS + 1):
            self._across(_explanation(self.job, number), "print_line", _ROOM)

    def signatures(self) -> None:
        """Who filled in, reviewed and answers for it, and room for the seal."""
        formulas = self.job.formulas(PRINTED)
        fields = self.job.form.fields_of("signature")
        self.row += 1
        for index, each in enumerate(fields):
            left = 0 if index % 2 == 0 else self.columns // 2
            ref = formulas.ref(self.job.layout.fields[each.id])
            said = self.job.answers.fields.get(each.id, "")
            text = Formula(f'="{each.title}："&{ref}', f"{each.title}：{said}")
            wide = self.columns - left if left else self.columns // 2
            self.items.append(Item(self.row, left, text, "print_text", 1, wide))
            self.heights[self.row] = 20
            if left or index == len(fields) - 1:
                self.row += 1
        self._across("（单位公章）", "print_right", 24)

    def _across(self, content: str | Formula, style: str, points: float) -> None:
        self.items.append(Item(self.row, 0, content, style, 1, self.columns))
        self.heights[self.row] = points
        self.row += 1

    def _spans(self, table: Table) -> list[int]:
        """How many columns of the page each column of the table takes."""
        widths = table.page_widths or table.widths
        return shared(self.columns, widths)

    def _fit(self, label: Label, top: int, width: int) -> None:
        if label.role == "vertical":
            return
        lines = math.ceil(text_width(label.text) / (width * _FIT - 0.8))
        needed = (lines * _LINE + 2) / label.rows
        for row in range(top + label.row, top + label.row + label.rows):
            self.heights[row] = max(self.heights.get(row, _ROW), needed)


def shared(columns: int, widths: Sequence[float]) -> list[int]:
    """Columns shared out as wide as asked for, at least one each; the largest rest first."""
    total = sum(widths)
    wanted = [columns * width / total for width in widths]
    spans = [max(1, int(each)) for each in wanted]
    while sum(spans) != columns:
        step = 1 if sum(spans) < columns else -1
        rest = [(w - s) * step for w, s in zip(wanted, spans, strict=True)]
        possible = [i for i, span in enumerate(spans) if span + step >= 1]
        spans[max(possible, key=rest.__getitem__)] += step
    return spans


def _figure(job: Job, cell: Cell) -> Formula:
    now = job.evaluator.cell(cell.id)
    shown = (
        (job.answers.value(cell.id).shown or "") if isinstance(now, Unknown) else now
    )
    return Formula(_figure_text(job, cell), shown)


@of_the_form
def _figure_text(job: Job, cell: Cell) -> str:
    ref = job.formulas(PRINTED).ref(job.layout.cells[cell.id])
    return f'=IF({ref}="","",{ref})'


def _explanation(job: Job, number: int) -> Formula:
    """“B1 上年结转……：上年多计 1 件”, or nothing."""
    given = [(check, line) for check, line in job.lines if job.state(line) == EXPLAINED]
    now = ""
    if number <= len(given):
        check, line = given[number - 1]
        said = job.answers.explanations[line.key]
        now = f"{check.code} {check.words(line)}：{said[:LONGEST]}"
    explained = f"{_lines(job, HELPERS, 0, EXPLAINED_COLUMN)}"
    row = f"MATCH({number},{explained},0)"
    code, words, said_there = (
        f"INDEX({_lines(job, sheet, top, column)},{row})"
        for sheet, top, column in (
            (AUDIT, AUDIT_TOP, CODE),
            (AUDIT, AUDIT_TOP, WORDS),
            (ENTRIES, _entries_top(job), EXPLANATION),
        )
    )
    told = f'{code}&" "&{words}&"："&LEFT({said_there},{LONGEST})'
    text = f'=IF(MAX({explained})<{number},"",{told})'
    return Formula(text, now)


def _lines(job: Job, sheet: str, top: int, column: int) -> str:
    """What a column of a sheet says of every line."""
    letters, last = column_letters(column), top + len(job.lines)
    return f"{sheet_prefix(sheet)}${letters}${top + 1}:${letters}${last}"


def _entries_top(job: Job) -> int:
    """Where the hidden sheet has what stands on the first line."""
    spot, entry = next(
        each for each in job.layout.entries.items() if each[0].sheet == AUDIT
    )
    return entry.row - spot.row + AUDIT_TOP
