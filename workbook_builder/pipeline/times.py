"""Times as the record keeps them: ISO 8601 in China's time."""

from __future__ import annotations

from datetime import date, datetime

from workbook_builder.campaign.record import now
from workbook_builder.model import times
from workbook_builder.model.times import CHINA, china_time


def received_at(seconds: float) -> str:
    """A file time to the second; empty for none."""
    came = china_time(seconds)
    return came.isoformat() if came else ""


def today() -> date:
    """The day it is in China."""
    return datetime.fromisoformat(now()).astimezone(CHINA).date()


def days_late(deadline: date | None, at: str) -> int | None:
    """Of a recorded time, which may be empty."""
    return times.days_late(deadline, datetime.fromisoformat(at) if at else None)
