"""What a document is by its content; its name does not count."""

from __future__ import annotations

from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.formats.sniff import OLE, ZIP
from workbook_builder.formats.xlsx_package import Package
from workbook_builder.model.document import DocumentFormat
from workbook_builder.model.errors import UnreadableFile

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"GIF8")
_PAGES = (b"<html", b"<!doctype html", b"<table", b"<body", b"<div", b"<p>", b"<p ")
_BEGINNING = 4096
_BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n"


def kind_of(data: bytes) -> DocumentFormat:
    """Raises UnreadableFile for what is no document, saying what it is."""
    if not data:
        raise UnreadableFile("empty")
    beginning = data[:_BEGINNING]
    if data.startswith(ZIP):
        return _of_package(Package(data, WORKBOOK))
    if data.startswith(OLE):
        return DocumentFormat.DOC
    if b"%PDF-" in beginning[:1024]:
        return DocumentFormat.PDF
    if beginning.startswith(_PICTURES):
        return DocumentFormat.PICTURE
    if beginning.startswith(b"{\\rtf"):
        return DocumentFormat.RTF
    head = beginning.replace(b"\0", b"").lstrip(_BLANK).lower()
    if head.startswith(b"<") and any(mark in head for mark in _PAGES):
        return DocumentFormat.HTML
    return DocumentFormat.TEXT


def _of_package(package: Package) -> DocumentFormat:
    if any(name.startswith("word/") for name in package.names):
        return DocumentFormat.DOCX
    said = package.beginning("mimetype") if "mimetype" in package else b""
    if b"opendocument.text" in said:
        manifest = "META-INF/manifest.xml"
        if manifest in package and b"encryption-data" in package.beginning(manifest):
            raise UnreadableFile("encrypted", "an .odt with a password")
        return DocumentFormat.ODT
    book = {"xl/workbook.xml", "xl/workbook.bin"} & set(package.names)
    raise UnreadableFile("not_document", "workbook" if book else "archive")
