"""Two years of a district of forty units, and the city above it, by commands alone.

In the first year one is late, one is sent back, two have more time, one is excused, one
returns letters only, one is added when everybody's deadline is over. In the second two are
merged, one has another name, one is new; the city collects the district and two others,
one of them incomplete. Every figure is added up again here, every letter parsed back.
"""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from unittest.mock import patch

import docx
import pytest

from tests import support
from tests.support import BUSY, Shell
from tests.tables import by_labels, labels_of, word_grids
from tests.test_letters import BOUNCES
from workbook_builder.campaign import record as clock
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.times import CHINA
from workbook_builder.pipeline import CIRCULARS, REPORTS, UPWARD
from workbook_builder.public import receive

DECISIONS, RECEIVED, GRANTED, CARRIED_IN = (
    "proactive.licences.decisions",
    "applications.received.natural",
    "applications.granted.natural",
    "applications.carried_in.natural",
)
ALL = [f"S{n:02}" for n in range(1, 41)]
#: What each unit counts at DECISIONS: no two sums of them are alike by chance.
COUNTS = {code: n * n + 1 for n, code in enumerate(ALL, 1)}
LATE, BACK, LONGER, EXCUSED, SILENT, ADDED = "S04", "S02", "S03", "S05", "S06", "S40"
RETURNED = [code for code in ALL if code not in (EXCUSED, SILENT)]
HEAD = "单位代码,单位名称,上级代码,单位类型,邮箱,变动,原代码"
SITE = "https://www.example.gov.cn/"
SENT = datetime(2026, 2, 2).date()  # hour 0 of ``deliver``
AGREED = ("--by", "王主任", "--why")


def name_of(code: str) -> str:
    return f"第{int(code[1:])}街道办事处"


#: What a command ends with where something is left for the clerk to do.
OPEN = 1


class Office:
    """A desk: what it does on a day, and what arrives there."""

    def __init__(self, path: Path, shell: Shell, top: str = "Q") -> None:
        self.path, self.shell, self.top = path, shell, top
        self.now = datetime(2026, 1, 5, 9, 0, tzinfo=CHINA)

    def on(self, day: str) -> None:
        self.now = datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=CHINA)

    def does(self, command: str, *arguments: object, status: int = 0) -> str:
        first, _, rest = command.partition(" ")
        said = (first, self.path, *rest.split(), *arguments)
        assert self.shell(*said) == status, self.shell.out + self.shell.err
        return self.shell.out

    def begins(self, year: int, *rows: str) -> None:
        self.does("init", "--year", year)
        self.due(f"{year + 1}-01-20")
        self.put_roster(*rows)

    def due(self, day: str) -> None:
        settings = self.path / "campaign.toml"
        text = settings.read_text("utf-8")
        text = re.sub(r"(?m)^deadline = .*", f"deadline = {day}", text)
        settings.write_text(text, "utf-8")

    def put_roster(self, *rows: str) -> None:
        (self.path / "roster.xlsx").unlink(missing_ok=True)
        top = f"{self.top},示例区{self.top},,区县,,,"
        text = "\n".join([HEAD, top, *rows])
        (self.path / "roster.csv").write_text(text, "utf-8")

    def arrives(self, code: str, day: str, figures: Mapping[str, Any]) -> None:
        """A workbook as the unit fills in what it was sent."""
        folder = Folder(self.path)
        unit = folder.roster().by_code[code]
        data = support.workbook(figures, unit, folder.campaign().of(unit))
        name = workbook_name(folder.campaign(), folder.form(), unit)
        self.comes(f"{day} {name}", data, day)

    def comes(self, name: str, data: bytes, day: str) -> None:
        hours = (date.fromisoformat(day) - SENT).days * 24
        support.deliver(Folder(self.path), name, data, hours)

    def total(self, cell: str) -> Decimal:
        """Of the data, added up here."""
        with (self.path / "results" / "facts.csv").open(
            encoding="utf-8-sig", newline=""
        ) as file:
            return sum(
                (
                    Decimal(row["value"])
                    for row in csv.DictReader(file)
                    if row["counted"] == "true" and row["cell"] == cell
                ),
                Decimal(0),
            )

    def upward(self) -> Path:
        (found,) = (self.path / "results" / UPWARD).glob("*.xlsx")
        return found


