"""A small table made by the district's own clerk (a roster), as rows of text, read in a
process that may be lost."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from workbook_builder.bounds.isolation import isolated
from workbook_builder.bounds.limits import LIST, MAX_TEXT, WORKBOOK
from workbook_builder.formats.calamine_book import calamine_rows
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.errors import UnreadableFile, WorkerLost
from workbook_builder.model.grid import RawCell, RawKind, text_of

R = TypeVar("R")

#: From here on Excel does not keep every digit of a number.
_EXACT = 10**15


def sheet_rows(data: bytes, sheet: str) -> list[list[str]]:
    """Rows of one sheet of a workbook; none where it has no such sheet.

    Raises UnreadableFile.
    """
    return [_texts(row) for row in _apart(calamine_rows, data, sheet)]


def read_rows(data: bytes) -> list[list[str]]:
    """Rows of the first sheet, or of a CSV in UTF-8, GBK or UTF-16; told by content.

    Numbers come as people see them (1001, not 1001.0). Raises UnreadableFile.
    """
    if not data.strip():
        raise UnreadableFile("empty")
    is_book = data.startswith((b"PK", b"\xd0\xcf\x11\xe0"))
    return _apart(_book_rows if is_book else _csv_rows, data)


def records(
    data: bytes, wanted: Callable[[Mapping[str, str]], bool]
) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV with heads that are wanted, each with its number and as far as it
    goes. Raises UnreadableFile; where a row is damaged, ``row`` and its number.
    """
    return _apart(_records, data, wanted)


def _apart(read: Callable[..., R], data: bytes, *more: object) -> R:
    """What a reader makes of a file, in a process that may be lost."""
    if len(data) > WORKBOOK.file_size:
        raise UnreadableFile("too_large", f"{len(data)} bytes")
    try:
        return isolated(read, data, *more)
    except WorkerLost as error:
        raise UnreadableFile(error.reason) from None


def _records(
    data: bytes, wanted: Callable[[Mapping[str, str]], bool]
) -> list[tuple[int, dict[str, str]]]:
    rows = enumerate(_csv(data), 1)
    heads = next((row for _, row in rows if row), [])
    said = ((number, dict(zip(heads, row, strict=False))) for number, row in rows)
    return [(number, row) for number, row in said if row and wanted(row)]


def _book_rows(data: bytes) -> list[list[str]]:
    book = read_grid(data, limits=LIST)
    sheet, found = book.sheets[0], dict[int, dict[int, str]]()
    for (row, column), cell in sheet.cells.items():
        found.setdefault(row, {})[column] = _shown(cell, book.date1904)
    # What stands in the first of some merged cells is meant for every row of them.
    end = max(found, default=-1)
    for (top, column), (last, _) in sheet.merged:
        for row in range(top + 1, min(last, end) + 1):
            if row in found and not found[row].get(column):
                found[row][column] = found.get(top, {}).get(column, "")
    rows = (found.get(row, {}) for row in range(end + 1))
    return [
        [said.get(at, "") for at in range(max(said, default=-1) + 1)] for said in rows
    ]


def _shown(cell: RawCell, date1904: bool) -> str:
    if cell.kind is RawKind.NUMBER:
        return _text(float(cell.value))
    return text_of(cell, date1904).strip()


def _csv_rows(data: bytes) -> list[list[str]]:
    return [_texts(row) for row in _csv(data)]


def _csv(data: bytes) -> Iterator[list[str]]:
    """The rows as they stand. Raises UnreadableFile."""
    text = decoded(data)
    head = text.partition("\n")[0]
    # Excel separates by what the machine's region says.
    delimiter = max("\t;,", key=lambda mark: (head.count(mark), mark == ","))
    csv.field_size_limit(MAX_TEXT * 4)  # a library may have lifted it for all
    number = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            number += 1
            yield row
    except csv.Error as error:
        raise UnreadableFile("damaged", f"row {number + 1}: {error}") from None


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, GBK or UTF-16. Raises UnreadableFile."""
    for encoding in _encodings(data):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            if "\0" not in text:
                return text
    raise UnreadableFile("not_spreadsheet", "neither a table nor text")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)  # “Unicode 文本” of Excel
    return ("utf-8-sig", "gb18030")


def _texts(row: Iterable[Any]) -> list[str]:
    return [_text(value) for value in row]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and abs(value) >= _EXACT:
        return f"{value:.2E}"  # as Excel shows it, which keeps no more than 15 digits
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
