"""A returned workbook of any format as typed raw cells, or the reason why it is none.

No library reads what comes back by mail without losing error cells, sheets or the
whole process on some file, so .xlsx, .xlsm, .xlsb and .ods are read by readers of our
own: streaming, bounded (see :mod:`~workbook_builder.bounds.limits`), and only what
reading figures needs. For .xls and .et there are libraries; they run in a process that
may be lost. Each cell is told as the file has it, and the meaning left to others.
"""

from __future__ import annotations

import collections.abc
import struct
from typing import Any

from workbook_builder.bounds.isolation import isolated
from workbook_builder.bounds.limits import WORKBOOK, WorkbookLimits
from workbook_builder.bounds.zip_directory import folded
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.conditions import doubted
from workbook_builder.formats.fonts import Looks, Shown
from workbook_builder.formats.sniff import (
    Container,
    container_of,
    explained_package,
    is_encrypted_opendocument,
    is_opendocument,
)
from workbook_builder.formats.xlsx_book import (
    TABS,
    Relation,
    SheetEntry,
    relations_of,
    target_of,
)
from workbook_builder.formats.xlsx_cell import CellDecoder
from workbook_builder.formats.xlsx_package import Package
from workbook_builder.formats.xlsx_sheet import SheetReader
from workbook_builder.formats.xlsx_strings import StringsReader
from workbook_builder.formats.xlsx_styles import STYLES, Styles
from workbook_builder.model.errors import UnreadableFile, WorkerLost
from workbook_builder.model.grid import (
    Format,
    Hidden,
    MergedArea,
    Position,
    RawBook,
    RawCell,
    RawSheet,
)

Pieces = collections.abc.Iterator[bytes]
SheetContent = tuple[dict[Position, RawCell], Hidden, tuple[MergedArea, ...]]
ContentOf = collections.abc.Callable[[Pieces], SheetContent]

