"""``_form``, very hidden: what is looked up, the stamp and figures of the period before."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import HIDDEN, LAST_PERIOD_COLUMN, STAMP_COLUMN
from workbook_builder.workbook.plan import Item, Sheet


def hidden_sheet(job: Job) -> Sheet:
    """``_form``."""
    items = (*_stamp(job), *_last_period(job))
    return Sheet(name=HIDDEN, items=items, hidden=True, grid=True)


def _stamp(job: Job) -> Iterator[Item]:
    for key, value in job.stamp.entries.items():
        place = job.layout.stamp[key]
        yield Item(place.row, STAMP_COLUMN, key, "")
        yield Item(place.row, place.column, value, "")


def _last_period(job: Job) -> Iterator[Item]:
    for id_, place in job.layout.last_period.items():
        yield Item(place.row, LAST_PERIOD_COLUMN, id_, "")
        yield Item(place.row, place.column, job.last_period.get(id_), "")
