"""How a file came in: by whose mail, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

#: The years 1980 and 2100: a date outside them is a clock that was never set.
_EARLIEST, _LATEST = 315_532_800, 4_102_444_800
#: Seconds a mail may be on its way to the first server, its attachments included.
_MOMENT = 3600.0
#: Seconds a server keeps trying to hand a mail on (RFC 5321 says four to five days).
_QUEUE = 5 * 86_400.0
#: Dates are shown as the offices read them, whatever the machine's own zone.
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the mail around a file says; empty where it came without one.

    ``sent`` is the date of the innermost mail, in POSIX seconds, by the clock of whoever
    wrote it. ``taken`` is when a mailbox or a server on the way to it first saw that mail,
    None where none did. ``within`` is the fingerprint of the file of the inbox that all
    of it came in. ``saved`` is the time an archive
    gives for the file, in seconds of nobody knows which zone: it only tells which of
    two files in one archive is the later one.
    """

    sender: str = ""
    sent: float | None = None
    message_id: str = ""
    saved: float = 0.0
    subject: str = ""
    taken: float | None = None
    within: str = ""

    def at(self, received: float) -> float:
        """When it came, in POSIX seconds; ``received`` is the time of the file, 0 where
        there is none.

        The sender's clock is believed where a mailbox saw the mail a moment later, and
        never for a later time. Where no mailbox saw it, the file's time is all there is
        to hold against it.
        """
        if self.taken is None:
            known = [time for time in (self.sent, received or None) if time is not None]
            return min(known, default=0.0)
        if self.sent is not None and self.taken - self.sent <= _MOMENT:
            return min(self.sent, self.taken)
        return self.taken

    def seen_by(self, mailbox: float) -> Arrival:
        """With the mailbox's own date of the mail, which is never before it came."""
        known = mailbox if self.taken is None else min(mailbox, self.taken)
        return replace(self, taken=known)

    @property
    def sent_utc(self) -> str:
        """ISO 8601, for programs; empty where there is no date."""
        return _at(self.sent, UTC, "%Y-%m-%dT%H:%M:%SZ")

    @property
    def sent_shown(self) -> str:
        """``2026-01-14 17:00`` in China's time, for people."""
        return _at(self.sent, _CHINA, "%Y-%m-%d %H:%M")


def first_taken(servers: Sequence[float]) -> float | None:
    """When the first server took a mail, by what each said, the mailbox's own first.

    A server whose clock is ahead, or further behind than a mail can wait, is not
    believed: the unit's own may be as wrong as its computers.
    """
    if not servers:
        return None
    taken = servers[0]
    for time in servers[1:]:
        if taken - time <= _QUEUE:
            taken = min(time, taken)
    return taken


def plausible(seconds: float) -> float | None:
    """The date of a mail, or None where it cannot be one."""
    return seconds if _EARLIEST <= seconds < _LATEST else None


def _at(seconds: float | None, zone: timezone, pattern: str) -> str:
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, zone).strftime(pattern)
