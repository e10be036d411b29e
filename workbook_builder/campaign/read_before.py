"""What was read before: a file that is as it was, judged by the same program, form and
circumstances, is not read again.

The inbox stays the truth. Without what is kept here, or where it is damaged, everything
is read, with the same result. What could not be read is not kept: another time it may be.
It is read as data that says nothing but values, never as a program.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Hashable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeVar

import msgspec

from workbook_builder.bounds.deflate import Damaged, crc32, deflated, inflated
from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.program import definitions, program
from workbook_builder.campaign.spool import NOTHING, Spool, apart, packed, unfolded
from workbook_builder.definition.registry import Forms
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.expected import Expected
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Unit
from workbook_builder.reading.receive import Source

NAME = ".read.sqlite"

_TABLE = """CREATE TABLE IF NOT EXISTS kept (
  key TEXT PRIMARY KEY, found BLOB NOT NULL, said BLOB NOT NULL
)"""
#: Files after which what was read is on the disk: a run that is stopped goes on there.
_AT_ONCE = 500

_Found = tuple[Submission, ...]
#: Of each file within one: the submission without what it says, how many bytes that has
#: in ``said``, and which parts these are. Before them the check sum of ``said``.
_Leans = tuple[tuple[Submission, int, int], ...]
_Kept = tuple[int, _Leans]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Kept).decode


class ReadBefore:
    """The verdicts on the files of an inbox as they were the last time it was collected,
    and what the returns say, which lies in a spool."""

    def __init__(self, folder: Folder, expected: Expected, *, keep: bool) -> None:
        """``keep`` is for who may write down what is read, for the next time."""
        self._file, self._digests = folder.path / NAME, folder.digests
        self._about = circumstances(expected, folder.forms)
        self._spool, self._units = Spool(), expected.roster.by_code
        self._base = self._opened()
        self._known = self._keys()
        self._keep, self._wanted = keep, set[str]()
        self._new: list[tuple[str, bytes, bytes]] = []

    def find(self, source: Source) -> _Found | None:
        """What is in the file, if it was read before; as new as the file says now."""
        if not self._known:
            return None
        try:
            received, sha256 = self._told(source)
            key = self._key(source, sha256)
            if key not in self._known:
                return None
            ((found, said),) = self._base.execute(
                "SELECT found, said FROM kept WHERE key = ?", (key,)
            )
            check, kept = _decode(inflated(found))
            if check != crc32(said):
                return None
            submissions = tuple(self._spooled(kept, said, received))
        except _DAMAGED:
            return None
        self._wanted.add(key)
        return submissions

    def learn(self, source: Source, found: Folded | _Found) -> _Found:
        """The same, of which what it says is not in memory any more."""
        made = found if isinstance(found, Folded) else folded(found)
        if not isinstance(made, Folded):
            return made
        _, kept = _decode(inflated(made.row))
        leans = [lean for lean, *_ in kept]
        key = self._key(source, leans[0].arrival.within)
        if self._keep and all(lean.is_read for lean in leans):
            self._wanted.add(key)
            self._new.append((key, made.row, made.said))
            if len(self._new) >= _AT_ONCE:
                self._write()
        try:
            return tuple(self._spooled(kept, made.said, leans[0].received))
        except OSError:  # no room for it
            return tuple(_whole(kept, made.said))

    def close(self) -> None:
        """Keeps what was read, and of the rest what is still here."""
        if self._keep:
            self._write(self._known - self._wanted)
        self._base.close()

    def _spooled(
        self, kept: _Leans, said: bytes, received: float
    ) -> Iterator[Submission]:
        for lean, data, parts in _apart(kept, said):
            each = replace(_shared(lean, self._units), received=received)
            yield self._spool.put(each, data, parts) if parts else each

    def _told(self, source: Source) -> tuple[float, str]:
        """When it is of, and its fingerprint. Raises OSError, UnreadableFile."""
        if isinstance(source.file, Path):
            status = source.file.lstat()
            if S_ISREG(status.st_mode) and status.st_size <= WORKBOOK.file_size:
                return status.st_mtime, self._digests.of(source.file)
        received, data = source.opened()
        return received, hashlib.sha256(data).hexdigest()

    def _key(self, source: Source, sha256: str) -> str:
        said = "\0".join((self._about, source.shown, sha256))
        return hashlib.sha256(said.encode()).hexdigest()

    def _opened(self) -> sqlite3.Connection:
        """Nothing is made where there is none, and nobody else is kept waiting."""
        there = f"{self._file.absolute().as_uri()}?mode=rw"
        try:
            return sqlite3.connect(there, uri=True, isolation_level=None)
        except sqlite3.Error:
            return sqlite3.connect(":memory:")

    def _keys(self) -> set[str]:
        try:
            return {key for (key,) in self._base.execute("SELECT key FROM kept")}
        except sqlite3.Error:
            return set()

    def _write(self, gone: set[str] | frozenset[str] = frozenset()) -> None:
        if not (self._new or gone):
            return
        with suppress(sqlite3.Error, OSError):  # the next run reads everything again
            if not self._known:  # there was none, or it cannot be read
                self._base.close()
                self._file.unlink(missing_ok=True)
            base = sqlite3.connect(self._file)
            try:
                with base:
                    base.execute(_TABLE)
                    forgotten = ((key,) for key in gone)
                    base.executemany("DELETE FROM kept WHERE key = ?", forgotten)
                    base.executemany(
                        "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", self._new
                    )
            finally:
                base.close()
            self._known |= {key for key, *_ in self._new}
        self._new = []


_DAMAGED = (
    *(OSError, UnreadableFile, ValueError, Damaged),
    *(sqlite3.Error, msgspec.MsgspecError),
)


@dataclass(frozen=True, slots=True)
class Folded:
    """What is in a file, as it is kept: an eighth of the bytes, wherever it was read."""

    row: bytes
    said: bytes


def folded(found: _Found) -> Folded | _Found:
    """The same as it is kept; as it was, if it would not come out as it went in."""
    said, kept = [], []
    for each in found:
        lean, parts = apart(each)
        data = packed(each) if parts else b""
        if data is None:
            return found
        said.append(data)
        kept.append((lean, len(data), parts))
    whole = b"".join(said)
    made = crc32(whole), tuple(kept)
    try:
        row = _encode(made)
        if not found or _decode(row) != made:
            return found
    except (msgspec.MsgspecError, TypeError, ValueError):  # half a character
        return found
    return Folded(deflated(row), whole)


def _apart(kept: _Leans, said: bytes) -> Iterator[tuple[Submission, bytes, int]]:
    """Each submission without what it says, that as it is packed, and which parts."""
    start = 0
    for lean, size, parts in kept:
        yield lean, said[start : start + size], parts
        start += size


def _whole(kept: _Leans, said: bytes) -> Iterator[Submission]:
    for lean, data, parts in _apart(kept, said):
        yield unfolded(lean, data) if parts else lean


_Same = TypeVar("_Same", bound=Hashable)
#: What many returns say alike is in memory once; so much of it is looked up.
_ALIKE = 1 << 14
_alike: dict[Hashable, Any] = {}


def _same(one: _Same) -> _Same:
    """What is equal to it and was there before."""
    if len(_alike) >= _ALIKE:
        _alike.clear()
    found: _Same = _alike.setdefault(one, one)
    return found


def _shared(each: Submission, units: Mapping[str, Unit]) -> Submission:
    """The same, of which one part or another is that of another return, or the roster's."""
    findings = _same(tuple(map(_same, each.findings)))
    said = each.answers
    answers = replace(
        said,
        declared=_same(said.declared),
        rest_zero=_same(said.rest_zero),
        explanations=said.explanations or NOTHING,
        printed=said.printed or NOTHING,
    )
    stamp, arrival = each.stamp, each.arrival
    if stamp is not None:
        names = ("form", "edition", "layout", "campaign", "kind", "unit_type", "period")
        stamp = replace(stamp, **{name: _same(getattr(stamp, name)) for name in names})
        if (unit := units.get(stamp.unit_code)) and unit.name == stamp.unit_name:
            stamp = replace(stamp, unit_code=unit.code, unit_name=unit.name)
    if arrival.within == each.sha256:
        arrival = replace(arrival, within=each.sha256)
    return replace(
        each, findings=findings, stamp=stamp, arrival=arrival, answers=answers
    )


def circumstances(expected: Expected, forms: Forms) -> str:
    """Of all that a verdict depends on besides the file."""
    total = hashlib.sha256(f"{program()}\0{definitions(forms)}".encode())
    for each in fields(expected):
        if each.name in {"form", "forms"}:  # they are what their files say
            continue
        known = getattr(expected, each.name)
        parts = known.items() if isinstance(known, Mapping) else (known,)
        total.update(each.name.encode())
        for part in parts:  # of very many units not all at once
            total.update(repr(part).encode("utf-8", "surrogatepass"))
    return total.hexdigest()
