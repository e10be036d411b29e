"""What goes back to a unit: its own answers with marks, for ``collect`` and ``mail``."""

from __future__ import annotations

from workbook_builder.model.expected import Expected
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Unit
from workbook_builder.workbook.build import build_workbook, put_back


def returned_workbook(expected: Expected, summary: Summary, unit: Unit) -> bytes | None:
    """None where there is nothing to send back."""
    submission = summary.standing.get(unit.code)
    if submission is None or not submission.verdict.goes_back:
        return None
    return build_workbook(
        summary.form,
        unit,
        expected.campaign,
        put_back(submission.answers),
        last_period=expected.last_period.get(unit.code, {}),
        # What the office waived asks nothing of the unit any more.
        findings=[
            each
            for each in submission.findings
            if each.waived is None and not each.is_for_the_desk
        ],
        kind=submission.stamp.kind if submission.stamp else "return",
    )
