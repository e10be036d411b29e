"""``_calc``, very hidden: helper formulas. The reader never opens it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from workbook_builder.language.figures import prepared_formula
from workbook_builder.language.spelling import ALWAYS
from workbook_builder.language.value import Outcome
from workbook_builder.model.check import Instance
from workbook_builder.model.expression import Not
from workbook_builder.model.form import Cell
from workbook_builder.model.layout import Place
from workbook_builder.model.naming import workbook_name
from workbook_builder.rules.print_code import (
    MODULUS,
    largest,
    term,
    text_formula,
    text_term,
    weight,
    weight_formula,
    zero,
)
from workbook_builder.workbook.job import CODE_PLACE, Job, of_the_form
from workbook_builder.workbook.place import (
    ADDRESS_COLUMN,
    AUDIT,
    AUDIT_TOP,
    HELPERS,
    KEY,
)
from workbook_builder.workbook.plan import Content, Formula, Item, Sheet
from workbook_builder.workbook.sheets.entries import figure_now
from workbook_builder.workbook.sheets.lines import (
    FIGURE,
    SHARE,
    SPOT,
    STEPS,
    address_items,
    area,
    finder_items,
    flag_column,
    in_row,
    position,
    reason_items,
    state_items,
)
from workbook_builder.workbook.sheets.problems import lines_column, problem_items

#: Names for macros (``macros/unit_helper.bas``): the lines of the 审核 sheet, where
#: each of them leads, and the standard name of the file.
LINES_NAME, TARGETS_NAME, FILE_NAME = "audit_lines", "audit_targets", "file_name"


def helpers_sheet(job: Job) -> Sheet:
    """``_calc``."""
    flags = _flags(job)
    return Sheet(
        name=HELPERS,
        items=(
            *_phrases(job),
            *_prepared(job),
            *_code(job),
            *_text_shares(job),
            *_file_name(job),
            *finder_items(job),
            *reason_items(job),
            *state_items(job),
            *problem_items(job),
            *address_items(job),
            *(
                item
                for index, cell in enumerate(job.form.inputs)
                for item in _helpers(job, index, cell, flags[cell.id])
            ),
        ),
        hidden=True,
        grid=True,
    )


def macro_names(job: Job) -> dict[str, str]:
    """Name → reference, for macros: they look up nothing but these."""
    last = AUDIT_TOP + len(job.lines) - 1
    lines = (Place(AUDIT, AUDIT_TOP, 0), Place(AUDIT, last, KEY))
    file = _file_place()
    return {
        FILE_NAME: f"{HELPERS}!{file.absolute}",
        LINES_NAME: f"'{AUDIT}'!{lines[0].absolute}:{lines[1].absolute}",
        TARGETS_NAME: lines_column(job, ADDRESS_COLUMN),
    }


def _file_place() -> Place:
    return Place(HELPERS, CODE_PLACE.row + 2, CODE_PLACE.column)


def _file_name(job: Job) -> Iterator[Item]:
    place = _file_place()
    name = workbook_name(job.campaign, job.form, job.unit)
    yield _item(place.row, place.column, name)


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
    inputs = area(job, list(job.form.inputs), SHARE).removeprefix(f"'{HELPERS}'!")
    shares = [
        inputs,
        *(place.address for place in _text_places(job, SHARE)),
    ]
    total = f"{seed}+SUM({','.join(shares)})"
    code = f'=TEXT({_modulo(f"({total})")},"000000")'
    yield _item(row, column - 1, "print_code")
    yield _item(row, column, Formula(code, job.code))
    yield _item(row + 1, column - 1, "seed")
    yield _item(row + 1, column, job.seed)


def _text_shares(job: Job) -> Iterator[Item]:
    """Each text, and what it adds to the 核对码: the same formula for all of them."""
    said, shares = _text_places(job, FIGURE), _text_places(job, SHARE)
    for index, text in enumerate(job.form.narratives):
        now = job.answers.texts.get(text.id, "")
        ref = job.formulas(HELPERS).ref(job.layout.texts[text.id])
        here = f"INDEX({said[0].absolute}:{said[-1].absolute},ROW()-{said[0].row})"
        counts = text_term(now) * weight(len(job.form.inputs) + index)
        share = Formula(f"=({text_formula(here)})*{_weight(job)}", counts)
        yield _item(said[index].row, said[index].column, Formula(f"={ref}", now))
        yield _item(shares[index].row, shares[index].column, share)


def _text_places(job: Job, offset: int) -> list[Place]:
    """Where a helper column has something of each text: below the inputs."""
    *_, last = job.layout.helpers.values()
    rows = range(last.row + 1, last.row + 1 + len(job.form.narratives))
    return [Place(HELPERS, row, last.column + offset) for row in rows]


class _Flag(NamedTuple):
    """Of one check of an input: what ``_calc`` says while it holds, and while it fails."""

    check: Instance
    holds: Item
    fails: Item


def _helpers(job: Job, index: int, cell: Cell, flags: list[_Flag]) -> Iterator[Item]:
    place = job.layout.helpers[cell.id]
    contents: dict[int, Content] = {
        FIGURE: Formula(_figure(job, cell), figure_now(job, cell)),
        SPOT: position(job, cell.id),
        **dict(_shares(job, cell, index)),
    }
    for offset, content in contents.items():
        yield _item(place.row, place.column + offset, content)
    for check, holds, fails in flags:
        yield fails if job.evaluator.outcome(check) is Outcome.FAIL else holds


@of_the_form
def _figure(job: Job, cell: Cell) -> str:
    return f"={job.formulas(HELPERS).ref(job.layout.cells[cell.id])}"


def _shares(job: Job, cell: Cell, index: int) -> Iterator[tuple[int, Content]]:
    """What an input adds to the 核对码: its figure in steps times its weight.

    166 counts of eight digits times a weight stay far below 2^53; an amount in its
    small steps does not, and is reduced first.
    """
    steps = term(cell, job.evaluator.cell(cell.id))
    text = _steps(job, cell)
    if not cell.type.decimals:
        yield SHARE, Formula(f"={text}*{_weight(job)}", steps * weight(index))
        return
    share = steps % MODULUS * weight(index)
    yield STEPS, Formula(f"={text}", steps)
    yield SHARE, Formula(f"={_modulo(in_row(job, STEPS))}*{_weight(job)}", share)


@of_the_form
def _weight(job: Job) -> str:
    """The weight of the input on the row of the formula: the same text on every row."""
    first, *_ = job.layout.helpers.values()
    return weight_formula(f"(ROW()-{first.row + 1})")


def _flag(job: Job, instance: Instance) -> str:
    """Where the input stands if its check fails, else nothing."""
    own = {job.layout.cells[instance.place]: in_row(job, FIGURE)}
    formulas = replace(job.formulas(HELPERS), known_as=own)
    rule, spot = instance.expression, in_row(job, SPOT)
    if isinstance(rule, Not):
        truth = formulas.truth(rule.operand)
        text = f'IF({truth.holds},{spot},"")'
    else:
        truth = formulas.truth(rule)
        text = f'IF({truth.holds},"",{spot})'
    return f"={text}" if truth.known == ALWAYS else f'=IF({truth.known},{text},"")'


@of_the_form
def _flags(job: Job) -> dict[str, list[_Flag]]:
    """For each input, what is said of the checks of every input."""
    flags: dict[str, list[_Flag]] = {cell.id: [] for cell in job.form.inputs}
    for line in (line for _, line in job.lines if line.per_input):
        offset = flag_column(job, line)
        for check in line.instances:
            place, text = job.layout.helpers[check.place], _flag(job, check)
            holds, fails = (
                _item(place.row, place.column + offset, Formula(text, now))
                for now in ("", position(job, check.place))
            )
            flags[check.place].append(_Flag(check, holds, fails))
    return flags


@of_the_form
def _steps(job: Job, cell: Cell) -> str:
    ref = in_row(job, FIGURE)
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
