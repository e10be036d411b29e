"""How the parts of a package hang together: relations, and the list of sheets."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, get_args

from workbook_builder.formats.budget import Budget
from workbook_builder.formats.xlsx_package import Package
from workbook_builder.formats.xlsx_xml import (
    KEPT,
    Attributes,
    KnownParts,
    PartReader,
    flag,
)
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import Visibility

#: Root element of the main part → what the package is instead.
_ROOTS: Final = {"document": "word", "presentation": "slides"}
_STATES: Final[dict[str, Visibility]] = {state: state for state in get_args(Visibility)}


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another; ``kind`` is the last word of its type.

    Transitional, Strict and Microsoft's own types differ only in what comes before.
    """

    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A tab as the workbook part lists it; ``relation`` leads to its cells."""

    name: str
    state: Visibility
    relation: str


class RelationsReader(PartReader):
    """A ``.rels`` part; targets come out as part names of the package."""

    def __init__(self, source: str, budget: Budget) -> None:
        super().__init__(budget)
        self._folder = posixpath.dirname(source)
        self.relations: dict[str, Relation] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > 1:
            if self.local[tag] == "Relationship":
                self._record(attributes)
            self.skip()

    def end(self, tag: str) -> None:
        self.depth -= 1

    def pause(self) -> None:
        if len(self.relations) > self.budget.limits.records:
            raise UnreadableFile("too_large", "too many relations")

    def _record(self, attributes: Attributes) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "").replace("\\", "/")
        path = posixpath.normpath(posixpath.join("/", self._folder, target))
        external = attributes.get("TargetMode") == "External"
        identity = attributes.get("Id", "")
        if identity in self.relations:
            raise UnreadableFile("damaged", f"two relations {identity[:40]!r}")
        self.relations[identity] = Relation(kind, path, external)


class WorkbookReader(PartReader):
    """The workbook part: its tabs in order, and how it counts days."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.sheets: list[SheetEntry] = []
        self.date1904 = False

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = self.local[tag]
        if self.depth == 1:
            if name != "workbook":
                raise UnreadableFile("not_spreadsheet", _ROOTS.get(name, "unknown"))
        elif self.depth == 2 and name == "sheets":
            return
        else:
            self._record(name, attributes)
            self.skip()

    def end(self, tag: str) -> None:
        self.depth -= 1

    def pause(self) -> None:
        if len(self.sheets) > self.budget.limits.records:
            raise UnreadableFile("too_large", "too many sheets")

    def _record(self, name: str, attributes: Attributes) -> None:
        if self.depth == 2 and name == "workbookPr":
            self.date1904 = flag(attributes.get("date1904"))
        elif self.depth == 3 and name == "sheet":
            self.sheets.append(
                SheetEntry(
                    attributes.get("name", ""),
                    _STATES.get(attributes.get("state", ""), "visible"),
                    self._relation(attributes),
                )
            )

    def _relation(self, attributes: Attributes) -> str:
        """The ``id`` that has a prefix, whichever prefix the file has chosen."""
        for name, value in attributes.items():
            if ":" in name and self.local[name] == "id":
                return value
        raise UnreadableFile("damaged", "a sheet without a part")


def _tabs(pieces: Iterator[bytes], budget: Budget) -> tuple[Sequence[SheetEntry], bool]:
    reader = WorkbookReader(budget)
    reader.read(pieces)
    return reader.sheets, reader.date1904


#: The tabs, and whether days are counted from 1904 on.
TABS = KnownParts(_tabs)


def relations_of(package: Package, source: str, budget: Budget) -> dict[str, Relation]:
    """The relations of a part by id (of the package for ``""``); none if it has none."""
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    if part not in package:
        return {}
    return _relations(source).read(package.pieces(part), budget)


@lru_cache(maxsize=KEPT)
def _relations(source: str) -> KnownParts[dict[str, Relation]]:
    """Targets depend on where the part is whose they are."""

    def read(pieces: Iterator[bytes], budget: Budget) -> dict[str, Relation]:
        reader = RelationsReader(source, budget)
        reader.read(pieces)
        return reader.relations

    return KnownParts(read)


def target_of(relations: dict[str, Relation], kind: str) -> str | None:
    """The part that the only relation of that kind leads to."""
    targets = [
        relation.target
        for relation in relations.values()
        if relation.kind == kind and not relation.external
    ]
    if len(targets) > 1:
        raise UnreadableFile("damaged", f"{len(targets)} parts of kind {kind}")
    return targets[0] if targets else None
