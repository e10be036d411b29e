"""A plugin of pytest: which test calls which functions of the program, also in workers.

``TOUCHED=folder python -m pytest -p tools.touched …`` writes there a file for each process
of pytest: a line for each test that passed, with its seconds, and for each function that it
called. :mod:`tools.mutants` reads them. Of a test with many cases a few stand for all.
"""

from __future__ import annotations

import mmap
import os
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from types import CodeType, FrameType

import pytest

PROGRAM = str(Path(__file__).parent.parent / "workbook_builder") + os.sep
#: So many cases of a test are run, spread over all.
CASES = 8
#: The number of the test under way, which workers forked earlier see as well.
_NOW = mmap.mmap(-1, 8)


class Notes:
    """What is called, written at once, because workers end without a farewell."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._outside: dict[int, CodeType] = {}
        self._seen: dict[int, CodeType] = {}
        self._test = bytes(8)

    def write(self, *parts: object) -> None:
        os.write(self._file, ("\t".join(map(str, parts)) + "\n").encode())

    def called(self, frame: FrameType, _event: str, _arg: object) -> None:
        """A trace function that never looks at lines."""
        code = frame.f_code
        key = id(code)
        if key in self._outside:
            return
        if self._test != _NOW[:8]:
            self._test, self._seen = _NOW[:8], {}
        if key in self._seen:
            return
        if not code.co_filename.startswith(PROGRAM):
            self._outside[key] = code
            return
        self._seen[key] = code
        number = int.from_bytes(self._test, "little")
        module = code.co_filename.removeprefix(PROGRAM)
        self.write("calls", number, Path(module).as_posix(), code.co_firstlineno)


NOTES = Notes(
    Path(os.environ["TOUCHED"])
    / f"{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}-{os.getpid()}.txt"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    items[:] = [
        each for own in cases.values() for each in own[:: -(-len(own) // CASES)]
    ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    _NOW[:8] = (int.from_bytes(_NOW[:8], "little") + 1).to_bytes(8, "little")
    sys.settrace(NOTES.called)
    threading.settrace(NOTES.called)
    return (yield)


def pytest_unconfigure() -> None:
    sys.settrace(None)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    number = int.from_bytes(_NOW[:8], "little")
    NOTES.write(report.when, number, report.nodeid, report.outcome, report.duration)
