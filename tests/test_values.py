"""Small functions that figures, days, texts and addresses pass through, at their edges."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support import campaign, codes, expected, folder, form, unit
from workbook_builder.intake.leaf import Leaf
from workbook_builder.language.figures import prepared
from workbook_builder.language.formula import Formulas
from workbook_builder.language.likeness import runs, share
from workbook_builder.language.numerals import spelled
from workbook_builder.language.spelling import position, without
from workbook_builder.language.words import instruction, remedy
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.arrival import Arrival, first_taken, plausible
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.decision import Decision, Ruling
from workbook_builder.model.document import DocumentFormat
from workbook_builder.model.drawing import draw
from workbook_builder.model.expression import Number
from workbook_builder.model.finding import Verdict
from workbook_builder.model.grid import Hidden, RawBook, RawCell, RawKind, text_of
from workbook_builder.model.layout import Place, column_letters, column_number
from workbook_builder.model.letter import LetterKind
from workbook_builder.model.period import Frequency, Period
from workbook_builder.model.published_report import (
    Certainty,
    PublishedFact,
    PublishedReport,
    ReportKind,
)
from workbook_builder.model.severity import Severity
from workbook_builder.model.stamp import listed
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text, escaped, harmless, unharmed
from workbook_builder.model.times import (
    CHINA,
    china_time,
    day_of,
    days_late,
    days_past,
    on_time_rate,
    on_time_share,
)
from workbook_builder.model.unit import Roster
from workbook_builder.model.values import (
    BLANK,
    from_double,
    grouped,
    number,
    on_grid,
    plain,
)
from workbook_builder.model.wording import Sentence, Slot
from workbook_builder.pipeline.inbox import DEEPEST, put_in
from workbook_builder.reading import printed, receive
from workbook_builder.reading.read import value_of
from workbook_builder.reading.written import no_text, visible
from workbook_builder.rules.grounds import changed, instance_of
from workbook_builder.rules.outliers import outliers
from workbook_builder.rules.seal import fingerprint
from workbook_builder.rules.verify import gathered, verify
from workbook_builder.rules.versions import changes
from workbook_builder.workbook.place import place

D = Decimal


def cell(kind: RawKind, value: str = "", formula: str | None = None) -> RawCell:
    return RawCell(kind, value, formula)


def decision(ruling: Ruling) -> Decision:
    return Decision("U1", ruling, "因为", "", "", "B4", "B4.1", "a.b")


def far(now: int, then: int) -> list[str]:
    """Who is out of line, with one unit."""
    return [each.unit for each in outliers([("U1", D(now), D(then))])]


FORM = form()
N = Number(D(9))
DAY = date(2026, 1, 20)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=CHINA)
#: What stands in a cell as a text, and what of it is no text of anybody's.
SAID = {
    "1.39E+10": "Y11",
    "1.13E17": "Y11",
    " 13900000000.0 ": "Y11",
    "########": "Y07",
    "#REF!": "Y07",
    "#NAME?": "Y07",
    "0469-4323259": None,
    "010010": None,
    "13900000000": None,
    "3.0": None,
    "１2E+10": None,
    "全年1.39E+10条": None,
    "##": None,
    "#REF!见附表": None,
}
#: function, what it is given, what it comes to
CASES: list[tuple[Callable[..., object], tuple[object, ...], object]] = [
    # A figure as it is stored, and as it is shown.
    (from_double, ("59237.244899999998", 6), D("59237.2449")),
    (from_double, ("0.30000000000000004", 1), D("0.3")),
    (from_double, ("1000.3000000000001", 1), D("1000.3")),
    (lambda text: str(from_double(text, 0)), ("-0",), "0"),
    (lambda text: str(from_double(text, 0)), ("-0.00000001",), "0"),
    (from_double, ("12", 0), D(12)),
    (from_double, ("1200", 0), D(1200)),
    (from_double, ("3.00000009", 0), D(3)),
    (from_double, ("3.0000001", 0), D("3.0000001")),
    (from_double, ("2.9999999", 0), D("2.9999999")),
    (from_double, ("1.5", 0), D("1.5")),
    (from_double, ("999999999999999.9", 0), D("999999999999999.9")),
    (from_double, ("1000000000000000", 6), D(10**15)),
    (on_grid, (D("3.00000009"), 0), True),
    (on_grid, (D("3.0000001"), 0), False),
    (on_grid, (D("2.9999999"), 0), False),
    (on_grid, (D("0.25"), 2), True),
    (on_grid, (D("0.25"), 1), False),
    (on_grid, (D(10**30), 6), True),
    (plain, (D("1200"),), "1200"),
    (plain, (D("1.50"),), "1.5"),
    (plain, (D("-0.0"),), "0"),
    (plain, (D("1E+3"),), "1000"),
    (grouped, (D("-0.5"),), "-0.5"),
    (grouped, (D("1204567.20"),), "1,204,567.2"),
    (lambda: str(from_double("-0.0", 0)), (), "0"),
    # With few units, five times as much of one more is out of line.
    (far, (39, 7), ["U1"]),
    (far, (38, 7), []),
    (lambda: [round(o.distance, 2) for o in outliers([("U", D(99), D(0))])], (), [D("2.86")]),
    (far, (9, 0), []),
    (far, (10, 0), ["U1"]),
    (far, (0, 10), ["U1"]),
    # What stands in a cell for texts.
    (text_of, (None, False), ""),
    (text_of, (cell(RawKind.NUMBER, "12.0"), False), "12"),
    (text_of, (cell(RawKind.NUMBER, "12.05"), False), "12.05"),
    (text_of, (cell(RawKind.TEXT, "12.0"), False), "12.0"),
    (text_of, (cell(RawKind.PERCENT, "0.125"), False), "12.5%"),
    (text_of, (cell(RawKind.PERCENT, "12"), False), "1200%"),
    (text_of, (cell(RawKind.DATE, "45000.5"),), "2023-03-15"),
    (text_of, (cell(RawKind.DATE, "45000"), True), "2027-03-16"),
    (text_of, (cell(RawKind.DATE, "1e300"), False), "1e300"),
    (text_of, (cell(RawKind.DATE, "2025-01-02T00:00"), False), "2025-01-02T00:00"),
    (no_text, (cell(RawKind.ERROR, "#REF!"),), "Y07"),
    (no_text, (RawCell(RawKind.EMPTY, "", "A1", has_result=False),), "T06"),
    (no_text, (cell(RawKind.TEXT, "a", "A1"),), "Y10"),
    (no_text, (cell(RawKind.TEXT, '=DISPIMG("ID_1",1)'),), "Y10"),
    (no_text, (cell(RawKind.NUMBER, "1"),), "Y11"),
    (no_text, (cell(RawKind.BOOLEAN, "TRUE"),), "Y11"),
    (no_text, (cell(RawKind.PERCENT, "1"),), "Y11"),
    *((no_text, (cell(RawKind.TEXT, said),), code) for said, code in SAID.items()),
    (no_text, (cell(RawKind.TEXT, "a"),), None),
    (no_text, (cell(RawKind.DATE, "45000"),), "Y11"),
    (visible, (" \u200b ",), ""),
    (visible, (" 无 ",), " 无 "),
    (prepared, ("3宗、4次、5起、6份、7条",), "<3>件、<4>件、<5>件、<6>条、<7>条"),
    (without, ("A1", '"\t件'), 'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(A1,"""",""),CHAR(9),""),"件","")'),
    *((position, ("ROW", n), s) for n, s in [(3, "ROW()-3"), (-3, "ROW()+3"), (0, "ROW()")]),
    # Addresses.
    *((column_letters, (n,), s) for n, s in [(0, "A"), (25, "Z"), (26, "AA")]),
    *((column_number, (s,), n) for n, s in [(0, "A"), (25, "Z"), (701, "ZZ")]),
    (lambda: Place("表", 7, 3).address, (), "D8"),
    (lambda: Place("表", 7, 27).absolute, (), "$AB$8"),
    (lambda at: at in Hidden(frozenset({3}), frozenset({5})), ((3, 0),), True),
    (lambda at: at in Hidden(frozenset({3}), frozenset({5})), ((0, 5),), True),
    (lambda at: at in Hidden(frozenset({3}), frozenset({5})), ((5, 3),), False),
    # Days.
    (china_time, (0,), None),
    (china_time, (-1.0,), None),
    (china_time, (253_402_200_000,), None),
    (china_time, (1.9,), datetime(1970, 1, 1, 8, 0, 1, tzinfo=CHINA)),
    (day_of, ("2026年1月5日",), date(2026, 1, 5)),
    (day_of, ("２０２６／１／５ 10:30",), date(2026, 1, 5)),
    (day_of, ("20260105",), date(2026, 1, 5)),
    (day_of, ("2026-02-30",), None),
    (day_of, ("1月5日",), None),
    (days_past, (DAY, DAY), 0),
    (days_past, (DAY, DAY + timedelta(1)), 1),
    (days_past, (DAY, DAY - timedelta(9)), 0),
    (days_past, (None, DAY), None),
    (days_late, (DAY, None), None),
    (days_late, (date(2025, 12, 31), NEW_YEAR), 1),
    (days_late, (date(2026, 1, 1), NEW_YEAR), 0),
    (on_time_share, (0, 0), None),
    (on_time_share, (3, 3), D(1)),
    (on_time_share, (2_999, 3_000), D("0.999")),
    (on_time_share, (1, 2_000), D("0.001")),
    (on_time_share, (0, 7), D("0.000")),
    (on_time_rate, (2, 3), D("66.7")),
    (on_time_rate, (0, 0), None),
    # The mailbox's own date first; a clock that is ahead is not believed.
    (first_taken, ((),), None),
    (first_taken, ((9e5, 8e5, 7e5),), 7e5),
    (first_taken, ((9e5, 9.1e5, 8e5),), 8e5),
    (first_taken, ((9e5, 9e5 - 5 * 86_400),), 9e5 - 5 * 86_400),
    (first_taken, ((9e5, 9e5 - 5 * 86_400 - 1),), 9e5),
    (plausible, (315_532_799,), None),
    (plausible, (315_532_800,), 315_532_800),
    (plausible, (4_102_444_799,), 4_102_444_799),
    (plausible, (4_102_444_800,), None),
    (str, (Period(9999),), "9999"),
    (str, (Period(1000),), "1000"),
    (str, (Period(2026, Frequency.QUARTER, 3),), "2026Q3"),
    # The sender's clock is believed where a mailbox saw the mail within the hour.
    *(
        (Arrival(sent=sent, taken=taken).at, (received,), at)
        for sent, taken, received, at in [
            (5e5, 5e5 + 3600, 9e5, 5e5),
            (5e5, 5e5 + 3601, 9e5, 5e5 + 3601),
            (5e5, 5e5 - 1, 9e5, 5e5 - 1),
            (None, 5e5, 9e5, 5e5),
            (5e5, None, 9e5, 5e5),
            (5e5, None, 4e5, 4e5),
            (None, None, 0, 0.0),
        ]
    ),
    (Arrival(taken=5e5).seen_by, (4e5,), Arrival(taken=4e5)),
    (Arrival(taken=5e5).seen_by, (6e5,), Arrival(taken=5e5)),
    (Arrival().seen_by, (6e5,), Arrival(taken=6e5)),
    (value_of, (cell(RawKind.EMPTY), FORM.inputs[0], FORM, False), BLANK),
    # Keys, as they are agreed to and carried on: they may never change.
    (fingerprint, ("",), ""),
    (fingerprint, ("key",), "2c70-e12b-7a06-46f9"),
    (lambda: replace(campaign(), key="k", rollup_key="").sealing[:8], (), "c3c2f418"),
    (lambda: replace(campaign(), key="k", rollup_key="r").sealing, (), "r"),
    (lambda: replace(campaign(), key="", rollup_key="").sealing, (), ""),
    # What became of the grounds of a decision: the first three by name.
    *(
        (lambda before, after: changed(FORM, before, after).en, (before, after), said)
        for before, after, said in [
            ({"cell:x": "1"}, {"cell:x": ""}, "【x】 1 → blank"),
            ({}, {"cell:x": "1"}, "【x】 blank → 1"),
            ({}, {"finding:A1@b": "1"}, "a new finding A1"),
            ({"finding:A1@b": "1"}, {}, "finding A1 is gone"),
            ({"finding:A1@b": "1"}, {"finding:A1@b": "2"}, "check A1 was changed"),
            ({"seen": "1"}, {"seen": "2"}, "the figures compared have changed"),
            (
                {},
                {f"finding:A{n}": "1" for n in range(1, 4)},
                "a new finding A1; a new finding A2; a new finding A3",
            ),
            (
                {},
                {f"finding:A{n}": "1" for n in range(1, 5)},
                "a new finding A1; a new finding A2; a new finding A3 and 1 more",
            ),
        ]
    ),
    *(
        (lambda new: "等" in changed(FORM, {}, new).zh, ({f"finding:{c}": "1" for c in new},), said)
        for new, said in [("ABC", False), ("ABCD", True)]
    ),
    # What nouns say of themselves.
    (lambda: [s.desk.zh[:3] for s in Severity], (), ["请将退", "请将退", "供审核"]),
    (lambda: DocumentFormat.DOC.text.zh, (), "Word 文档（.doc）"),
    (listed, (["甲", "乙"],), "甲、乙"),
    (lambda: listed(["甲"] * 99)[-6:], (), "等 99 个"),
    (lambda: [Roster((unit("Q"),), rows=(3,)).where(n) for n in (0, 1)], (), ["第3行", "第2行"]),
    (lambda: Roster((replace(unit("Q"), name="甲"),)).names.mentioned("甲.xlsx"), (), []),
    (lambda: [k for k in LetterKind if k.is_document], (), [LetterKind.PDF, LetterKind.DOCUMENT]),
    (lambda: catalogued("T05").doubts_stamp, (), True),
    (lambda: catalogued("T01").doubts_stamp, (), False),
    (lambda: replace(catalogued("T05"), waived="x").doubts_stamp, (), False),
    (lambda: FORM.narrative("problems").id, (), "problems"),
    (lambda: Certainty.UNSURE.text, (), Text("待核", "unsure")),
    (
        lambda: (RawBook(()).date1904, RawBook(()).macros, RawBook(()).external_links),
        (),
        (False, False, False),
    ),
    # Texts.
    (unharmed, ("'=1",), "=1"),
    (unharmed, ("'a",), "'a"),
    (harmless, ("=1",), "'=1"),
    (harmless, ("甲",), "甲"),
    (harmless, (" ＝1",), "' ＝1"),
    (escaped, ("a\u202eb",), "a\\u202eb"),
    (harmless, ("-5",), "-5"),
    (harmless, ("-5a",), "'-5a"),
    (Text("中", "en").in_language, ("en",), "en"),
    (Text("中", "en").in_language, ("zh",), "中"),
    (runs, ("2025年，一二三四五六七八",), {"年一二三四五六七", "一二三四五六七八"}),
    (runs, ("一二三四五六七",), frozenset()),
    (share, (frozenset("abc"), frozenset("bcd")), 66),
    (share, (frozenset(), frozenset("a")), 0),
    (lambda: [f.comparison for f in Frequency], (), ["同比", "环比", "环比"]),
    *(
        (spelled, (D(n),), f"<{said}>")
        for n, said in [
            ("0", "零"), ("10", "十"), ("15", "十五"), ("110", "一百十"),
            ("1005", "一千零五"), ("9999", "九千九百九十九"), ("10000", "#"),
            ("-1", "#"), ("1.5", "#"),
        ]
    ),
    (decision(Ruling.WAIVE).is_called, ("B4",), True),
    (decision(Ruling.WAIVE).is_called, ("waive",), True),
    (decision(Ruling.WAIVE).is_called, ("B5",), False),
    (decision(Ruling.WAIVE).is_called, ("",), True),
    (decision(Ruling.EXCUSE).is_called, ("",), False),
    (lambda: decision(Ruling.WAIVE).about, (), "B4"),
    (lambda: decision(Ruling.WAIVE).place, (), "B4.1"),
    # Which lines are an offered sentence, whatever its figures.
    *(
        (lambda phrase, line: Sentence("t", phrase).is_said(line), (phrase, line), said)
        for phrase, line, said in [
            ((Slot("unit"), "收到", N, "件。"), "示例区收到3件。", True),
            ((Slot("unit"), "收到", N, "件。"), "示例区收到-3.5件。", True),
            ((Slot("unit"), "收到", N, "件。"), "收到3件。", False),
            ((Slot("unit"), "收到", N, "件。"), "示例区收到件。", False),
            ((Slot("unit"), "收到", N, "件。"), "示例区收到3件。又", False),
            ((Slot("unit"), "收到", N, "件。"), "示例区收到约3件。", False),
            ((N, Slot("unit"), N), "3示例区4", True),
            ((N, Slot("unit"), N), "34", False),
            (("收", Slot("unit")), "收到", True),
            (("收", Slot("unit")), "收", False),
            ((Slot("unit"), "件"), "一件二件", True),
            ((Slot("unit"), "件"), "件", False),
            ((Slot("unit"), "件"), "一件二", False),
            (("收", N), "又收3", False),
        ]
    ),
    (lambda: FORM.first_period, (), Period(2021)),
    # Of two decisions about the same, the later one holds.
    *(
        (lambda ruling: decision(ruling).subject, (ruling,), subject)
        for ruling, subject in [
            (Ruling.ACCEPT, ("U1",)),
            (Ruling.REJECT, ("U1",)),
            (Ruling.EXCLUDE, ("U1",)),
            (Ruling.WAIVE, ("U1", "B4", "B4.1", "a.b")),
            (Ruling.USE, ("U1", "use")),
            (Ruling.TRUST, ("U1", "trust")),
            (Ruling.EXTEND, ("U1", "agreement")),
            (Ruling.EXCUSE, ("U1", "agreement")),
        ]
    ),
]  # fmt: skip