def row(code: str, change: str = "", former: str = "", name: str = "") -> str:
    who = name or name_of(code)
    return f"{code},{who},Q,街道,{code}@example.cn,{change},{former}"


@pytest.fixture
def office(tmp_path: Path, shell: Shell) -> Iterator[Office]:
    made = Office(tmp_path / "2025年报", shell)
    with patch.object(clock, "clock", lambda: made.now):
        yield made


def test_two_years_of_forty_units_and_the_city_above(office: Office) -> None:
    first_year(office)
    letters(office)
    figures(office)
    office.does(f"published S01 {SITE}1 2026-01-30")
    office.does(f"published S02 {SITE}2 2026-02-05")
    office.does("circular")
    circular(office)
    elsewhere(office)
    after = second_year(office)
    city(office, after)


def first_year(office: Office) -> None:
    """From the first day to the last return."""
    office.begins(2025, *map(row, ALL[:-1]))
    office.does("build")
    office.does("mail send")
    drafts(office.path / "mail" / "发送", ALL[:-1])
    office.does("mail send --by-hand")
    office.does(f"extend {LONGER} 2026-01-30", *AGREED, "办公楼搬迁")
    office.does(f"excuse {EXCUSED}", *AGREED, "年内撤销")
    assert not list((office.path / "outbox").glob(f"*{EXCUSED}*.xlsx"))
    office.does("build")
    office.on("2026-01-19")
    typed = {code: {**BUSY, DECISIONS: COUNTS[code]} for code in ALL}
    for code in ALL[:-1]:
        if code not in (LATE, BACK, LONGER, EXCUSED, SILENT):
            office.arrives(code, "2026-01-15", typed[code])
    office.arrives(BACK, "2026-01-18", {**typed[BACK], RECEIVED: 12})
    office.does("collect", status=OPEN)
    office.does("mail return")
    drafts(office.path / "mail" / "退回", [BACK])
    office.does("mail return --by-hand")
    office.on("2026-01-24")
    office.arrives(BACK, "2026-01-22", typed[BACK])
    office.arrives(LATE, "2026-01-23", typed[LATE])
    office.does("mail remind")
    reminded = drafts(office.path / "mail" / "催报", [LONGER, SILENT])
    assert "距截止还有 6 天" in reminded[LONGER]
    assert "已逾期 4 天" in reminded[SILENT]
    office.does("mail remind --by-hand")
    six_letters(office)
    office.put_roster(*map(row, ALL))
    office.does(f"extend {ADDED} 2026-02-10", *AGREED, "新设")
    office.does("build")
    assert "待发 1 封" in office.does("mail send --by-hand")
    office.on("2026-02-12")
    office.arrives(LONGER, "2026-01-28", typed[LONGER])
    office.arrives(ADDED, "2026-02-05", typed[ADDED])
    office.does("collect", status=OPEN)


def drafts(place: Path, codes: list[str]) -> Mapping[str, str]:
    """What each says, by unit; it is to one unit, and its workbook is that unit's own."""
    found, said = {}, {}
    for path in place.glob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        (attached,) = mail.iter_attachments()
        data = attached.get_payload(decode=True)
        assert isinstance(data, bytes)
        (read,) = receive(data, "表.xlsx")
        assert read.stamp is not None
        found[read.stamp.unit_code] = str(mail["To"])
        body = mail.get_body(("plain",))
        assert body is not None
        said[read.stamp.unit_code] = body.get_content()
        assert name_of(read.stamp.unit_code) in body.get_content()
    assert found.keys() == set(codes)
    assert all(f"{code}@example.cn" in to for code, to in found.items())
    return said


def word() -> bytes:
    made = io.BytesIO()
    docx.Document().save(made)
    return made.getvalue()


#: What SILENT sends instead of its workbook: kind → what is attached.
KINDS = {
    "picture": ("照片.jpg", b"\xff\xd8\xff\xe0 photo", ""),
    "pdf": ("扫描件.pdf", b"%PDF-1.4\n%%EOF", ""),
    "document": ("说明.docx", word(), ""),
    "text": ("", b"", "我街道今年没有收到申请，表还在签字。"),
    "cloud": (
        "",
        b"",
        "链接: https://pan.baidu.com/s/1abcdef?pwd=x7yz 提取码: x7yz",
    ),
}


