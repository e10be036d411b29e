"""What a file is by its content; names lie, and mail programs change them."""

from __future__ import annotations

import struct
from io import BytesIO
from zipfile import is_zipfile

from workbook_builder.excel.xlsx_package import Package
from workbook_builder.model.errors import UnreadableFile

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_HEADER_SIZE = 512
_OLE_ENTRY_SIZE = 128
# Excel 2 to 5 without a container: their first record begins with the version.
_BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_XML_SPREADSHEETS = (
    b"urn:schemas-microsoft-com:office:spreadsheet",
    b"application/vnd.oasis.opendocument.spreadsheet",
)
_XML_BEGINNING = 4096
_BIFF_PASSWORD = 0x002F
_BIFF_SHEET_LIST = 0x0085


def require_zip(data: bytes) -> None:
    """Raises UnreadableFile, saying what the file is, unless it is a zip package."""
    if not data:
        raise UnreadableFile("empty")
    if data.startswith(_ZIP):
        return
    if data.startswith(_OLE):
        raise _explained_ole(data)
    if data.startswith(_BARE_BIFF):
        raise UnreadableFile("other_format", "an early .xls")
    beginning = data[:_XML_BEGINNING].replace(b"\0", b"")  # UTF-16 reads alike
    if beginning.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and any(
        mark in beginning for mark in _XML_SPREADSHEETS
    ):
        raise UnreadableFile("other_format", "a spreadsheet in a single XML file")
    if not is_zipfile(BytesIO(data)):
        raise UnreadableFile("not_spreadsheet", _looks_like(beginning))


def explained_package(package: Package) -> UnreadableFile:
    """What a package is that has no workbook part."""
    kind = b""
    for name in ("mimetype", "META-INF/manifest.xml"):
        if name in package:
            kind += package.beginning(name)
    if b"opendocument.spreadsheet" in kind:
        if b"encryption-data" in kind:
            return UnreadableFile("encrypted", "an .ods with a password")
        return UnreadableFile("other_format", "an .ods")
    if "xl/workbook.xml" in package:
        return UnreadableFile("damaged", "nothing leads to the workbook")
    return UnreadableFile("not_spreadsheet", "a zip without a workbook")


def _looks_like(beginning: bytes) -> str:
    head = beginning.lstrip()[:256].lower()
    if head.startswith(b"%pdf"):
        return "a PDF"
    if b"<html" in head or b"<!doctype html" in head:
        return "an HTML page"
    return "no known spreadsheet"


def _explained_ole(data: bytes) -> UnreadableFile:
    """An OLE container: an encrypted .xlsx, an .xls or .et, or no workbook at all."""
    if _entry(data, "EncryptedPackage") is not None:
        return UnreadableFile("encrypted", "a workbook with a password")
    for stream in ("Workbook", "Book"):
        entry = _entry(data, stream)
        if entry is not None:
            if _has_biff_password(data, entry):
                return UnreadableFile("encrypted", "an .xls with a password")
            return UnreadableFile("other_format", "an .xls or .et")
    return UnreadableFile("not_spreadsheet", "an OLE file without a workbook")


def _entry(data: bytes, name: str) -> int | None:
    """Where the directory entry of a stream is.

    Entries lie on their own grid, so this finds them without following the sector
    chain, which damaged files bend into loops.
    """
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = data.find(wanted, _OLE_HEADER_SIZE)
    while at != -1:
        if at % _OLE_ENTRY_SIZE == 0:
            return at
        at = data.find(wanted, at + 1)
    return None


def _has_biff_password(data: bytes, entry: int) -> bool:
    """Whether the stream has the record FILEPASS, which comes before its sheet list."""
    (shift,) = struct.unpack_from("<H", data, 30)
    first = data[entry + 116 : entry + 120]
    if shift > 12 or len(first) < 4:
        return False
    at = (int.from_bytes(first, "little") + 1) << shift
    end = at + (1 << shift)
    while at + 4 <= min(end, len(data)):
        record, size = struct.unpack_from("<HH", data, at)
        if record in {_BIFF_PASSWORD, _BIFF_SHEET_LIST}:
            return bool(record == _BIFF_PASSWORD)
        at += 4 + size
    return False
