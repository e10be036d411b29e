"""A sending server that keeps what it takes, and misbehaves where a test says so."""

from __future__ import annotations

import asyncio
import email
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers import HOST, PASSWORD, USER, certificates, free_port

Answer = Callable[[int], str | None]
"""Number of the message (from 1) → what to say instead of yes."""


@dataclass(frozen=True)
class Taken:
    """A message with its envelope."""

    sender: str
    to: tuple[str, ...]
    data: bytes

    @property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.data, policy=policy.default)


@dataclass
class Behaviour:
    """What a test wants the server to do. ``refuse`` is by address.

    ``hang_up`` names a moment and a number: the connection ends at the ``MAIL``, the
    ``RCPT``, the ``DATA`` command or after the final ``DOT`` of that message. ``at``
    is called at the same moments; ``slow`` is how long the ``DOT`` takes.
    """

    refuse: dict[str, str] = field(default_factory=dict)
    on_mail: str = ""
    on_data: dict[int, str] = field(default_factory=dict)
    hang_up: tuple[str, int] | None = None
    at: Callable[[str, int], None] = lambda moment, number: None
    slow: dict[int, float] = field(default_factory=dict)
    keeps_after_hanging_up: bool = False


class Post:
    """The handler: counts messages and connections, keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.behaviour = Behaviour()
        self.peers: set[object] = set()
        self.number = 0

    def moment(self, server: SMTP, moment: str) -> bool:
        """Whether the connection ends here."""
        self.behaviour.at(moment, self.number)
        if self.behaviour.hang_up == (moment, self.number):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return True
        return False

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str,
        options: list[str],
    ) -> str:  # fmt: skip
        self.number += 1
        self.peers.add(session.peer)
        if self.behaviour.on_mail:
            return self.behaviour.on_mail
        self.moment(server, "MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str,
        options: list[str],
    ) -> str:  # fmt: skip
        self.moment(server, "RCPT")
        if address in self.behaviour.refuse:
            return self.behaviour.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        assert envelope.mail_from is not None
        taken = Taken(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content)
        if self.number in self.behaviour.on_data:
            return self.behaviour.on_data[self.number]
        await asyncio.sleep(self.behaviour.slow.get(self.number, 0))
        if self.behaviour.keeps_after_hanging_up:
            self.taken.append(taken)
        if self.moment(server, "DOT"):
            return "250 nobody hears this"
        if not self.behaviour.keeps_after_hanging_up:
            self.taken.append(taken)
        return f"250 2.0.0 queued as {len(self.taken)}"


class _Smtp(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        assert isinstance(self.event_handler, Post)
        if not self.event_handler.moment(self, "DATA"):
            await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        with warnings.catch_warnings():
            # It does not see that the connection is encrypted already.
            warnings.simplefilter("ignore")
            return _Smtp(self.handler, **self.SMTP_kwargs)


def _let_in(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    assert isinstance(data, LoginPassword)
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)


@contextmanager
def smtp_server(security: str = "tls", port: int = 0) -> Iterator[tuple[Post, int]]:
    """The handler and the port. ``security``: tls, starttls or none."""
    files = certificates()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    post, port = Post(), port or free_port()
    options: dict[str, Any] = {"authenticator": _let_in, "server_hostname": HOST}
    if security == "none":
        options = {"server_hostname": HOST}
    if security == "tls":
        options |= {"auth_require_tls": False, "auth_required": True}
    if security == "starttls":
        options |= {
            "tls_context": context, "require_starttls": True, "auth_required": True,
        }  # fmt: skip
    controller = _Controller(
        post, hostname="127.0.0.1", port=port,
        ssl_context=context if security == "tls" else None, **options,
    )  # fmt: skip
    controller.start()
    try:
        yield post, port
    finally:
        controller.stop(no_assert=True)
