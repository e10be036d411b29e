"""One file → the verdict on each file in it. Never raises for a bad file."""

from __future__ import annotations

import errno
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from workbook_builder.bounds.elsewhere import Elsewhere
from workbook_builder.bounds.limits import MEGABYTE, WORKBOOK
from workbook_builder.intake import Leaf, unpack
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.errors import UnreadableFile, WorkerLost
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Library
from workbook_builder.model.letter import Letter
from workbook_builder.model.submission import Submission
from workbook_builder.reading.judge import judge
from workbook_builder.reading.letters import connected, said_of
from workbook_builder.reading.unreadable import unreadable

#: So many bytes of an archive are taken out of it at once, or one file.
AT_ONCE = 16 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Source:
    """A file that came, and how results name it: its path, its address, or its bytes.

    A link that leads out of the folder ``within`` is not followed.
    """

    shown: str
    file: Path | Elsewhere | bytes
    within: Path | None = None

    def opened(self) -> tuple[float, bytes]:
        """The time and the bytes of it, unless it is too large to be read at all.

        Raises UnreadableFile.
        """
        if isinstance(self.file, bytes):
            _prove_size(len(self.file))
            return 0.0, self.file
        try:
            if isinstance(self.file, Elsewhere):
                time, size, data = self.file.opened(WORKBOOK.file_size)
                _prove_size(size)
                return time, data
            status = self.file.stat()
            if S_ISDIR(status.st_mode):
                if self.file.is_symlink():
                    raise UnreadableFile("linked_folder")
                raise UnreadableFile("closed_folder")
            if self.within is not None and _leads_out(self.file, self.within):
                raise UnreadableFile("outside", "a link out of the folder")
            if not S_ISREG(status.st_mode):
                raise UnreadableFile("locked", "not a file")
            _prove_size(status.st_size)
            return status.st_mtime, self.file.read_bytes()
        except OSError as error:
            reason = REFUSALS.get(error.errno, "locked")
            raise UnreadableFile(reason, error.strerror or str(error)) from None


#: What the system says → UnreadableFile.reason.
REFUSALS: dict[int | None, str] = {
    errno.ELOOP: "link_to_itself",
    errno.ENAMETOOLONG: "long_path",
    errno.ENOENT: "gone",
}


def _prove_size(size: int) -> None:
    if size > WORKBOOK.file_size:
        raise UnreadableFile("too_large", f"{size} bytes")


def _leads_out(path: Path, folder: Path) -> bool:
    return path.is_symlink() and not path.resolve().is_relative_to(folder.resolve())


def receive(source: Source, known: Expected | Library) -> tuple[Submission, ...]:
    """The verdict on a workbook, or an archive or mail for the files in it. There is
    always at least one, and each has its one verdict."""
    found: list[Submission] = []
    received = 0.0
    try:
        received, data = source.opened()
        for leaf in unpack(source.shown, data):
            found.append(judged(leaf, known, received))  # noqa: PERF401
    except Exception as error:
        # What was read before stays, and a mistake of ours is no file without verdict.
        found.append(lost(Leaf(source.shown, b"", Arrival()), known, received, error))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Taken:
    """Files that were taken out of one, from the ``number``-th on, to be judged one by
    one. ``whole`` tells that it is no archive or mail at all, ``more`` that there are
    further ones in it."""

    leaves: tuple[Leaf, ...]
    received: float
    whole: bool
    more: bool


def take(source: Source, number: int = 0) -> Taken:
    """Some of the files in a file, at least one. Raises UnreadableFile, or whatever a
    mistake of ours raises."""
    received, data = source.opened()
    leaves, size = [], 0
    waiting = islice(unpack(source.shown, data), number, None)
    for leaf in waiting:
        leaves.append(leaf)
        size += len(leaf.data)
        if size > AT_ONCE:
            break
    whole = number == 0 and len(leaves) == 1 and leaves[0].path == source.shown
    more = next(waiting, None) is not None
    return Taken(tuple(leaves), received, whole, more)


def lost_file(
    source: Source, known: Expected | Library, error: Exception
) -> Submission:
    """What :func:`receive` would say if there were no end of reading the file."""
    try:
        received, data = source.opened()
    except UnreadableFile:
        received, data = 0.0, b""
    return lost(Leaf(source.shown, data, Arrival()), known, received, error)


def lost(
    leaf: Leaf, known: Expected | Library, received: float, error: Exception
) -> Submission:
    """What :func:`judged` would say if it had come to an end. A letter is one, whether
    anybody can tell what it says or not."""
    nothing = _nothing(leaf, received)
    if leaf.letter is not None:
        return _letter(leaf.letter, leaf, nothing, known)
    if isinstance(error, WorkerLost):
        error = UnreadableFile(error.reason)
    if isinstance(error, UnreadableFile):
        return replace(nothing, findings=(unreadable(error),))
    return _failed(nothing, error)


def judged(leaf: Leaf, known: Expected | Library, received: float) -> Submission:
    """The verdict on one file, ``received`` being the time of the file around it."""
    nothing = _nothing(leaf, received)
    try:
        return _verdict(leaf, nothing, known)
    except Exception as error:
        # A mistake of ours in one file must not cost the others their verdict.
        return _failed(nothing, error)


def _nothing(leaf: Leaf, received: float) -> Submission:
    return Submission(
        leaf.path,
        leaf.digest,
        Verdict.UNREADABLE,
        received=received,
        arrival=leaf.arrival,
    )


def _verdict(leaf: Leaf, nothing: Submission, known: Expected | Library) -> Submission:
    if leaf.ignored:
        found = (catalogued(leaf.ignored),)
        return replace(nothing, verdict=Verdict.IGNORED, findings=found)
    if leaf.letter is not None:
        letter = _letter(leaf.letter, leaf, nothing, known)
        if isinstance(known, Expected) and leaf.letter.kind.is_document:
            # Only documents wait for what reads them.
            from workbook_builder.reading.printed import as_return

            return as_return(letter, leaf.data, known)
        return letter
    if leaf.trouble is not None:
        return replace(nothing, findings=(unreadable(leaf.trouble),))
    how = nothing.received, leaf.arrival, nothing.sha256
    return judge(leaf.path, leaf.data, known, *how)


def _letter(
    letter: Letter, leaf: Leaf, nothing: Submission, known: Expected | Library
) -> Submission:
    if isinstance(known, Expected):
        letter = connected(letter, leaf.arrival, leaf.path, known.roster)
    found = (said_of(letter),)
    return replace(nothing, verdict=Verdict.IGNORED, findings=found, letter=letter)


def _failed(submission: Submission, error: Exception) -> Submission:
    finding = catalogued("R08", detail=f"{type(error).__name__}: {error}")
    return replace(submission, verdict=Verdict.UNREADABLE, findings=(finding,))
