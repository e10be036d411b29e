"""The zip package of a workbook: parts by name, unpacked in pieces, never trusted.

Only the central directory is taken from :mod:`zipfile`. Parts are unpacked here, so
that each is bounded by what its entry declares, and what it declares is bounded
before a single byte is unpacked.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from workbook_builder.bounds.limits import MEGABYTE, WorkbookLimits
from workbook_builder.bounds.zip_directory import (
    LOCAL_HEADER_SIZE,
    directory,
    folded,
    is_encrypted,
    raw_name,
    refuse_overlaps,
    swells,
)
from workbook_builder.model.errors import UnreadableFile

# Large enough that nearly every part comes in one piece: its checksum is then
# verified before the XML parser sees it.
PIECE = MEGABYTE

_LOCAL_ENTRY = b"PK\x03\x04"


class Package:
    """The parts of a package by folded name (``xl/workbook.xml``)."""

    def __init__(self, data: bytes, limits: WorkbookLimits) -> None:
        """Raises UnreadableFile if the directory is broken, lies or is too large."""
        self._data = data
        self._limits = limits
        archive = directory(data, limits.entries)
        entries = [info for info in archive.infolist() if not info.is_dir()]
        _refuse(entries, archive.start_dir, limits)
        self._parts = _by_name(entries)

    def __contains__(self, name: str) -> bool:
        return folded(name) in self._parts

    @property
    def names(self) -> Collection[str]:
        """Folded names, see :func:`folded`."""
        return self._parts.keys()

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of the part in pieces; the last one only if all of it is sound.

        Raises UnreadableFile: ``damaged`` if there is no such part, ``truncated`` if
        its content is not what size and checksum promise.
        """
        info = self._parts.get(folded(name))
        if info is None:
            raise UnreadableFile("damaged", f"no part {name}")
        if info.file_size > self._limits.part:
            raise UnreadableFile("too_large", f"{name}: {info.file_size} bytes")
        return _verified(self._unpack(info), info)

    def beginning(self, name: str) -> bytes:
        """The first piece of a part, enough to look for a mark in it."""
        return next(self.pieces(name), b"")

    def _unpack(self, info: ZipInfo) -> Iterator[bytes]:
        packed = self._packed(info)
        if info.compress_type == ZIP_DEFLATED:
            return _inflated(packed)
        if info.compress_type == ZIP_STORED:
            return (bytes(piece) for piece in _sliced(packed))
        # Office suites write no other, and those are harder to unpack in bounds.
        raise UnreadableFile("damaged", f"{info.filename}: odd compression method")

    def _packed(self, info: ZipInfo) -> memoryview:
        start = info.header_offset
        header = self._data[start : start + LOCAL_HEADER_SIZE]
        if len(header) < LOCAL_HEADER_SIZE or not header.startswith(_LOCAL_ENTRY):
            raise UnreadableFile("truncated", f"{info.filename}: no local header")
        name_size, extra_size = struct.unpack_from("<HH", header, 26)
        name_start = start + LOCAL_HEADER_SIZE
        name_end = name_start + name_size
        if self._data[name_start:name_end] != raw_name(info):
            raise UnreadableFile("damaged", f"{info.filename}: has two names")
        begin = name_end + extra_size
        return memoryview(self._data)[begin : begin + info.compress_size]


def _refuse(entries: list[ZipInfo], end: int, limits: WorkbookLimits) -> None:
    for info in entries:
        if is_encrypted(info):
            raise UnreadableFile("encrypted", info.filename)
    for info in entries:
        if swells(info, limits):
            raise UnreadableFile("bomb", f"{info.filename}: {info.file_size} bytes")
    unpacked = sum(info.file_size for info in entries)
    if unpacked > limits.unpacked:
        raise UnreadableFile("too_large", f"{unpacked} bytes unpacked")
    refuse_overlaps(entries, end)


def _by_name(entries: list[ZipInfo]) -> dict[str, ZipInfo]:
    parts: dict[str, ZipInfo] = {}
    for info in entries:
        name = folded(info.filename)
        # Readers differ on which one counts, so the clerk may have seen the other.
        if name in parts:
            raise UnreadableFile("duplicate_parts", info.filename)
        parts[name] = info
    return parts


def _sliced(packed: memoryview) -> Iterator[memoryview]:
    return (packed[at : at + PIECE] for at in range(0, len(packed), PIECE))


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in _sliced(packed):
            yield inflater.decompress(piece, PIECE)
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, PIECE)
        yield inflater.flush()
    except zlib.error as error:
        raise UnreadableFile("truncated", str(error)) from error


def _verified(pieces: Iterator[bytes], info: ZipInfo) -> Iterator[bytes]:
    """Hold each piece back until the next one shows whether it was the last."""
    held, size, checksum = b"", 0, 0
    for piece in pieces:
        size += len(piece)
        if size > info.file_size:
            raise UnreadableFile("bomb", f"{info.filename}: larger than declared")
        checksum = zlib.crc32(piece, checksum)
        if held and piece:
            yield held
        held = piece or held
    if size != info.file_size or checksum != info.CRC:
        raise UnreadableFile("truncated", f"{info.filename}: checksum does not match")
    yield held
