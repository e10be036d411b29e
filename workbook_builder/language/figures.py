"""Figures in a text: when it says a number of cases, as a value and as a formula.

“收到115件” does not say 15, “收到15宗” and “收到十五件” do. A figure is a whole number, in
digits or Chinese numerals, before a measure word; spaces, separators of thousands and
full-width digits change nothing.

Both faces look at the text in one prepared form, where every number stands in brackets:
“收到<十五>件”. The workbook keeps it in a cell of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from workbook_builder.language.numerals import (
    CHARACTERS,
    DIGITS,
    VARIANTS,
    Replacements,
    replaced,
    replaced_formula,
    spelled,
    spelled_formula,
)
from workbook_builder.language.spelling import has, quoted
from workbook_builder.model.values import plain

#: Measure words of cases, and others that a text may count its cases by, but counts
#: much else by as well: the first stands for all of them.
OF_CASES, OF_OTHERS = "件宗次起", "条份"
MEASURES = OF_CASES[0], OF_OTHERS[0]
#: Half the words with “一” are no figure: 一起, 第一次, 高效办成一件事.
ONE = f"<一>{MEASURES[0]}"
ANY = f">{MEASURES[0]}"

#: “，” ends a clause, and “,” where it separates no thousands.
_CLAUSE = re.compile(r"[。；;！!？?，\n]|,(?!\d{3})")
_NONE = re.compile(f"<[0零]>{MEASURES[0]}")

PREPARING: Replacements = (
    (" ", ""),
    ("\u3000", ""),
    (",", ""),
    *zip("０１２３４５６７８９", DIGITS, strict=True),
    *VARIANTS,
    *((each, f"<{each}>") for each in f"{DIGITS}.{CHARACTERS}"),
    ("><", ""),
    ("万>", "万"),  # “1.2万件” is about so many
    ("第<一>", "第一"),
    ("第<", "第"),  # the number of an article
    *((each, OF_CASES[0]) for each in OF_CASES[1:]),
    *((each, OF_OTHERS[0]) for each in OF_OTHERS[1:]),
)


def prepared(text: str) -> str:
    """The text as figures are looked for in it."""
    return replaced(text, PREPARING)


def prepared_formula(ref: str) -> str:
    """:func:`prepared` as a formula over the cell of the text."""
    return replaced_formula(ref, PREPARING)


def says(text: str, amount: Decimal) -> bool:
    """Whether a prepared text says so many cases."""
    numbers = f"<{plain(amount)}>", spelled(amount)
    return any(f"{number}{word}" in text for number in numbers for word in MEASURES)


def says_formula(ref: str, amount: str) -> str:
    """:func:`says` as a formula over the cell of the prepared text and the number."""
    without = ref
    for number in (f'"<"&{amount}&">"', spelled_formula(amount)):
        for word in MEASURES:
            without = f'SUBSTITUTE({without},{number}&"{word}","")'
    return f"LEN({ref})<>LEN({without})"


def has_figure(text: str) -> bool:
    """Whether a prepared text says any number of cases at all."""
    return ANY in text.replace(ONE, "")


def counts(text: str, words: Sequence[str]) -> bool:
    """Whether one clause of a text, as it is written, has one of these words and a number
    of cases other than 0. No formula can tell."""
    has_word = _one_of(tuple(words)).search
    return any(
        ANY in _NONE.sub("", prepared(clause))
        for clause in filter(has_word, _CLAUSE.split(text))
    )


@lru_cache(maxsize=256)
def _one_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


def has_figure_formula(ref: str) -> str:
    """:func:`has_figure` as a formula over the cell of the prepared text."""
    rest = f'SUBSTITUTE({ref},"{ONE}","")'
    return has(rest, quoted(ANY))
