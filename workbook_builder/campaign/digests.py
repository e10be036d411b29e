"""Fingerprints of files, of which each is read once in a run."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

#: Seconds: what was written just now may be written again without its times telling.
_FRESH = 2.0


class Digests:
    """SHA-256 of files, known as long as inode, size and times of a file are the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, ...], str]] = {}

    def of(self, path: Path) -> str:
        """Raises OSError."""
        name = str(path.absolute())
        status = path.stat()
        now = (
            *(status.st_ino, status.st_size),
            *(status.st_mtime_ns, status.st_ctime_ns),
        )
        known = self._known.get(name)
        if known is not None and known[0] == now:
            return known[1]
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if max(status.st_mtime, status.st_ctime) < time.time() - _FRESH:
            self._known[name] = now, digest
        return digest

    def forget(self, folder: Path) -> None:
        """What is known of the files in it, of which nobody asks any more."""
        around = f"{folder.absolute()}{os.sep}"
        self._known = {
            name: known
            for name, known in self._known.items()
            if not name.startswith(around)
        }
