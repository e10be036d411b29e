"""winmail.dat as Outlook writes it (MS-OXTNEF); no library writes it."""

from __future__ import annotations

import struct
from collections.abc import Sequence

MARK = b"\x78\x9f\x3e\x22"
# Attributes.
VERSION, CODEPAGE, MESSAGE_CLASS, MESSAGE = 0x89006, 0x69007, 0x78008, 0x69003
BEGINS, TITLE, CONTENT, ATTACHED = 0x69002, 0x18010, 0x6800F, 0x69005
# Types of properties.
INTEGER, BOOLEAN, OBJECT, NARROW, WIDE, TIME, BINARY = (
    3,
    11,
    13,
    0x1E,
    0x1F,
    0x40,
    0x102,
)
IS_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
IS_STORAGE = bytes.fromhex("0b00000000000000c000000000000046")

Property = tuple[int, int, object]


def attribute(level: int, number: int, value: bytes) -> bytes:
    checksum = sum(value) & 0xFFFF
    return (
        struct.pack("<BII", level, number, len(value))
        + value
        + struct.pack("<H", checksum)
    )


def _padded(value: bytes) -> bytes:
    return value + bytes(-len(value) % 4)


def _value(kind: int, value: object) -> bytes:
    match value:
        case int():
            size = 8 if kind == TIME else 4
            return value.to_bytes(size, "little")
        case str():
            wide = kind == WIDE
            raw = (value + "\0").encode("utf-16-le" if wide else "gbk")
        case bytes():
            raw = value
        case _:
            raise AssertionError(value)
    return struct.pack("<II", 1, len(raw)) + _padded(raw)


def properties(*given: Property) -> bytes:
    """A list of properties; a number above 0x8000 gets a name, as Outlook's own have."""
    listed = b""
    for number, kind, value in given:
        listed += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            name = "x-name\0".encode("utf-16-le")
            listed += bytes(16) + struct.pack("<II", 1, len(name)) + _padded(name)
        listed += _value(kind, value)
    return struct.pack("<I", len(given)) + listed


def attachment(
    title: str, content: bytes | None, *given: Property, narrow: str = "gbk"
) -> bytes:
    """The attributes of one; ``title`` is the name that old programs read."""
    made = attribute(2, BEGINS, struct.pack("<HI4xI", 1, 0xFFFFFFFF, 0))
    made += attribute(2, TITLE, title.encode(narrow) + b"\0")
    if content is not None:
        made += attribute(2, CONTENT, content)
    return made + (attribute(2, ATTACHED, properties(*given)) if given else b"")


def file(name: str, content: bytes) -> bytes:
    """An attached file as Outlook of today writes it."""
    short = "REPORT~1.XLS"
    return attachment(short, content, (0x8123, WIDE, "中"), (0x3707, WIDE, name))


def winmail(
    *attachments: bytes, message: Sequence[Property] = (), codepage: int = 936
) -> bytes:
    head = MARK + b"\1\0" + attribute(1, VERSION, struct.pack("<I", 0x10000))
    head += attribute(1, CODEPAGE, struct.pack("<II", codepage, 0))
    head += attribute(1, MESSAGE_CLASS, b"IPM.Microsoft Mail.Note\0")
    said = properties((0x0037, WIDE, "报送"), (0x8001, BOOLEAN, 1), *message)
    return head + attribute(1, MESSAGE, said) + b"".join(attachments)
