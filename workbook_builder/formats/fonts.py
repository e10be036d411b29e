"""Fonts and fills of which a figure cannot be taken as it stands: struck out, raised,
lowered, too small, or of the colour of what is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: What a style makes of a number, beside its kinds and formats: nothing to go by.
ODD: Final = "\0"
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
    fills, their colour."""

    fonts: list[tuple[bool, Colour]] = field(default_factory=list)
    fills: list[Colour] = field(default_factory=list)

    def __len__(self) -> int:
        return max(len(self.fonts), len(self.fills))

    def marks(self, font: int) -> bool:
        """Whether what a font writes may not count."""
        return 0 <= font < len(self.fonts) and self.fonts[font][0]

    def odd(self, font: int, fill: int) -> bool:
        """Whether a figure of that font on that fill cannot be taken as it stands."""
        if not 0 <= font < len(self.fonts):
            return False
        marked, letters = self.fonts[font]
        ground = self.fills[fill] if 0 <= fill < len(self.fills) else WHITE
        return marked or alike(letters, ground)


def alike(one: Colour, other: Colour) -> bool:
    """Whether nobody can read what is written in one colour on the other."""
    if one is None or other is None:
        return False
    red, green, blue = (
        abs((one >> shift & 255) - (other >> shift & 255)) for shift in (16, 8, 0)
    )
    return 0.3 * red + 0.6 * green + 0.1 * blue < _LEAST_CONTRAST
