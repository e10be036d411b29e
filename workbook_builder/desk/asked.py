"""What a browser asks and what it is answered, whatever serves the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from workbook_builder.campaign.folder import Folder
from workbook_builder.desk.home import Home, View, Working
from workbook_builder.desk.jobs import Errand, ErrandState, Notice, Work
from workbook_builder.desk.words import for_the_desk
from workbook_builder.model.errors import WorkbookBuilderError
from workbook_builder.model.text import Text, Tone, printable
from workbook_builder.outputs.page import page

PAGES = Path(__file__).parent / "pages"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What goes back to the browser."""

    body: bytes = b""
    type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def redirect(address: str) -> Answer:
    """After something was done: to the page that shows it."""
    return Answer(status=303, headers={"Location": address})


@dataclass(frozen=True)
class Step:
    """A page in the order of the year."""

    page: str
    text: Text


STEPS = (
    Step("settings", Text("任务", "Campaign")),
    Step("roster", Text("名录", "Roster")),
    Step("send", Text("发", "Send")),
    Step("receive", Text("收", "Receive")),
    Step("review", Text("审", "Review")),
    Step("totals", Text("汇总", "Totals")),
    Step("report", Text("报告", "Report")),
    Step("circular", Text("通报", "Circular")),
    Step("published", Text("公布", "Published")),
)


@dataclass(frozen=True)
class Asked:
    """``campaign`` is the name of one, empty on the page of all; ``posted`` is what was
    typed or chosen, every value of a name; ``address`` is that of the page."""

    home: Home
    language: str
    campaign: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    posted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    address: str = ""

    def t(self, zh: str, en: str) -> str:
        return Text(zh, en).in_language(self.language)

    def of(self, text: Text) -> str:
        return for_the_desk(printable(text.in_language(self.language)), self.language)

    def said(self, name: str) -> str:
        """What was typed, without the spaces around it; nothing where it was not asked."""
        return self.posted.get(name, ("",))[-1].strip()

    @property
    def folder(self) -> Folder:
        return self.home.folder(self.campaign)

    def view(self) -> View:
        return self.home.view(self.campaign)

    def url(self, *parts: str, **query: str) -> str:
        """The address of a page of the campaign."""
        path = "/".join(quote(each, safe="") for each in ("c", self.campaign, *parts))
        asked = "&".join(
            f"{name}={quote(said, safe='')}" for name, said in query.items()
        )
        return f"/{path}" + (f"?{asked}" if asked else "")

    def do(self, title: Text, work: Work, then: str) -> Answer:
        """Begins a job and leads to the page ``then``, which shows what comes of it."""
        self.home.start(self.campaign, title, work)
        return redirect(then)

    def page(self, template: str, step: str = "", **values: object) -> Answer:
        """A page within the frame of all pages."""
        job = self.home.job(self.campaign) if self.campaign else None
        # Asked once: it may end at any moment, and then the page must be shown anew.
        if job is not None and job.is_running:
            return self.framed(template, step, job, (), values)
        return self.framed(template, step, None, self._told(job), values)

    def framed(
        self,
        template: str,
        step: str,
        job: Errand | None,
        notices: Sequence[Notice],
        values: Mapping[str, object],
        status: int = 200,
    ) -> Answer:
        """The same with notices of one's own."""
        body = page(
            template,
            within=PAGES,
            t=self.t,
            of=self.of,
            url=self.url,
            lang="zh-CN" if self.language == "zh" else "en",
            home=printable(str(self.home.path)),
            campaign=self.campaign,
            steps=STEPS,
            step=step,
            job=job,
            notices=notices,
            **values,
        )
        return Answer(body, status=status)

    def trouble(self, error: WorkbookBuilderError, step: str, status: int) -> Answer:
        """The page where something cannot be shown or done."""
        notices = (Notice(error.text, Tone.BAD),)
        if self.campaign and self.campaign not in self.home.campaigns():
            return Asked(self.home, self.language).framed(
                "trouble.html", "", None, notices, {}, status
            )
        if not isinstance(error, Working):
            return self.framed("trouble.html", step, None, notices, {}, status)
        job = self.home.job(self.campaign)
        if job is not None and job.state in {ErrandState.RUNNING, ErrandState.DONE}:
            return self.framed("working.html", step, job, (), {})
        return self.framed("working.html", step, None, self._told(job), {})

    def _told(self, job: Errand | None) -> Sequence[Notice]:
        """What came of the last job, once."""
        return job.tell(self.address) if job is not None else ()
