"""Conditional formats that may strike out, hide or replace a figure, in formats other
than .xlsx (whose are in ``returned/cases.toml``), and what looking for them costs."""

from __future__ import annotations

import struct
import time

import pytest

from tests import binary
from tests.support import zipped
from tests.test_formats import content
from workbook_builder.formats.grid import read_grid
from workbook_builder.formats.xlsx_conditions import conditions_in
from workbook_builder.model.grid import Position

CELL = (
    '<table:table-cell{} office:value-type="float" office:value="7"><text:p>7</text:p>'
    "</table:table-cell>"
)
ROW = f"<table:table-row>{CELL}{CELL}</table:table-row>"
STRUCK = '<style:text-properties style:text-line-through-style="solid"/>'
#: What a named style says, and whether a figure in it can still be read.
OPENDOCUMENT = {
    "struck": (STRUCK, False),
    "white": ('<style:text-properties fo:color="#ffffff"/>', False),
    "red": ('<style:text-properties fo:color="#ff0000"/>', True),
    "on black": (
        '<style:table-cell-properties fo:background-color="#000000"/>',
        False,
    ),
    "pale": ('<style:table-cell-properties fo:background-color="#ffc7ce"/>', True),
}
#: What a number format says; the style of that name asks for it.
NUMBERS = {
    "in thousands": ('<number:number number:display-factor="1000"/>', False),
    "nothing": ("", False),
    "with a word": ("<number:text>件</number:text><number:number/>", True),
}


def opendocument(styles: str, rows: str, head: str = "") -> bytes:
    named = f"<office:document-styles><office:styles>{styles}</office:styles>"
    text = content(rows, "", head)
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "styles.xml": f"{named}</office:document-styles>".encode(),
            "content.xml": text.encode(),
        }
    )


def doubted(data: bytes) -> set[Position]:
    cells = read_grid(data).sheets[0].cells
    return {at for at, cell in cells.items() if cell.unlike == "condition"}


def asked(style: str, area: str) -> str:
    return (
        "<calcext:conditional-formats><calcext:conditional-format "
        f'calcext:target-range-address="{area}"><calcext:condition '
        f'calcext:apply-style-name="{style}" calcext:value="&gt;1"/>'
        "</calcext:conditional-format></calcext:conditional-formats>"
    )


@pytest.mark.parametrize("name", [*OPENDOCUMENT, *NUMBERS])
def test_an_opendocument_condition_asks_for_a_style(name: str) -> None:
    said, clear = (OPENDOCUMENT | NUMBERS)[name]
    styles = f'<style:style style:name="X" style:family="table-cell">{said}'
    if name in NUMBERS:
        styles = (
            f'<number:number-style style:name="N1">{said}</number:number-style>'
            '<style:style style:name="X" style:data-style-name="N1">'
        )
    rows = ROW.format("", "") + asked("X", "'甲 乙'.A1:'甲 乙'.A9 表.C1")
    found = doubted(opendocument(f"{styles}</style:style>", rows))
    assert found == (set() if clear else {(0, 0)})


def test_a_named_style_of_a_cell_counts_itself_and_by_what_it_takes_after() -> None:
    styles = (
        f'<style:style style:name="S">{STRUCK}</style:style>'
        '<style:style style:name="T" style:parent-style-name="S"/>'
    )
    row = ROW.format(' table:style-name="T"', ' table:style-name="U"')
    cells = read_grid(opendocument(styles, row)).sheets[0].cells
    assert [cell.unlike for cell in cells.values()] == ["runs", ""]


def font(drawn: int = 0, letters: int = 0xFFFFFFFF) -> bytes:
    """What a rule of an .xls changes of the font."""
    head, tail = bytes(64), bytes(118 - 92)
    return head + struct.pack("<II8xIIi", 0xFFFFFFFF, drawn, letters, 0, 0) + tail


#: What a rule of an .xls changes, and whether a figure can still be read.
BINARY = {
    "struck": (1 << 26, 0, font(drawn=1 << 7), False),
    "white": (1 << 26, 0, font(letters=9), False),
    "red": (1 << 26, 0, font(letters=10), True),
    "on black": (1 << 29, 0, struct.pack("<HH", 1 << 10, 8 << 7), False),
    "nothing shown": (1 << 25, 1, struct.pack("<HHB", 8, 3, 0) + b";;;", False),
    "in thousands": (1 << 25, 1, struct.pack("<HHB", 7, 2, 0) + b"0,", False),
    "grouped": (1 << 25, 0, b"\0\3", True),
    "percent": (1 << 25, 0, b"\0\x09", False),
    "cut off": (1 << 26, 0, b"", True),
}


