"""Whose a file is, by one clue at a time; which cells are nobody's; which texts are alike."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tests.support import campaign, form, knowing, unit
from tests.test_alike import PROBLEMS, alike, text
from tests.test_read_cells import put, sound
from workbook_builder.model.answers import Answers
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.errors import WorkerLost
from workbook_builder.model.expected import Expected
from workbook_builder.model.grid import RawBook, RawCell, RawKind, RawSheet
from workbook_builder.model.layout import Place
from workbook_builder.model.period import Period
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.unit import Roster
from workbook_builder.reading import apart
from workbook_builder.reading.identify import Whose, recognise, whose
from workbook_builder.reading.origin import about_origin
from workbook_builder.reading.receive import Source
from workbook_builder.reading.strays import SHORT, strays
from workbook_builder.workbook.place import AUDIT, place

PERIOD = Period(2025)


ROSTER = Roster(
    (
        replace(unit("Q"), name="示例区"),
        replace(unit("U1", "Q"), name="城关镇", emails=("a@b.cn",)),
        replace(unit("U2", "Q"), name="河口镇", emails=("c@b.cn", "x@b.cn")),
        replace(unit("U3", "Q"), name="河口镇中心学校", emails=("x@b.cn",)),
    )
)
OFFICE = "desk@b.cn"


@cache
def known() -> Expected:
    return knowing(replace(campaign(), email=OFFICE), ROSTER)


def clues(
    path: str = "1.xlsx",
    sender: str = "",
    subject: str = "",
    said: str = "",
    own: str = "U1",
) -> str:
    """The findings, each with whom it names."""
    name = next(each.name for each in ROSTER.units if each.code == own)
    stamp = Stamp(form().id, form().edition, "", "c", "return", own, name, "", PERIOD)
    arrival = Arrival(sender=sender, subject=subject)
    answers = Answers(texts={PROBLEMS: said} if said else {})
    found = about_origin(stamp, RawBook(()), path, arrival, answers, known())
    return " ".join(f"{each.code} {each.seen}" for each in found)


ORIGINS: list[tuple[dict[str, object], str]] = [
    ({}, ""),
    ({"path": "河口镇.xlsx"}, "N09 河口镇"),
    ({"path": "河口镇/城关镇.xlsx"}, "N09 河口镇"),
    ({"path": "城关镇、河口镇.xlsx"}, ""),
    ({"path": "示例区城关镇.xlsx"}, ""),
    ({"path": "示例区.xlsx"}, ""),
    ({"path": "U2.xlsx"}, "N09 河口镇"),
    ({"path": "20260105-101500_河口镇.eml"}, ""),
    ({"sender": "C@b.cn"}, "N09 河口镇"),
    ({"sender": "a@b.cn"}, ""),
    ({"sender": "x@b.cn"}, "N09 河口镇、河口镇中心学校"),
    ({"sender": "x@b.cn", "own": "U2"}, ""),
    ({"sender": OFFICE.upper()}, ""),
    ({"subject": "河口镇年报"}, "N09 河口镇"),
    ({"said": "2025年，河口镇收到"}, "N09 河口镇"),
    ({"said": "示例区河口镇收到"}, "N09 河口镇"),
    ({"said": "收到河口镇申请"}, ""),
    ({"said": "示例区收到"}, ""),
    ({"said": "河口镇收到", "own": "U3"}, ""),
    ({"said": "河口镇中心学校收到", "own": "U2"}, "N09 河口镇中心学校"),
    ({"said": " " * 77 + "河口镇"}, "N09 河口镇"),
    ({"said": " " * 78 + "河口镇"}, ""),
]


@pytest.mark.parametrize(
    ("given", "said"), ORIGINS, ids=[str(n) for n in range(len(ORIGINS))]
)
def test_a_clue_that_names_another_unit_is_said(
    given: dict[str, object], said: str
) -> None:
    assert clues(**given) == said  # type: ignore[arg-type]


# ---------------------------------------------------------------- without a stamp


def test_a_report_of_a_unit_is_known_by_one_clue_at_a_time() -> None:
    def found(name: str = "1.xlsx", *senders: str) -> str:
        who: Whose | None = whose(RawBook(()), name, senders, ROSTER)
        return "" if who is None else who.unit.code

    assert found() == ""
    assert found("河口镇.xlsx") == "U2"
    assert found("城关镇河口镇.xlsx") == ""
    assert found("1.xlsx", "A@b.cn") == "U1"
    assert found("1.xlsx", "x@b.cn") == ""
    assert found("城关镇.xlsx", "c@b.cn") == "U1"


def test_an_edition_is_known_by_what_only_it_prints() -> None:
    assert recognise(form(), [form()], sound()) is form()
    labels = list(place(form()).labels.values())
    words = dict.fromkeys(labels)
    for count, is_ours in ((len(words), True), (len(words) // 4, False)):
        cells = {
            (row, 0): RawCell(RawKind.TEXT, word)
            for row, word in enumerate(list(words)[:count])
        }
        book = RawBook((RawSheet("表", "visible", cells),))
        assert (recognise(form(), [form()], book) is form()) is is_ours


# ---------------------------------------------------------------- cells that are nobody's


def told(spot: Place, raw: RawCell) -> bool:
    book = put(sound(), spot, raw)
    before = strays(form(), place(form()), sound(), frozenset({"我们的 1"}))
    after = strays(form(), place(form()), book, frozenset({"我们的 1"}))
    return len(after) > len(before)


@pytest.mark.parametrize(
    ("raw", "in_table", "in_texts"),
    [
        (RawCell(RawKind.NUMBER, "5"), True, True),
        (RawCell(RawKind.DATE, "45000"), True, True),
        (RawCell(RawKind.NUMBER, "5", "A1"), False, False),
        (RawCell(RawKind.EMPTY, "", has_result=False), False, False),
        (RawCell(RawKind.TEXT, "5件"), True, True),
        (RawCell(RawKind.TEXT, "五件"), True, True),
        (RawCell(RawKind.TEXT, "备注"), False, True),
        (RawCell(RawKind.TEXT, "我们的 1"), False, False),
        (RawCell(RawKind.TEXT, " "), False, False),
        (RawCell(RawKind.TEXT, "5" + "字" * (SHORT - 1)), True, True),
        (RawCell(RawKind.TEXT, "5" + "字" * SHORT), False, True),
    ],
)
def test_what_stands_where_nothing_belongs_is_told(
    raw: RawCell, in_table: bool, in_texts: bool
) -> None:
    layout = place(form())
    first_text = next(iter(layout.texts.values()))
    assert told(Place("表三", 90, 40), raw) is in_table
    assert told(Place(first_text.sheet, 90, 40), raw) is in_texts
    assert not told(Place(AUDIT, 90, 40), raw)
    assert not told(layout.cells["applications.received.natural"], raw)


def test_a_stray_is_told_with_the_words_beside_it() -> None:
    spot = place(form()).cells["applications.received.natural"]
    found = replace(spot, column=40)
    book = put(sound(), found, RawCell(RawKind.NUMBER, "5"))
    before = set(strays(form(), place(form()), sound(), frozenset()))
    (stray,) = set(strays(form(), place(form()), book, frozenset())) - before
    assert (stray.place, stray.content) == (found, "5")
    assert stray.beside
    assert all(len(each) <= SHORT for each in stray.beside)


# ---------------------------------------------------------------- alike


def test_the_closest_of_several_is_told() -> None:
    one, two, own = text(1, 300), text(2, 300), text(3, 300)
    mixed = one[:170] + two[:130]
    assert [said[:2] for said in alike({PROBLEMS: one}, {PROBLEMS: two})] == []
    (said,) = alike({PROBLEMS: one}, {PROBLEMS: own}, {PROBLEMS: mixed})
    assert said.startswith("U3")
    assert unit("U1").name in said
    both = [two[:180] + own[:120], one[:60] + two[:200] + own[:40]]
    (said,) = alike({PROBLEMS: one}, {PROBLEMS: both[0]}, {PROBLEMS: both[1]})
    assert unit("U2").name in said


# ---------------------------------------------------------------- lost over a file


def test_what_was_taken_before_all_was_lost_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(*_: object) -> object:
        raise RuntimeError("gone")

    monkeypatch.setattr(apart, "isolated", lost)
    source = Source("包.zip", b"", None)
    error = WorkerLost("crashed")
    (found,) = apart.received_by_parts(known(), source, error)
    assert found.path == "包.zip"
    assert found.findings
