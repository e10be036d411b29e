"""A mail as a file (.eml): its attachments under the names their sender gave them.

The standard library's parser splits it; names are recovered here, because mail
programs write them in a dozen ways, several of which no standard knows.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from workbook_builder.bounds.limits import ContainerLimits
from workbook_builder.intake.budget import Allowance, LimitReached
from workbook_builder.intake.leaf import Member, Opened
from workbook_builder.intake.mail_names import attachment_name, parameters_of
from workbook_builder.intake.names import in_words, one_line, printable, unescaped
from workbook_builder.model.arrival import Arrival, plausible
from workbook_builder.model.errors import UnreadableFile

BOUNCE, NO_ATTACHMENT = "I07", "I06"

#: More of a header than this is nobody's name: the parser is slow on long ones.
_LONGEST_HEADER = 4_000
_LONGEST_DATE = 200

#: Parts of a mail that nobody attached.
_MACHINERY = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "message/delivery-status",
    "message/disposition-notification",
}
#: Where a mail says how its parts are told apart, and where one may begin or end.
_DECLARED = re.compile(rb'boundary\s*=\s*(?:"([^"\n]{1,200})"|([^\s";]{1,200}))')
_DASHED = re.compile(rb"\n--([^\n]{1,204})")
#: Before that the parser itself gives up.
_DEEPEST = 1_000
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n|\r\r")


def open_mail(data: bytes, budget: Allowance) -> Opened:
    """The attachments of a mail; raises UnreadableFile where it cannot be split."""
    _refuse_bombs(data, budget.limits)
    try:
        message = BytesParser(_Part).parsebytes(data)
    except Exception as error:
        # Nothing is promised for what is no mail; RecursionError is one of them.
        raise UnreadableFile("damaged", f"{type(error).__name__}: {error}") from error
    return _opened(message, budget)


def _refuse_bombs(data: bytes, limits: ContainerLimits) -> None:
    """What would keep the parser busy for long."""
    if len(data) > limits.mail:
        raise UnreadableFile("too_large", f"{len(data)} bytes")
    empty = _EMPTY_LINE.search(data)
    if (empty.start() if empty else len(data)) > limits.mail_head:
        raise UnreadableFile("bomb", f"a head of over {limits.mail_head} bytes")
    lines = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    if lines > limits.mail_lines:
        raise UnreadableFile("bomb", f"{lines} lines")
    dashes = data.count(b"\n--") + data.count(b"\r--")
    if dashes > limits.mail_parts or lines * dashes > limits.mail_work:
        _refuse_brackets(data, lines, limits)


def _refuse_brackets(data: bytes, lines: int, limits: ContainerLimits) -> None:
    text = data.lower().replace(b"\r", b"\n")
    dashed, announced = list(_DASHED.finditer(text)), text.count(b"boundary")
    declared = list(_DECLARED.finditer(text))
    names = {mark[1] or mark[2] for mark in declared}
    if len(declared) == announced and not any(b"\\" in name for name in names):
        parts = [mark for mark in dashed if _belongs(mark[1].rstrip(), names)]
        count, deepest = len(parts), _depth(declared, parts)
    else:  # spelled as no mail program does, or the word stands in a text
        count, deepest = len(dashed), announced
    if max(announced, count) > limits.mail_parts:
        raise UnreadableFile("bomb", f"{count} parts")
    # For every line the parser asks whether it ends one of the parts around it.
    if deepest > _DEEPEST or lines * deepest > limits.mail_work:
        raise UnreadableFile("bomb", f"{deepest} parts within one another")


def _belongs(dashed: bytes, names: set[bytes]) -> bool:
    return dashed in names or dashed.removesuffix(b"--") in names


def _depth(
    declared: Sequence[re.Match[bytes]], parts: Sequence[re.Match[bytes]]
) -> int:
    """How many brackets are open at once, if each is where it seems to be."""
    around: list[bytes] = []
    deepest = 0
    for mark in sorted((*declared, *parts), key=re.Match.start):
        if mark.re is _DECLARED:
            around.append(mark[1] or mark[2])
            deepest = max(deepest, len(around))
            if deepest > _DEEPEST:
                break
        else:
            _end(around, mark[1].rstrip())
    return deepest


def _end(around: list[bytes], dashed: bytes) -> None:
    """A part begins: it ends what is within the brackets it belongs to, and these too
    where dashes follow."""
    name = dashed.removesuffix(b"--")
    if name in around:
        innermost = len(around) - around[::-1].index(name)
        del around[innermost - (dashed != name) :]


def _opened(message: Message, budget: Allowance) -> Opened:
    arrival = Arrival(_sender(message), _sent(message), _message_id(message))
    if _is_report(message):
        return Opened(iter(()), arrival, ignored=BOUNCE)
    return Opened(_items(message, budget), arrival, ignored=NO_ATTACHMENT)


def _is_report(message: Message) -> bool:
    """Whether a machine says what became of a mail of ours, which it encloses."""
    return message.get_content_type() == "multipart/report"


def _items(message: Message, budget: Allowance) -> Iterator[Member]:
    number = 0
    for part in _parts(message):
        name = _name(part, budget)
        if part.get_content_type() in _MACHINERY or not (name or _is_attachment(part)):
            continue  # the text of the mail, or what only mail programs read
        budget.spend_entry()
        number += 1
        try:
            yield _item(part, name or f"附件{number}", budget)
        except UnreadableFile as error:
            if isinstance(error, LimitReached):
                raise
            yield Member(name or f"附件{number}", trouble=error)


def _parts(message: Message) -> Iterator[Message]:
    """Every part that is not only a bracket around others; no mail within the mail."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(reversed(_below(part)))
        else:
            yield part


