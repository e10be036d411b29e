"""What the record knows of files that came, whether they are still here or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Remembered:
    """``returns``: unit code → fingerprint of each file that was a return of it → when
    that came, in seconds.
    """

    returns: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
