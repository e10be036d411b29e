"""What happened in a campaign: one line of its record, never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Happening(StrEnum):
    """``SENDING`` stands before a message goes out, ``SENT`` after the server took it.

    A ``SENDING`` without its ``SENT`` or ``FAILED`` means that nobody knows. ``FETCHED``
    is a message out of the mailbox, ``RECEIVED`` a file that was read in the inbox,
    ``ASSIGNED`` a letter that the clerk gave to a unit, ``PUBLISHED`` where and when it
    published its report.
    """

    BUILT = "built"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    FETCHED = "fetched"
    RECEIVED = "received"
    JUDGED = "judged"
    DECIDED = "decided"
    ASSIGNED = "assigned"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Event:
    """``unit`` is a unit code, empty where the event belongs to none.

    ``at`` is local time as ISO 8601 with its offset. ``detail`` holds text only; its
    keys depend on the happening (``sha256``, ``verdict``, ``sender``, ``message``,
    ``occasion`` = send | remind | return, ``server`` …).
    """

    happening: Happening
    unit: str
    at: str
    detail: Mapping[str, str] = field(default_factory=dict)
