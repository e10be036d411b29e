"""A form that is filled in by the quarter: the shipped one with one word changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.definitions import define
from tests.support import BUSY, campaign, deliver, filled, roster, unit
from workbook_builder.campaign.folder import create
from workbook_builder.definition.load import load_folder
from workbook_builder.definition.registry import Forms
from workbook_builder.formats.grid import read_grid
from workbook_builder.language.value import Evaluator, Outcome
from workbook_builder.language.words import breach
from workbook_builder.model.answers import Circumstances
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import DefinitionError
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.grid import RawBook, RawKind
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.period import Period
from workbook_builder.pipeline import build, collect, renew
from workbook_builder.reading.identify import whose
from workbook_builder.reading.judge import judge
from workbook_builder.reading.read import WANTED, read_answers, read_stamp
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import HELPERS, heading, place

QUARTER = Period.parse("2026Q1")
#: What is said of years only, outside the texts of the form.
YEARLY = ("上年数", "上年任务", "按上年", "本年＋", "同比", "统计年度", "两年")
F6 = 'rule = "year >= 2021"'
WORDS = ((F6, 'rule = "quarter <= 2"'),)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    root = tmp_path_factory.mktemp("forms")
    define(root, period="quarter", words=WORDS)
    return Forms((root,)).of("disclosure", QUARTER)


def task() -> Campaign:
    return replace(campaign(), period=QUARTER)


@pytest.fixture(scope="module")
def data(form: Form) -> bytes:
    return build_workbook(form, unit(), task(), filled(form))


def _shown(book: RawBook) -> Iterator[str]:
    return (
        cell.value
        for sheet in book.sheets
        for cell in sheet.cells.values()
        if cell.kind is RawKind.TEXT
    )


def test_the_stamp_says_the_quarter(data: bytes) -> None:
    stamp = read_stamp(read_grid(data, WANTED))
    assert stamp is not None
    assert stamp.period == QUARTER
    assert stamp.is_signed_with("key")
    assert not replace(stamp, period=QUARTER.before).is_signed_with("key")


def test_a_yearly_stamp_is_what_it_was(form: Form) -> None:
    """Workbooks are in the post: neither their sheet nor their signature may change."""
    yearly = place(Forms.shipped().edition("disclosure", "2021")).stamp
    assert list(yearly)[-6:-4] == ["year", "signature"]
    assert list(place(form).stamp)[-7:-4] == ["year", "quarter", "signature"]


@pytest.mark.parametrize(
    ("period", "outcome"),
    [("2026Q1", "pass"), ("2026Q2", "pass"), ("2026Q3", "fail"), ("2027Q4", "fail")],
)
def test_a_rule_may_ask_for_the_quarter(form: Form, period: str, outcome: str) -> None:
    known = Circumstances(Period.parse(period))
    instance = form.check("F6").lines[0].instances[0]
    assert Evaluator(form, filled(form), known).outcome(instance) is Outcome(outcome)


@pytest.mark.parametrize("rule", ["quarter >= 1", "month >= 1"])
def test_a_yearly_form_has_no_quarters(rule: str, tmp_path: Path) -> None:
    folder = define(tmp_path, words=((F6, f'rule = "{rule}"'),))
    with pytest.raises(DefinitionError, match=r"F6\.rule: a form of the year knows no"):
        load_folder(folder)


def test_sheets_and_files_say_the_quarter(form: Form) -> None:
    said = heading("示例镇", QUARTER)
    assert said == "填报单位：示例镇　　统计季度：2026年第一季度"
    assert "2026年第一季度" in workbook_name(task(), form, unit())


def test_a_workbook_without_stamp_is_told_by_its_headings(data: bytes) -> None:
    found = whose(read_grid(data, WANTED), "1.xlsx", (), roster("U1"))
    assert found is not None
    assert found.period == QUARTER


def test_every_sheet_speaks_of_quarters(form: Form, data: bytes) -> None:
    book = read_grid(data)
    # The remedies on the hidden sheet are the definition's, which is a yearly form's.
    seen = RawBook(tuple(s for s in book.sheets if s.name != HELPERS))
    said = "\n".join(_shown(seen))
    assert "2026年第一季度（统计期限：2026年1月1日至3月31日）" in said
    assert "上季度数" in said
    assert "无上季度数" in said
    ours = [word for word in ("上年数", "统计年度", "上年对照数") if word in said]
    assert ours == []


def test_what_is_compared_is_the_quarter_before(form: Form) -> None:
    (line, *_) = form.check("B4").lines
    (instance, *_) = line.instances
    known = Circumstances(QUARTER, last_period={id_: Decimal(1) for id_ in form.cells})
    answers = filled(form, **{instance.place: 400})
    said = breach(Evaluator(form, answers, known), form.check("B4"), line, instance)
    assert "本季度 400，上季度 1" in said.zh
    assert "this quarter 400, last quarter 1" in said.en


def test_a_campaign_of_quarters_goes_on_by_quarters(tmp_path: Path) -> None:
    define(tmp_path / "2026Q4" / "forms", period="quarter")
    task = replace(
        campaign(), period=Period.parse("2026Q4"), deadline=date(2027, 1, 20)
    )
    made = create(tmp_path / "2026Q4", task, roster("U1"))
    assert made.last.name == "last-quarter"
    of = made.form()
    answers = filled(of, **BUSY)
    last = build_workbook(of, unit("U1", "Q"), made.campaign(), answers)
    deliver(made, "1.xlsx", last)
    (submission,) = collect(made).submissions
    assert submission.verdict is Verdict.ACCEPTED
    after = renew(tmp_path / "2027Q1", made).folder
    assert after.campaign().period == Period.parse("2027Q1")
    assert after.campaign().deadline == date(2027, 4, 20)
    assert after.last_period()["U1"]["applications.received.natural"] == 9
    (path,) = build(after).files
    assert "2027年第一季度" in path.name
    form = after.form()
    reading = read_answers(form, place(form), read_grid(path.read_bytes(), WANTED))
    assert reading.last_period["applications.carried_out.natural"] == 1
    foreign = judge("1.xlsx", last, after.expected())
    assert "N03" in {each.code for each in foreign.findings}
    assert "2026年第四季度" in foreign.findings[0].message.zh


def test_the_totals_speak_of_quarters(tmp_path: Path) -> None:
    define(tmp_path / "forms", period="quarter", words=WORDS)
    task = replace(campaign(), period=QUARTER)
    made = create(tmp_path, task, roster("U1"))
    figures = (
        "unit,year,period,cell,value",
        "U1,2025,2025Q4,proactive.licences.decisions,3",
    )
    (made.last / "facts.csv").write_text("\n".join(figures), "utf-8")
    answers = filled(made.form(), **BUSY)
    data = build_workbook(made.form(), unit("U1", "Q"), task, answers)
    deliver(made, "1.xlsx", data)
    collect(made)
    book = read_grid((made.results / "汇总.xlsx").read_bytes())
    names = {sheet.name for sheet in book.sheets}
    assert {"环比", "环比异常", "上季度明细"} <= names
    said = "\n".join(_shown(book))
    assert "统计季度：2026年第一季度" in said
    assert [word for word in YEARLY if word in said] == []
