"""Makes every damaged, odd or hostile file that ``cases.toml`` names; none is stored.

Each function gives the bytes of one file. Its arguments stand in the case.
"""

from __future__ import annotations

import html
import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import msoffcrypto.format.ooxml
from openpyxl.workbook.workbook import Workbook

from tests import binary, test_grid, test_intake
from tests.engines import require
from tests.engines._base import Converter
from tests.support import (
    BUSY,
    PERIOD,
    Raw,
    campaign,
    compound_file,
    edited,
    encrypted_zip,
    form,
    plain_workbook,
    renamed_sheet,
    reprinted,
    restamped,
    spot,
    typed,
    unit,
    unzipped,
    without_sheet,
    workbook,
    zipped,
)
from tests.test_formats import ods
from tests.test_identify import headings
from workbook_builder.model.grid import Visibility
from workbook_builder.model.period import Period
from workbook_builder.workbook.place import HIDDEN, heading

SHEET = "xl/worksheets/sheet3.xml"  # 表三
STRINGS = "xl/sharedStrings.xml"
MEGABYTE = 1024 * 1024


def good(code: str = "U1") -> bytes:
    """A return that agrees, with something in every table."""
    return workbook(BUSY, unit(code))


def empty() -> bytes:
    return b""


def as_bytes(hex: str = "", text: str = "", times: int = 1) -> bytes:  # noqa: A002
    return (bytes.fromhex(hex) + text.encode()) * times


def replaced(part: str, old: str, new: str, times: int = 1) -> bytes:
    """A good return with other words in one of its parts."""
    parts = unzipped(good())
    content = parts[part].decode()
    if not re.search(old, content):
        raise LookupError(f"no {old!r} in {part}")
    parts[part] = re.sub(old, lambda _: new * times, content, count=1).encode()
    return zipped(parts)


def formatted(*, code: str, newer: bool = False) -> bytes:
    """The counts shown otherwise; ``newer``: as newer programs wrap what they know."""
    one = f'<numFmt numFmtId="164" formatCode="{html.escape(code)}"/>'
    if newer:
        old = '<numFmt numFmtId="164" formatCode="#,##0"/>'
        one = (
            '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
            'markup-compatibility/2006"><mc:Choice Requires="x16r2">'
            f"{one}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
        )
    return replaced("xl/styles.xml", '<numFmt numFmtId="164"[^>]*>', one)


def with_part(part: str, content: str = "x") -> bytes:
    return zipped({**unzipped(good()), part: content.encode()})


def without_part(part: str) -> bytes:
    return zipped({n: c for n, c in unzipped(good()).items() if n != part})


def another_part(part: str, content: str) -> bytes:
    assert part in unzipped(good())
    return with_part(part, content)


# ---------------------------------------------------------------- stamp


def stamp(**changes: str) -> bytes:
    return restamped(good(), **changes)


def stamped_for(code: str = "U1", key: str = "key", id: str = "2025-test") -> bytes:  # noqa: A002
    """Properly made, for any unit, by any campaign."""
    return workbook(BUSY, unit(code), campaign(id, key=key))


def roll_up() -> bytes:
    return workbook(BUSY, kind="rollup")


def no_stamp(*, of: str = "") -> bytes:
    """Without the hidden sheet; ``of`` is the unit that stands on the sheets."""
    return edited(good(), headings(heading(unit(of).name, PERIOD) if of else None))


def printed(*, name: str = "", year: int = PERIOD.year) -> bytes:
    """With other words where unit and year stand on the sheets."""
    said = heading(name or unit().name, Period(year))
    return edited(good(), reprinted(said))


def stamp_moved_down() -> bytes:
    return edited(good(), lambda book: book[HIDDEN].insert_rows(1))


def stamp_on_a_visible_sheet() -> bytes:
    def change(book: Workbook) -> None:
        book[HIDDEN].sheet_state = "visible"

    return edited(good(), change)


# ---------------------------------------------------------------- sheets


def sheet_gone(*, sheet: str) -> bytes:
    return without_sheet(good(), sheet)


def tables_gone() -> bytes:
    def change(book: Workbook) -> None:
        for name in ("表二", "表三", "表四"):
            book.remove(book[name])

    return edited(good(), change)


