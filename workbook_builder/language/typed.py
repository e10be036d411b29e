"""Text that can only mean one number. Pure.

Spaces, full-width digits, a sign of plus, separators between thousands and a leading
apostrophe change nothing about what a clerk meant. Where less than nothing can be meant,
“-8”, “−8” and “减8” are such a number too, and “增8” is 8. Everything else (units, words,
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
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
#: What stands before a change; dashes are no minus, they stand for “nothing”.
_CHANGE = re.compile(r"(?P<less>[-−－﹣]|减少?|负)|增加?")


def number_in(text: str, signed: bool = False) -> Decimal | None:
    """The number a text stands for, or None where it is not certain to be one.

    ``signed``: where it stands, it may be less than 0.
    """
    plain = text.strip(_AROUND).translate(_HALF_WIDTH)
    if signed and (sign := _CHANGE.match(plain)):
        plain = f"{'-' if sign['less'] else '+'}{plain[sign.end() :]}"
    if not _NUMBER.fullmatch(plain) or (plain.startswith("-") and not signed):
        return None
    if sum(map(str.isdigit, plain)) > MOST_DIGITS:
        return None
    return Decimal(plain.replace(",", ""))
