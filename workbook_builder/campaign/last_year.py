"""Last year's figures: from last year's facts.csv, or from last year's workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from pathlib import Path

from workbook_builder.intake.ignored import junk
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.form import Form
from workbook_builder.receive import receive

#: Columns of the facts file this program writes (``outputs.data``).
UNIT, YEAR, CELL, VALUE = "unit", "year", "cell", "value"


def last_year_facts(
    files: Sequence[Path], year: int, form: Form
) -> dict[str, dict[str, Decimal]]:
    """Unit code → cell id → figure, inputs and totals.

    Of two workbooks of one unit the later one counts; they may be in archives and
    mails. Anything that is not of that year and form is passed over.
    """
    found: dict[str, dict[str, Decimal]] = {}
    lists = [path for path in files if path.suffix.lower() == ".csv"]
    books = [
        submission
        for path in files
        if path not in lists
        for submission in receive(path, path.as_posix(), None)
    ]
    for submission in sorted(books, key=attrgetter("order")):
        stamp = submission.stamp
        if stamp is not None and (stamp.form, stamp.year) == (form.id, year):
            found[stamp.unit_code] = {
                id_: value.number
                for id_, value in submission.facts.items()
                if value.number is not None
            }
    for path in lists:
        if not junk(path.name):
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
