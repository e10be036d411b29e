"""Sentences with the figures of the tables in them, for whoever writes the texts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from workbook_builder.language.value import Evaluator, Unknown, summed
from workbook_builder.model.answers import Circumstances
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.values import plain
from workbook_builder.model.worded import about
from workbook_builder.model.wording import Enumeration, Part, Phrase, Slot


def sentences(
    form: Form, unit: str, period: Period, figures: Mapping[str, Decimal]
) -> dict[str, tuple[str, ...]]:
    """Text id → the sentences offered for it. Numbers are plain, without separators.

    ``figures`` are sums, by cell id. A sentence that needs a figure nobody knows is not
    offered, nor one of which that cannot be told.
    """
    evaluator = Evaluator(form, summed(form, figures), Circumstances(period))
    slots = {"unit": unit, **about(form, period)}
    offered: dict[str, tuple[str, ...]] = {}
    for each in form.wording.sentences if form.wording else ():
        fits = each.when is None or evaluator.truth(each.when) is True
        said = _said(evaluator, each.phrase, slots) if fits else None
        if said is not None:
            offered[each.text] = (*offered.get(each.text, ()), said)
    return offered


def _said(evaluator: Evaluator, phrase: Phrase, slots: Mapping[str, str]) -> str | None:
    """None where a figure is not known."""
    known = [_word(evaluator, part, slots) for part in phrase]
    words = [word for word in known if word is not None]
    return "".join(words) if len(words) == len(known) else None


def _word(evaluator: Evaluator, part: Part, slots: Mapping[str, str]) -> str | None:
    if isinstance(part, str):
        return part
    if isinstance(part, Slot):
        return slots[part.name]
    if isinstance(part, Enumeration):
        # An amount that is not known leaves nothing out: it is asked for, and told of.
        shown = part.shown(lambda item: not _is_nothing(evaluator, item))
        return _said(evaluator, shown, slots)
    amount = evaluator.amount(part)
    return None if isinstance(amount, Unknown) else plain(amount)


def _is_nothing(evaluator: Evaluator, item: Phrase) -> bool:
    amounts = (p for p in item if not isinstance(p, str | Slot | Enumeration))
    return all(evaluator.amount(each) == 0 for each in amounts)
