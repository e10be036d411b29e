"""表二, 表三, 表四: the official tables exactly as printed, inputs open, totals live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from workbook_builder.language.formula import runs
from workbook_builder.language.value import Unknown
from workbook_builder.language.words import asked, compared, shown
from workbook_builder.model.answers import ALL_ZERO, REST_PASTED, REST_ZERO
from workbook_builder.model.expression import CellRef, LastPeriod, Node, walk
from workbook_builder.model.form import Cell, Kind, Table
from workbook_builder.model.layout import Box, Place
from workbook_builder.model.values import ERRORS, State, Value
from workbook_builder.workbook.job import FAIL, Job, asks_for_entry, of_the_form
from workbook_builder.workbook.place import DECLARATION_ROW, META_ROW, PASTE
from workbook_builder.workbook.plan import (
    Area,
    Content,
    Formula,
    Highlight,
    Item,
    Sheet,
    Validation,
)
from workbook_builder.workbook.sheets.audit import amount_formula
from workbook_builder.workbook.sheets.balance import below_items
from workbook_builder.workbook.sheets.entries import lines_up
from workbook_builder.workbook.sheets.fit import ROW, height, on_one_page
from workbook_builder.workbook.sheets.lines import address, failing_name, state_name
from workbook_builder.workbook.sheets.returned import cell_notes

#: Beside the choice, by what is chosen.
#: Before what a table says of its choice, which stands at the left of it.
ARROW = "← "
DECLARATIONS = {
    "": f"{ARROW}整张表都是 0 的，在这里选“{ALL_ZERO}”；只有几项有数的，填好后选“{REST_ZERO}”",
    ALL_ZERO: f"{ARROW}零报告：未填的单元格都是 0，合计已按 0 计算",
    REST_ZERO: f"{ARROW}未填的单元格都是 0，合计已按 0 计算",
    REST_PASTED: f"{ARROW}未填的单元格取{PASTE}的数；要改的，在这里填",
}
NOT_ALIKE = f"{ARROW}没有采用{PASTE}：名称或者每行的个数对不上，第一处是{PASTE} "
CHOICE_WIDTH = 17
"""Characters that a choice takes, with the mark of its list."""


def table_sheet(job: Job, table: Table) -> Sheet:
    """One table with its zero declaration, validation and live marks."""
    labels, heights = _labels(job, table)
    cells = list(job.form.table_cells(table.id))
    _, last = job.layout.heads[table.id]
    printed = _printed(job, table, cells)
    # Table 二 has a head of its own above each block; only a table of more than a page
    # needs its head again on the next. Rows that are repeated are whole rows: an office
    # suite takes as long to read of them as to read the table.
    stays = len(table.blocks) == 1 and not table.side_by_side
    rows = (heights.get(row, ROW) for row in range(printed.last_row + 1))
    repeats = stays and not on_one_page(table.widths, rows, table.landscape)
    return Sheet(
        name=table.sheet,
        items=(
            *_top(job, table),
            *labels,
            *(_figure(job, cell) for cell in cells),
            *_beside(job, table),
            *below_items(job, table),
        ),
        widths=_widths(job, table),
        heights=heights,
        print_area=printed,
        validations=tuple(_validations(job, table, cells)),
        highlights=(
            *_input_marks(job, table),
            *_line_marks(job, table),
        ),
        notes=tuple(cell_notes(job, table.sheet)),
        landscape=table.landscape,
        repeat_rows=(0, last) if repeats else None,
        freeze=(last + 1, table.stub_columns) if stays else None,
        select=_first_input(job, cells),
    )


def _top(job: Job, table: Table) -> Iterator[Item]:
    """Unit, year and code; then the zero declaration."""
    width = len(table.widths)
    code_columns = max(1, width // 4)
    yield Item(META_ROW, 0, job.heading, "whose", columns=width - code_columns)
    yield Item(
        META_ROW,
        width - code_columns,
        job.code_formula(),
        "meta_right",
        columns=code_columns,
    )
    chosen = job.answers.declaration(table.id)
    across = choice_columns(table)
    yield Item(DECLARATION_ROW, 0, chosen or None, "choice", columns=across)
    formulas, said = job.formulas(table.sheet), DECLARATIONS
    first = formulas.ref(lines_up(job, table.id))
    pasted = f'IF({first}=1,"{said[REST_PASTED]}","{NOT_ALIKE}"&{address(first)})'
    text = (
        f'=IF({formulas.all_zero(table.id)},"{said[ALL_ZERO]}",'
        f'IF({formulas.declared(table.id)},"{said[REST_ZERO]}",'
        f'IF({first}="","{said[""]}",{pasted})))'
    )
    beside = Formula(text, declaration(job, table))
    yield Item(DECLARATION_ROW, across, beside, "choice_label", columns=width - across)


@of_the_form
def _labels(job: Job, table: Table) -> tuple[list[Item], dict[int, float]]:
    """What is printed on the table, and how high its rows are."""
    boxes = [b for b in job.layout.boxes if b.place.sheet == table.sheet]
    return [label_item(box, table) for box in boxes], label_heights(boxes, table)


def declaration(job: Job, table: Table) -> str:
    """What a table says of its choice."""
    return DECLARATIONS[job.answers.declaration(table.id)]


def choice_columns(table: Table) -> int:
    """How many columns from the left the choice above a table takes."""
    room = accumulate(table.widths)
    return next(n for n, wide in enumerate(room, 1) if wide >= CHOICE_WIDTH)


def label_item(box: Box, table: Table) -> Item:
    """A printed label in its style."""
    style = box.role
    if style == "stub" and table.stub_columns == 1:
        style = "stub_centre"
    if style == "head" and box.place.column == 0 and table.stub_columns > 1:
        style = "note"  # a wide head over the labels holds a sentence
    place = box.place
    return Item(place.row, place.column, box.text, style, box.rows, box.columns)


def _figure(job: Job, cell: Cell) -> Item:
    place = job.layout.cells[cell.id]
    kind = "total" if cell.kind is Kind.TOTAL else "input"
    return Item(
        place.row,
        place.column,
        _content(job, cell),
        f"{kind}_{'count' if cell.type.decimals == 0 else 'amount'}",
        columns=job.layout.spans.get(cell.id, 1),
    )


def _content(job: Job, cell: Cell) -> Content:
    if cell.kind is Kind.TOTAL:
        printed = job.answers.printed.get(cell.id)
        if printed is not None and printed.number is not None:
            return printed.number
        text = _total(job, cell)
        total = job.evaluator.cell(cell.id)
        return Formula(text, "" if isinstance(total, Unknown) else total)
    return typed(job.answers.value(cell.id))


@of_the_form
def _total(job: Job, cell: Cell) -> str:
    return job.formulas(job.form.table(cell.table).sheet).total(cell.id)


def typed(value: Value) -> Content:
    """What a clerk typed, put back as it was."""
    if value.state is State.ERROR and value.text in ERRORS:
        return Formula(f"={value.text}", value.text)
    if value.number is not None:
        return value.number
    return value.text or None


def _beside(job: Job, table: Table) -> Iterator[Item]:
    """What each figure is compared with, from last year's report, next to the table.

    To the right of a table whose rows stand below each other, else one line below.
    It is not printed.
    """
    known = [
        (job.layout.cells[cell.id], node, cell)
        for cell, node in _compared(job, table).items()
    ]
    if not known:
        return
    top = job.layout.heads[table.id][0]
    beside = f"{job.form.frequency.last}数\n（供核对，不用填）"
    if table.side_by_side:
        row = max(place.row for place, _, _ in known) + 2
        yield Item(row, 0, beside, "small", columns=4)
    else:
        yield Item(top, len(table.widths) + 1, beside, "small", columns=3)
    for place, node, cell in known:
        row, column = place.row, place.column
        if table.side_by_side:
            row += 3
        else:
            column += len(table.widths) + 1 - table.stub_columns
        style = "last_period_count" if cell.type.decimals == 0 else "last_period"
        yield Item(row, column, amount_formula(job, table.sheet, node), style)


def _compared(job: Job, table: Table) -> dict[Cell, Node]:
    """Cells with what they are compared with, as far as it is known."""
    comparisons = {
        line.instances[0].place: compared(line.instances[0])
        for _, line in reversed(job.lines)
        if line.instances[0].last_period
    }
    return {
        job.form.cells[id_]: pair[1]
        for id_, pair in comparisons.items()
        if pair is not None
        and job.form.cells[id_].table == table.id
        and any(known in job.last_period for known in _last_period_ids(pair[1]))
    }


def _last_period_ids(node: Node) -> set[str]:
    return {part.id for part in walk(node) if isinstance(part, LastPeriod)}


def _widths(job: Job, table: Table) -> dict[int, float]:
    """The printed columns; beside them, room for what is compared."""
    widths = dict(enumerate(table.widths))
    if job.last_period and not table.side_by_side:
        figures = len(table.widths) - table.stub_columns
        widths |= {len(table.widths) + 1 + n: 11 for n in range(figures)}
    return widths


def _printed(job: Job, table: Table, cells: Sequence[Cell]) -> Area:
    last = max(job.layout.cells[cell.id].row for cell in cells)
    return Area(0, 0, last, len(table.widths) - 1)


def label_heights(boxes: Sequence[Box], table: Table) -> dict[int, float]:
    """Rows high enough for every label on them."""
    heights: dict[int, float] = {0: 30, META_ROW: 18, DECLARATION_ROW: 22}
    for box in boxes:
        if box.role == "title" or (box.role == "vertical"):
            continue
        across = sum(table.widths[box.place.column : box.place.column + box.columns])
        each = max(21.0, height(box.text, across) / box.rows)
        for row in range(box.place.row, box.place.row + box.rows):
            heights[row] = max(heights.get(row, 0), each)
    if table.side_by_side:
        last = max(heights)
        heights[last + 2] = 30
    return heights


def _validations(job: Job, table: Table, cells: Sequence[Cell]) -> Iterator[Validation]:
    place = job.layout.declarations[table.id]
    yield Validation(
        replace(_one(place), last_column=choice_columns(table) - 1),
        "list",
        "零报告",
        f"整张表的数都是 0 的，选“{ALL_ZERO}”；只有几项有数的，填好这几项，选“{REST_ZERO}”；"
        f"整张表已粘贴到{PASTE}的，选“{REST_PASTED}”。逐项填写的不用选。",
        "请从下拉列表里选，或者清空。",
        choices=(ALL_ZERO, REST_ZERO, REST_PASTED),
    )
    before = _compared(job, table)
    for cell in cells:
        if cell.kind is Kind.INPUT:
            yield _cell_validation(job, table, cell, before.get(cell))


def _cell_validation(
    job: Job, table: Table, cell: Cell, before: Node | None
) -> Validation:
    """``before`` is what the figure is compared with, said where it is known."""
    whole = cell.type.decimals == 0
    place = job.layout.cells[cell.id]
    what = f"{asked(cell.type).zh}。"
    labels = (*cell.row_labels[-1:], *cell.column_labels[-1:])
    span = job.layout.spans.get(cell.id, 1)
    last = ""
    if before is not None and not any(isinstance(n, CellRef) for n in walk(before)):
        last = f"{job.form.frequency.last_figures}：{shown(job.evaluator, before)}。"
    return Validation(
        Area(place.row, place.column, place.row, place.column + span - 1),
        "integer" if whole else "decimal",
        table.sheet,
        f"【{'·'.join(labels)}】\n{cell.meaning}\n{what}{last}",
        f"这里只能填数字：{what}没有发生的填 0，不要填文字、单位或“/”。",
        minimum=cell.type.minimum,
        maximum=cell.type.maximum,
    )


@of_the_form
def _input_marks(job: Job, table: Table) -> list[Highlight]:
    """Red or orange while a check of every input fails, as ``_calc`` has it."""
    inputs = [c for c in job.form.table_cells(table.id) if c.kind is Kind.INPUT]
    marks = []
    for check, line in job.lines:
        if not line.per_input or line.instances[0].place not in {c.id for c in inputs}:
            continue
        if asks_for_entry(line):
            continue
        word = "wrong" if check.severity.must_hold else "doubt"
        # Where a cell stands, not a reference to it: whatever is dragged, it is marked.
        here = f"{failing_name(job, line)}=100*ROW()+COLUMN()"
        for first, area in rectangles(job, inputs):
            style = _wrong(first).replace("wrong", word)
            marks.append(Highlight(area, f"SUMPRODUCT(({here})*1)>0", style))
    return marks


@of_the_form
def _line_marks(job: Job, table: Table) -> list[Highlight]:
    """The cells of a failing line of the 审核 sheet."""
    marks = []
    for check, line in job.lines:
        if line.per_input or not check.severity.asks:
            continue
        instance = line.instances[0]
        ids = [instance.place] if check.defines_totals else instance.cells
        cells = [job.form.cells[id_] for id_ in ids]
        word = "wrong" if check.severity.must_hold else "doubt"
        formula = f'{state_name(job, line)}="{FAIL}"'
        places: dict[str, list[Place]] = {}  # an amount keeps its decimals
        for cell in cells:
            if cell.table == table.id:
                style = _wrong(cell).replace("wrong", word)
                places.setdefault(style, []).append(job.layout.cells[cell.id])
        for style, of_one in places.items():
            for first, last in runs(of_one):
                area = Area(first.row, first.column, last.row, last.column)
                marks.append(Highlight(area, formula, style))
    return marks


def rectangles(job: Job, cells: Sequence[Cell]) -> Iterator[tuple[Cell, Area]]:
    """Blocks of neighbouring inputs of one type, each with its first cell."""
    rows: list[tuple[Cell, Area]] = []
    for cell in cells:
        place = job.layout.cells[cell.id]
        if rows:
            first, area = rows[-1]
            alike = first.type == cell.type and place.row == area.row
            if alike and place.column == area.last_column + 1:
                rows[-1] = first, Area(area.row, area.column, area.row, place.column)
                continue
        rows.append((cell, _one(place)))
    block: tuple[Cell, Area] | None = None
    for first, area in rows:
        if block is not None:
            top, above = block
            same = (above.column, above.last_column) == (area.column, area.last_column)
            if same and top.type == first.type and area.row == above.last_row + 1:
                block = top, Area(above.row, above.column, area.row, area.last_column)
                continue
            yield block
        block = first, area
    if block is not None:
        yield block


def _first_input(job: Job, cells: Sequence[Cell]) -> tuple[int, int]:
    first = next(cell for cell in cells if cell.kind is Kind.INPUT)
    place = job.layout.cells[first.id]
    return place.row, place.column


def _wrong(cell: Cell) -> str:
    return "wrong_count" if cell.type.decimals == 0 else "wrong_amount"


def _one(place: Place) -> Area:
    return Area(place.row, place.column, place.row, place.column)
