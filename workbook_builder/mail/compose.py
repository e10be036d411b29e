"""A letter → the bytes of a message every mail program shows alike. Pure.

Same letter, same bytes: identifiers and boundaries come from the content. A draft has
no date; the mail program that sends it writes one.
"""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.generator import BytesGenerator
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.message import Message as Part
from typing import cast
from urllib.parse import quote

from workbook_builder.mail.texts import Message, one_line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Lines of a message end in CR LF; headers written by us are left as written.
_POLICY = policy.SMTP.clone(refold_source="none")
#: A longer parameter is split (RFC 2231): no line may exceed 998 bytes.
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Attachment:
    """A workbook under the name the unit is to see."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One message to one unit.

    ``sender`` may be missing in a draft: the program that sends it knows its account.
    ``refers_to`` is the identifier of the message this one continues.
    """

    to: tuple[Address, ...]
    message: Message
    id: str
    sender: Address | None = None
    attachments: tuple[Attachment, ...] = ()
    reply_to: Address | None = None
    refers_to: str = ""


def address(email: str, name: str = "") -> Address | None:
    """An address as a header can hold it; None where it is none.

    A domain in Chinese letters is written the way the mail system knows it.
    """
    local, _, domain = email.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
        found = Address(one_line(name), addr_spec=f"{local}@{domain}")
    except (ValueError, IndexError, AttributeError, MessageError):
        return None
    plain = found.addr_spec.isascii() and found.domain and found.username
    return found if plain and one_line(found.addr_spec) == found.addr_spec else None


def message_id(domain: str, *parts: str) -> str:
    """The same for the same parts, whenever it is made."""
    return f"<wb.{_digest(*parts)}@{domain}>"


def compose(letter: OutgoingMail, when: datetime | None = None) -> bytes:
    """The whole message with its line ends. Without ``when`` it is a draft."""
    mail = EmailMessage(policy=_POLICY)
    if letter.sender is not None:
        mail["From"] = letter.sender
    mail["To"] = letter.to
    if letter.reply_to is not None:
        mail["Reply-To"] = letter.reply_to
    mail["Subject"] = letter.message.subject
    if when is None:
        mail["X-Unsent"] = "1"  # Outlook opens the file ready to be sent
    else:
        mail["Date"] = when
    mail["Message-ID"] = letter.id
    if letter.refers_to:
        mail["In-Reply-To"] = mail["References"] = letter.refers_to
    mail.set_content(letter.message.text, cte="base64")
    mail.add_alternative(letter.message.html, subtype="html", cte="base64")
    mail.make_mixed()
    for attachment in letter.attachments:
        # The library takes any part; its stub, only those that fold their headers.
        mail.attach(cast(EmailMessage, _part(attachment)))
    return _bytes(mail, letter.id)


def _bytes(mail: EmailMessage, seed: str) -> bytes:
    for index, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{_digest(seed, str(index))}")
    buffer = io.BytesIO()
    BytesGenerator(buffer, policy=_POLICY).flatten(mail)
    return buffer.getvalue()


def _part(attachment: Attachment) -> Part:
    """The name in every way there is.

    RFC 2231 (``filename*``) is the rule; Foxmail and older Outlook, QQ and 网易 know
    what RFC 2047 forbids and everybody does, an encoded word in quotes, as ``filename``
    or only as ``name``.
    """
    name, part = one_line(attachment.name), Part()
    word = f'"{_encoded_word(name)}"'
    part["Content-Type"] = f"{XLSX};\r\n name={word}"
    part["Content-Transfer-Encoding"] = "base64"
    disposition = f"attachment;\r\n filename={word}"
    if not name.isascii():
        disposition += "".join(f";\r\n {each}" for each in _extended(name))
    part["Content-Disposition"] = disposition
    part.set_payload(base64.encodebytes(attachment.data).decode())
    return part


def _encoded_word(name: str) -> str:
    if name.isascii():
        return name.replace("\\", "_").replace('"', "_")
    return Header(name, "utf-8", maxlinelen=75).encode().replace("\n", "\r\n")


def _extended(name: str) -> list[str]:
    text = quote(name, safe="")
    if len(text) <= _LONGEST:
        return [f"filename*=UTF-8''{text}"]
    # Split between characters, for readers that decode each piece by itself.
    pieces = [quote(name[at : at + 8], safe="") for at in range(0, len(name), 8)]
    pieces[0] = f"UTF-8''{pieces[0]}"
    return [f"filename*{n}*={piece}" for n, piece in enumerate(pieces)]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
