"""Which files of a folder this program made, and what it wrote into them.

So stale ones can go, and one that a person changed is kept when it is made anew. Files
that somebody else put there are never touched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from workbook_builder.campaign.digests import Digests
from workbook_builder.campaign.files import put_aside, write_atomically

NAME = ".generated.json"

#: Name → fingerprints of what was written there: one, or of a run that ended before it
#: was through also that of the run before it.
Noted = dict[str, list[str]]


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)


class Generated:
    """The list of generated files in a results folder."""

    def __init__(
        self,
        results: Path,
        remove: Callable[[Path], object] = _delete,
        digests: Digests | None = None,
    ) -> None:
        """``remove`` is how a stale file goes that nobody changed; ``digests`` know files
        that were looked at in this run."""
        self._results, self._remove = results, remove
        self._digests = digests or Digests()
        self._file = results / NAME

    def changed_by_hand(self) -> tuple[str, ...]:
        """The files that do not say any more what this program wrote."""
        return tuple(
            name
            for name, written in sorted(self._earlier().items())
            if self._is_changed(name, written)
        )

    def is_whole(self, names: Sequence[str]) -> bool:
        """Whether these files and no others were written, and are as they were."""
        noted = self._earlier()
        return sorted(noted) == sorted(names) and all(
            written == [self._digest(name)] for name, written in noted.items()
        )

    def announce(self, digests: Mapping[str, str]) -> None:
        """Notes files, by their fingerprints, before they are made: a run may end before
        it is through."""
        noted = self._earlier()
        for name, digest in digests.items():
            noted[name] = list(dict.fromkeys((*noted.get(name, ()), digest)))
        self._note(noted)

    def replace_with(self, digests: Mapping[str, str]) -> None:
        """Removes files of an earlier run that this run no longer makes; those that a
        person changed go to the older versions."""
        for name, written in sorted(self._earlier().items()):
            path = self._results / name
            if name not in digests and self._is_inside(path):
                changed = self._is_changed(name, written)
                (put_aside if changed else self._remove)(path)
        self._note({name: [digest] for name, digest in digests.items()})

    def _note(self, noted: Noted) -> None:
        text = json.dumps(noted, ensure_ascii=False, indent=1, sort_keys=True)
        write_atomically(self._file, text.encode())

    def _earlier(self) -> Noted:
        try:
            noted = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if isinstance(noted, list):  # of versions that noted names only
            noted = {name: [] for name in noted if isinstance(name, str)}
        if not isinstance(noted, dict):
            return {}
        return {
            name: [each for each in written if isinstance(each, str)]
            for name, written in noted.items()
            if isinstance(written, list)
        }

    def _is_changed(self, name: str, written: Sequence[str]) -> bool:
        return bool(written) and self._digest(name) not in {"", *written}

    def _digest(self, name: str) -> str:
        """Of what is there now; empty where nothing is."""
        path = self._results / name
        try:
            return self._digests.of(path) if self._is_inside(path) else ""
        except OSError:
            return ""

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self._results.resolve())


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """The fingerprint of each, as it is noted."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
