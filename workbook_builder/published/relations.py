"""The sums that a form's tables must make, as far as they can show a misreading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from workbook_builder.model.check import Check
from workbook_builder.model.expression import (
    Arithmetic,
    CellRef,
    Compare,
    Node,
    Total,
)
from workbook_builder.model.form import Form
from workbook_builder.model.values import State, Value
from workbook_builder.published.vocabulary import LabelledRows

Terms = Mapping[str, int]


class Closing(Enum):
    """What figures say of a relation."""

    CLOSES = "closes"
    FAILS = "fails"
    OPEN = "open"
    """Something it needs is not printed."""


@dataclass(frozen=True)
class SumRule:
    """Cells times their factors add up to zero. ``place`` is where a finding points."""

    check: Check
    place: str
    terms: Terms
    slack: Decimal

    def outcome(self, values: Mapping[str, Value]) -> Closing:
        """A blank counts as nothing where it then closes, and else leaves it open."""
        total, blanks = Decimal(0), False
        for cell, factor in self.terms.items():
            value = values.get(cell)
            if value is None or value.state in {State.TEXT, State.ERROR}:
                return Closing.OPEN
            blanks = blanks or value.number is None
            total += factor * (value.number or 0)
        if abs(total) <= self.slack:
            return Closing.CLOSES
        return Closing.OPEN if blanks else Closing.FAILS

    def sides(self, values: Mapping[str, Value]) -> tuple[Decimal, Decimal]:
        """What the positive and the negative terms add up to."""
        plus = minus = Decimal(0)
        for cell, factor in self.terms.items():
            amount = abs(factor) * (values[cell].number or 0)
            plus, minus = (
                (plus + amount, minus) if factor > 0 else (plus, minus + amount)
            )
        return plus, minus


@lru_cache(maxsize=32)
def relations(form: Form) -> tuple[SumRule, ...]:
    """The checks of a form that are sums of its own cells and must hold."""
    return tuple(_relations(form))


def _relations(form: Form) -> Iterator[SumRule]:
    for check in form.checks:
        if not check.severity.must_hold:
            continue
        for line in check.lines:
            for instance in line.instances:
                node = instance.expression
                if isinstance(node, Compare) and node.op == "==":
                    terms = _terms(Arithmetic("-", node.left, node.right))
                    if terms:
                        slack = form.tolerance(node)
                        yield SumRule(check, instance.place, terms, slack)


def _terms(node: Node) -> dict[str, int]:
    """The factor of each cell; empty for what is no plain sum of cells."""
    match node:
        case CellRef(id=id_):
            return {id_: 1}
        case Total(cells=cells):
            return {cell.id: 1 for cell in cells}
        case Arithmetic(op="+" | "-" as op, left=left, right=right):
            first, second = _terms(left), _terms(right)
            if not first or not second:
                return {}
            sign = 1 if op == "+" else -1
            for id_, factor in second.items():
                first[id_] = first.get(id_, 0) + sign * factor
            return {id_: factor for id_, factor in first.items() if factor}
        case _:
            return {}


def with_groups(
    all_: Iterable[SumRule], groups: Iterable[LabelledRows]
) -> list[SumRule]:
    """The relations for a report that prints these groups of rows as one line each."""
    result = list(all_)
    for group in groups:
        result = list(_grouped(result, group))
    return result


def _grouped(all_: list[SumRule], group: LabelledRows) -> Iterator[SumRule]:
    """Where the members count alike their sum takes their place; what is true of each
    member alone is true of the sums."""
    within: dict[str, list[SumRule]] = {}
    for relation in all_:
        if all(_row(cell) in group.ids for cell in relation.terms):
            within.setdefault(relation.check.code, []).append(relation)
        else:
            yield _replaced(relation, group)
    for members in within.values():
        if len(members) == len(group.ids):
            added: dict[str, int] = {}
            for relation in members:
                for cell, factor in relation.terms.items():
                    added[cell] = added.get(cell, 0) + factor
            first = members[0]
            summed = SumRule(first.check, first.place, added, first.slack)
            yield _replaced(summed, group)


def _replaced(relation: SumRule, group: LabelledRows) -> SumRule:
    terms = dict(relation.terms)
    columns = {_column(cell) for cell in terms if _row(cell) in group.ids}
    for column in columns:
        members = [f"{group.table}.{id_}.{column}" for id_ in group.ids]
        factors = {terms.get(cell) for cell in members}
        if len(factors) == 1 and None not in factors:
            for cell in members[:-1]:
                del terms[cell]
            terms[group.cell(column)] = terms.pop(members[-1])
    return SumRule(relation.check, relation.place, terms, relation.slack)


def _row(cell: str) -> str:
    return cell.split(".")[1]


def _column(cell: str) -> str:
    return cell.split(".")[2]
