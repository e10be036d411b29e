"""填报任务: one collection round."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date

from workbook_builder.model.period import Period
from workbook_builder.model.unit import Unit


@dataclass(frozen=True, slots=True)
class Campaign:
    """Who collects what, until when, and whom a unit may ask.

    ``key`` signs the stamps; it never leaves the campaign folder. ``password``
    protects the sheets where an office wants that; empty means none. ``unit_code`` is
    the collecting office's own code one level up; empty means that of the one unit at
    the top of the roster.
    ``publish_by`` is the last day for units to publish, where the office wants it
    otherwise than the form says.
    ``rollup_key`` is the secret of the seal where it is not that of ``key``.
    """

    id: str
    form: str
    edition: str
    period: Period
    district: str
    deadline: date | None = None
    contact: str = ""
    phone: str = ""
    email: str = ""
    key: str = ""
    password: str = ""
    unit_code: str = ""
    rollup_key: str = ""
    # No workbook is another one for it.
    publish_by: date | None = field(default=None, repr=False)

    @property
    def sealing(self) -> str:
        """The secret that seals its roll-ups. By default it follows from the key; it is
        carried into the next period, so that the level above need agree only once."""
        if self.rollup_key or not self.key:
            return self.rollup_key
        return hashlib.sha256(f"roll-up {self.key}".encode()).hexdigest()

    def deadline_of(self, unit: Unit) -> date | None:
        """By when its return is due: what was agreed with it gives more time, never
        less."""
        own = unit.agreement.until if unit.agreement else None
        return max(filter(None, (self.deadline, own)), default=None)

    def is_over(self, unit: Unit, today: date) -> bool:
        """Whether a return of it would come too late today."""
        deadline = self.deadline_of(unit)
        return deadline is not None and deadline < today

    def is_extended(self, unit: Unit) -> bool:
        """Whether it has more time than the others."""
        return self.deadline_of(unit) != self.deadline

    def of(self, unit: Unit) -> Campaign:
        """The campaign as that unit is told of it."""
        return replace(self, deadline=self.deadline_of(unit))

    @property
    def year(self) -> int:
        """The year that the period is, or is in."""
        return self.period.year
