"""Reports with every kind of damage: a figure that is wrong is never certain.

What is damaged is the document, as a bad template, a bad copy or a bad reader would;
what must not come out is a cell called certain that says another than was printed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.own_reports import FORM, Own, glued, sample, tabbed, wrong
from workbook_builder.documents.read import read_document
from workbook_builder.model.document import (
    Document,
    DocumentBlock,
    Passage,
    PrintedCell,
    PrintedTable,
)
from workbook_builder.model.published_report import Certainty, PublishedReport
from workbook_builder.published import glued as pieces_of_runs
from workbook_builder.published.cuts import Cut, DigitRun, cuts
from workbook_builder.published.read import read
from workbook_builder.published.relations import Terms

SEEDS = (0, 1)
LABELS = sorted({label for c in FORM.cells.values() for label in c.row_labels})
#: How a document is given to the reader: with its spans, or as one of two texts.
GIVEN: dict[str, Callable[[Document], Document]] = {
    "markup": lambda document: document,
    "tabs": lambda document: read_document(tabbed(document).encode()),
    "glued": lambda document: read_document(glued(document).encode()),
}
given_as = pytest.mark.parametrize("way", GIVEN)
seeds = pytest.mark.parametrize("seed", SEEDS)


@pytest.fixture(autouse=True, scope="module")
def _each_run_is_cut_once() -> Iterator[None]:
    """Documents that differ in one cell have all other runs of digits in common, and
    to cut a run into figures is nearly all that reading glued ones costs."""
    known: dict[object, list[Cut] | None] = {}

    def remembered(run: DigitRun, sums: Sequence[Terms]) -> list[Cut] | None:
        key = run, tuple(frozenset(each.items()) for each in sums)
        if key not in known:
            known[key] = cuts(run, sums)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces_of_runs, "cuts", remembered)
        yield


def found(document: Document, way: str = "markup") -> PublishedReport:
    return read(GIVEN[way](document), [FORM])


def tables(document: Document) -> list[tuple[int, PrintedTable]]:
    blocks = enumerate(document.blocks)
    return [(at, block) for at, block in blocks if isinstance(block, PrintedTable)]


def with_blocks(document: Document, at: int, *blocks: DocumentBlock) -> Document:
    before, after = document.blocks[:at], document.blocks[at + 1 :]
    return replace(document, blocks=(*before, *blocks, *after))


def with_cells(
    document: Document, change: Callable[[int, PrintedCell], PrintedCell]
) -> Document:
    """The document with each cell of table n changed."""
    changed = [
        PrintedTable(tuple(change(n, cell) for cell in table.cells))
        for n, (_, table) in enumerate(tables(document))
    ]
    waiting = iter(changed)
    blocks = (
        next(waiting) if isinstance(block, PrintedTable) else block
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


def figure_places(document: Document) -> Iterator[tuple[int, PrintedCell]]:
    """Every cell that holds a number, with the number of its table."""
    for n, (_, table) in enumerate(tables(document)):
        for cell in table.cells:
            if re.fullmatch(r"[\d.]+", cell.text):
                yield n, cell


def cell_of(own: Own, document: Document, n: int, wanted: PrintedCell) -> str:
    """Which cell of the form stands in a place, found by an odd number put there."""
    odd = "987654321"
    marked = put(document, n, wanted, odd)
    facts = found(marked).facts
    return next(id_ for id_, fact in facts.items() if fact.words == odd)


def put(document: Document, n: int, wanted: PrintedCell, text: str) -> Document:
    return with_cells(
        document,
        lambda m, cell: replace(cell, text=text) if (m, cell) == (n, wanted) else cell,
    )


def relabelled(document: Document, label: str, kept: str) -> Document:
    """With that label replaced wherever it is printed."""

    def change(_: int, cell: PrintedCell) -> PrintedCell:
        return replace(cell, text=kept) if cell.text == label else cell

    return with_cells(document, change)


def exchanged_rows(document: Document, one: int, other: int) -> Document:
    swap = {one: other, other: one}

    def change(n: int, cell: PrintedCell) -> PrintedCell:
        return (
            replace(cell, row=swap.get(cell.row, cell.row), rows=1) if n == 1 else cell
        )

    return ordered(with_cells(document, change))


def exchanged_columns(document: Document, one: int, other: int) -> Document:
    """Of table three, from the line of the names on; wider heads stay."""
    swap = {one: other, other: one}

    def change(n: int, cell: PrintedCell) -> PrintedCell:
        if n != 1 or cell.row < 2 or cell.columns > 1:
            return cell
        return replace(cell, column=swap.get(cell.column, cell.column))

    return ordered(with_cells(document, change))


def ordered(document: Document) -> Document:
    """With cells in the order of their places, as readers give them."""
    blocks = tuple(
        PrintedTable(tuple(sorted(b.cells, key=lambda c: (c.row, c.column))))
        if isinstance(b, PrintedTable)
        else b
        for b in document.blocks
    )
    return replace(document, blocks=blocks)


# ---------------------------------------------------------------- figures


@given_as
@seeds
def test_a_changed_digit_is_never_certain_where_sums_could_show_it(
    seed: int, way: str
) -> None:
    """Table two has no sums: what it prints is what was read."""
    own = sample(seed)
    document = own.document()
    places = [each for each in figure_places(document) if each[0] > 0]
    for n, cell in random.Random(seed).sample(places, 25):
        id_ = cell_of(own, document, n, cell)
        digits = list(cell.text)
        digits[0] = str((int(digits[0]) + 3) % 10) if len(digits) == 1 else "9"
        if "".join(digits) == cell.text:
            digits[0] = "8"
        after = found(put(document, n, cell, "".join(digits)), way)
        assert after.facts[id_].certainty is not Certainty.CERTAIN, (id_, cell.text)
        # Its neighbours still say what they print.
        others = wrong(after, {**own.figures, id_: Decimal("".join(digits))})
        assert not others, (id_, cell.text)


@given_as
@seeds
def test_a_blank_is_never_a_number(seed: int, way: str) -> None:
    own = sample(seed)
    document = own.document()
    for n, cell in random.Random(seed).sample(list(figure_places(document)), 25):
        id_ = cell_of(own, document, n, cell)
        after = found(put(document, n, cell, ""), way)
        assert not wrong(after, {**own.figures, id_: None}), (id_, cell.text)


@given_as
def test_several_blanks_are_never_numbers(way: str) -> None:
    own = sample()
    document = own.document()
    places = list(figure_places(document))
    for seed in range(25):
        known: dict[str, Decimal | None] = dict(own.figures)
        spoilt = document
        for n, cell in random.Random(seed).sample(places, 6):
            known[cell_of(own, document, n, cell)] = None
            spoilt = put(spoilt, n, cell, "")
        assert not wrong(found(spoilt, way), known), seed


# ---------------------------------------------------------------- labels


@given_as
@pytest.mark.parametrize("label", LABELS)
def test_a_cut_label_makes_no_figure_wrong(label: str, way: str) -> None:
    own = sample()
    document = own.document()
    cuts = {0, 1, 2, len(label) // 2, len(label) - 1}
    for cut in sorted(cuts):
        for kept in {label[:cut], label[cut:] if cut else ""}:
            spoilt = relabelled(document, label, kept)
            after = found(spoilt, way)
            assert not wrong(after, own.figures), kept


def heads() -> list[str]:
    return sorted({label for c in FORM.cells.values() for label in c.column_labels})


@given_as
@pytest.mark.parametrize("label", heads())
def test_a_cut_name_of_a_column_makes_no_figure_wrong(label: str, way: str) -> None:
    own = sample()
    document = own.document()
    for kept in {"", label[:1], label[: len(label) // 2], label[1:], label[:-1]}:
        spoilt = relabelled(document, label, kept)
        assert not wrong(found(spoilt, way), own.figures), kept


# ---------------------------------------------------------------- rows and columns


@given_as
@seeds
def test_exchanged_rows_keep_their_figures(seed: int, way: str) -> None:
    """Labels go with their figures, wherever they stand."""
    own = sample(seed)
    document = own.document()
    _, table = tables(document)[1]
    rows = sorted({cell.row for cell in table.cells})[3:]
    pairs = [(a, b) for a in rows for b in rows if a < b]
    for one, other in random.Random(seed).sample(pairs, 25):
        spoilt = exchanged_rows(document, one, other)
        after = found(spoilt, way)
        assert not wrong(after, own.figures), (one, other)


@given_as
@seeds
def test_exchanged_columns_keep_their_figures(seed: int, way: str) -> None:
    own = sample(seed)
    document = own.document()
    _, table = tables(document)[1]
    columns = range(table.lines[1][1].column, max(c.column for c in table.cells))
    for one in columns:
        for other in (c for c in columns if c > one):
            spoilt = exchanged_columns(document, one, other)
            assert not wrong(found(spoilt, way), own.figures), (one, other)


@given_as
@pytest.mark.parametrize("n", range(len(FORM.tables)))
def test_a_table_torn_at_any_row_makes_no_figure_wrong(n: int, way: str) -> None:
    own = sample()
    document = own.document()
    at, table = tables(document)[n]
    for row in range(1, len(table.lines)):
        upper = tuple(c for c in table.cells if c.row < row)
        lower = tuple(replace(c, row=c.row - row) for c in table.cells if c.row >= row)
        torn = with_blocks(
            document, at, PrintedTable(upper), Passage("- 3 -"), PrintedTable(lower)
        )
        assert not wrong(found(torn, way), own.figures), row


def test_a_table_torn_below_its_head_is_read_whole() -> None:
    """The neighbour that must stay right: rows on the next page are still rows."""
    own = sample()
    document = own.document()
    at, table = tables(document)[1]
    upper = tuple(c for c in table.cells if c.row < 12)
    lower = tuple(replace(c, row=c.row - 12) for c in table.cells if c.row >= 12)
    torn = with_blocks(document, at, PrintedTable(upper), PrintedTable(lower))
    after = found(torn)
    assert after.counts[Certainty.CERTAIN] == len(FORM.cells)
    assert not after.findings


@given_as
def test_a_row_that_is_missing_makes_no_figure_wrong(way: str) -> None:
    own = sample()
    document = own.document()
    for n, (_, table) in enumerate(tables(document)):
        for row in {cell.row for cell in table.cells}:
            spoilt = with_blocks(
                document,
                tables(document)[n][0],
                PrintedTable(tuple(c for c in table.cells if c.row != row)),
            )
            assert not wrong(found(spoilt, way), own.figures), (n, row)


@given_as
def test_two_reports_in_one_document_are_refused(way: str) -> None:
    first, second = sample(0).document(), sample(1).document()
    both = replace(first, blocks=(*first.blocks, *second.blocks))
    after = found(both, way)
    assert [each.code for each in after.findings] == ["P02"]
    assert not after.facts
