"""退信: what mail servers write when a mail did not arrive, and other mail of machines.

A standard form (RFC 3464) says all there is; where a server has its own, it is known by
who writes and by what is said, both together: somebody may call his own mail so, and a
unit may write from the address of its postmaster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message

from workbook_builder.intake.ignored import promises_spreadsheet
from workbook_builder.intake.mail_head import address, header
from workbook_builder.intake.mail_names import attachment_name, parameters_of
from workbook_builder.intake.names import in_words, one_line
from workbook_builder.model.letter import Bounce, Letter, LetterKind

_REPORT, _STATUS = "multipart/report", "message/delivery-status"
_READ = "message/disposition-notification"
#: Mails that were sent, as far as a server gives them back.
_ENCLOSED = {"message/rfc822", "message/rfc822-headers", "text/rfc822-headers"}

#: Who writes on behalf of a mail server.
_SERVERS = re.compile(
    r"(mailer-daemon|postmaster|mail-daemon|mailerdaemon|mail\.daemon|mdaemon"
    r"|microsoftexchange[0-9a-f]{32})@.*",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"退信|退回|未送达|未传递|未能传递|未能送达|无法送达|无法投递|无法传递|无法发送|投递失败|发送失败|递送失败"
    r"|拒收|被拒绝|undeliver"
    r"|returned? (mail|to sender)|mail returned|delivery (status|failure|has failed)"
    r"|deliver(y|ed)? fail|failure notice|could ?n[o']t be delivered|mail system error",
    re.IGNORECASE,
)
#: What a server says that still tries.
_DELAYS = re.compile(
    r"延迟|推迟|delay|being retried|could not send message for past", re.IGNORECASE
)
#: How programs begin the subject of what they answer or confirm for somebody.
_ANSWERS = re.compile(
    r"\s*(?:自动回复|自动答复|已读|automatic reply|auto(?:[- ]?reply|response)|out of office"
    r"|read)\s?[:：]",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"退信原因|被退回|退信通知|无法送达|无法投递|投递失败|未能送达|qmail-send program"
    r"|sorry to have to inform you|could not be delivered|was(n't| not) delivered"
    r"|delivery to the following recipients? failed|permanent(ly)? (error|failed)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}",
    re.ASCII,
)
_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
_REPLY = re.compile(
    r"(?<![\d.-])[45]\d\d[ -][^\r\n]{1,250}|[45]\.\d\.\d{1,2} [^\r\n]{1,250}"
)
_MOST, _SHOWN = 50, 300


def of_a_machine(
    message: Message, parts: Iterable[Message], text: str
) -> Letter | None:
    """What a machine has to say; None where a person writes. ``parts`` are all that are
    in the mail, not in those it encloses; ``text`` is what it begins with."""
    parts = list(parts)
    kinds = {part.get_content_type(): part for part in parts}
    if _STATUS in kinds:
        return _reported(message, kinds, text)
    if _says_it_failed(message):
        return Letter(
            LetterKind.BOUNCE, _start(text), bounce=_bounce(message, kinds, text)
        )
    by_server = _is_server(message) and not _brings_workbook(parts)
    subject = in_words(header(message, "Subject"))
    kind = said_by_server(subject, text) if by_server else LetterKind.TEXT
    if kind is LetterKind.NOTICE:
        return Letter(kind, _start(text))
    if kind is LetterKind.BOUNCE:
        return Letter(kind, _start(text), bounce=_bounce(message, kinds, text))
    if message.get_content_type() == _REPORT or _READ in kinds:
        return Letter(LetterKind.NOTICE, _start(text))
    return None


def is_server(sender: str) -> bool:
    """Whether an address is one by which mail servers write."""
    return bool(_SERVERS.fullmatch(sender))


def said_by_server(subject: str, text: str) -> LetterKind:
    """What a server writes of, in words of its own."""
    if _DELAYS.search(subject):
        return LetterKind.NOTICE
    failed = _SUBJECTS.search(subject) or _WORDS.search(text)
    return LetterKind.BOUNCE if failed else LetterKind.TEXT


def bounce_in(text: str) -> Bounce:
    """What the words alone tell."""
    return Bounce(
        _few(found[0] for found in _ADDRESS.finditer(text)),
        _few(found[0] for found in _ID.finditer(text)),
        one_line(next((found[0] for found in _REPLY.finditer(text)), "")),
    )


def _says_it_failed(message: Message) -> bool:
    """A report about delivery whose machine-readable part is missing."""
    said = parameters_of(header(message, "Content-Type")).get("report-type", "")
    return message.get_content_type() == _REPORT and said.lower() == "delivery-status"


def is_automatic(message: Message) -> bool:
    """Whether it says that no person wrote it (RFC 3834), or a program answers."""
    said = header(message, "Auto-Submitted").strip().lower().startswith("auto-")
    return said or answers_by_itself(in_words(header(message, "Subject")))


def answers_by_itself(subject: str) -> bool:
    """Whether a subject begins as programs begin it that answer for somebody."""
    return bool(_ANSWERS.match(subject))


def _brings_workbook(parts: Iterable[Message]) -> bool:
    """Beside a mail it encloses: then somebody attached it."""
    names = (
        attachment_name(
            header(part, "Content-Disposition"), header(part, "Content-Type")
        )
        for part in parts
    )
    return any(map(promises_spreadsheet, names))


def _start(text: str) -> str:
    return " ".join(text.split())[:_SHOWN]


def _reported(message: Message, kinds: dict[str, Message], text: str) -> Letter:
    status = list(_fields(kinds[_STATUS]))
    actions = {value.lower() for name, value in status if name == "action"}
    # Some leave the action out.
    if actions and "failed" not in actions:
        return Letter(LetterKind.NOTICE, _start(text))
    to = [
        found[0]
        for name, value in status
        if name in {"final-recipient", "original-recipient"}
        for found in _ADDRESS.finditer(value)
    ]
    replies = [value for name, value in status if name == "diagnostic-code"]
    bounce = _bounce(message, kinds, text, to, [_server_said(r) for r in replies])
    return Letter(LetterKind.BOUNCE, _start(text), bounce=bounce)


def _fields(status: Message) -> Iterator[tuple[str, str]]:
    """The parser makes a message of each paragraph."""
    payload = status.get_payload()
    for block in payload if isinstance(payload, list) else [status]:
        if isinstance(block, Message):
            for name, value in block.raw_items():
                yield name.lower(), " ".join(str(value).split())[:1000]


def _server_said(diagnostic: str) -> str:
    """Without the kind of server in front."""
    kind, mark, said = diagnostic.partition(";")
    return said.strip() if mark and kind.strip().isalnum() else diagnostic


def _bounce(
    message: Message,
    kinds: dict[str, Message],
    text: str,
    to: Iterable[str] = (),
    replies: Iterable[str] = (),
) -> Bounce:
    enclosed = [_inside(kinds[kind]) for kind in sorted(_ENCLOSED & kinds.keys())]
    said = [header(message, "X-Failed-Recipients"), text]
    said += [header(each, "To") for each in enclosed]
    guessed = (found[0] for each in said for found in _ADDRESS.finditer(each))
    own = address(message).casefold()
    recipients = [each for each in (*to, *guessed) if each.casefold() != own]
    heads = [header(message, name) for name in ("In-Reply-To", "References")]
    heads += [header(each, "Message-ID") for each in enclosed]
    ids = (found[0] for each in (*heads, text) for found in _ID.finditer(each))
    reply = next(iter(replies), "") or next((m[0] for m in _REPLY.finditer(text)), "")
    return Bounce(_few(recipients), _few(ids), one_line(reply))


def _inside(part: Message) -> Message:
    """The mail that is enclosed, or its head that is kept as a text."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    found = Message()
    for line in str(payload)[:20_000].splitlines():
        name, mark, value = line.partition(":")
        if mark and name.strip().lower() in {"to", "message-id"}:
            found[name.strip()] = value.strip()
    return found


def _few(found: Iterable[str]) -> tuple[str, ...]:
    unique = dict.fromkeys(one_line(each) for each in found)
    return tuple(unique)[:_MOST]


def _is_server(message: Message) -> bool:
    return (
        is_server(address(message))
        or header(message, "Return-Path").strip() == "<>"
        or bool(header(message, "X-Failed-Recipients"))
    )
