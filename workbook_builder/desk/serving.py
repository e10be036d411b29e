"""The desk started: on this computer only, once for each folder."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import platform
import socket
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from workbook_builder.campaign.alone import Locked, locked
from workbook_builder.desk import guard
from workbook_builder.desk.guard import AGAIN, Gate
from workbook_builder.desk.home import Home
from workbook_builder.model.errors import CampaignError

#: Where a desk that runs says how it is reached; only its owner may read it.
RUNNING = ".desk.json"
#: Held by the one that starts.
STARTING = ".desk.lock"
#: Seconds that a second start waits for the first.
PATIENCE = 30
LOCAL = "127.0.0.1"
#: Connections at a time; a browser opens six.
CONNECTIONS = 100
#: Seconds that a job is given to come to its end when somebody leaves.
LEAVING = 60

Show = Callable[[str], object]
"""Opens an address in the browser."""


def serve(place: Path, language: str = "zh", show: Show = webbrowser.open) -> bool:
    """The desk for a folder of campaigns, or for the folder of one: runs until somebody
    leaves. ``show`` is given the link that opens it.

    False where it runs already: then that one is shown and nothing is started. Raises
    CampaignError where there is no such folder, or what it needs is not installed.
    """
    home, campaign = Home.of(place)
    start = f"/c/{quote(campaign, safe='')}/settings" if campaign else "/"
    with contextlib.ExitStack() as starting:
        # Of two that start at once, the second waits until the first can be asked.
        with contextlib.suppress(Locked):
            starting.enter_context(locked(home.path / STARTING, PATIENCE))
        link = _running(home.path)
        if link:
            show(link)
            return False

        def ready() -> None:
            starting.close()
            show(gate.link(start))

        with contextlib.closing(socket.socket()) as listening:
            listening.bind((LOCAL, 0))
            gate = Gate(f"{LOCAL}:{listening.getsockname()[1]}")
            with _known(home.path, gate):
                _run(home, gate, language, listening, ready)
    for job in home.running():
        job.stop()
        job.wait(LEAVING)
    return True


def _run(
    home: Home,
    gate: Gate,
    language: str,
    listening: socket.socket,
    ready: Callable[[], object],
) -> None:
    try:
        import uvicorn
        from uvicorn.protocols.http.h11_impl import H11Protocol

        from workbook_builder.desk.web import Web
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"uvicorn", "starlette"}:
            raise
        raise CampaignError(
            "工作台需要 starlette 和 uvicorn。请安装：pip install 'workbook-builder[desk]'",
            "The desk needs starlette and uvicorn. Install them: "
            "pip install 'workbook-builder[desk]'",
        ) from None

    def leave() -> None:
        server.should_exit = True

    class Impatient(H11Protocol):
        """A connection on which nothing is asked in time is closed: it takes the place
        of another."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.loop.call_later(guard.PAUSE, self._close_idle)

        def _close_idle(self) -> None:
            if getattr(self, "cycle", None) is None:
                self.transport.close()

    config = uvicorn.Config(
        Web(home, gate, language, leave).application(),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        http=Impatient,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)

    def wait_until_ready() -> None:
        while not server.started and not server.should_exit:
            time.sleep(0.02)
        ready()

    threading.Thread(target=wait_until_ready, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):  # that is a way to leave, too
        server.run(sockets=[listening])


@contextlib.contextmanager
def _known(home: Path, gate: Gate) -> Iterator[None]:
    """While a second start can find the desk."""
    file = home / RUNNING
    said = json.dumps({"host": gate.host, "key": gate.key, "computer": platform.node()})
    with contextlib.suppress(OSError):  # a folder that may not be written to
        file.unlink(missing_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(said)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            if file.read_text(encoding="utf-8") == said:
                file.unlink()


def _running(home: Path) -> str:
    """A link to the desk that runs for this folder; nothing where none does."""
    try:
        known = json.loads((home / RUNNING).read_text(encoding="utf-8"))
        host, key = str(known["host"]), str(known["key"])
        if known["computer"] != platform.node() or not host.startswith(f"{LOCAL}:"):
            return ""
        asking = urllib.request.Request(
            f"http://{host}{AGAIN}",
            data=b"",
            headers={"Authorization": f"Bearer {key}"},
            method="POST",
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(asking, timeout=3) as answer:
            link = str(json.loads(answer.read(10_000))["link"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return link if link.startswith(f"http://{host}/") else ""
