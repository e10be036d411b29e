"""What arrives: archives and mails taken apart, every file in them with one verdict."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import random
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import openpyxl
import pytest
from aspose.email_foss.cfb import (
    CFBDocument,
    CFBReader,
    CFBStorage,
    CFBStream,
    CFBWriter,
)
from aspose.email_foss.msg import MapiMessage, PropertyTypeCode

from tests.support import (
    BUSY,
    FORMS,
    YEAR,
    campaign,
    codes,
    compound_file,
    contents,
    edited,
    encrypted_zip,
    expected,
    finding,
    folder,
    form,
    is_a_sentence_for_clerks,
    knowing,
    ods,
    receive_file,
    roster,
    unit,
    workbook,
    zipped,
)
from tests.test_identify import headings
from workbook_builder.bounds import isolation
from workbook_builder.bounds.limits import CONTAINER, ContainerLimits
from workbook_builder.campaign.alike_before import NAME as ALIKE
from workbook_builder.campaign.alone import LOCK
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.made_before import NAME as MADE
from workbook_builder.campaign.read_before import NAME as READ
from workbook_builder.intake import Leaf, unpack
from workbook_builder.intake.names import LONGEST, printable
from workbook_builder.language.value import facts
from workbook_builder.model.answers import ALL_ZERO, Answers
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.errors import WorkerLost
from workbook_builder.model.finding import Verdict
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster
from workbook_builder.model.values import number
from workbook_builder.outputs.data import submission_json
from workbook_builder.pipeline import (
    FACTS,
    FINDINGS,
    SUMMARY,
    Collection,
    check,
    collect,
    inbox,
)
from workbook_builder.reading.apart import received_by_parts
from workbook_builder.reading.judge import judge
from workbook_builder.reading.receive import AT_ONCE, Source, receive, take
from workbook_builder.reading.unreadable import unreadable
from workbook_builder.rules.settle import settle
from workbook_builder.rules.versions import NAMED, changes, with_changes
from workbook_builder.workbook.place import place

NAME = "报送表 2025.xlsx"
DATE = "Wed, 14 Jan 2026 17:00:00 +0800"
SENT = 1_768_381_200.0


@cache
def book(code: str = "U1") -> bytes:
    return workbook(BUSY, unit(code, "Q"))


def leaves(
    data: bytes, name: str = "来件", limits: ContainerLimits = CONTAINER
) -> list[Leaf]:
    return list(unpack(name, data, limits))


def outcome(leaf: Leaf) -> str:
    """What is to become of a leaf: ``judge``, the code it is ignored by, a reason."""
    if leaf.letter:
        return leaf.letter.kind.code
    return leaf.ignored or (leaf.trouble.reason if leaf.trouble else "judge")


def outcomes(data: bytes, name: str = "来件") -> dict[str, str]:
    return {leaf.path.removeprefix(f"{name}/"): outcome(leaf) for leaf in leaves(data)}


# ---------------------------------------------------------------- archives


class Entry(NamedTuple):
    """An entry of a zip exactly as it is to stand there."""

    name: bytes
    data: bytes = b""
    flags: int = 0
    extra: bytes = b""
    mode: int = 0
    method: int = 8
    saved: tuple[int, int] = (0x0000, 0x5C2E)  # 2026-01-14 00:00


def raw_zip(*entries: Entry) -> bytes:
    """A zip of such entries; no library writes all of them."""
    body, central = b"", b""
    for each in entries:
        packed = each.data
        if each.method == 8:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = deflate.compress(each.data) + deflate.flush()
        head = struct.pack(
            "<HHHHHIIIHH",
            *(20, each.flags, each.method, *each.saved, zlib.crc32(each.data)),
            *(len(packed), len(each.data), len(each.name), len(each.extra)),
        )
        rest = struct.pack("<HHHII", 0, 0, 0, each.mode << 16, len(body))
        central += b"PK\1\2\x14\3" + head + rest + each.name + each.extra
        body += b"PK\3\4" + head + each.name + each.extra + packed
    count = len(entries)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(body), 0)
    return body + central + b"PK\5\6" + end


def unicode_path(name: str, raw: bytes) -> bytes:
    field = struct.pack("<BI", 1, zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(field)) + field


ZIP_NAMES: dict[str, tuple[Entry, str]] = {
    "UTF-8, as the flag says": (Entry(NAME.encode(), flags=0x800), NAME),
    "UTF-8 without the flag": (Entry(NAME.encode()), NAME),
    "GBK": (Entry(NAME.encode("gbk")), NAME),
    "GBK beyond GB2312": (Entry("朱镕誠.xlsx".encode("gbk")), "朱镕誠.xlsx"),
    "four bytes of GB18030": (Entry("𠮷.xlsx".encode("gb18030")), "𠮷.xlsx"),
    "UTF-8 in an extra field": (
        Entry(b"___.xlsx", extra=unicode_path(NAME, b"___.xlsx")),
        NAME,
    ),
    "an extra field of another name": (
        Entry(NAME.encode("gbk"), extra=unicode_path("x.xlsx", b"other")),
        NAME,
    ),
    "cp437": (Entry("é.xlsx".encode("cp437")), "é.xlsx"),
    "folders": (Entry("甲街道/报送表.xlsx".encode("gbk")), "甲街道/报送表.xlsx"),
    "folders of Windows": (Entry("甲\\乙.xlsx".encode()), "甲/乙.xlsx"),
}


@pytest.mark.parametrize("form", ZIP_NAMES)
def test_names_in_an_archive_are_right(form: str) -> None:
    entry, shown = ZIP_NAMES[form]
    (leaf,) = leaves(raw_zip(entry._replace(data=book())))
    assert leaf.path == f"来件/{shown}"
    assert leaf.data == book()


HOSTILE = {
    "../../evil.xlsx": "_/_/evil.xlsx",
    "/etc/passwd.xlsx": "etc/passwd.xlsx",
    "C:\\Windows\\evil.xlsx": "C:/Windows/evil.xlsx",
    "..\\..\\evil.xlsx": "_/_/evil.xlsx",
    "\\\\server\\share\\a.xlsx": "server/share/a.xlsx",
    "//server/a.xlsx": "server/a.xlsx",
    "a\0.xlsx": "a_.xlsx",
    "CON": "CON",
    "nul.xlsx": "nul.xlsx",
    "长" * 300 + ".xlsx": "长" * 50 + "……" + "长" * 45 + ".xlsx",
    "a\u202excsl.exe": "a_xcsl.exe",
    "a\u2066b\u2069.xlsx": "a_b_.xlsx",
    "报表.xlsx.": "报表.xlsx_",
    "报表.xlsx ": "报表.xlsx",
    "报表.xlsx . .": "报表.xlsx_",
    "a:b.xlsx": "a:b.xlsx",
    "a\nb\r\x1b[31m.xlsx": "a_b__[31m.xlsx",
    "\u200b\ufeff.xlsx": "__.xlsx",
    "./././a.xlsx": "a.xlsx",
    "...": "_",
    "  ": "（无名）",
    "=cmd|'/C calc'!A0.xlsx": "=cmd|'/C calc'!A0.xlsx",
    "x/" * 60 + "a.xlsx": "x/" * 10 + "……/a.xlsx",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_harmlessly(name: str) -> None:
    shown = printable(name)
    assert shown == HOSTILE[name].replace("x.xlsx_", "x.xlsx_")
    assert all(unicodedata.category(char)[0] != "C" for char in shown)
    parts = shown.split("/")
    assert not {"", ".", ".."} & set(parts)
    assert all(len(part) <= LONGEST + 2 for part in parts)


def test_no_name_of_a_sender_becomes_a_file(tmp_path: Path) -> None:
    """Read from memory: nothing appears but the results, and those are ours."""
    entries = [
        Entry(name.encode("utf-8", "surrogatepass"), book(f"U{i}"), flags=0x800)
        for i, name in enumerate(HOSTILE)
    ]
    units = roster(*(f"U{i}" for i in range(len(HOSTILE))))
    made = folder(tmp_path / "a" / "b" / "c", units, {"全部.zip": raw_zip(*entries)})
    before = set(contents(tmp_path))
    collection = collect(made)
    assert len(collection.summary.counted) == len(HOSTILE)
    new = set(contents(tmp_path)) - before
    top = ("a", "b", "c")
    assert {Path(name).parts[:4] for name in new} == {
        (*top, "results"),
        (*top, "record.sqlite"),
        (*top, LOCK),
        (*top, READ),
        (*top, MADE),
        (*top, ALIKE),
    }
    assert {Path(name).parts[4] for name in new if "results" in name} == {
        path.name for path in made.results.iterdir()
    }


def shared_bytes() -> bytes:
    """Two entries over the same bytes, as bombs do it."""
    whole = raw_zip(Entry(b"a", b"a" * 5000), Entry(b"b", b"b" * 5000))
    at = whole.rindex(b"PK\1\2")
    return whole[: at + 42] + bytes(4) + whole[at + 46 :]


def nested(*layers: str) -> bytes:
    data = book()
    for layer in layers:
        data = zipped({layer: data})
    return data


ARCHIVES: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "one workbook": (lambda: zipped({"a.xlsx": book()}), {"a.xlsx": "judge"}),
    "a workbook itself": (book, {"来件": "judge"}),
    "an .ods itself": (ods, {"来件": "judge"}),
    "an .ods without its mark": (
        lambda: zipped({"META-INF/manifest.xml": b"", "content.xml": b""}),
        {"来件": "judge"},
    ),
    "folders are nothing": (
        lambda: zipped({"甲/": b"", "甲/a.xlsx": book()}),
        {"甲/a.xlsx": "judge"},
    ),
    "a folder called like a part of a workbook": (
        lambda: zipped({"xl/a.xlsx": book()}),
        {"xl/a.xlsx": "judge"},
    ),
    "nothing": (lambda: zipped({}), {"来件": "empty_archive"}),
    "only folders": (lambda: zipped({"甲/": b""}), {"来件": "empty_archive"}),
    "archives in archives": (
        lambda: nested("a.xlsx", "b.zip", "c.zip"),
        {"c.zip/b.zip/a.xlsx": "judge"},
    ),
    "too deep, and what stands beside it": (
        lambda: zipped({"d.zip": nested("a", "b.zip", "c.zip"), "e.xlsx": book()}),
        {"d.zip/c.zip/b.zip": "too_deep", "e.xlsx": "judge"},
    ),
    "all with a password": (
        lambda: encrypted_zip(zipped({"a.xlsx": book(), "b.xlsx": book()})),
        {"来件": "encrypted"},
    ),
    "one with a password": (
        lambda: raw_zip(Entry(b"a.xlsx", book()), Entry(b"b.xlsx", b"x", flags=1)),
        {"a.xlsx": "judge", "b.xlsx": "encrypted"},
    ),
    "a link": (
        lambda: raw_zip(
            Entry(b"a.xlsx", b"/etc/passwd", mode=0o120777), Entry(b"b.xlsx", book())
        ),
        {"a.xlsx": "link", "b.xlsx": "judge"},
    ),
    "the same name twice": (
        lambda: raw_zip(*(Entry(b"a.xlsx", book(code)) for code in ("U1", "U2", "U3"))),
        {"a.xlsx": "judge", "a.xlsx (2)": "judge", "a.xlsx (3)": "judge"},
    ),
    "names that come to look alike": (
        lambda: raw_zip(Entry(b"a\1", book()), Entry(b"a\2", book())),
        {"a_": "judge", "a_ (2)": "judge"},
    ),
    "an odd compression": (
        lambda: raw_zip(Entry(b"a.xlsx", book(), method=99), Entry(b"b.xlsx", book())),
        {"a.xlsx": "method", "b.xlsx": "judge"},
    ),
    "a wrong checksum": (
        lambda: raw_zip(
            Entry(b"a", b"abc", method=0), Entry(b"b.xlsx", book())
        ).replace(b"abcPK", b"abdPK", 1),
        {"a": "truncated", "b.xlsx": "judge"},
    ),
    "entries over one another": (shared_bytes, {"来件": "bomb"}),
    "a bomb among others": (
        lambda: zipped({"a.xlsx": book(), "b.xlsx": bytes(20_000_000)}),
        {"a.xlsx": "judge", "b.xlsx": "bomb"},
    ),
    "something before it": (
        lambda: b"MZ stub \0\1" + zipped({"a.xlsx": book()}),
        {"a.xlsx": "judge"},
    ),
    "cut off": (lambda: zipped({"a.xlsx": book()})[:-30], {"来件": "judge"}),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_archives_are_taken_apart(case: str) -> None:
    make, wanted = ARCHIVES[case]
    assert outcomes(make()) == wanted


def test_an_archive_that_holds_itself_ends() -> None:
    """The droste effect without the mathematics: the same archive at every depth."""

    def opened(path: str, depth: int) -> bytes:
        inner = book() if depth == 0 else opened(path, depth - 1)
        return zipped({path: inner})

    found = leaves(opened("r.zip", 30))
    assert [outcome(leaf) for leaf in found] == ["too_deep"]
    assert found[0].path == "来件/r.zip/r.zip/r.zip"


LIMITED: dict[str, tuple[ContainerLimits, str, int]] = {
    "files": (ContainerLimits(entries=3), "too_many", 3),
    "bytes": (ContainerLimits(unpacked=3 * len(book()) + 9), "too_much", 3),
    "size of one": (ContainerLimits(entry=9), "too_large", 0),
}


@pytest.mark.parametrize("case", LIMITED)
@pytest.mark.parametrize(
    "wrap", [lambda data: data, lambda data: mail(("a.zip", data))]
)
def test_what_was_read_before_a_limit_stays_and_the_rest_is_one_leaf(
    case: str, wrap: Callable[[bytes], bytes]
) -> None:
    limits, reason, read = LIMITED[case]
    whole = raw_zip(*(Entry(b"%d.xlsx" % i, book(), method=0) for i in range(9)))
    if wrap(b"") != b"" and case != "size of one":
        limits = ContainerLimits(
            entries=limits.entries + 1, unpacked=limits.unpacked + len(whole)
        )
    found = leaves(wrap(whole), limits=limits)
    assert [outcome(leaf) for leaf in found][:read] == ["judge"] * read
    if case == "size of one":
        assert {outcome(leaf) for leaf in found} == {reason}
        assert len(found) == 9
    else:
        assert [(leaf.path, outcome(leaf)) for leaf in found[read:]] == [
            ("来件", reason)
        ]


def test_ten_thousand_small_files_in_archives_are_one_budget() -> None:
    inner = raw_zip(*(Entry(b"%d.txt" % i, b"x", method=0) for i in range(1000)))
    found = leaves(zipped({f"{i}.zip": inner for i in range(10)}))
    counted = Counter(map(outcome, found))
    assert counted == {"I05": CONTAINER.entries - 5, "too_many": 1}


# ---------------------------------------------------------------- mails


def mail(
    *attachments: tuple[str, bytes],
    sender: str = "zhang@jie.gov.cn",
    date: str | None = DATE,
    subject: str = "报送表",
    message_id: str = "<1@jie.gov.cn>",
) -> bytes:
    message = EmailMessage()
    message["From"] = f"张三 <{sender}>"
    message["To"] = "qu@example.gov.cn"
    message["Subject"] = subject
    message["Message-ID"] = message_id
    if date:
        message["Date"] = date
    message.set_content("您好，请查收附件。")
    for name, data in attachments:
        message.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def raw_mail(*headers: bytes, data: bytes | None = None) -> bytes:
    """A mail whose attachment has exactly these headers."""
    lines = [
        b"From: a@b.cn", b"To: c@d.cn", b"Subject: x", b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="=="', b"", b"--==",
        b"Content-Type: text/plain; charset=gbk", b"Content-Transfer-Encoding: 8bit",
        b"", "您好，见附件。".encode("gbk"), b"--==", *headers,
        b"Content-Transfer-Encoding: base64", b"",
        base64.encodebytes(book() if data is None else data), b"--==--", b"",
    ]  # fmt: skip
    return b"\r\n".join(lines)


def word(text: str, charset: str = "UTF-8", how: str = "B") -> str:
    raw = text.encode("gb18030" if charset.lower().startswith("gb") else charset)
    quoted = "".join(f"={byte:02X}" for byte in raw)
    said = base64.b64encode(raw).decode() if how == "B" else quoted
    return f"=?{charset}?{how}?{said}?="


def disposed(text: str | bytes) -> tuple[bytes, ...]:
    raw = text.encode() if isinstance(text, str) else text
    return (
        b"Content-Type: application/octet-stream",
        b"Content-Disposition: attachment; " + raw,
    )


GBK_ONLY = "朱镕誠.xlsx"
HALVES = (
    base64.b64encode("报".encode("gbk")[:1]),
    base64.b64encode("报".encode("gbk")[1:] + b".xlsx"),
)
MAIL_NAMES: dict[str, tuple[Sequence[bytes], str]] = {
    "RFC 2231, UTF-8": (disposed(f"filename*=UTF-8''{quote(NAME)}"), NAME),
    "RFC 2231, GB18030": (
        disposed(f"filename*=gb18030''{quote(NAME, encoding='gb18030')}"),
        NAME,
    ),
    "RFC 2231, GB2312 that is GBK": (
        disposed(f"filename*=gb2312''{quote(GBK_ONLY, encoding='gbk')}"),
        GBK_ONLY,
    ),
    "RFC 2231 in pieces": (
        disposed(
            f"filename*0*=UTF-8''{quote(NAME)[:12]};\r\n filename*1*={quote(NAME)[12:]}"
        ),
        NAME,
    ),
    "RFC 2231 beside a stand-in": (
        disposed(f"filename=\"____.xlsx\"; filename*=UTF-8''{quote(NAME)}"),
        NAME,
    ),
    "RFC 2047 in quotes": (disposed(f'filename="{word(NAME)}"'), NAME),
    "RFC 2047 in quotes, GB2312": (
        disposed(f'filename="{word(NAME, "gb2312")}"'),
        NAME,
    ),
    "RFC 2047, GB2312 that is GBK": (
        disposed(f'filename="{word(GBK_ONLY, "GB2312")}"'),
        GBK_ONLY,
    ),
    "RFC 2047 folded": (
        disposed(f'filename="{word(NAME[:3])}\r\n {word(NAME[3:])}"'),
        NAME,
    ),
    "RFC 2047 that cuts a character": (
        disposed(b'filename="=?gbk?B?%s?=\r\n =?gbk?B?%s?="' % (HALVES[0], HALVES[1])),
        "报.xlsx",
    ),
    "RFC 2047 without quotes": (disposed(f"filename={word(NAME)}"), NAME),
    "RFC 2047 without quotes, Q": (disposed(f"filename={word(NAME, how='Q')}"), NAME),
    "RFC 2047 without quotes, Q, GBK": (
        disposed(f"filename={word(NAME, 'gbk', 'Q')}; size=9"),
        NAME,
    ),
    "RFC 2047 with the end outside": (
        disposed(f'filename="{word(NAME[:-5])}.xlsx"'),
        NAME,
    ),
    "name only": (
        (f'Content-Type: application/octet-stream; name="{word(NAME)}"'.encode(),),
        NAME,
    ),
    "name in a disposition": (disposed(f'name="{word(NAME)}"'), NAME),
    "raw UTF-8": (disposed(f'filename="{NAME}"'), NAME),
    "raw UTF-8 without quotes": (disposed("filename=报送表.xlsx"), "报送表.xlsx"),
    "raw GBK": (disposed(f'filename="{NAME}"'.encode("gbk")), NAME),
    "raw GBK, a byte of which is a backslash": (
        disposed(f'filename="{GBK_ONLY}"'.encode("gbk")),
        GBK_ONLY,
    ),
    "a whole header in one word": (
        (f"Content-Disposition: {word(f'attachment; filename={NAME}')}".encode(),),
        NAME,
    ),
    "no name": (disposed("x=1"), "附件1"),
    "an unknown charset": (disposed('filename="=?klingon?B?YS54bHN4?="'), "a.xlsx"),
    "a path": (disposed('filename="../../C:\\\\x\\\\a.xlsx"'), "_/_/C:/x/a.xlsx"),
}


@pytest.mark.parametrize("form", MAIL_NAMES)
def test_names_of_attachments_are_right(form: str) -> None:
    headers, shown = MAIL_NAMES[form]
    (leaf,) = leaves(raw_mail(*headers), "回复.eml")
    assert leaf.path == f"回复.eml/{shown}"
    assert leaf.data == book()


def forwarded(inner: bytes, armoured: bool = False) -> bytes:
    """A mail with a mail in it; some programs armour that, against the rules."""
    coding = b"Content-Transfer-Encoding: base64\r\n" if armoured else b""
    return b"\r\n".join(
        (
            b"From: li@qu.gov.cn", b"To: c@d.cn", b"Subject: Fw",
            b"Date: Tue, 20 Jan 2026 09:00:00 +0800", b"MIME-Version: 1.0",
            b'Content-Type: multipart/mixed; boundary="++"', b"", b"--++",
            b"Content-Type: message/rfc822", coding,
            base64.encodebytes(inner) if armoured else inner, b"--++--", b"",
        )
    )  # fmt: skip


def report() -> bytes:
    whole = forwarded(mail((NAME, book())))
    return whole.replace(
        b'multipart/mixed; boundary="++"',
        b'multipart/report; report-type=delivery-status; boundary="++"',
    )


MAILS: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "several attachments": (
        lambda: mail(("a.xlsx", book()), ("b.xlsx", book("U2"))),
        {"a.xlsx": "judge", "b.xlsx": "judge"},
    ),
    "no attachment": (mail, {"来件": "I06"}),
    "no part at all": (
        lambda: b"From: a@b.cn\nTo: c@d.cn\nSubject: x\n\nhello\n",
        {"来件": "I06"},
    ),
    "an archive": (
        lambda: mail(("附件.zip", zipped({"报表.xlsx": book()}))),
        {"附件.zip/报表.xlsx": "judge"},
    ),
    "the same name twice": (
        lambda: mail(("a.xlsx", book()), ("a.xlsx", book("U2"))),
        {"a.xlsx": "judge", "a.xlsx (2)": "judge"},
    ),
    "a logo and a letter": (
        lambda: mail(("logo.png", b"\x89PNG\r\n\x1a\n"), ("函.pdf", b"%PDF-1.7")),
        {"logo.png": "I03", "函.pdf": "I04"},
    ),
    "a mail passed on": (
        lambda: forwarded(mail((NAME, book()), subject="报送")),
        {f"报送.eml/{NAME}": "judge"},
    ),
    "a mail passed on, armoured": (
        lambda: forwarded(mail((NAME, book())), armoured=True),
        {f"附件1.eml/{NAME}": "judge"},
    ),
    "a mail without attachment passed on": (
        lambda: forwarded(mail()),
        {"报送表.eml": "I06"},
    ),
    "archive, mail, archive": (
        lambda: zipped({"回复.eml": mail(("附件.zip", zipped({"a.xlsx": book()})))}),
        {"回复.eml/附件.zip/a.xlsx": "judge"},
    ),
    "a delivery report with what was sent": (report, {"来件": "I07"}),
    "a signature": (
        lambda: mail(("smime.p7s", b"0")).replace(
            b"application/octet-stream", b"application/pkcs7-signature"
        ),
        {"来件": "I06"},
    ),
    "a picture in the text": (
        lambda: raw_mail(b"Content-Type: image/gif", data=b"GIF89a"),
        {"附件1": "I03"},
    ),
    "a mail that is nothing but the workbook": (
        lambda: (
            b"From: a@b.cn\nTo: c@d.cn\nSubject: x\nContent-Type: application/x\n"
            b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(book())
        ),
        {"附件1": "judge"},
    ),
    "winmail.dat": (
        lambda: mail(("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(99))),
        {"winmail.dat": "tnef"},
    ),
    "cut off": (
        lambda: mail(("a.xlsx", book()))[:-9000],
        {"a.xlsx": "judge"},
    ),
    "cut off before any part": (
        lambda: raw_mail().partition(b"--==")[0],
        {"附件1": "truncated"},
    ),
    "as a mailbox begins": (
        lambda: b"From a@b.cn Wed Jan 14 17:00:00 2026\n" + mail(("a.xlsx", book())),
        {"a.xlsx": "judge"},
    ),
    "a web page saved by a browser": (
        lambda: (
            b"From: <Saved by Blink>\nSnapshot-Content-Location: http://a\n"
            b"Subject: x\nDate: x\nMIME-Version: 1.0\n\n<html>"
        ),
        {"来件": "I05"},
    ),
    "a letter with colons": ("各位：\nFrom: 我\n\n您好".encode, {"来件": "I05"}),
}


@pytest.mark.parametrize("case", MAILS)
def test_mails_are_taken_apart(case: str) -> None:
    make, wanted = MAILS[case]
    assert outcomes(make()) == wanted


HEAD = b"From: a@b.cn\nTo: c@d.cn\nSubject: x\n"
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="B"\n\n'
LONG = b"--B\nContent-Disposition: attachment; filename=%s\n\nx\n" % (b"x" * 3000)

#: What keeps the parser of the standard library busy for many seconds, or would.
BUSY_MAILS: dict[str, tuple[Callable[[], bytes], dict[str, int]]] = {
    "lines": (lambda: HEAD + b"\n" * 2_000_000, {"bomb": 1}),
    "lines of old Macs": (lambda: HEAD + b"\n" + b"\r" * 2_000_000, {"bomb": 1}),
    "headers": (lambda: HEAD + b"X: y\n" * 300_000 + b"\nx", {"bomb": 1}),
    "a header": (lambda: HEAD + b"X: " + b"y" * 2_000_000 + b"\n\nx", {"bomb": 1}),
    "parts": (lambda: MIXED + b"--B\n\nx\n" * 20_000 + b"--B--\n", {"bomb": 1}),
    "parts, their boundary in pieces": (
        lambda: (
            MIXED.replace(b'boundary="B"', b'boundary*0="B"')
            + b"--B\n\nx\n" * 20_000
            + b"--B--\n"
        ),
        {"bomb": 1},
    ),
    "parts, their boundary with marks": (
        lambda: (
            MIXED.replace(b'"B"', b'"\\B"') + b"--B\n\nx\n" * 20_000 + b"--B--\n"
        ),
        {"bomb": 1},
    ),
    "parts within one another": (
        lambda: MIXED + MIXED.replace(HEAD, b"--B\n") * 5_000,
        {"bomb": 1},
    ),
    "names": (lambda: MIXED + LONG * 500 + b"--B--\n", {"I05": 347, "too_long": 1}),
}  # fmt: skip


@pytest.mark.parametrize("case", BUSY_MAILS)
def test_mails_made_to_take_long_are_refused(case: str) -> None:
    make, wanted = BUSY_MAILS[case]
    found = leaves(make())
    assert Counter(map(outcome, found)) == wanted
    trouble = found[-1].trouble
    assert trouble is not None
    for said in (unreadable(trouble).message, unreadable(trouble).remedy):
        assert is_a_sentence_for_clerks(said.zh.replace(".xlsx", ""))


def test_many_mails_passed_on_in_one_are_no_attack() -> None:
    """Beside one another, which costs the parser little; lines of dashes are text."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.cn", "c@d.cn", "转发"
    message.set_content("-- \n\n" + "--------\n" * 12_000)
    for subject in map(str, range(40)):
        inner = mail((NAME, book()), subject=subject)
        message.add_attachment(message_from_bytes(inner, policy=policy.default))
    data = message.as_bytes()
    lines = data.count(b"\n")
    found = leaves(data, limits=ContainerLimits(mail_work=lines * 5))
    assert Counter(map(outcome, found)) == {"judge": 40}
    (refused,) = leaves(data, limits=ContainerLimits(mail_work=lines))
    assert outcome(refused) == "bomb"


