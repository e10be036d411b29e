"""与上年衔接: checks that must hold between the two years, on the sums.

Every check that sets this year's figures equal to last year's is one of them (B1: what
was carried over; B2: what is in force), the rule being the form's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import mul

from workbook_builder.model.check import Check, Line
from workbook_builder.model.expression import (
    Arithmetic,
    CellRef,
    Compare,
    LastPeriod,
    Node,
    Total,
)
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.parts import (
    DECIMALS,
    figures,
    figures_before,
    grid,
    if_any,
    switch,
)
from workbook_builder.workbook.live import (
    Cells,
    Live,
    if_,
    isnumber,
    round_,
    sumproduct,
)
from workbook_builder.workbook.plan import Item

#: The column of the conclusion.
LAST = 8
HOLDS, BROKEN = "✔ 相符", "✘ 不符"


@dataclass(frozen=True, slots=True)
class Term:
    """A cell of this year or of last year, added or taken away."""

    sign: int
    cell: str
    before: bool


@dataclass(frozen=True, slots=True)
class Equation:
    """left == right of one line of a check, as sums of cells."""

    check: Check
    line: Line
    left: tuple[Term, ...]
    right: tuple[Term, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.left + self.right


def equations(summary: Summary) -> Iterator[Equation]:
    """The lines of checks that say this year == something of last year."""
    for check, line in summary.form.lines:
        rule = line.instances[0].expression
        defined = check.defines_totals or line.per_input
        if defined or not line.instances[0].last_period:
            continue
        if not isinstance(rule, Compare) or rule.op != "==":
            continue
        left, right = _terms(rule.left, 1), _terms(rule.right, 1)
        if left is not None and right is not None:
            yield Equation(check, line, left, right)


def _terms(node: Node, sign: int) -> tuple[Term, ...] | None:
    """The cells a sum is made of; None for what is no plain sum."""
    match node:
        case CellRef(id=id_):
            return (Term(sign, id_, False),)
        case LastPeriod(id=id_):
            return (Term(sign, id_, True),)
        case Total(cells=cells, before=()):
            return tuple(Term(sign, cell.id, False) for cell in cells)
        case Arithmetic(op="+" | "-" as op, left=left, right=right):
            first = _terms(left, sign)
            second = _terms(right, sign if op == "+" else -sign)
            return None if first is None or second is None else first + second
        case _:
            return None


def carried_items(summary: Summary, row: int) -> Iterator[Item]:
    """The block below the comparison, from a row on."""
    known = list(equations(summary))
    if not known:
        return
    often = summary.form.frequency
    title = f"与{often.last}衔接（按审核公式；只算{often.both}都有所需数的单位）"
    yield Item(row, 0, title, "heading", columns=LAST + 1)
    for column, (head, columns) in {
        0: ("审核公式", 1),
        1: ("内容", 2),
        3: ("可比\n单位数", 1),
        4: (often.this, 1),
        5: (f"按{often.last}\n应为", 1),
        6: ("相差", 2),
        LAST: ("结论", 1),
    }.items():
        yield Item(row + 1, column, head, "head", columns=columns)
    for at, equation in enumerate(known, row + 2):
        yield from _line(summary, at, equation)


def _line(summary: Summary, row: int, equation: Equation) -> Iterator[Item]:
    at, style = row + 1, f"line_{grid(summary.form.cells[equation.left[0].cell])}"
    there = (isnumber(_figures(summary, term)) for term in equation.terms)
    every = reduce(mul, there)
    units = sumproduct(switch(summary), every)
    d = units.at(f"D{at}")
    left, right = (
        if_any(d, round_(_sum(summary, every, side), DECIMALS))
        for side in (equation.left, equation.right)
    )
    gap = if_any(d, round_(left.at(f"E{at}") - right.at(f"F{at}"), DECIMALS))
    holds = if_any(d, if_(gap.at(f"G{at}").same(0), HOLDS, BROKEN))
    title = f"{equation.check.title}：{equation.line.label}"
    yield Item(row, 0, equation.check.code, "line_centre")
    yield Item(row, 1, title, "line", columns=2)
    yield Item(row, 3, units.formula, "line_count")
    yield Item(row, 4, left.formula, style)
    yield Item(row, 5, right.formula, style)
    yield Item(row, 6, gap.formula, style, columns=2)
    yield Item(row, 8, holds.formula, "line_centre")


def _figures(summary: Summary, term: Term) -> Cells:
    return (figures_before if term.before else figures)(summary, term.cell)


def _sum(summary: Summary, every: Cells, terms: Sequence[Term]) -> Live:
    """What is added and taken away; the first is added."""
    amounts = (
        sumproduct(switch(summary), every * 1, _figures(summary, term))
        for term in terms
    )
    total = next(amounts)
    for term, amount in zip(terms[1:], amounts, strict=True):
        total = total + amount if term.sign > 0 else total - amount
    return total
