"""统计期: what a return is about — a year, or a quarter or a month of one."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Frequency(StrEnum):
    """How often a form is filled in. The value is how an edition says it."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def months(self) -> int:
        """How many months one of its periods has."""
        return {"year": 12, "quarter": 3, "month": 1}[self.value]

    @property
    def per_year(self) -> int:
        return 12 // self.months

    @property
    def parts(self) -> tuple[str, ...]:
        """What rules and stamps call the numbers in a period."""
        return ("year",) if self is Frequency.YEAR else ("year", self.value)

    @property
    def chinese(self) -> str:
        """As in 本年, 上季度, 上月."""
        return {"year": "年", "quarter": "季度", "month": "月"}[self.value]

    @property
    def this(self) -> str:
        return f"本{self.chinese}"

    @property
    def last(self) -> str:
        """The period before: 上年, 上季度, 上月."""
        return f"上{self.chinese}"

    @property
    def last_figures(self) -> str:
        """上年数, 上季度数, 上月数."""
        return f"{self.last}数"

    @property
    def both(self) -> str:
        """This and the one before: 两年, 两季度, 两月."""
        return f"两{self.chinese}"

    @property
    def comparison(self) -> str:
        """With the period before, as statisticians call it."""
        return "同比" if self is Frequency.YEAR else "环比"

    @property
    def folder(self) -> str:
        """Where a campaign keeps figures of the period before."""
        return f"last-{self.value}"

    @property
    def next(self) -> str:
        """The period after: 下年度, 下季度, 下月."""
        return "下年度" if self is Frequency.YEAR else f"下{self.chinese}"

    @property
    def label(self) -> str:
        """What stands before the period on a sheet: 统计年度, 统计季度, 统计月份."""
        ends = {"year": "年度", "quarter": "季度", "month": "月份"}
        return f"统计{ends[self.value]}"


_QUARTERS = "一二三四"
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:[Qq](?P<quarter>[1-4])|-(?P<month>\d\d?))?"
    r"|(?P<year_>\d{4})年(?:度|第?(?P<quarter_>[一二三四1-4])季度|(?P<month_>\d\d?)月)?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or its ``number``-th quarter or month.

    Written ``2026``, ``2026Q1`` or ``2026-03``. Raises ValueError for what is not in
    the calendar.
    """

    year: int
    frequency: Frequency = Frequency.YEAR
    number: int = 1

    def __post_init__(self) -> None:
        if not (
            1000 <= self.year <= 9999 and 1 <= self.number <= self.frequency.per_year
        ):
            raise ValueError(
                f"no {self.frequency} {self.number} of the year {self.year}"
            )

    @classmethod
    def parse(cls, text: str) -> Period:
        """What :func:`str` or ``words`` wrote. Raises ValueError for anything else."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"“{text}” is no period such as 2026, 2026Q1 or 2026-03")
        year, quarter, month = (
            found[name] or found[f"{name}_"] for name in ("year", "quarter", "month")
        )
        if quarter:
            number = _QUARTERS.find(quarter) + 1 or int(quarter)
            return cls(int(year), Frequency.QUARTER, number)
        if month:
            return cls(int(year), Frequency.MONTH, int(month))
        return cls(int(year))

    def __str__(self) -> str:
        match self.frequency:
            case Frequency.YEAR:
                return f"{self.year}"
            case Frequency.QUARTER:
                return f"{self.year}Q{self.number}"
            case Frequency.MONTH:
                return f"{self.year}-{self.number:02}"

    @property
    def parts(self) -> dict[str, int]:
        """Its numbers as rules and stamps call them: year, and quarter or month."""
        return dict(zip(self.frequency.parts, (self.year, self.number), strict=False))

    @property
    def words(self) -> str:
        """2026年, 2026年第一季度, 2026年3月."""
        match self.frequency:
            case Frequency.YEAR:
                return f"{self.year}年"
            case Frequency.QUARTER:
                return f"{self.year}年第{_QUARTERS[self.number - 1]}季度"
            case Frequency.MONTH:
                return f"{self.year}年{self.number}月"

    @property
    def full_words(self) -> str:
        """As before a noun, or alone: 2026年度; else like ``words``."""
        return f"{self.words}度" if self.frequency is Frequency.YEAR else self.words

    @property
    def first_day(self) -> date:
        return date(self.year, self._first_month, 1)

    @property
    def last_day(self) -> date:
        month = self._first_month + self.frequency.months - 1
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def days(self) -> str:
        """2026年1月1日至3月31日."""
        last = self.last_day
        return f"{day_words(self.first_day)}至{last.month}月{last.day}日"

    @property
    def before(self) -> Period:
        """The period that ends where this one begins."""
        return self.later(-1)

    def later(self, count: int) -> Period:
        """The ``count``-th period after this one; a negative one is before it."""
        year, index = divmod(
            self.year * self.frequency.per_year + self.number - 1 + count,
            self.frequency.per_year,
        )
        return Period(year, self.frequency, index + 1)

    def months_since(self, other: Period) -> int:
        """How many months later than the other it begins."""
        years = self.year - other.year
        return years * 12 + self._first_month - other._first_month

    @property
    def _first_month(self) -> int:
        return (self.number - 1) * self.frequency.months + 1


def day_words(day: date) -> str:
    """2026年1月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