def test_a_leaf_knows_who_sent_it_and_when() -> None:
    (leaf,) = leaves(mail(("附件.zip", zipped({"a.xlsx": book()}))))
    arrival = leaf.arrival
    assert (arrival.sender, arrival.sent, arrival.message_id) == (
        "zhang@jie.gov.cn", SENT, "<1@jie.gov.cn>",
    )  # fmt: skip
    assert arrival.sent_utc == "2026-01-14T09:00:00Z"
    assert arrival.sent_shown == "2026-01-14 17:00"


def test_a_mail_passed_on_was_sent_when_its_author_sent_it() -> None:
    (leaf,) = leaves(forwarded(mail((NAME, book()))))
    assert (leaf.arrival.sender, leaf.arrival.sent) == ("zhang@jie.gov.cn", SENT)
    (leaf,) = leaves(forwarded(mail((NAME, book()), date=None)))
    assert leaf.arrival.sent == 1_768_870_800.0  # all that is known


DATES = {
    DATE: SENT,
    "Wed, 14 Jan 2026 09:00:00 -0000": SENT,
    "14 Jan 2026 17:00:00 +0800 (CST)": SENT,
    "Thu, 01 Jan 1970 00:00:00 +0000": None,
    "Fri, 31 Dec 9999 23:59:59 -2359": None,
    "Wed, 99 Jan 2026 09:00:00 +0000": None,
    "昨天": None,
    "": None,
    "1" * 9999: None,
}


