"""A published report as it is printed: passages of text and tables of cells, in order.

What the formats have in common, and no more: nothing is interpreted, no blank is a
zero, and a cell that spans others says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbook_builder.model.text import Text


class Precision(StrEnum):
    """How well it is known what is printed, and in which column."""

    MARKUP = "markup"
    """Word, ODF, HTML: characters and spans are written down."""
    TYPESET = "typeset"
    """PDF: characters stand at places; rows and columns follow from ruled lines."""
    TYPED = "typed"
    """Plain text: characters are certain, cells are what separators make of them."""
    SEEN = "seen"
    """A picture: everything was recognised by a program."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where on paper: a page from 1, and left, top, right, bottom in points."""

    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph; ``\\n`` is a line break within it."""

    text: str
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of a printed table, over ``rows`` × ``columns`` of its grid, from 0.

    ``second`` is what another reader made of the same place, None where there was
    only one.
    """

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    region: Region | None = None
    second: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """Cells ordered by row and column; a place that none covers is not printed."""

    cells: tuple[PrintedCell, ...]
    region: Region | None = None

    @property
    def lines(self) -> tuple[tuple[PrintedCell, ...], ...]:
        """The cells that begin in each row that has any."""
        found: dict[int, list[PrintedCell]] = {}
        for cell in self.cells:
            found.setdefault(cell.row, []).append(cell)
        return tuple(
            tuple(sorted(found[row], key=lambda cell: cell.column))
            for row in sorted(found)
        )


DocumentBlock = Passage | PrintedTable


@dataclass(frozen=True, slots=True)
class Document:
    """文档: what a file prints. ``title`` is what the file says of itself."""

    format: DocumentFormat
    precision: Precision
    blocks: tuple[DocumentBlock, ...]
    title: str = ""


class DocumentFormat(StrEnum):
    """What the file is by its content."""

    DOCX = "docx"
    DOC = "doc"
    ODT = "odt"
    RTF = "rtf"
    WPS = "wps"
    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    PICTURE = "picture"

    @property
    def text(self) -> Text:
        return _FORMATS[self]


_FORMATS = {
    DocumentFormat.DOCX: Text("Word 文档（.docx）", "a Word document (.docx)"),
    DocumentFormat.DOC: Text("Word 文档（.doc）", "a Word document (.doc)"),
    DocumentFormat.ODT: Text("OpenDocument 文档", "an OpenDocument text"),
    DocumentFormat.RTF: Text("RTF 文档", "an RTF document"),
    DocumentFormat.WPS: Text("WPS 文档", "a WPS document"),
    DocumentFormat.HTML: Text("网页", "a web page"),
    DocumentFormat.TEXT: Text("文本文件", "a text file"),
    DocumentFormat.PDF: Text("PDF 文件", "a PDF"),
    DocumentFormat.PICTURE: Text("图片", "a picture"),
}
