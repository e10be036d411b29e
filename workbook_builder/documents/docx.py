"""A .docx: the main part of its package as a stream, as Word shows it."""

from __future__ import annotations

import re
from typing import ClassVar

from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.documents.budget import DocumentBudget
from workbook_builder.documents.builder import Builder
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.xlsx_package import Package
from workbook_builder.formats.xlsx_xml import Attributes, PartReader
from workbook_builder.model.document import Document, DocumentFormat, Precision
from workbook_builder.model.errors import UnreadableFile

_MAIN = re.compile(r"word/document\d*\.xml")
#: Deleted or moved away, repeated for older programs, or told elsewhere.
_UNSEEN = {"del", "moveFrom", "Fallback", "instrText", "delText", "sectPr", "tblPr"}
_OFF = {"0", "false", "off", "none"}
_CHARACTERS = {
    "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "",
}  # fmt: skip


def docx_document(package: Package) -> Document:
    """What the document prints. Raises UnreadableFile."""
    main = next((name for name in package.names if _MAIN.fullmatch(name)), None)
    if main is None:
        raise UnreadableFile("damaged", "no main part")
    reader = _MainPart()
    reader.read(package.pieces(main))
    return Document(DocumentFormat.DOCX, Precision.MARKUP, reader.builder.blocks())


class _Cell:
    """What the properties of a cell say before its text begins."""

    __slots__ = ("columns", "continues", "opened")

    def __init__(self) -> None:
        self.columns = 1
        self.continues = False
        self.opened = False


class _MainPart(PartReader):
    """Only text within ``w:t`` counts; properties come before what they are of."""

    content_depth: ClassVar[int | None] = 1

    def __init__(self) -> None:
        super().__init__(Budget(WORKBOOK))
        self.builder = Builder(DocumentBudget())
        self._cells: list[_Cell] = []
        self._hidden = False

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = self.local[tag]
        if self.depth > self.budget.limits.depth:
            raise UnreadableFile("bomb", "XML elements nested too deep")
        if name in _UNSEEN:
            self.skip()
        elif name in _CHARACTERS:
            self._character(name)
        elif name in {"t", "p", "r"}:
            self._open_cell()
            self.text.clear()
            self._hidden = self._hidden and name == "t"
        else:
            self._property(name, {self.local[k]: v for k, v in attributes.items()})

    def end(self, tag: str) -> None:
        self.depth -= 1
        match self.local[tag]:
            case "t" if not self._hidden:
                self.builder.write("".join(self.text))
                self.text.clear()
            case "p":
                self.builder.end_paragraph()
            case "tc":
                self._open_cell()
                if not self._cells.pop().continues:
                    self.builder.end_cell()
            case "tbl":
                self.builder.end_table()

    def _property(self, name: str, attributes: Attributes) -> None:
        value = attributes.get("val", "")
        match name:
            case "tbl":
                self._open_cell()
                self.builder.begin_table()
            case "tr":
                self.builder.begin_row()
            case "tc":
                self._cells.append(_Cell())
            case "gridBefore":
                self.builder.skip_columns(_count(value))
            case "gridSpan" if self._cells:
                self._cells[-1].columns = _count(value)
            case "vMerge" | "hMerge" if self._cells:
                self._cells[-1].continues = value != "restart"
            case "vanish" | "webHidden":
                self._hidden = value not in _OFF

    def _character(self, name: str) -> None:
        # Tab stops of a paragraph are called like tabs, and stand in its properties.
        if self._cells and not self._cells[-1].opened:
            return
        if not self._hidden:
            self.builder.write(_CHARACTERS[name])

    def _open_cell(self) -> None:
        """The properties of the cell are known when its first paragraph begins."""
        if not self._cells or self._cells[-1].opened:
            return
        cell = self._cells[-1]
        cell.opened = True
        if cell.continues:
            self.builder.lengthen(cell.columns)
        else:
            self.builder.begin_cell(cell.columns)


def _count(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1
