"""The day it is, as the offices read it."""

from __future__ import annotations

from datetime import date, datetime

from workbook_builder.campaign.record import now
from workbook_builder.model.times import CHINA


def today() -> date:
    """The day it is in China."""
    return datetime.fromisoformat(now()).astimezone(CHINA).date()
