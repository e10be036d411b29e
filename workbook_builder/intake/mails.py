"""A mail as a file (.eml): its attachments under the names their sender gave them.

The standard library's parser splits it; names are recovered here, because mail
programs write them in a dozen ways, several of which no standard knows.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from email.message import Message
from email.parser import BytesParser
from itertools import islice

from workbook_builder.bounds.limits import CONTAINER, ContainerLimits
from workbook_builder.intake.bounces import is_automatic, of_a_machine
from workbook_builder.intake.budget import Allowance, LimitReached
from workbook_builder.intake.clouds import file_at
from workbook_builder.intake.leaf import Member, Opened
from workbook_builder.intake.mail_bounds import refuse_bombs
from workbook_builder.intake.mail_head import MailPart, arrival, header
from workbook_builder.intake.mail_names import attachment_name, parameters_of
from workbook_builder.intake.mail_text import Body, beginning, linked, told
from workbook_builder.intake.names import in_words, printable
from workbook_builder.intake.signed import signed_content
from workbook_builder.intake.sniff import APPLE_DOUBLE, SEALED, is_part, mail_from
from workbook_builder.intake.uuencoded import uuencoded
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.letter import Bounce, CloudFile, Letter, LetterKind

SIGNATURE = "I08"

#: Parts of a mail that nobody attached.
_MACHINERY = {
    "application/pgp-encrypted",
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "message/delivery-status",
    "message/disposition-notification",
}
_BEGINNING = 4096
_TEXTS, _MOST_BODIES = {"text/plain", "text/html"}, 20
#: Parts that look like mails to the parser and hold none.
_PIECE, _ELSEWHERE = "message/partial", "message/external-body"


def open_mail(data: bytes, budget: Allowance) -> Opened:
    """The attachments of a mail; raises UnreadableFile where it cannot be split."""
    data = mail_from(data)
    refuse_bombs(data, budget.limits)
    try:
        message = BytesParser(MailPart).parsebytes(data)
    except Exception as error:
        # Nothing is promised for what is no mail; RecursionError is one of them.
        raise UnreadableFile("damaged", f"{type(error).__name__}: {error}") from error
    return _opened(message, budget)


def open_signed(data: bytes, budget: Allowance) -> Opened:
    """What a signature was put around: mostly the parts of the mail it came in."""
    content = signed_content(data)
    if content is None:
        return Opened(iter(()), ignored=SIGNATURE)
    budget.spend_bytes(len(content))
    if is_part(content[:_BEGINNING]):
        return open_mail(content, budget)
    return Opened(iter((Member("签名的内容", content),)))


def returned_mail(data: bytes, limits: ContainerLimits = CONTAINER) -> Bounce | None:
    """What a server says of a mail that did not arrive; None for any other mail."""
    try:
        letter = open_mail(data, Allowance(limits)).letter
    except UnreadableFile:
        return None  # an answer like any other
    return letter.bounce if letter else None


def _opened(message: Message, budget: Allowance) -> Opened:
    parts = list(_parts(message))
    bodies = list(islice(_bodies(parts), _MOST_BODIES))
    letter = of_a_machine(message, parts, told(bodies))
    if letter is not None:
        return Opened(iter(()), arrival(message), letter=letter)
    kind = LetterKind.NOTICE if is_automatic(message) else LetterKind.TEXT
    return Opened(
        _items(parts, bodies, budget),
        arrival(message),
        letter=Letter(kind, beginning(bodies)),
    )


def _bodies(parts: Iterable[Message]) -> Iterator[Body]:
    """The texts that nobody attached."""
    for part in parts:
        kind = part.get_content_type()
        if (
            kind not in _TEXTS
            or _is_attachment(part)
            or attachment_name(*_headers(part))
        ):
            continue
        with suppress(UnreadableFile):
            charset = parameters_of(header(part, "Content-Type")).get("charset", "")
            yield Body(_content(part), charset, kind == "text/html")


def _items(
    parts: Iterable[Message], bodies: Sequence[Body], budget: Allowance
) -> Iterator[Member]:
    number = count = 0
    for part in parts:
        name = _name(part, budget)
        if part.get_content_type() in _MACHINERY:
            continue  # what only mail programs read
        if not (name or _is_attachment(part)):
            found = _in_text(part, budget)
        else:
            number += 1
            found = _attached(part, name or f"附件{number}", budget)
        for member in found:
            count += 1
            yield member
    for file in linked(bodies, alone=count == 0):
        budget.spend_entry()
        yield Member(file.name, letter=Letter(LetterKind.CLOUD, cloud=file))


def _in_text(part: Message, budget: Allowance) -> Iterator[Member]:
    """Files that stand in the text of the mail, or that it is encrypted."""
    try:
        text = _content(part)
    except UnreadableFile:
        return  # nobody promised a file here
    for mark, by in SEALED.items():
        if text.lstrip().startswith(mark):
            yield Member("正文", trouble=UnreadableFile("sealed", by))
    for member in uuencoded(text, budget):
        budget.spend_entry()
        yield member


def _attached(part: Message, name: str, budget: Allowance) -> Iterator[Member]:
    budget.spend_entry()
    try:
        member = _item(part, name, budget)
    except UnreadableFile as error:
        if isinstance(error, LimitReached):
            raise
        member = Member(name, trouble=error)
    if not member.data.startswith(APPLE_DOUBLE):  # what macOS keeps beside a file
        yield member


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
    elsewhere = _elsewhere(part, name)
    if elsewhere is not None:
        return Member(name, letter=Letter(LetterKind.CLOUD, cloud=elsewhere))
    if part.is_multipart():
        return _enclosed(part, name, budget)
    data = _content(part)
    budget.spend_bytes(len(data))
    return Member(name, data)


def _elsewhere(part: Message, name: str) -> CloudFile | None:
    """Word of a file elsewhere, which says where; raises UnreadableFile where it does not,
    and for a piece of a mail that was cut up for sending."""
    kind, said = part.get_content_type(), parameters_of(header(part, "Content-Type"))
    if kind == _PIECE:
        raise UnreadableFile(
            "partial", f"{said.get('number', '?')[:9]}/{said.get('total', '?')[:9]}"
        )
    if kind != _ELSEWHERE:
        return None
    found = file_at(name, said.get("url", ""))
    if found is None:
        raise UnreadableFile("link")
    return found


def _enclosed(part: Message, name: str, budget: Allowance) -> Member:
    """A mail that was passed on as an attachment."""
    inner = _below(part)[0]
    coding = (part.get("Content-Transfer-Encoding") or "").strip().lower()
    if coding == "base64":
        # Not allowed for mails, and done all the same: the parser took it as it is.
        data = _unarmoured(str(inner.get_payload()))
        budget.spend_bytes(len(data))
        return Member(_as_mail(name), data)
    subject = header(inner, "Subject")
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


def _headers(part: Message) -> list[str]:
    """Where the name of an attachment stands."""
    return [header(part, key) for key in ("Content-Disposition", "Content-Type")]


def _name(part: Message, budget: Allowance) -> str:
    """The name of an attachment; empty where it has none."""
    headers = _headers(part)
    budget.spend_name(sum(map(len, headers)))
    return attachment_name(*headers)
