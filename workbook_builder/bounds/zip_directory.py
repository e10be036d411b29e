"""What a zip says of its entries, proved before anything is unpacked.

For workbooks, which are zips, and for archives. Only the directory is taken from
:mod:`zipfile`, which would go by it without asking.
"""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from operator import attrgetter
from typing import Protocol
from zipfile import ZipFile, ZipInfo

from workbook_builder.bounds.limits import MEGABYTE
from workbook_builder.model.errors import UnreadableFile

LOCAL_HEADER_SIZE = 30
_CENTRAL_ENTRY = b"PK\x01\x02"
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
#: The archive that was looked at last, if it is small, and how many entries it may have:
#: it stays in memory.
_last: tuple[bytes, ZipFile, int] | None = None


class Ratio(Protocol):
    """Bounds of what an entry may unpack to: ``ratio`` times its packed size, where
    that is more than ``ratio_from`` bytes."""

    @property
    def ratio(self) -> int: ...
    @property
    def ratio_from(self) -> int: ...


def directory(data: bytes, most: int) -> ZipFile:
    """The archive, with no more than so many entries; raises UnreadableFile."""
    global _last
    # What a file is, and what is in it, are asked right after each other.
    last = _last if _last is not None and _last[0] is data else None
    # Each entry begins with this mark, so this bounds their number before zipfile
    # makes an object of each.
    entries = last[2] if last else data.count(_CENTRAL_ENTRY)
    if entries > most:
        raise UnreadableFile("too_large", f"over {most} entries")
    if last:
        return last[1]
    try:
        archive = ZipFile(BytesIO(data))
    except Exception as error:
        # zipfile raises a dozen different things on directories that make no sense.
        said = f"{type(error).__name__}: {error} ({len(data)} bytes)"
        raise UnreadableFile("truncated", said) from error
    _last = (data, archive, entries) if len(data) <= MEGABYTE else None
    return archive


def refuse_overlaps(entries: list[ZipInfo], end: int) -> None:
    """Entries that share bytes unpack to far more than the archive holds.

    ``end`` is where the directory begins.
    """
    ordered = sorted(entries, key=attrgetter("header_offset"))
    for info, following in pairwise(ordered):
        if _end_of(info) > following.header_offset:
            raise UnreadableFile("bomb", f"{info.filename}: entries overlap")
    if ordered and _end_of(ordered[-1]) > end:
        raise UnreadableFile("truncated", f"{ordered[-1].filename}: cut off")


def swells(info: ZipInfo, bounds: Ratio) -> bool:
    """Whether it says that it unpacks to far more than it is."""
    packed = max(info.compress_size, 1)
    return info.file_size > max(bounds.ratio_from, bounds.ratio * packed)


def is_encrypted(info: ZipInfo) -> bool:
    return bool(info.flag_bits & _ENCRYPTED)


def is_utf8(info: ZipInfo) -> bool:
    """Whether the entry itself says that its name is UTF-8."""
    return bool(info.flag_bits & _UTF8_NAME)


def raw_name(info: ZipInfo) -> bytes:
    """The name as the archive has it."""
    name = info.orig_filename
    coding = "utf-8" if is_utf8(info) or name.isascii() else "cp437"
    return name.encode(coding, "replace")


def folded(name: str) -> str:
    """One spelling per part: case does not count, and some zip with backslashes."""
    return name.replace("\\", "/").lstrip("/").casefold()


def _end_of(info: ZipInfo) -> int:
    """Where its content ends at the earliest: the local extra field is not known."""
    head = LOCAL_HEADER_SIZE + len(raw_name(info))
    return info.header_offset + head + info.compress_size
