"""The engines do what tests elsewhere rely on: type, recalculate, save, restore."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from tests import engines
from tests.engines import NAMES, Cell, Engine, Entry, Refused, Value, require

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore::UserWarning:openpyxl"),
]

INPUT, CHECK = "表二", "审核"
WRONG = 777
"""Stored as the result of every formula, so that a right result was calculated."""
FORMULAS = {
    "A1": "=SUM(表二!A1:A6)",
    "A2": '=IF(表二!A1>5,"大","小")',
    "A3": "=COUNT(表二!A1:A8)",
    "A4": "=COUNTBLANK(表二!A1:A8)",
    "A5": "=SUMPRODUCT((表二!A1:A3>1)*(表二!A4:A6>1))",
    "A6": '=COUNTIF(表二!A1:A6,">3")',
    "A7": "=LEN(表二!A7)",
    "A8": '=SUBSTITUTE(表二!A7,"a","b")',
    "A9": '=IF(ISNUMBER(表二!A1),TEXT(表二!A1,"0.00"),"")',
    "A10": "=INT(表二!A1)",
    "A11": "=表二!A1>5",
    "A12": "=1/表二!A1",
    "A13": '=IF(表二!A2="","",表二!A2)',
    "A14": "=MATCH(99,表二!A1:A6,0)",
    "A15": "=表二!B1+1",
    "A16": "=表二!B2+1",
    "A17": "=ISNUMBER(表二!A8)",
    # A chain against the order of the cells: one pass over them would not do.
    "B1": "=B2+1",
    "B2": "=B3+1",
    "B3": "=A1+1",
}
RESULTS: list[Cell] = [(CHECK, address) for address in FORMULAS]
EMPTY: dict[str, Value] = {
    "A1": 0.0,
    "A2": "小",
    "A3": 0.0,
    "A4": 8.0,
    "A5": 0.0,
    "A6": 0.0,
    "A7": 0.0,
    "A8": "",
    "A9": "",
    "A10": 0.0,
    "A11": False,
    "A12": "#DIV/0!",
    "A13": "",
    "A14": "#N/A",
    "A15": 43.0,
    "A16": "#VALUE!",
    "A17": False,
    "B1": 3.0,
    "B2": 2.0,
    "B3": 1.0,
}
FILL: dict[Cell, Entry] = {
    (INPUT, "A1"): 6.5,
    (INPUT, "A2"): 2,
    (INPUT, "A3"): Decimal("0.5"),
    (INPUT, "A4"): "无",
    (INPUT, "A5"): 4,
    (INPUT, "A6"): -3,
    (INPUT, "A7"): "ａaa",
    (INPUT, "A8"): 5,
    (INPUT, "B1"): None,
    (INPUT, "B2"): 9,
}
FILLED: dict[str, Value] = {
    "A1": 10.0,
    "A2": "大",
    "A3": 6.0,
    "A4": 0.0,
    "A5": 2.0,
    "A6": 2.0,
    "A7": 3.0,
    "A8": "ａbb",
    "A9": "6.50",
    "A10": 6.0,
    "A11": True,
    "A12": 1 / 6.5,
    "A13": 2.0,
    "A14": "#N/A",
    "A15": 1.0,
    "A16": 10.0,
    "A17": True,
    "B1": 13.0,
    "B2": 12.0,
    "B3": 11.0,
}
TEXTS = [
    "007",
    "０１２",
    "=1",
    "TRUE",
    "'甲",
    " 5",
    "5 ",
    "2024-1-1",
    "1月2日",
    "-",
    "1%",
    "+甲",
    "@甲",
    "#N/A",
    "甲\n乙",
    "x 5",
]


def build(more: Callable[[xlsxwriter.Workbook], None] = lambda book: None) -> bytes:
    """Two protected sheets: A1:B9 of the first can be typed into.

    A7 is formatted as text, A8 as a whole number; B1 and B2 come filled in and C1 is a
    formula that is not locked.
    """
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    check, page = book.add_worksheet(CHECK), book.add_worksheet(INPUT)
    free = {"locked": False}
    for row in range(9):
        style = book.add_format(
            free | {"num_format": {6: "@", 7: "0"}.get(row, "General")}
        )
        page.write_blank(row, 0, None, style)
        page.write_blank(row, 1, None, style)
    page.write("B1", 42, book.add_format(free))
    page.write("B2", "原文", book.add_format(free))
    page.write_formula("C1", "=B1*2", book.add_format(free), WRONG)
    page.data_validation("A1:A6", {"validate": "decimal", "criteria": ">=", "value": 0})
    for address, formula in FORMULAS.items():
        check.write_formula(address, formula, None, WRONG)
    page.protect()
    check.protect()
    more(book)
    book.close()
    return written.getvalue()


@pytest.fixture(params=NAMES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    return require(request.param)


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """The workbook of `build`."""
    return build()


def stored(workbook: bytes, sheet: str, address: str) -> Value:
    """The value that the file holds for a cell."""
    book = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)
    value = book[sheet][address].value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    assert value is None or isinstance(value, str | bool)
    return "" if value is None else value


def results_of(workbook: bytes) -> dict[str, Value]:
    """The stored results of FORMULAS."""
    return {address: stored(workbook, CHECK, address) for address in FORMULAS}


def assert_same(got: dict[str, Value], expected: dict[str, Value]) -> None:
    """The same values of the same types; numbers but for rounding."""
    for address, value in expected.items():
        assert type(got[address]) is type(value), (address, got[address], value)
        same = pytest.approx(value) if isinstance(value, float) else value
        assert got[address] == same, (address, got[address], value)


def test_recalculates_what_is_stored(engine: Engine, workbook: bytes) -> None:
    assert stored(workbook, CHECK, "A1") == WRONG
    assert_same(results_of(engine.recalculate(workbook)), EMPTY)


def test_saves_the_entries_and_their_results(engine: Engine, workbook: bytes) -> None:
    saved = engine.fill(workbook, FILL)
    assert_same(results_of(saved), FILLED)
    assert stored(saved, INPUT, "A1") == 6.5
    assert stored(saved, INPUT, "A4") == "无"
    assert stored(saved, INPUT, "B1") == ""
    assert stored(saved, INPUT, "C1") == 0


def by_format(number_formats: list[str], rows: int) -> bytes:
    """A sheet with a column per number format, with its COUNT and the SUM of its LENs."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    page = book.add_worksheet(INPUT)
    for column, number_format in enumerate(number_formats):
        style = book.add_format({"num_format": number_format, "locked": False})
        for row in range(rows):
            page.write_blank(row, column, None, style)
        cells = xl_range(0, column, rows - 1, column)
        page.write_formula(rows, column, f"=COUNT({cells})", None, WRONG)
        lengths = ",".join(
            f"LEN({xl_rowcol_to_cell(row, column)})" for row in range(rows)
        )
        page.write_formula(rows + 1, column, f"=SUM({lengths})", None, WRONG)
    page.protect()
    book.close()
    return written.getvalue()


