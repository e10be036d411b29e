"""Answers as real mail programs write them: heads, names and ways of attaching."""

from __future__ import annotations

import base64
import binascii
import io
import struct
import zipfile
from collections.abc import Callable
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import quote

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = b"%PDF-1.7\n%scan of the signed page\n%%EOF\n"


class Answer(NamedTuple):
    """What one clerk sends: a workbook under a name, in answer to a message."""

    sender: str
    name: str
    workbook: bytes
    when: datetime
    number: int
    refers_to: str = ""


def _head(mail: Message, answer: Answer, subject: str) -> None:
    mail["From"] = answer.sender
    mail["To"] = "zwgk@example.cn"
    mail["Subject"] = str(Header(subject, "gb2312"))
    mail["Date"] = format_datetime(answer.when.astimezone())
    mail["Message-ID"] = f"<{answer.number}.{len(answer.name)}@unit.example.cn>"
    if answer.refers_to:
        mail["In-Reply-To"] = answer.refers_to


def _part(disposition: str, kind: str, data: bytes) -> Message:
    part = Message()
    part["Content-Type"] = kind
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-Disposition"] = disposition
    part.set_payload(base64.encodebytes(data).decode())
    return part


def _word(name: str, charset: str) -> str:
    return Header(name, charset, maxlinelen=998).encode()


def replied(answer: Answer) -> Message:
    """Thunderbird: RFC 2231, in parts."""
    mail = EmailMessage(policy=policy.SMTP)
    _head(mail, answer, "回复：请填报")
    mail.set_content("已填好，见附件。\n\n> 原邮件\n")
    kind, _, sub = XLSX.partition("/")
    mail.add_attachment(answer.workbook, kind, sub, filename=answer.name)
    return mail


def by_outlook(answer: Answer) -> Message:
    """Outlook, Foxmail: the name as an encoded word in quotes, in GB2312."""
    mail = MIMEMultipart("mixed")
    _head(mail, answer, "答复: 请填报")
    mail.attach(MIMEText("<p>见附件</p>", "html", "gb2312"))
    name = _word(answer.name, "gb18030")
    kind = f'{XLSX}; name="{name}"'
    mail.attach(_part(f'attachment; filename="{name}"', kind, answer.workbook))
    return mail


def by_qq(answer: Answer) -> Message:
    """QQ: only a name of the type, of a general kind."""
    mail = MIMEMultipart("mixed")
    _head(mail, answer, "Re:请填报")
    mail.attach(MIMEText("来自QQ邮箱", "plain", "utf-8"))
    name = _word(answer.name, "utf-8")
    part = _part(
        "attachment", f'application/octet-stream; name="{name}"', answer.workbook
    )
    mail.attach(part)
    return mail


def forwarded_as_attachment(answer: Answer) -> Message:
    """A colleague's answer, passed on whole."""
    mail = MIMEMultipart("mixed")
    _head(mail, answer._replace(number=answer.number + 5000), "转发：请填报")
    mail.attach(MIMEText("请查收科里的报表", "plain", "utf-8"))
    mail.attach(MIMEMessage(replied(answer)))
    return mail


def forwarded_inline(answer: Answer) -> Message:
    """Apple Mail, 163: the workbook stands in the text, and the name is bare UTF-8."""
    mail = MIMEMultipart("related")
    _head(mail, answer, "Fw: 请填报")
    mail.attach(MIMEText("-----原始邮件-----", "plain", "utf-8"))
    extended = f"inline; filename*=utf-8''{quote(answer.name)}"
    mail.attach(_part(extended, "application/octet-stream", answer.workbook))
    return mail


def zipped(answer: Answer) -> Message:
    """A zip as WPS and Windows write it: the name in GBK, without saying so."""
    mail = MIMEMultipart("mixed")
    _head(mail, answer, "报送表")
    name = _word("年报.zip", "gb18030")
    data = gbk_zip(f"年报/{answer.name}", answer.workbook)
    mail.attach(_part(f'attachment; filename="{name}"', "application/zip", data))
    return mail


def gbk_zip(name: str, data: bytes) -> bytes:
    """An archive whose name is in GBK; the library only writes UTF-8."""
    buffer = io.BytesIO()
    raw = name.encode("gbk")
    stand_in = "x" * len(raw)
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(stand_in), data)
    packed = buffer.getvalue()
    assert packed.count(stand_in.encode()) == 2
    assert struct.unpack("<H", packed[6:8])[0] & 0x800 == 0
    assert binascii.crc32(data) == struct.unpack("<I", packed[14:18])[0]
    return packed.replace(stand_in.encode(), raw)


def renamed(answer: Answer) -> Message:
    return by_outlook(answer._replace(name="终稿（改2）.xlsx"))


def two_attachments(answer: Answer) -> Message:
    """The workbook, and the signed pages as a scan."""
    mail = by_outlook(answer)
    name = _word("签字盖章页.pdf", "utf-8")
    mail.attach(_part(f'attachment; filename="{name}"', "application/pdf", PDF))
    return mail


WAYS: tuple[Callable[[Answer], Message], ...] = (
    replied, by_outlook, by_qq, forwarded_as_attachment, forwarded_inline, zipped,
    renamed, two_attachments,
)  # fmt: skip


def written(answer: Answer) -> bytes:
    """The answer in the way its number says, with the line ends of the mail."""
    mail = WAYS[answer.number % len(WAYS)](answer)
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def returned_by_a_server(
    ours: bytes, action: str = "failed", to: str = "u1@unit.example.cn"
) -> bytes:
    """As postfix says it (RFC 3464)."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"], report["Subject"] = "MAILER-DAEMON@mx.example.cn", "Undelivered"
    report["Message-ID"] = f"<{action}@mx.example.cn>"
    parts = (
        f"Content-Type: text/plain\n\n{action}",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.cn\n\n"
        f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user\n",
        "Content-Type: message/rfc822\n\n" + ours.decode().replace("\r\n", "\n"),
    )
    head, _, _ = report.as_string().partition("\n\n")
    report.set_boundary("bounce")
    head, _, _ = report.as_string().partition("\n\n")
    body = "".join(f"--bounce\n{part}\n" for part in parts)
    return f"{head}\n\n{body}--bounce--\n".encode().replace(b"\n", b"\r\n")