@pytest.mark.parametrize("date", DATES)
def test_dates_of_mails(date: str) -> None:
    whole = raw_mail(*disposed("filename=a.xlsx"))
    (leaf,) = leaves(b"Date: " + date.encode() + b"\r\n" + whole)
    assert leaf.arrival.sent == DATES[date]


def test_a_workbook_without_stamp_is_known_by_the_sender_of_its_mail(
    tmp_path: Path,
) -> None:
    data = edited(workbook(BUSY), headings(None))
    units = Roster((replace(unit("U1"), emails=("zhang@jie.gov.cn",)), unit("U2")))
    path = tmp_path / "来件"
    path.write_bytes(mail(("报表.xlsx", data)))
    (submission,) = receive_file(path, "来件", knowing(campaign(), units))
    assert submission.unit_code == "U1"
    assert "发件人" in finding(submission, "N07").message.zh


def test_without_a_date_the_first_server_tells() -> None:
    servers = b"Received: from b by c; Wed, 14 Jan 2026 17:00:09 +0800\r\n" + (
        b"Received: from a by b;\r\n Wed, 14 Jan 2026 17:00:00 +0800\r\n"
    )
    (leaf,) = leaves(servers + raw_mail(*disposed("filename=a.xlsx")))
    assert leaf.arrival.sent == SENT


