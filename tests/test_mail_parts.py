"""All that is in a mail: signed, encrypted, packed by Outlook, in the text, in pieces."""

from __future__ import annotations

import base64
import binascii
import datetime
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from tests import tnef
from tests.growth import grows_linearly
from tests.support import expected, is_a_sentence_for_clerks, receive_file, zipped
from tests.test_intake import (
    NAME,
    SENT,
    book,
    enclosing,
    leaves,
    mail,
    outcome,
    outcomes,
    outlook,
)
from workbook_builder.bounds.limits import CONTAINER, ContainerLimits
from workbook_builder.intake import unpack
from workbook_builder.model.finding import Verdict

HEAD = (
    b"From: zhang@jie.gov.cn\r\nTo: qu@example.gov.cn\r\nSubject: x\r\n"
    b"Date: Wed, 14 Jan 2026 17:00:00 +0800\r\nMessage-ID: <1@jie.gov.cn>\r\n"
    b"MIME-Version: 1.0\r\n"
)


def part(kind: str, data: bytes, *more: str) -> bytes:
    """A part of a mail, as bytes in base64."""
    lines = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *more, ""]
    return "\r\n".join(lines).encode() + b"\r\n" + base64.encodebytes(data)


def entity(
    *parts: bytes, kind: str = "multipart/mixed", boundary: str = "=b="
) -> bytes:
    """Parts with the line that says how they are told apart, and no head of a mail."""
    begin = f'Content-Type: {kind}; boundary="{boundary}"\r\n\r\n'.encode()
    mark = f"--{boundary}\r\n".encode()
    return (
        begin
        + b"".join(mark + each + b"\r\n" for each in parts)
        + mark[:-2]
        + b"--\r\n"
    )


def text(said: str = "您好，请查收。") -> bytes:
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit"
    return head + b"\r\n\r\n" + said.encode()


def attached(name: str, data: bytes, kind: str = "application/octet-stream") -> bytes:
    return part(kind, data, f'Content-Disposition: attachment; filename="{name}"')


RETURN = entity(text(), attached("a.xlsx", book()))


# ---------------------------------------------------------------- signed


@cache
def signer() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "经办人")])
    start = datetime.datetime(2026, 1, 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=999))
        .sign(key, hashes.SHA256())
    )
    return key, made


def signed(
    data: bytes, *options: pkcs7.PKCS7Options, encoding: Encoding = Encoding.DER
) -> bytes:
    key, certificate = signer()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(encoding, list(options))


def opaque(data: bytes) -> bytes:
    return signed(data, pkcs7.PKCS7Options.Binary)


def encrypted(data: bytes) -> bytes:
    _, certificate = signer()
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(data).add_recipient(certificate)
    return builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def element(tag: int, *content: bytes) -> bytes:
    """BER without a length, as programs write that do not know it yet."""
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def definite(tag: int, content: bytes) -> bytes:
    return bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content


SIGNED_OID = bytes.fromhex("06092a864886f70d010702")
GUOMI_OID = bytes.fromhex("060a2a811ccf550601040202")
GUOMI_SEALED = bytes.fromhex("060a2a811ccf550601040203")
DATA_OID = bytes.fromhex("06092a864886f70d010701")
VERSION = b"\x02\x01\x01"
ALGORITHMS = bytes.fromhex("310b300906052b0e03021a0500")


def streamed(data: bytes, oid: bytes = SIGNED_OID) -> bytes:
    """As OpenSSL and Outlook write it: no lengths, and the content in pieces."""
    pieces = [data[at : at + 1000] for at in range(0, len(data), 1000)]
    octets = element(0x24, *(definite(0x04, each) for each in pieces))
    inner = element(0x30, DATA_OID, element(0xA0, octets))
    return element(0x30, oid, element(0xA0, element(0x30, VERSION, ALGORITHMS, inner)))


def in_definite(data: bytes, oid: bytes) -> bytes:
    inner = definite(0x30, DATA_OID + definite(0xA0, definite(0x04, data)))
    body = definite(0x30, VERSION + ALGORITHMS + inner)
    return definite(0x30, oid + definite(0xA0, body))


