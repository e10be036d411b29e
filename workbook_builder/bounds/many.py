"""Work on many things at once, in several processes where that pays."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import lru_cache, partial
from typing import Any, TypeVar

from workbook_builder.bounds.isolation import Workers, isolated
from workbook_builder.model.errors import WorkerLost

_T = TypeVar("_T")
_R = TypeVar("_R")

#: For fewer items than this in each of several processes, a pool takes longer to start.
WORTH_A_POOL = 12


def each(function: Callable[[_T], _R], items: Sequence[_T]) -> Iterator[_R]:
    """The results in order, from several processes where that pays.

    Raises WorkerLost where a process is lost.
    """
    if _processes(items) < 2:
        yield from map(function, items)
        return
    for call in _calls(function, items):
        yield call()


def each_apart(
    function: Callable[[_T], _R],
    items: Sequence[_T],
    lost: Callable[[_T, WorkerLost], _R],
) -> Iterator[_R]:
    """The same, with nothing done in this process, however few items there are.

    ``lost`` says what comes of an item whose process crashed, hung or took too much
    memory; the others are not affected.
    """
    for item, call in zip(items, _calls(function, items), strict=True):
        try:
            yield call()
        except WorkerLost as error:
            yield lost(item, error)


def _calls(
    function: Callable[[_T], _R], items: Sequence[_T]
) -> Iterator[Callable[[], _R]]:
    """What gives the result of each, to be called one after the other."""
    count = _processes(items)
    if count < 2:
        # Sent along with each item and worked out once: for a few items that is far
        # quicker than processes that only begin and end.
        packed = pickle.dumps(function)
        for item in items:
            yield partial(_twice, partial(isolated, _unpacked, packed, item))
        return
    with Workers(count, function) as workers:
        futures = [workers.start(item) for item in items]
        for item, future in zip(items, futures, strict=True):
            again = partial(isolated, function, item)
            yield partial(_result, workers, future, again)


def _processes(items: Sequence[Any]) -> int:
    return min(os.cpu_count() or 1, len(items) // WORTH_A_POOL)


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
