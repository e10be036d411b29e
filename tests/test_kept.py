"""A workbook written by way of the one before is, byte for byte, the one written from
the beginning, and says what it would say as the first of its form: for random rosters, in
every form that is shipped."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests import support
from tests.test_editions import every_edition, first
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.layout import Place
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import State, Value, number
from workbook_builder.workbook.build import book
from workbook_builder.workbook.job import Job, of_the_form
from workbook_builder.workbook.kept import MANY_NOTES
from workbook_builder.workbook.pack import WINDOW, package, packed
from workbook_builder.workbook.plan import (
    Area,
    Book,
    Content,
    Formula,
    Item,
    Link,
    Note,
    Sheet,
    Validation,
)
from workbook_builder.workbook.write import SHELF, parts_of, write

#: 合计 and 自然人 stand in the form as well, so that two texts become one.
NAMES = (
    *(
        "区教育局",
        "合计",
        "自然人",
        "甲&乙<丙>\"丁'",
        "_x0041_局",
        " 前后 空格 ",
        "=1+1",
    ),
    *("<r>局</r>", "😀局", "长" * 90, "区长江街道办事处" * 3, "L" * 40, "U0001"),
)
FIGURES = (0, 1, -3, 1000, 99_999_999, 10**11)


def jobs(form: Form, count: int) -> Iterator[Job]:
    """Units as rosters have them, one of two filled in to some extent."""
    chance = random.Random(f"{form.id} {form.edition}")
    campaign = Campaign("t", form.id, form.edition, first(form), "某办公室", key="k")

    def figure(decimals: int) -> Decimal:
        scale = Decimal(1).scaleb(-decimals)
        return chance.choice((Decimal(1), scale)) * chance.choice(FIGURES)

    for n in range(count):
        unit = Unit(f"U{n:04}", chance.choice(NAMES), "R", chance.choice(("部门", "")))
        known = {
            id_: figure(cell.type.decimals)
            for id_, cell in form.cells.items()
            if chance.random() < (n % 3) / 2
        }
        said = {
            cell.id: chance.choice(
                [number(figure(0)), Value(State.TEXT, text=chance.choice(NAMES))]
            )
            for cell in form.inputs
            if chance.random() < (n % 2) / 3
        }
        declared = {table.id for table in form.tables if chance.random() < 0.3}
        answers = Answers(
            values=said,
            declared=frozenset(declared),
            texts={t.id: chance.choice(NAMES) for t in form.narratives if n % 2},
            fields={field.id: chance.choice(NAMES) for field in form.fields},
        )
        yield Job(form, unit, campaign, answers, known)


@every_edition
def test_it_is_the_one_written_from_the_beginning(form: Form) -> None:
    books = [book(each) for each in jobs(form, 8)]
    wanted = [package(parts_of(each)) for each in books]
    found = [SHELF.like(each) for each in books]  # by the last one of its shape
    copied = [
        package(parts) == whole
        for parts, whole in zip(found, wanted, strict=True)
        if parts
    ]
    assert all(copied)
    assert len(copied) > 3


@every_edition
def test_so_is_what_goes_back(form: Form) -> None:
    """With more lines or fewer, and marks on other cells."""
    chance = random.Random(form.edition)
    cells = [cell.id for cell in form.table_cells(form.tables[0].id)]

    def findings() -> Iterator[Finding]:
        for _ in range(chance.randrange(1, 5)):
            said = catalogued("Y16", expected=chance.choice(NAMES))
            yield replace(said, cell=chance.choice(cells))

    books = [book(replace(job, findings=tuple(findings()))) for job in jobs(form, 9)]
    wanted = [package(parts_of(each)) for each in books]
    assert [write(each) for each in books] == wanted
    known = [SHELF.like(each) for each in books]
    assert [package(each) for each in known if each] == [
        whole for whole, each in zip(wanted, known, strict=True) if each
    ]
    assert sum(each is not None for each in known) > 3


@every_edition
def test_it_says_what_it_would_as_the_first_of_its_form(form: Form) -> None:
    for job in jobs(form, 6):
        assert book(job) == book(replace(job, form=replace(form)))


def test_what_depends_on_the_form_is_told_of_each_thing_it_is_about() -> None:
    """Also of things that are gone when the next one is asked for."""
    said = of_the_form(lambda job, place: place.address)
    job = Job(support.form(), support.unit(), support.campaign())
    for row in range(99):
        assert said(job, Place("表", row, 0)) == f"A{row + 1}"


def small(*contents: Content, style: str = "plain", **more: Any) -> Book:
    items = tuple(Item(row, 0, each, style) for row, each in enumerate(contents))
    return Book((Sheet("表", items, **more),), "标题")


CONTENTS = ("一", "二", "一", Decimal(1), Formula("=1", 1), None, "三")
FIRST = small(*CONTENTS)
LIMIT = Validation(Area(0, 0, 0, 0), "integer", "题", "话", "错", 0, 9)


@pytest.mark.parametrize(
    ("other", "copied"),
    [
        (replace(FIRST, title="另"), True),
        (small("一", "一", "二", *CONTENTS[3:]), True),
        (small("三", "二", *CONTENTS[2:]), True),
        (small(*CONTENTS[:3], "1", Formula("=1", True), Decimal(0), "四"), True),
        (small(None, *CONTENTS[1:4], Formula("=2", ""), "", "三"), True),
        (replace(FIRST, subject="另"), False),
        (small(*CONTENTS, landscape=True), False),
        (small(*CONTENTS, style="head"), False),
        (small(*CONTENTS, validations=(LIMIT,)), False),
        # A plain sheet is drawn anew.
        (small(*CONTENTS[:3]), True),
        (small(Link("表", "A1", "一"), *CONTENTS[1:]), True),
        (small(*CONTENTS, heights={0: 30, 2: 99}), True),
        (small(*CONTENTS, Link("表", "A1", "四"), heights={7: 30}), True),
        (small(*CONTENTS, "四", landscape=True), False),
        (small(*CONTENTS, Link("表", "A1", "四"), style=""), False),
        (small(*CONTENTS, "四", style="head"), False),
    ],
)
def test_what_differs_is_written_and_what_else_differs_makes_another(
    other: Book, copied: bool
) -> None:
    first = package(parts_of(FIRST))
    found = SHELF.like(other)
    wanted = package(parts_of(other))
    assert (found is not None) is copied
    assert found is None or package(found) == wanted
    assert wanted != first
    assert write(FIRST) == first  # nothing of the other is left behind


@pytest.mark.parametrize("said", ["一", Link("表", "A1", "一")])
def test_a_part_that_one_of_two_is_without_makes_another(said: Content) -> None:
    """There are no shared strings where nothing is a text."""
    books = [small(said, Decimal(1)), small(Decimal(1)), small(Decimal(1), Decimal(1))]
    wanted = [package(parts_of(each)) for each in books]
    assert [write(each) for each in (*books, *books)] == wanted * 2
    package(parts_of(books[0]))
    assert SHELF.like(books[1]) is None
    package(parts_of(books[1]))
    assert SHELF.like(books[0]) is None
    assert SHELF.like(books[2]) is not None


@pytest.mark.parametrize(
    ("formula", "result", "copied"),
    [
        ("=$A$9", 2, True),
        ("=$A$8", 2, False),
        ("=$A$9", "", True),
        ("=ROW()", 1, False),
    ],
)
def test_a_formula_that_cells_share_stays_theirs(
    formula: str, result: int | str, copied: bool
) -> None:
    own = ["=$A9"] * 2 + ["='一'!$A$1"] * 2
    contents = [Formula(text, 1) for text in ["=$A$9"] * 3 + ["=ROW()", *own]]
    first = small(*contents, hidden=True)
    parts = support.unzipped(write(first))
    assert parts["xl/worksheets/sheet1.xml"].count(b'<f t="shared"') == 3
    contents[1] = Formula(formula, result)
    other = small(*contents, hidden=True)
    wanted = package(parts_of(other))
    package(parts_of(first))
    found = SHELF.like(other)
    assert (found is not None) is copied
    assert found is None or package(found) == wanted


def test_no_limit_of_the_one_before_is_left() -> None:
    """The message of a cell names the figure of the year before."""
    books = [
        small("一", validations=(replace(LIMIT, prompt=said), LIMIT))
        for said in ("上年数：1", "上年数：<2>")
    ]
    wanted = [package(parts_of(each)) for each in books]
    assert [write(each) for each in books] == wanted


def test_no_note_of_the_one_before_is_left() -> None:
    """A mark names what was typed, and stands where that is."""
    both = [(Note(1, 0, e), Note(0, 0, "同")) for e in ("“45719”", "<2>", "“45719”")]
    notes = [*both, (Note(2, 0, "三"),), (Note(2, 0, "三"), *both[0])]
    beside, many = (Note(1, 1, "没有单元格的"),), (Note(0, 0, "同"),) * MANY_NOTES
    books = [small("一", "二", "三", notes=each) for each in (*notes, beside, many, ())]
    wanted = [package(parts_of(each)) for each in books]
    first = package(parts_of(books[0]))
    copied = [SHELF.like(each) is not None for each in books[:-1]]
    assert copied == [*(True for _ in notes), False, False]
    assert [write(each) for each in books] == wanted
    assert wanted[0] == wanted[2] == first != wanted[1]


def test_what_is_packed_in_stretches_is_unpacked_as_one() -> None:
    chance = random.Random(18)
    rows = [
        b"<row r=%d>%s</row>" % (n, chance.randbytes(99).hex().encode())
        for n in range(999)
    ]
    for content in (b"", b"<row/>", b"<x/>" * WINDOW, b"".join(rows)):
        part = packed("a.xml", content)
        with zipfile.ZipFile(
            io.BytesIO(package([part, replace(part, name="b")]))
        ) as file:
            assert file.read("a.xml") == file.read("b") == content
