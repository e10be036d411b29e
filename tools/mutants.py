"""Changes the code in one place after another and sees whether a test notices.

``python -m tools.mutants --map FOLDER --count 400 --seed 20`` takes that many of all the
changes of :mod:`tools.mutations` at random and runs for each the tests that run the
statement, as :mod:`tools.touched` wrote them into FOLDER, until one fails. Those that none
fails on are listed: a test is missing, or the code is not needed, or the change makes no
difference, which ``tools/mutants.toml`` then says with its reason.

A change within a function is put into a program that is loaded already, in a fork. Where
that shows nothing, and for what is outside functions, the program is loaded anew with the
change, and more tests are run.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import functools
import gc
import importlib
import json
import os
import random
import resource
import signal
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tools.mutations import (
    PROGRAM,
    Mutant,
    load_instead,
    mutants,
    mutated,
    of_rooms,
)

KNOWN = Path(__file__).with_suffix(".toml")
#: Loaded before anything is changed: none of it imports the program.
_LIBRARIES = (
    "hypothesis lxml.etree openpyxl xlsxwriter msgspec pebble rich click jinja2"
)
_OPTIONS = ("-x", "-p", "no:cacheprovider", "-p", "no:xdist")
#: Tells every constant and default, none of which runs: asked about each mutant.
CHOSEN = "tests/test_bounds_set.py::test_what_was_chosen_is_what_the_list_says"
#: Seconds of tests, as they took when they were noted, for a first and a second look.
FIRST, SECOND = 100, 300


@dataclass(slots=True)
class Touched:
    """What :mod:`tools.touched` wrote."""

    seconds: dict[str, float] = field(default_factory=dict)
    #: (module, first line of a statement) → the tests that run it.
    runners: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    #: (test, module) → which part of all the statements that it runs stand there.
    part: dict[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Touched:
        found = cls()
        for file in sorted(folder.glob("*-*.jsonl")):
            for line in file.read_text("utf-8").splitlines():
                test, passed, seconds, modules = json.loads(line)
                found.seconds[test] = seconds
                if passed:
                    run = sum(map(len, modules.values()))
                    for module, lines in modules.items():
                        found.part[test, module] = len(lines) / run
                        for number in lines:
                            runners = found.runners.setdefault((module, number), set())
                            runners.add(test)
        return found

    def tests(self, mutant: Mutant) -> list[str]:
        """Those that run the changed statement, or the module's where it is in none."""
        if mutant.start:
            key = mutant.module, mutant.statement
            return self._in_order(mutant, self.runners.get(key, ()))
        return self.tests_of_module(mutant)

    def tests_of_module(self, mutant: Mutant) -> list[str]:
        running = (t for key, t in self.runners.items() if key[0] == mutant.module)
        return self._in_order(mutant, set().union(*running))

    def _in_order(self, mutant: Mutant, tests: Iterable[str]) -> list[str]:
        """Those of a file together: those first that take little time, and most of it
        in that module, whose own file is as good as one that takes four times less."""
        own = f"tests/test_{Path(mutant.module).stem}.py"

        def cost(test: str) -> float:
            return self.seconds[test] / self.part[test, mutant.module]

        files: dict[str, list[str]] = {}
        for test in sorted(tests, key=lambda each: (cost(each), each)):
            files.setdefault(test.partition("::")[0], []).append(test)

        def far(file: str) -> float:
            mean = sum(map(cost, files[file])) / len(files[file])
            return mean / 4 if file == own else mean

        return [test for file in sorted(files, key=far) for test in files[file]]

    def within(self, tests: Sequence[str], seconds: float) -> list[str]:
        chosen: list[str] = []
        left = seconds
        for test in tests:
            left -= self.seconds.get(test, 1)
            if left < 0 and chosen:
                break
            chosen.append(test)
        return chosen


