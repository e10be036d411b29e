"""``circular``: the official letter on how the collection went, and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook_builder.campaign.alone import alone
from workbook_builder.campaign.folder import Folder
from workbook_builder.outputs.circular import (
    CIRCULAR,
    Circular,
    circular_records,
    letter,
)
from workbook_builder.outputs.csv_file import csv_file
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.reporting import rendered, word_writer, write_reports
from workbook_builder.pipeline.standing import status

CIRCULARS = "通报"


@dataclass(frozen=True)
class MadeCircular:
    """The letter as a value, and the files it was written to."""

    circular: Circular
    files: tuple[Path, ...]


def circulate(
    folder: Folder, by_rank: bool = False, progress: Progress = silent
) -> MadeCircular:
    """Writes the letter in Word and for the web, and its rows as CSV, into
    ``results/通报``. What another day's letter said is put aside, not lost.

    Raises CampaignError where python-docx is missing.
    """
    word_writer()  # before the inbox is read
    found = status(folder, progress)
    circular = Circular(
        folder.form(), found.campaign, found.standings, found.today, by_rank
    )
    name = letter(circular).title[-1].text
    files = {
        **{f"{name}{end}": data for end, data in rendered(letter(circular)).items()},
        f"{name}.csv": csv_file(CIRCULAR, circular_records(circular)),
    }
    target = folder.results / CIRCULARS
    with alone(folder.path):
        write_reports(target, files, whole=False)
    return MadeCircular(circular, tuple(target / name for name in files))
