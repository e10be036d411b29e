"""与上年衔接: checks that must hold between the two years, on the sums.

Every check that sets this year's figures equal to last year's is one of them (B1: what
was carried over; B2: what is in force), the rule being the form's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbook_builder.model.expression import (
    Arithmetic,
    CellRef,
    Compare,
    LastPeriod,
    Node,
    Total,
)
from workbook_builder.model.form import Check, Line
from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.parts import (
    BEFORE,
    DECIMALS,
    DETAIL,
    detail_range,
    figure_column,
    grid,
    switch,
)
from workbook_builder.workbook.plan import Content, Formula, Item

HEADS = (
    "审核公式",
    "内容",
    "",
    "可比\n单位数",
    "本年",
    "按上年\n应为",
    "相差",
    "",
    "结论",
)
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
        if not line.instances[0].last_period or line.per_input:
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
        case Total(cells=cells):
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
    title = "与上年衔接（按审核公式；只算两年都有所需数的单位）"
    yield Item(row, 0, title, "heading", columns=len(HEADS))
    yield Item(row + 1, 1, HEADS[1], "head", columns=2)
    for column, head in enumerate(HEADS):
        if column not in (1, 2, 6, 7):
            yield Item(row + 1, column, head, "head")
    yield Item(row + 1, 6, HEADS[6], "head", columns=2)
    for at, equation in enumerate(known, row + 2):
        yield from _line(summary, at, equation)


def _line(summary: Summary, row: int, equation: Equation) -> Iterator[Item]:
    style = f"line_{grid(summary.form.cells[equation.left[0].cell])}"
    units = _units(summary, equation)
    left, right = (_amount(summary, units, s) for s in (equation.left, equation.right))
    mask = "*".join(f"ISNUMBER({_range(summary, term)})" for term in equation.terms)
    on, at = switch(summary), row + 1
    d, e, f, g = f"D{at}", f"E{at}", f"F{at}", f"G{at}"
    there = bool(units)
    gap = left - right
    contents: Sequence[tuple[int, Content, str, int]] = (
        (0, equation.check.code, "line_centre", 1),
        (1, f"{equation.check.title}：{equation.line.label}", "line", 2),
        (3, Formula(f"=SUMPRODUCT({on},{mask})", len(units)), "line_count", 1),
        (4, Formula(_sum(summary, mask, equation.left, d), left if there else ""), style, 1),
        (5, Formula(_sum(summary, mask, equation.right, d), right if there else ""), style, 1),
        (6, Formula(f'=IF({d}=0,"",ROUND({e}-{f},{DECIMALS}))', gap if there else ""), style, 2),
        (
            8,
            Formula(
                f'=IF({d}=0,"",IF({g}=0,"{HOLDS}","{BROKEN}"))',
                (BROKEN if gap else HOLDS) if there else "",
            ),
            "line_centre",
            1,
        ),
    )  # fmt: skip
    for column, content, look, columns in contents:
        yield Item(row, column, content, look, columns=columns)


def _range(summary: Summary, term: Term) -> str:
    column = figure_column(summary, term.cell)
    return detail_range(summary, column, None, BEFORE if term.before else DETAIL)


def _sum(summary: Summary, mask: str, terms: Sequence[Term], units: str) -> str:
    on = switch(summary)
    text = "".join(
        f"{'+' if term.sign > 0 else '-'}SUMPRODUCT({on},{mask}*1,{_range(summary, term)})"
        for term in terms
    ).removeprefix("+")
    return f'=IF({units}=0,"",ROUND({text},{DECIMALS}))'


def _units(summary: Summary, equation: Equation) -> list[dict[Term, Decimal]]:
    """The figures of each unit that has all it takes."""
    found = []
    for unit in summary.units:
        figures = {
            term: summary.before(unit, term.cell)
            if term.before
            else summary.figure(unit, term.cell)
            for term in equation.terms
        }
        known = {term: each for term, each in figures.items() if each is not None}
        if len(known) == len(figures) and unit.code in summary.counted:
            found.append(known)
    return found


def _amount(
    summary: Summary, units: list[dict[Term, Decimal]], terms: Sequence[Term]
) -> Decimal:
    amounts = (term.sign * known[term] for known in units for term in terms)
    return sum(amounts, Decimal(0))
