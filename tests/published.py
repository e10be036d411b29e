"""Real published reports: ``figures/*.json``, figures as printed.

Source: the 2021 report of 宝山区红旗街道办事处, the 2023 and 2024 reports of
淮安市洪泽区人民政府 and 宿迁市人民政府, and the 2019 report of 上海市人民政府办公厅, which
leaves blank what was none and prints 251000元 as an amount.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from workbook_builder.model.form import Form, Kind
from workbook_builder.model.values import State, Value, number

FIGURES = Path(__file__).parent / "figures"
NAMES = ("hongqi-2021", "hongze-2023", "hongze-2024", "suqian-2023", "suqian-2024")
#: Two reports print （六）其他处理 as one row; its figures are those of 3.其他.
ONE_ROW = " (printed as one row)"


@dataclass(frozen=True)
class Published:
    """A report: the unit and every printed figure by cell id, totals included."""

    unit: str
    unit_type: str
    year: int
    figures: dict[str, Decimal]

    def inputs(self, form: Form) -> dict[str, Decimal]:
        return {c.id: self.figures[c.id] for c in form.inputs}

    def totals(self, form: Form) -> dict[str, Decimal]:
        """What the report prints as totals, right or wrong."""
        return {
            cell.id: self.figures[cell.id]
            for cell in form.cells.values()
            if cell.kind is Kind.TOTAL
        }


def as_printed(name: str, form: Form) -> dict[str, int | str]:
    """What is printed in each cell, totals included; nothing where it is blank."""
    source = json.loads((FIGURES / f"{name}.json").read_text(encoding="utf-8"))
    printed = {
        cell.id: _figure(source, cell.row_labels, cell.column_labels)
        for cell in form.cells.values()
    }
    return {id_: figure for id_, figure in printed.items() if figure is not None}


def entered(name: str, form: Form) -> dict[str, Value]:
    """What a clerk enters who copies a report as it is printed, blanks and units too."""
    printed = as_printed(name, form)
    return {
        cell.id: number(figure)
        if isinstance(figure := printed[cell.id], int)
        else Value(State.TEXT, text=figure)
        for cell in form.inputs
        if cell.id in printed
    }


@cache
def published(name: str, form: Form) -> Published:
    """The report, each printed figure found by the labels beside and above it."""
    source = json.loads((FIGURES / f"{name}.json").read_text(encoding="utf-8"))
    printed = {
        cell.id: Decimal(str(_figure(source, cell.row_labels, cell.column_labels)))
        for cell in form.cells.values()
    }
    return Published(source["unit"], source["unit_type"], source["year"], printed)


def _figure(
    source: Any, rows: tuple[str, ...], columns: tuple[str, ...]
) -> int | str | None:
    if not rows:  # 表四 prints its figures in one line
        group, label = columns[-2:]
        return _number(source["table_4"][group][label])
    if len(rows) == 1 and rows[0] in source["table_2"]:
        return _number(source["table_2"][rows[0]][columns[-1]])
    lines = source["table_3"]["rows"]
    column = source["table_3"]["columns"].index(columns[-1])
    path = "/".join(rows)
    if path in lines:
        return _number(lines[path][column])
    if rows[-1] != "3.其他":
        return 0
    return _number(lines["/".join(rows[:-1]) + ONE_ROW][column])


def _number(value: Any) -> int | str | None:
    assert isinstance(value, int | str | None)
    return value
