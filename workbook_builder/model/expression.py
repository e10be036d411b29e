"""The expression language of checks: its nodes and its parser.

A rule is written in Python syntax, parsed with the standard ``ast`` module and
admitted word by word. Each node has four faces elsewhere: a spreadsheet formula
(``language.formula``), a value (``language.value``), a message and a line of the
instructions (``language.words``). There is no other way to write a rule.

Words: ``+ - *``, ``== <= >=``, ``and or not`` (read from left to right: what
follows is not looked at once the answer is clear), ``unit_type in ("街道", …)``,
numbers, ``by_type(("街道", …), 100, …, 10000)``, ``year``, ``quarter``, ``month``, and the
functions in :data:`FUNCTIONS`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from workbook_builder.model.errors import RuleError


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
    """A function of :data:`FUNCTIONS` applied to a cell, text or table."""

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
    "is_blank": ("cell", None, "nothing typed, and no zero declaration covers it"),
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
    "length": ("text", None, "number of characters without spaces (a number)"),
    "contains": ("text", "strings", "the text contains the words, one of several"),
    "mentions_year": ("text", "number", "the text contains the year, as 2025年"),
    "says": ("text", "number", "the text says the figure, as 1204件, 1,204 宗, 十五件"),
    "has_figure": ("text", None, "the text says any number of cases, as 12件"),
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
READER_ONLY = frozenset({"counts"})

#: The functions that give a number; the others answer yes or no.
AMOUNTS = frozenset({"maximum", "length", "minimum"})

Resolve = Callable[[str, str], str]
"""(kind, name as written) → id; raises RuleError. Kinds: ``cell``, ``text`` or either,
``cell or text``."""

Between = Callable[[str, str], tuple[str, ...]]
"""(first id, last id) → all cell ids from first to last in the order of the table."""


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, in the order written."""
    match node:
        case Total(cells=cells, before=before):
            yield from cells
            yield from before
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            yield left
            yield right
        case Either(left=left, right=right) | Both(left=left, right=right):
            yield left
            yield right
        case Not(operand=operand):
            yield operand
        case ByType(cases=cases):
            yield from (type_ for type_, _ in cases)
        case Call(argument=argument) if argument and not isinstance(argument, tuple):
            yield argument
        case _:
            return


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def is_amount(node: Node) -> bool:
    """Whether the expression is a number, not a yes or no."""
    if isinstance(node, Call):
        return node.name in AMOUNTS
    return isinstance(
        node, Number | CellRef | LastPeriod | Total | Arithmetic | ByType | PeriodPart
    )


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


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns ast nodes into ours, with names resolved by the caller."""

    resolve: Resolve
    between: Between

    def read(self, tree: ast.expr) -> Node:
        match tree:
            case ast.BoolOp(op=op, values=values):
                kind = Either if isinstance(op, ast.Or) else Both
                nodes = [self._truth(value) for value in values]
                result = nodes[-1]
                for node in reversed(nodes[:-1]):
                    result = kind(node, result)
                return result
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self._truth(operand))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compare(left, op, right)
            case ast.BinOp(left=left, op=op, right=right):
                symbol = _arithmetic(op)
                return Arithmetic(symbol, self._amount(left), self._amount(right))
            case ast.Constant(value=value) if type(value) in (int, float):
                return Number(Decimal(repr(value)))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(name, args)
            case ast.Name(id=("year" | "quarter" | "month") as name):
                return PeriodPart(name)
            case ast.Name() | ast.Attribute():
                return CellRef(self.resolve("cell", _dotted(tree)))
            case _:
                raise RuleError(f"“{ast.unparse(tree)}” is not in the language")

    def _compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Node:
        if isinstance(op, (ast.In, ast.NotIn)):
            if not (isinstance(left, ast.Name) and left.id == "unit_type"):
                raise RuleError("only “unit_type in (…)” can be asked")
            member = UnitTypeIn(_strings(right))
            return Not(member) if isinstance(op, ast.NotIn) else member
        symbols = {ast.Eq: "==", ast.LtE: "<=", ast.GtE: ">="}
        if type(op) not in symbols:
            raise RuleError("comparisons are ==, <= and >=")
        return Compare(symbols[type(op)], self._amount(left), self._amount(right))

    def _call(self, name: str, args: list[ast.expr]) -> Node:
        if name == "sum":
            return self._total(args)
        if name == "span":
            raise RuleError("span() stands inside sum() only")
        if name in LAST:
            return self._last(name, args)
        if name == "by_type":
            return _by_type(args)
        if name not in FUNCTIONS:
            known = ", ".join(["sum", "span", "by_type", *LAST, *FUNCTIONS])
            raise RuleError(f"there is no word “{name}”; the words are {known}")
        kind, second, _ = FUNCTIONS[name]
        if second == "strings":
            if len(args) < 2:
                raise RuleError(f"{name}() takes a text and the words to look for")
            words = tuple(_string(each) for each in args[1:])
            return Call(name, self.resolve(kind, _dotted(args[0])), words)
        args = _exactly(name, args, 2 if second else 1)
        subject = self.resolve(kind, _dotted(args[0]))
        return Call(name, subject, self._amount(args[1]) if second else None)

    def _last(self, name: str, args: list[ast.expr]) -> LastPeriod:
        (arg,) = _exactly(name, args, 1)
        return LastPeriod(self.resolve("cell", _dotted(arg)), name == "so_far")

    def _amount(self, tree: ast.expr) -> Node:
        node = self.read(tree)
        if not is_amount(node):
            raise RuleError(f"“{ast.unparse(tree)}” is a yes or no, not a number")
        return node

    def _truth(self, tree: ast.expr) -> Node:
        node = self.read(tree)
        if is_amount(node):
            raise RuleError(f"“{ast.unparse(tree)}” is a number, not a yes or no")
        return node

    def _total(self, args: list[ast.expr]) -> Total:
        cells: list[CellRef] = []
        spans: list[tuple[CellRef, CellRef]] = []
        before: list[LastPeriod] = []
        for arg in args:
            match arg:
                case ast.Call(func=ast.Name(id=name), args=of) if name in LAST:
                    before.append(self._last(name, of))
                case ast.Call(func=ast.Name(id="span"), args=[first, last]):
                    ids = self.between(
                        self.resolve("cell", _dotted(first)),
                        self.resolve("cell", _dotted(last)),
                    )
                    cells += [CellRef(id_) for id_ in ids]
                    spans.append((CellRef(ids[0]), CellRef(ids[-1])))
                case _:
                    cells.append(CellRef(self.resolve("cell", _dotted(arg))))
        if not cells:
            raise RuleError("sum() needs at least one cell")
        return Total(tuple(cells), tuple(spans), tuple(before))


def parse(rule: str) -> ast.expr:
    """The syntax tree of a rule; names are resolved later, once per instance."""
    try:
        return ast.parse(rule.strip(), mode="eval").body
    except SyntaxError as error:
        raise RuleError(f"not a sentence: {error.msg}") from None


def read(tree: ast.expr, resolve: Resolve, between: Between) -> Node:
    """The expression with every name resolved. Raises RuleError."""
    return _Reader(resolve, between).read(tree)


def _by_type(args: list[ast.expr]) -> ByType:
    if len(args) < 3 or not len(args) % 2:
        raise RuleError("by_type() takes types, number, …, and a number for the others")
    amounts = [_number(each) for each in (*args[1::2], args[-1])]
    types = [UnitTypeIn(_strings(each)) for each in args[:-1:2]]
    return ByType(tuple(zip(types, amounts[:-1], strict=True)), amounts[-1])


def _number(tree: ast.expr) -> Number:
    if isinstance(tree, ast.Constant) and type(tree.value) in (int, float):
        return Number(Decimal(repr(tree.value)))
    raise RuleError(f"“{ast.unparse(tree)}” should be a number")


def _arithmetic(op: ast.operator) -> str:
    symbols = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
    if type(op) not in symbols:
        raise RuleError("arithmetic is +, - and *")
    return symbols[type(op)]


def _dotted(tree: ast.expr) -> str:
    match tree:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{_dotted(value)}.{attr}"
        case _:
            raise RuleError(f"“{ast.unparse(tree)}” is not a name")


def _exactly(name: str, args: list[ast.expr], count: int) -> list[ast.expr]:
    if len(args) != count:
        raise RuleError(f"{name}() takes {count} argument(s), not {len(args)}")
    return args


def _string(tree: ast.expr) -> str:
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str) and tree.value:
        return tree.value
    raise RuleError(f"“{ast.unparse(tree)}” should be words in quotes")


def _strings(tree: ast.expr) -> tuple[str, ...]:
    if isinstance(tree, ast.Tuple | ast.List) and tree.elts:
        return tuple(_string(element) for element in tree.elts)
    raise RuleError('write a list of types: ("街道", "镇")')