def test_text_stays_text(engine: Engine) -> None:
    workbook = by_format(["General", "@", "0"], len(TEXTS))
    length = float(sum(map(len, TEXTS)))
    columns: list[list[Value]] = [[*TEXTS, 0.0, length]] * 3
    where = [(INPUT, f"{c}{row + 1}") for c in "ABC" for row in range(len(columns[0]))]
    values = dict(zip(where, itertools.chain(*columns), strict=True))
    fill: dict[Cell, Entry] = {
        cell: value for cell, value in values.items() if isinstance(value, str)
    }
    saved = engine.fill(workbook, fill)
    assert {cell: stored(saved, *cell) for cell in where} == values
    assert engine.fill_many(workbook, [fill], where) == [list(values.values())]


def test_numbers_arrive(engine: Engine) -> None:
    numbers = [0.0, -1, 1e-7, 0.1 + 0.2, 123456789012345, 1e21, 7.25, 99999999.0]
    workbook = by_format(["General", "0", "#,##0.00", "0%"], len(numbers))
    fill: dict[Cell, Entry] = {
        (INPUT, f"{column}{row}"): number
        for column in "ABCD"
        for row, number in enumerate(numbers, 1)
    }
    saved = engine.fill(workbook, fill)
    for cell, number in fill.items():
        assert stored(saved, *cell) == pytest.approx(number, rel=1e-14)
    [read] = engine.fill_many(workbook, [fill], list(fill))
    assert read == pytest.approx(list(fill.values()), rel=1e-14)


def test_what_is_typed_into_a_text_cell_is_text(
    engine: Engine, workbook: bytes
) -> None:
    for entry, text in ((7, "7"), (Decimal("0.50"), "0.5"), (1e-7, "0.0000001")):
        saved = engine.fill(workbook, {(INPUT, "A7"): entry})
        assert stored(saved, INPUT, "A7") == text


