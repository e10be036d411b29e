"""汇总.xlsx, read back: what it says of each unit, wherever its columns stand now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.formats.sheet_rows import sheet_rows
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.naming import CODE_HEAD, COUNTED_HEAD, DETAIL, OVERVIEW

#: A row of 明细: head → what stands below it.
SummaryRow = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SummaryRows:
    """``title`` is what stands at the head of 概览; ``rows`` are those of 明细, under its
    heads and, for figures, under the address that stands above them (“表三 D7”)."""

    title: str
    rows: Sequence[SummaryRow]

    @property
    def counted(self) -> tuple[tuple[str, SummaryRow], ...]:
        """Code and row of each unit that was added up."""
        return tuple((r[CODE_HEAD], r) for r in self.rows if r[COUNTED_HEAD] == "1")


def summary_rows(file: Path) -> SummaryRows | None:
    """What a 汇总.xlsx says; None for any other file, and where it cannot be read."""
    try:
        data = file.read_bytes()
        rows, head = sheet_rows(data, DETAIL), sheet_rows(data, OVERVIEW)
    except (OSError, UnreadableFile):
        return None
    found = tuple(_below_heads(rows))
    title = " ".join(text for row in head[:2] for text in row if text)
    return SummaryRows(title, found) if found else None


def _below_heads(rows: Sequence[Sequence[str]]) -> Iterator[SummaryRow]:
    heads: Sequence[str] = ()
    for number, row in enumerate(rows):
        if heads:
            named = {name: text for name, text in zip(heads, row, strict=False) if name}
            if named[CODE_HEAD]:
                yield named
        elif {CODE_HEAD, COUNTED_HEAD} <= set(row) and number:
            heads = [a or b for a, b in zip(rows[number - 1], row, strict=False)]