def sheet_renamed(*, sheet: str, to: str) -> bytes:
    return renamed_sheet(good(), sheet, to)


def sheets_exchanged() -> bytes:
    def change(book: Workbook) -> None:
        two, three = book["表二"], book["表三"]
        two.title, three.title = "甲", "表二"
        two.title = "表三"

    return edited(good(), change)


def rows(*, sheet: str, at: int, insert: int = 0, delete: int = 0) -> bytes:
    def change(book: Workbook) -> None:
        book[sheet].insert_rows(at, insert)
        book[sheet].delete_rows(at, delete)

    return edited(good(), change)


def columns(*, sheet: str, at: int, insert: int = 0, delete: int = 0) -> bytes:
    def change(book: Workbook) -> None:
        book[sheet].insert_cols(at, insert)
        book[sheet].delete_cols(at, delete)

    return edited(good(), change)


def cell(*, sheet: str, address: str, to: str = "") -> bytes:
    """Other words in any cell; none empties it."""

    def change(book: Workbook) -> None:
        book[sheet][address] = to or None

    return edited(good(), change)


def copied(*, sheet: str, address: str = "", to: int = 0) -> bytes:
    def change(book: Workbook) -> None:
        copy = book.copy_worksheet(book[sheet])
        if address:
            copy[address] = to

    return edited(good(), change)


def merged(*, sheet: str, area: str) -> bytes:
    return edited(good(), lambda book: book[sheet].merge_cells(area))


def hidden(*, sheet: str, state: Visibility = "hidden") -> bytes:
    def change(book: Workbook) -> None:
        book[sheet].sheet_state = state

    return edited(good(), change)


def hidden_rows(*, sheet: str, first: int, last: int) -> bytes:
    def change(book: Workbook) -> None:
        for row in range(first, last + 1):
            book[sheet].row_dimensions[row].hidden = True

    return edited(good(), change)


def pasted_as_values() -> bytes:
    """Every formula of the tables replaced by what it showed."""
    parts = unzipped(good())
    for number in (3, 4, 5):
        name = f"xl/worksheets/sheet{number}.xml"
        parts[name] = re.sub(rb"<f>[^<]*</f>", b"", parts[name])
    return zipped(parts)


def moved_into_a_new_book() -> bytes:
    """Only the tables, copied cell by cell, as values."""

    def change(book: Workbook) -> None:
        for name in book.sheetnames:
            if name not in {"表二", "表三", "表四"}:
                book.remove(book[name])

    return edited(pasted_as_values(), change)


def without_results() -> bytes:
    """Saved by a library: no formula has a result."""
    return edited(good(), lambda book: None)


# ---------------------------------------------------------------- cells


COUNT = "disputes.review.upheld"


def entry(*, id: str = COUNT, type: str = "n", xml: str = "") -> bytes:  # noqa: A002
    """A return with one cell as the XML says."""
    return typed(good(), {id: Raw(type, xml)})


def text_of_length(*, length: int) -> bytes:
    text = form().narratives[0]
    return typed(
        good(), {text.id: Raw("inlineStr", f"<is><t>{'长' * length}</t></is>")}
    )


def percentage(*, id: str) -> bytes:  # noqa: A002
    """Typed as 12 %, stored as 0.12."""
    where = spot(id)

    def change(book: Workbook) -> None:
        cell = book[where.sheet][where.address]
        cell.value, cell.number_format = 0.12, "0%"

    return edited(good(), change)


def dated(*, id: str) -> bytes:  # noqa: A002
    """1-2, which became the second of January."""
    where = spot(id)

    def change(book: Workbook) -> None:
        cell = book[where.sheet][where.address]
        cell.value, cell.number_format = 45659, 'm"月"d"日"'

    return edited(good(), change)


