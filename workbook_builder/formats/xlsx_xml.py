"""Expat under bounds: the base of everything that reads a part of the package.

Elements are known by local name, so that Transitional and Strict files and any
choice of prefixes read alike. Document types are refused, and with them every trick
with entities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import ClassVar, Generic, NoReturn, TypeVar
from xml.parsers import expat

from workbook_builder.bounds.limits import MAX_TEXT, WorkbookLimits
from workbook_builder.formats.budget import Budget
from workbook_builder.model.errors import UnreadableFile

Attributes = dict[str, str]
T = TypeVar("T")

#: How many parts of a kind are kept, and how long they may be.
KEPT, LONGEST = 32, 100_000


class LocalNames(dict[str, str]):
    """``x:row`` → ``row``, worked out once per name."""

    def __missing__(self, name: str) -> str:
        local = self[name] = name.rpartition(":")[2]
        return local


class PartReader:
    """Reads one part; subclasses override :meth:`start` and :meth:`end`.

    ``depth`` is 1 inside the root element. It is counted by the handlers rather than
    by a caller around them because a call per element is what reading costs.
    ``text`` is filled by expat directly; a handler that wants some clears it first.
    ``content_depth`` is where text begins to matter: above it, it is indentation.
    Without one, text is not collected at all.
    """

    content_depth: ClassVar[int | None] = None

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.depth = 0
        self.text: list[str] = []
        self.local = LocalNames()
        self._utf8 = True
        self._fed = 0
        self._skipping_from = 0
        self._parser: expat.XMLParserType

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins; must add 1 to ``depth``."""
        raise NotImplementedError

    def end(self, tag: str) -> None:
        """An element ends; must take 1 from ``depth``."""
        raise NotImplementedError

    def pause(self) -> None:
        """Called after each piece: bounds what it may have added."""
        if sum(map(len, self.text)) <= MAX_TEXT:
            return
        if not self._skipping_from and self.depth >= (self.content_depth or 0):
            raise UnreadableFile("damaged", f"a text of over {MAX_TEXT} characters")
        self.text.clear()

    def prepared(self, piece: bytes) -> bytes:
        """What expat gets of a piece; a subclass may look at it, and leave out what
        means nothing and would only take time."""
        return piece

    def read(self, pieces: Iterator[bytes]) -> None:
        """Raises UnreadableFile if the part is not sound or over a limit."""
        self._parser = self._new_parser()
        try:
            self._feed(pieces)
        except (expat.ExpatError, ValueError, LookupError) as error:
            _drain(pieces)
            raise UnreadableFile("damaged", f"XML: {error}") from error
        except UnreadableFile as error:
            if error.reason == "damaged":
                _drain(pieces)
            raise
        finally:
            del self._parser  # or parser and handlers would keep each other alive

    def skip(self) -> None:
        """Ignore the element that has just begun and all it holds."""
        self._skipping_from = self.depth
        self._parser.StartElementHandler = self._start_skipped
        self._parser.EndElementHandler = self._end_skipped

    def only_validate(self) -> None:
        """Call no handler any more. What is left must be small: depth goes uncounted."""
        self._parser.StartElementHandler = None
        self._parser.EndElementHandler = None
        self._parser.CharacterDataHandler = None

    def is_at(self, offset: int) -> bool:
        """Whether the current element begins at that byte of the part, and the bytes are
        what they look like. It is so of the first piece only."""
        return self._utf8 and self._fed == 0 and self._parser.CurrentByteIndex == offset

    def _feed(self, pieces: Iterator[bytes]) -> None:
        for piece in map(self.prepared, pieces):
            self.budget.spend_elements(piece.count(b"<") - piece.count(b"</"))
            self._parser.Parse(piece, False)
            self._fed += len(piece)
            self._check_parser()
            self.pause()
        self._parser.Parse(b"", True)

    def _check_parser(self) -> None:
        limits = self.budget.limits
        if self._fed - self._parser.CurrentByteIndex > limits.token:
            raise UnreadableFile("bomb", "an XML tag without end")
        if len(self._parser.intern) > limits.names:
            raise UnreadableFile("bomb", f"over {limits.names} XML names")

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        if self.content_depth is not None:
            parser.CharacterDataHandler = self.text.append
        parser.XmlDeclHandler = self._note_encoding
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.EntityDeclHandler = _refuse_document_type
        return parser

    def _note_encoding(self, version: str, encoding: str | None, _: int) -> None:
        self._utf8 = encoding is None or encoding.lower() == "utf-8"

    def _start_skipped(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > self.budget.limits.depth:
            raise UnreadableFile("bomb", "XML elements nested too deep")

    def _end_skipped(self, tag: str) -> None:
        if self.depth == self._skipping_from:
            self._parser.StartElementHandler = self.start
            self._parser.EndElementHandler = self.end
            self._skipping_from = 0
        self.depth -= 1


class KnownParts(Generic[T]):
    """What whole parts said that were sound, by their bytes: most small ones are the same
    in file after file. Whoever gets it leaves it as it is."""

    def __init__(self, read: Callable[[Iterator[bytes], Budget], T]) -> None:
        self._read = read
        self._known: dict[tuple[bytes, WorkbookLimits], tuple[T, int]] = {}

    def read(self, pieces: Iterator[bytes], budget: Budget) -> T:
        begun = list(islice(pieces, 2))
        if len(begun) != 1 or len(begun[0]) > LONGEST:
            return self._read(chain(begun, pieces), budget)
        key = begun[0], budget.limits
        known = self._known.get(key)
        if known is not None:
            budget.spend_elements(known[1])
            return known[0]
        left = budget.elements
        said = self._read(iter(begun), budget)
        if len(self._known) >= KEPT:
            self._known.clear()
        self._known[key] = said, left - budget.elements
        return said


def flag(value: str | None) -> bool:
    """An XML Schema boolean; absent is false."""
    return value in {"1", "true"}


def _refuse_document_type(*_: object) -> NoReturn:
    raise UnreadableFile("dtd", "declares a document type")


def _drain(pieces: Iterator[bytes]) -> None:
    """Unpack the rest: bad XML in a part whose checksum is wrong was damaged on its way.

    Raises UnreadableFile (``truncated``) in that case.
    """
    for _ in pieces:
        pass
