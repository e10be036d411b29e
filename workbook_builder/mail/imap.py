"""Reading a mailbox by IMAP, without changing it: the one module that knows imap-tools.

It is an extra. Bytes come as the server has them: nothing is parsed and written anew.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING

from workbook_builder.mail.connection import (
    Account,
    no_starttls,
    not_let_in,
    said,
    unreached,
)
from workbook_builder.model.errors import MailError

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

_ITEM = re.compile(rb"UID (\d+)|RFC822\.SIZE (\d+)")
#: 网易 opens no folder to a program that has not introduced itself (RFC 2971).
_INTRODUCTION = '("name" "workbook-builder" "vendor" "workbook-builder")'


#: More of a head is no name, no subject and no identifier.
HEAD = 16384


@dataclass(frozen=True, slots=True)
class MailPlace:
    """Where a message lies. UIDs mean something within one ``validity`` only."""

    server: str
    user: str
    folder: str
    validity: str
    uid: str

    def __str__(self) -> str:
        parts = (self.user, self.server, self.folder, self.validity, self.uid)
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Listed:
    """A message that is there, not yet read; its size in bytes, what its head begins
    with (:data:`HEAD` bytes at most).
    """

    place: MailPlace
    size: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Raw:
    """A message as the server has it, and when it came in there."""

    data: bytes
    arrived: datetime


class Mailbox:
    """One folder of a mailbox, opened read-only unless ``writable``.

    Raises MailError where it cannot be reached, entered or opened.
    """

    def __init__(self, account: Account, folder: str, writable: bool = False) -> None:
        self._account, self._folder = account, folder
        try:
            import imap_tools
        except ImportError:
            raise MailError(
                "收取邮件需要 imap-tools。请运行 pip install 'workbook-builder[mail]'；"
                "也可以把邮件另存为 .eml，放进 inbox。",
                "Fetching mail needs imap-tools: pip install 'workbook-builder[mail]'. "
                "Or save the messages as .eml into the inbox.",
            ) from None
        self._tools = imap_tools
        self._box = self._connected()
        try:
            self._enter(writable)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Mailbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._box.logout()

    def since(self, day: date) -> list[str]:
        """UIDs of what arrived on that day or later, oldest first."""
        with self._clear():
            found = self._box.uids(self._tools.AND(date_gte=day))
        return sorted(filter(None, found), key=int)

    def listed(self, uids: list[str]) -> Iterator[Listed]:
        """Size and head of messages, a hundred at a time."""
        fields = "MESSAGE-ID FROM SUBJECT CONTENT-TYPE"
        wanted = f"(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({fields})]<0.{HEAD}>)"
        for at in range(0, len(uids), 100):
            for meta, head in self._fetched(",".join(uids[at : at + 100]), wanted):
                items = {m[0].split()[0]: m[0].split()[1] for m in _ITEM.finditer(meta)}
                uid, size = items.get(b"UID"), items.get(b"RFC822.SIZE", b"0")
                if uid is not None:
                    yield Listed(self._place(uid.decode()), int(size), head)

    def read(self, place: MailPlace) -> Raw | None:
        """The whole message; None where it is there no longer."""
        wanted = "(UID INTERNALDATE BODY.PEEK[])"
        for meta, data in self._fetched(place.uid, wanted):
            when = imaplib.Internaldate2tuple(meta)
            arrived = datetime(*when[:6]) if when else datetime.now()
            return Raw(data, arrived.astimezone())
        return None

    def mark_seen(self, place: MailPlace) -> None:
        """Only in a mailbox opened ``writable``."""
        with self._clear():
            self._box.flag(place.uid, self._tools.MailMessageFlags.SEEN, True)

    def _place(self, uid: str) -> MailPlace:
        account = self._account
        return MailPlace(
            account.server, account.user, self._folder, self._validity, uid
        )

    def _fetched(self, uids: str, wanted: str) -> Iterator[tuple[bytes, bytes]]:
        """What the server says of each message, and its bytes."""
        with self._clear():
            status, answer = self._box.client.uid("FETCH", uids, wanted)
            if status != "OK":
                raise imaplib.IMAP4.error(said(str(answer)))
        for index, item in enumerate(answer):
            if isinstance(item, tuple):
                # Items may stand after the bytes too: “… BODY[] {9}” “ UID 7)”.
                after = answer[index + 1] if index + 1 < len(answer) else b""
                tail = after if isinstance(after, bytes) else b""
                yield item[0] + b" " + tail, item[1]

    def _connected(self) -> BaseMailBox:
        account, tools = self._account, self._tools
        host, port, timeout = account.server, account.port, account.timeout
        box: BaseMailBox
        try:
            if account.security == "none":
                box = tools.MailBoxUnencrypted(host, port, timeout)
            elif account.security == "starttls":
                box = tools.MailBoxStartTls(host, port, timeout, account.context())
            else:
                context = account.context()
                box = tools.MailBox(host, port, timeout, ssl_context=context)
            return box
        except (tools.MailboxStarttlsError, imaplib.IMAP4.error) as error:
            if account.security == "starttls":
                raise no_starttls(account) from None
            raise unreached(account, error) from None
        except OSError as error:
            raise unreached(account, error) from None

    def _enter(self, writable: bool) -> None:
        account, tools = self._account, self._tools
        try:
            self._box.login(account.user, account.password, initial_folder=None)
        except (tools.MailboxLoginError, imaplib.IMAP4.error, UnicodeError) as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise unreached(account, error) from None
            raise not_let_in(account, said(str(error))) from None
        except OSError as error:
            raise unreached(account, error) from None
        with self._clear():
            if "ID" in self._box.client.capabilities:
                self._box.client.xatom("ID", _INTRODUCTION)
        try:
            with self._clear():
                self._box.folder.set(self._folder, readonly=not writable)
                (validity,) = self._box.client.response("UIDVALIDITY")[1]
        except tools.MailboxFolderSelectError as error:
            raise self._no_folder(said(str(error))) from None
        self._validity = validity.decode() if isinstance(validity, bytes) else ""

    def _no_folder(self, reply: str) -> MailError:
        with self._clear():
            names = [each.name for each in self._box.folder.list()]
        return MailError(
            f"邮箱里打不开文件夹“{self._folder}”（{reply}）。有这些：{'、'.join(names)}。",
            f"The mailbox has no folder {self._folder} that opens ({reply}). There "
            f"are: {', '.join(names)}.",
        )

    @contextlib.contextmanager
    def _clear(self) -> Iterator[None]:
        try:
            yield
        except (OSError, imaplib.IMAP4.error) as error:
            raise unreached(self._account, error) from None
