"""Plain text: lines, lines cut by tabs, and tables drawn with bars as in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from workbook_builder.documents.budget import DocumentBudget
from workbook_builder.documents.builder import tidy
from workbook_builder.model.document import (
    Document,
    DocumentBlock,
    DocumentFormat,
    Passage,
    Precision,
    PrintedCell,
    PrintedTable,
)
from workbook_builder.model.errors import UnreadableFile

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_RULE = re.compile(r"(?=[^-]*+-)[\s|:-]*+")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def text_document(data: bytes) -> Document:
    """Raises UnreadableFile for what is no text in UTF-8, UTF-16 or GB 18030."""
    text = decoded(data)
    if _NO_TEXT.search(text):
        raise UnreadableFile("not_document", "unknown")
    budget = DocumentBudget()
    budget.spend_characters(len(text))
    blocks: list[DocumentBlock] = []
    for cut, lines in groupby(text.splitlines(), key=_separator):
        if cut:
            blocks.extend(_table(list(lines), cut, budget))
        else:
            blocks.extend(Passage(line) for line in map(tidy, lines) if line)
    return Document(DocumentFormat.TEXT, Precision.TYPED, tuple(blocks))


def decoded(data: bytes, declared: str = "") -> str:
    """The text, in the encoding that it declares or else in the one it fits."""
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    for encoding in filter(None, (marked, declared, "utf-8", "gb18030")):
        # Pages that say gb2312 mean all that Chinese Windows can write.
        name = "gb18030" if encoding.lower() in {"gb2312", "gbk"} else encoding
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    raise UnreadableFile("damaged", "text in no known encoding")


def _separator(line: str) -> str:
    """What cuts the line into cells; empty for a line of running text."""
    if line.strip().startswith("|") and line.count("|") > 1:
        return "|"
    return "\t" if "\t" in line.strip("\t ") or line.endswith("\t") else ""


def _table(
    lines: Sequence[str], cut: str, budget: DocumentBudget
) -> Iterator[DocumentBlock]:
    rows = [_cells(line, cut) for line in lines if not _RULE.fullmatch(line)]
    cells = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            budget.spend_cell()
            cells.append(PrintedCell(row, column, tidy(text)))
    if cells:
        yield PrintedTable(tuple(cells))


def _cells(line: str, cut: str) -> list[str]:
    if cut == "|":
        return line.strip().removeprefix("|").removesuffix("|").split("|")
    return line.split(cut)
