"""How a file came in: by whose mail, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

#: The years 1980 and 2100: a date outside them is a clock that was never set.
_EARLIEST, _LATEST = 315_532_800, 4_102_444_800
#: Dates are shown as the offices read them, whatever the machine's own zone.
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the mail around a file says; empty where it came without one.

    ``sent`` is the date of the innermost mail, in POSIX seconds: a mail that was
    passed on was sent when its author sent it. ``saved`` is the time an archive
    gives for the file, in seconds of nobody knows which zone: it only tells which of
    two files in one archive is the later one.
    """

    sender: str = ""
    sent: float | None = None
    message_id: str = ""
    saved: float = 0.0
    subject: str = ""

    @property
    def sent_utc(self) -> str:
        """ISO 8601, for programs; empty where there is no date."""
        return _at(self.sent, UTC, "%Y-%m-%dT%H:%M:%SZ")

    @property
    def sent_shown(self) -> str:
        """``2026-01-14 17:00`` in China's time, for people."""
        return _at(self.sent, _CHINA, "%Y-%m-%d %H:%M")


def plausible(seconds: float) -> float | None:
    """The date of a mail, or None where it cannot be one."""
    return seconds if _EARLIEST <= seconds < _LATEST else None


def _at(seconds: float | None, zone: timezone, pattern: str) -> str:
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, zone).strftime(pattern)
