"""Two years of the edition of 2019 and the first of the next one, from build to report.

The figures are those of the 2019 report of 上海市人民政府办公厅, typed as they were
printed: blanks where there was nothing, 251000元 in a cell of money.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests import support
from tests.published import as_printed, entered
from tests.support import Shell
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Form, Kind
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.period import Period
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import State
from workbook_builder.pipeline import Collection, build, collect, lift, make_reports
from workbook_builder.pipeline import renew as next_year
from workbook_builder.reading.judge import judge
from workbook_builder.workbook.place import place

REPORT = "shanghai-office-2019"
TRIAL = support.FORMS.of("disclosure", Period(2019))
LATER = support.FORMS.of("disclosure", Period(2021))

CITY = Unit("SH", "上海市", type="省级", reports=False)
OFFICE = Unit("SH01", "上海市人民政府办公厅", "SH", "省级")
BUREAU = Unit("SH02", "示例局", "SH", "省级部门")

AMOUNT = "proactive.procurement.amount"
ITEMS, CHANGE = "proactive.licences.items_before", "proactive.licences.change"
DECISIONS = "proactive.licences.decisions"
RECEIVED = "applications.received.natural"
LEFT, LEFT_ALL = "applications.carried_out.natural", "applications.carried_out.total"
GRANTED = "applications.granted.natural"
CARRIED_IN = "applications.carried_in.natural"

#: A year in which eight kinds of licence were given up.
BUREAU_2019: Mapping[str, support.Typed] = {
    ITEMS: 20,
    CHANGE: -8,
    DECISIONS: 431,
    RECEIVED: 5,
    "applications.granted.natural": 3,
    LEFT: 2,
}

#: The same year once more: what was left of 2019 comes in, and more is left.
CARRIED_OVER: Mapping[str, support.Typed] = {CARRIED_IN: 72, LEFT: 126}


def printed() -> Mapping[str, support.Typed]:
    """The report as a clerk copies it."""
    inputs = {cell.id for cell in TRIAL.inputs}
    found = as_printed(REPORT, TRIAL)
    return {id_: figure for id_, figure in found.items() if id_ in inputs}


def mended() -> dict[str, support.Typed]:
    """The report as it has to be: zeros where there is nothing, money in 万元."""
    return {**zeros(TRIAL), **printed(), AMOUNT: Decimal("25.1")}


def zeros(form: Form) -> dict[str, support.Typed]:
    return {cell.id: 0 for cell in form.inputs}


def fill(
    folder: Folder, unit: Unit, figures: Mapping[str, support.Typed], hour: int = 0
) -> Path:
    """The unit's workbook of the outbox, typed into and sent back."""
    form, layout = folder.form(), place(folder.form())
    name = workbook_name(folder.campaign(), form, unit)
    entries = {layout.cells[id_]: figure for id_, figure in figures.items()}
    texts = {layout.texts[text.id]: support.TEXT for text in form.narratives}
    texts |= dict.fromkeys(layout.fields.values(), "示例")
    data = support.put((folder.outbox / name).read_bytes(), {**entries, **texts})
    return support.deliver(folder, f"{hour}-{name}", data, hour)


def of(done: Collection, unit: Unit) -> Submission:
    return done.summary.counted[unit.code]


def codes(submission: Submission) -> list[str]:
    return support.codes(submission.findings)


@pytest.fixture
def first(tmp_path: Path) -> Folder:
    """The campaign of 2019: one return as printed, then as it has to be."""
    task = Campaign(
        id="2019-test",
        form=TRIAL.id,
        edition=TRIAL.edition,
        period=Period(2019),
        district="上海市",
        key="key",
    )
    made = support.folder(tmp_path / "2019", Roster((CITY, OFFICE, BUREAU)), of=task)
    build(made)
    return made


@pytest.fixture
def collected(first: Folder) -> Folder:
    fill(first, OFFICE, mended(), hour=1)
    fill(first, BUREAU, {**zeros(TRIAL), **BUREAU_2019}, hour=2)
    collect(first)
    return first


# ---------------------------------------------------------------- typed and checked


def test_as_printed_it_goes_back_with_blanks_and_money_named(
    first: Folder, shell: Shell
) -> None:
    fill(first, OFFICE, printed())
    said = shell.json("check", first.inbox, "--campaign", first.path)
    assert shell.status == 1
    (file,) = said["files"]
    assert file["verdict"] == "rejected"
    blank = {
        id_
        for each in file["findings"]
        if each["code"] == "A6"
        for id_ in each["cells"]
    }
    assert blank == {cell.id for cell in TRIAL.inputs} - printed().keys()
    (money,) = [each for each in file["findings"] if each["cell"] == AMOUNT]
    assert (money["code"], money["seen"]) == ("A5", "251000元")


def test_what_was_typed_is_read_as_it_was_typed(first: Folder) -> None:
    """Blanks stay blanks, and an amount with its unit stays a text."""
    fill(first, OFFICE, printed())
    (submission,) = collect(first).submissions
    assert submission.answers is not None
    assert {id_: v for id_, v in submission.answers.values.items() if v.shown} == (
        entered(REPORT, TRIAL)
    )
    assert submission.facts[AMOUNT].state is State.TEXT
    assert submission.facts["applications.received.welfare"].state is State.BLANK


