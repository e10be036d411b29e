"""Whether a number format shows the number that is in the cell, or another, or none."""

from __future__ import annotations

import re
from functools import lru_cache

#: Quoted and escaped text, what fills a cell or keeps it wide, brackets, all else.
_TOKENS = re.compile(r'"[^"]*"?|[\\!_*].?|\[[^\]]*\]?|.', re.DOTALL)
_PLACES = "0#?"
_DIGITS = re.compile("[0-9０-９]")
_MINUS = frozenset("-－−(（负减")
#: What is written for nothing.
_NOTHING = frozenset("-－−—–─/无零〇○")


@lru_cache(maxsize=1 << 12)
def shows(code: str, value: str) -> bool:
    """``value`` is the number as the file has it, ``code`` its format; how many digits
    are shown behind the point does not matter here."""
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
    whole = places.partition(".")[0]
    return places[last + 1 : last + 2] != "," and not whole.endswith(",")


def _said(token: str) -> str:
    """What is shown of a token: no colours, no width of another character."""
    if token.startswith(("[", "_")) and len(token) > 1:
        return ""
    return token.strip('"') if token.startswith('"') else token[-1:]
