"""Whether anything changed since the inbox was last collected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from stat import S_ISREG

from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.campaign.files import files_below
from workbook_builder.campaign.folder import ROSTERS, Folder
from workbook_builder.campaign.place import SETTINGS
from workbook_builder.model.event import Event, Happening


def fingerprint(folder: Folder, events: Iterable[Event]) -> str:
    """Of everything a verdict depends on: inbox, settings, roster, figures of the
    period before, decisions, the form and this program.

    Files are told by their bytes, which takes a moment: judging them takes fifty times
    as long. Their times do not matter: when a file was first seen is in the record.
    """
    campaign = folder.campaign()
    total = hashlib.sha256(version("workbook-builder").encode())
    settings = (folder.path / name for name in (SETTINGS, *ROSTERS))
    files = chain(files_below(folder.inbox), settings, files_below(folder.last))
    parts = chain(
        (_about(path, folder) for path in files),
        (folder.forms.digest(campaign.form, campaign.edition).encode(),),
        _recorded(events),
    )
    for part in parts:
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:32]


_NOTHING = hashlib.sha256().hexdigest()


def _about(path: Path, folder: Folder) -> bytes:
    name = path.relative_to(folder.path).as_posix().encode("utf-8", "surrogateescape")
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            return name
        size = status.st_size
        # What is too large is refused unread.
        large = size > WORKBOOK.file_size
        digest = _NOTHING if large else folder.digests.of(path)
    except OSError:
        return name + b"\0?"
    return name + f"\0{size}\0{digest}".encode()


#: What the clerk said.
_DECIDED = {Happening.DECIDED, Happening.ASSIGNED}


def _recorded(events: Iterable[Event]) -> Iterator[bytes]:
    """Decisions, and when the mailbox says that mails came."""
    for event in events:
        if event.happening in _DECIDED:
            yield repr((event.unit, event.at, sorted(event.detail.items()))).encode()
        elif event.happening is Happening.FETCHED:
            yield repr(
                [event.detail.get(key) for key in ("sha256", "internal")]
            ).encode()
