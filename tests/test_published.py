"""Five published reports, filled in by real office engines, come back to the digit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests import engines, support
from tests.published import NAMES, published
from tests.support import FORMS
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.finding import Verdict
from workbook_builder.model.grid import RawBook
from workbook_builder.model.period import Period
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import number
from workbook_builder.reading.judge import judge
from workbook_builder.rules.verify import verify
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import AUDIT, LEFT, RIGHT, STATE, place

TEXT = f"{support.TEXT}全年没有收取信息处理费。"
FILLED_BY = [
    *(("libreoffice", name) for name in NAMES),
    # Typing a whole report takes it half a minute.
    *(("onlyoffice", name) for name in ("hongze-2023", "suqian-2024")),
]


def unit(name: str) -> Unit:
    report = published(name, support.form())
    return Unit("P1", report.unit, type=report.unit_type)


def answers(name: str) -> Answers:
    report = published(name, support.form())
    return Answers(
        values={id_: number(v) for id_, v in report.inputs(support.form()).items()},
        texts={text.id: TEXT for text in support.form().narratives},
        fields=support.fields(support.form()),
    )


@pytest.mark.engine
@pytest.mark.parametrize(("engine", "name"), FILLED_BY)
def test_a_published_report_typed_in_comes_back_equal(engine: str, name: str) -> None:
    form, layout = support.form(), place(support.form())
    report = published(name, form)
    campaign = support.campaign(year=report.year)
    known = Answers(fields=support.fields(form))
    blank = build_workbook(form, unit(name), campaign, known)
    entries: dict[tuple[str, str], str | Decimal] = {
        (layout.cells[id_].sheet, layout.cells[id_].address): figure
        for id_, figure in report.inputs(form).items()
    }
    for text in form.narratives:
        spot = layout.texts[text.id]
        entries[spot.sheet, spot.address] = TEXT
    returned = engines.require(engine).fill(blank, entries)

    submission = judge(f"{name}.xlsx", returned, FORMS)
    assert {
        id_: submission.facts[id_].number for id_ in report.inputs(form)
    } == report.inputs(form)
    assert submission.verdict is Verdict.ACCEPTED, submission.findings
    _audit_sheet_is_ours(returned, Job(form, unit(name), campaign, answers(name)))


def _audit_sheet_is_ours(returned: bytes, job: Job) -> None:
    """What the engine computed on the 审核 sheet is what our evaluator says."""
    book = read_grid(returned)
    for _, line in job.form.lines:
        row = job.layout.lines[line.key].row
        assert _shown(book, row, STATE) == job.state(line), line.key
    ours = read_grid(build_workbook(job.form, job.unit, job.campaign, job.answers))
    for _, line in job.form.lines:
        row = job.layout.lines[line.key].row
        for column in (LEFT, RIGHT):
            assert _shown(book, row, column) == _shown(ours, row, column), line.key


def _shown(book: RawBook, row: int, column: int) -> str | float:
    sheet = book.sheet(AUDIT)
    assert sheet is not None
    cell = sheet.cells.get((row, column))
    if cell is None or not cell.value:
        return ""
    try:
        return float(cell.value)
    except ValueError:
        return cell.value


@pytest.mark.parametrize("name", NAMES)
def test_printed_totals_equal_ours_but_for_hongze_2023(name: str) -> None:
    form = support.form()
    report = published(name, form)
    printed = {id_: number(v) for id_, v in report.totals(form).items()}
    typed = replace(answers(name), printed=printed)
    findings = verify(form, typed, Circumstances(Period(report.year), report.unit_type))
    found = [(f.code, f.cell, f.seen, f.expected) for f in findings]
    if name == "hongze-2023":
        assert found == [
            ("A4", "disputes.review.total", "0", "11"),
            ("A4", "disputes.after_review.total", "0", "5"),
        ]
    else:
        assert [each for each in found if each[0] not in {"F7", "C2"}] == []


@pytest.mark.parametrize("place_", ["hongze", "suqian"])
def test_a_year_follows_on_from_the_year_before(place_: str) -> None:
    """B1 and B2 hold between the published reports of 2023 and 2024."""
    form = support.form()
    before, after = (published(f"{place_}-{year}", form) for year in (2023, 2024))
    known = Circumstances(Period(after.year), after.unit_type, before.figures)
    codes = {f.code for f in verify(form, answers(f"{place_}-2024"), known)}
    assert not codes & {"B1", "B2"}
