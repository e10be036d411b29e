"""Where everything a clerk types is in a workbook that came back.

In a workbook nobody took apart that is where the layout says. Where a label is not
in its place, the sheet is searched by its labels; where a sheet is not there by its
name, by what stands on it. Pure.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from workbook_builder.model.answers import CHOICES
from workbook_builder.model.form import Form
from workbook_builder.model.grid import Position, RawBook, RawKind, RawSheet
from workbook_builder.model.layout import Layout, Place
from workbook_builder.model.names import essence
from workbook_builder.reading.align import Alignment, align, share
from workbook_builder.workbook.place import (
    AUDIT,
    HIDDEN,
    PASTE,
    PRINTED,
    layouts,
    place,
)

#: A sheet of another name with at least this share of the labels is the one meant.
ENOUGH = 0.5
#: How sheets are named on which nobody types.
_NEVER_TYPED = (PRINTED, PASTE, HIDDEN)


@dataclass(frozen=True, slots=True)
class Moved:
    """A label that is not where it belongs, and what stands there instead.

    Of a sheet the first one whose row is lost is told, if one is: below a row that was
    deleted every label is in another place.
    """

    place: Place
    label: str
    seen: str


@dataclass(frozen=True, slots=True)
class SheetFound:
    """A sheet of the layout in the file: its name there, and what moved on it.

    ``alignment`` is None where every label is in its place. ``copies`` are other
    sheets that look the same.
    """

    name: str
    moved: Moved | None = None
    alignment: Alignment | None = None
    copies: tuple[str, ...] = ()

    def find(self, spot: Place) -> Place | None:
        """Where a place of the layout is in the file; None where nobody can tell."""
        if self.alignment is None:
            same = spot.sheet == self.name  # mostly, and there are hundreds of places
            return spot if same else replace(spot, sheet=self.name)
        found = self.alignment.find(spot.row, spot.column)
        return None if found is None else Place(self.name, *found)


def locate(layout: Layout, book: RawBook) -> dict[str, SheetFound]:
    """Sheet name of the layout → where it is; a sheet that is lost is missing."""
    expected = _expected(layout)
    found = {}
    for name, sheet in expected.items():
        own, moved, copies = _candidates(sheet, book, expected.keys())
        if own is not None:
            alignment = None
            if moved:
                moved.sort(key=_in_order)
                alignment = align(sheet.labels, sheet.lines, _texts(own))
                moved.sort(key=lambda each: not alignment.has_lost(each.place.row))
            found[name] = SheetFound(
                own.name, next(iter(moved), None), alignment, copies
            )
    return found


def _in_order(moved: Moved) -> Position:
    return moved.place.row, moved.place.column


def fitting(form: Form, book: RawBook) -> Layout:
    """The layout of a book that does not say which it has: that in which no sheet was
    taken apart and words of the sheet stand in no place for a choice, else today's."""
    known = layouts(form)
    for layout in known:
        found = locate(layout, book)
        if (
            len(found) == len(_expected(layout))
            and not any(sheet.moved for sheet in found.values())
            and all(
                _may_be_choice(book, found, s) for s in layout.declarations.values()
            )
        ):
            return layout
    return known[0]


def _may_be_choice(
    book: RawBook, found: Mapping[str, SheetFound], wanted: Place
) -> bool:
    here = found.get(wanted.sheet)
    spot = here.find(wanted) if here else None
    if spot is None:
        return True
    sheet = book.sheet(spot.sheet)
    said = sheet.cells.get((spot.row, spot.column)) if sheet else None
    return said is None or said.value.strip() in {"", *CHOICES}


def explained(
    form: Form, layout: Layout, book: RawBook, found: Mapping[str, SheetFound]
) -> dict[str, Place]:
    """审核 line key → where its 说明 stands in the file, of lines that have one there or
    on a copy of the sheet; in layouts without keys, of all.

    A line is known by the key on its row, or by its code and words where the key is
    gone.
    """
    sheet = found.get(AUDIT)
    if sheet is None:
        return {}
    if layout.reasons is None:
        spots = ((key, sheet.find(spot)) for key, spot in layout.explanations.items())
        return {key: spot for key, spot in spots if spot is not None}
    head, there = sheet.find(layout.reasons), book.sheet(sheet.name)
    if head is None or there is None:
        return {}
    sheets = filter(None, (there, *map(book.sheet, sheet.copies)))
    rows: dict[int, list[str]] = {
        row: []
        for each in sheets
        for row, column in each.cells
        if column == head.column and row != head.row
    }
    if not rows:
        return {}
    for (row, _), cell in there.cells.items():
        if row in rows and cell.kind is RawKind.TEXT:
            rows[row].append(cell.value)
    lines = _lines(form)
    return {
        key: Place(sheet.name, row, head.column)
        for row, texts in sorted(rows.items())
        for _, key in sorted(
            (number, key)
            for text in texts
            for number, key, also in lines.get(text, ())
            if also in texts
        )
    }


