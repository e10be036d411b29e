"""Which file of each unit stands: the one the clerk chose, or the latest that may take
the place of the one before. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from operator import attrgetter

from workbook_builder.model.decision import Decided, Decision, Ruling
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.rules.verify import verdict

#: Grounds of a choice: the file, and in front of a fingerprint one that was not chosen.
_FILE, _OTHER = "file", "other:"
_GONE = Text("这个文件已不在收件箱", "the file is not in the inbox any more")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Every file, with what the clerk's choice says of it, and the decisions as they
    stand. ``standing`` is unit code → index of its file; ``passed_over`` are, by unit,
    the fingerprints of the files that the clerk did not choose.
    """

    submissions: tuple[Submission, ...]
    decided: tuple[Decided, ...]
    standing: Mapping[str, int]
    passed_over: Mapping[str, frozenset[str]]


def choose(
    form: Form, submissions: Sequence[Submission], decided: Sequence[Decided] = ()
) -> Chosen:
    """One file of each unit at most.

    A choice holds among the files that were there when it was made. One that came
    since, with a stamp that is proved, ends it.
    """
    submissions = with_keys(submissions, decided)
    after, results = list(submissions), []
    passed_over: dict[str, frozenset[str]] = {}
    picked: dict[str, int] = {}
    for each in decided:
        decision = each.decision
        if each.in_force and decision.ruling is Ruling.USE:
            copies = _copies(submissions, decision)
            each = _held(form, submissions, copies, each)
            if each.in_force:
                for index in copies:
                    after[index] = _agreed(submissions[index], decision.why)
                picked[decision.unit] = max(copies, key=lambda at: after[at].order)
                passed_over[decision.unit] = frozenset(_others(decision))
        results.append(each)
    standing = {**_latest(form, after), **picked}
    return Chosen(tuple(after), tuple(results), standing, passed_over)


def grounds_of_choice(
    submissions: Iterable[Submission], chosen: Submission
) -> dict[str, str]:
    """The file that was chosen, and those it was chosen among."""
    others = {
        f"{_OTHER}{each.sha256}": each.path
        for each in submissions
        if is_of(chosen.unit_code, each) and each.sha256 != chosen.sha256
    }
    return {_FILE: chosen.sha256, "path": chosen.path, **others}


def is_of(unit: str, submission: Submission) -> bool:
    """Whether the file is a return of that unit, or may be one."""
    return submission.verdict.is_claimed and submission.unit_code == unit


def _trusting(decided: Iterable[Decided]) -> Iterable[Decided]:
    return (e for e in decided if e.in_force and e.decision.ruling is Ruling.TRUST)


def with_keys(
    submissions: Iterable[Submission], decided: Iterable[Decided]
) -> list[Submission]:
    """The files, of which roll-ups are proved by the keys that were agreed to."""
    trusted = {(e.decision.unit, e.decision.grounds["key"]) for e in _trusting(decided)}
    return [_known(trusted, each) for each in submissions]


def _known(trusted: Set[tuple[str, str]], submission: Submission) -> Submission:
    """A roll-up sealed with a key that was agreed to is that unit's."""
    if (submission.unit_code, submission.sealed_by) not in trusted:
        return submission
    findings = tuple(each for each in submission.findings if each.code != "T08")
    told = verdict(findings) if submission.verdict.is_claimed else submission.verdict
    return replace(submission, findings=findings, verdict=told)


def _latest(form: Form, submissions: Sequence[Submission]) -> dict[str, int]:
    """Unit code → index of its latest file that took the place of the one before."""
    latest: dict[str, int] = {}
    in_order = sorted(enumerate(submissions), key=lambda each: each[1].order)
    for index, each in in_order:
        if each.verdict.can_stand:
            before = latest.get(each.unit_code)
            if before is None or replaces(form, each, submissions[before]):
                latest[each.unit_code] = index
    return latest


def replaces(form: Form, later: Submission, earlier: Submission) -> bool:
    """Only a proved stamp takes the place of one; of a return that counts, only one
    whose totals are whole."""
    if earlier.is_proved and not later.is_proved:
        return False
    broken = {check.code for check in form.checks if check.defines_totals} | {"T01"}
    return not earlier.verdict.counts or not any(
        each.is_open and each.code in broken for each in later.findings
    )


def _copies(submissions: Sequence[Submission], decision: Decision) -> list[int]:
    file = decision.grounds[_FILE]
    return [
        index
        for index, each in enumerate(submissions)
        if is_of(decision.unit, each) and each.sha256 == file
    ]


def _others(decision: Decision) -> set[str]:
    """The files that were there and were not chosen."""
    return {
        name.removeprefix(_OTHER)
        for name in decision.grounds
        if name.startswith(_OTHER)
    }


def _held(
    form: Form, submissions: Sequence[Submission], copies: list[int], decided: Decided
) -> Decided:
    decision = decided.decision
    if not copies:
        return Decided(decision, in_force=False, fell=_GONE)
    chosen = _agreed(submissions[copies[0]], decision.why)
    known = _others(decision) | {chosen.sha256}
    later = (
        each
        for each in submissions
        if is_of(decision.unit, each)
        and each.verdict.can_stand
        and each.sha256 not in known
        and replaces(form, each, chosen)
    )
    found = max(later, key=attrgetter("order"), default=None)
    if found is None:
        return decided
    fell = Text(
        f"指定以后又收到该单位的一份（{found.path}）",
        f"the unit's {found.path} came after the choice",
    )
    return Decided(decision, in_force=False, fell=fell)


def _agreed(submission: Submission, why: str) -> Submission:
    """With the clerk's word for it that these are the unit's figures."""
    findings = tuple(
        replace(each, waived=why) if each.keeps_beside else each
        for each in submission.findings
    )
    return replace(submission, findings=findings, verdict=verdict(findings))
