"""A listing as CSV that Excel opens, and that no office suite takes for formulas."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO

from workbook_builder.model.text import harmless, printable
from workbook_builder.model.values import plain
from workbook_builder.outputs.records import (
    ListColumns,
    ListContent,
    Listing,
    ListRecord,
)

_END = "\r\n"
#: Lines that are in memory as bytes.
_AT_ONCE = 1000
#: Different contents of a column whose fields are at hand.
_COMMON = 1 << 12


class CsvFile:
    """RFC 4180 in UTF-8 with BOM, everything quoted; nothing is an empty field.

    Rows are written as they come, many at a time, handed over as columns.
    """

    def __init__(self, listing: Listing, stream: BinaryIO) -> None:
        self._stream = stream
        head = ",".join(_quoted(column.name) for column in listing.columns)
        stream.write(codecs.BOM_UTF8 + f"{head}{_END}".encode())

    def write(self, columns: ListColumns) -> None:
        # By columns, because a column is quoted without a loop of Python's.
        fields = [map(_Fields().__getitem__, column) for column in columns]
        lines = map(",".join, zip(*fields, strict=True))
        while some := list(islice(lines, _AT_ONCE)):
            self._stream.write(_END.join((*some, "")).encode())


def csv_file(listing: Listing, rows: Iterable[ListRecord]) -> bytes:
    """The whole of a short listing."""
    stream = io.BytesIO()
    file = CsvFile(listing, stream)
    file.write(list(zip(*rows, strict=True)))
    return stream.getvalue()


class _Fields(dict[ListContent, str]):
    """The fields of one column, which holds contents of one type.

    Each is made once: most rows of a large table say what others said before.
    """

    def __missing__(self, content: ListContent) -> str:
        if len(self) >= _COMMON:
            self.clear()
        field = self[content] = _quoted(_text(content))
        return field


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


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
