"""Decisions: what they do, what they may not do, and when they fall away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import (
    BUSY,
    Figure,
    Typed,
    codes,
    deliver,
    expected,
    filled,
    folder,
    form,
    formula,
    judged,
    put,
    roster,
    spot,
    typed,
    unit,
    workbook,
)
from workbook_builder.campaign import decisions as recorded
from workbook_builder.campaign.folder import Folder
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.decision import Decided, Decision, Ruling
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.model.values import State, Value, number
from workbook_builder.pipeline import Wish, collect, decide, list_decisions, withdraw
from workbook_builder.rules import decide as rule
from workbook_builder.rules.choose import choose
from workbook_builder.rules.grounds import basis, of_return
from workbook_builder.rules.verify import noted, verdict, verify
from workbook_builder.workbook.place import place

WHY = "已与单位电话核对，情况属实并留有记录"
ACCEPT, REJECT, WAIVE = Ruling.ACCEPT, Ruling.REJECT, Ruling.WAIVE

#: One 核实 finding (B1), with last year's figure in the workbook itself.
CARRIED = "applications.carried_in.natural"
RECEIVED, GRANTED = "applications.received.natural", "applications.granted.natural"
LAST_PERIOD = {"applications.carried_out.natural": 3}
ODD: Mapping[str, Figure] = {CARRIED: 2, RECEIVED: 1, GRANTED: 3}


def returned(
    changes: Mapping[str, Figure] | None = None,
    entries: Mapping[str, Typed] | None = None,
    code: str = "U1",
) -> bytes:
    data = workbook(
        {**ODD, **(changes or {})}, unit(code, "Q"), last_period=LAST_PERIOD
    )
    return typed(data, entries) if entries else data


@pytest.fixture
def made(tmp_path: Path) -> Folder:
    """U1 returned something odd, U2 nothing."""
    made = folder(tmp_path, roster("U1", "U2"))
    deliver(made, "1.xlsx", returned())
    return made


def standing(made: Folder, code: str = "U1") -> Submission:
    return collect(made).summary.standing[code]


def state(made: Folder) -> list[tuple[bool, str]]:
    """Of each decision: whether it is in force, and why not."""
    return [
        (each.in_force, each.fell.zh if each.fell else "")
        for each in collect(made).summary.decisions
    ]


# ---------------------------------------------------------------- what they do


def test_a_waived_finding_no_longer_keeps_a_return_from_counting(made: Folder) -> None:
    before = standing(made)
    assert before.verdict is Verdict.NEEDS_EXPLANATION
    assert codes(before.findings) == ["B1"]
    decided = decide(made, Wish("U1", WAIVE, WHY, "B1"))
    assert [each.cell for each in decided.decisions] == [CARRIED]
    assert not decided.unbalanced

    collection = collect(made)
    after = collection.summary.standing["U1"]
    assert after.verdict is Verdict.ACCEPTED
    assert [(each.code, each.waived) for each in after.findings] == [("B1", WHY)]
    assert after.facts == before.facts
    assert collection.summary.counted.keys() == {"U1"}
    assert [each.in_force for each in collection.summary.decisions] == [True]
    findings = (made.results / "findings.csv").read_text("utf-8-sig")
    assert WHY in findings
    assert not list(made.results.glob("退回/*"))


def test_a_rejected_return_does_not_count_and_goes_back_with_the_reason(
    tmp_path: Path,
) -> None:
    made = folder(tmp_path, roster("U1"))
    deliver(made, "1.xlsx", workbook(BUSY, unit("U1", "Q")))
    assert standing(made).verdict is Verdict.ACCEPTED
    decide(made, Wish("示例街道办事处U1", REJECT, f"{WHY}。"))
    collection = collect(made)
    assert collection.summary.counted == {}
    after = collection.summary.standing["U1"]
    assert (after.verdict, after.findings[0].code) == (Verdict.REJECTED, "J01")
    assert after.findings[0].message.zh == f"主管部门退回：{WHY}。"
    (back,) = made.results.glob("退回/*.xlsx")
    again = judged(back.read_bytes())
    assert again.verdict is Verdict.ACCEPTED, "what was typed is still there"


def test_an_accepted_return_counts_whatever_is_open(made: Folder) -> None:
    deliver(made, "1.xlsx", returned({GRANTED: 2}))
    assert standing(made).verdict is Verdict.REJECTED  # A1: 1 + 2 is not 2
    assert decide(made, Wish("U1", ACCEPT, WHY)).unbalanced
    after = standing(made)
    assert after.verdict is Verdict.ACCEPTED
    assert all(each.waived == WHY for each in after.findings)
    assert after.facts[GRANTED].number == 2


def test_the_district_carries_the_reason_of_a_waiver_along(made: Folder) -> None:
    lines = [f"{code},2024,applications.carried_out.natural,3" for code in ("Q", "U1")]
    facts = "\n".join(["unit,year,cell,value", *lines])
    (made.path / "last-year" / "facts.csv").write_text(facts)
    decide(made, Wish("U1", WAIVE, WHY, "B1"))
    collect(made)
    (upward,) = made.results.glob("上报/*.xlsx")
    said = judged(upward.read_bytes()).answers.explanations["B1.natural"]
    assert said == f"示例街道办事处U1：{WHY}"


def test_the_same_inbox_and_decisions_give_the_same_results(made: Folder) -> None:
    decide(made, Wish("U1", WAIVE, WHY, "B1"))
    collect(made)
    before = {p: p.read_bytes() for p in made.path.rglob("*") if p.is_file()}
    collect(made)
    assert {p: p.read_bytes() for p in made.path.rglob("*") if p.is_file()} == before


# ---------------------------------------------------------------- when they end


def test_a_waiver_falls_away_when_a_figure_it_was_made_for_changes(
    made: Folder,
) -> None:
    decide(made, Wish("U1", WAIVE, WHY, "B1"))
    deliver(made, "2.xlsx", returned({CARRIED: 1, GRANTED: 2}), hour=9)
    assert standing(made).verdict is Verdict.NEEDS_EXPLANATION
    ((in_force, fell),) = state(made)
    assert not in_force
    assert "自然人" in fell
    assert "由 2 改为 1" in fell


def test_a_waiver_says_when_its_finding_is_gone(made: Folder) -> None:
    decide(made, Wish("U1", WAIVE, WHY, "B1"))
    deliver(made, "2.xlsx", returned({CARRIED: 3, GRANTED: 4}), hour=9)
    assert standing(made).verdict is Verdict.ACCEPTED
    ((in_force, fell),) = state(made)
    assert not in_force
    assert fell.startswith("问题 B1 已经没有了（")
    assert "由 2 改为 3" in fell


def test_a_waiver_outlives_changes_elsewhere(made: Folder) -> None:
    decide(made, Wish("U1", WAIVE, WHY, "B1"))
    deliver(made, "2.xlsx", returned({"proactive.licences.decisions": 7}), hour=9)
    assert standing(made).verdict is Verdict.ACCEPTED
    assert state(made) == [(True, "")]


def test_a_waiver_covers_the_places_there_were_and_no_new_one(made: Folder) -> None:
    business = {
        "applications.carried_in.business": 1,
        "applications.granted.business": 1,
    }
    decide(made, Wish("U1", WAIVE, WHY, "B1"))
    data = workbook(
        {**ODD, **business},
        unit("U1", "Q"),
        last_period={**LAST_PERIOD, "applications.carried_out.business": 9},
    )
    deliver(made, "2.xlsx", data, hour=9)
    after = standing(made)
    assert after.verdict is Verdict.NEEDS_EXPLANATION
    assert sorted(str(each.waived) for each in after.findings if each.code == "B1") == (
        sorted(["None", WHY])
    )


@pytest.mark.parametrize("ruling", [ACCEPT, REJECT])
def test_a_ruling_on_a_return_falls_away_when_the_return_changes(
    made: Folder, ruling: Ruling
) -> None:
    decide(made, Wish("U1", ruling, WHY))
    deliver(made, "1.xlsx", returned(), hour=5)  # the same figures once more
    assert state(made) == [(True, "")]
    (text,) = [each.id for each in form().narratives[:1]]
    said = "本单位补充了文字，写明了主动公开、依申请公开和监督保障的全部情况。"
    deliver(made, "2.xlsx", returned(entries={text: said}), hour=9)
    assert state(made) == [(False, "文字部分有修改")]
    assert standing(made).verdict is Verdict.NEEDS_EXPLANATION


def test_a_later_ruling_replaces_the_one_before(made: Folder) -> None:
    decide(made, Wish("U1", REJECT, WHY))
    decide(made, Wish("U1", ACCEPT, WHY))
    assert state(made) == [(False, "已被后来的决定代替"), (True, "")]
    assert standing(made).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("extend excuse -excuse", "extend"),
        ("extend excuse excuse -excuse", "extend"),
        ("extend extend -extend", ""),
        ("extend -extend excuse -excuse", ""),
        ("extend excuse -excuse -extend", ""),
        ("reject accept exclude -exclude", "accept"),
        ("reject accept -", ""),
        ("reject extend excuse -reject", "excuse"),
    ],
)
def test_what_was_replaced_holds_again_once_its_successor_is_withdrawn(
    said: str, holds: str
) -> None:
    events = [
        recorded.withdrawn("U1", each[1:], "", "")
        if each.startswith("-")
        else recorded.decided(Decision("U1", Ruling(each), WHY, "", ""))
        for each in said.split()
    ]
    found = recorded.decisions(events)
    assert [d.decision.ruling for d in found if d.in_force] == holds.split()
    made = [each for each in said.split() if not each.startswith("-")]
    assert [d.decision.ruling for d in found] == made  # as they were decided


def test_a_decision_can_be_withdrawn_and_stays_on_the_list(made: Folder) -> None:
    decide(made, Wish("U1", WAIVE, WHY, "B1"))
    with pytest.raises(CampaignError, match="Nothing is decided"):
        withdraw(made, "U1", "A1")
    with pytest.raises(CampaignError, match="Nothing is decided"):
        withdraw(made, "U2")
    assert len(withdraw(made, "U1", "B1", "记错了").decisions) == 1
    assert state(made) == [(False, "已撤回（记错了）")]
    (told,) = collect(made).summary.decisions
    assert (told.fell and told.fell.en) == "withdrawn (记错了)"
    assert standing(made).verdict is Verdict.NEEDS_EXPLANATION
    decide(made, Wish("U1", WAIVE, WHY, "B1"))
    assert [in_force for in_force, _ in state(made)] == [False, True]


def test_a_decision_without_its_return_does_nothing(made: Folder) -> None:
    decide(made, Wish("U1", ACCEPT, WHY))
    (made.inbox / "1.xlsx").unlink()
    assert state(made) == [(False, "该单位现在没有可以审核的报送表")]
    _, listed = list_decisions(made)
    assert [each.in_force for each in listed] == [False]


def test_a_decision_falls_away_when_its_check_is_changed() -> None:
    data = returned()
    known = expected("U1")
    submission = judged(data, known)
    (finding,) = submission.findings
    decision = decision_on(form(), submission, WAIVE, finding)
    for field, other in {"rule": "1 == 2", "message": "不同的话"}.items():
        changed = tuple(
            replace(check, **{field: other}) if check.code == "B1" else check  # type: ignore[arg-type]
            for check in form().checks
        )
        _, (decided,) = rule.decide(
            replace(form(), checks=changed),
            choose(form(), [submission], [Decided(decision, True)]),
        )
        assert not decided.in_force
        assert decided.fell is not None
        assert decided.fell.zh == "审核公式有修改"
    of_another = replace(decision, code="A1", grounds={})
    _, (void,) = rule.decide(
        form(), choose(form(), [submission], [Decided(of_another, True)])
    )
    assert void.fell == Text("问题 A1 已经没有了", "finding A1 is gone")


def test_that_a_workbook_without_stamp_is_a_units_is_agreed_for_its_figures_only() -> (
    None
):
    taken = catalogued("N07", detail="文件名", seen="示例街道办事处U1")

    def stampless(upheld: int) -> Submission:
        figures = {**BUSY, "disputes.review.upheld": upheld}
        data = workbook(figures, unit("U1", "Q"))
        return noted(judged(data, expected("U1")), taken)

    first, other = stampless(1), stampless(2)
    assert first.verdict is Verdict.NEEDS_EXPLANATION
    assert rule.refusal(form(), first, WAIVE, taken) is None
    decided = Decided(decision_on(form(), first, WAIVE, taken), True)
    (agreed,), _ = rule.decide(form(), choose(form(), [first], [decided]))
    assert agreed.verdict is Verdict.ACCEPTED
    (left,), (void,) = rule.decide(form(), choose(form(), [other], [decided]))
    assert left.verdict is Verdict.NEEDS_EXPLANATION
    assert not void.in_force


def test_what_a_decision_rests_on() -> None:
    """As records keep it: another word here would void every decision there is."""
    answers = Answers(
        {RECEIVED: number(3), GRANTED: Value(State.TEXT, text="约3")},
        frozenset({"disputes", "proactive"}),
        frozenset({"disputes"}),
        fields={"head": "甲"},
        explanations={"B1.natural": "因为"},
    )
    submission = submission_of(answers)
    accepted, rejected = (
        of_return(form(), submission, ruling) for ruling in (ACCEPT, REJECT)
    )
    assert rejected.items() - accepted.items() == {("field:head", "甲")}
    known = {
        f"cell:{RECEIVED}": "3",
        f"cell:{GRANTED}": "约3",
        "cell:applications.received.other": "",
        "declared:disputes": "rest",
        "declared:proactive": "yes",
        "explanation:B1.natural": hashlib.sha256("因为".encode()).hexdigest()[:12],
    }
    assert known.items() <= accepted.items()


# ---------------------------------------------------------------- what they may not do

REFUSED: Mapping[str, tuple[dict[str, Typed], str]] = {
    "a blank": ({RECEIVED: None}, "A6"),
    "a word": ({RECEIVED: "12件"}, "A5"),
    "a negative figure": ({RECEIVED: -1, GRANTED: 1}, "A5"),
    "half a case": ({RECEIVED: "1.5"}, "A5"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_no_decision_puts_a_figure_where_none_is(made: Folder, name: str) -> None:
    entries, code = REFUSED[name]
    deliver(made, "1.xlsx", returned(entries=entries))
    assert code in codes(standing(made).findings)
    for wish in (Wish("U1", WAIVE, WHY, code), Wish("U1", ACCEPT, WHY)):
        with pytest.raises(CampaignError) as caught:
            decide(made, wish)
        assert "程序不替单位填数" in caught.value.text.zh
        assert "自然人" in caught.value.text.zh
    assert state(made) == []
    decide(made, Wish("U1", REJECT, WHY))
    assert standing(made).verdict is Verdict.REJECTED


def test_a_changed_table_cannot_be_accepted(made: Folder) -> None:
    where = next(
        where
        for where, text in place(form()).labels.items()
        if text == "一、本年新收政府信息公开申请数量"
    )
    deliver(made, "1.xlsx", put(returned(), {where: "本年收到"}))
    assert "T02" in codes(standing(made).findings)
    for wish in (Wish("U1", WAIVE, WHY, "T02"), Wish("U1", ACCEPT, WHY)):
        with pytest.raises(CampaignError) as caught:
            decide(made, wish)
        assert "T02 不能由主管部门准予免改或同意计入" in caught.value.text.zh
        assert caught.value.text.zh.endswith("请将退回件发给该单位改正。")


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish("U9", REJECT, WHY), "没有“U9”这个单位"),
        (Wish("办事处", REJECT, WHY), "U1 示例街道办事处U1、U2"),
        (Wish("U2", REJECT, WHY), "还没有可以审核的报送表"),
        (Wish("U1", REJECT, "　 "), "--why"),
        (Wish("U1", REJECT, "长" * 501), "--why"),
        (Wish("U1", WAIVE, WHY, "A1"), "没有问题 A1。现有待处理的问题：B1"),
        (Wish("U1", WAIVE, WHY, "B1", "表三!A1"), "没有问题 B1 表三!A1"),
    ],
    ids=str,
)
def test_what_cannot_be_decided_is_one_sentence(
    made: Folder, wish: Wish, words: str
) -> None:
    with pytest.raises(CampaignError) as caught:
        decide(made, wish)
    assert words in caught.value.text.zh
    assert "\n" not in caught.value.text.zh
    assert made.history() == ()


def test_a_waiver_can_name_its_place(made: Folder) -> None:
    where = spot(CARRIED)
    for said in (CARRIED, "B1.natural", f"{where.sheet}!{where.address}"):
        decided = decide(made, Wish("U1", WAIVE, WHY, "B1", said))
        assert len(decided.decisions) == 1


def test_a_hint_needs_no_waiver(made: Folder) -> None:
    deliver(made, "1.xlsx", returned(entries={CARRIED: formula("1+1", "2")}))
    assert "Y01" in codes(standing(made).findings)
    with pytest.raises(CampaignError) as caught:
        decide(made, Wish("U1", WAIVE, WHY, "Y01"))
    assert caught.value.text.zh == "Y01 只是提示，不影响通过，无需准予免改。"


# ---------------------------------------------------------------- properties


def decision_on(
    of: Form, submission: Submission, ruling: Ruling, finding: Finding | None = None
) -> Decision:
    grounds = rule.grounds_of(of, submission, ruling, finding)
    named = (
        (finding.code, finding.line, finding.cell or "") if finding else ("", "", "")
    )
    return Decision(
        "U1", ruling, WHY, "2026-01-20T09:00:00+08:00", basis(grounds), *named, grounds
    )


def submission_of(answers: Answers) -> Submission:
    """As :func:`judge` would make it, without a file."""
    last_period = {id_: Decimal(n) for id_, n in LAST_PERIOD.items()}
    findings = verify(form(), answers, Circumstances(Period(2025), "街道", last_period))
    stamp = Stamp(
        "disclosure", "2021", "", "c", "return", "U1", "", "街道", Period(2025)
    )
    return Submission(
        "1.xlsx",
        "0",
        verdict(findings),
        findings,
        stamp,
        answers,
        facts(form(), answers),
    )


FIGURES = st.dictionaries(
    st.sampled_from([CARRIED, RECEIVED, GRANTED, "disputes.review.upheld"]),
    st.sampled_from([None, 0, 1, 2, 3, -1, Decimal("1.5"), "12件"]),
)


@given(FIGURES, FIGURES)
@settings(max_examples=60, deadline=None)
def test_whatever_is_decided_only_figures_that_are_there_are_ever_counted(
    figures: dict[str, Figure], later: dict[str, Figure]
) -> None:
    """For any return and any decision allowed on it, and any return after that:
    figures stay, accepted means every figure is a number, and a decision holds if and
    only if its grounds do."""
    before = submission_of(filled(form(), **figures))
    after = submission_of(filled(form(), **later))
    wishes: list[tuple[Ruling, Finding | None]] = [(ACCEPT, None), (REJECT, None)]
    wishes += [(WAIVE, each) for each in before.findings]
    for ruling, finding in wishes:
        if rule.refusal(form(), before, ruling, finding) is not None:
            continue
        decision = decision_on(form(), before, ruling, finding)
        for submission in (before, after):
            (result,), (decided,) = rule.decide(
                form(), choose(form(), [submission], [Decided(decision, True)])
            )
            assert result.facts == submission.facts
            holds = decided.in_force
            assert holds or result == submission
            assert holds or decided.fell is not None
            assert holds or submission is after
            if result.verdict is Verdict.ACCEPTED:
                assert all(value.number is not None for value in result.facts.values())
            if holds and ruling is not REJECT:
                assert len(result.findings) == len(submission.findings)


@given(FIGURES)
@settings(max_examples=30, deadline=None)
def test_decisions_survive_the_record(figures: dict[str, Figure]) -> None:
    submission = submission_of(filled(form(), **figures))
    decision = decision_on(form(), submission, REJECT)
    event = recorded.decided(decision)
    assert recorded.decisions([event]) == (Decided(decision, True),)
    assert all(isinstance(each, str) for each in event.detail.values())
    assert json.loads(event.detail["grounds"]) == decision.grounds
