"""The parts of a workbook, packed into the zip that it is.

A sheet is packed in stretches of rows. Each is packed as it would be within the whole,
looking back at what stands before it, but into a block of its own: so a stretch that
follows the same as in a workbook before need not be packed again.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: Of deflate. The next is slower and saves nothing here; the one before takes a third of
#: the time for a large sheet of figures, which is a 250th larger then.
LEVEL = 8
QUICK = 7
#: How far deflate looks back, in bytes; no stretch is shorter.
WINDOW = 1 << 15
#: Stretches that are kept, some 40 KB each: the sheets of a few workbooks.
KEPT = 128


@dataclass(frozen=True, slots=True)
class Packed:
    """A part as it stands in the package."""

    name: str
    size: int
    checksum: int
    data: bytes


def packed(name: str, content: bytes, keep: bool = False, level: int = LEVEL) -> Packed:
    """The same content always gives the same bytes; ``keep`` says that a workbook like
    this one is likely to follow."""
    deflated = _deflated if keep else _deflated.__wrapped__
    cuts = [0, *_cuts(content), len(content)]
    stretches = (
        deflated(
            content[max(0, begin - WINDOW) : begin], content[begin:end], last, level
        )
        for begin, end in pairwise(cuts)
        for last in (end == len(content),)
    )
    data = b"".join(stretches)
    return Packed(name, len(content), zlib.crc32(content), data)


def package(parts: Iterable[Packed]) -> bytes:
    """The file, with no clock in it: every entry is of 1980."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for part in parts:
            info = ZipInfo(part.name)
            info.compress_type, info.CRC = ZIP_DEFLATED, part.checksum
            info.file_size, info.compress_size = part.size, len(part.data)
            info.external_attr = 0o600 << 16
            info.header_offset = buffer.tell()
            buffer.write(info.FileHeader())
            buffer.write(part.data)
            archive.filelist.append(info)
        archive.start_dir = buffer.tell()
    return buffer.getvalue()


def _cuts(content: bytes) -> Iterator[int]:
    """Where a stretch of rows ends and the next begins, told by the content alone."""
    at = content.find(b"<row ", WINDOW)
    while at >= 0:
        yield at
        at = content.find(b"<row ", at + WINDOW)


@lru_cache(maxsize=KEPT)
def _deflated(before: bytes, stretch: bytes, last: bool, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before)
    data = packer.compress(stretch)
    return data + packer.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
