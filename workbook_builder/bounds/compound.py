"""Compound files (OLE), which .msg and .doc are: opened by olefile, from memory.

olefile is plain Python and follows no chain of sectors further than the file is long.
"""

from __future__ import annotations

from io import BytesIO

from olefile import OleFileIO

__all__ = ["OleFileIO", "opened", "root_names"]


def opened(data: bytes) -> OleFileIO[str]:
    """The file; a damaged one raises many different things."""
    return OleFileIO(BytesIO(data))


def root_names(data: bytes) -> frozenset[str]:
    """What it holds at its root; nothing where that cannot be read."""
    try:
        with opened(data) as file:
            return frozenset(path[0] for path in file.listdir(storages=True))
    except Exception:
        return frozenset()
