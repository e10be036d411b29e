"""What one unit answered: everything the rules need to judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workbook_builder.model.period import Period
from workbook_builder.model.values import BLANK, Value


@dataclass(frozen=True, slots=True)
class Answers:
    """What a clerk typed into a workbook, as it stands there.

    ``values`` holds inputs only; a missing id is a blank. ``declared`` are the
    tables whose zero declaration says yes. ``explanations`` are keyed by the line
    of the 审核 sheet. ``printed`` holds totals that somebody typed over their
    formula: they are compared, never used.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    printed: Mapping[str, Value] = field(default_factory=dict)

    def value(self, cell: str) -> Value:
        return self.values.get(cell, BLANK)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rules may know besides the answers.

    ``last_period`` holds the unit's figures of the period before, inputs and totals,
    as far as they are known.
    """

    period: Period
    unit_type: str = ""
    last_period: Mapping[str, Decimal] = field(default_factory=dict)
