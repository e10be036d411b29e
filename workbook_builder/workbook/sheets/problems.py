"""What is still open, live: the sentences of 退回意见 before anything is sent.

``_calc`` numbers the open lines of 审核 and holds the sentence, the remedy and the target
of each; the first page shows the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbook_builder.language.spelling import literals, sheet_prefix
from workbook_builder.language.words import breach, numbers_said, opening, remedy
from workbook_builder.model.check import Check, Line
from workbook_builder.model.layout import Place, column_letters
from workbook_builder.model.text import Text
from workbook_builder.workbook.job import (
    EXPLAINED,
    FAIL,
    HINT,
    OPEN,
    Job,
    asks_for_entry,
    of_the_form,
)
from workbook_builder.workbook.place import (
    AUDIT,
    AUDIT_TOP,
    COUNTED_COLUMN,
    EXPLAINED_COLUMN,
    EXPLANATION,
    HELPERS,
    REMEDY_COLUMN,
    SAID_COLUMN,
    SEVERITY_COLUMN,
    STATE_COLUMN,
)
from workbook_builder.workbook.plan import Content, Formula, Item
from workbook_builder.workbook.sheets.lines import (
    first_failing,
    flags_area,
    state_place,
    target,
)


class Problem(NamedTuple):
    """An open line as it is said now."""

    line: str
    severity: str
    sentence: str
    remedy: str
    target: str


def problems(job: Job) -> list[Problem]:
    """Every open line, in the order of 审核."""
    words = _open_words(job)
    return [
        Problem(
            line.key,
            check.severity.word,
            _sentence(job, check, line),
            _remedy(job, check, line),
            target(job, line),
        )
        for check, line in job.lines
        if job.state(line) in words[line.key]
    ]


def problem_items(job: Job) -> Iterator[Item]:
    """The columns of ``_calc``."""
    words, number, explained = _open_words(job), 0, 0
    for check, line in job.lines:
        row = state_place(job, line).row
        counted, explains, said = _texts(job, check, line)
        now = job.state(line) in words[line.key]
        number += now
        explained += job.state(line) == EXPLAINED
        contents: dict[int, Content] = {
            COUNTED_COLUMN: Formula(counted, number),
            EXPLAINED_COLUMN: Formula(explains, explained),
            SAID_COLUMN: Formula(said, _sentence(job, check, line) if now else ""),
            REMEDY_COLUMN: _remedy(job, check, line),
            SEVERITY_COLUMN: check.severity.word,
        }
        for column, content in contents.items():
            yield Item(row, column, content, "")


@of_the_form
def _texts(job: Job, check: Check, line: Line) -> tuple[str, str, str]:
    """The formulas of a line: how many are open so far, and explained, and what it says."""
    row = state_place(job, line).row
    state = Place(HELPERS, row, STATE_COLUMN).address
    words = _open_words(job)[line.key]
    is_open = "OR({})".format(",".join(f'{state}="{word}"' for word in words))
    before = f"{Place(HELPERS, row - 1, COUNTED_COLUMN).address}+" if row else ""
    explained_before = before.replace(
        column_letters(COUNTED_COLUMN), column_letters(EXPLAINED_COLUMN)
    )
    return (
        f"={before}IF({is_open},1,0)",
        f'={explained_before}IF({state}="{EXPLAINED}",1,0)',
        f'=IF({is_open},{_formula(job, check, line)},"")',
    )


@of_the_form
def _remedy(job: Job, check: Check, line: Line) -> str:
    return remedy(job.form, check, line.instances).zh


def open_problems(job: Job) -> str:
    """A formula for how many lines are open."""
    return f"MAX({lines_column(job, COUNTED_COLUMN)})"


def to_first_line(job: Job, said: str, now: str) -> Formula:
    """A jump to the first open line on 审核, or to the first of all."""
    counted = lines_column(job, COUNTED_COLUMN)
    row = f"{AUDIT_TOP}+IF({open_problems(job)}=0,1,MATCH(1,{counted},0))"
    target = f'"#{sheet_prefix(AUDIT)}{column_letters(EXPLANATION)}"&{row}'
    return Formula(f"=HYPERLINK({target},{said})", now)


def shown(job: Job, column: int, number: str = "1") -> str:
    """A formula for what a column says of the open line of that number, where there is
    one."""
    place = f"MATCH({number},{lines_column(job, COUNTED_COLUMN)},0)"
    return f"INDEX({lines_column(job, column)},{place})"


def lines_column(job: Job, column: int) -> str:
    """A column of ``_calc``, a row for each line."""
    letters = column_letters(column)
    return f"{HELPERS}!${letters}$1:${letters}${len(job.lines)}"


@of_the_form
def _open_words(job: Job) -> dict[str, list[str]]:
    """By line, the states in which it is a problem of its own: a blank is told by the
    line that asks for entries, a text not written by the first line about it."""
    words: dict[str, list[str]] = {}
    for _, line in job.lines:
        tells = asks_for_entry(line) or line in about_texts(job).values()
        words[line.key] = [FAIL, HINT, *([OPEN] if tells else [])]
    return words


@of_the_form
def about_texts(job: Job) -> dict[str, Line]:
    """By text, the first line about it, which tells that it is not written."""
    first: dict[str, Line] = {}
    for _, line in job.lines:
        if (text := job.text_of(line)) is not None:
            first.setdefault(text, line)
    return first


def _sentence(job: Job, check: Check, line: Line) -> str:
    if line.per_input:
        before, after = _about_inputs(check, line)
        address = target(job, line).rpartition("!")[2]
        return f"{before}{job.failing(line)}{after}{address}。"
    return breach(job.evaluator, check, line, line.instances[0]).zh


def _formula(job: Job, check: Check, line: Line) -> str:
    """:func:`_sentence`, live."""
    if line.per_input:
        before, after = _about_inputs(check, line)
        count = f"COUNT({flags_area(job, line)})"
        address = first_failing(job, line)
        parts = [*literals(before), count, *literals(after), address, '"。"']
        return "&".join(parts)
    formulas, instance = job.formulas(HELPERS), line.instances[0]
    said = () if check.reader_only else numbers_said(job.form, instance)
    start = opening(job.form, check, line, instance).zh + ("：" if said else "")
    return formulas.spoken([Text(start, ""), *said, Text("。", "")])


def _about_inputs(check: Check, line: Line) -> tuple[str, str]:
    """“填报完整【表三】：144 个单元格没有填，第一处 D7。” around its number."""
    return (
        f"{check.title}【{line.label}】：",
        f" 个单元格{check.message}，第一处 ",
    )
