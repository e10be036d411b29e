"""Who had which message already: the record of a campaign, read. Pure.

A message goes out at most once. What counts as the same message is its
:class:`Purpose`, not its words: a unit is sent its workbook once, reminded once a day,
and sent back each version once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from workbook_builder.mail.texts import Occasion
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.letter import Bounce


@dataclass(frozen=True, slots=True)
class Purpose:
    """``version`` is empty for the first message, the date (ISO 8601) of a reminder, the
    sha256 of the file that is sent back.
    """

    unit: str
    occasion: Occasion
    version: str = ""

    def event(self, happening: Happening, at: str, **detail: str) -> Event:
        """A line of the record about this message."""
        about = {"occasion": self.occasion.value, "version": self.version}
        return Event(happening, self.unit, at, {**about, **detail})


class Past(StrEnum):
    """``UNKNOWN``: it was about to go out, and nobody wrote down what became of it.

    ``REFUSED``: the server will not take it for this address, now or later.
    """

    NOTHING = "nothing"
    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class History:
    """All there is about one message, oldest first."""

    events: tuple[Event, ...] = ()

    @property
    def past(self) -> Past:
        if not self.events:
            return Past.NOTHING
        match self.events[-1].happening:
            case Happening.SENT:
                return Past.SENT
            case Happening.FAILED:
                final = self.events[-1].detail.get("final") == "yes"
                return Past.REFUSED if final else Past.FAILED
            case _:
                return Past.UNKNOWN

    @property
    def last(self) -> Mapping[str, str]:
        """The details of the newest event."""
        return self.events[-1].detail if self.events else {}

    @property
    def at(self) -> str:
        """When the newest event was, empty for none."""
        return self.events[-1].at if self.events else ""

    @property
    def sent(self) -> int:
        """How often it is known to have gone out."""
        return sum(event.happening is Happening.SENT for event in self.events)


_OURS = (Happening.SENDING, Happening.SENT, Happening.FAILED)


def history(events: Sequence[Event], purpose: Purpose) -> History:
    """What the events of a unit say about one message."""
    return History(
        tuple(
            event
            for event in events
            if event.happening in _OURS
            and event.unit == purpose.unit
            and event.detail.get("occasion") == purpose.occasion.value
            and event.detail.get("version", "") == purpose.version
        )
    )


@dataclass(frozen=True)
class Ledger:
    """The events of a campaign, by unit."""

    events: Sequence[Event]
    _by_unit: dict[str, list[Event]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for event in self.events:
            self._by_unit.setdefault(event.unit, []).append(event)

    def history(self, purpose: Purpose) -> History:
        return history(self._by_unit.get(purpose.unit, ()), purpose)

    def wrote(self, purpose: Purpose, about: str, day: str) -> bool:
        """Whether the unit had another message about the same on that day (ISO 8601),
        however it was called. What nobody knows to have failed counts."""
        return any(
            event.happening in (Happening.SENT, Happening.SENDING)
            and event.at.startswith(day)
            and event.detail.get("occasion") not in (Occasion.SEND, purpose.occasion)
            and event.detail.get("about", "") == about
            for event in self._by_unit.get(purpose.unit, ())
        )

    def thread(self, unit: str) -> str:
        """The identifier of the first message the unit had, empty for none."""
        for event in self._by_unit.get(unit, ()):
            if event.happening is Happening.SENT and event.detail.get("message"):
                return event.detail["message"]
        return ""

    @cached_property
    def ours(self) -> dict[str, Event]:
        """Every message identifier that went out from here → its newest event."""
        return {
            event.detail["message"]: event
            for event in self.events
            if event.happening in _OURS and event.detail.get("message")
        }

    def told_of(self, bounce: Bounce) -> Event | None:
        """The newest event of the message that a server says did not arrive; None where
        it is none of ours. By its identifier, or else by whom it was sent to."""
        for id_ in bounce.messages:
            if id_ in self.ours:
                return self.ours[id_]
        wanted = {each.casefold() for each in bounce.recipients}
        for event in reversed(self.events):
            to = event.detail.get("to", "").casefold().split(", ")
            if event.happening in _OURS and wanted & set(to):
                return event
        return None
