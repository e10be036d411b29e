"""A returned .xlsx or .xlsm as typed raw cells, or the reason why it is none.

No library reads what comes back by mail without losing error cells, sheets or the
whole process on some file, so this does: streaming, bounded (see
:mod:`~workbook_builder.excel.xlsx_limits`), and only what reading figures needs.
It tells for each cell what the file says, and leaves the meaning to others.
"""

from __future__ import annotations

from collections.abc import Container

from workbook_builder.excel.xlsx_book import (
    Relation,
    SheetEntry,
    WorkbookReader,
    relations_of,
    target_of,
)
from workbook_builder.excel.xlsx_cell import CellDecoder
from workbook_builder.excel.xlsx_limits import LIMITS, Budget, Limits
from workbook_builder.excel.xlsx_package import Package, folded
from workbook_builder.excel.xlsx_sheet import SheetReader
from workbook_builder.excel.xlsx_sniff import explained_package, require_zip
from workbook_builder.excel.xlsx_strings import StringsReader
from workbook_builder.excel.xlsx_styles import StylesReader
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import RawBook, RawSheet

__all__ = ["LIMITS", "Limits", "read_grid"]

_MACRO_KINDS = {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"}
_LINK_KINDS = {"externalLink"}


def read_grid(
    data: bytes, only: Container[str] | None = None, limits: Limits = LIMITS
) -> RawBook:
    """Read a workbook from the bytes of a file, judging it by its content alone.

    ``only`` names the sheets whose cells are wanted; the others are listed without
    cells, and what is wrong inside them goes unnoticed.

    Raises UnreadableFile with a stable reason for everything else that may come back.
    """
    if len(data) > limits.file_size:
        raise UnreadableFile("too_large", f"{len(data)} bytes")
    require_zip(data)
    package = Package(data, limits)
    return _Book(package, Budget(limits)).read(only)


class _Book:
    """One reading of one package."""

    def __init__(self, package: Package, budget: Budget) -> None:
        self._package = package
        self._budget = budget
        self._part = self._workbook_part()
        self._relations = relations_of(package, self._part, budget)

    def read(self, only: Container[str] | None) -> RawBook:
        workbook = WorkbookReader(self._budget)
        workbook.read(self._package.pieces(self._part))
        entries = [entry for entry in workbook.sheets if self._is_worksheet(entry)]
        _refuse_repeats([entry.name for entry in entries])
        _refuse_repeats([folded(self._relation(entry).target) for entry in entries])
        decoder = self._decoder()
        return RawBook(
            tuple(
                self._sheet(entry, decoder, only is None or entry.name in only)
                for entry in entries
            ),
            workbook.date1904,
            macros=self._has(_MACRO_KINDS, "vbaproject.bin", "/macrosheets/"),
            external_links=self._has(_LINK_KINDS, "/externallinks/"),
        )

    def _workbook_part(self) -> str:
        part = target_of(
            relations_of(self._package, "", self._budget), "officeDocument"
        )
        if part is None:
            raise explained_package(self._package)
        if part.casefold().endswith(".bin"):
            raise UnreadableFile("other_format", "an .xlsb")
        return part

    def _is_worksheet(self, entry: SheetEntry) -> bool:
        return self._relation(entry).kind == "worksheet"

    def _relation(self, entry: SheetEntry) -> Relation:
        relation = self._relations.get(entry.relation)
        if relation is None or relation.external:
            raise UnreadableFile("damaged", f"sheet {entry.name[:31]!r} has no part")
        return relation

    def _sheet(self, entry: SheetEntry, decoder: CellDecoder, wanted: bool) -> RawSheet:
        if not wanted:
            return RawSheet(entry.name, entry.state, {})
        reader = SheetReader(decoder, self._budget)
        reader.read(self._package.pieces(self._relation(entry).target))
        return RawSheet(entry.name, entry.state, reader.cells)

    def _decoder(self) -> CellDecoder:
        strings, styles = StringsReader(self._budget), StylesReader(self._budget)
        for kind, reader in (("sharedStrings", strings), ("styles", styles)):
            part = target_of(self._relations, kind)
            # Some writers announce a part and leave it out; a cell that needs it shows.
            if part is not None and part in self._package:
                reader.read(self._package.pieces(part))
        return CellDecoder(strings.strings, styles.date_styles(), self._budget)

    def _has(self, kinds: Container[str], *marks: str) -> bool:
        """Whether something of these kinds is in the file, linked to or not."""
        return any(link.kind in kinds for link in self._relations.values()) or any(
            mark in name for name in self._package.names for mark in marks
        )


def _refuse_repeats(values: list[str]) -> None:
    """No sheet, two of one name, or two of one part.

    A reader by name would see the wrong one, and a part could be read thousands of
    times over.
    """
    if not values:
        raise UnreadableFile("damaged", "no worksheet")
    if len(set(values)) < len(values):
        raise UnreadableFile("damaged", "two sheets of one name or part")
