"""What the styles of an .ods do to what bears them: hide it, or mark it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook_builder.formats.budget import Budget
from workbook_builder.formats.fonts import SMALLEST, WHITE, Colour, Overlay, alike
from workbook_builder.formats.xlsx_xml import Attributes, PartReader
from workbook_builder.model.errors import UnreadableFile

_RGB = re.compile("#[0-9A-Fa-f]{6}")
_SIZE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,9})?)pt")
_NO_SIZE = re.compile("[0.]+[a-z]*")
_POSITION = "style:text-position"
_STRUCK = ("style:text-line-through-style", "style:text-line-through-type")
_PROPERTIES = {
    *("table-properties", "table-row-properties"),
    *("table-column-properties", "text-properties", "table-cell-properties"),
    *("map", "number", "fraction", "text-content"),
}
#: How numbers and texts are shown.
_FORMATS = {
    f"{kind}-style"
    for kind in ("number", "currency", "percentage", "date", "time", "boolean", "text")
}
_LONGEST_LINE = 20


@dataclass(slots=True)
class OdsStyles:
    """Names of styles: ``hidden`` of sheets that are not shown, ``sizeless`` of rows and
    columns without height or width, ``marked`` of runs and cells that are raised, lowered
    or struck out. ``letters`` and ``ground`` are the colours of cells, ``parents`` whom a
    style takes after, ``asked`` those that it asks for where a condition is met,
    ``formats`` how it shows numbers, ``unclear`` the formats that show another or none."""

    hidden: set[str] = field(default_factory=set)
    sizeless: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    letters: dict[str, Colour] = field(default_factory=dict)
    ground: dict[str, Colour] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    _known: dict[str, bool] = field(default_factory=dict)

    def __len__(self) -> int:
        names = len(self.hidden), len(self.sizeless), len(self.marked)
        colours = len(self.letters), len(self.ground)
        kept = len(self.parents), len(self.formats), len(self.unclear)
        return max(*names, *colours, *kept, sum(map(len, self.asked.values())))

    def begin(self, element: str, attributes: Attributes) -> str:
        """The name of a style that begins."""
        style = attributes.get("style:name", "")
        if element in _FORMATS:
            self.unclear.add(style)  # until something shows the number
        elif element == "style":
            for kept, key in (
                (self.parents, "style:parent-style-name"),
                (self.formats, "style:data-style-name"),
            ):
                if key in attributes:
                    kept[style] = attributes[key]
            shown = attributes.get("style:display-name", style)
            if shown != style:  # conditions say either
                self.parents[shown] = style
        return style

    def check(self, budget: Budget) -> None:
        if len(self) > budget.limits.records:
            raise UnreadableFile("too_large", "too many styles")

    def odd(self, style: str) -> bool:
        """Whether a figure in a cell of that style cannot be taken as it stands."""
        line = self._line(style)
        if any(name in self.marked for name in line):
            return True
        letters = _first(self.letters, line, None)
        return letters is not None and alike(letters, _first(self.ground, line, WHITE))

    def odd_run(self, run: str, style: str) -> bool:
        """The same of a part of a text in it."""
        if run in self.marked:
            return True
        ground = _first(self.ground, self._line(style), WHITE)
        return run in self.letters and alike(self.letters[run], ground)

    def doubted(self, style: str) -> bool:
        """Whether a figure in it is another where a condition is met."""
        return any(map(self.changes, self.asked.get(style, ())))

    def changes(self, style: str) -> bool:
        """Whether a style that a condition asks for makes a figure doubtful."""
        known = self._known.get(style)
        if known is None:
            known = self._known[style] = self._changes(style)
        return known

    def _changes(self, style: str) -> bool:
        line = self._line(style)
        shown = next(filter(None, map(self.formats.get, line)), "")
        if any(name in self.unclear for name in (shown, *self.asked.get(shown, ()))):
            return True
        marked = any(name in self.marked for name in line)
        letters, ground = (
            [names[name] for name in line if name in names][:1]
            for names in (self.letters, self.ground)
        )
        return Overlay(marked, letters, ground).over(()) is not None

    def _line(self, style: str) -> list[str]:
        """A style and those it takes after; nobody's line is long."""
        line = [style]
        while (parent := self.parents.get(line[-1])) and len(line) < _LONGEST_LINE:
            line.append(parent)
        return line

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
            case "map":
                to = attributes.get("style:apply-style-name", "")
                self.asked.setdefault(style, []).append(to)
            case "number" if attributes.get("number:display-factor", "1") == "1":
                self.unclear.discard(style)
            case "fraction" | "text-content":
                self.unclear.discard(style)
        return element in _PROPERTIES


class NamedStyles(PartReader):
    """The part with the styles that have names."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.styles = OdsStyles()
        self._style = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = self.local[tag]
        if self.depth == 3:
            self._style = self.styles.begin(name, attributes)
        elif self.depth > 3:
            if not self.styles.note(self._style, name, attributes):
                self.skip()
        elif self.depth == 2 and name != "styles":
            self.skip()

    def end(self, tag: str) -> None:
        self.depth -= 1

    def pause(self) -> None:
        self.styles.check(self.budget)


def _first(names: Mapping[str, Colour], line: list[str], default: Colour) -> Colour:
    return next((names[name] for name in line if name in names), default)


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
