"""A form that is filled in by the quarter: the shipped one with one word changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.definitions import define
from tests.support import campaign, filled, roster, unit
from workbook_builder.definition.load import load_folder
from workbook_builder.definition.registry import Forms
from workbook_builder.formats.grid import read_grid
from workbook_builder.language.value import Evaluator, Outcome
from workbook_builder.model.answers import Circumstances
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import DefinitionError
from workbook_builder.model.form import Form
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.period import Period
from workbook_builder.reading.identify import whose
from workbook_builder.reading.read import WANTED, read_stamp
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import heading, place

QUARTER = Period.parse("2026Q1")
F6 = 'rule = "year >= 2021"'


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    root = tmp_path_factory.mktemp("forms")
    define(root, period="quarter", words=((F6, 'rule = "quarter <= 2"'),))
    return Forms((root,)).of("disclosure", QUARTER)


def task() -> Campaign:
    return replace(campaign(), period=QUARTER)


@pytest.fixture(scope="module")
def data(form: Form) -> bytes:
    return build_workbook(form, unit(), task(), filled(form))


def test_the_stamp_says_the_quarter(data: bytes) -> None:
    stamp = read_stamp(read_grid(data, WANTED))
    assert stamp is not None
    assert stamp.period == QUARTER
    assert stamp.is_signed_with("key")
    assert not replace(stamp, period=QUARTER.before).is_signed_with("key")


def test_a_yearly_stamp_is_what_it_was(form: Form) -> None:
    """Workbooks are in the post: neither their sheet nor their signature may change."""
    yearly = place(Forms.shipped().edition("disclosure", "2021")).stamp
    assert list(yearly)[-2:] == ["year", "signature"]
    assert list(place(form).stamp)[-3:] == ["year", "quarter", "signature"]


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
