"""Which column a figure stands in, by the names above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from workbook_builder.published.lines import PrintedItem, PrintedLine
from workbook_builder.published.vocabulary import NamedColumn, Vocabulary
from workbook_builder.published.words import Match

ENOUGH = 0.3
"""A figure is under a name if they share this much of the narrower of the two."""


class Placing(IntEnum):
    """How well the column of a figure is known."""

    NONE = 0
    """Only by counting, without names."""
    ONCE = 1
    """By its place under a name, or by its order among names."""
    TWICE = 2
    """By both, and they agree."""


@dataclass(slots=True)
class ColumnHead:
    """The lines above a table's figures; ``closed`` once figures follow."""

    lines: list[PrintedLine] = field(default_factory=list)
    closed: bool = False
    _found: dict[Sequence[NamedColumn], list[tuple[NamedColumn, PrintedItem]]] = field(
        default_factory=dict
    )

    def columns(
        self, vocabulary: Vocabulary, wanted: Sequence[NamedColumn]
    ) -> list[tuple[NamedColumn, PrintedItem]]:
        """The wanted columns whose names were found, from left to right.

        To be asked when all lines of the head are known.
        """
        key = tuple(wanted)
        if key not in self._found:
            self._found[key] = self._columns(vocabulary, wanted)
        return self._found[key]

    def _columns(
        self, vocabulary: Vocabulary, wanted: Sequence[NamedColumn]
    ) -> list[tuple[NamedColumn, PrintedItem]]:
        found = []
        for column in wanted:
            items = [
                item
                for depth, item in self._named(vocabulary, column.labels[-1])
                if self._is_below(vocabulary, depth, item, column)
            ]
            if len(items) == 1:
                found.append((column, items[0]))
        return sorted(found, key=lambda pair: pair[1].left)

    def _named(
        self, vocabulary: Vocabulary, label: str
    ) -> list[tuple[int, PrintedItem]]:
        """The items with that name, and in which line; the best matches only."""
        rated = [
            (match, depth, item)
            for depth, line in enumerate(self.lines)
            for item in widened(line)
            for match, name in [vocabulary.heads.find(item.text)]
            if name == label
        ]
        best = max((match for match, _, _ in rated), default=Match.NONE)
        return [(depth, item) for match, depth, item in rated if match is best]

    def _is_below(
        self, vocabulary: Vocabulary, depth: int, item: PrintedItem, column: NamedColumn
    ) -> bool:
        """Whether the item is under the name above it, where that tells columns apart."""
        if not column.row:
            return True
        above = (
            each
            for line in reversed(self.lines[:depth])
            for each in widened(line)
            if each.left <= item.middle <= each.right
        )
        nearest = next(above, None)
        return (
            nearest is not None
            and vocabulary.heads.find(nearest.text)[1] == column.labels[-2]
        )


def widened(line: PrintedLine) -> tuple[PrintedItem, ...]:
    """The items with something in them, each over the empty ones to its right.

    In tables without spans a name above several columns is followed by blanks.
    """
    said: list[PrintedItem] = []
    for item in line.items:
        if item.text:
            said.append(item)
        elif said and said[-1].right == item.left:
            said[-1] = replace(said[-1], right=item.right)
    return tuple(said)
