"""Reports as units published them, where they lie beside the checkout.

They are other people's documents: none of them is part of the project. Tests that need
them are skipped where they are not there.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from workbook_builder.definition.registry import Forms
from workbook_builder.documents.read import read_document
from workbook_builder.model.form import Cell, Form
from workbook_builder.model.published_report import PublishedReport
from workbook_builder.published.read import read
from workbook_builder.published.words import words

FOLDER = Path(__file__).parent.parent.parent / "shared" / "reports"
needed = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="no reports beside the checkout"
)

#: File → the name of its figures, empty where nobody wrote them down.
FILES = {
    "files/pt-2024-page.html": "pt-2024",
    "files/pt-2024-glued.txt": "pt-2024",
    "files/pt-2022-glued.txt": "pt-2022",
    "files/pt-2021-glued.txt": "pt-2021",
    "files/pt-2020-glued.txt": "pt-2020",
    "files/ptcj-2019-glued.txt": "",
    "files/kewei-2024.md": "kewei-2024",
    "files/hongqi-2021.txt": "hongqi-2021",
    "files/shanghai-office-2019.html": "shanghai-office-2019",
    "files/template-2021.docx": "",
    "derived/suqian-2023.docx": "suqian-2023",
    "derived/suqian-2023.odt": "suqian-2023",
    "derived/suqian-2023.html": "suqian-2023",
    "derived/suqian-2023.doc": "suqian-2023",
    "derived/suqian-2023.pdf": "suqian-2023",
    "files/hongze-2023.pdf": "hongze-2023",
    "files/hongze-2024.pdf": "hongze-2024",
}
ABSENT = "absent"


@cache
def forms() -> tuple[Form, ...]:
    """Every edition of the form there is."""
    return Forms.shipped().all_of("disclosure")


def form_of(report: PublishedReport) -> Form:
    return next(form for form in forms() if form.edition == report.edition)


@cache
def report(file: str) -> PublishedReport:
    """What is read of a file."""
    return read(read_document((FOLDER / file).read_bytes()), forms())


@cache
def figures(name: str) -> dict[str, Any]:
    text = (FOLDER / "truth" / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def printed(name: str, cell: Cell) -> Decimal | str | None:
    """What a report prints in a cell: a number, other words, None for nothing, or
    ABSENT where it has no such cell."""
    known = figures(name)
    if not cell.row_labels:
        return _figure(known["table_4"][cell.column_labels[-2]], cell)
    row, column = words(cell.row_labels[-1]).core, cell.column_labels[-1]
    for label, line in known["table_2"].items():
        if len(cell.row_labels) == 1 and words(label).core.endswith(
            row.removeprefix("行政") if "规范性" in row else row
        ):
            return _figure(line, cell)
    path = "/".join(cell.row_labels)
    if path not in known["table_3"]["rows"]:
        return ABSENT
    at = known["table_3"]["columns"].index(column)
    return _number(known["table_3"]["rows"][path][at])


def _figure(line: dict[str, Any], cell: Cell) -> Decimal | str | None:
    return _number(line.get(cell.column_labels[-1], ABSENT))


def _number(figure: Any) -> Decimal | str | None:
    try:
        return None if figure is None else Decimal(str(figure))
    except InvalidOperation:
        return str(figure)
