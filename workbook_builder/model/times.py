"""When something came and how late that is, as the offices read it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

#: All of China keeps this time; results must not depend on the machine's zone.
CHINA = timezone(timedelta(hours=8))

#: When something arrived, as it is put to whoever reads a date.
ARRIVALS = (
    "时间为北京时间：邮件按进入邮箱的时间，手工放入的按文件的时间（不早于上一次收取），"
    "记下后不再变。"
)

#: A file time beyond the year 9999 is none.
_LAST = 253_402_200_000


def china_time(seconds: float) -> datetime | None:
    """A file time in China's time, to the second; None where there is none."""
    if not 0 < seconds < _LAST:
        return None
    return datetime.fromtimestamp(int(seconds), CHINA)


#: 2026-02-10, 2026/2/10, 2026.2.10, 2026年2月10日, with a time behind it or without.
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT].*)?"
)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)")


def day_of(text: str) -> date | None:
    """The day that a person wrote; None where it is none, or without a year."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.fullmatch(plain) or _DIGITS.fullmatch(plain)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def days_late(deadline: date | None, came: datetime | None) -> int | None:
    """0 on the day of the deadline and before; None without one of the two."""
    return days_past(deadline, came.astimezone(CHINA).date()) if came else None


def days_past(deadline: date | None, day: date) -> int | None:
    """Days since the deadline; 0 on its day and before."""
    return None if deadline is None else max(0, (day - deadline).days)


def on_time_rate(on_time: int, units: int) -> Decimal | None:
    """The same in percent with one decimal; 100 means all of them."""
    share = on_time_share(on_time, units)
    return None if share is None else round(share * 100, 1)


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
