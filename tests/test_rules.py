"""What the checks say of a return. The cases are data: ``cases/*.toml``.

A new check needs a case where it passes, one where it fails, and one for each
reason why it cannot tell.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support import fields
from workbook_builder.definition.registry import Forms
from workbook_builder.language.alone import alone
from workbook_builder.language.value import Evaluator, Outcome, facts
from workbook_builder.language.words import remedy
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.check import Instance, Line
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.severity import Severity
from workbook_builder.model.values import BLANK, State, Value, number
from workbook_builder.rules.grounds import instance_of
from workbook_builder.rules.verify import verdict, verify

FORM = Forms.shipped().edition("disclosure", "2021")
CASES = Path(__file__).parent / "cases"
#: A text that no check asks about, wherever it stands.
ROOT_TEXT = (
    "针对工作考核和社会评议指出的问题加强改进，未发生责任追究情形，"
    "本年度无收取信息处理费情况。"
)
FIELDS = fields(FORM)

#: What a case may say; anything else is a misspelling.
KEYS = {
    "name", "check", "at", "rest", "cells", "printed", "declared", "texts", "year",
    "unit_type", "last_period", "explanation", "outcome", "seen", "expected",
    "difference", "message", "explained", "verdict", "texts_before", "fields",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One entry of a case file."""

    file: str
    said: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.said['check']} {self.said['name']}"

    @property
    def instance(self) -> tuple[Line, Instance]:
        """The line and the place the case is about."""
        key = ".".join(filter(None, (self.said["check"], self.said.get("at"))))
        for line in FORM.check(self.said["check"]).lines:
            for instance in line.instances:
                if instance.key == key:
                    return line, instance
        raise LookupError(f"{self.file}: no place {key}")

    @property
    def answers(self) -> Answers:
        rest = (
            {} if self.said.get("rest") == "blank" else {c.id: 0 for c in FORM.inputs}
        )
        typed = rest | dict(flat(self.said.get("cells", {})))
        unknown = typed.keys() - {cell.id for cell in FORM.inputs}
        assert not unknown, f"{self.file}: no inputs: {unknown}"
        line, _ = self.instance
        return Answers(
            values={id_: value(figure) for id_, figure in typed.items()},
            declared=frozenset(self.said.get("declared", ())),
            texts={text.id: ROOT_TEXT for text in FORM.narratives}
            | self.said.get("texts", {}),
            fields=FIELDS | self.said.get("fields", {}),
            explanations={line.key: self.said.get("explanation", "")},
            printed={
                id_: value(figure) for id_, figure in flat(self.said.get("printed", {}))
            },
        )

    @property
    def known(self) -> Circumstances:
        return Circumstances(
            Period(self.said.get("year", 2025)),
            unit_type=self.said.get("unit_type", ""),
            last_period={
                id_: Decimal(figure)
                for id_, figure in flat(self.said.get("last_period", {}))
            },
            texts_before=self.said.get("texts_before", {}),
        )


