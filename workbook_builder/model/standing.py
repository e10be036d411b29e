"""进度: where each unit stands in a campaign, in words that are defined here only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from workbook_builder.model.finding import Verdict
from workbook_builder.model.letter import LetterKind
from workbook_builder.model.publication import Publication
from workbook_builder.model.text import Text, Tone
from workbook_builder.model.times import days_late, on_time_rate, on_time_share
from workbook_builder.model.unit import Unit


class Absence(StrEnum):
    """What is said of a unit of which no file stands."""

    word: str
    is_return: bool

    def __new__(cls, value: str, word: str = "", *traits: str) -> Absence:
        self = str.__new__(cls, value)
        self._value_, self.word, self.is_return = value, word, "return" in traits
        return self

    MISSING = "missing", "未报"
    #: It returned something, says the record, and no file of it is here any more.
    GONE = "gone", "文件不在", "return"
    #: It need return nothing this time.
    EXCUSED = "excused", "免报"

    @property
    def counts(self) -> bool:
        return False

    @property
    def tone(self) -> Tone:
        return Tone.WAITING

    @property
    def text(self) -> Text:
        return Text(self.word, self.value)


#: Where a unit stands by its files.
UnitState = Verdict | Absence


def unit_state(value: str) -> UnitState:
    """The state of that value, as the record keeps it."""
    known = {each.value: each for each in Absence}
    return known.get(value) or Verdict(value)


class Stage(StrEnum):
    """How far the workbook of a unit has come that returned nothing.

    ``UNCLEAR``: a message was about to go out, and nobody knows whether it did.
    """

    word: str

    def __new__(cls, value: str, word: str = "") -> Stage:
        self = str.__new__(cls, value)
        self._value_, self.word = value, word
        return self

    UNBUILT = "unbuilt", "未生成"
    BUILT = "built", "未发送"
    SENT = "sent", "已发送"
    UNDELIVERED = "undelivered", "发送失败"
    UNCLEAR = "unclear", "发送不明"

    @property
    def tone(self) -> Tone:
        return Tone.WAITING

    @property
    def is_return(self) -> bool:
        return False

    @property
    def counts(self) -> bool:
        return False


#: How far a unit has come.
Reached = UnitState | Stage


def reached() -> tuple[Reached, ...]:
    """Everything a unit can have come to, in the order shown."""
    stand = (each for each in Verdict if each.can_stand)
    return (*Stage, *stand, Absence.GONE, Absence.EXCUSED)


#: What a clerk may ask for besides a single state.
GROUPS = {
    "missing": Text("未报", "missing"),
    "returned": Text("已报", "returned"),
    "late": Text("逾期", "late"),
}


def reached_text(state: Reached) -> Text:
    """``已报·通过``."""
    if state is Absence.EXCUSED:
        return state.text
    group = GROUPS["returned" if state.is_return else "missing"]
    return Text(f"{group.zh}·{state.word}", state.value.replace("_", " "))


class Mailing(StrEnum):
    """What became of the last message to a unit."""

    NOTHING = "nothing"
    SENT = "sent"
    REMINDED = "reminded"
    SENT_BACK = "sent_back"
    ASKED = "asked"
    FAILED = "failed"
    UNCLEAR = "unclear"

    @property
    def text(self) -> Text:
        return Text(_MAILINGS[self], self.value.replace("_", " "))


_MAILINGS = {
    Mailing.NOTHING: "未发送",
    Mailing.SENT: "已发送",
    Mailing.REMINDED: "已催报",
    Mailing.SENT_BACK: "已发退回件",
    Mailing.ASKED: "已请报表",
    Mailing.FAILED: "发送失败",
    Mailing.UNCLEAR: "发送不明",
}


@dataclass(frozen=True, slots=True)
class Return:
    """What a unit returned, and when: by the files here, and by the record where a
    file is here no longer.

    ``received`` and ``first`` are when the file that stands and the first one came,
    in China's time; None where nothing tells. ``version`` counts the different files.
    ``open`` are the codes of findings still open. ``control``: its roll-up is only
    compared with what is below it, and it is no unit a return is due from.
    """

    state: UnitState
    path: str
    sha256: str
    received: datetime | None
    first: datetime | None
    version: int
    open: tuple[str, ...] = ()
    control: bool = False

    def days_late(self, deadline: date | None) -> int | None:
        """From the deadline to its first return: who is asked to correct a return is
        not late for it. 0 in time; None where there is no deadline or no date."""
        return days_late(deadline, self.first)


@dataclass(frozen=True, slots=True)
class Mail:
    """What the record says of the messages to a unit: the last one and when it went,
    whether any went out and did not come back, and how many reminders did.
    """

    last: Mailing = Mailing.NOTHING
    at: str = ""
    went_out: bool = False
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit. ``days_late`` is that of its return, or counts from the deadline to
    today while there is none.

    ``due``: a return is due from it by ``deadline``, or it made one. ``sent_back``: so
    many of its versions the unit had to mend or to explain.
    """

    unit: Unit
    state: Reached
    due: bool
    returned: Return | None
    days_late: int | None
    mail: Mail
    deadline: date | None = None
    sent_back: int = 0
    publication: Publication | None = None
    letters: tuple[LetterKind, ...] = ()
    """What it sent that is no workbook, and mails to it that came back."""

    def is_in_group(self, name: str) -> bool:
        """One of :data:`GROUPS`."""
        if name == "late":
            return bool(self.days_late)
        if self.state is Absence.EXCUSED:
            return False
        return self.state.is_return is (name == "returned")


@dataclass(frozen=True, slots=True)
class Count:
    """应报, 已报, 通过, 按时: how many units."""

    due: int
    returned: int
    accepted: int
    punctual: int

    @property
    def share(self) -> Decimal | None:
        """按时报送率 in parts of 1."""
        return on_time_share(self.punctual, self.due)

    @property
    def rate(self) -> Decimal | None:
        """按时报送率 in percent with one decimal; 100 means all of them."""
        return on_time_rate(self.punctual, self.due)


def count(due: Iterable[tuple[Reached, int | None]]) -> Count:
    """The totals of some units a return is due from: how far each has come, and how
    late it is."""
    units = list(due)
    return Count(
        len(units),
        sum(state.is_return for state, _ in units),
        sum(state.counts for state, _ in units),
        sum(state.is_return and late == 0 for state, late in units),
    )


@dataclass(frozen=True)
class Remembered:
    """What the record knows of files that came, whether they are still here or not.

    All by the fingerprint of a file, all times in seconds.

    ``returns``: by unit code, when each file came that was a return of it. ``seen``:
    under what name and when each copy was first seen of a file that no mailbox saw.
    ``mailbox``: the mailbox's own date of a mail. ``since``: when the inbox was looked
    at last. ``publications``: by unit code, what the clerk said of its report.
    """

    returns: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    seen: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    mailbox: Mapping[str, float] = field(default_factory=dict)
    since: float = 0.0
    publications: Mapping[str, Publication] = field(default_factory=dict)
