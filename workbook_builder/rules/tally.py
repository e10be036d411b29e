"""Adding up over the tree of units.

A tally is what each unit contributes; totals are computed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from workbook_builder.model.form import Form
from workbook_builder.model.later import Later, at_once
from workbook_builder.model.stamp import Coverage
from workbook_builder.model.summary import TreeNode
from workbook_builder.model.unit import Roster
from workbook_builder.model.values import Value


@dataclass(frozen=True, slots=True)
class Contribution:
    """One unit's accepted figures: cell id → fact. ``source`` tells the file."""

    unit: str
    facts: Mapping[str, Value]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """汇总: contributions by unit code, at most one for each unit."""

    contributions: Mapping[str, Contribution] = field(default_factory=dict)


def tally(contributions: Iterable[Contribution]) -> Tally:
    """The tally of some returns, one for each unit."""
    return Tally({each.unit: each for each in contributions})


def nodes(
    form: Form,
    roster: Roster,
    tally: Tally,
    returned: frozenset[str],
    covers: Mapping[str, Coverage],
) -> dict[str, TreeNode]:
    """Every node of the tree, by code. ``returned`` are units with any return; ``covers``
    tells of how many units that of each is the sum."""
    counts = {unit.code: (0, 0, 0) for unit in roster.units}
    sums = Sums(form, roster, tally)
    for unit in roster.units:
        held = covers[unit.code].counted
        own = (
            held * (unit.code in returned),
            held * (unit.code in tally.contributions),
            covers[unit.code].due,
        )
        for code in roster.above(unit.code):
            a, b, c = counts[code]
            counts[code] = (a + own[0], b + own[1], c + own[2])
    return {
        code: TreeNode(
            code, *count, Later(sums.of, code)
        )  # returned, accepted, expected
        for code, count in counts.items()
    }


class Sums:
    """What the returns of each node come to, added up when somebody asks: in one pass
    over all returns, which need not be in memory at once."""

    def __init__(self, form: Form, roster: Roster, tally: Tally) -> None:
        self._form, self._roster = form, roster
        self._contributions = tally.contributions

    def of(self, code: str) -> Mapping[str, Decimal]:
        """Of a node and all below it; a cell nobody has a number for is missing."""
        if code in self._roster.children:
            return self._branches[code]
        own = self._contributions.get(code)
        return {} if own is None else self._numbers(own)

    @cached_property
    def _branches(self) -> dict[str, dict[str, Decimal]]:
        found: dict[str, dict[str, Decimal]] = {
            code: {} for code in self._roster.children
        }
        for unit in self._roster.units:
            own = self._contributions.get(unit.code)
            if own is None:
                continue
            numbers = self._numbers(own)
            for code in self._roster.above(unit.code):
                if (totals := found.get(code)) is not None:
                    for id_, amount in numbers.items():
                        totals[id_] = totals.get(id_, Decimal(0)) + amount
        return found

    def _numbers(self, own: Contribution) -> dict[str, Decimal]:
        facts = at_once(own.facts)
        return {
            id_: amount
            for id_ in self._form.cells
            if (amount := facts[id_].number) is not None
        }
