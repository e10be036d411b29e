"""Which cell styles show a number as something else: a date, a time, a percentage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbook_builder.formats.budget import Budget
from workbook_builder.formats.fonts import (
    BLACK,
    ODD,
    WHITE,
    Colour,
    Looks,
    Overlay,
    Shown,
)
from workbook_builder.formats.xlsx_fonts import NOT_ODD, colour, index, marks
from workbook_builder.formats.xlsx_xml import Attributes, KnownParts, PartReader
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import RawKind

# ECMA-376 part 1, 18.8.30: formats known by number only. 27-36 and 50-58 are the
# dates of the Chinese, Japanese and Korean editions of Excel.
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48))) | set(
    range(50, 59)
)
_BUILT_IN_PERCENTAGES = frozenset((9, 10))
#: How many places the others show; they differ in what stands around the digits.
_BUILT_IN = {
    **dict.fromkeys((1, 3, 5, 6, 37, 38, 41, 42), "#,##0"),
    **dict.fromkeys((2, 4, 7, 8, 39, 40, 43, 44), "#,##0.00"),
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    48: "##0.0E+0",
}

# What a format shows as it stands: quoted and escaped text (Chinese editions escape
# with ! as well), padding, colours, conditions, locales.
_LITERAL = re.compile(r'"[^"]*"?|[\\!_*].?|\[(?!h+\]|m+\]|s+\])[^\]]*\]?', re.DOTALL)
# "G/通用格式" is how localised suites write General.
_GENERAL = re.compile(r"general|g/")
# Years, months, days, hours, minutes, seconds; e is the year of an era unless it is
# an exponent; aaa is the day of the week.
_DATE_TOKEN = re.compile(r"[ymdhs]|e(?![+-])|aaa")


def shows_date(format_code: str) -> bool:
    """Whether a number format shows a date or a time: yes for ``yyyy"年"``.

    No for ``0"日"``, whose only letter is text.
    """
    code = _LITERAL.sub("", format_code.lower())
    return _DATE_TOKEN.search(_GENERAL.sub("", code)) is not None


def shows_percent(format_code: str) -> bool:
    """Whether a number format multiplies by a hundred: no for ``0"%"``."""
    return "%" in _LITERAL.sub("", format_code)


def kind_shown(number: int, code: str | None = None) -> Shown | None:
    """DATE or PERCENT where a number format shows that, else its code; None for those
    that show any number as it is.

    ``code`` is the format as the file gives it; without one its number tells.
    """
    dated, percent = number in _BUILT_IN_DATES, number in _BUILT_IN_PERCENTAGES
    if code is not None:
        dated, percent = shows_date(code), shows_percent(code)
    if dated or percent:
        return RawKind.DATE if dated else RawKind.PERCENT
    code = _BUILT_IN.get(number, "General") if code is None else code
    return None if code in _PLAIN else code


#: Formats that hide nothing, which most cells have.
_PLAIN = frozenset(("General", "@"))


#: Around what only newer programs know, the first of which is what they show.
_WRAPPERS = frozenset(("AlternateContent", "Choice"))


class OverlayReader:
    """What stands within a ``dxf``, element by element."""

    def __init__(self) -> None:
        self._within = ""

    def note(
        self, change: Overlay, level: int, name: str, attributes: Attributes
    ) -> None:
        """``level`` is 1 for children of ``dxf``."""
        if level == 1:
            self._within = name
            if name == "numFmt":
                number = index(attributes.get("numFmtId"))
                change.shown = kind_shown(number, attributes.get("formatCode"))
        elif self._within == "font":
            change.marked |= marks(name, attributes)
            if name == "color":
                change.letters = [colour(attributes)]
        elif self._within == "fill":
            if name == "patternFill" and attributes.get("patternType") == "none":
                change.ground = [WHITE]
            elif name == "bgColor" or (name == "fgColor" and not change.ground):
                automatic = attributes.get("auto", "0") not in NOT_ODD
                change.ground = [WHITE if automatic else colour(attributes)]


@dataclass(frozen=True, slots=True)
class Styles:
    """What the styles of a book make of figures."""

    kinds: Mapping[str, Shown]
    """By style, as cells write it, where it makes something of a number."""
    changes: Mapping[int, str]
    """The same of what conditions may change, by its number."""
    fills: tuple[Colour, ...] = ()


class StylesReader(PartReader):
    """The number format of each cell style, and fonts that make a figure doubtful."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self._codes: dict[str, str] = {}
        self._styles: list[tuple[str, int, int]] = []
        self._repeating = set[int]()
        self._looks = Looks()
        self._change = OverlayReader()
        self._section = ""
        self._wrapped = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = self.local[tag]
        depth = self.depth - self._wrapped
        if name in _WRAPPERS:
            self._wrapped += 1
        elif name == "Fallback" or depth > 6:
            self.skip()
        elif self._section == "dxfs" and depth > 3:
            if self._looks.changes:
                self._change.note(self._looks.changes[-1], depth - 3, name, attributes)
        elif depth > 3:
            self._look(name, attributes)
        elif depth == 3:
            self._record(name, attributes)
        elif depth == 2:
            self._section = name
            if self._section not in _SECTIONS:
                self.skip()

    def end(self, tag: str) -> None:
        self.depth -= 1
        self._wrapped -= self.local[tag] in _WRAPPERS

    def pause(self) -> None:
        limit = self.budget.limits.records
        if max(len(self._codes), len(self._styles), len(self._looks)) > limit:
            raise UnreadableFile("too_large", f"over {limit} styles")

    def kinds(self) -> dict[str, Shown]:
        """The style numbers, as cells write them, with what they make of a number."""
        known = {style: self._shown(*style) for style in set(self._styles)}
        return {
            str(number): shown
            for number, style in enumerate(self._styles)
            if (shown := ODD if number in self._repeating else known[style]) is not None
        }

    def changes(self) -> dict[int, str]:
        return self._looks.changed()

    @property
    def fills(self) -> tuple[Colour, ...]:
        return tuple(self._looks.fills)

    def _record(self, name: str, attributes: Attributes) -> None:
        match self._section, name:
            case "dxfs", "dxf":
                self._looks.changes.append(Overlay())
            case "cellXfs", "xf":
                font, fill = (index(attributes.get(f"{k}Id")) for k in ("font", "fill"))
                self._styles.append((attributes.get("numFmtId", "0"), font, fill))
            case "fonts", "font":
                self._looks.fonts.append((False, BLACK))
            case "fills", "fill":
                self._looks.fills.append(None)
            case "numFmts", "numFmt":
                code = attributes.get("formatCode", "")
                number = attributes.get("numFmtId", "")
                if not (self._wrapped and number in self._codes):
                    self._codes[number] = code

    def _look(self, name: str, attributes: Attributes) -> None:
        """What stands within a font, a fill or a style."""
        fonts, fills = self._looks.fonts, self._looks.fills
        match self._section, name:
            case "cellXfs", "alignment" if attributes.get("horizontal") == "fill":
                self._repeating.add(len(self._styles) - 1)
            case "fills", "patternFill":
                if attributes.get("patternType", "none") == "none":
                    fills[-1:] = [WHITE]
            case "fills", "fgColor":
                fills[-1:] = [colour(attributes)]
            case "fonts", _ if fonts:
                marked, letters = fonts[-1]
                marked |= marks(name, attributes)
                letters = colour(attributes) if name == "color" else letters
                fonts[-1] = marked, letters

    def _shown(self, number: str, font: int, fill: int) -> Shown | None:
        if self._looks.odd(font, fill):
            return ODD
        known = number.isascii() and number.isdecimal() and len(number) < 3
        return kind_shown(int(number) if known else 0, self._codes.get(number))


_SECTIONS = frozenset(("numFmts", "fonts", "fills", "cellXfs", "dxfs"))


def _styles(pieces: Iterator[bytes], budget: Budget) -> Styles:
    reader = StylesReader(budget)
    reader.read(pieces)
    return Styles(reader.kinds(), reader.changes(), reader.fills)


#: What the styles of a part say.
STYLES = KnownParts(_styles)
