"""Checks that look at one input and at nothing else, which most places of a form are.

What they come to follows from what the input says, so that it is worked out once for a
figure and not for every return in which it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook_builder.model.check import Check, Instance, Line
from workbook_builder.model.expression import (
    Arithmetic,
    Both,
    Call,
    CellRef,
    Compare,
    Either,
    Node,
    Not,
    Number,
    PeriodPart,
    walk,
)
from workbook_builder.model.form import Form, Kind

#: The functions that ask nothing but what stands in a cell, how it is declared, and its
#: type.
_OF_CELL = frozenset(
    ("is_blank", "is_number", "on_grid", "minimum", "maximum", "zero_declared")
)
_WITHOUT_CELLS = (Compare, Either, Both, Not, Arithmetic, Number, PeriodPart)


@dataclass(frozen=True, slots=True)
class Alone:
    """The checks by the input that they look at, with its table; the ids of the lines
    that consist of nothing else; the other lines, in their order; and those of them that
    say more than how a total is computed, which holds where nobody typed over one."""

    by_input: Mapping[tuple[str, str], tuple[Instance, ...]]
    lines: frozenset[int]
    others: tuple[tuple[Check, Line], ...]
    not_computed: tuple[tuple[Check, Line], ...]


def alone(form: Form) -> Alone:
    """They are told by their expressions, whatever they are for."""
    found: dict[str, list[Instance]] = {}
    lines = set()
    for _, line in form.lines:
        inputs = [_input(form, instance) for instance in line.instances]
        for id_, instance in zip(inputs, line.instances, strict=True):
            if id_ is not None:
                found.setdefault(id_, []).append(instance)
        if None not in inputs:
            lines.add(id(line))
    by_input = {
        (id_, form.cells[id_].table): tuple(instances)
        for id_, instances in found.items()
    }
    others = tuple(place for place in form.lines if id(place[1]) not in lines)
    not_computed = tuple(
        (check, line)
        for check, line in others
        if not all(_computes(form, instance) for instance in line.instances)
    )
    return Alone(by_input, frozenset(lines), others, not_computed)


def _computes(form: Form, instance: Instance) -> bool:
    """Whether it says of a total what the form computes it of."""
    match instance.expression:
        case Compare(op="==", left=CellRef(id=id_), right=right):
            return form.totals.get(id_) == right
        case _:
            return False


def _input(form: Form, instance: Instance) -> str | None:
    """The only input that it looks at; None for any other check."""
    seen = {_looks_at(node) for node in walk(instance.expression)} - {""}
    if instance.last_period or len(seen) != 1:
        return None
    (id_,) = seen
    cell = form.cells.get(id_)
    return id_ if cell is not None and cell.kind is Kind.INPUT else None


def _looks_at(node: Node) -> str:
    """The cell that a node itself asks; no cell's id for what asks more than one."""
    match node:
        case CellRef(id=id_):
            return id_
        case Call(name=name, subject=id_) if name in _OF_CELL:
            return id_
        case _:
            return "" if isinstance(node, _WITHOUT_CELLS) else "?"
