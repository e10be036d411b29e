"""``_calc``, very hidden: helper formulas. The reader never opens it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from workbook_builder.language.figures import prepared_formula
from workbook_builder.language.formula import ALWAYS, Formulas, accepted
from workbook_builder.language.formula import reason as reason_formula
from workbook_builder.language.value import Outcome
from workbook_builder.model.explanation import reason
from workbook_builder.model.expression import Node, Not
from workbook_builder.model.form import Cell, Check, Instance, Line
from workbook_builder.model.layout import Place, column_letters
from workbook_builder.model.naming import workbook_name
from workbook_builder.rules.print_code import MODULUS, largest, term, weight, zero
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
)
from workbook_builder.workbook.place import (
    AUDIT,
    AUDIT_TOP,
    GUIDE,
    HELPERS,
    KEY,
    REASON_COLUMN,
    ROW_COLUMN,
    STATE_COLUMN,
    TARGET_COLUMN,
)
from workbook_builder.workbook.plan import Content, Formula, Item, Sheet

#: Helper columns of an input: figure in steps, share of the code, and a flag for each
#: check of every input.
STEPS, SHARE, FLAGS = 0, 1, 2

#: Names for macros (``macros/unit_helper.bas``): the lines of the 审核 sheet, where
#: each of them leads, and the standard name of the file.
LINES_NAME, TARGETS_NAME, FILE_NAME = "audit_lines", "audit_targets", "file_name"


def helpers_sheet(job: Job) -> Sheet:
    """``_calc``."""
    flags = _rules_by_cell(job)
    return Sheet(
        name=HELPERS,
        items=(
            *_phrases(job),
            *_prepared(job),
            *_code(job),
            *_file_name(job),
            *_finders(job),
            *_reasons(job),
            *_states(job),
            *_failing_rows(job),
            *_targets(job),
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


def _targets(job: Job) -> Iterator[Item]:
    """Where the lines lead, one after the other, a hundred in each cell."""
    for index, lines in enumerate(_hundreds(job)):
        groups = groupby(lines, key=lambda line: line.per_input)
        parts = [
            part
            for per_input, group in groups
            for part in (
                [_target_formula(job, line) for line in group]
                if per_input
                else _literals("".join(f"{_target(job, line)}/" for line in group))
            )
        ]
        now = "".join(f"{_target(job, line)}/" for line in lines)
        yield _item(index, TARGET_COLUMN, Formula(f"={'&'.join(parts)}", now))


def _hundreds(job: Job) -> list[list[Line]]:
    lines = [line for _, line in job.form.lines]
    return [lines[start : start + 100] for start in range(0, len(lines), 100)]


def _literals(text: str) -> list[str]:
    """As texts in a formula, which takes none of more than 255 characters."""
    return [f'"{text[start : start + 255]}"' for start in range(0, len(text), 255)]


def _target(job: Job, line: Line) -> str:
    """The cell a line is about now; for a check of every input, the first that fails."""
    place = job.layout.place_of(line.instances[0].place) or Place(GUIDE, 0, 0)
    address = place.address
    if line.per_input:
        down, across = divmod(_first_failing(job, line), 100)
        address = f"{column_letters(across - 1)}{down}"
    return f"'{place.sheet}'!{address}"


def _target_formula(job: Job, line: Line) -> str:
    """The same for a check of every input, live."""
    place = job.layout.cells[line.instances[0].place]
    address = first_failing(job, line).replace(f"'{HELPERS}'!", "")
    return f'"\'{place.sheet}\'!"&{address}&"/"'


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
        first = _position(job, line.instances[0].place)
        flags = _here(flags_area(job, line))
        text = f"=IF(COUNT({flags})=0,{first},MIN({flags}))"
        place = _finder_place(job, line)
        found = _first_failing(job, line)
        yield _item(place.row, place.column, Formula(text, found))


def _first_failing(job: Job, line: Line) -> int:
    """Position of the first input that fails now; with none, of the first input."""
    failing = [
        instance.place
        for instance in line.instances
        if job.evaluator.outcome(instance) is Outcome.FAIL
    ]
    first = line.instances[0].place
    return min(_position(job, id_) for id_ in failing or [first])


def reason_place(job: Job, line: Line) -> Place:
    """Where an explanation stands without its spaces and punctuation."""
    row = job.layout.lines[line.key].row - AUDIT_TOP
    return Place(HELPERS, row, REASON_COLUMN)


def _reasons(job: Job) -> Iterator[Item]:
    for check, line in job.form.lines:
        if check.severity.can_be_explained:
            place = reason_place(job, line)
            said = job.formulas(HELPERS).ref(job.layout.explanations[line.key])
            text = f"={reason_formula(said)}"
            now = reason(job.answers.explanations.get(line.key, ""))
            yield _item(place.row, place.column, Formula(text, now))


def state_place(job: Job, line: Line) -> Place:
    """Where the state of a line is computed; the 审核 sheet shows it."""
    row = job.layout.lines[line.key].row - AUDIT_TOP
    return Place(HELPERS, row, STATE_COLUMN)


def state_name(job: Job, line: Line) -> str:
    """The defined name of the cell with a line's state."""
    return f"state_{job.layout.lines[line.key].row - AUDIT_TOP + 1}"


