"""An annual report that came instead of a workbook: what it would be as a return."""

from __future__ import annotations

from dataclasses import replace

from workbook_builder.documents.read import read_document
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Circumstances
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.names import essence
from workbook_builder.model.published_report import (
    PublishedReport,
    ReportKind,
)
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit
from workbook_builder.model.worded import worded
from workbook_builder.published.answers import answers_of, unread, unsure
from workbook_builder.published.read import read
from workbook_builder.rules.verify import gathered, verdict, verify
from workbook_builder.workbook.place import place

_PRINTED = Text("报告上的单位名称", "the name it prints")


def as_return(letter: Submission, data: bytes, expected: Expected) -> Submission:
    """The letter, or where it is the annual report of a unit, its figures for the clerk
    to agree to: 待确认, whatever they are.

    What cannot be read, is another period's or edition's, or nobody's, stays a letter.
    """
    try:
        report = read_document_as_report(data, expected)
    except UnreadableFile:
        return letter
    form, period = expected.form, expected.campaign.period
    if report.kind is not ReportKind.REPORT or report.edition != form.edition:
        return letter
    if report.year not in {None, period.year}:
        return letter
    unit, basis = _whose(report, letter, expected)
    answers = answers_of(form, report)
    if unit is None or not answers.values:
        return letter
    known = Circumstances(
        period,
        unit.type,
        expected.last_period.get(unit.code, {}),
        expected.texts_last_period.get(unit.code, {}),
    )
    said = letter.letter.kind.text if letter.letter else Text("", "")
    taken = catalogued("N11", detail=basis, seen=said.zh, expected=unit.name)
    beyond = unread(form, report)
    checked = (f for f in verify(form, answers, known) if f.cell not in beyond)
    found = (taken, *unsure(form, report), *checked)
    findings = sorted(found, key=lambda each: each.severity.rank)
    return replace(
        letter,
        verdict=verdict(findings),
        findings=gathered(worded(form, period), findings),
        stamp=_stamp(unit, form, expected),
        # It still is what came from that unit instead of a workbook.
        letter=letter.letter and replace(letter.letter, unit=unit.code, basis=basis),
        answers=answers,
        facts=facts(form, answers, known),
    )


def read_document_as_report(data: bytes, expected: Expected) -> PublishedReport:
    """By the editions that the campaign knows. Raises UnreadableFile."""
    editions = expected.forms.all_of(expected.form.id)
    return read(read_document(data), editions)


def _whose(
    report: PublishedReport, letter: Submission, expected: Expected
) -> tuple[Unit | None, Text]:
    """The unit whose name it prints; where it prints none, the one it came from."""
    if report.unit:
        named = expected.roster.names.called((essence(report.unit),))
        return (named[0] if len(named) == 1 else None), _PRINTED
    own = letter.letter
    if own is None or own.basis is None:
        return None, _PRINTED
    return expected.roster.by_code.get(own.unit), own.basis


def _stamp(unit: Unit, form: Form, expected: Expected) -> Stamp:
    """As its workbook would have it; nothing proves it, so it is not signed."""
    return Stamp(
        form=form.id,
        edition=form.edition,
        layout=place(form).fingerprint,
        campaign=expected.campaign.id,
        kind="return",
        unit_code=unit.code,
        unit_name=unit.name,
        unit_type=unit.type,
        period=expected.campaign.period,
    )
