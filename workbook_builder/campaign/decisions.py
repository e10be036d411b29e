"""What the clerk decided, in the record: one event each, never changed.

A later one takes a decision back, and what that had replaced holds again; of whose a
letter is, the last word counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from workbook_builder.model.decision import Decided, Decision, Ruling
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.text import Text

#: Stands in the record where a ruling would stand.
WITHDRAW = "withdraw"

_REPLACED = Text("已被后来的决定代替", "a later decision replaced it")


def decided(decision: Decision) -> Event:
    """A decision as an event."""
    detail = {
        "ruling": decision.ruling.value,
        "why": decision.why,
        "basis": decision.basis,
        "code": decision.code,
        "line": decision.line,
        "cell": decision.cell,
        "grounds": json.dumps(dict(decision.grounds), ensure_ascii=False),
    }
    return Event(Happening.DECIDED, decision.unit, decision.at, detail)


def withdrawn(unit: str, code: str, why: str, at: str) -> Event:
    """Takes back what was decided about a unit, or about one code of it."""
    detail = {"ruling": WITHDRAW, "why": why, "code": code}
    return Event(Happening.DECIDED, unit, at, detail)


def decisions(events: Iterable[Event]) -> tuple[Decided, ...]:
    """All decisions in order; in force as far as no later one ended them.

    Whether their grounds still hold is for :func:`rules.decide.decide` to say.
    """
    found: list[Decided] = []
    for event in events:
        if event.happening is not Happening.DECIDED:
            continue
        if event.detail["ruling"] == WITHDRAW:
            found = _taken_back(found, event)
            continue
        decision = _decision(event)
        found = [
            Decided(each.decision, in_force=False, fell=_REPLACED)
            if each.in_force and each.decision.subject == decision.subject
            else each
            for each in found
        ]
        found.append(Decided(decision, in_force=True))
    return tuple(found)


def _taken_back(found: Sequence[Decided], by: Event) -> list[Decided]:
    """Without what was withdrawn; what that had replaced holds again, but for what is
    called the same."""
    why, code = by.detail["why"], by.detail["code"]
    fell = Text(
        f"已撤回（{why}）" if why else "已撤回",
        f"withdrawn ({why})" if why else "withdrawn",
    )
    left: list[Decided] = []
    freed: set[tuple[str, ...]] = set()
    for each in reversed(found):
        decision = each.decision
        mine = decision.unit == by.unit and decision.is_called(code)
        if each.in_force and mine:
            freed.add(decision.subject)
            left.append(Decided(decision, in_force=False, fell=fell))
        elif decision.subject in freed and not mine:
            freed.remove(decision.subject)
            holds = each.fell == _REPLACED
            left.append(Decided(decision, in_force=True) if holds else each)
        else:
            left.append(each)
    return left[::-1]


def _decision(event: Event) -> Decision:
    detail = event.detail
    return Decision(
        event.unit,
        Ruling(detail["ruling"]),
        detail["why"],
        event.at,
        detail["basis"],
        detail["code"],
        detail["line"],
        detail["cell"],
        json.loads(detail["grounds"]),
    )


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
