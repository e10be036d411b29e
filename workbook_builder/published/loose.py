"""Labels within running text, whatever brackets, stops and spaces stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workbook_builder.published.words import folded, plain_form, words

#: Stands where lines of tables were, so that nothing is read across them.
BARRIER = "\0"
_KEPT = re.compile(r"[0-9A-Za-z\u3400-\u9fff\0]")
_AFTER_A_NUMBER = re.compile(r"\s*[、.)]")


class LabelSpot(NamedTuple):
    """A label, and where in the text it begins and ends."""

    label: str
    start: int
    end: int


class Finder:
    """Finds labels by any of their spellings; ``spellings`` maps those to labels.

    A number before a label must be there, and be written as one: it may stand right
    after digits that belong to the line above.
    """

    def __init__(self, spellings: Mapping[str, str]) -> None:
        self._labels: dict[str, tuple[str, int]] = {}
        for spelling, label in spellings.items():
            parts = words(spelling)
            number = folded(parts.number)
            for core in {parts.core, parts.bare} - {""}:
                self._labels.setdefault(number + core, (label, len(number)))
        ordered = sorted(self._labels, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered)))

    def spots(self, text: str) -> Iterator[LabelSpot]:
        """Every label in order; where two begin alike, the longer one."""
        plain = plain_form(text)
        places = [found.start() for found in _KEPT.finditer(plain)]
        letters = "".join(plain[at] for at in places)
        at = 0
        while found := self._pattern.search(letters, at):
            label, digits = self._labels[found[0]]
            last = places[found.start() + digits - 1] if digits else 0
            if digits and not _AFTER_A_NUMBER.match(plain, last + 1):
                at = found.start() + 1
                continue
            at = found.end()
            yield LabelSpot(label, places[found.start()], places[at - 1] + 1)
