"""The zip package of a workbook: parts by name, unpacked in pieces, never trusted.

What the entries declare is bounded before a single byte is unpacked, and what is
unpacked by what they declare.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from zipfile import ZipInfo

from workbook_builder.bounds.limits import WorkbookLimits
from workbook_builder.bounds.zip_directory import (
    directory,
    folded,
    is_encrypted,
    refuse_overlaps,
    swells,
)
from workbook_builder.bounds.zip_entry import unpacked
from workbook_builder.model.errors import UnreadableFile


class Package:
    """The parts of a package by folded name (``xl/workbook.xml``)."""

    def __init__(self, data: bytes, limits: WorkbookLimits) -> None:
        """Raises UnreadableFile if the directory is broken, lies or is too large."""
        self._data = data
        self._limits = limits
        archive = directory(data, limits.entries)
        entries = [info for info in archive.infolist() if not info.is_dir()]
        _refuse(entries, archive.start_dir, limits)
        self._parts = _by_name(entries)

    def __contains__(self, name: str) -> bool:
        return folded(name) in self._parts

    @property
    def names(self) -> Collection[str]:
        """Folded names, see :func:`folded`."""
        return self._parts.keys()

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of the part in pieces; the last one only if all of it is sound.

        Raises UnreadableFile: ``damaged`` if there is no such part, ``truncated`` if
        its content is not what size and checksum promise.
        """
        info = self._parts.get(folded(name))
        if info is None:
            raise UnreadableFile("damaged", f"no part {name}")
        if info.file_size > self._limits.part:
            raise UnreadableFile("too_large", f"{name}: {info.file_size} bytes")
        return unpacked(self._data, info)

    def beginning(self, name: str) -> bytes:
        """The first piece of a part, enough to look for a mark in it."""
        return next(self.pieces(name), b"")


def _refuse(entries: list[ZipInfo], end: int, limits: WorkbookLimits) -> None:
    for info in entries:
        if is_encrypted(info):
            raise UnreadableFile("encrypted", info.filename)
    for info in entries:
        if swells(info, limits):
            raise UnreadableFile("bomb", f"{info.filename}: {info.file_size} bytes")
    size = sum(info.file_size for info in entries)
    if size > limits.unpacked:
        raise UnreadableFile("too_large", f"{size} bytes unpacked")
    refuse_overlaps(entries, end)


def _by_name(entries: list[ZipInfo]) -> dict[str, ZipInfo]:
    parts: dict[str, ZipInfo] = {}
    for info in entries:
        name = folded(info.filename)
        # Readers differ on which one counts, so the clerk may have seen the other.
        if name in parts:
            raise UnreadableFile("duplicate_parts", info.filename)
        parts[name] = info
    return parts
