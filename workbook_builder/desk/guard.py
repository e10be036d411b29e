"""Who may ask the desk, and how much of what is asked is taken in.

The desk listens on this computer only, but every page that is open in the browser can
send requests to this computer, and other programs on it can too. So a request must name
this very host (a foreign name that was turned to 127.0.0.1 does not), come from a page of
the desk itself, and bring the cookie that only the opening link gives. OpenRefine,
Jupyter and Syncthing guard theirs in the same way.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from workbook_builder.bounds.limits import MEGABYTE, WORKBOOK

Scope = MutableMapping[str, Any]
AsgiMessage = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

#: How a second start asks the first one for a link.
AGAIN = "/again"
#: Bytes of what is typed into a page; a roster of thousands of units is below.
TYPED = 4 * MEGABYTE
#: Seconds without a byte, and seconds for the whole of a request.
PAUSE, WHOLE = 20.0, 600.0
#: Links that were given and not used yet.
LINKS = 20

_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Without a referrer at all, forms would have no origin.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    # A worker that is forked meanwhile holds the connection as well, so that its end
    # would not reach the browser, which would wait on it for ever.
    "connection": "close",
}


@dataclass
class Gate:
    """What a request has to show. ``host`` is name and port of this desk."""

    host: str
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """What a second start shows; it stands in a file that only its owner reads."""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    links: list[str] = field(default_factory=list)

    @property
    def cookie(self) -> str:
        """Its name. Ports share their cookies, so it holds the port."""
        return f"desk-{self.host.rpartition(':')[2]}"

    def link(self, path: str = "/") -> str:
        """An address that opens the desk, once."""
        token = secrets.token_urlsafe(32)
        self.links = [*self.links[1 - LINKS :], token]
        return f"http://{self.host}{path}?token={token}"

    def opened_by(self, query: bytes) -> bool:
        """Whether the token of a link is in there; it is of no use any more then."""
        asked = parse_qs(query.decode("latin-1")).get("token", [""])[0]
        for token in self.links:
            if compare_digest(token.encode(), asked.encode()):
                self.links.remove(token)
                return True
        return False

    def refusal(self, scope: Scope) -> int:
        """The status with which a request is turned away; 0 where it is let in."""
        heads = _heads(scope)
        if heads.get("host") != [self.host]:
            return 421
        if heads.get("sec-fetch-site", ["none"])[-1] not in {"same-origin", "none"}:
            return 403
        safe = scope["method"] in {"GET", "HEAD"}
        origin = heads.get("origin", [])
        if scope["path"] == AGAIN:
            known = heads.get("authorization", [""])[0]
            fits = compare_digest(known.encode(), f"Bearer {self.key}".encode())
            return 0 if fits and not origin and not safe else 403
        if (origin or not safe) and origin != [f"http://{self.host}"]:
            return 403
        return 0 if self._knows(heads) else 401

    def _knows(self, heads: Mapping[str, list[str]]) -> bool:
        for line in heads.get("cookie", []):
            try:
                found = SimpleCookie(line).get(self.cookie)
            except CookieError:
                continue
            if found and compare_digest(found.value.encode(), self.secret.encode()):
                return True
        return False


def _heads(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(
            value.decode("latin-1")
        )
    return found


class _TooMuch(Exception):
    """More bytes than are taken in."""


class Guard:
    """The desk behind its gate."""

    def __init__(self, inside: Application, gate: Gate) -> None:
        self._inside, self._gate = inside, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status = self._gate.refusal(scope)
        first = scope["method"] == "GET" and status == 401
        if first and self._gate.opened_by(scope["query_string"]):
            await _open(self._gate, scope, send)
        elif status:
            await _turn_away(send, status)
        else:
            await self._let_in(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = WORKBOOK.file_size if scope["method"] == "PUT" else TYPED
        said = _heads(scope).get("content-length", ["0"])[0]
        if not said.isdigit() or int(said) > most:
            await _turn_away(send, 413)
            return
        began, refused = False, 0

        async def receiving() -> AsgiMessage:
            nonlocal refused
            try:
                return await within()
            except (_TooMuch, TimeoutError) as error:
                refused = 413 if isinstance(error, _TooMuch) else 408
                raise

        async def sending(message: AsgiMessage) -> None:
            nonlocal began
            if refused and not began:
                return  # what the inside makes of it is no answer
            if message["type"] == "http.response.start":
                began = True
                own = {name for name, _ in message.get("headers", [])}
                message["headers"] = [
                    *message.get("headers", []),
                    *(pair for pair in _encoded(_HEADERS) if pair[0] not in own),
                ]
            await send(message)

        within = bounded(receive, most)
        try:
            await self._inside(scope, receiving, sending)
        except (_TooMuch, TimeoutError):
            if began:
                raise
        if refused and not began:
            await _turn_away(send, refused)


def bounded(receive: Receive, most: int) -> Receive:
    """The body of a request, as long as it is small enough and comes fast enough."""
    taken, whole = 0, False
    until = asyncio.get_running_loop().time() + WHOLE

    async def receiving() -> AsgiMessage:
        nonlocal taken, whole
        if whole:  # what comes then is the end of the connection, whenever that is
            return await receive()
        left = until - asyncio.get_running_loop().time()
        message = await asyncio.wait_for(receive(), min(PAUSE, max(left, 0)))
        taken += len(message.get("body", b""))
        if taken > most:
            raise _TooMuch
        whole = not message.get("more_body", False)
        return message

    return receiving


def _encoded(heads: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in heads.items()]


async def _open(gate: Gate, scope: Scope, send: Send) -> None:
    """The cookie, and the same page without the token in its address."""
    cookie = f"{gate.cookie}={gate.secret}; Path=/; HttpOnly; SameSite=Strict"
    place = scope["raw_path"].decode("latin-1")
    heads = {**_HEADERS, "location": place, "set-cookie": cookie, "content-length": "0"}
    start = {"status": 303, "headers": _encoded(heads)}
    await send({"type": "http.response.start", **start})
    await send({"type": "http.response.body", "body": b""})


_REFUSED = {
    401: "请从打开工作台的程序重新进入：再双击一次，或者再运行一次 workbook-builder desk。",
    403: "这个请求不是从工作台的页面发出的，没有执行。",
    408: "传输太慢，已经停止，没有保存。请再试一次。",
    413: "内容太大，没有保存。一个文件最大 100 MB。",
    421: "地址不对，没有执行。请从打开工作台的程序重新进入。",
}


async def _turn_away(send: Send, status: int) -> None:
    body = _REFUSED[status].encode()
    heads = {
        **_HEADERS,
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
    }
    await send(
        {"type": "http.response.start", "status": status, "headers": _encoded(heads)}
    )
    await send({"type": "http.response.body", "body": body})
