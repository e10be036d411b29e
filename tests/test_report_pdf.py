"""The Word report as LibreOffice sets it: pages, lines, characters, numbers of pages."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import docx
import pytest

from tests import engines
from tests.own_reports import FIELDS
from tests.published import NAMES
from tests.support import is_a_sentence_for_clerks
from tests.test_report import FORM, HOSTILE, TEXTS, figures, made, of, zeros
from workbook_builder.model.errors import CampaignError
from workbook_builder.outputs import office
from workbook_builder.outputs.report_docx import docx as word

pytestmark = pytest.mark.engine
ACROSS, DOWN = 28, 22
DAY = date(2025, 12, 31)


@pytest.fixture(scope="module")
def documents() -> Mapping[str, bytes]:
    full = {**TEXTS, "overview_proactive": "国" * ACROSS * DOWN * 3}
    nasty = dict.fromkeys((t.id for t in FORM.narratives), "\n".join(HOSTILE.values()))
    return {
        **{name: word(of(name)) for name in NAMES},
        "lines": word(made(zeros(), full, FIELDS)),
        "hostile": word(made(zeros(), nasty, FIELDS)),
        "empty": word(made()),
    }


@pytest.fixture(scope="module")
def printed(
    documents: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Path]:
    engines.require("libreoffice")
    folder = tmp_path_factory.mktemp("pdf")
    for name, data in office.pdf(documents, DAY).items():
        (folder / f"{name}.pdf").write_bytes(data)
    return {name: folder / f"{name}.pdf" for name in documents}


def pages(path: Path) -> list[str]:
    """The text of each page, laid out."""
    run = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True
    )
    return run.stdout.decode().split("\f")[:-1]


def squashed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_set_on_four_pages_with_every_figure(
    printed: Mapping[str, Path], name: str
) -> None:
    found = pages(printed[name])
    assert len(found) == 4
    (table,) = [page for page in found if "三、收到和处理" in squashed(page)]
    assert "一、本年新收" in squashed(table)
    assert "四、结转下年度继续办理" in squashed(table)  # the table is not torn in two
    for cell in ("applications.received.total", "applications.closed.total"):
        assert re.search(rf"(?<!\d){figures(name)[cell]}(?!\d)", table)
    assert squashed(found[-1]).endswith(f"{FIELDS['date']}-4-")


def test_a_page_has_22_lines_of_28_characters(printed: Mapping[str, Path]) -> None:
    """GB/T 9704—2012, 5.2."""
    found = [
        [line.strip() for line in page.splitlines() if "国" * 5 in line]
        for page in pages(printed["lines"])
    ]
    whole = max(found, key=len)
    assert len(whole) == DOWN
    assert {len(line) for line in whole} == {ACROSS}


def test_pages_are_numbered_at_the_outer_edge(printed: Mapping[str, Path]) -> None:
    for number, page in enumerate(pages(printed["lines"]), 1):
        last = [line for line in page.splitlines() if line.strip()][-1]
        assert squashed(last) == f"-{number}-"
        assert (len(last) - len(last.lstrip()) > 15) == (number % 2 == 1)


def test_heads_of_a_table_that_goes_on_are_repeated(tmp_path: Path) -> None:
    """Here the office has to tear the table: nothing keeps it together."""
    engines.require("libreoffice")
    document = docx.Document(io.BytesIO(word(of(NAMES[0]))))
    table = document.tables[1]
    for cell in table._cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = None
            paragraph.paragraph_format.space_after = docx.shared.Pt(14)
    buffer = io.BytesIO()
    document.save(buffer)
    path = tmp_path / "torn.pdf"
    path.write_bytes(office.pdf({"torn": buffer.getvalue()}, DAY)["torn"])
    heads = [page for page in pages(path) if "法人或其他组织" in squashed(page)]
    assert len(heads) >= 2


def test_hostile_and_empty_reports_open(printed: Mapping[str, Path]) -> None:
    flat = squashed("".join(pages(printed["hostile"])))
    assert "<script>alert(1)</script>" in flat
    assert "=cmd|'/Ccalc'!A0" in flat
    assert len(pages(printed["hostile"])) > 100  # 20,000 characters, seven times
    empty = squashed("".join(pages(printed["empty"])))
    assert empty.count("充】") > len(FORM.cells) / 2  # a narrow cell breaks the mark


def test_the_pdf_is_tagged_and_the_same_each_time(
    documents: Mapping[str, bytes], printed: Mapping[str, Path]
) -> None:
    path = printed[NAMES[0]]
    again = office.pdf({"x": documents[NAMES[0]]}, DAY)["x"]
    assert again == path.read_bytes()
    about = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True)
    said = dict(
        line.split(":", 1) for line in about.stdout.decode().splitlines() if ":" in line
    )
    assert said["Tagged"].strip() == "yes"
    assert "2025" in said["CreationDate"]
    assert "A4" in said["Page size"]


def test_fonts_that_are_asked_for_are_those_of_the_standard(
    documents: Mapping[str, bytes],
) -> None:
    """LibreOffice asks for what the styles say, whatever is installed here."""
    document = docx.Document(io.BytesIO(documents[NAMES[0]]))
    table = next(
        part
        for part in document.part.package.iter_parts()
        if part.partname == "/word/fontTable.xml"
    )
    fonts = ElementTree.fromstring(table.blob)
    names = Counter(value for font in fonts for value in font.attrib.values())
    assert set(names) >= {
        "方正小标宋简体",
        "仿宋_GB2312",
        "黑体",
        "楷体_GB2312",
        "宋体",
    }


# ---------------------------------------------------------------- when it goes wrong


def stand_in(path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name that behaves badly."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(path))


def test_an_office_that_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "child"
    stand_in(tmp_path / "soffice", f"sleep 300 & echo $! > {noted}; wait", monkeypatch)
    monkeypatch.setattr(office, "START", 1)
    monkeypatch.setattr(office, "EACH", 0)
    with pytest.raises(CampaignError) as error:
        office.pdf({"a": b""}, DAY)
    assert is_a_sentence_for_clerks(error.value.text.zh.replace("LibreOffice", ""))
    child = Path("/proc") / noted.read_text().strip() / "status"
    for _ in range(50):
        if not child.exists() or "State:\tZ" in child.read_text():
            return
        time.sleep(0.1)
    pytest.fail("what it started goes on")


def test_an_office_that_makes_nothing_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "soffice", "exit 0", monkeypatch)
    with pytest.raises(CampaignError) as error:
        office.pdf({"a": b""}, DAY)
    assert "没有转出 PDF" in error.value.text.zh
