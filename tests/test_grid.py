"""The reader of returned workbooks: right on good files, safe on all others.

Good files are written by two libraries and compared cell by cell with two readers.
Everything a file can do wrong is made here by hand, from the parts of the package
down to single bytes.
"""

from __future__ import annotations

import datetime
import io
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from workbook_builder.bounds import zip_entry
from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.formats import xlsx_sheet, xlsx_sweep
from workbook_builder.formats.grid import read_grid
from workbook_builder.formats.xlsx_styles import shows_date
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import Position, RawBook, RawCell, RawKind

MEGABYTE = 1024 * 1024
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
ERRORS = (
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#GETTING_DATA",
)
ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


# Workbooks by hand ------------------------------------------------------------


def relations(*links: tuple[str, str]) -> str:
    """A .rels part of (kind, target) pairs with the ids r0, r1 …"""
    inner = "".join(
        f'<Relationship Id="r{at}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(links)
    )
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def worksheet(body: str, tail: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{tail}</worksheet>'


def strings(*items: str) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(*codes: str | int) -> str:
    """Cell style n has the number format n: a code, or the number of a built-in."""
    formats = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode="{escaped(code)}"/>'
        for at, code in enumerate(codes)
        if isinstance(code, str)
    )
    cells = "".join(
        f'<xf numFmtId="{200 + at if isinstance(code, str) else code}"/>'
        for at, code in enumerate(codes)
    )
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
        f'<fonts><font><b/></font></fonts><cellStyleXfs><xf numFmtId="14"/>'
        f"</cellStyleXfs><cellXfs>{cells}</cellXfs></styleSheet>"
    )


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def parts(sheet: str, **others: str) -> dict[str, str]:
    """A package with one sheet S; ``others`` by the stem of their name."""
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><workbookPr/>'
        '<sheets><sheet name="S" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"),
            *((stem, f"{stem}.xml") for stem in others),
        ),
        "xl/worksheets/sheet1.xml": sheet,
        **{f"xl/{stem}.xml": text for stem, text in others.items()},
    }


def zipped(content: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def read_sheet(body: str, **others: str) -> Mapping[Position, RawCell]:
    """The cells of a ``sheetData``, read by both ways there are through it."""
    usual = read_grid(zipped(parts(worksheet(body), **others))).sheets[0].cells
    # No suite puts a comment there, so this one goes element by element.
    unusual = worksheet(f"<!-- -->{body}")
    assert read_grid(zipped(parts(unusual, **others))).sheets[0].cells == usual
    return usual


def read_cell(cell: str, **others: str) -> RawCell | None:
    return read_sheet(f'<row r="1">{cell}</row>', **others).get((0, 0))


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_grid(data)
    return caught.value.reason


def sheet_reason(sheet: str, **others: str) -> str:
    return reason(zipped(parts(sheet, **others)))


# Good files, against openpyxl and calamine --------------------------------------

Cell = str | float | bool | datetime.date | None
NUMBER, TEXT, BOOLEAN, DATE, PERCENT, ERROR, EMPTY = RawKind


def plain(raw: RawCell | None) -> object:
    """A cell as the libraries would give it, if they told dates by their serial."""
    if raw is None or raw.kind is RawKind.EMPTY:
        return None
    match raw.kind:
        case RawKind.NUMBER | RawKind.PERCENT:
            return float(raw.value)
        case RawKind.BOOLEAN:
            return raw.value == "TRUE"
        case RawKind.DATE:
            return ("date", float(raw.value))
        case _:
            return raw.value or None


def plain_openpyxl(value: object) -> object:
    match value:
        case bool() | None:
            return value
        case int() | float():
            return float(value)
        case datetime.date() | datetime.time() | datetime.timedelta():
            serial = to_excel(value)  # type: ignore[no-untyped-call]  # as in its stubs
            return ("date", pytest.approx(serial))
        case _:
            return value or None


def by_position(sheet: Worksheet) -> dict[Position, Any]:
    return {
        (row, column): cell
        for row, cells in enumerate(sheet.iter_rows())
        for column, cell in enumerate(cells)
    }


def assert_same_as_libraries(data: bytes) -> None:
    book = read_grid(data)
    typed = openpyxl.load_workbook(io.BytesIO(data))
    shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    second = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert [sheet.name for sheet in book.sheets] == shown.sheetnames
    for number, sheet in enumerate(book.sheets):
        values = by_position(shown.worksheets[number])
        rows = second.get_sheet_by_index(number).to_python(skip_empty_area=False)
        assert sheet.cells.keys() <= values.keys()
        for at, cell in by_position(typed.worksheets[number]).items():
            raw = sheet.cells.get(at)
            is_formula = raw is not None and raw.formula is not None
            assert is_formula == (cell.data_type == "f"), (sheet.name, at)
            assert plain(raw) == plain_openpyxl(values[at].value), (sheet.name, at)
            assert_same_as_calamine(raw, rows, at)


def assert_same_as_calamine(raw: RawCell | None, rows: Any, at: Position) -> None:
    value = rows[at[0]][at[1]] if at[0] < len(rows) and at[1] < len(rows[0]) else ""
    if raw is None or raw.kind in {RawKind.ERROR, RawKind.EMPTY}:
        assert value == "", at  # calamine hides errors
    elif raw.kind is RawKind.DATE:
        assert isinstance(value, datetime.date | datetime.time | datetime.timedelta), at
    else:
        assert value == ("" if plain(raw) is None else plain(raw)), at


def everything() -> dict[Position, Cell]:
    values: tuple[Cell, ...] = (
        *(0, 1, -1, 59237.2449, 0.1 + 0.2, 1e-9, -1e307, 2**53),
        *(
            "",
            "公开",
            " 两边有空格 ",
            "第一行\n第二行",
            "0012",
            "=1+1",
            "#REF!",
            "a&<b>'\"",
        ),
        *("𠮷", "x" * 32_767, True, False, None),
        *(datetime.date(2023, 3, 15), datetime.datetime(1999, 12, 31, 23, 59, 59)),
    )
    return {(at // 4, at % 4 * 3): value for at, value in enumerate(values)}


def by_xlsxwriter(values: Mapping[Position, Cell], date1904: bool = False) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(buffer, {**options, "date_1904": date1904}) as book:
        sheet, other = book.add_worksheet("表二"), book.add_worksheet("空表")
        tinted = book.add_format({"bg_color": "#FFFFCC", "border": 1})
        for (row, column), value in values.items():
            match value:
                case str():
                    sheet.write_string(row, column, value)
                case None:
                    sheet.write_blank(row, column, None, tinted)
                case _:
                    sheet.write(row, column, value)
        sheet.write_formula("J1", '=SUM(A1:A9)&"\'<"', value="3")
        sheet.write_formula("J2", "=1/0", value="#DIV/0!")
        sheet.write_formula("J3", "=A1>0", value=True)
        sheet.write_formula("J4", "='空表'!A1", value=0)
        sheet.write_array_formula("J5:J6", "{=A1:A2}", value=1)
        other.data_validation(
            "A1", {"validate": "integer", "criteria": ">", "value": 0}
        )
        other.write_rich_string("B2", "富", tinted, "文本")
    return buffer.getvalue()


def by_openpyxl(values: Mapping[Position, Cell]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for (row, column), value in values.items():
        cell = sheet.cell(row + 1, column + 1, value)
        if isinstance(value, str):
            cell.data_type = "s"
    for at, error in enumerate(ERRORS[:7]):
        sheet.cell(20, at + 1, error)
    sheet["A30"] = "=SUM(A1:A9)"
    book.save(buffer)
    return buffer.getvalue()


def test_reads_what_xlsxwriter_writes() -> None:
    assert_same_as_libraries(by_xlsxwriter(everything()))


def test_reads_what_openpyxl_writes() -> None:
    assert_same_as_libraries(by_openpyxl(everything()))


def test_numbers_keep_the_digits_of_the_file() -> None:
    cell = read_cell('<c r="A1"><v>59237.244899999998</v></c>')
    assert cell == RawCell(NUMBER, "59237.244899999998")


TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    max_size=40,
).filter(lambda text: "_x" not in text)  # openpyxl neither writes nor reads escapes
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(datetime.date(1901, 1, 1), datetime.date(9999, 12, 31)),
)
SHEETS = st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), CELLS)


