"""What calamine reads: the only module that knows python-calamine.

It is fast and reads what others do not, but gives nothing for an error cell and can
end the process. So returns are read with it only in a process that may be lost, and
only where something else knows which cells there are.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Mapping
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum

from workbook_builder.formats.biff import Serial
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.grid import Position

_DAY_0 = datetime.datetime(1899, 12, 30)


def calamine_rows(data: bytes, sheet: str = "") -> list[list[Any]]:
    """The rows of the first sheet, or of one by its name; values as Python has them."""
    book = _safely(CalamineWorkbook.from_filelike, io.BytesIO(data))
    if sheet and sheet not in book.sheet_names:
        return []
    found = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
    rows: list[list[Any]] = found.to_python(skip_empty_area=False)
    return rows


def calamine_values(
    data: bytes,
) -> tuple[list[str], Callable[[int], Mapping[Position, object]]]:
    """The names of the worksheets, and what gives the values of one by its index.

    Numbers are floats, dates :class:`Serial` of the 1900 system, errors and blanks are
    both left out. Raises UnreadableFile.
    """
    book = _safely(CalamineWorkbook.from_filelike, io.BytesIO(data))
    # By index, because two sheets may have one name.
    tabs = [
        (index, sheet.name)
        for index, sheet in enumerate(book.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]

    def values(index: int) -> Mapping[Position, object]:
        cells: Mapping[Position, object] = _safely(_values, book, tabs[index][0])
        return cells

    return [name for _, name in tabs], values


def _safely(function: Callable[..., Any], *args: Any) -> Any:
    try:
        return function(*args)
    except MemoryError:
        raise
    except Exception as error:
        raise UnreadableFile("damaged", f"{type(error).__name__}: {error}") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFile("crashed", str(error)[:200]) from None


def _values(book: CalamineWorkbook, index: int) -> Mapping[Position, object]:
    sheet = book.get_sheet_by_index(index)
    top, left = sheet.start or (0, 0)
    return {
        (top + down, left + along): _plain(value)
        for down, row in enumerate(sheet.iter_rows())
        for along, value in enumerate(row)
        if value != ""
    }


def _plain(value: object) -> object:
    match value:
        case bool() | str():
            return value
        case int() | float():
            return float(value)
        case datetime.datetime():
            return Serial(_days(value - _DAY_0))
        case datetime.date():
            return Serial(_days(datetime.datetime(*value.timetuple()[:3]) - _DAY_0))
        case datetime.time():
            seconds = value.hour * 3600 + value.minute * 60 + value.second
            return Serial(seconds / 86_400 + value.microsecond / 86_400e6)
        case datetime.timedelta():
            return Serial(_days(value))
        case _:
            raise UnreadableFile("damaged", f"a value of type {type(value).__name__}")


def _days(span: datetime.timedelta) -> float:
    return span / datetime.timedelta(days=1)
