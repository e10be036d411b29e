"""How grave it is that a check fails, and what follows from that."""

from __future__ import annotations

from enum import StrEnum

from workbook_builder.model.text import Text, Tone


class Severity(StrEnum):
    """强制: must hold. 核实: must hold or be explained. 提示: worth a look."""

    word: str
    noun: str
    tone: Tone

    def __new__(
        cls, value: str, word: str = "", noun: str = "", tone: Tone = Tone.NOTE
    ) -> Severity:
        self = str.__new__(cls, value)
        self._value_, self.word, self.noun, self.tone = value, word, noun, tone
        return self

    ERROR = "error", "强制", "强制性错误", Tone.BAD
    WARNING = "warning", "核实", "核实性问题", Tone.OPEN
    HINT = "hint", "提示", "提示", Tone.NOTE

    @property
    def text(self) -> Text:
        return Text(self.word, self.value)

    @property
    def must_hold(self) -> bool:
        return self is Severity.ERROR

    @property
    def can_be_explained(self) -> bool:
        return self is Severity.WARNING

    @property
    def asks(self) -> bool:
        """Whether somebody has to act on it."""
        return self.must_hold or self.can_be_explained

    @property
    def desk(self) -> Text:
        """What the collecting office does about a check of this severity that fails."""
        return _DESK[self.value]

    @property
    def rank(self) -> int:
        """0 for the worst, for sorting."""
        return list(Severity).index(self)

    def keeps_open(self, explained: bool) -> bool:
        """Whether such a finding keeps a return from being accepted."""
        return self.asks and not (self.can_be_explained and explained)


_DESK = {
    "error": Text(
        "请将退回件发给该单位改正。", "Send the marked workbook back to the unit."
    ),
    "warning": Text(
        "请将退回件发给该单位改正或者说明；情况属实的，可以同意计入。",
        "Send the marked workbook back, to be corrected or explained; or accept it.",
    ),
    "hint": Text(
        "供审核时参考，必要时向该单位核实。",
        "For your review; ask the unit if in doubt.",
    ),
}