@settings(max_examples=60, deadline=None)
@given(SHEETS)
def test_any_sheet_reads_as_the_libraries_read_it(values: dict[Position, Cell]) -> None:
    written = {
        at: value
        for at, value in values.items()
        # Beyond what writers print with all digits, the libraries round for themselves.
        if not isinstance(value, float) or value == float(f"{value:.15G}")
    }
    assert_same_as_libraries(by_xlsxwriter(written))
    assert_same_as_libraries(by_openpyxl(written))


def test_only_the_wanted_sheets_have_cells() -> None:
    book = read_grid(by_xlsxwriter(everything()), only={"空表"})
    assert [bool(sheet.cells) for sheet in book.sheets] == [False, True]


def test_sheets_are_found_by_their_exact_name() -> None:
    book = read_grid(by_xlsxwriter({}))
    found = book.sheet("空表")
    assert found is book.sheets[1]
    assert book.sheet("空表 ") is None


# One cell -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A1"/>', None),
        ('<c r="A1" s="1"></c>', None),
        ('<c r="A1"><v></v></c>', None),
        ('<c r="A1"><v/></c>', None),
        ('<c r="A1" t="s"><v></v></c>', None),
        ('<c r="A1"><v>0</v></c>', RawCell(NUMBER, "0")),
        ('<c r="A1"><v> 5 </v></c>', RawCell(NUMBER, "5")),
        ('<c r="A1" t="n"><v>-1.50E+3</v></c>', RawCell(NUMBER, "-1.50E+3")),
        ('<c r="A1"><v>00.10</v></c>', RawCell(NUMBER, "00.10")),
        ('<c r="A1"><v>NaN</v></c>', RawCell(ERROR, "NaN")),
        ('<c r="A1"><v>INF</v></c>', RawCell(ERROR, "INF")),
        ('<c r="A1"><v>-Infinity</v></c>', RawCell(ERROR, "-Infinity")),
        ('<c r="A1"><v>1e309</v></c>', RawCell(ERROR, "1e309")),
        ('<c r="A1"><v>1_000</v></c>', RawCell(ERROR, "1_000")),
        ('<c r="A1"><v>１２</v></c>', RawCell(ERROR, "１２")),
        ('<c r="A1"><v>1e</v></c>', RawCell(ERROR, "1e")),
        ('<c r="A1" t="b"><v>1</v></c>', RawCell(BOOLEAN, "TRUE")),
        ('<c r="A1" t="b"><v>false</v></c>', RawCell(BOOLEAN, "FALSE")),
        ('<c r="A1" t="b"><v>2</v></c>', RawCell(ERROR, "2")),
        ('<c r="A1" t="d"><v>2023-03-15</v></c>', RawCell(DATE, "2023-03-15")),
        ('<c r="A1" t="odd"><v>7</v></c>', RawCell(ERROR, "7")),
        (
            '<c r="A1" t="str"><v>a&amp;lt;&#65;&#x4E00;</v></c>',
            RawCell(TEXT, "a&lt;A一"),
        ),
        ('<c r="A1" t="str"><v>&#38;lt;</v></c>', RawCell(TEXT, "&lt;")),
        ('<c r="A1" t="str"><v> a </v></c>', RawCell(TEXT, " a ")),
        ('<c r="A1" t="str"><v></v></c>', RawCell(TEXT, "")),
        (
            '<c r="A1" t="str"><v><![CDATA[<v>1</v>]]></v></c>',
            RawCell(TEXT, "<v>1</v>"),
        ),
        ('<c r="A1" t="str"><v>一\r\n二</v></c>', RawCell(TEXT, "一\n二")),
        ('<c r="A1" t="str"><v>一_x000D_二</v></c>', RawCell(TEXT, "一\r二")),
        ('<c r="A1" t="str"><v>_x005F_x000D_</v></c>', RawCell(TEXT, "_x000D_")),
        ('<c r="A1" t="str"><v>_xD842__xDFB7_</v></c>', RawCell(TEXT, "𠮷")),
        ('<c r="A1" t="str"><v>_xD842_</v></c>', RawCell(TEXT, "\ufffd")),
        ('<c r="A1" t="inlineStr"><v>a</v></c>', RawCell(TEXT, "a")),
        ('<c r="A1"><is><t>无类型</t></is></c>', RawCell(TEXT, "无类型")),
        ('<c r="A1" t="inlineStr"><is><t></t></is></c>', RawCell(TEXT, "")),
        (
            '<c r="A1" t="inlineStr"><is><t>_x005F_x000D_</t></is></c>',
            RawCell(TEXT, "_x000D_"),
        ),
        (
            '<c r="A1"><v>1</v><extLst><v>2</v><f>B1</f></extLst></c>',
            RawCell(NUMBER, "1"),
        ),
        *(
            (f'<c r="A1" t="e"><v>{error}</v></c>', RawCell(ERROR, error))
            for error in ERRORS
        ),
    ],
)
def test_cell(cell: str, expected: RawCell | None) -> None:
    assert read_cell(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A1"><f>B1&gt;1</f><v>2</v></c>', RawCell(NUMBER, "2", "B1>1")),
        ('<c r="A1"><f>B1</f></c>', RawCell(EMPTY, "", "B1", has_result=False)),
        ('<c r="A1"><f>B1</f><v/></c>', RawCell(EMPTY, "", "B1", has_result=False)),
        ('<c r="A1"><f>B1</f><v></v></c>', RawCell(EMPTY, "", "B1", has_result=False)),
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', RawCell(TEXT, "", "B1")),
        (
            '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
            RawCell(ERROR, "#DIV/0!", "1/0"),
        ),
        (
            '<c r="A1" t="b"><f>TRUE()</f><v>1</v></c>',
            RawCell(BOOLEAN, "TRUE", "TRUE()"),
        ),
        (
            '<c r="A1"><f t="shared" ref="A1:A9" si="0">B1</f><v>1</v></c>',
            RawCell(NUMBER, "1", "B1"),
        ),
        ('<c r="A1"><f t="shared" si="0"/><v>1</v></c>', RawCell(NUMBER, "1", "")),
        ('<c r="A1"><f t="shared" si="0"></f><v>1</v></c>', RawCell(NUMBER, "1", "")),
        (
            '<c r="A1"><f t="array" ref="A1">SUM(B1:B2)</f><v>3</v></c>',
            RawCell(NUMBER, "3", "SUM(B1:B2)"),
        ),
        ('<c r="A1"><f aca="false">B1</f><v>1</v></c>', RawCell(NUMBER, "1", "B1")),
    ],
)
def test_formula(cell: str, expected: RawCell) -> None:
    assert read_cell(cell) == expected


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<t>一般</t>", "一般"),
        ("<t> a </t>", "a"),
        ('<t xml:space="preserve"> a </t>', " a "),
        ('<t xml:space="default"> a </t>', "a"),
        ("<t/>", ""),
        ("", ""),
        ("<r><rPr><b/></rPr><t>富</t></r><r><t>文本</t></r>", "富文本"),
        ('<r><t xml:space="preserve">a </t></r><r><t>b</t></r>', "a b"),
        (
            '<t>北京</t><rPh sb="0" eb="1"><t>ほっ</t></rPh><phoneticPr fontId="1"/>',
            "北京",
        ),
        ('<t>甲</t><phoneticPr fontId="1" type="noConversion"/>', "甲"),
        ("<t>&lt;v&gt;</t>", "<v>"),
        ('<r><t xml:space="default"> a </t></r><r><t>b</t></r>', "ab"),
        (
            '<r><rPr><sz val="11"/></rPr><t>_x005F_</t></r><r><t>x000D_</t></r>',
            "_x000D_",
        ),
        ("<r><rPr><b>1</b></rPr><t>a</t></r>", "a"),
        ("<r><t>a</t></r><t>b</t>", "ab"),
    ],
)
def test_shared_string(item: str, text: str) -> None:
    cell = '<c r="A1" t="s"><v>0</v></c>'
    inline = f'<c r="A1" t="inlineStr"><is>{item}</is></c>'
    for table in (strings(item), strings(item, "<t>b</t>", "<!-- -->")):
        assert read_cell(cell, sharedStrings=table) == RawCell(TEXT, text)
    assert read_cell(inline) == RawCell(TEXT, text)


