"""Where the units stand: right at any moment, and nothing recorded twice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.support import (
    BUSY,
    YEAR,
    Shell,
    campaign,
    contents,
    deliver,
    folder,
    roster,
    typed,
    unit,
    workbook,
)
from workbook_builder.campaign import record as clock
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.decision import Ruling
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.finding import Verdict
from workbook_builder.model.standing import (
    Absence,
    Mailing,
    Stage,
    Standing,
    count,
    reached,
    reached_text,
)
from workbook_builder.model.times import CHINA
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import (
    Wish,
    build,
    collect,
    decide,
    status,
    workbook_name,
)

#: Hour 0 of ``deliver`` is 2 February 2026, 10:40 in China.
DEADLINE = date(2026, 2, 3)
AT = "2026-02-05T09:00:00+08:00"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the third day after the deadline."""
    monkeypatch.setattr(
        clock, "clock", lambda: datetime(2026, 2, 6, 9, 0, tzinfo=CHINA)
    )


def made(tmp_path: Path, *units: str, deadline: date | None = DEADLINE) -> Folder:
    of = replace(campaign(), deadline=deadline)
    return folder(tmp_path / "任务", roster(*(units or ("U1", "U2"))), of=of)


def fine(code: str) -> bytes:
    return workbook(BUSY, unit(code, "Q"))


def bad(code: str) -> bytes:
    return typed(fine(code), {"applications.received.natural": None})


def of(folder: Folder, code: str) -> Standing:
    (found,) = [each for each in status(folder).standings if each.unit.code == code]
    return found


def happened(folder: Folder, *happenings: Happening) -> list[tuple[str, str]]:
    with folder.record() as record:
        events = record.events(*happenings)
    return [(each.happening.value, each.unit) for each in events]


# ---------------------------------------------------------------- what is recorded


def test_building_records_each_workbook_once(tmp_path: Path) -> None:
    folder = made(tmp_path)
    built = build(folder)
    with folder.record() as record:
        first = record.events(Happening.BUILT)
    assert [each.unit for each in first] == ["U1", "U2"]
    assert first[0].detail["file"] == built.files[0].name
    build(folder)
    assert len(happened(folder)) == 2
    path = folder.path / "campaign.toml"
    path.write_text(path.read_text("utf-8").replace("000-0000", "111-1111"), "utf-8")
    build(folder)
    assert len(happened(folder)) == 4


def test_collecting_records_what_came_and_how_it_was_judged_once(
    tmp_path: Path,
) -> None:
    folder = made(tmp_path)
    deliver(folder, "1.xlsx", bad("U1"))
    deliver(folder, "again.xlsx", bad("U1"), hour=1)
    deliver(folder, "foto.xlsx", b"\x89PNG")
    deliver(folder, "~$1.xlsx", b"lock")
    collect(folder)
    assert happened(folder) == [
        ("received", "U1"), ("received", ""), ("received", "U1"),
        ("judged", "U1"), ("judged", ""),
    ]  # fmt: skip
    before = contents(folder.path)
    collect(folder)
    assert contents(folder.path) == before

    deliver(folder, "2.xlsx", fine("U1"), hour=2)
    collect(folder)
    assert happened(folder)[5:] == [
        ("received", "U1"),
        ("judged", "U1"),
        ("judged", ""),
    ]
    (folder.inbox / "2.xlsx").unlink()
    (folder.inbox / "1.xlsx").unlink()
    (folder.inbox / "again.xlsx").unlink()
    collect(folder)
    assert happened(folder)[8:] == [("judged", "U1"), ("judged", "")]
    gone = of(folder, "U1")
    assert gone.state is Absence.GONE
    assert gone.returned is not None
    assert (gone.returned.version, gone.returned.path) == (2, "")


def test_results_do_not_depend_on_the_record(tmp_path: Path) -> None:
    folder = made(tmp_path)
    deliver(folder, "1.xlsx", bad("U1"))
    collect(folder)
    before = contents(folder.results)
    (folder.path / "record.sqlite").unlink()
    collect(folder)
    assert contents(folder.results) == before


def read_only(folder: Folder) -> None:
    (folder.path / "record.sqlite").unlink(missing_ok=True)
    (folder.path / "record.sqlite").mkdir()


def test_a_record_that_cannot_be_opened_stops_what_needs_its_decisions(
    tmp_path: Path, shell: Shell
) -> None:
    folder = made(tmp_path)
    read_only(folder)
    for command in ("collect", "status", "decide"):
        assert shell(command, folder.path) == 2
        assert "任务记录" in shell.sentence


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write")
def test_a_read_only_folder_is_collected_and_says_so(
    tmp_path: Path, shell: Shell
) -> None:
    folder = made(tmp_path)
    folder.path.chmod(0o555)
    try:
        collection = collect(folder)
        assert collection.written
        assert collection.unrecorded is not None
    finally:
        folder.path.chmod(0o755)


