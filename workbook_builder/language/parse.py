"""A rule as it is written → its expression, with the standard ``ast`` module."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from workbook_builder.model.errors import RuleError
from workbook_builder.model.expression import (
    FUNCTIONS,
    LAST,
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
    is_amount,
)

Resolve = Callable[[str, str], str]
"""(kind, name as written) → id; raises RuleError. Kinds: ``cell``, ``text`` or either,
``cell or text``."""

Between = Callable[[str, str], tuple[str, ...]]
"""(first id, last id) → all cell ids from first to last in the order of the table."""


_COMPARISONS: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.LtE: "<=", ast.GtE: ">="}


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
        symbol = _COMPARISONS.get(type(op))
        if symbol is None:
            raise RuleError("comparisons are ==, <= and >=")
        return Compare(symbol, self._amount(left), self._amount(right))

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


@lru_cache(maxsize=16)
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
    *types, others = args[::2]
    pairs = zip(map(_strings, types), map(_number, args[1::2]), strict=True)
    branches = tuple((UnitTypeIn(names), amount) for names, amount in pairs)
    return ByType(branches, _number(others))


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
