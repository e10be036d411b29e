"""``mail send | remind | return``: who gets which message, before anything goes out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from email.headerregistry import Address
from enum import StrEnum
from functools import partial
from typing import Self

from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.record import today
from workbook_builder.mail.compose import Attachment, OutgoingMail, address, message_id
from workbook_builder.mail.ledger import History, Ledger, Past, Purpose
from workbook_builder.mail.letters import Case, Office, message
from workbook_builder.mail.settings import MailSettings
from workbook_builder.mail.texts import Occasion, Template
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.period import day_words
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit
from workbook_builder.pipeline.building import Outbox
from workbook_builder.pipeline.collecting import returned_workbook
from workbook_builder.pipeline.mail_templates import template
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.surveying import survey


class Readiness(StrEnum):
    """What is to happen with one unit's message, and why."""

    text: Text

    READY = "ready", Text("待发", "ready")
    SENT = "sent", Text("已发过", "sent before")
    UNKNOWN = "unknown", Text("不明", "unknown")
    REFUSED = "refused", Text("地址被拒", "refused before")
    NO_ADDRESS = "no_address", Text("没有邮箱", "no address")
    BAD_ADDRESS = "bad_address", Text("邮箱不能用", "bad address")
    NOT_NEEDED = "not_needed", Text("不用发", "not needed")
    OVER = "over", Text("期限已过", "overdue")
    TODAY = "today", Text("今天已经写过", "written to today")

    def __new__(cls, value: str, text: Text) -> Self:
        made = str.__new__(cls, value)
        made._value_, made.text = value, text
        return made


_OF_PAST = {
    Past.SENT: Readiness.SENT,
    Past.UNKNOWN: Readiness.UNKNOWN,
    Past.REFUSED: Readiness.REFUSED,
}


@dataclass(frozen=True, slots=True)
class MailEntry:
    """One unit's message. ``letter`` is there where it is ready to be sent."""

    unit: Unit
    purpose: Purpose
    state: Readiness
    history: History
    letter: OutgoingMail | None = None
    about: str = ""
    """What it is about: the same today is not written of again."""

    @property
    def to(self) -> str:
        """The addresses, as the record keeps them."""
        return ", ".join(self.unit.emails)


@dataclass(frozen=True, slots=True)
class Plan:
    """The messages of one run. ``settings`` say how they would travel."""

    occasion: Occasion
    entries: tuple[MailEntry, ...]
    settings: MailSettings

    @property
    def ready(self) -> tuple[MailEntry, ...]:
        return tuple(each for each in self.entries if each.state is Readiness.READY)


@dataclass(frozen=True, slots=True)
class Choice:
    """``units``: only these codes, all where empty. ``again``: these once more."""

    units: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()

    def wants(self, unit: Unit) -> bool:
        return not (self.units | self.again) or unit.code in self.units | self.again


def plan(
    folder: Folder,
    occasion: Occasion,
    choice: Choice | None = None,
    progress: Progress = silent,
) -> Plan:
    """Every message of an occasion, ready or not; nothing is sent or noted.

    Raises CampaignError or MailError where no message should go out at all: a code
    that is not on the roster, deadlines that are all over, a workbook that is missing.
    """
    expected, settings, choice = folder.expected(), folder.mail(), choice or Choice()
    _prove_codes(expected, choice.units | choice.again)
    day = today()
    wanted = [unit for unit in expected.roster.reporting if choice.wants(unit)]
    if occasion is Occasion.SEND:
        _prove_deadline(expected, wanted, day)
    office = Office(
        expected.campaign,
        expected.form.title,
        day,
        settings.reply_to or settings.address,
        expected.form.grounds,
    )
    events = folder.history()
    outbox = Outbox.of(folder, expected, events)
    desk = _Desk(expected, office, settings, template(folder, occasion), outbox)
    ledger = Ledger(events)
    if occasion is Occasion.SEND:
        files = [desk.blank(unit) for unit in wanted]
    else:
        summary, _ = survey(folder, expected, events, progress)
        files = desk.answers(occasion, summary, choice)
    named = choice.units | choice.again
    told = {each.case.unit.code for each in files}
    excused = (u for u in expected.roster.units if u.is_excused and u.code in named)
    files += [_Piece(Case(unit), None) for unit in excused if unit.code not in told]
    entries = (desk.entry(occasion, each, ledger, choice) for each in files)
    return Plan(occasion, tuple(entries), settings)


def _prove_codes(expected: Expected, codes: Collection[str]) -> None:
    strangers = sorted(set(codes) - expected.roster.by_code.keys())
    if strangers:
        raise CampaignError(
            f"名录里没有单位代码“{'、'.join(strangers)}”，请核对。",
            f"The roster has no unit {', '.join(strangers)}; check the code.",
        )


