"""Small .xls and .xlsb files made record by record, right ones and wrong ones.

Office engines write the ordinary files; these are for what no engine writes: each
error value, passwords, loops, claims that are not true.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Mapping, Sequence
from hashlib import md5

from msoffcrypto.method.rc4 import DocumentRC4

from tests.support import zipped

SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
ERRORS = {
    "#NULL!": 0x00,
    "#DIV/0!": 0x07,
    "#VALUE!": 0x0F,
    "#REF!": 0x17,
    "#NAME?": 0x1D,
    "#NUM!": 0x24,
    "#N/A": 0x2A,
    "#GETTING_DATA": 0x2B,
}


# ---------------------------------------------------------------- OLE


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A container whose streams lie one after the other."""
    padded = [data.ljust(4096, b"\0") for data in streams.values()]
    sizes = [-(-len(data) // SECTOR) for data in padded]
    tables = -(-(sum(sizes) + 8) // 128)
    table = [TABLE] * tables + [END]
    starts = []
    for size in sizes:
        starts.append(len(table))
        table += [*range(len(table) + 1, len(table) + size), END]
    table += [FREE] * (tables * 128 - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, tables, tables, 0, 4096, END, 0, END, 0, 0),
    )[:76]
    header += struct.pack("<109I", *range(tables), *(FREE,) * (109 - tables))
    entries = _entry("Root Entry", 5, END, 0, child=1)
    for at, (name, data) in enumerate(zip(streams, padded, strict=True)):
        following = at + 2 if at + 1 < len(padded) else FREE
        entries += _entry(name, 2, starts[at], len(data), right=following)
    entries = entries.ljust(SECTOR, b"\0")
    body = b"".join(
        data.ljust(size * SECTOR, b"\0")
        for data, size in zip(padded, sizes, strict=True)
    )
    return header + struct.pack(f"<{len(table)}I", *table) + entries + body


def _entry(
    name: str, kind: int, start: int, size: int, child: int = FREE, right: int = FREE
) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII36xIQ", text, len(text), kind, 1, FREE, right, child, start, size
    )


# ---------------------------------------------------------------- BIFF8


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def at(row: int, column: int) -> bytes:
    return struct.pack("<HHH", row, column, 0)


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, at(row, column) + struct.pack("<d", value))


def label(row: int, column: int, text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return record(0x0204, at(row, column) + struct.pack("<HB", len(text), 1) + raw)


def error(row: int, column: int, name: str) -> bytes:
    return record(0x0205, at(row, column) + bytes((ERRORS[name], 1)))


def boolean(row: int, column: int, value: bool) -> bytes:
    return record(0x0205, at(row, column) + bytes((value, 0)))


def formula(row: int, column: int, result: bytes) -> bytes:
    """A formula ``1`` with any result; ``result`` are its eight bytes."""
    parsed = struct.pack("<HBH", 3, 0x1E, 1)
    return record(0x0006, at(row, column) + result + struct.pack("<HI", 0, 0) + parsed)


def error_result(name: str) -> bytes:
    return bytes((2, 0, ERRORS[name], 0, 0, 0, 255, 255))


BOF_BOOK = record(0x0809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
BOF_SHEET = record(0x0809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
EOF = record(0x000A)


def biff(
    sheets: Mapping[str, Sequence[bytes]],
    extra: bytes = b"",
    states: Mapping[str, int] | None = None,
) -> bytes:
    """The stream of a workbook; ``extra`` stands after its first record."""
    bodies = [BOF_SHEET + b"".join(records) + EOF for records in sheets.values()]
    style = record(0x00E0, bytes(20))

    def globals_of(starts: Iterable[int]) -> bytes:
        listed = b"".join(
            record(
                0x0085,
                struct.pack(
                    "<IBBBB", start, (states or {}).get(name, 0), 0, len(name), 1
                )
                + name.encode("utf-16-le"),
            )
            for name, start in zip(sheets, starts, strict=True)
        )
        return BOF_BOOK + extra + style + listed + EOF

    first = len(globals_of([0] * len(bodies)))
    starts = [first + sum(map(len, bodies[:index])) for index in range(len(bodies))]
    return globals_of(starts) + b"".join(bodies)


def xls(sheets: Mapping[str, Sequence[bytes]], extra: bytes = b"") -> bytes:
    return ole({"Workbook": biff(sheets, extra)})


#: XOR obfuscation, and RC4 with a zero salt.
XOR_PASSWORD = record(0x002F, struct.pack("<HHH", 0, 0x1234, 0x5678))
RC4_PASSWORD = record(0x002F, struct.pack("<HHH48x", 1, 1, 1))


def encrypted(stream: bytes, password: str) -> bytes:
    """The stream of a workbook, which has 54 bytes of FILEPASS, as Excel 97 encrypts it:
    all but heads of records, and what has to be read before."""

    def sealed(plain: bytes) -> bytes:
        return bytes(
            DocumentRC4.decrypt(password, salt, io.BytesIO(plain), 1024).read()
        )

    salt, verifier = bytes(range(16)), bytes(16)
    proof = struct.pack("<HHH", 1, 1, 1) + salt
    proof += sealed(verifier + md5(verifier).digest())
    made, at = bytearray(sealed(stream)), 0
    while at < len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        plain = 4 + {0x0809: size, 0x0085: 4}.get(kind, 0)
        made[at : at + plain] = stream[at : at + plain]
        at += 4 + size
        if kind == 0x002F:
            made[at - size : at] = proof
    return bytes(made)


# ---------------------------------------------------------------- BIFF12


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def record12(kind: int, content: bytes = b"") -> bytes:
    head = bytes((kind,)) if kind < 128 else bytes((kind & 0x7F | 0x80, kind >> 7))
    size, length = b"", len(content)
    while True:
        size += bytes((length & 0x7F | (0x80 if length > 127 else 0),))
        length >>= 7
        if not length:
            return head + size + content


def cell12(kind: int, column: int, content: bytes, style: int = 0) -> bytes:
    return record12(kind, struct.pack("<II", column, style) + content)


def row12(row: int, *cells: bytes) -> bytes:
    return record12(0, struct.pack("<I", row) + bytes(21)) + b"".join(cells)


def sheet12(*rows: bytes) -> bytes:
    inside = record12(145) + b"".join(rows) + record12(146)
    return record12(129) + inside + record12(130)


_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsb(sheet: bytes, strings: bytes = b"", styles: bytes = b"") -> bytes:
    """A package with one sheet S, of these parts."""
    book = record12(131) + record12(153, bytes(12)) + record12(143)
    book += record12(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("S"))
    kinds = {"rId1": ("worksheet", "sheet1"), "rId2": ("sharedStrings", "strings")}
    kinds["rId3"] = ("styles", "styles")
    links = "".join(
        f'<Relationship Id="{id_}" Type="{_RELATIONS}/{kind}" Target="{part}.bin"/>'
        for id_, (kind, part) in kinds.items()
    )
    main = f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.bin"/>'
    head = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="bin" '
        'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    )
    return zipped(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": f"{head}{main}</Relationships>".encode(),
            "xl/workbook.bin": book + record12(144) + record12(132),
            "xl/_rels/workbook.bin.rels": f"{head}{links}</Relationships>".encode(),
            "xl/sheet1.bin": sheet,
            "xl/strings.bin": strings or record12(159, bytes(8)) + record12(160),
            "xl/styles.bin": styles or record12(278) + record12(279),
        }
    )
