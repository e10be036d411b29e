"""A .doc of Word 97 to 2003, as WPS and LibreOffice write it, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbook_builder.documents.budget import DocumentBudget
from workbook_builder.documents.builder import Builder
from workbook_builder.documents.word97 import Kept, Stored, stored
from workbook_builder.model.document import Document, DocumentFormat, Precision
from workbook_builder.model.errors import UnreadableFile

_PARAGRAPH, _CELL = "\r", "\x07"
_ENDS = re.compile(f"[{_PARAGRAPH}{_CELL}\x0c]")
#: The instruction of a field is not shown, its result is.
_INSTRUCTION = re.compile("\x13[^\x13\x14\x15]*(?:\x14|(?=\x15))")
_CHARACTERS = str.maketrans(
    {"\x0b": "\n", "\x1e": "-", "\x1f": None, "\x13": None, "\x14": None, "\x15": None}
    | {chr(code): None for code in (1, 2, 3, 4, 5, 8)}
)
#: Edges of cells this near to each other, in twentieths of a point, are one.
SAME_EDGE = 20


@dataclass(slots=True)
class _Row:
    cells: list[str]
    edges: tuple[int, ...]
    continues: tuple[bool, ...]


@dataclass(slots=True)
class _Table:
    rows: list[_Row] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


def doc_document(data: bytes) -> Document:
    """What the document prints. Raises UnreadableFile."""
    budget = DocumentBudget()
    document = stored(data, budget.limits.text)
    builder, table = Builder(budget), _Table()
    for text, end, kept in _paragraphs(document):
        if kept.in_table or end == _CELL:
            _in_table(table, text, end, kept)
            continue
        _put(builder, table)
        table = _Table()
        builder.write(text)
        builder.end_paragraph()
    _put(builder, table)
    return Document(DocumentFormat.DOC, Precision.MARKUP, builder.blocks())


def _paragraphs(document: Stored) -> Iterator[tuple[str, str, Kept]]:
    """(text, the mark that ends it, its properties)."""
    at = 0
    for found in _ENDS.finditer(document.text):
        raw = document.text[at : found.start()]
        text = _INSTRUCTION.sub("", raw).translate(_CHARACTERS)
        yield text, found[0], document.kept_at(found.start())
        at = found.end()


def _in_table(table: _Table, text: str, end: str, kept: Kept) -> None:
    if kept.ends_row:
        table.rows.append(_Row(table.open, kept.edges, kept.continues))
        table.open = []
        return
    table.paragraphs.append(text)
    if end == _CELL:
        table.open.append("\n".join(table.paragraphs))
        table.paragraphs = []


def _put(builder: Builder, table: _Table) -> None:
    """The table, its columns made of the edges of all rows."""
    if table.open or table.paragraphs:
        raise UnreadableFile("damaged", "a row of a table without end")
    if not table.rows:
        return
    across: list[int] = []
    for edge in sorted({edge for row in table.rows for edge in row.edges}):
        if not across or edge - across[-1] > SAME_EDGE:
            across.append(edge)
    builder.begin_table()
    for row in table.rows:
        builder.begin_row()
        _put_row(builder, row, across)
    builder.end_table()


def _put_row(builder: Builder, row: _Row, across: list[int]) -> None:
    at = 0
    for n, text in enumerate(row.cells):
        known = n + 1 < len(row.edges)
        left = _index(across, row.edges[n]) if known else at
        right = _index(across, row.edges[n + 1]) if known else at + 1
        if left > at:
            builder.skip_columns(left - at)
        at = max(right, left + 1)
        if n < len(row.continues) and row.continues[n]:
            builder.lengthen(at - left)
            continue
        builder.begin_cell(at - left)
        for line in text.split("\n"):
            builder.write(line)
            builder.end_paragraph()
        builder.end_cell()


def _index(edges: list[int], place: int) -> int:
    return min(range(len(edges)), key=lambda n: abs(edges[n] - place))
