"""决定: what the district clerk decided about a unit's return, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbook_builder.model.text import Text


class Ruling(StrEnum):
    """``ACCEPT``, ``REJECT`` and ``EXCLUDE`` (it is not added up, and does not go back)
    are about a whole return, ``WAIVE`` about one finding, ``USE`` about which file of a
    unit is its return, ``TRUST`` about the public key that seals its roll-ups,
    ``EXTEND`` and ``EXCUSE`` about when a return is due from it.
    """

    ACCEPT = "accept"
    REJECT = "reject"
    EXCLUDE = "exclude"
    WAIVE = "waive"
    USE = "use"
    TRUST = "trust"
    EXTEND = "extend"
    EXCUSE = "excuse"

    @property
    def chinese(self) -> str:
        return _RULINGS[self.value]

    @property
    def is_about_returns(self) -> bool:
        """Whether it says what becomes of a return."""
        about_files = self in (Ruling.USE, Ruling.TRUST)
        return not (about_files or self.is_about_deadlines)

    @property
    def is_about_deadlines(self) -> bool:
        """Whether it says when a return is due, whatever has come."""
        return self in (Ruling.EXTEND, Ruling.EXCUSE)

    @property
    def text(self) -> Text:
        return Text(self.chinese, self.value)


_RULINGS = {
    "accept": "同意计入",
    "reject": "退回",
    "exclude": "不计入",
    "waive": "准予免改",
    "use": "指定",
    "trust": "认可防伪码",
    "extend": "延期",
    "excuse": "免报",
}


#: Why, where 计入 was changed in 汇总.xlsx and nobody has said it yet.
UNREASONED = "在汇总.xlsx 里改的“计入”，理由待补"


@dataclass(frozen=True, slots=True)
class Decision:
    """``code``, ``line`` and ``cell`` are those of the finding that is waived; empty
    otherwise.

    ``grounds`` are the rule and the values the decision was made for, by name;
    ``basis`` is their fingerprint. Where either changes, the decision falls away.
    For ``USE`` they are the file that was chosen and those it was chosen among, by
    fingerprint; for ``TRUST`` the key; for ``EXTEND`` and ``EXCUSE`` what was agreed.
    ``at`` is local time, ISO 8601.
    """

    unit: str
    ruling: Ruling
    why: str
    at: str
    basis: str
    code: str = ""
    line: str = ""
    cell: str = ""
    grounds: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> tuple[str, ...]:
        """What it is about: of two decisions about the same, the later one holds."""
        match self.ruling:
            case Ruling.WAIVE:
                return (self.unit, self.code, self.line, self.cell)
            case Ruling.USE | Ruling.TRUST:
                return (self.unit, self.ruling.value)
            case Ruling.EXTEND | Ruling.EXCUSE:
                return (self.unit, "agreement")
            case _:
                return (self.unit,)

    @property
    def place(self) -> str:
        """The line, cell or file it is about; empty for the whole return."""
        return self.line or self.cell or self.grounds.get("path", "")

    @property
    def about(self) -> str:
        """The finding that is waived, or the day that is agreed to."""
        return self.code or self.grounds.get("until", "")

    @property
    def reason(self) -> str:
        """Why, and who agreed where somebody else did."""
        by = self.grounds.get("by", "")
        return f"{self.why}（{by}同意）" if by else self.why

    @property
    def lacks_reason(self) -> bool:
        return self.why == UNREASONED

    def is_called(self, name: str) -> bool:
        """Whether a clerk means it by this code or ruling; by nothing, any is meant but
        an agreement about the deadline."""
        if not name:
            return not self.ruling.is_about_deadlines
        return name in (self.code, self.ruling.value)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as the results show it: still in force, or fallen away.

    ``fell`` says why it fell away: what changed, or that it was withdrawn.
    """

    decision: Decision
    in_force: bool
    fell: Text | None = None

    @property
    def text(self) -> Text:
        """Its state in a word."""
        return Text("有效", "in force") if self.in_force else Text("已失效", "void")
