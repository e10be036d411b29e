"""The report as a Word document, in the type and layout of GB/T 9704—2012.

A4; type area 156 mm × 225 mm of 22 lines of 28 characters; title in 方正小标宋简体, text
in 仿宋_GB2312, headings in 黑体 and 楷体_GB2312, tables in 宋体. Computers without these
fonts take the ones named beside them in :mod:`~workbook_builder.outputs.fonts`. The same
report gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from math import floor
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import _Footer
from docx.shared import Mm, Pt, Twips
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from workbook_builder.model.drawing import BAND_SHADE
from workbook_builder.outputs.fonts import (
    FIRST,
    FONTS,
    SECOND,
    TABLE,
    TEXT,
    TITLE,
    Font,
)
from workbook_builder.outputs.report import Paragraph, Report, ReportGrid, Spot, TextRun

LATIN = "Times New Roman"

#: Twips. 225 mm ÷ 22 lines; 156 mm ÷ 28 characters, set in 16 points (3号). The
#: characters are drawn together rather than put on a grid: suites disagree on grids.
LINE = 579
CLOSER = 156 / 25.4 * 1440 / 28 - 16 * 20
WIDTH = 8844
NARROWEST, MARGIN = 440, 40
"""Twips: a column of a table for characters set upright, and the edges of a cell."""

#: Of python-docx's template: a picture of it, and styles of Word 2007 that differ.
UNWANTED = ("/thumbnail", "/stylesWithEffects", "/customXml")

Element = Any  # lxml publishes no types


def docx(report: Report) -> bytes:
    """The document's bytes."""
    document = Document()
    _set_up(document, report)
    for warning in report.warnings:
        _paragraph(document, Paragraph((TextRun(warning, missing=True),)), "Normal")
    for line in report.title:
        _paragraph(document, line, "Title")
    _empty_line(document)
    for line in report.preamble:
        _paragraph(document, line, "Normal")
    for section in report.sections:
        _paragraph(document, Paragraph((TextRun(section.title),)), "Heading 1")
        for part in section.parts:
            if isinstance(part, ReportGrid):
                _table(document, part)
            else:
                style = "Heading 2" if part.role == "heading" else "Normal"
                _paragraph(document, part, style)
    _sign(document, report)
    return _fixed(document, report.period.last_day)


# ---------------------------------------------------------------- page and styles


