"""What form and whose a workbook is that lost its stamp, by what people can see. Pure.

It is told only where the sheets, the file's name and the sender leave one answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbook_builder.model.form import Form
from workbook_builder.model.grid import RawBook, RawKind
from workbook_builder.model.names import essence
from workbook_builder.model.period import Period
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.reading.locate import ENOUGH, share_of, texts_of, words_of
from workbook_builder.workbook.place import HEADING, PASTE, heading_in


@dataclass(frozen=True, slots=True)
class Whose:
    """The unit and how it was told; ``period`` is None where no sheet says it."""

    unit: Unit
    period: Period | None
    basis: Text


SHEETS = Text("表上的“填报单位”", "the unit printed on the sheets")
FILE = Text("文件名", "the name of the file")
SENDER = Text("发件人", "the sender")

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
            roster.names.called(named),
        ),
        (FILE, roster.names.mentioned(name)),
        (SENDER, roster.names.at(senders)),
    )
    for index, (basis, units) in enumerate(clues):
        if len(units) == 1:
            return Whose(units[0], period, basis)
        if units or (named and index == 0):
            return None  # several units, or sheets that name none of ours
    return None


def printed(book: RawBook) -> set[tuple[str, Period]]:
    """Unit and period, as they stand under the titles of the sheets."""
    texts = {  # the same under all titles, mostly
        cell.value
        for sheet in book.sheets
        if sheet.name != PASTE
        for cell in sheet.cells.values()
        if HEADING in cell.value and cell.kind is RawKind.TEXT
    }
    return {found for text in texts if (found := heading_in(text)) is not None}
