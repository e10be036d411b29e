"""The head of somebody's message, as far as it can be read. Pure, never raises.

The library's newer reader of heads needs minutes and gigabytes for some; what is read
here is short, and read with the older one.
"""

from __future__ import annotations

import email
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from workbook_builder.mail.texts import one_line

#: Longer is no name and no subject.
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class MailHead:
    """Empty where the message does not say; ``sender`` is the address alone."""

    sender: str = ""
    subject: str = ""
    message: str = ""
    type: str = ""


def read_head(data: bytes) -> MailHead:
    """From the first bytes of a message; a few kilobytes are enough."""
    mail = email.message_from_bytes(data, policy=policy.compat32)
    try:
        _, sender = parseaddr(_said(mail, "From"))
    except (RecursionError, ValueError, IndexError):
        sender = ""
    return MailHead(
        one_line(sender),
        _said(mail, "Subject"),
        _said(mail, "Message-ID"),
        mail.get_content_type(),
    )


def _said(mail: Message, name: str) -> str:
    raw = str(mail.get(name, ""))[:LONGEST]
    try:
        text = str(make_header(decode_header(raw)))
    except (MessageError, LookupError, ValueError):
        text = raw
    return one_line(text.encode("utf-8", "replace").decode())
