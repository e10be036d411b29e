"""A listing as CSV that Excel opens, and that no office suite takes for formulas."""

from __future__ import annotations

from collections.abc import Iterable

from workbook_builder.model.text import harmless, printable
from workbook_builder.model.values import plain
from workbook_builder.outputs.records import ListContent, Listing, ListRecord

_END = "\r\n"


def csv_file(listing: Listing, rows: Iterable[ListRecord]) -> bytes:
    """RFC 4180 in UTF-8 with BOM, everything quoted; nothing is an empty field."""
    head = [_quoted(column.name) for column in listing.columns]
    # By columns, because a column is quoted without a loop of Python's.
    columns = [map(_Fields().__getitem__, column) for column in zip(*rows, strict=True)]
    lines = map(",".join, [head, *zip(*columns, strict=True)])
    return _END.join((*lines, "")).encode("utf-8-sig")


class _Fields(dict[ListContent, str]):
    """The fields of one column, which holds contents of one type.

    Each is made once: most rows of a large table say what others said before.
    """

    def __missing__(self, content: ListContent) -> str:
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
