"""What clerks type into a place for a number: tests/typed.toml, row by row."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import engines
from tests.support import FORMS, filled, form, unit
from workbook_builder.formats.grid import read_grid
from workbook_builder.language.typed import number_in
from workbook_builder.model.answers import Circumstances
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.form import Form
from workbook_builder.model.grid import RawBook, RawCell, RawKind
from workbook_builder.model.layout import Place
from workbook_builder.model.period import Period
from workbook_builder.model.values import State, Value, number
from workbook_builder.reading.read import read_answers
from workbook_builder.rules.verify import verify
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import ENTRIES, place

CASES = tomllib.loads(
    (Path(__file__).parent / "typed.toml").read_text(encoding="utf-8")
)["typed"]
THEN = FORMS.edition("disclosure", "2019")
CELLS = {
    "count": (form(), "disputes.review.upheld"),
    "amount": (form(), "proactive.fees.amount"),
    "change": (THEN, "proactive.licences.change"),
}


@cache
def blank(of: Form) -> RawBook:
    """A workbook of zeros as it is read."""
    campaign = Campaign("c", of.id, of.edition, Period(of.first_year), "示例区")
    return read_grid(build_workbook(of, unit(), campaign, filled(of)))


def put(book: RawBook, where: Place, cell: RawCell) -> RawBook:
    """The workbook as it is read, with one cell that says something else."""
    sheets = [
        replace(sheet, cells={**sheet.cells, (where.row, where.column): cell})
        if sheet.name == where.sheet
        else sheet
        for sheet in book.sheets
    ]
    return replace(book, sheets=tuple(sheets))


def expected(becomes: str, shown: str) -> Value:
    if becomes in set(State):
        state = State(becomes)
        return Value(state, text="" if state is State.BLANK else shown)
    return number(Decimal(becomes))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['kind']} {c['is']!r}")
def test_every_entry_has_one_treatment(case: dict[str, Any]) -> None:
    (form, id_), kind = CELLS[case["cell"]], RawKind(case["kind"])
    cell = RawCell(kind, case["is"], case.get("formula"), kind is not RawKind.EMPTY)
    book = put(blank(form), place(form).cells[id_], cell)
    reading = read_answers(form, place(form), book)
    value = reading.answers.value(id_)
    assert value.state is expected(case["becomes"], value.text).state
    assert value == expected(case["becomes"], value.text)
    known = Circumstances(Period(form.first_year))
    found = (*reading.findings, *verify(form, reading.answers, known))
    # A cell that could not be read has its own finding (judge leaves out the A5).
    codes = {f.code for f in found if f.cell == id_ and f.code in KNOWN}
    assert codes - ({"A5"} if "T06" in codes else set()) == set(case["codes"])


SAID = sorted({case["is"] for case in CASES if case["kind"] == "text"} - {""})
SAID += [
    ".5",
    "5.",
    "00,123",
    "1234,567",
    "1,234.50",
    "1.2.3",
    "- 4",
    "增-8",
    "１ ２",
    ".",
]


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["libreoffice", "ironcalc", "onlyoffice"])
@pytest.mark.parametrize("kind", ["count", "change"])
def test_the_sheet_takes_a_text_for_a_number_where_the_reader_does(
    engine: str, kind: str
) -> None:
    """Whatever a clerk pastes is one figure on the sheet, in the sums and here."""
    form, id_ = CELLS[kind]
    layout, type_ = place(form), form.cells[id_].type
    spots = [layout.cells[cell.id] for cell in form.inputs if cell.type == type_]
    campaign = Campaign("c", form.id, form.edition, Period(form.first_year), "区")
    groups = list(batched(SAID, len(spots)))
    results = engines.require(engine).fill_many(
        build_workbook(form, unit(), campaign),
        [
            {
                (at.sheet, at.address): said
                for at, said in zip(spots, group, strict=False)
            }
            for group in groups
        ],
        [(ENTRIES, layout.entries[spot].address) for spot in spots],
    )
    taken = {
        said: Decimal(str(value)) if isinstance(value, float) else None
        for group, values in zip(groups, results, strict=True)
        for said, value in zip(group, values, strict=False)
    }
    assert taken == {said: number_in(said, type_.signed) for said in SAID}


def batched(said: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(said), size):
        yield said[start : start + size]


KNOWN = {code for case in CASES for code in case["codes"]}


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 60
    assert "why" in CASES[0]


@given(st.text(max_size=12))
def test_no_text_becomes_a_number_it_does_not_show(text: str) -> None:
    """Whatever is taken has exactly the digits that stand there, in their order."""
    signed = number_in(text, signed=True)
    assert number_in(text) in {None, signed}
    if signed is not None:
        meant = abs(signed)
        digits = [str("０１２３４５６７８９".find(c)) if c > "9" else c for c in text]
        shown = "".join(c for c in digits if c.isascii() and c.isdigit())
        assert int(shown) == int(str(meant).replace(".", ""))


@given(st.integers(-(10**12), 10**12))
def test_every_change_survives_every_way_of_writing_it(change: int) -> None:
    size = abs(change)
    minus = ("-", "−", "－", "﹣", "减", "减少", "负")
    signs = minus if change < 0 else ("", "+", "＋", "增", "增加")
    for sign in signs:
        for written in (f"{sign}{size}", f"\u3000{sign}{size:,} "):
            assert number_in(written, signed=True) == change
            if change < 0:
                assert number_in(written) is None, "no minus where none can be meant"


@pytest.mark.parametrize(
    "text", ["—8", "–8", "减-8", "增减8", "--8", "减", "-", "（8）"]
)
def test_what_may_mean_something_else_is_no_change(text: str) -> None:
    assert number_in(text, signed=True) is None


@given(st.integers(0, 10**12))
def test_every_count_survives_every_way_of_writing_it(count: int) -> None:
    for written in (f"{count}", f"{count:,}", f" {count}\u3000", f"+{count}"):
        assert number_in(written) == count
    wide = str(count).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert number_in(wide) == count
