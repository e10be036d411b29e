"""Expressions as functions: worked out once for a form, asked for every return."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import Enum
from typing import Protocol

from workbook_builder.model.expression import (
    Arithmetic,
    Both,
    CellRef,
    Compare,
    Either,
    LastPeriod,
    Node,
    Not,
    Number,
    Total,
)
from workbook_builder.model.form import Form


class Unknown(Enum):
    """The single value that stands for “cannot be told”."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


class Answering(Protocol):
    """What answers for the leaves of an expression: one return."""

    def cell(self, id_: str) -> Decimal | Unknown: ...

    def added(
        self, cells: Sequence[str], before: Sequence[LastPeriod]
    ) -> Decimal | Unknown: ...

    def amount_of(self, node: Node) -> Decimal | Unknown: ...

    def truth_of(self, node: Node) -> bool | Unknown: ...


AmountOf = Callable[[Answering], Decimal | Unknown]
TruthOf = Callable[[Answering], bool | Unknown]


def amount(form: Form, node: Node) -> AmountOf:
    """A numeric expression."""
    match node:
        case CellRef(id=id_):
            return lambda asked: asked.cell(id_)
        case Number(value=value):
            return lambda asked: value
        case Total(cells=cells, before=before):
            ids = tuple(cell.id for cell in cells)
            return lambda asked: asked.added(ids, before)
        case Arithmetic(op=op, left=left, right=right):
            return _arithmetic(op, amount(form, left), amount(form, right))
        case _:
            return lambda asked: asked.amount_of(node)


def truth(form: Form, node: Node) -> TruthOf:
    """A yes/no expression."""
    match node:
        case Compare(op=op, left=left, right=right):
            sides = amount(form, left), amount(form, right)
            return _compare(op, *sides, form.tolerance(node))
        case Either(left=left, right=right):
            return _joined(truth(form, left), truth(form, right), False)
        case Both(left=left, right=right):
            return _joined(truth(form, left), truth(form, right), True)
        case Not(operand=operand):
            return _denied(truth(form, operand))
        case _:
            return lambda asked: asked.truth_of(node)


def _arithmetic(op: str, left: AmountOf, right: AmountOf) -> AmountOf:
    def result(asked: Answering) -> Decimal | Unknown:
        one, other = left(asked), right(asked)
        if isinstance(one, Unknown) or isinstance(other, Unknown):
            return UNKNOWN
        if op == "+":
            return one + other
        return one - other if op == "-" else one * other

    return result


def _compare(op: str, left: AmountOf, right: AmountOf, slack: Decimal) -> TruthOf:
    """Half a step of the cell's grid apart is no difference: suites have doubles."""

    def holds(asked: Answering) -> bool | Unknown:
        one, other = left(asked), right(asked)
        if isinstance(one, Unknown) or isinstance(other, Unknown):
            return UNKNOWN
        if op == "==":
            return abs(one - other) < slack
        return (one - other if op == "<=" else other - one) < slack

    return holds


def _joined(left: TruthOf, right: TruthOf, both: bool) -> TruthOf:
    """The second is asked only where the first does not decide."""

    def holds(asked: Answering) -> bool | Unknown:
        first = left(asked)
        return right(asked) if first is both else first

    return holds


def _denied(operand: TruthOf) -> TruthOf:
    def holds(asked: Answering) -> bool | Unknown:
        said = operand(asked)
        return said if isinstance(said, Unknown) else not said

    return holds
