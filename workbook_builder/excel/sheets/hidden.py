"""``_form`` and ``_calc``, very hidden.

``_form`` holds what is looked up: the stamp and last year's figures. ``_calc`` holds
helper formulas; the reader never opens it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from workbook_builder.excel.formula import ALWAYS, Formulas
from workbook_builder.excel.formula import reason as reason_formula
from workbook_builder.excel.job import CODE_PLACE, Job
from workbook_builder.excel.place import (
    AUDIT_TOP,
    HELPERS,
    HIDDEN,
    LAST_YEAR_COLUMN,
    REASON_COLUMN,
    STAMP_COLUMN,
)
from workbook_builder.excel.plan import Content, Formula, Item, Sheet
from workbook_builder.model.expression import Node
from workbook_builder.model.form import Cell, Instance, Line, Severity, reason
from workbook_builder.model.layout import Place, column_letters
from workbook_builder.rules.evaluate import Outcome
from workbook_builder.rules.print_code import MODULUS, term, weight

#: Helper columns of an input: figure in steps, share of the code, and a flag for each
#: check of every input.
STEPS, SHARE, FLAGS = 0, 1, 2


def hidden_sheet(job: Job) -> Sheet:
    """``_form``."""
    items = (*_stamp(job), *_last_year(job))
    return Sheet(name=HIDDEN, items=items, hidden=True, grid=True)


def helpers_sheet(job: Job) -> Sheet:
    """``_calc``."""
    flags = _rules_by_cell(job)
    return Sheet(
        name=HELPERS,
        items=(
            *_phrases(job),
            *_code(job),
            *_finders(job),
            *_reasons(job),
            *(
                item
                for index, cell in enumerate(job.form.inputs)
                for item in _helpers(job, index, cell, flags[cell.id])
            ),
        ),
        hidden=True,
        grid=True,
    )


def flags_area(job: Job, line: Line) -> str:
    """A number for each failing input of a line, as a range."""
    cells = [job.form.cells[instance.place] for instance in line.instances]
    return _area(job, cells, _flag_column(job, line))


def first_failing(job: Job, line: Line) -> str:
    """A formula for the address of the first failing input of a line.

    With none it is that of the first input. Rows and columns are looked up as
    100 × row + column, because none of the functions every suite has looks up text.
    """
    ref = f"'{HELPERS}'!{_finder_place(job, line).absolute}"
    row = f"INT({ref}/100)"
    letters = "".join(column_letters(column) for column in range(26))
    return f'MID("{letters}",{ref}-100*{row},1)&{row}'


def phrases_area(job: Job) -> str:
    """The phrases that do not count as an explanation."""
    first = job.layout.phrases
    last = Place(
        first.sheet, first.row + len(job.form.explanation.empty) - 1, first.column
    )
    return f"'{HELPERS}'!{first.absolute}:{last.absolute}"


def _area(job: Job, cells: list[Cell], offset: int) -> str:
    first, last = (job.layout.helpers[cell.id] for cell in (cells[0], cells[-1]))
    column = f"${column_letters(first.column + offset)}$"
    return f"'{HELPERS}'!{column}{first.row + 1}:{column}{last.row + 1}"


def _flag_column(job: Job, line: Line) -> int:
    codes = list(
        dict.fromkeys(check.code for check, each in job.form.lines if each.per_input)
    )
    return FLAGS + codes.index(line.key.split(".")[0])


def _per_input_lines(job: Job) -> list[Line]:
    return [line for _, line in job.form.lines if line.per_input]


def _finder_place(job: Job, line: Line) -> Place:
    row = CODE_PLACE.row + 3 + _per_input_lines(job).index(line)
    return Place(HELPERS, row, CODE_PLACE.column)


def _finders(job: Job) -> Iterator[Item]:
    """For each check of every input and each table, where it fails first."""
    for line in _per_input_lines(job):
        cells = [job.form.cells[instance.place] for instance in line.instances]
        flags = flags_area(job, line).removeprefix(f"'{HELPERS}'!")
        failing = [
            instance.place
            for instance in line.instances
            if job.evaluator.outcome(instance) is Outcome.FAIL
        ]
        first = _position(job, cells[0].id)
        found = min((_position(job, id_) for id_ in failing), default=first)
        text = f"=IF(COUNT({flags})=0,{first},MIN({flags}))"
        place = _finder_place(job, line)
        yield _item(place.row, place.column - 1, line.key)
        yield _item(place.row, place.column, Formula(text, found))


def reason_place(job: Job, line: Line) -> Place:
    """Where an explanation stands without its spaces and punctuation."""
    row = job.layout.lines[line.key].row - AUDIT_TOP
    return Place(HELPERS, row, REASON_COLUMN)


def _reasons(job: Job) -> Iterator[Item]:
    for check, line in job.form.lines:
        if check.severity is Severity.WARNING:
            place = reason_place(job, line)
            said = job.formulas(HELPERS).ref(job.layout.explanations[line.key])
            text = f"={reason_formula(said)}"
            now = reason(job.answers.explanations.get(line.key, ""))
            yield _item(place.row, place.column, Formula(text, now))


def _position(job: Job, id_: str) -> int:
    """100 × row + column, counted from 1."""
    place = job.layout.cells[id_]
    return 100 * (place.row + 1) + place.column + 1


def _stamp(job: Job) -> Iterator[Item]:
    for key, value in asdict(job.stamp).items():
        place = job.layout.stamp[key]
        yield _item(place.row, STAMP_COLUMN, key)
        yield _item(place.row, place.column, value)


def _last_year(job: Job) -> Iterator[Item]:
    for id_, place in job.layout.last_year.items():
        yield _item(place.row, LAST_YEAR_COLUMN, id_)
        yield _item(place.row, place.column, job.last_year.get(id_))


def _phrases(job: Job) -> Iterator[Item]:
    first = job.layout.phrases
    for index, phrase in enumerate(job.form.explanation.empty):
        yield _item(first.row + index, first.column, phrase)


def _code(job: Job) -> Iterator[Item]:
    """核对码 = (seed + shares) mod a prime, shown with six digits."""
    row, column = CODE_PLACE.row, CODE_PLACE.column
    seed = Place(HELPERS, row + 1, column).address
    shares = _area(job, list(job.form.inputs), SHARE).removeprefix(f"'{HELPERS}'!")
    total = f"{seed}+SUM({shares})"
    code = f'=TEXT({_modulo(f"({total})")},"000000")'
    yield _item(row, column - 1, "print_code")
    yield _item(row, column, Formula(code, job.code))
    yield _item(row + 1, column - 1, "seed")
    yield _item(row + 1, column, job.seed)


def _helpers(
    job: Job, index: int, cell: Cell, rules: list[tuple[int, Instance]]
) -> Iterator[Item]:
    place = job.layout.helpers[cell.id]
    row, column = place.row, place.column
    formulas = job.formulas(HELPERS)
    steps = term(cell, job.evaluator.cell(cell.id))
    steps_ref = Place(HELPERS, row, column + STEPS).address
    contents: dict[int, Content] = {
        STEPS: Formula(f"={_steps(job, formulas, cell)}", steps),
        SHARE: Formula(
            f"={_modulo(steps_ref)}*{weight(index)}", steps % MODULUS * weight(index)
        ),
    }
    for offset, rule in rules:
        spot = _position(job, cell.id)
        failing = job.evaluator.outcome(rule) is Outcome.FAIL
        text = _flag(formulas, rule.expression, spot)
        contents[offset] = Formula(f"={text}", spot if failing else "")
    for offset, content in contents.items():
        yield _item(row, column + offset, content)


def _flag(formulas: Formulas, rule: Node, spot: int) -> str:
    """Where the input stands if its check fails, else nothing."""
    truth = formulas.truth(rule)
    text = f'IF({truth.holds},"",{spot})'
    return text if truth.known == ALWAYS else f'IF({truth.known},{text},"")'


def _rules_by_cell(job: Job) -> dict[str, list[tuple[int, Instance]]]:
    """For each input, the checks of every input with the column of their flag."""
    rules: dict[str, list[tuple[int, Instance]]] = {c.id: [] for c in job.form.inputs}
    for _, line in job.form.lines:
        if line.per_input:
            column = _flag_column(job, line)
            for instance in line.instances:
                rules[instance.place].append((column, instance))
    return rules


def _steps(job: Job, formulas: Formulas, cell: Cell) -> str:
    ref = formulas.ref(job.layout.cells[cell.id])
    table = formulas.declared(cell.table)
    times = f"*{10**cell.type.decimals}" if cell.type.decimals else ""
    return (
        f"IF(ISNUMBER({ref}),IF(ABS({ref})<={cell.type.maximum},"
        f"ROUND({ref}{times},0)+1,0),IF({table},COUNTBLANK({ref}),0))"
    )


def _modulo(text: str) -> str:
    """Without MOD, which gives up on large numbers in older Excels."""
    return f"({text}-{MODULUS}*INT({text}/{MODULUS}))"


def _item(row: int, column: int, content: Content) -> Item:
    return Item(row, column, content, "")
