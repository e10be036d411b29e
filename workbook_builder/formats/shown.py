"""Whether what a cell shows is the number that is in it, or another, or none."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

#: Quoted and escaped text, what fills a cell or keeps it wide, brackets, all else.
_TOKENS = re.compile(r'"[^"]*"?|[\\!_*].?|\[[^\]]*\]?|.', re.DOTALL)
_PLACES = "0#?"
_DIGITS = re.compile("[0-9０-９]")
_MINUS = frozenset("-－−(（负减")
#: What is written for nothing.
_NOTHING = frozenset("-－−—–─/无零〇○")


#: A figure as it is written: grouped, with a point, with a power of ten.
_FIGURE = re.compile(
    r"[0-9]{1,3}(?:[,' ][0-9]{3})+(?:\.[0-9]*)?(?![0-9])"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*|[0-9]+,[0-9]{1,2}(?![0-9])"
    r"|[0-9]*\.?[0-9]+(?:e[+-]?[0-9]{1,3})?"
)
_NUMERALS = frozenset("〇零一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾")
#: No form has figures finer than this; what is below it is noise of the double.
_FINE = Decimal("0.000001")


def says(text: str, value: str) -> bool:
    """Whether a text, which a suite kept beside a number, shows that number. Fractions
    and Chinese numerals are not read."""
    said = unicodedata.normalize("NFKC", text).casefold().strip()
    number = Decimal(value)
    figures = _FIGURE.findall(said)
    if not figures:
        return bool(_NUMERALS & set(said)) or (
            not number and bool(_NOTHING & set(said))
        )
    if "/" in said:
        return True
    if number < 0 and not _MINUS & set(said):
        return False
    shown = Decimal(_pointed(figures[0]))
    return len(figures) == 1 and abs(shown - abs(number)) < _FINE


def _pointed(figure: str) -> str:
    """With a point alone: a comma groups where three digits follow it."""
    whole, comma, rest = figure.rpartition(",")
    if comma and (len(rest.partition(".")[0]) != 3 or "." in whole):
        figure = f"{whole.replace('.', '')}.{rest}"
    return re.sub("[,' ]", "", figure)


@lru_cache(maxsize=1 << 12)
def shows(code: str, value: str) -> bool:
    """``value`` is the number as the file has it, ``code`` its format."""
    sections = _sections(code)
    if any(token.startswith(("[<", "[>", "[=")) for each in sections for token in each):
        return all(_section_shows(each, value) for each in sections[:3])
    number, count = float(value), len(sections)
    if number < 0 and count > 1:
        signed = _MINUS & set("".join(map(_said, sections[1])))
        return bool(signed) and _section_shows(sections[1], value)
    if number == 0 and count > 2:
        said = set("".join(map(_said, sections[2])))
        return bool(_NOTHING & said) or _section_shows(sections[2], value)
    return _section_shows(sections[0], value)


def _sections(code: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for token in _TOKENS.findall(code):
        if token == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _section_shows(section: list[str], value: str) -> bool:
    bare = "".join(token for token in section if len(token) == 1).lower()
    if "general" in bare or "g/" in bare or "@" in bare:
        return True
    if any(_DIGITS.search(_said(token)) for token in section if len(token) > 1):
        return False  # digits that are only text
    places = bare.replace(" ", "").rstrip(".")
    if not set(places) & set(_PLACES) or "e" in places:
        return False
    if float(value) == 0 and "0" not in places:
        return False  # nothing at all
    last = max(places.rfind(place) for place in _PLACES)
    whole, _, behind = places.partition(".")
    if "/" not in places and _decimals(value) > sum(map(behind.count, _PLACES)):
        return False  # rounded
    return places[last + 1 : last + 2] != "," and not whole.endswith(",")


def _decimals(value: str) -> int:
    """How many a number has, without the noise of the double."""
    fine = f"{round(float(value), 6):.6f}".rstrip("0")
    return len(fine.partition(".")[2])


def _said(token: str) -> str:
    """What is shown of a token: no colours, no width of another character."""
    if token.startswith(("[", "_")) and len(token) > 1:
        return ""
    return token.strip('"') if token.startswith('"') else token[-1:]
