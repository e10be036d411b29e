"""Reading a mailbox by IMAP, without changing it: the one module that knows imap-tools.

It is an extra. Bytes come as the server has them: nothing is parsed and written anew.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
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

_ITEM = re.compile(rb"\b(UID|RFC822\.SIZE) (\d+)")
_INTERNAL = re.compile(rb'\bINTERNALDATE "([^"\r\n]{1,60})"')
#: 网易 opens no folder to a program that has not introduced itself (RFC 2971).
_INTRODUCTION = '("name" "workbook-builder" "vendor" "workbook-builder")'


_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]


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
    with (:data:`HEAD` bytes at most), when it came in there, if the server says so.
    """

    place: MailPlace
    size: int
    head: bytes
    internal: datetime | None = None


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

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._box.logout()

    def since(self, day: date) -> list[str]:
        """UIDs of what arrived on that day or later, oldest first.

        Servers are asked, and not believed: some leave the day out of account and some
        never find anything, so the day of every message is looked at here.
        """
        wanted = []
        for uids in _batches(self._found(day) or ["1:*"], 500):
            for meta, _ in self._fetched(",".join(uids), "(UID INTERNALDATE)"):
                uid, internal = _items(meta).get("UID"), _internal(meta)
                # The server's own day, as it is meant by RFC 3501.
                if uid and (internal is None or internal.date() >= day):
                    wanted.append(uid)
        return sorted(wanted, key=int)

    def _found(self, day: date) -> list[str]:
        criteria = f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        with self._clear():
            status, answer = self._box.client.uid("SEARCH", criteria)
        # Some answer nothing at all.
        found = b" ".join(each for each in answer if isinstance(each, bytes))
        return found.decode("ascii", "ignore").split() if status == "OK" else []

    def listed(self, uids: list[str]) -> Iterator[Listed]:
        """Size, head and day of messages, a hundred at a time."""
        fields = "MESSAGE-ID FROM SUBJECT CONTENT-TYPE"
        parts = f"BODY.PEEK[HEADER.FIELDS ({fields})]<0.{HEAD}>"
        for some in _batches(uids, 100):
            wanted = f"(UID RFC822.SIZE INTERNALDATE {parts})"
            for meta, head in self._fetched(",".join(some), wanted):
                items = _items(meta)
                if "UID" in items:
                    place = self._place(items["UID"])
                    size = int(items.get("RFC822.SIZE", 0))
                    yield Listed(place, size, head, _internal(meta))

    def read(self, place: MailPlace) -> bytes | None:
        """The whole message; None where it is there no longer."""
        for meta, data in self._fetched(place.uid, "(UID BODY.PEEK[])"):
            if _items(meta).get("UID", place.uid) == place.uid and data:
                return data
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
            elif isinstance(item, bytes) and not isinstance(answer[index - 1], tuple):
                yield item, b""

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
            self._introduced = "ID" in self._capabilities() and self._introduce()
        try:
            self._open(writable)
        except tools.MailboxFolderSelectError as error:
            raise self._no_folder(said(str(error))) from None

    def _open(self, writable: bool) -> None:
        try:
            with self._clear():
                self._box.folder.set(self._folder, readonly=not writable)
        except self._tools.MailboxFolderSelectError:
            # Some want to be told who we are, and do not say so.
            if self._introduced or not self._introduce():
                raise
            with self._clear():
                self._box.folder.set(self._folder, readonly=not writable)
        with self._clear():
            (validity,) = self._box.client.response("UIDVALIDITY")[1]
        self._validity = validity.decode() if isinstance(validity, bytes) else ""

    def _capabilities(self) -> set[str]:
        """Of before and after the login: some servers say more then."""
        client = self._box.client
        _, answer = client.capability()
        said_now = b" ".join(each for each in answer if isinstance(each, bytes))
        return {
            *client.capabilities,
            *said_now.decode("ascii", "ignore").upper().split(),
        }

    def _introduce(self) -> bool:
        """Whether the server takes it; one that does not know it says so, no more."""
        try:
            status, _ = self._box.client.xatom("ID", _INTRODUCTION)
        except imaplib.IMAP4.abort as error:
            raise unreached(self._account, error) from None
        except imaplib.IMAP4.error:
            return False
        return bool(status == "OK")

    def _no_folder(self, reply: str) -> MailError:
        with self._clear():
            names = [each.name for each in self._box.folder.list()]
        return MailError(
            f"邮箱里无法打开文件夹“{self._folder}”（{reply}）。有这些：{'、'.join(names)}。",
            f"The mailbox has no folder {self._folder} that opens ({reply}). There "
            f"are: {', '.join(names)}.",
        )

    @contextlib.contextmanager
    def _clear(self) -> Iterator[None]:
        try:
            yield
        except (OSError, imaplib.IMAP4.error) as error:
            raise unreached(self._account, error) from None


def _batches(uids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (uids[at : at + size] for at in range(0, len(uids), size))


def _items(meta: bytes) -> dict[str, str]:
    """UID and size, as far as the server says them."""
    return {mark[1].decode(): mark[2].decode() for mark in _ITEM.finditer(meta)}


def _internal(meta: bytes) -> datetime | None:
    found = _INTERNAL.search(meta)
    try:
        when = parsedate_to_datetime(found[1].decode("ascii")) if found else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.replace(tzinfo=UTC) if when and when.tzinfo is None else when
