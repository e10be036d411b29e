"""What one unit answered: everything the rules need to judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workbook_builder.model.period import Period
from workbook_builder.model.values import BLANK, Value

#: What a clerk may choose above a table, so as to type no zeros. In earlier layouts the
#: first was 是, and its opposite 否.
ALL_ZERO, REST_ZERO = "全部为 0", "其余未填的都是 0"
#: Or so as to type nothing at all: what was copied from a document stands on a page of
#: its own.
REST_PASTED = "其余未填的取粘贴页"
YES, NO = "是", "否"
CHOICES = (ALL_ZERO, REST_ZERO, REST_PASTED, YES, NO)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a clerk typed into a workbook, as it stands there.

    ``values`` holds inputs only; a missing id is a blank. ``declared`` are the tables
    whose blanks were declared to be 0, ``rest_zero`` those of them where other figures
    may stand beside the blanks. ``explanations`` are keyed by the line
    of the 审核 sheet. ``printed`` holds totals that somebody typed over their
    formula or pasted: they are compared, never used.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    rest_zero: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    printed: Mapping[str, Value] = field(default_factory=dict)

    def value(self, cell: str) -> Value:
        return self.values.get(cell, BLANK)

    def declaration(self, table: str) -> str:
        """What was chosen above the table; nothing where nothing was."""
        if table not in self.declared:
            return ""
        return REST_ZERO if table in self.rest_zero else ALL_ZERO


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rules may know besides the answers.

    ``last_period`` holds the unit's figures of the period before, inputs and totals,
    as far as they are known.
    """

    period: Period
    unit_type: str = ""
    last_period: Mapping[str, Decimal] = field(default_factory=dict)
    texts_before: Mapping[str, str] = field(default_factory=dict)
    """What the unit wrote in the period before, by text id, as far as it is known."""
    unread: frozenset[str] = frozenset()
    """Fields in which something stands that could not be taken: they are not blank."""