def _below(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)]


def _is_attachment(part: Message) -> bool:
    if (part.get_content_disposition() or "").startswith("attachment"):
        return True
    # A bracket that holds nothing is a mail that was cut off.
    return part.get_content_maintype() != "text"


def _item(part: Message, name: str, budget: Allowance) -> Member:
    if part.get_content_maintype() == "multipart":
        return Member(name, trouble=UnreadableFile("truncated", "a part without end"))
    if part.is_multipart():
        return _enclosed(part, name, budget)
    data = _content(part)
    budget.spend_bytes(len(data))
    return Member(name, data)


def _enclosed(part: Message, name: str, budget: Allowance) -> Member:
    """A mail that was passed on as an attachment."""
    inner = _below(part)[0]
    coding = (part.get("Content-Transfer-Encoding") or "").strip().lower()
    if coding == "base64":
        # Not allowed for mails, and done all the same: the parser took it as it is.
        data = _unarmoured(str(inner.get_payload()))
        budget.spend_bytes(len(data))
        return Member(_as_mail(name), data)
    subject = _header(inner, "Subject")
    return Member(
        _as_mail(
            _name(part, budget) or printable(in_words(subject)) if subject else name
        ),
        inside=_opened(inner, budget),
    )


def _as_mail(name: str) -> str:
    return name if name.lower().endswith((".eml", ".msg")) else f"{name}.eml"


def _unarmoured(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text.encode("ascii", "ignore"))
    except binascii.Error as error:
        raise UnreadableFile("truncated", str(error)) from None


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except Exception as error:
        raise UnreadableFile("damaged", f"{type(error).__name__}: {error}") from error
    if not isinstance(content, bytes):
        raise UnreadableFile("damaged", "a part without content")
    return content


# ---------------------------------------------------------------- headers


class _Part(Message):
    """A part whose boundary is found in one go: the parser asks every part for it, and
    the standard library copies what is left of a header at each semicolon."""

    def get_boundary(self, failobj: Any = None) -> Any:
        parameters = parameters_of(_raw_header(self, "Content-Type"))
        return parameters.get("boundary", "").rstrip() or failobj


def _raw_header(message: Message, name: str) -> str:
    """The first header of that name on one line, its bytes as the parser has them."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return re.sub(r"\r?\n(?=[ \t])", "", str(value)[:_LONGEST_HEADER])
    return ""


def _header(message: Message, name: str) -> str:
    return unescaped(_raw_header(message, name))


def _name(part: Message, budget: Allowance) -> str:
    """The name of an attachment; empty where it has none."""
    headers = [_header(part, key) for key in ("Content-Disposition", "Content-Type")]
    budget.spend_name(sum(map(len, headers)))
    return attachment_name(*headers)


def _sender(message: Message) -> str:
    text = in_words(_header(message, "From") or _header(message, "Sender"))
    return one_line(parseaddr(text)[1] or text)


def _message_id(message: Message) -> str:
    return one_line(_header(message, "Message-ID"))


def _sent(message: Message) -> float | None:
    """Its own date; where that is none, when the first server took it."""
    received = [
        str(value).rpartition(";")[2]
        for key, value in message.raw_items()
        if key.lower() == "received"
    ]
    for text in (_header(message, "Date"), *reversed(received)):
        try:
            date = parsedate_to_datetime(text[:_LONGEST_DATE].strip())
            # Without a zone it is UTC, as RFC 5322 reads -0000.
            seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
        if plausible(seconds) is not None:
            return seconds
    return None