def test_what_cannot_be_recorded_is_done_all_the_same_and_said(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path)
    collect(folder)
    monkeypatch.setattr(clock, "PATIENCE", 0.05)
    deliver(folder, "1.xlsx", fine("U1"))
    with folder.record() as record:
        holder = record._base
        holder.execute("BEGIN IMMEDIATE")  # another program writes just now
        assert shell("collect", folder.path) == 1
        assert "没有记进任务记录" in shell.sentence
        assert "正被另一个程序使用" in shell.sentence
        assert shell("build", folder.path) == 0
        assert "没有记进任务记录" in shell.err
        holder.execute("ROLLBACK")
    assert b"U1" in (folder.results / "facts.csv").read_bytes()
    assert happened(folder) == [("judged", "")]


# ---------------------------------------------------------------- states


def event(happening: Happening, occasion: str = "send", code: str = "U1") -> Event:
    return Event(happening, code, AT, {"occasion": occasion})


SENDING, SENT, FAILED = Happening.SENDING, Happening.SENT, Happening.FAILED
MAILS = {
    "nothing": ([], Stage.BUILT, Mailing.NOTHING, 0),
    "about to go": ([event(SENDING)], Stage.UNCLEAR, Mailing.UNCLEAR, 0),
    "gone": ([event(SENDING), event(SENT)], Stage.SENT, Mailing.SENT, 0),
    "refused": ([event(SENDING), event(FAILED)], Stage.UNDELIVERED, Mailing.FAILED, 0),
    "reminded twice": (
        [event(SENT), event(SENT, "remind"), event(SENT, "remind")],
        Stage.SENT, Mailing.REMINDED, 2,
    ),
    "sent, then failed to remind": (
        [event(SENT), event(FAILED, "remind")], Stage.SENT, Mailing.FAILED, 0,
    ),
    "of another unit": ([event(SENT, code="U2")], Stage.BUILT, Mailing.NOTHING, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
def test_a_unit_that_returned_nothing_stands_where_its_mail_does(
    tmp_path: Path, name: str
) -> None:
    events, state, last, reminders = MAILS[name]
    folder = made(tmp_path)
    assert of(folder, "U1").state is Stage.UNBUILT
    build(folder)
    with folder.record() as record:
        record.append(*events)
    found = of(folder, "U1")
    assert (found.state, found.mail.last) == (state, last)
    assert found.mail.reminders == reminders
    assert found.days_late == 3


def test_a_unit_that_returned_stands_where_its_return_does(tmp_path: Path) -> None:
    folder = made(tmp_path, "U1", "U2", "U3")
    deliver(folder, "1.xlsx", bad("U1"))
    deliver(folder, "2.xlsx", fine("U1"), hour=20)
    deliver(folder, "3.xlsx", bad("U2"), hour=24 * 3)
    found = {each.unit.code: each for each in status(folder).standings}
    assert [each.state for each in found.values()] == [
        Verdict.ACCEPTED, Verdict.REJECTED, Stage.UNBUILT,
    ]  # fmt: skip
    first, second = found["U1"].returned, found["U2"].returned
    assert first is not None
    assert second is not None
    assert (first.version, first.path, first.open) == (2, "2.xlsx", ())
    assert first.first == datetime(2026, 2, 2, 10, 40, tzinfo=CHINA)
    assert first.received == datetime(2026, 2, 3, 6, 40, tzinfo=CHINA)
    assert second.open == ("A6",) or "A6" in second.open
    assert [each.days_late for each in found.values()] == [0, 2, 3]
    sums = count((each.state, each.days_late) for each in found.values())
    assert (sums.due, sums.returned, sums.accepted, sums.punctual) == (3, 2, 1, 1)
    assert str(sums.rate) == "33.3"


def test_the_first_return_counts_for_the_deadline_when_it_is_gone(
    tmp_path: Path,
) -> None:
    folder = made(tmp_path)
    deliver(folder, "1.xlsx", bad("U1"))
    collect(folder)
    (folder.inbox / "1.xlsx").unlink()
    deliver(folder, "2.xlsx", fine("U1"), hour=100)
    assert of(folder, "U1").days_late == 0
    collect(folder)
    assert of(folder, "U1").days_late == 0


@pytest.mark.parametrize(
    ("hours", "late"), [(0, 0), (36, 0), (37, 0), (38, 1), (61, 1), (62, 2)]
)
def test_a_day_is_a_day_in_china(tmp_path: Path, hours: int, late: int) -> None:
    """Hour 37 is 23:40 on the day of the deadline."""
    folder = made(tmp_path)
    deliver(folder, "1.xlsx", fine("U1"), hour=hours)
    assert of(folder, "U1").days_late == late


def test_without_a_deadline_nobody_is_late(tmp_path: Path) -> None:
    folder = made(tmp_path)
    path = folder.path / "campaign.toml"
    path.write_text(path.read_text("utf-8").replace("deadline = ", "# "), "utf-8")
    deliver(folder, "1.xlsx", fine("U1"))
    assert [each.days_late for each in status(folder).standings] == [None, None]


# ---------------------------------------------------------------- right at any moment


def other_bytes(folder: Folder) -> None:
    """Another file of the same name, length and time."""
    path = folder.inbox / "1.xlsx"
    data, times = path.read_bytes(), path.stat()
    path.write_bytes(b"\0" * len(data))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def other_roster(folder: Folder) -> None:
    (folder.path / "roster.xlsx").unlink()
    text = "单位代码,单位名称\nU2,示例街道办事处U2\n"
    (folder.path / "roster.csv").write_text(text, "utf-8")


def decision(folder: Folder) -> None:
    decide(folder, Wish("U1", Ruling.REJECT, "请补充文字部分"))


CHANGES: dict[str, Callable[[Folder], object]] = {
    "a new file": lambda folder: deliver(folder, "2.xlsx", bad("U1"), hour=9),
    "a file gone": lambda folder: (folder.inbox / "1.xlsx").unlink(),
    "a file renamed": lambda folder: (folder.inbox / "1.xlsx").rename(
        folder.inbox / "9.xlsx"
    ),
    "other bytes under the same name": other_bytes,
    "another roster": other_roster,
    "a decision": decision,
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_the_status_is_what_collect_would_say(
    tmp_path: Path, name: str
) -> None:
    folder = made(tmp_path)
    deliver(folder, "1.xlsx", fine("U1"))
    collect(folder)
    assert not status(folder).judged_anew
    CHANGES[name](folder)
    before = contents(folder.path)
    anew = status(folder)
    assert anew.judged_anew
    assert contents(folder.path) == before, "looking changes nothing"
    collect(folder)
    known = status(folder)
    assert not known.judged_anew
    assert known.standings == anew.standings
    assert known.others == anew.others


def test_while_nothing_changes_no_return_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path)
    deliver(folder, "1.xlsx", fine("U1"))
    collect(folder)

    def fail(*_: object) -> None:
        raise AssertionError("the inbox was judged again")

    monkeypatch.setattr("workbook_builder.pipeline.standing.survey", fail)
    assert of(folder, "U1").state is Verdict.ACCEPTED


def test_a_copy_of_the_folder_stands_where_the_folder_does(tmp_path: Path) -> None:
    folder = made(tmp_path)
    deliver(folder, "1.xlsx", bad("U1"))
    collect(folder)
    copy = Folder(Path(shutil.copytree(folder.path, tmp_path / "副本")))
    assert not status(copy).judged_anew
    assert status(copy).standings == status(folder).standings


# ---------------------------------------------------------------- the command

TREE = Roster(
    (
        Unit("Q", "示例区", type="区县"),
        Unit("D", "东片", "Q", reports=False),
        Unit("U1", "示例街道办事处U1", "D", "街道"),
        Unit("U2", "示例街道办事处U2", "D", "街道"),
        Unit("U3", "示例教育局U3", "Q", "部门"),
    )
)


@pytest.fixture
def district(tmp_path: Path) -> Folder:
    made = folder(tmp_path / "a", TREE, of=replace(campaign(), deadline=DEADLINE))
    deliver(made, "1.xlsx", workbook(BUSY, TREE.by_code["U1"]))
    deliver(made, "2.xlsx", workbook(BUSY, TREE.by_code["U3"]), hour=90)
    deliver(made, "3.xlsx", b"")
    return made


def listed(shell: Shell) -> list[str]:
    table = shell.out.partition("\n\n")[0].splitlines()[1:]
    return [line.split()[0] for line in table]


def test_the_status_of_a_district(shell: Shell, district: Folder) -> None:
    assert shell("status", district.path) == 1
    assert listed(shell) == ["U1", "U2", "U3"]
    assert "应报 3 个单位，已报 2 个（通过 2 个），未报 1 个。" in shell.out
    assert "截止 2026-02-03（已过 3 天）；按时报送 1/3，按时报送率 33.3%" in shell.out
    assert "再运行 collect 才会更新" in shell.out
    assert "另有 1 个文件待确认、无法读取或不属本次任务" in shell.out
    collect(district)
    assert shell("status", district.path) == 1
    assert "才会更新" not in shell.out
    assert shell("status", district.path, lang="en") == 1
    assert "2 of 3 units returned (2 accepted), 1 missing." in shell.out


@pytest.mark.parametrize(
    ("options", "units"),
    [
        (["--state", "未报"], ["U2"]),
        (["--state", "已报"], ["U1", "U3"]),
        (["--state", "通过"], ["U1", "U3"]),
        (["--state", "逾期"], ["U2", "U3"]),
        (["--state", "未报·未生成"], ["U2"]),
        (["--type", "部门"], ["U3"]),
        (["--below", "D"], ["U1", "U2"]),
        (["--below", "东片", "--state", "未报"], ["U2"]),
        (["--below", "U3"], ["U3"]),
    ],
    ids=str,
)
def test_the_status_of_some_units(
    shell: Shell, district: Folder, options: list[str], units: list[str]
) -> None:
    shell("status", district.path, *options)
    assert listed(shell) == units


def test_all_in_is_exit_status_0(shell: Shell, district: Folder) -> None:
    assert shell("status", district.path, "--type", "部门") == 0
    assert "应报 1 个单位，已报 1 个（通过 1 个），未报 0 个。" in shell.out


def test_the_status_as_json(shell: Shell, district: Folder) -> None:
    printed = shell.json("status", district.path)
    assert (printed["due"], printed["returned"], printed["punctual"]) == (3, 2, 1)
    assert (printed["rate"], printed["deadline"]) == ("33.3", "2026-02-03")
    assert printed["judged_anew"] is True
    first, second, third = printed["units"]
    assert (first["code"], first["state"], first["version"]) == ("U1", "accepted", 1)
    assert (second["state"], second["file"], second["days_late"]) == (
        "unbuilt",
        None,
        3,
    )
    assert third["days_late"] == 3
    assert first["mail"] == {"last": "nothing", "at": None, "reminders": 0}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--state", "好"], "没有“好”这种状态"),
        (["--type", "学校"], "没有“学校”这类单位"),
        (["--below", "X"], "没有“X”这个单位"),
    ],
    ids=str,
)
def test_a_status_nobody_can_ask_for_is_one_sentence(
    shell: Shell, district: Folder, options: list[str], words: str
) -> None:
    assert shell("status", district.path, *options) == 2
    assert words in shell.sentence


