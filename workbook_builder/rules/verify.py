"""Every check of a form against one return. Nothing stops at the first problem."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from workbook_builder.language.value import Evaluator
from workbook_builder.language.words import (
    Sides,
    breach,
    breaches,
    lacking,
    remedy,
    sides,
)
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.check import Check, Instance, Line
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.model.values import plain
from workbook_builder.model.worded import worded


def verify(form: Form, answers: Answers, known: Circumstances) -> tuple[Finding, ...]:
    """One finding for each place where a check fails, the gravest first.

    A check that needs a cell that is not filled in says nothing: the blank has its
    own finding (A6).
    """
    return failing(Evaluator(worded(form, known.period), answers, known))


def failing(evaluator: Evaluator) -> tuple[Finding, ...]:
    """The same of a return whose form is worded already."""
    return tuple(_finding(evaluator, *place) for place in evaluator.failing())


def gathered(form: Form, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings, those of one kind in one table as one, at the first's place.

    A table that nobody filled in has one blank, not a hundred and seventy.
    """
    lines = {line.key: (check, line) for check, line in form.lines if line.per_input}
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        key = finding.line if finding.line in lines else f"{len(groups)} alone"
        groups.setdefault(key, []).append(finding)
    return tuple(
        group[0] if len(group) == 1 else _gathered(form, *lines[key], group)
        for key, group in groups.items()
    )


def _gathered(form: Form, check: Check, line: Line, group: list[Finding]) -> Finding:
    seen = [(finding.address or "", finding.seen) for finding in group]
    cells = [cell for finding in group for cell in finding.cells]
    places = [each for each in line.instances if each.place in cells]
    return replace(
        group[0],
        message=breaches(check, line, seen),
        remedy=remedy(form, check, places),
        seen=None,
        others=tuple(cells[1:]),
    )


def verdict(findings: Iterable[Finding]) -> Verdict:
    """通过, 待说明 or 退回, from the findings of a return that could be read; 待确认 where
    they say that it may be another unit's."""
    findings = tuple(findings)
    if any(finding.doubts_origin for finding in findings):
        return Verdict.WAITING
    still = {finding.severity for finding in findings if finding.is_open}
    if any(severity.must_hold for severity in still):
        return Verdict.REJECTED
    return Verdict.NEEDS_EXPLANATION if still else Verdict.ACCEPTED


def _finding(
    evaluator: Evaluator, check: Check, line: Line, instance: Instance
) -> Finding:
    said = evaluator.answers.explanations.get(line.key, "")
    blank = [each.id for each in lacking(evaluator.form, instance).blank(evaluator)]
    seen, expected, difference = _figures(evaluator, line, instance)
    return Finding(
        code=check.code,
        severity=check.severity,
        message=breach(evaluator, check, line, instance),
        remedy=remedy(evaluator.form, check, [instance]),
        desk=check.severity.desk,
        cell=next(iter(blank), instance.place) or None,
        seen=seen,
        expected=expected,
        difference=difference,
        line=line.key,
        others=tuple(blank[1:]),
        explanation=said or None,
        explained=evaluator.form.explanation.accepts(said),
    )


def noted(submission: Submission, finding: Finding) -> Submission:
    """The submission with one finding more, and the verdict that follows from all.

    What is no return stays so.
    """
    findings = sorted((finding, *submission.findings), key=lambda f: f.severity.rank)
    final = submission.verdict
    if final.is_return:
        final = verdict(findings)
    return replace(submission, findings=tuple(findings), verdict=final)


def _figures(
    evaluator: Evaluator, line: Line, instance: Instance
) -> tuple[str | None, str | None, str | None]:
    """(seen, expected, difference) as plain numbers, without separators."""
    if line.per_input:
        return evaluator.answers.value(instance.place).shown, None, None
    shown: Sides = sides(evaluator, instance)
    return _text(shown.left), _text(shown.right), _text(shown.difference)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