# ---------------------------------------------------------------- Outlook


def outlook(
    *attachments: tuple[str, bytes], subject: str = "报送表", wide: bool = True
) -> MapiMessage:
    """A message as Outlook saves it, written by somebody else's library."""
    message = MapiMessage.create(subject, "您好，请查收。", unicode_strings=wide)
    message.set_property(0x5D01, PropertyTypeCode.PTYP_STRING, "wang@jie.gov.cn")
    message.set_property(0x1035, PropertyTypeCode.PTYP_STRING, "<2@jie.gov.cn>")
    when = datetime.fromtimestamp(SENT, UTC)
    message.set_property(0x0039, PropertyTypeCode.PTYP_TIME, when)
    for name, data in attachments:
        message.add_attachment(name, data)
    return message


def enclosing(*inner: MapiMessage) -> bytes:
    outer = MapiMessage.create("转发", "")
    for each in inner:
        outer.add_embedded_message_attachment(each)
    return bytes(outer.to_bytes())


def shorter_head(data: bytes) -> bytes:
    """The list of properties of an enclosed message as Outlook itself begins it."""
    document = CFBDocument.from_reader(CFBReader(data))
    (attachment,) = [s for s in document.root.children if s.name[:8] == "__attach"]
    assert isinstance(attachment, CFBStorage)
    (message,) = [s for s in attachment.children if isinstance(s, CFBStorage)]
    (listed,) = [s for s in message.children if s.name == "__properties_version1.0"]
    assert isinstance(listed, CFBStream)
    listed.data = listed.data[8:]
    return bytes(CFBWriter.to_bytes(document))


