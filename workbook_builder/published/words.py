"""When words on paper are the words of the form, whatever happened to them on the way.

Labels come with other brackets and stops, torn over lines, with notes added or letters
lost. What only resembles a label is told apart from what is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache
from typing import Generic, TypeVar

#: Radicals that some PDF writers put in place of characters, and NFKC leaves.
_RADICALS = dict(
    zip(
        "⺠⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "民见角贝车长长门青韦页风飞食马鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
_KEPT = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")
_NUMBERED = re.compile(
    r"\s*+(?:[（(]\s*+([一二三四五六七八九十]{1,3}|\d{1,2})\s*+[)）]"
    r"|([一二三四五六七八九十]{1,3})\s*+[、.．]|(\d{1,2})\s*+[、.．])\s*+"
)
_NOTE = re.compile(r"[（(\[][^（()）\[\]]*[)）\]]")
NEAR_ENOUGH = 0.75
#: Words looked up are kept, as the same labels come again and again.
MOST_KEPT = 20_000

Key = TypeVar("Key", bound=Hashable)


class Match(IntEnum):
    """How well words agree with a label."""

    NONE = 0
    NEAR = 1
    """Letters lost, added or exchanged; counts only where nothing else fits."""
    UNNUMBERED = 2
    """The same words without the label's number, or with one where it has none."""
    EXACT = 3
    """The same words and number; brackets, stops and notes may differ."""


class _Plain(dict[int, str]):
    """Code point → the one character it stands for, worked out once."""

    def __missing__(self, code: int) -> str:
        char = _RADICALS.get(chr(code), chr(code))
        plain = unicodedata.normalize("NFKC", char)
        self[code] = plain if len(plain) == 1 else char
        return self[code]


_PLAIN = _Plain()


def plain_form(text: str) -> str:
    """Compatibility characters and radicals as what they stand for, one for one."""
    return text.translate(_PLAIN)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Letters and digits only."""
    return _KEPT.sub("", plain_form(text))


@dataclass(frozen=True, slots=True)
class Words:
    """A label in pieces: its number, and its words with and without notes."""

    number: str
    core: str
    bare: str

    def match(self, label: Words) -> Match:
        """How well these words, as printed, agree with a label of the form."""
        if not self.core or (
            self.number and label.number and self.number != label.number
        ):
            return Match.NONE
        same = self.core == label.core or (
            len(self.bare) > 1 and self.bare == label.bare
        )
        if same:
            return Match.EXACT if self.number == label.number else Match.UNNUMBERED
        return Match.NEAR if _resemble(self.core, label.core) else Match.NONE


@lru_cache(maxsize=4096)
def words(text: str) -> Words:
    """The pieces of a label."""
    plain = plain_form(text)
    found = _NUMBERED.match(plain)
    number = "" if found is None else next(filter(None, found.groups()))
    rest = plain[found.end() :] if found else plain
    core = folded(rest)
    return Words(number, core, folded(_NOTE.sub("", rest)))


def unnumbered(text: str) -> str:
    """A label without the number before it."""
    found = _NUMBERED.match(plain_form(text))
    return text[found.end() :] if found else text


@lru_cache(maxsize=65536)
def _resemble(printed: str, label: str) -> bool:
    if len(printed) < 3 or len(printed) > 3 * len(label):
        return False
    return SequenceMatcher(None, printed, label, False).ratio() >= NEAR_ENOUGH


class Lexicon(Generic[Key]):
    """Labels and their other spellings, each standing for a key."""

    def __init__(self, labels: Iterable[tuple[Key, str]]) -> None:
        self._labels = [(key, words(label)) for key, label in labels]
        self._found: dict[str, tuple[Match, Key | None]] = {}

    def find(self, text: str) -> tuple[Match, Key | None]:
        """The one key the words stand for; none where two fit equally well."""
        if text not in self._found:
            if len(self._found) > MOST_KEPT:
                self._found.clear()
            self._found[text] = self._find(text)
        return self._found[text]

    def _find(self, text: str) -> tuple[Match, Key | None]:
        printed = words(text)
        best, keys = Match.NONE, set[Key]()
        for key, label in self._labels:
            match = printed.match(label)
            if match > best:
                best, keys = match, {key}
            elif match == best and match:
                keys.add(key)
        return (best, keys.pop()) if len(keys) == 1 else (Match.NONE, None)

    def keys(self, text: str, least: Match = Match.UNNUMBERED) -> list[Key]:
        """Every key whose label these words agree with so well."""
        printed = words(text)
        return [key for key, label in self._labels if printed.match(label) >= least]
