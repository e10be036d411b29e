"""How high a row must be so that nothing on it is cut off."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from workbook_builder.workbook.plan import MARGINS

LINE = 15.5
"""Points a line of 11-point 宋体 takes, with its leading."""
ROW = 15.0
"""Points of a row that nothing is said of."""


def text_width(text: str) -> int:
    """Columns a text takes; a Chinese character takes two."""
    return sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in {"W", "F", "A"} else 1


# What is printed is the same in every workbook of a form.
@lru_cache(maxsize=1 << 12)
def height(text: str, width: float, line: float = LINE) -> float:
    """Points for a text wrapped in ``width`` characters, a little to spare."""
    room = max(width - 2, 2)
    lines = sum(max(1, math.ceil(text_width(part) / room)) for part in text.split("\n"))
    return lines * line + 5


#: Points of A4.
_SHORT, _LONG = 595, 842


def on_one_page(
    widths: Iterable[float], heights: Iterable[float], landscape: bool
) -> bool:
    """Whether columns (in characters) and rows (in points) that are printed as wide as
    the page need no second one."""
    across, down = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
    across -= round(72 * (MARGINS["left"] + MARGINS["right"]))
    down -= round(72 * (MARGINS["top"] + MARGINS["bottom"]))
    wide = sum((each * 7 + 5) * 0.75 for each in widths)
    return sum(heights) * min(1.0, across / wide) <= down
