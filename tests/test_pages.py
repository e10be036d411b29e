"""Published pages in a real browser: readable on a phone, by a screen reader, in the
dark and on paper, without a word of complaint on the console.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests import browser, support
from tests.tables import web
from tests.test_report import HOSTILE, made, of, zeros
from workbook_builder.model.form import Form
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.outputs.page import html
from workbook_builder.outputs.progress import progress_page
from workbook_builder.pipeline import PROGRESS, collect
from workbook_builder.pipeline.surveying import survey

FORM: Form = support.form()
NASTY = "<script>alert('1')</script>\"&amp;"


def units() -> Roster:
    known = support.roster("U1", "U2", "U3", "U4")
    return Roster((*known.units, Unit("U5", NASTY, "Q"), Unit("U6", "乙", "Q")))


def summary(path: Path) -> Summary:
    """Two accepted, one of them late; one rejected, one to be explained, one missing."""
    known = units()
    by_code = known.by_code
    bad = support.workbook({"disputes.review.upheld": "二<b>件"}, by_code["U2"])
    doubtful = support.workbook(
        {"proactive.regulations.in_force": 0, "proactive.fees.amount": 20000},
        by_code["U3"],
    )
    files = {
        "1.xlsx": support.workbook(support.BUSY, by_code["U1"]),
        "2.xlsx": bad,
        "3.xlsx": doubtful,
        "5.xlsx": support.workbook(support.BUSY, by_code["U5"]),
        "<img src=x onerror=alert(1)>.xlsx": b"none",
    }
    # Tests put files into the inbox from 2026-02-02 on, one each hour.
    campaign = replace(support.campaign(), deadline=date(2026, 2, 2))
    made_ = support.folder(path, known, files, campaign)
    late = support.workbook(support.BUSY, by_code["U4"])
    support.deliver(made_, "4.xlsx", late, hour=24 * 20)
    whole, _ = survey(made_, made_.expected(), made_.history())
    return whole


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    nasty = "\n".join(HOSTILE.values())
    texts = dict.fromkeys((text.id for text in FORM.narratives), nasty)
    contents = {
        "report": html(of("suqian-2023")),
        "empty": html(made()),
        "hostile": html(made(zeros(), texts, {"address": nasty}, unit=NASTY)),
        "progress": b"".join(progress_page(summary(folder / "campaign"))),
    }
    for name, data in contents.items():
        (folder / f"{name}.html").write_bytes(data)
    return {name: folder / f"{name}.html" for name in contents}


PAGES = ("report", "empty", "hostile", "progress")

# ---------------------------------------------------------------- in the browser


@pytest.mark.engine
@pytest.mark.parametrize("name", PAGES)
def test_the_console_stays_silent_and_nothing_is_loaded(
    pages: Mapping[str, Path], name: str
) -> None:
    window = browser.require()
    window.open(pages[name])
    assert window.complaints() == []
    assert window.ask("return performance.getEntriesByType('resource').length") == 0
    assert window.ask("return document.scripts.length") == 0
    assert (
        window.ask("return document.querySelectorAll('img, iframe, object').length")
        == 0
    )


@pytest.mark.engine
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_a_page_is_never_wider_than_the_screen(
    pages: Mapping[str, Path], name: str, width: int
) -> None:
    window = browser.require()
    window.open(pages[name], width)
    assert window.ask("return document.documentElement.scrollWidth") <= width
    assert window.ask("return window.innerWidth") == width


@pytest.mark.engine
def test_a_wide_table_scrolls_in_a_region_the_keyboard_reaches(
    pages: Mapping[str, Path],
) -> None:
    window = browser.require()
    window.open(pages["report"], 390)
    regions = window.ask(
        "return [...document.querySelectorAll('.wide')].map(e => { e.focus(); return "
        "[document.activeElement === e, e.scrollWidth > e.clientWidth, "
        "getComputedStyle(e).overflowX]; })"
    )
    assert [region[0] for region in regions] == [True] * 3
    assert {region[2] for region in regions} == {"auto"}
    assert [region[1] for region in regions] == [False, True, True]
    named = [n for n in window.accessible() if n["role"] == "region" and n["name"]]
    assert {n["name"] for n in named} >= {
        "表：主动公开政府信息情况",
        "表：收到和处理政府信息公开申请情况",
        "表：政府信息公开行政复议、行政诉讼情况",
    }


@pytest.mark.engine
def test_a_screen_reader_finds_tables_with_their_headers(
    pages: Mapping[str, Path],
) -> None:
    window = browser.require()
    window.open(pages["report"])
    tree = window.accessible()
    roles = Counter(node["role"] for node in tree)
    assert roles["table"] == 3
    assert roles["cell"] == len(FORM.cells)
    columns = {n["name"] for n in tree if n["role"] == "columnheader"}
    rows = {n["name"] for n in tree if n["role"] == "rowheader"}
    for cell in FORM.cells.values():
        assert cell.column_labels[-1] in columns
        assert not cell.row_labels or cell.row_labels[-1] in rows
    assert roles["LayoutTable"] == 0
    headings = [n["name"] for n in tree if n["role"] == "heading"]
    assert "三、收到和处理政府信息公开申请情况" in headings
    assert roles["main"] == 1
    assert roles["navigation"] == 1


@pytest.mark.engine
@pytest.mark.parametrize("name", ["report", "progress"])
def test_a_page_is_dark_where_the_screen_is(
    pages: Mapping[str, Path], name: str
) -> None:
    window = browser.require()
    background = "return getComputedStyle(document.body).backgroundColor"
    looks = []
    for dark in (False, True):
        window.open(pages[name], 800, dark)
        looks.append((window.ask(background), window.picture()))
    assert [colour for colour, _ in looks] == ["rgb(255, 255, 255)", "rgb(22, 24, 28)"]
    assert looks[0][1] != looks[1][1]


CONTRAST = """
const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => {
    v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (c !== 'rgba(0, 0, 0, 0)') return c; } };
