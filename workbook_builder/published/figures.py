"""What stands in a cell: a number, nothing, a sign for “does not apply”, or words."""

from __future__ import annotations

import re
from decimal import Decimal

from workbook_builder.model.form import CellType, Form
from workbook_builder.model.values import BLANK, State, Value, number
from workbook_builder.published.words import plain_form

_NUMBER = re.compile(
    r"(?P<sign>[+\-−]|增加?|减少?)?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?\s*(?P<unit>\D*)"
)
_NEGATIVE = {"-", "−", "减", "减少"}
MOST_DIGITS = 15


def figure(form: Form, type_: CellType, text: str) -> Value:
    """The value of a cell as printed; a unit counts only if it is the cell's own."""
    said = plain_form(text).strip()
    if not said:
        return BLANK
    if said in form.not_applicable or plain_form(text.strip()) in form.not_applicable:
        return Value(State.NOT_APPLICABLE, text=text)
    found = _NUMBER.fullmatch(said)
    if found is None or found["unit"].strip() not in {"", type_.unit}:
        return Value(State.TEXT, text=text)
    digits = found["digits"].replace(",", "") + (found["decimals"] or "")
    if len(digits) > MOST_DIGITS or (digits[0] == "0" and digits[1:2].isdigit()):
        return Value(State.TEXT, text=text)
    amount = Decimal(digits)
    return number(-amount if found["sign"] in _NEGATIVE else amount)


def looks_like_figure(form: Form, text: str) -> bool:
    """Whether it may stand where a figure is expected: a number or a sign for none."""
    said = plain_form(text).strip()
    return said in form.not_applicable or _NUMBER.match(said) is not None
