"""The results as one SQLite file: units, files, cells, facts, totals and findings.

Numbers are kept exactly, twice: ``value`` is the decimal as text, ``scaled`` the same
as a whole number of 10^-n (``scale`` in ``meta`` is n), which SQL adds up without
rounding. A number that is no multiple of that step, or too large, has no ``scaled``.
Every value is bound to a parameter; none becomes part of a statement.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import repeat
from pathlib import Path

from workbook_builder.model.later import at_once
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.times import china_time
from workbook_builder.model.values import plain
from workbook_builder.outputs.records import ListContent, finding_records, said
from workbook_builder.rules.added import share
from workbook_builder.workbook.place import place

#: Raised when a program that reads these tables would have to be changed.
VERSION = 2
LARGEST = 2**63 - 1
#: Different numbers whose texts are kept.
_KEPT = 1 << 16

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE files (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT, verdict TEXT NOT NULL,
  unit TEXT, unit_name TEXT, edition TEXT, kind TEXT, received TEXT, sender TEXT
) STRICT;
CREATE TABLE units (
  code TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,
  parent TEXT REFERENCES units (code) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL, reports INTEGER NOT NULL CHECK (reports IN (0, 1)),
  state TEXT NOT NULL, counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
  file INTEGER REFERENCES files (id),
  covers_due INTEGER NOT NULL, covers_counted INTEGER NOT NULL, missing TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE cells (
  id TEXT PRIMARY KEY, position INTEGER NOT NULL, label TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('input', 'total')),
  sheet TEXT NOT NULL, address TEXT NOT NULL, measure TEXT NOT NULL,
  decimals INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE facts (
  unit TEXT NOT NULL REFERENCES units (code), cell TEXT NOT NULL REFERENCES cells (id),
  state TEXT NOT NULL, value TEXT, scaled INTEGER, text TEXT,
  adds TEXT, PRIMARY KEY (unit, cell)
) STRICT, WITHOUT ROWID;
CREATE TABLE totals (
  unit TEXT REFERENCES units (code), cell TEXT NOT NULL REFERENCES cells (id),
  value TEXT NOT NULL, scaled INTEGER, UNIQUE (unit, cell)
) STRICT;
CREATE TABLE findings (
  number INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES files (id),
  code TEXT NOT NULL, severity TEXT NOT NULL, cell TEXT, others TEXT,
  sheet TEXT, address TEXT,
  seen TEXT, expected TEXT, difference TEXT, message TEXT NOT NULL,
  remedy TEXT NOT NULL, explanation TEXT, waived TEXT,
  open INTEGER NOT NULL CHECK (open IN (0, 1))
) STRICT;
CREATE VIEW figures AS
  SELECT facts.unit, units.name AS unit_name, cells.id AS cell, cells.label,
         cells.kind, cells.sheet, cells.address, facts.state, facts.value,
         facts.scaled, facts.text, units.counted, files.path AS file, files.sha256,
         files.edition
  FROM facts JOIN units ON units.code = facts.unit JOIN cells ON cells.id = facts.cell
       LEFT JOIN files ON files.id = units.file;
"""

#: Nobody else looks at the file before it is whole, and half of it is thrown away. That
#: all keys are there is proved by tests; SQLite would look for two of each fact.
_IN_ONE_GO = (
    "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"
)

_Row = tuple[ListContent, ...]


def database(summary: Summary, file: Path) -> None:
    """Writes the SQLite file anew; the same results give the same bytes. Raises OSError."""
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    try:
        connection.executescript(_IN_ONE_GO)
        connection.executescript(SCHEMA)
        with connection:
            for table, rows in _tables(summary):
                _insert(connection, table, rows)
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        number = errno.ENOSPC if full else errno.EIO
        raise OSError(number, str(error), str(file)) from None
    finally:
        connection.close()


def scale(summary: Summary) -> int:
    """Decimals of the finest cell of the form."""
    return max(cell.type.decimals for cell in summary.form.cells.values())


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[_Row]) -> None:
    width = len(connection.execute(f"PRAGMA table_info({table})").fetchall())
    marks = ",".join("?" * width)
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _tables(summary: Summary) -> Iterator[tuple[str, Iterable[_Row]]]:
    ids = {id(each): at for at, each in enumerate(summary.submissions, 1)}
    yield "meta", _meta(summary)
    yield "files", (_file(at, each) for at, each in enumerate(summary.submissions, 1))
    yield "units", _units(summary, ids)
    yield "cells", _cells(summary)
    yield "facts", _facts(summary)
    yield "totals", _totals(summary)
    yield "findings", _findings(summary, ids)


