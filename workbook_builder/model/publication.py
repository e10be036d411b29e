"""公布: where and when a unit published its report, and by when it had to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workbook_builder.model.campaign import Campaign
from workbook_builder.model.form import Form
from workbook_builder.model.period import day_words
from workbook_builder.model.text import Text
from workbook_builder.model.times import days_past, on_time_rate


@dataclass(frozen=True, slots=True)
class Publication:
    """A report is at ``url`` since ``day``."""

    url: str
    day: date


@dataclass(frozen=True, slots=True)
class Duty:
    """What publishing is held to. ``by`` is the last day; None where none is known."""

    by: date | None

    def days_late(self, known: Publication | None, today: date) -> int | None:
        """Of the publication, or until today while there is none; 0 in time."""
        return days_past(self.by, known.day if known else today)

    def count(self, known: Iterable[Publication | None]) -> PublicationCount:
        """Of the units that have to publish."""
        units = list(known)
        there = [each for each in units if each]
        in_time = sum(self.days_late(each, each.day) == 0 for each in there)
        return PublicationCount(len(units), len(there), in_time, self.by)


@dataclass(frozen=True, slots=True)
class PublicationCount:
    """应公布, 已公布, 按时公布: how many units, and the last day of being in time."""

    due: int
    published: int
    punctual: int
    by: date | None

    @property
    def rate(self) -> Decimal | None:
        """按时公布率 in percent; None where there is no last day."""
        return on_time_rate(self.punctual, self.due) if self.by else None

    @property
    def words(self) -> Text:
        """“应公布 11 个单位，已公布 9 个；…按时公布率 72.7%。”"""
        zh = f"应公布 {self.due} 个单位，已公布 {self.published} 个"
        en = f"{self.published} of {self.due} units published"
        if self.by is None or self.rate is None:
            return Text(f"{zh}。", f"{en}.")
        return Text(
            f"{zh}；公布期限{day_words(self.by)}，按时公布 {self.punctual} 个，"
            f"按时公布率 {self.rate}%。",
            f"{en}, {self.punctual} by {self.by} ({self.rate}%).",
        )


def duty(form: Form, campaign: Campaign) -> Duty | None:
    """By when the campaign's reports have to be public: as its settings say, else as the
    form does. None for a form that makes no report."""
    if form.wording is None:
        return None
    by_law = form.due.day(campaign.period) if form.due else None
    return Duty(campaign.publish_by or by_law)
