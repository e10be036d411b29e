"""How sure each figure is: labels, names, readings and sums must all speak for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.model.document import Precision
from workbook_builder.model.published_report import Certainty
from workbook_builder.model.values import State, Value
from workbook_builder.published.heads import Placing
from workbook_builder.published.relations import Closing, SumRule
from workbook_builder.published.tables import Naming, Sighting
from workbook_builder.published.words import plain_form


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the reading of one figure."""

    value: Value
    named: bool
    placing: Placing
    twice: bool
    """Its characters are written down, or two readers saw the same."""

    @property
    def is_solid(self) -> bool:
        """Nothing but the sums could speak against it."""
        return self.named and self.twice and self.placing is Placing.TWICE


def evidence(sighting: Sighting, value: Value, precision: Precision) -> Evidence:
    """What a figure found in a table has in its favour before any sum is made."""
    return Evidence(
        value,
        sighting.naming is not Naming.PLACE,
        sighting.placing,
        _read_twice(sighting, precision),
    )


def _read_twice(sighting: Sighting, precision: Precision) -> bool:
    item = sighting.item
    if item.second is not None:
        first, second = plain_form(item.text), plain_form(item.second)
        return "".join(first.split()) == "".join(second.split())
    return precision in {Precision.MARKUP, Precision.TYPED}


def judged(
    known: Mapping[str, Evidence], relations: Sequence[SumRule]
) -> dict[str, Certainty]:
    """The certainty of every figure that was found."""
    values = {cell: each.value for cell, each in known.items()}
    touching: dict[str, list[tuple[Closing, bool]]] = {cell: [] for cell in known}
    for relation in relations:
        outcome = relation.outcome(values)
        solid = all(c in known and known[c].is_solid for c in relation.terms)
        for cell in relation.terms:
            if cell in touching:
                touching[cell].append((outcome, solid))
    return {cell: _certainty(each, touching[cell]) for cell, each in known.items()}


def contradictions(
    known: Mapping[str, Evidence], relations: Sequence[SumRule]
) -> list[SumRule]:
    """The sums that fail although every figure in them was read without doubt."""
    values = {cell: each.value for cell, each in known.items()}
    return [
        relation
        for relation in relations
        if relation.outcome(values) is Closing.FAILS
        and all(known[cell].is_solid for cell in relation.terms)
    ]


def _certainty(of: Evidence, relations: Sequence[tuple[Closing, bool]]) -> Certainty:
    outcomes = {outcome for outcome, _ in relations}
    if not of.named or of.placing is Placing.NONE:
        return Certainty.UNSURE
    if Closing.FAILS in outcomes:
        blamed = all(solid for outcome, solid in relations if outcome is Closing.FAILS)
        return Certainty.AS_PRINTED if blamed else Certainty.UNSURE
    closes = outcomes == {Closing.CLOSES}
    if of.twice and (of.placing is Placing.TWICE or closes):
        return Certainty.CERTAIN
    # What was recognised on a picture is believed where every sum closes; an empty
    # place may be a figure that was not seen.
    if closes and of.value.state is State.NUMBER:
        return Certainty.CERTAIN
    return Certainty.UNSURE