@cache
def _lines(form: Form) -> dict[str, list[tuple[int, str, str]]]:
    """What may stand on the row of a line that is explained → the place of that line
    among all, its key, and what must stand there as well."""
    said: dict[str, list[tuple[int, str, str]]] = {}
    for number, (check, line) in enumerate(form.lines):
        if not check.severity.must_hold:
            said.setdefault(line.key, []).append((number, line.key, line.key))
            words = check.words(line)
            said.setdefault(check.code, []).append((number, line.key, words))
    return said


def _candidates(
    expected: _Expected, book: RawBook, names: Container[str]
) -> tuple[RawSheet | None, list[Moved], tuple[str, ...]]:
    """The sheet that is meant, what moved on it, and others that look the same.

    The one of the right name is preferred, unless it is another one altogether.
    """
    # What is printed from the tables or copied into them is none, nor is a copy of it.
    typed = [sheet for sheet in book.sheets if not sheet.name.startswith(_NEVER_TYPED)]
    own = book.sheet(expected.name)
    moved = list(_moved(expected, own)) if own else []
    if own is not None and not moved:
        others = [sheet for sheet in typed if sheet.name not in names]
    else:
        others = [sheet for sheet in typed if sheet is not own]
    alike = [sheet for sheet in others if _looks_like(expected, sheet)]
    if alike and (own is None or not _looks_like(expected, own)):
        own = alike.pop(0)
        moved = list(_moved(expected, own))
    return own, moved, tuple(sheet.name for sheet in alike)


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a sheet of the layout is known by, and what is looked for on it.

    ``marks`` are labels that prove that nothing was moved; ``labels`` are these and
    the title.
    """

    name: str
    marks: Mapping[Position, str]
    labels: Mapping[Position, str]
    lines: tuple[tuple[int, ...], tuple[int, ...]]


@cache
def _expected(layout: Layout) -> dict[str, _Expected]:
    marks = {**layout.labels, **layout.headings}
    return {
        name: _Expected(
            name,
            _on(name, marks),
            _on(name, {**layout.titles, **marks}),
            (
                tuple(sorted({spot.row for spot in typed})),
                tuple(sorted({spot.column for spot in typed})),
            ),
        )
        for name, typed in layout.typed_on.items()
    }


def _on(name: str, labels: Mapping[Place, str]) -> dict[Position, str]:
    return {
        (spot.row, spot.column): text
        for spot, text in labels.items()
        if spot.sheet == name
    }


def _texts(sheet: RawSheet) -> dict[Position, str]:
    return {
        position: cell.value
        for position, cell in sheet.cells.items()
        if cell.kind is RawKind.TEXT
    }


def _looks_like(expected: _Expected, sheet: RawSheet) -> bool:
    # Sheets that are not read have no cells here.
    return bool(sheet.cells) and share(expected.marks, _texts(sheet)) >= ENOUGH


def _moved(expected: _Expected, sheet: RawSheet) -> Iterator[Moved]:
    for position, label in expected.marks.items():
        cell = sheet.cells.get(position)
        seen = cell.value if cell and cell.kind is RawKind.TEXT else ""
        if seen != label and essence(seen) != essence(label):
            yield Moved(Place(sheet.name, *position), label, seen)


def share_of(form: Form, book: RawBook) -> float:
    """How much of the form's tables the book shows, between 0 and 1."""
    words = words_of(form)
    return len(words & texts_of(book)) / len(words)


@cache
def words_of(form: Form) -> frozenset[str]:
    """What the tables of the form print."""
    return frozenset(essence(text) for text in place(form).labels.values())


def texts_of(book: RawBook) -> frozenset[str]:
    """What stands in the book."""
    return frozenset(
        essence(cell.value)
        for sheet in book.sheets
        for cell in sheet.cells.values()
        if cell.kind is RawKind.TEXT
    )