def test_space_of_the_root_is_inherited() -> None:
    table = strings("<t> a </t>").replace("<sst", '<sst xml:space="preserve"')
    cell = '<c r="A1" t="s"><v>0</v></c>'
    assert read_cell(cell, sharedStrings=table) == RawCell(TEXT, " a ")


DATES = (
    *(*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)),
    *(
        'yyyy"年"m"月"',
        "[h]:mm",
        "[$-804]yyyy",
        "mm:ss.0",
        "[$-F800]dddd",
        "上午/下午h",
    ),
    *("e/m/d", "[DBNum1][$-804]yyyy年", "aaaa", "[<1]h;0", "yyyy\\-mm\\-dd;@"),
)
NOT_DATES = (
    *(0, 1, 4, 11, 13, 23, 37, 44, 48, 49, 59, 164),
    *('0"日"', "#,##0", "General", "G/通用格式", "0.00E+00", "[Red]0;[Blue]-0", "@"),
    *("0\\d", "0!d", "#_d", "*d0", "[$¥-804]#,##0.00", '"y', "", '0!.0,"万"', "[>9]0"),
)


@pytest.mark.parametrize("code", DATES)
def test_date_format(code: str | int) -> None:
    cell = '<c r="A1" s="1"><v>45000.5</v></c>'
    assert read_cell(cell, styles=styles(0, code)) == RawCell(DATE, "45000.5")


@pytest.mark.parametrize("code", NOT_DATES)
def test_number_format(code: str | int) -> None:
    cell = '<c r="A1" s="1"><v>45000</v></c>'
    found = read_cell(cell, styles=styles(14, code))
    assert found is not None
    assert (found.kind, found.value) == (NUMBER, "45000")  # what it shows: test_shown


@pytest.mark.parametrize("code", [9, 10, "0%", "0.00%", "[红色]0%;-0%", "#,##0 %"])
def test_percent_format(code: str | int) -> None:
    cell = '<c r="A1" s="1"><v>0.12</v></c>'
    assert read_cell(cell, styles=styles(0, code)) == RawCell(PERCENT, "0.12")


@pytest.mark.parametrize("code", ['0"%"', "0\\%", "0!%", "0_%", "0*%"])
def test_a_sign_of_percent_that_is_only_text_multiplies_nothing(code: str) -> None:
    cell = '<c r="A1" s="1"><v>12</v></c>'
    found = read_cell(cell, styles=styles(0, code))
    assert found is not None
    assert (found.kind, found.value) == (NUMBER, "12")  # what it shows: test_shown


def test_a_format_given_in_the_file_counts_more_than_its_number() -> None:
    sheet = styles("0").replace("200", "14")
    assert read_cell('<c r="A1" s="0"><v>1</v></c>', styles=sheet) == RawCell(
        NUMBER, "1"
    )


def test_a_style_that_is_not_there_is_no_date() -> None:
    cell = '<c r="A1" s="9"><v>1</v></c>'
    assert read_cell(cell, styles=styles(14)) == RawCell(NUMBER, "1")
    assert read_cell(cell) == RawCell(NUMBER, "1")


def test_only_numbers_are_dates() -> None:
    cell = '<c r="A1" s="0" t="str"><v>45000</v></c>'
    assert read_cell(cell, styles=styles(14)) == RawCell(TEXT, "45000")


@given(st.text('ymdhs"\\[]!_*;@0#e+-aG/general', max_size=30))
def test_quoted_text_never_makes_a_date(text: str) -> None:
    assert shows_date(f'0"{text.replace(chr(34), "")}"') is False


# Where a cell is ------------------------------------------------------------------


def filled(body: str) -> dict[Position, str]:
    return {at: cell.value for at, cell in read_sheet(body).items()}


def test_rows_and_cells_without_reference_count_on() -> None:
    body = (
        "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row/>"
        '<row r="5"><c r="C5"/><c><v>3</v></c></row><row><c><v>4</v></c></row>'
    )
    assert filled(body) == {(0, 0): "1", (0, 2): "2", (4, 3): "3", (5, 0): "4"}


