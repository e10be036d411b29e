"""What the clerk's decisions do to the returns, and which decisions there may be.

They are applied to the file of each unit that stands (:mod:`rules.choose`), before
:func:`rules.settle.settle`. No decision puts a figure where none is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.decision import Decided, Decision, Ruling
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.model.values import Value, on_grid
from workbook_builder.rules.choose import Chosen
from workbook_builder.rules.grounds import (
    basis,
    changed,
    instance_of,
    of_finding,
    of_return,
)
from workbook_builder.rules.verify import noted, verdict

#: The program's own findings that leave every figure readable and in its place: a
#: total without its formula, a signature, a stamp that is gone, a
#: declaration in other words. All others say that a figure is missing or may stand for
#: another cell.
HARMLESS = frozenset({"T01", "T05", "N07", "N08", "Y02", "D03"})

_GONE = Text("该单位现在没有可以审核的报送表", "the unit has no return any more")


def decide(
    form: Form, chosen: Chosen
) -> tuple[tuple[Submission, ...], tuple[Decided, ...]]:
    """The returns as decided, and the decisions as they stand now.

    A decision whose grounds have changed does nothing. Those that come in as fallen
    away (withdrawn, replaced) stay so.
    """
    submissions = chosen.submissions
    after, results = list(submissions), []
    for each in chosen.decided:
        if not each.decision.ruling.is_about_returns:
            results.append(each)
            continue
        index = chosen.standing.get(each.decision.unit)
        if each.in_force:
            # Judged by the file as it came: one decision is no ground of another.
            own = None if index is None else submissions[index]
            each = _held_against(form, own, each)
        results.append(each)
        if each.in_force and index is not None:
            after[index] = _applied(after[index], each.decision)
    return tuple(after), tuple(results)


def grounds_of(
    form: Form, submission: Submission, ruling: Ruling, finding: Finding | None
) -> dict[str, str]:
    """What a decision made now would rest on; ``finding`` is the one to be waived."""
    if ruling is Ruling.WAIVE:
        assert finding is not None
        return of_finding(form, submission, finding)
    return of_return(form, submission, ruling)


def refusal(
    form: Form, submission: Submission, ruling: Ruling, finding: Finding | None = None
) -> Text | None:
    """Why a decision cannot be made; None if it can.

    Nothing is taken that has no readable figure, and nothing that may stand in the
    wrong cell.
    """
    if ruling in (Ruling.REJECT, Ruling.EXCLUDE):
        return None
    if ruling is Ruling.WAIVE:
        assert finding is not None
        return _not_waivable(form, submission, finding)
    for each in submission.findings:
        reason = _not_waivable(form, submission, each) if each.is_open else None
        if reason is not None:
            return reason
    wrong = [id_ for id_ in form.cells if not _usable(form, id_, submission)]
    return _no_figure(form, wrong[0]) if wrong else None


def _not_waivable(form: Form, submission: Submission, finding: Finding) -> Text | None:
    if not finding.severity.asks:
        return Text(
            f"{finding.code} 只是提示，不影响通过，无需准予免改。",
            f"{finding.code} is a hint: it keeps nothing from being accepted.",
        )
    found = instance_of(form, finding)
    if found is None:
        return None if finding.code in HARMLESS else _untouchable(finding)
    read = {*found[1].cells, *(set(finding.cells) & form.cells.keys())}
    wrong = [
        id_ for id_ in form.cells if id_ in read and not _usable(form, id_, submission)
    ]
    return _no_figure(form, wrong[0]) if wrong else None


def _usable(form: Form, id_: str, submission: Submission) -> bool:
    """Whether a figure stands there that can be added up as it is."""
    value: Value | None = submission.facts.get(id_)
    type_ = form.cells[id_].type
    return (
        value is not None
        and value.number is not None
        and (value.number >= 0 or type_.signed)
        and on_grid(value.number, type_.decimals)
    )


def _untouchable(finding: Finding) -> Text:
    return Text(
        f"{finding.code} 不能由主管部门准予免改或同意计入：{finding.message.zh}"
        f"{finding.desk.zh}",
        f"{finding.code} cannot be waived or accepted: {finding.message.en} "
        f"{finding.desk.en}",
    )


def _no_figure(form: Form, id_: str) -> Text:
    cell = form.cells[id_]
    sheet = form.table(cell.table).sheet
    return Text(
        f"{sheet}【{cell.name}】没有可以计入的数（空白、文字、负数或小数位不对），"
        "程序不替单位填数。请退回单位补正。",
        f"{sheet} {cell.name} holds no figure that could be added (blank, text, "
        "negative, or too many decimals). Send the workbook back.",
    )


def _held_against(
    form: Form, submission: Submission | None, decided: Decided
) -> Decided:
    decision = decided.decision
    if submission is None:
        return Decided(decision, in_force=False, fell=_GONE)
    if decision.ruling is Ruling.WAIVE:
        found = [each for each in submission.findings if _is_about(decision, each)]
        if not found:
            return Decided(
                decision, in_force=False, fell=_without(form, submission, decision)
            )
        now = of_finding(form, submission, found[0])
        reason = _not_waivable(form, submission, found[0])
    else:
        now = of_return(form, submission, decision.ruling)
        reason = refusal(form, submission, decision.ruling)
    if basis(now) != decision.basis:
        fell = changed(form, decision.grounds, now)
        return Decided(decision, in_force=False, fell=fell)
    return Decided(decision, in_force=reason is None, fell=reason)


def _without(form: Form, submission: Submission, decision: Decision) -> Text:
    """The finding is gone: say by which figures, where that can be said."""
    cells = {
        name: (value.shown or "")
        for name in decision.grounds
        if name.startswith("cell:")
        and (value := submission.facts.get(name.removeprefix("cell:"))) is not None
    }
    before = {name: decision.grounds[name] for name in cells}
    gone = Text(f"问题 {decision.code} 已经没有了", f"finding {decision.code} is gone")
    if before == cells:
        return gone
    told = changed(form, before, cells)
    return Text(f"{gone.zh}（{told.zh}）", f"{gone.en} ({told.en})")


def _is_about(decision: Decision, finding: Finding) -> bool:
    named = (finding.code, finding.line, finding.cell or "")
    return named == (decision.code, decision.line, decision.cell)


def _applied(submission: Submission, decision: Decision) -> Submission:
    match decision.ruling:
        case Ruling.REJECT:
            why = decision.why.rstrip("。.！!")
            return noted(submission, catalogued("J01", detail=why))
        case Ruling.EXCLUDE:
            return noted(submission, catalogued("X09", detail=decision.why))
        case Ruling.ACCEPT:
            findings = tuple(
                replace(each, waived=decision.why) if each.is_open else each
                for each in submission.findings
            )
        case Ruling.WAIVE:
            findings = tuple(
                replace(each, waived=decision.why)
                if _is_about(decision, each)
                else each
                for each in submission.findings
            )
        case _:  # which file stands, and when it was due, was said before
            findings = submission.findings
    return replace(submission, findings=findings, verdict=verdict(findings))


_CLERK = Text("主管部门指定", "assigned by the clerk")


def assign(
    submissions: Sequence[Submission], assigned: Mapping[str, str]
) -> tuple[Submission, ...]:
    """What the clerk says goes before what the mail says; ``assigned`` is by path."""
    return tuple(
        replace(
            each, letter=replace(each.letter, unit=assigned[each.path], basis=_CLERK)
        )
        if each.letter is not None and each.path in assigned
        else each
        for each in submissions
    )
