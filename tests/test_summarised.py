"""What a campaign came to, asked of made-up returns: every list, place and count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from tests.sums import DEADLINE, SENT, summarised
from tests.sums import submission as returned
from tests.support import campaign, form, unit
from workbook_builder.model.agreement import Agreement
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Verdict
from workbook_builder.model.letter import Letter, LetterKind
from workbook_builder.model.publication import Duty, Publication, PublicationCount, duty
from workbook_builder.model.stamp import Coverage
from workbook_builder.model.standing import Absence
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Roster, Unit

D = Decimal
COUNT = "applications.received.natural"
LATE = SENT + 20 * 86_400
EXCUSED = Agreement(None)


def of(code: str) -> Unit:
    return next(each for each in ROSTER.units if each.code == code)


#: A district that reports itself, with two towns; an excused one that returned and one
#: that did not; a city with a roll-up of five.
ROSTER = Roster(
    (
        unit("Q"),
        unit("A", "Q", reports=True),
        unit("A1", "A"),
        unit("A2", "A"),
        replace(unit("B", "Q"), agreement=EXCUSED),
        replace(unit("C", "Q"), agreement=EXCUSED),
        replace(unit("D", "Q"), agreement=Agreement(date(2026, 12, 31))),
        unit("E", "Q"),
    )
)
BEFORE = {
    "A": {COUNT: D(7)},
    "Q": {COUNT: D(70)},
    "D": {},
}


@cache
def known() -> Summary:
    two = (catalogued("T06", cell=COUNT), catalogued("X01", detail="甲"))
    waiting = returned(
        of("E"),
        verdict=Verdict.WAITING,
        findings=(catalogued("N11", detail="", seen="", expected=""),),
    )
    rolled = returned(of("D"), {COUNT: 5}, kind="rollup", received=LATE)
    stamp = rolled.stamp
    assert stamp is not None
    coverage = Coverage(5, 4, "丁一")
    submissions = [
        returned(of("A"), {COUNT: 1}),
        returned(of("A1"), {COUNT: 2}, verdict=Verdict.REJECTED, findings=two, received=LATE),
        returned(of("B"), {COUNT: 3}),
        replace(rolled, stamp=replace(stamp, coverage=coverage)),
        replace(waiting, path="e1.pdf", received=SENT),
        replace(waiting, path="e2.pdf", sha256="e2", received=SENT + 1),
        replace(waiting, path="0.pdf", sha256="0", findings=(), received=SENT + 2),
        *(
            replace(waiting, path=f"{n}.eml", sha256=str(n), verdict=Verdict.IGNORED, stamp=None,
                    findings=(), letter=Letter(kind, unit=code))
            for n, (kind, code) in enumerate(
                [(LetterKind.PICTURE, "A"), (LetterKind.TEXT, ""), (LetterKind.PDF, "A")])
        ),
    ]  # fmt: skip
    made = summarised(ROSTER, submissions, BEFORE)
    there = {"A": Publication("u", date(2026, 3, 1)), "Z": Publication("u", DEADLINE)}
    return replace(made, publications=there)


def codes(units: tuple[Unit, ...]) -> str:
    return " ".join(each.code for each in units)


def test_every_unit_is_where_it_belongs() -> None:
    found = known()
    assert codes(found.units) == "A A1 A2 B D E"
    assert codes(found.excused) == "C"
    assert codes(found.answering) == "A A1 B D"
    assert found.position == {
        c: n for n, c in enumerate(["A", "A1", "A2", "B", "D", "E"])
    }
    assert found.branches == {"Q": (0, 5), "A": (0, 2)}
    states = [Verdict.ACCEPTED, Verdict.REJECTED, Absence.MISSING, Verdict.ACCEPTED]
    assert list(found.states) == [*states, Verdict.ACCEPTED, Absence.MISSING]
    assert found.state(of("C")) is Absence.EXCUSED
    late = [found.days_late(of(code)) for code in ("A", "A1", "A2", "D")]
    assert late == [0, late[1], None, 0]
    assert late[1] is not None
    assert late[1] > 0
    assert found.switches == (1, 0, 0, 1, 1, 0)
    assert [str(each) for each in found.possible_states] == [
        "accepted", "needs_explanation", "rejected", "missing",
    ]  # fmt: skip


def test_figures_of_this_year_and_the_last_stand_by_unit() -> None:
    found = known()
    assert list(found.figures[COUNT]) == [1, None, None, 3, 5, None]
    assert list(found.figures_before[COUNT]) == [7, None, None, None, None, None]
    assert found.is_through_levels
    assert not summarised(Roster((unit("A"), unit("B", "A"))), []).is_through_levels
    assert found.has_last_period
    assert found.published == {COUNT: 70}
    two = Roster((unit("A"), unit("B")))
    none = summarised(two, [], {"A": {}, "Q": {COUNT: D(1)}})
    assert (none.has_last_period, none.published) == (False, {})
    assert none.figures[COUNT] == (None, None)
    nobody = summarised(Roster((replace(unit("A"), agreement=EXCUSED),)), [])
    assert (nobody.figures[COUNT], nobody.figures_before[COUNT]) == ((), ())


def test_files_and_findings_have_their_places() -> None:
    found = known()
    assert [found.file_rows[id(each)] for each in found.submissions] == list(range(10))
    assert found.finding_rows == {"A1": (0, 1)}
    units = [unit(code) for code in "ABCD"]
    wrong, hint = catalogued("T06", cell=COUNT), catalogued("X01", detail="甲")
    some = [(), (wrong,), (wrong, hint), (wrong,)]
    returns = [
        returned(each, findings=findings, verdict=Verdict.REJECTED)
        for each, findings in zip(units, some, strict=True)
    ]
    rows = summarised(Roster(tuple(units)), returns).finding_rows
    assert rows == {"B": (0, 1), "C": (1, 1), "D": (3, 1)}
    report = found.report_of(of("E"))
    assert report is not None
    assert report.path == "e2.pdf"
    assert found.report_of(of("A")) is None
    letters = {
        code: [each.path for each in some] for code, some in found.letters.items()
    }
    assert letters == {"A": ["0.eml", "2.eml"], "": ["1.eml"]}
    assert {unit: len(some) for unit, some in found.versions.items()} == dict.fromkeys(
        ("A", "A1", "B", "D"), 1
    )
    assert found.letter_kinds == {"A": (LetterKind.PICTURE, LetterKind.PDF)}


def test_units_are_counted_through_all_levels() -> None:
    found = known()
    assert (found.coverage.due, found.coverage.counted) == (10, 6)
    missing = found.coverage.missing.split("、")
    assert len(missing) == 4
    assert "（丁一）" in found.coverage.missing
    assert (
        "应报 6 个单位，已报 4 个，计入汇总 3 个；收到 10 个文件。" in found.counts.zh
    )
    assert "逐级算到最基层，应报 10 个单位，计入 6 个。" in found.counts.zh
    assert "Through all levels, 6 of 10" in found.counts.en
    plain = summarised(Roster((unit("A"),)), [returned(unit("A"), {COUNT: 1})])
    assert plain.counts.zh == "应报 1 个单位，已报 1 个，计入汇总 1 个；收到 1 个文件。"
    assert (found.count.due, found.count.returned, found.count.accepted) == (6, 4, 3)
    assert found.count.punctual == 3


def test_who_published_is_counted_where_anybody_did() -> None:
    found = known().publication_count
    assert found is not None
    assert (found.due, found.published) == (6, 1)
    assert replace(known(), publications={}).publication_count is None
    no_report = replace(form(), wording=None)
    assert duty(no_report, campaign()) is None
    assert replace(known(), form=no_report).publication_count is None
    set_by = duty(form(), replace(campaign(), publish_by=DEADLINE))
    assert set_by == Duty(DEADLINE)
    assert form().due is not None
    assert duty(form(), campaign()) == Duty(form().due.day(campaign().period))  # type: ignore[union-attr]
    assert duty(replace(form(), due=None), campaign()) == Duty(None)


@pytest.mark.parametrize(
    ("known", "late"),
    [
        (None, 3),
        (Publication("u", DEADLINE), 0),
        (Publication("u", date(2026, 1, 22)), 2),
    ],
)
def test_a_publication_is_late_after_the_last_day(
    known: Publication | None, late: int
) -> None:
    assert Duty(DEADLINE).days_late(known, date(2026, 1, 23)) == late
    assert Duty(None).days_late(known, date(2026, 1, 23)) is None
    counted = Duty(DEADLINE).count([known, None])
    there = known is not None
    assert counted == PublicationCount(2, int(there), int(there and not late), DEADLINE)
    assert ("公布期限" in counted.words.zh) is ("by 2026" in counted.words.en) is True
    assert "期限" not in Duty(None).count([known]).words.zh
    assert Duty(None).count([known]).rate is None
    nobody = Duty(DEADLINE).count([])
    assert nobody.rate is None
    assert nobody.words.zh == "应公布 0 个单位，已公布 0 个。"


EXPLAINED = {
    "上年年报漏填一件": True, "上年漏填1": False, "上年年报漏": False, "上年年报漏填": True,
    "情况属实情况属实": False, "20240131 属实": False, "": False, "……": False,
    "无无无无无无无无": False, "经核实情况属实": None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "accepted"), EXPLAINED.items())
def test_an_explanation_gives_a_reason(text: str, accepted: bool | None) -> None:
    rule = form().explanation
    if accepted is None:
        accepted = "经核实情况属实" not in rule.empty
    assert rule.accepts(text) is accepted
