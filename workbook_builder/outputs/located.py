"""Where a finding is to be looked for."""

from __future__ import annotations

from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.workbook.place import place


def where(form: Form, finding: Finding) -> tuple[str | None, str | None]:
    """Sheet and address of a finding; those of its cell where it names none."""
    spot = place(form).place_of(finding.cell)
    if finding.sheet is not None or spot is None:
        return finding.sheet, finding.address
    return spot.sheet, spot.address
