"""What comes from outside, read in processes that may be lost, and nowhere else.

Whoever has a file to judge or a workbook to look into does it through this module: a
file may hang its reader, take all memory or end the process, and each of them costs
that file and nothing else (``bounds.isolation``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from workbook_builder.bounds.isolation import isolated
from workbook_builder.bounds.many import each_apart
from workbook_builder.formats.grid import read_grid
from workbook_builder.intake import Leaf
from workbook_builder.model.errors import UnreadableFile, WorkerLost
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form, Library
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.submission import Submission
from workbook_builder.reading.read import WANTED, read_stamp
from workbook_builder.reading.receive import (
    Source,
    judged,
    lost,
    lost_file,
    receive,
    take,
)

R = TypeVar("R")

Known = Expected | Library


def received(
    sources: Collection[Source], known: Known
) -> Iterator[tuple[Submission, ...]]:
    """What is in each file, every file in it with its one verdict."""
    return received_as(tuple, sources, known)


def received_as(
    then: Callable[[tuple[Submission, ...]], R],
    sources: Collection[Source],
    known: Known,
) -> Iterator[R]:
    """The same, and what ``then`` makes of it where it is read."""
    if not isinstance(known, Expected):
        known = _Once(known)
    return each_apart(
        partial(_receive_as, then, known), sources, partial(_by_parts_as, then, known)
    )


@dataclass(frozen=True, slots=True)
class _Once:
    """Forms, each looked up once: what is read together is judged by the same."""

    forms: Library
    _found: dict[tuple[str, str], Form | None] = field(default_factory=dict)

    def get(self, form: str, edition: str) -> Form | None:
        wanted = form, edition
        if wanted not in self._found:
            self._found[wanted] = self.forms.get(form, edition)
        return self._found[wanted]

    def all_of(self, form: str) -> tuple[Form, ...]:
        return self.forms.all_of(form)


def read_apart(function: Callable[..., R], *args: Any) -> R:
    """What a reader makes of foreign bytes. Raises UnreadableFile where it is lost
    over them, or what the reader itself raises."""
    try:
        return isolated(function, *args)
    except WorkerLost as error:
        raise UnreadableFile(error.reason) from None


def stamp_of(data: bytes) -> Stamp | None:
    """What a workbook says of itself. Raises UnreadableFile where it is none."""
    return read_apart(_stamp_of, data)


def _stamp_of(data: bytes) -> Stamp | None:
    return read_stamp(read_grid(data, WANTED))


def _receive_as(
    then: Callable[[tuple[Submission, ...]], R], known: Known, source: Source
) -> R:
    return then(receive(source, known))


def received_by_parts(
    known: Known, source: Source, error: WorkerLost
) -> tuple[Submission, ...]:
    """A file over which a process was lost: what is in it is judged one by one, so that
    only the one that did it is lost, and an archive may take its time."""
    found: list[Submission] = []
    more = True
    while more:
        try:
            taken = isolated(take, source, len(found))
        except Exception as trouble:
            # Nothing can be taken out any more; what was taken before stays.
            return (*found, lost_file(source, known, trouble))
        if taken.whole:
            (leaf,) = taken.leaves
            return (lost(leaf, known, taken.received, error),)
        found += each_apart(
            partial(_judged, known, taken.received),
            taken.leaves,
            partial(_lost, known, taken.received),
        )
        more = taken.more
    return tuple(found)


def _by_parts_as(
    then: Callable[[tuple[Submission, ...]], R],
    known: Known,
    source: Source,
    error: WorkerLost,
) -> R:
    return then(received_by_parts(known, source, error))


def _judged(known: Known, received: float, leaf: Leaf) -> Submission:
    return judged(leaf, known, received)


def _lost(known: Known, received: float, leaf: Leaf, error: WorkerLost) -> Submission:
    return lost(leaf, known, received, error)
