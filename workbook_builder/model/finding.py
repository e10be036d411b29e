"""Findings and verdicts.

A finding is a value: what is wrong, where in the form, where in the file, what was
seen and expected, and what to do. Codes A–G come from ``checks.toml``, all others
from :mod:`~workbook_builder.model.catalogue`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbook_builder.model.form import Severity
from workbook_builder.model.text import Text


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
    """豁免: why the district's clerk lets it pass."""

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell or text it is about, the first one first."""
        return () if self.cell is None else (self.cell, *self.others)

    @property
    def is_open(self) -> bool:
        """Whether it still keeps the return from being accepted."""
        return self.waived is None and (
            self.severity is Severity.ERROR
            or (self.severity is Severity.WARNING and not self.explained)
        )

    @property
    def is_for_the_desk(self) -> bool:
        """Whether it only tells the district how the file came about, not the unit."""
        return self.code.startswith("X")


class Verdict(StrEnum):
    """结论: exactly one per file."""

    ACCEPTED = "accepted"
    NEEDS_EXPLANATION = "needs_explanation"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    NOT_OURS = "not_ours"
    UNREADABLE = "unreadable"
    IGNORED = "ignored"

    @property
    def text(self) -> Text:
        return Text(_VERDICTS[self], self.value.replace("_", " "))


_VERDICTS = {
    Verdict.ACCEPTED: "通过",
    Verdict.NEEDS_EXPLANATION: "待说明",
    Verdict.REJECTED: "退回",
    Verdict.SUPERSEDED: "被替代",
    Verdict.NOT_OURS: "非本任务",
    Verdict.UNREADABLE: "不可读",
    Verdict.IGNORED: "忽略",
}