def _meta(summary: Summary) -> Iterator[_Row]:
    campaign = summary.campaign
    yield from (
        ("version", str(VERSION)),
        ("campaign", campaign.id),
        ("district", campaign.district),
        ("form", campaign.form),
        ("edition", campaign.edition),
        ("year", str(campaign.year)),
        ("period", str(campaign.period)),
        ("scale", str(scale(summary))),
    )


def _file(number: int, submission: Submission) -> _Row:
    stamp, came = submission.stamp, china_time(submission.came)
    return (
        number,
        submission.path,
        submission.sha256 or None,
        submission.verdict.value,
        stamp.unit_code if stamp else None,
        stamp.unit_name if stamp else None,
        stamp.edition if stamp else None,
        stamp.kind if stamp else None,
        came.isoformat() if came else None,
        submission.arrival.sender or None,
    )


def _units(summary: Summary, ids: dict[int, int]) -> Iterator[_Row]:
    for position, unit in enumerate(summary.roster.in_tree_order):
        submission = summary.standing.get(unit.code)
        covers, counted = summary.covers[unit.code], unit.code in summary.counted
        yield (
            unit.code,
            unit.name,
            unit.type,
            unit.parent or None,
            position,
            int(unit.code in summary.position),
            summary.state(unit).word,
            int(counted),
            ids[id(submission)] if submission else None,
            covers.due,
            covers.counted if counted else 0,
            covers.missing,
        )


def _cells(summary: Summary) -> Iterator[_Row]:
    layout = place(summary.form)
    for position, cell in enumerate(summary.form.cells.values()):
        spot = layout.cells[cell.id]
        kind, type_ = cell.kind.value, cell.type
        where = (spot.sheet, spot.address, type_.unit, type_.decimals)
        yield (cell.id, position, cell.name, kind, *where)


def _facts(summary: Summary) -> Iterator[_Row]:
    cells, numbers = tuple(summary.form.cells), _Numbers(scale(summary))
    for code, submission in summary.standing.items():
        if not submission.facts:
            continue
        facts = at_once(submission.facts)
        adds = share(summary.form, facts) if code in summary.counted else {}
        states, exact, texts = said([*map(facts.__getitem__, cells)])
        value, scaled = zip(*map(numbers.__getitem__, exact), strict=True)
        added = [numbers[adds.get(id_)][0] for id_ in cells]
        yield from zip(repeat(code), cells, states, value, scaled, texts, added)


def _totals(summary: Summary) -> Iterator[_Row]:
    """Of the whole (no unit), and of every unit that has others below it."""
    numbers = _Numbers(scale(summary))
    for id_, amount in summary.totals.items():
        yield (None, id_, *numbers[amount])
    for code in summary.roster.children:
        for id_, amount in summary.node_totals[code].items():
            yield (code, id_, *numbers[amount])


def _findings(summary: Summary, ids: dict[int, int]) -> Iterator[_Row]:
    files = [
        ids[id(each)]
        for each in summary.submissions
        for _ in (*each.findings, *each.changes)
    ]
    for file, record in zip(files, finding_records(summary), strict=True):
        yield (record[0], file, *record[5:18], int(bool(record[18])))


class _Numbers(dict[Decimal | None, tuple[str | None, int | None]]):
    """The exact decimal as text, and as a whole number of steps where it is one; each
    made once, because most figures of most units are 0."""

    def __init__(self, digits: int) -> None:
        super().__init__({None: (None, None)})
        self._digits = digits

    def __missing__(self, amount: Decimal | None) -> tuple[str | None, int | None]:
        assert amount is not None
        made = plain(amount), self._scaled(amount)
        if len(self) < _KEPT:
            self[amount] = made
        return made

    def _scaled(self, amount: Decimal) -> int | None:
        if abs(amount) >= LARGEST:
            return None
        whole = amount.scaleb(self._digits)
        fits = whole == whole.to_integral_value() and abs(whole) <= LARGEST
        return int(whole) if fits else None