def restyled(*, id: str, code: str, type: str = "", xml: str = "") -> bytes:  # noqa: A002
    """One cell in another number format, perhaps with something else in it."""
    where = spot(id)
    parts = unzipped(entry(id=id, type=type, xml=xml) if xml else good())
    sheets = "表二", "表三", "表四", "文字部分"
    part = f"xl/worksheets/sheet{sheets.index(where.sheet) + 2}.xml"
    styles = parts["xl/styles.xml"].decode()
    one = f'<numFmt numFmtId="190" formatCode="{html.escape(code)}"/></numFmts>'
    styles = styles.replace("</numFmts>", one)
    count = int(re.findall('<cellXfs count="([0-9]+)"', styles)[0])
    styles = styles.replace("</cellXfs>", '<xf numFmtId="190"/></cellXfs>')
    cell = rf'(<c r="{where.address}") s="[0-9]+"'
    said, found = re.subn(cell, rf'\g<1> s="{count}"', parts[part].decode())
    assert found == 1
    return zipped({**parts, part: said.encode(), "xl/styles.xml": styles.encode()})


def conditioned(
    *, change: str = "", rule: str = "", area: str = "D7:E8", newer: bool = False
) -> bytes:
    """表三 with one more conditional format: ``change`` is what it changes of a cell,
    ``rule`` one that changes nothing; ``newer``: as newer programs write what they know.
    """
    parts = unzipped(good())
    styles, sheet = parts["xl/styles.xml"].decode(), parts[SHEET].decode()
    if newer:
        group = (
            "<extLst><ext><x14:conditionalFormattings><x14:conditionalFormatting>"
            '<x14:cfRule type="expression" priority="99"><xm:f>D7&gt;1</xm:f>'
            f"<x14:dxf>{change}</x14:dxf></x14:cfRule><xm:sqref>{area}</xm:sqref>"
            "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
        )
        sheet = sheet.replace("</worksheet>", f"{group}</worksheet>")
    else:
        number = styles.partition("<dxfs")[2].count("<dxf>")
        styles = styles.replace("</dxfs>", f"<dxf>{change}</dxf></dxfs>")
        asked = f'type="expression" dxfId="{number}"><formula>D7&gt;1</formula>'
        group = (
            f'<conditionalFormatting sqref="{area}"><cfRule priority="99" '
            f"{rule or asked}</cfRule></conditionalFormatting>"
        )
        sheet = sheet.replace("</sheetData>", f"</sheetData>{group}", 1)
    changed = {"xl/styles.xml": styles.encode(), SHEET: sheet.encode()}
    return zipped({**parts, **changed})


def days_from_1904() -> bytes:
    return replaced("xl/workbook.xml", "<workbookPr", '<workbookPr date1904="1"')


def linked_figure() -> bytes:
    """A figure taken from a workbook elsewhere, and the part that says where."""
    data = typed(good(), {COUNT: Raw("n", "<f>[1]Sheet1!A1</f><v>0</v>")})
    part = "xl/externalLinks/externalLink1.xml"
    return zipped({**unzipped(data), part: b"<externalLink/>"})


def macro_in(*, code: str = "U1") -> bytes:
    return zipped({**unzipped(good(code)), "xl/vbaProject.bin": b"macros"})


# ---------------------------------------------------------------- containers


def packed(*, names: list[str], of: str = "good") -> bytes:
    """An archive with a return of U1, U2 … under each name."""
    made = {
        name: good(f"U{at}") if of == "good" else of.encode()
        for at, name in enumerate(names, 1)
    }
    return zipped(made)


def nested(*, depth: int) -> bytes:
    data = good()
    for at in range(depth):
        data = zipped({f"{at}.zip" if at else "报送表.xlsx": data})
    return data


def mail(*, names: list[str]) -> bytes:
    files = [(name, good(f"U{at}")) for at, name in enumerate(names, 1)]
    return test_intake.mail(*files)


def archive_with_a_password() -> bytes:
    return encrypted_zip(packed(names=["报送表.xlsx"]))


def named_in_gbk() -> bytes:
    entry = test_intake.Entry("示例街道/报送表.xlsx".encode("gbk"), good())
    return test_intake.raw_zip(entry)


