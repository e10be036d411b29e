"""汇总.xlsx of very many units: the same numbers, without the lines of each unit."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.test_summary import city, keys, opened
from workbook_builder.outputs.summary import large
from workbook_builder.outputs.summary.book import summary_book
from workbook_builder.outputs.summary.large import left_out
from workbook_builder.outputs.summary.parts import OVERVIEW
from workbook_builder.workbook.plan import Book, Content, Formula, Link
from workbook_builder.workbook.write import write


def _numbers(book: Book) -> Iterator[tuple[tuple[str, int, int], Content | bool]]:
    for sheet in book.sheets:
        for item in sheet.items:
            said = item.content
            if isinstance(said, Formula):
                said = said.result if said.result != "" else None
            if not isinstance(said, (str, Link)):
                yield (sheet.name, item.row, item.column), said


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> tuple[Book, Book, tuple[str, ...]]:
    """With and without the lines, and the sheets that are left out."""
    whole, figures = summary_book(city()), keys(city())
    monkeypatch.setattr(large, "MOST", 2)
    assert keys(city()) == figures
    return whole, summary_book(city()), left_out(city())


def test_it_says_the_same_numbers(made: tuple[Book, Book, tuple[str, ...]]) -> None:
    whole, short, gone = made
    names = [sheet.name for sheet in short.sheets]
    assert names == [s.name for s in whole.sheets if s.name not in gone]
    before = dict(_numbers(whole))
    numbers = {
        where: said
        for where, said in _numbers(short)
        if where[0] != OVERVIEW and said is not None
    }
    assert len(numbers) > 500
    assert numbers == {where: before[where] for where in numbers}
    kept = {w for w, said in before.items() if w[0] in names and said is not None}
    assert {w for w in kept if w[0] != OVERVIEW} == numbers.keys()


def test_it_leans_on_nothing_that_is_left_out_and_says_where_that_is(
    made: tuple[Book, Book, tuple[str, ...]],
) -> None:
    _, short, gone = made
    leans = re.compile("|".join(f"{name}'?!|“{name}”" for name in gone))
    said = []
    for sheet in short.sheets:
        for item in sheet.items:
            content = item.content
            assert not (isinstance(content, Link) and content.sheet in gone)
            text = content.text if isinstance(content, Formula) else content
            if isinstance(text, str) and leans.search(text):
                said.append(text)
    (notice,) = said  # which sheets these are
    overview = [i.content for i in short.sheets[0].items if isinstance(i.content, str)]
    told = "".join(overview[overview.index(notice) :])
    for file in (
        "进度.html",
        "facts.csv",
        "fields.csv",
        "findings.csv",
        "facts.sqlite",
    ):
        assert file in told
    assert opened(write(short)).sheetnames == [sheet.name for sheet in short.sheets]