def test_a_row_may_leave_its_number_to_its_cells() -> None:
    assert filled('<row><c r="B7"><v>1</v></c></row>') == {(6, 1): "1"}


def test_rows_and_cells_out_of_order() -> None:
    body = (
        '<row r="9"><c r="B9"><v>1</v></c><c r="A9"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c></row>'
    )
    assert filled(body) == {(8, 1): "1", (8, 0): "2", (1, 0): "3"}


def test_the_corners_of_the_grid() -> None:
    body = (
        '<row r="1"><c r="a1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )
    assert filled(body) == {(0, 0): "1", (1_048_575, 16_383): "2"}


def test_cells_outside_of_rows_are_none() -> None:
    for body in ('<c r="A1"><v>1</v></c>', '<row r="1"/><c r="A1"><v>1</v></c>'):
        assert filled(body) == {}


@pytest.mark.parametrize(
    "body",
    [
        '<row r="9999999999"/>',
        '<row r="1048577"/>',
        '<row r="0"/>',
        '<row r="-1"/>',
        '<row r="１"/>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="AAAA1"><v>1</v></c></row>',
        '<row r="1"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="$A$1"><v>1</v></c></row>',
        '<row r="1"><c r="1"><v>1</v></c></row>',
        '<row r="1"><c r=""><v>1</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="XFD1"/><c><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
        '<row r="1048576"/><row><c><v>1</v></c></row>',
    ],
)
def test_bad_references_are_damage(body: str) -> None:
    assert sheet_reason(worksheet(body)) == "damaged"
    assert sheet_reason(worksheet(f"<!-- -->{body}")) == "damaged"


REFERENCES = st.builds(
    "{}{}".format, st.sampled_from(["A", "B", "AA", "XFD"]), st.integers(1, 3)
)
XML_TEXTS = st.text("a1.&<>\"' 一𠮷_x0D\n", max_size=12)


@st.composite
def usual_rows(draw: st.DrawFn) -> str:
    """Rows as suites spell them, some of them with odd places and types."""
    rows = []
    for number in draw(st.lists(st.integers(1, 4), max_size=4)):
        cells = []
        for column in draw(st.lists(st.sampled_from(["A", "B", "C", "XFD"]))):
            style = draw(st.sampled_from(["", ' s="0"', ' s="1"']))
            kind = draw(st.sampled_from(["", "n", "s", "str", "b", "e", "d", "x"]))
            kind = f' t="{kind}"' if kind else ""
            inner = draw(st.sampled_from(["", "v", "f", "fv", "0v"]))
            value = draw(st.sampled_from(["0", "1", "45000.5"]) | XML_TEXTS)
            cells.append(
                f'<c r="{column}{number}"{style}{kind}>'
                + (f"<f>{escaped(draw(XML_TEXTS))}</f>" if "f" in inner else "")
                + ('<f t="shared" si="1"/>' if "0" in inner else "")
                + (f"<v>{escaped(value)}</v>" if "v" in inner else "")
                + "</c>"
            )
        rows.append(f'<row r="{number}" spans="1:3">{"".join(cells)}</row>')
    return "".join(rows)


@settings(max_examples=200, deadline=None)
@given(usual_rows())
def test_both_ways_through_a_sheet_agree(body: str) -> None:
    def found(sheet: str) -> object:
        others = {"sharedStrings": strings("<t>a</t>"), "styles": styles(0, 14)}
        try:
            return read_grid(zipped(parts(sheet, **others))).sheets[0].cells
        except UnreadableFile as error:
            return error.reason

    swept = found(worksheet(body))
    assert found(worksheet(body)) == swept  # now that all of it is known
    assert found(worksheet(f"<!-- -->{body}")) == swept
    with pytest.MonkeyPatch.context() as patch:  # as in a sheet of many pieces
        patch.setattr(xlsx_sheet, "PIECE", 1)
        assert found(worksheet(f" {body}")) == swept


#: As they stand in the file: sound or not.
WRITTEN = st.lists(
    st.sampled_from(
        [
            "a",
            "一",
            " ",
            "&",
            "&amp;",
            "&lt;",
            ";",
            "]]",
            "]]>",
            ">",
            "&#1;",
            "&#xFFFE;",
        ]
    )
    | st.characters(exclude_characters="<", exclude_categories=["Cs"])
).map("".join)


@settings(max_examples=300, deadline=None)
@given(WRITTEN)
def test_nothing_is_taken_that_is_no_xml_where_only_the_text_is_new(text: str) -> None:
    """Neither in a cell nor in a shared string whose like was read before."""

    def found(begin: str, value: str, shared: str) -> object:
        cells = f'<c r="A1" t="str"><v>{value}</v></c><c r="B1" t="s"><v>0</v></c>'
        sheet = worksheet(f'{begin}<row r="1">{cells}</row>')
        one = {"sharedStrings": strings(f"{begin}<t>{shared}</t>", "<t>z</t>")}
        try:
            return read_grid(zipped(parts(sheet, **one))).sheets[0].cells
        except UnreadableFile as error:
            return error.reason

    assert found("", "a", "a") == found("<!-- -->", "a", "a")
    for said in ((text, "a"), ("a", text)):
        assert found("", *said) == found("<!-- -->", *said)


def test_a_known_sheet_says_what_is_hidden_and_asks_for_its_strings() -> None:
    body = (
        '<row r="1"><c r="A1" t="s"><v>1</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>2</v></c></row>'
    )
    sheet = worksheet(body, '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')
    two = {"sharedStrings": strings("<t>a</t>", "<t>b</t>")}
    for _ in range(2):
        (found,) = read_grid(zipped(parts(sheet, **two))).sheets
        assert found.hidden.rows == {1}
        assert found.merged == (((0, 0), (1, 1)),)
        assert found.cells[0, 0].value == "b"
    assert sheet_reason(sheet, sharedStrings=strings("<t>a</t>")) == "damaged"


def test_what_comes_again_and_again_stays_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However much else has come and gone since."""
    monkeypatch.setattr(xlsx_sweep, "KEPT", 4)
    parsed = list[bytes]()

    def parse(element: bytes) -> tuple[bytes, bytes]:
        parsed.append(element)
        return element, b""

    known = xlsx_sweep.KnownElements(parse, b"<all>", b"</all>")
    for number in (*range(20), 0):
        each = b"<a>same</a>", b"<a>%d</a>" % number
        piece = b"".join((b"<all>", *each, b"</all>"))
        found = known.sweep(piece, 5, b"</a>", (b"</all>", b"</all>"))
        assert found is not None
        assert found.items == [*each]
        known.keep(found)
    assert parsed.count(b"<a>same</a>") == 1
    assert parsed.count(b"<a>19</a>") == 1
    assert parsed.count(b"<a>0</a>") == 2  # nobody asked for it in between


def test_a_part_may_come_in_many_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {at: value for at, value in everything().items() if value != "x" * 32_767}
    data = by_xlsxwriter(values)
    expected = read_grid(data)
    for size in (1, 2, 3, 7, 64, 1000):
        monkeypatch.setattr(zip_entry, "PIECE", size)
        assert read_grid(data) == expected
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xlsx_sheet, "PIECE", 1)
            assert read_grid(data) == expected


def test_millions_of_formatted_cells_are_no_reason_to_refuse_a_sheet() -> None:
    row = "".join(f'<c r="{chr(65 + n)}{{0}}" s="1"/>' for n in range(14))
    rows = "".join(f'<row r="{n}">{row.format(n)}</row>' for n in range(2, 90_000))
    body = f'<row r="1"><c r="A1"><v>1</v></c></row>{rows}'
    data = zipped(parts(worksheet(body)))
    assert read_grid(data).sheets[0].cells == {(0, 0): RawCell(NUMBER, "1")}


THINNED = {
    "told by the one before": (
        '<row r="1"><c r="B1" s="0"/><c><v>1</v></c></row>',
        {(0, 2): RawCell(NUMBER, "1")},
    ),
    "told by the one before, in a piece of its own": (
        f'<row r="1"><c r="B1" s="0"/>{" " * 90}<c><v>1</v></c></row>',
        "damaged",
    ),
    "a text that looks like a cell": (
        '<row r="1"><c r="A1" t="str"><v><![CDATA[<c r="B1"/>]]></v></c></row>',
        {(0, 0): RawCell(TEXT, '<c r="B1"/>')},
    ),
}


@pytest.mark.parametrize("case", THINNED)
def test_blank_cells_are_left_out_where_nothing_depends_on_them(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, wanted = THINNED[case]
    monkeypatch.setattr(zip_entry, "PIECE", 90 if wanted == "damaged" else 10_000)
    monkeypatch.setattr(xlsx_sheet, "PIECE", 1)
    data = zipped(parts(worksheet(f" {body}")))
    if wanted == "damaged":
        with pytest.raises(UnreadableFile, match="without reference"):
            read_grid(data)
    else:
        assert read_grid(data).sheets[0].cells == wanted


def test_a_large_sheet() -> None:
    chance = random.Random(7)
    values: dict[Position, Cell] = {
        (row, column): chance.choice((chance.random(), f"文本{chance.random()}"))
        for row in range(1900)
        for column in range(10, 40)
    }
    cells = read_grid(by_xlsxwriter(values)).sheets[0].cells
    for at, value in values.items():
        cell = cells[at]
        if isinstance(value, str):
            assert cell == RawCell(TEXT, value)
        else:
            assert float(cell.value) == float(f"{value:.16G}")


# The book -------------------------------------------------------------------------


def test_states_of_sheets() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("a")
        book.add_worksheet("b").hide()
        book.add_worksheet("c").very_hidden()
    states = [sheet.state for sheet in read_grid(buffer.getvalue()).sheets]
    assert states == ["visible", "hidden", "veryHidden"]


def test_dates_from_1904() -> None:
    values: dict[Position, Cell] = {(0, 0): datetime.date(1904, 1, 2)}
    old, new = by_xlsxwriter(values, date1904=True), by_xlsxwriter(values)
    assert read_grid(old).date1904
    assert not read_grid(new).date1904
    assert read_grid(old).sheets[0].cells[0, 0] == RawCell(DATE, "1")
    assert read_grid(new).sheets[0].cells[0, 0] == RawCell(DATE, "1463")


def rezipped(data: bytes, edit: Mapping[str, str]) -> bytes:
    """The same package with words replaced in all its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    for old, new in edit.items():
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    return zipped(texts)


def test_strict_files_read_like_transitional_ones() -> None:
    good = by_xlsxwriter(everything())
    strict = rezipped(good, {MAIN: STRICT_MAIN, LINKS: STRICT_LINKS})
    assert STRICT_MAIN.encode() in zipfile.ZipFile(io.BytesIO(strict)).read(
        "xl/workbook.xml"
    )
    assert read_grid(strict) == read_grid(good)


def test_prefixed_elements_and_other_encodings() -> None:
    text = '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c></x:row>'
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{text}</x:sheetData></x:worksheet>'
    )
    plain_parts: dict[str, str | bytes] = {**parts(sheet)}
    expected = {(0, 0): RawCell(TEXT, "甲")}
    assert read_grid(zipped(plain_parts)).sheets[0].cells == expected
    plain_parts["xl/worksheets/sheet1.xml"] = sheet.encode("utf-16")
    assert read_grid(zipped(plain_parts)).sheets[0].cells == expected
    latin = f'<?xml version="1.0" encoding="ISO-8859-1"?>{worksheet("{}")}'.format(
        '<row r="1"><c r="A1" t="str"><v>é</v></c></row>'
    )
    plain_parts["xl/worksheets/sheet1.xml"] = latin.encode("latin-1")
    assert read_grid(zipped(plain_parts)).sheets[0].cells[0, 0].value == "é"


