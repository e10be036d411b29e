"""What the attributes of one cell of an .ods mean, and what it shows: kind and value."""

from __future__ import annotations

import datetime
import re
from math import isfinite

from workbook_builder.formats.biff import ERRORS, exact
from workbook_builder.formats.shown import alters_text, says
from workbook_builder.formats.xlsx_xml import Attributes
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import RawCell, RawKind

_NUMBERS = {"float", "percentage", "currency"}
_BOOLEANS = {"true": "TRUE", "1": "TRUE", "false": "FALSE", "0": "FALSE"}
_ERROR_NAMES = frozenset(ERRORS.values())
# What LibreOffice shows for some errors → what it writes for them to an .xlsx.
_NAMED = {
    "Err:502": "#VALUE!",
    "Err:503": "#NUM!",
    "Err:504": "#VALUE!",
    "Err:508": "#VALUE!",
    "Err:519": "#VALUE!",
    "Err:521": "#NULL!",
    "Err:524": "#REF!",
    "Err:525": "#NAME?",
    "Err:532": "#DIV/0!",
}
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_TIME = re.compile(
    r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?", re.ASCII
)
_DAY_0 = datetime.datetime(1899, 12, 30)


def cell_of(attributes: Attributes, paragraphs: list[str]) -> RawCell | None:
    """None for a blank cell. ``paragraphs`` are what it shows."""
    shown = "\n".join(paragraphs)
    formula = attributes.get("table:formula")
    kind = attributes.get("office:value-type", "")
    if _is_error(attributes, formula, kind, shown):
        name = shown or attributes.get("office:string-value") or "#N/A"
        return RawCell(RawKind.ERROR, _NAMED.get(name, name), formula)
    if kind not in {"", "void"}:
        found, value = _value(kind, attributes, shown)
        other = bool(paragraphs) and _is_other(found, value, shown)
        return RawCell(found, value, formula, unlike="format" if other else "")
    if formula is None:
        return RawCell(RawKind.TEXT, shown) if shown else None
    if not paragraphs:
        return RawCell(RawKind.EMPTY, "", formula, has_result=False)
    # LibreOffice stores "" as an empty paragraph without a type.
    return RawCell(RawKind.TEXT, shown, formula)


def _is_other(kind: RawKind, value: str, shown: str) -> bool:
    """Whether what is shown is not what is stored."""
    if kind is RawKind.NUMBER:
        return not says(shown, value)
    plain, stored = ("".join(each.split()) for each in (shown, value))
    return kind is RawKind.TEXT and plain != stored and alters_text(plain, stored)


def _is_error(
    attributes: Attributes, formula: str | None, kind: str, shown: str
) -> bool:
    """Each suite has its own way: a type of its own, an error's name as the value of a
    text (a typed one has none), or shown where a number or a formula is stored."""
    if attributes.get("calcext:value-type") == "error":
        return True
    if attributes.get("office:string-value") in _ERROR_NAMES:
        return True
    return shown in _ERROR_NAMES and (formula is not None or kind in _NUMBERS)


def _value(kind: str, attributes: Attributes, shown: str) -> tuple[RawKind, str]:
    if kind in _NUMBERS:
        found, number = _number(attributes.get("office:value", ""))
        # Gnumeric leaves it to the style, but shows it as every suite does.
        percent = kind == "percentage" or "%" in shown
        is_number = found is RawKind.NUMBER
        return RawKind.PERCENT if percent and is_number else found, number
    if kind == "string":
        return RawKind.TEXT, attributes.get("office:string-value", shown) or shown
    if kind == "boolean":
        stored = attributes.get("office:boolean-value", "")
        value = _BOOLEANS.get(stored)
        return (RawKind.BOOLEAN, value) if value else (RawKind.ERROR, stored)
    if kind == "date":
        return _date(attributes.get("office:date-value", ""))
    if kind == "time":
        return _time(attributes.get("office:time-value", ""))
    raise UnreadableFile("damaged", f"a value of type {kind[:20]!r}")


def _number(stored: str) -> tuple[RawKind, str]:
    if _DECIMAL.fullmatch(stored) and isfinite(float(stored)):
        return RawKind.NUMBER, stored
    return RawKind.ERROR, stored


def _date(stored: str) -> tuple[RawKind, str]:
    """A day, perhaps with its time, as the serial number an .xlsx would hold."""
    try:
        moment = datetime.datetime.fromisoformat(stored)
        return RawKind.DATE, exact((moment - _DAY_0) / datetime.timedelta(days=1))
    except (ValueError, TypeError):
        return RawKind.ERROR, stored


def _time(stored: str) -> tuple[RawKind, str]:
    """A span such as ``PT12H30M00S`` as a share of a day."""
    match = _TIME.fullmatch(stored)
    if match is None or len(stored) > 40:
        return RawKind.ERROR, stored
    days, hours, minutes, seconds = (
        float((part or "0").replace(",", ".")) for part in match.groups()[1:]
    )
    share = days + hours / 24 + minutes / 1440 + seconds / 86_400
    return RawKind.DATE, exact(-share if match[1] else share)
