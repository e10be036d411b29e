"""A file that is as it was is not read again, and nobody can tell from the results."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    BUSY,
    codes,
    contents,
    deliver,
    folder,
    roster,
    unit,
    workbook,
    zipped,
)
from workbook_builder.campaign import made_before, placing, read_before
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.made_before import NAME as MADE
from workbook_builder.campaign.place import SETTINGS
from workbook_builder.campaign.read_before import NAME, ReadBefore
from workbook_builder.campaign.roster_book import roster_book
from workbook_builder.campaign.spool import Spool
from workbook_builder.model.answers import Answers
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.decision import Ruling
from workbook_builder.model.finding import Verdict
from workbook_builder.model.submission import Submission
from workbook_builder.pipeline import Wish, collect, collecting, decide, inbox, status
from workbook_builder.reading.receive import Source, receive
from workbook_builder.workbook.write import write


class Reader:
    """Reads in this process, and tells what was read since it was asked last."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def __call__(
        self, then: Callable[..., Any], sources: Sequence[Source], known: Any
    ) -> Iterator[Any]:
        for source in sources:
            self._names.append(source.shown)
            yield then(receive(source, known))

    def names(self) -> set[str]:
        names, self._names = self._names, []
        assert len(names) == len(set(names))
        return set(names)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()
    monkeypatch.setattr(inbox, "received_as", reader)
    return reader


#: One application too many was received.
WRONG = {**BUSY, "applications.received.natural": 10}
#: What nobody could read, or make out, may be read another time.
ALWAYS = {"坏.xlsx", "函.txt"}
ALL = {"一.xlsx", "包.zip", *ALWAYS}


@pytest.fixture
def made(tmp_path: Path, read: Reader) -> Folder:
    found = folder(tmp_path / "任务", roster("U1", "U2", "U3"))
    deliver(found, "一.xlsx", workbook(BUSY, unit("U1", "Q")))
    both = {"二.xlsx": workbook(BUSY, unit("U2", "Q")), "图.png": b"\x89PNG\r\n"}
    deliver(found, "包.zip", zipped(both))
    deliver(found, "坏.xlsx", b"PK no workbook")
    deliver(found, "函.txt", "各单位：请按时报送。".encode())
    collect(found)
    assert read.names() == ALL
    return found


def test_only_what_is_new_or_was_unreadable_is_read(made: Folder, read: Reader) -> None:
    collect(made)
    assert read.names() == ALWAYS
    deliver(made, "三.xlsx", workbook(BUSY, unit("U3", "Q")))
    found = collect(made)
    assert read.names() == {*ALWAYS, "三.xlsx"}
    assert len(found.summary.counted) == 3
    results = contents(made.results)
    (made.path / NAME).unlink()
    assert collect(made).submissions == found.submissions
    assert read.names() == {*ALL, "三.xlsx"}
    assert contents(made.results) == results


def test_what_is_gone_is_forgotten(made: Folder, read: Reader) -> None:
    size = (made.path / NAME).stat().st_size
    (made.inbox / "一.xlsx").rename(made.inbox / "改名.xlsx")
    collect(made)
    assert read.names() == {*ALWAYS, "改名.xlsx"}
    assert (made.path / NAME).stat().st_size == size


def test_a_file_is_told_by_its_bytes_and_is_as_old_as_it_says(
    made: Folder, read: Reader
) -> None:
    file = made.inbox / "一.xlsx"
    os.utime(file, (1_790_000_000, 1_790_000_000))
    found = {each.path: each for each in collect(made).submissions}
    assert read.names() == ALWAYS
    assert found["一.xlsx"].received == 1_790_000_000
    file.write_bytes(workbook(WRONG, unit("U1", "Q")))
    found = {each.path: each for each in collect(made).submissions}
    assert read.names() == {*ALWAYS, "一.xlsx"}
    assert codes(found["一.xlsx"].findings)


def _settings(made: Folder) -> None:
    file = made.path / SETTINGS
    file.write_text(file.read_text("utf-8").replace('"key"', '"other"'), "utf-8")


def _form(made: Folder) -> None:
    mine = made.path / "forms" / "mine" / "2021"
    mine.mkdir(parents=True)
    (mine / "notes.toml").write_text("", encoding="utf-8")


def _last_period(made: Folder) -> None:
    row = "unit,year,cell,value\nU1,2024,applications.received.natural,7\n"
    (made.last / "上年.csv").write_text(row, encoding="utf-8")


def _roster(made: Folder) -> None:
    units = roster("U1", "U2", "U4")
    (made.path / "roster.xlsx").write_bytes(write(roster_book(units, made.form())))


