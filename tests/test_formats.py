"""Every spreadsheet format that comes back: read alike, errors seen, attacks refused.

The files are made here; what office engines save is in ``test_formats_saved``.
"""

from __future__ import annotations

import io
import random
import struct
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest

from tests import binary, support, test_grid
from tests.binary import ERRORS
from tests.support import FORMS, receive_file, unzipped, zipped
from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.formats import xls_book
from workbook_builder.formats.biff import BiffStream
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.finding import Verdict
from workbook_builder.model.grid import Hidden, Position, RawBook, RawCell, RawKind
from workbook_builder.reading.judge import judge

NUMBER, TEXT, BOOLEAN = RawKind.NUMBER, RawKind.TEXT, RawKind.BOOLEAN
DATE, ERROR, PERCENT = RawKind.DATE, RawKind.ERROR, RawKind.PERCENT

_ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:calc:xmlns:calcext:1.0"'
)
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def content(rows: str, styles: str = "", head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f"<office:document-content {_ODS_NAMES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="S" table:style-name="ta1">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )


def ods(rows: str, styles: str = "", head: str = "") -> bytes:
    text = content(rows, styles, head)
    return zipped({"mimetype": _ODS_TYPE, "content.xml": text.encode()})


def ods_cell(cell: str) -> RawCell | None:
    return cells(ods(f"<table:table-row>{cell}</table:table-row>")).get((0, 0))


def cells(data: bytes) -> Mapping[Position, RawCell]:
    return read_grid(data).sheets[0].cells


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_grid(data)
    return caught.value.reason


# ---------------------------------------------------------------- error cells


def _xlsx(name: str) -> bytes:
    entries = {
        support.spot("applications.received.natural"): support.Raw(
            "e", f"<v>{name}</v>"
        ),
        support.spot("applications.received.business"): support.Raw(
            "e", f"<f>A1</f><v>{name}</v>"
        ),
    }
    return support.put(support.workbook(), entries)


def _xlsm(name: str) -> bytes:
    return zipped({**unzipped(_xlsx(name)), "xl/vbaProject.bin": b"macros"})


def _xls(name: str) -> bytes:
    result = binary.error_result(name)
    return binary.xls({"S": [binary.error(0, 0, name), binary.formula(1, 0, result)]})


def _ods(name: str) -> bytes:
    typed = (
        '<table:table-cell office:value-type="string" office:string-value="" '
        f'calcext:value-type="error"><text:p>{name}</text:p></table:table-cell>'
    )
    made = typed.replace("-cell o", '-cell table:formula="of:=[.B1]" o')
    return ods(
        "".join(f"<table:table-row>{c}</table:table-row>" for c in (typed, made))
    )


def _xlsb(name: str) -> bytes:
    code = bytes((ERRORS[name],))
    typed = binary.row12(0, binary.cell12(3, 0, code))
    made = binary.row12(1, binary.cell12(11, 0, code + bytes(10)))
    return binary.xlsb(binary.sheet12(typed, made))


FORMATS: Mapping[str, Callable[[str], bytes]] = {
    "xlsx": _xlsx,
    "xlsm": _xlsm,
    "xls": _xls,
    "et": _xls,  # WPS writes the same under another name
    "ods": _ods,
    "xlsb": _xlsb,
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_seen_as_one_in_every_format(kind: str, name: str) -> None:
    """Typed and calculated: 8 errors in 6 formats."""
    book = read_grid(FORMATS[kind](name))
    found = [
        cell
        for sheet in book.sheets
        for cell in sheet.cells.values()
        if cell.kind is ERROR
    ]
    assert [cell.value for cell in found] == [name, name]
    assert sorted(cell.formula is not None for cell in found) == [False, True]
    assert book.format == {"xlsm": "xlsx", "et": "xls"}.get(kind, kind)


# ---------------------------------------------------------------- values


def test_an_xls_gives_every_kind_of_cell() -> None:
    double = struct.pack("<d", 59237.2449)
    small = struct.pack("<HI", 0, (1234567 << 2) | 3)
    data = binary.xls(
        {
            "表 1": [
                binary.number(0, 0, 59237.2449),
                binary.number(0, 1, 12.0),
                binary.label(1, 0, " 甲\n乙 "),
                binary.boolean(2, 0, True),
                binary.formula(3, 0, double),
                binary.record(0x00BD, struct.pack("<HH", 4, 0) + small * 2 + b"\1\0"),
            ],
            "隐藏": [binary.number(0, 0, 1)],
        }
    )
    book = read_grid(data)
    assert book.sheets[0].cells == {
        (0, 0): RawCell(NUMBER, "59237.2449"),
        (0, 1): RawCell(NUMBER, "12"),
        (1, 0): RawCell(TEXT, " 甲\n乙 "),
        (2, 0): RawCell(BOOLEAN, "TRUE"),
        (3, 0): RawCell(NUMBER, "59237.2449", ""),
        (4, 0): RawCell(NUMBER, "12345.67"),
        (4, 1): RawCell(NUMBER, "12345.67"),
    }
    assert read_grid(data, {"隐藏"}).sheets[0].cells == {}
    assert [sheet.name for sheet in book.sheets] == ["表 1", "隐藏"]


@pytest.mark.parametrize("code", ["0%", "[红色]0.0%", None])
@pytest.mark.parametrize("old", [False, True])
def test_an_xls_tells_percentages(code: str | None, old: bool) -> None:
    """By a format of the file or by the number of one that is built in."""
    number = 9 if code is None else 200
    styles = binary.record(0x00E0, bytes(20)) + binary.record(
        0x00E0, struct.pack("<HH16x", 0, number)
    )
    if code is not None:
        coded = code.encode("gbk") if old else code.encode("utf-16-le")
        length = struct.pack(
            "<HB" if old else "<HHB", 200, len(code), *() if old else (1,)
        )
        styles += binary.record(0x041E, length + coded)
    small = struct.pack("<HI", 1, (12 << 2) | 3)
    records = [
        binary.record(0x0203, struct.pack("<HHHd", 0, 0, 1, 0.12)),
        binary.number(0, 1, 0.12),
        binary.record(0x00BD, struct.pack("<HH", 1, 0) + small * 2 + b"\1\0"),
    ]
    budget = Budget(WORKBOOK)
    # The builtin style of every file made here is the first of the list.
    stream = BiffStream(binary.biff({"S": records}, styles), budget)
    told = stream.read(stream.sheets[0])
    assert {at: what.shown == "percent" for at, what in told.items()} == {
        (0, 0): True,
        (0, 1): False,
        (1, 0): True,
        (1, 1): True,
    }


def test_an_xlsb_tells_percentages() -> None:
    data = binary.xlsb(
        binary.sheet12(
            binary.row12(0, binary.cell12(5, 0, struct.pack("<d", 0.12), style=1))
        ),
        b"",
        binary.record12(617)
        + binary.record12(47, struct.pack("<HH12x", 0, 0))
        + binary.record12(47, struct.pack("<HH12x", 0, 10))
        + binary.record12(618),
    )
    assert cells(data) == {(0, 0): RawCell(PERCENT, "0.12")}


def test_an_xls_tells_hidden_sheets_days_macros_and_links() -> None:
    link = binary.record(0x01AE, struct.pack("<HH", 1, 3) + b"\0a.x")
    system = binary.record(0x0022, b"\1\0")
    stream = binary.biff({"A": [], "B": [], "C": []}, link + system, {"B": 1, "C": 2})
    book = read_grid(binary.ole({"Workbook": stream, "_VBA_PROJECT_CUR": b""}))
    states = [sheet.state for sheet in book.sheets]
    assert states == ["visible", "hidden", "veryHidden"]
    assert (book.date1904, book.macros, book.external_links) == (True, True, True)
    assert not book.objects
    assert read_grid(binary.ole({"Workbook": stream, "MBD00A1B2C3": b""})).objects


def test_where_xlrd_fails_calamine_must_account_for_every_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = binary.xls(
        {
            "S": [
                binary.number(0, 0, 1.5),
                binary.label(1, 1, "甲"),
                binary.error(2, 0, "#N/A"),
                binary.formula(3, 0, struct.pack("<d", 7)),
            ]
        }
    )
    whole = xls_book.read_xls(data, None, WORKBOOK)

    def fails(*_: object, **__: object) -> None:
        raise AssertionError("something odd")

    monkeypatch.setattr("xlrd.open_workbook", fails)
    assert xls_book.read_xls(data, None, WORKBOOK) == whole
    monkeypatch.setattr(
        xls_book, "calamine_values", lambda _: (["S"], lambda _: {(1, 1): "甲"})
    )
    with pytest.raises(UnreadableFile, match="something odd"):
        xls_book.read_xls(data, None, WORKBOOK)


def _dimensions(*extents: int) -> bytes:
    return binary.record(0x0200, struct.pack("<IIHHH", *extents, 0))


_NEAR, _FAR = binary.number(0, 0, 1), binary.number(65_000, 250, 1)
_RKS = binary.at(0, 1) + struct.pack("<HI", 0, 6) * 254
LAID_OUT = {
    "near": ([_NEAR, binary.number(9, 9, 1)], True),
    "one cell far down": ([_NEAR, binary.number(65_000, 0, 1)], True),
    "one cell in the last corner": ([_NEAR, _FAR], False),
    "the corner alone": ([_FAR], True),
    "many in one record": ([_NEAR, binary.record(0xBD, _RKS), _FAR], False),
    "as large as a sheet can be, by its own word": (
        [_dimensions(0, 65_536, 0, 256), _NEAR],
        True,
    ),
    "larger": ([_dimensions(0, 2**31, 0, 256), _NEAR], False),
    "said twice": ([_dimensions(0, 65_536, 0, 256)] * 2, False),
    "cut off": ([_NEAR, binary.record(0x0203, b"1"), b"\x03\x02\xff"], True),
}


@pytest.mark.parametrize("case", LAID_OUT)
def test_calamine_is_asked_only_where_what_it_lays_out_fits(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, fits = LAID_OUT[case]
    asked = []

    def fails(*_: object, **__: object) -> None:
        raise AssertionError("something odd")

    def answers(data: bytes) -> None:
        asked.append(data)
        raise UnreadableFile("damaged")

    monkeypatch.setattr("xlrd.open_workbook", fails)
    monkeypatch.setattr(xls_book, "calamine_values", answers)
    data = binary.xls({"S": [_NEAR], "另": records})
    with pytest.raises(UnreadableFile, match="something odd"):
        xls_book.read_xls(data, ("S",), WORKBOOK)
    assert bool(asked) is fits


def _cell(attributes: str, shown: str = "") -> str:
    return f"<table:table-cell {attributes}>{shown}</table:table-cell>"


def _typed(kind: str, **values: str) -> str:
    said = "".join(f' office:{k.replace("_", "-")}="{v}"' for k, v in values.items())
    shown = values.get("value", "as shown")
    return _cell(f'office:value-type="{kind}"{said}', f"<text:p>{shown}</text:p>")


def _shown(value: str, shown: str) -> str:
    return _cell(f'office:value-type="float" office:value="{value}"', shown)


ODS_CELLS = {
    "float": (_typed("float", value="59237.2449"), RawCell(NUMBER, "59237.2449")),
    "percentage": (_typed("percentage", value="0.5"), RawCell(PERCENT, "0.5")),
    "shown as one": (
        _cell('office:value-type="float" office:value="0.5"', "<text:p>50%</text:p>"),
        RawCell(PERCENT, "0.5"),
    ),
    "shown scaled": (
        _shown("3250", "<text:p>3.25</text:p>"),
        RawCell(NUMBER, "3250", unlike="format"),
    ),
    "shown as nothing": (
        _shown("3", "<text:p/>"),
        RawCell(NUMBER, "3", unlike="format"),
    ),
    "nothing is known of what is shown": (_shown("3", ""), RawCell(NUMBER, "3")),
    "currency": (_typed("currency", value="-3"), RawCell(NUMBER, "-3")),
    "no number": (_typed("float", value="1_000"), RawCell(ERROR, "1_000")),
    "infinite": (_typed("float", value="1e999"), RawCell(ERROR, "1e999")),
    "a day": (_typed("date", date_value="2023-03-15"), RawCell(DATE, "45000")),
    "a moment": (
        _typed("date", date_value="2023-03-15T06:00:00"),
        RawCell(DATE, "45000.25"),
    ),
    "no day": (_typed("date", date_value="2023-15-15"), RawCell(ERROR, "2023-15-15")),
    "a time": (_typed("time", time_value="PT12H00M00S"), RawCell(DATE, "0.5")),
    "true": (_typed("boolean", boolean_value="true"), RawCell(BOOLEAN, "TRUE")),
    "ONLYOFFICE's true": (
        _typed("boolean", boolean_value="1"),
        RawCell(BOOLEAN, "TRUE"),
    ),
    "no boolean": (_typed("boolean", boolean_value="x"), RawCell(ERROR, "x")),
    "text": (_typed("string"), RawCell(TEXT, "as shown")),
    "text stored": (
        _cell('office:value-type="string" office:string-value="x  y"', "<text:p/>"),
        RawCell(TEXT, "x  y", unlike="format"),
    ),
    "text stored alone": (
        _cell('office:value-type="string" office:string-value="x  y"'),
        RawCell(TEXT, "x  y"),
    ),
    "text shown with more": (
        _cell(
            'office:value-type="string" office:string-value="12"',
            "<text:p>12件</text:p>",
        ),
        RawCell(TEXT, "12"),
    ),
    "text shown as another": (
        _cell(
            'office:value-type="string" office:string-value="12"',
            "<text:p>112</text:p>",
        ),
        RawCell(TEXT, "12", unlike="format"),
    ),
    "text that looks wrong": (
        _cell('office:value-type="string"', "<text:p>#REF!</text:p>"),
        RawCell(TEXT, "#REF!"),
    ),
    "ONLYOFFICE's error": (
        _cell('office:value-type="string" office:string-value="#REF!"'),
        RawCell(ERROR, "#REF!"),
    ),
    "an error of a number": (
        _cell('office:value-type="float" office:value="0"', "<text:p>#N/A</text:p>"),
        RawCell(ERROR, "#N/A"),
    ),
    "LibreOffice's own error": (
        _cell('calcext:value-type="error"', "<text:p>Err:502</text:p>"),
        RawCell(ERROR, "#VALUE!"),
    ),
    "lines and spaces": (
        _cell(
            'office:value-type="string"',
            "<text:p>a<text:s text:c='3'/>b<text:tab/>c</text:p>"
            "<text:p><text:span>d</text:span><text:line-break/>e</text:p>",
        ),
        RawCell(TEXT, "a   b\tc\nd\ne"),
    ),
    "indented": (
        _cell('office:value-type="string"', "\n <text:p>\n  甲\n  乙\n </text:p>\n"),
        RawCell(TEXT, "甲 乙"),
    ),
    "a note beside": (
        _cell(
            'office:value-type="float" office:value="1"',
            "<office:annotation><text:p>note</text:p></office:annotation><text:p>1</text:p>",
        ),
        RawCell(NUMBER, "1"),
    ),
    "never calculated": (
        _cell('table:formula="of:=1"'),
        RawCell(RawKind.EMPTY, "", "of:=1", has_result=False),
    ),
    "nothing calculated": (
        _cell('table:formula="of:=1"', "<text:p/>"),
        RawCell(TEXT, "", "of:=1"),
    ),
    "blank": (_cell('table:style-name="ce1"'), None),
}


@pytest.mark.parametrize("name", ODS_CELLS)
def test_cells_of_an_ods(name: str) -> None:
    xml, wanted = ODS_CELLS[name]
    assert ods_cell(xml) == wanted


def test_runs_of_an_ods_are_laid_out_where_they_hold_something() -> None:
    one = 'office:value-type="float" office:value="1"'
    rows = (
        '<table:table-header-rows><table:table-row table:number-rows-repeated="3">'
        '<table:table-cell table:number-columns-repeated="2"/>'
        f'<table:table-cell {one} table:number-columns-repeated="2"/>'
        '<table:covered-table-cell table:number-columns-repeated="16380"/>'
        "</table:table-row></table:table-header-rows>"
        '<table:table-row-group><table:table-row table:number-rows-repeated="9">'
        "<table:table-cell/></table:table-row></table:table-row-group>"
        f"<table:table-row><table:table-cell {one}/></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048563">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    wanted = {(row, column) for row in range(3) for column in (2, 3)} | {(12, 0)}
    assert cells(ods(rows)).keys() == wanted


def _hidden_xlsx() -> bytes:
    cells = '<c r="A{0}"><v>1</v></c>'
    rows = f'<row r="1">{cells.format(1)}</row>'
    rows += f'<row r="3" ht="0" hidden="1" customHeight="1">{cells.format(3)}</row>'
    rows += f'<row r="4" hidden="false">{cells.format(4)}</row>'
    columns = (
        '<cols><col min="1" max="1" width="9"/><col min="2" max="3" hidden="true"/>'
        '<col hidden="1" customWidth="1" min="5" max="5" width="0"/></cols>'
    )
    sheet = test_grid.worksheet(rows).replace("<sheetData>", f"{columns}<sheetData>")
    return test_grid.zipped(test_grid.parts(sheet))


def _hidden_xls() -> bytes:
    def row(at: int, options: int) -> bytes:
        return binary.record(0x0208, struct.pack("<H4xH4xHxx", at, 300, options))

    def columns(first: int, last: int, options: int, width: int = 2304) -> bytes:
        said = struct.pack("<HHHxxHxx", first, last, width, options)
        return binary.record(0x007D, said)

    lines = [
        columns(0, 0, 0),
        columns(1, 2, 1),
        columns(4, 4, 0, 0),
        row(0, 0),
        row(2, 32),
    ]
    return binary.xls({"S": [*lines, binary.number(2, 0, 1)]})


def _hidden_xlsb() -> bytes:
    def columns(first: int, last: int, options: int) -> bytes:
        content = struct.pack("<IIIIH", first, last, 2304, 0, options)
        return binary.record12(60, content)

    data = binary.record12(145) + b"".join(
        binary.record12(0, struct.pack("<IIHBB", at, 0, 300, 0, options) + bytes(5))
        for at, options in ((0, 0), (2, 0x10))
    )
    lines = columns(0, 0, 0) + columns(1, 2, 1) + columns(4, 4, 1)
    return binary.xlsb(lines + data + binary.record12(146))


def _hidden_ods() -> bytes:
    column = "<table:table-column {}/>"
    repeated = 'table:number-columns-repeated="2" '
    filtered = 'table:visibility="filter"'
    columns = (
        column.format("")
        + f"<table:table-column-group>{column.format(f'{repeated}{filtered}')}"
        + f"</table:table-column-group>{column.format('')}"
        + column.format('table:visibility="collapse"')
    )
    row = "<table:table-row {}><table:table-cell/></table:table-row>"
    repeated = 'table:number-rows-repeated="2"'
    return ods(
        columns + row.format(repeated) + row.format('table:visibility="collapse"')
    )


def _sizeless_ods() -> bytes:
    sizes = (
        ("co1", "table-column", "column-width", "0in"),
        ("co2", "table-column", "column-width", "0.0161in"),
        ("ro1", "table-row", "row-height", "0.000cm"),
        ("ro2", "table-row", "use-optimal-row-height", "true"),
    )
    styles = "".join(
        f'<style:style style:name="{name}" style:family="{family}">'
        f'<style:{family}-properties style:{size}="{value}"/></style:style>'
        for name, family, size, value in sizes
    )
    column = '<table:table-column table:style-name="{}" {}/>'
    repeated = 'table:number-columns-repeated="2"'
    columns = "".join(
        column.format(name, more)
        for name, more in (("co2", ""), ("co1", repeated), ("co2", ""), ("co1", ""))
    )
    row = '<table:table-row table:style-name="{}"><table:table-cell/></table:table-row>'
    rows = "".join(map(row.format, ("ro2", "ro2", "ro1", "ro2")))
    return ods(columns + rows, styles)


@pytest.mark.parametrize(
    "make", [_hidden_xlsx, _hidden_xls, _hidden_xlsb, _hidden_ods, _sizeless_ods]
)
def test_hidden_rows_and_columns_are_seen(make: Callable[[], bytes]) -> None:
    (sheet,) = read_grid(make()).sheets
    assert sheet.hidden == Hidden(frozenset({2}), frozenset({1, 2, 4}))


@pytest.mark.parametrize(
    ("properties", "unlike"),
    [
        ('style:text-position="super 58%"', "runs"),
        ('style:text-position="-33% 58%"', "runs"),
        ('style:text-line-through-style="solid"', "runs"),
        ('style:text-line-through-type="double"', "runs"),
        ('style:text-position="0% 100%" style:text-line-through-style="none"', ""),
        ('style:text-underline-style="solid"', ""),
    ],
)
def test_runs_of_an_ods_that_are_raised_or_struck_out(
    properties: str, unlike: str
) -> None:
    style = (
        '<style:style style:name="T1" style:family="text">'
        f"<style:text-properties {properties}/></style:style>"
    )
    span = '<text:p>9<text:span text:style-name="T1">1</text:span></text:p>'
    made = _cell('office:value-type="string"', span)
    other = _cell('office:value-type="string"', "<text:p>9</text:p>")
    found = cells(ods(f"<table:table-row>{made}{other}</table:table-row>", style))
    assert found[0, 0] == RawCell(TEXT, "91", unlike=unlike)  # type: ignore[arg-type]
    assert found[0, 1] == RawCell(TEXT, "9")


def test_merged_cells_of_an_ods() -> None:
    spans = 'table:number-columns-spanned="{}" table:number-rows-spanned="{}"'
    merged = _cell(
        f'office:value-type="string" {spans.format(2, 3)}', "<text:p>1</text:p>"
    )
    single = _cell(
        f'office:value-type="string" {spans.format(1, 1)}', "<text:p>1</text:p>"
    )
    (sheet,) = read_grid(
        ods(f"<table:table-row>{single}{merged}</table:table-row>")
    ).sheets
    assert sheet.merged == (((0, 1), (2, 2)),)


def test_what_is_embedded_in_an_ods() -> None:
    plain = ods("")
    chart = support.zipped({**support.unzipped(plain), "Object 1/content.xml": b"x"})
    other = support.zipped({**support.unzipped(plain), "Object 1": b"x"})
    assert [read_grid(each).objects for each in (plain, chart, other)] == [
        False, False, True,
    ]  # fmt: skip


def test_a_hidden_sheet_of_an_ods() -> None:
    style = (
        '<style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    row = f"<table:table-row>{_typed('float', value='1')}</table:table-row>"
    assert read_grid(ods(row, style)).sheets[0].state == "hidden"
    assert read_grid(ods(row)).sheets[0].state == "visible"
    assert cells(ods(row))
    assert not read_grid(ods(row), set()).sheets[0].cells


def test_an_xlsb_gives_every_kind_of_cell() -> None:
    double = struct.pack("<d", 0.1)
    small = struct.pack("<i", (-7 << 2) | 3)
    data = binary.xlsb(
        binary.sheet12(
            binary.row12(
                2,
                binary.cell12(1, 0, b""),
                binary.cell12(2, 1, small),
                binary.cell12(4, 2, b"\1"),
                binary.cell12(5, 3, double),
                binary.cell12(6, 4, binary.wide("甲")),
                binary.cell12(7, 5, struct.pack("<I", 0)),
                binary.cell12(8, 6, binary.wide("乙") + bytes(10)),
                binary.cell12(9, 7, double + bytes(10)),
                binary.cell12(10, 8, bytes(11)),
                binary.cell12(5, 9, struct.pack("<d", 45000), style=1),
                binary.cell12(62, 10, b"\0" + binary.wide("丙")),
                binary.cell12(5, 11, struct.pack("<d", float("nan"))),
            )
        ),
        binary.record12(19, b"\0" + binary.wide("共享")),
        binary.record12(617)
        + binary.record12(47, struct.pack("<HH12x", 0, 0))
        + binary.record12(47, struct.pack("<HH12x", 0, 14))
        + binary.record12(618),
    )
    assert cells(data) == {
        (2, 1): RawCell(NUMBER, "-0.07"),
        (2, 2): RawCell(BOOLEAN, "TRUE"),
        (2, 3): RawCell(NUMBER, "0.1"),
        (2, 4): RawCell(TEXT, "甲"),
        (2, 5): RawCell(TEXT, "共享"),
        (2, 6): RawCell(TEXT, "乙", ""),
        (2, 7): RawCell(NUMBER, "0.1", ""),
        (2, 8): RawCell(BOOLEAN, "FALSE", ""),
        (2, 9): RawCell(DATE, "45000"),
        (2, 10): RawCell(TEXT, "丙"),
        (2, 11): RawCell(ERROR, "nan"),
    }


# ---------------------------------------------------------------- passwords


def _agile() -> bytes:
    made = io.BytesIO()
    office = msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(support.workbook()))
    office.encrypt("密码", made)
    return made.getvalue()


_MANIFEST = (
    '<manifest:manifest><manifest:file-entry manifest:media-type="{}" '
    'manifest:full-path="{}"><manifest:encryption-data/></manifest:file-entry>'
    "</manifest:manifest>"
)


def _encrypted_ods(part: str) -> bytes:
    manifest = _MANIFEST.format(_ODS_TYPE.decode(), part).encode()
    return zipped(
        {"mimetype": _ODS_TYPE, "META-INF/manifest.xml": manifest, part: b"\x99" * 99}
    )


ENCRYPTED: Mapping[str, Callable[[], bytes]] = {
    "agile .xlsx": _agile,
    "standard .xlsx": lambda: binary.ole(
        {"EncryptionInfo": b"", "EncryptedPackage": b""}
    ),
    "RC4 .xls": lambda: binary.xls({"S": []}, binary.RC4_PASSWORD),
    "XOR .xls": lambda: binary.xls({"S": []}, binary.XOR_PASSWORD),
    "XOR .xls of Excel 5": lambda: binary.ole(
        {"Book": binary.biff({"S": []}, binary.XOR_PASSWORD)}
    ),
    "password far behind": lambda: binary.xls(
        {"S": []}, binary.record(0x005C, b" " * 2000) + binary.XOR_PASSWORD
    ),
    "zip flag": lambda: support.encrypted_zip(support.workbook()),
    ".ods part by part": lambda: _encrypted_ods("content.xml"),
    ".ods as a whole": lambda: _encrypted_ods("encrypted-package"),
}


@pytest.mark.parametrize("name", ENCRYPTED)
def test_passwords_are_named(name: str) -> None:
    data = ENCRYPTED[name]()
    assert reason(data) == "encrypted"
    (finding,) = judge(name, data, FORMS).findings
    assert finding.code == "R02"


# ---------------------------------------------------------------- hostile files


def _looped() -> bytes:
    """One kilobyte of OLE whose allocation table leads to itself."""
    spoiled = bytearray(support.compound_file("Workbook")[:2048])
    spoiled[512:1024] = struct.pack("<128I", *(2,) * 128)
    struct.pack_into("<Q", spoiled, 1024 + 128 + 120, 10**9)
    return bytes(spoiled)


def _row(repeated: int, columns: int) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}"><table:table-cell '
        f'office:value-type="float" office:value="1" '
        f'table:number-columns-repeated="{columns}"/></table:table-row>'
    )


def _cut(data: bytes) -> list[bytes]:
    return [data[: len(data) * eighth // 8] for eighth in range(1, 8)]


_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
_BOMB = f'<!DOCTYPE x [<!ENTITY a0 "ha">{_LAUGHS}]>'
_EXTERNAL = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
_XLS = binary.xls({"S": [binary.number(row, 0, row) for row in range(400)]})
_XLSB = binary.xlsb(
    binary.sheet12(
        *(
            binary.row12(row, binary.cell12(5, 0, struct.pack("<d", row)))
            for row in range(400)
        )
    )
)
_ODS = ods(_row(1, 1) * 400)

#: What must come of it, and the files.
HOSTILE: Mapping[str, tuple[set[str], Callable[[], list[bytes]]]] = {
    "a loop": ({"damaged"}, lambda: [_looped()]),
    "a full grid": ({"too_large"}, lambda: [ods(_row(1_048_576, 16_384))]),
    "a full column": ({"too_large"}, lambda: [ods(_row(1_048_576, 1))]),
    "too wide": ({"damaged"}, lambda: [ods(_row(1, 16_385))]),
    "too long": ({"damaged"}, lambda: [ods(_row(1, 1) + _row(1_048_576, 1))]),
    "no count": ({"damaged"}, lambda: [ods(_row(-1, 1)), ods(_row(10**12, 1))]),
    "spaces": (
        {"damaged"},
        lambda: [
            ods(
                "<table:table-row><table:table-cell><text:p><text:s text:c='999999999'/>"
                "</text:p></table:table-cell></table:table-row>"
            )
        ],
    ),
    "an XML bomb": ({"dtd"}, lambda: [ods("", head=_BOMB), ods("", head=_EXTERNAL)]),
    "deep": ({"bomb"}, lambda: [ods("<table:x>" * 9999 + "</table:x>" * 9999)]),
    "half an .xls": ({"truncated", "damaged"}, lambda: _cut(_XLS)),
    "half an .xlsb": ({"truncated"}, lambda: _cut(_XLSB)),
    "half an .ods": ({"truncated"}, lambda: _cut(_ODS)),
    "rows that are not there": (
        {"damaged", "truncated"},
        lambda: [
            binary.xls({"S": [binary.record(0x00BD, struct.pack("<HH", 65535, 0))]}),
            binary.ole({"Workbook": binary.biff({"S": []})[:-4]}),
            binary.ole({"Workbook": binary.biff({})}),
        ],
    ),
    "a long record": (
        {"bomb"},
        lambda: [binary.xlsb(b"\x05" + b"\xff\xff\xff\x7f" + bytes(99))],
    ),
    "strings without end": (
        {"damaged"},
        lambda: [
            binary.xlsb(
                binary.sheet12(
                    binary.row12(0, binary.cell12(6, 0, b"\xfe\xff\xff\xff"))
                )
            ),
            binary.xlsb(
                binary.sheet12(binary.row12(2**31, binary.cell12(4, 0, b"\1")))
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    reasons, made = HOSTILE[name]
    assert {reason(data) for data in made()} <= reasons


def test_a_claim_of_many_rows_costs_nothing() -> None:
    """DIMENSIONS says anything; a row far down is one row."""
    claim = binary.record(0x0200, struct.pack("<IIHHH", 0, 65536, 0, 256, 0))
    data = binary.xls({"S": [claim, binary.number(65535, 255, 1)]})
    assert cells(data) == {(65535, 255): RawCell(NUMBER, "1")}


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_no_hostile_file_needs_more_than_256_mb(tmp_path: Path) -> None:
    wanted = []
    for index, (name, (reasons, made)) in enumerate(HOSTILE.items()):
        for part, data in enumerate(made()):
            (tmp_path / f"{index:02}-{part}").write_bytes(data)
            wanted.append((name, reasons))
    found = test_grid.in_little_memory(tmp_path)
    for (name, reasons), said in zip(wanted, found, strict=True):
        assert said in reasons, name


# ---------------------------------------------------------------- damage on the way


def outcome(data: bytes) -> str:
    """Anything but a book or UnreadableFile fails the test."""
    try:
        book = read_grid(data)
    except UnreadableFile as error:
        return error.reason
    assert isinstance(book, RawBook)
    return "read"


#: What must not happen: readers of our own are never lost, and calamine, the second
#: opinion on an .xls, ends its process on some damaged files but never hangs.
LOSSES = {"xls": {"timeout"}, "ods": {"crashed", "timeout", "memory"}}
LOSSES["xlsb"] = LOSSES["ods"]


SMALL = {"xls": _XLS, "ods": _ODS, "xlsb": _XLSB}


@pytest.mark.parametrize("kind", SMALL)
def test_flipped_bytes_never_crash_or_hang(kind: str) -> None:
    data, chance = SMALL[kind], random.Random(20260101)
    for _ in range(300):
        mutant = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 20))):
            mutant[chance.randrange(len(data))] = chance.randrange(256)
        assert outcome(bytes(mutant)) not in LOSSES[kind]


@pytest.mark.parametrize(
    ("kind", "part"), [("ods", "content.xml"), ("xlsb", "xl/sheet1.bin")]
)
def test_mutants_within_the_package_never_crash_or_hang(kind: str, part: str) -> None:
    parts, chance = unzipped(SMALL[kind]), random.Random(20260102)
    text = parts[part]
    scraps = (
        b"",
        b"<",
        b">",
        b'"',
        b"\0",
        b"9" * 30,
        b"\xff" * 9,
        b"<table:table-row>",
    )
    for _ in range(300):
        begin = chance.randrange(len(text))
        end = begin + chance.choice((0, 1, 1, 5, 50))
        mutant = text[:begin] + chance.choice(scraps) + text[end:]
        assert outcome(zipped({**parts, part: mutant})) not in LOSSES[kind]


def test_mutants_of_records_never_crash_or_hang() -> None:
    stream, chance = (
        binary.biff({"S": [binary.label(0, 0, "甲")] * 9}),
        random.Random(3),
    )
    for _ in range(300):
        mutant = bytearray(stream)
        for _ in range(chance.choice((1, 2, 5))):
            mutant[chance.randrange(len(stream))] = chance.choice((0, 1, 9, 255))
        assert outcome(binary.ole({"Workbook": bytes(mutant)})) not in LOSSES["xls"]


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("name", ["a.xlsx", "a.txt", "a"])
def test_the_name_says_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(_XLS)
    (submission,) = receive_file(path, name, FORMS)
    assert submission.verdict is Verdict.NOT_OURS