@pytest.mark.parametrize("name", BINARY)
def test_a_rule_of_an_xls_says_what_it_changes(name: str) -> None:
    flags, more, change, clear = BINARY[name]
    area = struct.pack("<HHHH", 1, 2, 0, 3)
    group = binary.record(0x01B0, struct.pack("<HH8xH", 1, 0, 1) + area)
    rule = binary.record(
        0x01B1, struct.pack("<BBHHIH", 2, 0, 0, 0, flags, more) + change
    )
    cells = [binary.number(row, 1, 7) for row in range(4)]
    found = doubted(binary.xls({"S": [*cells, group, rule]}))
    assert found == (set() if clear else {(1, 1), (2, 1)})


def changed(kind: int, content: bytes) -> bytes:
    """A property of what a rule of an .xlsb changes."""
    return struct.pack("<HH", kind, 4 + len(content)) + content


def coloured(kind: int, rgb: str = "") -> bytes:
    said = b"\5\0\0\0" + bytes.fromhex(rgb) + b"\xff" if rgb else bytes(8)
    return changed(kind, said)


def coded(text: str) -> bytes:
    said = struct.pack("<H", len(text)) + text.encode("utf-16-le")
    return changed(38, said) + changed(41, b"\xaa\0")


#: What a rule of an .xlsb changes, and whether a figure can still be read. LibreOffice
#: takes all but the formats for the same.
RECORDS = {
    "struck": (changed(29, b"\1"), False),
    "not struck": (changed(29, b"\0"), True),
    "raised": (changed(27, b"\1\0"), False),
    "tiny": (changed(36, struct.pack("<I", 20)), False),
    "of a usual size": (changed(36, struct.pack("<I", 220)), True),
    "white": (coloured(5, "ffffff"), False),
    "red": (coloured(5, "ff0000"), True),
    "on black": (coloured(2, "000000"), False),
    "a pattern in black": (coloured(1, "000000"), False),
    "on pale red": (coloured(1, "000000") + coloured(2, "ffc7ce"), True),
    "on paper": (coloured(2), True),
    "white on no fill": (coloured(5, "ffffff") + changed(0, b"\0"), False),
    "nothing shown": (coded(";;;"), False),
    "in thousands": (coded("0,"), False),
    "grouped": (changed(41, b"\3\0"), True),
    "percent": (changed(41, b"\x09\0"), False),
    "cut off": (changed(36, b""), True),
    "a colour cut off": (changed(2, b""), True),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_rule_of_an_xlsb_says_what_it_changes(name: str) -> None:
    change, clear = RECORDS[name]
    two = {"nothing shown", "in thousands", "on pale red", "white on no fill"}
    count = 2 if name in two else 1
    pale = struct.pack("<HHH", 0, 0, 1) + coloured(2, "ffc7ce")
    said = struct.pack("<HHH", 0, 0, count) + change
    styles = binary.record12(507, pale) + binary.record12(507, said)
    cell = binary.cell12(5, 1, struct.pack("<d", 7))
    rows = [binary.row12(row, cell) for row in range(4)]
    area = struct.pack("<IIIIIII", 1, 0, 1, 1, 2, 0, 3)
    rules = [
        binary.record12(463, struct.pack("<iii", 1, 0, number) + bytes(40))
        for number in (0, -1, 1)
    ]
    sheet = binary.record12(145) + b"".join(rows) + binary.record12(146)
    sheet += binary.record12(461, area) + b"".join(rules)
    found = doubted(binary.xlsb(sheet, styles=styles))
    assert found == (set() if clear else {(1, 1), (2, 1)})


def test_conditions_cut_between_two_pieces_of_a_part_are_found() -> None:
    rule = (
        b'<conditionalFormatting sqref="A1"><cfRule dxfId="3"/></conditionalFormatting>'
    )
    for at in range(1, len(rule)):
        first, cut = conditions_in(rule[:at])
        assert (first, len(conditions_in(cut + rule[at:])[0])) == ((), 1)


def test_conditions_without_end_cost_what_they_weigh() -> None:
    took = []
    for times in (20_000, 80_000):
        began = time.process_time()
        conditions_in(b"<conditionalFormatting " * times)
        took.append(time.process_time() - began)
    assert took[1] < 12 * took[0] + 0.2
