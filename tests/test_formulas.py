"""What a rule says in a workbook, word by word, without an office suite.

Engines prove that a formula comes to what Python comes to (``test_equivalence.py``); this
proves at once that none has changed unseen. ``golden/formulas.txt`` is to be read: a rule,
then when it can be told, and what it says.

``python -m tests.test_formulas`` accepts the formulas as they are now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.support import FORMS
from tests.test_expression import FORM, node
from workbook_builder.language.figures import (
    has_figure_formula,
    prepared_formula,
    says_formula,
)
from workbook_builder.language.formula import Formulas
from workbook_builder.language.labels import bare_formula
from workbook_builder.language.numerals import spelled_formula
from workbook_builder.language.spelling import (
    accepted,
    any_of,
    compact_length,
    compacted,
    if_,
    reason,
)
from workbook_builder.language.typed import number_formula, plain_formula
from workbook_builder.language.words import Amount, Gap, Lacking
from workbook_builder.model.expression import is_amount
from workbook_builder.model.text import Text
from workbook_builder.rules.print_code import text_formula
from workbook_builder.workbook.place import place

GOLDEN = Path(__file__).parent / "golden" / "formulas.txt"
ACCEPT = "python -m tests.test_formulas"
RULES = (
    "a == 0",
    "a == b - c",
    "fee <= 2 * a",
    "fee >= a - b",
    "a - (b - c) == 0 - 5",
    "total == sum(a, b, c)",
    "sum(a, b) == sum(c, so_far(total))",
    "total == last(total) + so_far(total)",
    "is_blank(a) or is_number(b) and b <= 5",
    "is_number(a) and is_number(b) and a == b",
    "not (a == b or on_grid(fee))",
    "a <= maximum(a) and a >= minimum(a)",
    "a * (b + c) == 7",
    "a * b - c * 2 == 0",
    'a <= by_type(("镇", "乡"), 5, ("街道",), 7, 9)',
    'unit_type in ("街道", "镇") or a == 0',
    'unit_type not in ("街道",)',
    "zero_declared(a)",
    "not is_blank(field) and length(field) <= 6",
    "length(text) >= minimum(a)",
    'contains(text, "无", "没有")',
    "has_figure(text)",
    "mentions_year(text, year)",
    "misplaced(text)",
    "says(text, a + b)",
)
QUARTERLY = FORMS.edition("requests_quarterly", "2021")


def formulas() -> str:
    """The list."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    home = Formulas(FORM, place(FORM), "审核")
    for rule in RULES:
        yield rule
        read = node(rule)
        if is_amount(read):
            yield f"  = {home.amount(read)}"
            continue
        found = home.truth(read)
        yield f"  known {home.last_period_known(read)}"
        yield f"  known {found.known}"
        yield f"  holds {found.holds}"
    for form in (FORM, QUARTERLY):
        for id_ in form.totals:
            sheet = place(form).cells[id_].sheet
            yield f"{form.id} {id_} {Formulas(form, place(form), sheet).total(id_)}"

    a, fee = node("a"), node("fee")
    lines = Lacking(FORM.fields[:2])
    said = (Text("计", "of"), Amount(a), Amount(fee, plain=True), Gap(a, fee), lines)
    yield f"spoken {home.spoken(said)}"
    places = [place(FORM).cells[cell.id] for cell in FORM.inputs[:9]]
    yield f"blanks {home.blanks(places)}"
    yield f"typed {home.typed(places[0], places[8])}"
    yield f"typed {home.typed(places[8], places[1])}"
    yield f"declared {home.declared('applications')}"
    yield f"known {replace(home, known_as={places[0]: 'x'}).ref(places[0])}"
    for name, text in {
        "typed": plain_formula("A1", False),
        "typed, signed": plain_formula("A1", True),
        "number": number_formula("A1", False, '"?"'),
        "number, signed": number_formula("A1", True, '"?"'),
        "numeral": spelled_formula("A1"),
        "has a figure": has_figure_formula("A1"),
        "says": says_formula("A1", "B1"),
        "prepared": prepared_formula("A1"),
        "compacted": compacted("A1"),
        "length": compact_length("A1"),
        "code of a text": text_formula("A1"),
        "reason": reason("A1"),
        "accepted": accepted("A1", FORM.explanation, "B1:B9"),
        "label": bare_formula("A1"),
        "any of one": any_of(["A1"]),
        "otherwise": if_("FALSE", "A1", "B1"),
        "condition": if_("A1", "TRUE", "FALSE"),
    }.items():
        yield f"{name}\n  {text}"


def test_no_formula_changes_unseen() -> None:
    golden = GOLDEN.read_text(encoding="utf-8")
    assert formulas() + "\n" == golden, f"read what changed, then: {ACCEPT}"


if __name__ == "__main__":
    GOLDEN.write_text(formulas() + "\n", encoding="utf-8")
