"""What could be wrong with a module: each way to change one place of its code.

Comparisons, arithmetic, conditions, constants, ``and`` and ``or``, what is returned. Texts
are not changed, nor annotations, decorators, assertions, the ``strict`` of ``zip`` and
``kw_only``, which only say what holds anyway, nor the ``maxsize`` of what is kept.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

PROGRAM = Path(__file__).parent.parent / "workbook_builder"
#: What is changed: the nouns, the rules and their language, how a file is read, and what
#: decides which file counts.
ROOMS = (
    *("model", "rules", "language", "reading"),
    *("intake/ignored.py", "intake/sniff.py", "pipeline/inbox.py"),
    *("campaign/decisions.py", "campaign/read_before.py"),
)
_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
#: Fields of nodes that no mutant looks into.
_SKIPPED = {"annotation", "returns", "decorator_list", "type_comment", "type_params"}


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a node and what it is set to instead; ``defs`` are the functions around
    it, the outermost first."""

    node: ast.AST
    field: str
    value: Any
    shown: ast.AST
    defs: tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]
    #: The first line of the statement around the change.
    statement: int


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change, told so that it is known again when lines have moved."""

    module: str
    number: int
    line: int
    function: str
    was: str
    becomes: str
    #: The first lines of the outermost function around the change, or 0 outside of all,
    #: and of the statement.
    start: int
    statement: int

    def __str__(self) -> str:
        where = f"{self.module}:{self.line} {self.function}"
        return f"{where}\n    - {self.was}\n    + {self.becomes}"


def of_rooms() -> list[Path]:
    """The files that are changed, in order."""
    return [
        file
        for room in ROOMS
        for file in sorted((PROGRAM / room).rglob("*.py")) or [PROGRAM / room]
    ]


def load_instead(code_of: Callable[[str], CodeType | None]) -> None:
    """What is imported from now on is this code, where there is one for its path."""
    as_it_is = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        return code_of(self.path) or as_it_is(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[assignment, method-assign]


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """All of a module, always in the same order."""
    for number, place in enumerate(_places(ast.parse(source))):
        before = getattr(place.node, place.field)
        was = _shown(place.shown)
        setattr(place.node, place.field, place.value)
        becomes = _shown(place.shown)
        setattr(place.node, place.field, before)
        yield Mutant(
            module,
            number,
            getattr(place.node, "lineno", getattr(place.shown, "lineno", 0)),
            ".".join(each.name for each in place.defs),
            was,
            becomes,
            _start(place.defs[0]) if place.defs else 0,
            place.statement,
        )


def mutated(source: str, number: int) -> ast.Module:
    """The module with the change of that number; its lines stay where they are."""
    tree = ast.parse(source)
    for index, place in enumerate(_places(tree)):
        if index == number:
            setattr(place.node, place.field, place.value)
            return ast.fix_missing_locations(tree)
    raise IndexError(number)


def _start(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The first line as the compiled code has it."""
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def _shown(node: ast.AST) -> str:
    """The code of an expression, or the first line of what has a body."""
    try:
        text = ast.unparse(node)
    except ValueError:  # a backslash within an f-string, before Python 3.12
        return ast.dump(node)
    return text.partition("\n")[0] if hasattr(node, "body") else text


def _places(tree: ast.Module) -> list[Place]:
    return list(_walk(tree, tree, (), 0))


def _walk(
    node: ast.AST, parent: ast.AST, defs: tuple[Any, ...], statement: int
) -> Iterator[Place]:
    if isinstance(node, ast.stmt):
        statement = node.lineno
    for field, value, shown in _changes(node, parent):
        yield Place(node, field, value, shown, defs, statement)
    if isinstance(node, _FUNCTIONS):
        defs = (*defs, node)
    for name, value in ast.iter_fields(node):
        if name in _SKIPPED or (isinstance(node, ast.ClassDef) and name != "body"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _settled(child):
                yield from _walk(child, node, defs, statement)


def _settled(node: ast.AST) -> bool:
    """What only says what holds anyway, how much is kept, or which system this is."""
    match node:
        case ast.keyword(arg="strict" | "kw_only" | "maxsize") | ast.Assert():
            return True
        case ast.If(test=test):
            return bool(re.search(r"TYPE_CHECKING|sys\.platform", ast.unparse(test)))
        case ast.Assign(value=ast.BinOp(op=ast.BitOr())):
            return "{" not in ast.unparse(node)  # an alias of types
        case _:
            return False


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _constants(value: object, parent: ast.AST) -> Iterator[object]:
    """One more than a number, and the other of the two booleans."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
    elif isinstance(value, str) and isinstance(parent, ast.Call):
        is_decimal = ast.unparse(parent.func) == "Decimal"
        if is_decimal and re.fullmatch(_NUMBER, value):
            yield str(float(value) + 1)


def _changes(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, Any, ast.AST]]:
    match node:
        case ast.Compare(ops=ops):
            for index, op in enumerate(ops):
                for other in _COMPARED[type(op)]:
                    yield "ops", [*ops[:index], other(), *ops[index + 1 :]], node
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _COMPUTED:
            yield "op", _COMPUTED[type(op)](), node
        case ast.BoolOp(op=op):
            yield "op", ast.Or() if isinstance(op, ast.And) else ast.And(), node
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "operand", _negated(operand), node
        case ast.UnaryOp(op=ast.USub()):
            yield "op", ast.UAdd(), node
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.UnaryOp):
                yield "test", _negated(test), node
        case ast.comprehension(ifs=ifs):
            for index, test in enumerate(ifs):
                if not isinstance(test, ast.Compare | ast.UnaryOp):
                    changed = [*ifs[:index], _negated(test), *ifs[index + 1 :]]
                    yield "ifs", changed, node
        case ast.Constant(value=value):
            for other_value in _constants(value, parent):
                yield "value", other_value, parent
        case ast.Name(id=name) if isinstance(parent, ast.Call) and node is parent.func:
            if name in _NAMES:
                yield "id", _NAMES[name], parent
        case ast.Return(value=value) if value is not None:
            if not isinstance(value, ast.Constant | ast.Compare | ast.BoolOp):
                yield "value", ast.Constant(None), node
