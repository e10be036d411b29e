"""公布: said once, the same on every face; what is published is held against what counts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from unittest.mock import patch
from urllib.parse import unquote

import docx
import openpyxl
import pytest

from tests.support import BUSY, Shell, campaign, deliver, folder, workbook
from tests.tables import web
from workbook_builder.campaign import record as clock
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.times import CHINA
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import (
    CIRCULARS,
    PROGRESS,
    REPORTS,
    SUMMARY,
    Wanted,
    collect,
    make_reports,
    renew,
)
from workbook_builder.pipeline.collecting import LINKS
from workbook_builder.pipeline.publishing import PAGES

UNITS = Roster(
    (
        Unit("Q", "示例区", type="区县"),
        *(
            Unit(f"U{n}", f"{name}街道办事处", "Q", "街道")
            for n, name in enumerate("甲乙丙丁", 1)
        ),
    )
)
CODES = tuple(unit.code for unit in UNITS.reporting)
SITE = "https://www.example.gov.cn/zwgk/nb?id="
#: By law until 31 January 2026.
DAYS = {"U1": "2026-01-31", "U2": "2026-02-02", "U3": "2026年1月28日"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """Four units, all of them accepted, with their reports; it is 10 February."""
    now = datetime(2026, 2, 10, 9, 0, tzinfo=CHINA)
    with ExitStack() as stack:
        stack.enter_context(patch.object(clock, "clock", lambda: now))
        of = replace(campaign(), deadline=date(2026, 2, 28))
        here = folder(tmp_path_factory.mktemp("公布") / "任务", UNITS, of=of)
        for code in CODES:
            deliver(here, f"{code}.xlsx", workbook(BUSY, UNITS.by_code[code]))
        collect(here)
        make_reports(here, Wanted(all_units=True))
        yield here


def page_of(made: Folder, code: str) -> str:
    """The report as the unit puts it on its site: dated."""
    (page,) = (made.results / REPORTS).glob(f"{code}_*.html")
    return re.sub("<mark>[^<]*</mark>", "2026年1月28日", page.read_text("utf-8"))


def misprinted(page: str) -> str:
    """The page with another figure in the first cell that prints one."""
    head, figure, rest = re.split(r"(?<=>)(\d+)(?=</td>)", page, maxsplit=1)
    return f"{head}{int(figure) + 1}{rest}"


@pytest.fixture(scope="module")
def published(made: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """U1 in time, U2 two days late with a misprint, U3 in time by a list, U4 nothing."""
    shell = Plain()
    away = tmp_path_factory.mktemp("网页")
    right, wrong = away / "u1.html", away / "u2.htm"
    right.write_text(page_of(made, "U1"), "utf-8")
    wrong.write_text(misprinted(page_of(made, "U2")), "utf-8")
    said = ("published", made.path)
    assert shell(*said, "U1", f"{SITE}1", DAYS["U1"], "--page", right) == 0
    assert shell(*said, "U2", f"{SITE}2", DAYS["U2"], "--page", wrong) == 1
    table = away / "清单.csv"
    table.write_text(
        "公布情况\n\n单位名称,公布网址,公布日期\n"
        f"丙街道办事处,{SITE}3&x=<b>,{DAYS['U3']}\n丁街道办事处,,\n",
        "utf-8",
    )
    assert shell(*said, "--list", table) == 0
    collect(made)
    return made


class Plain:
    """Runs commands without looking at what they print."""

    def __call__(self, *arguments: object) -> int:
        from workbook_builder.cli import run

        return run(["--lang", "zh", *map(str, arguments)])


def test_every_face_counts_the_same(published: Folder, shell: Shell) -> None:
    found = shell.json("published", published.path)
    assert shell.status == 1
    keys = ("publish_by", "due", "published", "punctual", "rate")
    assert [found[key] for key in keys] == ["2026-01-31", 4, 3, 2, "50.0"]
    late = {each["code"]: each["days_late"] for each in found["units"]}
    assert late == {"U1": 0, "U2": 2, "U3": 0, "U4": 10}
    pages = {each["code"]: each["page"] for each in found["units"]}
    assert (pages["U1"]["differences"], pages["U1"]["texts"]) == ([], [])
    assert len(pages["U2"]["differences"]) == 1
    assert (pages["U3"], pages["U4"]) == (None, None)

    words = "应公布 4 个单位，已公布 3 个；公布期限2026年1月31日，按时公布 2 个"
    for command in ("published", "status"):
        shell(command, published.path)
        assert f"{words}，按时公布率 50.0%。" in shell.out

    page = web((published.results / PROGRESS).read_bytes())
    facts = zip(page.iter("dt"), page.iter("dd"), strict=True)
    said = {name.text_content(): value.text_content() for name, value in facts}
    assert [said[k] for k in ("应公布", "已公布", "按时公布")] == ["4", "3", "2"]
    lines = [
        each.text_content() for each in page.xpath("//section[h2[@id='published']]//li")
    ]
    assert lines == [
        "乙街道办事处：迟 2 天",
        "丁街道办事处：没有登记公布",
    ]

    sheet = openpyxl.load_workbook(published.results / SUMMARY)["进度"]
    head = [cell.value for cell in sheet[3]].index("公布日期")
    days = [row[head] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert days == ["2026-01-31", "2026-02-02", "2026-01-28", None]


def test_the_letter_says_who_did_not_publish_in_time(
    published: Folder, shell: Shell
) -> None:
    assert shell("circular", published.path) == 0
    target = published.results / CIRCULARS
    (file,), (rows,) = target.glob("*.docx"), target.glob("*.csv")
    text = "\n".join(each.text for each in docx.Document(str(file)).paragraphs)
    assert "应公布 4 个单位，已公布 3 个，未公布 1 个。" in text
    assert "按时公布 2 个单位，按时公布率 50.0%。" in text
    behind = "乙街道办事处（迟 2 天）、丁街道办事处（未公布，逾期 10 天）"
    assert f"未按时公布 2 个单位：{behind}。" in text
    with rows.open(encoding="utf-8-sig", newline="") as opened:
        found = {row["unit"]: row for row in csv.DictReader(opened)}
    assert found["U2"]["published"] == "2026-02-02"
    assert {code: row["published_late"] for code, row in found.items()} == {
        "U1": "0", "U2": "2", "U3": "0", "U4": "10",
    }  # fmt: skip


def test_the_pages_of_links_lead_to_every_report(published: Folder) -> None:
    page = web((published.results / LINKS).read_bytes())
    links = [each.get("href") for each in page.iter("a")]
    assert links == [f"{SITE}1", f"{SITE}2", f"{SITE}3&x=<b>"]
    index = web((published.results / REPORTS / "目录.html").read_bytes())
    files = {unquote(str(each.get("href"))) for each in index.iter("a")}
    there = {
        path.name
        for path in (published.results / REPORTS).iterdir()
        if path.suffix in (".docx", ".html") and path.name != "目录.html"
    }
    assert files == there
    assert len(files) == 2 * 5


def test_a_page_that_is_put_there_is_compared_by_its_name_or_what_it_prints(
    published: Folder, shell: Shell
) -> None:
    pages = published.path / PAGES
    saved = {
        "从网站另存.html": page_of(published, "U3").encode(),
        "U4_年报.html": "<p>没有表格的网页</p>".encode(),
        "别处的.txt": "没有单位的文字".encode(),
    }
    for name, data in saved.items():
        (pages / name).write_bytes(data)
    (pages / "从网站另存_files").mkdir()
    (pages / "从网站另存_files" / "logo.png").write_bytes(b"x")
    try:
        found = shell.json("published", published.path)
    finally:
        for name in saved:
            (pages / name).unlink()
    page = {each["code"]: each["page"] for each in found["units"]}
    assert page["U3"]["differences"] == []
    assert "problem" in page["U4"]
    assert found["unknown_pages"] == ["别处的.txt"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("U4", "www.example.cn", "2026-02-01"), "不是网址"),
        (("U4", "javascript:alert(1)", "2026-02-01"), "不是网址"),
        (("U4", "https://", "2026-02-01"), "不是网址"),
        (("U4", f"{SITE}4", "2026-02-11"), "公布日期2026年2月11日不对"),
        (("U4", f"{SITE}4", "2025-12-31"), "公布日期2025年12月31日不对"),
        (("U4", f"{SITE}4", "一月"), "不是日期"),
        (("U9", f"{SITE}4", "2026-02-01"), "没有“U9”这个单位"),
        (("U4", f"{SITE}4"), "登记要写"),
        (("U4", "--withdraw"), "没有登记过公布"),
    ],
)
def test_what_cannot_be_is_refused(
    published: Folder, shell: Shell, said: tuple[str, ...], told: str
) -> None:
    assert shell("published", published.path, *said) == 2
    assert told in shell.err


def test_a_list_is_taken_whole_or_not_at_all(published: Folder, shell: Shell) -> None:
    table = shell.path / "清单.csv"
    head, fine = "代码,网址,日期\n", f"U4,{SITE}4,2026-02-09\n"
    table.write_text(
        f"{head}{fine}U1,{SITE},2026-13-01\nU7,{SITE},2026-02-01\n", "utf-8"
    )
    assert shell("published", published.path, "--list", table) == 2
    assert "第3行：公布日期“2026-13-01”不是日期" in shell.err
    assert "第4行：名录里没有“U7”" in shell.err
    table.write_text(f"{head}{fine}", "utf-8")
    assert shell("published", published.path, "--list", table) == 0
    assert shell("published", published.path, "--list", table) == 0
    assert "登记 0 个单位" in shell.out  # it is known already
    assert shell.json("published", published.path)["published"] == 4
    assert shell("published", published.path, "U4", "--withdraw") == 0
    assert shell.json("published", published.path)["published"] == 3


def test_the_office_may_set_an_earlier_day_and_next_year_has_it_too(
    published: Folder, shell: Shell
) -> None:
    settings = published.path / "campaign.toml"
    before = settings.read_text("utf-8")
    after = re.sub(r"(?m)^# publish_by = .*$", "publish_by = 2026-01-28", before)
    assert after != before
    settings.write_text(after, "utf-8")
    try:
        found = shell.json("published", published.path)
        assert (found["publish_by"], found["punctual"]) == ("2026-01-28", 1)
        next_year = renew(shell.path / "下年", published).folder.campaign()
        assert next_year.publish_by == date(2027, 1, 28)
    finally:
        settings.write_text(before, "utf-8")


def test_a_form_without_a_report_has_nothing_to_publish(shell: Shell) -> None:
    form = "requests_quarterly"
    init = ("init", "季度", "--form", form, "--period", "2026Q1")
    assert shell(*init) == 0
    assert shell("published", "季度") == 2
    assert "没有要登记的公布" in shell.sentence
    assert shell("circular", "季度") == 0
    (letter,) = (shell.path / "季度").glob("results/通报/*.docx")
    text = "\n".join(each.text for each in docx.Document(str(letter)).paragraphs)
    assert letter.stem.startswith("关于2026年第一季度")
    assert "应公布" not in text
