"""A formula and its stored result come from one expression: engines say the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from tests import engines
from workbook_builder.model.errors import WorkbookError
from workbook_builder.model.layout import column_letters
from workbook_builder.workbook.live import (
    Cells,
    Held,
    Live,
    abs_,
    and_,
    count,
    counta,
    countif,
    if_,
    isnumber,
    live,
    max_,
    min_,
    round_,
    sum_,
    sumproduct,
)
from workbook_builder.workbook.plan import Book, Item, Sheet
from workbook_builder.workbook.write import write

#: The others take a text within SUMPRODUCT for an error, which Excel does not.
ENGINES = ["libreoffice", "onlyoffice"]
DATA, SAID = "数", "式"
ROWS, COLUMNS, FORMULAS = 9, 5, 400
#: Quarters, which doubles hold exactly: no engine's noise decides a comparison.
AMOUNTS = (0, 1, 2, -3, 7, 1204, Decimal("0.25"), Decimal("59237.75"))
WORDS = ("按时", "Abc", "aBC", "—", "a b", "x" * 60)


class Drawn:
    """A sheet of data, and expressions over it drawn at random."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        kinds = (lambda: None, self.amount, self.amount, self.word)
        self.data: list[list[Held]] = [
            [self.random.choice(kinds)() for _ in range(COLUMNS)] for _ in range(ROWS)
        ]

    def amount(self) -> Decimal | int:
        return self.random.choice(AMOUNTS)

    def word(self) -> str:
        return self.random.choice(WORDS)

    def cell(self) -> Live:
        row, column = self.random.randrange(ROWS), self.random.randrange(COLUMNS)
        ref = f"{DATA}!{column_letters(column)}{row + 1}"
        return Live(ref, self.data[row][column])

    def cells(self) -> Cells:
        letters = column_letters(column := self.random.randrange(COLUMNS))
        values = tuple(row[column] for row in self.data)
        return Cells(f"{DATA}!${letters}$1:${letters}${ROWS}", values)

    def yes_or_no(self, depth: int) -> Live:
        one, other = self.number(depth - 1), self.number(depth - 1)
        choices: list[Callable[[], Live]] = [
            lambda: one.same(other),
            lambda: one > other,
            lambda: one >= other,
            lambda: self.cell().same(self.random.choice((self.word(), "", 0, one))),
            lambda: and_(one >= other, self.cell().same(self.cell())),
        ]
        return self.random.choice(choices)()

    def number(self, depth: int) -> Live:
        if depth <= 0:
            return live(self.amount())
        one, other = self.number(depth - 1), self.number(depth - 1)
        choices: list[Callable[[], Live]] = [
            lambda: one + other,
            lambda: one - other,
            lambda: one * other,
            lambda: round_(if_(other.same(0), one, one / other), 3),
            lambda: abs_(one),
            lambda: round_(one, self.random.choice((0, 1, 6))),
            lambda: min_(one, self.cell(), other),
            lambda: max_(self.cell(), self.cell()),
            lambda: sum_(self.cells(), self.cell()),
            lambda: count(self.cell(), self.cells()),
            lambda: counta(self.cells()),
            lambda: countif(self.cells(), self.random.choice((self.word(), 1, 7))),
            lambda: sumproduct(self.cells(), isnumber(self.cells()) * 1),
            lambda: sumproduct(self.cells().same(self.word()) * 1, self.cells()),
            lambda: sumproduct(
                self.cells().same(self.cell()) * isnumber(self.cells()) * 2
            ),
            lambda: if_(self.yes_or_no(depth), one, other),
        ]
        return self.random.choice(choices)()

    def anything(self) -> Live:
        number = self.number(3)
        said = live("计入 ") & number & " 个，" & self.cell()
        return self.random.choice(
            (number, number, said, self.yes_or_no(2), if_(number > 5, "", self.cell()))
        )


@cache
def drawn(seed: int) -> tuple[bytes, tuple[Live, ...]]:
    """The workbook, and what is said in column A of its second sheet."""
    made = Drawn(seed)
    data: list[Item] = [
        Item(row, column, content, "plain")  # type: ignore[arg-type]
        for row, line in enumerate(made.data)
        for column, content in enumerate(line)
    ]
    said = tuple(made.anything() for _ in range(FORMULAS))
    formulas = [Item(row, 0, each.formula, "plain") for row, each in enumerate(said)]
    sheets = (Sheet(DATA, tuple(data)), Sheet(SAID, tuple(formulas)))
    return write(Book(sheets, "式")), said


@pytest.mark.engine
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", [1, 2])
def test_an_expression_comes_to_what_an_engine_computes(engine: str, seed: int) -> None:
    data, said = drawn(seed)
    cells = [(SAID, f"A{row + 1}") for row in range(len(said))]
    (shown,) = engines.require(engine).fill_many(data, [{}], cells)
    for expression, found in zip(said, shown, strict=True):
        known = expression.formula.result
        if isinstance(known, bool | str):
            assert found == known, expression.text
        else:
            assert found == pytest.approx(float(known), abs=1e-6), expression.text


def test_what_is_not_chosen_may_fail_but_nothing_that_fails_is_written() -> None:
    none, some = Live("D5", 0), Live("D6", 7)
    share = if_(none.same(0), "—", round_(some / none, 3)).formula
    assert (share.text, share.result) == ('=IF(D5=0,"—",ROUND(D6/D5,3))', "—")
    for broken in (some / none, some - Live("D7", "无"), if_(some / none > 1, 1, 2)):
        with pytest.raises(WorkbookError, match="comes to an error"):
            _ = broken.formula


def test_brackets_stand_where_they_are_needed_only() -> None:
    a, b, c = (Live(name, at) for at, name in enumerate(("A1", "B1", "C1"), 2))
    column = Cells("D1:D3", (1, "x", None))
    assert (a - b - c).text == "A1-B1-C1"
    assert ((a - (b - c)).text, (a - (b - c)).value) == ("A1-(B1-C1)", 3)
    assert (((a + b) * c).text, ((a + b) * c).value) == ("(A1+B1)*C1", 20)
    assert (a + b * c).text == "A1+B1*C1"
    assert (live("共 ") & (a + b) & "件").text == '"共 "&A1+B1&"件"'
    assert (column.same("x") * 1).text == '(D1:D3="x")*1'
    assert a.at("表三!D8").text == "表三!D8"


def test_what_the_suites_would_read_otherwise_is_refused() -> None:
    column = Cells("D1:D3", (1, "x", None))
    with pytest.raises(WorkbookError, match="pattern"):
        countif(column, "*")
    with pytest.raises(TypeError, match="multiply by 1"):
        sumproduct(isnumber(column))
    with pytest.raises(TypeError, match="not all are numbers"):
        _ = column * 2
    with pytest.raises(ValueError, match="shorter"):
        sumproduct(column, Cells("E1:E2", (1, 2)))
