"""A year of a district by commands alone, every figure added up again by hand.

Seven units: one is late, one sent back, one has more time, one is excused, one returns
nothing, one is added when everybody's deadline is over. The figures that are typed are
powers of ten, so that a sum says whose they are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import docx
import pytest

from tests import support
from tests.support import BUSY, TEXT, Shell
from tests.tables import by_labels, labels_of, word_grids
from workbook_builder.campaign import record as clock
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.times import CHINA
from workbook_builder.pipeline import CIRCULARS, REPORTS, UPWARD
from workbook_builder.public import receive
from workbook_builder.workbook.place import place

DECISIONS, RECEIVED = "proactive.licences.decisions", "applications.received.natural"
#: What each unit counts at DECISIONS; S2 first returns a workbook with a gap.
COUNTS = {"S1": 1, "S2": 10, "S3": 100, "S4": 1000, "S7": 10000}
HEAD = "单位代码,单位名称,上级代码,单位类型,邮箱"
NAMES = dict(zip((f"S{n}" for n in range(1, 8)), "甲乙丙丁戊己庚", strict=True))
SITE = "https://www.example.gov.cn/"
SENT = datetime(2026, 2, 2).date()  # hour 0 of ``deliver``


def roster(*codes: str) -> str:
    lines = [f"{c},{NAMES[c]}街道办事处,Q,街道,{c}@example.cn" for c in codes]
    return "\n".join([HEAD, "Q,示例区人民政府,,区县,", *lines])


class Year:
    """The district's desk: what it does on a day, and what arrives there."""

    def __init__(self, path: Path, shell: Shell) -> None:
        self.path, self.shell = path, shell
        self.now = datetime(2026, 1, 5, 9, 0, tzinfo=CHINA)

    def on(self, day: str) -> None:
        self.now = datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=CHINA)

    def does(self, command: str, *arguments: object, ends: int = 0) -> str:
        first, _, rest = command.partition(" ")
        said = (first, self.path, *rest.split(), *arguments)
        assert self.shell(*said) == ends, self.shell.out + self.shell.err
        return self.shell.out

    def put_roster(self, *codes: str) -> None:
        (self.path / "roster.xlsx").unlink(missing_ok=True)
        (self.path / "roster.csv").write_text(roster(*codes), "utf-8")

    def arrives(self, code: str, day: str, *, whole: bool = True) -> None:
        """The unit's own workbook of the outbox, typed into."""
        folder = Folder(self.path)
        form, layout, unit = folder.form(), place(folder.form()), folder.roster()
        name = workbook_name(folder.campaign(), form, unit.by_code[code])
        zeros = {cell.id: 0 for cell in form.inputs}
        typed = {**zeros, **BUSY, DECISIONS: COUNTS[code]}
        entries = {layout.cells[id_]: figure for id_, figure in typed.items()}
        entries |= {layout.texts[text.id]: TEXT for text in form.narratives}
        if not whole:
            del entries[layout.cells[RECEIVED]]
        data = support.put((folder.outbox / name).read_bytes(), entries)
        hours = (date.fromisoformat(day) - SENT).days * 24
        support.deliver(folder, f"{day} {name}", data, hours)


@pytest.fixture
def year(tmp_path: Path, shell: Shell) -> Iterator[Year]:
    made = Year(tmp_path / "2025年报", shell)
    with patch.object(clock, "clock", lambda: made.now):
        yield made


def campaign(year: Year) -> None:
    """From the first day to the last return."""
    agreed = ("--by", "王主任", "--why")
    year.does("init", "--year", 2025)
    settings = year.path / "campaign.toml"
    text = re.sub(
        r"(?m)^deadline = .*", "deadline = 2026-01-20", settings.read_text("utf-8")
    )
    settings.write_text(text, "utf-8")
    year.put_roster("S1", "S2", "S3", "S4", "S5", "S6")
    year.does("build")
    year.does("mail send --by-hand")
    year.does("extend S3 2026-01-30", *agreed, "办公楼搬迁")
    year.does("excuse S5", *agreed, "年内撤销")
    year.does("build")
    year.on("2026-01-19")
    year.arrives("S1", "2026-01-15")
    year.arrives("S2", "2026-01-18", whole=False)
    year.does("collect", ends=1)
    year.does("mail return --by-hand")
    year.on("2026-01-24")
    year.arrives("S2", "2026-01-22")
    year.arrives("S4", "2026-01-23")
    year.does("mail remind --by-hand")
    assert "不用发" in year.does("mail remind --dry-run --unit S5")
    year.put_roster(*NAMES)
    year.does("extend S7 2026-02-10", *agreed, "新设")
    year.does("build")
    assert "待发 1 封" in year.does("mail send --by-hand")
    year.on("2026-02-12")
    year.arrives("S3", "2026-01-28")
    year.arrives("S7", "2026-02-05")
    year.does("collect", ends=1)


