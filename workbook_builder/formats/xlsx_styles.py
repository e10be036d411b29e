"""Which cell styles show a number as something else: a date, a time, a percentage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook_builder.formats.budget import Budget
from workbook_builder.formats.xlsx_xml import Attributes, KnownParts, PartReader
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import RawKind

# ECMA-376 part 1, 18.8.30: formats known by number only. 27-36 and 50-58 are the
# dates of the Chinese, Japanese and Korean editions of Excel.
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48))) | set(
    range(50, 59)
)
_BUILT_IN_PERCENTAGES = frozenset((9, 10))

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


#: What a number of a style is: a kind, or the code of the format that shows it.
Shown = RawKind | str


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
    return None if code is None or code in _PLAIN else code


#: Formats that hide nothing, which most cells have.
_PLAIN = frozenset(("General", "0", "0.00", "#,##0", "#,##0.00", "@"))


#: Around what only newer programs know, the first of which is what they show.
_WRAPPERS = frozenset(("AlternateContent", "Choice"))


class StylesReader(PartReader):
    """The number format of each cell style."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self._codes: dict[str, str] = {}
        self._formats: list[str] = []
        self._section = ""
        self._wrapped = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = self.local[tag]
        depth = self.depth - self._wrapped
        if name in _WRAPPERS:
            self._wrapped += 1
        elif name == "Fallback":
            self.skip()
        elif depth == 3:
            self._record(name, attributes)
            self.skip()
        elif depth == 2:
            self._section = name
            if self._section not in {"numFmts", "cellXfs"}:
                self.skip()

    def end(self, tag: str) -> None:
        self.depth -= 1
        self._wrapped -= self.local[tag] in _WRAPPERS

    def pause(self) -> None:
        limit = self.budget.limits.records
        if max(len(self._codes), len(self._formats)) > limit:
            raise UnreadableFile("too_large", f"over {limit} styles")

    def kinds(self) -> dict[str, Shown]:
        """The style numbers, as cells write them, with what they make of a number."""
        known = {number: self._kind(number) for number in set(self._formats)}
        return {
            str(style): kind
            for style, number in enumerate(self._formats)
            if (kind := known[number]) is not None
        }

    def _record(self, name: str, attributes: Attributes) -> None:
        if self._section == "cellXfs" and name == "xf":
            self._formats.append(attributes.get("numFmtId", "0"))
        elif self._section == "numFmts" and name == "numFmt":
            code = attributes.get("formatCode", "")
            number = attributes.get("numFmtId", "")
            if not (self._wrapped and number in self._codes):
                self._codes[number] = code

    def _kind(self, number: str) -> Shown | None:
        known = number.isascii() and number.isdecimal() and len(number) < 3
        return kind_shown(int(number) if known else 0, self._codes.get(number))


def _kinds(pieces: Iterator[bytes], budget: Budget) -> dict[str, Shown]:
    reader = StylesReader(budget)
    reader.read(pieces)
    return reader.kinds()


#: What the styles of a part make of numbers.
KINDS = KnownParts(_kinds)
