"""What happens to a clerk: typed into a real engine, seen on its screen, judged by us.

Each path ends with everything the 审核 sheet shows compared with what our evaluator
says of the same answers, so that clerk and district never read two verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import pytest

from tests import engines, support
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.answers import ALL_ZERO, REST_ZERO, Answers
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Kind
from workbook_builder.model.layout import Place
from workbook_builder.model.submission import Submission
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.job import EXPLAINED, FAIL, OPEN, Job
from workbook_builder.workbook.place import (
    AUDIT,
    AUDIT_TOP,
    DECLARATION_ROW,
    GAP,
    GUIDE,
    HELPERS,
    LEFT,
    RIGHT,
    SAID_COLUMN,
    STATE,
)
from workbook_builder.workbook.sheets.guide import STATUS_ROW
from workbook_builder.workbook.sheets.table import DECLARATIONS, choice_columns
from workbook_builder.workbook.sheets.verdict import READY

pytestmark = [
    pytest.mark.engine,
    pytest.mark.parametrize("engine", ["libreoffice", "onlyoffice"]),
]

LAST_PERIOD = {"applications.carried_out.natural": 1}
"""So that B1 doubts the 0 carried in this year."""

MISTAKES: Mapping[str, tuple[engines.Entry, str]] = {
    "applications.received.natural": ("l", "l"),
    "applications.received.business": (-1, "-1"),
    "applications.granted.natural": (1.5, "1.5"),
    "applications.carried_in.other": ("十二", "十二"),
    "proactive.licences.decisions": ("无", "无"),
    "disputes.direct.pending": ("12件", "12件"),
}
"""What is typed into which cell for a count, and how a finding shows it."""


@cache
def blank(last_period: bool = False) -> bytes:
    """The workbook as it is sent out, with what the unit said of itself before."""
    before = {id_: Decimal(figure) for id_, figure in LAST_PERIOD.items()}
    return build_workbook(
        support.form(),
        support.unit(),
        support.campaign(),
        Answers(fields=support.fields(support.form())),
        last_period=before if last_period else {},
    )


def without_business(*tables: str) -> dict[str, engines.Entry]:
    """A 0 in every input of these tables, by default of all, and every text."""
    form = support.form()
    chosen = tables or tuple(table.id for table in form.tables)
    zeros = {cell.id: 0 for cell in form.inputs if cell.table in chosen}
    return {**zeros, **{text.id: support.TEXT for text in form.narratives}}


def returned(
    engine: str, entries: Mapping[str, engines.Entry], workbook: bytes | None = None
) -> bytes:
    """The workbook as the clerk sends it back; entries by place (``support.spot``)."""
    where = {id_: support.spot(id_) for id_ in entries}
    return engines.require(engine).fill(
        workbook or blank(),
        {
            (where[id_].sheet, where[id_].address): entry
            for id_, entry in entries.items()
        },
    )


@cache
def nothing_to_report(engine: str, last_period: bool = False) -> bytes:
    """The blank workbook after a 0 was typed in every input, and every text: what the
    paths below have in common, saved by the engine."""
    return returned(engine, without_business(), blank(last_period))


class Screen:
    """What the engine shows in the cells of a workbook it saved."""

    def __init__(self, data: bytes) -> None:
        self._book = read_grid(data)

    def at(self, place: Place) -> str:
        sheet = self._book.sheet(place.sheet)
        assert sheet is not None
        cell = sheet.cells.get((place.row, place.column))
        return "" if cell is None else cell.value

    def audit(self, line: str, column: int) -> str:
        return self.at(Place(AUDIT, support.spot(line).row, column))

    def state(self, line: str) -> str:
        return self.audit(line, STATE)

    @property
    def status(self) -> str:
        return self.at(Place(GUIDE, STATUS_ROW, 0))

    def declaration(self, table: str) -> str:
        beside = choice_columns(support.form().table(table))
        return self.at(Place(support.spot(table).sheet, DECLARATION_ROW, beside))


def judged(data: bytes, last_period: bool = False) -> tuple[Submission, Screen]:
    """Our verdict and the clerk's screen, which say the same of every line."""
    submission, screen = support.judged(data, support.expected()), Screen(data)
    assert submission.answers is not None
    job = Job(
        support.form(),
        support.unit(),
        support.campaign(),
        submission.answers,
        {k: Decimal(v) for k, v in LAST_PERIOD.items()} if last_period else {},
    )
    seen = {line.key: screen.state(line.key) for _, line in job.form.lines}
    ours = {line.key: job.state(line) for _, line in job.form.lines}
    assert seen == ours
    return submission, screen