def six_letters(office: Office) -> None:
    for kind, (name, data, said) in KINDS.items():
        mail = EmailMessage()
        mail["From"], mail["Subject"] = f"{SILENT}@example.cn", "年报"
        mail["Date"] = "Thu, 22 Jan 2026 09:00:00 +0800"
        mail.set_content(said or "请查收。")
        if name:
            mail.add_attachment(
                data, maintype="application", subtype="x", filename=name
            )
        office.comes(f"{kind}.eml", mail.as_bytes(), "2026-01-22")
    office.comes("bounce.eml", BOUNCES["QQ"][0](), "2026-01-22")


def letters(office: Office) -> None:
    """All six, whose they are, and the one answer to them."""
    found = office.shell.json("letters", office.path)["letters"]
    units = {each["kind"]: each["unit"] for each in found}
    assert units.keys() == {*KINDS, "bounce"}
    assert {units[kind] for kind in KINDS} == {SILENT}
    office.does(f"assign bounce.eml {LATE}")
    office.does("mail ask")
    drafts(office.path / "mail" / "请报表", [SILENT])
    office.does("mail ask --by-hand")


def figures(office: Office) -> None:
    """The sums of the data, the district's report and its roll-up, added up here."""
    total = sum(COUNTS[code] for code in RETURNED)
    assert office.total(DECISIONS) == total
    office.does("report", status=OPEN)
    (word,) = (office.path / "results" / REPORTS).glob("Q_*.docx")
    printed = by_labels(word_grids(word.read_bytes()))
    labels = {id_: at for at, id_ in labels_of(support.form()).items()}
    assert printed[labels[DECISIONS]] == total
    assert printed[labels[RECEIVED]] == 9 * len(RETURNED)
    upward = office.upward()
    (rollup,) = receive(upward.read_bytes(), upward.name)
    assert rollup.facts[DECISIONS].number == total
    coverage = rollup.stamp.coverage if rollup.stamp else None
    assert coverage is not None
    assert (coverage.due, coverage.counted) == (39, 38)


#: Unit → its deadline, when it first returned, how that is put; how often it returned,
#: and how often that went back. All others are in time.
LINES = {
    BACK: ("2026-01-20", "2026-01-18", "按时", "2", "1"),
    LONGER: ("2026-01-30（延期）", "2026-01-28", "按时", "1", "0"),
    LATE: ("2026-01-20", "2026-01-23", "迟 3 天", "1", "0"),
    SILENT: ("2026-01-20", "—", "逾期 23 天", "0", "0"),
    ADDED: ("2026-02-10（延期）", "2026-02-05", "按时", "1", "0"),
}


def circular(office: Office) -> None:
    """The official letter, parsed back."""
    (file,) = (office.path / "results" / CIRCULARS).glob("*.docx")
    read = docx.Document(str(file))
    (table,) = read.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    others = ("2026-01-20", "2026-01-15", "按时", "1", "0")
    wanted = {name_of(c): LINES.get(c, others) for c in ALL if c != EXCUSED}
    assert {line[1]: tuple(line[2:7]) for line in rows} == wanted
    text = "\n".join(each.text for each in read.paragraphs)
    for said in (
        "截至2026年2月12日",
        "应报 39 个单位，已报 38 个，未报 1 个；已报的单位中，审核通过 38 个。",
        f"按时报送 37 个单位，按时报送率 {Decimal(3700) / 39:.1f}%；迟报 1 个单位。",
        "迟报 1 个单位：第4街道办事处（迟 3 天）。",
        "逾期未报 1 个单位：第6街道办事处（逾期 23 天）。",
        "共退回 1 次，涉及 1 个单位：第2街道办事处（1 次）。",
        "第3街道办事处（延期至2026年1月30日，办公楼搬迁，王主任同意）",
        "第40街道办事处（延期至2026年2月10日，新设，王主任同意）",
        "免报 1 个单位：第5街道办事处（年内撤销，王主任同意）。",
        "应公布 39 个单位，已公布 2 个，未公布 37 个。",
        "第2街道办事处（迟 5 天）",
    ):
        assert said in text, said