const low = [];
for (const e of document.body.querySelectorAll('*')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || e.closest('svg')) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push([e.tagName, e.className, ratio]);
}
return low;
"""


@pytest.mark.engine
@pytest.mark.parametrize("name", ["empty", "progress"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(
    pages: Mapping[str, Path], name: str, dark: bool
) -> None:
    """WCAG AA: 4.5 to 1."""
    window = browser.require()
    window.open(pages[name], 1200, dark)
    assert window.ask(CONTRAST) == []


@pytest.mark.engine
def test_a_printed_page_is_whole(pages: Mapping[str, Path], tmp_path: Path) -> None:
    window = browser.require()
    window.open(pages["report"])
    path = tmp_path / "report.pdf"
    path.write_bytes(window.printed())
    said = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True
    ).stdout.decode()
    flat = "".join(said.split())
    for text in (
        "六、其他需要报告的事项",
        "行政事业性收费",
        "结转下年度继续办理",
        "3511",
    ):
        assert text in flat
    assert "目录" not in flat
    # Nothing is cut off at the right: the last column of table 三 is there.
    assert "总计" in flat or "总" in flat


# ---------------------------------------------------------------- progress


@pytest.mark.engine
def test_units_can_be_filtered_without_a_script(pages: Mapping[str, Path]) -> None:
    window = browser.require()
    window.open(pages["progress"])
    shown = (
        "return [...document.querySelectorAll('.units tbody tr')]"
        ".filter(e => e.offsetHeight).map(e => e.cells[0].textContent)"
    )
    assert window.ask(shown) == ["U1", "U2", "U3", "U4", "U5", "U6"]
    for state, codes in (
        ("missing", ["U6"]),
        ("rejected", ["U2"]),
        ("needs_explanation", ["U3"]),
        ("accepted", ["U1", "U4", "U5"]),
        ("all", ["U1", "U2", "U3", "U4", "U5", "U6"]),
    ):
        window.click(f"label[for=only-{state}]")
        assert window.ask(shown) == codes
    window.ask("document.querySelector('#only-all').focus()")
    window.press("ArrowRight", 39)
    assert window.ask(shown) == ["U1", "U4", "U5"]
    charts = [n["name"] for n in window.accessible() if n["role"] == "image"]
    assert "各单位状态：通过 3，待说明 1，退回 1，未报 1" in charts


def test_the_progress_page_says_who_has_returned_what(
    pages: Mapping[str, Path],
) -> None:
    page = web(pages["progress"].read_bytes())
    facts = dict(
        zip(
            (e.text_content() for e in page.iter("dt")),
            (e.text_content() for e in page.iter("dd")),
            strict=True,
        )
    )
    assert facts == {
        "应报单位": "6", "已报": "5", "未报": "1", "计入汇总": "3", "按时报送": "4",
    }  # fmt: skip
    rows = {
        row.findall("td")[0].text_content(): " ".join(row.text_content().split())
        for row in page.xpath("//table[@class='units']/tbody/tr")
    }
    assert "逾期" in rows["U4"]
    assert "2026-02-22" in rows["U4"]
    assert "二<b>件" in rows["U2"]
    assert "强制 1" in rows["U2"]
    assert "核实 1" in rows["U3"]
    assert NASTY in rows["U5"]
    assert "<img src=x onerror=alert(1)>.xlsx：无法读取" in page.text_content()


def test_a_campaign_without_deadline_or_returns_has_a_page(tmp_path: Path) -> None:
    empty = support.folder(tmp_path / "a", support.roster("U1", "U2"))
    collect(empty)
    page = web((empty.results / PROGRESS).read_bytes())
    assert "未报 2" in page.text_content()
    whole, _ = survey(empty, empty.expected(), empty.history())
    timeless = replace(whole, campaign=replace(whole.campaign, deadline=None))
    assert (
        "截止" not in web(b"".join(progress_page(timeless))).find("body").text_content()
    )


def test_the_progress_page_is_the_same_for_the_same_inbox(tmp_path: Path) -> None:
    whole = summary(tmp_path / "a")
    assert [*progress_page(whole)] == [*progress_page(whole)]


def test_the_page_says_when_the_first_return_came(tmp_path: Path) -> None:
    whole = summary(tmp_path / "a")
    known = whole.returned["U4"]
    assert known.first is not None
    earlier = replace(known, first=known.first - timedelta(days=7))
    then = replace(whole, returned={**whole.returned, "U4": earlier})
    page = web(b"".join(progress_page(then)))
    assert "2026-02-15" in page.text_content()
    assert "2026-02-22" not in page.text_content()


def test_a_file_time_that_is_none_is_no_day(tmp_path: Path) -> None:
    made_ = support.folder(tmp_path, units())
    data = support.workbook(support.BUSY, made_.roster().by_code["U1"])
    os.utime(support.deliver(made_, "1.xlsx", data), (0, 0))
    whole, _ = survey(made_, made_.expected(), made_.history())
    assert whole.returned["U1"].first is None
    assert "每天到件" not in web(b"".join(progress_page(whole))).text_content()