def narrow() -> bytes:
    """A message of an older Outlook: names in the code page of Chinese Windows."""
    name = "报送表".encode("gb2312").decode("latin-1")
    message = outlook((f"{name}.xlsx", book()), subject="x", wide=False)
    message.set_property(0x3FFD, PropertyTypeCode.PTYP_INTEGER32, 936)
    return bytes(message.to_bytes())


def linked() -> bytes:
    message = outlook()
    message.add_attachment("云附件.xlsx", b"")
    data = bytes(message.to_bytes())
    data = data.replace(b"\3\0\5\x37\6\0\0\0\1", b"\3\0\5\x37\6\0\0\0\7")
    gone = "__substg1.0_37010102".encode("utf-16-le")
    return data.replace(gone, "__substg1.0_3701FFFF".encode("utf-16-le"))


OUTLOOK: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "one workbook": (lambda: outlook((NAME, book())).to_bytes(), {NAME: "judge"}),
    "small attachments": (
        lambda: outlook(("a.txt", b"x"), (NAME, book())).to_bytes(),
        {"a.txt": "I05", NAME: "judge"},
    ),
    "no attachment": (lambda: outlook().to_bytes(), {"来件": "I06"}),
    "names in GBK": (narrow, {"报送表.xlsx": "judge"}),
    "a message passed on": (
        lambda: enclosing(outlook((NAME, book()), subject="甲/乙")),
        {f"甲_乙.msg/{NAME}": "judge"},
    ),
    "two passed on, one of them empty": (
        lambda: enclosing(outlook((NAME, book())), outlook(subject="空")),
        {f"报送表.msg/{NAME}": "judge", "空.msg": "I06"},
    ),
    "an archive in a message in a mail": (
        lambda: mail(
            ("a.msg", outlook(("b.zip", zipped({"c.xlsx": book()}))).to_bytes())
        ),
        {"a.msg/b.zip/c.xlsx": "judge"},
    ),
    "an attachment that is only a link": (linked, {"云附件.xlsx": "link"}),
}


@pytest.mark.parametrize("case", OUTLOOK)
def test_outlook_messages_are_taken_apart(case: str) -> None:
    make, wanted = OUTLOOK[case]
    assert outcomes(make()) == wanted


def test_what_is_in_an_outlook_message_comes_out_whole() -> None:
    whole = enclosing(outlook((NAME, book())))
    for data in (whole, shorter_head(whole)):
        (leaf,) = leaves(data)
        assert leaf.data == book()
        arrival = leaf.arrival
        assert (arrival.sender, arrival.sent, arrival.message_id) == (
            "wang@jie.gov.cn", SENT, "<2@jie.gov.cn>",
        )  # fmt: skip


# ---------------------------------------------------------------- what is no return


def ole(*streams: str) -> bytes:
    """A compound file with these streams at its root."""
    root = CFBStorage("Root Entry")
    for name in streams:
        root.add_stream(CFBStream(name, b"x" * 5000))
    return bytes(CFBWriter.to_bytes(CFBDocument(root)))


