"""Every file of the inbox as it came, before it is said which of them count."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import compress
from pathlib import Path, PurePath
from typing import Any

from workbook_builder.bounds.elsewhere import below
from workbook_builder.campaign.files import apart, files_below, shown, write_atomically
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.read_before import ReadBefore, folded
from workbook_builder.campaign.record import now
from workbook_builder.model.expected import Expected
from workbook_builder.model.naming import safe_name
from workbook_builder.model.submission import Submission
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.recording import Events, remembered
from workbook_builder.reading.apart import received_as
from workbook_builder.reading.receive import Source
from workbook_builder.rules.taken_in import taken_in

#: Folders within one another that a file which is put in brings along, and its name.
DEEPEST = 8


def read_inbox(
    folder: Folder,
    expected: Expected,
    progress: Progress = silent,
    *,
    keep: bool = False,
) -> list[Submission]:
    """The verdict on each file, also on those in archives and mails. What was read the
    last time is not read again; ``keep`` is for who may write that down.
    """
    sources = _sources(folder)
    before = ReadBefore(folder, expected, keep=keep)
    known = [before.find(source) for source in sources]
    fresh = received_as(
        folded, sources.only(found is None for found in known), expected
    )
    submissions: list[Submission] = []
    for index, (source, found) in enumerate(zip(sources, known, strict=True), 1):
        if found is None:
            found = before.learn(source, next(fresh, ()))
        if not found:
            raise AssertionError("a file of the inbox has no verdict")
        submissions += found
        progress(index, len(sources))
    if next(fresh, None) is not None:
        raise AssertionError("a file of the inbox has two verdicts")
    before.close()
    return submissions


class _Files(Collection[Source]):
    """Files by their names; a Source is made of each when its turn comes, because very
    many paths would take more memory than what the files say."""

    def __init__(self, names: Sequence[Any], source: Callable[[Any], Source]) -> None:
        self._names, self._source = names, source

    def only(self, wanted: Iterable[bool]) -> _Files:
        return _Files(list(compress(self._names, wanted)), self._source)

    def __iter__(self) -> Iterator[Source]:
        return map(self._source, self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, source: object) -> bool:
        return any(source == each for each in self)


def _sources(folder: Folder) -> _Files:
    if folder.elsewhere:
        return _Files(below(folder.elsewhere), lambda each: Source(*each))
    # Absolute: who reads them may stand in another folder.
    inbox = folder.inbox.absolute()
    names = [str(path.relative_to(inbox)) for path in files_below(inbox)]
    return _Files(names, partial(_in_folder, inbox))


def _in_folder(inbox: Path, name: str) -> Source:
    return Source(shown(PurePath(name)), inbox / name, inbox)


def take_in(
    folder: Folder,
    expected: Expected,
    events: Events,
    progress: Progress = silent,
    *,
    keep: bool = False,
) -> tuple[Submission, ...]:
    """The same, with the time each arrived, and without blanks among the returns."""
    found = read_inbox(folder, expected, progress, keep=keep)
    moment = datetime.fromisoformat(now()).timestamp()
    return taken_in(found, remembered(events), moment)


def put_in(folder: Folder, name: str, data: bytes) -> Path:
    """Puts a file into the inbox under its name, which may begin with folders; a
    different one that has the name stays. The name is a name and never a way: nothing is
    written outside the inbox."""
    parts = [safe_name(part) for part in name.replace("\\", "/").split("/")]
    said = [part for part in parts if part != "_"] or ["_"]
    path = apart(folder.inbox.joinpath(*said[-DEEPEST:]), data)
    write_atomically(path, data)
    return path
