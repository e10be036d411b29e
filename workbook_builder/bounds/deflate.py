"""The only module that knows zlib-ng, which unpacks in half the time of Python's zlib.

What is packed here is unpacked again and never compared: another processor may make other
bytes of the same. Workbooks, which are compared, are packed by Python's (``workbook.pack``).
"""

from __future__ import annotations

from zlib_ng import zlib_ng

#: As small as zlib's fourth in two thirds of the time of its first; zlib-ng's own first
#: takes half as long again less, and a third more room.
_LEVEL = 3

#: What is raised for bytes that are no such stream.
Damaged: type[Exception] = zlib_ng.error  # type: ignore[assignment]  # an instance, say its stubs
crc32 = zlib_ng.crc32


def raw_inflater() -> zlib_ng._Decompress:
    """For a stream without head and check sum, as entries of a zip are."""
    return zlib_ng.decompressobj(-zlib_ng.MAX_WBITS)


def deflated(data: bytes) -> bytes:
    """As few bytes as take hardly any time."""
    return zlib_ng.compress(data, _LEVEL)


def inflated(data: bytes) -> bytes:
    """What :func:`deflated` was given. Raises Damaged."""
    return zlib_ng.decompress(data)
