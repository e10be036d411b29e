"""What ``_calc`` knows of each line of 审核: its state, its reason, where it leads and,
for a check of every input, which inputs fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workbook_builder.language.spelling import ALWAYS, accepted
from workbook_builder.language.spelling import reason as reason_formula
from workbook_builder.language.value import Outcome
from workbook_builder.language.words import Lacking, lacking
from workbook_builder.model.check import Check, Line
from workbook_builder.model.explanation import reason
from workbook_builder.model.expression import Call
from workbook_builder.model.form import Cell
from workbook_builder.model.layout import Place, column_letters
from workbook_builder.workbook.job import (
    CODE_PLACE,
    EXPLAINED,
    FAIL,
    HINT,
    LATER,
    OPEN,
    PASS,
    Job,
    asks_for_entry,
    of_the_form,
)
from workbook_builder.workbook.place import (
    ACCEPTED_COLUMN,
    ADDRESS_COLUMN,
    AUDIT_TOP,
    GUIDE,
    HELPERS,
    REASON_COLUMN,
    STATE_COLUMN,
)
from workbook_builder.workbook.plan import Formula, Item

#: Helper columns of an input: its figure, where it stands, the figure in steps, its share
#: of the code, and a flag for each check of every input.
FIGURE, SPOT, STEPS, SHARE, FLAGS = range(5)


@of_the_form
def flags_area(job: Job, line: Line) -> str:
    """A number for each failing input of a line, as a range."""
    cells = [job.form.cells[instance.place] for instance in line.instances]
    return area(job, cells, flag_column(job, line))


def failing_name(job: Job, line: Line) -> str:
    """The defined name of :func:`flags_area`."""
    return f"failing_{column_letters(_per_input_lines(job).index(line))}"


def failing_names(job: Job) -> dict[str, str]:
    """Name → reference, for all that marks the cells of such a line."""
    return {
        failing_name(job, line): flags_area(job, line) for line in _per_input_lines(job)
    }


@of_the_form
def first_failing(job: Job, line: Line) -> str:
    """A formula for the address of the first failing input of a line.

    With none it is that of the first input. Rows and columns are looked up as
    100 × row + column, because none of the functions every suite has looks up text.
    """
    return address(f"'{HELPERS}'!{_finder_place(job, line).absolute}")


def address(ref: str) -> str:
    """A formula for the address that 100 × row + column in a cell means."""
    row = f"INT({ref}/100)"
    letters = "".join(column_letters(column) for column in range(26))
    return f'MID("{letters}",{ref}-100*{row},1)&{row}'


def address_items(job: Job) -> Iterator[Item]:
    """Where each line leads, as a link takes it."""
    for _, line in job.lines:
        content: str | Formula = target(job, line)
        if line.per_input:
            address = here(first_failing(job, line))
            text = f"=\"'{_target_place(job, line).sheet}'!\"&{address}"
            content = Formula(text, target(job, line))
        elif _lacking(job, line).fields:
            content = Formula(_to_first_blank(job, line), target(job, line))
        place = address_place(job, line)
        yield Item(place.row, place.column, content, "")


@of_the_form
def _to_first_blank(job: Job, line: Line) -> str:
    """A formula for the place of the first field in which nothing is written."""
    fields, formulas = _lacking(job, line).fields, job.formulas(HELPERS)
    places = (job.layout.fields[each.id] for each in fields)
    said = [f"\"'{place.sheet}'!{place.address}\"" for place in places]
    found = said[0]
    for each, address in zip(reversed(fields), reversed(said), strict=True):
        found = (
            f"IF({formulas.truth(Call('is_blank', each.id)).holds},{address},{found})"
        )
    return f"={found}"


def address_place(job: Job, line: Line) -> Place:
    """Where ``_calc`` says which cell a line leads to."""
    return Place(HELPERS, state_place(job, line).row, ADDRESS_COLUMN)


def target(job: Job, line: Line) -> str:
    """The cell a line is about now; for a check of every input, the first that fails."""
    blank = _lacking(job, line).blank(job.evaluator)
    place = job.layout.fields[blank[0].id] if blank else _target_place(job, line)
    address = place.address
    if line.per_input:
        down, across = divmod(_first_failing(job, line), 100)
        address = f"{column_letters(across - 1)}{down}"
    return f"'{place.sheet}'!{address}"


@of_the_form
def _lacking(job: Job, line: Line) -> Lacking:
    return lacking(job.form, line.instances[0])


def _target_place(job: Job, line: Line) -> Place:
    return job.layout.place_of(line.instances[0].place) or Place(GUIDE, 0, 0)


def phrases_area(job: Job) -> str:
    """The phrases that do not count as an explanation."""
    first = job.layout.phrases
    last = Place(
        first.sheet, first.row + len(job.form.explanation.empty) - 1, first.column
    )
    return f"'{HELPERS}'!{first.absolute}:{last.absolute}"


def area(job: Job, cells: list[Cell], offset: int) -> str:
    first, last = (job.layout.helpers[cell.id] for cell in (cells[0], cells[-1]))
    column = f"${column_letters(first.column + offset)}$"
    return f"'{HELPERS}'!{column}{first.row + 1}:{column}{last.row + 1}"


def in_row(job: Job, offset: int) -> str:
    """What a helper column has on the row of the formula: the same text on every row,
    which keeps the file small."""
    return f"INDEX({here(area(job, list(job.form.inputs), offset))},ROW())"


def flag_column(job: Job, line: Line) -> int:
    codes = list(
        dict.fromkeys(check.code for check, each in job.lines if each.per_input)
    )
    return FLAGS + codes.index(line.key.split(".")[0])


def _per_input_lines(job: Job) -> list[Line]:
    return [line for _, line in job.lines if line.per_input]


def _finder_place(job: Job, line: Line) -> Place:
    row = CODE_PLACE.row + 3 + _per_input_lines(job).index(line)
    return Place(HELPERS, row, CODE_PLACE.column)


def finder_items(job: Job) -> Iterator[Item]:
    """For each check of every input and each table, where it fails first."""
    for line in _per_input_lines(job):
        first = position(job, line.instances[0].place)
        flags = here(flags_area(job, line))
        text = f"=IF(COUNT({flags})=0,{first},MIN({flags}))"
        place = _finder_place(job, line)
        found = _first_failing(job, line)
        yield Item(place.row, place.column, Formula(text, found), "")


def _first_failing(job: Job, line: Line) -> int:
    """Position of the first input that fails now; with none, of the first input."""
    found = zip(line.instances, job.outcomes[line.key], strict=True)
    failing = [each.place for each, outcome in found if outcome is Outcome.FAIL]
    first = line.instances[0].place
    return min(position(job, id_) for id_ in failing or [first])


def reason_place(job: Job, line: Line) -> Place:
    """Where an explanation stands without its spaces and punctuation."""
    row = job.layout.lines[line.key].row - AUDIT_TOP
    return Place(HELPERS, row, REASON_COLUMN)


def reason_items(job: Job) -> Iterator[Item]:
    """The reasons, and whether each counts: the same text for all of them."""
    last = Place(HELPERS, len(job.lines) - 1, REASON_COLUMN)
    first = Place(HELPERS, 0, REASON_COLUMN)
    reasons = f"INDEX({first.absolute}:{last.absolute},ROW())"
    counts = accepted(reasons, job.form.explanation, here(phrases_area(job)))
    for check, line in job.lines:
        if check.severity.can_be_explained:
            place = reason_place(job, line)
            said = job.answers.explanations.get(line.key, "")
            text = Formula(_reason(job, line), reason(said))
            yield Item(place.row, place.column, text, "")
            given = job.form.explanation.accepts(said)
            formula = Formula(f"=IF({counts},1,0)", int(given))
            yield Item(place.row, ACCEPTED_COLUMN, formula, "")


@of_the_form
def _reason(job: Job, line: Line) -> str:
    said = job.formulas(HELPERS).ref(job.layout.explanations[line.key])
    return f"={reason_formula(said)}"


def state_place(job: Job, line: Line) -> Place:
    """Where the state of a line is computed; the 审核 sheet shows it."""
    row = job.layout.lines[line.key].row - AUDIT_TOP
    return Place(HELPERS, row, STATE_COLUMN)


def state_name(job: Job, line: Line) -> str:
    """The defined name of the cell with a line's state. No digit is in it: LibreOffice
    tries a name that has one as an amount of money, and loads all currencies for that.
    """
    return f"state_{column_letters(state_place(job, line).row)}"


def state_names(job: Job) -> dict[str, str]:
    """Name → reference, for all that marks cells of other sheets."""
    return {
        state_name(job, line): f"{HELPERS}!{state_place(job, line).absolute}"
        for check, line in job.lines
        if not line.per_input and check.severity.asks
    }


def state_items(job: Job) -> Iterator[Item]:
    for check, line in job.lines:
        place = state_place(job, line)
        text = f"={_state(job, check, line)}"
        yield Item(place.row, place.column, Formula(text, job.state(line)), "")


@of_the_form
def _state(job: Job, check: Check, line: Line) -> str:
    if check.reader_only:
        return f'"{LATER}"'
    breach = _breach(job, check, line)
    if line.per_input:
        return f'IF(COUNT({here(flags_area(job, line))})=0,"{PASS}",{breach})'
    instance = line.instances[0]
    formulas = job.formulas(HELPERS)
    truth = formulas.truth(instance.expression)
    text = f'IF({truth.holds},"{PASS}",{breach})'
    if truth.known != ALWAYS:
        text = f'IF({truth.known},{text},"{OPEN}")'
    if instance.last_period:
        known = formulas.last_period_known(instance.expression)
        text = f'IF({known},{text},"{job.unknown}")'
    return text


def _breach(job: Job, check: Check, line: Line) -> str:
    """What a line says when its check fails; a good 说明 settles a 核实."""
    fails = FAIL if check.severity.asks else HINT
    word = f'"{OPEN if asks_for_entry(line) else fails}"'
    text = job.text_of(line)
    if text is not None:
        place = job.formulas(HELPERS).ref(job.layout.texts[text])
        word = f'IF({place}="","{OPEN}",{word})'
    if not check.severity.can_be_explained:
        return word
    counts = replace(reason_place(job, line), column=ACCEPTED_COLUMN).address
    return f'IF({counts}=1,"{EXPLAINED}",{word})'


def here(text: str) -> str:
    """A formula for this sheet, without its name."""
    return text.replace(f"'{HELPERS}'!", "")


def position(job: Job, id_: str) -> int:
    """100 × row + column, counted from 1."""
    place = job.layout.cells[id_]
    return 100 * (place.row + 1) + place.column + 1
