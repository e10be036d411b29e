"""What a form says of a period: ``{first_day}`` in its texts becomes 2026年1月1日.

Whoever knows the period takes the form from here; no one else fills a slot in a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from workbook_builder.model.check import Check
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period, day_words

SLOT = re.compile(r"\{([^{}]*)\}")

#: The texts of a check. Slots stand in texts only: what is printed on the form and finds
#: its cells again (titles, labels, sheets) is the same in every period.
IN_CHECKS = ("title", "message", "remedy", "title_en", "message_en", "remedy_en")

Fill = Callable[[str], str]


def about(form: Form, period: Period) -> dict[str, str]:
    """What fills the slots of ``model.wording.IN_TEXTS``."""
    return {
        "year": str(period.year),
        "period": period.words,
        "first_day": day_words(period.first_day),
        "last_day": day_words(period.last_day),
        "title": form.title,
        "authority": form.authority,
    }


def full_title(period: Period, title: str) -> str:
    """“2025年政府信息公开工作年度报告”, “2026年第一季度…统计表”."""
    words = period.full_words
    return f"{words.removesuffix('度') if '年度' in title else words}{title}"


@lru_cache(maxsize=64)
def worded(form: Form, period: Period) -> Form:
    """The form with its texts said of a period; itself where no text has such a slot."""
    said = about(form, period)
    if not any(slot in said for text in _all(form) for slot in SLOT.findall(text)):
        return form
    english = {
        "period": str(period),
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
    }
    fill = _filler(said)
    in_english = _filler(said | english)
    return replace(
        form,
        steps=tuple(map(fill, form.steps)),
        cells={
            id_: replace(cell, meaning=fill(cell.meaning))
            for id_, cell in form.cells.items()
        },
        narratives=tuple(replace(n, hint=fill(n.hint)) for n in form.narratives),
        fields=tuple(replace(f, hint=fill(f.hint)) for f in form.fields),
        checks=tuple(_check(check, fill, in_english) for check in form.checks),
    )


def texts_of(form: Form) -> Iterator[tuple[str, str]]:
    """Every text outside the checks that may have slots, and where it stands."""
    yield from ((f"steps[{n}]", step) for n, step in enumerate(form.steps, 1))
    yield from ((f"{c.id}: meaning", c.meaning) for c in form.cells.values())
    yield from ((f"{each.id}.hint", each.hint) for each in form.narratives)
    yield from ((f"{each.id}.hint", each.hint) for each in form.fields)


def texts_of_check(check: Check) -> Iterator[tuple[str, str]]:
    """Every text of a check, by its key: all of them may have slots."""
    return ((key, getattr(check, key)) for key in IN_CHECKS)


def _all(form: Form) -> Iterator[str]:
    yield from (text for _, text in texts_of(form))
    for check in form.checks:
        yield from (text for _, text in texts_of_check(check))


def _check(check: Check, fill: Fill, in_english: Fill) -> Check:
    return replace(
        check,
        title=fill(check.title),
        message=fill(check.message),
        remedy=fill(check.remedy),
        title_en=in_english(check.title_en),
        message_en=in_english(check.message_en),
        remedy_en=in_english(check.remedy_en),
    )


def _filler(said: dict[str, str]) -> Fill:
    """Fills the slots it knows: ``{types}`` of a remedy is filled where it is said."""

    def fill(text: str) -> str:
        return SLOT.sub(lambda slot: said.get(slot[1], slot[0]), text)

    return fill
