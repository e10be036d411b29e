"""Results as data: the JSON contracts, and facts and findings as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbook_builder.excel.formula import YES
from workbook_builder.excel.place import place
from workbook_builder.model.change import Change
from workbook_builder.model.decision import Decided
from workbook_builder.model.finding import CATALOGUE, Finding
from workbook_builder.model.form import Check, Form, Table
from workbook_builder.model.layout import Layout, Place
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster
from workbook_builder.model.values import Value, plain
from workbook_builder.rules.tally import Node

#: A field that begins with one of these is taken for a formula by office suites.
_DANGEROUS = tuple("=+-@\t\r\0＝＋－＠")


def form_json(form: Form) -> dict[str, Any]:
    """``form show --json``: tables, labels, ids, addresses, checks."""
    layout = place(form)
    return {
        "form": form.id,
        "edition": form.edition,
        "title": form.title,
        "authority": form.authority,
        "layout": layout.fingerprint,
        "tables": [_table(form, layout, table) for table in form.tables],
        "narrative": [
            {
                "id": text.id,
                "title": text.title,
                "section": text.section,
                **_spot(layout.texts[text.id]),
            }
            for text in form.narratives
        ],
        "fields": [
            {
                "id": each.id,
                "title": each.title,
                "group": each.group,
                **_spot(layout.fields[each.id]),
            }
            for each in form.fields
        ],
        "checks": [_check(layout, check) for check in form.checks],
    }


def _table(form: Form, layout: Layout, table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "sheet": table.sheet,
        "zero_declaration": {**_spot(layout.declarations[table.id]), "yes": YES},
        "cells": [
            {
                "id": cell.id,
                "row": list(cell.row_labels),
                "column": list(cell.column_labels),
                **_spot(layout.cells[cell.id]),
                "kind": cell.kind.value,
                "type": cell.type.id,
                "unit": cell.type.unit,
                "decimals": cell.type.decimals,
                "meaning": cell.meaning,
            }
            for cell in form.table_cells(table.id)
        ],
    }


def _check(layout: Layout, check: Check) -> dict[str, Any]:
    instances = [each for line in check.lines for each in line.instances]
    return {
        "code": check.code,
        "title": check.title,
        "severity": check.severity.value,
        "rule": check.rule,
        "source": check.source,
        "cells": list(dict.fromkeys(id_ for each in instances for id_ in each.cells)),
        "lines": [
            {
                "key": line.key,
                "label": line.label,
                "sheet": layout.lines[line.key].sheet,
                "row": layout.lines[line.key].row + 1,
            }
            for line in check.lines
        ],
    }


def _spot(spot: Place) -> dict[str, str]:
    return {"sheet": spot.sheet, "address": spot.address}


def submission_json(submission: Submission, language: str = "zh") -> dict[str, Any]:
    """One entry of ``files`` in ``check --json`` and ``collect --json``."""
    stamp = submission.stamp
    return {
        "path": submission.path,
        "sha256": submission.sha256,
        "verdict": submission.verdict.value,
        "unit": {
            "code": stamp.unit_code if stamp else None,
            "name": stamp.unit_name if stamp else None,
        },
        "year": stamp.year if stamp else None,
        "form": stamp.form if stamp else None,
        "edition": stamp.edition if stamp else None,
        "kind": stamp.kind if stamp else None,
        "print_code": submission.print_code or None,
        "sender": submission.arrival.sender or None,
        "sent": submission.arrival.sent_utc or None,
        "message_id": submission.arrival.message_id or None,
        "facts": {id_: _fact(value) for id_, value in submission.facts.items()},
        "texts": dict(submission.answers.texts),
        "fields": dict(submission.answers.fields),
        "zero_declared": sorted(submission.answers.declared),
        "findings": [_finding(each, language) for each in submission.findings],
        "changes": [_change(each) for each in submission.changes],
    }


def nodes_json(roster: Roster, nodes: Mapping[str, Node]) -> dict[str, Any]:
    """``nodes`` of ``collect --json``."""
    return {
        code: {
            "name": roster.by_code[code].name,
            "parent": roster.by_code[code].parent or None,
            "returned": node.returned,
            "accepted": node.accepted,
            "expected": node.expected,
            "totals": {id_: plain(total) for id_, total in node.totals.items()},
        }
        for code, node in nodes.items()
    }


def decided_json(decided: Decided, language: str = "zh") -> dict[str, Any]:
    """One entry of ``decisions`` in ``collect --json`` and ``decide --list --json``."""
    decision = decided.decision
    return {
        "unit": decision.unit,
        "ruling": decision.ruling.value,
        "code": decision.code or None,
        "line": decision.line or None,
        "cell": decision.cell or None,
        "why": decision.why,
        "at": decision.at,
        "basis": decision.basis,
        "in_force": decided.in_force,
        "fell": decided.fell.in_language(language) if decided.fell else None,
    }


def facts_csv(form: Form, counted: Sequence[Submission]) -> bytes:
    """One line for each fact that was added up, with where it was read."""
    layout = place(form)
    head = (
        "unit", "unit_name", "year", "file", "cell", "label", "kind", "sheet",
        "address", "state", "value", "sender", "sent",
    )  # fmt: skip
    cells = [
        (
            cell.id,
            cell.name,
            cell.kind.value,
            layout.cells[cell.id].sheet,
            layout.cells[cell.id].address,
        )
        for cell in form.cells.values()
    ]
    return _csv(
        head,
        (
            (*whose, *where, value.state.value, _harmless(value.shown or ""), *mail)
            for submission in counted
            for whose in [_whose(submission)]
            for mail in [_mail(submission)]
            for where in cells
            for value in [submission.facts[where[0]]]
        ),
    )


def _whose(submission: Submission) -> tuple[str, str, str, str]:
    stamp = submission.stamp
    assert stamp is not None  # what is counted has said whose it is
    return (
        _harmless(stamp.unit_code),
        _harmless(stamp.unit_name),
        str(stamp.year),
        _harmless(submission.path),
    )


def _mail(submission: Submission) -> tuple[str, str]:
    arrival = submission.arrival
    return _harmless(arrival.sender), arrival.sent_utc


def fields_csv(form: Form, standing: Sequence[Submission]) -> bytes:
    """What units said at the head of their reports; next year's workbooks begin with it.

    Signatures are not carried along: who signs, signs for one year.
    """
    head = ("unit", "unit_name", "year", "file", "field", "title", "value")
    fields = [each for each in form.fields if each.group == "preamble"]
    return _csv(
        head,
        (
            (*_whose(submission), each.id, each.title, _harmless(said))
            for submission in standing
            for each in fields
            if (said := submission.answers.fields.get(each.id, ""))
        ),
    )


def findings_csv(submissions: Iterable[Submission]) -> bytes:
    """One line for each finding of each file, and for each cell a version changed.

    A line of a changed cell has the code V03, in ``seen`` what stood there before and
    in ``expected`` what the version that counts has.
    """
    head = (
        "file", "unit", "unit_name", "verdict", "code", "severity", "cell", "sheet",
        "address", "seen", "expected", "difference", "message", "remedy", "explanation",
        "waived", "sender", "sent",
    )  # fmt: skip
    rows = (
        (*_of_whom(submission), *columns, *_mail(submission))
        for submission in submissions
        for columns in (
            *map(_finding_columns, submission.findings),
            *map(_change_columns, submission.changes),
        )
    )
    return _csv(head, ([_harmless(text) for text in row] for row in rows))


def _of_whom(submission: Submission) -> tuple[str, ...]:
    return (
        submission.path,
        submission.unit_code,
        submission.stamp.unit_name if submission.stamp else "",
        submission.verdict.value,
    )


def _finding_columns(finding: Finding) -> tuple[str, ...]:
    return (
        finding.code,
        finding.severity.value,
        finding.cell or "",
        finding.sheet or "",
        finding.address or "",
        finding.seen or "",
        finding.expected or "",
        finding.difference or "",
        finding.message.zh,
        finding.remedy.zh,
        finding.explanation or "",
        finding.waived or "",
    )


def _change_columns(change: Change) -> tuple[str, ...]:
    return (
        "V03",
        CATALOGUE["V03"].severity.value,
        change.id,
        change.sheet,
        change.address,
        change.before or "",
        change.after or "",
        "",
        change.text.zh,
        CATALOGUE["V03"].remedy.zh,
        "",
        "",
    )


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with BOM, so that Excel opens it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """Text that no suite takes for a formula; numbers stay as they are."""
    if not text.startswith(_DANGEROUS):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def unharmed(field: str) -> str:
    """The text that :func:`_harmless` was given."""
    bare = field.removeprefix("'")
    return bare if _harmless(bare) == field else field


def _fact(value: Value) -> dict[str, Any]:
    return {"state": value.state.value, "value": value.shown}


def _change(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "sheet": change.sheet,
        "address": change.address,
        "before": change.before,
        "after": change.after,
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "cell": finding.cell,
        "sheet": finding.sheet,
        "address": finding.address,
        "seen": finding.seen,
        "expected": finding.expected,
        "difference": finding.difference,
        "message": finding.message.in_language(language),
        "remedy": finding.remedy.in_language(language),
        "explanation": finding.explanation,
        "waived": finding.waived,
    }
