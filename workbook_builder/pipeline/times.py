"""Times of files and days of deadlines, as the offices read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from workbook_builder.campaign.record import now

#: All of China keeps this time; what is recorded must not depend on the machine's zone.
CHINA = timezone(timedelta(hours=8))

#: A file time beyond the year 9999 is none.
_LAST = 253_402_200_000


def received_at(seconds: float) -> str:
    """A file time as ISO 8601 in China's time, to the second; empty for none."""
    if not 0 < seconds < _LAST:
        return ""
    return datetime.fromtimestamp(int(seconds), CHINA).isoformat()


def day(at: str) -> date:
    """The day of a time as ISO 8601 with an offset, in China."""
    return datetime.fromisoformat(at).astimezone(CHINA).date()


def today() -> date:
    """The day it is in China."""
    return day(now())


def days_late(deadline: date | None, at: str) -> int | None:
    """0 on the day of the deadline and before; None without one of the two."""
    if deadline is None or not at:
        return None
    return max(0, (day(at) - deadline).days)
