"""What ``build`` and ``collect`` write into the record: only what is new.

The inbox is the truth and the record is history: where the record cannot be written,
the work is done all the same, and the reason is handed back to be said.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from operator import itemgetter
from pathlib import Path

from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.publications import publications
from workbook_builder.campaign.record import now
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.finding import Verdict
from workbook_builder.model.letter import LetterKind
from workbook_builder.model.standing import Remembered, Return, unit_state
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.times import china_time

Events = tuple[Event, ...]
#: A unit, and what is said of it.
Judged = tuple[str, Mapping[str, str]]

#: The unit of events about the campaign as a whole.
EVERYBODY = ""


def record_built(
    folder: Folder, files: Mapping[str, tuple[Path, str]]
) -> CampaignError | None:
    """By unit, the workbook and what it was made of; one that is as recorded adds
    nothing."""
    made = {
        unit: {"sha256": _sha256(path), "file": path.name, "made_of": made_of}
        for unit, (path, made_of) in files.items()
    }
    return _record(
        folder, lambda events: _differing(Happening.BUILT, made.items(), events)
    )


def record_collected(
    folder: Folder, summary: Summary, fingerprint: str
) -> CampaignError | None:
    """What came in, and where each unit stands; ``fingerprint`` tells from what."""

    def new(events: Events) -> Iterator[Event]:
        yield from _received(summary.submissions, events)
        about = {
            "fingerprint": fingerprint,
            "others": str(count_others(summary)),
            "letters": json.dumps(summary.letter_kinds),
        }
        judged = _judged(summary, last_of(Happening.JUDGED, events))
        # Last of all, so that it vouches for what stands before it.
        yield from _differing(
            Happening.JUDGED, chain(judged, [(EVERYBODY, about)]), events
        )

    return _record(folder, new)


def _judged(summary: Summary, known: Iterable[str]) -> Iterator[Judged]:
    """Where units stand: those first that were known and returned nothing any more."""
    for unit in known:
        if unit not in summary.returned and unit != EVERYBODY:
            yield unit, {"verdict": ""}
    for unit, each in summary.returned.items():
        if unit != EVERYBODY:
            counted = "yes" if unit in summary.counted else ""
            yield unit, {**_detail(each), "counted": counted}


def count_others(summary: Summary) -> int:
    """Files of the inbox that belong to no unit and want somebody's attention."""
    return sum(each.verdict.is_stray for each in summary.submissions)


def remembered(events: Events) -> Remembered:
    """What the record knows of files that came."""
    returns: dict[str, dict[str, float]] = {}
    seen: dict[str, list[tuple[str, float]]] = {}
    mailbox, since = {}, 0.0
    for event in events:
        detail = event.detail
        match event.happening:
            case Happening.FETCHED if detail.get("internal") and "sha256" in detail:
                mailbox[detail["sha256"]] = _seconds(detail["internal"])
            case Happening.RECEIVED:
                came = _came(detail)
                if Verdict(detail["verdict"]).is_return:
                    returns.setdefault(event.unit, {})[detail["sha256"]] = came
                if detail.get("seen", "" if detail.get("message") else "yes"):
                    copy = detail["path"], came
                    seen.setdefault(detail["sha256"], []).append(copy)
        if event.happening in _LOOKED:
            since = max(since, _seconds(event.at))
    times = {
        sha256: tuple(sorted(each, key=itemgetter(1))) for sha256, each in seen.items()
    }
    return Remembered(returns, times, mailbox, since, publications(events))


#: What ``collect`` writes.
_LOOKED = {Happening.RECEIVED, Happening.JUDGED}


def _came(detail: Mapping[str, str]) -> float:
    """When a file came, to the fraction of a second where the record says it."""
    exact = detail.get("seconds")
    return float(exact) if exact else _seconds(detail["received"])


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp() if at else 0.0


def returns_of(events: Events) -> dict[str, Return]:
    """What each unit returned, as the last ``collect`` recorded it."""
    return {
        unit: Return(
            unit_state(detail["verdict"]),
            detail["path"],
            detail["sha256"],
            _moment(detail["received"]),
            _moment(detail["first"]),
            int(detail["version"]),
            tuple(json.loads(detail["open"])),
            bool(detail.get("control")),
        )
        for unit, detail in last_of(Happening.JUDGED, events).items()
        if unit != EVERYBODY and detail["verdict"]
    }


def letters_of(events: Events) -> dict[str, tuple[LetterKind, ...]]:
    """What each unit sent that is no workbook, as the last ``collect`` recorded it."""
    last = last_of(Happening.JUDGED, events).get(EVERYBODY, {})
    known = json.loads(last.get("letters", "{}"))
    return {unit: tuple(map(LetterKind, kinds)) for unit, kinds in known.items()}


def last_of(happening: Happening, events: Events) -> dict[str, Mapping[str, str]]:
    """Unit → the details of its newest event of that kind."""
    return {e.unit: e.detail for e in events if e.happening is happening}


def _detail(each: Return) -> dict[str, str]:
    return {
        "verdict": each.state.value,
        "path": each.path,
        "sha256": each.sha256,
        "received": _said(each.received),
        "first": _said(each.first),
        "version": str(each.version),
        "open": json.dumps(each.open),
        "control": "yes" if each.control else "",
    }


def _said(when: datetime | None) -> str:
    """ISO 8601; empty for none."""
    return when.isoformat() if when else ""


def _moment(said: str) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _received(submissions: Iterable[Submission], events: Events) -> Iterator[Event]:
    """What is new: a file, another copy of one that no mailbox saw, and one that has
    become a return of a unit."""
    past, told = remembered(events), _told(events)
    copies: Counter[str] = Counter()
    for each in sorted(submissions, key=lambda each: each.came):
        if not each.is_recorded:
            continue
        unit, sha256, verdict = each.unit_code, each.sha256, each.verdict
        unseen = each.arrival.taken is None
        copies[sha256] += unseen
        another = unseen and copies[sha256] > len(past.seen.get(sha256, ()))
        turned = verdict.is_return and sha256 not in past.returns.get(unit, {})
        if another or sha256 not in told or (turned and (unit, sha256) not in told):
            told |= {sha256, (unit, sha256)}
            detail = {
                "sha256": sha256,
                "path": each.path,
                "received": _said(china_time(each.came)),
                "seconds": repr(each.came),
                "seen": "yes" if another else "",
                "verdict": verdict.value,
                "sender": each.arrival.sender,
                "message": each.arrival.message_id,
            }
            yield Event(Happening.RECEIVED, unit, now(), detail)


def _told(events: Events) -> set[str | tuple[str, str]]:
    """Fingerprints of the files that are in the record."""
    return {
        event.detail["sha256"]
        for event in events
        if event.happening is Happening.RECEIVED
    }


def _differing(
    happening: Happening, wanted: Iterable[Judged], events: Events
) -> Iterator[Event]:
    """An event for each unit whose newest one says something else."""
    known = last_of(happening, events)
    for unit, detail in wanted:
        if known.get(unit) != detail:
            yield Event(happening, unit, now(), detail)


def _record(
    folder: Folder, new: Callable[[Events], Iterable[Event]]
) -> CampaignError | None:
    try:
        with folder.record() as record:
            record.append_new(new)
    except CampaignError as error:
        return error
    return None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
