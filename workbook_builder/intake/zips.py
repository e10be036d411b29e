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
from io import BytesIO
from itertools import pairwise
from operator import attrgetter
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from workbook_builder.intake.budget import Budget, LimitReached
from workbook_builder.intake.leaf import Item, Opened
from workbook_builder.intake.names import decoded
from workbook_builder.limits import CONTAINER, ContainerLimits
from workbook_builder.model.errors import UnreadableFile

_CENTRAL_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER_SIZE = 30
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
#: Info-ZIP's extra field with the name in UTF-8.
_UNICODE_PATH = 0x7075
_PIECE, _FIRST = 1024 * 1024, 200


def open_zip(data: bytes, budget: Budget) -> Opened:
    """The files of an archive; folders are none.

    Raises UnreadableFile where nothing of it is to be read: damaged, all encrypted,
    or built so that it unpacks to more than it is.
    """
    archive = _directory(data, budget.limits)
    entries = [info for info in archive.infolist() if not _is_folder(info)]
    if entries and all(info.flag_bits & _ENCRYPTED for info in entries):
        raise UnreadableFile("encrypted", "the whole archive")
    _refuse_overlaps(entries, archive.start_dir)
    return Opened(
        _items(archive, entries, budget), trouble=UnreadableFile("empty_archive")
    )


def names_of(data: bytes) -> frozenset[str] | None:
    """All names in lower case, or None where the directory cannot be read."""
    try:
        archive = _directory(data)
    except UnreadableFile:
        return None
    return frozenset(
        info.orig_filename.replace("\\", "/").lstrip("/").casefold()
        for info in archive.infolist()
    )


def beginning_of(data: bytes, name: str) -> bytes:
    """The first bytes of an entry; nothing where they cannot be read."""
    archive = _directory(data)
    for info in archive.infolist():
        if info.orig_filename.casefold() == name and not _refusal(info):
            try:
                with archive.open(info) as file:
                    return file.read(_FIRST)
            except Exception:
                return b""
    return b""


def _directory(data: bytes, limits: ContainerLimits = CONTAINER) -> ZipFile:
    if data.count(_CENTRAL_ENTRY) > limits.marks:
        raise UnreadableFile("bomb", f"over {limits.marks} entries")
    try:
        return ZipFile(BytesIO(data))
    except Exception as error:
        # zipfile raises a dozen different things on directories that make no sense.
        raise UnreadableFile("truncated", f"{type(error).__name__}: {error}") from error


def _is_folder(info: ZipInfo) -> bool:
    name = info.orig_filename.replace("\\", "/")
    return name.endswith("/") and not info.file_size


def _refuse_overlaps(entries: list[ZipInfo], end: int) -> None:
    """Entries that share bytes unpack to far more than the archive holds."""
    ordered = sorted(entries, key=attrgetter("header_offset"))
    for info, following in pairwise(ordered):
        if _end_of(info) > following.header_offset:
            raise UnreadableFile("bomb", f"{info.filename}: entries overlap")
    if ordered and _end_of(ordered[-1]) > end:
        raise UnreadableFile("truncated", f"{ordered[-1].filename}: cut off")


def _end_of(info: ZipInfo) -> int:
    """Where its content ends at the earliest: the local extra field is not known."""
    head = _LOCAL_HEADER_SIZE + len(_raw_name(info))
    return info.header_offset + head + info.compress_size


def _items(archive: ZipFile, entries: list[ZipInfo], budget: Budget) -> Iterator[Item]:
    for info in entries:
        budget.spend_entry()
        name, saved = _name(info), _saved(info)
        refusal = _refusal(info) or _too_large(info, budget)
        if refusal is not None:
            yield Item(name, saved=saved, trouble=refusal)
            continue
        try:
            data = _read(archive, info, budget)
        except UnreadableFile as error:
            if isinstance(error, LimitReached):
                raise
            yield Item(name, saved=saved, trouble=error)
        else:
            yield Item(name, data, saved)


def _refusal(info: ZipInfo) -> UnreadableFile | None:
    """Why an entry is not unpacked, whatever its size."""
    if info.flag_bits & _ENCRYPTED:
        return UnreadableFile("encrypted", info.filename)
    if stat.S_ISLNK(info.external_attr >> 16):
        return UnreadableFile("link", info.filename)
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return UnreadableFile("method", f"{info.filename}: {info.compress_type}")
    return None


def _too_large(info: ZipInfo, budget: Budget) -> UnreadableFile | None:
    limits, packed = budget.limits, max(info.compress_size, 1)
    if info.file_size > limits.entry:
        return UnreadableFile("too_large", f"{info.file_size} bytes")
    if info.file_size > max(limits.ratio_from, limits.ratio * packed):
        return UnreadableFile("bomb", f"{info.file_size} bytes from {packed}")
    return None


def _read(archive: ZipFile, info: ZipInfo, budget: Budget) -> bytes:
    """The content of an entry, its checksum verified.

    Raises UnreadableFile if it is damaged, LimitReached where it is too much.
    """
    budget.spend_bytes(info.file_size)
    try:
        with archive.open(info) as file:
            # ZipExtFile gives no more than the entry declares, and checks the rest.
            data = b"".join(iter(lambda: file.read(_PIECE), b""))
    except Exception as error:
        # Damaged entries make zipfile and zlib raise many different things.
        raise UnreadableFile("truncated", f"{type(error).__name__}: {error}") from error
    if len(data) != info.file_size:
        raise UnreadableFile("truncated", f"{len(data)} of {info.file_size} bytes")
    return data


def _raw_name(info: ZipInfo) -> bytes:
    coding = "utf-8" if info.flag_bits & _UTF8_NAME else "cp437"
    return info.orig_filename.encode(coding, "replace")


def _name(info: ZipInfo) -> str:
    """As its author saw it: flag, extra field, or what the bytes can be."""
    raw = _raw_name(info)
    if info.flag_bits & _UTF8_NAME:
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