def every() -> list[Mutant]:
    """All mutants of all rooms, in order."""
    return [
        mutant
        for file in of_rooms()
        for mutant in mutants(
            file.relative_to(PROGRAM).as_posix(), file.read_text("utf-8")
        )
    ]


def is_equivalent(mutant: Mutant) -> bool:
    told = tomllib.loads(KNOWN.read_text("utf-8"))["same"]
    return any(
        (each["module"], each["function"], each["was"], each["becomes"])
        == (mutant.module, mutant.function, mutant.was, mutant.becomes)
        for each in told
    )


def code_of(mutant: Mutant) -> CodeType:
    path = PROGRAM / mutant.module
    tree = mutated(path.read_text("utf-8"), mutant.number)
    return compile(tree, str(path), "exec")


def forked(work: Callable[[], bool], seconds: float) -> str:
    """What became of it in a process of its own: lives, killed, or too long."""
    child = os.fork()
    if not child:
        os.setsid()
        limit = int(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        status = 1
        with contextlib.suppress(BaseException):
            status = 0 if work() else 1
        os._exit(status)
    until = time.monotonic() + 20 * seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended or time.monotonic() > until:
            break
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        os.waitpid(child, 0)
        return "too long"
    if os.WIFSIGNALED(status):
        return "too long" if os.WTERMSIG(status) == signal.SIGXCPU else "killed"
    return "lives" if os.WEXITSTATUS(status) == 0 else "killed"


def silent() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)


def loaded_anew(mutant: Mutant, tests: Sequence[str]) -> bool:
    """Whether all tests pass in a program that was loaded with the change."""
    silent()
    path, code = str(PROGRAM / mutant.module), code_of(mutant)
    load_instead(lambda loaded: code if loaded == path else None)
    return pytest.main([*_OPTIONS, *tests]) == pytest.ExitCode.OK


class InPlace:
    """A plugin of pytest: instead of running the tests, tries one mutant after another
    with those it wants."""

    def __init__(
        self, wanted: Sequence[tuple[Mutant, list[str]]], touched: Touched, out: Path
    ) -> None:
        self._wanted, self._touched, self._out = wanted, touched, out

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        loaded = Loaded()
        gc.freeze()
        for mutant, tests in self._wanted:
            own = [items[test] for test in tests if test in items]
            if not own:
                continue
            spent = sum(self._touched.seconds[each.nodeid] for each in own)
            outcome = forked(
                functools.partial(self._passes, session, loaded, mutant, own),
                15 + spent / 4,
            )
            with self._out.open("a", encoding="utf-8") as out:
                out.write(json.dumps([mutant.module, mutant.number, outcome]) + "\n")
        return True

    @staticmethod
    def _passes(
        session: pytest.Session,
        loaded: Loaded,
        mutant: Mutant,
        items: Sequence[pytest.Item],
    ) -> bool:
        if not loaded.change(mutant):
            return True
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return False
        return True


class Loaded:
    """The functions of the program as they are in memory, and what remembers results."""

    def __init__(self) -> None:
        self._functions: dict[tuple[str, int], list[FunctionType]] = {}
        self._caches: list[functools._lru_cache_wrapper[object]] = []
        for each in gc.get_objects():
            if isinstance(each, FunctionType):
                key = each.__code__.co_filename, each.__code__.co_firstlineno
                self._functions.setdefault(key, []).append(each)
            elif isinstance(each, functools._lru_cache_wrapper):
                self._caches.append(each)

    def change(self, mutant: Mutant) -> bool:
        """Gives the outermost function around the change its changed code, if it is in
        memory."""
        start, name = mutant.start, mutant.function.partition(".")[0]
        (changed,) = [
            code
            for code in _codes(code_of(mutant))
            if code.co_firstlineno == start and code.co_name == name
        ]
        functions = self._functions.get((str(PROGRAM / mutant.module), start), [])
        for each in functions:
            each.__code__ = changed
        for cache in self._caches:
            cache.cache_clear()
        return bool(functions)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Of the functions of a module and of its classes, not of those within them."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            if not each.co_flags & 1:  # a class: its variables are no fast ones
                yield from _codes(each)


