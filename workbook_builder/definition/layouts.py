"""The layouts of an edition that workbooks in the post may have.

Each is a file ``layouts/<fingerprint>.toml`` beside the definition and never changes;
``python -m tools.layouts`` writes the one of today.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbook_builder.definition.entry import read_entry
from workbook_builder.definition.schema import LayoutFile
from workbook_builder.model.errors import DefinitionError
from workbook_builder.model.layout import TITLE, Box, Layout, Place, column_number

FOLDER = "layouts"

_PLACE = re.compile(r"(.+)!([A-Z]{1,3})([1-9]\d*)")


class LayoutFiles(Mapping[str, Layout]):
    """Fingerprint → layout, of the edition in that folder whose cells are these.

    Each is read when it is asked for, and raises DefinitionError if it is damaged: a
    workbook is of one layout, mostly of today's, which needs no file.
    """

    def __init__(self, folder: Path, cells: Collection[str]) -> None:
        files = sorted((folder / FOLDER).glob("*.toml"))
        self._files = {file.stem: file for file in files}
        self._cells = cells
        self._read: dict[str, Layout] = {}

    def __getitem__(self, fingerprint: str) -> Layout:
        if fingerprint not in self._read:
            self._read[fingerprint] = _layout(self._files[fingerprint], self._cells)
        return self._read[fingerprint]

    def __contains__(self, fingerprint: object) -> bool:
        return fingerprint in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)  # on another computer the files are not there


def _layout(path: Path, cells: Collection[str]) -> Layout:
    entry = read_entry(path, LayoutFile)
    name = "/".join(path.parts[-4:])
    if set(entry.cells) != set(cells):
        odd = sorted(set(entry.cells) ^ set(cells))[0]
        raise DefinitionError(
            name,
            "cells",
            f"“{odd}” is not in both the layout and the form",
            "Cells of an edition are permanent: other cells make another edition",
        )
    boxes = _words(name, entry.titles, TITLE) + _words(name, entry.labels, "")
    layout = Layout(
        cells=_places(name, entry.cells),
        declarations=_places(name, entry.declarations),
        texts=_places(name, entry.texts),
        fields=_places(name, entry.fields),
        boxes=boxes,
        headings={box.place: box.text for box in _words(name, entry.headings, "")},
        reasons=_place(name, entry.reasons) if entry.reasons else None,
        explanations=_places(name, entry.explanations),
        pasted=_places(name, entry.pasted),
        paragraphs=entry.paragraphs,
    )
    # What was sent out before lines had keys went by another fingerprint.
    if layout.reasons is not None and layout.fingerprint != path.stem:
        raise DefinitionError(
            name,
            "file",
            f"is not what it was: its fingerprint is {layout.fingerprint}",
            "Workbooks of this layout are in the post: bring the file back",
        )
    return replace(layout, name=path.stem)


def _words(name: str, texts: Mapping[str, str], role: str) -> tuple[Box, ...]:
    return tuple(Box(_place(name, at), text, role) for at, text in texts.items())


def _places(name: str, addresses: Mapping[str, str]) -> dict[str, Place]:
    return {key: _place(name, at) for key, at in addresses.items()}


def _place(name: str, text: str) -> Place:
    found = _PLACE.fullmatch(text)
    if found is None:
        raise DefinitionError(name, text, "is no place", "Write it as 表二!B6")
    return Place(found[1], int(found[3]) - 1, column_number(found[2]))