def test_names_of_parts_may_be_absolute_folded_or_with_backslashes() -> None:
    content = parts(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    expected = read_grid(zipped(content))
    absolute = {
        k: v.replace('"worksheets/', '"/xl/worksheets/') for k, v in content.items()
    }
    assert read_grid(zipped(absolute)) == expected
    dotted = {
        k: v.replace('"worksheets/', '"../xl/./worksheets/') for k, v in content.items()
    }
    assert read_grid(zipped(dotted)) == expected
    assert read_grid(zipped({k.upper(): v for k, v in content.items()})) == expected
    backslashed = [Entry(k.replace("/", "\\"), v.encode()) for k, v in content.items()]
    assert read_grid(raw_zip(backslashed)) == expected


def test_macros_and_links_are_noted_and_chart_sheets_left_out() -> None:
    content = parts(worksheet(""))
    book = read_grid(zipped(content))
    assert (book.macros, book.external_links) == (False, False)
    assert read_grid(zipped({**content, "xl/vbaProject.bin": ""})).macros
    assert read_grid(zipped({**content, "xl/externalLinks/externalLink1.xml": ""})) == (
        replace(book, external_links=True)
    )
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(
        "</sheets>", '<sheet name="宏" sheetId="2" r:id="r1"/></sheets>'
    )
    for kind, macros in (("chartsheet", False), ("xlMacrosheet", True)):
        content["xl/_rels/workbook.xml.rels"] = relations(
            ("worksheet", "worksheets/sheet1.xml"), (kind, "other.xml")
        )
        assert read_grid(zipped(content)) == replace(book, macros=macros)


def test_a_part_that_is_announced_but_missing_matters_only_if_needed() -> None:
    content = parts(worksheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))
    content["xl/_rels/workbook.xml.rels"] = relations(
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings.xml"),
        ("styles", "styles.xml"),
    )
    assert reason(zipped(content)) == "damaged"
    content["xl/worksheets/sheet1.xml"] = worksheet("")
    assert read_grid(zipped(content)).sheets[0].cells == {}
    # Without its style nobody can tell a figure from a date or a percentage.
    for style, outcome_ in (("0", "read"), ("1", "damaged")):
        row = f'<row r="1"><c r="A1" s="{style}"><v>45000</v></c></row>'
        content["xl/worksheets/sheet1.xml"] = worksheet(row)
        assert outcome(zipped(content)) == outcome_


