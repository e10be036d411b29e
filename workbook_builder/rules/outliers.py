"""Which units changed quite differently from the others since last year.

The change of a unit is ln(this year + 1) - ln(last year + 1); the 1 keeps a step from
0 to 3 from being infinite. With at least ``ENOUGH`` units the median of their changes
is what is usual, and the median distance from it (MAD) how much they differ; a unit
more than ``FAR`` times 1.4826 MAD away is an outlier (Iglewicz and Hoaglin 1993). The
spread is never taken below ``LEAST``, because most cells of most units do not change at
all. With fewer units nothing is usual: more than five times as much, or less than a
fifth, is an outlier, as in check B4. A difference under ``SMALL`` never is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from functools import cache
from statistics import median

from workbook_builder.model.form import Form
from workbook_builder.model.later import at_once
from workbook_builder.model.summary import Outlier
from workbook_builder.model.values import Value

ENOUGH, SMALL = 8, Decimal(10)
FAR, LEAST = Decimal("3.5"), Decimal("0.2")
#: ln 5, the distance that counts with few units.
FIVE_TIMES = Decimal("1.609437912")
#: Pairs of figures that are in memory at a time.
_AT_ONCE = 500_000
_MAD_TO_SIGMA = Decimal("1.4826")
#: Decimals, not doubles: every machine marks the same units.
_CONTEXT = Context(prec=12)


def out_of_line(
    form: Form,
    now: Mapping[str, Mapping[str, Value]],
    then: Mapping[str, Mapping[str, Decimal]],
) -> tuple[tuple[str, Outlier], ...]:
    """(cell, outlier) of the counted returns beside last year's figures, by unit code;
    the furthest out of line first."""
    found: list[tuple[str, Outlier]] = []
    both = [unit for unit in now if then.get(unit)]
    cells = list(form.cells)
    # Of many units a few cells at a time, so that not all figures are in memory.
    few = max(1, _AT_ONCE // max(1, len(both)))
    for first in range(0, len(cells), few):
        some = cells[first : first + few]
        known: dict[str, list[tuple[str, Decimal, Decimal]]] = {id_: [] for id_ in some}
        for unit in both:
            facts, before = at_once(now[unit]), then[unit]
            for cell in some:
                amount, earlier = facts[cell].number, before.get(cell)
                if amount is not None and earlier is not None:
                    known[cell].append((unit, amount, earlier))
        found += ((cell, each) for cell in some for each in outliers(known[cell]))
    return tuple(sorted(found, key=lambda each: -each[1].distance))


def outliers(
    figures: Sequence[tuple[str, Decimal, Decimal]],
) -> tuple[Outlier, ...]:
    """Of (unit, this year, last year), all ≥ 0, those out of line."""
    known = [each for each in figures if each[1] >= 0 and each[2] >= 0]
    large = {unit for unit, now, then in known if abs(now - then) >= SMALL}
    if not large:
        return ()
    changes = [_ln(now) - _ln(then) for _, now, then in known]
    centre, reach = _usual(changes)
    return tuple(
        Outlier(unit, now, then, _factor(centre), abs(change - centre) / reach)
        for (unit, now, then), change in zip(known, changes, strict=True)
        if unit in large and abs(change - centre) > reach
    )


def _usual(changes: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The usual change, and how far from it is still in line."""
    if len(changes) < ENOUGH:
        return Decimal(0), FIVE_TIMES
    centre = median(changes)
    spread = median(abs(change - centre) for change in changes) * _MAD_TO_SIGMA
    return centre, FAR * max(spread, LEAST)


def _factor(change: Decimal) -> Decimal:
    return round(change.exp(_CONTEXT), 2)


@cache
def _ln(amount: Decimal) -> Decimal:
    return (amount + 1).ln(_CONTEXT)
