"""What an opened container holds, and what comes out of it in the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_builder.model.arrival import Arrival
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.letter import Letter


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file that gets a verdict of its own.

    ``path`` is for showing only: ``回复.eml/附件.zip/报表.xlsx``. Where ``ignored`` is
    a code of the catalogue, or ``trouble`` or ``letter`` is set, there is nothing to
    judge.
    """

    path: str
    data: bytes
    arrival: Arrival
    trouble: UnreadableFile | None = None
    ignored: str = ""
    letter: Letter | None = None
    known_digest: str = ""
    """SHA-256 of ``data``, where it is known already."""

    @property
    def digest(self) -> str:
        """SHA-256 of ``data``; nothing where there is none."""
        if self.known_digest or not self.data:
            return self.known_digest
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Member:
    """One thing in a container; ``name`` as it was sent, folders included.

    ``inside`` is set for a message that is stored as a part of the one around it,
    ``letter`` where it is known to be one.
    """

    name: str
    data: bytes = b""
    saved: float = 0.0
    trouble: UnreadableFile | None = None
    inside: Opened | None = None
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened container. ``mail`` is what it says if it is a mail.

    Where there is no item, it is itself a file with one verdict: ``letter`` says what
    kind of letter it is, ``ignored`` is a code for what is none, or ``trouble`` the
    reason.
    """

    items: Iterator[Member]
    mail: Arrival | None = None
    trouble: UnreadableFile | None = None
    ignored: str = ""
    letter: Letter | None = None
