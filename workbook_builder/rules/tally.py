"""Adding up over the tree of units.

A tally is what each unit contributes; totals are computed from it.
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


def _add(totals: dict[str, Decimal], form: Form, contribution: Contribution) -> None:
    for id_ in form.cells:
        amount = contribution.facts[id_].number
        if amount is not None:
            totals[id_] = totals.get(id_, Decimal(0)) + amount
