"""Workbooks that lost their stamp: whose they are is told, said, and never guessed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.support import (
    BUSY,
    FORMS,
    PERIOD,
    Edit,
    campaign,
    codes,
    edited,
    expected,
    filled,
    finding,
    form,
    plain_workbook,
    reprinted,
    unit,
    workbook,
)
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.finding import Verdict
from workbook_builder.model.names import essence
from workbook_builder.model.period import Period
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.reading.identify import recognise, whose
from workbook_builder.reading.judge import judge
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import HIDDEN, heading

NAME = unit().name


def headings(text: str | None) -> Edit:
    """Loses the stamp and puts ``text`` under the title of every sheet."""

    def edit(book: Workbook) -> None:
        book.remove(book[HIDDEN])
        reprinted(text)(book)

    return edit


def unstamped(text: str | None, path: str = "报送表.xlsx") -> Submission:
    data = edited(workbook(BUSY), headings(text))
    return judge(path, data, expected("U1", "U2"))


def test_the_sheets_tell_the_unit_and_a_person_must_agree() -> None:
    submission = unstamped(heading(NAME, PERIOD))
    assert submission.unit_code == "U1"
    assert submission.verdict is Verdict.NEEDS_EXPLANATION
    found = finding(submission, "N07")
    assert NAME in found.message.zh
    assert "填报单位" in found.message.zh
    assert submission.facts["applications.received.natural"].number == 9


def test_the_figures_are_judged_all_the_same() -> None:
    data = workbook({**BUSY, "applications.received.natural": 10})
    submission = judge(
        "x.xlsx", edited(data, headings(heading(NAME, PERIOD))), expected()
    )
    assert submission.verdict is Verdict.REJECTED
    assert {"A1", "N07"} <= set(codes(submission.findings))


@pytest.mark.parametrize(
    "path", [f"收件/{NAME}年报.xlsx", "U1_2025.xlsx", "年报-U1.xlsx"]
)
def test_then_the_name_of_the_file_does(path: str) -> None:
    submission = unstamped(None, path)
    assert submission.unit_code == "U1"
    assert "文件名" in finding(submission, "N07").message.zh


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (None, "报送表.xlsx"),
        (None, "U1和U2.xlsx"),
        (heading("别处街道", PERIOD), "报送表.xlsx"),
        (heading("别处街道", PERIOD), "U1.xlsx"),
        (None, "U11.xlsx"),
    ],
)
def test_where_nothing_or_too_much_tells_nobody_guesses(
    text: str | None, path: str
) -> None:
    submission = unstamped(text, path)
    assert submission.verdict is Verdict.NOT_OURS
    assert codes(submission.findings) == ["N06"]


def test_another_year_on_the_sheets_is_another_campaign() -> None:
    submission = unstamped(heading(NAME, PERIOD.before))
    assert submission.verdict is Verdict.NOT_OURS
    assert "N03" in codes(submission.findings)


def test_another_table_is_none_of_ours() -> None:
    submission = judge("U1.xlsx", plain_workbook("表三", "自然人", "总计"), expected())
    assert codes(submission.findings) == ["N01"]


ROSTER = Roster(
    (
        Unit("A", "新城街道", emails=("a@x.cn", "b@x.cn")),
        Unit("B", "新城街道办事处"),
        Unit("C", "旧城街道", emails=("b@x.cn", "C@x.cn")),
    )
)


@pytest.mark.parametrize(
    ("name", "senders", "code"),
    [
        ("新城街道办事处年报.xlsx", (), "B"),
        ("新城街道.xlsx", (), "A"),
        ("新城街道、旧城街道.xlsx", (), None),
        ("年报.xlsx", ("a@x.cn",), "A"),
        ("年报.xlsx", ("c@X.cn",), "C"),
        ("年报.xlsx", ("b@x.cn",), None),
        ("旧城街道.xlsx", ("a@x.cn",), "C"),
    ],
)
def test_name_then_sender_if_there_is_one_answer(
    name: str, senders: tuple[str, ...], code: str | None
) -> None:
    book = read_grid(plain_workbook("没有抬头"))
    found = whose(book, name, senders, ROSTER)
    assert (found.unit.code if found else None) == code


def test_the_sheets_tell_which_edition_they_are_of() -> None:
    now, then = form(), FORMS.edition("disclosure", "2019")
    of_then = replace(campaign(), edition="2019", period=Period(2020))
    old = read_grid(build_workbook(then, unit(), of_then, filled(then)))
    new = read_grid(workbook())
    assert recognise(now, [now, then], old) is then
    assert recognise(then, [now, then], new) is now
    assert recognise(now, [now, then], new) is now
    assert recognise(now, [now, then], read_grid(plain_workbook("a"))) is None


@given(
    st.lists(st.text("街道办１1甲 a", min_size=1, max_size=4), min_size=1, max_size=6),
    st.text("街道办1甲_aAU0", max_size=12),
)
@settings(max_examples=60, deadline=None)
def test_units_that_are_looked_up_are_those_found_one_by_one(
    called: list[str], text: str
) -> None:
    units = tuple(Unit(f"U{n}", name) for n, name in enumerate(called))
    names, words = Roster(units).names, essence(text)

    def telling(word: str) -> bool:
        return not re.fullmatch(r"\d{1,5}", word)

    codes = set(filter(telling, re.split(r"[\W_]+", text)))
    found = [
        unit
        for unit in units
        if unit.code in codes
        or (telling(word := essence(unit.name)) and len(word) > 1 and word in words)
    ]
    assert names.mentioned(text) == [
        u for u in found if not any(u is not o and u.name in o.name for o in found)
    ]
    begin = [u for u in units if words.startswith(essence(u.name))]
    assert names.beginning(words) == begin
    assert names.called([words]) == [u for u in units if essence(u.name) == words]
