"""The folder that holds the campaigns, and what the desk knows of each of them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.campaign.fingerprint import fingerprint
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.place import SETTINGS
from workbook_builder.desk.jobs import Errand, Notice, Work
from workbook_builder.model.errors import CampaignError, WorkbookBuilderError
from workbook_builder.model.expected import Expected
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Text
from workbook_builder.pipeline import Progress
from workbook_builder.pipeline.surveying import survey

#: How long a page waits for work that may be quick, in seconds.
PATIENCE = 1.5


class NoSuchPage(WorkbookBuilderError):
    """Nothing of the desk stands under that address."""

    @property
    def text(self) -> Text:
        return Text(
            "没有这一页，或者文件已经不在。请从上面的步骤重新进入。",
            "There is no such page, or the file is gone. Start again from the steps above.",
        )


class Working(WorkbookBuilderError):
    """What the page would show is still being worked out."""


@dataclass(frozen=True)
class View:
    """What a campaign comes to, as ``collect`` would find it now."""

    mark: str
    """What it was found from; another one means that something has changed."""
    expected: Expected
    summary: Summary


class Home:
    """The folder whose folders are the campaigns; each has one job at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._jobs: dict[str, Errand] = {}
        self._views: dict[str, View] = {}
        self._lock = threading.Lock()
        self.placing = threading.Lock()
        """Held while a file is given a name that nobody else has."""

    @classmethod
    def of(cls, place: Path) -> tuple[Home, str]:
        """The home of a folder, and the campaign if the folder is one."""
        whole = place.resolve()
        if (whole / SETTINGS).is_file():
            return cls(whole.parent), whole.name
        if not whole.is_dir():
            raise CampaignError(
                f"没有文件夹“{place}”。请先建好，或者换一个。",
                f"There is no folder {place}; make it first, or name another.",
            )
        return cls(whole), ""

    def campaigns(self) -> list[str]:
        """The names of the campaigns, in order."""
        found = []
        for path in self.path.iterdir():
            with contextlib.suppress(OSError):
                if (path / SETTINGS).is_file():
                    found.append(path.name)
        return sorted(found)

    def folder(self, name: str) -> Folder:
        """Raises NoSuchPage for what is no name of a campaign here."""
        if name not in self.campaigns():
            raise NoSuchPage
        return Folder(self.path / name)

    # ------------------------------------------------------------ jobs

    def job(self, name: str) -> Errand | None:
        """The job that goes on in a campaign, or the last one."""
        return self._jobs.get(name)

    def start(self, name: str, title: Text, work: Work) -> Errand:
        """Begins a job and gives it a moment to end. Raises CampaignError while
        another one goes on in the campaign."""
        before = self._jobs.get(name)
        if before is not None:  # it may be about to end
            before.wait(PATIENCE)
        with self._lock:
            before = self._jobs.get(name)
            if before is not None and before.is_running:
                raise CampaignError(
                    f"“{before.title.zh}”还没有做完。请等它结束，或者先停止它，再试一次。",
                    f"“{before.title.en}” goes on; wait for its end or stop it first.",
                )
            job = self._jobs[name] = Errand(title, work)
        job.wait(PATIENCE)
        return job

    def show_at(self, name: str, job: Errand) -> None:
        """Has another campaign show what came of a job."""
        self._jobs[name] = job

    def running(self) -> list[Errand]:
        return [job for job in self._jobs.values() if job.is_running]

    # ------------------------------------------------------------ views

    def known(self, name: str) -> View | None:
        """What is known of a campaign, if nothing has changed since."""
        folder = self.folder(name)
        view = self._views.get(name)
        mark = fingerprint(folder, folder.history())
        return view if view is not None and view.mark == mark else None

    def view(self, name: str) -> View:
        """What a campaign comes to now. Raises Working while that is being found out,
        and whatever keeps it from being found."""
        job = self.job(name)
        busy = job is not None and not job.wait(PATIENCE)
        view = self.known(name)  # after the end of a job, which may have found it
        if view is None and not busy:
            self.folder(name).expected()  # what is wrong there is said on the page
            looking = Text("读取报送文件", "Reading the returns")
            self.start(name, looking, lambda progress: self.look(name, progress))
            view = self.known(name)
        if view is None:
            raise Working
        return view

    def look(self, name: str, progress: Progress) -> tuple[Notice, ...]:
        """Finds out what the campaign comes to; part of a job."""

        def find(folder: Folder) -> Summary:
            expected, events = folder.expected(), folder.history()
            return survey(folder, expected, events, progress)[0]

        self.keep(name, find)
        return ()

    def keep(self, name: str, find: Callable[[Folder], Summary]) -> None:
        """Keeps what a job finds, with what it is found from."""
        folder = self.folder(name)
        mark, expected = fingerprint(folder, folder.history()), folder.expected()
        self._views[name] = View(mark, expected, find(folder))