CHANGES: dict[str, Callable[[Folder], None]] = {
    "the settings": _settings,
    "a form": _form,
    "figures of the period before": _last_period,
    "the roster": _roster,
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_circumstances_are_other_verdicts(
    change: str, made: Folder, read: Reader
) -> None:
    CHANGES[change](made)
    collect(made)
    assert read.names() == ALL


def test_another_program_reads_everything(
    made: Folder, read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_before, "program", lambda: "a later one")
    collect(made)
    assert read.names() == ALL


@pytest.mark.parametrize("damage", [b"", b"no base at all", None])
def test_what_is_damaged_is_not_trusted(
    damage: bytes | None, made: Folder, read: Reader
) -> None:
    before = collect(made).submissions
    file = made.path / NAME
    data = bytearray(file.read_bytes())
    for at in range(5000, len(data), 97):  # within what was kept of the files
        data[at] ^= 0x55
    file.write_bytes(bytes(data) if damage is None else damage)
    read.names()
    assert collect(made).submissions == before
    assert read.names() == ALL


def test_who_only_looks_writes_nothing(made: Folder, read: Reader) -> None:
    (made.path / NAME).unlink()
    deliver(made, "三.xlsx", workbook(BUSY, unit("U3", "Q")))
    status(made)
    assert not (made.path / NAME).exists()
    assert read.names() == {*ALL, "三.xlsx"}


# ---------------------------------------------------------------- what is kept


DATA = b"as it came"
SHA256 = hashlib.sha256(DATA).hexdigest()
SOUND = Submission(
    "a.xlsx",
    SHA256,
    Verdict.REJECTED,
    findings=(catalogued("T06", cell="a.b.c"),),
    answers=Answers(texts={"x": "无"}),
    arrival=Arrival(within=SHA256),
)
SAYS_NOTHING = replace(SOUND, answers=Answers())
UNREAD = replace(SOUND, verdict=Verdict.UNREADABLE)
HALF = replace(SOUND, answers=Answers(texts={"x": "\ud800"}))
HALF_SEEN = replace(SOUND, findings=(catalogued("T06", seen="\ud800"),))


@pytest.mark.parametrize("on_disk", [True, False])
@pytest.mark.parametrize(
    ("found", "keep", "is_kept"),
    [
        ((SOUND,), True, True),
        ((SAYS_NOTHING, SOUND, SAYS_NOTHING, SOUND), True, True),
        ((SOUND,), False, False),
        ((UNREAD,), True, False),
        ((SOUND, UNREAD), True, False),
        ((HALF,), True, False),
        ((SOUND, HALF_SEEN), True, False),
        ((), True, False),
    ],
)
def test_only_what_was_read_and_comes_out_as_it_went_in_is_kept(
    found: tuple[Submission, ...],
    keep: bool,
    is_kept: bool,
    on_disk: bool,
    tmp_path: Path,
) -> None:
    made = folder(tmp_path / "任务", roster("U1"))
    file = deliver(made, "a.xlsx", DATA)
    os.utime(file, (7, 7))
    source = Source("a.xlsx", file if on_disk else DATA)

    def opened() -> ReadBefore:
        return ReadBefore(made, made.expected(), keep=keep)

    before = opened()
    assert before.find(source) is None
    assert before.learn(source, found) == found
    before.close()
    now = tuple(replace(each, received=7.0 * on_disk) for each in found)
    again = opened()
    for _ in range(2):
        assert again.find(source) == (now if is_kept else None)
    assert again.find(replace(source, shown="b.xlsx")) is None
    again.close()


def test_a_full_disk_costs_memory_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Submission:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Spool, "put", full)
    made = folder(tmp_path / "任务", roster("U1"))
    before = ReadBefore(made, made.expected(), keep=True)
    assert before.learn(Source("a.xlsx", DATA), (SOUND,)) == (SOUND,)
    before.close()
    again = ReadBefore(made, made.expected(), keep=True)
    assert again.find(Source("a.xlsx", DATA)) is None  # it is read once more
    again.close()


# ---------------------------------------------------------------- the results


@pytest.fixture
def makes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one whenever results are made."""
    made: list[str] = []
    make = collecting._make

    def noted(*given: Any) -> Any:
        made.append("made")
        return make(*given)

    monkeypatch.setattr(collecting, "_make", noted)
    return made


def _deleted(made: Folder, results: Path) -> None:
    (results / "facts.csv").unlink()


def _by_hand(made: Folder, results: Path) -> None:
    with (results / "汇总.xlsx").open("ab") as file:
        file.write(b"changed")


def _nothing_noted(made: Folder, results: Path) -> None:
    (made.path / MADE).write_bytes(b"{")


def _no_text(made: Folder, results: Path) -> None:
    file = made.path / MADE
    file.write_bytes(file.read_bytes().replace("汇总".encode(), b"\xff"))


def _decision(made: Folder, results: Path) -> None:
    decide(made, Wish("U1", Ruling.REJECT, "数字与台账不符，请核对。"))


STALE: dict[str, Callable[[Folder, Path], None]] = {
    "a result was deleted": _deleted,
    "one was changed by hand": _by_hand,
    "nobody knows what they are of": _nothing_noted,
    "what is noted of them is no text": _no_text,
    "something was decided": _decision,
}


@pytest.mark.parametrize("change", STALE)
def test_results_are_made_where_they_would_be_others_or_are_not_whole(
    change: str, made: Folder, makes: list[str]
) -> None:
    first, results = collect(made), contents(made.results)
    assert makes == []
    assert first.written
    assert first.written == collect(made).written
    STALE[change](made, made.results)
    collect(made)
    assert makes == ["made"]
    if change != "something was decided":
        now = contents(made.results)
        assert {name: now[name] for name in results} == results


def test_what_a_killed_run_left_goes_though_nothing_is_made(
    made: Folder, makes: list[str]
) -> None:
    left = made.results / placing.NEW / "~"
    left.mkdir(parents=True)
    (left / "facts.csv").write_bytes(b"half")
    collect(made)
    assert makes == []
    assert not left.parent.exists()


def test_another_program_makes_them_anew(
    made: Folder, makes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_before, "program", lambda: "a later one")
    collect(made)
    assert makes == ["made"]
