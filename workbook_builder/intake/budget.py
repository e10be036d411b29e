"""What is left of the limits while one file of the inbox is taken apart."""

from __future__ import annotations

from workbook_builder.bounds.limits import ContainerLimits
from workbook_builder.model.errors import UnreadableFile


class LimitReached(UnreadableFile):
    """No more is to be unpacked of this file of the inbox."""


class Allowance:
    """What is left of the limits that a whole tree of containers shares."""

    __slots__ = ("_entries", "_names", "_unpacked", "limits")

    def __init__(self, limits: ContainerLimits) -> None:
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
