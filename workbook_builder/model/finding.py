"""Findings and verdicts.

A finding is a value: what is wrong, where in the form, where in the file, what was
seen and expected, and what to do. Codes A–G come from ``checks.toml``, all others
from :mod:`~workbook_builder.model.catalogue`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbook_builder.model.severity import Severity
from workbook_builder.model.text import Text, Tone


@dataclass(frozen=True, slots=True)
class Finding:
    """问题. ``line`` is the key of the 审核 line whose 说明 answers it.

    ``seen``, ``expected`` and ``difference`` are printed numbers or text, or None
    where the notion does not apply.
    """

    code: str
    severity: Severity
    message: Text
    remedy: Text
    """What the unit does about it."""
    desk: Text
    """What the collecting office does about it."""
    cell: str | None = None
    sheet: str | None = None
    address: str | None = None
    seen: str | None = None
    expected: str | None = None
    difference: str | None = None
    line: str = ""
    explanation: str | None = None
    explained: bool = False
    others: tuple[str, ...] = ()
    """Further cells of one table that have the same trouble, in the order of the form."""
    waived: str | None = None
    """准予免改: why the district's clerk lets it pass."""

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell or text it is about, the first one first."""
        return () if self.cell is None else (self.cell, *self.others)

    @property
    def is_open(self) -> bool:
        """Whether it still keeps the return from being accepted."""
        return self.waived is None and self.severity.keeps_open(self.explained)

    @property
    def doubts_origin(self) -> bool:
        """Whether it says that nobody knows whose figures these are, until the district's
        clerk does."""
        return self.waived is None and self.code in _STRANGE | _REPORT

    @property
    def doubts_stamp(self) -> bool:
        """Whether it says that the stamp proves nothing of what is in the file."""
        return self.waived is None and self.code in _STRANGE | _UNPROVED

    @property
    def keeps_beside(self) -> bool:
        """Whether a file with it takes the place of no other one."""
        beside = _OTHERWISE | _REPORT
        return self.doubts_stamp or (self.waived is None and self.code in beside)

    @property
    def is_of_a_report(self) -> bool:
        """Whether it says that the figures are those of a published report."""
        return self.code in _REPORT

    @property
    def leaves_out(self) -> bool:
        """Whether the clerk decided that the return is not added up."""
        return self.code == "X09"

    @property
    def is_for_the_desk(self) -> bool:
        """Whether it only tells the district how the file came about, not the unit."""
        return self.code.startswith("X")


#: Something names another unit than the stamp; nothing proves whose roll-up it is.
_STRANGE = frozenset({"N09", "T08"})
#: The stamp is gone, or was changed.
_UNPROVED = frozenset({"T05", "N07"})
#: It is no workbook, but the annual report itself.
_REPORT = frozenset({"N11"})
#: The sheets print another name or period.
_OTHERWISE = frozenset({"N08"})


class Verdict(StrEnum):
    """结论: exactly one per file, and all there is to know of it.

    ``WAITING``: it may be the return of its unit, which the clerk has to say; until then
    it replaces nothing. ``is_return``: the file is a return of its unit, whatever became
    of it. ``asks``: somebody has to act. ``counts``: its figures are added up.
    """

    word: str
    tone: Tone
    is_return: bool
    asks: bool
    counts: bool

    def __new__(
        cls, value: str, word: str = "", tone: Tone = Tone.QUIET, *traits: str
    ) -> Verdict:
        self = str.__new__(cls, value)
        self._value_, self.word, self.tone = value, word, tone
        self.is_return, self.asks, self.counts = (
            trait in traits for trait in ("return", "asks", "counts")
        )
        return self

    ACCEPTED = "accepted", "通过", Tone.GOOD, "return", "counts"
    NEEDS_EXPLANATION = "needs_explanation", "待说明", Tone.OPEN, "return", "asks"
    REJECTED = "rejected", "退回", Tone.BAD, "return", "asks"
    SUPERSEDED = "superseded", "已有新版", Tone.QUIET, "return"
    WAITING = "waiting", "待确认", Tone.OPEN, "asks"
    NOT_OURS = "not_ours", "不属本次任务", Tone.STRANGE, "asks"
    UNREADABLE = "unreadable", "无法读取", Tone.BAD, "asks"
    IGNORED = "ignored", "忽略", Tone.QUIET

    @property
    def text(self) -> Text:
        return Text(self.word, self.value.replace("_", " "))

    @property
    def is_claimed(self) -> bool:
        """Whether the file is a return of its unit, or may be one."""
        return self.is_return or self is Verdict.WAITING

    @property
    def can_stand(self) -> bool:
        """Whether such a file may be the one that stands for its unit."""
        return self.is_return and (self.asks or self.counts)

    @property
    def goes_back(self) -> bool:
        """Whether the unit has to mend something."""
        return self.is_return and self.asks

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it counts and nobody has to act on it."""
        return not (self.asks or self.counts)

    @property
    def is_stray(self) -> bool:
        """Whether it is no unit's return, and the desk has to look at it."""
        return self.asks and not self.is_return
