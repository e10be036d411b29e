"""Units looked up by what they are called, however many there are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

#: More characters than this are neither a label nor a name of a file.
LONGEST = 2_000
_NUMBER = re.compile(r"\d{1,5}")

_Index = dict[str, list[int]]


class Called(Protocol):
    """What is called something: a unit."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def emails(self) -> Sequence[str]: ...


_Unit = TypeVar("_Unit", bound=Called)


@lru_cache(maxsize=8192)
def essence(text: str) -> str:
    """A label without what people vary: spaces, brackets, stops, full and half width.

    Nothing of what is too long for one: marks in odd orders take long to normalise.
    """
    plain = unicodedata.normalize("NFKC", text) if len(text) <= LONGEST else ""
    return "".join(filter(str.isalnum, plain)).casefold()


class Names(Generic[_Unit]):
    """Answers are in the order of the roster. A name is compared by its essence."""

    def __init__(self, units: Sequence[_Unit]) -> None:
        self._units = units
        self._called = _index(units, lambda unit: (essence(unit.name),))
        self._coded = _index(units, lambda unit: (unit.code,))
        self._at = _index(units, lambda unit: map(str.casefold, unit.emails))
        self._lengths = {len(name) for name in self._called}
        self._first = {name[:1] for name in self._called}

    def called(self, names: Iterable[str]) -> list[_Unit]:
        """Units that have one of these names."""
        return self._in_order(self._found(self._called, names))

    def at(self, addresses: Iterable[str]) -> list[_Unit]:
        """Units that have one of these e-mail addresses."""
        return self._in_order(self._found(self._at, map(str.casefold, addresses)))

    def beginning(self, words: str) -> list[_Unit]:
        """Units with whose name the words, an essence, begin."""
        return self.called(words[:length] for length in self._lengths)

    def may_begin(self, words: str) -> bool:
        """Whether words, an essence that goes on, may begin with the name of one."""
        return words[:1] in self._first

    def mentioned(self, text: str) -> list[_Unit]:
        """Units whose code or name stands in a text; the longest name wins.

        A few digits are no code: copies are numbered, and files are by days. They and a
        name of one sign stand in anything.
        """
        words = essence(text)
        names = {
            words[start : start + length]
            for length in self._lengths - {0, 1}
            for start in range(len(words) - length + 1)
        }
        found = self._found(self._called, filter(_is_telling, names))
        codes = filter(_is_telling, re.split(r"[\W_]+", text))
        units = self._in_order(found | self._found(self._coded, codes))
        return [
            unit
            for unit in units
            if not any(unit is not o and unit.name in o.name for o in units)
        ]

    def _in_order(self, found: set[int]) -> list[_Unit]:
        return [self._units[at] for at in sorted(found)]

    @staticmethod
    def _found(index: _Index, wanted: Iterable[str]) -> set[int]:
        return {at for each in wanted for at in index.get(each, ())}


def _is_telling(word: str) -> bool:
    return not _NUMBER.fullmatch(word)


def _index(units: Sequence[_Unit], keys: Callable[[_Unit], Iterable[str]]) -> _Index:
    index: _Index = {}
    for at, unit in enumerate(units):
        for key in keys(unit):
            index.setdefault(key, []).append(at)
    return index
