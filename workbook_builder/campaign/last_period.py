"""Figures and fields of the period before: from its lists, or from its workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from pathlib import Path

from workbook_builder.campaign.codes import spoilt
from workbook_builder.formats.sheet_rows import decoded
from workbook_builder.intake.ignored import junk
from workbook_builder.model.errors import CampaignError, UnreadableFile
from workbook_builder.model.form import Form, Library
from workbook_builder.model.period import Period
from workbook_builder.model.text import Text, unharmed
from workbook_builder.model.unit import Roster, UnitChange
from workbook_builder.reading.apart import received
from workbook_builder.reading.receive import Source

#: Columns of the lists this program writes (``outputs.records``).
UNIT, YEAR, PERIOD, CELL, FIELD, VALUE = (
    *("unit", "year", "period", "cell", "field", "value"),
)
#: Rows that say ``false`` here were not part of last year's sums.
COUNTED = "counted"


@dataclass(frozen=True)
class KnownBefore:
    """What is known of the period before: by unit code, then cell, field or text id."""

    figures: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def reorganised(self, roster: Roster) -> KnownBefore:
        """By the units there are now: figures of those that were merged added up, under
        the code of the unit they are in; of a renamed one, also what it said and wrote.

        A cell is known where it is for all of them, and none is where a unit is missing.
        """
        figures, said, texts = dict(self.figures), dict(self.said), dict(self.texts)
        for unit in roster.units:
            former = [code for code in unit.former if code in roster.successors]
            parts = [figures.pop(code, {}) for code in former]
            if former and all(parts):
                parts += [own] if (own := figures.get(unit.code)) else []
                known = set.intersection(*(set(each) for each in parts))
                figures[unit.code] = {
                    id_: sum((each[id_] for each in parts), Decimal(0))
                    for id_ in parts[0]
                    if id_ in known
                }
            elif any(parts):
                figures.pop(unit.code, None)
            if unit.change is UnitChange.RENAMED:
                for code in former:
                    for known_of in (said, texts):
                        if code in known_of:
                            known_of.setdefault(unit.code, known_of[code])
        return KnownBefore(figures, said, texts)


def read_last_period(
    files: Sequence[Path],
    period: Period,
    form: Form,
    forms: Library,
    codes: Collection[str] = (),
) -> KnownBefore:
    """Figures (inputs and totals) and the fields at the head of the reports.

    Of two workbooks of one unit the later one counts; they may be in archives and
    mails. Lists outrank workbooks. Anything that is not of that period and form is
    passed over. Raises CampaignError where a list holds a code that Excel changed;
    ``codes`` are those of the units there are.
    """
    found = KnownBefore()
    asked = {each.id for each in form.fields if each.group == "preamble"}
    written = {text.id for text in form.narratives}
    lists = [path for path in files if path.suffix.lower() == ".csv"]
    others = [Source(path.as_posix(), path) for path in files if path not in lists]
    books = [each for found in received(others, forms) for each in found]
    for submission in sorted(books, key=attrgetter("order")):
        stamp = submission.stamp
        if stamp is not None and (stamp.form, stamp.period) == (form.id, period):
            found.figures[stamp.unit_code] = {
                id_: value.number
                for id_, value in submission.facts.items()
                if value.number is not None
            }
            fields = submission.answers.fields.items()
            found.said[stamp.unit_code] = {k: v for k, v in fields if k in asked}
            found.texts[stamp.unit_code] = dict(submission.answers.texts)
    for path in lists:
        if not junk(path.name):
            for where, row in _rows(path, period):
                if wrong := spoilt(unharmed(row[UNIT]), codes):
                    raise CampaignError(
                        f"{where.zh}：单位代码{wrong.zh}",
                        f"{where.en}: unit {wrong.en}",
                    )
                if row.get(CELL) in form.cells:
                    figures = found.figures.setdefault(unharmed(row[UNIT]), {})
                    figures[row[CELL]] = _figure(row[VALUE], where)
                elif row.get(FIELD) in asked:
                    said = found.said.setdefault(unharmed(row[UNIT]), {})
                    said[row[FIELD]] = unharmed(row[VALUE])
                elif row.get(FIELD) in written:
                    texts = found.texts.setdefault(unharmed(row[UNIT]), {})
                    texts[row[FIELD]] = unharmed(row[VALUE])
    return found


def _rows(path: Path, period: Period) -> Iterator[tuple[Text, Mapping[str, str]]]:
    """The rows of that period with a value in them, and where each of them stands."""
    try:
        reader = csv.DictReader(io.StringIO(decoded(path.read_bytes()), newline=""))
    except UnreadableFile:
        raise CampaignError(
            f"“{path}”无法读取：文字编码无法识别。请用 Excel 打开，另存为 CSV UTF-8 再试。",
            f"{path} cannot be read as text; save it as CSV UTF-8.",
        ) from None
    if {UNIT, YEAR, VALUE} <= set(reader.fieldnames or ()):
        for number, row in enumerate(reader, 2):
            counts = row.get(COUNTED) != "false"
            if row.get(PERIOD, row[YEAR]) == str(period) and row[VALUE] and counts:
                yield Text(f"{path} 第{number}行", f"{path}, row {number}"), row


def _figure(text: str, where: Text) -> Decimal:
    value = _decimal(text)
    if value is None:
        raise CampaignError(
            f"{where.zh}：“{text}”不是数字，请改正。",
            f"{where.en}: {text} is not a number; correct it.",
        )
    return value


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
