"""决定: what the district clerk decided about a unit's return, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ruling(StrEnum):
    """``ACCEPT`` and ``REJECT`` are about a whole return, ``WAIVE`` about one finding."""

    ACCEPT = "accept"
    REJECT = "reject"
    WAIVE = "waive"

    @property
    def chinese(self) -> str:
        return {"accept": "采纳", "reject": "退回", "waive": "豁免"}[self.value]


@dataclass(frozen=True, slots=True)
class Decision:
    """``code`` names the finding that is waived; empty otherwise.

    ``basis`` is a fingerprint of the rule and the values the decision was made for:
    where either changes, the decision falls away. ``at`` is local time, ISO 8601.
    """

    unit: str
    ruling: Ruling
    why: str
    at: str
    basis: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as the results show it: still in force, or fallen away."""

    decision: Decision
    in_force: bool