def test_a_year_with_its_deadlines_letter_and_publication(year: Year) -> None:
    campaign(year)
    figures(year)
    page = next((year.path / "results" / REPORTS).glob("S1_*.html"))
    dated = re.sub("<mark>[^<]*</mark>", "2026年1月30日", page.read_text("utf-8"))
    saved = year.path.parent / "网页.html"
    saved.write_text(dated, "utf-8")
    year.does(f"published S1 {SITE}s1 2026-01-30", "--page", saved)
    year.does(f"published S2 {SITE}s2 2026-02-05")
    year.does("circular")
    letter(year)
    following(year)


def figures(year: Year) -> None:
    """The sums of the data, the district's report and its roll-up, added up here."""
    results, total = year.path / "results", sum(COUNTS.values())
    with (results / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["counted"] == "true"]
    added = {(row["unit"], row["cell"]): row["value"] for row in rows}
    assert {c: added[c, DECISIONS] for c in COUNTS} == {
        code: str(count) for code, count in COUNTS.items()
    }
    assert {row["unit"] for row in rows} == COUNTS.keys()
    year.does("report --all-units", ends=1)
    (word,) = (results / REPORTS).glob("Q_*.docx")
    printed = by_labels(word_grids(word.read_bytes()))
    labels = {id_: at for at, id_ in labels_of(support.form()).items()}
    assert printed[labels[DECISIONS]] == Decimal(total) == 11111
    assert printed[labels[RECEIVED]] == 9 * len(COUNTS)
    (upward,) = (results / UPWARD).iterdir()
    (rollup,) = receive(upward.read_bytes(), upward.name)
    assert rollup.facts[DECISIONS].number == total
    coverage = rollup.stamp.coverage if rollup.stamp else None
    assert coverage is not None
    assert (coverage.due, coverage.counted) == (6, 5)


#: Unit → its deadline, when it first returned, and how that is put; how often it
#: returned, and how often that went back.
LINES = {
    "S1": ("2026-01-20", "2026-01-15", "按时", "1", "0"),
    "S2": ("2026-01-20", "2026-01-18", "按时", "2", "1"),
    "S3": ("2026-01-30（延期）", "2026-01-28", "按时", "1", "0"),
    "S4": ("2026-01-20", "2026-01-23", "迟 3 天", "1", "0"),
    "S6": ("2026-01-20", "—", "逾期 23 天", "0", "0"),
    "S7": ("2026-02-10（延期）", "2026-02-05", "按时", "1", "0"),
}


def letter(year: Year) -> None:
    """The letter, parsed back."""
    (file,) = (year.path / "results" / CIRCULARS).glob("*.docx")
    read = docx.Document(str(file))
    (table,) = read.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    named = {f"{name}街道办事处": code for code, name in NAMES.items()}
    assert {named[row[1]]: tuple(row[2:7]) for row in rows} == LINES
    in_time = [line[2] for line in LINES.values()].count("按时")
    text = "\n".join(each.text for each in read.paragraphs)
    rate = f"{Decimal(100 * in_time) / len(LINES):.1f}"
    for said in (
        "截至2026年2月12日",
        "应报 6 个单位，已报 5 个，未报 1 个；已报的单位中，审核通过 5 个。",
        f"按时报送 {in_time} 个单位，按时报送率 {rate}%；迟报 1 个单位。",
        "迟报 1 个单位：丁街道办事处（迟 3 天）。",
        "逾期未报 1 个单位：己街道办事处（逾期 23 天）。",
        "共退回 1 次，涉及 1 个单位：乙街道办事处（1 次）。",
        "丙街道办事处（延期至2026年1月30日，办公楼搬迁，王主任同意）",
        "庚街道办事处（延期至2026年2月10日，新设，王主任同意）",
        "免报 1 个单位：戊街道办事处（年内撤销，王主任同意）。",
        "应公布 6 个单位，已公布 2 个，未公布 4 个。",
        "按时公布 1 个单位，按时公布率 16.7%。",
        "乙街道办事处（迟 5 天）",
    ):
        assert said in text, said


def following(year: Year) -> None:
    """The next year begins with the figures, and with nothing that was agreed."""
    after = year.path.parent / "2026年报"
    assert year.shell("init", after, "--from", year.path) == 0
    made = Folder(after)
    roster, last = made.roster(), made.last_period()
    assert [u.code for u in roster.reporting] == list(NAMES)
    deadlines = {made.campaign().deadline_of(unit) for unit in roster.reporting}
    assert deadlines == {date(2027, 1, 20)}
    assert {code: last[code][DECISIONS] for code in COUNTS} == COUNTS
    assert last["Q"][DECISIONS] == sum(COUNTS.values())
