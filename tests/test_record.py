"""The record: nothing lost, nothing changed, whoever else writes and whatever dies."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.support import folder
from workbook_builder.campaign import record as module
from workbook_builder.campaign.record import APPLICATION, VERSION, Record, now
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.event import Event, Happening

SENT, FAILED, SENDING = Happening.SENT, Happening.FAILED, Happening.SENDING
AT = "2026-01-15T09:30:00+08:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.sqlite"


@pytest.fixture
def record(path: Path) -> Iterator[Record]:
    with Record(path) as opened:
        yield opened


def event(number: int, unit: str = "U1", happening: Happening = SENT) -> Event:
    return Event(happening, unit, AT, {"number": str(number)})


def sound(path: Path) -> bool:
    base = sqlite3.connect(path)
    try:
        return list(base.execute("PRAGMA integrity_check")) == [("ok",)]
    finally:
        base.close()


# ---------------------------------------------------------------- what goes in


def test_events_come_back_as_they_were_and_in_order(record: Record, path: Path) -> None:
    odd = Event(FAILED, "", AT, {"名": "甲\n‮\0\udc80", "": ""})
    record.append(event(1), event(2, "U2", SENDING))
    record.append(odd)
    record.append()
    with Record(path) as other:
        assert other.events() == (event(1), event(2, "U2", SENDING), odd)
        assert other.events(SENDING, FAILED) == (event(2, "U2", SENDING), odd)
        assert other.events(unit="U1") == (event(1),)
        assert other.events(SENT, unit="U2") == ()
        assert other.events(unit="") == (odd,)


def test_the_folder_has_one_record(tmp_path: Path) -> None:
    made = folder(tmp_path / "a")
    assert not (made.path / "record.sqlite").exists()
    with made.record() as record:
        record.append(event(1))
    with made.record() as record:
        assert record.events() == (event(1),)
    assert [path.name for path in made.path.glob("record*")] == ["record.sqlite"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET at = 'never'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event VALUES (1, 'sent', 'U9', '', '{}')",
        "INSERT INTO event VALUES (NULL, 'sent', 'U9', '', 'no json')",
        "INSERT INTO event VALUES (NULL, 'sent', NULL, '', '{}')",
    ],
)
def test_what_is_recorded_cannot_be_changed(
    record: Record, path: Path, statement: str
) -> None:
    record.append(event(1))
    base = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        base.execute(statement)
    base.close()
    assert record.events() == (event(1),)


def test_all_events_of_one_call_or_none(record: Record) -> None:
    broken = Event(SENT, "U1", AT, {"bytes": b""})  # type: ignore[dict-item]
    with pytest.raises(TypeError):
        record.append(event(1), broken)
    assert record.events() == ()
    record.append(event(2))
    assert record.events() == (event(2),)


def test_a_claim_is_granted_once(record: Record) -> None:
    seen: list[tuple[Event, ...]] = []

    def refuse(events: tuple[Event, ...]) -> bool:
        seen.append(events)
        return bool(events)

    record.append(event(1, "U2"))
    assert record.claim(event(2), unless=refuse)
    assert not record.claim(event(3), unless=refuse)
    assert seen == [(), (event(2),)]
    assert record.events() == (event(1, "U2"), event(2))


def test_a_claim_that_fails_leaves_nothing_locked(record: Record, path: Path) -> None:
    def fail(events: tuple[Event, ...]) -> bool:
        raise LookupError

    with pytest.raises(LookupError):
        record.claim(event(1), unless=fail)
    with Record(path) as other:
        other.append(event(2))
    assert record.events() == (event(2),)


def test_the_time_is_local_and_says_its_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    assert datetime.fromisoformat(now()).utcoffset() is not None
    china = timezone(timedelta(hours=8))
    monkeypatch.setattr(
        module, "clock", lambda: datetime(2026, 1, 15, 9, 30, 0, 7, china)
    )
    assert now() == AT


# ---------------------------------------------------------------- two at once, and death

_WRITER = """
import sys
import time
from pathlib import Path
from workbook_builder.campaign.record import Record
from workbook_builder.model.event import Event, Happening
name, at = sys.argv[2], "2026-01-15T09:30:00+08:00"
print("ready", flush=True)
for number in range(10_000):
    detail = {"writer": name, "number": str(number), "filler": "字" * 999}
    with Record(Path(sys.argv[1])) as record:
        record.append(*[Event(Happening.SENT, name, at, detail)] * 3)
    print(number, flush=True)
    time.sleep(0.002)  # so that the other writer has its turn
