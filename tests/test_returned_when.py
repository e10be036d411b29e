"""Returned, and when: one answer, the same on every face, wherever the machine stands."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from tests.support import (
    BUSY,
    Shell,
    campaign,
    contents,
    deliver,
    folder,
    typed,
    workbook,
    zipped,
)
from tests.tables import web
from tests.test_architecture import ROOT
from workbook_builder.campaign import record as clock
from workbook_builder.campaign.files import OLDER
from workbook_builder.campaign.folder import Folder, roster_files
from workbook_builder.campaign.roster_book import roster_book
from workbook_builder.console.rows import board_rows
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.agreement import Agreement
from workbook_builder.model.decision import Ruling
from workbook_builder.model.finding import Verdict
from workbook_builder.model.times import CHINA
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import (
    CIRCULARS,
    PROGRESS,
    SUMMARY,
    Choice,
    Readiness,
    Wish,
    build,
    collect,
    decide,
    excuse,
    extend,
    plan,
    status,
)
from workbook_builder.pipeline.surveying import survey
from workbook_builder.workbook.write import write

#: Hour 0 of ``deliver`` is 2 February 2026, 10:40 in China; the deadline ends at 37:20.
DEADLINE = date(2026, 2, 3)
LAST_HOUR, NEXT_DAY = 37, 38

UNITS = Roster(
    (
        Unit("Q", "示例区", type="区县"),
        Unit("D", "东片", "Q", "其他"),
        *(
            Unit(f"U{n}", f"示例街道办事处U{n}", "D" if n < 3 else "Q", "街道")
            for n in range(1, 7)
        ),
    )
)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 2, 10, 9, 0, tzinfo=CHINA)
    monkeypatch.setattr(clock, "clock", lambda: now)


def fine(code: str) -> bytes:
    return workbook(BUSY, UNITS.by_code[code])


def bad(code: str) -> bytes:
    return typed(fine(code), {"applications.received.natural": None})


def mailed(data: bytes, date: str, *received: str) -> bytes:
    """A mail with its workbook; ``received`` are the lines of servers, last one first."""
    message = EmailMessage()
    for when in received:
        message["Received"] = f"from a by b; {when}"
    message["From"], message["To"] = "zhang@jie.gov.cn", "qu@example.gov.cn"
    message["Date"], message["Subject"] = date, "报送表"
    message.set_content("见附件。")
    message.add_attachment(
        data, maintype="application", subtype="octet-stream", filename="报送表.xlsx"
    )
    return message.as_bytes()


def district(path: Path) -> Folder:
    """U1 in time; U2 in the last hour, mended too late; U3 and U4 late, one of them by
    mail; D, which is not asked, in time; U5 and U6 nothing."""
    made = folder(path, UNITS, of=replace(campaign(), deadline=DEADLINE))
    build(made)
    deliver(made, "1.xlsx", fine("U1"))
    deliver(made, "2.xlsx", bad("U2"), LAST_HOUR)
    deliver(made, "2 改.xlsx", fine("U2"), LAST_HOUR + 48)
    deliver(made, "3.xlsx", bad("U3"), NEXT_DAY)
    # 4 February in China, 3 February in New York and Greenwich.
    late = "Tue, 03 Feb 2026 16:30:00 +0000"
    deliver(made, "4.eml", mailed(fine("U4"), late, late), NEXT_DAY + 24)
    deliver(made, "D.xlsx", fine("D"), 1)
    deliver(made, "名单.xlsx", b"", 1)
    return made


Totals = tuple[int, int, int]
"""应报, 已报, 按时."""


def of_status(shell: Shell, made: Folder) -> tuple[Totals, dict[str, Any]]:
    found = shell.json("status", made.path)
    totals = found["due"], found["returned"], found["punctual"]
    units = {
        each["code"]: (each["state_text"].startswith("已报"), each["days_late"])
        for each in found["units"]
        if each["due"]
    }
    return totals, units


def of_page(made: Folder) -> tuple[Totals, dict[str, Any]]:
    page = web((made.results / PROGRESS).read_bytes())
    names = [each.text_content() for each in page.iter("dt")]
    values = [each.text_content() for each in page.iter("dd")]
    keys = dict(zip(names, map(int, values), strict=True))
    units = {}
    for row in page.xpath("//table[@class='units']/tbody/tr"):
        code, state, came = (row.findall("td")[at].text_content() for at in (0, 2, 3))
        units[code] = (state != "未报", came[:10], "逾期" in came)
    return (keys["应报单位"], keys["已报"], keys["按时报送"]), units


def of_book(made: Folder) -> tuple[Totals, Decimal, dict[str, Any]]:
    book = openpyxl.load_workbook(made.results / SUMMARY, data_only=True)
    top = book["概览"]
    keys = {str(top.cell(4, at).value): top.cell(5, at).value for at in range(1, 10)}
    units, head = {}, 4
    for row in book["进度"].iter_rows(min_row=head, values_only=True):
        units[str(row[0])] = (row[4] != "未报", str(row[5])[:10], row[7], row[8])
    in_time = sum(each[2] == "按时" for each in units.values())
    totals = (int(str(keys["应报单位"])), int(str(keys["已报单位"])), in_time)
    return totals, Decimal(str(keys["按时报送率"])), units


def of_letter(made: Folder) -> tuple[Totals, dict[str, Any]]:
    """The letter parsed back: what its first sentences say, and its table."""
    (file,) = (made.results / CIRCULARS).glob("*.docx")
    letter = docx.Document(str(file))
    text = "\n".join(each.text for each in letter.paragraphs)
    said = [
        int(found[1])
        for what in (r"应报 (\d+) 个", r"已报 (\d+) 个", r"按时报送 (\d+) 个")
        if (found := re.search(what, text))
    ]
    rows = [[cell.text for cell in row.cells] for row in letter.tables[0].rows[1:]]
    units = {row[1]: (row[3], row[4], int(row[5]), int(row[6])) for row in rows}
    assert f"迟报 {sum(r[1].startswith('迟') for r in units.values())} 个" in text
    for name, (_, punctual, _, back) in units.items():
        assert (f"{name}（{punctual}）" in text) is (punctual[0] in "迟逾")
        assert (f"{name}（{back} 次）" in text) is bool(back)
    due, returned, on_time = said
    assert on_time == sum(row[1] == "按时" for row in units.values())
    return (due, returned, on_time), units


def agree(made: Folder, shell: Shell) -> tuple[Totals, dict[str, int | None]]:
    """Asserts that all faces say the same; returns what, and who is how late."""
    anew = of_status(shell, made)
    assert shell("collect", made.path) == 1
    said = shell.out
    totals, units = of_status(shell, made)
    assert (totals, units) == anew
    assert f"应报 {totals[0]} 个单位，已报 {totals[1]} 个，" in said
    assert shell("status", made.path) == 1
    assert f"应报 {totals[0]} 个单位，已报 {totals[1]} 个（" in shell.out
    share = (Decimal(totals[2]) / totals[0]).quantize(Decimal("0.001"))
    assert (
        f"按时报送 {totals[2]}/{totals[0]}，按时报送率 {share * 100:.1f}%" in shell.out
    )
    assert of_page(made)[0] == totals
    book_totals, rate, rows = of_book(made)
    assert (book_totals, rate) == (totals, share)
    assert {code: row[0] for code, row in rows.items()} == {
        code: came for code, (came, _) in units.items()
    }
    for code, (came, day, late) in of_page(made)[1].items():
        assert rows[code][:2] == (came, day or "None")
        days = units[code][1] if came else None
        assert (late, rows[code][3] or 0) == (bool(days), days or 0), code
        assert rows[code][2] == ("—" if days is None else "迟报" if days else "按时")
    assert shell("circular", made.path) == 0
    letter_totals, lines = of_letter(made)
    assert letter_totals == totals
    for code, (came, day, timely, days) in rows.items():
        name = UNITS.by_code[code].name
        punctual = {"按时": "按时", "迟报": f"迟 {days} 天"}.get(str(timely), "")
        assert lines[name][0] == (day if came else "—")
        assert lines[name][1] == punctual or not came
    chased(made)
    return totals, {code: days for code, (came, days) in units.items() if came}


def chased(made: Folder) -> None:
    """The console and the mails go by the same answer."""
    summary, _ = survey(made, made.expected(), made.history())
    progressed = {s.unit.code: s.state for s in status(made).standings if s.due}
    rows = list(board_rows(summary, made.inbox, made.path))[: len(summary.units)]
    board = {str(row[1]): row[4] for row in rows}
    back = set()
    for unit in summary.units:
        state = progressed[unit.code]
        assert board[unit.code] == (state.word if state.is_return else "未报")
        if isinstance(state, Verdict) and state.goes_back:
            back.add(unit.code)
    missing = {code for code, state in progressed.items() if not state.is_return}
    for occasion, wanted in (
        (Occasion.REMIND, missing | back),
        (Occasion.RETURN, back),
    ):
        chosen = {each.unit.code for each in plan(made, occasion).entries}
        assert chosen == wanted, occasion


def test_every_face_says_the_same(tmp_path: Path, shell: Shell) -> None:
    made = district(tmp_path / "任务")
    totals, late = agree(made, shell)
    # D is no unit a return is due from; it made one all the same.
    assert totals == (7, 5, 3)
    assert late == {"D": 0, "U1": 0, "U2": 0, "U3": 1, "U4": 1}
    assert shell("circular", made.path, "--by-rank") == 0
    lines = of_letter(made)[1]
    named = {unit.name: unit.code for unit in UNITS.units}
    order = [named[name] for name in lines]
    assert order == ["U1", "D", "U2", "U4", "U3", "U5", "U6"]
    assert lines["示例街道办事处U2"][2:] == (2, 0)
    assert lines["示例街道办事处U3"][2:] == (1, 1)
    assert lines["示例街道办事处U5"][1] == "逾期 7 天"
    # Mended the day after: it was sent back once, and is late as before.
    deliver(made, "3 改.xlsx", fine("U3"), NEXT_DAY + 30)
    found = shell.json("circular", made.path)
    (third,) = [each for each in found["units"] if each["unit"] == "U3"]
    assert (third["versions"], third["sent_back"], third["days_late"]) == (2, 1, 1)
    assert (found["returned"], found["accepted"]) == (5, 5)
    older = made.results / CIRCULARS / OLDER
    assert len(list(older.glob("*.docx"))) == 2


@pytest.mark.parametrize(
    "names",
    [["2.xlsx"], ["1.xlsx"], ["3.xlsx", "4.eml"], ["2.xlsx", "2 改.xlsx", "1.xlsx"]],
    ids=" ".join,
)
def test_what_left_the_inbox_stays_returned_and_as_late_as_it_was(
    tmp_path: Path, shell: Shell, names: list[str]
) -> None:
    made = district(tmp_path / "任务")
    before = agree(made, shell)
    for name in names:
        (made.inbox / name).unlink()
    assert agree(made, shell) == before
    assert shell("status", made.path, "--state", "文件不在") in (0, 1)
    gone = shell.out.count("已报·文件不在")
    here = {"1.xlsx": "U1", "3.xlsx": "U3", "4.eml": "U4", "2 改.xlsx": "U2"}
    assert gone == len({here[name] for name in names if name in here})


def by_command(made: Folder) -> None:
    extend(made, "U3", date(2026, 2, 4), "王主任", "机构搬迁")
    excuse(made, "示例街道办事处U6", "王主任", "机构撤销")


def by_roster(made: Folder) -> None:
    agreements = {
        "U3": Agreement(date(2026, 2, 4), "王主任", "机构搬迁"),
        "U6": Agreement(None, "王主任", "机构撤销"),
    }
    units = tuple(replace(u, agreement=agreements.get(u.code)) for u in UNITS.units)
    (file,) = roster_files(made.path)
    file.write_bytes(write(roster_book(Roster(units), made.form())))


@pytest.mark.parametrize("agreed", [by_command, by_roster])
def test_each_unit_is_held_to_its_own_deadline(
    tmp_path: Path, shell: Shell, agreed: Callable[[Folder], None]
) -> None:
    made = district(tmp_path / "任务")
    agreed(made)
    totals, late = agree(made, shell)
    assert totals == (6, 5, 4)
    assert late == {"D": 0, "U1": 0, "U2": 0, "U3": 0, "U4": 1}
    assert shell("status", made.path) == 1
    said = "示例街道办事处U6（U6）：免报（机构撤销，王主任同意）"
    assert said in shell.out
    assert "另有免报 1 个" in shell.out
    page = web((made.results / PROGRESS).read_bytes()).text_content()
    assert "延期至2026年2月4日（机构搬迁，王主任同意）" in page
    assert "示例街道办事处U6：机构撤销，王主任同意" in page
    note = openpyxl.load_workbook(made.results / SUMMARY)["进度"]["A2"].value
    assert "免报 1 个单位：示例街道办事处U6（机构撤销，王主任同意）。" in str(note)
    if agreed is by_command:
        assert shell("decide", made.path, "U3", "withdraw") == 2
        for code, what in (("U3", "extend"), ("U6", "excuse")):
            assert shell("decide", made.path, code, "withdraw", what) == 0
            assert ("请先重新生成（build）。" in shell.out) is (what == "excuse")
        assert agree(made, shell)[0] == (7, 5, 3)
        by = ("--by", "王主任", "--why", "机构搬迁")
        assert shell("extend", made.path, "U6", "2026-02-10", *by) == 0
        assert shell("excuse", made.path, "U6", *by) == 0
        assert shell("decide", made.path, "U6", "withdraw", "excuse") == 0
        assert "以前的延期恢复有效。" in shell.out


def test_a_unit_that_is_added_late_gets_its_workbook_and_nobody_else_another(
    tmp_path: Path, shell: Shell
) -> None:
    added = Unit("U9", "新设街道", "Q", "街道", emails=("u9@example.cn",))
    units = Roster((*UNITS.units, added))
    made = folder(tmp_path / "任务", units, of=replace(campaign(), deadline=DEADLINE))
    build(made)
    assert shell("mail", made.path, "send", "--dry-run") == 2
    assert "workbook-builder extend" in shell.sentence
    agreed = ("--by", "王主任", "--why")
    for day, why in (("2026-02-03", "新设"), ("2026-02-20", ""), ("2月20日", "新设")):
        assert shell("extend", made.path, "U9", day, *agreed, why) == 2
    assert shell("excuse", made.path, "Q", *agreed, "无") == 2
    assert shell("extend", made.path, "U9", "2026年2月20日", *agreed, "新设") == 0
    assert "比其他单位晚 17 天" in shell.out
    (changed,) = build(made).changed
    assert "新设街道" in changed.name
    entries = {each.unit.code: each for each in plan(made, Occasion.SEND).entries}
    ready = {code for code, e in entries.items() if e.state is Readiness.READY}
    assert ready == {"U9"}
    letter = entries["U9"].letter
    assert letter is not None
    assert "2026年2月20日" in letter.message.text
    assert "2026年2月20日" in first_sheet(letter.attachments[0].data)
    reminded = {each.unit.code: each for each in plan(made, Occasion.REMIND).entries}
    reminder = reminded["U9"].letter
    assert reminder is not None
    assert "距截止还有 10 天" in reminder.message.text


def first_sheet(data: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    return " ".join(str(cell) for row in rows for cell in row if cell is not None)


def test_a_unit_whose_file_is_gone_is_reminded_only_when_it_is_named(
    tmp_path: Path, shell: Shell
) -> None:
    made = district(tmp_path / "任务")
    collect(made)
    (made.inbox / "1.xlsx").unlink()
    named = Choice(units=frozenset({"U1"}))
    (asked,) = plan(made, Occasion.REMIND, named).entries
    assert asked.state is not Readiness.NOT_NEEDED
    (back,) = plan(made, Occasion.RETURN, named).entries
    assert back.state is Readiness.NOT_NEEDED
    # Nothing of it is added up, and the totals say that they are not whole.
    summary = collect(made).summary
    assert "U1" not in summary.counted
    assert "文件不在" in {each.word for each in summary.possible_states}


SCRIPT = """
import secrets, sys
from datetime import datetime
from pathlib import Path
from workbook_builder import cli
from workbook_builder.campaign import record
from workbook_builder.model.times import CHINA