def cut_archive(*, eighth: int) -> bytes:
    data = packed(names=["1.xlsx", "2.xlsx"])
    return data[: len(data) * eighth // 8]


# ---------------------------------------------------------------- hostile packages


def cut(*, eighth: int) -> bytes:
    data = good()
    return data[: len(data) * eighth // 8]


def _bomb(part: str, begin: str, block: bytes, end: str, times: int) -> bytes:
    """A return with one part that unpacks to ``times`` blocks."""
    packed = test_grid.repeated(begin.encode(), block, times, end.encode())
    size = len(begin.encode()) + len(block) * times + len(end.encode())
    entries = [test_grid.Entry(n, c) for n, c in unzipped(good()).items() if n != part]
    return test_grid.raw_zip(
        [*entries, test_grid.Entry(part, packed=packed, size=size)]
    )


def _halves(part: str, mark: str) -> tuple[str, str]:
    before, found, after = unzipped(good())[part].decode().partition(mark)
    return before + found, after


def bomb_of_spaces() -> bytes:
    begin, end = _halves(SHEET, "<sheetData>")
    return _bomb(SHEET, begin, b" " * MEGABYTE, end, 1024)


def bomb_of_strings() -> bytes:
    begin, end = _halves(STRINGS, "</si>")
    return _bomb(STRINGS, begin, b"<si><t>a</t></si>" * 10_000, end, 300)


def many_strings(*, count: int) -> bytes:
    """More shared strings than any office suite writes, none of them repeated."""
    begin, end = _halves(STRINGS, "</si>")
    more = "".join(f"<si><t>{at:x}</t></si>" for at in range(count))
    return zipped({**unzipped(good()), STRINGS: (begin + more + end).encode()})


def billion_laughs() -> bytes:
    rules = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10)
    )
    xml = unzipped(good())[SHEET].decode()
    head, _, rest = xml.partition("<worksheet")
    return with_part(SHEET, f"{head}<!DOCTYPE x [{rules}]><worksheet{rest}")


def document_type(*, part: str, system: str) -> bytes:
    content = unzipped(good())[part].decode()
    head, mark, rest = content.partition("?>")
    return with_part(part, f'{head}{mark}<!DOCTYPE x SYSTEM "{system}">{rest}')


def far_cell() -> bytes:
    """A cell in the last corner of the sheet, which others read the way to."""
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return replaced(SHEET, "</sheetData>", corner)


def overlapping_parts() -> bytes:
    parts = [test_grid.Entry(n, c) for n, c in unzipped(good()).items()]
    again = [replace(parts[-1], name=f"x{at}", offset=0) for at in range(20)]
    return test_grid.raw_zip([*parts, *again])


def two_of_one_part(*, second: str = "") -> bytes:
    parts = [test_grid.Entry(n, c) for n, c in unzipped(good()).items()]
    return test_grid.raw_zip([*parts, test_grid.Entry(second or SHEET, b"<x/>")])


def wrong_checksum() -> bytes:
    parts = [
        test_grid.Entry(n, c, checksum=1 if n == SHEET else None)
        for n, c in unzipped(good()).items()
    ]
    return test_grid.raw_zip(parts)


def left_behind(*, part: str, count: int) -> bytes:
    """Packed bytes of a part that go on after its stream has come to its end."""
    parts = [
        test_grid.Entry(
            n, c, test_grid.deflated(c) + bytes(count) if n == part else None
        )
        for n, c in unzipped(good()).items()
    ]
    return test_grid.raw_zip(parts)


