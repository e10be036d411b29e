"""The sheets of a file: where places of the layout are, and what was done to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeVar

from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.grid import MergedArea, Position, RawBook, RawCell, text_of
from workbook_builder.model.layout import Layout, Place
from workbook_builder.model.text import Text
from workbook_builder.reading.locate import Moved, SheetFound, explained
from workbook_builder.workbook.place import AUDIT, SIGN

_Key = TypeVar("_Key")


def _under(
    spots: Iterable[Place], merged: Iterable[MergedArea]
) -> tuple[list[Place], ...]:
    """What is typed under each merged cell, but for its own place; of those cells that
    have anything under them, which few have: most are labels."""
    rows: dict[int, list[Place]] = {}
    for spot in spots:
        rows.setdefault(spot.row, []).append(spot)
    found = (
        [
            spot
            for row, typed in rows.items()
            if top <= row <= bottom
            for spot in typed
            if left <= spot.column <= right and (row, spot.column) != (top, left)
        ]
        for (top, left), (bottom, right) in merged
    )
    return tuple(filter(None, found))


@lru_cache(maxsize=1 << 6)  # most files have the same
def _under_as_built(
    layout: Layout, name: str, merged: tuple[MergedArea, ...]
) -> tuple[list[Place], ...]:
    return _under(layout.typed_on[name], merged)


@dataclass(frozen=True)
class Sheets:
    """``found`` is what ``locate`` says of the sheets of the layout."""

    form: Form
    layout: Layout
    book: RawBook
    found: Mapping[str, SheetFound]

    @cached_property
    def _as_built(self) -> bool:
        """Whether every place is where the layout says, as in most files."""
        there = map(self.found.get, self.layout.typed_on)
        return all(
            sheet and sheet.name == name and sheet.alignment is None
            for name, sheet in zip(self.layout.typed_on, there, strict=True)
        )

    @cached_property
    def _cells(self) -> Mapping[str, Mapping[Position, RawCell]]:
        """The cells of each sheet; of two of one name, of the first."""
        return {sheet.name: sheet.cells for sheet in reversed(self.book.sheets)}

    def explained(self) -> dict[str, Place]:
        return explained(self.form, self.layout, self.book, self.found)

    def places(self, places: Mapping[_Key, Place]) -> dict[_Key, Place]:
        """Those places that are in this file, where they are."""
        if self._as_built:
            return dict(places)
        spots = ((key, self.find(spot)) for key, spot in places.items())
        return {key: spot for key, spot in spots if spot is not None}

    def find(self, spot: Place) -> Place | None:
        """Where a place of the layout is in this file, if anybody can tell."""
        if self._as_built:
            return spot
        sheet = self.found.get(spot.sheet)
        return sheet.find(spot) if sheet else None

    def at(self, spot: Place | None) -> RawCell | None:
        cells = self._cells.get(spot.sheet) if spot else None
        return cells.get((spot.row, spot.column)) if spot and cells else None

    def _typed(self, name: str) -> Sequence[Place | None]:
        """What is typed on a sheet of the layout, each where it is in this file."""
        typed = self.layout.typed_on[name]
        return typed if self._as_built else [*map(self.find, typed)]

    def _typed_under(
        self, name: str, merged: tuple[MergedArea, ...]
    ) -> Iterable[list[Place]]:
        if self._as_built:
            return _under_as_built(self.layout, name, merged)
        return _under(self._there(name), merged)

    def _there(self, name: str) -> list[Place]:
        return [spot for spot in self._typed(name) if spot is not None]

    def changed(self) -> Iterator[Finding]:
        """Says every sheet that is lost, renamed, copied or taken apart."""
        for name in self.layout.typed_on:
            sheet = self.found.get(name)
            if sheet is None:
                if name != SIGN:  # what is signed is the paper
                    # On 审核 nothing is typed but explanations, which are asked for.
                    code = "Y16" if name == AUDIT else "T03"
                    yield catalogued(code, expected=name, sheet=name)
                continue
            there = self.book.sheet(sheet.name)
            if there is not None and there.state != "visible":
                yield catalogued("Y08", expected=sheet.name, sheet=sheet.name)
            if sheet.name != name:
                yield catalogued(
                    "Y03", expected=name, seen=sheet.name, sheet=sheet.name
                )
            if sheet.moved is not None:
                yield self._moved(name, sheet.moved)
            for copy in sheet.copies:
                yield self._copy(name, sheet, copy)

    def _moved(self, name: str, moved: Moved) -> Finding:
        lost = list(self._typed(name)).count(None)
        is_table = name in {table.sheet for table in self.form.tables}
        return catalogued(
            "T02" if is_table or lost else "Y04",
            expected=_squashed(moved.label),
            seen=moved.seen or "空白",
            sheet=moved.place.sheet,
            address=moved.place.address,
            detail=Text(
                f"有 {lost} 个单元格对不上，没有读取"
                if lost
                else "内容都按表内文字对上了",
                f"{lost} cells were not found" if lost else "all cells were found",
            ),
        )

    def _copy(self, name: str, sheet: SheetFound, copy: str) -> Finding:
        """Two sheets that say the same are no trouble; nobody can choose between two
        that do not."""
        spots = self._there(name)
        if name == AUDIT:
            spots += self.explained().values()
        same = sheet.moved is None and all(
            _shown(self.at(spot)) == _shown(self.at(replace(spot, sheet=copy)))
            for spot in spots
        )
        return catalogued(
            "Y05" if same else "T07", expected=sheet.name, seen=copy, sheet=copy
        )

    def unseen(self) -> Iterator[Finding]:
        """Entries that nobody sees who opens or prints the file."""
        yield from self._hidden()
        yield from self._merged()

    def _hidden(self) -> Iterator[Finding]:
        """Entries in hidden rows and columns."""
        for name, found in self.found.items():
            sheet = self.book.sheet(found.name)
            # Lines of 审核 may be folded or filtered by whoever reads them.
            if name == AUDIT or sheet is None:
                continue
            if not (sheet.hidden.rows or sheet.hidden.columns):
                continue
            unseen = [
                spot
                for spot in self._there(name)
                if (spot.row, spot.column) in sheet.hidden and text_of(self.at(spot))
            ]
            if unseen:
                yield catalogued(
                    "Y09",
                    detail=str(len(unseen)),
                    expected=found.name,
                    sheet=found.name,
                    address=unseen[0].address,
                )

    def _merged(self) -> Iterator[Finding]:
        """Entries under a merged cell, which shows the first of them only."""
        for name, found in self.found.items():
            sheet = self.book.sheet(found.name)
            if sheet is None:
                continue
            for spots in self._typed_under(name, sheet.merged):
                under = ((spot, self.at(spot)) for spot in spots)
                first = next(((s, raw) for s, raw in under if raw is not None), None)
                if first is not None:
                    spot, raw = first
                    where = {"sheet": found.name, "address": spot.address}
                    yield catalogued("Y14", seen=raw.value, **where)


def _shown(raw: RawCell | None) -> tuple[str, str]:
    """Kind and content of a cell, to compare two."""
    return (raw.kind, raw.value) if raw else ("", "")


def _squashed(text: str) -> str:
    return "".join(text.split())
