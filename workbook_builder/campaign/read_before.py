"""What was read before: a file that is as it was, judged by the same program, form and
circumstances, is not read again.

The inbox stays the truth. Without what is kept here, or where it is damaged, everything
is read, with the same result. What could not be read is not kept: another time it may be.
It is read as data that says nothing but values, never as a program.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import msgspec

from workbook_builder.campaign.program import definitions, program
from workbook_builder.definition.registry import Forms
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.expected import Expected
from workbook_builder.model.submission import Submission
from workbook_builder.reading.receive import Source

NAME = ".read.sqlite"

_TABLE = "CREATE TABLE IF NOT EXISTS file (key TEXT PRIMARY KEY, found BLOB NOT NULL)"
#: The least that zlib does is enough: findings say much the same of every file.
_LEVEL = 1

_Found = tuple[Submission, ...]


class ReadBefore:
    """The verdicts on the files of an inbox as they were the last time it was collected."""

    def __init__(self, campaign: Path, expected: Expected, forms: Forms) -> None:
        self._file = campaign / NAME
        self._about = _circumstances(expected, forms)
        self._kept = self._read()
        self._decoder = msgspec.msgpack.Decoder(_Found)

    def find(self, source: Source) -> _Found | None:
        """What is in the file, if it was read before; as new as the file says now."""
        if not self._kept:
            return None
        try:
            received, data = source.opened()
            packed = self._kept[self._key(source, hashlib.sha256(data).hexdigest())]
            found = self._decoder.decode(zlib.decompress(packed))
        except (UnreadableFile, KeyError, zlib.error, msgspec.MsgspecError):
            return None
        return tuple(replace(each, received=received) for each in found)

    def keep(self, read: Iterable[tuple[Source, _Found]]) -> None:
        """These and no others, for the next time."""
        wanted = {
            self._key(source, found[0].arrival.within): found for source, found in read
        }
        new = {
            key: packed
            for key, found in wanted.items()
            if key not in self._kept and (packed := self._packed(found)) is not None
        }
        gone = self._kept.keys() - wanted.keys()
        if new or gone:
            self._write(new, gone)

    def _packed(self, found: _Found) -> bytes | None:
        """None for what is not to be kept, or would not come out as it went in."""
        if not all(each.is_read for each in found):
            return None
        try:
            packed = msgspec.msgpack.encode(found)
            if self._decoder.decode(packed) != found:
                return None
        except (msgspec.MsgspecError, TypeError, ValueError):  # half a character
            return None
        return zlib.compress(packed, _LEVEL)

    def _key(self, source: Source, sha256: str) -> str:
        said = "\0".join((self._about, source.shown, sha256))
        return hashlib.sha256(said.encode()).hexdigest()

    def _read(self) -> dict[str, bytes]:
        if not self._file.is_file():
            return {}
        try:
            with closing(sqlite3.connect(self._file)) as base:
                return dict(base.execute("SELECT key, found FROM file"))
        except sqlite3.Error:
            return {}

    def _write(self, new: dict[str, bytes], gone: Iterable[str]) -> None:
        try:
            if not self._kept:  # there was none, or it cannot be read
                self._file.unlink(missing_ok=True)
            with closing(sqlite3.connect(self._file)) as base, base:
                base.execute(_TABLE)
                base.executemany(
                    "DELETE FROM file WHERE key = ?", ((key,) for key in gone)
                )
                base.executemany("INSERT INTO file VALUES (?, ?)", new.items())
        except (sqlite3.Error, OSError):
            return  # the next run reads everything again


def _circumstances(expected: Expected, forms: Forms) -> str:
    """Of all that a verdict depends on besides the file."""
    known = [
        getattr(expected, each.name)
        for each in fields(expected)
        if each.name not in {"form", "forms"}  # they are what their files say
    ]
    said = f"{program()}\0{definitions(forms)}\0{known!r}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
