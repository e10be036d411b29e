"""What a file is by its content; names lie, and mail programs change them."""

from __future__ import annotations

import re
import struct
from enum import Enum
from io import BytesIO
from zipfile import is_zipfile

from workbook_builder.formats.xlsx_package import Package
from workbook_builder.model.errors import UnreadableFile

#: How packages and compound files begin.
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_HEADER_SIZE = 512
_OLE_ENTRY_SIZE = 128
# Excel 2 to 4 without a container: their first record begins with the version.
_BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_XML_SPREADSHEETS = {
    b"urn:schemas-microsoft-com:office:spreadsheet": "xml2003",
    b"application/vnd.oasis.opendocument.spreadsheet": "fods",
    b"http://schemas.uof.org/": "uof",
    b"http://www.gnumeric.org/": "gnumeric",
}
_BEGINNING = 4096
_BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_BIFF_PASSWORD = 0x002F
_BIFF_SHEET_LIST = 0x0085

# How files begin that people send by mistake → what they are.
_BEGINNINGS = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"ID;P", "sylk"),
    (b"TABLE\r\n0,1", "dif"),
    (b"TABLE\n0,1", "dif"),
    (b"MZ", "program"),
)
# Streams of an OLE file → what it is.
_OLE_KINDS = {
    "WordDocument": "word",
    "PowerPoint Document": "slides",
    "__properties_version1.0": "mail",
}
# Parts of a package, or how their names begin → what it is.
_PACKAGE_KINDS = {
    "word/": "word",
    "ppt/": "slides",
    "index/document.iwa": "numbers",
    "index.zip": "numbers",
}
_MIMETYPES = {b"opendocument.text": "word", b"opendocument.presentation": "slides"}
_OTHER_SPREADSHEETS = {"numbers", "gnumeric", "fods", "uof", "xml2003"}


#: How files begin that an office's own software, or Microsoft's labels, encrypted.
_GUARDS = {b"%TSD-Header-###%": "lvdun", b".pfile": "label"}
_ENOUGH = 2048


class Container(Enum):
    """What has to be opened to see what a file is."""

    ZIP = "zip"
    OLE = "ole"


def container_of(data: bytes) -> Container:
    """Raises UnreadableFile, saying what the file is, unless it may be a workbook."""
    if not data:
        raise UnreadableFile("empty")
    guard = guarded_by(data)
    if guard:
        raise UnreadableFile("guarded", guard)
    if data.startswith(ZIP):
        return Container.ZIP
    if data.startswith(OLE):
        _require_workbook_stream(data)
        return Container.OLE
    if data.startswith(_BARE_BIFF):
        raise UnreadableFile("other_format", "biff4")
    beginning = data[:_BEGINNING].replace(b"\0", b"")  # UTF-16 reads alike
    if beginning.lstrip(_BLANK).startswith(b"<"):
        for mark, kind in _XML_SPREADSHEETS.items():
            if mark in beginning:
                raise UnreadableFile("other_format", kind)
    # Anything may stand before a package, so this comes last.
    if is_zipfile(BytesIO(data)):
        return Container.ZIP
    kind = _looks_like(data[:_BEGINNING])
    if kind == "unknown" and _is_noise(data[:_BEGINNING]):
        raise UnreadableFile("guarded", "unknown")
    raise UnreadableFile("not_spreadsheet", kind)


def guarded_by(data: bytes) -> str:
    """What an office has its files encrypted with; empty for all else."""
    for mark, name in _GUARDS.items():
        if data.startswith(mark):
            return name
    return "esafenet" if b"E-SafeNet" in data[:_OLE_HEADER_SIZE] else ""


def _is_noise(beginning: bytes) -> bool:
    """Whether all bytes are as frequent as each other, as encryption makes them."""
    if len(beginning) < _ENOUGH:
        return False
    rest = beginning[-_ENOUGH:]  # what a program wrote may stand before
    # The sum of squares is 1/256 for noise, and many times that for all else.
    squares = sum(rest.count(value) ** 2 for value in set(rest))
    return squares < 2 * len(rest) ** 2 / 256


