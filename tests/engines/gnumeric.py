"""Gnumeric, through its converter ssconvert: a process a workbook, so slow.

What a test writer must know:
- ssconvert can't type: openpyxl puts the entries into the workbook first, and so loses
  what openpyxl doesn't model (extensions, drawings);
- Gnumeric saves hidden sheets as visible and loses custom document properties;
- its SUMPRODUCT takes no function of a range (LEN, INT, ISNUMBER, TRIM ...): it is
  "#VALUE!" or, worse, a wrong number.
"""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl.utils.datetime import to_excel

from ._base import Cell, EngineError, Entry, Typed, Value, load, typed

_SECONDS = 120
_EXPORTERS = {
    "xlsx": "Gnumeric_Excel:xlsx2",
    "xls": "Gnumeric_Excel:excel_biff8",
    "xls5": "Gnumeric_Excel:excel_biff7",
    "ods": "Gnumeric_OpenCalc:odf",
}


def installed() -> bool:
    """Whether ssconvert is there."""
    return shutil.which("ssconvert") is not None


class Gnumeric:
    """Workbooks are converted one by one; nothing is kept."""

    name = "gnumeric"

    def fill(self, workbook: bytes, entries: Mapping[Cell, Entry]) -> bytes:
        """The workbook saved after putting the entries in and recalculating it."""
        arrived = typed(workbook, entries)
        return self.recalculate(_put(workbook, arrived) if arrived else workbook)

    def fill_many(
        self,
        workbook: bytes,
        fills: Sequence[Mapping[Cell, Entry]],
        results: Sequence[Cell],
    ) -> list[list[Value]]:
        """The results' values after each fill, each made on the original workbook."""
        return [_read(self.fill(workbook, fill), results) for fill in fills]

    def recalculate(self, workbook: bytes) -> bytes:
        """The workbook saved after recalculating everything."""
        return self.convert(workbook, "xlsx")

    def convert(self, workbook: bytes, to: str, given: str = "xlsx") -> bytes:
        """The workbook recalculated and saved in a format of `_EXPORTERS`."""
        with tempfile.TemporaryDirectory(prefix="engine-") as folder:
            source, target = Path(folder) / f"source.{given}", Path(folder) / "target"
            source.write_bytes(workbook)
            command = ["ssconvert", "--recalc", "-T", _EXPORTERS[to]]
            done = subprocess.run(
                [*command, str(source), str(target)],
                capture_output=True,
                timeout=_SECONDS,
            )
            if done.returncode or not target.is_file():
                raise EngineError(done.stderr.decode(errors="replace"))
            return target.read_bytes()


def _put(workbook: bytes, entries: Mapping[Cell, Typed]) -> bytes:
    book = load(workbook)
    for (sheet, address), value in entries.items():
        cell = book[sheet][address]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # even where it begins with "="
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _read(workbook: bytes, results: Sequence[Cell]) -> list[Value]:
    book = load(workbook, data_only=True)
    return [_value(book[sheet][address].value) for sheet, address in results]


def _value(value: object) -> Value:
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        # openpyxl goes by the number format; the cell holds a number
        return float(to_excel(value))  # type: ignore[no-untyped-call]
    raise TypeError(f"not a plain value: {value!r}")
