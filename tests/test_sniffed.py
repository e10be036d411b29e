"""What a file is by its bytes: the edges of each kind."""

from __future__ import annotations

import pytest

from tests.binary import ole
from tests.support import zipped
from workbook_builder.intake.ignored import junk, promises_spreadsheet
from workbook_builder.intake.sniff import (
    ARCHIVES,
    SEALED,
    FileKind,
    archive_name,
    is_part,
    sealed_by,
    sniffed,
)

#: As much as is looked at.
LOOKED_AT = 64 * 1024
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
TAR = b"\0" * 257 + b"ustar\0"
OWN = b"From: a\nSubject: b\n"


def package(*names: str, mimetype: bytes | None = None) -> bytes:
    own = {} if mimetype is None else {"mimetype": mimetype}
    return zipped({**own, **dict.fromkeys(names, b"x")})


CASES = [
    # Packages of one document, and archives of files.
    (package("xl/workbook.xml"), FileKind.BOOK),
    (package("xl/workbook.bin"), FileKind.BOOK),
    (package("[Content_Types].xml", "word/document.xml"), FileKind.LETTER),
    (package("[Content_Types].xml", "ppt/a.xml"), FileKind.LETTER),
    (package("[Content_Types].xml", "a.xml"), FileKind.OTHER),
    (package(mimetype=OPEN_DOCUMENT + b"spreadsheet"), FileKind.BOOK),
    (package(mimetype=OPEN_DOCUMENT + b"text"), FileKind.LETTER),
    (package(mimetype=b"application/epub+zip"), FileKind.ZIP),
    (package("content.xml", "META-INF/manifest.xml"), FileKind.BOOK),
    (package("content.xml"), FileKind.ZIP),
    (package("OFD.xml"), FileKind.LETTER),
    (package("Index/Document.iwa"), FileKind.OTHER),
    (package("1.xlsx"), FileKind.ZIP),
    (b"MZ" + package("1.xlsx"), FileKind.ZIP),
    (package("1.xlsx").replace(b"PK\1\2", b"PK\1\3"), FileKind.OTHER),
    (b"PK has no archive", FileKind.LETTER),
    # Compound files.
    (ole({"Workbook": b""}), FileKind.BOOK),
    (ole({"BOOK": b""}), FileKind.BOOK),
    (ole({"EncryptedPackage": b""}), FileKind.BOOK),
    (ole({"WordDocument": b""}), FileKind.LETTER),
    (ole({"PowerPoint Document": b"", "Other": b""}), FileKind.LETTER),
    (ole({"__properties_version1.0": b""}), FileKind.OUTLOOK),
    (ole({"Other": b""}), FileKind.OTHER),
    # What is not opened.
    *((mark + b" 1", FileKind.ARCHIVE) for mark in ARCHIVES),
    (TAR, FileKind.ARCHIVE),
    *((mark + b" 1", FileKind.SEALED) for mark in SEALED),
    (b"\x78\x9f\x3e\x22 1", FileKind.TNEF),
    (b"\0\5\x16\7 1", FileKind.RESOURCES),
    (b"\x89PNG\r\n\x1a\n", FileKind.PICTURE),
    (b"\xef\xbb\xbf \n<svg >", FileKind.PICTURE),
    (b" " * 1019 + b"%PDF-", FileKind.PDF),
    (b" " * 1020 + b"%PDF-", FileKind.LETTER),
    # Mails, their parts, and pages saved by a browser.
    (b"From: a\nDate: b\nTo: c\n\nd", FileKind.MAIL),
    (b"\xef\xbb\xbf\r\nFrom: a\nDate: b\nTo: c\n\nd", FileKind.MAIL),
    (b"From a@b.cn\nFrom: a\nDate: b\nTo: c\n\nd", FileKind.MAIL),
    (b"From: a\nDate: b\n\nTo: c", FileKind.LETTER),
    (b"From: a\nDate: b\nand\nTo: c", FileKind.LETTER),
    (b"From: a\nDate: b\nFrom a\nTo: c", FileKind.LETTER),
    (b"From: a\n\tFrom b\nDate: b\n c\nTo: c", FileKind.MAIL),
    (b"Date: b\nTo: c\n\nd", FileKind.LETTER),
    (b"Content-Type: multipart/mixed;\n boundary=x\n\n--x", FileKind.MAIL),
    (b"Content-Type: multipart/related; boundary=x\n\n--x", FileKind.LETTER),
    (b"Content-Type: multipart/mixed\n\n--x", FileKind.LETTER),
    (b"Content-Type: a/b\nContent-Transfer-Encoding: x\n\nx", FileKind.MAIL),
    (b"Content-Disposition: inline\n\nx", FileKind.LETTER),
    (b"Content-Type: a/b\n\nx", FileKind.LETTER),
    (OWN + b"Date: c\n\nx", FileKind.MAIL),
    (OWN + b"Date: c\nX-Document-Type: d\n\nx", FileKind.LETTER),
    (b"From: <Saved by WebKit>\nSubject: b\nDate: c\n\nx", FileKind.LETTER),
    # Words, and what is none.
    (b"", FileKind.OTHER),
    (b" \n", FileKind.OTHER),
    ("甲".encode(), FileKind.LETTER),
    ("甲".encode("gb18030"), FileKind.LETTER),
    ("甲".encode("utf-16"), FileKind.LETTER),
    (b"\xfe\xff\0\7", FileKind.LETTER),
    (b"a\0b", FileKind.OTHER),
    (b"a\x1bb", FileKind.LETTER),
    (b"\xff" * 9, FileKind.OTHER),
    # A character that is cut where the beginning ends, and bytes that are none before it.
    (b"a" * (LOOKED_AT - 7) + b"\xff" * 9, FileKind.LETTER),
    (b"a" * (LOOKED_AT - 8) + b"\xff" * 9, FileKind.OTHER),
    ("a甲".encode() * (LOOKED_AT // 4) + b"\0", FileKind.LETTER),
    (b"<Workbook xmlns='urn:x:office:spreadsheet'>", FileKind.OTHER),
]


@pytest.mark.parametrize(
    ("data", "kind"), CASES, ids=[str(number) for number in range(len(CASES))]
)
def test_a_file_is_what_its_bytes_say(data: bytes, kind: FileKind) -> None:
    assert sniffed(data) is kind


def test_what_is_not_opened_has_a_name() -> None:
    for mark, name in ARCHIVES.items():
        assert archive_name(mark + b" 1") == name
    assert archive_name(TAR) == ".tar"
    assert archive_name(b"\0" + TAR) == archive_name(b"") == ""
    for mark, name in SEALED.items():
        assert sealed_by(mark + b" 1") == name
    assert sealed_by(b" ") == ""


def test_a_part_of_a_mail_says_of_what_type_it_is() -> None:
    assert is_part(b"Content-Type: a/b\n\nx")
    assert not is_part(b"From: a\n\nContent-Type: a/b")


@pytest.mark.parametrize(
    ("path", "code"),
    {
        "~$1.xlsx": "I01", "甲/.DS_Store": "I01", "__MACOSX/1.xlsx": "I01",
        "甲/__MACOSX/._1.xlsx": "I01", "1.xlsx.part": "I02", "1.xlsx.TD": "I02",
        "__MACOSX": "", "1.xlsx": "", "~$甲/1.xlsx": "", "1.part/1.xlsx": "",
    }.items(),
)  # fmt: skip
def test_what_nobody_meant_to_send_is_known_by_its_name(path: str, code: str) -> None:
    assert junk(path) == code


def test_a_name_may_promise_a_return() -> None:
    promising = ["甲/1.xlsx", "1.ET ", "a.b/1.csv", "1.xls"]
    others = ["1.xlsx/a", "1.docx", "xlsx", "1.xlsx.zip"]
    assert [p for p in promising + others if promises_spreadsheet(p)] == promising
