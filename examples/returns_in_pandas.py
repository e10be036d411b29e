"""The returns of a campaign as a pandas table, one line for each figure.

    python examples/returns_in_pandas.py 2025年报

Needs pandas, which workbook-builder itself does not.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from workbook_builder import Folder, collect


def figures(folder: Path) -> pd.DataFrame:
    """Every figure that counts. What is no number is missing, not 0; amounts are
    ``Decimal``, and add up exactly."""
    summary = collect(Folder(folder)).summary
    names, cells = summary.roster.by_code, summary.form.cells
    lines = [
        {
            "unit": code,
            "name": names[code].name,
            "type": names[code].type,
            "cell": cell,
            "label": cells[cell].name,
            "kind": cells[cell].kind.value,
            "figure": value.number,
        }
        for code, submission in summary.counted.items()
        for cell, value in submission.facts.items()
    ]
    return pd.DataFrame(lines).dropna(subset="figure")


def main(folder: str) -> None:
    table = figures(Path(folder))
    typed = table[table["kind"] == "input"]
    sums = typed.groupby(["label", "type"], sort=False)["figure"].sum()
    wide = sums.unstack("type")  # one column for each type of unit
    print(wide[wide.sum(axis=1) > 0].to_string())


if __name__ == "__main__":
    main(sys.argv[1])
