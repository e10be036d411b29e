"""When something came and how late that is, as the offices read it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

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
    return days_past(deadline, came.astimezone(CHINA).date()) if came else None


def days_past(deadline: date | None, day: date) -> int | None:
    """Days since the deadline; 0 on its day and before."""
    return None if deadline is None else max(0, (day - deadline).days)


def on_time_share(on_time: int, units: int) -> Decimal | None:
    """按时报送率 in parts of 1, to three decimals; None without units.

    Rounded as people do, but 1 means all of them: 2,999 of 3,000 are 0.999.
    """
    if not units:
        return None
    if on_time == units:
        return Decimal(1)
    share = (Decimal(on_time) / units).quantize(Decimal("0.001"), ROUND_HALF_UP)
    return min(share, Decimal("0.999"))