def without(content: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in content.items() if key != name}


def damaged_books() -> Iterable[bytes]:
    good = parts(worksheet(""))
    book = good["xl/workbook.xml"]
    yield zipped(without(good, "xl/workbook.xml"))
    yield zipped(without(good, "xl/_rels/workbook.xml.rels"))
    yield zipped(without(good, "xl/worksheets/sheet1.xml"))
    yield zipped(without(good, "_rels/.rels"))
    sheet = '<sheet name="S" sheetId="1" r:id="r0"/>'
    same_part = sheet + sheet.replace("S", "T")
    for new in ("", same_part, sheet.replace("r0", "r9"), '<sheet name="S"/>'):
        yield zipped({**good, "xl/workbook.xml": book.replace(sheet, new)})
    links = relations(("worksheet", "worksheets/sheet1.xml"), ("worksheet", "2.xml"))
    same_name = book.replace(sheet, sheet + sheet.replace("r0", "r1"))
    yield zipped(
        {
            **good,
            "xl/workbook.xml": same_name,
            "xl/_rels/workbook.xml.rels": links,
            "xl/2.xml": worksheet(""),
        }
    )
    external = good["xl/_rels/workbook.xml.rels"].replace(
        "Target=", 'TargetMode="External" Target='
    )
    yield zipped({**good, "xl/_rels/workbook.xml.rels": external})
    yield zipped({**good, "xl/workbook.xml": book[:-5]})
    yield zipped({**good, "xl/worksheets/sheet1.xml": ""})
    yield zipped({**good, "xl/worksheets/sheet1.xml": "<chartsheet/>"})
    data = "<sheetData/>"
    yield zipped(parts(f"<worksheet>{data}{data}</worksheet>"))
    row = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    yield zipped(parts(f"<worksheet>{row}{row}</worksheet>"))
    for cell in (
        '<c t="s"><v>0</v></c>',
        '<c t="s"><v>-1</v></c>',
        "<c><v>&x;</v></c>",
    ):
        yield zipped(parts(worksheet(f"<row>{cell}</row>")))
    usual = '<row r="1"><c r="A1" t="str"><v>{}</v></c></row>'
    for value in ("x" * 32_768, "\x01", "&x;", "&#0;", "&#xFFFFFFFF;", "]]>", "</f>"):
        yield zipped(parts(worksheet(usual.format(value))))
        yield zipped(parts(worksheet(usual.format(value)), sharedStrings=strings()))
    for item in ("<t>" + "x" * 32_768 + "</t>", "<t>&x;</t>", "<r><t>" + "x" * 700_000):
        yield zipped(parts(worksheet(""), sharedStrings=strings(item)))


@pytest.mark.parametrize("data", list(damaged_books()))
def test_a_book_that_contradicts_itself_is_damaged(data: bytes) -> None:
    assert reason(data) == "damaged"


# What is no workbook ----------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole(*names: str, stream: bytes = b"") -> bytes:
    """A container with these entries, all of which begin in the third sector."""
    header = (OLE + bytes(22) + struct.pack("<H", 9)).ljust(512, b"\0")
    directory = b"".join(
        (name.encode("utf-16-le").ljust(116, b"\0") + struct.pack("<I", 2)).ljust(
            128, b"\0"
        )
        for name in ("Root Entry", *names)
    )
    return header + directory.ljust(1024, b"\0") + stream.ljust(512, b"\0")


BIFF = struct.pack("<HH16x", 0x0809, 16)
DOCX = {
    "_rels/.rels": relations(("officeDocument", "word/document.xml")),
    "word/document.xml": "<document/>",
}
XLSB = {**DOCX, "_rels/.rels": relations(("officeDocument", "xl/workbook.bin"))}
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS = {"mimetype": ODS_TYPE, "content.xml": "<x/>"}
MANIFEST = f'<manifest media-type="{ODS_TYPE}">{{}}</manifest>'
XML_2003 = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        ("empty", b""),
        ("not_spreadsheet", b"\0"),
        ("not_spreadsheet", "姓名,数量\n甲,1\n".encode("gb18030")),
        ("not_spreadsheet", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("not_spreadsheet", b"%PDF-1.7\n"),
        ("not_spreadsheet", b"\x89PNG\r\n\x1a\n" + bytes(99)),
        ("not_spreadsheet", zipped(DOCX)),
        ("not_spreadsheet", zipped({"a.txt": "a"})),
        ("not_spreadsheet", zipped({})),
        ("not_spreadsheet", zipped({"return.xlsx": zipped(parts(worksheet("")))})),
        ("not_spreadsheet", ole("WordDocument")),
        ("truncated", OLE),
        ("encrypted", ole("EncryptionInfo", "EncryptedPackage")),
        ("encrypted", ole("Workbook", stream=BIFF + struct.pack("<HH6x", 0x2F, 6))),
        ("encrypted", zipped({**ODS, "META-INF/manifest.xml": "<encryption-data/>"})),
        ("damaged", ole("Workbook", stream=BIFF + struct.pack("<HH8x", 0x85, 8))),
        ("damaged", ole("Book", "WordDocument")),
        ("damaged", ole("Workbook")[:1500]),
        ("other_format", b"\x09\x00\x04\x00\x07\x00\x10\x00"),
        ("other_format", XML_2003.encode()),
        ("other_format", XML_2003.encode("utf-16")),
        ("damaged", zipped(ODS)),
        ("damaged", zipped({"META-INF/manifest.xml": MANIFEST.format("")})),
        ("damaged", zipped(XLSB)),
        ("truncated", b"PK\x03\x04"),
    ],
)
def test_says_what_it_is_instead(expected: str, data: bytes) -> None:
    assert reason(data) == expected