@pytest.mark.parametrize(("function", "given", "expected"), CASES)
def test_small_functions_at_their_edges(
    function: Callable[..., object], given: tuple[object, ...], expected: object
) -> None:
    assert function(*given) == expected


@pytest.mark.parametrize("year", [999, 10_000])
def test_a_year_has_four_digits(year: int) -> None:
    with pytest.raises(ValueError, match="no year"):
        Period(year)


def test_what_is_done_about_cells_of_two_kinds_names_both() -> None:
    check = next(each for each in FORM.checks if each.code == "A5")
    everywhere = [i for line in check.lines for i in line.instances]
    assert remedy(FORM, check, everywhere) == remedy(FORM, check)
    assert remedy(FORM, check, everywhere[:1]) != remedy(FORM, check)


@pytest.mark.parametrize(
    "counts",
    [
        ["disputes.review.upheld", "disputes.review.corrected"],
        # Fees, in the same table, are no counts.
        ["proactive.regulations.issued", "proactive.normative_documents.issued"],
    ],
)
def test_what_is_done_about_gathered_cells_is_of_them_alone(counts: list[str]) -> None:
    check = next(each for each in FORM.checks if each.code == "A5")
    answers = Answers({id_: number(D(-1)) for id_ in counts})
    found = verify(FORM, answers, Circumstances(Period(2025)))
    negative = [each for each in found if each.code == "A5"]
    (told,) = gathered(FORM, negative)
    places = [i for line in check.lines for i in line.instances if i.place in counts]
    assert (told.cell, told.others) == (counts[0], (counts[1],))
    assert told.remedy == remedy(FORM, check, places)


