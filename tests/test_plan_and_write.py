"""What a workbook cannot hold is refused; what it holds is in the file.

XlsxWriter answers too much with a return code and leaves it out, so every limit is
tried just below and just above. Another library, openpyxl, reads the files back.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from workbook_builder.model.errors import WorkbookError
from workbook_builder.workbook.plan import (
    Area,
    Book,
    Content,
    Formula,
    Highlight,
    Item,
    Link,
    Note,
    Sheet,
    Validation,
)
from workbook_builder.workbook.write import write

ONE = Area(0, 0, 0, 0)


def sheet(*contents: Content, style: str = "plain", **more: Any) -> Sheet:
    """A sheet with the contents below each other in column A."""
    items = tuple(Item(row, 0, each, style) for row, each in enumerate(contents))
    return Sheet(more.pop("name", "表"), items, **more)


def book(*sheets: Sheet) -> Book:
    return Book(sheets or (sheet("一"),), "标题")


def written(*contents: Content, **more: Any) -> Any:
    """The sheet as openpyxl reads it, formulas as text."""
    return opened(write(book(sheet(*contents, **more))))["表"]


def opened(data: bytes, results: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=results)


# ---------------------------------------------------------------- limits


def listed(characters: int) -> Validation:
    """A list whose choices take that many characters, commas included."""
    choices = ("甲" * 9,) * (characters // 10)
    rest = characters - 10 * len(choices)
    return Validation(ONE, "list", "标题", "提示", choices=(*choices, "乙" * rest))


LIMITS: dict[str, tuple[int, Callable[[int], object]]] = {
    "the title of a prompt": (32, lambda n: Validation(ONE, "any", "题" * n, "示")),
    "a prompt": (255, lambda n: Validation(ONE, "any", "题", "示" * n)),
    "an error message": (255, lambda n: Validation(ONE, "any", "题", "示", "误" * n)),
    "the choices of a list": (255, listed),
    "the name of a sheet": (31, lambda n: sheet("一", name="表" * n)),
    "a text": (32_767, lambda n: write(book(sheet("长" * n)))),
    "a formula": (8_192, lambda n: Formula("=" + "1" * (n - 1), 1)),
    "a result": (32_767, lambda n: Formula('=""', "长" * n)),
    "a link": (32_767, lambda n: Link("表", "A1", "长" * n)),
    "a note": (
        32_767,
        lambda n: write(book(sheet("一", notes=(Note(0, 0, "长" * n),)))),
    ),
    "the rows of a sheet": (
        1_048_576,
        lambda n: write(book(Sheet("表", (Item(n - 1, 0, "一", "plain"),)))),
    ),
    "the columns of a sheet": (
        16_384,
        lambda n: write(book(Sheet("表", (Item(0, n - 1, "一", "plain"),)))),
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_just_long_enough_is_taken_and_one_more_is_refused(name: str) -> None:
    limit, make = LIMITS[name]
    assert make(limit)
    with pytest.raises(WorkbookError):
        make(limit + 1)


@pytest.mark.parametrize(
    "name", ["", "a/b", "a\\b", "a:b", "a*b", "a?b", "[a]", "'a", "a'"]
)
def test_a_name_that_no_sheet_can_have_is_refused(name: str) -> None:
    with pytest.raises(WorkbookError, match="cannot be the name"):
        sheet("一", name=name)


@pytest.mark.parametrize("names", [("表二", "表二"), ("Sheet", "sHEET")])
def test_two_sheets_of_one_name_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(WorkbookError, match="two sheets of one name"):
        book(*(sheet("一", name=name) for name in names))


def test_a_choice_that_excel_would_read_as_two_is_refused() -> None:
    with pytest.raises(WorkbookError, match="comma"):
        Validation(ONE, "list", "题", "示", choices=("甲,乙", "丙"))


@pytest.mark.parametrize(
    "figure",
    [
        Decimal("12345678901234567"),
        Decimal("0.12345678901234567890"),
        Decimal("99999999999999.9999"),
        Decimal("NaN"),
        12_345_678_901_234_567,
    ],
)
def test_a_number_with_more_digits_than_a_double_is_refused(
    figure: Decimal | int,
) -> None:
    with pytest.raises(WorkbookError, match="more digits"):
        write(book(sheet(figure)))
    if isinstance(figure, Decimal):
        with pytest.raises(WorkbookError, match="more digits"):
            write(book(sheet(Formula("=1", figure))))


def test_what_xlsxwriter_would_leave_out_raises() -> None:
    outside = Area(0, 16_384, 0, 16_384)
    for more in (
        {"validations": (Validation(outside, "any", "题", "示"),)},
        {"highlights": (Highlight(outside, "TRUE", "bad"),)},
        {"notes": (Note(0, 16_384, "注"),)},
        {"widths": {16_384: 9.0}},
        {"heights": {1_048_576: 9.0}},
    ):
        with pytest.raises(WorkbookError, match="could not be written"):
            write(book(sheet("一", **more)))


# ---------------------------------------------------------------- contents

DANGEROUS = (
    "=1+1",
    "+86 469 0000000",
    "-5",
    "@SUM(A1)",
    '=HYPERLINK("http://example.invalid","点")',
    "=cmd|'/c calc'!A0",
    "http://example.invalid/",
    "mailto:a@example.invalid",
    "internal:表!A1",
    "{=SUM(A1:A2)}",
    "0012",
    "1E5",
    "TRUE",
    "#REF!",
    "2026-01-31",
)


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_stays_a_text(text: str) -> None:
    cell = written(text)["A1"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.hyperlink is None


@pytest.mark.parametrize(
    "text",
    ["<a> & \"b\" 'c'", "两行\n一段", " 前后有空格 ", "制表\t符", "𠮷野家", "']]>"],
)
def test_a_text_is_read_back_as_it_was(text: str) -> None:
    assert written(text)["A1"].value == text


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (0, 0),
        (-5, -5),
        (99_999_999, 99_999_999),
        (Decimal("59237.2449"), 59237.2449),
        (Decimal("99999999.999999"), 99999999.999999),
        (Decimal("0.000001"), 0.000001),
        (Decimal("123456789012345"), 123456789012345),
    ],
)
def test_a_number_is_read_back_as_it_was(
    figure: Decimal | int, expected: float
) -> None:
    cell = written(figure)["A1"]
    assert (cell.value, cell.data_type) == (expected, "n")


def test_nothing_is_an_empty_cell_with_its_style() -> None:
    cell = written(None, style="input_count")["A1"]
    assert cell.value is None
    assert cell.protection.locked is False


@pytest.mark.parametrize(
    ("result", "stored"),
    [
        (Decimal("1204"), 1204),
        (Decimal("0.1"), 0.1),
        (7, 7),
        (0, 0),
        ("未填", "未填"),
        (True, True),
    ],
)
def test_the_result_of_a_formula_is_in_the_file(
    result: Decimal | int | str | bool, stored: object
) -> None:
    data = write(book(sheet(Formula("=A2", result), 1)))
    assert opened(data)["表"]["A1"].value == "=A2"
    found = opened(data, results=True)["表"]["A1"].value
    assert found == stored
    assert isinstance(found, bool) is isinstance(stored, bool)


def test_an_empty_result_is_stored_as_a_text_not_left_out() -> None:
    xml = part(write(book(sheet(Formula('=""', "")))), "xl/worksheets/sheet1.xml")
    assert 't="str"' in xml
    assert "<v></v>" in xml


def test_a_link_leads_to_its_place() -> None:
    cell = written(Link("表", "B7", "定位"))["A1"]
    assert cell.value == "定位"
    assert cell.hyperlink.location == "'表'!B7"


def test_a_merged_block_keeps_its_content() -> None:
    data = write(book(Sheet("表", (Item(1, 1, "合并", "head", rows=2, columns=3),))))
    found = opened(data)["表"]
    assert [str(each) for each in found.merged_cells.ranges] == ["B2:D3"]
    assert found["B2"].value == "合并"


# ---------------------------------------------------------------- the sheet around it


def test_a_validation_accepts_what_it_says() -> None:
    count = Validation(ONE, "integer", "题", "示", "误", minimum=0, maximum=99)
    choice = Validation(
        Area(1, 0, 2, 0), "list", "题", "示", "误", choices=("是", "否")
    )
    hint = Validation(Area(3, 0, 3, 0), "any", "题", "只是提示")
    found = written(1, validations=(count, choice, hint)).data_validations
    one, two, three = found.dataValidation
    assert (one.type, one.formula1, one.formula2, str(one.sqref)) == (
        "whole", "0", "99", "A1",
    )  # fmt: skip
    assert (two.type, two.formula1, str(two.sqref)) == ("list", '"是,否"', "A2:A3")
    assert (three.type, three.prompt, three.error) == (None, "只是提示", None)
    assert (one.promptTitle, one.prompt, one.error) == ("题", "示", "误")


def test_a_sheet_is_protected_hidden_and_set_up_as_asked() -> None:
    first = sheet("一", name="一")
    second = sheet("二", name="二", protected=False, landscape=True, freeze=(3, 1))
    third = sheet("三", name="_三", hidden=True)
    found = opened(write(replace(book(first, second, third), password="密")))
    assert found["一"].protection.sheet
    assert found["一"].protection.password
    assert not found["一"].protection.formatColumns  # False means allowed
    assert not found["二"].protection.sheet
    assert found["二"].page_setup.orientation == "landscape"
    assert found["二"].freeze_panes == "B4"
    assert found["_三"].sheet_state == "veryHidden"
    assert {each.page_setup.paperSize for each in found} == {9}  # A4
    assert {each.page_setup.fitToWidth for each in found} <= {None, 1}


def test_the_listing_reads_like_the_sheet() -> None:
    items = (
        Item(1, 1, Formula("=A1*2", 4), "total_count"),
        Item(1, 0, Link("表", "A1", "回"), "link"),
        Item(0, 0, "题", "title", columns=2),
        Item(2, 0, None, "input_count"),
    )
    assert list(book(Sheet("表", items)).listing()) == [
        "[表]",
        "A1:B1 title 题",
        "A2 link 回 → 表!A1",
        "B2 total_count =A1*2 → 4",
        "A3 input_count ",
    ]


# ---------------------------------------------------------------- same input, same bytes


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


RICH = book(
    sheet(
        "一", Formula("=A1", "一"), Decimal("1.5"), Link("表", "A1", "回"), None,
        validations=(Validation(ONE, "any", "题", "示"),),
        highlights=(Highlight(ONE, "TRUE", "bad"),),
        notes=(Note(0, 0, "注"),),
    ),
    sheet("二", name="二", hidden=True),
)  # fmt: skip


def test_the_same_book_gives_the_same_bytes() -> None:
    assert write(RICH) == write(replace(RICH))


def test_another_day_gives_the_same_bytes() -> None:
    """Nothing in the file comes from the clock."""
    core = part(write(RICH), "docProps/core.xml")
    assert core.count("2021-09-26T00:00:00Z") == 2
    assert str(datetime.date.today()) not in core
    with zipfile.ZipFile(io.BytesIO(write(RICH))) as archive:
        assert {info.date_time for info in archive.infolist()} == {
            (1980, 1, 1, 0, 0, 0)
        }


def test_another_date_or_content_gives_other_bytes() -> None:
    others = [
        RICH,
        replace(RICH, created=datetime.date(2025, 12, 31)),
        replace(RICH, title="其他"),
        replace(RICH, sheets=RICH.sheets[:1]),
    ]
    assert len({write(each) for each in others}) == len(others)
