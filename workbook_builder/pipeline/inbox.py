"""Every file of the inbox as it came, before it is said which of them count."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path

from workbook_builder.bounds.isolation import isolated
from workbook_builder.campaign.files import files_below
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.record import now
from workbook_builder.intake import Leaf
from workbook_builder.model.errors import WorkerLost
from workbook_builder.model.expected import Expected
from workbook_builder.model.submission import Submission
from workbook_builder.pipeline.recording import Events, remembered
from workbook_builder.pipeline.workers import Progress, each, silent
from workbook_builder.reading.receive import judged, lost, lost_file, receive_file, take
from workbook_builder.rules.taken_in import taken_in


def read_inbox(
    folder: Folder, expected: Expected, progress: Progress = silent
) -> list[Submission]:
    """The verdict on each file, also on those in archives and mails."""
    paths = list(files_below(folder.inbox))
    read = partial(_read, folder.inbox, expected)
    again = partial(read_apart, folder.inbox, expected)
    submissions: list[tuple[Submission, ...]] = []
    for index, found in enumerate(each(read, paths, again), 1):
        submissions.append(found)
        progress(index, len(paths))
    if len(submissions) != len(paths) or not all(submissions):
        raise AssertionError("a file of the inbox has no verdict")
    return list(chain(*submissions))


def take_in(
    folder: Folder, expected: Expected, events: Events, progress: Progress = silent
) -> tuple[Submission, ...]:
    """The same, with the time each arrived, and without blanks among the returns."""
    found = read_inbox(folder, expected, progress)
    moment = datetime.fromisoformat(now()).timestamp()
    return taken_in(found, remembered(events), moment)


def shown(path: Path) -> str:
    """How results name a file: text that can be written; names are not always Unicode."""
    return path.as_posix().encode("utf-8", "replace").decode()


def _read(inbox: Path, expected: Expected, path: Path) -> tuple[Submission, ...]:
    return receive_file(path, shown(path.relative_to(inbox)), expected, within=inbox)


def read_apart(
    inbox: Path, expected: Expected, path: Path, error: WorkerLost
) -> tuple[Submission, ...]:
    """A file over which a process was lost: what is in it is judged one by one, so that
    only the one that did it is lost, and an archive may take its time."""
    name = shown(path.relative_to(inbox))
    found: list[Submission] = []
    more = True
    while more:
        try:
            taken = isolated(take, path, name, inbox, len(found))
        except Exception as trouble:
            # Nothing can be taken out any more; what was taken before stays.
            return (*found, lost_file(path, name, trouble, inbox))
        if taken.whole:
            return (lost_file(path, name, error, inbox),)
        found += each(
            partial(_judged, expected, taken.received),
            taken.leaves,
            partial(_lost, taken.received),
            isolate=True,
        )
        more = taken.more
    return tuple(found)


def _judged(expected: Expected, received: float, leaf: Leaf) -> Submission:
    return judged(leaf, expected, received)


def _lost(received: float, leaf: Leaf, error: WorkerLost) -> Submission:
    return lost(leaf, received, error)
