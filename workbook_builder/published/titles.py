"""Whose report of which year a document says it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbook_builder.model.document import Document
from workbook_builder.model.form import Form
from workbook_builder.published.lines import PrintedLine
from workbook_builder.published.words import plain_form

#: The title stands among the first lines, after what a web site puts on every page.
FIRST_LINES, FIRST_CHARACTERS = 60, 3_000
_IN_A_NAME = r"[^\s\d。；，,;:：!！?？|>＞《》〈〉\[\]【】]"
_PERIOD = re.compile(
    r"(20\d\d)年1月1日[^0-9。]{0,12}(?:20\d\d年)?12月31日|统计(?:期限|时限|周期)[^0-9。]{0,6}(20\d\d)年"
)
_UNIT = re.compile(rf"{_IN_A_NAME}{{2,40}}")


@dataclass(frozen=True, slots=True)
class Title:
    """``period`` is the year the report says its figures are of."""

    unit: str = ""
    year: int | None = None
    period: int | None = None


def title_of(form: Form, document: Document, lines: Sequence[PrintedLine]) -> Title:
    """From the first lines, or from what the file calls itself."""
    said = [(line.alone or "")[:FIRST_CHARACTERS] for line in lines[:FIRST_LINES]]
    first = [bare for bare in (_bare(each) for each in said) if bare]
    period = _PERIOD.search("".join(first))
    stated = int(period[1] or period[2]) if period else None
    for before, text in _windows(first, _bare(document.title)):
        found = _pattern(form.title).search(text)
        if found:
            unit = found["between"] or found["before"] or before
            return Title(unit, int(found["year"]), stated)
    return Title(period=stated)


def _windows(first: list[str], own: str) -> Iterator[tuple[str, str]]:
    """(the line before, text that may be a title): a line, or two as one."""
    for at, text in enumerate(first):
        before = first[at - 1] if at and _UNIT.fullmatch(first[at - 1]) else ""
        yield before, text
        yield before, text + "".join(first[at + 1 : at + 2])
    yield "", own


@lru_cache(maxsize=32)
def _pattern(title: str) -> re.Pattern[str]:
    """“某区2025年度…年度报告” or “2025年某区…年度报告”; not “…年度报告格式”."""
    wanted = re.escape(_bare(title)).replace("工作", "(?:工作)?")
    return re.compile(
        rf"(?P<before>(?:{_IN_A_NAME}{{2,40}}?)?)(?P<year>20\d\d)年度?"
        rf"(?P<between>{_IN_A_NAME}{{0,40}}?){wanted}(?!格式|编制|模板)"
    )


def _bare(text: str) -> str:
    return "".join(plain_form(text).split())
