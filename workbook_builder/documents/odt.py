"""An .odt: ``content.xml`` of its package as a stream."""

from __future__ import annotations

from typing import ClassVar

from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.documents.budget import DocumentBudget
from workbook_builder.documents.builder import Builder
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.xlsx_package import Package
from workbook_builder.formats.xlsx_xml import Attributes, PartReader
from workbook_builder.model.document import Document, DocumentFormat, Precision
from workbook_builder.model.errors import UnreadableFile

_CONTENT = "content.xml"
_PARAGRAPHS = {"p", "h"}
_UNSEEN = {
    "automatic-styles", "font-face-decls", "scripts", "tracked-changes", "note",
    "annotation", "sequence-decls", "forms", "hidden-text", "ruby-text",
}  # fmt: skip


def odt_document(package: Package) -> Document:
    """What the document prints. Raises UnreadableFile."""
    if _CONTENT not in package:
        raise UnreadableFile("damaged", "no content")
    reader = _Content()
    reader.read(package.pieces(_CONTENT))
    return Document(DocumentFormat.ODT, Precision.MARKUP, reader.builder.blocks())


class _Content(PartReader):
    """Text counts within paragraphs only; between them it is indentation."""

    content_depth: ClassVar[int | None] = 1

    def __init__(self) -> None:
        super().__init__(Budget(WORKBOOK))
        self.builder = Builder(DocumentBudget())
        self._paragraphs = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > self.budget.limits.depth:
            raise UnreadableFile("bomb", "XML elements nested too deep")
        self._flush()
        name = self.local[tag]
        if name in _UNSEEN:
            self.skip()
        elif name in _PARAGRAPHS:
            self._paragraphs += 1
        else:
            self._structure(name, {self.local[k]: v for k, v in attributes.items()})

    def end(self, tag: str) -> None:
        self.depth -= 1
        self._flush()
        match self.local[tag]:
            case "p" | "h":
                self._paragraphs -= 1
                self.builder.end_paragraph()
            case "table-cell":
                self.builder.end_cell()
            case "table":
                self.builder.end_table()

    def pause(self) -> None:
        self._flush()

    def _structure(self, name: str, attributes: Attributes) -> None:
        match name:
            case "table":
                self.builder.begin_table()
            case "table-row":
                self.builder.begin_row()
            case "table-cell":
                self.builder.begin_cell(
                    _count(attributes, "number-columns-spanned"),
                    _count(attributes, "number-rows-spanned"),
                )
            case "s":
                self.builder.write(" " * min(_count(attributes, "c"), 100))
            case "tab" | "line-break":
                self.builder.write("\t" if name == "tab" else "\n")

    def _flush(self) -> None:
        text = "".join(self.text)
        self.text.clear()
        if text and self._paragraphs:
            self.builder.write(" ".join(text.split("\n")))


def _count(attributes: Attributes, name: str) -> int:
    said = attributes.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1
