"""Conditional formats of an .xls: [MS-XLS] 2.4.56 (CONDFMT), 2.4.42 (CF), 2.5.92 (DXFN).

Those that only newer programs know are in records of their own, which are not read.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Mapping

from workbook_builder.formats.conditions import Condition
from workbook_builder.formats.fonts import SMALLEST, Colour, Overlay
from workbook_builder.formats.xlsx_styles import kind_shown
from workbook_builder.model.grid import MergedArea

AREAS, RULE = 0x01B0, 0x01B1
#: What stands before the areas, and before the changes of a rule.
_HEAD, _RULE_HEAD = 14, 12
_NUMBER, _FONT, _ALIGNED, _BORDERS, _PATTERN = (1 << bit for bit in range(25, 30))
_FORE_UNUSED, _BACK_UNUSED = 1 << 17, 1 << 18
_FONT_SIZE, _STRUCK, _NO_COLOUR = 118, 1 << 7, 0xFFFFFFFF


def areas_of(content: bytes) -> tuple[MergedArea, ...]:
    """Where the rules that follow are asked."""
    whole = content[_HEAD : _HEAD + (len(content) - _HEAD) // 8 * 8]
    return tuple(
        ((top, left), (bottom, right))
        for top, bottom, left, right in struct.iter_unpack("<HHHH", whole)
    )


def condition(
    areas: tuple[MergedArea, ...], content: bytes, palette: Mapping[int | None, Colour]
) -> Condition:
    """A rule; what of it is cut off changes nothing."""
    found = Overlay()
    with contextlib.suppress(struct.error):
        _note(found, content, palette)
    return Condition(areas, found)


def _note(found: Overlay, content: bytes, palette: Mapping[int | None, Colour]) -> None:
    flags, more = struct.unpack_from("<IH", content, 6)
    at = _RULE_HEAD
    if flags & _NUMBER and more & 1:
        (size,) = struct.unpack_from("<H", content, at)
        wide = content[at + 4 : at + 5] == b"\1"
        text = content[at + 5 : at + size]
        code = text.decode("utf-16-le" if wide else "latin-1", "replace")
        found.shown = kind_shown(0, code)
        at += size
    elif flags & _NUMBER:
        found.shown = kind_shown(struct.unpack_from("<xB", content, at)[0])
        at += 2
    if flags & _FONT:
        height, drawn = struct.unpack_from("<II", content, at + 64)
        letters, unused = struct.unpack_from("<I4xI", content, at + 80)
        found.marked |= bool(drawn & ~unused & _STRUCK) or height < SMALLEST * 20
        if letters != _NO_COLOUR:
            found.letters = [palette.get(letters)]
        at += _FONT_SIZE
    at += 8 * (bool(flags & _ALIGNED) + bool(flags & _BORDERS))
    if flags & _PATTERN:
        (colours,) = struct.unpack_from("<H", content, at + 2)
        if not flags & _BACK_UNUSED:
            found.ground = [palette.get(colours >> 7 & 0x7F)]
        elif not flags & _FORE_UNUSED:
            found.ground = [palette.get(colours & 0x7F)]
