"""Letters that the clerk gave to a unit, in the record; the last word counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbook_builder.model.event import Event, Happening


def assigned(path: str, unit: str, at: str) -> Event:
    """A letter, by its place in the inbox, is from this unit."""
    return Event(Happening.ASSIGNED, unit, at, {"path": path})


def assignments(events: Iterable[Event]) -> Mapping[str, str]:
    """Place in the inbox → code of the unit."""
    return {
        event.detail["path"]: event.unit
        for event in events
        if event.happening is Happening.ASSIGNED
    }
