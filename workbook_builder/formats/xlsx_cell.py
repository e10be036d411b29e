"""What the XML of one cell means: its place, its kind and its value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from math import isfinite
from typing import Final

from workbook_builder.bounds.limits import MAX_COLUMNS, MAX_ROWS
from workbook_builder.formats.budget import Budget, check_length
from workbook_builder.formats.fonts import ODD, Shown
from workbook_builder.formats.shown import hides_text, shows
from workbook_builder.formats.xlsx_strings import unescaped
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import Position, RawCell, RawKind, Unlike

#: What a workbook's styles make of numbers, by the style.
Kinds = Mapping[str, Shown]
Decoded = tuple[RawKind, str]

# A cell type of our own: the text of an "is" element, already free of escapes.
INLINE: Final = "is"
# The same with runs that are raised or struck out.
MARKED: Final = "is!"

# Members of an enumeration are slow to look up, and these are used for every cell.
_NUMBER = RawKind.NUMBER
# Types of cells in which an empty text is a text, not a blank.
_TEXT_TYPES = frozenset(("str", "inlineStr", INLINE, MARKED))
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_NUMBER_CHARACTERS = "0123456789+-.eE"
_INDEX = re.compile(r"[0-9]{1,9}")
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW_NUMBER = re.compile(r"[0-9]{1,7}")
# Forms of one kind repeat their labels, formulas and zeros, file after file; equal
# short cells are one object, which is cheaper than making another.
_SHORT = 500
_NO_RESULT = RawCell(RawKind.EMPTY, "", has_result=False)


# Forms of one kind have their cells at the same places, file after file.
@lru_cache(maxsize=1 << 15)
def position(reference: str) -> Position:
    """``B7`` → (6, 1). Raises UnreadableFile outside the grid Excel has."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise UnreadableFile("damaged", f"cell reference {reference[:20]!r}")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    if column > MAX_COLUMNS:
        raise UnreadableFile("damaged", f"column of {reference}")
    return row_index(match[2]), column - 1


def row_index(number: str) -> int:
    """``"7"`` → 6. Raises UnreadableFile outside the grid Excel has."""
    if not _ROW_NUMBER.fullmatch(number) or not 1 <= int(number) <= MAX_ROWS:
        raise UnreadableFile("damaged", f"row {number[:20]!r}")
    return int(number) - 1


def shared_index(stored: str) -> int:
    """The number of a shared string. Raises UnreadableFile."""
    index = stored.strip()
    if not _INDEX.fullmatch(index):
        raise UnreadableFile("damaged", f"no shared string {index[:20]!r}")
    return int(index)


class CellDecoder:
    """Makes cells of what their elements say; shared by the sheets of a book."""

    def __init__(
        self, strings: Sequence[RawCell], kinds: Kinds, budget: Budget
    ) -> None:
        """``kinds`` are what the styles make of numbers and texts, where they do."""
        self.strings = strings
        self.kinds = kinds
        self._kind_shown = kinds.get
        self._budget = budget

    @cached_property
    def told(self) -> frozenset[tuple[str, Shown]]:
        """What the styles make of numbers, to be compared with other books' styles."""
        return frozenset(self.kinds.items())

    def cell(
        self, cell_type: str, style: str | None, stored: str | None, formula: str | None
    ) -> RawCell | None:
        """None for a blank cell: neither a formula nor anything stored."""
        shown = self._kind_shown(style or "")
        if cell_type == "s" and stored:
            text = self._shared(stored, shown)
            self._budget.characters -= len(formula or "")
            return text if formula is None else _calculated(text, formula)
        self._budget.characters -= len(stored or "") + len(formula or "")
        return made(cell_type, shown, stored, formula)

    def _shared(self, stored: str, shown: Shown | None) -> RawCell:
        number = shared_index(stored)
        if number >= len(self.strings):
            raise UnreadableFile("damaged", f"no shared string '{number}'")
        cell = self.strings[number]
        unlike = text_unlike(shown, bool(cell.unlike)) if shown else cell.unlike
        return cell if unlike == cell.unlike else replace(cell, unlike=unlike)


