"""Lines on pages → paragraphs: what is written on in the next line belongs together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbook_builder.documents.builder import tidy
from workbook_builder.model.document import DocumentBlock, Passage, PrintedTable, Region

_PAGE_NUMBER = re.compile(r"[-—–·\s]*+第?\s*+\d{1,3}\s*+页?[-—–·\s]*+")
_CHINESE = r"[\u2010-\u30ff\u3400-\u9fff\uff00-\uffef]"
_SPACED = re.compile(
    rf"(?<={_CHINESE})[ \u3000]++|(?<![ \u3000])[ \u3000]++(?={_CHINESE})"
)
#: Points: lines begin alike, and end at the margin but for less than two characters.
INDENT, SHORT = 8.0, 30.0
#: Page numbers stand in this part of a page at its foot or head.
MARGIN = 0.12


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text outside tables, on a page of that height."""

    text: str
    region: Region
    height: float

    @property
    def left(self) -> float:
        return self.region.box[0]

    @property
    def right(self) -> float:
        return self.region.box[2]

    @property
    def is_page_number(self) -> bool:
        top, bottom = self.region.box[1], self.region.box[3]
        edge = bottom < MARGIN * self.height or top > (1 - MARGIN) * self.height
        return edge and _PAGE_NUMBER.fullmatch(self.text) is not None


def paragraphs(parts: Iterable[TextLine | PrintedTable]) -> Iterator[DocumentBlock]:
    """The same in order, lines put together and page numbers left out."""
    kept = [
        part
        for part in parts
        if not (isinstance(part, TextLine) and part.is_page_number)
    ]
    lines = [part for part in kept if isinstance(part, TextLine)]
    left, right = _margins(lines)
    open_: list[TextLine] = []
    for part in kept:
        if isinstance(part, PrintedTable):
            yield from _joined(open_)
            open_ = []
            yield part
        elif open_ and _goes_on(open_[-1], part, left, right):
            open_.append(part)
        else:
            yield from _joined(open_)
            open_ = [part]
    yield from _joined(open_)


def _margins(lines: list[TextLine]) -> tuple[float, float]:
    """Where lines begin and end that are written on from one to the next."""
    if not lines:
        return 0, 0
    lefts = sorted(line.left for line in lines)
    rights = sorted(line.right for line in lines)
    # A few lines stand out, beside a seal or within a drawing.
    return lefts[len(lines) // 20], rights[(len(lines) - 1) * 19 // 20]


def _goes_on(before: TextLine, line: TextLine, left: float, right: float) -> bool:
    return abs(line.left - left) < INDENT and before.right > right - SHORT


def _joined(lines: list[TextLine]) -> Iterator[Passage]:
    text = ""
    for line in lines:
        said = _SPACED.sub("", line.text.strip())
        words = text[-1:].isascii() and text[-1:].isalpha() and said[:1].isalpha()
        text += f" {said}" if words and said[:1].isascii() else said
    if tidy(text):
        yield Passage(tidy(text), lines[0].region)