def state_names(job: Job) -> dict[str, str]:
    """Name → reference, for all that marks cells of other sheets."""
    return {
        state_name(job, line): f"{HELPERS}!{state_place(job, line).absolute}"
        for check, line in job.form.lines
        if not line.per_input and check.severity.asks
    }


def failing_rows(job: Job) -> str:
    """For each check with a ✘, the row of its first line on the 审核 sheet; a range."""
    letters = column_letters(ROW_COLUMN)
    return f"'{HELPERS}'!${letters}$1:${letters}${len(job.form.checks)}"


def _failing_rows(job: Job) -> Iterator[Item]:
    groups = groupby(job.form.lines, key=lambda pair: pair[0])
    for index, (check, pairs) in enumerate(groups):
        lines = [line for _, line in pairs]
        first, last = (state_place(job, line).address for line in (lines[0], lines[-1]))
        row = job.layout.lines[lines[0].key].row + 1
        failing = any(job.state(check, line) == FAIL for line in lines)
        text = f'=IF(COUNTIF({first}:{last},"{FAIL}")>0,{row},"")'
        yield _item(index, ROW_COLUMN, Formula(text, row if failing else ""))


def macro_names(job: Job) -> dict[str, str]:
    """Name → reference, for macros: they look up nothing but these."""
    last = AUDIT_TOP + len(job.form.lines) - 1
    lines = (Place(AUDIT, AUDIT_TOP, 0), Place(AUDIT, last, KEY))
    targets = (
        Place(HELPERS, 0, TARGET_COLUMN),
        Place(HELPERS, len(_hundreds(job)) - 1, TARGET_COLUMN),
    )
    file = _file_place()
    return {
        FILE_NAME: f"{HELPERS}!{file.absolute}",
        LINES_NAME: f"'{AUDIT}'!{lines[0].absolute}:{lines[1].absolute}",
        TARGETS_NAME: f"{HELPERS}!{targets[0].absolute}:{targets[1].absolute}",
    }


def _file_place() -> Place:
    return Place(HELPERS, CODE_PLACE.row + 2, CODE_PLACE.column)


def _file_name(job: Job) -> Iterator[Item]:
    place = _file_place()
    name = workbook_name(job.campaign, job.form, job.unit)
    yield _item(place.row, place.column, name)


def _states(job: Job) -> Iterator[Item]:
    for check, line in job.form.lines:
        place = state_place(job, line)
        text = f"={_state(job, check, line)}"
        yield _item(place.row, place.column, Formula(text, job.state(check, line)))


