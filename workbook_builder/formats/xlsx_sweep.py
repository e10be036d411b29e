"""Rows and shared strings that are spelled as office suites spell them, and those that
were read before.

Expat calls Python for every element, some ten thousand times a workbook. So a row that
consists of nothing but the usual elements in their usual spelling is taken apart by one
regular expression instead. And most rows of a return stand, byte for byte, in those read
before it: what they say is kept, and they are left out of what expat is given, since it
has accepted them already. So are those that differ from such a row in plain figures and
words only. A sweep declines everything else, down to a space where suites put none, and
the caller goes through the elements as for any XML. In either case it is expat that reads
what is new to its end and judges whether it is sound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, compress, count, islice
from operator import itemgetter, not_
from typing import Generic, TypeVar, cast

from workbook_builder.bounds.zip_entry import PIECE
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.xlsx_xml import PartReader
from workbook_builder.model.errors import UnreadableFile

# (reference, style, type, f element, v element, row number, anything else); what is
# absent is empty, and the two elements lack their end tags.
Token = tuple[str, str, str, str, str, str, str]

# (not empty if its outer spaces count, text)
_Run = tuple[str, str]

T = TypeVar("T")

#: So many elements are kept, and as many of those before them; none that is longer.
KEPT, LONGEST = 5_000, 8_000
#: What stands before them, of which there is less.
HEADS = 256
#: Frames that are kept.
FRAMES = 1_000

_CELLS = re.compile(
    r'<c r="([A-Z]{1,3}[0-9]{1,7})"(?: s="([0-9]{1,5})")?(?: t="([a-zA-Z]{1,9})")?>'
    r'(?:(<f(?: [a-zA-Z0-9]{1,9}="[^"<>]*")*(?:/|>[^<]*))(?:>|</f>))?'
    r"(?:(<v>[^<]*)</v>)?"
    r"</c>"
    # Blank cells, as many as there are in a row.
    r'|(?:<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?/>)+'
    # A cell stands in a row, so what follows the end of a row is a row.
    r'|<row r="([0-9]{1,7})"(?: [^<>]*")?(?:>|/>(?=<row|\Z))'
    r"|</row>(?=<row|\Z)"
    r"|([\s\S]+)"
)
_TEXT = r'<t( xml:space="preserve")?>([^<]*)</t>'
_FONT = r"<rPr>(?:<[a-zA-Z]+(?: [^<>]*)?/>)*</rPr>"
_RUN = rf'<r>(?:{_FONT})?<t(?: xml:space="preserve")?>[^<]*</t></r>'
_STRING = re.compile(rf"<si>(?:{_TEXT}|((?:{_RUN})+))(?:<phoneticPr [^<>]*/>)?</si>")
_RUN_TEXT = re.compile(f"{_TEXT}</r>")
_NUMERIC = re.compile("&#(?:([0-9]{1,9})|x([0-9a-fA-F]{1,8}));")
# The ampersand comes last, or "&amp;lt;" would become "<".
_NAMED = (
    ("&gt;", ">"),
    ("&lt;", "<"),
    ("&quot;", '"'),
    ("&apos;", "'"),
    ("&amp;", "&"),
)


class KnownElements(Generic[T]):
    """What elements said that expat accepted, by their bytes: the same wherever they
    stand. ``parse`` takes one that is new apart, or declines; with what it says comes its
    frame: the element without texts that expat would take wherever it takes any, empty
    where there are others. In a frame that was accepted such texts need not be proved.
    ``opening`` is the least that may stand before elements, ``closing`` after them."""

    def __init__(
        self,
        parse: Callable[[bytes], tuple[T, bytes] | None],
        opening: bytes,
        closing: bytes,
    ) -> None:
        self._parse = parse
        self._said: dict[bytes, tuple[T, int]] = {}
        # Most are of one file only: what comes again is kept when the others go.
        self._before: dict[bytes, tuple[T, int]] = {}
        self._heads: dict[bytes, int] = {}
        self._frames: set[bytes] = set()
        self.opening, self.closing = opening, closing

    def sweep(
        self, piece: bytes, start: int, close: bytes, ends: tuple[bytes, bytes]
    ) -> Swept[T] | None:
        """A whole part that has nothing from ``start`` to the first of ``ends`` but
        elements that end in ``close``; the second ends the part. None where any is
        unusual."""
        stop = piece.find(ends[0], start)
        if start < 0 or stop < 0 or not piece.rstrip().endswith(ends[1]):
            return None
        *bodies, left = piece[start:stop].split(close)
        last = self._parse(left) if left else None
        if not bodies or (left and last is None):
            return None
        told = [*map(self._said.get, bodies)]
        head, fresh, frames = piece[:start], dict[bytes, tuple[T, int]](), set[bytes]()
        in_head = self._heads.get(head)
        given = set() if in_head is not None else {0}
        for n in compress(count(), map(not_, told)):
            again = fresh.get(bodies[n]) or self._before.get(bodies[n])
            if again is not None:
                told[n] = fresh[bodies[n]] = again
            else:
                parsed = self._parse(bodies[n] + close)
                if parsed is None:
                    return None
                item, frame = parsed
                told[n] = fresh[bodies[n]] = item, elements(bodies[n])
                if frame not in self._frames:
                    given.add(n)
                    frames.add(frame)
        known = cast(list[tuple[T, int]], told)
        items = [*map(itemgetter(0), known), *([] if last is None else last[:1])]
        proved = sum(map(itemgetter(1), known)) - sum(known[n][1] for n in given)
        rest = [bodies[n] + close for n in sorted(given)]
        return Swept(
            head,
            self.opening if in_head is not None else head,
            items,
            b"".join((*rest, left)),
            piece[stop:],
            fresh,
            frames - {b""},
            proved,
            in_head,
        )

    def keep(self, found: Swept[T]) -> None:
        """What expat has accepted now."""
        fresh = found.fresh
        if len(self._said) + len(fresh) > KEPT:
            self._said, self._before = {}, self._said
        if len(fresh) <= KEPT:
            short = {body: said for body, said in fresh.items() if len(body) <= LONGEST}
            self._said.update(short)
        if len(self._frames) + len(found.frames) > FRAMES:
            self._frames.clear()
        if len(found.frames) <= FRAMES:
            self._frames |= {each for each in found.frames if len(each) <= LONGEST}
        if len(self._heads) >= HEADS:
            self._heads.clear()
        if len(found.head) <= LONGEST:
            self._heads[found.head] = elements(found.head)


def elements(text: bytes) -> int:
    return text.count(b"<") - text.count(b"</")


@dataclass(frozen=True, slots=True)
class Swept(Generic[T]):
    """A part whose repeated elements are taken apart."""

    head: bytes
    """What stands before them,"""
    opening: bytes
    """and what expat gets for it: the same, or where it is known the least there is."""
    items: list[T]
    rest: bytes
    """Of the elements those that are given to expat: those whose bytes and frames are
    new, and after a head that is new the first."""
    tail: bytes
    """What follows the elements."""
    fresh: dict[bytes, tuple[T, int]]
    """Those that were not known, with how many elements they are,"""
    frames: set[bytes]
    """and their frames, as far as they were not known either."""
    elements: int
    """How many are left out."""
    in_head: int | None
    """How many the head has, where it is known."""


class SweepingReader(PartReader, Generic[T]):
    """Reads a part by way of what is known, or from element to element."""

    found: Swept[T] | None = None
    """What is known, while the rest is read."""

    def sweep(self, piece: bytes) -> Swept[T] | None:
        """The part, which is that piece, if it is spelled as usual."""
        raise NotImplementedError

    def known(self) -> KnownElements[T]:
        raise NotImplementedError

    def in_tail(self, tail: bytes) -> int | None:
        """How many elements a tail has that expat has accepted before."""
        return 0 if tail == self.known().closing else None

    def keep(self, found: Swept[T]) -> None:
        """What expat has accepted now."""
        self.known().keep(found)

    def alike(self, budget: Budget) -> SweepingReader[T]:
        """One that has read nothing yet."""
        raise NotImplementedError

    def take(self, items: list[T]) -> None:
        """What the elements say."""
        raise NotImplementedError

    def read(self, pieces: Iterator[bytes]) -> None:
        begun = list(islice(pieces, 1))
        if begun and len(begun[0]) < PIECE:
            begun += islice(pieces, 1)
            if len(begun) == 1 and self._read_swept(begun[0]):
                return
        super().read(chain(begun, pieces))

    def _read_swept(self, piece: bytes) -> bool:
        found = self.sweep(piece)
        if found is None:
            return False
        budget, reader = self.budget, self.alike(self.budget.copied())
        reader.found = found
        try:
            reader.read_rest(found)
        except UnreadableFile:
            return False  # what is wrong is told from element to element
        if not reader.is_through:
            return False
        self.keep(found)
        budget.spent(reader.budget)
        vars(self).clear()
        vars(self).update(vars(reader), budget=budget)
        return True

    def read_rest(self, found: Swept[T]) -> None:
        """Expat gets what of a part is new: nothing where all of it is known."""
        in_head, in_tail = found.in_head, self.in_tail(found.tail)
        is_known = not (found.rest or in_head is None or in_tail is None)
        opened = 0 if is_known or in_head is None else elements(found.opening)
        spared = (in_head or 0) - opened + found.elements + (in_tail or 0)
        self.budget.spend_elements(spared)
        if is_known:
            self.prepared(b"")
            self.take(found.items)
            self.found = None
            self.pause()
            return
        tail = found.tail if in_tail is None else self.known().closing
        PartReader.read(self, iter((found.opening + found.rest + tail,)))

    @property
    def is_through(self) -> bool:
        """Whether what is known was taken."""
        return self.found is None

    def taken(self, begins: bytes) -> list[T]:
        """The elements that are known, where the first of them should be the current
        one, or that which ``begins`` right before it."""
        assert self.found is not None
        if not self.is_at(len(self.found.opening) - len(begins)):
            raise UnreadableFile("damaged", "an element where none seemed to be")
        items, self.found = self.found.items, None
        self.only_validate()
        return items


def cells_in(row: str) -> list[Token] | None:
    """The cells of a part of a row, with what rows without cells stand before it, or
    None."""
    tokens: list[Token] = _CELLS.findall(row)
    # What no other alternative takes becomes one last token.
    return None if tokens[-1][-1] else tokens


def runs_in(string: str) -> list[_Run] | None:
    """The runs of a shared string, or None."""
    found = _STRING.fullmatch(string)
    if found is None:
        return None
    preserve, text, runs = found.groups()
    return _RUN_TEXT.findall(runs) if runs else [(preserve or "", text)]


def usual(element: bytes) -> str | None:
    """The text of an element, unless expat would read it otherwise."""
    if b"\r" in element:  # it would make a line feed of it
        return None
    try:
        return element.decode()
    except UnicodeDecodeError:
        return None


def is_taken_anywhere(text: str) -> bool:
    """Whether expat takes it wherever it takes any text, as it stands."""
    return text.isprintable() and "&" not in text and "]]>" not in text


def text_in(element: str) -> str:
    """The text of an f or v element as it stands in a token."""
    text = element.partition(">")[2]
    return plain(text) if "&" in text else text


def plain(text: str) -> str:
    """Character data as expat would hand it over, given that expat accepts it."""
    if "&#" in text:
        text = _NUMERIC.sub(_numbered, text)
    for name, character in _NAMED:
        text = text.replace(name, character)
    return text


def _numbered(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    # An ampersand must not begin a new reference with what follows it.
    return "&amp;" if code == ord("&") else chr(min(code, 0x10FFFF))