def bytes_changed_inside() -> bytes:
    """A digit of a stored part changed on its way; its checksum tells."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in unzipped(good()).items():
            archive.writestr(zipfile.ZipInfo(name), content)
    data = bytearray(buffer.getvalue())
    # 表三 is read; the hidden sheets have a D7 as well, and need not be whole.
    table = data.index(SHEET.encode() + b"<?xml")
    data[data.index(b'<c r="D7"', table) + 12] ^= 1
    return bytes(data)


def after_the_end(*, count: int) -> bytes:
    return good() + bytes(count)


def before_the_beginning(*, text: str) -> bytes:
    return text.encode() + good()


def with_a_password() -> bytes:
    return compound_file("EncryptionInfo", "EncryptedPackage")


def old_file(*, how: str) -> bytes:
    """An .xls that is none of ours, or has a password."""
    records = [binary.number(0, 0, 1)]
    extra = binary.XOR_PASSWORD if how == "password" else b""
    return binary.xls({"S": records}, extra)


def deep_xml() -> bytes:
    return replaced(SHEET, "</sheetData>", "</sheetData>" + "<a>" * 200_000)


def ods_of_runs(*, rows: int, columns: int) -> bytes:
    run = (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell '
        f'table:number-columns-repeated="{columns}" office:value-type="float" '
        'office:value="1"/></table:table-row>'
    )
    return ods(run)


def ods_of_line_ends(*, count: int) -> bytes:
    text = "甲" + "\n" * count + "乙"
    cell = f'office:value-type="string"><text:p>{text}</text:p>'
    return ods(
        f"<table:table-row><table:table-cell {cell}</table:table-cell></table:table-row>"
    )


def ods_of_spaces(*, count: int) -> bytes:
    """Some bytes that stand for a thousand times as many spaces each."""
    spaces = '<text:s text:c="32000"/>' * count
    cell = f'office:value-type="string"><text:p>{spaces}</text:p>'
    return ods(
        f"<table:table-row><table:table-cell {cell}</table:table-cell></table:table-row>"
    )


def own_workbook(*, text: str) -> bytes:
    return plain_workbook(text)


def gzipped() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(good()) + packer.flush()


def bitmap() -> bytes:
    return b"BM" + struct.pack("<IHHII", 58, 0, 0, 54, 40) + bytes(40)


# ---------------------------------------------------------------- old files, passwords


def _numbers() -> bytes:
    return binary.biff({"S": [binary.number(0, 0, 12), binary.error(1, 0, "#REF!")]})


def stream_named(*, name: str) -> bytes:
    """An .xls whose stream is called otherwise."""
    return binary.ole({name: _numbers()})


def chains_shared(*, name: str = "Workbook") -> bytes:
    """Two streams that say they are in the same place, which xlrd refuses."""
    made = bytearray(binary.ole({name: _numbers(), "Other": b"x" * 4096}))
    entry, other = (
        made.index(each.encode("utf-16-le") + b"\0\0") for each in (name, "Other")
    )
    made[other + 116 : other + 120] = made[entry + 116 : entry + 120]
    return bytes(made)


def encrypted(*, password: str) -> bytes:
    out = io.BytesIO()
    office = msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(good()))
    office.encrypt(password, out)
    return out.getvalue()


def encrypted_xls(*, password: str) -> bytes:
    """As Excel 97 to 2003 encrypts where the structure of a workbook is protected."""
    head = binary.record(0x002F, bytes(54))
    stream = binary.biff({"S": [binary.number(0, 0, 12)]}, head)
    # What is behind the last record is read as records of no length.
    head += binary.record(0x005C, bytes(-len(stream) % 4))
    stream = binary.biff({"S": [binary.number(0, 0, 12)]}, head)
    return binary.ole({"Workbook": binary.encrypted(stream, password)})


def labelled() -> bytes:
    """As a sensitivity label encrypts: a package, and by what it was encrypted."""
    return binary.ole({"EncryptedPackage": bytes(99), "DRMEncryptedDataSpace": b"x"})


def guarded(*, head: str, size: int = 4096) -> bytes:
    """What programs that encrypt an office's files make: a head, and noise."""
    return head.encode() + random.Random(head).randbytes(size)


# ---------------------------------------------------------------- office suites


@cache
def saved(*, engine: str, kind: str, of: str, **arguments: Any) -> bytes:
    """What an office suite makes of another case's file."""
    converter = require(engine)
    assert isinstance(converter, Converter)
    return converter.convert(made(of, arguments), kind)


def made(name: str, arguments: dict[str, Any]) -> bytes:
    """The file of a case. Raises KeyError for a function that is not there."""
    function: Callable[..., bytes] = globals()[name]
    return function(**arguments)


def stored_total(*, address: str, to: str) -> bytes:
    """With another result stored beside the formula of a total."""
    parts = unzipped(good())
    cell = rf'(<c r="{address}"[^>]*><f>[^<]*</f>)<v>[^<]*</v>'
    changed, count = re.subn(cell, rf"\g<1><v>{to}</v>", parts[SHEET].decode())
    assert count == 1
    return zipped({**parts, SHEET: changed.encode()})
