"""Work on many things at once, in several processes where that pays, here or elsewhere."""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import Any, Protocol, TypeVar

from workbook_builder.bounds.isolation import Workers, isolated
from workbook_builder.model.errors import WorkerLost

_T = TypeVar("_T")
_R = TypeVar("_R")
_S = TypeVar("_S")

#: For fewer items than this in each of several processes, a pool takes longer to start;
#: of those that take a tenth of a second each, for fewer than the other number.
WORTH_A_POOL = 12
WORTH_IF_SLOW = 2
#: Of each process, calls that are begun before their results are wanted: what came and
#: nobody took yet is in memory.
AHEAD = 32


class Crew(Protocol):
    """Who works on many things, as :func:`each_apart` does in processes of this machine."""

    def __call__(
        self,
        function: Callable[[_T], _R],
        items: Collection[_T],
        lost: Callable[[_T, WorkerLost], _R],
    ) -> Iterator[_R]: ...


_elsewhere: ContextVar[Crew | None] = ContextVar("_elsewhere", default=None)


@contextmanager
def worked_by(crew: Crew) -> Iterator[None]:
    """Within it, :func:`each_apart` has the work done by others."""
    before = _elsewhere.set(crew)
    try:
        yield
    finally:
        _elsewhere.reset(before)


def each(
    function: Callable[[_T], _R], items: Collection[_T], *, slow: bool = False
) -> Iterator[_R]:
    """The results in order, from several processes where that pays.

    Raises WorkerLost where a process is lost.
    """
    count = _processes(items, WORTH_IF_SLOW if slow else WORTH_A_POOL)
    if count < 2:
        yield from map(function, items)
        return
    with Workers(count, function) as workers:
        for _, call in _by(workers, function, items):
            yield call()


def each_apart(
    function: Callable[[_T], _R],
    items: Collection[_T],
    lost: Callable[[_T, WorkerLost], _R],
) -> Iterator[_R]:
    """The same, with nothing done in this process, however few items there are.

    ``lost`` says what comes of an item whose process crashed, hung or took too much
    memory; the others are not affected. All is done by the crew of ``worked_by``, where
    there is one.
    """
    return (_elsewhere.get() or each_here)(function, items, lost)


def each_here(
    function: Callable[[_T], _R],
    items: Collection[_T],
    lost: Callable[[_T, WorkerLost], _R],
) -> Iterator[_R]:
    """The same, in processes of this machine."""
    return _told(_calls(function, items), lost)


def each_by(
    workers: Workers,
    function: Callable[[_T], _R],
    items: Collection[_T],
    lost: Callable[[_T, WorkerLost], _R],
) -> Iterator[_R]:
    """The same, in processes that are there already, and call that function."""
    return _told(_by(workers, function, items), lost)


def in_order(
    start: Callable[[_T], _S], items: Iterable[_T], ahead: int
) -> Iterator[tuple[_T, _S]]:
    """Each item with what was started for it; no more than so many are started before
    the first of them is taken."""
    waiting: deque[tuple[_T, _S]] = deque()
    for item in items:
        waiting.append((item, start(item)))
        if len(waiting) > ahead:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


def _told(
    calls: Iterator[tuple[_T, Callable[[], _R]]], lost: Callable[[_T, WorkerLost], _R]
) -> Iterator[_R]:
    for item, call in calls:
        try:
            yield call()
        except WorkerLost as error:
            yield lost(item, error)


def _calls(
    function: Callable[[_T], _R], items: Collection[_T]
) -> Iterator[tuple[_T, Callable[[], _R]]]:
    """What gives the result of each, to be called one after the other."""
    count = _processes(items, WORTH_A_POOL)
    if count < 2:
        # Sent along with each item and worked out once: for a few items that is far
        # quicker than processes that only begin and end.
        packed = pickle.dumps(function)
        for item in items:
            yield item, partial(_twice, partial(isolated, _unpacked, packed, item))
        return
    with Workers(count, function) as workers:
        yield from _by(workers, function, items)


def _by(
    workers: Workers, function: Callable[[_T], _R], items: Collection[_T]
) -> Iterator[tuple[_T, Callable[[], _R]]]:
    for item, future in in_order(workers.start, items, AHEAD * workers.count):
        again = partial(isolated, function, item)
        yield item, partial(_result, workers, future, again)


def _processes(items: Collection[Any], worth: int) -> int:
    return min(os.cpu_count() or 1, len(items) // worth)


def _result(workers: Workers, future: Future[Any], again: Callable[[], Any]) -> Any:
    """What came of it; a crash is tried again, because it may be somebody else's."""
    if workers.stuck and not future.done():
        return again()
    try:
        return workers.result(future)
    except WorkerLost as error:
        if error.reason == "crashed" or workers.stuck:
            return again()
        raise


def _twice(call: Callable[[], _R]) -> _R:
    try:
        return call()
    except WorkerLost as error:
        if error.reason == "crashed":
            return call()
        raise


@lru_cache(maxsize=1)
def _function(packed: bytes) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] = pickle.loads(packed)
    return function


def _unpacked(packed: bytes, item: Any) -> Any:
    return _function(packed)(item)