@dataclass(frozen=True, slots=True)
class Trial:
    """A sample of mutants, what notes there are of tests, and where outcomes are kept."""

    sample: Sequence[Mutant]
    touched: Touched
    out: Path

    def outcomes(self) -> dict[Mutant, str]:
        known = {(each.module, each.number): each for each in self.sample}
        lines = self.out.read_text("utf-8").splitlines() if self.out.exists() else []
        told = ((*key, outcome) for *key, outcome in map(json.loads, lines))
        return {
            known[module, number]: outcome
            for module, number, outcome in told
            if (module, number) in known
        }

    def in_place(self, part: Sequence[Mutant]) -> bool:
        silent()
        wanted = [
            (mutant, self.touched.within(tests, FIRST))
            for mutant in part
            if mutant.start and (tests := self.touched.tests(mutant))
        ]
        files = {test.partition("::")[0] for _, tests in wanted for test in tests}
        plugin = InPlace(wanted, self.touched, self.out)
        return pytest.main([*_OPTIONS, *sorted(files)], plugins=[plugin]) == 0

    def anew(self, part: Sequence[Mutant]) -> bool:
        for mutant in part:
            tests = self.touched.tests(mutant)
            tests += [t for t in self.touched.tests_of_module(mutant) if t not in tests]
            tests = self.touched.within(tests, SECOND)
            spent = sum(self.touched.seconds[each] for each in tests)
            work = functools.partial(loaded_anew, mutant, [CHOSEN, *tests])
            outcome = forked(work, 20 + spent / 4)
            with self.out.open("a", encoding="utf-8") as out:
                note = [mutant.module, mutant.number, f"{outcome}, loaded anew"]
                out.write(json.dumps(note) + "\n")
        return True

    def run(self, jobs: int) -> None:
        """What was tried before is not tried again."""
        before = self.outcomes()
        _in_parts([m for m in self.sample if m not in before], jobs, self.in_place)
        lives = [m for m in self.sample if self.outcomes().get(m, "lives") == "lives"]
        _in_parts(lives, jobs, self.anew)


def _in_parts(
    wanted: Sequence[Mutant], jobs: int, work: Callable[[Sequence[Mutant]], bool]
) -> None:
    children = []
    for index in range(jobs):
        child = os.fork()
        if not child:
            with contextlib.suppress(BaseException):
                work(wanted[index::jobs])
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def report(outcomes: dict[Mutant, str]) -> None:
    """How many were killed, by room, and each that was not."""
    rooms: dict[str, collections.Counter[str]] = {}
    for mutant, outcome in outcomes.items():
        alive = outcome.startswith("lives")
        if alive and is_equivalent(mutant):
            outcome = "makes no difference"
        elif alive:
            print(mutant)
        counter = rooms.setdefault(
            mutant.module.partition("/")[0], collections.Counter()
        )
        counter[outcome.partition(",")[0]] += 1
    for room, counted in rooms.items():
        print(room, dict(counted))
    total = sum(rooms.values(), collections.Counter[str]())
    killed = total["killed"] + total["too long"]
    told = total["lives"] + killed
    print(
        f"{killed} of {told} killed, {total['makes no difference']} make no difference"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--map", type=Path, required=True, dest="folder")
    arguments.add_argument("--count", type=int, default=400)
    arguments.add_argument("--seed", type=int, default=20)
    arguments.add_argument("--jobs", type=int, default=2)
    given = arguments.parse_args()
    sample = random.Random(given.seed).sample(every(), given.count)
    for library in _LIBRARIES.split():
        importlib.import_module(library)
    trial = Trial(sample, Touched.read(given.folder), given.folder / "outcomes.jsonl")
    trial.run(given.jobs)
    report(trial.outcomes())


if __name__ == "__main__":
    main()