WORD = zipped({"[Content_Types].xml": b"", "word/document.xml": b""})
TEXT = "您好，请查收。".encode()
KINDS: dict[str, tuple[str, bytes, str]] = {
    "a lock file": ("~$报送表.xlsx", b"\5user", "I01"),
    "a workbook called like one": ("~$报送表.xlsx", book(), "judge"),
    "a lock of LibreOffice": (".~lock.报送表.xlsx#", b",user", "I01"),
    "a lock of WPS": (".~报送表.xlsx", b"\5user", "I01"),
    ".DS_Store": (".DS_Store", b"\0\0\0\1Bud1", "I01"),
    "Thumbs.db": ("甲/Thumbs.db", compound_file("Catalog"), "I01"),
    "desktop.ini": ("desktop.ini", b"[x]\r\n", "I01"),
    "what macOS adds": ("__MACOSX/甲/._a.xlsx", b"\0\5\x16\7", "I01"),
    "half a download": ("a.xlsx.crdownload", book()[:999], "I02"),
    "half a download of another": ("a.xlsx.part", b"x" * 99, "I02"),
    "a whole workbook called so": ("a.xlsx.part", book(), "judge"),
    "a picture": ("image001.png", b"\x89PNG\r\n\x1a\n..", "I03"),
    "a photograph": ("盖章页.jpg", b"\xff\xd8\xff\xe0..", "I03"),
    "a photograph of a telephone": ("1.heic", b"\0\0\0\x18ftypheic", "I03"),
    "a picture called a workbook": ("a.xlsx", b"\x89PNG\r\n\x1a\n..", "judge"),
    "a PDF": ("U1报送表.pdf", b"%PDF-1.7", "I04"),
    "a PDF called a workbook": ("a.xls", b"%PDF-1.7", "judge"),
    ".docx": ("来文.docx", WORD, "I05"),
    ".docx called a workbook": ("来文.xlsx", WORD, "judge"),
    "a workbook called .docx": ("来文.docx", book(), "judge"),
    "a workbook called .txt": ("x.txt", book(), "judge"),
    ".doc": ("来文.doc", ole("WordDocument", "ObjectPool", "1Table"), "I05"),
    ".wps": ("来文.wps", ole("WordDocument"), "I05"),
    ".xls": ("a.doc", ole("Workbook"), "judge"),
    "an encrypted workbook": ("a.docx", ole("EncryptedPackage"), "judge"),
    ".ofd": ("公文.ofd", zipped({"OFD.xml": b""}), "I05"),
    ".odt": (
        "a.odt",
        zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        "I05",
    ),
    ".rtf": ("a.rtf", b"{\\rtf1 x}", "I05"),
    "text": ("说明.txt", TEXT, "I05"),
    "text in GBK": ("说明.txt", TEXT.decode().encode("gbk"), "I05"),
    "text in UTF-16": ("说明.txt", "您好".encode("utf-16"), "I05"),
    "text called a workbook": ("a.xlsx", TEXT, "judge"),
    "a list": ("a.csv", b"a,b\r\n1,2\r\n", "judge"),
    "a web page called a workbook": ("a.xls", b"<html><table>", "judge"),
    "a spreadsheet as XML": (
        "a.xml",
        b'<?xml version="1.0"?><Workbook '
        b'xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "judge",
    ),
    "nothing": ("a.xlsx", b"", "judge"),
    "anything else": ("a.mp4", bytes(99), "judge"),
    ".rar": ("a.rar", b"Rar!\x1a\x07\1\0", "archive"),
    ".7z": ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(99), "archive"),
    ".7z called a workbook": ("a.xlsx", b"7z\xbc\xaf\x27\x1c" + bytes(99), "archive"),
    ".tar.gz": ("a.tar.gz", gzip.compress(b"x"), "archive"),
    ".tar": ("a.tar", bytes(257) + b"ustar\x0000" + bytes(300), "archive"),
    "winmail.dat": ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(9), "tnef"),
}


@pytest.mark.parametrize("case", KINDS)
def test_what_is_a_return_is_told_by_content(case: str) -> None:
    name, data, wanted = KINDS[case]
    (leaf,) = leaves(data, name)
    assert (leaf.path, leaf.data, outcome(leaf)) == (name, data, wanted)


@pytest.mark.parametrize("case", KINDS)
def test_every_reason_is_a_sentence_for_clerks(tmp_path: Path, case: str) -> None:
    name, data, wanted = KINDS[case]
    path = tmp_path / "来件" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    (submission,) = receive_file(path, name, expected())
    if wanted.startswith("I0"):
        assert submission.verdict is Verdict.IGNORED
        assert codes(submission.findings) == [wanted]
    if submission.verdict in (Verdict.IGNORED, Verdict.UNREADABLE):
        for said in (submission.findings[0].message, submission.findings[0].remedy):
            words = said.zh.replace("winmail.dat", "").replace("Outlook", "")
            for kind in (".rar", ".7z", ".tar", ".gz", "HTML"):
                words = words.replace(kind, "")
            assert is_a_sentence_for_clerks(words)
            assert said.en.isascii()


@pytest.mark.parametrize("name", ["U1报送表.pdf", "U1报送表.jpg"])
def test_a_scan_in_place_of_the_workbook_says_what_to_send(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"%PDF-1.7" if name.endswith("pdf") else b"\xff\xd8\xff\xe0")
    (submission,) = receive_file(path, name, expected())
    assert "如果这是报送表的扫描件，请另发 .xlsx" in submission.findings[0].message.zh


def test_a_link_out_of_the_inbox_is_not_followed(tmp_path: Path) -> None:
    made = folder(tmp_path / "任务", roster("U1"), {"1.xlsx": book()})
    outside = tmp_path / "别处.xlsx"
    outside.write_bytes(book())
    (made.inbox / "2.xlsx").symlink_to(outside)
    (made.inbox / "3.xlsx").symlink_to(made.inbox / "1.xlsx")
    by_path = {each.path: each for each in collect(made).submissions}
    assert codes(by_path["2.xlsx"].findings) == ["R07"]
    assert {by_path[name].verdict for name in ("1.xlsx", "3.xlsx")} == {
        Verdict.ACCEPTED,
        Verdict.SUPERSEDED,
    }
    (alone,) = check([made.inbox / "2.xlsx"])  # somebody asked for it
    assert alone.verdict is Verdict.ACCEPTED


# ---------------------------------------------------------------- a whole inbox

OTHER = {**BUSY, "applications.received.natural": 10, "applications.granted.natural": 9}
LATER = "Thu, 15 Jan 2026 08:00:00 +0800"


@cache
def second(code: str = "U1") -> bytes:
    return workbook(OTHER, unit(code, "Q"))


