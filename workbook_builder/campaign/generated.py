"""Which files of the results folder this program made, so that stale ones can go.

Files that somebody else put there are never touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path

from workbook_builder.campaign.files import write_atomically

NAME = ".generated.json"


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)


class Generated:
    """The list of generated files in a results folder."""

    def __init__(
        self, results: Path, remove: Callable[[Path], object] = _delete
    ) -> None:
        """``remove`` is how a stale file goes."""
        self._results, self._remove = results, remove
        self._file = results / NAME

    def announce(self, names: Collection[str]) -> None:
        """Notes files before they are made: a run may end before it is through."""
        self._note(self._earlier() | set(names))

    def replace_with(self, names: Collection[str]) -> None:
        """Removes files of an earlier run that this run no longer makes."""
        for name in sorted(self._earlier() - set(names)):
            path = self._results / name
            if path.resolve().is_relative_to(self._results.resolve()):
                self._remove(path)
        self._note(names)

    def _note(self, names: Collection[str]) -> None:
        text = json.dumps(sorted(names), ensure_ascii=False, indent=1)
        write_atomically(self._file, text.encode())

    def _earlier(self) -> set[str]:
        try:
            names = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return set()
        return {name for name in names if isinstance(name, str)}
