"""The annual report: what it says, in Word and on the web, is what was reported."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from tests import support
from tests.own_reports import FIELDS
from tests.published import NAMES, published
from tests.tables import (
    by_labels,
    labels_of,
    web,
    web_grids,
    web_headers,
    word_grids,
    word_text,
)
from tests.test_published import answers
from workbook_builder.language.sentences import sentences
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.drawing import draw
from workbook_builder.model.period import Period
from workbook_builder.model.text import printable
from workbook_builder.model.values import number
from workbook_builder.outputs.page import html
from workbook_builder.outputs.report import (
    Contents,
    Paragraph,
    Report,
    ReportGrid,
    mark,
    report,
)
from workbook_builder.outputs.report_docx import docx as word
from workbook_builder.rules.verify import verify

FORM = support.form()
assert FORM.wording is not None
WORDING = FORM.wording
SHORT = "本单位按照要求做好本项工作，本年度情况正常。"
TEXTS = {text.id: f"{text.title}：{SHORT}" for text in FORM.narratives}


def figures(name: str) -> dict[str, Decimal]:
    """What a published report says, totals recomputed."""
    known = facts(FORM, answers(name))
    return {id_: v.number for id_, v in known.items() if v.number is not None}


@cache
def of(name: str) -> Report:
    printed = published(name, FORM)
    contents = Contents(
        printed.unit, Period(printed.year), figures(name), TEXTS, FIELDS
    )
    return report(FORM, WORDING, contents)


def made(
    figures_: Mapping[str, Decimal] | None = None,
    texts: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
    unit: str = "示例区",
) -> Report:
    return report(
        FORM,
        WORDING,
        Contents(unit, Period(2025), figures_ or {}, texts or {}, fields or {}),
    )


def zeros() -> dict[str, Decimal]:
    return {id_: Decimal(0) for id_ in FORM.cells}


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize("name", NAMES)
def test_a_published_report_comes_out_in_word_and_on_the_web(name: str) -> None:
    """Read back by label: each of the 200 figures, under its own labels."""
    wanted = {labels: figures(name)[id_] for labels, id_ in labels_of(FORM).items()}
    assert len(wanted) == 200
    assert by_labels(word_grids(word(of(name)))) == wanted
    assert by_labels(web_grids(html(of(name)))) == wanted
    inputs = published(name, FORM).inputs(FORM)
    assert {id_: figures(name)[id_] for id_ in inputs} == inputs


def test_every_figure_of_the_page_names_its_own_labels() -> None:
    bands = {block.band for table in FORM.tables for block in table.blocks}
    known = {
        (*cell.column_labels, *cell.row_labels): figures("suqian-2023")[cell.id]
        for cell in FORM.cells.values()
    }
    found = {
        tuple(head for head in heads if head not in bands): Decimal(text)
        for heads, text in web_headers(html(of("suqian-2023")))
    }
    assert found == known


def test_the_tables_have_the_merges_of_the_official_ones() -> None:
    """As in the workbook, whose merges are compared with the official template."""
    for table, grid in zip(FORM.tables, word_grids(word(of(NAMES[0]))), strict=True):
        drawing = draw(table)
        assert (len(grid), {len(row) for row in grid}) == (
            drawing.rows,
            {drawing.columns},
        )
        for label in drawing.labels:
            for row in range(label.row, label.row + label.rows):
                covered = grid[row][label.column : label.column + label.columns]
                assert set(covered) == {label.text}


def test_a_figure_that_is_not_known_is_marked_and_no_zero() -> None:
    lacking = "applications.received.natural"
    known = {id_: v for id_, v in zeros().items() if id_ != lacking}
    said = made(known, TEXTS, FIELDS)
    assert said.missing == ("表三 1 个数字",)
    cell = FORM.cells[lacking]
    for grids in (word_grids(word(said)), web_grids(html(said))):
        assert (cell.row_labels, cell.column_labels) not in by_labels(grids)
        assert sum(row.count(mark()) for grid in grids for row in grid) == 1


def test_amounts_are_printed_as_typed() -> None:
    amount = Decimal("59237.2449")
    said = made({**zeros(), "proactive.fees.amount": amount})
    assert "59237.2449" in web(html(said)).text_content()
    assert any("59237.2449" in row for row in word_grids(word(said))[0])


# ---------------------------------------------------------------- words


def test_the_report_is_that_of_the_notice() -> None:
    said = of("hongqi-2021")
    lines = word_text(word(said))
    assert lines[:2] == ["宝山区红旗街道办事处", "2021年政府信息公开工作年度报告"]
    preamble = "".join(paragraph.text for paragraph in said.preamble)
    assert "国办公开办函〔2021〕30号" in preamble
    assert "六个部分" in preamble
    assert "统计期限为2021年1月1日至2021年12月31日" in preamble
    for field in ("address", "postcode", "telephone", "email", "download"):
        assert FIELDS[field] in preamble
    assert [section.title for section in said.sections] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    assert lines[-2:] == ["宝山区红旗街道办事处", "2026年1月15日"]
    assert not said.missing


def test_word_and_web_say_the_same() -> None:
    said = of("suqian-2024")
    page = web(html(said))
    written = [p for p in word_text(word(said)) if p]
    shown = [
        e.text_content() for e in page.iter("span", "p", "h2", "h3")
        if e.get("class") != "vertical"
    ]  # fmt: skip
    assert shown == written


def test_nothing_is_made_up_where_nothing_was_written() -> None:
    said = made(zeros())
    assert set(said.missing) == {
        *(field.printed for field in FORM.fields if field.id in FIELDS),
        *(text.title for text in FORM.narratives),
    }
    for text in ("\n".join(word_text(word(said))), web(html(said)).text_content()):
        for part in said.missing:
            assert mark(part) in text
    marked = [
        run.text
        for paragraph in docx.Document(io.BytesIO(word(said))).paragraphs
        for run in paragraph.runs
        if run.font.highlight_color is not None
    ]
    assert marked == [each.text_content() for each in web(html(said)).iter("mark")]
    assert len(marked) == len(said.missing)


def test_blank_texts_are_missing_texts() -> None:
    blank = {text.id: " \n　\t" for text in FORM.narratives}
    assert made(zeros(), blank, {"address": " \n"}).missing == made(zeros()).missing


def test_a_text_is_set_a_paragraph_a_line_with_its_headings() -> None:
    said = made(
        zeros(),
        {"problems": "（一）存在的主要问题\n1.不足。\n\n(二) 改进措施\n改进。"},
    )
    problems = [p for p in said.sections[4].parts if isinstance(p, Paragraph)]
    assert [(p.role, p.text) for p in problems] == [
        ("heading", "（一）存在的主要问题"),
        ("body", "1.不足。"),
        ("heading", "(二) 改进措施"),
        ("body", "改进。"),
    ]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("2026-01-05", "2026年1月5日"),  # what a date cell is read as
        ("2026年1月15日", "2026年1月15日"),
        ("一月十五日", "一月十五日"),
    ],
)
def test_a_date_is_printed_as_reports_print_dates(typed: str, printed: str) -> None:
    assert word_text(word(made(fields={"date": typed})))[-1] == printed


def test_reasons_not_to_publish_stand_first() -> None:
    contents = Contents(
        "甲区", Period(2025), zeros(), TEXTS, FIELDS, ("【待补充】请勿公布",)
    )
    said = report(FORM, WORDING, contents)
    assert word_text(word(said))[0] == "【待补充】请勿公布"
    text = web(html(said)).find("body").text_content()
    assert text.index("请勿公布") < text.index("甲区")


# ---------------------------------------------------------------- sentences


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_sentences_offered_satisfy_the_checks_of_texts(data: st.DataObject) -> None:
    amounts = st.just(0) | st.integers(0, 5000)
    known = {
        c.id: Decimal(data.draw(amounts, label=c.id))
        if c.id.startswith(
            ("applications.received", "applications.carried", "disputes", "proactive")
        )
        else Decimal(0)
        for c in FORM.inputs
    }
    offered = sentences(FORM, "甲区", Period(2025), known)
    texts = {id_: "".join(said) for id_, said in offered.items()}
    assert texts
    assert not re.search(r"[{}]|None", "".join(texts.values()))
    said = Answers({id_: number(v) for id_, v in known.items()}, texts=texts)
    codes = {f.code for f in verify(FORM, said, Circumstances(Period(2025)))}
    assert not {code for code in codes if code.startswith("E")}


def test_sentences_say_what_the_tables_say() -> None:
    offered = sentences(FORM, "宿迁市", Period(2023), figures("suqian-2023"))
    said = "".join(offered["overview_on_request"])
    assert "新收政府信息公开申请3511件，上年结转96件" in said


def test_a_list_of_results_leaves_out_those_there_were_not() -> None:
    some = {"disputes.review.upheld": 3, "disputes.review.pending": 1}
    known = {**zeros(), **{id_: Decimal(n) for id_, n in some.items()}}
    said = sentences(FORM, "甲区", Period(2025), known)["overview_on_request"][-1]
    assert said == "政府信息公开行政复议案件4件，其中结果维持3件、尚未审结1件。"
    (offer,) = (each for each in WORDING.sentences if each.is_said(said))
    assert offer.is_said(said.replace("3", "5").replace("、尚未审结1件", ""))
    assert not offer.is_said(said.replace("、尚未", "和尚未"))
    assert not offer.is_said(said.replace("维持", "纠正"[:1]))


NONE = {
    "overview_proactive": (
        "2025年，制发行政规范性文件0件；截至年底，现行有效的行政规范性文件0件。",
        "2025年，作出行政许可决定0件、行政处罚决定0件、行政强制决定0件；收取行政事业性收费0万元。",
    ),
    "overview_on_request": (
        "2025年，未收到政府信息公开申请，没有上年结转的申请。",
        "未发生政府信息公开行政复议、行政诉讼案件。",
    ),
    "other_matters": ("2025年，无收取信息处理费情况。",),
}


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        (
            "disputes.review.upheld",
            "overview_on_request",
            "行政复议案件3件，其中结果维持3件",
        ),
        (
            "disputes.direct.other",
            "overview_on_request",
            "行政诉讼案件3件，其中未经复议",
        ),
        (
            "applications.carried_in.natural",
            "overview_on_request",
            "上年结转3件，办结0件",
        ),
        (
            "applications.received.natural",
            "overview_on_request",
            "新收政府信息公开申请3件",
        ),
        ("proactive.regulations.in_force", "overview_proactive", "现行有效的规章3件"),
        ("proactive.fees.amount", "other_matters", "收费通知【待补充：件数】件"),
    ],
)
def test_sentences_are_those_that_fit_the_figures(
    cell: str, text: str, said: str
) -> None:
    """Where there is nothing they say so, and nothing of nothings."""
    assert sentences(FORM, "甲区", Period(2025), zeros()) == NONE
    some = sentences(FORM, "甲区", Period(2025), {**zeros(), cell: Decimal(3)})
    assert said in "".join(some[text])
    assert some[text] != NONE[text]


def test_the_public_is_sent_to_the_office_that_is_named() -> None:
    def asked(**fields: str) -> str:
        contents = Contents("甲区", Period(2025), zeros(), TEXTS, {**FIELDS, **fields})
        return report(FORM, WORDING, contents).preamble[-1].text

    assert "请与甲区联系（" in asked()
    assert "请与甲区人民政府办公室联系（" in asked(office="甲区人民政府办公室")


def test_what_a_writer_marked_is_missing() -> None:
    texts = {**TEXTS, "problems": "整改情况：【待补充】。"}
    said = report(FORM, WORDING, Contents("甲区", Period(2025), zeros(), texts, FIELDS))
    assert said.missing == (FORM.narrative("problems").title,)
    (line,) = said.sections[-2].parts
    assert isinstance(line, Paragraph)
    assert line.runs[0].missing


def test_a_sentence_about_what_nobody_knows_is_not_offered() -> None:
    assert sentences(FORM, "甲区", Period(2025), {}) == {}
    known = {id_: v for id_, v in zeros().items() if id_ != "disputes.review.upheld"}
    assert "行政复议" not in "".join(
        sentences(FORM, "甲区", Period(2025), known)["overview_on_request"]
    )


# ---------------------------------------------------------------- type and layout


def xml(data: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(part).decode()


def test_page_and_type_are_those_of_the_standard() -> None:
    document = docx.Document(io.BytesIO(word(of("hongqi-2021"))))
    page = document.sections[0]
    assert [
        round(length.mm)
        for length in (
            page.page_width,
            page.page_height,
            page.top_margin,
            page.bottom_margin,
            page.left_margin,
            page.right_margin,
        )
        if length is not None
    ] == [210, 297, 37, 35, 28, 26]
    fonts = {}
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name].element
        (font,) = style.iter(qn("w:rFonts"))
        (size,) = style.iter(qn("w:sz"))
        fonts[name] = font.get(qn("w:eastAsia")), int(size.get(qn("w:val"))) / 2
        assert font.get(qn("w:eastAsiaTheme")) is None
    assert fonts == {
        "Normal": ("仿宋_GB2312", 16),
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
    }


def test_the_signature_is_on_one_page_with_what_stands_before_it() -> None:
    """GB/T 9704—2012, 7.3.5.5: no page has nothing but issuer and date."""
    lines = docx.Document(io.BytesIO(word(made(zeros(), TEXTS, FIELDS)))).paragraphs
    *above, date = lines[-4:]
    assert [p.text for p in above][1:] == ["", "示例区"]
    assert all(p.paragraph_format.keep_with_next for p in above)
    assert not date.paragraph_format.keep_with_next


def test_bands_are_shaded_the_result_label_is_upright_and_heads_repeat() -> None:
    body = xml(word(of("hongqi-2021")), "word/document.xml")
    bands = [
        block.band for table in FORM.tables for block in table.blocks if block.band
    ]
    assert body.count('w:fill="C6D9F1"') == len(bands) == 4
    upright = re.findall(r"<w:tc>(?:(?!</w:tc>).)*tbRlV(?:(?!</w:tc>).)*</w:tc>", body)
    assert "三、本年度办理结果" in upright[0]
    assert body.count("<w:tblHeader/>") == 3 + 3


def test_a_figure_of_many_digits_is_set_smaller() -> None:
    body = xml(
        word(made({**zeros(), "applications.received.natural": Decimal(99999999)})),
        "word/document.xml",
    )
    (size,) = re.findall(r'<w:sz w:val="(\d+)"/></w:rPr><w:t>99999999</w:t>', body)
    assert 8 <= int(size) < 20


def test_fields_are_page_numbers_only() -> None:
    data = word(made(zeros(), {"problems": 'INCLUDETEXT "c:\\x" { PAGE } =1+1'}))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {
            n: package.read(n).decode() for n in package.namelist() if n.endswith("l")
        }
    codes = [
        c
        for part in parts.values()
        for c in re.findall(r"<w:instrText[^>]*>([^<]*)", part)
    ]
    assert codes == ["PAGE", "PAGE"]
    assert not any("fldSimple" in part for part in parts.values())


def test_the_same_report_gives_the_same_bytes() -> None:
    first, second = (made(zeros(), TEXTS, FIELDS) for _ in range(2))
    assert word(first) == word(second)
    assert html(first) == html(second)
    with zipfile.ZipFile(io.BytesIO(word(first))) as package:
        assert {info.date_time[:3] for info in package.infolist()} == {(2025, 12, 31)}
    about = docx.Document(io.BytesIO(word(first))).core_properties
    assert (about.author, about.title) == (
        "示例区",
        "示例区2025年政府信息公开工作年度报告",
    )
    assert about.created is not None
    assert about.created.year == 2025


def test_the_document_is_valid(tmp_path: Path) -> None:
    for name, said in (("full", of("suqian-2024")), ("empty", made())):
        path = tmp_path / f"{name}.docx"
        path.write_bytes(word(said))
        result = OpenXmlValidator().validate(path)
        assert result.is_valid, list(result.errors)[:5]


# ---------------------------------------------------------------- hostile texts

HOSTILE = {
    "markup": "<script>alert(1)</script><b>&amp;</b>",
    "entity": "]]> &#x3c;img src=x onerror=alert(1)&#x3e; {{ 7*7 }} {% raw %}",
    "attribute": "\" onmouseover=\"alert(1) ' x='",
    "controls": "a\x00b\x08c\x1b[31md\x0be\x7ff\x85",
    "surrogates": "a\ud800b\udfffc",
    "noncharacters": "a\ufffeb\uffffc",
    "direction": "abc\u202egfedcba\u2066x",
    "formula": "=cmd|' /C calc'!A0",
    "long": "很长的文字，没有一个换行。" * 1600,
    "word": "w:instrText DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe",
    "unbreakable": "x" * 400 + "0" * 400,
    "astral": "𠮷野家 😀 ①②③",
    "brackets": "【待补充】【（一）主动公开】",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_printed_as_text(text: str) -> None:
    texts = dict.fromkeys((t.id for t in FORM.narratives), text)
    said = made(zeros(), texts, dict.fromkeys(FIELDS, text), unit=text[:200])
    wanted = printable(text)
    written = "\n".join(word_text(word(said)))
    assert wanted.split("\n")[0] in written
    data = html(said)
    page = web(data)
    assert wanted.split("\n")[0] in page.text_content()
    assert {e.tag for e in page.iter() if isinstance(e.tag, str)} <= KNOWN
    assert not [n for e in page.iter() for n in e.attrib if n.startswith("on")]
    assert not [e for e in page.iter() for n in ("src", "action") if e.get(n)]
    assert all(e.get("href").startswith("#") for e in page.iter("a"))
    assert by_labels(word_grids(word(said))) == by_labels(web_grids(data))


KNOWN = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav",
    "section", "div", "h1", "h2", "h3", "p", "span", "mark", "ul", "li", "a", "table",
    "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def test_what_cannot_be_printed_is_shown_as_such() -> None:
    assert printable("a\x00b\ud800c") == "a\ufffdb\ufffdc"
    assert printable("行一\r\n行二\r行三") == "行一\n行二\n行三"
    assert printable("制表\t，𠮷，é，＝") == "制表\t，𠮷，é，＝"


# ---------------------------------------------------------------- the page


def test_the_page_needs_nothing_and_is_marked_up() -> None:
    data = html(of("hongqi-2021")).decode()
    page = web(data.encode())
    assert page.get("lang") == "zh-CN"
    policy = [m.get("content") for m in page.iter("meta") if m.get("http-equiv")]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not re.findall(
        r"<script|<link|<img|url\(|@import|https?:", data.split("<body>")[0]
    )
    levels = [int(e.tag[1]) for e in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    for table in page.iter("table"):
        assert table.find("caption").text_content()
        frame = table.getparent()
        assert (frame.get("role"), frame.get("tabindex")) == ("region", "0")
        assert page.get_element_by_id(frame.get("aria-labelledby")).text_content()
        assert all(head.get("scope") and head.get("id") for head in table.iter("th"))
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def grids(said: Report) -> Iterator[ReportGrid]:
    for section in said.sections:
        for part in section.parts:
            if isinstance(part, ReportGrid):
                yield part


def test_a_table_of_the_report_leaves_no_hole() -> None:
    for grid in grids(of("hongqi-2021")):
        covered = [
            (row, column)
            for spot in grid.spots
            for row in range(spot.row, spot.row + spot.rows)
            for column in range(spot.column, spot.column + spot.columns)
        ]
        assert len(covered) == len(set(covered)) == grid.rows * len(grid.widths)
