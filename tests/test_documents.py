"""Documents as each format stores them: what is seen, in its place, and nothing else."""

from __future__ import annotations

import io
import zipfile
import zlib

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from tests import support
from workbook_builder.bounds.limits import DOCUMENT
from workbook_builder.documents.paragraphs import TextLine, paragraphs
from workbook_builder.documents.read import read_document
from workbook_builder.model.document import (
    Document,
    Passage,
    PrintedTable,
    Region,
)
from workbook_builder.model.errors import UnreadableFile

Placed = tuple[int, int, int, int, str]
"""Row, column, rows, columns, text."""


def passages(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Passage)]


def tables(document: Document) -> list[list[Placed]]:
    return [
        [(c.row, c.column, c.rows, c.columns, c.text) for c in block.cells]
        for block in document.blocks
        if isinstance(block, PrintedTable)
    ]


def page(body: str) -> Document:
    return read_document(f"<html><body>{body}</body></html>".encode())


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_document(data)
    return caught.value.reason


# ---------------------------------------------------------------- web pages


def test_spans_of_a_web_page_are_places_of_a_grid() -> None:
    (table,) = tables(
        page(
            "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td></tr>"
            "<tr><td>1</td><td>2</td></tr></table>"
        )
    )
    assert table == [
        (0, 0, 2, 1, "甲"),
        (0, 1, 1, 2, "乙"),
        (1, 1, 1, 1, "1"),
        (1, 2, 1, 1, "2"),
    ]


def test_lines_within_a_cell_stay_apart_and_spaces_of_the_source_do_not_count() -> None:
    (table,) = tables(
        page(
            "<table><tr><td>\n  <p>社会</p> <p>公益<br/>组织</p>&nbsp;</td></tr></table>"
        )
    )
    assert table == [(0, 0, 1, 1, "社会\n公益\n组织")]


def test_what_nobody_sees_is_not_read() -> None:
    seen = page(
        "<script>1</script><p style='display: none'>2</p><p hidden>3</p>"
        "<!-- 4 --><p>5<span style='visibility:hidden'>6</span>7</p>"
    )
    assert passages(seen) == ["57"]


