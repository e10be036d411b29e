"""``check``: files in, verdicts out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, groupby
from pathlib import Path

from workbook_builder.campaign.files import files_at, shown
from workbook_builder.campaign.place import campaign_around, forms_at
from workbook_builder.definition.registry import Forms
from workbook_builder.model.decision import Decided
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Library
from workbook_builder.model.submission import Submission
from workbook_builder.reading.apart import received
from workbook_builder.reading.receive import Source
from workbook_builder.rules.choose import with_keys


def check(
    files: Iterable[Path],
    known: Expected | Library | None = None,
    decided: Iterable[Decided] = (),
) -> list[Submission]:
    """The verdict on each file; a folder, archive or mail stands for the files in it.

    ``known`` is what a campaign knows, or where forms are looked up; by default among
    those of the campaign whose folder the file lies in, or the shipped ones. Of what the
    campaign's clerk ``decided`` only the keys of roll-ups matter here: all else is about
    which file counts.
    """
    paths = chain.from_iterable(map(files_at, files))
    found = [
        submission
        for forms, of_them in groupby(paths, _forms_for)
        for each in received([Source(shown(p), p) for p in of_them], known or forms)
        for submission in each
    ]
    return with_keys(found, decided)


def _forms_for(path: Path) -> Forms:
    campaign = campaign_around(path)
    return forms_at(campaign) if campaign else Forms.shipped()
