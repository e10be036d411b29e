"""Fingerprints of files, of which each is read once in a run."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

#: Seconds: what was written just now may be written again without its times telling.
_FRESH = 2.0


class Digests:
    """SHA-256 of files, known as long as inode, size and times of a file are the same."""

    def __init__(self) -> None:
        # By folder; of each file, as few bytes as tell that it is the same.
        self._known: dict[str, dict[bytes, bytes]] = {}

    def of(self, path: Path) -> str:
        """Raises OSError."""
        here = self._known.setdefault(str(path.absolute().parent), {})
        status = path.stat()
        now = (
            *(path.name, status.st_ino, status.st_size),
            *(status.st_mtime_ns, status.st_ctime_ns),
        )
        key = hashlib.blake2b(repr(now).encode(), digest_size=16).digest()
        if (known := here.get(key)) is not None:
            return known.hex()
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").digest()
        if max(status.st_mtime, status.st_ctime) < time.time() - _FRESH:
            here[key] = digest
        return digest.hex()

    def forget(self, folder: Path) -> None:
        """What is known of the files in it, of which nobody asks any more."""
        around = folder.absolute()
        self._known = {
            name: known
            for name, known in self._known.items()
            if not Path(name).is_relative_to(around)
        }
