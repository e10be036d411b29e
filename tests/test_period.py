"""统计期: periods by properties, so that no kind of period is forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.model.period import Frequency, Period, day_words

NUMBERS = {Frequency.YEAR: 1, Frequency.QUARTER: 4, Frequency.MONTH: 12}


@st.composite
def periods(draw: st.DrawFn) -> Period:
    frequency = draw(st.sampled_from(Frequency))
    number = draw(st.integers(1, NUMBERS[frequency]))
    return Period(draw(st.integers(1901, 2199)), frequency, number)


@given(periods())
def test_a_period_is_read_as_it_is_written(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert Period.parse(period.words) == period
    assert Period.parse(period.full_words) == period


@given(periods())
def test_a_period_begins_the_day_after_the_one_before_it_ends(period: Period) -> None:
    assert period.before.last_day + timedelta(days=1) == period.first_day
    assert period.first_day.day == 1
    assert period.first_day <= period.last_day
    assert period.first_day.year == period.last_day.year == period.year


@given(periods(), st.integers(-40, 40), st.integers(-40, 40))
def test_steps_add_up(period: Period, some: int, more: int) -> None:
    assert period.later(some).later(more) == period.later(some + more)
    assert period.later(0) == period
    months = period.later(some).months_since(period)
    assert months == some * period.frequency.months


@given(st.sampled_from(Frequency), st.integers(1901, 2199))
def test_the_periods_of_a_year_are_the_year(frequency: Frequency, year: int) -> None:
    count = NUMBERS[frequency]
    all_ = [Period(year, frequency, number) for number in range(1, count + 1)]
    assert all_[0].first_day == date(year, 1, 1)
    assert all_[-1].last_day == date(year, 12, 31)
    assert [each.before for each in all_[1:]] == all_[:-1]
    assert count * frequency.months == 12


@pytest.mark.parametrize(
    ("text", "words", "full", "days"),
    [
        ("2026", "2026年", "2026年度", "2026年1月1日至12月31日"),
        ("2026Q1", "2026年第一季度", "2026年第一季度", "2026年1月1日至3月31日"),
        ("2026Q4", "2026年第四季度", "2026年第四季度", "2026年10月1日至12月31日"),
        ("2026-03", "2026年3月", "2026年3月", "2026年3月1日至3月31日"),
        ("2028-02", "2028年2月", "2028年2月", "2028年2月1日至2月29日"),
    ],
)
def test_its_words_are_those_of_notices(
    text: str, words: str, full: str, days: str
) -> None:
    period = Period.parse(text)
    assert str(period) == text
    assert (period.words, period.full_words, period.days) == (words, full, days)


@pytest.mark.parametrize(
    ("frequency", "words"),
    [
        (Frequency.YEAR, ("本年", "上年", "下年度", "统计年度")),
        (Frequency.QUARTER, ("本季度", "上季度", "下季度", "统计季度")),
        (Frequency.MONTH, ("本月", "上月", "下月", "统计月份")),
    ],
)
def test_its_neighbours_have_names(
    frequency: Frequency, words: tuple[str, ...]
) -> None:
    named = (frequency.this, frequency.last, frequency.next, frequency.label)
    assert named == words


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (" 2026 ", "2026"),
        ("2026q3", "2026Q3"),
        ("2026-3", "2026-03"),
        ("2026年3季度", "2026Q3"),
        ("2026年第3季度", "2026Q3"),
        ("2026年03月", "2026-03"),
    ],
)
def test_people_may_write_it_their_way(text: str, meant: str) -> None:
    assert str(Period.parse(text)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "0999",
        "2026Q0",
        "2026Q5",
        "2026-00",
        "2026-13",
        "2026-3-1",
        "2026.0",
        "2026年第五季度",
        "2026年13月",
        "2026Q1年",
        "20261",
        "年",
        "２０２６Q",
    ],
)
def test_what_is_not_in_the_calendar_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|no (year|quarter|month)"):
        Period.parse(text)


def test_a_day_is_written_without_leading_zeros() -> None:
    assert day_words(date(2026, 1, 5)) == "2026年1月5日"
