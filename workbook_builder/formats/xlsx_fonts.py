"""What an element of a font says in .xlsx, of a cell or of a part of its text."""

from __future__ import annotations

import re

from workbook_builder.formats.fonts import (
    BY_NUMBER,
    BY_THEME,
    SMALLEST,
    WHITE,
    Colour,
    alike,
)
from workbook_builder.formats.xlsx_xml import Attributes

#: What raises it or strikes it out, and what says that it does not.
_ODD = frozenset(("strike", "dstrike", "vertAlign"))
NOT_ODD = frozenset(("0", "false", "baseline"))
#: How runs that may count otherwise stand in the bytes, and some that do not.
ODD_BYTES = re.compile(
    rb"""strike|vertAlign|sz val="[0-3]["\.]|color rgb="[^"]{0,2}[C-Fc-f]|color theme="0"""
    rb"""|color indexed="(?:1|9|65)\"|(?:sz|color)\s(?!(?:val|rgb|theme|indexed|auto)=")"""
)

_RGB = re.compile("[0-9A-Fa-f]{6}")
_INDEX = re.compile("[0-9]{1,6}")
_SIZE = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,9})?")


def marks(name: str, attributes: Attributes) -> bool:
    """Whether what the font writes may not count."""
    if name == "sz":
        return _size(attributes.get("val")) < SMALLEST
    return name in _ODD and attributes.get("val", "1") not in NOT_ODD


def marks_run(name: str, attributes: Attributes) -> bool:
    """The same of a part of a text; cells in which one types are light."""
    if name == "color":
        return alike(colour(attributes), WHITE)
    return marks(name, attributes)


def colour(attributes: Attributes) -> Colour:
    if attributes.get("tint", "0") != "0":
        return None
    if "rgb" in attributes:
        rgb = attributes["rgb"][-6:]
        return int(rgb, 16) if _RGB.fullmatch(rgb) else None
    if "theme" in attributes:
        return BY_THEME.get(index(attributes["theme"]))
    return BY_NUMBER.get(index(attributes.get("indexed", "0")))


def index(said: str | None) -> int:
    """A number of the file; the first of a list where none is said."""
    return int(said) if said and _INDEX.fullmatch(said) else 0


def _size(said: str | None) -> float:
    return float(said) if said and _SIZE.fullmatch(said) else SMALLEST
