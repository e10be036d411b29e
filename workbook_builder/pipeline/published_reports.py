"""``read-report``: what published reports say, and a workbook that has it filled in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from workbook_builder.bounds.many import each_apart
from workbook_builder.campaign.files import files_at
from workbook_builder.campaign.roster import find_unit
from workbook_builder.documents.read import read_document
from workbook_builder.model.answers import Answers
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.errors import CampaignError, UnreadableFile, WorkerLost
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.published_report import (
    Certainty,
    PublishedReport,
    ReportKind,
)
from workbook_builder.pipeline.inbox import shown
from workbook_builder.published.read import read
from workbook_builder.reading.receive import Source
from workbook_builder.reading.unreadable import unreadable
from workbook_builder.workbook.build import build_workbook


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A file, and what is printed in it. ``sha256`` is empty where it did not open."""

    path: str
    sha256: str
    report: PublishedReport


def read_reports(files: Iterable[Path], forms: Sequence[Form]) -> Iterator[ReadReport]:
    """What each file prints, in their order; a folder stands for the files in it.

    ``forms`` are the editions that a report may be of. Every file is read in a process
    that may be lost; nothing is raised for a bad one.
    """
    sources = [
        Source(shown(path), path) for path in chain.from_iterable(map(files_at, files))
    ]
    return each_apart(partial(_read, tuple(forms)), sources, _lost)


def _read(forms: Sequence[Form], source: Source) -> ReadReport:
    sha256 = ""
    try:
        _, data = source.opened()
        sha256 = hashlib.sha256(data).hexdigest()
        report = read(read_document(data), forms)
    except UnreadableFile as error:
        report = _unreadable(error)
    except Exception:  # a mistake of ours is no file without an answer
        report = _unreadable(UnreadableFile("damaged"))
    return ReadReport(source.shown, sha256, report)


def _lost(source: Source, error: WorkerLost) -> ReadReport:
    try:
        _, data = source.opened()
    except UnreadableFile:
        data = b""
    sha256 = hashlib.sha256(data).hexdigest() if data else ""
    return ReadReport(source.shown, sha256, _unreadable(UnreadableFile(error.reason)))


def _unreadable(error: UnreadableFile) -> PublishedReport:
    return PublishedReport(ReportKind.UNREADABLE, findings=(unreadable(error),))


def prefilled(expected: Expected, said: str, read: ReadReport) -> bytes:
    """The workbook of the unit, by code or name, with what its report prints.

    What is certain stands in its cell; where a person has to decide, the cell is left
    blank and marked, with the words of the report. Raises CampaignError where the file
    is no report, or of another edition or period than the campaign.
    """
    form, campaign, report = expected.form, expected.campaign, read.report
    unit = find_unit(expected.roster, said)
    prove_fits(expected, read)
    inputs = {cell.id for cell in form.inputs}
    facts = {id_: fact for id_, fact in report.facts.items() if id_ in inputs}
    values = {
        id_: fact.value for id_, fact in facts.items() if fact.certainty.is_settled
    }
    doubts = [
        catalogued("P13", detail=f"{fact.where}“{fact.words}”", cell=id_)
        for id_, fact in facts.items()
        if fact.certainty is Certainty.UNSURE
    ]
    return build_workbook(
        form,
        unit,
        campaign,
        Answers(values=values, texts=dict(report.texts)),
        last_period=expected.last_period.get(unit.code, {}),
        findings=[*doubts, *report.findings],
        about=f"本表按已公布的报告“{Path(read.path).name}”预填，请对照原文逐项核对。",
    )


def prove_fits(expected: Expected, read: ReadReport) -> None:
    """Raises CampaignError where the file is no report of that edition and period."""
    form, period, report = expected.form, expected.campaign.period, read.report
    if report.kind is not ReportKind.REPORT:
        why = report.findings[0].message
        raise CampaignError(
            f"“{read.path}”：{why.zh}",
            f"{read.path}: {why.en}",
        )
    if (report.form, report.edition) != (form.id, form.edition):
        raise CampaignError(
            f"“{read.path}”用的是 {report.edition} 版格式，本任务用 {form.edition} 版。",
            f"{read.path} is of edition {report.edition}, the campaign of {form.edition}.",
        )
    if report.year is not None and report.year != period.year:
        raise CampaignError(
            f"“{read.path}”是 {report.year} 年度的报告，本任务是{period.words}。",
            f"{read.path} is of {report.year}, the campaign of {period}.",
        )
