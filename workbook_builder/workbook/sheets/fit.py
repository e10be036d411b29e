"""How high a row must be so that nothing on it is cut off."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

LINE = 15.5
"""Points a line of 11-point 宋体 takes, with its leading."""


def text_width(text: str) -> int:
    """Columns a text takes; a Chinese character takes two."""
    wide = {"W", "F", "A"}
    return sum(2 if unicodedata.east_asian_width(c) in wide else 1 for c in text)


# What is printed is the same in every workbook of a form.
@lru_cache(maxsize=1 << 12)
def height(text: str, width: float, line: float = LINE) -> float:
    """Points for a text wrapped in ``width`` characters, a little to spare."""
    room = max(width - 2, 2)
    lines = sum(max(1, math.ceil(text_width(part) / room)) for part in text.split("\n"))
    return lines * line + 5
