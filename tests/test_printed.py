"""The pages that are signed: two of A4, readable, with every figure that counts."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from tests import engines, support
from tests.engines._base import Converter
from workbook_builder.model.answers import ALL_ZERO, REST_ZERO, Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.form import Form
from workbook_builder.model.values import number
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import PRINTED
from workbook_builder.workbook.plan import Formula
from workbook_builder.workbook.sheets.printed import printed_sheet, shared

EVERY = [form for name in support.FORMS.names() for form in support.FORMS.all_of(name)]
#: A4 less the margins of the sheet, in points.
PAGE = 842 - (0.45 + 0.55) * 72


def job(form: Form, answers: Answers | None = None) -> Job:
    campaign = Campaign(
        "c", form.id, form.edition, form.first_period, "示例区", key="k"
    )
    return Job(form, support.unit(), campaign, answers or Answers())


@pytest.mark.parametrize("form", EVERY, ids=lambda form: f"{form.id} {form.edition}")
def test_each_page_holds_what_is_on_it(form: Form) -> None:
    sheet = printed_sheet(job(form))
    pages = [0, *sheet.page_breaks, max(sheet.heights) + 1]
    assert len(pages) - 1 == 2
    for first, last in pairwise(pages):
        high = sum(h for row, h in sheet.heights.items() if first <= row < last)
        assert high <= PAGE


@pytest.mark.parametrize("form", EVERY, ids=lambda form: f"{form.id} {form.edition}")
def test_every_figure_is_printed_once_and_a_declared_zero_as_0(form: Form) -> None:
    tables = frozenset(table.id for table in form.tables)
    said = Answers(declared=tables, rest_zero=tables)
    figures = [
        item.content
        for item in printed_sheet(job(form, said)).items
        if item.style in {"print_count", "print_amount"}
    ]
    assert len(figures) == len(form.cells)
    shown = [each.result for each in figures if isinstance(each, Formula)]
    assert shown == [0] * len(form.cells)


def test_the_first_explanations_are_printed_with_their_checks() -> None:
    form = support.form()
    answers = replace(support.filled(form), explanations={"B1.natural": support.REASON})
    known = {"applications.carried_out.natural": Decimal(1)}
    told = Job(form, support.unit(), support.campaign(), answers, known)
    lines = [i.content for i in printed_sheet(told).items if i.style == "print_line"]
    said = [each.result for each in lines if isinstance(each, Formula)]
    assert str(said[0]).startswith("B1 ")
    assert str(said[0]).endswith(f"：{support.REASON}")
    assert set(said[1:]) == {""}


@pytest.mark.parametrize(
    ("widths", "spans"),
    [
        ([1] * 15, [1] * 15),
        ([24, 22, 22, 22], [4, 4, 4, 3]),
        ([554, 1060, 3132, *[714] * 7], [1, 2, 5, *[1] * 7]),
        ([1000, 1, 1], [13, 1, 1]),
        ([3], [15]),
    ],
)
def test_columns_are_shared_out(widths: list[float], spans: list[int]) -> None:
    assert shared(15, widths) == spans


@pytest.mark.engine
def test_on_paper_it_is_two_pages_of_nine_points(tmp_path: Path) -> None:
    form = support.form()
    answers = Answers(
        values={"applications.received.natural": number(1204)},
        declared=frozenset({"applications", "disputes"}),
        rest_zero=frozenset({"applications"}),
        fields={"head": "张三"},
    )
    assert {answers.declaration(t) for t in answers.declared} == {ALL_ZERO, REST_ZERO}
    data = build_workbook(form, support.unit(), support.campaign(), answers)
    office = engines.require("libreoffice")
    assert isinstance(office, Converter)
    file = tmp_path / "a.pdf"
    file.write_bytes(office.convert(data, "pdf"))
    xml = subprocess.run(
        ["pdftohtml", "-xml", "-stdout", "-i", str(file)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    sizes = {
        id_: int(size)
        for id_, size in re.findall(r'fontspec id="(\d+)" size="(\d+)"', xml)
    }
    pages = xml.split("<page ")[1:][-2:]
    assert all("核对码" in page for page in pages)
    assert "张三" in pages[-1]
    assert "1,204" in pages[-1]
    used = {font for page in pages for font in re.findall(r'font="(\d+)"', page)}
    assert min(sizes[font] for font in used) >= 9 * 1.5 - 0.5  # its pixels, rounded
    assert PRINTED == "打印页"
