"""What the styles of an .ods do to what bears them: hide it, or mark it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbook_builder.formats.fonts import SMALLEST, WHITE, Colour, alike
from workbook_builder.formats.xlsx_xml import Attributes

_RGB = re.compile("#[0-9A-Fa-f]{6}")
_SIZE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,9})?)pt")
_NO_SIZE = re.compile("[0.]+[a-z]*")
_POSITION = "style:text-position"
_STRUCK = ("style:text-line-through-style", "style:text-line-through-type")
_PROPERTIES = {
    *("table-properties", "table-row-properties"),
    *("table-column-properties", "text-properties", "table-cell-properties"),
}


@dataclass(slots=True)
class OdsStyles:
    """Names of styles: ``hidden`` of sheets that are not shown, ``sizeless`` of rows and
    columns without height or width, ``marked`` of runs and cells that are raised, lowered
    or struck out. ``letters`` and ``ground`` are the colours of cells."""

    hidden: set[str] = field(default_factory=set)
    sizeless: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    letters: dict[str, Colour] = field(default_factory=dict)
    ground: dict[str, Colour] = field(default_factory=dict)

    def __len__(self) -> int:
        return max(
            len(self.hidden), len(self.sizeless), len(self.marked), len(self.letters)
        )

    def odd(self, style: str) -> bool:
        """Whether a figure in a cell of that style cannot be taken as it stands."""
        if style in self.marked:
            return True
        letters = self.letters.get(style)
        return letters is not None and alike(letters, self.ground.get(style, WHITE))

    def note(self, style: str, element: str, attributes: Attributes) -> bool:
        """Whether the element is one of those looked at."""
        match element:
            case "table-properties" if attributes.get("table:display") == "false":
                self.hidden.add(style)
            case "table-row-properties" | "table-column-properties":
                sizes = ("style:row-height", "style:column-width")
                found = next(filter(None, map(attributes.get, sizes)), "auto")
                if _NO_SIZE.fullmatch(found):
                    self.sizeless.add(style)
            case "table-cell-properties":
                if attributes.get("style:repeat-content") == "true":
                    self.marked.add(style)
                if "fo:background-color" in attributes:
                    self.ground[style] = _colour(attributes["fo:background-color"])
            case "text-properties":
                if _is_marked(attributes):
                    self.marked.add(style)
                if "fo:color" in attributes:
                    self.letters[style] = _colour(attributes["fo:color"])
        return element in _PROPERTIES


def _is_marked(attributes: Attributes) -> bool:
    position = attributes.get(_POSITION, "0%").split()
    raised = bool(position) and position[0] not in {"0%", "0", "auto"}
    small = _SIZE.fullmatch(attributes.get("fo:font-size", ""))
    return (
        raised
        or (small is not None and float(small[1]) < SMALLEST)
        or any(attributes.get(key, "none") != "none" for key in _STRUCK)
    )


def _colour(said: str) -> Colour:
    if _RGB.fullmatch(said):
        return int(said[1:], 16)
    return WHITE if said == "transparent" else None
