"""``status``: where each unit stands, right at any moment.

Nothing is read twice for it: while the inbox, the settings, the roster and the
decisions are what the last ``collect`` saw, the record says how each return was
judged. Where one of them has changed, the inbox is judged anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workbook_builder.campaign.fingerprint import fingerprint
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.publications import publications
from workbook_builder.campaign.record import today
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.finding import Verdict
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.publication import PublicationCount, duty
from workbook_builder.model.standing import (
    Absence,
    Mail,
    Mailing,
    Return,
    Stage,
    Standing,
)
from workbook_builder.model.text import Text
from workbook_builder.model.times import days_past
from workbook_builder.model.unit import Roster
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.recording import (
    EVERYBODY,
    Events,
    count_others,
    last_of,
    letters_of,
    returns_of,
)
from workbook_builder.pipeline.surveying import survey

_MAIL = {Happening.SENDING, Happening.SENT, Happening.FAILED}
_OCCASIONS = {
    "remind": Mailing.REMINDED,
    "return": Mailing.SENT_BACK,
    "ask": Mailing.ASKED,
}


@dataclass(frozen=True)
class Progressed:
    """Where all units stand. ``judged_anew``: something changed since the last
    ``collect``, so that its results are out of date. ``others`` are files of the inbox
    that belong to no unit, or wait until the clerk says whether they do.
    """

    campaign: Campaign
    roster: Roster
    standings: tuple[Standing, ...]
    judged_anew: bool
    others: int
    today: date
    publishing: PublicationCount | None = None
    """应公布, 已公布, 按时公布; None until a report is published."""
    unused: tuple[Text, ...] = ()
    """Files with figures of the period before that could not be used."""


def status(folder: Folder, progress: Progress = silent) -> Progressed:
    """Every unit of the roster that reports, did or is excused, in its order."""
    expected, events = folder.expected(), folder.history()
    last = _last(events)
    known = last.get("fingerprint") == fingerprint(folder, events)
    if known:
        returns: Mapping[str, Return] = returns_of(events)
        others, letters = int(last["others"]), letters_of(events)
    else:
        summary, _ = survey(folder, expected, events, progress)
        returns, others = summary.returned, count_others(summary)
        letters = dict(summary.letter_kinds)
    campaign, roster, form = expected.campaign, expected.roster, expected.form
    day, by_unit, standings = today(), _by_unit(events), []
    back, published = _sent_back(events, returns), publications(events)
    for unit in roster.units:
        mail, own = _mail(by_unit.get(unit.code, [])), returns.get(unit.code)
        if own is None and unit.is_excused:
            standings.append(
                Standing(unit, Absence.EXCUSED, False, None, None, mail, None)
            )
        elif own is not None or roster.is_reporting(unit):
            deadline = campaign.deadline_of(unit)
            file = folder.outbox / workbook_name(campaign, form, unit)
            standings.append(
                Standing(
                    unit,
                    own.state if own else _waiting(mail, file.is_file()),
                    own is None or not own.control,
                    own,
                    own.days_late(deadline) if own else days_past(deadline, day),
                    mail,
                    deadline,
                    len(back.get(unit.code, ())),
                    published.get(unit.code),
                    letters.get(unit.code, ()),
                )
            )
    held_to = duty(form, campaign) if published else None
    due = (each.publication for each in standings if each.due)
    sums = held_to.count(due) if held_to else None
    found = (campaign, roster, tuple(standings), not known, others, day, sums)
    return Progressed(*found, expected.unused)


def _sent_back(events: Events, returns: Mapping[str, Return]) -> dict[str, set[str]]:
    """By unit, the fingerprints of the versions that stood and had to be mended, now or
    at any ``collect`` before."""
    found: dict[str, set[str]] = {}
    for event in events:
        if event.happening is Happening.JUDGED and event.unit != EVERYBODY:
            _note_back(found, event.unit, event.detail["verdict"], event.detail)
    for code, own in returns.items():
        _note_back(found, code, own.state.value, {"sha256": own.sha256})
    return found


def _note_back(
    found: dict[str, set[str]], unit: str, state: str, detail: Mapping[str, str]
) -> None:
    if state in {each.value for each in Verdict if each.goes_back}:
        found.setdefault(unit, set()).add(detail["sha256"])


def is_collected(folder: Folder) -> bool:
    """Whether the results are those of what is in the inbox and decided now."""
    events = folder.history()
    return _last(events).get("fingerprint") == fingerprint(folder, events)


def _last(events: Events) -> Mapping[str, str]:
    """What the last ``collect`` noted of itself."""
    return last_of(Happening.JUDGED, events).get(EVERYBODY, {})


def _by_unit(events: Events) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        if event.happening in _MAIL:
            found.setdefault(event.unit, []).append(event)
    return found


def _mail(events: Sequence[Event]) -> Mail:
    """What the record says of the messages to one unit."""
    if not events:
        return Mail()
    last = events[-1]
    match last.happening:
        case Happening.SENT:
            occasion = last.detail.get("occasion", "")
            state = _OCCASIONS.get(occasion, Mailing.SENT)
        case Happening.FAILED:
            state = Mailing.FAILED
        case _:
            state = Mailing.UNCLEAR
    sent = [each for each in events if each.happening is Happening.SENT]
    back = {e.detail.get("message") for e in events if "bounced" in e.detail}
    went_out = any(each.detail.get("message") not in back for each in sent)
    reminders = sum(each.detail.get("occasion") == "remind" for each in sent)
    return Mail(state, last.at, went_out, reminders)


def _waiting(mail: Mail, built: bool) -> Stage:
    """The state of a unit that has returned nothing."""
    if mail.went_out:
        return Stage.SENT
    match mail.last:
        case Mailing.FAILED:
            return Stage.UNDELIVERED
        case Mailing.UNCLEAR:
            return Stage.UNCLEAR
        case _:
            return Stage.BUILT if built else Stage.UNBUILT
