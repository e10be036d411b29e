"""Expressions as functions: worked out once for a form, asked for every return.

They raise NotKnown as soon as they meet what cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import Enum
from typing import NoReturn, Protocol

from workbook_builder.language import figures
from workbook_builder.language.headings import opens_with
from workbook_builder.language.likeness import runs, share
from workbook_builder.model.answers import ALL_ZERO, Answers, Circumstances
from workbook_builder.model.expression import (
    Arithmetic,
    Both,
    ByType,
    Call,
    CellRef,
    Compare,
    Either,
    LastPeriod,
    Node,
    Not,
    Number,
    PeriodPart,
    Total,
    UnitTypeIn,
)
from workbook_builder.model.form import Form
from workbook_builder.model.values import on_grid


class Unknown(Enum):
    """The single value that stands for “cannot be told”."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


class NotKnown(Exception):
    """What is asked for cannot be told."""


class Figures(dict[str, Decimal]):
    """The cells of a return whose numbers are known, by their ids; any other is asked
    for in vain: NotKnown."""

    def __missing__(self, id_: str) -> NoReturn:
        raise NotKnown(id_)


class Answering(Protocol):
    """What answers for the leaves of an expression: one return."""

    figures: Figures
    answers: Answers
    known: Circumstances

    def written(self, id_: str) -> str: ...

    def compact(self, id_: str) -> str: ...

    def prepared(self, id_: str) -> str: ...

    def is_blank(self, id_: str) -> bool: ...


AmountOf = Callable[[Answering], Decimal]
TruthOf = Callable[[Answering], bool]


def amount(form: Form, node: Node) -> AmountOf:
    """A numeric expression."""
    match node:
        case CellRef(id=id_):
            return lambda asked: asked.figures[id_]
        case Number(value=value):
            return lambda asked: value
        case Total(cells=cells, before=before):
            added = _added([cell.id for cell in cells])
            for each in before:
                added = _arithmetic("+", added, amount(form, each))
            return added
        case Arithmetic(op=op, left=left, right=right):
            return _arithmetic(op, amount(form, left), amount(form, right))
        case ByType(cases=cases, otherwise=otherwise):
            # Of two that name a type the first counts.
            own = {
                each: case.value for types, case in cases[::-1] for each in types.types
            }
            return lambda asked: own.get(asked.known.unit_type, otherwise.value)
        case LastPeriod(id=id_, within_year=within_year):
            return lambda asked: _last(asked.known, id_, within_year)
        case PeriodPart(name="year"):
            return lambda asked: Decimal(asked.known.period.year)
        case PeriodPart():
            return lambda asked: Decimal(asked.known.period.number)
        case Call(name="length", subject=id_):
            return lambda asked: Decimal(len(asked.compact(id_)))
        case Call(name="like_last", subject=id_):
            return lambda asked: _like_last(asked, id_)
        case Call(name="minimum", subject=id_):
            least = Decimal(form.minimum(id_))
            return lambda asked: least
        case Call(name="maximum", subject=id_):
            most = Decimal(form.cells[id_].type.maximum)
            return lambda asked: most
        case _:
            raise TypeError(f"not a number: {node}")


def truth(form: Form, node: Node) -> TruthOf:
    """A yes/no expression."""
    match node:
        case Compare(op=op, left=left, right=right):
            sides = amount(form, left), amount(form, right)
            return _compare(op, *sides, form.tolerance(node))
        case Either(left=left, right=right):
            one, other = truth(form, left), truth(form, right)
            return lambda asked: one(asked) or other(asked)
        case Both(left=left, right=right):
            one, other = truth(form, left), truth(form, right)
            return lambda asked: one(asked) and other(asked)
        case Not(operand=operand):
            denied = truth(form, operand)
            return lambda asked: not denied(asked)
        case UnitTypeIn(types=types):
            return lambda asked: asked.known.unit_type in types
        case Call(argument=None):
            return _said(form, node)
        case Call(argument=tuple()):
            return _has_words(node)
        case Call():
            return _says(form, node)
        case _:
            raise TypeError(f"not a yes/no expression: {node}")


def _said(form: Form, call: Call) -> TruthOf:
    """A predicate of nothing but its subject."""
    id_ = call.subject
    match call.name:
        case "is_blank":
            return lambda asked: asked.is_blank(id_)
        case "is_number":
            return lambda asked: id_ in asked.figures
        case "on_grid":
            decimals = form.cells[id_].type.decimals
            return lambda asked: on_grid(asked.figures[id_], decimals)
        case "zero_declared":
            table = form.cells[id_].table
            return lambda asked: asked.answers.declaration(table) == ALL_ZERO
        case "has_figure":
            return lambda asked: figures.has_figure(asked.prepared(id_))
        case "misplaced":
            others = form.headings_but(id_)
            return lambda asked: opens_with(asked.written(id_), others)
        case _:
            raise TypeError(f"not a yes/no expression: {call}")


def _has_words(call: Call) -> TruthOf:
    """A predicate of a text, and words."""
    id_, words = call.subject, call.argument
    assert isinstance(words, tuple)
    match call.name:
        case "contains":
            return lambda asked: any(each in asked.written(id_) for each in words)
        case "counts":
            return lambda asked: figures.counts(asked.written(id_), words)
        case _:
            raise TypeError(f"not a yes/no expression: {call}")


def _says(form: Form, call: Call) -> TruthOf:
    """A predicate of a text, and a number."""
    id_, argument = call.subject, call.argument
    assert isinstance(argument, Node)
    said = amount(form, argument)
    match call.name:
        case "mentions_year":
            return lambda asked: f"{said(asked)}年" in asked.compact(id_)
        case "says":
            return lambda asked: figures.says(asked.prepared(id_), said(asked))
        case _:
            raise TypeError(f"not a yes/no expression: {call}")


def _last(known: Circumstances, id_: str, within_year: bool) -> Decimal:
    if within_year and known.period.number == 1:
        return Decimal(0)
    told = known.last_period.get(id_)
    if told is None:
        raise NotKnown
    return told


def _like_last(asked: Answering, id_: str) -> Decimal:
    before = asked.known.texts_before.get(id_)
    then = runs(before) if before else None
    if not then:
        raise NotKnown
    return Decimal(share(runs(asked.answers.texts.get(id_, "")), then))


def _added(ids: Sequence[str]) -> AmountOf:
    return lambda asked: sum(map(asked.figures.__getitem__, ids), Decimal(0))


def _arithmetic(op: str, left: AmountOf, right: AmountOf) -> AmountOf:
    match op:
        case "+":
            return lambda asked: left(asked) + right(asked)
        case "-":
            return lambda asked: left(asked) - right(asked)
        case _:
            return lambda asked: left(asked) * right(asked)


def _compare(op: str, left: AmountOf, right: AmountOf, slack: Decimal) -> TruthOf:
    """Half a step of the cell's grid apart is no difference: suites have doubles."""
    match op:
        case "==":
            return lambda asked: abs(left(asked) - right(asked)) < slack
        case "<=":
            return lambda asked: left(asked) - right(asked) < slack
        case _:
            return lambda asked: right(asked) - left(asked) < slack