def flat(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """``{a: {b: {c: 1}}}`` → ``("a.b.c", 1)``."""
    for key, item in tree.items():
        if isinstance(item, Mapping):
            yield from flat(item, f"{above}{key}.")
        else:
            yield f"{above}{key}", item


def value(figure: int | Decimal | str) -> Value:
    """A figure of a case as the reader of workbooks would have it."""
    if not isinstance(figure, str):
        return number(figure)
    if not figure:
        return BLANK
    if figure.startswith("#"):
        return Value(State.ERROR, text=figure)
    absent = figure in FORM.not_applicable
    return Value(State.NOT_APPLICABLE if absent else State.TEXT, text=figure)


def cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        for said in tomllib.loads(text, parse_float=Decimal)["cases"]:
            yield Case(path.name, said)


ALL = list(cases())


def found(case: Case) -> list[Finding]:
    """What the check of the case says at its place."""
    line, instance = case.instance
    return [
        finding
        for finding in verify(FORM, case.answers, case.known)
        if finding.line == line.key
        and instance_of(FORM, finding) == (FORM.check(finding.code), instance)
    ]


@pytest.mark.parametrize("case", ALL, ids=str)
def test_a_case_has_its_outcome(case: Case) -> None:
    _, instance = case.instance
    outcome = Evaluator(FORM, case.answers, case.known).outcome(instance)
    assert outcome == case.said["outcome"]
    assert bool(found(case)) is (outcome is Outcome.FAIL)


FAILING = [case for case in ALL if case.said["outcome"] == "fail"]


@pytest.mark.parametrize("case", FAILING, ids=str)
def test_a_failing_case_says_what_is_wrong(case: Case) -> None:
    (finding,) = found(case)
    check = FORM.check(case.said["check"])
    assert (finding.code, finding.severity) == (check.code, check.severity)
    said = instance_of(FORM, finding)
    assert said is not None
    assert finding.remedy == remedy(FORM, check, [said[1]])
    if "message" in case.said:
        figures = (finding.seen, finding.expected, finding.difference)
        wanted = tuple(case.said.get(k) for k in ("seen", "expected", "difference"))
        assert finding.message.zh == case.said["message"]
        assert figures == wanted
    if "explained" in case.said:
        assert finding.explained is case.said["explained"]
    if "verdict" in case.said:
        assert verdict([finding]) == case.said["verdict"]
    assert finding.explanation == (case.said.get("explanation") or None)


# ---------------------------------------------------------------- the cases themselves

#: These look at one cell or text and can always tell.
ALWAYS_TELL = {"A5", "A6", "F1", "F4", "F6", "F9", "F10", "F11", "F12", "F13", "F15"}


def outcomes(code: str) -> set[str]:
    return {case.said["outcome"] for case in ALL if case.said["check"] == code}


@pytest.mark.parametrize("code", [check.code for check in FORM.checks])
def test_every_check_has_a_case_for_each_of_its_outcomes(code: str) -> None:
    wanted = {"pass", "fail"}
    if code not in ALWAYS_TELL:
        wanted.add("unknown")
    if any(line.instances[0].last_period for line in FORM.check(code).lines):
        wanted.add("no_last_period")
    assert outcomes(code) == wanted


def test_every_failing_check_has_its_message_in_a_case() -> None:
    said = {case.said["check"] for case in FAILING if "message" in case.said}
    assert said == {check.code for check in FORM.checks}


@pytest.mark.parametrize("case", ALL, ids=str)
def test_a_case_says_only_what_is_looked_at(case: Case) -> None:
    assert case.said.keys() <= KEYS
    assert set(case.said.get("declared", ())) <= {table.id for table in FORM.tables}
    assert case.said.get("unit_type", "其他") in FORM.unit_types
    assert dict(flat(case.said.get("last_period", {}))).keys() <= set(
        FORM.used_last_period
    )
    assert case.said.get("texts", {}).keys() <= {text.id for text in FORM.narratives}
    assert case.said.get("fields", {}).keys() <= FIELDS.keys()
    assert dict(flat(case.said.get("printed", {}))).keys() <= FORM.totals.keys()
    if case.said["outcome"] != "fail":
        assert "message" not in case.said


# ---------------------------------------------------------------- whole returns

ZEROS = Answers(
    values={cell.id: number(0) for cell in FORM.inputs},
    texts={text.id: ROOT_TEXT for text in FORM.narratives},
    fields=FIELDS,
)
#: A year after one with three applications: only then a return of zeros is asked about.
HERE = Circumstances(Period(2025), "街道", {"applications.received.total": Decimal(3)})


def codes(answers: Answers) -> list[str]:
    return [finding.code for finding in verify(FORM, answers, HERE)]


def test_a_return_of_zeros_is_asked_about_once_and_accepted() -> None:
    findings = verify(FORM, ZEROS, HERE)
    assert [finding.code for finding in findings] == ["F7"]
    assert verdict(findings) is Verdict.ACCEPTED


def test_a_declared_return_is_accepted_without_a_word() -> None:
    declared = Answers(
        declared=frozenset(table.id for table in FORM.tables),
        texts=ZEROS.texts,
        fields=FIELDS,
    )
    assert verify(FORM, declared, HERE) == ()


def test_an_empty_return_lacks_every_input_and_every_text() -> None:
    found = codes(Answers())
    assert found.count("A6") == len(FORM.inputs) == 166
    assert found.count("F1") == len(FORM.narratives) == 7
    assert set(found) == {"A6", "F1", "F12", "F13"}


def test_nothing_stops_at_the_first_problem_and_the_gravest_come_first() -> None:
    spoiled = dict(ZEROS.values)
    spoiled["applications.received.natural"] = number(9)
    spoiled["applications.received.business"] = value("12件")
    spoiled["proactive.regulations.in_force"] = number(6)
    spoiled["proactive.regulations.issued"] = value("")
    spoiled["proactive.fees.amount"] = number(251_000)
    findings = verify(FORM, Answers(spoiled, texts={}, fields=FIELDS), HERE)
    ranks = [finding.severity.rank for finding in findings]
    assert ranks == sorted(ranks)
    assert {f.code for f in findings} == {"A1", "A5", "A6", "C1", "F1", "G4"}
    assert verdict(findings) is Verdict.REJECTED


def test_what_is_known_of_an_input_is_what_each_check_says_of_it() -> None:
    """Most checks look at one input: what they say is kept, and must be what they say."""
    entries = "", 0, 12, Decimal("12.5"), -3, 45_000, "12件", "/"
    table = FORM.inputs[0].table
    for n in range(24):
        values = {
            cell.id: value(entries[(n * at + at // 7) % len(entries)])
            for at, cell in enumerate(FORM.inputs)
        }
        declared = frozenset({table} if n % 3 else ())
        rest = declared if n % 3 == 1 else frozenset()
        answers = Answers(values, declared, rest)
        known = replace(HERE, period=Period(2025 - n % 2))
        prove_each_is_asked(FORM, answers, known)


def prove_each_is_asked(form: Form, answers: Answers, known: Circumstances) -> None:
    told = [place[2] for place in Evaluator(form, answers, known).failing()]
    each = Evaluator(form, answers, known)
    assert told == [
        instance
        for _, line in form.lines
        for instance in line.instances
        if each.outcome(instance) is Outcome.FAIL
    ]


@pytest.mark.parametrize("name", Forms.shipped().names())
def test_what_a_total_is_computed_of_is_asked_where_one_was_typed_over(
    name: str,
) -> None:
    for form in Forms.shipped().all_of(name):
        found = alone(form)
        spared = len(found.others) - len(found.not_computed)
        assert 0 < spared <= len(form.totals)
        known = Circumstances(form.first_period)
        for n in range(24):
            values = {c.id: number(n * at % 40) for at, c in enumerate(form.inputs)}
            over = [*form.totals][n % 7 :: 5] if n % 3 else []
            printed = {id_: number(n) for id_ in over}
            prove_each_is_asked(form, Answers(values, printed=printed), known)


@pytest.mark.parametrize(
    ("severity", "explained", "expected"),
    [
        (Severity.ERROR, False, Verdict.REJECTED),
        (Severity.ERROR, True, Verdict.REJECTED),
        (Severity.WARNING, False, Verdict.NEEDS_EXPLANATION),
        (Severity.WARNING, True, Verdict.ACCEPTED),
        (Severity.HINT, False, Verdict.ACCEPTED),
    ],
)
def test_severity_and_explanation_decide(
    severity: Severity, explained: bool, expected: Verdict
) -> None:
    (hint,) = verify(FORM, ZEROS, HERE)
    finding = Finding(
        "X1", severity, hint.message, hint.remedy, hint.desk, explained=explained
    )
    assert verdict([finding]) is expected
    assert verdict([hint, finding, hint]) is expected


def test_no_finding_is_accepted() -> None:
    assert verdict([]) is Verdict.ACCEPTED


# ---------------------------------------------------------------- facts


def test_facts_hold_inputs_as_typed_and_totals_recomputed() -> None:
    typed = dict(ZEROS.values)
    typed["applications.received.natural"] = number(9)
    typed["applications.received.business"] = value("12件")
    typed["disputes.review.upheld"] = number(4)
    over = {"disputes.review.total": number(99)}
    held = facts(FORM, Answers(typed, printed=over))
    assert set(held) == set(FORM.cells)
    assert held["applications.received.natural"] == number(9)
    assert held["applications.received.business"].state is State.TEXT
    assert held["applications.received.total"] == BLANK
    assert held["disputes.review.total"] == number(4)


def test_facts_of_a_declared_table_are_zeros() -> None:
    held = facts(FORM, Answers(declared=frozenset({"disputes"})))
    assert held["disputes.review.upheld"] == held["disputes.review.total"] == number(0)
    assert held["proactive.fees.amount"] == BLANK


def test_a_declared_table_makes_no_total_of_what_cannot_be_told() -> None:
    said = {"disputes.review.upheld": Value(State.TEXT, text="见附件")}
    held = facts(FORM, Answers(said, declared=frozenset({"disputes"})))
    assert held["disputes.review.total"] == BLANK
    assert held["disputes.review.corrected"] == number(0)