def findings(submission: Submission, code: str) -> list[tuple[str | None, str | None]]:
    """Where a check fails and what it saw there, in the order of the form."""
    return [
        (cell, submission.answers.value(cell).shown)
        for finding in submission.findings
        if finding.code == code
        for cell in finding.cells
    ]


# ---------------------------------------------------------------- zero declarations


def test_two_tables_declared_zero_need_no_zeros_typed(engine: str) -> None:
    figures = without_business("proactive")
    figures |= {"proactive.licences.decisions": 12}
    declared = {"applications": ALL_ZERO, "disputes": REST_ZERO}
    submission, screen = judged(returned(engine, {**figures, **declared}))
    assert submission.verdict is Verdict.ACCEPTED, submission.findings
    assert submission.findings == ()
    assert screen.status == READY
    assert screen.declaration("proactive") == DECLARATIONS[""]
    assert screen.declaration("applications") == DECLARATIONS[ALL_ZERO]
    assert screen.declaration("disputes") == DECLARATIONS[REST_ZERO]
    for cell in support.form().cells.values():
        if cell.kind is Kind.TOTAL and cell.table in declared:
            assert screen.at(support.spot(cell.id)) == "0", cell.id
            assert submission.facts[cell.id].number == 0, cell.id


def test_a_return_without_its_texts_is_not_yet_accepted(engine: str) -> None:
    form = support.form()
    typed: dict[str, engines.Entry] = {table.id: ALL_ZERO for table in form.tables}
    typed["email"] = None
    submission, screen = judged(returned(engine, typed))
    assert submission.verdict is Verdict.NEEDS_EXPLANATION
    assert screen.status == "还不能报：7 段文字未写，1 处要改正或说明"
    assert set(support.codes(submission.findings)) == {"F1", "F12"}
    said = screen.at(Place(HELPERS, support.spot("F12").row - AUDIT_TOP, SAID_COLUMN))
    assert said == "报告首部：没有填全：缺电子邮箱。"
    assert {screen.state(f"F1.{text.id}") for text in form.narratives} == {OPEN}


def test_one_application_takes_no_zeros_to_type(engine: str) -> None:
    """150 entries before the rest of a table could be declared; now the two that say
    something, three choices and the texts."""
    form = support.form()
    typed: dict[str, engines.Entry] = {
        "applications.received.natural": 1,
        "applications.granted.natural": 1,
        "applications": REST_ZERO,
        **{table.id: ALL_ZERO for table in form.tables if table.id != "applications"},
        **{text.id: support.TEXT for text in form.narratives},
    }
    assert len(typed) <= 25
    submission, screen = judged(returned(engine, typed))
    assert submission.verdict is Verdict.ACCEPTED, submission.findings
    assert screen.status.startswith(READY)
    totals = {id_: submission.facts[id_].number for id_ in form.totals}
    assert totals["applications.received.total"] == 1
    assert totals["applications.closed.total"] == 1
    assert sum(number or 0 for number in totals.values()) == 4


# ---------------------------------------------------------------- no numbers