def test_every_state_has_its_own_words() -> None:
    for language in ("zh", "en"):
        words = [reached_text(state).in_language(language) for state in reached()]
        assert len(set(words)) == len(reached())
    assert [reached_text(state).zh for state in reached()] == [
        "未报·未生成", "未报·未发送", "未报·已发送", "未报·发送失败", "未报·发送不明",
        "已报·通过", "已报·待说明", "已报·退回", "已报·文件不在", "免报",
    ]  # fmt: skip


def test_a_clerk_decides_and_undecides(shell: Shell, district: Folder) -> None:
    path = district.path
    assert shell("decide", path) == 0
    assert "还没有决定" in shell.out
    assert shell("decide", path, "U1", "reject", "--why", "请补充文字部分") == 0
    assert "（U1）退回。理由：请补充文字部分" in shell.out
    assert f"collect {path}" in shell.out
    assert shell("collect", path) == 1
    assert "请补充文字部分" in shell.out
    printed = shell.json("decide", path, "--list")
    (only,) = printed["decisions"]
    assert (only["unit"], only["ruling"], only["in_force"]) == ("U1", "reject", True)
    collected = shell.json("collect", path)
    assert collected["decisions"] == printed["decisions"]
    assert shell("decide", path, "U1", "withdraw") == 0
    assert shell("decide", path, "--list") == 0
    assert "已失效" in shell.out
    assert "已撤回" in shell.out
    assert shell("decide", path, "--list", lang="en") == 0
    assert "withdrawn" in shell.out


@pytest.mark.parametrize(
    "arguments", [["U1"], ["U1", "waive"], ["U1", "accept", "B1"], ["U1", "praise"]]
)
def test_half_a_decision_is_refused(
    shell: Shell, district: Folder, arguments: list[str]
) -> None:
    assert shell("decide", district.path, *arguments, "--why", "好") == 2
    assert district.history() == ()


def test_a_deadline_that_is_over_is_said_when_building(
    shell: Shell, tmp_path: Path
) -> None:
    folder = made(tmp_path)
    assert shell("build", folder.path) == 0
    assert "截止日期2026年2月3日晚于2026年1月31日" in shell.err
    assert "截止日期2026年2月3日已经过了" in shell.err
    assert workbook_name(folder.campaign(), folder.form(), unit("U1")).endswith(".xlsx")
    assert str(YEAR) in (folder.path / "campaign.toml").read_text("utf-8")
