"""The district's own return: the sum of what was accepted, for one level up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.errors import MissingExtra
from workbook_builder.model.stamp import Coverage, Stamp
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import BLANK, number
from workbook_builder.rules.seal import fingerprint, sealed
from workbook_builder.rules.verify import verify
from workbook_builder.workbook.build import book
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.plan import MAX_TEXT
from workbook_builder.workbook.write import write

TEXTS_ELSEWHERE = "本表由下级数据汇总生成，文字部分由本级在报告正文中另行撰写。"


@dataclass(frozen=True, slots=True)
class Rollup:
    """A workbook of the kind ``rollup``, for the unit it speaks for, and the fingerprint
    of the key that sealed it; empty for none."""

    unit: Unit
    data: bytes
    seal: str


@dataclass(frozen=True)
class RollupJob(Job):
    """A workbook that says on every sheet of how many units it is the sum."""

    coverage: Coverage = field(default_factory=lambda: Coverage(0, 0))

    @cached_property
    def stamp(self) -> Stamp:
        stamp = replace(super().stamp, coverage=self.coverage)
        try:
            return sealed(stamp, self.answers.values, self.campaign.sealing)
        except MissingExtra:
            return stamp

    @property
    def heading(self) -> str:
        return f"{super().heading}　　汇总：{self.coverage} 个单位"


def rollup(
    summary: Summary,
    last_period: Mapping[str, Mapping[str, Decimal]],
    typed: Answers | None = None,
) -> Rollup | None:
    """None while nothing is accepted: there is no sum of nothing. None also where the
    roster has several units at the top and no setting says for whom it would speak.

    What units explained is carried along under their names; the texts are the
    district's to write, and its 说明 says so. ``typed`` stands in the one of the run
    before: what the district wrote there is carried over.
    """
    if not summary.counted:
        return None
    unit = rollup_unit(summary)
    if unit is None:
        return None
    # Last year is known under the roster's code, whatever the level above calls it.
    roots = summary.roster.roots
    own = roots[0].code if len(roots) == 1 else unit.code
    before = dict(last_period.get(own, {}))
    totals = summary.totals
    values = {
        cell.id: number(totals[cell.id]) if cell.id in totals else BLANK
        for cell in summary.form.inputs
    }
    said = _district_wrote(summary, typed or Answers())
    answers = replace(said, values=values, explanations={})
    known = Circumstances(summary.campaign.period, unit.type, before)
    explanations = {
        finding.line: text
        for finding in verify(summary.form, answers, known)
        if not finding.severity.must_hold
        and (
            text := _explanation(summary, finding.line, finding.cell)
            or said.explanations.get(finding.line, "")
        )
    }
    answers = replace(answers, explanations=explanations)
    job = RollupJob(
        summary.form,
        unit,
        summary.campaign,
        answers,
        before,
        kind="rollup",
        coverage=summary.coverage,
    )
    return Rollup(unit, write(book(job)), fingerprint(job.stamp.public_key))


def top_unit(summary: Summary) -> Unit:
    """The one unit at the top of the roster, or the district of the campaign."""
    roots = summary.roster.roots
    if len(roots) == 1:
        return roots[0]
    return Unit(summary.campaign.id, summary.campaign.district)


def rollup_unit(summary: Summary) -> Unit | None:
    """The one unit at the top of the roster, under the code it has one level up."""
    code, roots = summary.campaign.unit_code, summary.roster.roots
    if len(roots) == 1:
        return replace(roots[0], code=code or roots[0].code)
    return Unit(code, summary.campaign.district) if code else None


def _district_wrote(summary: Summary, typed: Answers) -> Answers:
    """Texts, fields and explanations that are the district's own words."""
    ours = (TEXTS_ELSEWHERE, *(f"{unit.name}：" for unit in summary.roster.units))
    explained = typed.explanations.items()
    return Answers(
        texts=typed.texts,
        fields=typed.fields,
        explanations={k: text for k, text in explained if not text.startswith(ours)},
    )


def _explanation(summary: Summary, line: str, place: str | None) -> str:
    form = summary.form
    if place in {t.id for t in form.narratives} | {f.id for f in form.fields}:
        return TEXTS_ELSEWHERE
    said = []
    for code, submission in summary.counted.items():
        name, own = summary.roster.by_code[code].name, submission.answers.explanations
        waived = [f.waived for f in submission.findings if f.line == line and f.waived]
        said += [
            f"{name}：{text}" for text in (*filter(None, [own.get(line)]), *waived)
        ]
    return "；".join(said)[:MAX_TEXT]