_MACRO_KINDS = {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"}
_LINK_KINDS = {"externalLink"}


def read_grid(
    data: bytes,
    only: collections.abc.Container[str] | None = None,
    limits: WorkbookLimits = WORKBOOK,
) -> RawBook:
    """Read a workbook from the bytes of a file, judging it by its content alone.

    ``only`` names the sheets whose cells are wanted; the others are listed without
    cells, and what is wrong inside them goes unnoticed.

    Raises UnreadableFile with a stable reason for everything else that may come back.
    """
    if len(data) > limits.file_size:
        raise UnreadableFile("too_large", f"{len(data)} bytes")
    try:
        return _read(data, only, limits)
    except UnreadableFile as error:
        from workbook_builder.formats.default_password import decrypted

        plain = decrypted(data) if error.reason == "encrypted" else None
        if plain is None:
            raise
    return _read(plain, only, limits)


def _read(
    data: bytes, only: collections.abc.Container[str] | None, limits: WorkbookLimits
) -> RawBook:
    container = container_of(data)
    if container is Container.OLE:
        return _read_apart(data, only, limits)
    package, budget = Package(data, limits), Budget(limits)
    if is_encrypted_opendocument(package):
        raise UnreadableFile("encrypted", "an .ods with a password")
    part = target_of(relations_of(package, "", budget), "officeDocument")
    if part is not None:
        kind = _BinaryBook if part.casefold().endswith(".bin") else _Book
        return kind(package, budget, part).read(only)
    if is_opendocument(package):
        from workbook_builder.formats.ods_book import read_ods

        return read_ods(package, only, budget)
    raise explained_package(package)


def _read_apart(
    data: bytes, only: collections.abc.Container[str] | None, limits: WorkbookLimits
) -> RawBook:
    """An .xls, read by parsers that are not ours."""
    from workbook_builder.formats.xls_book import read_xls

    try:
        return isolated(read_xls, data, only, limits)
    except WorkerLost as error:
        raise UnreadableFile(error.reason, f"{len(data)} bytes") from None


class _Book:
    """One reading of one package whose parts are XML."""

    format: Format = "xlsx"

    def __init__(self, package: Package, budget: Budget, part: str) -> None:
        self._package = package
        self._budget = budget
        self._part = part
        self._relations = relations_of(package, self._part, budget)

    def read(self, only: collections.abc.Container[str] | None) -> RawBook:
        tabs, date1904 = self._tabs()
        entries = [entry for entry in tabs if self._is_worksheet(entry)]
        _refuse_repeats([entry.name for entry in entries])
        _refuse_repeats([folded(self._relation(entry).target) for entry in entries])
        content_of = self._content_reader()
        return RawBook(
            tuple(
                self._sheet(entry, content_of, only is None or entry.name in only)
                for entry in entries
            ),
            date1904,
            macros=self._has(_MACRO_KINDS, "vbaproject.bin", "/macrosheets/"),
            external_links=self._has(_LINK_KINDS, "/externallinks/"),
            objects=self._has((), "/embeddings/", "/activex/"),
            format=self.format,
        )

    def _tabs(self) -> tuple[collections.abc.Sequence[SheetEntry], bool]:
        return TABS.read(self._package.pieces(self._part), self._budget)

    def _is_worksheet(self, entry: SheetEntry) -> bool:
        return self._relation(entry).kind == "worksheet"

    def _relation(self, entry: SheetEntry) -> Relation:
        relation = self._relations.get(entry.relation)
        if relation is None or relation.external:
            raise UnreadableFile("damaged", f"sheet {entry.name[:31]!r} has no part")
        return relation

    def _sheet(
        self, entry: SheetEntry, content_of: ContentOf, wanted: bool
    ) -> RawSheet:
        if not wanted:
            return RawSheet(entry.name, entry.state, {})
        part = self._relation(entry).target
        content = content_of(self._package.pieces(part))
        return RawSheet(entry.name, entry.state, *content)

    def _content_reader(self) -> ContentOf:
        strings, pieces = StringsReader(self._budget), self._pieces("sharedStrings")
        if pieces is not None:
            strings.read(pieces)
        part = self._pieces("styles")
        styles = Styles(_Lost() if self._lacks("styles") else {}, {})
        if part is not None:
            styles = STYLES.read(part, self._budget)
        budget = self._budget
        decoder = CellDecoder(strings.strings, styles.kinds, budget)

        def content_of(pieces: Pieces) -> SheetContent:
            reader = SheetReader(decoder, budget)
            reader.read(pieces)
            asked = reader.conditions, styles.changes, styles.fills
            doubted(reader.cells, *asked, budget)
            return reader.cells, reader.hidden, tuple(reader.merged)

        return content_of

    def _pieces(self, kind: str) -> Pieces | None:
        """The part of that kind, if there is one.

        Some writers announce a part and leave it out; a cell that needs it shows.
        """
        part = target_of(self._relations, kind)
        if part is None or part not in self._package:
            return None
        return self._package.pieces(part)

    def _lacks(self, kind: str) -> bool:
        """Whether a part of that kind is announced and not there."""
        part = target_of(self._relations, kind)
        return part is not None and part not in self._package

    def _has(self, kinds: collections.abc.Container[str], *marks: str) -> bool:
        """Whether something of these kinds is in the file, linked to or not."""
        return any(link.kind in kinds for link in self._relations.values()) or any(
            mark in name for name in self._package.names for mark in marks
        )


class _Lost(dict[Any, Shown]):
    """What the styles of a book that lost them make of numbers: nobody can tell
    whether one is a date or a percentage."""

    def get(self, style: object, default: Any = None) -> Any:
        if style in {"", "0", 0}:
            return default
        raise UnreadableFile("damaged", "the styles are not there")


class _BinaryBook(_Book):
    """The same parts as records."""

    format: Format = "xlsb"

    def read(self, only: collections.abc.Container[str] | None) -> RawBook:
        try:
            return super().read(only)
        except (struct.error, IndexError) as error:
            raise UnreadableFile("damaged", f"a record: {error}") from None

    def _tabs(self) -> tuple[list[SheetEntry], bool]:
        from workbook_builder.formats.xlsb_book import read_workbook

        return read_workbook(self._package.pieces(self._part), self._budget)

    def _content_reader(self) -> ContentOf:
        from workbook_builder.formats.xlsb_book import (
            CellsReader,
            read_kinds,
            read_strings,
        )

        strings, styles = self._pieces("sharedStrings"), self._pieces("styles")
        looks, kinds = Looks(), dict[int, Shown]()
        if self._lacks("styles"):
            kinds = _Lost()
        elif styles is not None:
            kinds = read_kinds(styles, self._budget, looks)
        texts = [] if strings is None else read_strings(strings, self._budget, looks)
        return CellsReader(texts, kinds, self._budget, looks).read


def _refuse_repeats(values: list[str]) -> None:
    """No sheet, two of one name, or two of one part.

    A reader by name would see the wrong one, and a part could be read thousands of
    times over.
    """
    if not values:
        raise UnreadableFile("damaged", "no worksheet")
    if len(set(values)) < len(values):
        raise UnreadableFile("damaged", "two sheets of one name or part")
