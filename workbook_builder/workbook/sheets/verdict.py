"""The first line of 填报说明: whether the return can be sent, and what is still open."""

from __future__ import annotations

from workbook_builder.model.check import Line
from workbook_builder.model.form import Table
from workbook_builder.model.severity import Severity
from workbook_builder.workbook.job import FAIL, HINT, OPEN, Job, asks_for_entry
from workbook_builder.workbook.place import (
    GUIDE,
    HELPERS,
    SEVERITY_COLUMN,
    STATE_COLUMN,
)
from workbook_builder.workbook.plan import Formula
from workbook_builder.workbook.sheets.lines import state_place
from workbook_builder.workbook.sheets.problems import about_texts, lines_column

READY, NOT_READY = "可以打印、签字、报送", "还不能报："
HINTS = "另有 {} 处提示，请核对"


def status(job: Job) -> Formula:
    """“还不能报：还有 151 个单元格未填，2 处要改”, or that it can be signed; live."""
    parts = [
        (_blank(job), _blank_now(job), "还有 {} 个单元格未填"),
        (_unwritten(job), _unwritten_now(job), "{} 段文字未写"),
        *(
            (_open(job, severity, FAIL), _count(job, severity, FAIL), words)
            for severity, words in zip(
                (each for each in Severity if each.asks),
                ("{} 处要改", "{} 处要改正或说明"),
                strict=True,
            )
        ),
    ]
    parts = [part for part in parts if part[0]]
    hints = [
        (_open(job, each, HINT), _count(job, each, HINT))
        for each in Severity
        if not each.asks
    ]
    left = "&".join(_counted(formula, words) for formula, _, words in parts)
    noted = "&".join(_counted(formula, HINTS) for formula, _ in hints)
    total = "+".join(f"({formula})" for formula, _, _ in parts)
    text = f'=IF({total}=0,"{READY}"&{noted},"{NOT_READY}"&MID({left},2,99))'
    open_now = [words.format(n) for _, n, words in parts if n]
    ready = READY + "".join(f"，{HINTS.format(n)}" for _, n in hints if n)
    return Formula(text, NOT_READY + "，".join(open_now) if open_now else ready)


def _counted(formula: str, words: str) -> str:
    """“，2 处要改”, or nothing where there is none."""
    before, after = words.split("{}")
    return f'IF({formula}>0,"，{before}"&({formula})&"{after}","")'


def _blank(job: Job) -> str:
    return "+".join(blanks(job, table) for table in job.form.tables)


def blanks(job: Job, table: Table) -> str:
    """How many inputs of a table are blank; none once it is declared all zero."""
    inputs = [job.layout.cells[c.id] for c in job.form.inputs if c.table == table.id]
    return job.formulas(GUIDE).blanks(inputs)


def _blank_now(job: Job) -> int:
    return sum(job.evaluator.is_blank(cell.id) for cell in job.form.inputs)


def _open(job: Job, severity: Severity, state: str) -> str:
    """How many lines of that severity are in that state, or ask for what is neither a
    cell nor a text: those that are blank are told before."""
    grades, states = (lines_column(job, c) for c in (SEVERITY_COLUMN, STATE_COLUMN))
    failing = f'SUMPRODUCT(({grades}="{severity.word}")*({states}="{state}"))'
    asking = (
        _is_open(job, line)
        for check, line in job.lines
        if check.severity is severity and _asks_for_fields(job, line)
    )
    return "+".join([failing, *asking])


def _count(job: Job, severity: Severity, state: str) -> int:
    return sum(
        check.severity is severity
        and job.state(line) in {state, *([OPEN] if _asks_for_fields(job, line) else [])}
        for check, line in job.lines
    )


def _asks_for_fields(job: Job, line: Line) -> bool:
    return not line.per_input and asks_for_entry(line) and job.text_of(line) is None


def _unwritten(job: Job) -> str:
    """How many texts are neither written nor explained; nothing where none is to write."""
    return "+".join(_is_open(job, line) for line in about_texts(job).values())


def _unwritten_now(job: Job) -> int:
    return sum(job.state(line) == OPEN for line in about_texts(job).values())


def _is_open(job: Job, line: Line) -> str:
    return f'IF({HELPERS}!{state_place(job, line).absolute}="{OPEN}",1,0)'
