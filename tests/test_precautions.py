"""What is said before workbooks go out, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests import support
from workbook_builder.model.agreement import Agreement
from workbook_builder.model.expected import Expected
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.rules.precautions import precautions

LastPeriod = Mapping[str, Mapping[str, Decimal]]


def known(deadline: date | None, *units: Unit) -> Expected:
    campaign = replace(support.campaign(), deadline=deadline)
    district = Unit("Q", "示例区", type="区县")
    return support.knowing(campaign, Roster((district, *units)))


@pytest.mark.parametrize("deadline", [None, date(2026, 1, 20), date(2026, 1, 31)])
def test_a_deadline_within_what_law_asks_is_not_spoken_of(
    deadline: date | None,
) -> None:
    assert precautions(known(deadline, support.unit())) == ()


def test_a_roster_that_is_still_the_sample_is_spoken_of() -> None:
    form = support.form()
    expected = support.knowing(support.campaign(), Roster(form.sample))
    (said,) = precautions(expected)
    assert "样例" in said.zh
    mixed = replace(expected, roster=Roster((*form.sample, support.unit("U1", "Q00"))))
    assert precautions(mixed) == ()


def test_a_deadline_after_it_is_said_with_both_days_and_the_source() -> None:
    (said,) = precautions(known(date(2026, 2, 1), support.unit()))
    assert said.zh.startswith(
        "注意：截止日期2026年2月1日晚于2026年1月31日（《政府信息公开条例》"
    )


def _vertical(code: str, reports: bool | None = None) -> Unit:
    return Unit(code, f"示例税务局{code}", "Q", "垂直管理单位", reports=reports)


def test_a_unit_that_reports_elsewhere_is_named() -> None:
    (said,) = precautions(known(None, support.unit("U1", "Q"), _vertical("S1")))
    assert "垂直管理单位：示例税务局S1。" in said.zh
    assert "个单位" not in said.zh
    assert "S1" in said.en


def test_one_that_is_not_asked_to_report_is_not() -> None:
    units = (support.unit("U1", "Q"), _vertical("S1", reports=False))
    assert precautions(known(None, *units)) == ()


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [
        (5, "示例税务局S4。", "S3, S4;"),
        (6, "示例税务局S4等 6 个单位。", "S4 and 1 more;"),
        (7, "示例税务局S4等 7 个单位。", "S4 and 2 more;"),
    ],
)
def test_of_many_five_are_named(count: int, zh: str, en: str) -> None:
    (said,) = precautions(known(None, *(_vertical(f"S{n}") for n in range(count))))
    assert zh in said.zh
    assert en in said.en
    assert "示例税务局S5" not in said.zh


OF_ALL, OF_OTHERS = {"U1": {"a": Decimal(1)}}, {"U2": {"a": Decimal(1)}}


@pytest.mark.parametrize(
    ("former", "last_period", "is_said"),
    [
        (("U9",), OF_OTHERS, True),
        (("U9",), OF_ALL, False),
        (("U9",), {}, False),
        ((), OF_OTHERS, False),
    ],
)
def test_a_merged_unit_that_lacks_its_past_is_said_where_others_have_one(
    former: tuple[str, ...], last_period: LastPeriod, is_said: bool
) -> None:
    units = replace(support.unit("U1", "Q"), former=former), support.unit("U2", "Q")
    found = precautions(replace(known(None, *units), last_period=last_period))
    assert ["示例街道办事处U1由别的单位并入" in each.zh for each in found] == [
        True
    ] * is_said


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (
            date(2026, 1, 20),
            "延期不晚于截止日期2026年1月20日的没有作用：示例街道办事处U1。",
        ),
        (date(2026, 1, 31), ""),
        (date(2026, 2, 1), "期限晚于2026年1月31日（《政府信息公开条例》"),
    ],
)
def test_more_time_that_is_none_or_too_much_is_said(until: date, said: str) -> None:
    unit = replace(support.unit(), agreement=Agreement(until))
    found = precautions(known(date(2026, 1, 20), unit, support.unit("U2")))
    assert len(found) == bool(said)
    assert all(said in each.zh and "U2" not in each.zh for each in found)
