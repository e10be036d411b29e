"""One file on disk → the verdict on each file in it. Never raises for a bad file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG

from workbook_builder.excel.grid import LIMITS
from workbook_builder.intake import Leaf, unpack
from workbook_builder.judge import Expected, judge
from workbook_builder.model.errors import UnreadableFile, WorkerLost
from workbook_builder.model.finding import Verdict, catalogued
from workbook_builder.model.submission import Submission
from workbook_builder.unreadable import unreadable


def receive(
    path: Path, shown: str, expected: Expected | None, within: Path | None = None
) -> tuple[Submission, ...]:
    """A file, or the files in an archive or mail; ``shown`` is how results name it.

    There is always at least one, and each has its one verdict. A link that leads out
    of the folder ``within`` is not followed.
    """
    nothing = Submission(shown, "", Verdict.UNREADABLE)
    try:
        received, data = _opened(path, within)
    except UnreadableFile as error:
        return (replace(nothing, findings=(unreadable(error),)),)
    found = []
    try:
        for leaf in unpack(shown, data):
            found.append(_judged(leaf, expected, received))  # noqa: PERF401
    except Exception as error:
        # What was read before stays, and a mistake of ours is no file without verdict.
        found.append(replace(_failed(nothing, error), received=received))
    return tuple(found)


def lost_file(path: Path, shown: str, error: WorkerLost, within: Path) -> Submission:
    """What :func:`receive` would say if the process had not been lost over it."""
    submission = Submission(shown, "", Verdict.UNREADABLE)
    found = (unreadable(UnreadableFile(error.reason)),)
    try:
        received, data = _opened(path, within)
    except UnreadableFile:
        return replace(submission, findings=found)
    digest = hashlib.sha256(data).hexdigest()
    return replace(submission, sha256=digest, received=received, findings=found)


def _judged(leaf: Leaf, expected: Expected | None, received: float) -> Submission:
    submission = Submission(
        leaf.path,
        hashlib.sha256(leaf.data).hexdigest() if leaf.data else "",
        Verdict.UNREADABLE,
        received=received,
        arrival=leaf.arrival,
    )
    try:
        return _verdict(leaf, submission, expected)
    except Exception as error:
        # A mistake of ours in one file must not cost the others their verdict.
        return _failed(submission, error)


def _verdict(leaf: Leaf, blank: Submission, expected: Expected | None) -> Submission:
    if leaf.ignored:
        found = (catalogued(leaf.ignored),)
        return replace(blank, verdict=Verdict.IGNORED, findings=found)
    if leaf.trouble is not None:
        return replace(blank, findings=(unreadable(leaf.trouble),))
    return judge(leaf.path, leaf.data, expected, blank.received, leaf.arrival)


def _failed(submission: Submission, error: Exception) -> Submission:
    finding = catalogued("R08", detail=f"{type(error).__name__}: {error}")
    return replace(submission, verdict=Verdict.UNREADABLE, findings=(finding,))


def _opened(path: Path, within: Path | None) -> tuple[float, bytes]:
    """The time and the bytes of a file, unless it is too large to be read at all."""
    try:
        if within is not None and _leads_out(path, within):
            raise UnreadableFile("outside", "a link out of the folder")
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise UnreadableFile("locked", "not a file")
        if status.st_size > LIMITS.file_size:
            raise UnreadableFile("too_large", f"{status.st_size} bytes")
        return status.st_mtime, path.read_bytes()
    except OSError as error:
        raise UnreadableFile("locked", error.strerror or str(error)) from None


def _leads_out(path: Path, folder: Path) -> bool:
    return path.is_symlink() and not path.resolve().is_relative_to(folder.resolve())
