"""What the headers of a mail and of its parts say; the parser only splits them off."""

from __future__ import annotations

import re
from datetime import UTC
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from workbook_builder.intake.mail_names import parameters_of
from workbook_builder.intake.names import in_words, one_line, unescaped
from workbook_builder.model.arrival import Arrival, first_taken, plausible

#: More of a header than this is nobody's name.
_LONGEST_HEADER = 4_000
_LONGEST_DATE = 200


class MailPart(Message):
    """A part whose boundary is found in one go: the parser asks every part for it, and
    the standard library copies what is left of a header at each semicolon."""

    def get_boundary(self, failobj: Any = None) -> Any:
        parameters = parameters_of(raw_header(self, "Content-Type"))
        return parameters.get("boundary", "").rstrip() or failobj


def raw_header(message: Message, name: str) -> str:
    """The first header of that name on one line, its bytes as the parser has them."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return re.sub(r"\r?\n(?=[ \t])", "", str(value)[:_LONGEST_HEADER])
    return ""


def header(message: Message, name: str) -> str:
    return unescaped(raw_header(message, name))


def arrival(message: Message) -> Arrival:
    """By whom and when a mail was sent, as it says itself."""
    return Arrival(
        address(message),
        _sent(message),
        one_line(header(message, "Message-ID")),
        subject=one_line(in_words(header(message, "Subject"))),
        taken=first_taken(_servers(message)),
    )


def address(message: Message) -> str:
    """Of its author; all that is said where that is no address."""
    text = in_words(header(message, "From") or header(message, "Sender"))
    return one_line(parseaddr(text)[1] or text)


def _sent(message: Message) -> float | None:
    """Its own date; where that is none, when the first server took it."""
    return _moment(header(message, "Date")) or first_taken(_servers(message))


def _servers(message: Message) -> list[float]:
    """When each server took it, the mailbox's own first."""
    said = (
        _moment(str(value).rpartition(";")[2])
        for key, value in message.raw_items()
        if key.lower() == "received"
    )
    return [time for time in said if time is not None]


def _moment(text: str) -> float | None:
    try:
        date = parsedate_to_datetime(text[:_LONGEST_DATE].strip())
        # Without a zone it is UTC, as RFC 5322 reads -0000.
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return plausible(seconds)
