"""Figures in a text: when it says a number of cases, as a value and as a formula.

“收到115件” does not say 15, “收到15宗” does. A figure is a whole number before a measure
word; spaces, separators of thousands and full-width digits change nothing.
"""

from __future__ import annotations

import re

from workbook_builder.model.explanation import compact

#: Measure words of cases; one stands for all of them.
MEASURE, OF_CASES = "件", "宗次起"
#: Others that a text may count its cases by, but counts much else by as well.
OF_OTHERS = "条份"
#: What stands right before a figure where it is only the end of a longer one, or the
#: number of an article (“第15条”).
BEFORE = "0123456789.第"

_FULL_WIDTH, _DIGITS = "０１２３４５６７８９", "0123456789"
_NUMBERS = str.maketrans(_FULL_WIDTH, _DIGITS, ",")
_FIGURE = re.compile(rf"[0-9]{MEASURE}")


def plain_text(text: str, measures: str) -> str:
    """The text as figures are looked for in it, with one word for these measures."""
    same = str.maketrans(measures, MEASURE * len(measures))
    return compact(text).translate(_NUMBERS).translate(same)


def says(text: str, amount: str) -> bool:
    """Whether a text says so many cases; ``amount`` is a plain number."""
    said, figure = plain_text(text, OF_CASES + OF_OTHERS), f"{amount}{MEASURE}"
    for before in BEFORE:
        said = said.replace(before + figure, "#")
    return figure in said


def has_figure(text: str) -> bool:
    """Whether a text says any number of cases at all."""
    return _FIGURE.search(plain_text(text, OF_CASES)) is not None


def says_formula(ref: str, amount: str) -> str:
    """:func:`says` as a formula over the cell of the text and the number."""
    said, figure = _plain_formula(ref, OF_CASES + OF_OTHERS), f'{amount}&"{MEASURE}"'
    for before in BEFORE:
        said = f'SUBSTITUTE({said},"{before}"&{figure},"#")'
    return f'LEN({said})<>LEN(SUBSTITUTE({said},{figure},""))'


def has_figure_formula(ref: str) -> str:
    """:func:`has_figure` as a formula over the cell of the text."""
    said = without = _plain_formula(ref, OF_CASES)
    for digit in _DIGITS:
        without = f'SUBSTITUTE({without},"{digit}{MEASURE}","")'
    return f"LEN({said})<>LEN({without})"


def _plain_formula(ref: str, measures: str) -> str:
    """:func:`plain_text` as a formula."""
    pairs = [(" ", ""), ("\u3000", ""), (",", "")]
    pairs += list(zip(_FULL_WIDTH, _DIGITS, strict=True))
    pairs += [(measure, MEASURE) for measure in measures]
    for old, new in pairs:
        ref = f'SUBSTITUTE({ref},"{old}","{new}")'
    return ref
