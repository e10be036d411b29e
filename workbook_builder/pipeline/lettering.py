"""``letters`` and ``assign``: what came and is no workbook, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook_builder.campaign.decisions import assigned
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.record import now
from workbook_builder.campaign.roster import find_unit
from workbook_builder.model.letter import Letter
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit
from workbook_builder.pipeline.choosing import named_file
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.surveying import survey


@dataclass(frozen=True, slots=True)
class LetterEntry:
    """A letter in the list. ``unit`` is None where nobody knows whose it is;
    ``answered`` tells that a return of that unit stands."""

    submission: Submission
    letter: Letter
    unit: Unit | None
    answered: bool


def letters(folder: Folder, progress: Progress = silent) -> tuple[LetterEntry, ...]:
    """Every letter: first those of nobody, then by unit in the order of the roster."""
    summary, _ = survey(folder, folder.expected(), folder.history(), progress)
    return tuple(_entries(summary))


def assign_letter(
    folder: Folder, file: str, unit: str, progress: Progress = silent
) -> LetterEntry:
    """Records that a letter is from this unit (a code or a name); ``file`` is its place
    in the inbox as ``letters`` lists it, or a name in it where only one can be meant.

    Raises CampaignError where there is no such unit or letter, or several.
    """
    found = find_unit(folder.roster(), unit)
    all_ = letters(folder, progress)
    entries = {entry.submission.path: entry for entry in all_}
    entry = entries[named_file(entries, file, Text("来信", "letters"))]
    with folder.record() as record:
        record.append(assigned(entry.submission.path, found.code, now()))
    return LetterEntry(entry.submission, entry.letter, found, entry.answered)


def _entries(summary: Summary) -> Iterator[LetterEntry]:
    for unit in (None, *summary.roster.units):
        code = unit.code if unit else ""
        for each in summary.letters.get(code, ()):
            if each.letter is not None:
                yield LetterEntry(each, each.letter, unit, code in summary.standing)
