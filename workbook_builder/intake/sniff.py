"""What a file is by its content; its name says what somebody hoped it was."""

from __future__ import annotations

import re
from enum import StrEnum
from io import BytesIO
from zipfile import is_zipfile

from workbook_builder.intake.outlook import is_outlook, root_names
from workbook_builder.intake.zips import beginning_of, names_of


class FileKind(StrEnum):
    """``OTHER`` is for the judge, who says what is wrong with it."""

    BOOK = "book"
    ZIP = "zip"
    MAIL = "mail"
    OUTLOOK = "outlook"
    ARCHIVE = "archive"
    TNEF = "tnef"
    PICTURE = "picture"
    PDF = "pdf"
    LETTER = "letter"
    OTHER = "other"


#: How archives that are not opened begin → how they are named.
ARCHIVES = {
    b"Rar!\x1a\x07": ".rar",
    b"7z\xbc\xaf\x27\x1c": ".7z",
    b"\x1f\x8b": ".gz",
    b"BZh": ".bz2",
    b"\xfd7zXZ\x00": ".xz",
    b"\x28\xb5\x2f\xfd": ".zst",
    b"MSCF": ".cab",
}
_PICTURES = re.compile(
    rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF....WEBP|BM.{12}[\x0c\x28\x6c\x7c]\0\0\0"
    rb"|....ftyp(heic|heix|mif1|avif)|\x01\0\0\0.{36} EMF|\xd7\xcd\xc6\x9a|<svg[ >]",
    re.DOTALL,
)
_TNEF = b"\x78\x9f\x3e\x22"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOOK_STREAMS = ("Workbook", "Book", "EncryptedPackage")
_LETTER_STREAMS = ("WordDocument", "PowerPoint Document")
_XML_SPREADSHEETS = (b"office:spreadsheet", b"opendocument.spreadsheet")
#: How much of a file is looked at for text and headers.
_BEGINNING = 64 * 1024
_HEADER = re.compile(rb"([!-9;-~]+):")


def sniffed(data: bytes) -> FileKind:
    """The kind of a file, from its bytes alone."""
    beginning = data[:_BEGINNING]
    if data.startswith(_OLE):
        return _ole(data)
    if data.startswith(b"PK") and is_zipfile(BytesIO(data)):
        return _zip(data)
    if data.startswith(_TNEF):
        return FileKind.TNEF
    if archive_name(data):
        return FileKind.ARCHIVE
    if b"%PDF-" in beginning[:1024]:
        return FileKind.PDF
    if _PICTURES.match(beginning.removeprefix(b"\xef\xbb\xbf").lstrip()):
        return FileKind.PICTURE
    if _is_mail(beginning):
        return FileKind.MAIL
    if is_zipfile(BytesIO(data)):
        return _zip(data)  # with something before it, as self-extracting ones have
    return FileKind.LETTER if _is_text(beginning) else FileKind.OTHER


def archive_name(data: bytes) -> str:
    """How an archive that is not opened is called; empty for all else."""
    for mark, name in ARCHIVES.items():
        if data.startswith(mark):
            return name
    return ".tar" if data[257:262] == b"ustar" else ""


def _zip(data: bytes) -> FileKind:
    """An archive of files, or the package of one document."""
    names = names_of(data)
    if names is None:
        return FileKind.OTHER
    if {"xl/workbook.xml", "xl/workbook.bin"} & names:
        return FileKind.BOOK
    if "[content_types].xml" in names:
        words = any(name.startswith(("word/", "ppt/", "visio/")) for name in names)
        return FileKind.LETTER if words else FileKind.OTHER
    if "mimetype" in names:
        kind = beginning_of(data, "mimetype")
        if b"opendocument" in kind:
            return FileKind.BOOK if b"spreadsheet" in kind else FileKind.LETTER
    if {"content.xml", "meta-inf/manifest.xml"} <= names:
        return FileKind.BOOK  # an .ods whose first part was lost
    if "ofd.xml" in names:
        return FileKind.LETTER
    return FileKind.OTHER if "index/document.iwa" in names else FileKind.ZIP


def _ole(data: bytes) -> FileKind:
    names = root_names(data)
    if is_outlook(names):
        return FileKind.OUTLOOK
    if any(name in names for name in _BOOK_STREAMS):
        return FileKind.BOOK
    if any(name in names for name in _LETTER_STREAMS):
        return FileKind.LETTER
    return FileKind.OTHER


def _is_mail(beginning: bytes) -> bool:
    """Whether it begins with the headers that every mail has."""
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    names = set()
    for number, line in enumerate(text.splitlines()):
        if not line.strip():
            break
        found = _HEADER.match(line)
        if found:
            names.add(found[1].lower())
        elif line[:1] not in b" \t" and not (number == 0 and line.startswith(b"From ")):
            break
    if b"snapshot-content-location" in names:
        return False  # a web page saved by a browser
    who, what = {b"from", b"received", b"sender"}, {
        b"date", b"subject", b"to", b"message-id", b"mime-version", b"return-path",
    }  # fmt: skip
    return bool(names & who) and len(names & what) >= 2


def _is_text(beginning: bytes) -> bool:
    """Words and nothing else; a spreadsheet as XML is none."""
    if not beginning.strip() or any(mark in beginning for mark in _XML_SPREADSHEETS):
        return False
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", beginning):
        return False
    cut = beginning if len(beginning) < _BEGINNING else beginning[:-8]
    for coding in ("utf-8", "gb18030"):
        try:
            cut.decode(coding)
        except UnicodeDecodeError as error:
            if error.start > len(cut) - 8:
                return True
        else:
            return True
    return False
