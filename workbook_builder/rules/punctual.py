"""按时报送: when a unit's files came, measured against the deadline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Punctuality
from workbook_builder.model.times import china_time, days_late


def punctuality(
    submissions: Iterable[Submission], deadline: date | None
) -> Mapping[str, Punctuality]:
    """By unit code, for the units that returned anything."""
    received: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.verdict.is_return:
            received.setdefault(submission.unit_code, []).append(submission)
    return {code: _of(files, deadline) for code, files in received.items()}


def _of(files: list[Submission], deadline: date | None) -> Punctuality:
    times = [each.came for each in files]
    first, latest = china_time(min(times)), china_time(max(times))
    versions = len({each.sha256 for each in files})
    return Punctuality(first, latest, versions, days_late(deadline, first))
