"""The only module that knows Starlette: which address is which page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from workbook_builder.desk import (
    campaigns,
    downloads,
    mailing,
    publishing,
    receiving,
    reports,
    reviewing,
    rostering,
    sending,
    totals,
)
from workbook_builder.desk.asked import PAGES, Answer, Asked
from workbook_builder.desk.guard import AGAIN, Application, Gate, Guard
from workbook_builder.desk.home import Home, NoSuchPage, Working
from workbook_builder.model.errors import CampaignError, WorkbookBuilderError
from workbook_builder.model.failure import failure
from workbook_builder.outputs.page import page

Handler = Callable[[Asked], Answer]

#: Uploads that are taken in at the same time; each is in memory until it is written.
UPLOADS = 2
#: How often a page that waits is told how far a job is, in seconds.
OFTEN = 0.25
#: Seconds from the button to the end.
LEAVING = 0.7

#: Name in the address → the page.
SHOWN: Mapping[str, Handler] = {
    "settings": campaigns.settings,
    "roster": rostering.show,
    "send": sending.show,
    "mail": mailing.show,
    "receive": receiving.show,
    "review": reviewing.show,
    "unit": reviewing.show_one,
    "totals": totals.show,
    "trace": totals.show_trace,
    "report": reports.show,
    "circular": publishing.show_circular,
    "published": publishing.show,
    "file": downloads.give,
}
#: Name in the address → what is done.
DONE: Mapping[str, Handler] = {
    "settings": campaigns.change,
    "roster": rostering.save,
    "build": sending.build,
    "mail": mailing.send,
    "fetch": mailing.fetch,
    "password": mailing.password,
    "open": downloads.open_folder,
    "collect": totals.collect,
    "decide": reviewing.decide,
    "withdraw": reviewing.withdraw,
    "use": reviewing.use,
    "trust": reviewing.trust,
    "extend": reviewing.extend,
    "excuse": reviewing.excuse,
    "assign": receiving.assign,
    "texts": reports.save,
    "report": reports.make,
    "circular": publishing.circulate,
    "published": publishing.note,
    "stop": campaigns.stop,
}


class Web:
    """The desk as an application; ``quit`` is what the button 退出 does."""

    def __init__(
        self, home: Home, gate: Gate, language: str, quit_: Callable[[], None]
    ) -> None:
        self._home, self._gate = home, gate
        self._language, self._quit = language, quit_
        self._uploads = asyncio.Semaphore(UPLOADS)

    def application(self) -> Application:
        """Behind its guard."""
        routes = [
            Route("/", self._at("", campaigns.show)),
            Route("/new", self._at("", campaigns.make), methods=["POST"]),
            Route("/language", self._speak, methods=["POST"]),
            Route("/quit", self._leave, methods=["POST"]),
            Route(AGAIN, self._again, methods=["POST"]),
            Route("/desk.css", self._style),
            Route("/desk.js", self._script),
            Route("/icon.svg", self._icon),
            Route("/c/{campaign}/events", self._events),
            *(
                Route(f"/c/{{campaign}}/{name}", self._at(name, handler))
                for name, handler in SHOWN.items()
            ),
            *(
                Route(
                    f"/c/{{campaign}}/{name}", self._at(name, handler), methods=["POST"]
                )
                for name, handler in DONE.items()
            ),
            Route("/c/{campaign}/inbox", self._upload, methods=["PUT"]),
            Route("/c/{campaign}/roster-file", self._roster, methods=["PUT"]),
            Route("/c/{campaign}/publications", self._published, methods=["PUT"]),
        ]
        app = Starlette(routes=routes, exception_handlers={404: self._nowhere})
        return Guard(app, self._gate)

    # ------------------------------------------------------------ pages

    def _at(self, name: str, handler: Handler) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            posted = {}
            if request.method == "POST":
                body = (await request.body()).decode("utf-8", "replace")
                posted = parse_qs(body, keep_blank_values=True, max_num_fields=50_000)
            asked = self._asked(request, posted)
            return _response(await run_in_threadpool(_answered, handler, asked, name))

        return endpoint

    def _asked(
        self, request: Request, posted: Mapping[str, list[str]] | None = None
    ) -> Asked:
        spoken = request.cookies.get("language", "")
        return Asked(
            self._home,
            spoken if spoken in {"zh", "en"} else self._language,
            request.path_params.get("campaign", ""),
            dict(request.query_params),
            posted or {},
            f"{request.url.path}?{request.url.query}",
        )

    async def _nowhere(self, request: Request, error: Exception) -> Response:
        asked = Asked(self._home, self._asked(request).language)
        return _response(asked.trouble(NoSuchPage(), "", 404))

    async def _style(self, request: Request) -> Response:
        return Response(page("desk.css", within=PAGES), media_type="text/css")

    async def _script(self, request: Request) -> Response:
        return Response((PAGES / "desk.js").read_bytes(), media_type="text/javascript")

    async def _icon(self, request: Request) -> Response:
        return Response((PAGES / "icon.svg").read_bytes(), media_type="image/svg+xml")

    async def _speak(self, request: Request) -> Response:
        asked = self._asked(request, parse_qs((await request.body()).decode()))
        answer = Response(status_code=303, headers={"Location": _local(asked)})
        answer.set_cookie(
            "language", asked.said("language"), samesite="strict", httponly=True
        )
        return answer

    # ------------------------------------------------------------ files that come in

    async def _upload(self, request: Request) -> Response:
        return await self._taken(request, receiving.take)

    async def _roster(self, request: Request) -> Response:
        return await self._taken(request, rostering.take)

    async def _published(self, request: Request) -> Response:
        return await self._taken(request, publishing.take)

    async def _taken(
        self, request: Request, take: Callable[[Asked, bytes], object]
    ) -> Response:
        asked = self._asked(request)
        async with self._uploads:
            data = await request.body()
            try:
                found = await run_in_threadpool(take, asked, data)
            except WorkbookBuilderError as error:
                return _json({"error": asked.of(error.text)}, 409)
            except Exception as error:
                return _json({"error": asked.of(failure(error))}, 500)
        return _json(found)

    # ------------------------------------------------------------ the desk itself

    async def _events(self, request: Request) -> Response:
        asked = self._asked(request)
        stream = self._progress(request, asked)
        return StreamingResponse(stream, media_type="text/event-stream")

    async def _progress(self, request: Request, asked: Asked) -> AsyncIterator[bytes]:
        """How far the job of the campaign is, until it ends."""
        last, quiet = "", 0.0
        while not await request.is_disconnected():
            job = self._home.job(asked.campaign)
            told = json.dumps(
                {"done": job.done, "of": job.of, "running": job.is_running}
                if job
                else {"running": False}
            )
            if told != last or quiet > 10:
                last, quiet = told, 0
                yield f"data: {told}\n\n".encode()
            if job is None or not job.is_running:
                return
            await asyncio.sleep(OFTEN)
            quiet += OFTEN

    async def _again(self, request: Request) -> Response:
        return _json({"link": self._gate.link()})

    async def _leave(self, request: Request) -> Response:
        asked = Asked(self._home, self._asked(request).language)
        for job in self._home.running():
            job.stop()
        # The page that says so still needs its style.
        asyncio.get_running_loop().call_later(LEAVING, self._quit)
        return _response(asked.page("bye.html"))


def _local(asked: Asked) -> str:
    """The page somebody was on; nothing but a page of the desk."""
    back = asked.said("back")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"


def _answered(handler: Handler, asked: Asked, name: str) -> Answer:
    try:
        return handler(asked)
    except Working as error:
        return asked.trouble(error, name, 200)
    except NoSuchPage as error:
        return asked.trouble(error, name, 404)
    except WorkbookBuilderError as error:
        return asked.trouble(error, name, 409)
    except Exception as error:
        return asked.trouble(CampaignError(*failure(error)), name, 500)


def _response(answer: Answer) -> Response:
    return Response(
        answer.body, answer.status, dict(answer.headers), media_type=answer.type
    )


def _json(found: object, status: int = 200) -> Response:
    body = json.dumps(found, ensure_ascii=False).encode()
    return Response(body, status, media_type="application/json")
