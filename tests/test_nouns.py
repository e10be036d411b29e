"""What the nouns say of themselves: every yes and no, every word, both ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.support import form, unit
from workbook_builder.model.agreement import Agreement
from workbook_builder.model.answers import Answers
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.decision import Decided, Decision, Ruling
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.layout import Place, column_letters, column_number
from workbook_builder.model.letter import Letter, LetterKind, came
from workbook_builder.model.period import Frequency, Period, day_words
from workbook_builder.model.severity import Severity
from workbook_builder.model.stamp import Coverage, Stamp
from workbook_builder.model.standing import (
    Absence,
    Mail,
    Mailing,
    Return,
    Stage,
    Standing,
    count,
    reached,
    reached_text,
    unit_state,
)
from workbook_builder.model.submission import QUOTED, Change, Submission
from workbook_builder.model.text import Text, Tone
from workbook_builder.model.times import CHINA, china_time, day_of
from workbook_builder.model.unit import Roster, Unit, office_phone
from workbook_builder.model.values import State, Value, grouped, number, on_grid, plain
from workbook_builder.workbook.place import place

D = Decimal
DAY = date(2026, 1, 5)


def told(code: str) -> Finding:
    return catalogued(code, detail="甲", seen="乙", expected="丙")


def yes(thing: object) -> str:
    """Which of its properties are true."""
    names = (n for n, each in vars(type(thing)).items() if isinstance(each, property))
    return " ".join(name for name in names if getattr(thing, name) is True)


VERDICTS = {
    Verdict.ACCEPTED: "is_claimed can_stand",
    Verdict.NEEDS_EXPLANATION: "is_claimed can_stand goes_back",
    Verdict.REJECTED: "is_claimed can_stand goes_back",
    Verdict.SUPERSEDED: "is_claimed is_settled",
    Verdict.WAITING: "is_claimed is_stray",
    Verdict.NOT_OURS: "is_stray",
    Verdict.UNREADABLE: "is_stray",
    Verdict.IGNORED: "is_settled",
}
RULINGS = {
    **dict.fromkeys(
        (Ruling.ACCEPT, Ruling.REJECT, Ruling.EXCLUDE, Ruling.WAIVE), "is_about_returns"
    ),
    **dict.fromkeys((Ruling.USE, Ruling.TRUST), ""),
    **dict.fromkeys((Ruling.EXTEND, Ruling.EXCUSE), "is_about_deadlines"),
}
KINDS = {
    **dict.fromkeys(LetterKind, "is_of_the_unit"),
    **dict.fromkeys(
        (LetterKind.PDF, LetterKind.DOCUMENT), "is_of_the_unit is_document"
    ),
    **dict.fromkeys((LetterKind.BOUNCE, LetterKind.NOTICE), ""),
}
SEVERITIES = {
    Severity.ERROR: "must_hold asks",
    Severity.WARNING: "can_be_explained asks",
    Severity.HINT: "",
}


@pytest.mark.parametrize(
    ("noun", "said"), [*VERDICTS.items(), *RULINGS.items(), *KINDS.items(), *SEVERITIES.items()]
)  # fmt: skip
def test_each_of_a_kind_says_what_is_true_of_it(noun: object, said: str) -> None:
    assert yes(noun) == said


def test_every_one_of_a_kind_is_asked() -> None:
    for asked in (VERDICTS, RULINGS, KINDS, SEVERITIES):
        assert list(asked) == list(type(next(iter(asked))))


FINDINGS = {
    # Nobody knows whose figures they are; the stamp is gone; the sheets print another.
    "N09": "doubts_origin doubts_stamp keeps_beside",
    "T08": "doubts_origin doubts_stamp keeps_beside",
    "T05": "doubts_stamp keeps_beside",
    "N07": "doubts_stamp keeps_beside",
    "N08": "keeps_beside",
    "N11": "doubts_origin keeps_beside is_of_a_report",
    "T01": "",
    "X09": "leaves_out is_for_the_desk",
    "X01": "is_for_the_desk",
}


@pytest.mark.parametrize(("code", "said"), FINDINGS.items())
def test_a_finding_says_what_it_doubts_until_it_is_waived(code: str, said: str) -> None:
    found = told(code)
    is_hint = found.severity is Severity.HINT
    assert yes(found) == " ".join(filter(None, ("" if is_hint else "is_open", said)))
    stays = {"is_of_a_report", "leaves_out", "is_for_the_desk"}
    waived = [each for each in said.split() if each in stays]
    assert yes(replace(found, waived="因为")) == " ".join(waived)


@pytest.mark.parametrize(
    ("severity", "explained", "is_open"),
    [
        (Severity.ERROR, False, True),
        (Severity.ERROR, True, True),
        (Severity.WARNING, False, True),
        (Severity.WARNING, True, False),
        (Severity.HINT, False, False),
        (Severity.HINT, True, False),
    ],
)
def test_only_a_doubt_is_settled_by_an_explanation(
    severity: Severity, explained: bool, is_open: bool
) -> None:
    found = replace(told("T01"), severity=severity, explained=explained)
    assert found.is_open is is_open
    assert not replace(found, waived="因为").is_open


def test_a_finding_names_every_cell_it_is_about() -> None:
    found = told("T01")
    assert replace(found, cell=None, others=("b",)).cells == ()
    assert replace(found, cell="a", others=("b",)).cells == ("a", "b")


FREQUENCIES = {
    Frequency.YEAR: (12, 1, ("year",), "年 本年 上年 上年数 两年 同比 last-year 下年度 统计年度"),
    Frequency.QUARTER: (
        3, 4, ("year", "quarter"),
        "季度 本季度 上季度 上季度数 两季度 环比 last-quarter 下季度 统计季度",
    ),
    Frequency.MONTH: (
        1, 12, ("year", "month"), "月 本月 上月 上月数 两月 环比 last-month 下月 统计月份",
    ),
}  # fmt: skip


@pytest.mark.parametrize("each", Frequency)
def test_a_frequency_has_its_words(each: Frequency) -> None:
    words = (
        *(each.chinese, each.this, each.last, each.last_figures, each.both),
        *(each.comparison, each.folder, each.next, each.label),
    )
    months, per_year, parts, said = FREQUENCIES[each]
    assert (each.months, each.per_year, each.parts) == (months, per_year, parts)
    assert " ".join(words) == said


STAMP = Stamp("f", "e", "", "c", "return", "U1", "甲", "街道", Period(2025))
GIVEN = Submission("1.xlsx", "0", Verdict.ACCEPTED, stamp=STAMP)


def bare(**changes: object) -> Submission:
    return replace(Submission("1.xlsx", "0", Verdict.IGNORED), **changes)  # type: ignore[arg-type]


def of(kind: LetterKind) -> Letter:
    return Letter(kind)


SUBMISSIONS: list[tuple[Submission, str]] = [
    (GIVEN, "is_read is_recorded is_proved is_untouched"),
    (bare(), "is_read is_proved"),
    (bare(verdict=Verdict.UNREADABLE), "is_recorded is_proved"),
    (bare(verdict=Verdict.UNREADABLE, sha256=""), "is_proved"),
    (bare(letter=of(LetterKind.PDF)), "is_proved"),
    (bare(letter=of(LetterKind.PICTURE)), "is_read is_proved"),
    (bare(letter=of(LetterKind.PDF), stamp=STAMP), "is_read is_proved is_untouched"),
    (
        replace(GIVEN, verdict=Verdict.SUPERSEDED),
        "is_replaced is_read is_recorded is_proved is_untouched",
    ),
    (
        replace(GIVEN, findings=(told("N11"),)),
        "is_read is_report is_recorded is_untouched",
    ),
    (replace(GIVEN, findings=(told("N08"),)), "is_read is_recorded is_untouched"),
    # A signature that does not fit leaves everything readable.
    (replace(GIVEN, findings=(told("T05"),)), "is_read is_recorded is_untouched"),
    (replace(GIVEN, findings=(told("T06"),)), "is_read is_recorded is_proved"),
    (
        replace(GIVEN, findings=(replace(told("T06"), line="A1"),)),
        "is_read is_recorded is_proved is_untouched",
    ),
    *(
        (replace(GIVEN, answers=answers), "is_read is_recorded is_proved")
        for answers in (
            Answers({"a": number(1)}),
            Answers(declared=frozenset("a")),
            Answers(texts={"a": "b"}),
            Answers(explanations={"a": "b"}),
            Answers(printed={"a": number(1)}),
        )
    ),
]


@pytest.mark.parametrize(
    ("submission", "said"), SUBMISSIONS, ids=[str(n) for n in range(len(SUBMISSIONS))]
)
def test_a_file_says_what_is_true_of_it(submission: Submission, said: str) -> None:
    assert yes(submission) == said


def test_what_is_open_is_asked_only_where_the_verdict_asks() -> None:
    found = (told("T06"), told("X01"))
    rejected = replace(GIVEN, verdict=Verdict.REJECTED, findings=found)
    assert rejected.open_findings == found[:1]
    assert replace(rejected, verdict=Verdict.SUPERSEDED).open_findings == ()
    assert rejected.reason == found[0].message
    gone = (told("V01"), told("T06"), told("V03"))
    replaced = replace(GIVEN, verdict=Verdict.SUPERSEDED, findings=gone)
    assert replaced.reason.zh == gone[0].message.zh + gone[2].message.zh
    assert replaced.reason.en == f"{gone[0].message.en} {gone[2].message.en}"
    assert replace(replaced, findings=found).reason == found[0].message
    assert bare().reason == Text("", "")
    assert (bare().unit_code, GIVEN.unit_code) == ("", "U1")


def test_of_a_doubtful_file_a_unit_sees_no_more_than_the_doubt() -> None:
    own, other = unit("U1"), Arrival(sender="B@b.cn")
    own = replace(own, emails=("a@b.cn",))
    found = (told("T06"), told("N09"), told("J01"))
    doubtful = replace(GIVEN, findings=found, arrival=other, facts={"a": number(1)})
    seen = doubtful.seen_by(own)
    assert [each.code for each in seen.findings] == ["N09", "J01"]
    assert (seen.facts, seen.answers) == ({}, Answers())
    for seen in (
        replace(doubtful, arrival=Arrival(sender="A@b.cn")),
        replace(doubtful, findings=found[:1]),
    ):
        assert seen.seen_by(own) is seen


@pytest.mark.parametrize(
    ("before", "after", "is_quoted"),
    [
        ("", "甲" * QUOTED, True),
        ("甲" * QUOTED, None, True),
        ("", "甲" * (QUOTED + 1), False),
        ("甲" * (QUOTED + 1), "乙", False),
    ],
)
def test_a_short_text_is_quoted_and_a_long_one_only_told(
    before: str | None, after: str | None, is_quoted: bool
) -> None:
    said = Change("a", "表", "D8", before, after).text
    assert ("由" in said.zh) is ("→" in said.en) is is_quoted
    assert said.zh.startswith("表 D8 ")
    assert Change("a", "表", "", "", "").text == Text(
        "表 a 由 空白 改为 空白", "表 a: blank → blank"
    )


def decided(ruling: Ruling, **named: str) -> Decision:
    grounds: dict[str, str] = {
        name: named.pop(name) for name in ("path", "until", "by") if name in named
    }
    return Decision("U1", ruling, "因为", "", "", grounds=grounds, **named)


CASES: list[tuple[Callable[..., object], tuple[object, ...], object]] = [
    (lambda: decided(Ruling.WAIVE, line="a", cell="b", path="c").place, (), "a"),
    (lambda: decided(Ruling.WAIVE, cell="b", path="c").place, (), "b"),
    (lambda: decided(Ruling.USE, path="c").place, (), "c"),
    (lambda: decided(Ruling.ACCEPT).place, (), ""),
    (lambda: decided(Ruling.EXTEND, until="2026-01-05").about, (), "2026-01-05"),
    (lambda: decided(Ruling.EXTEND, by="局长").reason, (), "因为（局长同意）"),
    (lambda: decided(Ruling.EXTEND).reason, (), "因为"),
    (lambda: decided(Ruling.ACCEPT).lacks_reason, (), False),
    (lambda: [Decided(decided(r), r is Ruling.USE).text.zh for r in (Ruling.USE, Ruling.WAIVE)],
     (), ["有效", "已失效"]),
    # What machines wrote is left out; one is not counted.
    (came, ([],), Text("", "")),
    (came, ([LetterKind.PDF, LetterKind.NOTICE, LetterKind.PICTURE, LetterKind.PDF],),
     Text("PDF 2 件、图片", "2 × a PDF, a picture")),
    # Agreements and addresses.
    (lambda: [replace(unit(), agreement=a).is_excused for a in
              (None, Agreement(None), Agreement(DAY))],
     (), [False, True, False]),
    *((office_phone, (said,), shown) for said, shown in [
        ("13812345678", ""), ("+86 138-1234-5678", ""), ("19912345678", ""),
        ("12345678901", "12345678901"), ("1381234567", "1381234567"),
        ("0517-8712 3456", "0517-8712 3456"), ("138123456789", "138123456789"),
    ]),
    # How much of the lowest level a sum holds.
    (str, (Coverage(5, 1),), "1/5"),
    (Coverage.read, ("5/5", "a" * 401), Coverage(5, 5, "a" * 400)),
    (Coverage.read, ("1/5", "a"), Coverage(5, 1, "a")),
    *((Coverage.read, (said, ""), None) for said in ("6/5", "", "1", "1/", "12345678/12345678")),
    (lambda: [Coverage(5, n).is_whole for n in (4, 5)], (), [False, True]),
    # Words.
    (lambda: Arrival(sent=0.0).sent_utc, (), "1970-01-01T00:00:00Z"),
    (lambda: Arrival(sent=0.0).sent_shown, (), "1970-01-01 08:00"),
    (lambda: (Arrival().sent_utc, Arrival().sent_shown), (), ("", "")),
    (lambda: [Agreement(day).text for day in (None, DAY)], (),
     [Text("免报", "excused"), Text("延期至2026年1月5日", "extended to 2026-01-05")]),
    *((lambda by, why: Agreement(None, by, why).whole, (by, why), said) for by, why, said in [
        ("", "", "免报"), ("王", "", "免报（王同意）"), ("", "搬迁。", "免报（搬迁）"),
        ("王", "搬迁", "免报（搬迁，王同意）"),
    ]),
    (lambda: " ".join(each.text.zh for each in Ruling), (),
     "同意计入 退回 不计入 准予免改 指定 认可防伪码 延期 免报"),
    (lambda: [Ruling.USE.text.en, Verdict.NOT_OURS.text.en], (), ["use", "not ours"]),
    (lambda: " ".join(each.text.zh for each in Verdict), (),
     "通过 待说明 退回 已有新版 待确认 不属本次任务 无法读取 忽略"),
    (lambda: [(v.is_return, v.asks, v.counts) for v in (Verdict.ACCEPTED, Verdict.WAITING)], (),
     [(True, False, True), (False, True, False)]),
    (lambda: " ".join(each.text.zh for each in (*Absence, *Severity)), (),
     "未报 文件不在 免报 强制 核实 提示"),
    (lambda: [e.is_return for e in Absence], (), [False, True, False]),
    (lambda: [each.rank for each in Severity], (), [0, 1, 2]),
    (lambda: " ".join(each.code for each in LetterKind), (), "I03 I04 I05 I06 I09 I07 I10"),
    (lambda: " ".join(reached_text(each).zh for each in reached()), (),
     "未报·未生成 未报·未发送 未报·已发送 未报·发送失败 未报·发送不明 "
     "已报·通过 已报·待说明 已报·退回 已报·文件不在 免报"),
    (lambda: [reached_text(each).en for each in (Verdict.NEEDS_EXPLANATION, Absence.GONE)], (),
     ["needs explanation", "gone"]),
    (lambda: [unit_state(each) for each in ("gone", "rejected")], (),
     [Absence.GONE, Verdict.REJECTED]),
    (lambda: " ".join(each.text.zh for each in Mailing), (),
     "未发送 已发送 已催报 已发退回件 已请报表 发送失败 发送不明"),
    (lambda: {each.tone for each in (*Stage, *Absence)}, (), {Tone.WAITING}),
    (lambda: {(each.is_return, each.counts) for each in Stage}, (), {(False, False)}),
    (lambda: {each.counts for each in Absence}, (), {False}),
    # Signatures are in workbooks in the post: they may never change.
    (lambda: [STAMP.sign(key) for key in ("k", "k\ud800")], (),
     ["38b57ab6257a129a", "095771243deea9d2"]),
    (lambda: [STAMP.signed("k").is_signed_with(key) for key in "kl"], (), [True, False]),
    (lambda: list(STAMP.entries.values()), (),
     ["f", "e", "", "c", "return", "U1", "甲", "街道", 2025, ""]),
    (lambda: list(replace(STAMP, coverage=Coverage(5, 4, "乙"), public_key="p", seal="s").entries
                  .values())[-5:], (), ["", "4/5", "乙", "p", "s"]),
    (lambda: STAMP.year, (), 2025),
    # When a file came: as looked up, or as far as it can tell itself.
    (lambda: [replace(GIVEN, received=5.0, arrived=at).came for at in (None, 7.0)], (), [5, 7]),
    (lambda: replace(GIVEN, arrival=Arrival(saved=3.0), arrived=7.0).order, (),
     (7, 3, "1.xlsx", "0")),
    (lambda: len({replace(place(form()), name="", paragraphs=n).fingerprint for n in (1, 2, 3)}),
     (), 3),
    # The calendar.
    (china_time, (0.5,), datetime(1970, 1, 1, 8, tzinfo=CHINA)),
    *((day_of, (said,), day) for said, day in [
        ("2026-1-5", DAY), ("20260105", DAY), ("2026.01.05 10:00", DAY), ("2026-13-01", None),
        ("2026", None),
    ]),
    (lambda: Period(2024, Frequency.MONTH, 2).last_day, (), date(2024, 2, 29)),
    (lambda: Period(2025, Frequency.QUARTER, 4).first_day, (), date(2025, 10, 1)),
    (lambda: Period(2025, Frequency.QUARTER, 4).last_day, (), date(2025, 12, 31)),
    (lambda: Period(2025, Frequency.QUARTER, 2).days, (), "2025年4月1日至6月30日"),
    (day_words, (date(2026, 1, 5),), "2026年1月5日"),
    *((lambda at, by: str(at.later(by)), (at, by), said) for at, by, said in [
        (Period(2025), 1, "2026"), (Period(2025), -1, "2024"),
        (Period(2025, Frequency.QUARTER, 4), 1, "2026Q1"),
        (Period(2025, Frequency.QUARTER, 1), -1, "2024Q4"),
        (Period(2025, Frequency.MONTH, 12), 2, "2026-02"),
        (Period(2025, Frequency.MONTH, 3), -3, "2024-12"),
    ]),
    (lambda: str(Period(2025, Frequency.MONTH, 1).before), (), "2024-12"),
    (Period(2026).months_since, (Period(2025),), 12),
    (Period(2025, Frequency.QUARTER, 3).months_since, (Period(2024, Frequency.MONTH, 12),), 7),
    (lambda: Period(2025, Frequency.QUARTER, 3).parts, (), {"year": 2025, "quarter": 3}),
    (lambda: Period(2025).parts, (), {"year": 2025}),
    *((lambda p: (p.words, p.full_words), (p,), said) for p, said in [
        (Period(2025), ("2025年", "2025年度")),
        (Period(2025, Frequency.QUARTER, 4), ("2025年第四季度", "2025年第四季度")),
        (Period(2025, Frequency.MONTH, 3), ("2025年3月", "2025年3月")),
    ]),
    *((lambda said: str(Period.parse(said)), (said,), read) for said, read in [
        ("2025", "2025"), (" 2025年度 ", "2025"), ("2025年", "2025"), ("2025q4", "2025Q4"),
        ("2025-3", "2025-03"), ("2025年第四季度", "2025Q4"), ("2025年1季度", "2025Q1"),
        ("2025年12月", "2025-12"),
    ]),
    # Letters and numbers of columns.
    *((lambda n: (column_letters(n), column_number(column_letters(n))), (n,), (said, n))
      for n, said in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"),
                      (702, "AAA"), (16_383, "XFD")]),
    # Figures.
    *((plain, (D(n),), s) for n, s in [("0.10", "0.1"), ("-0", "0"), ("10", "10"), ("0E+2", "0")]),
    *((grouped, (D(n),), s) for n, s in [("-0.25", "-0.25"), ("-1234", "-1,234"), ("999", "999")]),
    *((on_grid, (D(n), d), s) for n, d, s in [
        ("1.5", 0, False), ("0.05", 1, False), ("0.50000001", 1, True), ("0.5000001", 1, False),
    ]),
    (lambda: [v.shown for v in (Value(State.BLANK), Value(State.TEXT, text="a"), number(0))],
     (), [None, "a", "0"]),
    (lambda: str(Place("表", 7, 27)), (), "表!AB8"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "given", "expected"), CASES, ids=[str(n) for n in range(len(CASES))]
)
def test_nouns_at_their_edges(
    function: Callable[..., object], given: tuple[object, ...], expected: object
) -> None:
    assert function(*given) == expected


@pytest.mark.parametrize(
    "said",
    ["999", "20255", "2025Q5", "2025-13", "2025-00", "2025年第五季度", "2025年度度", "二〇二五年"],
)  # fmt: skip
def test_what_is_no_period_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="no "):
        Period.parse(said)


@pytest.mark.parametrize("year", [1000, 9999])
def test_a_year_of_four_digits_is_one(year: int) -> None:
    assert Period(year).year == year


@pytest.mark.parametrize(("frequency", "most"), [(f, f.per_year) for f in Frequency])
def test_a_period_is_in_the_calendar(frequency: Frequency, most: int) -> None:
    for good in (1, most):
        assert Period(2025, frequency, good).number == good
    for bad in (0, most + 1):
        with pytest.raises(ValueError, match="of the year"):
            Period(2025, frequency, bad)


@pytest.mark.parametrize(
    ("state", "figure"), [(State.NUMBER, None), (State.TEXT, D(1)), (State.BLANK, D(0))]
)
def test_only_a_number_has_a_figure(state: State, figure: Decimal | None) -> None:
    with pytest.raises(ValueError, match="does not go with"):
        Value(state, figure)


# ---------------------------------------------------------------- where a unit stands


def came_at(day: int) -> Return:
    moment = datetime(2026, 1, day, 12, tzinfo=CHINA)
    return Return(Verdict.ACCEPTED, "1.xlsx", "0", moment, moment, 1)


def test_a_unit_is_in_the_groups_that_its_state_says() -> None:
    def groups(state: Verdict | Absence, late: int | None) -> list[str]:
        standing = Standing(unit(), state, True, None, late, Mail())
        return [g for g in ("missing", "returned", "late") if standing.is_in_group(g)]

    assert groups(Verdict.REJECTED, 0) == ["returned"]
    assert groups(Absence.GONE, 2) == ["returned", "late"]
    assert groups(Absence.MISSING, None) == ["missing"]
    assert groups(Absence.EXCUSED, None) == []
    late = [came_at(day).days_late(DAY) for day in (4, 5, 6, 8)]
    assert late == [0, 0, 1, 3]


def test_units_are_counted_by_how_far_they_came() -> None:
    known = count(
        [
            (Verdict.ACCEPTED, 0),
            (Verdict.ACCEPTED, 0),
            (Verdict.ACCEPTED, 1),
            (Verdict.REJECTED, 0),
            (Absence.MISSING, 0),
            (Absence.GONE, None),
        ]
    )
    assert (known.due, known.returned, known.accepted, known.punctual) == (6, 5, 3, 3)
    assert (known.share, known.rate) == (D("0.5"), D(50))


# ---------------------------------------------------------------- the tree of units


def member(code: str, parent: str = "", **more: object) -> Unit:
    return replace(unit(code, parent), **more)  # type: ignore[arg-type]


def test_a_roster_knows_who_is_above_and_below() -> None:
    roster = Roster(
        (
            member("B", "A", reports=True),
            member("A", former=("X", "B")),
            member("C", "A", reports=False),
            member("D", "B"),
            member("E", reports=True, agreement=Agreement(None)),
            member("F"),
        )
    )
    assert [each.code for each in roster.in_tree_order] == list("ABDCEF")
    assert [each.code for each in roster.roots] == list("AEF")
    assert [each.code for each in roster.below("A")] == list("BDC")
    assert list(roster.below("D")) == []
    assert list(roster.above("D")) == ["D", "B", "A"]
    assert [each.code for each in roster.reporting] == list("BDF")
    assert {code: each.code for code, each in roster.successors.items()} == {"X": "A"}
    assert {code: len(each) for code, each in roster.children.items()} == {
        "A": 2,
        "B": 1,
    }


@pytest.mark.parametrize(
    ("table", "spot", "there"),
    [("applications", (0, 0), (0, 0)), ("applications", (4, 2), (4, 2))],
)
def test_a_copied_table_stands_as_far_from_its_head_as_the_printed_one(
    table: str, spot: tuple[int, int], there: tuple[int, int]
) -> None:
    layout = place(form())
    here, twin = layout.declarations[table], layout.pasted[table]
    at = layout.pasted_at(
        table, Place(here.sheet, here.row + spot[0], here.column + spot[1])
    )
    assert at == Place(twin.sheet, twin.row + there[0], twin.column + there[1])
