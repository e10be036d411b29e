"""PDF files with text: pdfplumber finds ruled tables, pypdfium2 reads their cells again.

Two libraries that share no code must see the same figures in the same box. A page
without any text is a picture of one; the caller is told.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect

from workbook_builder.bounds.limits import DOCUMENT
from workbook_builder.documents.budget import DocumentBudget
from workbook_builder.documents.builder import tidy
from workbook_builder.documents.paragraphs import TextLine, paragraphs
from workbook_builder.documents.ruled import BoxedText, PaperBox, gridded
from workbook_builder.model.document import (
    Document,
    DocumentFormat,
    Precision,
    PrintedCell,
    PrintedTable,
    Region,
)
from workbook_builder.model.errors import UnreadableFile

# What it says of odd fonts is not for the person at the screen.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

Page = Any  # of pdfplumber, which publishes no types
#: Edges this far apart, in points, are one.
SAME_EDGE = 2.0


def pdf_document(data: bytes) -> Document:
    """What the file prints; raises UnreadableFile, ``no_text`` for pictures of pages."""
    budget = DocumentBudget()
    second = _opened_again(data, budget.limits.pages)
    try:
        with pdfplumber.open(BytesIO(data)) as first:
            found = list(_parts(first.pages, second, budget))
    except UnreadableFile:
        raise
    except PDFPasswordIncorrect:
        raise UnreadableFile("encrypted", "a PDF with a password") from None
    except Exception as error:
        # pdfminer raises whatever a broken file makes it stumble over.
        raise UnreadableFile("damaged", f"PDF: {type(error).__name__}") from error
    finally:
        second.close()
    if not found:
        raise UnreadableFile("no_text", "pdf")
    blocks = tuple(paragraphs(found))
    return Document(DocumentFormat.PDF, Precision.TYPESET, blocks)


def page_pictures(data: bytes, dots_per_inch: int) -> Iterator[Any]:
    """Each page as a picture: a numpy array of rows of grey values. Raises
    UnreadableFile."""
    document = _opened_again(data, DOCUMENT.pages)
    try:
        for page in document:
            yield page.render(scale=dots_per_inch / 72, grayscale=True).to_numpy()
    finally:
        document.close()


def _opened_again(data: bytes, most: int) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        kind = "encrypted" if "assword" in str(error) else "damaged"
        raise UnreadableFile(kind, f"PDF: {error}") from None
    if pages > most:
        document.close()
        raise UnreadableFile("too_large", f"{pages} pages")
    return document


def _parts(
    pages: Sequence[Page], second: pypdfium2.PdfDocument, budget: DocumentBudget
) -> Iterator[TextLine | PrintedTable]:
    """Lines of text and tables, page by page from top to bottom."""
    for page, again in zip(pages, second, strict=True):
        # pdfium counts in no time what the other library would take minutes to draw.
        budget.spend_marks(pypdfium2.raw.FPDFPage_CountObjects(again))
        budget.spend_characters(len(page.chars))
        reader = _PageReader(page, again.get_textpage(), budget)
        yield from reader.parts()
        page.close()


@dataclass(slots=True)
class _PageReader:
    page: Page
    again: pypdfium2.PdfTextPage
    budget: DocumentBudget

    def parts(self) -> list[TextLine | PrintedTable]:
        found: list[tuple[float, TextLine | PrintedTable]] = []
        boxes: list[PaperBox] = []
        for table in self.page.find_tables():
            parts = list(self._table(table))
            if parts:
                boxes.append(table.bbox)
                found += parts
        outside = self.page.filter(lambda each: not _within(each, boxes))
        found += [
            (line["top"], self._line(line["text"], _box(line)))
            for line in outside.extract_text_lines(return_chars=False)
        ]
        return [part for _, part in sorted(found, key=lambda pair: pair[0])]

    def _line(self, text: str, box: PaperBox) -> TextLine:
        return TextLine(text, Region(self.page.page_number, box), self.page.height)

    def _table(self, table: Any) -> Iterator[tuple[float, TextLine | PrintedTable]]:
        """The table, and rows of one cell before and after it as lines of text: some
        writers draw a box around every line."""
        rows = [
            [
                (box, text or "")
                for box, text in zip(row.cells, texts, strict=True)
                if box is not None
            ]
            for row, texts in zip(table.rows, table.extract(), strict=True)
        ]
        real = [at for at, row in enumerate(rows) if len(row) > 1]
        first, last = (real[0], real[-1]) if real else (len(rows), len(rows))
        for at, row in enumerate(rows):
            if row and not first <= at <= last:
                box, text = row[0]
                for line in text.split("\n"):
                    if line.strip():
                        yield box[1], self._line(line, box)
        cells = self._cells(rows[first : last + 1])
        if cells:
            yield rows[first][0][0][1], PrintedTable(tuple(cells))

    def _cells(self, rows: list[list[tuple[PaperBox, str]]]) -> list[PrintedCell]:
        boxes = []
        for box, text in (each for row in rows for each in row):
            self.budget.spend_cell()
            boxes.append(BoxedText(box, text, self._second(box)))
        return gridded(boxes, self.page.page_number, SAME_EDGE)

    def _second(self, box: PaperBox) -> str:
        """What the other library reads in the box; its pages grow upwards."""
        left, top, right, bottom = box
        x, _, _, height = self.page.mediabox
        text = self.again.get_text_bounded(
            left + x, height - bottom, right + x, height - top
        )
        return tidy(str(text).replace("\r", "\n"))


def _within(each: Any, boxes: Sequence[PaperBox]) -> bool:
    x = (each["x0"] + each["x1"]) / 2
    y = (each["top"] + each["bottom"]) / 2
    return any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in boxes)


def _box(each: Any) -> PaperBox:
    return each["x0"], each["top"], each["x1"], each["bottom"]
