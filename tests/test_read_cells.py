"""What one cell of a returned workbook comes to: each kind of content in each kind of
place, put into a book that was read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from tests.support import BUSY, Typed, campaign, form, unit, workbook
from tests.test_pasted import page
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.answers import (
    ALL_ZERO,
    NO,
    REST_PASTED,
    REST_ZERO,
    YES,
    Answers,
)
from workbook_builder.model.grid import Hidden, RawBook, RawCell, RawKind, RawSheet
from workbook_builder.model.layout import Place
from workbook_builder.model.values import BLANK, State, Value, number
from workbook_builder.reading.identify import recognise
from workbook_builder.reading.read import WANTED, Reading, read_answers, read_stamp
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import AUDIT, HIDDEN, PASTE, SIGN, place

D = Decimal
COUNT, MONEY = "applications.received.natural", "proactive.fees.amount"
TOTAL = "applications.received.total"
LAST = {"applications.carried_out.natural": 3}
NUMBER, TEXT = RawKind.NUMBER, RawKind.TEXT


@cache
def sound() -> RawBook:
    return read_grid(workbook(BUSY, unit(), last_period=LAST), WANTED)


@cache
def blank() -> RawBook:
    return read_grid(build_workbook(form(), unit(), campaign(), Answers()), WANTED)


def changed(book: RawBook, sheet: str, **changes: object) -> RawBook:
    sheets = tuple(
        replace(each, **changes) if each.name == sheet else each  # type: ignore[arg-type]
        for each in book.sheets
    )
    return replace(book, sheets=sheets)


def put(book: RawBook, spot: Place, raw: RawCell | None) -> RawBook:
    sheet = book.sheet(spot.sheet)
    assert sheet is not None
    cells = {
        at: cell for at, cell in sheet.cells.items() if at != (spot.row, spot.column)
    }
    if raw is not None:
        cells[spot.row, spot.column] = raw
    return changed(book, spot.sheet, cells=cells)


def read(book: RawBook) -> Reading:
    return read_answers(form(), place(form()), book)


def said(book: RawBook) -> str:
    """The codes that are new in this book."""
    return " ".join(each.code for each in read(book).findings)


def test_a_sound_book_has_nothing_to_say() -> None:
    reading = read(sound())
    assert (reading.findings, reading.unread) == ((), frozenset())
    assert reading.last_period == {id_: D(n) for id_, n in LAST.items()}
    assert not reading.answers.printed
    assert reading.answers.values[COUNT] == number(BUSY[COUNT])  # type: ignore[arg-type]


INPUTS: list[tuple[str, RawCell | None, Value, str]] = [
    (COUNT, None, BLANK, ""),
    (COUNT, RawCell(NUMBER, "3"), number(3), ""),
    (COUNT, RawCell(NUMBER, "3", "1+2"), number(3), "Y01"),
    (COUNT, RawCell(TEXT, "", "A1"), BLANK, ""),
    (COUNT, RawCell(RawKind.EMPTY, "", "1+2", has_result=False),
     Value(State.ERROR, text="公式无结果"), "T06"),
    (COUNT, RawCell(RawKind.ERROR, "#REF!", "A1"), Value(State.ERROR, text="#REF!"), ""),
    (COUNT, RawCell(TEXT, "3"), number(3), "Y06"),
    (COUNT, RawCell(TEXT, "/"), Value(State.NOT_APPLICABLE, text="/"), ""),
    (COUNT, RawCell(TEXT, "几件"), Value(State.TEXT, text="几件"), ""),
    (COUNT, RawCell(RawKind.DATE, "45000"), Value(State.TEXT, text="2023-03-15"), ""),
    (COUNT, RawCell(NUMBER, "3", unlike="format"), number(3), "Y12"),
    (COUNT, RawCell(NUMBER, "3.5", unlike="format"), number(D("3.5")), ""),
    (COUNT, RawCell(NUMBER, "3", unlike="condition"), number(3), "Y19"),
    (COUNT, RawCell(NUMBER, "3.5", unlike="condition"), number(D("3.5")), ""),
    (COUNT, RawCell(NUMBER, "3.5", unlike="runs"), number(D("3.5")), "Y13"),
    (COUNT, RawCell(TEXT, "几件", unlike="format"), Value(State.TEXT, text="几件"), "Y12"),
    (COUNT, RawCell(NUMBER, "0", unlike="format"), number(0), "Y12"),
    (COUNT, RawCell(TEXT, "几件", unlike="runs"), Value(State.TEXT, text="几件"), "Y13"),
    (MONEY, RawCell(NUMBER, "3.123456", unlike="format"), number(D("3.123456")), "Y12"),
    (MONEY, RawCell(NUMBER, "3.1234567", unlike="format"), number(D("3.1234567")), ""),
    (MONEY, RawCell(NUMBER, "300", unlike="format"), number(300), "Y12"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("id_", "raw", "value", "codes"), INPUTS, ids=[str(n) for n in range(len(INPUTS))]
)
def test_what_stands_in_a_cell_for_a_figure(
    id_: str, raw: RawCell | None, value: Value, codes: str
) -> None:
    book = put(sound(), place(form()).cells[id_], raw)
    reading = read(book)
    assert reading.answers.values.get(id_, BLANK) == value
    # The totals of the sound book are not those of this one any more.
    assert " ".join(f.code for f in reading.findings if f.code != "T01") == codes
    assert all(f.cell == id_ for f in reading.findings if f.code != "T01")


def formula_of(id_: str) -> str:
    spot = place(form()).cells[id_]
    sheet = sound().sheet(spot.sheet)
    assert sheet is not None
    return sheet.cells[spot.row, spot.column].formula or ""


OTHER = "SUM(D8,E8,F8)"
RIGHT = 7
TOTALS: list[tuple[RawBook, str, RawCell | None, str, Value | None]] = [
    (sound(), "xlsx", RawCell(NUMBER, "right", "ours"), "", None),
    (sound(), "xlsx", RawCell(NUMBER, "999", "ours"), "T01", number(999)),
    (sound(), "xlsx", RawCell(NUMBER, "right", OTHER), "", None),
    (sound(), "xlsx", RawCell(NUMBER, "999", OTHER), "T01", number(999)),
    (sound(), "xlsx", RawCell(NUMBER, "999", "ours", has_result=False), "", None),
    (sound(), "xlsx", RawCell(NUMBER, "right", "ours", unlike="format"), "Y12", None),
    (sound(), "xlsx", RawCell(TEXT, "", "ours"), "T01", BLANK),
    (sound(), "xlsx", RawCell(NUMBER, "right"), "Y15", number(RIGHT)),
    (sound(), "xlsx", RawCell(NUMBER, "999"), "Y15", number(999)),
    (sound(), "xlsx", RawCell(TEXT, "见附件"), "T01", Value(State.TEXT, text="见附件")),
    (sound(), "xlsx", None, "T01", BLANK),
    (sound(), "xls", RawCell(NUMBER, "0", ""), "T01", number(0)),
    # Nothing is known of its parts: ours says nothing, and another one no number.
    (blank(), "xlsx", RawCell(TEXT, "", "ours"), "", None),
    (blank(), "xlsx", RawCell(NUMBER, "5", "ours"), "", None),
    (blank(), "xlsx", RawCell(NUMBER, "5", OTHER), "T01", number(5)),
    (blank(), "xlsx", RawCell(NUMBER, "0", ""), "T01", number(0)),
    (blank(), "xls", RawCell(NUMBER, "0", ""), "", None),
    (blank(), "xls", RawCell(NUMBER, "5", ""), "T01", number(5)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("book", "format_", "raw", "codes", "printed"),
    TOTALS,
    ids=[str(n) for n in range(len(TOTALS))],
)
def test_what_stands_in_a_cell_for_a_total(
    book: RawBook, format_: str, raw: RawCell | None, codes: str, printed: Value | None
) -> None:
    spot = place(form()).cells[TOTAL]
    sheet = sound().sheet(spot.sheet)
    assert sheet is not None
    right = sheet.cells[spot.row, spot.column]
    if raw is not None and raw.value == "right":
        raw = replace(raw, value=right.value)
    if raw is not None and raw.formula == "ours":
        raw = replace(raw, formula=right.formula)
    if printed == number(RIGHT):
        printed = number(D(right.value))
    changed_ = replace(put(book, spot, raw), format=format_)  # type: ignore[arg-type]
    reading = read(changed_)
    here = [f.code for f in reading.findings if f.cell == TOTAL]
    assert " ".join(here) == codes
    assert reading.answers.printed.get(TOTAL) == printed


CHOICES: list[tuple[RawCell | None, str, str]] = [
    (None, "", ""),
    (RawCell(TEXT, NO), "", ""),
    (RawCell(TEXT, f" {ALL_ZERO} "), ALL_ZERO, ""),
    (RawCell(TEXT, YES), ALL_ZERO, ""),
    (RawCell(TEXT, REST_ZERO), REST_ZERO, ""),
    (RawCell(TEXT, "全是零"), "", "Y02"),
    (RawCell(RawKind.EMPTY, "", "A1", has_result=False), "", "T06"),
]


@pytest.mark.parametrize(("raw", "chosen", "codes"), CHOICES)
def test_what_is_chosen_above_a_table(
    raw: RawCell | None, chosen: str, codes: str
) -> None:
    table = "applications"
    reading = read(put(blank(), place(form()).declarations[table], raw))
    assert reading.answers.declaration(table) == chosen
    # The totals were stored before it was chosen.
    assert " ".join(f.code for f in reading.findings if f.code != "T01") == codes


WRITTEN: list[tuple[RawCell | None, str | None, str]] = [
    (None, None, ""),
    (RawCell(TEXT, " \u200b"), None, ""),
    (RawCell(TEXT, "无"), "无", ""),
    (RawCell(TEXT, "无", "A1"), None, "Y10"),
    (RawCell(NUMBER, "5"), None, "Y11"),
    (RawCell(RawKind.ERROR, "#REF!"), None, "Y07"),
    (RawCell(RawKind.EMPTY, "", "A1", has_result=False), None, "T06"),
    (RawCell(RawKind.DATE, "45000"), None, "Y11"),
]


@pytest.mark.parametrize(("raw", "text", "codes"), WRITTEN)
def test_what_is_written_in_a_text_and_in_a_field(
    raw: RawCell | None, text: str | None, codes: str
) -> None:
    layout = place(form())
    id_, first = next(iter(layout.texts.items()))
    reading = read(put(blank(), first, raw))
    assert reading.answers.texts.get(id_) == text
    assert [(f.code, f.cell) for f in reading.findings] == (
        [(codes, id_)] if codes else []
    )
    assert not reading.unread
    field, spot = next(iter(layout.fields.items()))
    reading = read(put(blank(), spot, raw))
    assert reading.answers.fields.get(field) == text
    assert [(f.code, f.cell) for f in reading.findings] == (
        [(codes, None)] if codes else []
    )
    assert reading.unread == ({field} if codes else frozenset())


@pytest.mark.parametrize(("field", "taken"), [("date", True), ("address", False)])
def test_a_date_is_taken_where_one_is_asked_for(field: str, taken: bool) -> None:
    """“1-2” in an address became the 2nd of January."""
    spot = place(form()).fields[field]
    reading = read(put(blank(), spot, RawCell(RawKind.DATE, "45659")))
    assert reading.answers.fields.get(field) == ("2025-01-02" if taken else None)
    assert [f.seen for f in reading.findings] == ([] if taken else ["2025-01-02"])


# ---------------------------------------------------------------- what nobody sees


def spot_with_content(sheet: RawSheet) -> Place | None:
    for spot in place(form()).typed:
        raw = sheet.cells.get((spot.row, spot.column))
        if spot.sheet == sheet.name and raw and raw.value:
            return spot
    return None


@pytest.mark.parametrize("name", sorted({spot.sheet for spot in place(form()).typed}))
def test_entries_in_hidden_lines_are_asked_about(name: str) -> None:
    sheet = sound().sheet(name)
    assert sheet is not None
    spot = spot_with_content(sheet)
    rows = frozenset({spot.row if spot else 0})
    columns = frozenset({spot.column if spot else 0})
    shown = not spot or name == AUDIT
    for hidden in (Hidden(rows), Hidden(frozenset(), columns)):
        found = read(changed(sound(), name, hidden=hidden)).findings
        assert [f.code for f in found] == ([] if shown else ["Y09"])
    if not shown:
        assert found[0].sheet == name
    # Where nothing stands there is nothing to see.
    empty = {at: raw for at, raw in sheet.cells.items() if at[0] not in rows}
    bare = changed(sound(), name, cells=empty, hidden=Hidden(rows))
    assert "Y09" not in said(bare)
    hidden_sheet = said(changed(sound(), name, state="hidden"))
    assert hidden_sheet == "Y08"


def test_a_sheet_that_is_lost_is_asked_for() -> None:
    for name in dict.fromkeys(spot.sheet for spot in place(form()).typed):
        left = tuple(each for each in sound().sheets if each.name != name)
        codes = [f.code for f in read(replace(sound(), sheets=left)).findings]
        wanted = {AUDIT: ["Y16"], SIGN: []}.get(name, ["T03"])
        assert [c for c in codes if c in {"Y16", "T03"}] == wanted


def test_entries_under_a_merged_cell_are_asked_about() -> None:
    spot = place(form()).cells[COUNT]
    at, name = (spot.row, spot.column), spot.sheet
    right, below = (spot.row, spot.column + 1), (spot.row + 1, spot.column)

    def merged(
        *areas: tuple[tuple[int, int], tuple[int, int]],
    ) -> list[tuple[str, str | None, str | None]]:
        found = read(changed(sound(), name, merged=areas)).findings
        return [(each.code, each.address, each.seen) for each in found]

    def unseen(at: tuple[int, int]) -> list[tuple[str, str, str]]:
        sheet = sound().sheet(name)
        assert sheet is not None
        return [("Y14", Place(name, *at).address, sheet.cells[at].value)]

    assert merged((at, right)) == unseen(right)
    assert merged((at, below)) == unseen(below)
    assert merged((at, at)) == []
    assert merged(((spot.row, spot.column - 1), at)) == unseen(at)
    assert merged(((0, 0), (0, 3))) == []
    assert merged((right, right), (below, below)) == []


# ---------------------------------------------------------------- what it says of itself


def test_a_stamp_is_read_where_it_is_whole() -> None:
    stamp, sheet = read_stamp(sound()), sound().sheet(HIDDEN)
    assert stamp is not None
    assert sheet is not None
    (year,) = [
        at for at, raw in sheet.cells.items() if raw.value == "year" and at[1] == 0
    ]

    def with_year(value: str) -> RawBook:
        return put(sound(), Place(HIDDEN, year[0], 1), RawCell(TEXT, value))

    assert read_stamp(with_year(f"{stamp.year}.0")) == stamp
    assert read_stamp(with_year("999")) is None
    assert read_stamp(with_year("二")) is None
    assert read_stamp(put(sound(), Place(HIDDEN, 0, 0), RawCell(TEXT, "a"))) is None
    without = tuple(each for each in sound().sheets if each.name != HIDDEN)
    book = replace(sound(), sheets=without)
    assert read_stamp(book) is None
    assert read(book).answers == read(sound()).answers  # whose it is, others tell
    assert read(book).findings == ()


def test_figures_of_last_year_are_numbers_beside_their_cells() -> None:
    sheet = sound().sheet(HIDDEN)
    assert sheet is not None
    (id_,) = LAST
    (row, column) = next(at for at, raw in sheet.cells.items() if raw.value == id_)
    beside = Place(HIDDEN, row, column + 1)
    assert read(put(sound(), beside, RawCell(TEXT, "3"))).last_period == {}
    assert read(put(sound(), beside, None)).last_period == {}
    other = put(sound(), Place(HIDDEN, row, column), RawCell(TEXT, "a.b.c"))
    assert read(other).last_period == {}


def test_a_book_shows_one_edition_of_the_form() -> None:
    assert recognise(form(), [form()], sound()) is form()
    assert recognise(form(), [form()], RawBook(())) is None


# ---------------------------------------------------------------- the page for copied tables

TABLE = "applications"


def pasted(changes: Mapping[Place, Typed | None]) -> RawBook:
    """A table copied from a document onto a blank workbook, with some other cells."""
    book = put(
        blank(), place(form()).declarations[TABLE], RawCell(TEXT, f" {REST_PASTED}")
    )
    for spot, entry in {**page(TABLE, "page"), **changes}.items():
        kind = TEXT if isinstance(entry, str) else NUMBER
        book = put(book, spot, None if entry is None else RawCell(kind, str(entry)))
    # The total as the workbook shows it then.
    shown = RawCell(NUMBER, "11", formula_of(TOTAL))
    return put(book, place(form()).cells[TOTAL], shown)


@cache
def copied_rows() -> list[list[Place]]:
    """Where the cells of each row are on the page."""
    rows: dict[int, list[Place]] = {}
    for spot, entry in sorted(page(TABLE, "page").items()):
        if entry is not None:
            rows.setdefault(spot.row, []).append(spot)
    return list(rows.values())


def test_a_table_that_was_copied_whole_is_read() -> None:
    reading = read(pasted({}))
    assert [f.code for f in reading.findings if f.code != "T01"] == []
    values = reading.answers.values
    assert values[COUNT] == number(9)
    assert values["applications.granted.business"] == number(2)
    assert reading.answers.printed[TOTAL].number == 11
    assert not reading.answers.declared
    # What is typed goes before what was copied; an empty text is none.
    spot = place(form()).cells[COUNT]
    assert read(put(pasted({}), spot, RawCell(NUMBER, "4"))).answers.values[
        COUNT
    ] == number(4)
    assert read(put(pasted({}), spot, RawCell(TEXT, ""))).answers.values[
        COUNT
    ] == number(9)
    # A label may have other spaces and brackets, and beside it nothing may stand.
    row = copied_rows()[-1]
    beside = replace(row[-1], column=row[-1].column + 1)
    assert "Y18" not in said(pasted({beside: ""}))


def test_a_row_that_is_not_as_printed_is_said_and_nothing_is_read() -> None:
    for row in (copied_rows()[1], copied_rows()[-1]):
        beside = replace(row[-1], column=row[-1].column + 1)
        for changes, seen in (({row[-1]: None}, -1), ({beside: 5}, 1)):
            reading = read(pasted(changes))
            (found,) = [f for f in reading.findings if f.code == "Y18"]
            assert found.expected == f"{len(row)} 个单元格有内容"
            assert found.seen == f"{len(row) + seen} 个"
            assert found.address == Place("", row[0].row, 0).address
            assert COUNT not in reading.answers.values
    sheets = tuple(each for each in pasted({}).sheets if each.name != PASTE)
    found = next(f for f in read(RawBook(sheets)).findings if f.code == "Y18")
    assert (found.sheet, found.seen) == (PASTE, "0 个")
    first = copied_rows()[0][0]
    (found,) = [f for f in read(pasted({first: "别的"})).findings if f.code == "Y18"]
    assert (found.seen, found.sheet) == ("别的", first.sheet)
    assert (
        found.address
        == place(form())
        .pasted_at(TABLE, place(form()).printed_rows(TABLE)[0][0])
        .address
    )
