"""A text is its paragraphs, each in a row of its own, as copied from a document."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import engines, support
from tests.test_clerk import Screen, without_business
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.answers import Answers
from workbook_builder.model.explanation import compact
from workbook_builder.model.layout import Place
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import ENTRIES, PARAGRAPHS, place
from workbook_builder.workbook.sheets.entries import by_paragraph

TEXT = "overview_proactive"
SAID = [
    "本单位主动公开政府信息。",
    "　　全年公开 12 条，其中政策解读 3 条。",
    "没有其他情况。",
]


@given(st.text("一二\n　 ", min_size=1, max_size=60), st.integers(1, 9))
def test_no_paragraph_is_lost(text: str, rows: int) -> None:
    parts = by_paragraph(text, rows)
    assert len(parts) == rows
    assert "\n".join(part for part in parts if part) == text


@pytest.mark.parametrize("count", [1, 2, PARAGRAPHS, PARAGRAPHS + 3])
def test_a_text_comes_back_with_its_paragraphs(count: int) -> None:
    said = "\n".join(f"第{number}段，" + "依法公开。" * 180 for number in range(count))
    form, unit, campaign = support.form(), support.unit(), support.campaign()
    data = build_workbook(form, unit, campaign, Answers(texts={TEXT: said}))
    answers = support.judged(data).answers
    assert answers is not None
    assert answers.texts == {TEXT: said}


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["libreoffice", "onlyoffice"])
def test_paragraphs_below_each_other_are_one_text(engine: str) -> None:
    layout = place(support.form())
    rows = layout.rows_of(TEXT)
    # The second row is left out, as where a document has an empty line.
    spots = [rows[0], *rows[2 : len(SAID) + 1]]
    typed = {
        (support.spot(id_).sheet, support.spot(id_).address): entry
        for id_, entry in without_business().items()
    }
    typed |= {
        (spot.sheet, spot.address): part for spot, part in zip(spots, SAID, strict=True)
    }
    blank = build_workbook(support.form(), support.unit(), support.campaign())
    data = engines.require(engine).fill(blank, typed)
    answers, screen = support.judged(data, support.expected()).answers, Screen(data)
    assert answers is not None
    assert answers.texts[TEXT] == "\n".join(SAID)
    count = Place(rows[0].sheet, rows[0].row, rows[0].column + 1)
    assert screen.at(count) == str(len(compact("\n".join(SAID))))
    hidden = read_grid(data).sheet(ENTRIES)
    assert hidden is not None
    entry = layout.entries[rows[0]]
    assert hidden.cells[entry.row, entry.column].value == "\n".join(SAID)
