"""A formula and what it comes to, said once.

``round_(sumproduct(switch, figures), 6)`` is written into a cell as
``=ROUND(SUMPRODUCT(…),6)``, and its value is, exactly, what every office suite computes
from what stands in those cells. The functions are named as the suites' are.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import reduce
from itertools import chain, starmap
from typing import Any

from workbook_builder.language.spelling import quoted
from workbook_builder.model.errors import WorkbookError
from workbook_builder.model.values import plain
from workbook_builder.workbook.plan import Formula


class Fault(Enum):
    """What the suites show as an error, such as #DIV/0!, or do not agree on."""

    FAULT = "fault"


FAULT = Fault.FAULT
#: What a cell holds. A yes or no (bool) is no number, and None is an empty cell.
Held = Decimal | int | str | Fault | None

#: How tightly a text holds together; what holds less than is asked for needs brackets.
_COMPARED, _STRUNG, _ADDED, _MULTIPLIED, _WHOLE = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """What a formula says (``text``, without ``=``) and what it comes to."""

    text: str
    value: Held
    rank: int = _WHOLE

    def at(self, ref: str) -> Live:
        """The same, looked up in the cell where it stands."""
        return Live(ref, self.value)

    @property
    def values(self) -> tuple[Held, ...]:
        """As of one cell among others."""
        return (self.value,)

    @property
    def formula(self) -> Formula:
        """For a cell; one that looks up an empty cell shows 0."""
        if isinstance(self.value, Fault):
            raise WorkbookError(f"this comes to an error: {self.text}")
        return Formula(f"={self.text}", 0 if self.value is None else self.value)

    def __and__(self, other: Operand) -> Live:
        return _infix(self, "&", other, _STRUNG, _strung)

    def __add__(self, other: Operand) -> Live:
        return _infix(self, "+", other, _ADDED, _exactly(operator.add))

    def __sub__(self, other: Operand) -> Live:
        return _infix(self, "-", other, _ADDED, _exactly(operator.sub))

    def __mul__(self, other: Operand) -> Live:
        return _infix(self, "*", other, _MULTIPLIED, _exactly(operator.mul))

    def __truediv__(self, other: Operand) -> Live:
        return _infix(self, "/", other, _MULTIPLIED, _exactly(_divided))

    def __gt__(self, other: Operand) -> Live:
        return _infix(self, ">", other, _COMPARED, _exactly(operator.gt))

    def __ge__(self, other: Operand) -> Live:
        return _infix(self, ">=", other, _COMPARED, _exactly(operator.ge))

    def same(self, other: Operand) -> Live:
        return _infix(self, "=", other, _COMPARED, _same)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Many: ranges of cells, or what is computed from each of them."""

    text: str
    values: tuple[Held, ...]
    rank: int = _WHOLE

    def __mul__(self, other: Cells | int) -> Cells:
        if isinstance(other, int):
            other = Cells(str(other), (other,) * len(self.values))
        if not {bool, int, Decimal}.issuperset(map(type, self.values + other.values)):
            raise TypeError(f"not all are numbers: {self.text}, {other.text}")
        known = tuple(_multiplied(self.values, other.values))
        return Cells(_written(self, "*", other, _MULTIPLIED), known, _MULTIPLIED)

    def same(self, other: Operand) -> Cells:
        """Of each, whether it is the same."""
        wanted = live(other)
        known = tuple(_same(value, wanted.value) for value in self.values)
        return Cells(_written(self, "=", wanted, _COMPARED), known, _COMPARED)


Operand = Live | Decimal | int | str
_Part = Live | Cells


def live(value: Operand) -> Live:
    """A number or a text as it stands in a formula."""
    if isinstance(value, Live):
        return value
    return Live(
        quoted(value) if isinstance(value, str) else plain(Decimal(value)), value
    )


def if_(condition: Live, then: Operand, otherwise: Operand) -> Live:
    """The one that is not chosen may be an error."""
    parts = condition, live(then), live(otherwise)
    chosen = parts[1] if condition.value else parts[2]
    faulty = condition.value is FAULT
    return _call("IF", parts, FAULT if faulty else chosen.value)


def and_(*conditions: Live) -> Live:
    return _function("AND", conditions, lambda *values: all(values))


def abs_(amount: Live) -> Live:
    return _function("ABS", [amount], abs)


def min_(*parts: Operand) -> Live:
    """Of what is a number; 0 where nothing is."""
    operands = [live(part) for part in parts]
    return _call("MIN", operands, min(_numbers(operands), default=0))


def max_(*parts: Operand) -> Live:
    """Of what is a number; 0 where nothing is."""
    operands = [live(part) for part in parts]
    return _call("MAX", operands, max(_numbers(operands), default=0))


def round_(amount: Live, decimals: int) -> Live:
    """Half a step goes away from zero."""
    return _function("ROUND", [amount, decimals], _rounded)


def sum_(*parts: _Part) -> Live:
    """Of what is a number."""
    return _call("SUM", parts, sum(_numbers(parts)))


def count(*parts: _Part) -> Live:
    """How many are numbers."""
    return _call("COUNT", parts, len(_numbers(parts)))


def counta(cells: Cells) -> Live:
    """How many hold anything."""
    return _call("COUNTA", [cells], sum(each is not None for each in cells.values))


def countif(cells: Cells, wanted: Operand) -> Live:
    """How many hold just that; a text which is a pattern to the suites is refused."""
    sought = live(wanted)
    if set(str(sought.value)) & set("*?~<>="):
        raise WorkbookError(f"a pattern, not a text: {sought.value}")
    held = [each for each in cells.values if each is not None]
    known = list(map(_folded, held)).count(_folded(sought.value))
    return _call("COUNTIF", [cells, sought], known)


def isnumber(cells: Cells) -> Cells:
    known = map(_NUMBERS.__contains__, map(type, cells.values))
    return Cells(f"ISNUMBER({cells.text})", tuple(known))


def sumproduct(*columns: Cells) -> Live:
    """The columns multiplied line by line, and the products added up.

    What is no number counts as 0. The suites do not agree on what a yes counts for
    that was not multiplied by anything.
    """
    products = reduce(_multiplied, map(_amounts, columns))
    return _call("SUMPRODUCT", columns, sum(products))


_NUMBERS = frozenset({int, Decimal})


def _numbers(parts: Sequence[_Part]) -> list[Any]:
    held = chain.from_iterable(part.values for part in parts)
    return [value for value in held if type(value) in _NUMBERS]


def _amounts(cells: Cells) -> Iterable[Any]:
    if bool in map(type, cells.values):
        raise TypeError(f"multiply by 1 first: {cells.text}")
    if _NUMBERS.issuperset(map(type, cells.values)):
        return cells.values
    return [value if type(value) in _NUMBERS else 0 for value in cells.values]


def _multiplied(one: Iterable[Any], other: Iterable[Any]) -> Iterable[Any]:
    return starmap(operator.mul, zip(one, other, strict=True))


def _call(name: str, parts: Sequence[_Part], value: Held) -> Live:
    return Live(f"{name}({','.join(part.text for part in parts)})", value)


def _function(
    name: str, parts: Sequence[Operand], compute: Callable[..., Held]
) -> Live:
    operands = [live(part) for part in parts]
    return _call(name, operands, _exactly(compute)(*(each.value for each in operands)))


def _infix(
    left: Live, sign: str, other: Operand, rank: int, compute: Callable[..., Held]
) -> Live:
    right = live(other)
    text = _written(left, sign, right, rank)
    return Live(text, compute(left.value, right.value), rank)


def _written(left: _Part, sign: str, right: _Part, rank: int) -> str:
    """What binds as tightly needs brackets on the right, as in ``a-(b-c)``."""
    first = left.text if left.rank >= rank else f"({left.text})"
    then = right.text if right.rank > rank else f"({right.text})"
    return f"{first}{sign}{then}"


def _exactly(compute: Callable[..., Held]) -> Callable[..., Held]:
    """On numbers: an empty cell is 0, a yes is 1, and a text is an error."""

    def computed(*values: Held) -> Held:
        if any(isinstance(value, str | Fault) for value in values):
            return FAULT
        return compute(*(value or 0 for value in values))

    return computed


def _divided(amount: Decimal, by: Decimal) -> Held:
    return Decimal(amount) / by if by else FAULT


def _rounded(amount: Decimal, decimals: int) -> Decimal:
    step = Decimal(1).scaleb(-decimals)
    return amount if amount % step == 0 else amount.quantize(step, ROUND_HALF_UP)


def _strung(one: Held, other: Held) -> Held:
    if isinstance(one, Fault) or isinstance(other, Fault):
        return FAULT
    held = ("" if each is None else each for each in (one, other))
    return "".join(e if isinstance(e, str) else plain(Decimal(e)) for e in held)


def _same(one: Held, other: Held) -> Held:
    """Capital letters are as good as small ones; an empty cell is both 0 and ""."""
    if one is FAULT or other is FAULT:
        return FAULT
    if one is None or other is None:
        return not one and not other
    return _folded(one) == _folded(other)


def _folded(value: Held) -> Held:
    return value.casefold() if isinstance(value, str) else value
