"""Sums of many returns, totals included.

Inputs are added, and so are totals that reach into the period before; the other totals
of a sum are computed from it by the form, as those of a single return are. So a blank
of one unit, which leaves its own total unknown, does not take its other figures out of
the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers
from workbook_builder.model.form import Form
from workbook_builder.model.later import at_once
from workbook_builder.model.values import Value, number


def added(form: Form, returns: Iterable[Mapping[str, Value]]) -> dict[str, Decimal]:
    """Cell id → sum; a cell nobody has a number for is missing, not 0."""
    sums: dict[str, Decimal] = {}
    summed = form.cells.keys() - form.computed
    for each in map(at_once, returns):
        for id_ in summed:
            amount = each[id_].number
            if amount is not None:
                sums[id_] = sums.get(id_, Decimal(0)) + amount
    return completed(form, sums)


def completed(form: Form, figures: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Sums with the totals the form computes from them; such totals given are not used."""
    values = {c.id: number(figures[c.id]) for c in form.inputs if c.id in figures}
    told = facts(form, Answers(values=values))
    found = {id_: value.number for id_, value in told.items()}
    found |= {id_: figures.get(id_) for id_ in form.running}
    return {id_: amount for id_, amount in found.items() if amount is not None}


def share(form: Form, facts_of_unit: Mapping[str, Value]) -> dict[str, Decimal]:
    """What one return adds to each cell of a sum.

    As :func:`completed`, but a total counts what is known of its parts; one of which
    nothing is known is missing.
    """
    known = {
        id_: value.number
        for id_, value in facts_of_unit.items()
        if value.number is not None
    }
    if len(known) == len(form.cells):
        return known
    known = {id_: known[id_] for id_ in known.keys() - form.computed}
    zeros = {c.id: Decimal(0) for c in form.inputs}
    whole = completed(form, zeros | known)
    return {
        id_: amount
        for id_, amount in whole.items()
        if id_ in known or (id_ in form.totals and _parts(form, id_) & known.keys())
    }


def _parts(form: Form, total: str) -> frozenset[str]:
    """The inputs a total is made of."""
    found: set[str] = set()
    waiting = [total]
    while waiting:
        for part in form.parts(waiting.pop()):
            (waiting.append if part in form.totals else found.add)(part)
    return frozenset(found)
