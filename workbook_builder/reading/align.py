"""Where the rows and columns of a known sheet went in one that was changed.

Only labels tell: a row is where its labels are, a column where its heads are. What
stands between two lines that kept their distance is certain too. Everything else
is left out rather than guessed. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from workbook_builder.model.grid import Position
from workbook_builder.model.names import essence

#: A label with a slip of the pen is more alike to the right one than this.
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Alignment:
    """Expected row → row found, and the same for columns; what is missing is lost.

    ``wanted`` are the rows that were looked for.
    """

    rows: Mapping[int, int]
    columns: Mapping[int, int]
    wanted: frozenset[int]

    def find(self, row: int, column: int) -> Position | None:
        """Where a cell went, or None where that is not certain."""
        if row in self.rows and column in self.columns:
            return self.rows[row], self.columns[column]
        return None

    def has_lost(self, row: int) -> bool:
        """Whether a row that was looked for is not found for certain."""
        return bool(self.rows) and row in self.wanted and row not in self.rows


def align(
    labels: Mapping[Position, str],
    lines: tuple[Sequence[int], Sequence[int]],
    texts: Mapping[Position, str],
) -> Alignment:
    """Matches ``labels`` where they belong with ``texts`` as found.

    ``lines`` are the rows and the columns that are looked for, labelled or not.
    """
    pairs = _pairs(labels, texts)
    rows, columns = (
        _Axis(axis, labels, texts, pairs).lines(lines[axis]) for axis in (0, 1)
    )
    return Alignment(rows, columns, frozenset(lines[0]))


def share(labels: Mapping[Position, str], texts: Mapping[Position, str]) -> float:
    """How many of the labels, between 0 and 1, occur among the texts at all."""
    wanted = {essence(text) for text in labels.values()}
    return len(wanted.intersection(map(essence, texts.values()))) / len(wanted)


_Pair = tuple[Position, Position, bool]


def _pairs(
    labels: Mapping[Position, str], texts: Mapping[Position, str]
) -> list[_Pair]:
    """(expected, found, whether the label is the only one of its words)."""
    wanted, found = _by_words(labels), _by_words(texts)
    pairs = []
    for words, places in wanted.items():
        seen = found.get(words, [])
        # Labels that occur several times are told apart by their order, and only
        # where none of them is missing.
        if len(seen) == len(places):
            only = len(places) == 1
            pairs += [(a, b, only) for a, b in zip(places, seen, strict=True)]
    return pairs


def _by_words(labels: Mapping[Position, str]) -> dict[str, list[Position]]:
    places: dict[str, list[Position]] = {}
    for place in sorted(labels):
        words = essence(labels[place])
        if words:
            places.setdefault(words, []).append(place)
    return places


class _Axis:
    """Rows (0) or columns (1) of one sheet."""

    def __init__(
        self,
        axis: int,
        labels: Mapping[Position, str],
        texts: Mapping[Position, str],
        pairs: Sequence[_Pair],
    ) -> None:
        self._axis = axis
        self._labels = labels
        self._texts = texts
        self._pairs = pairs
        self._words = {essence(text) for text in labels.values()}

    def lines(self, wanted: Sequence[int]) -> dict[int, int]:
        """Each wanted line that is certain, with the line it went to."""
        known = self._told()
        everything = sorted({*wanted, *known, *(p[self._axis] for p in self._labels)})
        self._fill(known, everything)
        taken = list(known.values())
        return {
            line: known[line]
            for line in wanted
            if line in known and taken.count(known[line]) == 1
        }

    def _told(self) -> dict[int, int]:
        """Lines whose own labels agree where they are."""
        votes: dict[int, dict[bool, set[int]]] = {}
        for expected, found, only in self._pairs:
            kinds = votes.setdefault(expected[self._axis], {True: set(), False: set()})
            kinds[only].add(found[self._axis])
        told = {}
        for line, kinds in votes.items():
            match sorted(kinds[True] or kinds[False]):
                case [place] if self._agrees(line, place):
                    told[line] = place
        return told

    def _fill(self, known: dict[int, int], lines: Sequence[int]) -> None:
        """Lines without words of their own, between two that kept their distance."""
        for index, line in enumerate(lines):
            if line in known:
                continue
            before = next((n for n in reversed(lines[:index]) if n in known), None)
            after = next((n for n in lines[index:] if n in known), None)
            place = self._between(known, line, before, after)
            if place is not None and self._may_be(line, place):
                known[line] = place

    def _between(
        self, known: Mapping[int, int], line: int, before: int | None, after: int | None
    ) -> int | None:
        if before is not None and after is not None:
            shift = known[before] - before
            return line + shift if known[after] - after == shift else None
        neighbour = before if before is not None else after
        # At the edge of a sheet one neighbour must do, if it is next door.
        if neighbour is None or abs(neighbour - line) != 1:
            return None
        place = line + known[neighbour] - neighbour
        # A line that should have words of its own and has none may be any other.
        words = self._expected(line)
        return place if not words or words & self._there(place) else None

    def _may_be(self, line: int, place: int) -> bool:
        """Whether nothing there says that it is another line."""
        others = self._words - self._expected(line)
        return not others & self._there(place) and self._agrees(line, place)

    def _agrees(self, line: int, place: int) -> bool:
        """Whether the line's labels are there, were cleared, or have a slip only."""
        there = self._there(place)
        strangers = there - self._words
        return not strangers or all(
            any(_alike(word, seen) for seen in strangers)
            for word in self._expected(line) - there
        )

    def _expected(self, line: int) -> set[str]:
        return {
            essence(text) for at, text in self._labels.items() if at[self._axis] == line
        }

    def _there(self, place: int) -> set[str]:
        return {
            essence(text) for at, text in self._texts.items() if at[self._axis] == place
        }


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= ALIKE
