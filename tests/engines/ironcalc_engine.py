"""IronCalc, a young calculation engine in Rust, in this process: by far the fastest.

What a test writer must know:
- defined names in Chinese are "#ERROR!", and SUMPRODUCT takes no function of a range
  (LEN, INT, ISNUMBER, TRIM ...): it is "#VALUE!" or, worse, a wrong number;
- a workbook that `fill` saves has lost protection, validation, comments and document
  properties, so it proves nothing about them.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl.utils.cell import coordinate_to_tuple

from ._base import Cell, Entry, Typed, Value, plan, typed

if TYPE_CHECKING:
    from ironcalc import Model


def installed() -> bool:
    """Whether IronCalc is there."""
    return importlib.util.find_spec("ironcalc") is not None


class IronCalc:
    """Workbooks are loaded afresh for each call; nothing is kept."""

    name = "ironcalc"

    def fill(self, workbook: bytes, entries: Mapping[Cell, Entry]) -> bytes:
        """The workbook saved after typing the entries and recalculating everything."""
        model = _load(workbook)
        _put(model, typed(workbook, entries).items())
        model.evaluate()
        return model.to_xlsx()

    def fill_many(
        self,
        workbook: bytes,
        fills: Sequence[Mapping[Cell, Entry]],
        results: Sequence[Cell],
    ) -> list[list[Value]]:
        """The results' values after each fill, each made on the original workbook."""
        todo = plan(workbook, fills)
        model = _load(workbook)
        at = [_position(model, cell) for cell in results]
        # Loading reads every formula: three times as long as to calculate them all.
        original = {cell: _content(model, cell) for cell in todo.cells}
        read = []
        for fill in todo.fills:
            _put(model, [(todo.cells[index], value) for index, value in fill])
            model.evaluate()
            values = (model.get_cell_value(*where) for where in at)
            read.append(["" if value is None else value for value in values])
            for index, _ in fill:
                _restore(model, todo.cells[index], *original[todo.cells[index]])
        return read

    def recalculate(self, workbook: bytes) -> bytes:
        """The workbook saved after recalculating everything."""
        return self.fill(workbook, {})


def _load(workbook: bytes) -> Model:
    import ironcalc

    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        path = Path(folder) / "source.xlsx"
        path.write_bytes(workbook)
        return ironcalc.load_from_xlsx(str(path), "en", "Asia/Shanghai", "en")


def _position(model: Model, cell: Cell) -> tuple[int, int, int]:
    names = [sheet["name"] for sheet in model.get_worksheets_properties()]
    row, column = coordinate_to_tuple(cell[1])
    return names.index(cell[0]), row, column


def _put(model: Model, entries: Iterable[tuple[Cell, Typed]]) -> None:
    for cell, value in entries:
        at = _position(model, cell)
        if value is None:
            model.clear_cell_contents(*at)
        elif isinstance(value, bool):
            model.update_cell_with_bool(*at, value)
        elif isinstance(value, str):
            model.update_cell_with_text(*at, value)
        else:
            model.update_cell_with_number(*at, value)


def _content(model: Model, cell: Cell) -> tuple[str | None, Typed]:
    """What stands in a cell: its formula, or else its value."""
    at = _position(model, cell)
    return model.get_cell_formula(*at), model.get_cell_value(*at)


def _restore(model: Model, cell: Cell, formula: str | None, value: Typed) -> None:
    if formula is None:
        _put(model, [(cell, value)])
    else:
        model.update_cell_with_formula(*_position(model, cell), formula)
