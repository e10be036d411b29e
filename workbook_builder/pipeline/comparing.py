"""``compare``: what a unit published against its return that counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.roster import find_unit
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.expected import Expected
from workbook_builder.model.explanation import compact
from workbook_builder.model.form import Cell
from workbook_builder.model.published_report import PublishedFact
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import Value
from workbook_builder.pipeline.published_reports import (
    ReadReport,
    prove_fits,
    read_reports,
)
from workbook_builder.pipeline.surveying import survey


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is printed otherwise than it was returned, or could not be read."""

    cell: Cell
    returned: Value
    printed: PublishedFact


@dataclass(frozen=True, slots=True)
class Comparison:
    """``returned`` is the file that counts. ``texts`` are the titles of the parts whose
    text is another; a part that the report does not divide is not compared."""

    unit: Unit
    returned: str
    read: ReadReport
    differences: tuple[Difference, ...]
    unsure: tuple[Difference, ...]
    texts: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return not (self.differences or self.unsure or self.texts)


def compare(folder: Folder, said: str, file: Path) -> Comparison:
    """Cell by cell. Raises CampaignError where the unit has no return that counts, or
    the file is no report of the campaign's edition and period."""
    expected = folder.expected()
    unit = find_unit(expected.roster, said)
    summary, _ = survey(folder, expected, folder.history())
    (read,) = read_reports([file], [expected.form])
    return held_against(expected, summary, unit, read)


def held_against(
    expected: Expected, summary: Summary, unit: Unit, read: ReadReport
) -> Comparison:
    """What was read against the unit's return that counts. Raises CampaignError as
    :func:`compare` does."""
    submission = summary.standing.get(unit.code)
    if (
        submission is None
        or submission.answers is None
        or not submission.verdict.counts
    ):
        raise CampaignError(
            f"“{unit.name}”还没有计入的报送表，不能比较。",
            f"{unit.name} has no return that counts yet.",
        )
    prove_fits(expected, read)
    facts = read.report.facts
    pairs = [
        Difference(cell, submission.facts[cell.id], facts[cell.id])
        for cell in expected.form.cells.values()
    ]
    said_in = submission.answers.texts
    return Comparison(
        unit,
        submission.path,
        read,
        tuple(p for p in pairs if _is_other(p)),
        tuple(p for p in pairs if not p.printed.certainty.is_settled),
        tuple(
            text.title
            for text in expected.form.narratives
            if text.id in read.report.texts
            and _plain(read.report.texts[text.id]) != _plain(said_in.get(text.id, ""))
        ),
    )


def _is_other(pair: Difference) -> bool:
    settled = pair.printed.certainty.is_settled
    return settled and pair.printed.value.number != pair.returned.number


def _plain(text: str) -> str:
    """Without spaces and lines, which every program sets as it likes."""
    return compact("".join(text.split()))
