"""Text as .xlsx stores it: escapes, spaces, runs, and the shared string table."""

from __future__ import annotations

import re
from typing import ClassVar

from workbook_builder.formats.budget import Budget, check_size
from workbook_builder.formats.xlsx_fonts import ODD_BYTES, marks_run
from workbook_builder.formats.xlsx_sweep import (
    KnownElements,
    SweepingReader,
    Swept,
    is_taken_anywhere,
    plain,
    runs_in,
    usual,
)
from workbook_builder.formats.xlsx_xml import Attributes
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import RawCell, RawKind, Unlike

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")
_XML_SPACE = " \t\r\n"
_BETWEEN = re.compile(rb">[^<>]+<")
_STRING_DEPTH = 2  # sst > si
# Members of an enumeration are slow to look up.
_TEXT = RawKind.TEXT


def unescaped(text: str) -> str:
    """Undo ``_x000D_``, the format's way to store what XML cannot."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if _SURROGATE.search(text):
        # Half a pair is no character, and would break every later encoding.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class Runs:
    """Collects the text of one ``si`` or ``is`` element, plain or in runs.

    Phonetic runs (``rPh``) repeat the text in another script and are left out.
    """

    __slots__ = (
        *("_parts", "_phonetic", "_preserve", "_text", "preserve_default"),
        *("_odd_run", "marked"),
    )

    def __init__(self, text: list[str]) -> None:
        """``text`` is where the parser puts character data."""
        self._text = text
        self._parts: list[str] = []
        self._phonetic = False
        self._preserve = False
        self.preserve_default = False
        self._odd_run = False
        #: Whether a part of the text is raised, struck out or unseen, so that it may not count.
        self.marked = False

    def start(self, name: str, level: int, attributes: Attributes) -> bool:
        """Whether the element matters; ``level`` is 1 for children of ``si``."""
        if name == "t" and level <= 2:
            self._text.clear()
            self._preserve = preserves_space(attributes, self.preserve_default)
            return True
        if level == 1 and name == "rPh":
            self._phonetic = True
            return True
        if name == "r":
            self._odd_run = False
        elif level == 3:
            self._odd_run |= marks_run(name, attributes)
        return (level == 1 and name == "r") or (level == 2 and name == "rPr")

    def end(self, name: str) -> None:
        if name == "rPh":
            self._phonetic = False
        elif name == "t" and not self._phonetic:
            text = _spaced("".join(self._text), self._preserve)
            self.marked |= self._odd_run and bool(text.strip())
            self._parts.append(text)

    def take(self) -> str:
        """The text so far; the next one starts empty."""
        text = unescaped("".join(self._parts))
        self._parts.clear()
        self.marked = self._odd_run = False
        return text


def preserves_space(attributes: Attributes, default: bool) -> bool:
    """``xml:space`` of an element, which an inner one inherits."""
    if not attributes:
        return default
    space = attributes.get("xml:space")
    return default if space is None else space == "preserve"


def _spaced(text: str, preserve: bool) -> str:
    return text if preserve else text.strip(_XML_SPACE)


def _parsed(element: bytes) -> tuple[RawCell, bytes] | None:
    """A shared string, where nobody says that outer spaces count by default, and its
    frame."""
    is_odd = b"rPr" in element and ODD_BYTES.search(element)
    said = None if is_odd else usual(element)
    runs = None if said is None else runs_in(said)
    if runs is None:
        return None
    parts = [_spaced(plain(text), bool(keep)) for keep, text in runs]
    is_taken = all(is_taken_anywhere(text) for _, text in runs)
    frame = _BETWEEN.sub(b"><", element) if is_taken else b""
    return RawCell(_TEXT, unescaped("".join(parts))), frame


_KNOWN = KnownElements(_parsed, b"<sst>", b"</sst>")


class StringsReader(SweepingReader[RawCell]):
    """The shared string table; cells refer to ``strings`` by index."""

    content_depth: ClassVar[int | None] = _STRING_DEPTH

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.strings: list[RawCell] = []
        self._runs = Runs(self.text)

    def sweep(self, piece: bytes) -> Swept[RawCell] | None:
        start, ends = piece.find(b"<si>"), (b"</sst>", b"</sst>")
        return _KNOWN.sweep(piece, start, b"</si>", ends)

    def known(self) -> KnownElements[RawCell]:
        return _KNOWN

    def alike(self, budget: Budget) -> StringsReader:
        return StringsReader(budget)

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        depth = self.depth
        if depth > _STRING_DEPTH:
            name = self.local[tag]
            if not self._runs.start(name, depth - _STRING_DEPTH, attributes):
                self.skip()
        elif depth == 1:
            self._runs.preserve_default = preserves_space(attributes, False)
        elif self.local[tag] != "si":
            self.skip()
        elif self.found:
            if self._runs.preserve_default:
                raise UnreadableFile("damaged", "spaces count, unlike elsewhere")
            self.take(self.taken(b""))

    def end(self, tag: str) -> None:
        depth = self.depth
        self.depth = depth - 1
        if depth > _STRING_DEPTH:
            self._runs.end(self.local[tag])
        elif depth == _STRING_DEPTH:
            unlike: Unlike = "runs" if self._runs.marked else ""
            self.take([RawCell(_TEXT, self._runs.take(), unlike=unlike)])

    def pause(self) -> None:
        super().pause()
        self.budget.check_characters()
        limit = self.budget.limits.strings
        if len(self.strings) > limit:
            raise UnreadableFile("too_large", f"over {limit} shared strings")

    def take(self, items: list[RawCell]) -> None:
        sizes = [len(each.value) for each in items]
        check_size(max(sizes, default=0))
        self.budget.characters -= sum(sizes)
        self.strings += items
