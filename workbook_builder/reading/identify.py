"""What form and whose a workbook is that lost its stamp, by what people can see. Pure.

It is told only where the sheets, the file's name and the sender leave one answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbook_builder.model.form import Form
from workbook_builder.model.grid import RawBook, RawKind
from workbook_builder.model.period import Period
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.reading.align import essence
from workbook_builder.reading.locate import ENOUGH, share_of, texts_of, words_of
from workbook_builder.workbook.place import PASTE, heading_in


@dataclass(frozen=True, slots=True)
class Whose:
    """The unit and how it was told; ``period`` is None where no sheet says it."""

    unit: Unit
    period: Period | None
    basis: Text


SHEETS = Text("表上的“填报单位”", "the unit printed on the sheets")
FILE = Text("文件名", "the name of the file")
SENDER = Text("发件人", "the sender")

_NUMBER = re.compile(r"\d{1,5}")

#: So many labels that only another edition prints are no accident.
MARKS = 2


def recognise(ours: Form, editions: Iterable[Form], book: RawBook) -> Form | None:
    """The edition of our form that the sheets show; None where it is none of them.

    It is another one than ours where they show more of what only that one prints.
    """
    texts = texts_of(book)

    def only(form: Form, other: Form) -> int:
        return len((words_of(form) - words_of(other)) & texts)

    others = [each for each in editions if each.edition != ours.edition]
    shown = {each: only(each, ours) for each in others}
    best = max(others, key=lambda each: shown[each], default=ours)
    if best is not ours and shown[best] >= max(MARKS, only(ours, best) + 1):
        return best
    return ours if share_of(ours, book) >= ENOUGH else None


def whose(
    book: RawBook, name: str, senders: Iterable[str], roster: Roster
) -> Whose | None:
    """The one unit that the sheets name, or else the file's name, or the sender."""
    said = printed(book)
    periods = {period for _, period in said}
    period = periods.pop() if len(periods) == 1 else None
    named = {essence(unit) for unit, _ in said}
    clues = (
        (
            SHEETS,
            [unit for unit in roster.units if essence(unit.name) in named],
        ),
        (FILE, units_named(name, roster)),
        (SENDER, units_at(senders, roster)),
    )
    for index, (basis, units) in enumerate(clues):
        if len(units) == 1:
            return Whose(units[0], period, basis)
        if units or (named and index == 0):
            return None  # several units, or sheets that name none of ours
    return None


def printed(book: RawBook) -> set[tuple[str, Period]]:
    """Unit and period, as they stand under the titles of the sheets."""
    texts = (
        cell.value
        for sheet in book.sheets
        for cell in sheet.cells.values()
        if cell.kind is RawKind.TEXT and sheet.name != PASTE
    )
    return {found for text in texts if (found := heading_in(text)) is not None}


def units_at(addresses: Iterable[str], roster: Roster) -> list[Unit]:
    """Units that have one of these e-mail addresses."""
    wanted = {address.casefold() for address in addresses}
    return [
        unit
        for unit in roster.units
        if wanted & {email.casefold() for email in unit.emails}
    ]


def units_named(name: str, roster: Roster) -> list[Unit]:
    """Units whose code or name stands in the file's name; the longest name wins.

    A few digits are no code: copies are numbered, and files are by days.
    """
    words = essence(name)
    tokens = {each for each in re.split(r"[\W_]+", name) if not _NUMBER.fullmatch(each)}
    units = [
        unit
        for unit in roster.units
        if unit.code in tokens or _is_in(essence(unit.name), words)
    ]
    return [
        unit
        for unit in units
        if not any(unit is not o and unit.name in o.name for o in units)
    ]


def _is_in(name: str, words: str) -> bool:
    """A name of a sign or of a few digits stands in anything."""
    return len(name) > 1 and not _NUMBER.fullmatch(name) and name in words
