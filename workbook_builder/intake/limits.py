"""How much is unpacked of one file of the inbox before the rest is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workbook_builder.model.errors import UnreadableFile

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; all but ``depth`` and ``entry`` are shared by the whole tree.

    A district's inbox as one zip has some 200 workbooks of 60 KB.
    """

    depth: int = 3  # containers within one another: a zip in a mail in a zip
    entries: int = 5_000  # files in all containers together
    unpacked: int = 500 * MEGABYTE  # all that is unpacked, containers included
    entry: int = 100 * MEGABYTE  # one file; as large as one in the inbox may be
    mail: int = 64 * MEGABYTE  # parsing takes ten times that; servers take 50 MB
    ratio: int = 200  # unpacked to packed, of entries above ratio_from
    ratio_from: int = 5 * MEGABYTE
    marks: int = 100_000  # entries a zip may announce: zipfile keeps them all
    # The standard library's parser of mails is slow; these keep it below two seconds.
    mail_lines: int = 1_000_000  # 64 MB of an encoded attachment have 830,000
    mail_parts: int = 10_000  # two for each file, if every one has brackets of its own
    mail_head: int = MEGABYTE  # before the first empty line
    mail_work: int = 20_000_000  # lines times parts within one another
    names: int = MEGABYTE  # headers that name attachments, all together


LIMITS: Final = Limits()


class LimitReached(UnreadableFile):
    """No more is to be unpacked of this file of the inbox."""


class Budget:
    """What is left of the limits that a whole tree of containers shares."""

    __slots__ = ("_entries", "_names", "_unpacked", "limits")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._entries = limits.entries
        self._unpacked = limits.unpacked
        self._names = limits.names

    def spend_entry(self) -> None:
        """Raises LimitReached where this entry is one too many."""
        self._entries -= 1
        if self._entries < 0:
            raise LimitReached("too_many", f"over {self.limits.entries} files")

    def spend_bytes(self, count: int) -> None:
        """Raises LimitReached where these bytes are too many."""
        self._unpacked -= count
        if self._unpacked < 0:
            raise LimitReached("too_much", f"over {self.limits.unpacked} bytes")

    def spend_name(self, length: int) -> None:
        """Raises LimitReached where the names of attachments are too long by now."""
        self._names -= length
        if self._names < 0:
            raise LimitReached("too_long", f"over {self.limits.names} characters")