def explained_package(package: Package) -> UnreadableFile:
    """What a package is that has no workbook part and is no .ods."""
    if "xl/workbook.xml" in package:
        return UnreadableFile("damaged", "nothing leads to the workbook")
    kinds = (
        kind
        for mark, kind in _PACKAGE_KINDS.items()
        if any(name.startswith(mark) for name in package.names)
    )
    kind = next(kinds, "") or _by_mimetype(package)
    if kind in _OTHER_SPREADSHEETS:
        return UnreadableFile("other_format", kind)
    return UnreadableFile("not_spreadsheet", kind or "archive")


def is_opendocument(package: Package) -> bool:
    """Whether it is an .ods or a template of one, by either of the two marks."""
    marks = ("mimetype", "META-INF/manifest.xml")
    said = b"".join(package.beginning(name) for name in marks if name in package)
    return b"opendocument.spreadsheet" in said


def is_encrypted_opendocument(package: Package) -> bool:
    """Whether its manifest tells how its parts were encrypted."""
    manifest = "META-INF/manifest.xml"
    return manifest in package and b"encryption-data" in package.beginning(manifest)


def _by_mimetype(package: Package) -> str:
    said = package.beginning("mimetype") if "mimetype" in package else b""
    return next((kind for mark, kind in _MIMETYPES.items() if mark in said), "")


def _looks_like(beginning: bytes) -> str:
    for mark, kind in _BEGINNINGS:
        if beginning.startswith(mark):
            return kind
    head = beginning.replace(b"\0", b"").lstrip(_BLANK)[:1024].lower()
    if head.startswith((b"received:", b"return-path:", b"mime-version:", b"from:")):
        # Excel's “single file web page” is a mail that holds a page.
        return "page" if b"multipart/related" in head else "mail"
    if b"<html" in head or b"<!doctype html" in head or b"<table" in head:
        return "page"
    return "text" if _is_text(beginning) else "unknown"


def _is_text(beginning: bytes) -> bool:
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if not beginning.strip() or b"\0" in beginning:
        return False
    for encoding in ("utf-8", "gb18030"):
        # The last character may be cut off.
        for end in range(len(beginning), max(len(beginning) - 4, 0), -1):
            try:
                return beginning[:end].decode(encoding).replace("\n", "").strip() != ""
            except UnicodeDecodeError:
                continue
    return False


def _require_workbook_stream(data: bytes) -> None:
    """An OLE container: an encrypted .xlsx, an .xls or .et, or no workbook at all."""
    if len(data) < _OLE_HEADER_SIZE:
        raise UnreadableFile("truncated", f"{len(data)} bytes")
    if _entry(data, "EncryptedPackage") is not None:
        if _entry(data, "DRMEncryptedDataSpace") is not None:
            raise UnreadableFile("guarded", "label")
        raise UnreadableFile("encrypted", "a workbook with a password")
    for stream in ("Workbook", "Book"):
        entry = _entry(data, stream)
        if entry is not None:
            if _has_biff_password(data, entry):
                raise UnreadableFile("encrypted", "an .xls with a password")
            return
    directory, shift = struct.unpack_from("<I", data, 48)[0], data[30]
    if (directory + 2) << min(shift, 12) > len(data):
        raise UnreadableFile("truncated", f"{len(data)} bytes")
    kinds = (kind for name, kind in _OLE_KINDS.items() if _entry(data, name))
    raise UnreadableFile("not_spreadsheet", next(kinds, "unknown"))


def _entry(data: bytes, name: str) -> int | None:
    """Where the directory entry of a stream is.

    Entries lie on their own grid, so this finds them without following the sector
    chain, which damaged files bend into loops.
    """
    wanted = re.escape(name.encode("utf-16-le") + b"\0\0")
    for found in re.compile(wanted, re.IGNORECASE).finditer(data, _OLE_HEADER_SIZE):
        if found.start() % _OLE_ENTRY_SIZE == 0:
            return found.start()
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
