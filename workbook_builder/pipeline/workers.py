"""Work on many files at once, in several processes where that pays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")

Progress = Callable[[int, int], None]
"""Told (done, of) while a stage goes on."""

#: Fewer items than this are worked on in this process: a pool takes longer to start.
WORTH_A_POOL = 12


def silent(done: int, of: int) -> None:
    """Progress nobody wants to see."""


def each(function: Callable[[_T], _R], items: Sequence[_T]) -> Iterator[_R]:
    """The results in order, from several processes where that pays."""
    workers = min(os.cpu_count() or 1, len(items) // WORTH_A_POOL)
    if workers < 2:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(workers, initializer=_end_with_parent) as pool:
        yield from pool.map(function, items, chunksize=8)


def _end_with_parent() -> None:
    """Ends a worker whose parent was killed; it would wait for work for ever."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    Thread(target=watch, daemon=True).start()
