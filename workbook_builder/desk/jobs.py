"""Work that takes its time: it goes on without whoever asked for it, and can be stopped.

A job runs in a thread of its own. It is stopped where it reports how far it is, which is
between two files and never while a result is written.
"""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from workbook_builder.model.errors import WorkbookBuilderError
from workbook_builder.model.failure import failure
from workbook_builder.model.text import Text, Tone
from workbook_builder.pipeline import Progress


class Notice(NamedTuple):
    """A sentence for the clerk, and how it is meant."""

    text: Text
    tone: Tone = Tone.GOOD


#: How long pages are asked for at the same moment, in seconds.
MOMENT = 1.0

Work = Callable[[Progress], Sequence[Notice]]


class ErrandState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class _Stopped(Exception):
    """Somebody asked for the end of it."""


class Errand:
    """One piece of work. ``notices`` are what came of it, once it has ended."""

    def __init__(self, title: Text, work: Work) -> None:
        self.title = title
        self.done, self.of = 0, 0
        self.state = ErrandState.RUNNING
        self.notices: tuple[Notice, ...] = ()
        self._shown: tuple[str, float] | None = None
        self._work = work
        self._stop, self._ended = threading.Event(), threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def is_running(self) -> bool:
        return self.state is ErrandState.RUNNING

    def tell(self, page: str) -> Sequence[Notice]:
        """What came of it, for the first page that asks; twice where the browser asks
        for that page twice in a moment, because only one of the two stays."""
        now = time.monotonic()
        if self._shown is None:
            self._shown = page, now
        shown, at = self._shown
        return self.notices if shown == page and now - at < MOMENT else ()

    def stop(self) -> None:
        """Asks for the end of it, at the next place where it may end."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has ended within that time."""
        return self._ended.wait(seconds)

    def _told(self, done: int, of: int) -> None:
        self.done, self.of = done, of
        if self._stop.is_set():
            raise _Stopped

    def _run(self) -> None:
        try:
            self.notices = tuple(self._work(self._told))
            self.state = ErrandState.DONE
        except _Stopped:
            self.notices = (Notice(_STOPPED, Tone.OPEN),)
            self.state = ErrandState.STOPPED
        except WorkbookBuilderError as error:
            self.notices = (Notice(error.text, Tone.BAD),)
            self.state = ErrandState.FAILED
        except Exception as error:
            with contextlib.suppress(Exception):  # there may be no window to print to
                traceback.print_exc()
            self.notices = (Notice(failure(error), Tone.BAD),)
            self.state = ErrandState.FAILED
        finally:
            self._ended.set()


_STOPPED = Text(
    "已停止。做完的部分留着，没有写坏任何文件；再按一次就接着做。",
    "Stopped. What was finished stays, no file was spoilt; press again to go on.",
)
