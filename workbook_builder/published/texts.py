"""The texts of a report, taken apart at the names of its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from workbook_builder.model.form import Form, Narrative
from workbook_builder.published.lines import PrintedLine
from workbook_builder.published.loose import Finder
from workbook_builder.published.vocabulary import sections, vocabulary
from workbook_builder.published.words import (
    Lexicon,
    Match,
    folded,
    plain_form,
    unnumbered,
    words,
)

_NUMERAL = "一二三四五六七八九十"
_TOP = re.compile(rf"\s*[{_NUMERAL}]{{1,2}}\s*[、.]\s*")
_BEFORE = re.compile(rf"(?<![{_NUMERAL}])[{_NUMERAL}]{{1,2}}\s*[、.]\s*$")
_PART = re.compile(rf"\(\s*[{_NUMERAL}]{{1,2}}\s*\)\s*")
_CLAUSE = re.compile(r"[^。:;\n]*[。:;\n]?")
_SIGNATURE = re.compile(
    r"20\d\d年\d{1,2}月\d{1,2}日|附件(?:下载)?:?|[-—–]*+\d{0,3}[-—–]*+"
)
#: What headings add to the name of a part.
_FILLERS = {
    "",
    "情况",
    "方面",
    "工作",
    "工作情况",
    "工作方面",
    "政府信息",
    "政府信息情况",
}
MOST_IN_A_HEADING = 40


@dataclass(slots=True)
class Texts:
    """``undivided`` are sections of several texts that came without their headings."""

    texts: dict[str, str] = field(default_factory=dict)
    undivided: list[str] = field(default_factory=list)


def texts_of(form: Form, lines: Sequence[PrintedLine], unit: str) -> Texts:
    """Every text of the form that the document has; ``unit`` may have signed it."""
    found = Texts()
    for section, said in _sections(form, lines).items():
        parts = [each for each in form.narratives if each.section == section]
        kept = _unsigned(said, unit)
        if len(parts) == 1:
            _put(found, parts[0], kept)
        elif kept:
            _divide(found, parts, kept)
    return found


# ---------------------------------------------------------------- sections


def _sections(form: Form, lines: Sequence[PrintedLine]) -> dict[str, list[str]]:
    """Section → its paragraphs, for the sections that hold texts."""
    names = _section_names(form)
    pieces = [
        (piece, *names.find(piece))
        for line in lines
        if line.alone is not None
        for piece in _cut(form, line.alone)
    ]
    exact = {section for _, match, section in pieces if match > Match.NEAR}
    wanted = {each.section for each in form.narratives}
    found: dict[str, list[str]] = {}
    current = ""
    for text, match, section in pieces:
        near = section not in exact and _TOP.match(plain_form(text))
        if section and (match > Match.NEAR or near) and not _is_part(text):
            current = section
            found.setdefault(section, [])
        elif current in wanted:
            found[current].append(text)
    return {name: said for name, said in found.items() if name in wanted}


def _is_part(text: str) -> bool:
    return _PART.match(plain_form(text)) is not None


@lru_cache(maxsize=32)
def _section_names(form: Form) -> Lexicon[str]:
    """Only the names count: reports number their sections anew."""
    return Lexicon((title, unnumbered(name)) for name, title in _spellings(form))


def _spellings(form: Form) -> Iterator[tuple[str, str]]:
    for title in sections(form):
        for spelling in vocabulary(form).spellings(title):
            yield spelling, title


def _cut(form: Form, paragraph: str) -> Iterator[str]:
    """The paragraph, with headings that ran into it as pieces of their own."""
    plain, at = plain_form(paragraph), 0
    for spot in _headings(form).spots(paragraph):
        number = _BEFORE.search(plain, at, spot.start)
        if number and _may_begin(plain, number.start()):
            if plain[at : number.start()].strip():
                yield paragraph[at : number.start()].strip()
            yield paragraph[number.start() : spot.end]
            at = spot.end
    if plain[at:].strip():
        yield paragraph[at:].strip()


@lru_cache(maxsize=32)
def _headings(form: Form) -> Finder:
    return Finder({unnumbered(name): title for name, title in _spellings(form)})


def _may_begin(text: str, at: int) -> bool:
    """Whether a heading may stand there; within a sentence it is only spoken of."""
    return at == 0 or not text[at - 1].isalpha()


def _unsigned(said: list[str], unit: str) -> list[str]:
    """Without signature, date and page number at the end."""
    last = len(said)
    while last and _closes(said[last - 1], unit):
        last -= 1
    return said[:last]


def _closes(text: str, unit: str) -> bool:
    bare = "".join(plain_form(text).split())
    dated = re.sub(r"20\d\d年\d{1,2}月\d{1,2}日$", "", bare)
    return bool(_SIGNATURE.fullmatch(bare)) or (bool(unit) and dated == unit)


# ---------------------------------------------------------------- parts of a section


def _divide(found: Texts, parts: list[Narrative], said: list[str]) -> None:
    """Each part from its heading on; what is before the first belongs to the first."""
    current, named = parts[0], False
    pieces: dict[str, list[str]] = {}
    for text in (piece for paragraph in said for piece in _parts_in(paragraph, parts)):
        part, rest = _part(text, parts)
        if part is not None:
            current, named = part, True
        if rest:
            pieces.setdefault(current.id, []).append(rest)
    for each in parts:
        _put(found, each, pieces.get(each.id, []))
    if not named:
        found.undivided.append(parts[0].section)


def _parts_in(paragraph: str, parts: list[Narrative]) -> Iterator[str]:
    """The paragraph, cut where a heading of a part begins within it."""
    text, at = plain_form(paragraph), 0
    for mark in _PART.finditer(text):
        start = mark.start()
        if start > at and _may_begin(text, start) and _part(text[start:], parts)[0]:
            yield paragraph[at : mark.start()].strip()
            at = mark.start()
    yield paragraph[at:].strip()


def _part(text: str, parts: list[Narrative]) -> tuple[Narrative | None, str]:
    """The part whose heading the text begins with, and the text after it."""
    plain = plain_form(text)
    number = _PART.match(plain)
    start = number.end() if number else 0
    clause = _CLAUSE.match(plain, start)
    said = clause[0] if clause else ""
    part = next((p for p in parts if words(p.title).core in folded(said)), None)
    alone = folded(plain) if part else ""
    if part is None or (number is None and alone != words(part.title).core):
        return None, text
    # Words beyond the name say something, and stay.
    beyond = folded(said).replace(words(part.title).core, "", 1)
    if len(said) > MOST_IN_A_HEADING or beyond not in _FILLERS:
        return part, text
    return part, text[start + len(said) :].strip()


def _put(found: Texts, part: Narrative, said: list[str]) -> None:
    text = "\n".join(said).strip()
    if text:
        found.texts[part.id] = text