def elsewhere(office: Office) -> None:
    """Copied, moved, packed and unpacked: the same totals, the same states."""

    def told(path: Path) -> Any:
        states = office.shell.json("status", path)
        sums = office.shell.json("collect", path)
        return states["units"], states["rate"], sums["nodes"]

    known, beside = told(office.path), office.path.parent / "别处"
    copied = shutil.copytree(office.path, beside / "拷贝", copy_function=shutil.copy)
    assert told(copied) == known
    moved = Path(shutil.move(copied, beside / "移动"))
    assert told(moved) == known
    packed = shutil.make_archive(str(beside / "打包"), "zip", moved)
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(beside / "解开")  # with the times of today
    assert told(beside / "解开") == known


def second_year(office: Office) -> Path:
    """S02 takes S01 in, S03 has another name and code, S41 is new."""
    path = office.path.parent / "2026年报"
    assert office.shell("init", path, "--from", office.path) == 0
    next_ = Office(path, office.shell)
    office.on("2027-01-04")
    rows = [row(c) for c in ALL if c not in ("S01", "S02", "S03", EXCUSED)]
    rows.append(row("S02", "并入", "S01"))
    rows.append(row("S43", "更名", "S03"))
    rows.append(row("S41", "新设"))
    next_.put_roster(*rows)
    next_.does("build")
    made = Folder(path)
    last, units = made.last_period(), [u.code for u in made.roster().reporting]
    assert len(units) == 39
    assert last["S02"][DECISIONS] == COUNTS["S01"] + COUNTS["S02"]
    assert last["S43"][DECISIONS] == COUNTS["S03"]
    assert "S41" not in last
    assert last["Q"][DECISIONS] == sum(COUNTS[code] for code in RETURNED)
    deadlines = {made.campaign().deadline_of(u) for u in made.roster().reporting}
    assert deadlines == {date(2027, 1, 20)}, "nothing that was agreed goes on"
    for code in units:
        carried = {"S02": 2, "S41": 0, SILENT: 0}.get(code, 1)
        counted = 2 * int(last.get(code, {}).get(DECISIONS, 5)) + 3
        known = {CARRIED_IN: carried, GRANTED: 8 + carried, DECISIONS: counted}
        next_.arrives(code, "2027-01-12", {**BUSY, **known})
    next_.does("collect")
    past = sum(COUNTS[code] for code in RETURNED) + 2 * 5  # S41 and the silent one
    assert next_.total(DECISIONS) == 2 * past + 3 * len(units)
    assert next_.total(CARRIED_IN) == len(RETURNED)
    return path


def city(office: Office, district: Path) -> None:
    """Three districts: one whole, one of two, one of which a unit is missing."""
    above = Office(office.path.parent / "市2026", office.shell, top="C")
    rows = [f"{c},示例区{c},C,区县,,," for c in ("Q", "D2", "D3")]
    above.begins(2026, *rows)
    rolled = {"Q": Office(district, office.shell)}
    for top, returned in (("D2", 2), ("D3", 1)):
        of = Office(office.path.parent / top, office.shell, top=top)
        of.begins(2026, *(f"{top}{n},{top}镇{n},{top},镇,,," for n in (1, 2)))
        for n in range(1, returned + 1):
            of.arrives(f"{top}{n}", "2027-01-12", {**BUSY, DECISIONS: 50_000 * n})
        of.does("collect", status=OPEN if returned < 2 else 0)
        rolled[top] = of
    for top, each in rolled.items():
        above.comes(f"{top}.xlsx", each.upward().read_bytes(), "2027-01-18")
    above.does("collect", status=OPEN)
    for top in rolled:
        above.does(f"trust {top}", "--why", "电话核对防伪码")
    above.does("collect", status=OPEN)
    assert above.total(DECISIONS) == sum(
        rolled[top].total(DECISIONS) for top in ("Q", "D2")
    ), "the incomplete one is to be explained first"
    above.does("decide D3 accept", "--why", "缺的单位已经撤销，情况属实")
    above.does("collect")
    whole = sum(each.total(DECISIONS) for each in rolled.values())
    assert above.total(DECISIONS) == whole
    node = office.shell.json("collect", above.path)["nodes"]
    assert (node["C"]["accepted"], node["C"]["expected"]) == (39 + 2 + 1, 39 + 2 + 2)
