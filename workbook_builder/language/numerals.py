"""Chinese numerals as people write them: 十五, 一百二十, 两千零五, 廿.

What stands in a text is brought to one spelling, and a number is spelled in the same way.
Both are lists of replacements, one after the other, so that Python and a formula do the
same. cn2an does it too, but without types or a formula, and it puts folders named
``build``, ``example`` and ``src`` beside the program's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

Replacements = tuple[tuple[str, str], ...]

DIGITS = "0123456789"
NUMERALS = "零一二三四五六七八九"
#: Every character of a numeral; 万 only as part of larger ones, see LARGEST.
CHARACTERS = NUMERALS + "十百千万"
#: Larger numbers are written in digits.
LARGEST = 9999

#: Other spellings of the same.
VARIANTS: Replacements = (
    ("两", "二"),
    ("〇", "零"),
    ("廿", "二十"),
    ("卅", "三十"),
    ("一十", "十"),
)
#: “<1千0百2十5>” → “<一千零二十五>”.
_SPELLING: Replacements = (
    *((f"0{unit}", "零") for unit in "千百十"),
    ("0>", ">"),
    ("零零", "零"),
    ("零零", "零"),
    ("<零", "<"),
    ("零>", ">"),
    *zip(DIGITS[1:], NUMERALS[1:], strict=True),
    ("一十", "十"),
)
_UNITS = "千百十>"
_NOTHING, _NEVER = "<零>", "<#>"


def replaced(text: str, replacements: Replacements) -> str:
    """The text after all replacements."""
    for old, new in replacements:
        text = text.replace(old, new)
    return text


def replaced_formula(ref: str, replacements: Iterable[tuple[str, str]]) -> str:
    """:func:`replaced` as a formula."""
    for old, new in replacements:
        ref = f'SUBSTITUTE({ref},"{old}","{new}")'
    return ref


def spelled(amount: Decimal) -> str:
    """A whole number as “<十五>”; what is not spelled is like no text."""
    if amount != int(amount) or not 0 <= amount <= LARGEST:
        return _NEVER
    if not amount:
        return _NOTHING
    digits = f"{int(amount):04}"
    said = "".join(map("".join, zip(digits, _UNITS, strict=True)))
    return replaced(f"<{said}", _SPELLING)


def spelled_formula(amount: str) -> str:
    """:func:`spelled` as a formula over a number."""
    digits = [f'MID(TEXT({amount},"0000"),{at},1)' for at in range(1, 5)]
    parts = (f'{digit}&"{unit}"' for digit, unit in zip(digits, _UNITS, strict=True))
    said = replaced_formula(f'"<"&{"&".join(parts)}', _SPELLING)
    whole = f"AND({amount}>=1,{amount}<={LARGEST},{amount}=INT({amount}))"
    return f'IF({whole},{said},IF({amount}=0,"{_NOTHING}","{_NEVER}"))'