def test_a_finding_is_of_one_place_of_its_check() -> None:
    check = next(each for each in FORM.checks if each.code == "A5")
    for line in check.lines:
        last = line.instances[-1]
        found = replace(catalogued("T05"), code="A5", line=line.key, cell=last.place)
        assert instance_of(FORM, found) == (check, last)
        assert instance_of(FORM, replace(found, line="A5")) is None


def test_a_figure_stands_under_and_beside_its_own_labels() -> None:
    drawing = draw(next(each for each in FORM.tables if each.id == "applications"))
    figure = drawing.figures["applications.refused_prohibited.natural"]
    assert [label.text for label in drawing.labels_of(figure)] == [
        *("申请人情况", "自然人", "三、本年度办理结果", "（三）不予公开"),
        "2.其他法律行政法规禁止公开",
    ]


def test_a_rule_about_a_number_is_told_by_what_to_do() -> None:
    check = next(each for each in FORM.checks if each.code == "G4")
    assert instruction(FORM, check).startswith(
        "G4（核实）收费金额偏大。这里的单位是万元"
    )


@pytest.mark.parametrize("sheet", ["表三", "审核"])
def test_a_typed_cell_is_counted_from_the_corner_of_its_frame(sheet: str) -> None:
    layout, home = place(FORM), Place("审核", 40, 2)
    corner, _ = layout.frames[sheet]
    spot = Place(sheet, corner.row + 5, corner.column + 3)
    said = Formulas(FORM, layout, home.sheet).typed(spot, home)
    down, across = map(int, re.findall(r"\(\)([-+]\d+)", said))
    assert home.row + 1 + down == spot.row - corner.row + 1 > 1
    assert home.column + 1 + across == spot.column - corner.column + 1 > 1


