"""Figures that a text names, beside those of the tables.

The sentences offered for a text say by which words a figure is called: “新收政府信息公开
申请{…}件”. Where a text uses the same words before a number of its own, the two are
compared, in digits or Chinese numerals, whatever else the text says around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from workbook_builder.language.figures import MEASURES, prepared
from workbook_builder.language.numerals import spelled
from workbook_builder.language.value import Evaluator, Unknown, summed
from workbook_builder.model.answers import Circumstances
from workbook_builder.model.expression import Node
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.values import plain
from workbook_builder.model.wording import Slot

_ENDS = re.compile(r"[，。；、：,;:（）()\n]")
#: Words that may be left out, and what stands before the name of a figure.
_OPTIONAL, _BEFORE = ("政府信息公开", "案件"), ("其中", "年")
#: Letters that may stand between the words and the number: “共”, “的”, “案件”.
_BETWEEN = 6
#: A clause that speaks of another year.
_OTHER_YEAR = ("上年", "去年", "上一年", "同比", "相比", "较")
#: “未办结” is not “办结”.
_NOT = ("未", "不", "没有", "未能")
_NUMBER = re.compile(r"<([^<>]+?)(?:>|(?=万))(万?.)")


class Misnamed(NamedTuple):
    """What a text says of a figure, and what the tables say."""

    name: str
    said: str
    amount: str


def misnamed(
    form: Form,
    period: Period,
    figures: Mapping[str, Decimal],
    texts: Mapping[str, str],
) -> Iterator[tuple[str, Misnamed]]:
    """(id of the text, figure) of every number that is not that of the tables."""
    names = _names(form)
    evaluator = Evaluator(form, summed(form, figures), Circumstances(period))
    for id_, text in texts.items():
        own = {name: node for (of, name), node in names.items() if of == id_}
        for clause in _ENDS.split(text.replace(",", "")) if own else ():
            yield from ((id_, each) for each in _differing(clause, own, evaluator))


def _names(form: Form) -> Mapping[tuple[str, str], tuple[Node, str]]:
    """(text, words) → the figure and its measure word, where words tell one from all."""
    found: dict[tuple[str, str], set[tuple[Node, str]]] = {}
    for each in form.wording.sentences if form.wording else ():
        phrase = each.phrase
        for before, node, after in zip(phrase, phrase[1:], phrase[2:], strict=False):
            if isinstance(before, str) and isinstance(after, str):
                if isinstance(node, str | Slot):
                    continue
                unit = "万元" if after.startswith("万元") else MEASURES[0]
                for name in _called(_ENDS.split(before)[-1]):
                    found.setdefault((each.text, name), set()).add((node, unit))
    return {
        key: next(iter(figures))
        for key, figures in found.items()
        if all(
            figures == others
            for (text, longer), others in found.items()
            if text == key[0] and longer.endswith(key[1])
        )
        and len(figures) == 1
    }


def _called(words: str) -> Iterator[str]:
    for prefix in _BEFORE:
        words = words.removeprefix(prefix)
    shorter = words
    for word in _OPTIONAL:
        shorter = shorter.replace(word, "")
    yield from {each for each in (words, shorter) if len(each) > 1}


def _differing(
    clause: str, names: Mapping[str, tuple[Node, str]], evaluator: Evaluator
) -> Iterator[Misnamed]:
    plain_clause = prepared(clause)
    for number in _NUMBER.finditer(plain_clause):
        before = plain_clause[: number.start()]
        name = _name_at_end(before, names)
        if name is None:
            continue
        node, unit = names[name]
        # What is called “上年结转” speaks of this year's tables.
        others = before.replace(prepared(name), "")
        if any(word in others for word in _OTHER_YEAR):
            continue
        if number[2] not in ((unit,) if unit == "万元" else MEASURES):
            continue
        amount = evaluator.amount(node)
        if not isinstance(amount, Unknown) and not _is(number[1], amount):
            yield Misnamed(name, number[1], plain(amount))


def _name_at_end(before: str, names: Mapping[str, object]) -> str | None:
    """The name nearest to the end of the words, the longest of those."""
    nearest: tuple[int, int, str] | None = None
    for name in names:
        at = before.rfind(prepared(name))
        gap = len(before) - at - len(prepared(name))
        denied = before[:at].endswith(_NOT)
        if at >= 0 and gap <= _BETWEEN and "<" not in before[at:] and not denied:
            nearest = min(nearest or (gap, -len(name), name), (gap, -len(name), name))
    return nearest[2] if nearest else None


def _is(number: str, amount: Decimal) -> bool:
    try:
        return Decimal(number) == amount
    except InvalidOperation:
        return f"<{number}>" == spelled(amount)
