"""The results of one run in their places, all together: never some of one run and some
of another.

Every file is written beside them first, and none is kept in memory. Only when all are
there and every place is free, they are moved, which takes a moment. What is to be moved
is noted before: a run that is ended just then is brought to its end by the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workbook_builder.campaign.files import unwritten, write_atomically, write_beside

#: The folder, within that of the results, of what is not in its place yet.
NEW = ".~new"
_PLAN = "plan.json"


class Waiting:
    """Files of one run that wait for one another; ``digests`` are their SHA-256 by name."""

    def __init__(self, results: Path) -> None:
        self._results, self._folder = results, results / NEW
        self._plan: dict[str, str] = {}
        self.digests: dict[str, str] = {}

    def put(self, name: str, data: bytes) -> None:
        """A file below the results. Raises CampaignError where it cannot be written."""
        self.stream(name, (data,))

    def stream(self, name: str, parts: Iterable[bytes]) -> None:
        """The same, of which no more than a part is in memory."""
        digest = hashlib.sha256()

        def told() -> Iterator[bytes]:
            for part in parts:
                digest.update(part)
                yield part

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            written = write_beside(self._folder, told())
            self._note(written, name, digest.hexdigest())
        except OSError as error:
            raise unwritten(self._results / name, error) from None

    @contextmanager
    def folder(self) -> Iterator[tuple[Path, dict[str, str]]]:
        """An empty folder, and what :func:`settled` says of it once it is full; what is in
        it in the end waits like what was put, under the same names. Raises CampaignError
        where a file cannot be written."""
        inner, digests = self._folder / "~", dict[str, str]()
        inner.mkdir(parents=True)
        try:
            yield inner, digests
            for name, digest in digests.items():
                written = (inner / name).replace(self._folder / f"~{len(self._plan)}")
                self._note(written, name, digest)
            inner.rmdir()
        except OSError as error:
            files = sorted(inner.glob("*"), key=lambda file: file.stat().st_mtime_ns)
            last = [inner, *files][-1]
            raise unwritten(self._results / last.name, error) from None

    def _note(self, written: Path, name: str, digest: str) -> None:
        _prove_free(self._results / name)
        self._plan[written.name] = name
        self.digests[name] = digest

    def place(self) -> None:
        """All of them, now."""
        if not self._plan:
            return
        text = json.dumps(self._plan, ensure_ascii=False)
        write_atomically(self._folder / _PLAN, text.encode())
        _move(self._results, self._plan)


def settled(folder: Path) -> dict[str, str]:
    """The SHA-256 of its files by name, once all of them are on the disk. Raises OSError."""
    digests = {}
    for file in sorted(folder.iterdir()):
        with file.open("r+b") as stream:
            digests[file.name] = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
    return digests


@contextmanager
def waiting(results: Path) -> Iterator[Waiting]:
    """Files to be put in place by :meth:`Waiting.place`; without it they are gone."""
    complete(results)
    try:
        yield Waiting(results)
    finally:
        if not (results / NEW / _PLAN).exists():
            shutil.rmtree(results / NEW, ignore_errors=True)


def put_in_place(results: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files by their names below ``results``: all of them, or none.

    Raises CampaignError where one cannot be written; the earlier ones stay then.
    """
    with waiting(results) as ready:
        for name, data in files.items():
            ready.put(name, data)
        ready.place()


def complete(results: Path) -> None:
    """Ends what a run began that was ended while it moved its files."""
    folder = results / NEW
    try:
        plan = json.loads((folder / _PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        plan = {}  # it never came so far
    _move(results, plan if isinstance(plan, dict) else {})


def _prove_free(path: Path) -> None:
    """Whether a file can be put there. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise IsADirectoryError(21, "Is a directory")
    if sys.platform == "win32" and path.exists():
        with path.open("r+b"):  # not while another program holds it
            pass


def _move(results: Path, plan: Mapping[str, str]) -> None:
    folder = results / NEW
    for written, name in plan.items():
        path = results / name
        try:
            if path.resolve().is_relative_to(results.resolve()):
                (folder / Path(written).name).replace(path)
        except FileNotFoundError:
            pass  # it is there already
        except OSError as error:
            raise unwritten(path, error) from None
    shutil.rmtree(folder, ignore_errors=True)
