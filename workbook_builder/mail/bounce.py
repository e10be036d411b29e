"""退信: whether a message says that one of ours did not arrive. Pure.

A returned message carries our own workbook: taken for an answer, it would count as a
blank return of the unit.
"""

from __future__ import annotations

import email
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message

from workbook_builder.mail.heads import MailHead

_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
#: Who writes on behalf of a mail server.
_SERVERS = re.compile(r"(mailer-daemon|postmaster|mail-daemon)@.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """``message`` is the identifier of ours; ``reply`` what the server said."""

    message: str
    reply: str


def suspicious(head: MailHead) -> bool:
    """Whether a message, by its head, may have come from a mail server."""
    return head.type == "multipart/report" or bool(_SERVERS.fullmatch(head.sender))


def bounced(data: bytes, ours: Collection[str]) -> Bounce | None:
    """None where it is a delay, or about somebody else's message.

    Asked only of messages that are :func:`suspicious`.
    """
    try:
        return _bounced(email.message_from_bytes(data, policy=policy.compat32), ours)
    except (RecursionError, ValueError, LookupError):
        return None  # nested or spoiled beyond reading: an answer like any other


def _bounced(mail: Message, ours: Collection[str]) -> Bounce | None:
    report = mail.get_content_type() == "multipart/report"
    status = " ".join(_status(mail))
    if report and status and not re.search(r"Action:\s*failed", status, re.IGNORECASE):
        return None
    for id_ in _mentioned(mail):
        if id_ in ours:
            code = re.search(
                r"Diagnostic-Code:\s*(?:smtp;)?\s*(.*?)(?: \w[\w-]*:|$)", status
            )
            return Bounce(id_, code[1][:300] if code else "")
    return None


def _status(mail: Message) -> Iterator[str]:
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            yield " ".join(str(part).split())


def _mentioned(mail: Message) -> Iterator[str]:
    """Identifiers of the messages it returns, quotes or answers."""
    for name in ("In-Reply-To", "References"):
        yield from _ID.findall(str(mail.get(name, "")))
    for part in mail.walk():
        if part is not mail and part.get("Message-ID"):
            yield from _ID.findall(str(part["Message-ID"]))
        elif part.get_content_type() in ("text/rfc822-headers", "text/plain"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield from _ID.findall(payload.decode("utf-8", "replace"))
