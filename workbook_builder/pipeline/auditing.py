"""``audit``: published reports held against every check of their form, and against the
report of the same unit of the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from workbook_builder.model.answers import Circumstances
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.published_report import PublishedReport, ReportKind
from workbook_builder.outputs.page import page
from workbook_builder.pipeline.published_reports import ReadReport, read_reports
from workbook_builder.published.answers import answers_of, settled, unread
from workbook_builder.rules.verify import gathered, verify


@dataclass(frozen=True, slots=True)
class AuditedReport:
    """A report with all that is to be said of it; ``before`` is the year of the report
    it was compared with, None where there is none in the folder."""

    read: ReadReport
    findings: tuple[Finding, ...]
    before: int | None = None

    @property
    def errors(self) -> int:
        return sum(each.severity.must_hold for each in self.findings)

    @property
    def doubts(self) -> int:
        """What only asks for an explanation."""
        return sum(each.severity.can_be_explained for each in self.findings)


def audit(
    files: Iterable[Path | str], forms: Sequence[Form]
) -> tuple[AuditedReport, ...]:
    """Every file, by unit and year; what is no report comes last.

    Only figures that are settled are judged: nothing is said of one that was not read,
    but how many there are.
    """
    reads = list(read_reports(files, forms))
    known = {
        (each.report.unit, each.report.year): each.report
        for each in reads
        if each.report.kind is ReportKind.REPORT and each.report.unit
    }
    audited = [_audited(read, known, forms) for read in reads]
    return tuple(sorted(audited, key=_order))


def _order(each: AuditedReport) -> tuple[bool, str, int, str]:
    report = each.read.report
    nothing = report.kind is not ReportKind.REPORT
    return nothing, report.unit, report.year or 0, each.read.path


def _audited(
    read: ReadReport,
    known: Mapping[tuple[str, int | None], PublishedReport],
    forms: Sequence[Form],
) -> AuditedReport:
    report = read.report
    if report.kind is not ReportKind.REPORT or report.year is None:
        return AuditedReport(read, report.findings)
    form = next(each for each in forms if each.edition == report.edition)
    before = known.get((report.unit, report.year - 1))
    circumstances = Circumstances(
        Period(report.year, form.frequency),
        last_period=_figures(before) if before else {},
        texts_before=dict(before.texts) if before else {},
    )
    beyond = unread(form, report)
    beyond |= {text.id for text in form.narratives} - report.texts.keys()
    found = [
        each
        for each in verify(form, answers_of(form, report), circumstances)
        if each.severity.asks and each.cell not in beyond
    ]
    # What the reader saw of contradictions is among them; its notes are of other things.
    notes = [
        each for each in report.findings if each.code not in {f.code for f in found}
    ]
    every = sorted((*found, *notes), key=lambda each: each.severity.rank)
    return AuditedReport(
        read, gathered(form, every), before.year if before is not None else None
    )


def _figures(report: PublishedReport) -> dict[str, Decimal]:
    values = settled(report)
    return {id_: v.number for id_, v in values.items() if v.number is not None}


def audit_page(audited: Sequence[AuditedReport]) -> bytes:
    """A page with a line for each report, and what was found in it."""
    return page("audit.html", reports=audited, title="已公布年度报告核查")