def test_only_a_label_that_spans_rows_at_the_edge_stands_upright() -> None:
    upright = [
        label
        for table in FORM.tables
        for label in draw(table).labels
        if label.role == "vertical"
    ]
    assert [(label.column, label.rows) for label in upright] == [(0, 22)]


def test_an_explanation_changed_is_told_by_its_line() -> None:
    line = next(line for check, line in FORM.lines if not check.severity.must_hold)
    now = Answers(explanations={line.key: "因为"})
    (found,) = changes(FORM, place(FORM), Answers(), now)
    assert (found.id, found.sheet, found.address) == (line.key, "审核", "")
    assert (found.before, found.after) == (None, "因为")


def test_a_mistake_of_ours_costs_one_file_its_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receive, "_verdict", lambda *_: 1 / 0)
    leaf = Leaf("a.xlsx", b"x", Arrival())
    assert receive.judged(leaf, expected(), 0.0).verdict is Verdict.UNREADABLE


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({}, Verdict.WAITING),
        ({"year": None}, Verdict.WAITING),
        ({"year": 2024}, Verdict.IGNORED),
        ({"edition": "2019"}, Verdict.IGNORED),
        ({"kind": ReportKind.UNREADABLE}, Verdict.IGNORED),
        ({"unit": "别的单位"}, Verdict.IGNORED),
        ({"facts": {}}, Verdict.IGNORED),
    ],
    ids=str,
)
def test_only_a_report_of_the_period_and_edition_is_taken_for_a_return(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, Any], verdict: Verdict
) -> None:
    known = expected()
    facts = {FORM.inputs[0].id: PublishedFact(number(D(3)), Certainty.CERTAIN)}
    of = known.roster.by_code["U1"]
    report = PublishedReport(
        ReportKind.REPORT, of.name, 2025, FORM.id, FORM.edition, facts
    )
    read = replace(report, **said)
    monkeypatch.setattr(printed, "read_document_as_report", lambda *_: read)
    letter = Submission("a.pdf", "0", Verdict.IGNORED)
    assert printed.as_return(letter, b"", known).verdict is verdict


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "a.xlsx"
    inbox.mkdir()
    outside.write_bytes(b"x")
    link = inbox / "b.xlsx"
    link.symlink_to(outside)
    followed = receive.receive(receive.Source("b", link), expected())[0]
    kept_out = receive.receive(receive.Source("b", link, inbox), expected())[0]
    assert followed.sha256
    assert followed.received
    assert not kept_out.sha256
    assert kept_out.received == 0
    assert codes(kept_out.findings) != codes(followed.findings)


def test_only_so_many_folders_come_along_with_a_file(tmp_path: Path) -> None:
    made = folder(tmp_path / "a")
    path = put_in(made, "1/2/3/4/5/6/7/8/9/a.txt", b"x")
    assert path.relative_to(made.inbox).parts == (*"3456789", "a.txt")
    assert DEEPEST == 8