def smime(data: bytes, kind: str = "signed-data") -> bytes:
    said = f'application/pkcs7-mime; smime-type={kind}; name="smime.p7m"'
    return HEAD + part(
        said, data, 'Content-Disposition: attachment; filename="smime.p7m"'
    )


CLEAR = signed  # multipart/signed, written by the library itself

SIGNED: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "opaque": (lambda: smime(opaque(RETURN)), {"smime.p7m/a.xlsx": "judge"}),
    "opaque, without lengths": (
        lambda: smime(streamed(RETURN)),
        {"smime.p7m/a.xlsx": "judge"},
    ),
    "opaque, with China's algorithms": (
        lambda: smime(in_definite(RETURN, GUOMI_OID)),
        {"smime.p7m/a.xlsx": "judge"},
    ),
    "opaque, by its content only": (
        lambda: HEAD + entity(text(), attached("x.dat", opaque(RETURN))),
        {"x.dat/a.xlsx": "judge"},
    ),
    "opaque, an archive in it": (
        lambda: smime(
            opaque(entity(text(), attached("a.zip", zipped({"b.xlsx": book()}))))
        ),
        {"smime.p7m/a.zip/b.xlsx": "judge"},
    ),
    "opaque, only a text": (lambda: smime(opaque(text())), {"smime.p7m": "I06"}),
    "opaque, twice": (
        lambda: smime(opaque(part("application/pkcs7-mime", opaque(RETURN)))),
        {"smime.p7m/附件1/a.xlsx": "judge"},
    ),
    "clear": (
        lambda: HEAD + entity(
            RETURN,
            attached("smime.p7s", opaque(b""), "application/pkcs7-signature"),
            kind='multipart/signed; protocol="application/pkcs7-signature"; micalg=x',
            boundary="outer",
        ),
        {"a.xlsx": "judge"},
    ),
    "clear, as the library writes it": (
        lambda: b"From: a@b.cn\nTo: c@d.cn\nSubject: x\n" + signed(
            RETURN, pkcs7.PKCS7Options.DetachedSignature, encoding=Encoding.SMIME
        ),
        {"a.xlsx": "judge"},
    ),
    "a signature of a general type": (
        lambda: HEAD + entity(
            attached("a.xlsx", book()),
            attached("a.xlsx.p7s", signed(book(), pkcs7.PKCS7Options.DetachedSignature)),
        ),
        {"a.xlsx": "judge", "a.xlsx.p7s": "I08"},
    ),
    "a file with its signature around it": (
        lambda: HEAD + entity(text(), attached("a.xlsx.p7m", opaque(book()))),
        {"a.xlsx.p7m/签名的内容": "judge"},
    ),
    "encrypted": (
        lambda: smime(encrypted(RETURN), "enveloped-data"),
        {"smime.p7m": "sealed"},
    ),
    "encrypted with China's algorithms": (
        lambda: smime(in_definite(RETURN, GUOMI_SEALED)),
        {"smime.p7m": "sealed"},
    ),
    "signed, and encrypted in it": (
        lambda: smime(opaque(part("application/pkcs7-mime", encrypted(RETURN)))),
        {"smime.p7m/附件1": "sealed"},
    ),
    "encrypted by PGP": (
        lambda: HEAD + entity(
            b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
            b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
            b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----",
            kind='multipart/encrypted; protocol="application/pgp-encrypted"',
        ),
        {"encrypted.asc": "sealed"},
    ),
    "a text encrypted by PGP": (
        lambda: HEAD + text("-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA"),
        {"正文": "sealed"},
    ),
    "protected by Microsoft": (
        lambda: HEAD + entity(
            text(), attached("message.rpmsg", bytes.fromhex("76e80460c411e386") + b"x" * 99)
        ),
        {"message.rpmsg": "sealed"},
    ),
    "in a message of Outlook": (
        lambda: bytes(outlook(("smime.p7m", opaque(RETURN))).to_bytes()),
        {"smime.p7m/a.xlsx": "judge"},
    ),
    "compressed": (
        lambda: smime(in_definite(b"x", bytes.fromhex("060b2a864886f70d0109100109"))),
        {"smime.p7m": "method"},
    ),
    "cut off": (lambda: smime(opaque(RETURN)[:5000]), {"smime.p7m": "truncated"}),
    "something else in it": (
        lambda: smime(definite(0x30, SIGNED_OID + definite(0xA0, b"\x04\x01x"))),
        {"smime.p7m": "damaged"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SIGNED)
def test_signed_and_encrypted_mails(case: str) -> None:
    make, wanted = SIGNED[case]
    assert outcomes(make()) == wanted


@pytest.mark.parametrize("wrap", [opaque, streamed])
def test_what_was_signed_comes_out_whole(wrap: Callable[[bytes], bytes]) -> None:
    (leaf,) = leaves(smime(wrap(RETURN)))
    assert leaf.data == book()
    assert (leaf.arrival.sender, leaf.arrival.sent) == ("zhang@jie.gov.cn", SENT)


# ---------------------------------------------------------------- Outlook's own


def passed_on(inner: bytes) -> bytes:
    object_ = (0x3701, tnef.OBJECT, tnef.IS_MESSAGE + inner)
    return tnef.attachment("转发", b"", object_, (0x3705, tnef.INTEGER, 5))


TICKS = 116_444_736_000_000_000 + int(SENT) * 10**7
AUTHOR = (
    (0x5D01, tnef.WIDE, "wang@jie.gov.cn"), (0x1035, tnef.NARROW, "<2@jie.gov.cn>"),
    (0x0039, tnef.TIME, TICKS),
)  # fmt: skip

WINMAIL: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "a workbook": (lambda: tnef.winmail(tnef.file(NAME, book())), {NAME: "judge"}),
    "two": (
        lambda: tnef.winmail(tnef.file("a.xlsx", book()), tnef.file("a.xlsx", book("U2"))),
        {"a.xlsx": "judge", "a.xlsx (2)": "judge"},
    ),
    "a name in the code page only": (
        lambda: tnef.winmail(tnef.attachment("报送表.xlsx", book())),
        {"报送表.xlsx": "judge"},
    ),
    "a name in another code page": (
        lambda: tnef.winmail(
            tnef.attachment("报送表.xlsx", book(), narrow="utf-8"), codepage=65001
        ),
        {"报送表.xlsx": "judge"},
    ),
    "no name": (lambda: tnef.winmail(tnef.attachment("", book())), {"附件1": "judge"}),
    "bytes among the properties": (
        lambda: tnef.winmail(
            tnef.attachment("a.xlsx", None, (0x3701, tnef.BINARY, book()))
        ),
        {"a.xlsx": "judge"},
    ),
    "an archive": (
        lambda: tnef.winmail(tnef.file("a.zip", zipped({"b.xlsx": book()}))),
        {"a.zip/b.xlsx": "judge"},
    ),
    "a message passed on": (
        lambda: tnef.winmail(passed_on(tnef.winmail(tnef.file("a.xlsx", book())))),
        {"转发.msg/a.xlsx": "judge"},
    ),
    "an empty message passed on": (
        lambda: tnef.winmail(passed_on(tnef.winmail())),
        {"转发.msg": "I06"},
    ),
    "an embedded object": (
        lambda: tnef.winmail(
            tnef.attachment("x", None, (0x3701, tnef.OBJECT, tnef.IS_STORAGE + b"x"))
        ),
        {"x": "object"},
    ),
    "only a link": (
        lambda: tnef.winmail(tnef.attachment("a.xlsx", None, (0x3705, tnef.INTEGER, 7))),
        {"a.xlsx": "link"},
    ),
    "only a text": (tnef.winmail, {"winmail.dat": "I06"}),
    "zeros behind it": (
        lambda: tnef.winmail(tnef.file("a.xlsx", book())) + bytes(50),
        {"a.xlsx": "judge"},
    ),
    "cut off": (
        lambda: tnef.winmail(tnef.file("a.xlsx", book()))[:-3000],
        {"winmail.dat": "tnef"},
    ),
    "no attribute": (lambda: tnef.MARK + bytes(99), {"winmail.dat": "tnef"}),
    "a length beyond the end": (
        lambda: tnef.MARK + b"\1\0\1" + b"\xff" * 8 + b"x" * 99,
        {"winmail.dat": "tnef"},
    ),
    "more properties than there are": (
        lambda: tnef.winmail(tnef.attribute(1, tnef.MESSAGE, b"\xff" * 4 + b"\3\0\1\0")),
        {"winmail.dat": "tnef"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WINMAIL)
def test_winmail_dat_is_taken_apart(case: str) -> None:
    make, wanted = WINMAIL[case]
    found = outcomes(mail(("winmail.dat", make())))
    assert {
        path.removeprefix("winmail.dat/"): said for path, said in found.items()
    } == wanted


def test_what_is_in_winmail_dat_comes_out_whole() -> None:
    whole = tnef.winmail(tnef.file(NAME, book()), message=AUTHOR)
    (leaf,) = leaves(mail(("winmail.dat", whole)))
    assert leaf.data == book()
    assert leaf.arrival.sender == "zhang@jie.gov.cn"  # the mail around it is the mail
    (leaf,) = leaves(mail(("winmail.dat", tnef.winmail(passed_on(whole)))))
    assert leaf.data == book()
    arrival = leaf.arrival
    assert (arrival.sender, arrival.sent, arrival.message_id) == (
        "wang@jie.gov.cn", SENT, "<2@jie.gov.cn>",
    )  # fmt: skip


# ---------------------------------------------------------------- in the text


def uuencoded(
    name: str, data: bytes, end: bytes = b"`\nend\n", stripped: bool = False
) -> bytes:
    lines = [
        binascii.b2a_uu(data[at : at + 45], backtick=not stripped)
        for at in range(0, len(data), 45)
    ]
    if stripped:
        lines = [line.rstrip() + b"\n" for line in lines]
    return f"begin 644 {name}\n".encode("gbk") + b"".join(lines) + end


def plain(*bodies: bytes) -> bytes:
    return HEAD.replace(b"\r", b"") + b"\n" + b"\n".join((b"hello\n", *bodies))


TEXTS: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "one": (lambda: plain(uuencoded("a.xlsx", book())), {"a.xlsx": "judge"}),
    "a name in GBK": (
        lambda: plain(uuencoded("报送表.xlsx", book())),
        {"报送表.xlsx": "judge"},
    ),
    "two, and words around them": (
        lambda: plain(
            uuencoded("a.xlsx", book()), b"and\n", uuencoded("b.xlsx", book("U2")), b"bye"
        ),
        {"a.xlsx": "judge", "b.xlsx": "judge"},
    ),
    "blanks at the ends taken away": (
        lambda: plain(uuencoded("a.xlsx", book(), b"\nend\n", stripped=True)),
        {"a.xlsx": "judge"},
    ),
    "lines of Windows": (
        lambda: plain(uuencoded("a.xlsx", book())).replace(b"\n", b"\r\n"),
        {"a.xlsx": "judge"},
    ),
    "in the text of several parts": (
        lambda: HEAD + entity(
            b"Content-Type: text/plain\r\n\r\n" + uuencoded("a.xlsx", book()),
            attached("b.xlsx", book("U2")),
        ),
        {"a.xlsx": "judge", "b.xlsx": "judge"},
    ),
    "as the coding of a part": (
        lambda: HEAD + entity(
            b"Content-Type: application/x; name=a.xlsx\r\n"
            b"Content-Transfer-Encoding: x-uuencode\r\n\r\n" + uuencoded("z", book())
        ),
        {"a.xlsx": "judge"},
    ),
    "no end": (
        lambda: plain(uuencoded("a.xlsx", book(), b"")), {"a.xlsx": "truncated"},
    ),
    "a spoiled line": (
        lambda: plain(uuencoded("a.xlsx", book()).replace(b"\nM", b"\n=20M", 9)),
        {"来件": "I06"},
    ),
    "words only": (lambda: plain(b"begin 644 copies, then\nend of it\n"), {"来件": "I06"}),
    "words, and an end": (lambda: plain(b"begin 644 copies\n`\nend\n"), {"来件": "I06"}),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_files_in_the_text_of_a_mail(case: str) -> None:
    make, wanted = TEXTS[case]
    assert outcomes(make()) == wanted


@pytest.mark.parametrize("stripped", [True, False])
@pytest.mark.parametrize("size", [1, 44, 45, 46, 89, 90, 9_000])
def test_a_file_in_the_text_comes_out_whole(size: int, stripped: bool) -> None:
    data = (bytes(7) + bytes(range(256)) * 40)[:size]
    (leaf,) = leaves(plain(uuencoded("a.xlsx", data, stripped=stripped)))
    assert leaf.data == data


# ---------------------------------------------------------------- and what there is else

APPLE = b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(60)

OTHER: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "a file and its resources": (
        lambda: HEAD + entity(
            text(),
            entity(
                part("application/applefile", APPLE, 'Content-Disposition: attachment; '
                     'filename="a.xlsx"'),
                attached("a.xlsx", book()),
                kind="multipart/appledouble",
                boundary="apple",
            ),
        ),
        {"a.xlsx": "judge"},
    ),
    "resources of a general type": (
        lambda: mail(("a.xlsx", APPLE), ("a.xlsx", book())),
        {"a.xlsx": "judge"},
    ),
    "resources in an archive": (lambda: zipped({"a.xlsx": APPLE}), {"a.xlsx": "I01"}),
    "a piece of a mail": (
        lambda: HEAD + b'Content-Type: message/partial; id="x@y"; number=2; total=3\r\n'
        b"\r\nUEsDBBQA\r\n",
        {"附件1": "partial"},
    ),
    "word of a file elsewhere": (
        lambda: HEAD + entity(
            text(),
            b"Content-Type: message/external-body; access-type=URL; url=x\r\n\r\n"
            b"Content-Type: application/x\r\n\r\n",
        ),
        {"附件1": "link"},
    ),
    "a part without the head of its mail": (lambda: RETURN, {"a.xlsx": "judge"}),
    "one attachment by itself": (lambda: attached("a.xlsx", book()), {"a.xlsx": "judge"}),
    "a mark of an editor before it": (
        lambda: b"\xef\xbb\xbf" + mail(("a.xlsx", book())), {"a.xlsx": "judge"},
    ),
    "empty lines before it": (
        lambda: b"\r\n\n" + mail(("a.xlsx", book())), {"a.xlsx": "judge"},
    ),
    "a text by itself": (text, {"来件": "I06"}),
    "words about types": (
        lambda: "Content-Type: 是邮件的类型。\n\n".encode(), {"来件": "I05"},
    ),
    "a workbook saved as a page": (
        lambda: b"MIME-Version: 1.0\nX-Document-Type: Workbook\n"
        b'Content-Type: multipart/related; boundary="x"\n\n--x\n'
        b"Content-Type: text/html\n\n<html>\n--x--\n",
        {"来件": "I05"},
    ),
    "a page saved by an older browser": (
        lambda: b"From: <Saved by Windows Internet Explorer 8>\nSubject: x\nDate: x\n"
        b"MIME-Version: 1.0\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="x"\n\n--x--\n',
        {"来件": "I05"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHER)
def test_parts_of_other_kinds(case: str) -> None:
    make, wanted = OTHER[case]
    assert outcomes(make()) == wanted


EVERY = {**SIGNED, **WINMAIL, **TEXTS, **OTHER}


@pytest.mark.parametrize("case", EVERY)
def test_every_outcome_is_a_sentence_for_clerks(tmp_path: Path, case: str) -> None:
    make, wanted = EVERY[case]
    path = tmp_path / "来件"
    path.write_bytes(make())
    found = receive_file(path, "来件", expected())
    assert len(found) == len(wanted)
    for each in found:
        if each.verdict in {Verdict.IGNORED, Verdict.UNREADABLE}:
            for said in (each.findings[0].message, each.findings[0].remedy):
                words = said.zh
                for name in (
                    "winmail.dat",
                    "Outlook",
                    "S/MIME",
                    "PGP",
                    "Microsoft IRM",
                ):
                    words = words.replace(name, "")
                assert is_a_sentence_for_clerks(words), words
                assert said.en.isascii()


# ---------------------------------------------------------------- made to hurt


def nested(times: int) -> bytes:
    """A signature around a signature, and so on."""
    data = text()
    for _ in range(times):
        data = part("application/pkcs7-mime", in_definite(data, SIGNED_OID))
    return HEAD + data


def test_signatures_around_signatures_are_as_deep_as_other_containers() -> None:
    (leaf,) = leaves(nested(CONTAINER.depth + 5))
    assert outcome(leaf) == "too_deep"


def test_elements_within_elements_are_refused() -> None:
    deep = b"\x30\x80" * 5_000
    for data in (
        element(0x30, SIGNED_OID, element(0xA0, element(0x30, VERSION, deep))),
        element(0x30, SIGNED_OID, element(0xA0, element(0x30, deep))),
    ):
        (leaf,) = leaves(data)
        assert outcome(leaf) == "bomb"


def test_attachments_without_number_are_counted_before_they_are_made() -> None:
    many = tnef.winmail(*[tnef.attribute(2, tnef.BEGINS, b"")] * 500)
    found = leaves(many, limits=ContainerLimits(entries=100))
    assert [outcome(leaf) for leaf in found] == ["too_many"]
    found = leaves(
        plain(*[uuencoded("a", b"x")] * 500), limits=ContainerLimits(entries=9)
    )
    assert Counter(map(outcome, found)) == {"I05": 9, "too_many": 1}


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "pieces of octets": lambda n: streamed(b"x" * 9).replace(
        definite(4, b"x" * 9), definite(4, b"") * n
    ),
    "algorithms": lambda n: element(
        0x30, SIGNED_OID,
        element(0xA0, element(0x30, VERSION, element(0x31, b"\5\0" * n), b"\x30\0")),
    ),
    "attributes": lambda n: tnef.MARK + b"\1\0" + tnef.attribute(1, 1, b"") * n,
    "properties": lambda n: tnef.winmail(
        tnef.attribute(1, tnef.MESSAGE, b"\xff\xff\xff\x7f" + b"\3\x10\1\0\0\0\0\0" * n)
    ),
    "beginnings": lambda n: plain(b"begin 644 a\n" * n),
    "beginnings and lines": lambda n: plain(b"begin 644 a\n!!!!!\n" * n),
    "lines of no file": lambda n: plain(b"begin 644 a\n" + b"#86)C\n" * n),
    "headers of a part": lambda n: b"Content-Type: text/plain\n" + b"X: y\n" * n + b"\n",
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_parts_cost_what_they_weigh(case: str) -> None:
    limits = ContainerLimits(entries=10**9)

    def taken_apart(size: int) -> Callable[[], object]:
        data = HOSTILE[case](size)
        return lambda: list(unpack("x", data, limits))

    assert grows_linearly(taken_apart, 8_000)


def test_damage_never_stops_it() -> None:
    """Every byte of the smallest ones, and every length they can be cut to."""
    for data in (
        streamed(text()), in_definite(text(), SIGNED_OID),
        tnef.winmail(tnef.file("a", b"x" * 9), passed_on(tnef.winmail(message=AUTHOR))),
    ):  # fmt: skip
        for at in range(len(data)):
            for spoiled in (data[:at], data[:at] + b"\xff" + data[at + 1 :]):
                found = leaves(spoiled)
                assert found
                assert {outcome(leaf) for leaf in found} <= {
                    "judge", "I05", "I06", "I08", "damaged", "truncated", "bomb", "tnef",
                    "link", "object", "sealed", "method", "too_deep",
                }  # fmt: skip


def test_messages_of_outlook_and_winmail_in_one_another() -> None:
    inner = tnef.winmail(tnef.file("a.xlsx", book()))
    whole = enclosing(outlook(("winmail.dat", inner)))
    assert outcomes(whole) == {"报送表.msg/winmail.dat/a.xlsx": "judge"}
