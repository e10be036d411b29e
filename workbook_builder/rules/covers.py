"""Of how many units of the lowest level the return of each unit is the sum. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set

from workbook_builder.model.stamp import Coverage
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster


def covers(
    roster: Roster, standing: Mapping[str, Submission], own: Set[str]
) -> dict[str, Coverage]:
    """By code, for every unit: as its roll-up says, else one; none where no return is
    expected, and for what is below a unit that sent a roll-up.

    ``own`` are the units that made a return, control totals left out.
    """
    rolled_up = {
        code: each.stamp.coverage
        for code, each in standing.items()
        if code in own and each.stamp and each.stamp.coverage
    }
    within = {unit.code for code in rolled_up for unit in roster.below(code)}
    due = {u.code for u in roster.units if roster.is_reporting(u) or u.code in own}
    alone = due - within
    either = Coverage(0, 0), Coverage(1, 1)
    return {u.code: either[u.code in alone] for u in roster.units} | rolled_up
