"""Last year's figures: from last year's facts.csv, or from last year's workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from workbook_builder.judge import judge
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.form import Form

#: Columns of the facts file this program writes (``outputs.data``).
UNIT, YEAR, CELL, VALUE = "unit", "year", "cell", "value"


def last_year_facts(
    files: Sequence[Path], year: int, form: Form
) -> dict[str, dict[str, Decimal]]:
    """Unit code → cell id → figure, inputs and totals.

    Of two workbooks of one unit the later file counts. Anything that is not of that
    year and form is passed over.
    """
    found: dict[str, dict[str, Decimal]] = {}
    books = [path for path in files if path.suffix.lower() in {".xlsx", ".xlsm"}]
    for path in sorted(books, key=lambda path: (path.stat().st_mtime, path.name)):
        submission = judge(path.name, path.read_bytes())
        stamp = submission.stamp
        if stamp is not None and (stamp.form, stamp.year) == (form.id, year):
            found[stamp.unit_code] = {
                id_: value.number
                for id_, value in submission.facts.items()
                if value.number is not None
            }
    for path in files:
        if path.suffix.lower() == ".csv":
            _read_csv(path, year, form, found)
    return found


def _read_csv(
    path: Path, year: int, form: Form, found: dict[str, dict[str, Decimal]]
) -> None:
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    reader = csv.DictReader(io.StringIO(text))
    if not {UNIT, YEAR, CELL, VALUE} <= set(reader.fieldnames or ()):
        return
    for number, row in enumerate(reader, 2):
        if row[YEAR] != str(year) or row[CELL] not in form.cells or not row[VALUE]:
            continue
        value = _decimal(row[VALUE])
        if value is None:
            raise CampaignError(
                f"{path} 第{number}行：“{row[VALUE]}”不是数字，请改正。",
                f"{path}, row {number}: {row[VALUE]} is not a number; correct it.",
            )
        found.setdefault(row[UNIT], {})[row[CELL]] = value


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