def test_true_is_logical(engine: Engine, workbook: bytes) -> None:
    cell, shown = (INPUT, "A2"), (CHECK, "A13")
    saved = engine.fill(workbook, {cell: True})
    assert stored(saved, *cell) is True
    assert stored(saved, *shown) is True
    fills: list[dict[Cell, Entry]] = [{cell: "007"}, {cell: False}, {cell: 1}]
    read = engine.fill_many(workbook, fills, [shown])
    assert [[type(value) for value in row] for row in read] == [[str], [bool], [float]]


def test_fills_are_made_on_the_original(engine: Engine, workbook: bytes) -> None:
    only: dict[Cell, Entry] = {(INPUT, "B1"): 1, (INPUT, "C1"): 5}
    read = engine.fill_many(
        workbook, [FILL, {}, only, FILL, {}], [*RESULTS, (INPUT, "C1"), (INPUT, "B1")]
    )
    tables = [dict(zip(FORMULAS, row, strict=False)) for row in read]
    for index, expected in ((0, FILLED), (1, EMPTY), (3, FILLED), (4, EMPTY)):
        assert_same(tables[index], expected)
    assert_same(tables[2], EMPTY | {"A15": 2.0})
    assert [row[-2:] for row in read] == [
        [0.0, ""],
        [84.0, 42.0],
        [5.0, 1.0],
        [0.0, ""],
        [84.0, 42.0],
    ]


def test_fill_many_of_nothing(engine: Engine, workbook: bytes) -> None:
    assert engine.fill_many(workbook, [], RESULTS) == []
    assert engine.fill_many(workbook, [{}], []) == [[]]


def test_engines_agree(workbook: bytes) -> None:
    kinds: list[Entry] = [0, 1, 2.5, -7, "无", "3", None, 6, "－", 100]
    fills: list[dict[Cell, Entry]] = [
        {
            (INPUT, f"{column}{row}"): kinds[(seed * 7 + row * column_step) % 10]
            for column, column_step in (("A", 3), ("B", 1))
            for row in range(1, 10)
        }
        for seed in range(10)
    ]
    tables = {name: require(name).fill_many(workbook, fills, RESULTS) for name in NAMES}
    expected = tables.pop(NAMES[0])
    for name, table in tables.items():
        for number, (row, other) in enumerate(zip(expected, table, strict=True)):
            for (_, address), value, got in zip(RESULTS, row, other, strict=True):
                assert got == pytest.approx(value), (name, number, address)


@pytest.mark.parametrize(
    "cell",
    [(CHECK, "A1"), (INPUT, "Z99"), ("附表", "A1"), (INPUT, "E2"), (INPUT, "E1")],
)
def test_refuses_what_no_clerk_could_type(engine: Engine, cell: Cell) -> None:
    def merge(book: xlsxwriter.Workbook) -> None:
        page = book.get_worksheet_by_name(INPUT)
        page.merge_range("D1:E2", "", book.add_format({"locked": False}))

    workbook = build(merge)
    with pytest.raises(Refused):
        engine.fill(workbook, {cell: 1})
    with pytest.raises(Refused):
        engine.fill_many(workbook, [{cell: 1}], RESULTS)
    anchor = (INPUT, "D1")
    assert stored(engine.fill(workbook, {anchor: 1}), *anchor) == 1
    fills: list[dict[Cell, Entry]] = [{anchor: 1}, {}]
    assert engine.fill_many(workbook, fills, [anchor]) == [[1.0], [""]]


@pytest.mark.parametrize("name", ["libreoffice", "onlyoffice"])
def test_a_dead_office_is_started_again(name: str, workbook: bytes) -> None:
    engine = require(name)
    engine.recalculate(workbook)
    assert isinstance(engine, engines.WorkerEngine)
    engine.ready().stop()
    assert_same(results_of(engine.recalculate(workbook)), EMPTY)


def test_a_broken_workbook_is_an_engine_error(workbook: bytes) -> None:
    engine = require("libreoffice")
    assert isinstance(engine, engines.WorkerEngine)
    with pytest.raises(engines.EngineError):
        engine.ready().ask("fill", source="/nonexistent.xlsx", target="/nonexistent")
    assert_same(results_of(engine.recalculate(workbook)), EMPTY)


def test_a_missing_engine_skips_only_outside_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> bool:
        return False

    monkeypatch.setattr(engines, "_ENGINES", {"absent": (missing, engines.IronCalc)})
    assert engines.available() == []
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        require("absent")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception):
        require("absent")
