"""The layout of today: as the official tables are printed, and everything fits.

``golden/official-tables-2021.txt`` is what the notice prints, taken from its Word
template. That layouts last is shown in ``test_layouts.py``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workbook_builder.definition.registry import Forms
from workbook_builder.language.formula import runs
from workbook_builder.model.form import Table
from workbook_builder.model.layout import Box, Place, column_letters, column_number
from workbook_builder.workbook.place import (
    AUDIT,
    GUIDE,
    HELPERS,
    HIDDEN,
    SIGN,
    TABLE_TOP,
    TEXTS,
    place,
)
from workbook_builder.workbook.plan import Area

GOLDEN = Path(__file__).parent / "golden"

FORM = Forms.shipped().edition("disclosure", "2021")
LAYOUT = place(FORM)


# ---------------------------------------------------------------- as printed


def squashed(text: str) -> str:
    """Without white space."""
    return "".join(text.split())


def official() -> dict[str, list[str]]:
    """Sheet → “address label” of every box of the official table, in order."""
    tables: dict[str, list[str]] = {}
    text = (GOLDEN / "official-tables-2021.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            name, _, size = line.partition("] ")
            tables[name.removeprefix("[")] = [size]
        elif line and not line.startswith("#"):
            address, _, label = line.partition(" ")
            tables[list(tables)[-1]].append(f"{address} {squashed(label)}")
    return tables


def ours(table: Table) -> list[str]:
    """The same of our layout: labels and figures below the three rows of our own."""
    areas = [(area(box), squashed(box.text)) for box in boxes(table)]
    for cell in FORM.table_cells(table.id):
        at = LAYOUT.cells[cell.id]
        last = at.column + LAYOUT.spans.get(cell.id, 1) - 1
        areas.append((moved_up(Area(at.row, at.column, at.row, last)), ""))
    areas.sort(key=lambda pair: (pair[0].row, pair[0].column))
    rows = max(each.last_row for each, _ in areas) + 1
    columns = max(each.last_column for each, _ in areas) + 1
    assert columns == len(table.widths)
    return [
        f"{rows} × {columns}",
        *(f"{each.address} {label}" for each, label in areas),
    ]


def boxes(table: Table) -> list[Box]:
    return [
        box
        for box in LAYOUT.boxes
        if box.place.sheet == table.sheet and box.role != "title"
    ]


def area(box: Box) -> Area:
    at = box.place
    return moved_up(
        Area(at.row, at.column, at.row + box.rows - 1, at.column + box.columns - 1)
    )


def moved_up(each: Area) -> Area:
    return replace(each, row=each.row - TABLE_TOP, last_row=each.last_row - TABLE_TOP)


@pytest.mark.parametrize("table", FORM.tables, ids=lambda table: table.sheet)
def test_labels_and_merges_are_those_of_the_official_table(table: Table) -> None:
    assert ours(table) == official()[table.sheet]


def test_the_titles_are_those_of_the_sections() -> None:
    titles = [box.text for box in LAYOUT.boxes if box.role == "title"]
    assert titles == [
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]


# ---------------------------------------------------------------- everything fits


def test_what_a_check_is_about_is_found_where_it_is_typed() -> None:
    for places in (LAYOUT.cells, LAYOUT.texts, LAYOUT.fields):
        assert {id_: LAYOUT.place_of(id_) for id_ in places} == places
    assert LAYOUT.place_of("nowhere") is None
    first = {c.code: c.lines[0].instances[0].place for c in FORM.checks}
    found = [LAYOUT.place_of(first[code]) for code in ("F12", "F13")]
    assert [spot and spot.sheet for spot in found] == [TEXTS, SIGN]


def test_every_cell_has_a_place_of_its_own() -> None:
    taken = [
        *LAYOUT.cells.values(),
        *LAYOUT.declarations.values(),
        *LAYOUT.texts.values(),
        *LAYOUT.fields.values(),
        *LAYOUT.lines.values(),
        *LAYOUT.last_period.values(),
        *LAYOUT.stamp.values(),
        *LAYOUT.helpers.values(),
        *(box.place for box in LAYOUT.boxes),
    ]
    assert len(set(taken)) == len(taken)
    assert LAYOUT.cells.keys() == FORM.cells.keys()
    assert LAYOUT.texts.keys() == {text.id for text in FORM.narratives}
    assert LAYOUT.fields.keys() == {each.id for each in FORM.fields}
    assert LAYOUT.lines.keys() == {line.key for _, line in FORM.lines}
    assert LAYOUT.helpers.keys() == {cell.id for cell in FORM.inputs}


def test_no_two_merged_blocks_overlap() -> None:
    for table in FORM.tables:
        covered = [
            (row, column)
            for box in boxes(table)
            for row in range(box.place.row, box.place.row + box.rows)
            for column in range(box.place.column, box.place.column + box.columns)
        ]
        covered += [
            (LAYOUT.cells[cell.id].row, LAYOUT.cells[cell.id].column + more)
            for cell in FORM.table_cells(table.id)
            for more in range(LAYOUT.spans.get(cell.id, 1))
        ]
        assert len(set(covered)) == len(covered)
        # … and nothing is left out: the table is a full rectangle.
        rows = {row for row, _ in covered}
        assert len(covered) == len(rows) * len(table.widths)


def test_everything_is_on_the_sheet_it_belongs_to() -> None:
    tables = {table.id: table.sheet for table in FORM.tables}
    for id_, cell in FORM.cells.items():
        assert LAYOUT.cells[id_].sheet == tables[cell.table]
    assert {at.sheet for at in LAYOUT.texts.values()} == {TEXTS}
    assert {at.sheet for at in LAYOUT.fields.values()} == {TEXTS, SIGN}
    assert {at.sheet for at in LAYOUT.lines.values()} == {AUDIT}
    hidden = {
        at.sheet for part in (LAYOUT.stamp, LAYOUT.last_period) for at in part.values()
    }
    assert hidden == {HIDDEN}
    assert {at.sheet for at in LAYOUT.helpers.values()} == {HELPERS}
    assert len({GUIDE, TEXTS, AUDIT, SIGN, HIDDEN, HELPERS, *tables.values()}) == 9


def test_the_layout_of_a_form_is_computed_once() -> None:
    assert place(FORM) is LAYOUT


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("column", "letters"),
    [
        (0, "A"),
        (25, "Z"),
        (26, "AA"),
        (51, "AZ"),
        (52, "BA"),
        (701, "ZZ"),
        (702, "AAA"),
    ],
)
def test_columns_are_lettered_as_in_a_spreadsheet(column: int, letters: str) -> None:
    assert column_letters(column) == letters
    assert column_number(letters) == column
    assert Place("表二", 7, column).address == f"{letters}8"
    assert Place("表二", 7, column).absolute == f"${letters}$8"


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([(0, 0), (0, 1), (0, 2)], ["A1:C1"]),
        ([(0, 0), (1, 0), (2, 0)], ["A1:A3"]),
        ([(0, 0), (0, 1), (1, 1)], ["A1:B1", "B2:B2"]),
        ([(0, 0), (0, 2)], ["A1:A1", "C1:C1"]),
        ([(1, 0), (0, 0)], ["A2:A2", "A1:A1"]),
    ],
)
def test_neighbours_in_a_line_are_one_range(
    addresses: list[tuple[int, int]], expected: list[str]
) -> None:
    places = [Place("表二", row, column) for row, column in addresses]
    found = [f"{first.address}:{last.address}" for first, last in runs(places)]
    assert found == expected
