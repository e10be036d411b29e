"""The record of a campaign: what was built, sent, received, judged and decided.

It is a history and only grows. The inbox stays the truth about what came back; the
record knows what no folder can tell: when, by whom, and why.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from workbook_builder.model.errors import CampaignError
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.times import CHINA

#: Of the tables below; a record with a higher number is not touched.
VERSION = 1
#: “WBRC”: tells a record from any other database.
APPLICATION = 0x57425243
#: Seconds to wait while another program writes.
PATIENCE = 10.0

_TABLES = f"""
CREATE TABLE event (
    number    INTEGER PRIMARY KEY,
    happening TEXT NOT NULL,
    unit      TEXT NOT NULL,
    at        TEXT NOT NULL,
    detail    TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;
CREATE INDEX event_unit ON event (unit);
CREATE TRIGGER event_stays BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the record only grows'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the record only grows'); END;
CREATE TRIGGER event_is_new BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the record only grows'); END;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
"""


def _now() -> datetime:
    return datetime.now(CHINA)


#: Replaced by tests; everybody else asks :func:`now`.
clock: Callable[[], datetime] = _now


def now() -> str:
    """China's time as ISO 8601 with its offset: the one place that asks the clock."""
    return clock().astimezone(CHINA).isoformat(timespec="seconds")


class Record:
    """``record.sqlite`` of a campaign folder.

    Raises CampaignError where it cannot be opened, read or written: another program
    holds it, it is damaged, a newer version made it, the folder is read-only.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._clear():
            # The default rollback journal, not WAL: campaign folders live on network
            # drives, where WAL's shared memory does not work.
            self._base = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        try:
            with self._clear():
                # EXTRA also syncs the folder after a commit: what append() returned
                # from survives a power cut.
                self._base.execute("PRAGMA synchronous = EXTRA")
                self._prove()
        except BaseException:
            self._base.close()
            raise

    def append(self, *events: Event) -> None:
        """All of them or none; they are on the disk when this returns."""
        if events:
            with self._clear(), self._alone():
                self._add(events)

    def events(
        self, *happenings: Happening, unit: str | None = None
    ) -> tuple[Event, ...]:
        """In the order of appending; all happenings, all units unless named."""
        with self._clear():
            return self._read(happenings, unit)

    def claim(self, event: Event, unless: Callable[[tuple[Event, ...]], bool]) -> bool:
        """Appends the event unless ``unless`` says so of the unit's events so far.

        Of two programs that claim at once, the second sees the first one's event.
        """
        with self._clear(), self._alone():
            if unless(self._read((), event.unit)):
                return False
            self._add((event,))
            return True

    def append_new(self, new: Callable[[tuple[Event, ...]], Iterable[Event]]) -> None:
        """Appends what ``new`` makes of all events so far, one after the other.

        Two programs at once do not both append the same.
        """
        with self._clear(), self._alone():
            self._add(new(self._read((), None)))

    def close(self) -> None:
        self._base.close()

    def __enter__(self) -> Record:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prove(self) -> None:
        """That this is a record this program knows; an empty file becomes one."""
        if self._number("user_version") == 0:
            with self._alone():
                if self._number("user_version") == 0:  # nobody was faster
                    self._create()
        if self._number("application_id") != APPLICATION:
            raise _not_a_record(self.path)
        if self._number("user_version") > VERSION:
            raise CampaignError(
                f"任务记录“{self.path}”是更新版本的程序建的，本版本不能使用。"
                "请升级 workbook-builder 再试；记录没有改动。",
                f"{self.path} was made by a newer version of workbook-builder; "
                "upgrade and try again. It was left alone.",
            )

    def _create(self) -> None:
        if self._base.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise _not_a_record(self.path)
        for statement in _statements(_TABLES):
            self._base.execute(statement)

    def _number(self, pragma: str) -> int:
        (number,) = self._base.execute(f"PRAGMA {pragma}").fetchone()
        return int(number)

    def _add(self, events: Iterable[Event]) -> None:
        self._base.executemany(
            "INSERT INTO event (happening, unit, at, detail) VALUES (?, ?, ?, ?)",
            (
                # Escaped to ASCII: names out of broken mails hold half characters.
                (e.happening.value, e.unit, e.at, json.dumps(dict(e.detail)))
                for e in events
            ),
        )

    def _read(
        self, happenings: tuple[Happening, ...], unit: str | None
    ) -> tuple[Event, ...]:
        marks = ", ".join("?" * len(happenings))
        conditions = [f"happening IN ({marks})"] if happenings else []
        conditions += ["unit = ?"] if unit is not None else []
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = self._base.execute(
            f"SELECT happening, unit, at, detail FROM event{where} ORDER BY number",
            (*happenings, *(() if unit is None else (unit,))),
        )
        return tuple(
            Event(_HAPPENINGS[happening], of, at, _detail(detail))
            for happening, of, at, detail in rows
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One transaction that no other program can come between."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._base.execute("COMMIT")
        except BaseException:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise

    @contextmanager
    def _clear(self) -> Iterator[None]:
        """What the database says in words a clerk can act on."""
        try:
            yield
        except sqlite3.Error as error:
            raise _said(self.path, error) from error


_HAPPENINGS = {each.value: each for each in Happening}


def _detail(said: str) -> dict[str, str]:
    """Very many events say something under the same few names."""
    pairs: dict[str, str] = json.loads(said)
    return {sys.intern(name): text for name, text in pairs.items()}


def _statements(script: str) -> Iterator[str]:
    """``executescript`` would end the transaction."""
    text = ""
    for line in script.splitlines():
        text += f"{line}\n"
        if sqlite3.complete_statement(text):
            yield text
            text = ""


def _not_a_record(path: Path) -> CampaignError:
    return CampaignError(
        f"“{path}”不是填报任务的记录，或者已经损坏，没有改动它。"
        "请从备份恢复这个文件；没有备份的，把它移到别处再运行，发送记录和决定将从头开始。",
        f"{path} is no record of a campaign, or damaged; it was left alone. Restore it "
        "from a backup, or move it away: what was sent and decided then starts anew.",
    )


def _said(path: Path, error: sqlite3.Error) -> CampaignError:
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return CampaignError(
                f"任务记录“{path}”正被另一个程序使用。请等它结束，或关掉它再试。",
                f"{path} is in use by another program. Wait for it, or end it, "
                "and try again.",
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return _not_a_record(path)
        case sqlite3.SQLITE_FULL:
            return CampaignError(
                f"磁盘满了，任务记录“{path}”无法写入。请腾出空间再试。",
                f"The disk is full: {path} cannot be written. Make room and try again.",
            )
        case _:
            return CampaignError(
                f"任务记录“{path}”无法打开或写入（{error}）。"
                "请检查文件夹是否存在、是否只读、网络盘是否连着。",
                f"{path} cannot be opened or written: {error}. Is the folder there, "
                "writable, and the network drive connected?",
            )


def today() -> date:
    """The day it is in China."""
    return datetime.fromisoformat(now()).astimezone(CHINA).date()
