"""Which file of a unit stands, what becomes of the others, who is out of line: the edges,
on files that were never written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support import codes, filled, form, roster, tree, unit
from tests.test_tally import returned as made
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.decision import Decided, Decision, Ruling
from workbook_builder.model.expression import Call, walk
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.letter import Letter, LetterKind
from workbook_builder.model.stamp import Coverage
from workbook_builder.model.standing import Absence, Remembered
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster
from workbook_builder.model.values import BLANK, Value, number
from workbook_builder.rules import outliers as rule
from workbook_builder.rules import settle as settling
from workbook_builder.rules.added import added, share
from workbook_builder.rules.choose import Chosen, choose, grounds_of_choice
from workbook_builder.rules.covers import covers
from workbook_builder.rules.decide import assign, decide, grounds_of, refusal
from workbook_builder.rules.grounds import basis, of_finding, of_return
from workbook_builder.rules.outliers import ENOUGH, out_of_line, outliers
from workbook_builder.rules.returned import returned
from workbook_builder.rules.settle import control_totals, settle
from workbook_builder.rules.shape import LISTED, NAMED, shape
from workbook_builder.rules.taken_in import taken_in
from workbook_builder.rules.verify import verdict

D = Decimal
COUNT = "applications.received.natural"
WAITING, ACCEPTED, REJECTED = Verdict.WAITING, Verdict.ACCEPTED, Verdict.REJECTED


def told(code: str) -> Finding:
    return catalogued(code, detail="甲", seen="乙", expected="丙")


def file(path: str, hour: float, *said: str, **changes: object) -> Submission:
    """A file of U1 with these findings, by its path also its bytes; a letter after the
    first is another copy."""
    findings = tuple(map(told, said))
    each = replace(
        made("U1", hour=hour),
        path=path,
        sha256=path[0],
        findings=findings,
        verdict=verdict(findings),
    )
    return replace(each, **changes)  # type: ignore[arg-type]


def use(path: str, *others: str, in_force: bool = True) -> Decided:
    grounds = {"file": path[0], "path": path, **{f"other:{o}": o for o in others}}
    decision = Decision("U1", Ruling.USE, "因为", "", "", grounds=grounds)
    return Decided(decision, in_force)


# ---------------------------------------------------------------- which one stands

STANDS = [
    # Only a proved stamp takes the place of one.
    ([file("a", 1), file("b", 2)], "b"),
    ([file("a", 1), file("b", 2, "N08")], "a"),
    ([file("a", 1, "N08"), file("b", 2, "N08")], "b"),
    ([file("a", 1, "N08"), file("b", 2)], "b"),
    ([file("a", 2), file("b", 1, "N08")], "a"),
    # Of a return that counts, only one whose totals are whole.
    ([file("a", 1), file("b", 2, "T01")], "a"),
    ([file("a", 1, "T06"), file("b", 2, "T01")], "b"),
    ([file("a", 1), file("b", 2, "T06")], "b"),
    ([file("a", 1), file("b", 2, findings=(replace(told("T01"), waived="c"),))], "b"),
    ([file("a", 1), file("b", 2, findings=(replace(told("T06"), code="A1"),))], "b"),
    *(
        ([file("a", 1), file("b", 2, findings=(replace(told("T06"), code=c.code),))], "a")
        for c in form().checks
        if c.defines_totals
    ),
    # What may be nobody's stands for nobody.
    ([file("a", 1), file("b", 2, verdict=WAITING)], "a"),
    ([file("a", 1), file("b", 2, verdict=Verdict.NOT_OURS)], "a"),
    ([file("b", 2, verdict=WAITING)], None),
]  # fmt: skip


@pytest.mark.parametrize(("files", "stands"), STANDS)
def test_a_later_file_takes_the_place_of_one(
    files: Sequence[Submission], stands: str | None
) -> None:
    for some in (files, files[::-1]):
        standing = choose(form(), some).standing
        assert {some[at].path for at in standing.values()} == {stands} - {None}


def test_the_chosen_file_stands_among_those_that_were_there() -> None:
    files = [file("a", 1, "N08"), file("b", 2), file("a2", 1.5, "N08"), file("c", 0)]
    (one, *_) = files
    assert grounds_of_choice(files, one) == {
        "file": "a",
        "path": "a",
        "other:b": "b",
        "other:c": "c",
    }
    chosen = choose(form(), files, [use("a", "b", "c")])
    assert chosen.standing == {"U1": 2}
    assert [each.in_force for each in chosen.decided] == [True]
    assert chosen.passed_over == {"U1": frozenset("bc")}
    # The clerk's word for it that these are the unit's figures.
    waived = [[f.waived for f in each.findings] for each in chosen.submissions]
    assert waived == [["因为"], [], ["因为"], []]
    assert chosen.submissions[0].verdict is ACCEPTED
    # Not in force, of another unit, or about something else.
    other = replace(use("a").decision, unit="U2")
    for decided in (use("a", in_force=False), Decided(other, True)):
        assert choose(form(), files, [decided]).standing == {"U1": 1}
    reject = replace(use("a").decision, ruling=Ruling.REJECT)
    assert choose(form(), files, [Decided(reject, True)]).standing == {"U1": 1}


@pytest.mark.parametrize(
    ("since", "holds"),
    [
        ([], True),
        ([file("c", 3)], False),
        ([file("c", 3), file("d", 4)], False),
        ([file("c", 3, "N08")], True),
        ([file("c", 3, "T01")], True),
        ([file("c", 3, verdict=WAITING)], True),
        ([file("c", 3, stamp=made("U2").stamp)], True),
    ],
)
def test_a_choice_is_ended_by_a_proved_file_that_came_since(
    since: list[Submission], holds: bool
) -> None:
    files = [file("a", 1, "N08"), file("b", 2), *since]
    chosen = choose(form(), files, [use("a", "b")])
    (decided,) = chosen.decided
    assert decided.in_force is holds
    if not holds:
        assert files[-1].path in (decided.fell.zh if decided.fell else "")
        assert chosen.submissions[0] == files[0]


def test_a_choice_ends_with_its_file() -> None:
    (decided,) = choose(form(), [file("b", 2)], [use("a")]).decided
    assert not decided.in_force
    assert "不在收件箱" in (decided.fell.zh if decided.fell else "")


def test_a_key_that_was_agreed_to_proves_whose_roll_up_it_is() -> None:
    sealed = file("a", 1, "T08", "T06", sealed_by="k")
    trust = Decision("U1", Ruling.TRUST, "因为", "", "", grounds={"key": "k"})

    def after(decision: Decision, in_force: bool, each: Submission) -> list[str]:
        decided = [Decided(decision, in_force)]
        return codes(choose(form(), [each], decided).submissions[0].findings)

    assert after(trust, True, sealed) == ["T06"]
    assert after(trust, True, replace(sealed, sealed_by="l")) == ["T08", "T06"]
    assert after(trust, False, sealed) == ["T08", "T06"]
    assert after(replace(trust, unit="U2"), True, sealed) == ["T08", "T06"]
    other = replace(trust, ruling=Ruling.REJECT)
    assert after(other, True, sealed) == ["T08", "T06"]
    decided = [Decided(trust, True)]
    strange = [sealed, replace(sealed, verdict=Verdict.NOT_OURS)]
    known = choose(form(), strange, decided).submissions
    assert [each.verdict for each in known] == [REJECTED, Verdict.NOT_OURS]


# ---------------------------------------------------------------- what becomes of others

STANDING = file("s", 2)
REPORT = replace(file("r", 1, "N11"), verdict=WAITING)
BESIDE: list[tuple[list[Submission], str, str, Verdict, str]] = [
    # others (the first is asked), passed over → its first finding, verdict, whose path
    ([file("a", 1)], "", "V01", Verdict.SUPERSEDED, "s"),
    ([file("a", 1)], "a", "V06", Verdict.SUPERSEDED, "s"),
    ([file("s2", 1)], "", "V02", Verdict.SUPERSEDED, "s"),
    ([file("a", 1), file("a2", 1.5)], "", "V02", Verdict.SUPERSEDED, "a2"),
    ([file("a2", 1.5), file("a", 1)], "", "V01", Verdict.SUPERSEDED, "s"),
    ([file("a", 1, "N09", verdict=WAITING)], "", "N09", WAITING, ""),
    ([file("a", 1, "N09", verdict=WAITING)], "a", "V06", Verdict.IGNORED, "s"),
    ([file("s2", 1, "N09", verdict=WAITING)], "", "V02", Verdict.IGNORED, "s"),
    ([file("a", 3, "N08")], "", "V05", WAITING, "s"),
    ([file("a", 3, "N08")], "a", "V06", Verdict.SUPERSEDED, "s"),
    ([REPORT], "", "V07", Verdict.IGNORED, "s"),
    ([replace(REPORT, verdict=REJECTED)], "r", "V06", Verdict.IGNORED, "s"),
    ([file("a", 1, verdict=Verdict.NOT_OURS)], "", "", Verdict.NOT_OURS, ""),
]


@pytest.mark.parametrize(
    ("others", "passed", "code", "becomes", "by"),
    BESIDE,
    ids=[str(n) for n in range(13)],
)
def test_what_does_not_stand_says_what_became_of_it(
    others: list[Submission], passed: str, code: str, becomes: Verdict, by: str
) -> None:
    chosen = Chosen((), (), {"U1": len(others)}, {"U1": frozenset(passed)})
    settled = settle(form(), roster("U1"), [*others, STANDING], chosen)
    found = settled.submissions[0]
    assert found.verdict is becomes
    assert "".join(codes(found.findings[:1])) == code
    if by:
        assert f" {by} " in f" {found.findings[0].message.en} ".replace(
            ":", " "
        ).replace(".", " ").replace(",", " ")
        assert found.findings[1:] == (() if code == "V07" else others[0].findings)
    assert settled.standing["U1"] == STANDING


@pytest.mark.parametrize(
    ("other", "passed", "by"),
    [
        (file("b", 2), "", "b"),
        (file("b", 2), "b", ""),
        (file("b", 1), "", ""),
        (file("a", 2), "", ""),
        (file("b", 2, verdict=WAITING), "", ""),
        (file("b", 2, "N08"), "", ""),
        (file("a", 2, "T01"), "", ""),
        (file("b", 2, "T05"), "", ""),
        (file("b", 2, "Y02"), "", "b"),
        (file("b", 2, arrival=Arrival(saved=-1)), "", ""),
    ],
)
def test_what_came_together_with_what_stands_is_said(
    other: Submission, passed: str, by: str
) -> None:
    chosen = Chosen((), (), {"U1": 0}, {"U1": frozenset(passed)})
    found = settle(form(), roster("U1"), [file("a9", 2), other], chosen).submissions[0]
    assert codes(found.findings) == (["V04"] if by else [])


def test_of_several_that_came_together_the_last_is_named() -> None:
    files = [file("a9", 2), file("c", 2), file("b", 2)]
    chosen = Chosen((), (), {"U1": 0}, {})
    (found,) = settle(form(), roster("U1"), files, chosen).submissions[0].findings
    assert found.message == catalogued("V04", detail="c").message


def test_what_the_clerk_left_out_or_did_not_accept_is_not_added() -> None:
    for each, counts in (
        (file("a", 1), True),
        (file("a", 1, "X09", verdict=ACCEPTED), False),
        (file("a", 1, "T06"), False),
    ):
        settled = settle(form(), roster("U1"), [each])
        assert (settled.counted == {"U1": each}) is counts


def test_own_figures_are_compared_only_where_there_are_figures() -> None:
    chain = tree(C="", D="C", U1="D")
    for own, below, said in ((0, 0, []), (3, 3, ["D02"]), (3, 2, [])):
        files = [made("D", own), made("U1", below)]
        assert codes(settle(form(), chain, files).submissions[0].findings) == said
    for own, below in ((3, 1), (0, 2)):
        files = [made("D", own, kind="rollup"), made("U1", below)]
        (found,) = settle(form(), chain, files).submissions[0].findings
        assert (found.code, found.cell) == ("D01", COUNT)
        assert (found.seen, found.expected) == (str(own), str(below))
        assert found.difference == str(own - below)
    blank = replace(made("U1", 2), facts={**made("U1", 2).facts, COUNT: BLANK})
    for kind in ("rollup", "return"):
        settled = settle(form(), chain, [made("D", 2, kind=kind), blank])
        assert codes(settled.submissions[0].findings) == ["D01"] * (kind == "rollup")


def test_a_roll_up_that_is_only_compared_is_no_return_of_its_own() -> None:
    chain = tree(C="", D="C", U1="D", E="C")

    def controls(*files: Submission) -> set[str]:
        return set(control_totals(chain, settle(form(), chain, files)))

    rolled = made("D", 2, kind="rollup")
    assert controls(rolled, made("U1", 2)) == {"D"}
    assert controls(rolled, made("U1", 3)) == {"D"}
    assert controls(rolled, made("E", 2)) == set()
    assert controls(made("D", 2), made("U1", 2)) == set()
    refused = made("D", 2, kind="rollup", verdict=REJECTED)
    assert controls(refused, made("U1", 2)) == {"D"}
    assert controls(refused) == set()  # nothing to compare it with
    assert settling.is_rollup(rolled)
    assert not settling.is_rollup(replace(rolled, stamp=None))


# ---------------------------------------------------------------- when it came


def arrived(
    files: list[Submission], past: Remembered, now: float
) -> list[float | None]:
    at = (each.arrived for each in taken_in(files, past, now))
    return [None if each is None else round(each, 3) for each in at]


def plain(path: str, hour: float, **changes: object) -> Submission:
    typed = Answers({COUNT: number(1)})
    return replace(file(path, hour, "X01", answers=typed), **changes)  # type: ignore[arg-type]


TAKEN: list[tuple[list[Submission], Remembered, list[float | None]]] = [
    # Between the last look and now its own time is the first guess.
    ([plain("a", 500)], Remembered(since=100), [500]),
    ([plain("a", 50)], Remembered(since=100), [100]),
    ([plain("a", 1060)], Remembered(since=100), [1060]),
    ([plain("a", 1061)], Remembered(since=100), [1060]),
    ([plain("a", 0)], Remembered(), [0]),
    ([plain("a", 1)], Remembered(), [1]),
    # A mailbox saw it: nothing has to be guessed.
    ([plain("a", 500, arrival=Arrival(taken=400))], Remembered(), [None]),
    ([plain("a", 500, arrival=Arrival(within="m"))], Remembered(mailbox={"m": 4}), [None]),
    ([plain("a", 500, verdict=Verdict.IGNORED)], Remembered(), [None]),
    # Those whose own times say nothing but which was before which.
    ([plain("b", 20), plain("a", 10)], Remembered(since=100), [100.001, 100]),
    ([plain("b", 10), plain("a", 10)], Remembered(since=100), [100, 100]),
    ([plain("c", 30), plain("b", 20), plain("a", 10)], Remembered(since=100),
     [100.002, 100.001, 100]),
    # What the record saw first, by its bytes and then its name.
    ([plain("a", 500)], Remembered({}, {"a": (("a", 7.0),)}, since=100), [7]),
    ([plain("a", 500)], Remembered({}, {"a": (("b", 7.0),)}, since=100), [7]),
    ([plain("a", 500), plain("a2", 600)],
     Remembered({}, {"a": (("a2", 7.0), ("b", 8.0))}, since=100), [8, 7]),
    ([plain("a", 500), plain("a2", 600)], Remembered({}, {"a": (("a2", 7.0),)}, since=100),
     [500, 7]),
    # Seen within the second of the last look: before what is new.
    ([plain("a", 50), plain("b", 60)], Remembered({}, {"a": (("a", 100.5),)}, since=100),
     [100.5, 100.501]),
    ([plain("a", 50), plain("b", 60)], Remembered({}, {"a": (("a", 101.0),)}, since=100),
     [101, 100]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "past", "when"), TAKEN, ids=[str(n) for n in range(len(TAKEN))]
)
def test_a_file_arrives_when_it_was_first_seen(
    files: list[Submission], past: Remembered, when: list[float | None]
) -> None:
    assert arrived(files, past, 1000) == when


def test_a_workbook_as_it_was_sent_out_is_no_return() -> None:
    for each, verdict_ in (
        (file("a", 1, answers=Answers()), Verdict.IGNORED),
        (file("a", 1, answers=Answers({COUNT: number(1)})), ACCEPTED),
        (file("a", 1, answers=Answers(), verdict=Verdict.NOT_OURS), Verdict.NOT_OURS),
    ):
        (found,) = taken_in([each], Remembered(), 1000)
        assert found.verdict is verdict_


def test_a_unit_returned_what_came_and_what_the_record_knows() -> None:
    units = roster("U1", "U2", "U3")
    files = [file("a", 7200), file("b", 3600), file("b2", 1800)]
    settled = settle(form(), units, files)
    past = Remembered(
        {
            "U1": {"b": 900.0, "c": 5400.0},
            "U2": {"d": 60.0, "e": 0.0, "g": 120.0},
            "Q": {"f": 1.0},
        }
    )
    found = returned(units, settled, past)
    assert list(found) == ["U1", "U2"]
    one, two = found["U1"], found["U2"]
    assert (one.state, one.path, one.version) == (ACCEPTED, "a", 3)
    assert one.first is not None
    assert one.received is not None
    assert (one.first.timestamp(), one.received.timestamp()) == (900, 7200)
    assert (two.state, two.version, two.control) == (Absence.GONE, 3, False)
    assert two.first is not None
    assert two.received is not None
    assert (two.first.timestamp(), two.received.timestamp()) == (60, 120)
    # A roll-up that is only compared says so.
    chain = tree(D="", U1="D")
    rolled = settle(form(), chain, [made("D", 2, kind="rollup"), made("U1", 2)])
    controls = returned(chain, rolled, Remembered())
    assert {code: each.control for code, each in controls.items()} == {
        "D": True,
        "U1": False,
    }
    # Only of units that report, or of which a file stands, and by returns alone.
    none = [replace(each, verdict=Verdict.NOT_OURS) for each in files]
    assert not returned(units, settle(form(), units, none), Remembered())
    open_ = settle(form(), units, [file("a", 1, "T06", "X01")])
    assert returned(units, open_, Remembered())["U1"].open == ("T06",)


def test_a_unit_stands_for_as_many_as_its_roll_up_says() -> None:
    units = Roster(
        (unit("C"), unit("D", "C"), unit("U1", "D"), unit("U2", "D"), unit("E", "C"))
    )
    stamp = replace(made("D").stamp, coverage=Coverage(5, 4, "甲"))  # type: ignore[type-var]
    rolled = replace(made("D"), stamp=stamp)
    found = covers(units, {"D": rolled}, {"D"})
    said = {code: (each.due, each.counted) for code, each in found.items()}
    assert said == {"C": (0, 0), "D": (5, 4), "U1": (0, 0), "U2": (0, 0), "E": (1, 1)}
    # Only compared with what is below; and of an earlier version, which does not say.
    for each in (rolled, made("D")):
        single = covers(units, {"D": each}, frozenset())
        assert [each.due for each in single.values()] == [0, 0, 1, 1, 1]
    assert [e.due for e in covers(units, {"D": made("D")}, {"D"}).values()] == [
        0,
        1,
        1,
        1,
        1,
    ]


# ---------------------------------------------------------------- out of line


def far(*pairs: tuple[int, int]) -> list[str]:
    figures = [(str(at), D(now), D(then)) for at, (now, then) in enumerate(pairs)]
    return [each.unit for each in outliers(figures)]


SAME = [(100, 100)] * 7


def test_with_enough_units_what_is_usual_is_their_median() -> None:
    assert len(SAME) + 1 == ENOUGH
    # Three and a half times the least spread: e^0.7 = 2.01 times as much.
    assert far(*SAME, (203, 100)) == ["7"]
    assert far(*SAME, (202, 100)) == []
    assert far(*SAME[1:], (203, 100)) == []
    # All threefold: what stayed is out of line, and how many times is said.
    threefold = [("a", D(300), D(100))] * 7 + [("b", D(120), D(100))]
    (found,) = outliers(threefold)
    assert round(found.distance, 2) == D("1.30")
    assert found.usual == D("2.98")
    assert (found.unit, found.this_year, found.last_period) == ("b", D(120), D(100))
    # Units that differ among themselves have a wider line.
    spread = [(100 + 40 * step, 100) for step in range(7)]
    assert far(*spread, (700, 100)) == []
    # Nothing is said of less than ten, and less than nothing is no figure.
    assert far(*SAME, (9, 0)) == []
    assert far((9, 1)) == []
    assert far(*SAME, (10, 0)) == ["7"]
    assert far((-1, 50), (50, -1)) == []
    assert far((0, 50), (50, 0)) == ["0", "1"]


def test_of_all_cells_the_furthest_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = form().cells

    def all_of(now: Mapping[str, int | None]) -> Mapping[str, Value]:
        known = {id_: BLANK if n is None else number(n) for id_, n in now.items()}
        return {**dict.fromkeys(form().cells, number(0)), **known}

    now = {
        "U1": all_of({first: 60, second: 5000}),
        "U2": all_of({first: None, second: 60}),
        "U3": all_of({first: 900}),
    }
    then = {
        "U1": {first: D(0), second: D(0)},
        "U2": {first: D(99), second: D(0)},
        "U3": {},
    }
    wanted = [(second, "U1"), (first, "U1"), (second, "U2")]
    for at_once in (500_000, 2, 1):
        monkeypatch.setattr(rule, "_AT_ONCE", at_once)
        found = out_of_line(form(), now, then)
        assert [(cell, each.unit) for cell, each in found] == wanted
    assert out_of_line(form(), now, {}) == ()


# ---------------------------------------------------------------- sums


def test_a_sum_has_what_anybody_has_a_number_for() -> None:
    some = facts(form(), filled(form(), **{COUNT: 3}))
    blank = facts(form(), Answers({COUNT: number(4)}))
    total = "applications.received.total"
    sums = added(form(), [some, blank])
    assert sums[COUNT] == sums[total] == 7
    only = added(form(), [blank])
    assert only[COUNT] == 4
    assert total not in only
    # What one return adds: a total counts what is known of its parts.
    assert share(form(), blank)[total] == 4
    assert "applications.carried_in.total" not in share(form(), blank)
    assert share(form(), some) == {id_: value.number for id_, value in some.items()}
    assert share(form(), facts(form(), Answers())) == {}


# ---------------------------------------------------------------- what a decision rests on


def test_a_decision_on_a_return_rests_on_everything_that_was_typed() -> None:
    words = {text.id: "无" for text in form().narratives}
    fields = {field.id: "甲" for field in form().fields}
    answers = replace(
        filled(form()),
        texts=words,
        fields=fields,
        declared=frozenset({"applications"}),
        explanations={"B1.natural": "因为"},
    )
    findings = (replace(told("T06"), cell=COUNT), told("X01"), told("X09"))
    each = file(
        "a", 1, answers=answers, facts=facts(form(), answers), findings=findings
    )
    kinds = {
        "cell": len(form().cells),
        "declared": 1,
        "text": len(words),
        "explanation": 1,
        "finding": 1,
    }
    for ruling in (Ruling.ACCEPT, Ruling.EXCLUDE, Ruling.REJECT):
        own = kinds | ({"field": len(fields)} if ruling is Ruling.REJECT else {})
        found: dict[str, int] = {}
        for name in of_return(form(), each, ruling):
            kind = name.partition(":")[0]
            found[kind] = found.get(kind, 0) + 1
        assert found == own
        # Of the findings on those that keep it from being accepted.
        assert f"finding:T06@@{COUNT}" in of_return(form(), each, ruling)
    # On a finding: every cell, text, field and declaration that its check looks at.
    for check, line in form().lines:
        for instance in line.instances[:1]:
            place = instance.place
            one = replace(told("T06"), code=check.code, line=line.key, cell=place)
            grounds = of_finding(form(), each, one)
            asked = {
                n.subject for n in walk(instance.expression) if isinstance(n, Call)
            }
            assert {f"cell:{id_}" for id_ in instance.cells} <= grounds.keys()
            for subject in asked & words.keys():
                assert f"text:{subject}" in grounds
            for subject in asked & fields.keys():
                assert grounds[f"field:{subject}"] == "甲"
            for subject in asked & form().cells.keys():
                assert f"declared:{form().cells[subject].table}" in grounds
    # A finding of the program: its cell, or where it has none, whose figures these are.
    at = of_finding(form(), each, replace(told("T01"), cell=COUNT))
    assert [name for name in at if name.startswith("cell:")] == [f"cell:{COUNT}"]
    assert "stamp" not in at
    whole = of_finding(form(), each, told("N08"))
    assert "stamp" in whole
    assert sum(name.startswith("cell:") for name in whole) == len(form().cells)
    assert "stamp" not in of_finding(form(), replace(each, stamp=None), told("N08"))


@pytest.mark.parametrize(
    ("figure", "usable"),
    [(0, True), (3, True), (-1, False), ("1.5", False), (None, False), ("三件", False)],
)
def test_only_a_figure_that_can_be_added_is_accepted(
    figure: int | str | None, usable: bool
) -> None:
    value = D(figure) if figure == "1.5" else figure
    answers = filled(form(), **{COUNT: value})
    each = file("a", 1, answers=answers, facts=facts(form(), answers))
    assert (refusal(form(), each, Ruling.ACCEPT) is None) is usable
    if not usable:  # the first cell of which there is none is named
        name = form().cells[COUNT].name
        later = {**each.facts, form().inputs[-1].id: BLANK}
        for facts_ in (each.facts, later):
            refused = refusal(form(), replace(each, facts=facts_), Ruling.ACCEPT)
            assert refused is not None
            assert f"【{name}】" in refused.zh
    assert refusal(form(), each, Ruling.REJECT) is None
    assert refusal(form(), each, Ruling.EXCLUDE) is None
    hint = refusal(form(), each, Ruling.WAIVE, told("X01"))
    assert hint is not None
    assert "只是提示" in hint.zh
    harmful = refusal(form(), each, Ruling.WAIVE, replace(told("T06"), cell=COUNT))
    assert harmful is not None
    harmless = refusal(form(), each, Ruling.WAIVE, replace(told("T01"), cell=COUNT))
    assert harmless is None
    grave = replace(each, findings=(replace(told("T06"), waived="b"),))
    assert (refusal(form(), grave, Ruling.ACCEPT) is None) is usable
    assert refusal(form(), replace(grave, findings=(told("T06"),)), Ruling.ACCEPT)


# ---------------------------------------------------------------- the roster as a tree


def test_a_roster_is_told_as_a_tree() -> None:
    def many(count: int) -> Roster:
        return Roster((unit("Q"), *(unit(f"U{n}", "Q") for n in range(count))))

    _, branch = shape(many(LISTED))
    assert "等" not in branch.zh
    assert not branch.en.endswith(" …")
    _, branch = shape(many(LISTED + 1))
    assert f"等 {LISTED + 1} 个" in branch.zh
    assert branch.en.endswith(" …")
    above = {f"D{n}": "" for n in range(NAMED)} | {
        f"U{n}": f"D{n}" for n in range(NAMED)
    }
    assert len(shape(tree(**above))) == 1 + NAMED
    lines = shape(tree(**above, E="", V="E"))
    assert len(lines) == 2 + NAMED
    assert lines[-1].zh == "另有 1 个有下级的单位。"
    deep = shape(Roster((unit("A"), unit("B", "A", reports=True), unit("C", "B"))))
    assert [len(line.zh) - len(line.zh.lstrip("　")) for line in deep] == [0, 0, 1]
    assert ["自己填报" in line.zh for line in deep] == [False, False, True]
    assert ["reports itself" in line.en for line in deep] == [False, False, True]


# ---------------------------------------------------------------- decisions


def decided(
    each: Submission, ruling: Ruling, finding: Finding | None = None
) -> Decided:
    grounds = grounds_of(form(), each, ruling, finding)
    about = (
        (finding.code, finding.line, finding.cell or "") if finding else ("", "", "")
    )
    decision = Decision("U1", ruling, "因为。", "", basis(grounds), *about, grounds)
    return Decided(decision, True)


def after(each: Submission | None, told_: Decided) -> tuple[Submission | None, Decided]:
    """What becomes of the file that stands, and of the decision."""
    files = [] if each is None else [each]
    chosen = Chosen(tuple(files), (told_,), {"U1": 0} if files else {}, {})
    found, (still,) = decide(form(), chosen)
    return next(iter(found), None), still


ODD = filled(form(), **{COUNT: 3})
TYPED_OVER = replace(told("T01"), cell="applications.received.total")
DOUBTED = file(
    "a", 1, answers=ODD, facts=facts(form(), ODD), findings=(TYPED_OVER, told("X01"))
)
DOUBTED = replace(DOUBTED, verdict=verdict(DOUBTED.findings))


@pytest.mark.parametrize(
    ("ruling", "finding", "becomes", "says"),
    [
        (Ruling.ACCEPT, None, ACCEPTED, "T01 X01"),
        (Ruling.WAIVE, TYPED_OVER, ACCEPTED, "T01 X01"),
        (Ruling.REJECT, None, REJECTED, "J01 T01 X01"),
        (Ruling.EXCLUDE, None, REJECTED, "T01 X01 X09"),
        (Ruling.USE, None, REJECTED, "T01 X01"),
        (Ruling.TRUST, None, REJECTED, "T01 X01"),
    ],
)
def test_a_decision_in_force_is_applied(
    ruling: Ruling, finding: Finding | None, becomes: Verdict, says: str
) -> None:
    made_ = decided(DOUBTED, ruling, finding)
    found, still = after(DOUBTED, made_)
    assert found is not None
    assert found.verdict is becomes
    assert sorted(each.code for each in found.findings) == says.split()
    waives = ruling in (Ruling.ACCEPT, Ruling.WAIVE)
    waived = {each.code: each.waived for each in found.findings}
    assert waived["T01"] == ("因为。" if waives else None)
    assert waived["X01"] is None
    assert still.in_force
    # Withdrawn it does nothing, and stays so.
    withdrawn = Decided(made_.decision, False, Text("撤回", "withdrawn"))
    assert after(DOUBTED, withdrawn) == (DOUBTED, withdrawn)
    # Without a return there is nothing to decide on.
    none, gone = after(None, made_)
    assert none is None
    assert gone.in_force is (not ruling.is_about_returns)


def test_a_decision_falls_with_its_grounds_and_says_by_what() -> None:
    other = filled(form(), **{COUNT: 4})
    later = replace(DOUBTED, answers=other, facts=facts(form(), other))
    for ruling, finding in ((Ruling.ACCEPT, None), (Ruling.WAIVE, TYPED_OVER)):
        found, still = after(later, decided(DOUBTED, ruling, finding))
        assert found == later
        assert not still.in_force
        assert still.fell is not None
        if ruling is Ruling.ACCEPT:
            assert "由 3 改为 4" in still.fell.zh
    waived = decided(DOUBTED, Ruling.WAIVE, TYPED_OVER)
    for left, figures in ((DOUBTED, ""), (later, "（")):
        mended = replace(left, findings=(told("X01"),))
        _, still = after(mended, waived)
        assert not still.in_force
        assert still.fell is not None
        assert still.fell.zh.startswith("问题 T01 已经没有了" + figures)
        assert still.fell.zh.endswith("）") is bool(figures)
    # Of one that cannot be waived any more: no figure stands there.
    blank = replace(ODD, values={**ODD.values, COUNT: BLANK})
    empty = replace(DOUBTED, answers=blank, facts=facts(form(), blank))
    _, still = after(empty, decided(empty, Ruling.ACCEPT))
    assert not still.in_force
    assert still.fell is not None
    assert "没有可以计入的数" in still.fell.zh


def test_a_letter_is_the_units_that_the_clerk_says() -> None:
    letters = [
        replace(file(path, 1), letter=Letter(LetterKind.PDF, unit="U9"))
        for path in "ab"
    ]
    no_letter = file("c", 1)
    found = assign([*letters, no_letter], {"a": "U1", "c": "U1"})
    assert [each.letter.unit for each in found if each.letter] == ["U1", "U9"]
    assert [each.letter.basis is None for each in found if each.letter] == [False, True]
    assert found[2] == no_letter


@pytest.mark.parametrize("finding", DOUBTED.findings)
def test_grounds_are_the_same_in_any_order_and_other_for_another_figure(
    finding: Finding,
) -> None:
    grounds = of_finding(form(), DOUBTED, finding)
    assert basis(grounds) == basis(dict(reversed(grounds.items())))
    assert len(basis(grounds)) == 16
    assert basis(grounds) != basis({**grounds, "seen": "x"})
    assert (grounds["seen"], grounds["expected"]) == ("乙", "丙")
    without = of_finding(form(), DOUBTED, replace(finding, seen=None, expected=None))
    assert (without["seen"], without["expected"]) == ("", "")


def test_each_declaration_is_kept_as_it_was_chosen() -> None:
    table = "applications"
    said = {
        of_return(form(), replace(DOUBTED, answers=each), Ruling.ACCEPT).get(
            f"declared:{table}"
        )
        for each in (
            ODD,
            replace(ODD, declared=frozenset({table})),
            replace(ODD, declared=frozenset({table}), rest_zero=frozenset({table})),
        )
    }
    assert said == {None, "yes", "rest"}
