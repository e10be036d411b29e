"""A zip archive, its entries read into memory one by one, within bounds.

Only the directory is trusted to :mod:`zipfile`, and only what any program unpacks
(stored, deflated) is unpacked: nothing that is larger than it says.
"""

from __future__ import annotations

import stat
import struct
import zlib
from calendar import timegm
from collections.abc import Iterator
from zipfile import ZipInfo

from workbook_builder.bounds.limits import CONTAINER
from workbook_builder.bounds.zip_directory import (
    directory,
    folded,
    is_encrypted,
    is_utf8,
    raw_name,
    refuse_overlaps,
    swells,
)
from workbook_builder.bounds.zip_entry import METHODS, unpacked
from workbook_builder.intake.budget import Allowance, LimitReached
from workbook_builder.intake.leaf import Member, Opened
from workbook_builder.intake.names import decoded
from workbook_builder.model.errors import UnreadableFile

#: Info-ZIP's extra field with the name in UTF-8.
_UNICODE_PATH = 0x7075
_FIRST = 200


def open_zip(data: bytes, budget: Allowance) -> Opened:
    """The files of an archive; folders are none.

    Raises UnreadableFile where nothing of it is to be read: damaged, all encrypted,
    or built so that it unpacks to more than it is.
    """
    archive = directory(data, budget.limits.marks)
    entries = [info for info in archive.infolist() if not _is_folder(info)]
    if entries and all(map(is_encrypted, entries)):
        raise UnreadableFile("encrypted", "the whole archive")
    refuse_overlaps(entries, archive.start_dir)
    return Opened(
        _items(data, entries, budget), trouble=UnreadableFile("empty_archive")
    )


def names_of(data: bytes) -> frozenset[str] | None:
    """All names in lower case, or None where the directory cannot be read."""
    try:
        archive = directory(data, CONTAINER.marks)
    except UnreadableFile:
        return None
    return frozenset(folded(info.orig_filename) for info in archive.infolist())


def beginning_of(data: bytes, name: str) -> bytes:
    """The first bytes of an entry; nothing where they cannot be read."""
    archive = directory(data, CONTAINER.marks)
    for info in archive.infolist():
        if info.orig_filename.casefold() == name and not _refusal(info):
            try:
                return next(unpacked(data, info), b"")[:_FIRST]
            except UnreadableFile:
                return b""
    return b""


def _is_folder(info: ZipInfo) -> bool:
    name = info.orig_filename.replace("\\", "/")
    return name.endswith("/") and not info.file_size


def _items(data: bytes, entries: list[ZipInfo], budget: Allowance) -> Iterator[Member]:
    for info in entries:
        budget.spend_entry()
        name, saved = _name(info), _saved(info)
        refusal = _refusal(info) or _too_large(info, budget)
        if refusal is not None:
            yield Member(name, saved=saved, trouble=refusal)
            continue
        try:
            content = _read(data, info, budget)
        except UnreadableFile as error:
            if isinstance(error, LimitReached):
                raise
            yield Member(name, saved=saved, trouble=error)
        else:
            yield Member(name, content, saved)


def _refusal(info: ZipInfo) -> UnreadableFile | None:
    """Why an entry is not unpacked, whatever its size."""
    if is_encrypted(info):
        return UnreadableFile("encrypted", info.filename)
    if stat.S_ISLNK(info.external_attr >> 16):
        return UnreadableFile("link", info.filename)
    if info.compress_type not in METHODS:
        return UnreadableFile("method", f"{info.filename}: {info.compress_type}")
    return None


def _too_large(info: ZipInfo, budget: Allowance) -> UnreadableFile | None:
    size = f"{info.file_size} bytes from {info.compress_size}"
    if info.file_size > budget.limits.entry:
        return UnreadableFile("too_large", size)
    return UnreadableFile("bomb", size) if swells(info, budget.limits) else None


def _read(data: bytes, info: ZipInfo, budget: Allowance) -> bytes:
    """The content of an entry.

    Raises UnreadableFile if it is damaged, LimitReached where it is too much.
    """
    budget.spend_bytes(info.file_size)
    return b"".join(unpacked(data, info))


def _name(info: ZipInfo) -> str:
    """As its author saw it: flag, extra field, or what the bytes can be."""
    raw = raw_name(info)
    if is_utf8(info):
        return info.orig_filename
    return _unicode_path(info.extra, raw) or decoded(raw)


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in the extra field, if it belongs to the name beside it."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(field) > 5:
            (checksum,) = struct.unpack_from("<I", field, 1)
            if checksum == zlib.crc32(raw):
                return field[5:].decode("utf-8", "replace")
    return ""


def _saved(info: ZipInfo) -> float:
    """Its time in seconds, taken as it stands; 0 where it is no time."""
    try:
        return float(timegm((*info.date_time, 0, 0, 0)))
    except (ValueError, OverflowError):
        return 0.0
