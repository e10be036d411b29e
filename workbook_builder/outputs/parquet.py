"""The only module that knows pyarrow: a listing as Parquet.

It belongs to the extra ``data``; without it the other data files are written.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from workbook_builder.model.errors import MissingExtra
from workbook_builder.model.values import plain
from workbook_builder.outputs.records import (
    ListColumn,
    ListContent,
    Listing,
    ListRecord,
)

#: Digits before and after the point of a ``decimal128``.
PRECISION = 38


def parquet(listing: Listing, rows: Iterable[ListRecord], scale: int) -> bytes:
    """The file; numbers are ``decimal128(38, scale)``.

    ``<column>_exact`` beside each holds every number as text, also one that has more
    decimals than ``scale`` or too many digits: there the number itself is null.
    Raises MissingExtra where pyarrow is not installed.
    """
    try:
        import pyarrow as arrow
        from pyarrow import parquet as format_
    except ImportError:
        raise MissingExtra("Parquet", "data") from None
    columns = list(zip(*rows, strict=True)) or [()] * len(listing.columns)
    arrays: dict[str, Any] = {}
    metadata: dict[str, str] = {}
    for column, contents in zip(listing.columns, columns, strict=True):
        metadata[column.name] = column.meaning
        if column.type == "number":
            fitting = [_fitting(each, scale) for each in contents]
            exact = [
                None if each is None else plain(_number(each)) for each in contents
            ]
            kind = arrow.decimal128(PRECISION, scale)
            arrays[column.name] = arrow.array(fitting, kind)
            arrays[f"{column.name}_exact"] = arrow.array(exact, arrow.string())
        else:
            arrays[column.name] = arrow.array(contents, _kind(arrow, column))
    table = arrow.table(arrays).replace_schema_metadata(metadata)
    buffer = io.BytesIO()
    format_.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _kind(arrow: Any, column: ListColumn) -> Any:
    return {
        "string": arrow.string(),
        "integer": arrow.int64(),
        "boolean": arrow.bool_(),
    }[column.type]


def _number(content: ListContent) -> Decimal:
    assert isinstance(content, Decimal)
    return content


def _fitting(content: ListContent, scale: int) -> Decimal | None:
    """The number, where a ``decimal128`` of that scale holds it exactly."""
    if content is None:
        return None
    value = _number(content)
    step = Decimal(1).scaleb(-scale)
    fits = abs(value) < Decimal(10) ** (PRECISION - scale - 12) and value % step == 0
    return value if fits else None
