"""winmail.dat: a mail as Outlook packs it for Outlook (MS-OXTNEF), taken apart.

A list of attributes, one after the other; those of an attachment follow the mark that
it begins. What is taken is sliced out of the bytes, so nothing gets larger than they
are. The one library for it, tnefparse, had its last release in 2021, cuts attachments
short that are stored twice, and unpacks all texts before anybody can say how much that
may be.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbook_builder.intake import mapi
from workbook_builder.intake.budget import Allowance, LimitReached
from workbook_builder.intake.clouds import file_at
from workbook_builder.intake.leaf import Member, Opened
from workbook_builder.intake.mail_text import Body, beginning
from workbook_builder.intake.names import decoded, one_line
from workbook_builder.intake.sniff import TNEF_MARK
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.letter import Letter, LetterKind

_START = 6  # the mark, and a key that nobody needs
_ATTRIBUTE = struct.Struct("<BII")  # level, number, length
_CHECKSUM = 2
# Attributes of an attachment, then of the message.
_BEGINS, _TITLE, _CONTENT, _ATTACHED = 0x69002, 0x18010, 0x6800F, 0x69005
_MESSAGE, _CODEPAGE = 0x69003, 0x69007

#: Type of a property → bytes of a value; of all others the value says it.
_SIZES = {
    2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16,
}  # fmt: skip
_LONG = {mapi.TEXT8, mapi.TEXT, mapi.OBJECT, mapi.BYTES}
_SEVERAL, _NAMED, _GUID = 0x1000, 0x8000, 16
#: What an attached message begins with.
_IS_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def open_tnef(data: bytes, budget: Allowance) -> Opened:
    """The attachments; raises UnreadableFile where it is cut off or damaged.

    Who sent it and when says the mail around it.
    """
    message = _read(data, budget)
    return Opened(_items(message, budget), letter=_letter(message))


@dataclass(slots=True)
class _Attachment:
    title: bytes = b""
    content: bytes | None = None
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)


@dataclass(slots=True)
class _Message:
    """``coding`` is empty where the bytes have to tell."""

    coding: str = ""
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    attachments: list[_Attachment] = field(default_factory=list)

    def text(self, properties: dict[int, tuple[int, bytes]], number: int) -> str:
        kind, raw = properties.get(number, (0, b""))
        if kind == mapi.TEXT:
            return raw.decode("utf-16-le", "replace").rstrip("\0").strip()
        return self.narrow(raw) if kind == mapi.TEXT8 else ""

    def narrow(self, raw: bytes) -> str:
        raw = raw.rstrip(b"\0")
        if not self.coding:
            return decoded(raw).strip()
        return raw.decode(self.coding, "replace").strip()


def _read(data: bytes, budget: Allowance) -> _Message:
    message = _Message()
    for number, value in _attributes(data):
        if number == _BEGINS:
            budget.spend_entry()
            message.attachments.append(_Attachment())
        elif number == _MESSAGE:
            message.properties = dict(_properties(value))
        elif number == _CODEPAGE:
            message.coding = mapi.codec(int.from_bytes(value[:4], "little"))
        elif message.attachments:
            _add(message.attachments[-1], number, value)
    return message


def _add(attachment: _Attachment, number: int, value: bytes) -> None:
    if number == _TITLE:
        attachment.title = value
    elif number == _CONTENT:
        attachment.content = value
    elif number == _ATTACHED:
        attachment.properties = dict(_properties(value))


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = _START
    # Some programs put a few zeros behind the last.
    while len(data) - at >= _ATTRIBUTE.size and any(data[at : at + _ATTRIBUTE.size]):
        level, number, length = _ATTRIBUTE.unpack_from(data, at)
        if level not in {1, 2}:
            raise UnreadableFile("tnef", f"level {level} at {at}")
        at += _ATTRIBUTE.size
        if at + length > len(data):
            raise UnreadableFile("tnef", f"cut off at {len(data)}")
        yield number, data[at : at + length]
        at += length + _CHECKSUM
    if at == _START:
        raise UnreadableFile("tnef", "nothing in it")


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Number → type and value; of several values the first."""
    cursor = _Cursor(data)
    for _ in range(cursor.number()):
        kind, number = cursor.number(2), cursor.number(2)
        if number & _NAMED:
            cursor.take(_GUID)
            if cursor.number():
                cursor.padded(cursor.number())
            else:
                cursor.number()
        yield number, (kind, _value(cursor, kind))


