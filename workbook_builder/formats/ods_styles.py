"""What the styles of an .ods do to what bears them: hide it, or mark it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbook_builder.formats.xlsx_xml import Attributes

_NO_SIZE = re.compile("[0.]+[a-z]*")
_POSITION = "style:text-position"
_STRUCK = ("style:text-line-through-style", "style:text-line-through-type")
_PROPERTIES = {
    *("table-properties", "table-row-properties"),
    *("table-column-properties", "text-properties"),
}


@dataclass(slots=True)
class OdsStyles:
    """Names of styles: ``hidden`` of sheets that are not shown, ``sizeless`` of rows and
    columns without height or width, ``marked`` of runs that are raised, lowered or struck
    out."""

    hidden: set[str] = field(default_factory=set)
    sizeless: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return max(map(len, (self.hidden, self.sizeless, self.marked)))

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
            case "text-properties" if _is_marked(attributes):
                self.marked.add(style)
        return element in _PROPERTIES


def _is_marked(attributes: Attributes) -> bool:
    position = attributes.get(_POSITION, "0%").split()
    raised = bool(position) and position[0] not in {"0%", "0", "auto"}
    return raised or any(attributes.get(key, "none") != "none" for key in _STRUCK)
