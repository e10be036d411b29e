"""The content of a zip's entry, for workbooks and for archives.

Unpacked here and not by :mod:`zipfile`, so that an entry gives exactly what it
declares: no byte more, none less, and nothing left behind the end of its stream.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from workbook_builder.bounds.deflate import Damaged, crc32, raw_inflater
from workbook_builder.bounds.limits import MEGABYTE
from workbook_builder.bounds.zip_directory import LOCAL_HEADER_SIZE, raw_name
from workbook_builder.model.errors import UnreadableFile

#: Large enough that nearly every part comes in one piece: its checksum is then
#: verified before anything else sees it.
PIECE = MEGABYTE
#: How entries are packed that are unpacked: office suites and archivers write no
#: other by themselves, and others are harder to unpack in bounds.
METHODS = {ZIP_STORED, ZIP_DEFLATED}

_LOCAL_ENTRY = b"PK\x03\x04"


def unpacked(data: bytes, info: ZipInfo) -> Iterator[bytes]:
    """The content in pieces; the last one only if all of it is sound.

    Raises UnreadableFile: ``truncated`` if the content is not what size and checksum
    promise, ``bomb`` if it is more, ``damaged`` if the entry is odd.
    """
    packed = _packed(data, info)
    if info.compress_type not in METHODS:
        raise UnreadableFile("damaged", f"{info.filename}: odd compression method")
    stored = info.compress_type == ZIP_STORED
    return _verified(map(bytes, _sliced(packed)) if stored else _inflated(packed), info)


def _packed(data: bytes, info: ZipInfo) -> memoryview:
    start = info.header_offset
    header = data[start : start + LOCAL_HEADER_SIZE]
    if len(header) < LOCAL_HEADER_SIZE or not header.startswith(_LOCAL_ENTRY):
        raise UnreadableFile("truncated", f"{info.filename}: no local header")
    name_size, extra_size = struct.unpack_from("<HH", header, 26)
    name_start = start + LOCAL_HEADER_SIZE
    name_end = name_start + name_size
    if data[name_start:name_end] != raw_name(info):
        raise UnreadableFile("damaged", f"{info.filename}: has two names")
    begin = name_end + extra_size
    return memoryview(data)[begin : begin + info.compress_size]


def _sliced(packed: memoryview) -> Iterator[memoryview]:
    return (packed[at : at + PIECE] for at in range(0, len(packed), PIECE))


def _inflated(packed: memoryview) -> Iterator[bytes]:
    """What the stream holds; it must fill its entry to the last byte."""
    inflater = raw_inflater()
    waiting = b""
    try:
        for piece in _sliced(packed):
            waiting = bytes(piece)
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, PIECE)
                waiting = inflater.unconsumed_tail
        yield inflater.flush()
    except Damaged as error:
        raise UnreadableFile("truncated", str(error)) from error
    if waiting or inflater.unused_data or not inflater.eof:
        raise UnreadableFile("truncated", "a stream that does not fill its entry")


def _verified(pieces: Iterator[bytes], info: ZipInfo) -> Iterator[bytes]:
    """Hold each piece back until the next one shows whether it was the last."""
    held, size, checksum = b"", 0, 0
    for piece in pieces:
        size += len(piece)
        if size > info.file_size:
            raise UnreadableFile("bomb", f"{info.filename}: larger than declared")
        checksum = crc32(piece, checksum)
        if held and piece:
            yield held
        held = piece or held
    if size != info.file_size or checksum != info.CRC:
        raise UnreadableFile("truncated", f"{info.filename}: checksum does not match")
    yield held
