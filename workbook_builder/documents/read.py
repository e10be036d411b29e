"""Bytes → document, whatever format they are in."""

from __future__ import annotations

from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.documents.doc import doc_document
from workbook_builder.documents.docx import docx_document
from workbook_builder.documents.kinds import kind_of
from workbook_builder.documents.odt import odt_document
from workbook_builder.documents.text import text_document
from workbook_builder.formats.xlsx_package import Package
from workbook_builder.model.document import Document, DocumentFormat
from workbook_builder.model.errors import UnreadableFile


def read_document(data: bytes) -> Document:
    """What the file prints.

    Raises UnreadableFile: as for workbooks, or ``not_document`` with what it is
    instead, or ``no_reader`` with the format that nothing installed here reads.
    """
    kind = kind_of(data)
    match kind:
        case DocumentFormat.DOCX:
            return docx_document(Package(data, WORKBOOK))
        case DocumentFormat.DOC:
            return doc_document(data)
        case DocumentFormat.ODT:
            return odt_document(Package(data, WORKBOOK))
        case DocumentFormat.TEXT:
            return text_document(data)
        case DocumentFormat.HTML:
            return _page(data)
        case DocumentFormat.PDF:
            return _pdf(data)
    raise UnreadableFile("no_reader", kind)


def see_document(data: bytes) -> Document:
    """What pages print that are pictures: a scan, a photo. It takes seconds a page.

    Raises UnreadableFile, ``no_reader`` where the extra ``scan`` is not installed.
    """
    kind = kind_of(data)
    if kind not in {DocumentFormat.PDF, DocumentFormat.PICTURE}:
        raise UnreadableFile("no_reader", kind)
    try:
        from workbook_builder.documents.pdf import page_pictures
        from workbook_builder.documents.scan import (
            DOTS_PER_INCH,
            picture_of,
            scanned_pages,
        )
    except ImportError:
        raise UnreadableFile("no_reader", kind) from None
    if kind is DocumentFormat.PDF:
        return scanned_pages(page_pictures(data, DOTS_PER_INCH), kind)
    return scanned_pages([picture_of(data)], kind)


def _page(data: bytes) -> Document:
    try:
        from workbook_builder.documents.html import html_document
    except ImportError:
        raise UnreadableFile("no_reader", DocumentFormat.HTML) from None
    return html_document(data)


def _pdf(data: bytes) -> Document:
    try:
        from workbook_builder.documents.pdf import pdf_document
    except ImportError:
        raise UnreadableFile("no_reader", DocumentFormat.PDF) from None
    return pdf_document(data)
