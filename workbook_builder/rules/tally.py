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

#: Different figures that are looked up, to be there once.
_ALIKE = 1 << 14


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
    def _branches(self) -> NodeFigures:
        found, above = NodeFigures(self._form), dict[str, dict[str, Decimal]]()
        # From the end: whatever is below a unit comes right before it, so that no more
        # sums are open than there are levels.
        for unit in reversed(self._roster.in_tree_order):
            own = self._contributions.get(unit.code)
            numbers = {} if own is None else self._numbers(own)
            if (sums := above.pop(unit.code, None)) is not None:
                _add(sums, numbers)
                found[unit.code] = numbers = sums
            _add(above.setdefault(unit.parent, {}), numbers)
        return found

    def _numbers(self, own: Contribution) -> dict[str, Decimal]:
        facts = at_once(own.facts)
        return {
            id_: amount
            for id_ in self._form.cells
            if (amount := facts[id_].number) is not None
        }


def _add(sums: dict[str, Decimal], numbers: Mapping[str, Decimal]) -> None:
    for id_, amount in numbers.items():
        sums[id_] = sums.get(id_, Decimal(0)) + amount


class NodeFigures:
    """Figures by cell, of very many nodes: as rows, in which what is equal, and written
    alike, is there once. Most sums are 0, or what another node has."""

    def __init__(self, form: Form) -> None:
        self._cells = tuple(form.cells)
        self._rows: dict[str, tuple[Decimal | None, ...]] = {}
        self._known: dict[str, Decimal] = {}

    def __contains__(self, code: str) -> bool:
        return code in self._rows

    def __setitem__(self, code: str, figures: Mapping[str, Decimal]) -> None:
        if len(self._known) >= _ALIKE:
            self._known.clear()
        self._rows[code] = tuple(map(self._same, map(figures.get, self._cells)))

    def _same(self, amount: Decimal | None) -> Decimal | None:
        return None if amount is None else self._known.setdefault(str(amount), amount)

    def __getitem__(self, code: str) -> Mapping[str, Decimal]:
        row = zip(self._cells, self._rows[code], strict=True)
        return {id_: amount for id_, amount in row if amount is not None}
