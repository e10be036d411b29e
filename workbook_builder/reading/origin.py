"""Whether anything speaks against the stamp: the sheets, the sender, names, the texts.
Pure.

A stamp proves to whom a workbook was sent out, not who filled it in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from workbook_builder.model.answers import Answers
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Finding
from workbook_builder.model.grid import RawBook
from workbook_builder.model.names import essence
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.reading.identify import FILE, SENDER, SHEETS, printed

#: So much of a text may come before the name of whoever wrote it, and that name.
_HEAD = 80
#: In so much of it stands the period before its first word, mostly.
_WORD = 16
_PERIOD = re.compile(r"^\d+年?度?")
#: What ``mail fetch`` calls a mail says when it came and from where, not whose it is.
_FETCHED = re.compile(r"\d{8}-\d{6}_.*\.eml")

_SUBJECT = Text("邮件主题里写的", "the subject of its mail")
_TEXT = Text("文字部分写的", "whoever its texts speak of")


def about_origin(
    stamp: Stamp,
    book: RawBook,
    path: str,
    arrival: Arrival,
    answers: Answers,
    expected: Expected,
) -> Iterator[Finding]:
    """N09 where something names another unit of the roster, and N08 where the sheets
    print another name or period than the stamp has."""
    own, shown = expected.roster.by_code[stamp.unit_code], printed(book)
    on_sheets = {name for name, _ in shown}
    clues = _naming_others(own, on_sheets, path, arrival, answers, expected)
    found = next(clues, None)
    if found is not None:
        basis, units = found
        names = "、".join(each.name for each in units)
        yield catalogued("N09", detail=basis, seen=names, expected=own.name)
    wanted = {essence(stamp.unit_name), essence(own.name)}
    for name, period in sorted(shown, key=str):
        other = found is None and essence(name) not in wanted
        if other or period != stamp.period:
            seen, right = f"{name} {period.words}", f"{own.name} {stamp.period.words}"
            yield catalogued("N08", seen=seen, expected=right)
            return


def _naming_others(
    own: Unit,
    on_sheets: Set[str],
    path: str,
    arrival: Arrival,
    answers: Answers,
    expected: Expected,
) -> Iterator[tuple[Text, Sequence[Unit]]]:
    """Each clue that names others, and not the unit of the stamp."""
    roster = expected.roster
    others = {essence(name) for name in on_sheets} - {essence(own.name)}
    yield from _clue(SHEETS, roster.names.called(others))
    # What the collecting office passes on itself came from somebody else.
    if arrival.sender.casefold() != expected.campaign.email.casefold():
        units = roster.names.at((arrival.sender,))
        yield from _clue(SENDER, () if own in units else units)
    above = set(roster.above(own.code))
    parts = [part for part in path.split("/") if not _FETCHED.fullmatch(part)]
    said = [(FILE, part) for part in parts] + [(_SUBJECT, arrival.subject)]
    for basis, text in said:
        units = roster.names.mentioned(text)
        # The unit above is part of what a unit is called.
        apart = [unit for unit in units if unit.code not in above]
        yield from _clue(basis, () if own in units else apart)
    for text in answers.texts.values():
        yield from _clue(_TEXT, _speaking(text, own, roster))


def _clue(basis: Text, units: Sequence[Unit]) -> Iterator[tuple[Text, Sequence[Unit]]]:
    if units:
        yield basis, units


def _speaking(text: str, own: Unit, roster: Roster) -> Sequence[Unit]:
    """The other unit whose name a text begins with, after a period and units above."""
    word = _PERIOD.sub("", essence(text[:_WORD]))
    # Marks that follow may still make another sign of its last one.
    if len(word) > 1 and not roster.names.may_begin(word):
        return ()
    said = _PERIOD.sub("", essence(text[:_HEAD]))
    above = [roster.by_code[code] for code in roster.above(own.code)]
    for unit in reversed(above[1:]):  # the topmost is named first
        said = said.removeprefix(essence(unit.name))
    first = max(
        roster.names.beginning(said), key=lambda unit: len(unit.name), default=own
    )
    # A longer name of its own may begin with the name of another.
    known = first in above or essence(first.name) in essence(own.name)
    return () if known else (first,)
