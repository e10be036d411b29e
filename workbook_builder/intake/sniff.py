"""What a file is by its content; its name says what somebody hoped it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from io import BytesIO
from zipfile import is_zipfile

from workbook_builder.intake.signed import is_cms
from workbook_builder.intake.zips import beginning_of, names_of


class FileKind(StrEnum):
    """``CMS`` is signed or encrypted, ``SEALED`` encrypted for certain; ``RESOURCES`` are
    what macOS keeps beside a file. ``OTHER`` is for the judge, who says what is wrong.
    """

    BOOK = "book"
    ZIP = "zip"
    MAIL = "mail"
    OUTLOOK = "outlook"
    ARCHIVE = "archive"
    TNEF = "tnef"
    CMS = "cms"
    SEALED = "sealed"
    RESOURCES = "resources"
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
#: How encrypted mails begin → how that is named.
SEALED = {
    b"-----BEGIN PGP MESSAGE-----": "PGP",
    b"\x76\xe8\x04\x60\xc4\x11\xe3\x86": "Microsoft IRM",
}
TNEF_MARK = b"\x78\x9f\x3e\x22"
APPLE_DOUBLE = b"\0\5\x16\7"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: At the root of a message.
OUTLOOK_STREAM = "__properties_version1.0"
_BOOK_STREAMS = {"workbook", "book", "encryptedpackage"}
_LETTER_STREAMS = ("WordDocument", "PowerPoint Document")
_XML_SPREADSHEETS = (b"office:spreadsheet", b"opendocument.spreadsheet")
#: How much of a file is looked at for text and headers.
_BEGINNING = 64 * 1024
_HEADER = re.compile(rb"([!-9;-~]+):")


def sniffed(data: bytes) -> FileKind:
    """The kind of a file, from its bytes alone."""
    if data.startswith(_OLE):
        return _ole(data)
    if data.startswith(b"PK") and is_zipfile(BytesIO(data)):
        return _zip(data)
    beginning = data[:_BEGINNING]
    for kind, begins in _MARKED.items():
        if begins(data):
            return kind
    if b"%PDF-" in beginning[:1024]:
        return FileKind.PDF
    if _PICTURES.match(beginning.removeprefix(b"\xef\xbb\xbf").lstrip()):
        return FileKind.PICTURE
    if _is_mail(beginning):
        return FileKind.MAIL
    if is_zipfile(BytesIO(data)):
        return _zip(data)  # with something before it, as self-extracting ones have
    return FileKind.LETTER if _is_text(beginning) else FileKind.OTHER


def sealed_by(data: bytes) -> str:
    """What an encrypted mail is encrypted with; empty for all else."""
    return next((by for mark, by in SEALED.items() if data.startswith(mark)), "")


def archive_name(data: bytes) -> str:
    """How an archive that is not opened is called; empty for all else."""
    for mark, name in ARCHIVES.items():
        if data.startswith(mark):
            return name
    return ".tar" if data[257:262] == b"ustar" else ""


_MARKED: dict[FileKind, Callable[[bytes], object]] = {
    FileKind.TNEF: lambda data: data.startswith(TNEF_MARK),
    FileKind.ARCHIVE: archive_name,
    FileKind.SEALED: sealed_by,
    FileKind.RESOURCES: lambda data: data.startswith(APPLE_DOUBLE),
    FileKind.CMS: lambda data: is_cms(data[:_BEGINNING]),
}


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
    from workbook_builder.bounds.compound import root_names

    names = root_names(data)
    if OUTLOOK_STREAM in names:
        return FileKind.OUTLOOK
    if {name.casefold() for name in names} & _BOOK_STREAMS:
        return FileKind.BOOK
    if any(name in names for name in _LETTER_STREAMS):
        return FileKind.LETTER
    return FileKind.OTHER


def _is_mail(beginning: bytes) -> bool:
    """Whether it begins with the headers that every mail has, or that a part of one has
    that was kept by itself."""
    headers = _headers(beginning)
    kind = headers.get(b"content-type", b"").lower()
    if headers.keys() & _ONLY_PAGES or headers.get(b"from", b"").startswith(
        b"<Saved by"
    ):
        return False  # a web page saved by a browser, or a workbook as one
    if headers.keys() & _WHO:
        return len(headers.keys() & _WHAT) >= 2
    if kind.startswith(b"multipart/"):
        return b"boundary" in kind and not kind.startswith(b"multipart/related")
    return bool(kind and headers.keys() & _PART)


def mail_from(data: bytes) -> bytes:
    """A mail from its first header on; editors put a mark or empty lines before it."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


def is_part(beginning: bytes) -> bool:
    """Whether it is certainly a part of a mail if anything is: it says of what type."""
    return b"content-type" in _headers(beginning)


_WHO = {b"from", b"received", b"sender"}
_WHAT = {b"date", b"subject", b"to", b"message-id", b"mime-version", b"return-path"}
_PART = {b"content-transfer-encoding", b"content-disposition"}
_ONLY_PAGES = {b"snapshot-content-location", b"x-document-type"}


def _headers(beginning: bytes) -> dict[bytes, bytes]:
    """The headers that a file begins with, each with all its lines; none where another
    line stands among them."""
    text = mail_from(beginning)
    found: dict[bytes, list[bytes]] = {}
    lines: list[bytes] = []
    for number, line in enumerate(text.splitlines()):
        if not line.strip():
            break
        header = _HEADER.match(line)
        if header:
            lines = found.setdefault(header[1].lower(), [])
            lines.append(line[header.end() :].strip())
        elif line[:1] in b" \t":
            lines.append(line)
        elif not (number == 0 and line.startswith(b"From ")):
            break
    return {name: b" ".join(lines) for name, lines in found.items()}


def _is_text(beginning: bytes) -> bool:
    """Words and nothing else; a spreadsheet as XML is none."""
    if not beginning.strip() or any(mark in beginning for mark in _XML_SPREADSHEETS):
        return False
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", beginning):
        return False
    for coding in ("utf-8", "gb18030"):
        try:
            beginning.decode(coding)
        except UnicodeDecodeError as error:
            if error.start > len(beginning) - 8:  # a character that was cut
                return True
        else:
            return True
    return False
