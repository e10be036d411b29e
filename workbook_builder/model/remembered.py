"""What the record knows of files that came, whether they are still here or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Remembered:
    """All by the fingerprint of a file, all times in seconds.

    ``returns``: by unit code, when each file came that was a return of it. ``seen``:
    under what name and when each copy was first seen of a file that no mailbox saw.
    ``mailbox``: the mailbox's own date of a mail. ``since``: when the inbox was looked
    at last.
    """

    returns: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    seen: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    mailbox: Mapping[str, float] = field(default_factory=dict)
    since: float = 0.0
