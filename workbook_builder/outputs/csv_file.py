"""A listing as CSV that Excel opens, and that no office suite takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import lru_cache

from workbook_builder.model.text import harmless
from workbook_builder.model.values import plain
from workbook_builder.outputs.records import Content, Listing, Record


def csv_file(listing: Listing, rows: Iterable[Record]) -> bytes:
    """UTF-8 with BOM, everything quoted; nothing is an empty field."""
    buffer = io.BytesIO()
    text = io.TextIOWrapper(buffer, "utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(column.name for column in listing.columns)
    writer.writerows(map(_field, row) for row in rows)
    text.flush()
    return buffer.getvalue()


@lru_cache(maxsize=1 << 16, typed=True)  # most fields say what others said before
def _field(content: Content) -> str:
    match content:
        case None:
            return ""
        case bool():
            return "true" if content else "false"
        case str():
            return harmless(content)
        case int():
            return str(content)
        case _:
            return plain(content)