# Packages that lie -------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A zip entry in which everything can be made up; None is the truth."""

    name: str
    data: bytes = b""
    packed: bytes | None = None
    size: int | None = None
    checksum: int | None = None
    method: int = zipfile.ZIP_DEFLATED
    flags: int = 0
    local_name: str | None = None
    offset: int | None = None


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def repeated(head: bytes, block: bytes, times: int, tail: bytes) -> bytes:
    """Deflate of ``head + block * times + tail``, made without unpacking it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    begin = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return begin + once * times + packer.compress(tail) + packer.flush()


def raw_zip(entries: Iterable[Entry]) -> bytes:
    body, directory = io.BytesIO(), io.BytesIO()
    count = 0
    for entry in entries:
        packed = deflated(entry.data) if entry.packed is None else entry.packed
        size = len(entry.data) if entry.size is None else entry.size
        checksum = zlib.crc32(entry.data) if entry.checksum is None else entry.checksum
        name = entry.name.encode()
        local = name if entry.local_name is None else entry.local_name.encode()
        offset = body.tell() if entry.offset is None else entry.offset
        sizes = (checksum, len(packed), size)
        start = (20, entry.flags, entry.method, 0, 0x21, *sizes)
        if entry.offset is None:
            body.write(struct.pack("<4s5H3I2H", b"PK\3\4", *start, len(local), 0))
            body.write(local + packed)
        directory.write(
            struct.pack(
                "<4sH5H3I5H2I", b"PK\1\2", 20, *start, len(name), 0, 0, 0, 0, 0, offset
            )
        )
        directory.write(name)
        count += 1
    end = (count % 65536, count % 65536, directory.tell(), body.tell(), 0)
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, *end)
    return body.getvalue() + directory.getvalue() + tail


def entries(**others: Entry) -> list[Entry]:
    """A good package; ``sheet`` and ``strings`` replace its two larger parts."""
    content = parts(worksheet(""), sharedStrings=strings())
    made = {name: Entry(name, text.encode()) for name, text in content.items()}
    for stem, name in (
        ("sheet", "xl/worksheets/sheet1.xml"),
        ("strings", "xl/sharedStrings.xml"),
    ):
        if stem in others:
            made[name] = replace(others.pop(stem), name=name)
    return [*made.values(), *others.values()]


SHEET_BEGIN, SHEET_END = (half.encode() for half in worksheet("|").split("|"))


def bomb(block: bytes, times: int, declared: int | None = None) -> Entry:
    size = len(block) * times + len(SHEET_BEGIN + SHEET_END)
    return Entry(
        "",
        packed=repeated(SHEET_BEGIN, block, times, SHEET_END),
        size=size if declared is None else declared,
    )


def overlapping() -> bytes:
    """Many entries that share one body, as the best zip bombs do."""
    good = entries()
    offset = (
        len(raw_zip(good[:-1]))
        - len(raw_zip([]))
        - sum(46 + len(entry.name) for entry in good[:-1])
    )
    again = [replace(good[-1], name=f"x{n}", offset=offset) for n in range(20)]
    return raw_zip([*good, *again])


def noise(size: int) -> str:
    """Text that does not pack well, so that the ratio stays innocent."""
    return random.Random(1).randbytes(size // 2).hex()


def laughs(part: str) -> bytes:
    content = parts(worksheet(""), sharedStrings=strings("<t/>"), styles=styles(0))
    return zipped(
        {**content, part: ENTITIES + content[part].replace("<t/>", "<t>&b;</t>")}
    )


# Made when needed: together they take a while.
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "1 GiB of spaces": (
        "bomb",
        lambda: raw_zip(entries(sheet=bomb(b" " * MEGABYTE, 1024))),
    ),
    "1 GiB that claims to be small": (
        "bomb",
        lambda: raw_zip(entries(sheet=bomb(b" " * MEGABYTE, 1024, declared=5000))),
    ),
    "20 million cells": (
        "bomb",
        lambda: raw_zip(
            entries(
                sheet=bomb(b"<row>" + b"<c><v>1</v></c>" * 10_000 + b"</row>", 2000)
            )
        ),
    ),
    "20 million strings": (
        "bomb",
        lambda: raw_zip(entries(strings=bomb(b"<si><t>a</t></si>" * 10_000, 2000))),
    ),
    "512 MiB in one string": (
        "bomb",
        lambda: raw_zip(entries(strings=bomb(b"a" * MEGABYTE, 512))),
    ),
    "300 MiB in parts nobody reads": (
        "too_large",
        lambda: raw_zip(
            entries(
                **{
                    f"x{n}": Entry(f"x{n}", packed=b"", size=5 * MEGABYTE)
                    for n in range(60)
                }
            )
        ),
    ),
    "one part of 65 MiB": (
        "too_large",
        lambda: raw_zip(
            entries(sheet=Entry("", packed=bytes(MEGABYTE), size=65 * MEGABYTE))
        ),
    ),
    "6,000 entries": (
        "too_large",
        lambda: raw_zip([*entries(), *(Entry(f"x{n}") for n in range(6000))]),
    ),
    "70,000 entries": (
        "too_large",
        lambda: raw_zip(Entry(f"x{n}") for n in range(70_000)),
    ),
    "overlapping entries": ("bomb", overlapping),
    "600,000 cells": (
        "too_large",
        lambda: zipped(
            parts(
                worksheet(
                    ("<row>" + "<c><v>1</v></c>" * 10_000 + "</row>") * 60,
                    f"<!--{noise(100_000)}-->",
                )
            )
        ),
    ),
    "6 million elements": (
        "too_large",
        lambda: zipped(
            parts(worksheet("", "<a/>" * 6_000_000 + f"<!--{noise(300_000)}-->"))
        ),
    ),
    "24 million characters": (
        "too_large",
        lambda: zipped(
            parts(
                worksheet(
                    "".join(
                        f'<row><c t="str"><v>{n}{"甲" * 30_000}</v></c></row>'
                        for n in range(800)
                    ),
                    f"<!--{noise(500_000)}-->",
                )
            )
        ),
    ),
    "100,000 styles": (
        "too_large",
        lambda: zipped(parts(worksheet(""), styles=styles(*[14] * 100_000))),
    ),
    "2 million nested elements": (
        "bomb",
        lambda: zipped(parts(worksheet("", "<a>" * 1_000_000 + "</a>" * 1_000_000))),
    ),
    "nested elements in a text": (
        "bomb",
        lambda: zipped(parts(worksheet("<row><c><is>" + "<r>" * 1_000_000))),
    ),
    "a tag of 10 MB": (
        "bomb",
        lambda: zipped(parts(worksheet(f'<row x="{noise(10_000_000)}"/>'))),
    ),
    "a million names": (
        "bomb",
        lambda: zipped(
            parts(worksheet("", "".join(f"<a{n}/>" for n in range(1_000_000))))
        ),
    ),
    **{
        f"entities in {part}": ("dtd", partial(laughs, part))
        for part in (
            "_rels/.rels",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/worksheets/sheet1.xml",
            "xl/sharedStrings.xml",
            "xl/styles.xml",
        )
    },
    "a file as entity": (
        "dtd",
        lambda: zipped(
            parts(
                '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                + worksheet('<row r="1"><c r="A1" t="str"><v>&a;</v></c></row>')
            )
        ),
    ),
    "a DTD of the net": (
        "dtd",
        lambda: zipped(
            parts('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + worksheet(""))
        ),
    ),
    "a DTD in UTF-16": (
        "dtd",
        lambda: zipped(
            {
                **parts(""),
                "xl/worksheets/sheet1.xml": (ENTITIES + worksheet("")).encode("utf-16"),
            }
        ),
    ),
    "the same part twice": (
        "duplicate_parts",
        lambda: raw_zip(entries(again=Entry("xl/workbook.xml", b"<x/>"))),
    ),
    "the same part in capitals": (
        "duplicate_parts",
        lambda: raw_zip(entries(again=Entry("XL\\Workbook.xml", b"<x/>"))),
    ),
    "two names": (
        "damaged",
        lambda: raw_zip(
            entries(
                sheet=Entry(
                    "", worksheet("").encode(), local_name="xl/worksheets/sheet2.xml"
                )
            )
        ),
    ),
    "a password on the zip": (
        "encrypted",
        lambda: raw_zip(entries(sheet=Entry("", worksheet("").encode(), flags=1))),
    ),
    "an odd compression": (
        "damaged",
        lambda: raw_zip(
            entries(sheet=Entry("", worksheet("").encode(), method=zipfile.ZIP_LZMA))
        ),
    ),
    "a wrong checksum": (
        "truncated",
        lambda: raw_zip(entries(sheet=Entry("", worksheet("").encode(), checksum=1))),
    ),
    "a part shorter than declared": (
        "truncated",
        lambda: raw_zip(entries(sheet=Entry("", worksheet("").encode(), size=4000))),
    ),
    "broken compression": (
        "truncated",
        lambda: raw_zip(entries(sheet=Entry("", packed=b"\xff" * 40, size=4000))),
    ),
    "broken compression and XML": (
        "truncated",
        lambda: raw_zip(entries(sheet=Entry("", b"<x" + bytes(MEGABYTE), checksum=1))),
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile(case: str) -> None:
    expected, made = HOSTILE[case]
    assert reason(made()) == expected


HARMLESS = {
    "a huge dimension": '<dimension ref="A1:XFD1048576"/>',
    "a merge of everything": '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    "200,000 merges": "<mergeCells>"
    + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(2, 200_002))
    + "</mergeCells>",
    "a link over everything": '<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>',
}


@pytest.mark.parametrize("case", HARMLESS)
def test_what_hurts_others_does_not_matter(case: str) -> None:
    body = '<row r="1"><c r="A1"><v>1</v></c></row>'
    book = read_grid(zipped(parts(worksheet(body, HARMLESS[case]))))
    assert book.sheets[0].cells == {(0, 0): RawCell(NUMBER, "1")}


def test_a_million_formatted_blank_cells_cost_nothing() -> None:
    row = "<row>" + '<c s="1"/>' * 1000 + "</row>"
    body = row * 1000 + "<row><c><v>1</v></c></row>"
    cells = read_grid(zipped(parts(worksheet(body, f"<!--{noise(200_000)}-->"))))
    assert cells.sheets[0].cells == {(1000, 0): RawCell(NUMBER, "1")}


_IN_LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
from workbook_builder.bounds import isolation
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.errors import UnreadableFile
isolation._inside = True  # so that this limit holds for the parsers
resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_grid(path.read_bytes())
        print(path.name, "read")
    except UnreadableFile as error:
        print(path.name, error.reason)
"""


