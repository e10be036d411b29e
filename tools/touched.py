"""A plugin of pytest: which test runs which lines of the program, also in workers.

``TOUCHED=folder python -m pytest -p tools.touched …`` writes there a file for each process
of pytest: a line of JSON for each test, with its seconds and the statements of the rooms
of :mod:`tools.mutations` that it runs. :mod:`tools.mutants` reads them. Of a test with
many cases a few stand for all.

Each statement within a function is told to set a byte of memory that workers share.
"""

from __future__ import annotations

import ast
import builtins
import json
import mmap
import os
from collections.abc import Generator
from pathlib import Path
from types import CodeType

import pytest

from tools.mutations import PROGRAM, load_instead, of_rooms

#: So many cases of a test are run, spread over all, and the others as well as long as
#: they all take no more than so many seconds.
CASES, SECONDS = 8, 2
#: Where the lines of a module begin in the memory.
_BEGINS: dict[str, int] = {}
_LENGTH = 0
for _file in of_rooms():
    _BEGINS[str(_file)] = _LENGTH
    _LENGTH += len(_file.read_text("utf-8").splitlines()) + 1
_RUN = mmap.mmap(-1, _LENGTH)
#: What a fixture that tests share has run, which counts for each of them.
_SHARED: dict[pytest.FixtureDef[object], int] = {}
#: How long the cases of a test took.
_TOOK: dict[str, list[float]] = {}
_TOLD: dict[str, list[pytest.TestReport]] = {}


class Telling(ast.NodeTransformer):
    """Sets the byte of each statement before it runs."""

    def __init__(self, begins: int) -> None:
        self._begins, self._within = begins, 0

    def visit(self, node: ast.AST) -> ast.AST:
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        self._within += is_function
        self.generic_visit(node)
        if self._within and not isinstance(node, ast.ClassDef):
            for field in ("body", "orelse", "finalbody"):
                body = getattr(node, field, None)
                if isinstance(body, list):
                    setattr(
                        node, field, [new for old in body for new in self._two(old)]
                    )
        self._within -= is_function
        return node

    def _two(self, statement: ast.stmt) -> list[ast.stmt]:
        match statement:
            case ast.Expr(value=ast.Constant()):  # a docstring stays where it is
                return [statement]
            case _:
                byte = f"__run__[{self._begins + statement.lineno}] = 1"
                told = ast.parse(byte).body[0]
                for node in ast.walk(told):
                    ast.copy_location(node, statement)
                return [told, statement]


def _code(path: str) -> CodeType | None:
    if path not in _BEGINS:
        return None
    tree = ast.parse(Path(path).read_text("utf-8"))
    Telling(_BEGINS[path]).visit(tree)
    return compile(ast.fix_missing_locations(tree), path, "exec")


builtins.__run__ = _RUN  # type: ignore[attr-defined]
load_instead(_code)


def _taken() -> int:
    """What was run, as one number, and forgotten."""
    run = int.from_bytes(_RUN[:], "little")
    _RUN[:] = bytes(_LENGTH)
    return run


def _lines(run: int) -> dict[str, list[int]]:
    told = run.to_bytes(_LENGTH, "little")
    ends = [*_BEGINS.values(), _LENGTH][1:]
    found = {
        Path(path).relative_to(PROGRAM).as_posix(): [
            line for line, byte in enumerate(told[begins:end]) if byte
        ]
        for (path, begins), end in zip(_BEGINS.items(), ends, strict=True)
    }
    return {module: lines for module, lines in found.items() if lines}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(_test_of(item), []).append(item)
    items[:] = []
    for own in cases.values():
        some = own[:: -(-len(own) // CASES)]
        items += [*some, *(each for each in own if each not in some)]


def _test_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


@pytest.hookimpl(tryfirst=True, specname="pytest_runtest_protocol")
def enough(item: pytest.Item) -> bool | None:
    """Leaves out what would take too long; ``True`` is that it was run."""
    took = _TOOK.get(_test_of(item), [])
    return True if len(took) >= CASES and sum(took) > SECONDS else None


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object],
) -> Generator[None, object, object]:
    if fixturedef.scope == "function":
        return (yield)
    before = _taken()
    try:
        return (yield)
    finally:
        _SHARED[fixturedef] = _taken()
        _RUN[:] = (before | _SHARED[fixturedef]).to_bytes(_LENGTH, "little")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    _taken()
    done = yield
    run = _taken()
    info = getattr(item, "_fixtureinfo", None)
    for fixtures in info.name2fixturedefs.values() if info else ():
        for fixture in fixtures:
            run |= _SHARED.get(fixture, 0)
    reports = _TOLD.pop(item.nodeid, [])
    if not reports:
        return done
    passed = all(each.passed for each in reports)
    seconds = sum(each.duration for each in reports)
    _TOOK.setdefault(_test_of(item), []).append(seconds)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    note = [item.nodeid, passed, seconds, _lines(run)]
    path = Path(os.environ["TOUCHED"], f"{worker}-{os.getpid()}.jsonl")
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(note) + "\n")
    return done


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _TOLD.setdefault(report.nodeid, []).append(report)