INBOX: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "回复.eml": (
        lambda: mail(
            (
                "附件.zip",
                zipped({"报表.xlsx": book("U1"), "__MACOSX/._报表.xlsx": b"\0"}),
            ),
            ("logo.png", b"\x89PNG\r\n\x1a\n"),
        ),
        {
            "回复.eml/附件.zip/报表.xlsx": "accepted",
            "回复.eml/附件.zip/__MACOSX/._报表.xlsx": "ignored",
            "回复.eml/logo.png": "ignored",
        },
    ),
    "全部.zip": (
        lambda: zipped(
            {"U2.xlsx": book("U2"), "U3.xlsx": book("U3"), "来文.doc": b"x"}
        ),
        {
            "全部.zip/U2.xlsx": "superseded",
            "全部.zip/U3.xlsx": "superseded",
            "全部.zip/来文.doc": "ignored",
        },
    ),
    "U2 改.eml": (
        lambda: mail(("U2.xlsx", second("U2")), sender="u2@b.cn", date=LATER),
        {"U2 改.eml/U2.xlsx": "superseded"},
    ),
    "U3.msg": (
        lambda: bytes(outlook((NAME, book("U3"))).to_bytes()),
        {f"U3.msg/{NAME}": "superseded"},
    ),
    "U2 又改.xlsx": (lambda: book("U2"), {"U2 又改.xlsx": "accepted"}),
    "U3 又来.eml": (
        lambda: mail(("U3.xlsx", second("U3")), date="Fri, 1 Jan 2027 08:00:00 +0800"),
        {"U3 又来.eml/U3.xlsx": "accepted"},
    ),
    "收到.eml": (mail, {"收到.eml": "ignored"}),
    "空.zip": (lambda: zipped({}), {"空.zip": "unreadable"}),
    "加密.zip": (
        lambda: encrypted_zip(zipped({"a.xlsx": book()})),
        {"加密.zip": "unreadable"},
    ),
    "a.rar": (lambda: b"Rar!\x1a\x07\1\0", {"a.rar": "unreadable"}),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    files = {name: make() for name, (make, _) in INBOX.items()}
    return folder(tmp_path_factory.mktemp("whole"), roster("U1", "U2", "U3"), files)


@pytest.fixture(scope="module")
def collected(whole: Folder) -> Collection:
    return collect(whole)


def test_every_file_in_every_container_has_one_verdict(collected: Collection) -> None:
    wanted = {path: v for _, verdicts in INBOX.values() for path, v in verdicts.items()}
    found = [(each.path, each.verdict.value) for each in collected.submissions]
    assert dict(found) == wanted
    assert len(found) == len(wanted)
    assert sorted(collected.summary.counted) == ["U1", "U2", "U3"]


def test_lists_say_whose_mail_it_was_and_what_was_changed(
    whole: Folder, collected: Collection
) -> None:
    by_path = {each.path: each for each in collected.submissions}
    replaced = by_path["U2 改.eml/U2.xlsx"]
    said = finding(replaced, "V03").message.zh
    # The standing version has the figures of the first again.
    assert said.startswith("与后一份相比改了 2 个单元格：表三 D7 由 10 改为 9；")
    shown = submission_json(replaced)
    assert (shown["sender"], shown["sent"]) == ("u2@b.cn", "2026-01-15T00:00:00Z")
    assert {"sheet": "表三", "address": "D7", "before": "10", "after": "9"}.items() <= (
        shown["changes"][0].items()
    )
    rows = rows_of(whole.results / FINDINGS)
    cells = [row for row in rows if row["file"] == replaced.path and row["address"]]
    assert [(row["code"], row["seen"], row["expected"]) for row in cells] == [
        ("V03", "10", "9"), ("V03", "9", "8"),
    ]  # fmt: skip
    assert {row["sender"] for row in cells} == {"u2@b.cn"}
    facts = rows_of(whole.results / FACTS)
    assert {row["sender"] for row in facts if row["unit"] == "U1"} == {
        "zhang@jie.gov.cn"
    }
    sheet = openpyxl.load_workbook(whole.results / SUMMARY)["报送文件"]
    row = next(r for r in sheet.iter_rows(values_only=True) if r[0] == replaced.path)
    assert "u2@b.cn" in row
    assert "2026-01-15 08:00" in row
    assert any("表三 D7 由 10 改为 9" in str(cell) for cell in row)


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_check_takes_containers_too(whole: Folder) -> None:
    found = check([whole.inbox / "回复.eml"])
    assert [Path(each.path).name for each in found] == [
        "报表.xlsx", "._报表.xlsx", "logo.png",
    ]  # fmt: skip


