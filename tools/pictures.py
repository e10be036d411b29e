"""Draws every sheet as it is printed, for ``docs/pictures.md``.

``python -m tools.pictures [FOLDER]`` needs LibreOffice (``soffice``) and poppler-utils
(``pdftoppm``).  A workbook becomes a PDF, each of its pages a PNG with few colours:
the first pages of each sheet are kept, under names such as ``blank-4-table3.png``.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from workbook_builder.definition.load import load_form
from workbook_builder.demo import demo
from workbook_builder.excel.build import build_workbook
from workbook_builder.excel.place import AUDIT, GUIDE, SIGN, TEXTS
from workbook_builder.excel.sheets.returned import NAME as RETURNED
from workbook_builder.judge import judge
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.form import Form
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import State, Value, number

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
RESOLUTION = 70
LARGEST = 60_000
"""Bytes a picture may have."""
PAGES = 2
"""Pages of a sheet that are kept."""

#: Sheet → its name in a file name.
NAMES = {
    GUIDE: "guide",
    "表二": "table2",
    "表三": "table3",
    "表四": "table4",
    TEXTS: "texts",
    AUDIT: "audit",
    SIGN: "sign",
    RETURNED: "returned",
    "总览": "overview",
    "明细": "detail",
    "层级": "tree",
    "文件": "files",
    "问题": "findings",
}

Figure = int | str | Decimal | None

TEXT = "（演示用的虚构文字。）本单位按照要求做好本项工作，本年度情况正常。"
FIGURES: Mapping[str, Figure] = {
    "proactive.normative_documents.in_force": 3,
    "proactive.licences.decisions": 12,
    "proactive.fees.amount": Decimal("3.25"),
    "applications.received.natural": 9,
    "applications.received.business": 2,
    "applications.carried_in.natural": 1,
    "applications.granted.natural": 9,
    "applications.granted.business": 2,
    "applications.carried_out.natural": 1,
    "disputes.review.upheld": 1,
}
MISTAKES: Mapping[str, Figure] = {
    "applications.received.natural": 12,
    "applications.granted.research": "12件",
    "applications.carried_in.natural": 0,
    "proactive.regulations.issued": 1,
    "disputes.direct.pending": None,
}
LAST_YEAR = {
    "applications.carried_out.natural": 1,
    "applications.carried_out.business": 0,
    "proactive.normative_documents.in_force": 3,
    "proactive.licences.decisions": 11,
}


class Missing(Exception):
    """A program that is needed is not installed."""


# ---------------------------------------------------------------- samples


def samples(form: Form) -> Iterator[tuple[str, bytes]]:
    """A unit's workbook as it is sent out, filled in, with errors, and sent back."""
    campaign = Campaign(
        id="2025-pictures",
        form=form.id,
        edition=form.edition,
        year=2025,
        district="示例区人民政府办公室",
        contact="联系人",
        phone="000-0000",
        key="pictures",
    )
    unit = Unit("SL01", "示例街道办事处", type="街道")
    before = {id_: Decimal(figure) for id_, figure in LAST_YEAR.items()}

    def workbook(answers: Answers) -> bytes:
        return build_workbook(form, unit, campaign, answers, last_year=before)

    wrong = workbook(answers(form, {**FIGURES, **MISTAKES}))
    submission = judge("errors.xlsx", wrong)
    yield "blank", build_workbook(form, unit, campaign)
    yield "filled", workbook(answers(form, FIGURES))
    yield "errors", wrong
    yield (
        "returned",
        build_workbook(
            form,
            unit,
            campaign,
            submission.answers,
            last_year=before,
            findings=submission.findings,
        ),
    )


def answers(form: Form, figures: Mapping[str, Figure]) -> Answers:
    """Zeros but for these figures, and every text; a None leaves a blank."""
    typed = {**{cell.id: 0 for cell in form.inputs}, **figures}
    return Answers(
        values={id_: _value(each) for id_, each in typed.items() if each is not None},
        texts={text.id: TEXT for text in form.narratives},
    )


def _value(figure: int | str | Decimal) -> Value:
    if isinstance(figure, str):
        return Value(State.TEXT, text=figure)
    return number(figure)


def summary(folder: Path) -> bytes:
    """汇总.xlsx of the demo."""
    made = demo(folder / "demo", lambda _done, _all: None)
    return (made.folder.path / "results" / "汇总.xlsx").read_bytes()


# ---------------------------------------------------------------- drawing


def draw(
    name: str, workbook: bytes, target: Path, folder: Path, only: Sequence[str] = ()
) -> list[Path]:
    """The first pages of each sheet (of ``only``), as PNG files in ``target``."""
    drawn = []
    path = folder / f"{name}.xlsx"
    path.write_bytes(workbook)
    for index, sheet in enumerate(_shown(path), 1):
        if only and sheet not in only:
            continue
        for page, picture in enumerate(_pages(path, sheet, folder)):
            part = f"-{page + 1}" if page else ""
            file = target / f"{name}-{index}-{NAMES[sheet]}{part}.png"
            file.write_bytes(picture)
            drawn.append(file)
    return drawn


def _shown(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [s.title for s in book.worksheets if s.sheet_state == "visible"]
