"""Nothing that a clerk does with the mouse breaks a formula.

Figures are cut, dragged and pasted in real engines, then the right ones are typed: the
workbook must be worth as much as one that was never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from tests import engines, support
from tests.engines import WorkerEngine
from tests.engines._base import load
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.answers import ALL_ZERO
from workbook_builder.model.layout import Place
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import AUDIT, ENTRIES, HELPERS, TEXTS, place

pytestmark = pytest.mark.engine
ENGINES = pytest.mark.parametrize("engine", ["libreoffice", "onlyoffice"])


def at(id_: str) -> str:
    spot = place(support.form()).place_of(id_)
    assert spot is not None
    return spot.address


def moves() -> list[tuple[str, str, str]]:
    """One cell on another, a block on itself, out of the table, a text, a reason."""
    layout = place(support.form())
    first, below = (
        at("applications.received.natural"),
        at("applications.granted.natural"),
    )
    row = f"{first}:{at('applications.received.research')}"
    reasons = list(layout.explanations.values())
    return [
        (
            "表二",
            at("proactive.licences.decisions"),
            at("proactive.penalties.decisions"),
        ),
        ("表二", at("proactive.fees.amount"), at("proactive.licences.decisions")),
        ("表三", first, below),
        ("表三", row, at("applications.carried_in.business")),
        ("表三", f"{first}:{below}", at("applications.granted.research")),
        ("表四", at("disputes.review.pending"), at("disputes.direct.pending")),
        (TEXTS, at("overview_platform"), at("other_matters")),
        (AUDIT, reasons[0].address, reasons[-1].address),
    ]


@cache
def blank() -> bytes:
    return build_workbook(support.form(), support.unit(), support.campaign())


def entries() -> dict[engines.Cell, engines.Entry]:
    """The figures, texts and reasons of a return with business, all of them typed."""
    form, layout = support.form(), place(support.form())
    typed: dict[Place, engines.Entry] = {
        layout.cells[cell.id]: support.BUSY.get(cell.id, 0)
        for cell in form.inputs
        if cell.table != "disputes"
    }
    typed |= dict.fromkeys(
        (layout.cells[cell.id] for cell in form.inputs if cell.table == "disputes"),
        None,
    )
    typed |= dict.fromkeys(layout.texts.values(), support.TEXT)
    typed |= dict.fromkeys(layout.explanations.values())
    typed[layout.declarations["disputes"]] = ALL_ZERO
    return {(spot.sheet, spot.address): entry for spot, entry in typed.items()}


def shown(data: bytes) -> Mapping[tuple[str, str], str]:
    """Every cell of every sheet, but for how its numbers are written."""
    book = read_grid(data)
    return {
        (sheet.name, Place("", *where).address): re.sub(r"\.0$", "", cell.value)
        for sheet in book.sheets
        for where, cell in sheet.cells.items()
        if cell.value
    }


@cache
def office(engine: str) -> WorkerEngine:
    found = engines.require(engine)
    assert isinstance(found, WorkerEngine)
    return found


@cache
def untouched(engine: str) -> bytes:
    """The same return without any of the moves."""
    return office(engine).fill(blank(), entries())


@ENGINES
def test_what_was_cut_and_dragged_and_typed_again_is_as_never_touched(
    engine: str,
) -> None:
    never = shown(untouched(engine))
    assert never[HELPERS, "B1"] != shown(blank())[HELPERS, "B1"]
    assert shown(office(engine).fill(blank(), entries(), moves())) == never


@ENGINES
def test_a_drag_shows_no_error(engine: str) -> None:
    after = shown(office(engine).fill(untouched(engine), {}, moves()))
    assert not [text for text in after.values() if text.startswith(("#", "Err:"))]


def test_only_the_hidden_sheet_looks_at_what_is_typed() -> None:
    """Not a formula, name or mark elsewhere, but a mark at its own cell."""
    book = load(blank())
    typed = {(spot.sheet, spot.address) for spot in place(support.form()).entries}
    for sheet in book.worksheets:
        if sheet.title == ENTRIES:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert not typed & set(references(str(cell.value), sheet.title))
    for name in book.defined_names.values():
        assert not typed & set(references(name.attr_text or "", ""))


def references(formula: str, home: str) -> Iterator[tuple[str, str]]:
    """Sheet and address of every cell that a formula names, of ranges the corners:
    what lies between them may be cut."""
    bare = re.sub('"[^"]*"', "", formula.replace("$", ""))
    cell = "([A-Z]{1,2}[0-9]+)"
    found = re.findall(rf"(?:'([^']+)'!|(\w+)!)?{cell}(?::{cell})?", bare)
    for quoted, plain, first, last in found:
        sheet = quoted or plain or home
        yield sheet, first
        yield sheet, last
