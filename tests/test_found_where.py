"""Which sheet is meant and where its places went, in books that were never written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.support import FORMS, form
from tests.test_read_cells import blank, changed, put, read, sound
from workbook_builder.model.answers import CHOICES
from workbook_builder.model.grid import RawBook, RawCell, RawKind, RawSheet
from workbook_builder.model.layout import Layout, Place
from workbook_builder.reading.locate import explained, fitting, locate
from workbook_builder.workbook.place import (
    AUDIT,
    PASTE,
    PRINTED,
    layout_of,
    layouts,
    place,
)

FORM = form()
TABLE = "表三"
COUNT = "applications.received.natural"
SPOT = place(FORM).cells[COUNT]
#: A label of that sheet, and the row it is on.
LABEL = next(
    spot for spot in place(FORM).labels if spot.sheet == TABLE and spot.row > 6
)


def sheet(book: RawBook, name: str = TABLE) -> RawSheet:
    found = book.sheet(name)
    assert found is not None
    return found


def text(value: str, kind: RawKind = RawKind.TEXT) -> RawCell:
    return RawCell(kind, value)


def with_sheets(*more: RawSheet, without: str = "") -> RawBook:
    kept = (each for each in sound().sheets if each.name != without)
    return replace(sound(), sheets=(*kept, *more))


def named(name: str, of: RawSheet | None = None) -> RawSheet:
    return replace(of or sheet(sound()), name=name)


def moved_down(by: int, from_row: int = 0) -> RawSheet:
    cells = {
        (row + by * (row >= from_row), column): cell
        for (row, column), cell in sheet(sound()).cells.items()
    }
    return replace(sheet(sound()), cells=cells)


def without_row(row: int) -> RawSheet:
    cells = {
        (r - (r > row), column): cell
        for (r, column), cell in sheet(sound()).cells.items()
        if r != row
    }
    return replace(sheet(sound()), cells=cells)


def cleared(share: float) -> RawSheet:
    """Without so many of the labels of its table."""
    own = [spot for spot in place(FORM).labels if spot.sheet == TABLE]
    gone = {(spot.row, spot.column) for spot in own[: round(len(own) * share)]}
    cells = sheet(sound()).cells
    return replace(
        sheet(sound()), cells={at: each for at, each in cells.items() if at not in gone}
    )


def test_where_nobody_took_anything_apart_all_is_in_its_place() -> None:
    found = locate(place(FORM), sound())
    assert set(found) == {spot.sheet for spot in place(FORM).typed}
    for name, each in found.items():
        assert (each.name, each.moved, each.alignment, each.copies) == (
            name,
            None,
            None,
            (),
        )
    assert found[TABLE].find(SPOT) is SPOT
    assert found[TABLE].find(replace(SPOT, sheet="别的")) == SPOT


#: what stands there, the name of the sheet that is meant, of its copies
SHEETS: list[tuple[Callable[[], RawBook], str | None, tuple[str, ...]]] = [
    (sound, TABLE, ()),
    (lambda: with_sheets(without=TABLE), None, ()),
    (lambda: with_sheets(named("改名"), without=TABLE), "改名", ()),
    (lambda: with_sheets(named("甲"), named("乙"), without=TABLE), "甲", ("乙",)),
    (lambda: with_sheets(named("副本")), TABLE, ("副本",)),
    (lambda: with_sheets(named(f"{PRINTED}2")), TABLE, ()),
    (lambda: with_sheets(named(f"{PASTE} (2)")), TABLE, ()),
    (lambda: with_sheets(RawSheet("空", "visible", {})), TABLE, ()),
    # Another one took its name.
    (
        lambda: with_sheets(
            named(TABLE, sheet(sound(), "表二")), named("旧"), without=TABLE
        ),
        "旧", (),
    ),
    (
        lambda: with_sheets(named(TABLE, sheet(sound(), "表二")), without=TABLE),
        TABLE, (),
    ),
    # Taken apart, it is still the one; and another that is whole looks the same.
    (lambda: with_sheets(moved_down(1), without=TABLE), TABLE, ()),
    (lambda: with_sheets(moved_down(1), named("副本"), without=TABLE), TABLE, ("副本",)),
    (lambda: with_sheets(named("改名", cleared(0.45)), without=TABLE), "改名", ()),
    (lambda: with_sheets(named("改名", cleared(0.55)), without=TABLE), None, ()),
    (lambda: with_sheets(cleared(0.9), named("旧"), without=TABLE), "旧", ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("book", "name", "copies"), SHEETS, ids=[str(n) for n in range(len(SHEETS))]
)
def test_a_sheet_is_known_by_its_name_or_what_stands_on_it(
    book: Callable[[], RawBook], name: str | None, copies: tuple[str, ...]
) -> None:
    found = locate(place(FORM), book()).get(TABLE)
    assert (found.name if found else None) == name
    assert (found.copies if found else ()) == copies
    if found and found.name != TABLE and found.alignment is None:
        assert found.find(SPOT) == replace(SPOT, sheet=found.name)


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        (None, ""),
        (text("别的"), "别的"),
        (text("别的", RawKind.ERROR), ""),
        (RawCell(RawKind.NUMBER, "5"), ""),
    ],
)
def test_a_label_that_is_not_in_its_place_is_told(
    raw: RawCell | None, seen: str
) -> None:
    label = place(FORM).labels[LABEL]
    found = locate(place(FORM), put(sound(), LABEL, raw))[TABLE]
    assert found.moved is not None
    assert (found.moved.place, found.moved.label, found.moved.seen) == (
        LABEL,
        label,
        seen,
    )
    assert found.alignment is not None
    spaced = text(" ".join(f"（{label}）。"))
    assert locate(place(FORM), put(sound(), LABEL, spaced))[TABLE].moved is None


def test_what_was_moved_down_is_found_below_and_the_first_lost_row_is_told() -> None:
    found = locate(place(FORM), with_sheets(moved_down(2), without=TABLE))[TABLE]
    assert found.find(SPOT) == replace(SPOT, row=SPOT.row + 2)
    assert found.moved is not None
    labels = [spot for spot in place(FORM).labels if spot.sheet == TABLE]
    assert found.moved.place == min(labels, key=lambda each: (each.row, each.column))
    # A row was deleted: below it all is elsewhere, but that one is lost.
    lost = locate(place(FORM), with_sheets(without_row(LABEL.row), without=TABLE))[
        TABLE
    ]
    assert lost.moved is not None
    assert lost.moved.place.row == LABEL.row
    assert lost.find(replace(SPOT, row=LABEL.row)) is None


@pytest.mark.parametrize(
    ("other", "zh", "en"),
    [
        # Seven figures, and the choice above the table, which has no label.
        (
            without_row(SPOT.row),
            "有 8 个单元格对不上，没有读取",
            "8 cells were not found",
        ),
        (moved_down(2), "内容都按表内文字对上了", "all cells were found"),
    ],
)
def test_how_much_of_a_sheet_was_not_found_is_said(
    other: RawSheet, zh: str, en: str
) -> None:
    found = read(with_sheets(other, without=TABLE)).findings
    (said,) = (each.message for each in found if each.code == "T02")
    assert said.zh.endswith(f"；{zh}。")
    assert said.en.endswith(f"; {en}.")


def test_what_is_pasted_stands_as_far_from_the_corner_as_what_is_printed() -> None:
    corner, there = Place(TABLE, 4, 2), Place(PASTE, 30, 1)
    layout = replace(place(FORM), declarations={"t": corner}, pasted={"t": there})
    for down, across in ((0, 0), (2, 0), (1, 3)):
        spot = Place(TABLE, corner.row + down, corner.column + across)
        twin = Place(PASTE, there.row + down, there.column + across)
        assert layout.pasted_at("t", spot) == twin


# ---------------------------------------------------------------- without a stamp


def test_a_book_that_does_not_say_its_layout_has_the_one_that_fits() -> None:
    today, *older = layouts(FORM)
    assert fitting(FORM, sound()) is today
    assert [each.fingerprint for each in older] == [each.name for each in older]
    for each in layouts(FORM):
        assert layout_of(FORM, each.fingerprint) is each
    assert layout_of(FORM, "0" * 16) is today


def as_printed(layout: Layout) -> RawBook:
    """A book with the words of a layout in their places."""
    words = {**layout.titles, **layout.labels, **layout.headings}
    cells: dict[str, dict[tuple[int, int], RawCell]] = {}
    for spot, said in words.items():
        cells.setdefault(spot.sheet, {})[spot.row, spot.column] = text(said)
    return RawBook(tuple(RawSheet(n, "visible", c) for n, c in cells.items()))


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_each_layout_that_was_sent_out_is_known_by_its_words(edition: str) -> None:
    of = FORMS.edition("disclosure", edition)
    known = layouts(of)
    for layout in known:
        book = as_printed(layout)
        found = fitting(of, book)
        words = [dict(each.labels) | dict(each.headings) for each in (found, layout)]
        assert words[0] == words[1]
        first = next(iter(layout.declarations.values()))
        for choice in ("", f" {next(iter(CHOICES))} "):
            assert fitting(of, put(book, first, text(choice))) is found
        # Where another layout has words, no choice stands.
        other = fitting(
            of, put(book, first, text(layout.labels[next(iter(layout.labels))]))
        )
        assert other is known[0]


def explanations(book: RawBook, layout: Layout | None = None) -> dict[str, Place]:
    of = layout or place(FORM)
    return explained(FORM, of, book, locate(of, book))


def test_what_stands_above_the_explanations_is_none_of_them() -> None:
    head = place(FORM).reasons
    assert head is not None
    key = next(iter(place(FORM).explanations))
    spot = replace(head, column=head.column + 9)
    assert explanations(put(blank(), spot, text(key))) == {}


def test_an_explanation_stands_on_the_row_of_its_line() -> None:
    layout = place(FORM)
    every = {
        line.key: (check, line)
        for check, line in FORM.lines
        if not check.severity.must_hold
    }
    assert explanations(blank()) == {}
    there = sheet(blank(), AUDIT).cells
    said = {
        (spot.row, spot.column): text("因为") for spot in layout.explanations.values()
    }
    full = changed(blank(), AUDIT, cells={**there, **said})
    found = explanations(full)
    assert found == {key: layout.explanations[key] for key in every}
    # Without its key a line is known by code and words, and by nothing else.
    key, (check, line) = next(iter(every.items()))
    row = found[key].row
    audit = sheet(full, AUDIT)
    (at,) = [
        spot
        for spot, cell in audit.cells.items()
        if spot[0] == row and cell.value == key
    ]
    spot = Place(AUDIT, *at)
    assert explanations(put(full, spot, None)).get(key) == found[key]
    assert explanations(put(full, spot, text(check.code))).get(key) == found[key]
    words = [
        Place(AUDIT, *here)
        for here, cell in audit.cells.items()
        if here[0] == row and cell.value == check.words(line)
    ]
    assert words
    bare = put(full, spot, None)
    for each in words:
        bare = put(bare, each, text("别的"))
    assert key not in explanations(bare)
    cells = {**sheet(bare, AUDIT).cells, at: text(key)}
    assert key in explanations(changed(bare, AUDIT, cells=cells))
    # A copy of its row on which nothing is said takes nothing from it.
    below = max(here[0] for here in audit.cells) + 1
    copied = put(full, Place(AUDIT, below, at[1]), text(key))
    assert explanations(copied) == found


def test_without_its_sheet_or_head_nothing_is_explained() -> None:
    layout = place(FORM)
    sheets = tuple(each for each in blank().sheets if each.name != AUDIT)
    assert explanations(replace(blank(), sheets=sheets)) == {}
    found = locate(layout, blank())
    assert explained(FORM, layout, replace(blank(), sheets=sheets), found) == {}
    # In layouts without keys they are where the layout says.
    keyless = replace(layout, reasons=None)
    assert explained(FORM, keyless, blank(), found) == layout.explanations
    assert explained(FORM, keyless, blank(), {}) == {}
