"""Adding up over the tree of units.

A tally is what each unit contributes. Merging two tallies is a union, so batches
of files can be read in any order, in several processes, and merged. Totals are
computed from it, each with its contributors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workbook_builder.model.form import Form
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

    def merge(self, other: Tally) -> Tally:
        """Both together; commutative and associative.

        Raises ValueError if the two hold different figures for one unit: which of
        a unit's files counts is decided before anything is added.
        """
        merged = dict(self.contributions)
        for code, contribution in other.contributions.items():
            if merged.setdefault(code, contribution) != contribution:
                raise ValueError(f"two different contributions of unit {code}")
        return Tally(merged)


def tally(contributions: Iterable[Contribution]) -> Tally:
    """The tally of some returns, one for each unit."""
    return Tally({each.unit: each for each in contributions})


@dataclass(frozen=True, slots=True)
class NodeTotal:
    """One cell summed over a unit and all below it.

    ``total`` is None when nobody contributed. ``contributors`` are unit codes in
    the order of the roster with what each adds.
    """

    total: Decimal | None
    contributors: tuple[tuple[str, Decimal], ...]


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
    totals: dict[str, dict[str, Decimal]] = {unit.code: {} for unit in roster.units}
    for unit in roster.units:
        contribution = tally.contributions.get(unit.code)
        held = covers[unit.code].counted
        own = (
            held * (unit.code in returned),
            held * (contribution is not None),
            covers[unit.code].due,
        )
        for code in roster.above(unit.code):
            a, b, c = counts[code]
            counts[code] = (a + own[0], b + own[1], c + own[2])
            if contribution is not None:
                _add(totals[code], form, contribution)
    return {
        code: TreeNode(
            code, *counts[code], totals[code]
        )  # returned, accepted, expected
        for code in totals
    }


def node_total(roster: Roster, tally: Tally, code: str, cell: str) -> NodeTotal:
    """One cell of one node, traced to the units that make it up."""
    parts = []
    for unit in roster.units:
        contribution = tally.contributions.get(unit.code)
        if contribution is None or code not in roster.above(unit.code):
            continue
        amount = contribution.facts[cell].number
        if amount is not None:
            parts.append((unit.code, amount))
    total = sum((amount for _, amount in parts), Decimal(0)) if parts else None
    return NodeTotal(total, tuple(parts))


def _add(totals: dict[str, Decimal], form: Form, contribution: Contribution) -> None:
    for id_ in form.cells:
        amount = contribution.facts[id_].number
        if amount is not None:
            totals[id_] = totals.get(id_, Decimal(0)) + amount
