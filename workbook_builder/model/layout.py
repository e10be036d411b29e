"""版式: which sheet and address everything has.

Checks have no part in it: the lines of the 审核 sheet are found by their keys, so that
a check added later leaves workbooks readable that are in the post.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import groupby


@cache
def column_letters(column: int) -> str:
    """Zero-based column → letters: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Letters → zero-based column: A is 0, AA is 26."""
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column - 1


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

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"

    @property
    def absolute(self) -> str:
        """``$D$8``."""
        return f"${column_letters(self.column)}${self.row + 1}"


#: The role of the line above a table that names it.
TITLE = "title"


@dataclass(frozen=True, slots=True)
class Box:
    """A printed label. ``role`` is title, band, head, stub or vertical."""

    place: Place
    text: str
    role: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, eq=False)
class Layout:
    """Where a reader finds what a clerk typed, and what proves that nothing moved."""

    cells: Mapping[str, Place]
    declarations: Mapping[str, Place]
    texts: Mapping[str, Place]
    fields: Mapping[str, Place]
    boxes: tuple[Box, ...]
    headings: Mapping[Place, str]
    """What stands beside texts, fields and explanations, outside the tables."""
    reasons: Place | None
    """The head above every 说明; the key of the line is on the row of each. None where
    ``explanations`` says where they are, as in layouts published without keys."""
    explanations: Mapping[str, Place]
    """审核 line key → where its 说明 is typed; 强制 lines have none. Where the lines
    have keys, that is only where workbooks built now have it."""
    paragraphs: int = 1
    """Rows that a text may take, one below the other: what is copied from a document
    puts each paragraph into a cell of its own."""
    pasted: Mapping[str, Place] = field(default_factory=dict)
    """Table → the twin of its declaration on the page where copied tables are put; the
    rows of the table stand below it as below the declaration."""
    name: str = ""
    """The fingerprint a published layout is known by."""

    def place_of(self, id_: str | None) -> Place | None:
        """Where a cell, text or field stands; None for what has no place of its own."""
        found = (each.get(id_ or "") for each in (self.cells, self.texts, self.fields))
        return next(filter(None, found), None)

    def rows_of(self, text: str) -> tuple[Place, ...]:
        """The cells of a text, a paragraph each."""
        return self._rows[text]

    @cached_property
    def _rows(self) -> Mapping[str, tuple[Place, ...]]:
        rows = range(self.paragraphs)
        return {
            text: tuple(replace(first, row=first.row + row) for row in rows)
            for text, first in self.texts.items()
        }

    @cached_property
    def paragraphs_at(self) -> Mapping[tuple[str, int], Place]:
        """The same of every text, by text and paragraph."""
        return {
            (text, n): spot
            for text in self.texts
            for n, spot in enumerate(self.rows_of(text))
        }

    def pasted_at(self, table: str, spot: Place) -> Place:
        """The twin of a place of the table on the page for copied tables, if as many
        columns are copied as are printed."""
        there, here = self.pasted[table], self.declarations[table]
        down, across = spot.row - here.row, spot.column - here.column
        return Place(there.sheet, there.row + down, there.column + across)

    def printed_rows(self, table: str) -> tuple[tuple[Place, ...], ...]:
        """The labels and figures of a table, row by row. That is how copied ones are
        read: columns are wider and narrower in each document, their order is one."""
        return self._printed_rows[self.declarations[table].sheet]

    @cached_property
    def _printed_rows(self) -> Mapping[str, tuple[tuple[Place, ...], ...]]:
        rows: dict[str, list[tuple[Place, ...]]] = {}
        ours = sorted({*self.labels, *self.cells.values()})
        for (sheet, _), row in groupby(ours, key=lambda spot: (spot.sheet, spot.row)):
            rows.setdefault(sheet, []).append(tuple(row))
        return {sheet: tuple(each) for sheet, each in rows.items()}

    @cached_property
    def typed(self) -> tuple[Place, ...]:
        """Every place on the sheets people see that a reader finds by its address."""
        parts = (self.cells, self.declarations, self.fields)
        spots = [spot for part in parts for spot in part.values()]
        spots += [row for text in self.texts for row in self.rows_of(text)]
        spots += self.explanations.values() if self.reasons is None else [self.reasons]
        return tuple(spots)

    @cached_property
    def typed_on(self) -> Mapping[str, tuple[Place, ...]]:
        """The same by their sheets."""
        sheets: dict[str, list[Place]] = {}
        for spot in self.typed:
            sheets.setdefault(spot.sheet, []).append(spot)
        return {name: tuple(spots) for name, spots in sheets.items()}

    @cached_property
    def labels(self) -> Mapping[Place, str]:
        """The labels of the tables, which prove that nothing was moved."""
        return {box.place: box.text for box in self.boxes if box.role != TITLE}

    @cached_property
    def titles(self) -> Mapping[Place, str]:
        """The titles of the tables."""
        return {box.place: box.text for box in self.boxes if box.role == TITLE}

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits over everything a reader looks up by its address."""
        if self.name:
            return self.name
        parts = (self.cells, self.declarations, self.texts, self.fields)
        lines = [f"{key}={place}" for part in parts for key, place in part.items()]
        words = {**self.titles, **self.labels, **self.headings}
        lines += [f"{place}:{text}" for place, text in words.items()]
        lines.append(f"reasons={self.reasons}")
        lines += [f"pasted {key}={place}" for key, place in self.pasted.items()]
        lines += [f"paragraphs={self.paragraphs}"] if self.paragraphs > 1 else []
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


@dataclass(frozen=True, eq=False)
class Design(Layout):
    """The layout of workbooks built now, and what only their builder looks up.

    ``spans`` says how many sheet columns a cell covers where it is more than one.
    ``heads`` are, per table, the first and last row of the printed head.
    """

    spans: Mapping[str, int] = field(default_factory=dict, kw_only=True)
    heads: Mapping[str, tuple[int, int]] = field(default_factory=dict, kw_only=True)
    lines: Mapping[str, Place] = field(default_factory=dict, kw_only=True)
    """审核 line key → the first cell of its row."""
    last_period: Mapping[str, Place] = field(default_factory=dict, kw_only=True)
    stamp: Mapping[str, Place] = field(default_factory=dict, kw_only=True)
    entries: Mapping[Place, Place] = field(default_factory=dict, kw_only=True)
    """Where a clerk types → the hidden cell by which formulas know what was typed. None
    of them looks at a typed cell itself: cut or dragged elsewhere, it would take the
    reference along."""
    frames: Mapping[str, tuple[Place, Place]] = field(
        default_factory=dict, kw_only=True
    )
    """Of each sheet with entries, two locked cells that have them all between them."""
    pasted_totals: Mapping[str, Place] = field(default_factory=dict, kw_only=True)
    """Total → the hidden cell that knows what was pasted for it."""
    helpers: Mapping[str, Place] = field(default_factory=dict, kw_only=True)
    """Input cell id → the first helper cell of its row on the hidden sheet."""
    prepared: Mapping[str, Place] = field(default_factory=dict, kw_only=True)
    """Text id → where it stands as figures are looked for in it."""
    phrases: Place = field(kw_only=True)
