"""Formats that come with a condition (条件格式): whether one of them may show a figure as
another, strike it out or hide it. Whether its condition is met is not worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Final

from workbook_builder.formats.budget import Budget
from workbook_builder.formats.fonts import ODD, Colour, Overlay
from workbook_builder.formats.shown import hides_text, shows
from workbook_builder.model.grid import MergedArea, Position, RawCell, RawKind

# Members of an enumeration are slow to look up, and these are used for every cell.
_NUMBER, _TEXT = RawKind.NUMBER, RawKind.TEXT
#: Whole numbers; a format that has no conditions and shows these shows any of them.
_WHOLE: Final = ("0", "7", "-7", "1234567", "-1234567")


@dataclass(frozen=True, slots=True)
class Condition:
    """Where a condition is asked, and what it changes: one of the changes that the book
    lists, by its number, or its own."""

    areas: tuple[MergedArea, ...]
    change: int | Overlay


def doubted(
    cells: dict[Position, RawCell],
    conditions: Sequence[Condition],
    changes: Mapping[int, str],
    fills: Sequence[Colour],
    budget: Budget,
) -> None:
    """Marks in ``cells`` the figures that a condition may show otherwise; ``changes`` are
    those that the book lists, with what they make of a number."""
    looks: list[tuple[Condition, str]] = []
    for each in conditions:
        own = each.change
        look = changes.get(own) if isinstance(own, int) else own.over(fills)
        if look is not None:
            looks.append((each, look))
    if not looks:
        return
    # As ours do, which mark what is wrong.
    whole = all(_shows_whole(look) for _, look in looks)
    asked = {
        at: cell
        for at, cell in cells.items()
        if (not whole and cell.kind is _TEXT)
        or (cell.kind is _NUMBER and not (whole and cell.value.isdecimal()))
    }
    for each, look in looks if asked else ():
        for at in within_any(asked, each.areas, budget):
            if not asked[at].unlike and _may_differ(asked[at], look):
                cells[at] = replace(asked[at], unlike="condition")


def within_any(
    cells: Mapping[Position, RawCell], areas: Iterable[MergedArea], budget: Budget
) -> Iterator[Position]:
    """The places of cells in some areas, paid for by what it takes to look."""
    for (top, left), (bottom, right) in areas:
        size = (bottom - top + 1) * (right - left + 1)
        budget.spend_elements(min(max(size, 0), len(cells)))
        if size > len(cells):
            for row, column in cells:
                if top <= row <= bottom and left <= column <= right:
                    yield row, column
        else:
            places = product(range(top, bottom + 1), range(left, right + 1))
            yield from (at for at in places if at in cells)


def _may_differ(cell: RawCell, look: str) -> bool:
    if look == ODD:
        return True
    if cell.kind is _TEXT:
        return hides_text(look)
    whole = cell.value.isdecimal() and _shows_whole(look)
    return not whole and not shows(look, cell.value)


@lru_cache(maxsize=1 << 8)
def _shows_whole(code: str) -> bool:
    """Whether a format shows any whole number, and any text."""
    if code == ODD or "[" in code or hides_text(code):
        return False
    return all(shows(code, number) for number in _WHOLE)
