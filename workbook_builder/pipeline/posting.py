"""``mail …`` with or without ``--smtp``: messages leave, as drafts or for good.

A message is claimed in the record before it goes out and noted after. A program that
dies in between leaves a claim without an outcome: then nobody knows, it is said so,
and only the clerk sends it again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook_builder.campaign import record as journal
from workbook_builder.campaign.files import write_keeping
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.generated import Generated, digests
from workbook_builder.campaign.place import SETTINGS
from workbook_builder.campaign.record import Record
from workbook_builder.mail.compose import address, compose
from workbook_builder.mail.connection import Account
from workbook_builder.mail.ledger import history
from workbook_builder.mail.password import password
from workbook_builder.mail.settings import SMTP_PORTS, MailSettings
from workbook_builder.mail.smtp import Delivery, Fate, Smtp
from workbook_builder.model.errors import MailError
from workbook_builder.model.event import Event, Happening
from workbook_builder.pipeline.mail_templates import MAIL, write_templates
from workbook_builder.pipeline.mailing import MailEntry, Plan
from workbook_builder.pipeline.progress import Progress, silent

#: So many failures one after another are about us, not about the addresses.
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of an entry; no delivery where another program was faster."""

    entry: MailEntry
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class PostingRun:
    """``left`` are those not tried, because the server would have none of it.

    ``broken`` says why where the server could not be reached again.
    """

    posted: tuple[Posted, ...]
    left: tuple[MailEntry, ...] = ()
    broken: MailError | None = None

    def of(self, *fates: Fate) -> tuple[Posted, ...]:
        return tuple(
            each
            for each in self.posted
            if each.delivery and each.delivery.fate in fates
        )


def write_drafts(folder: Folder, plan: Plan) -> tuple[Path, ...]:
    """One .eml for each message that is ready; those of an earlier run go."""
    write_templates(folder)
    place = folder.path / MAIL / plan.occasion.chinese
    drafts = {}
    for entry in plan.ready:
        assert entry.letter is not None
        name = entry.letter.attachments[0].name if entry.letter.attachments else ""
        stem = Path(name).stem or entry.unit.code
        drafts[f"{stem}.eml"] = compose(entry.letter)
    generated = Generated(place)
    generated.announce(digests(drafts))
    for name, data in drafts.items():
        write_keeping(place / name, data)
    generated.replace_with(digests(drafts))
    return tuple(place / name for name in drafts)


def note_by_hand(folder: Folder, plan: Plan) -> None:
    """Notes in the record that the clerk sent what is ready with another program."""
    with folder.record() as record:
        record.append(
            *(_event(entry, Happening.SENT, server="by hand") for entry in plan.ready)
        )


def account(folder: Folder) -> Account:
    """The sending server. Raises MailError where the settings name none."""
    settings = folder.mail()
    if not settings.server or not settings.address:
        missing = "server" if not settings.server else "user"
        raise MailError(
            f"还没有设置发信的服务器：请在“{folder.path / SETTINGS}”的 [mail] 里填 {missing}。"
            "填法见 docs/mail.md；不用 --smtp 则只生成草稿。",
            f"No sending server: fill in {missing} under [mail] in "
            f"{folder.path / SETTINGS}; see docs/mail.md. Without --smtp, drafts are "
            "written.",
        )
    if address(settings.address) is None:
        raise MailError(
            f"“{settings.address}”不是邮箱地址。请在“{folder.path / SETTINGS}”的 [mail] 里"
            "填 sender（发信的邮箱地址）。",
            f"{settings.address} is no address: fill in sender under [mail] in "
            f"{folder.path / SETTINGS}.",
        )
    return Account(
        server=settings.server,
        port=settings.port or SMTP_PORTS[settings.security],
        security=settings.security,
        user=settings.user,
        password=password(settings.user, settings.server) if settings.user else "",
        timeout=settings.timeout,
        ca_file=ca_file(folder, settings),
    )


def ca_file(folder: Folder, settings: MailSettings) -> Path | None:
    return folder.path / settings.ca_file if settings.ca_file else None


def post(
    folder: Folder,
    plan: Plan,
    progress: Progress = silent,
    wait: Callable[[float], None] = time.sleep,
) -> PostingRun:
    """Sends what is ready, each message at most once, at the pace of the settings.

    Raises MailError where the server cannot be used at all, before or between
    messages; what was sent until then is in the record.
    """
    write_templates(folder)
    ready, posted = plan.ready, list[Posted]()
    if not ready:
        return PostingRun(())
    pause = 60 / plan.settings.pace if plan.settings.pace > 0 else 0.0
    with folder.record() as record, Smtp(account(folder)) as server:
        for index, entry in enumerate(ready):
            progress(index, len(ready))
            if index:
                wait(pause)
                try:
                    server.ready()
                except MailError as error:
                    return PostingRun(tuple(posted), ready[index:], error)
            posted.append(_post_one(record, server, entry))
            if _hopeless(posted):
                return PostingRun(tuple(posted), ready[index + 1 :])
        progress(len(ready), len(ready))
    return PostingRun(tuple(posted))


def _hopeless(posted: Sequence[Posted]) -> bool:
    """Whether the next message would fare no better."""
    last = posted[-1].delivery
    if last is not None and last.everyone:
        return True
    newest = [each.delivery for each in posted[-ENOUGH:]]
    return len(newest) == ENOUGH and all(
        each is not None and each.fate is not Fate.TAKEN for each in newest
    )


def _post_one(record: Record, server: Smtp, entry: MailEntry) -> Posted:
    letter = entry.letter
    assert letter is not None
    assert letter.sender is not None  # account() has seen to it
    data = compose(letter, datetime.fromisoformat(journal.now()))
    claim = _event(entry, Happening.SENDING)
    # Another program may have sent it since the plan was made.
    seen = entry.history.events
    if not record.claim(
        claim, lambda all_: history(all_, entry.purpose).events != seen
    ):
        return Posted(entry, None)
    to = [each.addr_spec for each in letter.to]
    try:
        delivery = server.deliver(data, letter.sender.addr_spec, to)
    except BaseException:
        # Interrupted. Known not to have gone out, or nobody knows: then the claim
        # stands alone.
        if not server.committed:
            record.append(_event(entry, Happening.FAILED, server="interrupted"))
        raise
    _note(record, entry, delivery)
    return Posted(entry, delivery)


def _note(record: Record, entry: MailEntry, delivery: Delivery) -> None:
    refused = "；".join(delivery.refused.values())
    if delivery.fate is Fate.TAKEN:
        event = _event(entry, Happening.SENT, server=delivery.reply, refused=refused)
    elif delivery.fate is Fate.UNKNOWN:
        return  # the claim stands alone, and says so
    else:
        # Only what was said of the addresses stays true tomorrow.
        final = delivery.fate is Fate.REFUSED and refused
        event = _event(
            entry,
            Happening.FAILED,
            server=delivery.reply,
            final="yes" if final else "",
        )
    record.append(event)


def _event(entry: MailEntry, happening: Happening, **detail: str) -> Event:
    letter = entry.letter
    assert letter is not None
    files = [hashlib.sha256(each.data).hexdigest() for each in letter.attachments]
    said = {
        "message": letter.id,
        "to": entry.to,
        "subject": letter.message.subject,
        "sha256": " ".join(files),
        "about": entry.about,
        **detail,
    }
    kept = {name: text for name, text in said.items() if text}
    return entry.purpose.event(happening, journal.now(), **kept)
