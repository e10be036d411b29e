"""Which cell styles show a number as a date or a time; nothing else of the styles."""

from __future__ import annotations

import re

from workbook_builder.excel.limits import Budget
from workbook_builder.excel.xlsx_xml import Attributes, PartReader
from workbook_builder.model.errors import UnreadableFile

# ECMA-376 part 1, 18.8.30: formats known by number only. 27-36 and 50-58 are the
# dates of the Chinese, Japanese and Korean editions of Excel.
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48))) | set(
    range(50, 59)
)

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


def is_built_in_date(number: int) -> bool:
    """Whether a format known by its number alone shows a date or a time."""
    return number in _BUILT_IN_DATES


class StylesReader(PartReader):
    """The number format of each cell style."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self._codes: dict[str, str] = {}
        self._formats: list[str] = []
        self._section = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth == 3:
            self._record(self.local[tag], attributes)
            self.skip()
        elif self.depth == 2:
            self._section = self.local[tag]
            if self._section not in {"numFmts", "cellXfs"}:
                self.skip()

    def end(self, tag: str) -> None:
        self.depth -= 1

    def pause(self) -> None:
        limit = self.budget.limits.records
        if max(len(self._codes), len(self._formats)) > limit:
            raise UnreadableFile("too_large", f"over {limit} styles")

    def date_styles(self) -> frozenset[str]:
        """The style numbers, as cells write them, that show a date or a time."""
        known = {number: self._is_date(number) for number in set(self._formats)}
        return frozenset(
            str(style) for style, number in enumerate(self._formats) if known[number]
        )

    def _record(self, name: str, attributes: Attributes) -> None:
        if self._section == "cellXfs" and name == "xf":
            self._formats.append(attributes.get("numFmtId", "0"))
        elif self._section == "numFmts" and name == "numFmt":
            code = attributes.get("formatCode", "")
            self._codes[attributes.get("numFmtId", "")] = code

    def _is_date(self, number: str) -> bool:
        code = self._codes.get(number)
        if code is not None:
            return shows_date(code)
        return number.isdecimal() and len(number) < 3 and is_built_in_date(int(number))
