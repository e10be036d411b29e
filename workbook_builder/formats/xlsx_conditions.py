"""Conditional formats of a worksheet part, those that only newer programs know as well
(``x14``), from the bytes around its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.conditions import Condition
from workbook_builder.formats.fonts import Overlay
from workbook_builder.formats.xlsx_cell import position
from workbook_builder.formats.xlsx_fonts import colour, index
from workbook_builder.formats.xlsx_styles import OverlayReader
from workbook_builder.formats.xlsx_xml import Attributes, PartReader, flag
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import MergedArea

_NAME = rb"(?:[A-Za-z0-9]{1,20}:)?conditionalFormatting"
_GROUP_OPENS: Final = re.compile(rb"<" + _NAME + rb"[\s>]")
_GROUP_CLOSES: Final = re.compile(rb"</" + _NAME + rb"\s{0,9}>")
_GROUP_DEPTH, _RULE_DEPTH = 2, 3


def conditions_in(text: bytes) -> tuple[tuple[Condition, ...], bytes]:
    """Those in a piece of a part, and what of it may be the begin of one more."""
    last = max(text.rfind(b"<"), 0)
    rest = b"" if b">" in text[last:] else text[last:]
    if b"conditionalFormatting" not in text:
        return (), rest
    groups, end = [], 0
    for found in _GROUP_OPENS.finditer(text):
        if found.start() < end:
            continue
        closed = _GROUP_CLOSES.search(text, found.end())
        if closed is None:
            rest = text[found.start() :]
            break
        end = closed.end()
        groups.append(text[found.start() : end])
    reader = _ConditionsReader(Budget(WORKBOOK))
    try:
        reader.read(iter((b"<all>", *groups, b"</all>")))
    except UnreadableFile:
        return (), rest  # whoever reads the part says what is wrong with it
    listed: dict[int, list[MergedArea]] = {}
    for each in reader.conditions:
        if isinstance(each.change, int):
            listed.setdefault(each.change, []).extend(each.areas)
    own = [each for each in reader.conditions if not isinstance(each.change, int)]
    said = (Condition(tuple(areas), change) for change, areas in listed.items())
    return (*said, *own), rest


class _ConditionsReader(PartReader):
    """all > conditionalFormatting > cfRule and sqref."""

    content_depth: ClassVar[int | None] = _RULE_DEPTH

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.conditions: list[Condition] = []
        self._areas: tuple[MergedArea, ...] = ()
        self._changes: list[int | Overlay] = []
        self._own = Overlay()
        self._reader = OverlayReader()
        self._scale = False

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = self.local[tag]
        if self.depth == _GROUP_DEPTH:
            self._areas = tuple(_areas(attributes.get("sqref", "")))
            self._changes = []
        elif self.depth == _RULE_DEPTH:
            self.text.clear()
            self._own = Overlay()
            if name == "cfRule":
                listed = "dxfId" in attributes
                self._changes.append(
                    index(attributes["dxfId"]) if listed else self._own
                )
        elif self.depth == _RULE_DEPTH + 1:
            self._reader = OverlayReader()
            self._scale = name == "colorScale"
            self._own.marked |= not flag(attributes.get("showValue", "1"))
        elif self._scale and name == "color":
            self._own.ground.append(colour(attributes))
        elif not self._scale:
            level = self.depth - _RULE_DEPTH - 1
            self._reader.note(self._own, level, name, attributes)

    def end(self, tag: str) -> None:
        if self.depth == _RULE_DEPTH and self.local[tag] == "sqref":
            self._areas += tuple(_areas("".join(self.text)))
        elif self.depth == _GROUP_DEPTH:
            areas = self._areas
            self.conditions += [Condition(areas, change) for change in self._changes]
        self.depth -= 1


def _areas(said: str) -> Iterator[MergedArea]:
    for area in said.replace("$", "").split():
        first, _, last = area.partition(":")
        yield position(first), position(last or first)