record.clock = lambda: datetime(2026, 2, 10, 1, 0, tzinfo=CHINA).astimezone()
secrets.token_hex = lambda _: "key"  # the only thing that is to differ
made, after = sys.argv[1:]
for command in (
    ("build", made),
    ("collect", made),
    ("report", made, "--all-units"),
    ("mail", made, "return"),
    ("mail", made, "remind"),
    ("init", after, "--from", made),
    ("build", after),
    ("status", made, "--json"),
):
    assert cli.run(["--lang", "zh", *command]) in (0, 1), command
"""


def told(folder: Path) -> dict[str, bytes]:
    """Every file of a campaign, the record by its events."""
    files = contents(folder)
    with Folder(folder).record() as record:
        events = repr(record.events())
    return {
        name: events.encode() if name.startswith("record.sqlite") else data
        for name, data in files.items()
    }


def test_the_zone_of_the_machine_changes_nothing(tmp_path: Path) -> None:
    """From build to the next year: every file there is, and all that is said.

    Nor does the order in which Python happens to walk through a set.
    """
    made = district(tmp_path / "before")
    archive = zipped({"5.xlsx": fine("U5")})
    deliver(made, "5.zip", archive, LAST_HOUR)
    decide(made, Wish("U1", Ruling.REJECT, "请补充文字部分"))
    shutil.rmtree(made.outbox)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, "utf-8")
    results, said = [], set()
    for seed, zone in enumerate(("UTC", "Asia/Shanghai", "America/New_York")):
        copy, after = tmp_path / "任务", tmp_path / "下年"
        shutil.copytree(made.path, copy)
        python = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed)}
        done = subprocess.run(
            [sys.executable, "-X", "utf8", str(script), str(copy), str(after)],
            env={**os.environ, "TZ": zone, **python},
            capture_output=True,
        )
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        results.append(told(copy) | {f"下年/{n}": d for n, d in told(after).items()})
        said.add(done.stdout)
        shutil.rmtree(copy)
        shutil.rmtree(after)
    first, *others = results
    kinds = Counter(Path(name).suffix for name in first)
    assert {".xlsx", ".html", ".docx", ".sqlite", ".csv", ".eml"} <= kinds.keys()
    for other in others:
        assert other.keys() == first.keys()
        assert [name for name in first if first[name] != other[name]] == []
    assert len(said) == 1
