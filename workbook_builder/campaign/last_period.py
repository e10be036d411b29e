"""Figures and fields of the period before: from its lists, or from its workbooks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import partial
from operator import attrgetter
from pathlib import Path, PurePath

from workbook_builder.campaign.codes import spoilt
from workbook_builder.campaign.summary_file import summary_rows
from workbook_builder.formats.sheet_rows import records
from workbook_builder.intake.ignored import junk
from workbook_builder.model.errors import CampaignError, UnreadableFile, reason
from workbook_builder.model.form import Form, Library
from workbook_builder.model.period import Period
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text, unharmed
from workbook_builder.model.unit import Roster, UnitChange
from workbook_builder.reading.apart import received
from workbook_builder.reading.receive import Source
from workbook_builder.workbook.place import place

_ROW = re.compile("row ([0-9]{1,9}):")
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
    files: list[Text] = field(default_factory=list)
    """What became of the files: a sentence for each list that was used, one for all
    workbooks that were,"""
    unused: list[Text] = field(default_factory=list)
    """and one for each that was not."""

    def reorganised(self, roster: Roster, done: Collection[str] = ()) -> KnownBefore:
        """By the units there are now: figures of those that were merged added up, under
        the code of the unit they are in; of a renamed one, also what it said and wrote.

        A cell is known where it is for all of them, and none is where a unit is missing:
        part of a sum is no figure to compare with. ``done`` are former codes that are
        accounted for already, in a reorganisation before that period ended.
        """
        figures, said, texts = dict(self.figures), dict(self.said), dict(self.texts)
        for unit in roster.units:
            former = [
                code
                for code in unit.former
                if code in roster.successors and code not in done
            ]
            parts = [figures.pop(code, {}) for code in former]
            if former and all(parts):
                parts += [own] if (own := figures.get(unit.code)) else []
                known = set.intersection(*(set(each) for each in parts))
                figures[unit.code] = {
                    id_: sum((each[id_] for each in parts), Decimal(0))
                    for id_ in parts[0]
                    if id_ in known
                }
            elif former:
                figures.pop(unit.code, None)
            if unit.change is UnitChange.RENAMED:
                for code in former:
                    for known_of in (said, texts):
                        if code in known_of:
                            known_of.setdefault(unit.code, known_of[code])
        return replace(self, figures=figures, said=said, texts=texts)


def read_last_period(
    files: Sequence[Path],
    period: Period,
    form: Form,
    forms: Library,
    codes: Collection[str] = (),
) -> KnownBefore:
    """Figures (inputs and totals) and the fields at the head of the reports.

    Of two workbooks of one unit the later one counts; they may be in archives and
    mails, and a 汇总.xlsx of this program stands for those it added up. Lists outrank
    workbooks. Of what is not of that period and form, it is said that it was not used.
    Raises CampaignError where a list holds a code that Excel changed; ``codes`` are those
    of the units there are.
    """
    found = KnownBefore()
    lists = [path for path in files if path.suffix.lower() == ".csv"]
    by_path = {path.as_posix(): path for path in files if path not in lists}
    others = [Source(name, path) for name, path in by_path.items()]
    books = [each for some in received(others, forms) for each in some]
    used = 0
    for submission in sorted(books, key=attrgetter("order")):
        stamp = submission.stamp
        if stamp is not None and (stamp.form, stamp.period) == (form.id, period):
            _take(found, form, submission)
            used += 1
        elif (file := by_path.get(submission.path)) and _summed_up(
            found, file, period, form
        ):
            continue
        elif submission.sha256 and not junk(submission.path):
            found.unused.append(_not_used(submission, period))
    if used:
        found.files.append(
            Text(
                f"{period.full_words}的报送表 {used} 份。",
                f"{used} returns of {period}.",
            )
        )
    for path in lists:
        if not junk(path.name):
            _listed(found, path, period, form, codes)
    return found


def _take(found: KnownBefore, form: Form, submission: Submission) -> None:
    """What one return says."""
    code, answers = submission.unit_code, submission.answers
    asked = {each.id for each in form.fields if each.group == "preamble"}
    found.figures[code] = {
        id_: value.number
        for id_, value in submission.facts.items()
        if value.number is not None
    }
    found.said[code] = {k: v for k, v in answers.fields.items() if k in asked}
    found.texts[code] = dict(answers.texts)


def _not_used(submission: Submission, period: Period) -> Text:
    name, stamp = PurePath(submission.path).name, submission.stamp
    if stamp is not None:
        return Text(
            f"“{name}”是{stamp.period.full_words}的，没有采用；这里要{period.full_words}的。",
            f"{name} is of {stamp.period}, not of {period}: not used.",
        )
    reason = submission.reason
    return Text(
        f"“{name}”没有采用：{reason.zh}这里放上期的 facts.csv、汇总.xlsx 或者报送表。",
        f"{name} was not used: {reason.en} Put facts.csv, 汇总.xlsx or returns here.",
    )


def _summed_up(found: KnownBefore, file: Path, period: Period, form: Form) -> bool:
    """Whether it is a 汇总.xlsx; what it added up is taken, if it is of that period."""
    rows = summary_rows(file)
    if rows is None:
        return False
    if period.words not in rows.title:
        found.unused.append(
            Text(
                f"“{file.name}”不是{period.full_words}的汇总，没有采用。",
                f"{file.name} is not the summary of {period}: not used.",
            )
        )
        return True
    layout = place(form)
    cells = {
        f"{layout.cells[id_].sheet} {layout.cells[id_].address}": id_
        for id_ in form.cells
    }
    for code, figures in rows.counted:
        known = {cells[at]: text for at, text in figures.items() if at in cells}
        amounts = {id_: _decimal(text) for id_, text in known.items()}
        found.figures[code] = {k: v for k, v in amounts.items() if v is not None}
    found.files.append(
        Text(
            f"“{file.name}”：{len(rows.counted)} 个单位的数。",
            f"{file.name}: figures of {len(rows.counted)} units.",
        )
    )
    return True


def _listed(
    found: KnownBefore, path: Path, period: Period, form: Form, codes: Collection[str]
) -> None:
    """What a list says."""
    asked = {each.id for each in form.fields if each.group == "preamble"}
    written = {text.id for text in form.narratives}
    units = set()
    for where, row in _rows(path, period):
        unit = unharmed(row[UNIT])
        if wrong := spoilt(unit, codes):
            raise CampaignError(
                f"{where.zh}：单位代码{wrong.zh}", f"{where.en}: unit {wrong.en}"
            )
        if row.get(CELL) in form.cells:
            found.figures.setdefault(unit, {})[row[CELL]] = _figure(row[VALUE], where)
        elif row.get(FIELD) in asked:
            found.said.setdefault(unit, {})[row[FIELD]] = unharmed(row[VALUE])
        elif row.get(FIELD) in written:
            found.texts.setdefault(unit, {})[row[FIELD]] = unharmed(row[VALUE])
        else:
            continue
        units.add(unit)
    if units:
        words = (
            f"“{path.name}”：{len(units)} 个单位。",
            f"{path.name}: {len(units)} units.",
        )
        found.files.append(Text(*words))
        return
    found.unused.append(
        Text(
            f"“{path.name}”没有采用：里面没有{period.full_words}的数。要上期任务 results 里的 "
            "facts.csv、fields.csv（列 unit、year、cell、value）。",
            f"{path.name} was not used: it has no figures of {period}; take facts.csv and "
            "fields.csv from the results of that campaign.",
        )
    )


def _rows(path: Path, period: Period) -> Iterator[tuple[Text, Mapping[str, str]]]:
    """The rows of that period with a value in them, and where each of them stands."""
    try:
        data = path.read_bytes()
        rows = records(data, partial(_is_of, str(period))) if data.strip() else []
    except UnreadableFile as error:
        found = _ROW.match(error.detail)
        where = f"第{found[1]}行写法有误" if found else "文字编码无法识别，或者文件损坏"
        raise CampaignError(
            f"“{path}”无法读取：{where}。请用 Excel 打开检查，另存为 CSV UTF-8 再试；"
            "不用它的，移到别处。",
            f"{path} cannot be read: {error.detail or error.reason}. Save it as CSV UTF-8, "
            "or put it elsewhere.",
        ) from None
    except OSError as error:
        raise CampaignError(
            f"“{path}”无法打开（{reason(error)}）。如果正在 Excel 里打开，请先关闭再试。",
            f"{path} cannot be opened: {error.strerror}. Close it elsewhere.",
        ) from None
    for number, row in rows:
        yield Text(f"{path} 第{number}行", f"{path}, row {number}"), row


def _is_of(period: str, row: Mapping[str, str]) -> bool:
    """Whether a row is of that period, counts and has a value."""
    if not {UNIT, YEAR} <= row.keys() or not row.get(VALUE):
        return False
    return row.get(PERIOD, row[YEAR]) == period and row.get(COUNTED) != "false"


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
