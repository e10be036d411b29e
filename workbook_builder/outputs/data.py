"""The JSON contracts of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook_builder.model.answers import ALL_ZERO
from workbook_builder.model.check import Check
from workbook_builder.model.decision import Decided
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form, Table
from workbook_builder.model.layout import Design, Place
from workbook_builder.model.submission import Change, Submission
from workbook_builder.model.summary import TreeNode
from workbook_builder.model.times import china_time
from workbook_builder.model.unit import Roster
from workbook_builder.model.values import Value, plain
from workbook_builder.workbook.place import place


def form_json(form: Form) -> dict[str, Any]:
    """``form show --json``: tables, labels, ids, addresses, checks."""
    layout = place(form)
    return {
        "form": form.id,
        "edition": form.edition,
        "title": form.title,
        "authority": form.authority,
        "frequency": form.frequency.value,
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


def _table(form: Form, layout: Design, table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "sheet": table.sheet,
        "zero_declaration": {**_spot(layout.declarations[table.id]), "yes": ALL_ZERO},
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
                "minimum": cell.type.minimum,
                "maximum": cell.type.maximum,
                "meaning": cell.meaning,
            }
            for cell in form.table_cells(table.id)
        ],
    }


def _check(layout: Design, check: Check) -> dict[str, Any]:
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
    stamp, came = submission.stamp, china_time(submission.came)
    return {
        "path": submission.path,
        "sha256": submission.sha256,
        "verdict": submission.verdict.value,
        "unit": {
            "code": stamp.unit_code if stamp else None,
            "name": stamp.unit_name if stamp else None,
        },
        "year": stamp.year if stamp else None,
        "period": str(stamp.period) if stamp else None,
        "form": stamp.form if stamp else None,
        "edition": stamp.edition if stamp else None,
        "kind": stamp.kind if stamp else None,
        "print_code": submission.print_code or None,
        "sender": submission.arrival.sender or None,
        "sent": submission.arrival.sent_utc or None,
        "message_id": submission.arrival.message_id or None,
        "arrived": came.isoformat() if came else None,
        "facts": {id_: _fact(value) for id_, value in submission.facts.items()},
        "texts": dict(submission.answers.texts),
        "fields": dict(submission.answers.fields),
        "zero_declared": sorted(submission.answers.declared),
        "rest_zero": sorted(submission.answers.rest_zero),
        "findings": [finding_json(each, language) for each in submission.findings],
        "changes": [_change(each) for each in submission.changes],
    }


def nodes_json(roster: Roster, nodes: Mapping[str, TreeNode]) -> dict[str, Any]:
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
        "until": decision.grounds.get("until"),
        "by": decision.grounds.get("by"),
        "why": decision.why,
        "at": decision.at,
        "basis": decision.basis,
        "in_force": decided.in_force,
        "fell": decided.fell.in_language(language) if decided.fell else None,
    }


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


def finding_json(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "cell": finding.cell,
        "cells": list(finding.cells),
        "sheet": finding.sheet,
        "address": finding.address,
        "seen": finding.seen,
        "expected": finding.expected,
        "difference": finding.difference,
        "message": finding.message.in_language(language),
        "remedy": finding.remedy.in_language(language),
        "desk_remedy": finding.desk.in_language(language),
        "explanation": finding.explanation,
        "waived": finding.waived,
    }
