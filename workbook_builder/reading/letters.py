"""Whose a letter is, and what a clerk is told of it. Pure."""

from __future__ import annotations

from dataclasses import replace

from workbook_builder.model.arrival import Arrival
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding
from workbook_builder.model.letter import Letter
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster
from workbook_builder.reading.identify import FILE, SENDER


def connected(letter: Letter, arrival: Arrival, path: str, roster: Roster) -> Letter:
    """The letter with its unit: the one it was sent to, for a bounce; else the one it is
    from by its sender, or by a name in the subject, or in the name of the file.

    A name says less than an address, and several units are none.
    """
    returned, names = letter.bounce, roster.names
    clues = (
        (_TO, names.at(returned.recipients if returned else ())),
        (SENDER, names.at((arrival.sender,))),
        (_SUBJECT, names.mentioned(arrival.subject)),
        (FILE, names.mentioned(path)),
    )
    for basis, units in clues:
        if units:
            known = len(units) == 1
            return replace(letter, unit=units[0].code, basis=basis) if known else letter
    return letter


_TO = Text("收件人", "the recipient")
_SUBJECT = Text("邮件主题", "the subject")


def said_of(letter: Letter) -> Finding:
    """The finding for a file that is a letter; ``seen`` holds what its mail begins with,
    the name of the file on a network disk, what a server said."""
    code = letter.kind.code
    if letter.cloud is not None:
        file = letter.cloud
        return catalogued(code, detail=file.where, seen=file.name, link=file.link)
    text, detail = letter.text, Text("", "")
    if letter.bounce is not None:
        text = letter.bounce.reply or text
        to = letter.bounce.recipients[:3]
        detail = Text("、".join(to) or "（不明）", ", ".join(to) or "(unknown)")
    return catalogued(code, detail, **({"seen": text} if text else {}))
