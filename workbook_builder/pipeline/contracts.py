"""The JSON contracts of the commands: keys may be added, none is renamed or left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from workbook_builder.model.decision import Decided
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.form import Form
from workbook_builder.model.publication import Publication
from workbook_builder.model.standing import Count, Standing, count, reached_text
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import plain
from workbook_builder.outputs.circular import CIRCULAR, Circular, circular_records
from workbook_builder.outputs.data import (
    decided_json,
    finding_json,
    form_json,
    nodes_json,
    submission_json,
)
from workbook_builder.pipeline.auditing import AuditedReport
from workbook_builder.pipeline.collecting import Collection
from workbook_builder.pipeline.comparing import Comparison, Difference
from workbook_builder.pipeline.lifting import Lifted
from workbook_builder.pipeline.published_reports import ReadReport
from workbook_builder.pipeline.publishing import Compared, Publications
from workbook_builder.pipeline.standing import Progressed
from workbook_builder.pipeline.tracing import Traced

Told = Form | Submission | Decided | Collection | Lifted | Progressed | Traced


def to_json(what: Told, language: str = "zh") -> dict[str, Any]:
    """What ``--json`` prints of it, for ``json.dumps``: figures are exact texts."""
    match what:
        case Form():
            return form_json(what)
        case Submission():
            return submission_json(what, language)
        case Decided():
            return decided_json(what, language)
        case Collection():
            return _collection(what, language)
        case Lifted():
            return _lifted(what)
        case Progressed():
            due = ((s.state, s.days_late) for s in what.standings if s.due)
            return progress_json(what, what.standings, count(due), language)
        case Traced():
            return _traced(what)


def files_json(
    submissions: Iterable[Submission], language: str = "zh"
) -> dict[str, Any]:
    """``check --json``."""
    return {"files": [submission_json(each, language) for each in submissions]}


def reports_json(reports: Iterable[ReadReport], language: str = "zh") -> dict[str, Any]:
    """``read-report --json``."""
    return {"files": [_read_report(each, language) for each in reports]}


def _read_report(read: ReadReport, language: str) -> dict[str, Any]:
    report = read.report
    return {
        "path": read.path,
        "sha256": read.sha256,
        "kind": report.kind.value,
        "unit": report.unit,
        "year": report.year,
        "form": report.form,
        "edition": report.edition,
        "facts": {
            id_: {
                "state": fact.value.state.value,
                "value": None
                if fact.value.number is None
                else plain(fact.value.number),
                "certainty": fact.certainty.value,
                "where": fact.where,
                "words": fact.words,
            }
            for id_, fact in report.facts.items()
        },
        "texts": dict(report.texts),
        "findings": [finding_json(each, language) for each in report.findings],
    }


def audit_json(
    audited: Iterable[AuditedReport], language: str = "zh"
) -> dict[str, Any]:
    """``audit --json``: as ``read-report --json``, with the findings of the audit."""
    return {
        "files": [
            {
                **_read_report(each.read, language),
                "compared_with": each.before,
                "findings": [finding_json(f, language) for f in each.findings],
            }
            for each in audited
        ]
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """``compare --json``."""
    return {
        "unit": comparison.unit.code,
        "returned": comparison.returned,
        "published": comparison.read.path,
        "differences": [_difference(each) for each in comparison.differences],
        "unsure": [_difference(each) for each in comparison.unsure],
        "texts": list(comparison.texts),
    }


def _difference(each: Difference) -> dict[str, Any]:
    returned, printed = each.returned.number, each.printed.value.number
    return {
        "cell": each.cell.id,
        "name": each.cell.name,
        "returned": None if returned is None else plain(returned),
        "published": None if printed is None else plain(printed),
        "certainty": each.printed.certainty.value,
        "words": each.printed.words,
    }


def decisions_json(decided: Iterable[Decided], language: str = "zh") -> dict[str, Any]:
    """``decide --list --json``."""
    return {"decisions": [decided_json(each, language) for each in decided]}


def _collection(collection: Collection, language: str) -> dict[str, Any]:
    summary = collection.summary
    return {
        **files_json(collection.submissions, language),
        "nodes": nodes_json(summary.roster, collection.nodes),
        **decisions_json(summary.decisions, language),
    }


def _lifted(lifted: Lifted) -> dict[str, Any]:
    kinds = ("figures", "texts", "fields", "explanations")
    return {
        "unit": lifted.unit.code,
        "moved": dict(zip(kinds, lifted.moved, strict=True)),
        "signed": lifted.signed,
        "not_found": [cell.id for cell in lifted.lost],
        "not_moved": [
            {
                "sheet": stray.place.sheet,
                "address": stray.place.address,
                "content": stray.content,
                "beside": list(stray.beside),
            }
            for stray in lifted.strays
        ],
    }


def progress_json(
    found: Progressed, wanted: Sequence[Standing], sums: Count, language: str = "zh"
) -> dict[str, Any]:
    """``status --json``; ``sums`` are of more units where only some are wanted."""
    deadline = found.campaign.deadline
    return {
        "deadline": deadline.isoformat() if deadline else None,
        "today": found.today.isoformat(),
        "judged_anew": found.judged_anew,
        "other_files": found.others,
        "unused": [text.in_language(language) for text in found.unused],
        "due": sums.due,
        "returned": sums.returned,
        "accepted": sums.accepted,
        "punctual": sums.punctual if deadline else None,
        "rate": str(sums.rate) if deadline and sums.rate is not None else None,
        "units": [_standing(each, language) for each in wanted],
    }


def _standing(each: Standing, language: str) -> dict[str, Any]:
    own, mail = each.returned, each.mail
    return {
        "code": each.unit.code,
        "name": each.unit.name,
        "type": each.unit.type or None,
        "parent": each.unit.parent or None,
        "due": each.due,
        "state": each.state.value,
        "state_text": reached_text(each.state).in_language(language),
        "file": own.path or None if own else None,
        "sha256": own.sha256 or None if own else None,
        "received": _iso(own.received) if own else None,
        "first_received": _iso(own.first) if own else None,
        "version": own.version if own else None,
        "sent_back": each.sent_back,
        "open": list(own.open) if own else [],
        "deadline": each.deadline.isoformat() if each.deadline else None,
        "agreement": _agreement(each.unit),
        "days_late": each.days_late,
        "published": _publication(each.publication),
        "letters": [kind.value for kind in each.letters],
        "mail": {
            "last": mail.last.value,
            "at": mail.at or None,
            "reminders": mail.reminders,
        },
    }


def _publication(known: Publication | None) -> dict[str, str] | None:
    return {"url": known.url, "day": known.day.isoformat()} if known else None


def publications_json(found: Publications) -> dict[str, Any]:
    """``published --json``; ``page`` is what the comparison of the saved page came to."""
    sums, day = found.count, found.progressed.today
    return {
        "today": day.isoformat(),
        "publish_by": sums.by.isoformat() if sums.by else None,
        "due": sums.due,
        "published": sums.published,
        "punctual": sums.punctual if sums.by else None,
        "rate": None if sums.rate is None else str(sums.rate),
        "unknown_pages": list(found.unknown),
        "units": [
            {
                "code": each.unit.code,
                "name": each.unit.name,
                "published": _publication(each.publication),
                "days_late": found.duty.days_late(each.publication, day),
                "page": _page(found.pages.get(each.unit.code)),
            }
            for each in found.due
        ],
    }


def _page(compared: Compared | None) -> dict[str, Any] | None:
    if isinstance(compared, CampaignError):
        return {"problem": compared.text.zh}
    return comparison_json(compared) if compared else None


def circular_json(circular: Circular) -> dict[str, Any]:
    """``circular --json``: the totals, and the rows of the letter by column."""
    sums, names = circular.count, [each.name for each in CIRCULAR.columns]
    deadline = circular.campaign.deadline
    return {
        "today": circular.today.isoformat(),
        "deadline": deadline.isoformat() if deadline else None,
        "due": sums.due,
        "returned": sums.returned,
        "accepted": sums.accepted,
        "punctual": sums.punctual if deadline else None,
        "rate": str(sums.rate) if deadline and sums.rate is not None else None,
        "units": [
            dict(zip(names, row, strict=True)) for row in circular_records(circular)
        ],
    }


def _agreement(unit: Unit) -> dict[str, str | None] | None:
    """What was agreed with it; ``until`` is null where nothing is due from it."""
    agreement = unit.agreement
    if agreement is None:
        return None
    until = agreement.until.isoformat() if agreement.until else None
    return {"until": until, "by": agreement.by or None, "why": agreement.why or None}


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _traced(traced: Traced) -> dict[str, Any]:
    found = traced.trace
    return {
        "cell": found.cell,
        "label": found.label,
        "sheet": found.sheet,
        "address": found.address,
        "unit": found.node or None,
        "unit_name": found.node_name,
        "total": _text(found.recorded),
        "added_again": _text(found.added_again),
        "exact": found.is_exact,
        "in_workbook": _text(traced.in_workbook),
        "contributors": [
            {
                "unit": each.unit,
                "unit_name": each.name,
                "value": _text(each.amount),
                "file": each.file,
                "sheet": found.sheet,
                "address": found.address,
                "sha256": each.sha256,
                "edition": each.edition,
            }
            for each in found.contributors
        ],
        "due": found.due,
        "counted": found.counted,
        "left_out": [
            {
                "unit": each.unit,
                "unit_name": each.name,
                "state": each.state,
                "file": each.file or None,
            }
            for each in found.left_out
        ],
        "since": {
            "changed": list(traced.changed),
            "gone": list(traced.gone),
            "new": list(traced.new),
        },
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)
