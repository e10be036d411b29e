"""Every number that somebody chose, as a list to be read: the bounds, what a name is when
nobody says otherwise, and how sure one must be, of the rooms where another would give
another verdict or another total.

``golden/bounds.txt`` has a line for each. One that changes may be right: then the sentences
and the pages that tell it are to be read again.

``python -m tests.test_bounds_set`` accepts the list as it is now.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tools.mutations import PROGRAM, of_rooms

GOLDEN = Path(__file__).parent / "golden" / "bounds.txt"
ACCEPT = "python -m tests.test_bounds_set"


def is_chosen(value: object) -> bool:
    """A number, or what holds nothing else."""
    if isinstance(value, tuple):
        return bool(value) and all(map(is_chosen, value))
    return isinstance(value, bool | int | float | Decimal)


def of_fields(kind: type) -> Iterator[tuple[str, object]]:
    for each in fields(kind) if is_dataclass(kind) else ():
        yield each.name, each.default
        for asked in ("repr", "compare", "init"):
            if not getattr(each, asked):
                yield f"{each.name} {asked}", False


def of_class(kind: type) -> Iterator[tuple[str, object]]:
    yield from of_fields(kind)
    for name, each in vars(kind).items():
        if name.startswith("_"):  # what the language makes of the fields
            continue
        yield name, each
        for parameter, default in of_function(each):
            yield f"{name}({parameter})", default


def of_function(thing: object) -> Iterator[tuple[str, object]]:
    if inspect.isfunction(thing):
        for each in inspect.signature(thing).parameters.values():
            yield each.name, each.default


def of_module(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Of the module's own names; a context of Decimal is its precision."""
    tree = ast.parse(inspect.getsource(module))
    own = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for name, each in vars(module).items():
        if name in own:
            yield name, getattr(each, "prec", each)
        elif getattr(each, "__module__", "") == module.__name__:
            if isinstance(each, type):
                yield from ((f"{name}.{key}", value) for key, value in of_class(each))
            yield from ((f"{name}({key})", value) for key, value in of_function(each))


def listed() -> str:
    lines = []
    for file in of_rooms():
        path = file.relative_to(PROGRAM.parent).with_suffix("")
        module = import_module(".".join(path.parts).removesuffix(".__init__"))
        told = {name: each for name, each in of_module(module) if is_chosen(each)}
        lines += [
            f"{file.relative_to(PROGRAM).as_posix()} {name} = {each}"
            for name, each in told.items()
        ]
    return "".join(f"{line}\n" for line in lines)


def test_what_was_chosen_is_what_the_list_says() -> None:
    accepted = GOLDEN.read_text(encoding="utf-8")
    assert listed() == accepted, f"read the difference, then run {ACCEPT}"


if __name__ == "__main__":
    GOLDEN.write_text(listed(), encoding="utf-8")
