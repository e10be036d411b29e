"""Signed and encrypted messages and files (CMS: RFC 5652, S/MIME: RFC 8551): the
content that was signed, found in the bytes.

Nothing is verified: who signed is no question of this program. The elements of BER are
walked from left to right, none of them twice, and no length is believed beyond the end
of the file. The libraries for ASN.1 make objects of all of them first.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.model.errors import UnreadableFile

_SEQUENCE, _OBJECT_ID, _OCTETS, _EXPLICIT = 0x30, 0x06, 0x04, 0xA0
_CONSTRUCTED, _LONG_TAG, _INDEFINITE = 0x20, 0x1F, 0x80

_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07"
#: GB/T 35275: the same with the algorithms of China's standards.
_GUOMI = b"\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02"
_OTHER = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01"
_SIGNED = {_RSA + b"\x02", _GUOMI + b"\x02"}
_ENCRYPTED = {
    *(_RSA + kind for kind in (b"\x03", b"\x04", b"\x06")),
    *(_GUOMI + kind for kind in (b"\x03", b"\x04", b"\x05")),
    _OTHER + b"\x17",
}
_COMPRESSED = {_OTHER + b"\x09"}

#: Nothing sound goes deeper.
_DEEPEST = 100


def is_cms(beginning: bytes) -> bool:
    """Whether bytes begin as a signed, encrypted or compressed message does."""
    try:
        return _Reader(beginning).kind() in _SIGNED | _ENCRYPTED | _COMPRESSED
    except UnreadableFile:
        return False


def signed_content(data: bytes) -> bytes | None:
    """What was signed; None for a signature that stands beside what it signs.

    Raises UnreadableFile where it is encrypted, compressed or damaged.
    """
    reader = _Reader(data)
    kind = reader.kind()
    if kind in _ENCRYPTED:
        raise UnreadableFile("sealed", "S/MIME")
    if kind in _COMPRESSED:
        raise UnreadableFile("method", "CMS CompressedData")
    return reader.content()


class _Reader:
    """Between two elements of the bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def kind(self) -> bytes:
        """The object identifier that a message begins with."""
        self._enter(_SEQUENCE)
        ((tag, value),) = self._primitives()
        if tag != _OBJECT_ID:
            raise UnreadableFile("damaged", f"element {tag:#x}")
        return value

    def content(self) -> bytes | None:
        """SignedData → EncapsulatedContentInfo → the octets, where there are some."""
        self._enter(_EXPLICIT)
        self._enter(_SEQUENCE)
        self._skip()  # version
        self._skip()  # digest algorithms
        end = self._enter(_SEQUENCE)
        self._skip()  # type of the content
        if self._at >= end or not self._data.startswith(bytes([_EXPLICIT]), self._at):
            return None
        self._enter(_EXPLICIT)
        return b"".join(value for tag, value in self._primitives() if tag == _OCTETS)

    def _skip(self) -> None:
        for _ in self._primitives():
            pass

    def _enter(self, expected: int) -> int:
        """Into an element; where it ends at the latest."""
        tag, length = self._head()
        if tag != expected:
            raise UnreadableFile("damaged", f"element {tag:#x}")
        return len(self._data) if length is None else self._at + length

    def _primitives(self) -> Iterator[tuple[int, bytes]]:
        """The next element, or all that hold a value within it."""
        ends: list[int | None] = []  # of those around, None where a mark ends them
        while True:
            tag, length = self._head()
            if tag == 0 and length == 0:
                if not ends or ends.pop() is not None:
                    raise UnreadableFile("damaged", "an end of nothing")
            elif tag & _CONSTRUCTED:
                ends.append(None if length is None else self._at + length)
                if len(ends) > _DEEPEST:
                    raise UnreadableFile("bomb", f"over {_DEEPEST} elements deep")
            else:
                yield tag, self._value(length)
            while ends and ends[-1] is not None and self._at >= ends[-1]:
                ends.pop()
            if not ends:
                return

    def _head(self) -> tuple[int, int | None]:
        """Tag and length of the next element; no length where a mark will end it."""
        tag, first = self._bytes(2)
        if tag & _LONG_TAG == _LONG_TAG:
            raise UnreadableFile("damaged", "a tag of several bytes")
        if first < _INDEFINITE:
            return tag, first
        if first == _INDEFINITE:
            return tag, None
        return tag, int.from_bytes(self._bytes(first & 0x7F), "big")

    def _value(self, length: int | None) -> bytes:
        if length is None:
            raise UnreadableFile("damaged", "a value without a length")
        return self._bytes(length)

    def _bytes(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) < count:
            raise UnreadableFile("truncated", f"{len(found)} of {count} bytes")
        self._at += count
        return found
