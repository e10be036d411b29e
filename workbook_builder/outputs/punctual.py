"""按时报送: when a unit's files came, measured against the deadline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from workbook_builder.model.finding import Verdict
from workbook_builder.model.submission import Submission

#: All of China keeps this time; the results must not depend on the machine's zone.
CHINA = timezone(timedelta(hours=8))

#: A file time beyond the year 9999 is none.
_LAST = 253_402_200_000

#: A return of the unit, whatever became of it.
_RETURNS = {
    Verdict.ACCEPTED,
    Verdict.NEEDS_EXPLANATION,
    Verdict.REJECTED,
    Verdict.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class Punctuality:
    """When the first and the latest return of a unit came, and how many there were.

    The first one counts: a unit that is asked to correct its return is not late for
    it. ``days_late`` is 0 for one that came on the day of the deadline or before, and
    None without a deadline or without a file time.
    """

    first: datetime | None
    latest: datetime | None
    versions: int
    days_late: int | None


def punctuality(
    submissions: Iterable[Submission], deadline: date | None
) -> Mapping[str, Punctuality]:
    """By unit code, for the units that returned anything."""
    received: dict[str, list[float]] = {}
    for submission in submissions:
        if submission.verdict in _RETURNS:
            received.setdefault(submission.unit_code, []).append(when(submission))
    return {code: _of(times, deadline) for code, times in received.items()}


def when(submission: Submission) -> float:
    """Seconds: when the mail was sent, or without one the time of the file."""
    sent = submission.arrival.sent
    return submission.received if sent is None else sent


def china_time(received: float) -> datetime | None:
    """A file time in China's time, to the minute; None where there is none."""
    if not 0 < received < _LAST:
        return None
    return datetime.fromtimestamp(received, CHINA).replace(second=0, microsecond=0)


def _of(times: list[float], deadline: date | None) -> Punctuality:
    first, latest = china_time(min(times)), china_time(max(times))
    late = None
    if first is not None and deadline is not None:
        late = max(0, (first.date() - deadline).days)
    return Punctuality(first, latest, len(times), late)
