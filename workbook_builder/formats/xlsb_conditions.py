"""Conditional formats of an .xlsb: BrtBeginConditionalFormatting, BrtBeginCFRule and BrtDXF
of [MS-XLSB], whose properties are the XFProp of [MS-XLS].

Scales, bars and icons, and those that only newer programs know, are not read.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from enum import IntEnum

from workbook_builder.formats.biff12_colours import colour_at
from workbook_builder.formats.conditions import Condition
from workbook_builder.formats.fonts import SMALLEST, WHITE, Colour, Overlay
from workbook_builder.formats.xlsx_styles import kind_shown
from workbook_builder.model.grid import MergedArea

CHANGE, AREAS, RULE = 507, 461, 463


class _Property(IntEnum):
    PATTERN = 0
    FORE = 1
    BACK = 2
    LETTERS = 5
    SCRIPT = 27
    STRUCK = 29
    SIZE = 36
    CODE = 38
    NUMBER = 41


def change_of(content: bytes) -> Overlay:
    """What a rule may change; what of it is cut off changes nothing."""
    found = Overlay()
    number, code = 0, None
    with contextlib.suppress(struct.error, IndexError):
        for kind, at in _properties(content):
            match kind:
                case _Property.PATTERN if content[at : at + 1] == b"\0":
                    found.ground = [WHITE]
                case _Property.FORE if not found.ground:
                    found.ground = [_ground(content, at)]
                case _Property.BACK:
                    found.ground = [_ground(content, at)]
                case _Property.LETTERS:
                    found.letters = [colour_at(content, at)]
                case _Property.SCRIPT | _Property.STRUCK:
                    found.marked |= content[at : at + 1] != b"\0"
                case _Property.SIZE:
                    (size,) = struct.unpack_from("<I", content, at)
                    found.marked |= size < SMALLEST * 20
                case _Property.CODE:
                    (length,) = struct.unpack_from("<H", content, at)
                    text = content[at + 2 : at + 2 + 2 * length]
                    code = text.decode("utf-16-le", "replace")
                case _Property.NUMBER:
                    (number,) = struct.unpack_from("<H", content, at)
    if number or code is not None:
        found.shown = kind_shown(number, code)
    return found


def _ground(content: bytes, at: int) -> Colour:
    """The colour of a fill; an automatic one is that of the paper."""
    return colour_at(content, at) if content[at] >> 1 else WHITE


def _properties(content: bytes) -> Iterator[tuple[int, int]]:
    """The number of each, and where it stands."""
    (count,) = struct.unpack_from("<H", content, 4)
    at = 6
    for _ in range(count):
        kind, size = struct.unpack_from("<HH", content, at)
        yield kind, at + 4
        at += max(size, 4)


def areas_of(content: bytes) -> tuple[MergedArea, ...]:
    """Where the rules that follow are asked."""
    (count,) = struct.unpack_from("<I", content, 8)
    whole = content[12 : 12 + min(count, len(content) // 16) * 16]
    return tuple(
        ((top, left), (bottom, right))
        for top, bottom, left, right in struct.iter_unpack("<IIII", whole)
    )


def condition(areas: tuple[MergedArea, ...], content: bytes) -> Condition:
    """A rule, by the number of what it changes."""
    (number,) = struct.unpack_from("<i", content, 8)
    return Condition(areas, number)