def _state(job: Job, check: Check, line: Line) -> str:
    if check.reader_only:
        return f'"{LATER}"'
    breach = _breach(job, check, line)
    if line.per_input:
        wrong = f'"{OPEN}"' if asks_for_entry(line) else breach
        return f'IF(COUNT({_here(flags_area(job, line))})=0,"{PASS}",{wrong})'
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
    word = f'"{FAIL if check.severity.asks else HINT}"'
    text = job.text_of(line)
    if text is not None:
        place = job.formulas(HELPERS).ref(job.layout.texts[text])
        word = f'IF({place}="","{OPEN}",{word})'
    if not check.severity.can_be_explained:
        return word
    said = reason_place(job, line).address
    counts = accepted(said, job.form.explanation, _here(phrases_area(job)))
    return f'IF({counts},"{EXPLAINED}",{word})'


def _here(area: str) -> str:
    """A range without the name of this sheet."""
    return area.removeprefix(f"'{HELPERS}'!")


def _position(job: Job, id_: str) -> int:
    """100 × row + column, counted from 1."""
    place = job.layout.cells[id_]
    return 100 * (place.row + 1) + place.column + 1


def _phrases(job: Job) -> Iterator[Item]:
    first = job.layout.phrases
    for index, phrase in enumerate(job.form.explanation.empty):
        yield _item(first.row + index, first.column, phrase)


def _prepared(job: Job) -> Iterator[Item]:
    for id_ in job.form.counting_texts:
        place = job.layout.prepared[id_]
        ref = job.formulas(HELPERS).ref(job.layout.texts[id_])
        text = Formula(f"={prepared_formula(ref)}", job.evaluator.prepared(id_))
        yield _item(place.row, place.column, text)


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
    contents = dict(_shares(job, formulas, cell, index))
    for offset, rule in rules:
        spot = _position(job, cell.id)
        failing = job.evaluator.outcome(rule) is Outcome.FAIL
        text = _flag(formulas, rule.expression, spot)
        contents[offset] = Formula(f"={text}", spot if failing else "")
    for offset, content in contents.items():
        yield _item(row, column + offset, content)


def _shares(
    job: Job, formulas: Formulas, cell: Cell, index: int
) -> Iterator[tuple[int, Content]]:
    """What an input adds to the 核对码: its figure in steps times its weight.

    166 counts of eight digits times a weight stay far below 2^53; an amount in its
    small steps does not, and is reduced first.
    """
    steps = term(cell, job.evaluator.cell(cell.id))
    text = _steps(job, formulas, cell)
    if not cell.type.decimals:
        yield SHARE, Formula(f"={text}*{weight(index)}", steps * weight(index))
        return
    place = job.layout.helpers[cell.id]
    ref = Place(HELPERS, place.row, place.column + STEPS).address
    share = steps % MODULUS * weight(index)
    yield STEPS, Formula(f"={text}", steps)
    yield SHARE, Formula(f"={_modulo(ref)}*{weight(index)}", share)


def _flag(formulas: Formulas, rule: Node, spot: int) -> str:
    """Where the input stands if its check fails, else nothing."""
    if isinstance(rule, Not):
        truth = formulas.truth(rule.operand)
        text = f'IF({truth.holds},{spot},"")'
    else:
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
    times = f"*{10**cell.type.decimals}" if cell.type.decimals else ""
    nothing = zero(cell.type)
    return (
        f"IF(ISNUMBER({ref}),IF(ABS({ref})<={largest(cell.type)},"
        f"ROUND({ref}{times},0)+{nothing},0),0)"
    )


def _modulo(text: str) -> str:
    """Without MOD, which gives up on large numbers in older Excels."""
    return f"({text}-{MODULUS}*INT({text}/{MODULUS}))"


def _item(row: int, column: int, content: Content) -> Item:
    return Item(row, column, content, "")
