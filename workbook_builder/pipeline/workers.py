"""Work on many files at once, in several processes where that pays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from workbook_builder.bounds.isolation import Workers, isolated
from workbook_builder.model.errors import WorkerLost

_T = TypeVar("_T")
_R = TypeVar("_R")

Progress = Callable[[int, int], None]
"""Told (done, of) while a stage goes on."""

#: Fewer items than this are worked on in this process: a pool takes longer to start.
WORTH_A_POOL = 12


def silent(done: int, of: int) -> None:
    """Progress nobody wants to see."""


def each(
    function: Callable[[_T], _R],
    items: Sequence[_T],
    lost: Callable[[_T, WorkerLost], _R] | None = None,
    *,
    isolate: bool = False,
) -> Iterator[_R]:
    """The results in order, from several processes where that pays.

    ``lost`` says what comes of an item whose process crashed, hung or took too much
    memory; without it, WorkerLost is raised. The other items are not affected. With
    ``isolate`` nothing is done in this process, however few items there are.
    """
    count = min(os.cpu_count() or 1, len(items) // WORTH_A_POOL)
    if count < 2 and not isolate:
        yield from map(function, items)
        return
    with Workers(max(count, 1), function) as workers:
        futures = [workers.start(item) for item in items]
        for item, future in zip(items, futures, strict=True):
            try:
                yield _result(workers, future, partial(isolated, function, item))
            except WorkerLost as error:
                if lost is None:
                    raise
                yield lost(item, error)


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
