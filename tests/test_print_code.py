"""核对码: a signed page and a file with the same six digits hold the same figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workbook_builder.definition.registry import Forms
from workbook_builder.language.value import UNKNOWN
from workbook_builder.model.answers import Answers
from workbook_builder.model.explanation import UNSEEN
from workbook_builder.model.form import Cell
from workbook_builder.model.period import Period
from workbook_builder.model.values import State, Value, number
from workbook_builder.rules.print_code import (
    COUNTED,
    LENGTH,
    MODULUS,
    print_code,
    seed,
    term,
    text_term,
    weight,
    weight_formula,
)

FORM = Forms.shipped().edition("disclosure", "2021")

#: A busy machine is no failure.
UNHURRIED = settings(deadline=None)
START = seed("U1", Period(2025))
TABLES = frozenset(table.id for table in FORM.tables)
FEE = FORM.cells["proactive.fees.amount"]

INPUTS = st.sampled_from(FORM.inputs)
COUNTS = st.integers(0, 99_999_998)
RETURNS = st.dictionaries(INPUTS.map(lambda cell: cell.id), COUNTS, max_size=12)


def code(
    figures: Mapping[str, int | Decimal], declared: frozenset[str] = frozenset()
) -> str:
    values = {id_: number(figure) for id_, figure in figures.items()}
    return print_code(FORM, Answers(values, declared), START)


@UNHURRIED
@given(figures=RETURNS, cell=INPUTS, figure=COUNTS)
def test_one_more_in_any_input_changes_the_code(
    figures: dict[str, int], cell: Cell, figure: int
) -> None:
    assert code({**figures, cell.id: figure}) != code({**figures, cell.id: figure + 1})


@UNHURRIED
@given(figures=RETURNS, cell=INPUTS)
def test_a_blank_is_not_a_zero(figures: dict[str, int], cell: Cell) -> None:
    without = {id_: figure for id_, figure in figures.items() if id_ != cell.id}
    assert code(without) != code({**without, cell.id: 0})


@UNHURRIED
@given(figures=RETURNS)
def test_a_declared_blank_is_a_zero(figures: dict[str, int]) -> None:
    zeros = {cell.id: 0 for cell in FORM.inputs}
    assert code(figures, declared=TABLES) == code(zeros | figures)


@UNHURRIED
@given(figures=RETURNS)
def test_the_order_of_typing_does_not_matter(figures: dict[str, int]) -> None:
    assert code(figures) == code(dict(reversed(figures.items())))


@UNHURRIED
@given(cell=INPUTS, other=INPUTS, figure=st.integers(1, 9_999))
def test_a_figure_in_another_cell_is_another_code(
    cell: Cell, other: Cell, figure: int
) -> None:
    """Counts typed into the wrong line or column are seen."""
    assume(cell != other and FEE not in (cell, other))
    zeros = {each.id: 0 for each in FORM.inputs}
    assert code(zeros | {cell.id: figure}) != code(zeros | {other.id: figure})


@UNHURRIED
@given(figures=RETURNS)
def test_a_code_has_six_digits(figures: dict[str, int]) -> None:
    found = code(figures)
    assert len(found) == 6
    assert found.isdecimal()


def test_a_cent_is_seen() -> None:
    whole, cent = Decimal("59237.2449"), Decimal("59237.244901")
    assert code({FEE.id: whole}) != code({FEE.id: cent})
    assert code({FEE.id: whole}) == code({FEE.id: Decimal("59237.24490000")})


def test_two_units_and_two_years_have_different_codes() -> None:
    starts = {
        seed(unit, Period(year))
        for unit in ("U1", "U2", "1U", "", "示例街道")
        for year in (2024, 2025)
    }
    zeros = Answers({cell.id: number(0) for cell in FORM.inputs})
    assert len({print_code(FORM, zeros, start) for start in starts}) == 10


def test_typed_over_totals_do_not_count() -> None:
    """The code is of what a unit typed, which the reader takes over."""
    plain = Answers({FEE.id: number(1)})
    more = Answers(
        plain.values,
        printed={"disputes.review.total": number(9)},
    )
    assert print_code(FORM, plain, START) == print_code(FORM, more, START)


# ---------------------------------------------------------------- as formulas can say it

COUNT = FORM.cells["applications.received.natural"]


@pytest.mark.parametrize(
    ("cell", "amount", "steps"),
    [
        (COUNT, "0", 1),
        (COUNT, "12", 13),
        (COUNT, "1.5", 3),
        (COUNT, "-1", 0),
        (COUNT, "99999999", 100_000_000),
        (COUNT, "100000000", 0),
        (COUNT, "-100000000", 0),
        (FEE, "0.000001", 2),
        (FEE, "0.0000005", 2),
        (FEE, "99999999", 99_999_999_000_001),
    ],
)
def test_a_figure_counts_its_steps_and_one_more(
    cell: Cell, amount: str, steps: int
) -> None:
    assert term(cell, Decimal(amount)) == steps


CHANGE = replace(COUNT, type=replace(COUNT.type, minimum=-99_999_999))
SOME = replace(COUNT, type=replace(COUNT.type, minimum=1))
LOSS = replace(FEE, type=replace(FEE.type, minimum=-100, maximum=100))


@pytest.mark.parametrize(
    ("cell", "amount", "steps"),
    [
        (CHANGE, "-99999999", 1),
        (CHANGE, "-1", 99_999_999),
        (CHANGE, "0", 100_000_000),
        (CHANGE, "8", 100_000_008),
        (CHANGE, "-100000000", 0),
        (SOME, "0", 1),
        (LOSS, "-100", 1),
        (LOSS, "-0.000001", 100_000_000),
        (LOSS, "0.000001", 100_000_002),
    ],
)
def test_a_figure_below_nothing_is_no_blank(
    cell: Cell, amount: str, steps: int
) -> None:
    assert term(cell, Decimal(amount)) == steps


@pytest.mark.parametrize("state", [State.TEXT, State.NOT_APPLICABLE, State.ERROR])
def test_what_is_no_number_counts_as_a_blank(state: State) -> None:
    assert term(COUNT, UNKNOWN) == 0
    typed = Answers({COUNT.id: Value(state, text="/")}, declared=TABLES)
    blank = Answers(declared=TABLES)
    without = print_code(FORM, Answers(), START)
    assert print_code(FORM, Answers(typed.values), START) == without
    assert print_code(FORM, typed, START) != print_code(FORM, blank, START)


def test_every_input_has_a_weight_of_its_own() -> None:
    weights = [weight(index) for index in range(len(FORM.inputs))]
    assert len(set(weights)) == len(weights)
    assert all(1 <= each < MODULUS for each in weights)
    assert all(MODULUS % divisor for divisor in range(2, 1_000)), "it is a prime"


def test_every_step_stays_exact_in_a_double() -> None:
    largest = sum((MODULUS - 1) * weight(index) for index in range(len(FORM.inputs)))
    assert MODULUS + largest < 2**53
    assert max(term(cell, Decimal(cell.type.maximum)) for cell in FORM.inputs) < 2**53


def told(text: str) -> str:
    texts = {FORM.narratives[0].id: text}
    return print_code(FORM, Answers(texts=texts), START)


@UNHURRIED
@given(text=st.text("0123456789年件，收到", max_size=40), at=st.integers(0, 40))
def test_another_length_or_digit_of_a_text_changes_the_code(text: str, at: int) -> None:
    assert told(text) != told(text + "件")
    if digits := [i for i, c in enumerate(text) if c.isdigit()]:
        spot = digits[at % len(digits)]
        other = str((int(text[spot]) + 1) % 10)
        assert told(text) != told(text[:spot] + other + text[spot + 1 :])


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("予以公开", "不予公开"),
        ("收到十五件", "收到十六件"),
        ("未收到申请", "已收到申请"),
        ("无行政复议", "有行政复议"),
        ("全部办结", "部分答复"),
        ("向社会公开", "向部门报告"),
        ("较上年增加", "较上年减少"),
    ],
)
def test_other_words_of_a_text_change_the_code(said: str, instead: str) -> None:
    assert told(f"今年{said}。") != told(f"今年{instead}。")


def test_what_no_formula_can_tell_changes_no_code() -> None:
    """The order of characters, and one rare character for another."""
    assert told("先受理后公开") == told("先公开后受理")
    assert told("镇长") == told("县长")


def test_spaces_and_lines_of_a_text_change_no_code() -> None:
    assert told("收到 3\u200b 件。\r\n答复　3\xa0件。\t") == told("收到3件。答复3件。")


def test_the_first_workbooks_printed_a_code_without_texts() -> None:
    said = Answers(texts={FORM.narratives[0].id: "收到3件"})
    none = print_code(FORM, Answers(), START, with_texts=False)
    assert print_code(FORM, said, START, with_texts=False) == none


def test_a_code_printed_yesterday_is_the_file_s_tomorrow() -> None:
    """Signed pages lie in drawers: no figure of how a code is made may ever change."""
    assert [weight(index) for index in (0, 1, 2, 9_972)] == [4730, 2676, 622, 6784]
    zeros: dict[str, int | Decimal] = {cell.id: 0 for cell in FORM.inputs}
    assert code({}) == "512426"
    assert code(zeros) == "341818"
    assert code({**zeros, COUNT.id: 12, FEE.id: Decimal("1204.5")}) == "143144"
    assert told("收到３件，答复12件") == "155086"
    texts = {FORM.narratives[1].id: "收到3件"}
    assert print_code(FORM, Answers(texts=texts), START) == "941980"
    assert text_term(COUNTED) == 74 * 101 + 37 * 75


@UNHURRIED
@given(text=st.text(st.sampled_from(f"{COUNTED}{UNSEEN}收到A。𠮷 \u3000\xa0\t\r\n")))
def test_a_text_counts_character_by_character(text: str) -> None:
    blank = f"{UNSEEN} \u3000\xa0\t\r\n"
    each = [COUNTED.find(said) + 1 for said in text if said not in blank]
    assert text_term(text) == sum(each) + LENGTH * len(each)


@pytest.mark.parametrize("index", [0, 1, 143, 9_972])
def test_the_workbook_weighs_each_input_as_we_do(index: int) -> None:
    formula = weight_formula(str(index)).replace("INT", "int")
    assert eval(formula) == weight(index)  # Python reads it as a sheet does


@pytest.mark.parametrize(
    ("code", "year", "known"), [("U1", 2025, 512426), ("370102", 2026, 934502)]
)
def test_a_unit_keeps_the_seed_of_workbooks_that_are_in_the_post(
    code: str, year: int, known: int
) -> None:
    assert seed(code, Period(year)) == known
