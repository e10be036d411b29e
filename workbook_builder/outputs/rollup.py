"""The district's own return: the sum of what was accepted, for one level up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workbook_builder.excel.build import build_workbook
from workbook_builder.excel.plan import MAX_TEXT
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.form import Severity
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import BLANK, Value, number
from workbook_builder.outputs.summary import Summary
from workbook_builder.rules.verify import verify

TEXTS_ELSEWHERE = "本表由下级数据汇总生成，文字部分由本级在年度报告正文中另行撰写。"


@dataclass(frozen=True, slots=True)
class Rollup:
    """A workbook of the kind ``rollup``, for the unit it speaks for."""

    unit: Unit
    data: bytes


def rollup(
    summary: Summary, last_year: Mapping[str, Mapping[str, Decimal]]
) -> Rollup | None:
    """None while nothing is accepted: there is no sum of nothing.

    What units explained is carried along under their names; the texts are the
    district's to write, and its 说明 says so.
    """
    if not summary.counted:
        return None
    unit = top_unit(summary)
    before = dict(last_year.get(unit.code, {}))
    values = {cell.id: _sum(summary, cell.id) for cell in summary.form.inputs}
    answers = Answers(values=values)
    known = Circumstances(summary.campaign.year, unit.type, before)
    explanations = {
        finding.line: text
        for finding in verify(summary.form, answers, known)
        if finding.severity is not Severity.ERROR
        and (text := _explanation(summary, finding.line, finding.cell))
    }
    answers = Answers(values=values, explanations=explanations)
    data = build_workbook(
        summary.form,
        unit,
        summary.campaign,
        answers,
        last_year=before,
        kind="rollup",
    )
    return Rollup(unit, data)


def top_unit(summary: Summary) -> Unit:
    """The one unit at the top of the roster, or the district of the campaign."""
    roots = summary.roster.roots
    if len(roots) == 1:
        return roots[0]
    return Unit(summary.campaign.id, summary.campaign.district)


def _sum(summary: Summary, cell: str) -> Value:
    amounts = [each.facts[cell].number for each in summary.counted.values()]
    known = [amount for amount in amounts if amount is not None]
    return number(sum(known, Decimal(0))) if known else BLANK


def _explanation(summary: Summary, line: str, place: str | None) -> str:
    if place in {text.id for text in summary.form.narratives}:
        return TEXTS_ELSEWHERE
    said = [
        f"{summary.roster.by_code[code].name}：{submission.answers.explanations[line]}"
        for code, submission in summary.counted.items()
        if line in submission.answers.explanations
    ]
    return "；".join(said)[:MAX_TEXT]