def _prove_deadline(expected: Expected, units: Sequence[Unit], today: date) -> None:
    """Raises CampaignError where the deadline of every unit is over."""
    campaign = expected.campaign
    if units and all(campaign.is_over(unit, today) for unit in units):
        deadline = max(filter(None, map(campaign.deadline_of, units)))
        raise CampaignError(
            f"截止日期{day_words(deadline)}已经过了，发出去的期限会是错的。"
            "给个别单位定新的期限：workbook-builder extend；给全部单位改期限：改"
            " campaign.toml 里的 deadline。然后运行 workbook-builder build，再发。",
            f"The deadline {deadline} is over, and the message would name it. Give single "
            "units more time (workbook-builder extend), or edit deadline in campaign.toml; "
            "then run workbook-builder build, and send.",
        )


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one message is about, before it is written.

    ``workbook`` is asked only for a message that will go out: making one takes time.
    """

    case: Case
    workbook: Callable[[], bytes] | None
    version: str = ""
    about: str = ""
    """The fingerprint of the file or the letters it answers; empty for nothing."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """Writes the letters of one run."""

    expected: Expected
    office: Office
    settings: MailSettings
    template: Template
    outbox: Outbox

    @property
    def form(self) -> Form:
        return self.expected.form

    def blank(self, unit: Unit, found: tuple[Finding, ...] = ()) -> _Piece:
        """The workbook as it was built."""
        name = workbook_name(self.expected.campaign, self.form, unit)
        return _Piece(
            Case(unit, findings=found, attachment=name),
            partial(self.outbox.workbook, unit),
        )

    def answers(
        self, occasion: Occasion, summary: Summary, choice: Choice
    ) -> list[_Piece]:
        """About every chosen unit that is missing or has to mend something."""
        pieces = []
        for unit in filter(choice.wants, summary.units):
            submission, state = summary.standing.get(unit.code), summary.state(unit)
            named = unit.code in choice.units | choice.again
            useless, written = _useless(summary, unit), _letters(summary, unit)
            if state.is_return and not (
                # A later version that takes no place goes back for that.
                occasion is Occasion.RETURN
                and useless
                and useless.unit_code == unit.code
            ):
                useless = None
            if occasion is Occasion.ASK:
                if submission is not None or not written:
                    if named:
                        pieces.append(_Piece(Case(unit), None))
                    continue
                piece = replace(self._filled(summary, unit), version=written)
            elif submission is not None and submission.verdict.goes_back:
                piece = self._marked(summary, unit)
            elif useless is not None:
                piece = self._instead(summary, unit, useless)
            elif occasion is Occasion.REMIND and (
                submission is None and (named or not state.is_return)
            ):
                piece = self.blank(unit, _said_of_blanks(summary, unit))
            elif named:
                piece = _Piece(Case(unit), None)  # named, but there is nothing to say
            else:
                continue
            said = piece.case.state or _came(summary, unit)
            piece = replace(piece, about=piece.version or written)
            case = replace(piece.case, state=said, returned=state.is_return)
            piece = replace(piece, case=case)
            if occasion is Occasion.REMIND:
                piece = replace(piece, version=self.office.today.isoformat())
            pieces.append(piece)
        return pieces

    def _filled(self, summary: Summary, unit: Unit) -> _Piece:
        """The workbook as it was built; with what its annual report says filled in where
        the unit sent that instead."""
        blank = self.blank(unit)
        if summary.report_of(unit) is None:
            return blank
        filled = returned_workbook(self.expected, summary, unit)
        assert filled is not None  # there is a report
        case = replace(blank.case, marked=True)
        return replace(blank, case=case, workbook=lambda: filled)

    def _marked(self, summary: Summary, unit: Unit) -> _Piece:
        submission = summary.standing[unit.code].seen_by(unit)
        name = workbook_name(self.expected.campaign, self.form, unit)
        still = tuple(each for each in submission.findings if each.is_open)

        def workbook() -> bytes:
            data = returned_workbook(self.expected, summary, unit)
            assert data is not None  # its verdict says so
            return data

        case = Case(unit, findings=still, attachment=name, marked=True)
        return _Piece(case, workbook, submission.sha256)

    def _instead(self, summary: Summary, unit: Unit, useless: Submission) -> _Piece:
        """A workbook for a file that is none, and why it is none."""
        blank = self._filled(summary, unit)
        state = useless.verdict.text.zh
        told = tuple(f for f in useless.findings if not f.is_for_the_desk)
        case = replace(blank.case, state=state, findings=told)
        return replace(blank, case=case, version=useless.sha256)

    def entry(
        self, occasion: Occasion, piece: _Piece, ledger: Ledger, choice: Choice
    ) -> MailEntry:
        """The piece as a letter, unless it went out or nobody can get it."""
        unit = piece.case.unit
        purpose = Purpose(unit.code, occasion, piece.version)
        known = ledger.history(purpose)
        entry = MailEntry(unit, purpose, Readiness.READY, known, about=piece.about)
        to = tuple(address(each, unit.name) for each in unit.emails)
        reached = tuple(each for each in to if each is not None)
        if piece.workbook is None:
            return replace(entry, state=Readiness.NOT_NEEDED)
        if not to:
            return replace(entry, state=Readiness.NO_ADDRESS)
        if len(reached) < len(to):
            return replace(entry, state=Readiness.BAD_ADDRESS)
        state = Readiness.READY if unit.code in choice.again else _state(entry)
        over = self.office.campaign.is_over(unit, self.office.today)
        if state is Readiness.READY and occasion is Occasion.SEND and over:
            state = Readiness.OVER
        if state is Readiness.READY and unit.code not in choice.again:
            day = self.office.today.isoformat()
            if occasion is not Occasion.SEND and ledger.wrote(
                entry.purpose, piece.about, day
            ):
                state = Readiness.TODAY
        if state is not Readiness.READY:
            return replace(entry, state=state)
        attachment = Attachment(piece.case.attachment, piece.workbook())
        thread = ledger.thread(unit.code)
        return replace(
            entry, letter=self._letter(piece.case, entry, attachment, reached, thread)
        )

    def _letter(
        self,
        case: Case,
        entry: MailEntry,
        attachment: Attachment,
        to: tuple[Address, ...],
        thread: str,
    ) -> OutgoingMail:
        campaign, settings, purpose = self.office.campaign, self.settings, entry.purpose
        office = settings.sender_name or campaign.district
        sender = address(settings.address or campaign.email, office)
        # After a failure, or an outcome nobody knows, the same message as before.
        about = (purpose.unit, purpose.occasion.value, purpose.version)
        times = str(entry.history.sent)
        domain = sender.domain if sender else "workbook-builder.invalid"
        id_ = message_id(domain, campaign.id, *about, times)
        reply_to = address(settings.reply_to or campaign.email, campaign.district)
        if reply_to and sender and reply_to.addr_spec == sender.addr_spec:
            reply_to = None
        return OutgoingMail(
            to=to,
            message=message(self.template, self.office, case),
            id=id_,
            sender=sender,
            attachments=(attachment,),
            reply_to=reply_to,
            refers_to=thread if thread != id_ else "",
        )


def _came(summary: Summary, unit: Unit) -> str:
    """The state of a unit in words; one that sent letters only is not told that nothing
    came."""
    letters = (each.letter for each in _written(summary, unit))
    written = dict.fromkeys(each.kind.text.zh for each in letters if each)
    if unit.code in summary.standing or not written:
        return summary.state(unit).word
    return f"收到来信（{'；'.join(written)}），没有收到报送表"


def _written(summary: Summary, unit: Unit) -> list[Submission]:
    found = summary.letters.get(unit.code, ())
    return [each for each in found if each.letter and each.letter.kind.is_of_the_unit]


def _letters(summary: Summary, unit: Unit) -> str:
    """The fingerprint of what somebody of the unit wrote; empty for nothing."""
    files = [each.sha256 for each in _written(summary, unit)]
    return hashlib.sha256(" ".join(files).encode()).hexdigest() if files else ""


def _useless(summary: Summary, unit: Unit) -> Submission | None:
    """The newest file from the unit's own address that could not be taken at all."""
    own = {each.casefold() for each in unit.emails}
    strays = (e for e in summary.submissions if e.verdict.is_stray and e.sha256)
    found = (e for e in strays if e.arrival.sender.casefold() in own)
    return max(found, key=lambda each: each.order, default=None)


def _said_of_blanks(summary: Summary, unit: Unit) -> tuple[Finding, ...]:
    """What a unit is told that sent its workbook back as it was."""
    own = (each for each in summary.submissions if each.unit_code == unit.code)
    return next((each.findings for each in own if each.is_untouched), ())


def _state(entry: MailEntry) -> Readiness:
    """What the record says of it. A refused address that was changed is a new one."""
    state = _OF_PAST.get(entry.history.past, Readiness.READY)
    if state is Readiness.REFUSED and entry.history.last.get("to") != entry.to:
        return Readiness.READY
    return state


def named(entries: Sequence[MailEntry]) -> str:
    """The units of some entries, for a sentence."""
    return "、".join(f"{each.unit.name}（{each.unit.code}）" for each in entries)