@pytest.mark.parametrize("at_once", [1, AT_ONCE])
def test_one_by_one_gives_what_all_at_once_gives(
    whole: Folder, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("workbook_builder.reading.receive.AT_ONCE", at_once)
    monkeypatch.setattr(isolation, "_kept", None)  # does not know of it
    known = whole.expected()
    for path in sorted(whole.inbox.iterdir()):
        source = Source(path.name, path, whole.inbox)
        at_once_found = receive(source, known)
        found = received_by_parts(known, source, WorkerLost("timeout"))
        if [each.path for each in found] == [path.name]:  # no archive after all
            nothing_in_it = codes(at_once_found[0].findings)
            assert codes(found[0].findings) in (["R14"], nothing_in_it)
        else:
            assert found == at_once_found


@pytest.mark.parametrize(("at_once", "leaves"), [(3, [2, 1]), (4, [3, 0])])
def test_an_archive_is_taken_in_parts(
    monkeypatch: pytest.MonkeyPatch, at_once: int, leaves: list[int]
) -> None:
    """Until what was taken is more than that."""
    monkeypatch.setattr("workbook_builder.reading.receive.AT_ONCE", at_once)
    source = Source("a.zip", zipped({f"{n}.bin": b"\0\1" for n in range(3)}))
    first, rest = take(source), take(source, leaves[0])
    assert [len(first.leaves), len(rest.leaves)] == leaves
    assert (first.more, rest.more) == (leaves[1] > 0, False)
    assert not first.whole
    assert not rest.whole
    one = take(Source("a.bin", b"\0\1"))
    assert (one.whole, one.more) == (True, False)


def test_a_run_that_would_lose_a_file_stops(
    whole: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(whole.results)
    for loss in (lambda found: (), lambda found: found[:-1]):
        monkeypatch.setattr(
            inbox,
            "received_as",
            lambda then, sources, known, loss=loss: iter(
                [then(loss(receive(each, known))) for each in sources][:-1]
            ),
        )
        with pytest.raises(AssertionError):
            collect(whole)
    assert contents(whole.results) == before


def test_last_periods_workbooks_may_be_in_archives(tmp_path: Path) -> None:
    made = folder(tmp_path, roster("U1", "U2"))
    last = campaign("last", YEAR - 1)
    files = {f"{u}.xlsx": workbook(BUSY, unit(u, "Q"), last) for u in ("U1", "U2")}
    (tmp_path / "last-year" / "去年.zip").write_bytes(zipped(files))
    (tmp_path / "last-year" / "来文.pdf").write_bytes(b"%PDF-1.7")
    assert made.last_period().keys() == {"U1", "U2"}


# ---------------------------------------------------------------- versions


def version(
    path: str, count: int, *, sent: float | None = None, hour: int = 0, saved: float = 0
) -> Submission:
    """A return of U1; the same count is the same bytes."""
    answers = Answers(values={"applications.received.natural": number(count)})
    return replace(
        judge(path, book(), FORMS),
        answers=answers,
        facts=facts(form(), answers),
        sha256=str(count),
        received=float(hour),
        arrival=Arrival(sent=sent, saved=saved),
    )


VERSIONS: dict[str, tuple[Sequence[Submission], str]] = {
    "the date of the mail goes before that of the file": (
        [version("a", 1, sent=50, hour=99), version("b", 2, sent=60, hour=61)],
        "b",
    ),
    "no mail was sent after its file was there": (
        [version("a", 1, sent=999, hour=51), version("b", 2, sent=60, hour=61)],
        "b",
    ),
    "a file without a mail has its own": (
        [version("a", 1, sent=50, hour=1), version("b", 2, hour=55)],
        "b",
    ),
    "one of two in an archive": (
        [version("z/a", 1, hour=5, saved=9), version("z/b", 2, hour=5, saved=8)],
        "z/a",
    ),
    "the name in the end": ([version("a", 1), version("b", 2), version("c", 3)], "c"),
    "copies of the first and of the last": (
        [
            version("a", 1, hour=1),
            version("b", 1, hour=2),
            version("c", 2, hour=3),
            version("d", 2, hour=4),
        ],
        "d",
    ),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_the_order_of_arrival_does_not_matter(case: str) -> None:
    versions, latest = VERSIONS[case]
    known = roster("U1")
    seen = set()
    for order in permutations(versions):
        settled = settle(form(), known, order)
        compared = with_changes(form(), lambda _: place(form()), settled)
        assert settled.standing["U1"].path == latest
        seen.add(
            tuple(
                (each.path, each.verdict, tuple(codes(each.findings)), each.changes)
                for each in sorted(compared.submissions, key=lambda each: each.path)
            )
        )
    assert len(seen) == 1


def test_what_came_together_and_differs_is_pointed_out() -> None:
    """Nothing but the name tells which one is meant: a person has to."""
    one, two = version("m/a", 1, sent=5), version("m/b", 2, sent=5)
    for order in permutations((one, two, version("m/c", 2, sent=4))):
        standing = settle(form(), roster("U1"), order).standing["U1"]
        assert standing.verdict is Verdict.ACCEPTED
        assert finding(standing, "V04").message.zh.startswith("与 m/a 同时收到")
    for other in (version("m/a", 2, sent=5), version("m/a", 1, sent=5, saved=-1)):
        settled = settle(form(), roster("U1"), (other, two))
        assert settled.standing["U1"].findings == ()


def test_copies_count_once_and_each_says_of_what_it_is_one() -> None:
    versions, _ = VERSIONS["copies of the first and of the last"]
    settled = settle(form(), roster("U1"), versions)
    said = [each.findings[0] for each in settled.submissions if each.findings]
    assert [f.code for f in said[:3]] == ["V02", "V01", "V02"]
    assert [f.message.zh[2:4].strip() for f in (said[0], said[2])] == ["b", "d"]


def test_what_was_changed_is_listed_cell_by_cell() -> None:
    inputs = [cell.id for cell in form().inputs]
    older = Answers(
        values={id_: number(1) for id_ in inputs},
        texts={"problems": "无" * 400},
        explanations={"B1.natural": "因为"},
    )
    newer = Answers(
        values={id_: number(2) for id_ in inputs[1:]},
        declared=frozenset({"applications"}),
        texts={"problems": "有"},
    )
    found = list(changes(form(), place(form()), older, newer))
    assert len(found) == len(inputs) + 3
    assert (found[0].id, found[0].before, found[0].after) == (inputs[0], "1", None)
    assert found[0].text.zh.endswith("由 1 改为 空白")
    spots = {change.id: change for change in found}
    assert spots["applications"].after == ALL_ZERO
    assert spots["problems"].text.zh.endswith("的文字有改动")
    assert len(str(spots["problems"].before)) < 310
    assert spots["B1.natural"].before == "因为"
    assert list(changes(form(), place(form()), older, older)) == []


def test_a_long_list_of_changes_is_cut_short_in_words_only() -> None:
    one, two = version("a", 1, hour=1), version("b", 2, hour=2)
    many = {cell.id: number(7) for cell in form().inputs}
    two = replace(two, answers=Answers(values=many))
    settled = settle(form(), roster("U1"), [one, two])
    replaced, _ = with_changes(form(), lambda _: place(form()), settled).submissions
    said = finding(replaced, "V03").message.zh
    assert said.count("由") == NAMED
    assert said.endswith("；等等。")
    assert f"改了 {len(replaced.changes)} 个单元格" in said
    assert len(replaced.changes) == len(many)


def test_the_same_entries_in_another_file_are_said_to_be_the_same() -> None:
    one, two = version("a", 1, hour=1), replace(version("b", 1, hour=2), sha256="x")
    settled = settle(form(), roster("U1"), [one, two])
    replaced, _ = with_changes(form(), lambda _: place(form()), settled).submissions
    assert finding(replaced, "V03").message.zh == (
        "与后一份相比填的内容相同，只是文件不同。"
    )


# ---------------------------------------------------------------- damage

SEED, MUTANTS = 20_260_101, 150


@cache
def sound() -> Mapping[str, bytes]:
    """Small containers of every kind; what is in them is a text, read at once."""
    parts = {"a.txt": b"x" * 200, "甲/b.xlsx": b"y" * 200}
    packed = zipped(parts)
    return {
        "zip": zipped({**parts, "c.zip": packed}),
        "eml": mail(("a.zip", packed), ("报表.xlsx", b"y" * 200)),
        "fwd": forwarded(mail(("a.zip", packed))),
        "msg": enclosing(outlook(("a.zip", packed), ("b.txt", b"x" * 5000))),
        "zip of all": zipped({"a.eml": mail(("a.zip", packed))}),
    }


def mutated(data: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 40))):
        at = chance.randrange(len(spoiled))
        match chance.randrange(5):
            case 0:
                spoiled[at] = chance.randrange(256)
            case 1:
                spoiled[at] ^= 1 << chance.randrange(8)
            case 2:
                del spoiled[at : at + chance.randrange(1, 60)]
            case 3:
                spoiled[at:at] = spoiled[at : at + chance.randrange(1, 60)]
            case _:
                spoiled[at : at + 4] = chance.choice(
                    (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\n--=")
                )
        if not spoiled:
            return b""
    return bytes(spoiled)


@pytest.mark.parametrize("kind", ["zip", "eml", "fwd", "msg", "zip of all"])
def test_damage_never_stops_it_and_nothing_goes_without_a_verdict(
    tmp_path: Path, kind: str
) -> None:
    chance = random.Random(f"{SEED} {kind}")
    path = tmp_path / "来件"
    for number_ in range(MUTANTS):
        data = mutated(sound()[kind], chance)
        found = leaves(data)
        assert found, number_
        assert len({leaf.path for leaf in found}) == len(found), number_
        path.write_bytes(data)
        verdicts = receive_file(path, "来件", expected())
        assert [each.path for each in verdicts] == [leaf.path for leaf in found]
        assert all(each.findings for each in verdicts), number_
        # A mistake of ours would be R08: every kind of damage has its own words.
        assert "R08" not in {f.code for each in verdicts for f in each.findings}, (
            number_
        )
    assert contents(tmp_path).keys() == {"来件"}


def test_deeply_nested_parts_are_refused_and_not_followed() -> None:
    opening = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i)
        for i in range(3000)
    )
    start = b"From: a@b.cn\nSubject: x\nDate: x\n"
    few = opening[: opening.index(b"b1500")]
    assert [outcome(leaf) for leaf in leaves(start + few)] == ["damaged"]
    assert [outcome(leaf) for leaf in leaves(start + opening)] == ["bomb"]