def _value(cursor: _Cursor, kind: int) -> bytes:
    several, kind = kind & _SEVERAL, kind & ~_SEVERAL
    if kind in _LONG:
        values = [cursor.padded(cursor.number()) for _ in range(cursor.number())]
        return values[0] if values else b""
    if kind not in _SIZES:
        raise UnreadableFile("tnef", f"a property of type {kind:#x}")
    count = cursor.number() if several else 1
    return cursor.padded(count * (2 if several and kind in {2, 0x0B} else _SIZES[kind]))


class _Cursor:
    """Goes through bytes and never beyond them."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) < count:
            raise UnreadableFile("tnef", f"{len(found)} of {count} bytes")
        self._at += count
        return found

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self.take(size), "little")

    def padded(self, count: int) -> bytes:
        """So many bytes, and what fills them up to a multiple of four, if it is there."""
        found = self.take(count)
        self._at = min(self._at + -count % 4, len(self._data))
        return found


def _items(message: _Message, budget: Allowance) -> Iterator[Member]:
    for number, each in enumerate(message.attachments, 1):
        names = [message.text(each.properties, name) for name in mapi.NAMES]
        names.insert(1, message.narrow(each.title))
        name = next(filter(None, names), f"附件{number}")
        try:
            yield _item(message, each, name, budget)
        except UnreadableFile as error:
            if isinstance(error, LimitReached):
                raise
            yield Member(name, trouble=error)


def _item(
    message: _Message, attachment: _Attachment, name: str, budget: Allowance
) -> Member:
    kind, data = attachment.properties.get(mapi.DATA, (0, b""))
    if kind == mapi.OBJECT:
        return _object(data, name, budget)
    content = data if attachment.content is None else attachment.content
    if not content and _method(attachment) in mapi.LINKED:
        return _elsewhere(attachment, name, message)
    budget.spend_bytes(len(content))
    return Member(name, content)


def _elsewhere(attachment: _Attachment, name: str, message: _Message) -> Member:
    """An attachment of which only the place is known."""
    places = (message.text(attachment.properties, number) for number in mapi.PLACES)
    found = (file_at(name, place) for place in places if place)
    file = next((each for each in found if each is not None), None)
    if file is None:
        raise UnreadableFile("link")
    return Member(name, letter=Letter(LetterKind.CLOUD, cloud=file))


def _method(attachment: _Attachment) -> int:
    return int.from_bytes(attachment.properties.get(mapi.METHOD, (0, b""))[1], "little")


def _object(data: bytes, name: str, budget: Allowance) -> Member:
    """A message that was passed on, packed like the one around it, or another object."""
    inner = data.removeprefix(_IS_MESSAGE)
    if not (data.startswith(_IS_MESSAGE) and inner.startswith(TNEF_MARK)):
        raise UnreadableFile("object")
    budget.spend_bytes(len(inner))
    message = _read(inner, budget)
    opened = Opened(_items(message, budget), _arrival(message), letter=_letter(message))
    return Member(
        name if name.lower().endswith(".msg") else f"{name}.msg", inside=opened
    )


def _letter(message: _Message) -> Letter:
    """What it is where nothing is attached; the text of most is in the mail around."""
    kind, raw = message.properties.get(mapi.BODY, (0, b""))
    coding = "utf-16-le" if kind == mapi.TEXT else message.coding
    return Letter(LetterKind.TEXT, beginning([Body(raw.rstrip(b"\0"), coding)]))


def _arrival(message: _Message) -> Arrival:
    said = [message.text(message.properties, number) for number in mapi.SENDERS]
    times = [message.properties.get(n) for n in (mapi.SUBMITTED, mapi.DELIVERED)]
    sent = [mapi.seconds(int.from_bytes(each[1], "little")) for each in times if each]
    return Arrival(
        one_line(next((each for each in said if "@" in each), "")),
        next((each for each in sent if each is not None), None),
        one_line(message.text(message.properties, mapi.MESSAGE_ID)),
        subject=one_line(message.text(message.properties, mapi.SUBJECT)),
    )