def test_what_is_no_number_is_rejected_at_exactly_its_cell(engine: str) -> None:
    wrong = {id_: entry for id_, (entry, _) in MISTAKES.items()}
    right = {"proactive.penalties.decisions": 7, "disputes.review.upheld": 3}
    data = returned(engine, {**right, **wrong}, nothing_to_report(engine))
    submission, screen = judged(data)
    assert submission.verdict is Verdict.REJECTED
    found = findings(submission, "A5")
    assert sorted(found, key=str) == sorted(
        ((id_, shown) for id_, (_, shown) in MISTAKES.items()), key=str
    )
    for table in support.form().tables:
        count = sum(id_.startswith(f"{table.id}.") for id_ in MISTAKES)
        assert screen.audit(f"A5.{table.id}", LEFT) == str(count)
        assert screen.state(f"A5.{table.id}") == FAIL
    for cell in support.form().inputs:
        if cell.id not in MISTAKES:
            figure = submission.facts[cell.id].number
            assert figure == right.get(cell.id, 0), cell.id
    assert screen.at(support.spot("disputes.review.total")) == "3"


# ---------------------------------------------------------------- explanations

LINE = "B1.natural"


def doubted(engine: str, said: str | None) -> tuple[Submission, Screen]:
    """A return whose 上年结转 is not last year's, with this 说明."""
    data = returned(engine, {LINE: said}, nothing_to_report(engine, last_period=True))
    submission, screen = judged(data, last_period=True)
    assert support.finding(submission, "B1").cell == "applications.carried_in.natural"
    shown = [screen.audit(LINE, column) for column in (LEFT, RIGHT, GAP)]
    assert shown == ["0", "1", "-1"]
    return submission, screen


@pytest.mark.parametrize("said", [support.REASON, "上年多计1件", " 上年 多计 一件 "])
def test_a_good_explanation_settles_a_doubt(engine: str, said: str) -> None:
    submission, screen = doubted(engine, said)
    assert submission.verdict is Verdict.ACCEPTED, submission.findings
    assert support.finding(submission, "B1").explained
    assert screen.state(LINE) == EXPLAINED
    assert screen.status == READY


# ---------------------------------------------------------------- totals

TOTALS = {
    "applications.received.total": ("A3.received", ["A1", "A3"]),
    "applications.closed.natural": ("A2.natural", ["A2"]),
    "disputes.review.total": ("A4.review", ["A4"]),
}
"""The line that defines a total, and the checks that stand at its cell: the balance of
the last column is told at its first figure, which is itself a total."""


def unprotected(data: bytes) -> bytes:
    """A copy whose sheets somebody has unlocked."""
    protection = re.compile(rb"<sheetProtection[^>]*/>")
    parts = support.unzipped(data)
    return support.zipped(
        {name: protection.sub(b"", part) for name, part in parts.items()}
    )


@pytest.mark.parametrize("total", TOTALS)
def test_nobody_can_type_over_a_total(engine: str, total: str) -> None:
    with pytest.raises(engines.Refused):
        returned(engine, {total: 5})


@pytest.mark.parametrize("total", TOTALS)
def test_a_wrong_total_in_an_unlocked_copy_is_told_once_by_its_check(
    engine: str, total: str
) -> None:
    line, at_the_cell = TOTALS[total]
    right = support.judged(support.workbook(support.BUSY)).facts[total].number
    assert right is not None
    figures = {**support.BUSY, total: right + 5}
    data = returned(engine, figures, unprotected(nothing_to_report(engine)))
    submission = support.judged(data, support.expected())
    assert submission.verdict is Verdict.REJECTED
    here = [f for f in submission.findings if f.cell == total]
    assert support.codes(here) == at_the_cell
    (found,) = [f for f in here if f.line == line]
    assert (found.seen, found.expected) == (str(right + 5), str(right))
    assert found.difference == "5"
    assert (found.sheet, found.address) == (
        support.spot(total).sheet,
        support.spot(total).address,
    )
    assert submission.facts[total].number == right
    assert Screen(data).state(line) == FAIL
