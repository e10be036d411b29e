"""版式: which sheet and address everything has. Pinned once an edition is published."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


def column_letters(column: int) -> str:
    """Zero-based column → letters: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One cell of a sheet; row and column count from 0."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """As people write it: ``D8``."""
        return f"{column_letters(self.column)}{self.row + 1}"

    @property
    def absolute(self) -> str:
        """``$D$8``."""
        return f"${column_letters(self.column)}${self.row + 1}"


@dataclass(frozen=True, slots=True)
class Box:
    """A printed label. ``role`` is title, band, head, stub or vertical."""

    place: Place
    text: str
    role: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Layout:
    """Places of cells, texts, fields, declarations, explanations and the stamp.

    ``spans`` says how many sheet columns a cell covers where it is more than one.
    ``heads`` are, per table, the first and last row of the printed head.
    """

    cells: Mapping[str, Place]
    spans: Mapping[str, int]
    declarations: Mapping[str, Place]
    texts: Mapping[str, Place]
    fields: Mapping[str, Place]
    lines: Mapping[str, Place]
    """审核 line key → the first cell of its row."""
    explanations: Mapping[str, Place]
    """审核 line key → where its 说明 is typed; 强制 lines have none."""
    last_period: Mapping[str, Place]
    stamp: Mapping[str, Place]
    helpers: Mapping[str, Place]
    """Input cell id → the first helper cell of its row on the hidden sheet."""
    phrases: Place
    headings: Mapping[Place, str]
    """What stands beside texts, fields and explanations, outside the tables."""
    boxes: tuple[Box, ...]
    heads: Mapping[str, tuple[int, int]]

    def place_of(self, id_: str | None) -> Place | None:
        """Where a cell or text stands; None for what has no place of its own."""
        return self.cells.get(id_ or "") or self.texts.get(id_ or "")

    @cached_property
    def typed(self) -> tuple[Place, ...]:
        """Every place a reader looks at on the sheets people see."""
        parts = (
            self.cells,
            self.declarations,
            self.texts,
            self.fields,
            self.explanations,
        )
        return tuple(spot for part in parts for spot in part.values())

    @cached_property
    def labels(self) -> Mapping[Place, str]:
        """The labels of the tables, which prove that nothing was moved."""
        return {box.place: box.text for box in self.boxes if box.role != "title"}

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits over everything a reader looks up."""
        parts = (
            self.cells,
            self.declarations,
            self.texts,
            self.fields,
            self.lines,
            self.explanations,
            self.last_period,
            self.stamp,
        )
        lines = [
            f"{key}={place.sheet}!{place.address}"
            for part in parts
            for key, place in part.items()
        ]
        lines += [f"{p.sheet}!{p.address}:{text}" for p, text in self.labels.items()]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