def made(
    cell_type: str, shown: Shown | None, stored: str | None, formula: str | None
) -> RawCell | None:
    """A cell without a shared string; None where it says nothing. ``shown`` is what its
    style makes of numbers and texts."""
    # Excel stores ="" as an empty text; without the type it is no result at all.
    if stored is None or (not stored and cell_type not in _TEXT_TYPES):
        return None if formula is None else _calculated(_NO_RESULT, formula)
    make = _short_cell if len(stored) <= _SHORT else _long_cell
    cell = make(cell_type, stored, shown)
    return cell if formula is None else _calculated(cell, formula)


def _cell(cell_type: str, stored: str, shown: Shown | None) -> RawCell:
    kind, value = _BY_TYPE.get(cell_type, _error)(stored)
    unlike: Unlike = ""
    if shown and kind is _NUMBER:
        return number_shown(value, shown)
    if kind is RawKind.TEXT:
        unlike = text_unlike(shown, cell_type == MARKED)
    return RawCell(kind, value, unlike=unlike)


def text_unlike(shown: Shown | None, marked: bool) -> Unlike:
    """Why a text shows something else than it says, by its style or ``marked`` runs."""
    if marked or shown == ODD:
        return "runs"
    return "format" if isinstance(shown, str) and hides_text(shown) else ""


def number_shown(value: str, shown: Shown, formula: str | None = None) -> RawCell:
    """The cell of a number with what its style makes of it."""
    if isinstance(shown, RawKind):
        return RawCell(shown, value, formula)
    if shown == ODD:
        return RawCell(_NUMBER, value, formula, unlike="runs")
    unlike: Unlike = "" if shows(shown, value) else "format"
    return RawCell(_NUMBER, value, formula, unlike=unlike)


def _calculated(result: RawCell, formula: str) -> RawCell:
    if len(formula) <= _SHORT and len(result.value) <= _SHORT:
        return _short_calculated(result, formula)
    check_length(formula)
    return _with_formula(result, formula)


def _with_formula(result: RawCell, formula: str) -> RawCell:
    has_result, unlike = result.has_result, result.unlike
    return RawCell(result.kind, result.value, unescaped(formula), has_result, unlike)


def _long_cell(cell_type: str, stored: str, shown: Shown | None) -> RawCell:
    check_length(stored)
    return _cell(cell_type, stored, shown)


_short_cell = lru_cache(maxsize=1 << 13)(_cell)
_short_calculated = lru_cache(maxsize=1 << 13)(_with_formula)


def _number(stored: str) -> Decoded:
    number = stored.strip()
    # float() takes more than the format does, such as 1_000 and other alphabets.
    if not number.strip(_NUMBER_CHARACTERS):
        try:
            if isfinite(float(number)):
                return _NUMBER, number
        except ValueError:
            pass
    # NaN, INF and 1e309 are floats to Python, but nothing a clerk can have typed.
    return RawKind.ERROR, number


def _text(stored: str) -> Decoded:
    return RawKind.TEXT, unescaped(stored)


def _verbatim(stored: str) -> Decoded:
    return RawKind.TEXT, stored


def _boolean(stored: str) -> Decoded:
    value = _BOOLEANS.get(stored.strip())
    return (RawKind.ERROR, stored) if value is None else (RawKind.BOOLEAN, value)


def _error(stored: str) -> Decoded:
    return RawKind.ERROR, stored.strip()


def _iso_date(stored: str) -> Decoded:
    return RawKind.DATE, stored.strip()


_BY_TYPE: Final[Mapping[str, Callable[[str], Decoded]]] = {
    "n": _number,
    "str": _text,
    "inlineStr": _text,
    INLINE: _verbatim,
    MARKED: _verbatim,
    "b": _boolean,
    "e": _error,
    "d": _iso_date,
}