def test_a_table_that_only_arranges_the_page_is_none() -> None:
    found = page(
        "<table><tr><td>栏目</td><td><p>正文</p>"
        "<table><tr><td>1</td><td>2</td></tr></table></td></tr></table>"
    )
    assert passages(found) == ["栏目", "正文"]
    assert tables(found) == [[(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2")]]


@pytest.mark.parametrize("coding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_is_read_in_whatever_it_was_written(coding: str) -> None:
    text = f"<html><meta charset={coding}><p>年度报告</p></html>"
    assert passages(read_document(text.encode(coding))) == ["年度报告"]


@pytest.mark.parametrize(
    "body",
    [
        "<td>1",
        "</table></td>",
        "<table><td>1<tr><td>2",
        "<tr><td>1</td></tr>",
        "<p",
        "",
    ],
)
def test_markup_that_does_not_fit_is_read_as_far_as_it_goes(body: str) -> None:
    assert isinstance(page(body), Document)


def test_cells_that_reach_below_the_table_end_with_it() -> None:
    (table,) = tables(
        page("<table><tr><td rowspan=60000 colspan=9999>1</td></tr></table>")
    )
    assert table == [(0, 0, 1, DOCUMENT.span, "1")]


# ---------------------------------------------------------------- text


def test_text_is_cut_by_tabs_and_by_bars() -> None:
    found = read_document(
        "正文\n规章\t0\t1\n\n| 甲 | 2 |\n|---|---|\n| 乙 |  |\n".encode()
    )
    assert passages(found) == ["正文"]
    assert tables(found) == [
        [(0, 0, 1, 1, "规章"), (0, 1, 1, 1, "0"), (0, 2, 1, 1, "1")],
        [
            (0, 0, 1, 1, "甲"),
            (0, 1, 1, 1, "2"),
            (1, 0, 1, 1, "乙"),
            (1, 1, 1, 1, ""),
        ],
    ]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_whatever_it_was_written(coding: str) -> None:
    assert passages(read_document("年度报告".encode(coding))) == ["年度报告"]


# ---------------------------------------------------------------- Word


def word(change: object = None) -> bytes:
    file = io.BytesIO()
    document = docx.Document()
    if callable(change):
        change(document)
    document.save(file)
    return file.getvalue()


def test_merged_cells_of_word_are_one() -> None:
    def change(document: docx.document.Document) -> None:
        table = document.add_table(3, 3)
        for n, cell in enumerate(table._cells):
            cell.text = str(n)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "横"
        table.cell(1, 2).merge(table.cell(2, 2)).text = "竖"

    (table,) = tables(read_document(word(change)))
    assert (0, 0, 1, 2, "横") in table
    assert (1, 2, 2, 1, "竖") in table
    assert (2, 1, 1, 1, "7") in table
    assert len(table) == 7


def test_deleted_and_hidden_words_are_not_read_and_inserted_ones_are() -> None:
    def change(document: docx.document.Document) -> None:
        shown = document.add_paragraph("看得见")
        shown.add_run("看不见").font.hidden = True
        shown._p.append(
            parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>插入</w:t></w:r></w:ins>")
        )
        shown._p.append(
            parse_xml(
                f"<w:del {nsdecls('w')}><w:r><w:delText>删</w:delText></w:r></w:del>"
            )
        )
        field = shown.add_run()
        field._r.append(OxmlElement("w:instrText"))
        field._r[-1].text = "PAGE"
        field._r[-1].set(qn("xml:space"), "preserve")

    assert passages(read_document(word(change))) == ["看得见插入"]


def test_a_table_within_a_cell_is_a_table() -> None:
    def change(document: docx.document.Document) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "外"
        cell.add_table(1, 2).cell(0, 1).text = "内"

    found = read_document(word(change))
    assert passages(found) == ["外"]
    assert tables(found) == [[(0, 0, 1, 1, ""), (0, 1, 1, 1, "内")]]


# ---------------------------------------------------------------- lines of pages


def line(text: str, left: float, right: float, top: float, at: int = 1) -> TextLine:
    return TextLine(text, Region(at, (left, top, right, top + 15)), 842)


def test_lines_are_put_together_where_text_is_written_on() -> None:
    parts = [
        line("一、标题", 106, 170, 100),
        line("第一段的头一行一直写到右边", 106, 519, 130),
        line("第二行 2023 年也是，", 74, 519, 160),
        line("第三行短。", 74, 150, 780),
        line("- 3 -", 280, 300, 800),
        line("第二段接着写到右边缘为止", 106, 519, 80, 2),
        line("到下一行。", 74, 150, 110, 2),
    ]
    assert [each.text for each in paragraphs(parts) if isinstance(each, Passage)] == [
        "一、标题",
        "第一段的头一行一直写到右边第二行2023年也是，第三行短。",
        "第二段接着写到右边缘为止到下一行。",
    ]


# ---------------------------------------------------------------- what is no document


def test_what_is_no_document_is_told() -> None:
    assert reason(b"") == "empty"
    assert reason(support.plain_workbook("a")) == "not_document"
    assert reason(support.zipped({"a.txt": b"a"})) == "not_document"
    assert reason(b"\x01\x02\x03") == "not_document"
    assert reason(support.compound_file("Workbook")) == "not_document"
    assert reason(b"PK\x03\x04 cut") == "truncated"


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)
    return file.getvalue()


def deep_word() -> bytes:
    inner = "<w:tbl><w:tr><w:tc>" * 60 + "</w:tc></w:tr></w:tbl>" * 60
    xml = f"<w:document {nsdecls('w')}><w:body>{inner}</w:body></w:document>"
    return support.zipped({"word/document.xml": xml.encode()})


def pdf(*objects: bytes, also: bytes = b"") -> bytes:
    """A PDF file of these objects; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    start, count = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % count
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (count, also)
    return bytes(out) + b"startxref\n%d\n%%%%EOF" % start


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"


def locked_pdf() -> bytes:
    password = b"<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>" % (b"a" * 32, b"b" * 32)
    return pdf(CATALOGUE, ONE_PAGE, PAGE, password, also=b"/Encrypt 4 0 R/ID[<00><00>]")


def pages_without_end() -> bytes:
    return pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1000000>>")


def many_lines() -> bytes:
    drawn = zlib.compress(b"0 0 m 0 842 l S\n" * 150_000)
    head = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(drawn)
    return pdf(CATALOGUE, ONE_PAGE, PAGE, head + drawn + b"\nendstream")


def odt(body: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    xml = (
        f"<office:document-content {spaces}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )
    mimetype = b"application/vnd.oasis.opendocument.text"
    return support.zipped({"mimetype": mimetype, "content.xml": xml.encode()})


HOSTILE = {
    "a PDF with a password": (locked_pdf, "encrypted"),
    "a PDF of a million pages": (pages_without_end, "too_large"),
    "a PDF of many lines": (many_lines, "too_large"),
    "many cells of OpenDocument": (
        lambda: odt(
            "<table:table><table:table-row>"
            + "<table:table-cell/>" * 30_000
            + "</table:table-row></table:table>"
        ),
        "too_large",
    ),
    "a Word bomb": (bomb, "bomb"),
    "deep Word tables": (deep_word, "bomb"),
    "a document type": (
        lambda: support.zipped({"word/document.xml": b"<!DOCTYPE a><a/>"}),
        "dtd",
    ),
    "a page of many tags": (lambda: b"<html>" + b"<b>" * 500_000, "too_large"),
    "a page of many cells": (
        lambda: b"<html><table><tr>" + b"<td>1" * 30_000,
        "too_large",
    ),
    "deep tables of a page": (
        lambda: b"<html>" + b"<table><tr><td>" * 60 + b"1",
        "bomb",
    ),
    "long text": (lambda: "字".encode() * 1_100_000, "too_large"),
    "many cells of text": (lambda: b"1\t" * 30_000, "too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_documents_made_to_take_long_are_refused(name: str) -> None:
    make, wanted = HOSTILE[name]
    assert reason(make()) == wanted


HUGE = str(10**9)
EXPANDING = {
    "spaces": odt(f'<text:p><text:s text:c="{HUGE}"/></text:p>'),
    "repeated": odt(
        f'<table:table><table:table-row table:number-rows-repeated="{HUGE}">'
        f'<table:table-cell table:number-columns-repeated="{HUGE}"><text:p>1</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    ),
    "spans of a page": f"<table><tr><td colspan={HUGE} rowspan={HUGE}>1".encode(),
}


@pytest.mark.parametrize("name", EXPANDING)
def test_what_would_expand_is_not_expanded(name: str) -> None:
    """Spans and spaces beyond any page are cut, what is printed is read."""
    document = read_document(EXPANDING[name])
    cells = [cell for table in tables(document) for cell in table]
    assert len(cells) <= DOCUMENT.table_cells
    assert sum(len(said) for said in passages(document)) <= DOCUMENT.text