"""

_CLAIMANT = """
import sys
from pathlib import Path
from workbook_builder.campaign.record import Record
from workbook_builder.model.event import Event, Happening
sys.stdin.readline()
with Record(Path(sys.argv[1])) as record:
    for number in range(25):
        event = Event(Happening.SENDING, f"U{number}", "", {"by": sys.argv[2]})
        if record.claim(event, unless=bool):
            print(event.unit)
"""


def started(program: str, path: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_programs_killed_at_any_moment_lose_and_break_nothing(path: Path) -> None:
    """Two writers at once, killed without warning, several times over."""
    moments = random.Random(7)
    promised: dict[str, int] = {}
    for turn in range(4):
        writers = {
            f"{turn}{side}": started(_WRITER, path, f"{turn}{side}") for side in "ab"
        }
        for writer in writers.values():
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0.02, 0.4))
        for name, writer in writers.items():
            writer.kill()
            with writer:
                # communicate() would pass over what came along with “ready”.
                assert writer.stdout is not None
                whole_lines = writer.stdout.read().split("\n")[:-1]
            promised[name] = int(whole_lines[-1]) + 1 if whole_lines else 0
        assert sound(path)
    with Record(path) as record:
        kept = record.events()
    assert sum(promised.values()) > 0
    for name, times in promised.items():
        numbers = [int(e.detail["number"]) for e in kept if e.unit == name]
        batches = len(numbers) // 3
        assert numbers == sorted([*range(batches)] * 3), "half a batch"
        assert times <= batches <= times + 1, "what was promised is there"
    with Record(path) as record:
        record.append(event(1))
    assert sound(path)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_of_programs_that_claim_at_once_one_gets_each_unit(path: Path) -> None:
    claimants = [started(_CLAIMANT, path, str(number)) for number in range(4)]
    answers = [claimant.communicate("go\n")[0].split() for claimant in claimants]
    assert [claimant.returncode for claimant in claimants] == [0] * 4
    claimed = sorted(unit for answer in answers for unit in answer)
    assert claimed == sorted(f"U{number}" for number in range(25))
    with Record(path) as record:
        assert sorted(each.unit for each in record.events()) == claimed


# ---------------------------------------------------------------- what cannot be used


def refusal(path: Path) -> CampaignError:
    with pytest.raises(CampaignError) as caught:
        Record(path).append(event(1))
    return caught.value


def test_a_record_another_program_holds(
    path: Path, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert "正被另一个程序使用" in refusal(path).text.zh
    holder.execute("ROLLBACK")
    holder.close()
    Record(path).append(event(1))


def test_a_record_of_a_newer_version_is_left_alone(path: Path) -> None:
    Record(path).close()
    base = sqlite3.connect(path)
    base.execute(f"PRAGMA user_version = {VERSION + 1}")
    base.close()
    before = path.read_bytes()
    assert "更新版本" in refusal(path).text.zh
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"no database " * 100, b"SQLite format 3\0" * 70])
def test_a_file_that_is_no_record_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "不是填报任务的记录" in refusal(path).text.zh
    assert path.read_bytes() == content


@pytest.mark.parametrize("version", [0, VERSION])
def test_a_database_of_somebody_else_is_left_alone(path: Path, version: int) -> None:
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE theirs (a)")
    base.execute(f"PRAGMA user_version = {version}")
    base.commit()
    base.close()
    before = path.read_bytes()
    assert "不是填报任务的记录" in refusal(path).text.zh
    assert path.read_bytes() == before
    assert APPLICATION != 0


def test_a_damaged_record_says_so(path: Path, record: Record) -> None:
    record.append(*(event(number) for number in range(500)))
    record.close()
    data = bytearray(path.read_bytes())
    data[4096:12288] = b"\xff" * 8192
    path.write_bytes(data)
    with pytest.raises(CampaignError) as caught, Record(path) as damaged:
        damaged.events()
    assert "已经损坏" in caught.value.text.zh


def test_a_record_in_no_folder_and_in_a_folder_of_that_name(tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "record.sqlite", tmp_path):
        said = refusal(path).text.zh
        assert "无法打开或写入" in said
        assert said.endswith("网络盘是否连着。")
