"""Whatever a clerk can have typed: answers → workbook → the same answers."""

from __future__ import annotations

import string
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import support
from tests.support import FORMS
from workbook_builder.language.typed import number_in
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers
from workbook_builder.model.form import Cell
from workbook_builder.model.severity import Severity
from workbook_builder.model.values import State, Value, number
from workbook_builder.reading.judge import judge
from workbook_builder.reading.written import visible
from workbook_builder.workbook.build import build_workbook

FORM = support.form()
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")

#: Anything a suite can hold in a cell: no control characters but the line break,
#: no lone surrogates.
words = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n"),
    min_size=1,
    max_size=40,
)
formula_like = st.sampled_from(
    ["=1+1", "+1", "-5件", "@x", "{=1}", "=HYPERLINK(1)", "http://example.cn", "'5"]
)


def figures(cell: Cell) -> st.SearchStrategy[Decimal]:
    """Numbers on the grid of the cell, and some beside it, negative and too large."""
    step = Decimal(1).scaleb(-cell.type.decimals)
    on_grid = st.integers(-(10**9), 10**9).map(lambda n: n * step)
    halves = st.integers(-1000, 1000).map(lambda n: Decimal(n) / 4)
    return st.one_of(on_grid, halves)


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    values: dict[str, Value] = {}
    for cell in draw(st.lists(st.sampled_from(FORM.inputs), max_size=30, unique=True)):
        values[cell.id] = draw(
            st.one_of(
                figures(cell).map(number),
                st.sampled_from(sorted(FORM.not_applicable)).map(
                    lambda text: Value(State.NOT_APPLICABLE, text=text)
                ),
                st.one_of(words, formula_like)
                .filter(lambda text: text.strip() not in FORM.not_applicable)
                .filter(lambda text: number_in(text) is None)
                .map(lambda text: Value(State.TEXT, text=text)),
                st.sampled_from(ERRORS).map(lambda e: Value(State.ERROR, text=e)),
            )
        )
    open_lines = [
        line.key for check, line in FORM.lines if check.severity is not Severity.ERROR
    ]
    # A text of which nothing is seen is none.
    texts = st.one_of(words, formula_like).filter(lambda text: visible(text) != "")
    return Answers(
        values=values,
        declared=frozenset(
            draw(st.sets(st.sampled_from([table.id for table in FORM.tables])))
        ),
        texts=draw(_some([text.id for text in FORM.narratives], texts)),
        fields=draw(_some([each.id for each in FORM.fields], texts)),
        explanations=draw(_some(open_lines, texts)),
    )


def _some(
    keys: list[str], texts: st.SearchStrategy[str]
) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(keys), texts, max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers())
def test_answers_come_back_as_they_went_in(given_answers: Answers) -> None:
    data = build_workbook(FORM, support.unit(), support.campaign(), given_answers)
    read = judge("x.xlsx", data, FORMS)
    assert read.answers == given_answers
    assert read.facts == facts(FORM, given_answers)
    assert not [f for f in read.findings if f.code[0] in "NRT"]


def test_every_printable_character_survives() -> None:
    text = string.printable.replace("\r", "").replace("\x0b", "").replace("\x0c", "")
    long = "长" * 32_767
    given_answers = Answers(texts={"problems": text, "other_matters": long})
    data = build_workbook(FORM, support.unit(), support.campaign(), given_answers)
    assert judge("x.xlsx", data, FORMS).answers == given_answers
