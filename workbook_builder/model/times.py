"""When something came and how late that is, as the offices read it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

#: All of China keeps this time; results must not depend on the machine's zone.
CHINA = timezone(timedelta(hours=8))

#: A file time beyond the year 9999 is none.
_LAST = 253_402_200_000


def china_time(seconds: float) -> datetime | None:
    """A file time in China's time, to the second; None where there is none."""
    if not 0 < seconds < _LAST:
        return None
    return datetime.fromtimestamp(int(seconds), CHINA)


def days_late(deadline: date | None, came: datetime | None) -> int | None:
    """0 on the day of the deadline and before; None without one of the two."""
    if deadline is None or came is None:
        return None
    return max(0, (came.astimezone(CHINA).date() - deadline).days)
