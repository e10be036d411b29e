"""What a .doc of Word 97 to 2003 stores, as far as its text and tables go.

After Microsoft's open specification MS-DOC: the text lies in pieces, and what each
paragraph is (in a table, the end of a row) in pages of properties sorted by place.
Every offset is checked against the stream it points into.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbook_builder.bounds.compound import opened
from workbook_builder.model.errors import UnreadableFile

_MAGIC = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_TEXT_LENGTH = 0x4C
_PAPERS, _PIECES = 0x102, 0x1A2
"""Where the head says where the properties of paragraphs and the pieces are."""
_PAGE = 512
_COMPRESSED = 0x40000000
# Properties (sprm) of paragraphs.
_IN_TABLE, _ROW_END, _DEPTH, _ROW = 0x2416, 0x2417, 0x6649, 0xD608
_ELSEWHERE = (0x6645, 0x6646)
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
_CELL_PROPERTIES = 20
#: Pieces of text, and pages of properties: Word makes some hundreds.
MOST_PARTS = 10_000


@dataclass(slots=True)
class Kept:
    """What matters of a paragraph. ``edges`` are those of the cells of a row, in
    twentieths of a point, and ``continues`` tells which cells go on from above."""

    in_table: bool = False
    ends_row: bool = False
    edges: tuple[int, ...] = ()
    continues: tuple[bool, ...] = ()


@dataclass(slots=True)
class Stored:
    """The text of the document; ``kept_at`` gives the properties at a place in it."""

    text: str
    _places: list[tuple[int, int, int]] = field(default_factory=list)
    """(first character, place in the stream, bytes of a character) of each piece."""
    _starts: list[int] = field(default_factory=list)
    _kept: list[Kept] = field(default_factory=list)

    def kept_at(self, at: int) -> Kept:
        """The properties of the paragraph that the character belongs to."""
        n = bisect_right(self._places, (at, 1 << 40, 0)) - 1
        first, place, size = self._places[max(n, 0)]
        number = bisect_right(self._starts, place + (at - first) * size) - 1
        return self._kept[number] if number >= 0 else Kept()


def stored(data: bytes, most: int) -> Stored:
    """The text of a .doc, no more than so many characters. Raises UnreadableFile."""
    try:
        with opened(data) as file:
            if file.exists("EncryptedPackage"):
                raise UnreadableFile("encrypted", "a document with a password")
            if not file.exists("WordDocument"):
                raise UnreadableFile("not_document", "unknown")
            main = file.openstream("WordDocument").read()
            (flags,) = struct.unpack_from("<H", main, 0x0A)
            name = "1Table" if flags & _TABLE_1 else "0Table"
            _require(main, flags, file.exists(name))
            table = file.openstream(name).read()
            extra = file.openstream("Data").read() if file.exists("Data") else b""
        return _Reader(main, table, extra).stored(most)
    except UnreadableFile:
        raise
    except Exception as error:
        # Offsets out of range and damaged chains raise many different things.
        raise UnreadableFile("damaged", f"{type(error).__name__}: {error}") from error


def _require(main: bytes, flags: int, has_table: bool) -> None:
    if flags & _ENCRYPTED:
        raise UnreadableFile("encrypted", "a .doc with a password")
    if struct.unpack_from("<H", main)[0] != _MAGIC or not has_table:
        raise UnreadableFile("not_document", "unknown")


@dataclass(slots=True)
class _Reader:
    main: bytes
    table: bytes
    extra: bytes

    def stored(self, most: int) -> Stored:
        (length,) = struct.unpack_from("<i", self.main, _TEXT_LENGTH)
        if not 0 <= length <= most:
            raise UnreadableFile("too_large", f"{length} characters")
        parts, places = [], []
        for first, last, place, size in self._pieces():
            last = min(last, length)
            if first < last:
                data = self._slice(self.main, place, (last - first) * size)
                coding = "cp1252" if size == 1 else "utf-16-le"
                parts.append(data.decode(coding, "replace"))
                places.append((first, place, size))
        paragraphs = sorted(self._paragraphs(), key=lambda pair: pair[0])
        return Stored(
            "".join(parts),
            places,
            [start for start, _ in paragraphs],
            [kept for _, kept in paragraphs],
        )

    def _pieces(self) -> Iterator[tuple[int, int, int, int]]:
        """(first character, last, place in the stream, bytes of a character)."""
        data = self._part(_PIECES)
        at = 0
        while data[at] == 1:  # properties that pieces share
            at += 3 + struct.unpack_from("<h", data, at + 1)[0]
        (size,) = struct.unpack_from("<I", data, at + 1)
        plan = self._slice(data, at + 5, size)
        count = _bounded((len(plan) - 4) // 12)
        bounds = struct.unpack_from(f"<{count + 1}I", plan)
        for n in range(count):
            (place,) = struct.unpack_from("<I", plan, 4 * (count + 1) + 8 * n + 2)
            if place & _COMPRESSED:
                yield bounds[n], bounds[n + 1], (place & ~_COMPRESSED) // 2, 1
            else:
                yield bounds[n], bounds[n + 1], place, 2

    def _paragraphs(self) -> Iterator[tuple[int, Kept]]:
        """(place in the stream where it begins, its properties)."""
        plan = self._part(_PAPERS)
        count = _bounded((len(plan) - 4) // 8)
        for n in range(count):
            (number,) = struct.unpack_from("<I", plan, 4 * (count + 1) + 4 * n)
            page = self._slice(self.main, (number & 0x3FFFFF) * _PAGE, _PAGE)
            runs = page[-1]
            starts = struct.unpack_from(f"<{runs + 1}I", page)
            for run in range(runs):
                yield starts[run], self._kept(page, page[4 * (runs + 1) + 13 * run] * 2)

    def _kept(self, page: bytes, at: int) -> Kept:
        kept = Kept()
        if at:
            size = page[at] * 2 - 1
            if size < 0:
                at, size = at + 1, page[at + 1] * 2
            self._read(page[at + 3 : at + 1 + size], kept)
        return kept

    def _read(self, properties: bytes, kept: Kept, may_go_on: bool = True) -> None:
        at = 0
        while at + 2 < len(properties):
            (code,) = struct.unpack_from("<H", properties, at)
            at += 2
            size, skipped = _size(code, properties, at)
            value = properties[at + skipped : at + skipped + size]
            at += skipped + size
            if code in (_IN_TABLE, _DEPTH):
                kept.in_table = kept.in_table or any(value)
            elif code == _ROW_END:
                kept.ends_row = any(value)
            elif code == _ROW:
                kept.edges, kept.continues = _row(value)
            elif code in _ELSEWHERE and may_go_on and len(value) == 4:
                (place,) = struct.unpack("<I", value)
                (length,) = struct.unpack("<H", self._slice(self.extra, place, 2))
                self._read(self._slice(self.extra, place + 2, length), kept, False)

    def _part(self, entry: int) -> bytes:
        place, size = struct.unpack_from("<II", self.main, entry)
        return self._slice(self.table, place, size)

    @staticmethod
    def _slice(data: bytes, start: int, size: int) -> bytes:
        if start < 0 or size < 0 or start + size > len(data):
            raise UnreadableFile("truncated", f"{size} bytes at {start}")
        return data[start : start + size]


def _bounded(count: int) -> int:
    if count > MOST_PARTS:
        raise UnreadableFile("too_large", f"text in {count} parts")
    return count


def _size(code: int, properties: bytes, at: int) -> tuple[int, int]:
    """How many bytes the value has, and how many before it tell that."""
    kind = code >> 13
    if kind != 6:
        return _SIZES[kind], 0
    if code == _ROW:
        return struct.unpack_from("<H", properties, at)[0] - 1, 2
    return properties[at], 1


def _row(value: bytes) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    count = value[0]
    edges = struct.unpack_from(f"<{count + 1}h", value, 1)
    cells = value[1 + 2 * (count + 1) :]
    merged = []
    for n in range(count):
        own = cells[n * _CELL_PROPERTIES : n * _CELL_PROPERTIES + 2]
        flags = int.from_bytes(own, "little") >> 5 & 3
        merged.append(flags == 1)
    return edges, tuple(merged)
