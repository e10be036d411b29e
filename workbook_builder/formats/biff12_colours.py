"""Colours as an .xlsb says them: the BrtColor of [MS-XLSB]."""

from __future__ import annotations

import struct

from workbook_builder.formats.fonts import BLACK, BY_NUMBER, BY_THEME, Colour


def colour_at(content: bytes, at: int) -> Colour:
    """The colour that stands there; None where it is left to a theme."""
    kind, number, tint, red, green, blue = struct.unpack_from("<BBhBBB", content, at)
    if tint:
        return None
    match kind >> 1:
        case 0:
            return BLACK
        case 1:
            return BY_NUMBER.get(number)
        case 2:
            return int(red << 16 | green << 8 | blue)
        case _:
            return BY_THEME.get(number)
