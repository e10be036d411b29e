"""Which file counts for each unit, and which units' figures are added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.later import at_once
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster
from workbook_builder.model.values import plain
from workbook_builder.rules.choose import Chosen, choose, replaces
from workbook_builder.rules.verify import noted


@dataclass(frozen=True, slots=True)
class Settled:
    """All files with their final verdicts; by unit, what stands and what counts."""

    submissions: tuple[Submission, ...]
    standing: Mapping[str, Submission]
    counted: Mapping[str, Submission]


def settle(
    form: Form,
    roster: Roster,
    submissions: Sequence[Submission],
    chosen: Chosen | None = None,
) -> Settled:
    """The file of a unit that was chosen stands, whatever its verdict; accepted ones
    count, but for those the clerk left out.

    Without ``chosen``, by :func:`rules.choose.choose` where the clerk decided nothing;
    in which order they are read does not matter. The same bytes twice count once. A sum
    that a unit with subordinates sends in is compared with what came from below (D01,
    D02) and not added to it.
    """
    chosen = chosen or choose(form, submissions)
    latest = chosen.standing
    versions: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.verdict.is_claimed:
            versions.setdefault(submission.unit_code, []).append(submission)
    final = list(submissions)
    for index, each in enumerate(submissions):
        if each.verdict.is_claimed and index != latest.get(each.unit_code, index):
            stands = submissions[latest[each.unit_code]]
            passed = chosen.passed_over.get(each.unit_code, frozenset())
            known = each.sha256 in passed
            final[index] = _beside(each, stands, versions[each.unit_code], known)
    for code, index in latest.items():
        passed = chosen.passed_over.get(code, frozenset())
        rivals = [each for each in versions[code] if each.sha256 not in passed]
        final[index] = _with_doubt(form, final[index], rivals)
    accepted = {
        code: final[index]
        for code, index in latest.items()
        if final[index].verdict.counts
        and not any(each.leaves_out for each in final[index].findings)
    }
    counted = dict(accepted)
    # From the bottom up, so that no roll-up is compared with another and its parts.
    above = (code for code in accepted if code in roster.children)
    for code in sorted(above, key=lambda code: -_depth(roster, code)):
        index, below = latest[code], _below(form, roster, counted, code)
        if below:
            finding = _compared(form, roster, final[index], below)
            if finding is not None:
                final[index] = noted(final[index], finding)
            if finding is not None or is_rollup(final[index]):
                del counted[code]
    standing = {code: final[index] for code, index in latest.items()}
    return Settled(tuple(final), standing, counted)


def control_totals(roster: Roster, settled: Settled) -> frozenset[str]:
    """Units whose roll-up was only compared with what came from below them.

    It is no return of its own: nobody expects one, and nothing of it is added.
    """
    here = {
        code for unit in settled.standing for code in roster.above(unit) if code != unit
    }
    return frozenset(
        code
        for code, submission in settled.standing.items()
        if is_rollup(submission) and code in here and code not in settled.counted
    )


def _beside(
    submission: Submission,
    stands: Submission,
    versions: list[Submission],
    passed_over: bool,
) -> Submission:
    """Of a file that does not stand: replaced, passed over by the clerk, a copy of one
    that came after it, or waiting beside what stands."""
    copies = [each for each in versions if each.sha256 == submission.sha256]
    if submission.is_report and not submission.verdict.is_return:
        # The unit's own workbook came, too: its report is what offices add to it.
        return replace(
            submission,
            verdict=Verdict.IGNORED,
            findings=(catalogued("V07", detail=stands.path),),
        )
    strange = any(each.doubts_origin for each in submission.findings)
    # A version is a return of the unit; what may be another's is none.
    verdict = Verdict.IGNORED if strange else Verdict.SUPERSEDED
    same = stands.sha256 == submission.sha256
    by, code = stands if same else max(copies, key=_order), "V02"
    if by is submission:
        by, code = stands, "V06" if passed_over else "V01"
        if strange and not passed_over:
            return submission
        if submission.order > stands.order and not passed_over:
            code, verdict = "V05", Verdict.WAITING
    found = (catalogued(code, detail=by.path), *submission.findings)
    return replace(submission, verdict=verdict, findings=found)


_order = attrgetter("order")


def _with_doubt(
    form: Form, submission: Submission, versions: list[Submission]
) -> Submission:
    """V04 where only the name told that this is the latest."""
    rivals = [
        each
        for each in versions
        if each.order[:2] == submission.order[:2]
        and each.sha256 != submission.sha256
        and each.verdict.can_stand
        and replaces(form, each, submission)  # it would, under another name
    ]
    if not rivals:
        return submission
    finding = catalogued("V04", detail=max(rivals, key=_order).path)
    return replace(submission, findings=(*submission.findings, finding))


def is_rollup(submission: Submission) -> bool:
    """Whether it is the sum of other returns, made by this program."""
    return submission.stamp is not None and submission.stamp.kind == "rollup"


def _depth(roster: Roster, code: str) -> int:
    return len(list(roster.above(code)))


def _below(
    form: Form, roster: Roster, counted: Mapping[str, Submission], code: str
) -> dict[str, Decimal]:
    """The sum of what counts below a unit; empty where nothing does."""
    sums: dict[str, Decimal] = {}
    for unit in roster.below(code):
        if unit.code in counted:
            facts = at_once(counted[unit.code].facts)
            for id_ in form.cells:
                amount = facts[id_].number
                sums[id_] = sums.get(id_, Decimal(0)) + (amount or 0)
    return sums


def _compared(
    form: Form, roster: Roster, own: Submission, below: Mapping[str, Decimal]
) -> Finding | None:
    unit, facts = roster.by_code[own.unit_code], at_once(own.facts)
    differing = [id_ for id_ in form.cells if facts[id_].number != below[id_]]
    if is_rollup(own):
        if not differing:
            return None
        id_ = differing[0]
        return catalogued(
            "D01",
            cell=id_,
            seen=str(facts[id_].shown),
            expected=plain(below[id_]),
            difference=plain((facts[id_].number or Decimal(0)) - below[id_]),
        )
    # Figures of its own that happen to be the sum, all zero aside.
    if not differing and any(below.values()) and unit.reports is not True:
        return catalogued("D02")
    return None
