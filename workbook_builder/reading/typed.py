"""Text that can only mean one number. Pure.

Spaces, full-width digits, a sign of plus, separators between thousands and a leading
apostrophe change nothing about what a clerk meant. Everything else (units, words,
ranges, percentages) is left as text, and becomes a finding.
"""

from __future__ import annotations

import re
from decimal import Decimal

#: More digits than a spreadsheet keeps are no figure but a number of something.
MOST_DIGITS = 15

_HALF_WIDTH = str.maketrans("０１２３４５６７８９，．＋", "0123456789,.+")
#: Spaces, also those without width, and the apostrophes that mark text.
_AROUND = " \t\r\n\xa0\u3000\u2002\u2003\u2009\u200b\u200c\u200d\ufeff'’‘`"
_NUMBER = re.compile(r"\+?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


def number_in(text: str) -> Decimal | None:
    """The number a text stands for, or None where it is not certain to be one."""
    plain = text.strip(_AROUND).translate(_HALF_WIDTH)
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        return None
    if sum(map(str.isdigit, plain)) > MOST_DIGITS:
        return None
    return Decimal(plain.replace(",", ""))
