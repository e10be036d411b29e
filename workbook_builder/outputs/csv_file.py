"""A listing as CSV that Excel opens, and that no office suite takes for formulas."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable
from typing import BinaryIO

from workbook_builder.model.text import harmless, printable
from workbook_builder.model.values import plain
from workbook_builder.outputs.records import (
    ListContent,
    Listing,
    ListRecord,
    ListRows,
)

_END = b"\r\n"
#: Different contents of a column whose fields are at hand.
_COMMON = 1 << 12


class CsvFile:
    """RFC 4180 in UTF-8 with BOM, everything quoted; nothing is an empty field.

    Rows are written as they come.
    """

    def __init__(self, listing: Listing, stream: BinaryIO) -> None:
        self._stream = stream
        self._fields = [_Fields() for _ in listing.columns]
        head = b",".join(_quoted(column.name) for column in listing.columns)
        stream.write(codecs.BOM_UTF8 + head + _END)

    def write(self, rows: ListRows) -> None:
        # By columns, because a column is quoted without a loop of Python's.
        fields = iter(self._fields)
        before = [next(fields)[content] for content in rows.before]
        own = [map(next(fields).__getitem__, column) for column in rows.own]
        after = [next(fields)[content] for content in rows.after]
        lines = list(map(b",".join, zip(*own, strict=True)))
        if lines:
            start, end = b",".join((*before, b"")), b",".join((b"", *after)) + _END
            self._stream.write(start + (end + start).join(lines) + end)


def csv_file(listing: Listing, rows: Iterable[ListRecord]) -> bytes:
    """The whole of a short listing."""
    stream = io.BytesIO()
    file = CsvFile(listing, stream)
    file.write(ListRows(list(zip(*rows, strict=True))))
    return stream.getvalue()


class _Fields(dict[ListContent, bytes]):
    """The fields of one column, which holds contents of one type.

    Each is made once: most rows of a large table say what others said before.
    """

    def __missing__(self, content: ListContent) -> bytes:
        if len(self) >= _COMMON:
            self.clear()
        field = self[content] = _quoted(_text(content))
        return field


def _quoted(text: str) -> bytes:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'.encode()


def _text(content: ListContent) -> str:
    match content:
        case None:
            return ""
        case bool():
            return "true" if content else "false"
        case str():
            return harmless(printable(content))
        case int():
            return str(content)
        case _:
            return plain(content)