def test_less_than_nothing_is_taken_by_the_workbook_and_by_the_judge(
    collected: Folder,
) -> None:
    spot = place(TRIAL).cells[CHANGE]
    path = collected.outbox / workbook_name(collected.campaign(), TRIAL, BUREAU)
    sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))[spot.sheet]
    (rule,) = [
        each
        for each in sheet.data_validations.dataValidation
        if spot.address in each.sqref
    ]
    assert int(rule.formula1) <= -8 <= int(rule.formula2)
    submission = of(collect(collected), BUREAU)
    assert submission.verdict is Verdict.ACCEPTED
    assert submission.facts[CHANGE].number == -8


# ---------------------------------------------------------------- collected, reported


def test_every_total_of_the_report_is_that_of_the_totals(collected: Folder) -> None:
    """Where the report leaves a total blank, it is the sum of its row all the same."""
    done = collect(collected)
    submission = of(done, OFFICE)
    assert submission.verdict is Verdict.ACCEPTED
    assert codes(submission) == []
    totals = {
        id_: figure
        for id_, figure in as_printed(REPORT, TRIAL).items()
        if TRIAL.cells[id_].kind is Kind.TOTAL
    }
    assert totals
    assert {id_: submission.facts[id_].number for id_ in totals} == totals
    assert done.summary.totals[LEFT_ALL] == 72 + 2
    assert done.summary.totals[CHANGE] == -8
    assert done.summary.totals[AMOUNT] == Decimal("25.1")


def test_the_sums_stand_in_the_summary_and_in_the_report(collected: Folder) -> None:
    spot = place(TRIAL).cells[CHANGE]
    data = (collected.results / "汇总.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert book[spot.sheet][spot.address].value == -8
    (made,) = make_reports(collected).made
    page = next(path for path in made.files if path.suffix == ".html")
    text = page.read_text(encoding="utf-8")
    for words in ("2019年", "其他对外管理服务事项", "采购总金额", ">25.1<", ">-8<"):
        assert words in text


# ---------------------------------------------------------------- the years after


def test_the_year_after_compares_with_it(collected: Folder, tmp_path: Path) -> None:
    second = next_year(tmp_path / "2020", collected).folder
    assert (second.campaign().period, second.campaign().edition) == (
        Period(2020),
        "2019",
    )
    before = second.last_period()
    assert before[OFFICE.code][LEFT] == 72
    assert before[BUREAU.code][CHANGE] == -8
    build(second)
    fill(second, OFFICE, {**mended(), **CARRIED_OVER}, hour=1)
    # 20 − 8 are 12, and not 20; and nothing was carried over of the 2.
    fill(second, BUREAU, {**zeros(TRIAL), ITEMS: 20}, hour=2)
    done = collect(second)
    assert of(done, OFFICE).verdict is Verdict.ACCEPTED, codes(of(done, OFFICE))
    (bureau,) = [s for s in done.submissions if s.unit_code == BUREAU.code]
    assert bureau.verdict is Verdict.NEEDS_EXPLANATION
    assert {"B1", "G6"} <= set(codes(bureau))


def test_the_edition_after_takes_what_means_the_same(
    collected: Folder, tmp_path: Path
) -> None:
    second = next_year(tmp_path / "2020", collected).folder
    build(second)
    fill(second, OFFICE, {**mended(), **CARRIED_OVER})
    collect(second)
    third = next_year(tmp_path / "2021", second).folder
    assert third.campaign().edition == third.form().edition == "2021"
    before = third.last_period()[OFFICE.code]
    assert before[LEFT] == 126
    assert before.keys() <= LATER.cells.keys() & TRIAL.cells.keys()
    build(third)
    fill(third, OFFICE, {**zeros(LATER), CARRIED_IN: 125, LEFT: 125})
    (submission,) = collect(third).submissions
    assert submission.verdict is Verdict.NEEDS_EXPLANATION
    found = {each.cell: each for each in submission.findings if each.code == "B1"}
    assert found[CARRIED_IN].expected == "126"


def test_a_workbook_of_the_year_before_is_no_return_of_this_one(
    collected: Folder, tmp_path: Path
) -> None:
    old = next(iter(sorted(collected.inbox.iterdir()))).read_bytes()
    for year in ("2020", "2021"):
        after = next_year(tmp_path / year, collected, Period.parse(year)).folder
        submission = judge("1.xlsx", old, after.expected())
        assert submission.verdict is Verdict.NOT_OURS
        assert "N03" in codes(submission)


def test_it_is_lifted_within_its_year_and_into_no_other(
    collected: Folder, tmp_path: Path
) -> None:
    file = next(path for path in collected.inbox.iterdir() if OFFICE.name in path.name)
    lifted = lift(file)
    assert (lifted.form, lifted.unit.code) == (collected.form(), OFFICE.code)
    assert (lifted.lost, lifted.strays, lifted.findings) == ((), (), ())
    again, before = (
        judge("1.xlsx", data, collected.expected())
        for data in (lifted.data, file.read_bytes())
    )
    assert again.answers == before.answers
    assert again.verdict is Verdict.ACCEPTED
    for year in (2020, 2021):
        after = next_year(tmp_path / f"{year}", collected, Period(year)).folder
        with pytest.raises(CampaignError, match="2019"):
            lift(file, after)
