"""What stands in a cell: a number, nothing, a sign for “does not apply”, or words."""

from __future__ import annotations

import re

from workbook_builder.language.typed import number_in
from workbook_builder.model.form import CellType, Form
from workbook_builder.model.values import BLANK, State, Value, number
from workbook_builder.published.words import plain_form

_BEGINS = re.compile(r"(?:[+\-−]|增加?|减少?)?\s*\d")
#: Of a longer number, of which the rest stands elsewhere.
_TORN = re.compile(r"\D*0\d")


def figure(form: Form, type_: CellType, text: str) -> Value:
    """The value of a cell as printed; a unit counts only if it is the cell's own."""
    said = plain_form(text).strip()
    if not said:
        return BLANK
    if said in form.not_applicable or plain_form(text.strip()) in form.not_applicable:
        return Value(State.NOT_APPLICABLE, text=text)
    amount = number_in(said.removesuffix(type_.unit), type_.signed)
    if amount is None or _TORN.match(said):
        return Value(State.TEXT, text=text)
    return number(amount)


def looks_like_figure(form: Form, text: str) -> bool:
    """Whether it may stand where a figure is expected: a number or a sign for none."""
    said = plain_form(text).strip()
    return said in form.not_applicable or _BEGINS.match(said) is not None