def _set_up(document: Word, report: Report) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.header_distance, page.footer_distance = Mm(15), Mm(24)
    grid = page._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = _element("w:docGrid")
        page._sectPr.append(grid)
    _set(grid, type="lines", linePitch=LINE)
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(page.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number_pages(page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    _name_fonts(document)
    _styles(document)
    _modern(document)
    about = document.core_properties
    about.title, about.author, about.language = report.name, report.unit, "zh-CN"
    about.subject = about.keywords = about.comments = about.category = ""
    about.last_modified_by = report.unit
    about.created = about.modified = datetime.combine(report.period.last_day, time())
    about.revision = 1


def _styles(document: Word) -> None:
    # (style, font, half points, alignment, characters of first-line indent)
    left, centre = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
    justified = WD_ALIGN_PARAGRAPH.JUSTIFY
    for name, font, size, alignment, indent in (
        ("Normal", TEXT, 32, justified, 2),
        ("Title", TITLE, 44, centre, 0),
        ("Heading 1", FIRST, 32, left, 2),
        ("Heading 2", SECOND, 32, left, 2),
        ("Footer", TABLE, 28, left, 0),
    ):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        _set_font(style, font, size)
        shape = style.paragraph_format
        shape.alignment = alignment
        shape.space_before = shape.space_after = Pt(0)
        # Exactly, so that 22 lines fill a page whatever the font's own leading is.
        shape.line_spacing = Twips(LINE if name != "Title" else round(LINE * 1.25))
        shape.keep_with_next = name.startswith(("Title", "Heading"))
        shape.widow_control = name == "Normal"
        _indent(style.element.get_or_add_pPr(), indent)
        borders = style.element.pPr.find(qn("w:pBdr"))
        if borders is not None:
            style.element.pPr.remove(borders)  # the line below python-docx's title


def _set_font(style: ParagraphStyle, font: Font, half_points: int) -> None:
    style.font.bold = style.font.italic = False
    properties = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:color", "w:sz", "w:szCs", "w:spacing", "w:kern"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    style.font.name = LATIN
    properties.find(qn("w:rFonts")).set(qn("w:eastAsia"), font.name)
    style.font.size = Pt(half_points / 2)
    if font in (TEXT, FIRST, SECOND):
        closer = _element("w:spacing", val=floor(CLOSER))
        properties.insert_element_before(closer, "w:sz", "w:szCs", "w:lang")


def _indent(properties: Element, characters: int) -> None:
    """The first line, in characters of whatever size the paragraph has."""
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    indent = properties._add_ind()
    _set(indent, firstLineChars=characters * 100, firstLine=characters * 320)


def _name_fonts(document: Word) -> None:
    """What stands in for a font that is not installed."""
    declared = "".join(
        f'<w:font w:name="{font.name}"><w:altName w:val="{font.other}"/>'
        f'<w:charset w:val="86"/><w:family w:val="{font.family}"/></w:font>'
        for font in FONTS
    )
    xml = f"<w:fonts {nsdecls('w')}>{declared}</w:fonts>"
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = (
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + xml
            ).encode()


def _modern(document: Word) -> None:
    """Not in compatibility mode; Chinese; without what is left of the template."""
    compat = document.settings.element.find(qn("w:compat"))
    for setting in compat.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            _set(setting, val=15)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        _set(language, val="en-US", eastAsia="zh-CN")
    for relations in (document.part.package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(UNWANTED):
                del relations[key]


def _number_pages(footer: _Footer, alignment: WD_ALIGN_PARAGRAPH) -> None:
    """“- 1 -”, one character from the outer edge. The only field of the document."""
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.alignment = alignment
    side = "right" if alignment is WD_ALIGN_PARAGRAPH.RIGHT else "left"
    indent = line._p.get_or_add_pPr()._add_ind()
    _set(indent, **{f"{side}Chars": 100, side: 280, "firstLine": 0})
    line.add_run("- ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("end", "")):
        run = line.add_run()
        if kind:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            run._r.append(_text("w:instrText", text))
        if kind == "separate":
            line.add_run("1")
    line.add_run(" -")


# ---------------------------------------------------------------- text


def _paragraph(document: Word, paragraph: Paragraph, style: str) -> WordParagraph:
    line = document.add_paragraph(style=style)
    for run in paragraph.runs:
        written = line.add_run(run.text)
        if run.missing:
            written.font.highlight_color = WD_COLOR_INDEX.YELLOW
    if paragraph.role == "address":
        _indent(line._p.get_or_add_pPr(), 0)
    return line


def _empty_line(document: Word) -> None:
    document.add_paragraph(style="Normal")


def _sign(document: Word, report: Report) -> None:
    """Who and when, at the right, four characters from the edge; on one page, with the
    paragraph before them (GB/T 9704—2012, 7.3.5.5)."""
    before = document.paragraphs[-1:]
    _empty_line(document)
    for line in report.signature:
        for above in (*before, document.paragraphs[-1]):
            above.paragraph_format.keep_with_next = True
        written = _paragraph(document, line, "Normal")
        written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        written.paragraph_format.keep_together = True
        _set(written._p.get_or_add_pPr()._add_ind(), rightChars=400, right=1280)


# ---------------------------------------------------------------- tables


def _table(document: Word, grid: ReportGrid) -> None:
    widths = _columns(grid)
    table = parse_xml(_OPENING.format(nsdecls("w"), sum(widths)))
    name = _element("w:tblCaption", val=grid.caption)
    table.tblPr.append(name)
    columns = table.find(qn("w:tblGrid"))
    for width in widths:
        columns.append(_element("w:gridCol", w=width))
    for row in range(grid.rows):
        table.append(_row(grid, row, widths))
    document.element.body.insert_element_before(table, "w:sectPr")


_OPENING = (
    '<w:tbl {0}><w:tblPr><w:tblW w:w="{1}" w:type="dxa"/><w:jc w:val="center"/>'
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
    f'<w:left w:w="{MARGIN}" w:type="dxa"/><w:right w:w="{MARGIN}" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr><w:tblGrid/></w:tbl>"
)


def _columns(grid: ReportGrid) -> list[int]:
    """The widths in twips, as wide as the text together."""
    scale = WIDTH / sum(grid.widths)
    widths = [max(NARROWEST, round(width * scale)) for width in grid.widths]
    widest = widths.index(max(widths))
    widths[widest] += WIDTH - sum(widths)
    return widths


def _row(grid: ReportGrid, row: int, widths: list[int]) -> Element:
    line = _element("w:tr")
    properties = _element("w:trPr")
    properties.append(_element("w:cantSplit"))
    properties.append(_element("w:trHeight", val=340, hRule="atLeast"))
    if row < grid.head_rows:
        properties.append(_element("w:tblHeader"))
    properties.append(_element("w:jc", val="center"))
    line.append(properties)
    for spot, begins in _across(grid, row):
        width = sum(widths[spot.column : spot.column + spot.columns])
        line.append(_cell(grid, spot, width, begins))
    return line


def _across(grid: ReportGrid, row: int) -> Iterator[tuple[Spot, bool]]:
    """What lies on a row from left to right, and whether it begins there."""
    found = [spot for spot in grid.spots if spot.row <= row < spot.row + spot.rows]
    for spot in sorted(found, key=lambda spot: spot.column):
        yield spot, spot.row == row


def _cell(grid: ReportGrid, spot: Spot, width: int, begins: bool) -> Element:
    cell = _element("w:tc")
    properties = _element("w:tcPr")
    properties.append(_element("w:tcW", w=width, type="dxa"))
    if spot.columns > 1:
        properties.append(_element("w:gridSpan", val=spot.columns))
    if spot.rows > 1:
        properties.append(
            _element("w:vMerge", **({"val": "restart"} if begins else {}))
        )
    if spot.role == "band":
        fill = _element("w:shd", val="clear", color="auto", fill=BAND_SHADE)
        properties.append(fill)
    if spot.role == "vertical":
        properties.append(_element("w:textDirection", val="tbRlV"))
    properties.append(_element("w:vAlign", val="center"))
    cell.append(properties)
    cell.append(_cell_text(grid, spot, width if begins else None))
    return cell


def _cell_text(grid: ReportGrid, spot: Spot, width: int | None) -> Element:
    """The one paragraph of a cell; empty, without a width, where a spot goes on."""
    paragraph = _element("w:p")
    properties = _element("w:pPr")
    if spot.row + spot.rows < grid.rows:
        # A table that fits on one page is not torn in two.
        properties.append(_element("w:keepNext"))
    properties.append(_element("w:snapToGrid", val=0))
    properties.append(
        _element("w:spacing", before=0, after=0, line=240, lineRule="atLeast")
    )
    properties.append(_element("w:ind", firstLineChars=0, firstLine=0))
    properties.append(_element("w:jc", val=_alignment(grid, spot)))
    paragraph.append(properties)
    if width is not None:
        paragraph.append(_cell_run(spot, width))
    return paragraph


def _alignment(grid: ReportGrid, spot: Spot) -> str:
    left = spot.role == "band" or spot.wide
    left = left or (spot.role == "stub" and grid.stub_columns > 1)
    return "left" if left else "center"


def _cell_run(spot: Spot, width: int) -> Element:
    run = _element("w:r")
    properties = _element("w:rPr")
    fonts = _element(
        "w:rFonts", ascii=TABLE.name, hAnsi=TABLE.name, eastAsia=TABLE.name
    )
    properties.append(fonts)
    properties.append(_element("w:spacing", val=0))
    properties.append(_element("w:sz", val=_size(spot, width)))
    if spot.missing:
        properties.append(_element("w:highlight", val="yellow"))
    run.append(properties)
    run.append(_text("w:t", spot.text))
    return run


def _size(spot: Spot, width: int) -> int:
    """Half points: 10 points, less for a mark or a figure too long for its column."""
    if spot.missing:
        return 14
    if spot.role != "figure":
        return 20
    room = (width - 2 * MARGIN) / 10 / max(1, len(spot.text)) * 2  # a digit is half
    return max(8, min(20, floor(room)))


# ---------------------------------------------------------------- XML and package


def _element(tag: str, **attributes: str | int) -> Element:
    return _set(OxmlElement(tag), **attributes)


def _text(tag: str, text: str) -> Element:
    element = _element(tag)
    element.text = text
    return element


def _set(element: Element, **attributes: str | int) -> Element:
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element


def _fixed(document: Word, day: date) -> bytes:
    """The package with one date on every part, whenever it is made."""
    made = io.BytesIO()
    document.save(made)
    fixed = io.BytesIO()
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(fixed, "w") as package:
        for name in parts.namelist():
            info = zipfile.ZipInfo(
                name, (max(day.year, 1980), day.month, day.day, 0, 0, 0)
            )
            package.writestr(info, parts.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
