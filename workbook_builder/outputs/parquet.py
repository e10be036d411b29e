"""The only module that knows pyarrow: a listing as Parquet.

It belongs to the extra ``data``; without it the other data files are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbook_builder.model.errors import MissingExtra
from workbook_builder.model.values import plain
from workbook_builder.outputs.records import (
    ListColumn,
    ListContent,
    Listing,
    ListRows,
)

#: Digits before and after the point of a ``decimal128``.
PRECISION = 38
#: Rows of a group, which are in memory until it is whole.
_GROUP = 25_000
#: Cells of a column that are made at a time.
_PART = 4096


class ParquetFile:
    """Numbers are ``decimal128(38, scale)``.

    ``<column>_exact`` beside each holds every number as text, also one that has more
    decimals than ``scale`` or too many digits: there the number itself is null. The
    file is whole when it is left.
    Raises MissingExtra where pyarrow is not installed.
    """

    def __init__(self, listing: Listing, file: Path, scale: int) -> None:
        try:
            import pyarrow as arrow
            from pyarrow import parquet as format_
        except ImportError:
            raise MissingExtra("data") from None
        self._listing, self._arrow, self._scale = listing, arrow, scale
        fields = []
        for column in listing.columns:
            fields.append((column.name, _kind(arrow, column, scale)))
            if column.type == "number":
                fields.append((f"{column.name}_exact", arrow.string()))
        meanings = {column.name: column.meaning for column in listing.columns}
        self._schema = arrow.schema(fields, metadata=meanings)
        self._writer = format_.ParquetWriter(file, self._schema, compression="zstd")
        self._waiting: list[list[ListContent]] = [[] for _ in listing.columns]

    def write(self, rows: ListRows) -> None:
        for waiting, contents in zip(self._waiting, rows.columns, strict=True):
            waiting += contents
        if len(self._waiting[0]) >= _GROUP:
            self._write_group()

    def _write_group(self) -> None:
        arrays: list[Any] = []
        for column, contents in zip(self._listing.columns, self._waiting, strict=True):
            kind = _kind(self._arrow, column, self._scale)
            if column.type == "number":
                fitting, exact = _Fitting(self._scale), _Exact()
                found = [fitting[each] for each in contents]
                arrays.append(self._array(found, kind))
                contents, kind = [exact[e] for e in contents], self._arrow.string()
            arrays.append(self._array(contents, kind))
        self._waiting = [[] for _ in self._waiting]
        self._writer.write_table(
            self._arrow.Table.from_arrays(arrays, schema=self._schema)
        )

    def _array(self, contents: Sequence[ListContent], kind: Any) -> Any:
        """In parts: what grows is in memory twice."""
        parts = (contents[at : at + _PART] for at in range(0, len(contents), _PART))
        made = [self._arrow.array(part, kind) for part in parts]
        return self._arrow.chunked_array(made, kind)

    def __enter__(self) -> ParquetFile:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if self._waiting[0] and error is None:
            self._write_group()
        self._writer.close()
        self._arrow.default_memory_pool().release_unused()


def _kind(arrow: Any, column: ListColumn, scale: int) -> Any:
    match column.type:
        case "number":
            return arrow.decimal128(PRECISION, scale)
        case "integer":
            return arrow.int64()
        case "boolean":
            return arrow.bool_()
        case _:
            return arrow.string()


def _number(content: ListContent) -> Decimal:
    assert isinstance(content, Decimal)
    return content


class _Exact(dict[ListContent, str | None]):
    """Each number as text, made once: most figures of most units are 0."""

    def __missing__(self, content: ListContent) -> str | None:
        text = self[content] = None if content is None else plain(_number(content))
        return text


class _Fitting(dict[ListContent, Decimal | None]):
    """The number, where a ``decimal128`` of that scale holds it exactly."""

    def __init__(self, scale: int) -> None:
        super().__init__({None: None})
        self._step = Decimal(1).scaleb(-scale)
        self._most = Decimal(10) ** (PRECISION - scale - 12)

    def __missing__(self, content: ListContent) -> Decimal | None:
        value = _number(content)
        fits = abs(value) < self._most and value % self._step == 0
        self[content] = value if fits else None
        return self[content]
