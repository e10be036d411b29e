"""``mail fetch``: answers out of the mailbox, each once, as .eml files in the inbox.

Whose a message is, is judged by what is in it: answers of unknown senders come too.
Nothing in the mailbox changes unless that is asked for.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from workbook_builder.campaign import record as journal
from workbook_builder.campaign.files import apart, write_atomically
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.place import SETTINGS
from workbook_builder.campaign.record import Record
from workbook_builder.intake.mails import returned_mail
from workbook_builder.mail.connection import Account
from workbook_builder.mail.heads import MailHead, read_head
from workbook_builder.mail.imap import Listed, Mailbox
from workbook_builder.mail.ledger import Ledger, Purpose
from workbook_builder.mail.password import password
from workbook_builder.mail.settings import IMAP_PORTS, ImapSettings
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.errors import MailError, UnreadableFile
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.letter import Bounce
from workbook_builder.model.naming import safe_name
from workbook_builder.model.text import Text
from workbook_builder.model.times import CHINA
from workbook_builder.pipeline.mail_templates import MAIL
from workbook_builder.pipeline.posting import ca_file
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.reading.apart import read_apart

BOUNCES = "退信"


class FetchOutcome(StrEnum):
    """What became of a message of the mailbox."""

    NEW = "new"
    KNOWN = "known"
    OURS = "ours"
    BOUNCE = "bounce"
    TOO_LARGE = "too_large"
    GONE = "gone"

    @property
    def text(self) -> Text:
        return _OUTCOMES[self]


_OUTCOMES = {
    FetchOutcome.NEW: Text("新收取", "new"),
    FetchOutcome.KNOWN: Text("以前取过", "fetched before"),
    FetchOutcome.OURS: Text("本任务发出的邮件", "our own message"),
    FetchOutcome.BOUNCE: Text("退信", "returned by a server"),
    FetchOutcome.TOO_LARGE: Text("太大，没有取", "too large, not fetched"),
    FetchOutcome.GONE: Text("已不在邮箱", "no longer there"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the mailbox. ``file`` is where it was kept, if it was.

    ``unit`` is known of a message that came back undelivered only.
    """

    listed: Listed
    head: MailHead
    outcome: FetchOutcome
    file: Path | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fetching:
    """``since`` None: since the campaign began. ``again``: what was fetched, too."""

    since: date | None = None
    mark_seen: bool = False
    again: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was looked for, where, and what there was, in the order of its arrival."""

    mailbox: str
    since: date
    seen: tuple[Seen, ...]

    def count(self, *outcomes: FetchOutcome) -> int:
        return sum(each.outcome in outcomes for each in self.seen)


def fetch(
    folder: Folder, wanted: Fetching | None = None, progress: Progress = silent
) -> Fetched:
    """Everything that arrived since.

    Raises MailError where the mailbox cannot be used; what was kept until then stays,
    and is not fetched again.
    """
    wanted = wanted or Fetching()
    account, settings = mailbox_account(folder)
    seen: list[Seen] = []
    with folder.record() as record:
        ledger = Ledger(record.events())
        start = wanted.since or begun(folder, ledger)
        writable = wanted.mark_seen and not wanted.dry_run
        with Mailbox(account, settings.folder, writable) as box:
            uids = box.since(start)
            fetcher = _Fetcher(folder, record, box, ledger, wanted)
            for listed in box.listed(uids):
                each = fetcher.one(listed, settings.largest_mb * 1024 * 1024)
                seen.append(each)
                progress(len(seen), len(uids))
    where = f"{account.user} {account.server} {settings.folder}"
    return Fetched(where, start, tuple(seen))


def begun(folder: Folder, ledger: Ledger) -> date:
    """The day before the first thing in the record; without any, the first day after the period.

    The day before, because servers disagree about when a day begins.
    """
    if ledger.events:
        first = min(_day(each.at) for each in ledger.events)
        return first - timedelta(days=1)
    return folder.campaign().period.later(1).first_day


def _day(at: str) -> date:
    return datetime.fromisoformat(at).astimezone(CHINA).date()


def logins(folder: Folder) -> tuple[tuple[str, str], ...]:
    """User and server of each login the settings name. Raises MailError for none."""
    mail = folder.mail()
    found = [(mail.user, mail.server)]
    if mail.imap is not None:
        found.append((mail.imap.user or mail.user, mail.imap.server))
    named = tuple(pair for pair in dict.fromkeys(found) if all(pair))
    if not named:
        raise MailError(
            f"请先在“{folder.path / SETTINGS}”的 [mail] 里填 server 和 user，再存密码。",
            f"Fill in server and user under [mail] in {folder.path / SETTINGS} first.",
        )
    return named


def mailbox_account(folder: Folder) -> tuple[Account, ImapSettings]:
    """The mailbox and what is fetched of it. Raises MailError where the settings name
    none."""
    mail = folder.mail()
    settings = mail.imap
    user = (settings.user if settings else "") or mail.user
    if settings is None or not user:
        missing = "[mail.imap] server" if settings is None else "[mail] user"
        raise MailError(
            f"还没有设置收信的服务器：请在“{folder.path / SETTINGS}”里填 {missing}，"
            "填法见 docs/mail.md。也可以把邮件另存为 .eml，放进 inbox。",
            f"No mailbox: fill in {missing} in {folder.path / SETTINGS}; see "
            "docs/mail.md. Or save the messages as .eml into the inbox.",
        )
    account = Account(
        server=settings.server,
        port=settings.port or IMAP_PORTS[settings.security],
        security=settings.security,
        user=user,
        password=password(user, settings.server),
        timeout=mail.timeout,
        ca_file=ca_file(folder, mail),
    )
    return account, settings


@dataclass(frozen=True)
class _Fetcher:
    """One message after another."""

    folder: Folder
    record: Record
    box: Mailbox
    ledger: Ledger
    wanted: Fetching
    _places: set[str] = field(default_factory=set)
    _contents: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for event in self.ledger.events:
            if event.happening is Happening.FETCHED and not self.wanted.again:
                self._places.add(event.detail.get("place", ""))
                self._contents.add(event.detail.get("content", ""))

    def one(self, listed: Listed, largest: int) -> Seen:
        seen = Seen(listed, _head(listed.head), FetchOutcome.NEW)
        if str(listed.place) in self._places:
            return replace(seen, outcome=FetchOutcome.KNOWN)
        if seen.head.message in self.ledger.ours:
            return replace(seen, outcome=FetchOutcome.OURS)
        if listed.size > largest:
            return replace(seen, outcome=FetchOutcome.TOO_LARGE)
        if self.wanted.dry_run:
            return seen
        data = self.box.read(listed.place)
        if data is None:
            return replace(seen, outcome=FetchOutcome.GONE)
        kept = self._kept(seen, data)
        if self.wanted.mark_seen:
            self.box.mark_seen(listed.place)
        return kept

    def _kept(self, seen: Seen, data: bytes) -> Seen:
        """The message on disk first, then in the record: killed in between, the next
        run writes the same file again.
        """
        content = _content(seen.head.message, data)
        if content in self._contents:
            # Moved to another folder, or the mailbox was rebuilt.
            seen = replace(seen, outcome=FetchOutcome.KNOWN)
            self._note(seen, data, content)
            return seen
        bounce = _bounce(data)
        sent = self.ledger.told_of(bounce) if bounce is not None else None
        place = self.folder.inbox
        if sent is not None:
            place = self.folder.path / MAIL / BOUNCES
            seen = replace(seen, outcome=FetchOutcome.BOUNCE, unit=sent.unit)
        path = _path(place, seen, data)
        write_atomically(path, data)
        os.utime(path, (_arrived(seen).timestamp(),) * 2)
        seen = replace(seen, file=path)
        if bounce is not None and sent is not None and sent.happening is Happening.SENT:
            self.record.append(_failed(sent, bounce.reply))
        self._note(seen, data, content)
        return seen

    def _note(self, seen: Seen, data: bytes, content: str) -> None:
        self._contents.add(content)
        internal = seen.listed.internal
        detail = {
            "place": str(seen.listed.place),
            "content": content,
            "message": seen.head.message,
            "sender": seen.head.sender,
            "subject": seen.head.subject,
            "internal": internal.isoformat(timespec="seconds") if internal else "",
            "sha256": hashlib.sha256(data).hexdigest(),
            "file": seen.file.name if seen.file else "",
        }
        kept = {name: text for name, text in detail.items() if text}
        self.record.append(Event(Happening.FETCHED, "", journal.now(), kept))


def _head(data: bytes) -> MailHead:
    """What a message says of itself; nothing where its reader is lost over it."""
    try:
        return read_apart(read_head, data)
    except UnreadableFile:
        return MailHead()


def _bounce(data: bytes) -> Bounce | None:
    """What a server says of a mail of ours; nothing where it cannot be read, which is
    said when the inbox is."""
    try:
        return read_apart(returned_mail, data)
    except UnreadableFile:
        return None


def _content(message: str, data: bytes) -> str:
    """The same for the same message in another place: servers change heads only."""
    _, _, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    if not message or not body:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha256(message.encode("utf-8", "replace") + b"\n" + body).hexdigest()


def _arrived(seen: Seen) -> datetime:
    """China's time; now, where the server does not say."""
    return (seen.listed.internal or datetime.now(CHINA)).astimezone(CHINA)


def _path(place: Path, seen: Seen, data: bytes) -> Path:
    """By date, sender and number; never over a different message."""
    when, uid = f"{_arrived(seen):%Y%m%d-%H%M%S}", seen.listed.place.uid
    return apart(place / f"{when}_{safe_name(seen.head.sender)[:60]}_{uid}.eml", data)


def _failed(sent: Event, reply: str) -> Event:
    """A message that was taken and came back."""
    purpose = Purpose(
        sent.unit, Occasion(sent.detail["occasion"]), sent.detail.get("version", "")
    )
    about = {name: sent.detail.get(name, "") for name in ("message", "to")}
    return purpose.event(
        Happening.FAILED,
        journal.now(),
        **about,
        server=reply,
        final="yes",
        bounced="yes",
    )
