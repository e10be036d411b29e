"""Text that can only mean one number, as a value and as formulas. Pure.

Spaces, full-width digits, a sign of plus, separators between thousands and a leading
apostrophe change nothing about what a clerk meant. Where less than nothing can be meant,
“-8”, “−8” and “减8” are such a number too, and “增8” is 8. Everything else (units, words,
ranges, percentages) is left as text, and becomes a finding.
"""

from __future__ import annotations

import re
from decimal import Decimal

from workbook_builder.language.spelling import literal, quoted, without

#: More digits than a spreadsheet keeps, a point among them, are no figure but a number
#: of something.
MOST_DIGITS = 15

#: Spaces, also those without width, and the apostrophes that mark text.
_AROUND = " \t\r\n\xa0\u3000\u2002\u2003\u2009\u200b\u200c\u200d\ufeff'’‘`"
_PLAIN = {
    **dict.fromkeys(_AROUND, " "),
    **dict(zip("０１２３４５６７８９，．＋", "0123456789,.+", strict=True)),
}
#: What a number may begin with; dashes are no minus, they stand for “nothing”. The
#: longer word first.
_SIGN = {"+": ""}
_CHANGE = {
    **_SIGN,
    **dict.fromkeys(("减少", "减", "负", "-", "−", "－", "﹣"), "-"),
    **dict.fromkeys(("增加", "增"), ""),
}
_NUMBER = re.compile(r"-?(?:(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)", re.ASCII)


def plain_text(text: str, signed: bool = False) -> str:
    """In half-width digits, without spaces around it and without “+”; “-” before it
    where it says that it is less than 0 (``signed``: where it stands, it may be)."""
    table = str.maketrans("".join(_PLAIN), "".join(_PLAIN.values()))
    half = text.translate(table)
    plain = " ".join(part for part in half.split(" ") if part)
    for said, sign in (_CHANGE if signed else _SIGN).items():
        if plain.startswith(said):
            return sign + plain.removeprefix(said)
    return plain


def number_in(text: str, signed: bool = False) -> Decimal | None:
    """The number a text stands for, or None where it is not certain to be one.

    ``signed``: where it stands, it may be less than 0.
    """
    plain = plain_text(text, signed)
    if not _NUMBER.fullmatch(plain) or (plain.startswith("-") and not signed):
        return None
    whole = plain.replace(",", "")
    return Decimal(whole) if len(whole.lstrip("-")) <= MOST_DIGITS else None


_BEGINS = "｛数｝"
"""Put before a text, so that only what it begins with is replaced."""


def plain_formula(ref: str, signed: bool) -> str:
    """:func:`plain_text` of what stands in a cell."""
    pairs = [(literal(c), quoted(to)) for c, to in _PLAIN.items()]
    plain = f"{quoted(_BEGINS)}&TRIM({_replaced(ref, pairs[1:])})"
    signs = (_CHANGE if signed else _SIGN).items()
    begins = [(quoted(_BEGINS + said), quoted(sign)) for said, sign in signs]
    return _replaced(plain, [*begins, (quoted(_BEGINS), '""')])


def number_formula(plain: str, signed: bool, otherwise: str) -> str:
    """:func:`number_in` of a :func:`plain_formula` in the cell ``plain``; where
    that is None, ``otherwise``."""
    size = f'MID({plain},1+(LEFT({plain},1)="-"),99)' if signed else plain
    whole = without(size, ",")
    number = f'VALUE("0"&{whole})'  # “.5” alone is no number everywhere
    rest = f"MID({whole},LEN(INT({number}))+1,{MOST_DIGITS})"
    conditions = (
        f'{without(size, "0123456789.,")}=""',
        f'{without(whole, ".")}<>""',
        f"LEN({whole})<={MOST_DIGITS}",
        f"LEN({whole})-LEN({without(whole, '.')})<=1",  # “1.2.3” is a date somewhere
        f'OR({size}={whole},{size}=TEXT(INT({number}),"#,##0")&{rest})',
    )
    less = f'IF(LEFT({plain},1)="-",-1,1)*' if signed else ""
    meant = f"IF(AND({','.join(conditions)}),{less}{number},{otherwise})"
    return f"IFERROR({meant},{otherwise})"


def _replaced(text: str, pairs: list[tuple[str, str]]) -> str:
    for one, other in pairs:
        text = f"SUBSTITUTE({text},{one},{other})"
    return text
