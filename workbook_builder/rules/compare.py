"""This year beside last year, over the units that have a figure in both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from workbook_builder.model.form import Form
from workbook_builder.model.summary import Compared, Comparison
from workbook_builder.model.values import Value
from workbook_builder.rules.outliers import outliers


def compare(
    form: Form,
    now: Mapping[str, Mapping[str, Value]],
    then: Mapping[str, Mapping[str, Decimal]],
) -> Comparison:
    """``now`` are the counted returns, ``then`` figures of the period before, by unit code."""
    both = {
        cell: [
            (unit, amount, before)
            for unit, facts in now.items()
            if (before := then.get(unit, {}).get(cell)) is not None
            and (amount := facts[cell].number) is not None
        ]
        for cell in form.cells
    }
    odd = [(cell, each) for cell, known in both.items() for each in outliers(known)]
    counts = Counter(cell for cell, _ in odd)
    return Comparison(
        {
            cell: Compared(
                len(known),
                sum((amount for _, amount, _ in known), Decimal(0)),
                sum((before for _, _, before in known), Decimal(0)),
                counts[cell],
            )
            for cell, known in both.items()
        },
        tuple(sorted(odd, key=lambda each: -each[1].distance)),
    )
