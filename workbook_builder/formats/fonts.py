"""Fonts and fills of which a figure cannot be taken as it stands: struck out, raised,
lowered, too small, or of the colour of what is behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from workbook_builder.model.grid import RawKind

#: What a style makes of a number, beside its kinds and formats: nothing to go by.
ODD: Final = "\0"
#: What a number of a style is: a kind, the code of the format that shows it, or ODD.
Shown = RawKind | str
#: Red, green and blue; None where a file leaves it to its themes.
Colour = int | None
BLACK, WHITE = 0x000000, 0xFFFFFF
#: The colours of the first palette and of the usual theme that are told by number.
BY_NUMBER: Final[Mapping[int | None, Colour]] = {
    0: BLACK,
    1: WHITE,
    8: BLACK,
    9: WHITE,
    65: WHITE,
}
BY_THEME: Final[Mapping[int | None, Colour]] = {0: WHITE, 1: BLACK}
#: Points; what is smaller is no more than a dot.
SMALLEST = 4.0
#: Of 255, weighed as eyes do.
_LEAST_CONTRAST = 16


@dataclass(slots=True)
class Looks:
    """By number: of fonts, whether they mark what they write and in which colour; of
    fills, their colour; what conditions change."""

    fonts: list[tuple[bool, Colour]] = field(default_factory=list)
    fills: list[Colour] = field(default_factory=list)
    changes: list[Overlay] = field(default_factory=list)

    def __len__(self) -> int:
        return max(len(self.fonts), len(self.fills), len(self.changes))

    def changed(self) -> dict[int, str]:
        """What conditions may make of a figure, by the number of the change."""
        told = [each.over(self.fills) for each in self.changes]
        return {n: shown for n, shown in enumerate(told) if shown is not None}

    def marks(self, font: int) -> bool:
        """Whether what a font writes in a part of a text may not count; cells in which
        one types are light."""
        if not 0 <= font < len(self.fonts):
            return False
        marked, letters = self.fonts[font]
        return marked or alike(letters, WHITE)

    def odd(self, font: int, fill: int) -> bool:
        """Whether a figure of that font on that fill cannot be taken as it stands."""
        if not 0 <= font < len(self.fonts):
            return False
        marked, letters = self.fonts[font]
        ground = self.fills[fill] if 0 <= fill < len(self.fills) else WHITE
        return marked or alike(letters, ground)


@dataclass(slots=True)
class Overlay:
    """What a condition changes of a cell: ``marked`` where it strikes out or hides what
    stands there; colours, as far as it sets some; what it makes of a number."""

    marked: bool = False
    letters: list[Colour] = field(default_factory=list)
    ground: list[Colour] = field(default_factory=list)
    shown: Shown | None = None

    def over(self, fills: Sequence[Colour]) -> str | None:
        """What it may make of a figure in a book that has these fills: a format, or ODD;
        None where the figure can still be read as it stands."""
        hides = self.marked
        if self.letters or self.ground:
            ground = self.ground or [WHITE, *fills]
            pairs = product(self.letters or [BLACK], ground)
            hides |= any(alike(*pair) for pair in pairs)
        return ODD if hides or isinstance(self.shown, RawKind) else self.shown


def alike(one: Colour, other: Colour) -> bool:
    """Whether nobody can read what is written in one colour on the other."""
    if one is None or other is None:
        return False
    red, green, blue = (
        abs((one >> shift & 255) - (other >> shift & 255)) for shift in (16, 8, 0)
    )
    return 0.3 * red + 0.6 * green + 0.1 * blue < _LEAST_CONTRAST
