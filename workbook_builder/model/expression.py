"""The expression language of checks: its nodes and its words.

A rule is written in Python syntax, read by ``language.parse`` and admitted word by word.
Each node has four faces elsewhere: a spreadsheet formula (``language.formula``), a value
(``language.value``), a message and a line of the instructions (``language.words``). There
is no other way to write a rule.

Words: ``+ - *``, ``== <= >=``, ``and or not`` (read from left to right: what
follows is not looked at once the answer is clear), ``unit_type in ("街道", …)``,
numbers, ``by_type(("街道", …), 100, …, 10000)``, ``year``, ``quarter``, ``month``, and the
functions in :data:`FUNCTIONS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Number:
    """A literal."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class CellRef:
    """A cell of the form, by its permanent id."""

    id: str


@dataclass(frozen=True, slots=True)
class LastPeriod:
    """``last(x)``: the same unit's value of a cell in the period before.

    ``within_year``, written ``so_far(x)``: 0 in the first period of a year.
    """

    id: str
    within_year: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """``sum(a, b, span(c, d), so_far(e))``: the sum of cells.

    ``before`` are those of the period before.
    """

    cells: tuple[CellRef, ...]
    spans: tuple[tuple[CellRef, CellRef], ...] = ()
    before: tuple[LastPeriod, ...] = ()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left op right`` with op ``+``, ``-`` or ``*``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op right`` with op ``==``, ``<=`` or ``>=``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Either:
    """``left or right``; right is not looked at when left holds."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Both:
    """``left and right``; right is not looked at when left fails."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Not:
    """``not operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class UnitTypeIn:
    """``unit_type in (…)``; a unit without a type is in no list."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByType:
    """``by_type((…), amount, …, otherwise)``: a number for each type of unit."""

    cases: tuple[tuple[UnitTypeIn, Number], ...]
    otherwise: Number


@dataclass(frozen=True, slots=True)
class PeriodPart:
    """``year``, ``quarter`` or ``month``: that number of the period it is about."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of :data:`FUNCTIONS` applied to a cell, a text or a field."""

    name: str
    subject: str
    argument: Node | tuple[str, ...] | None = None


Node = (
    Number
    | CellRef
    | LastPeriod
    | Total
    | Arithmetic
    | Compare
    | Either
    | Both
    | Not
    | UnitTypeIn
    | ByType
    | PeriodPart
    | Call
)

#: name → (kind of the subject, kind of the second argument or None, what it says)
FUNCTIONS: dict[str, tuple[str, str | None, str]] = {
    "is_blank": (
        "cell or text or field",
        None,
        "nothing typed, and no zero declaration covers it",
    ),
    "is_number": ("cell", None, "a number, or a blank covered by a zero declaration"),
    "on_grid": ("cell", None, "has no more decimals than declared"),
    "minimum": (
        "cell or text",
        None,
        "the smallest value of the cell's type, or the fewest characters of the text "
        "(a number)",
    ),
    "maximum": ("cell", None, "the largest value the cell's type allows (a number)"),
    "zero_declared": ("cell", None, "the cell's table is declared to be all zero"),
    "length": (
        "text or field",
        None,
        "number of characters without spaces (a number)",
    ),
    "contains": (
        "text or field",
        "strings",
        "the text contains the words, one of several",
    ),
    "mentions_year": (
        "text or field",
        "number",
        "the text contains the year, as 2025年",
    ),
    "says": ("text", "number", "the text says the figure, as 1204件, 1,204 宗, 十五件"),
    "has_figure": ("text", None, "the text says any number of cases, as 12件"),
    "misplaced": ("text", None, "the text begins with the heading of another one"),
    "like_last": (
        "text",
        None,
        "how many of a hundred parts of the text the unit wrote the last time, too "
        "(a number)",
    ),
    "counts": (
        "text",
        "strings",
        "one clause of the text has the words, one of several, and a number of cases "
        "other than 0",
    ),
}

#: The words for a cell of the period before.
LAST = ("last", "so_far")

#: The functions that look for numbers in a text.
FIGURES = frozenset({"says", "has_figure"})

#: What no formula can tell. A check that asks it is judged by the reader alone, and the
#: workbook says so.
READER_ONLY = frozenset({"counts", "like_last"})

#: The functions that give a number; the others answer yes or no.
AMOUNTS = frozenset({"maximum", "length", "minimum", "like_last"})


# A form has thousands of nodes, and each is looked at when it is loaded: that is why
# their kinds are put together here, and not where they are asked for.
_PAIRS = (Compare, Either, Both, Arithmetic)
_LEAVES = (CellRef, LastPeriod, Number, PeriodPart, UnitTypeIn)
_AMOUNTS = (Number, CellRef, LastPeriod, Total, Arithmetic, ByType, PeriodPart)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order written."""
    if isinstance(node, _PAIRS):
        return node.left, node.right
    match node:
        case Call(argument=argument) if argument and not isinstance(argument, tuple):
            return (argument,)
        case Not(operand=operand):
            return (operand,)
        case Total(cells=cells, before=before):
            return cells + before
        case ByType(cases=cases):
            return tuple(type_ for type_, _ in cases)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order written."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _LEAVES):
            waiting.extend(reversed(children(node)))


def is_amount(node: Node) -> bool:
    """Whether the expression is a number, not a yes or no."""
    if isinstance(node, Call):
        return node.name in AMOUNTS
    return isinstance(node, _AMOUNTS)


def main_comparison(node: Node) -> Compare | None:
    """The comparison whose two sides are shown to the clerk.

    It is the last one of an ``or`` chain: what stands before it says when the
    comparison does not matter.
    """
    match node:
        case Compare():
            return node
        case Either(right=right):
            return main_comparison(right)
        case _:
            return None
