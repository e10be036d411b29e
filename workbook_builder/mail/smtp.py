"""Sending by SMTP: the one module that knows ``smtplib`` (standard library).

What matters is not only whether a message was refused but whether it can have been
taken all the same. Until the final dot of DATA nothing is; from then on only the
server's reply tells.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from workbook_builder.mail.connection import (
    Account,
    no_starttls,
    not_let_in,
    said,
    unreached,
)
from workbook_builder.model.errors import MailError

#: How a client without a public name introduces itself (RFC 5321, 4.1.3).
_OURSELVES = "[127.0.0.1]"
#: RFC 5321, 4.5.3.2.6: after the final dot a server may take its time.
_PATIENCE = 5
#: What a server says of a message's size when it hears of the sender.
_TOO_LARGE = (452, 552)


class Fate(StrEnum):
    """``TAKEN``: the server has it. ``REFUSED``: it never will; ``LATER``: not now;
    ``LOST``: the connection broke before the server could have it. ``UNKNOWN``: the
    connection broke while the server's answer was due.
    """

    TAKEN = "taken"
    REFUSED = "refused"
    LATER = "later"
    LOST = "lost"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message.

    ``refused`` are the addresses the server refused, with what it said of each; it may
    have taken the message for others all the same. ``everyone`` says that the refusal
    was about the sender: it would meet every message.
    """

    fate: Fate
    reply: str
    refused: Mapping[str, str] = field(default_factory=dict)
    everyone: bool = False


class Smtp:
    """A connection that is made when needed. Raises MailError where it cannot be."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._server: smtplib.SMTP | None = None
        self.committed = False
        """Whether the message at hand may be with the server."""

    def __enter__(self) -> Smtp:
        self.ready()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._server is not None and kind is None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._server.quit()
        self._drop()

    def ready(self) -> None:
        """Connects, anew where the server has hung up meanwhile."""
        if self._server is not None:
            try:
                if self._server.noop()[0] == 250:
                    return
            except (smtplib.SMTPException, OSError):
                pass
            self._drop()
        self._server = self._connected()

    def deliver(self, data: bytes, sender: str, to: Sequence[str]) -> Delivery:
        """One message to some addresses. Call :meth:`ready` before."""
        assert self._server is not None
        self.committed = False
        try:
            delivery = self._transaction(self._server, data, sender, to)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            fate = Fate.UNKNOWN if self.committed else Fate.LOST
            return Delivery(fate, said(str(error)))
        if delivery.fate is not Fate.TAKEN:
            self._reset()
        return delivery

    def _transaction(
        self, server: smtplib.SMTP, data: bytes, sender: str, to: Sequence[str]
    ) -> Delivery:
        code, reply = server.mail(
            sender, [f"size={len(data)}"] if _sized(server) else []
        )
        if code != 250:
            return _refusal(code, reply, everyone=code not in _TOO_LARGE)
        replies = {address: server.rcpt(address) for address in to}
        refused = {a: r for a, r in replies.items() if r[0] not in (250, 251)}
        words = {a: f"{a}: {r[0]} {said(r[1])}" for a, r in refused.items()}
        if len(refused) == len(replies):
            codes = [code for code, _ in refused.values()]
            fate = Fate.REFUSED if all(code >= 500 for code in codes) else Fate.LATER
            return Delivery(fate, "；".join(words.values()), words)
        code, reply = server.docmd("DATA")
        if code != 354:
            return _refusal(code, reply)
        code, reply = self._content(server, data)
        if code != 250:
            return _refusal(code, reply)
        return Delivery(Fate.TAKEN, f"{code} {said(reply)}", words)

    def _content(self, server: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
        whole = re.sub(rb"(?m)^\.", b"..", data.removesuffix(b"\r\n"))
        # Set before and not after: an interruption in between must not look harmless.
        self.committed = True
        try:
            server.send(whole + b"\r\n.\r\n")
        except OSError:
            self.committed = False  # the last bytes, the dot, never left
            raise
        if server.sock is not None:
            server.sock.settimeout(self._account.timeout * _PATIENCE)
        answer = server.getreply()
        self.committed = False
        if server.sock is not None:
            server.sock.settimeout(self._account.timeout)
        return answer

    def _reset(self) -> None:
        try:
            if self._server is not None:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _connected(self) -> smtplib.SMTP:
        account = self._account
        server: smtplib.SMTP | None = None
        try:
            server = _opened(account)
            server.ehlo_or_helo_if_needed()
            if account.security == "starttls":
                if not server.has_extn("starttls"):
                    raise no_starttls(account)
                server.starttls(context=account.context())
            if account.user:
                server.login(account.user, account.password)
        except BaseException as error:
            if server is not None:
                server.close()
            if isinstance(error, (smtplib.SMTPException, OSError, UnicodeError)):
                raise _trouble(account, error) from None
            raise
        return server


def _opened(account: Account) -> smtplib.SMTP:
    if account.security == "tls":
        return smtplib.SMTP_SSL(
            account.server,
            account.port,
            local_hostname=_OURSELVES,
            timeout=account.timeout,
            context=account.context(),
        )
    return smtplib.SMTP(
        account.server, account.port, _OURSELVES, timeout=account.timeout
    )


def _sized(server: smtplib.SMTP) -> bool:
    return bool(server.does_esmtp and server.has_extn("size"))


def _refusal(code: int, reply: bytes, everyone: bool = False) -> Delivery:
    fate = Fate.REFUSED if code >= 500 else Fate.LATER
    return Delivery(fate, f"{code} {said(reply)}", everyone=everyone)


def _trouble(account: Account, error: Exception) -> MailError:
    match error:
        case smtplib.SMTPAuthenticationError():
            reply = f"{error.smtp_code} {said(error.smtp_error)}"
            return not_let_in(account, reply)
        case UnicodeError():
            return MailError(
                "密码（授权码）里有中文或全角字符，邮件服务器无法识别。请核对后重新设置。",
                "The password holds characters that are not ASCII; set it again.",
            )
        case smtplib.SMTPNotSupportedError():
            return MailError(
                f"“{account.where}”不支持登录。不用登录的服务器，请删掉 campaign.toml 里的 user。",
                f"{account.where} does not offer a login; a relay without login needs "
                "no user in campaign.toml.",
            )
        case smtplib.SMTPResponseException():
            reply = f"{error.smtp_code} {said(error.smtp_error)}"
            return MailError(
                f"“{account.where}”拒绝服务：{reply}。请稍后再试，或问邮件管理员。",
                f"{account.where} does not serve us: {reply}. Try later, or ask its "
                "administrator.",
            )
        case _:
            return unreached(account, error)