def in_little_memory(folder: Path) -> list[str]:
    """What became of each file in the folder, read within 256 MB."""
    done = subprocess.run(
        [sys.executable, "-c", _IN_LITTLE_MEMORY, folder],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert done.stderr == ""
    return [line.split()[1] for line in done.stdout.splitlines()]


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_no_hostile_file_needs_more_than_256_mb(tmp_path: Path) -> None:
    for number, (_, made) in enumerate(HOSTILE.values()):
        (tmp_path / f"{number:03}").write_bytes(made())
    cells = (f"<c><f>A{n}</f><v>{n}.5</v></c>" for n in range(WORKBOOK.cells))
    rows = "".join(
        "".join(("<row>", *islice(cells, 100), "</row>")) for _ in range(5000)
    )
    (tmp_path / "999").write_bytes(zipped(parts(worksheet(rows))))
    assert in_little_memory(tmp_path) == [
        *(expected for expected, _ in HOSTILE.values()),
        "read",
    ]


def test_limits_can_be_set_by_the_caller() -> None:
    data = by_xlsxwriter(everything())
    for name in (
        "file_size",
        "entries",
        "unpacked",
        "part",
        "elements",
        "cells",
        "characters",
    ):
        with pytest.raises(UnreadableFile, match="too_large"):
            read_grid(data, limits=replace(WORKBOOK, **{name: 3}))


# Damage on the way --------------------------------------------------------------------


def outcome(data: bytes) -> str:
    """Anything but a book or UnreadableFile fails the test."""
    try:
        book = read_grid(data)
    except UnreadableFile as error:
        return error.reason
    assert isinstance(book, RawBook)
    return "read"


def small() -> bytes:
    return by_xlsxwriter({(0, 0): 1, (1, 0): "甲", (2, 2): datetime.date(2023, 3, 15)})


@pytest.mark.parametrize("eighth", range(1, 8))
def test_half_a_download_is_incomplete(eighth: int) -> None:
    data = small()
    assert reason(data[: len(data) * eighth // 8]) == "truncated"


def test_junk_around_the_package() -> None:
    data = small()
    assert read_grid(b"junk" * 99 + data) == read_grid(data)
    assert read_grid(data + b"\0" * 9) == read_grid(data)
    assert reason(data + b"\0" * 70_000) == "truncated"


def test_flipped_bytes_are_read_right_or_refused() -> None:
    data, chance = small(), random.Random(20260101)
    good = read_grid(data)
    for _ in range(500):
        at = chance.randrange(len(data))
        flipped = bytearray(data)
        flipped[at] ^= chance.randrange(1, 256)
        if outcome(bytes(flipped)) == "read":
            assert read_grid(bytes(flipped)).sheets == good.sheets


def test_mutated_xml_never_does_worse_than_be_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(small())) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(20260102)
    names = [name for name in content if name.startswith(("xl/", "_rels/"))]
    scraps = (b"<", b">", b"&", b'"', b"\0", b"/", b"9" * 30, b"\xff", b"<c/>", b"]]>")
    for _ in range(500):
        name = chance.choice(names)
        text = content[name]
        begin = chance.randrange(len(text))
        end = begin + chance.choice((0, 1, 1, 5, 50))
        mutant = text[:begin] + chance.choice((b"", *scraps)) + text[end:]
        outcome(zipped({**content, name: mutant}))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\3\4", OLE, b"<?xml "]))
def test_any_bytes_at_all(data: bytes, beginning: bytes) -> None:
    outcome(beginning + data)
