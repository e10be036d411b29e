"""核对码: six digits from all inputs and texts, so that a signed page can be matched to a
file. Of a text count its length and how often it says each of some seventy characters:
digits, numerals, what turns a sentence round, and the commonest of reports. Formulas that
every suite has cannot number all characters, nor tell their order: in published reports,
nine words in ten that are replaced by another of their length change the code, and 98 in
a hundred replaced by four characters.

The same sum stands as formulas on the hidden sheet (``workbook.sheets.helpers``); every
step stays below 2^53, where doubles and integers agree.
"""

from __future__ import annotations

import re
import zlib
from decimal import Decimal
from functools import cache

from workbook_builder.language.spelling import without
from workbook_builder.language.value import Evaluator, Unknown
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.explanation import UNSEEN
from workbook_builder.model.form import Cell, CellType, Form
from workbook_builder.model.period import Period

#: Each counts its place, from 1, so that a digit counts itself. Yesterday's paper stays
#: right only while none is moved.
COUNTED = (
    "123456789一二三四五六七八九十百两零未无不没有已全部增减的和"
    "公开政府信息申请理行年结处其他本项办作人情数关工要法机报件计总度量务复内收事费告"
)
#: What any character of a text counts; more than each of them does, so that another one
#: is never balanced by a shorter text.
LENGTH = 101
#: What comes along with a paste and shows nothing; the reader drops a paragraph of it.
_BLANKS = " \u3000\xa0" + UNSEEN + "\t\r\n"
_NO_BLANKS = re.compile(f"[{_BLANKS}]+")
_COUNTED = re.compile(f"[{COUNTED}]")
_COUNTS = {character: place for place, character in enumerate(COUNTED, 1)}
STEP, START, WEIGHTS = 7919, 4729, 9973
"""Of the weights; the last is a prime, so that they differ."""
MODULUS = 999_983
"""A prime: changing one cell changes the code, but for steps of 999,983."""


def weight(index: int) -> int:
    """What the input at this position counts, 1 … 9,973, all different in a form."""
    return (index * STEP + START) % WEIGHTS + 1


def weight_formula(index: str) -> str:
    """:func:`weight` as a formula."""
    number = f"({index}*{STEP}+{START})"
    return f"({number}-{WEIGHTS}*INT({number}/{WEIGHTS})+1)"


def seed(unit_code: str, period: Period) -> int:
    """Makes the codes of two units with the same figures differ."""
    return zlib.crc32(f"{unit_code}|{period}".encode()) % MODULUS


def term(cell: Cell, amount: Decimal | Unknown) -> int:
    """0 for what is no number or out of range, else the figure in steps above zero()."""
    if isinstance(amount, Unknown) or abs(amount) > largest(cell.type):
        return 0
    if not cell.type.decimals and amount == int(amount):
        return int(amount) + zero(cell.type)  # the usual case, thousands of times over
    steps = amount.scaleb(cell.type.decimals)
    return int(steps.to_integral_value(rounding="ROUND_HALF_UP")) + zero(cell.type)


def zero(type_: CellType) -> int:
    """What 0 counts: the least a cell may hold counts 1, so that no blank is alike."""
    return 1 - min(0, type_.minimum) * int(10**type_.decimals)


def largest(type_: CellType) -> int:
    """The furthest from 0 that counts."""
    return max(type_.maximum, -type_.minimum)


def text_term(text: str) -> int:
    """What a text counts: its length without what shows nothing, and what it says."""
    said = _NO_BLANKS.sub("", text)
    return LENGTH * len(said) + sum(map(_COUNTS.__getitem__, _COUNTED.findall(said)))


def text_formula(ref: str) -> str:
    """:func:`text_term` of the text in a cell.

    A character is as often there as the text is shorter without it.
    """
    counts = sum(range(1, len(COUNTED) + 1))
    without_each = (
        f'-{count}*LEN(SUBSTITUTE({ref},"{character}",""))'
        for count, character in enumerate(COUNTED, 1)
    )
    length = f"{LENGTH}*LEN({without(ref, _BLANKS)})"
    return f"{length}+{counts}*LEN({ref}){''.join(without_each)}"


@cache
def _inputs(form: Form) -> tuple[tuple[Cell, int, int], ...]:
    """The inputs, what a step of each counts, and what a 0 in it does."""
    return tuple(
        (cell, weight(index), term(cell, Decimal(0)) % MODULUS * weight(index))
        for index, cell in enumerate(form.inputs)
    )


def print_code(
    form: Form, answers: Answers, start: int, *, with_texts: bool = True
) -> str:
    """Six digits. ``start`` is the :func:`seed` of the return. In the first workbooks
    texts did not count."""
    evaluator = Evaluator(form, answers, Circumstances(form.first_period))
    return print_code_of(evaluator, start, with_texts=with_texts)


def print_code_of(evaluator: Evaluator, start: int, *, with_texts: bool) -> str:
    """The same of answers that are being judged."""
    form, answers, total = evaluator.form, evaluator.answers, start
    figures = evaluator.figures
    for cell, counts, of_zero in _inputs(form):
        amount = figures.get(cell.id)
        if amount:
            total += term(cell, amount) % MODULUS * counts
        elif amount is not None:  # what cannot be told counts nothing, and 0 something
            total += of_zero
    for index, text in enumerate(form.narratives if with_texts else ()):
        said = text_term(answers.texts.get(text.id, ""))
        total += said * weight(len(form.inputs) + index)
    return f"{total % MODULUS:06d}"
