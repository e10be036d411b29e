"""An IMAP server as some providers have it: it speaks the protocol over TLS, and answers
as a test says it does. What servers do that are right is Dovecot's to show."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tests.servers import certificates, free_port

_LITERAL = re.compile(rb"\{(\d+)\}$")


@dataclass
class Manners:
    """``search``: what it answers when it is asked since when: the ``right`` messages,
    ``all`` of them, ``none``, no line at all (``silent``), or that it cannot
    (``refused``). ``wants_id``: opens no folder to whom it does not know; ``says_id``:
    tells that it knows the command, from the beginning, after the login, or never.
    ``dated``: whether it gives the day of a message."""

    search: Literal["right", "all", "none", "silent", "refused"] = "right"
    wants_id: bool = False
    says_id: Literal["always", "after", "never"] = "always"
    knows_id: bool = True
    dated: bool = True


@dataclass
class OddServer:
    """``messages`` are the bytes and the time of arrival, in the order of their UIDs,
    which begin with 11. ``commands`` is what it was told, without the tags."""

    manners: Manners
    port: int
    messages: list[tuple[bytes, datetime]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def deliver(self, data: bytes, when: datetime) -> None:
        self.messages.append((data, when.astimezone()))


@contextmanager
def odd_server(manners: Manners) -> Iterator[OddServer]:
    server = OddServer(manners, free_port())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    files = certificates()
    context.load_cert_chain(files.certificate, files.key)
    with socket.create_server(("127.0.0.1", server.port)) as listening:
        thread = threading.Thread(target=_listen, args=(listening, context, server))
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _listen(
    listening: socket.socket, context: ssl.SSLContext, server: OddServer
) -> None:
    with suppress(OSError):
        while True:
            plain, _ = listening.accept()
            with suppress(OSError), context.wrap_socket(plain, server_side=True) as one:
                one.settimeout(10)
                _Session(server, one).run()


class _Session:
    def __init__(self, server: OddServer, connection: ssl.SSLSocket) -> None:
        self._server, self._connection = server, connection
        self._file = connection.makefile("rb")
        self._known, self._in = False, False

    def run(self) -> None:
        self._say(b"* OK ready")
        while line := self._line():
            tag, _, rest = line.decode("utf-8", "replace").partition(" ")
            self._server.commands.append(rest)
            name = rest.upper().removeprefix("UID ").partition(" ")[0]
            answer = getattr(self, f"_{name.lower()}", self._unknown)(rest)
            self._say(f"{tag} {answer}".encode())
            if name == "LOGOUT":
                return

    def _line(self) -> bytes:
        """A command with its literals, on one line."""
        line = self._file.readline().rstrip(b"\r\n")
        while literal := _LITERAL.search(line):
            self._say(b"+ go on")
            said = self._file.read(int(literal[1]))
            line = line[: literal.start()] + b'"' + said + b'"'
            line += self._file.readline().rstrip(b"\r\n")
        return line

    def _say(self, line: bytes) -> None:
        self._connection.sendall(line + b"\r\n")

    def _unknown(self, _: str) -> str:
        return "BAD unknown command"

    def _capability(self, _: str) -> str:
        when = self._server.manners.says_id
        says = when == "always" or (when == "after" and self._in)
        self._say(b"* CAPABILITY IMAP4rev1" + (b" ID" if says else b""))
        return "OK done"

    def _login(self, _: str) -> str:
        self._in = True
        return "OK logged in"

    def _id(self, _: str) -> str:
        if not self._server.manners.knows_id:
            return "BAD unknown command"
        self._known = True
        self._say(b'* ID ("name" "odd")')
        return "OK done"

    def _examine(self, _: str) -> str:
        if self._server.manners.wants_id and not self._known:
            return "NO EXAMINE Unsafe Login. Please contact us for help"
        self._say(f"* {len(self._server.messages)} EXISTS".encode())
        self._say(b"* OK [UIDVALIDITY 7] fine")
        return "OK [READ-ONLY] opened"

    _select = _examine

    def _list(self, _: str) -> str:
        self._say(b'* LIST () "/" "INBOX"')
        return "OK done"

    def _search(self, said: str) -> str:
        manners, given = self._server.manners, re.search(r"SINCE (\S+)", said)
        assert given, said
        day = datetime.strptime(given[1].strip('"'), "%d-%b-%Y").date()
        found = [
            str(uid)
            for uid, (_, when) in enumerate(self._server.messages, 11)
            if manners.search == "all" or when.date() >= day
        ]
        match manners.search:
            case "refused":
                return "NO cannot search"
            case "silent":
                return "OK done"
            case "none":
                found = []
        self._say(" ".join(["* SEARCH", *found]).encode())
        return "OK done"

    def _fetch(self, said: str) -> str:
        wanted = said.split(" ", 3)[2]
        for number, (data, when) in enumerate(self._server.messages, 1):
            uid = number + 10
            if wanted == "1:*" or str(uid) in wanted.split(","):
                self._say(self._fetched(number, uid, said, data, when))
        return "OK done"

    def _fetched(
        self, number: int, uid: int, said: str, data: bytes, when: datetime
    ) -> bytes:
        parts = [f"UID {uid}".encode()]
        if "RFC822.SIZE" in said:
            parts.append(f"RFC822.SIZE {len(data)}".encode())
        if "INTERNALDATE" in said and self._server.manners.dated:
            parts.append(f'INTERNALDATE "{when:%d-%b-%Y %H:%M:%S %z}"'.encode())
        if "BODY.PEEK[]" in said:
            parts.append(b"BODY[] {%d}\r\n%s" % (len(data), data))
        elif "HEADER.FIELDS" in said:
            head = data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            parts.append(b"BODY[HEADER.FIELDS (X)]<0> {%d}\r\n%s" % (len(head), head))
        return b"* %d FETCH (%s)" % (number, b" ".join(parts))

    def _logout(self, _: str) -> str:
        self._say(b"* BYE")
        return "OK bye"
