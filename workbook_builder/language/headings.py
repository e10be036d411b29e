"""Whether a text begins with the heading of another one: as a value and as a formula.

“　　（五）监督保障：全年……” in the place of （三） was put into the wrong one; “监督保障制度
……” begins a sentence like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from workbook_builder.language.numerals import (
    DIGITS,
    NUMERALS,
    Replacements,
    replaced,
    replaced_formula,
)

#: So much of a text is looked at.
LONGEST = 40
#: What stands around a number or a heading counts as a space.
_AROUND: Replacements = tuple((each, " ") for each in "\u3000（）()、.．：:。，,；;|")
#: The number before a heading says nothing.
_NUMBERS: Replacements = tuple((f"|{n} ", "|") for n in f"{NUMERALS[1:]}{DIGITS[1:]}")


def opening(text: str) -> str:
    """“（五）监督保障：全年……” → “|监督保障 全年…… ”."""
    spaced = replaced(text[:LONGEST].replace("\n", " "), _AROUND)
    parts = " ".join(filter(None, spaced.split(" ")))
    return replaced(f"|{parts} ", _NUMBERS)


def opens_with(text: str, headings: Sequence[str]) -> bool:
    openings, words = _openings(tuple(headings))
    # Most texts have no such word there at all.
    may = any(map(text[:LONGEST].__contains__, words))
    return may and opening(text).startswith(openings)


@lru_cache(maxsize=256)
def _openings(headings: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The openings, each with the first word of it: a form has a few headings, and as many
    texts to compare with them."""
    openings = tuple(map(opening, headings))
    return openings, tuple(each[1:].partition(" ")[0] for each in openings)


def opening_formula(ref: str) -> str:
    """:func:`opening` as a formula."""
    start = f'SUBSTITUTE(LEFT({ref},{LONGEST}),CHAR(10)," ")'
    spaced = replaced_formula(start, _AROUND)
    return replaced_formula(f'"|"&TRIM({spaced})&" "', _NUMBERS)


def opens_with_formula(ref: str, headings: Sequence[str]) -> str:
    """:func:`opens_with` as a formula."""
    seen = opening_formula(ref)
    others = replaced_formula(seen, ((opening(each), "") for each in headings))
    return f"LEN({seen})<>LEN({others})"
