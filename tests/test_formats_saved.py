"""The same workbook, saved by every engine in every format it writes: judged alike.

What an engine or a format loses on its way is listed, and the list is exact: a loss
that is mended fails here until the list is changed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import pytest
import xlsxwriter

from tests import support
from tests.engines import require
from tests.engines._base import Converter
from tests.support import (
    BUSY,
    codes,
    expected,
    judged,
    typed,
    unzipped,
    workbook,
    zipped,
)
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.finding import Verdict
from workbook_builder.model.grid import Position, RawCell, RawKind
from workbook_builder.model.submission import Submission

pytestmark = pytest.mark.engine

SAVED = [
    ("libreoffice", "xlsx"),
    ("libreoffice", "xls"),
    ("libreoffice", "ods"),
    ("onlyoffice", "xlsx"),
    ("onlyoffice", "xlsm"),
    ("onlyoffice", "xlsb"),
    ("onlyoffice", "xls"),
    ("onlyoffice", "ods"),
    ("gnumeric", "xlsx"),
    ("gnumeric", "xls"),
    ("gnumeric", "xls5"),
    ("gnumeric", "ods"),
]
#: ONLYOFFICE's .ods lacks the cell right of a label that spans three columns.
LOST_BY_ONLYOFFICE = {
    "applications.received.natural",
    "applications.carried_in.natural",
    "applications.carried_out.natural",
}
#: Gnumeric's Excel 5 format has no Chinese: sheet names become question marks.
WITHOUT_CHINESE = ("gnumeric", "xls5")
WITH_LOSS = ("onlyoffice", "ods")
#: Gnumeric's .ods has texts as they are shown, with the mark of the cell's format.
AS_FORMATTED = ("gnumeric", "ods")


def converter(name: str) -> Converter:
    engine = require(name)
    assert isinstance(engine, Converter)
    return engine


@cache
def saved(name: str, kind: str, data: bytes) -> bytes:
    return converter(name).convert(data, kind)


@cache
def accepted() -> bytes:
    return workbook(BUSY)


@cache
def faulty() -> bytes:
    """A text for a number, an error, a blank, a wrong sum, two totals typed over."""
    return typed(
        workbook({**BUSY, "applications.received.other": 5}),
        {
            "proactive.licences.decisions": "12件",
            "proactive.penalties.decisions": support.Raw("e", "<v>#REF!</v>"),
            "disputes.direct.upheld": None,
            "disputes.review.total": 1,
            "disputes.after_review.total": 7,
        },
    )


@pytest.mark.parametrize(("name", "kind"), SAVED)
def test_an_accepted_return_is_accepted_in_every_format(name: str, kind: str) -> None:
    data = saved(name, kind, accepted())
    submission = judged(data, expected())
    if (name, kind) == WITHOUT_CHINESE:
        assert codes(submission.findings) == ["R03"]
        return
    whole = judged(accepted(), expected())
    if (name, kind) == WITH_LOSS:
        assert submission.verdict is Verdict.REJECTED
        blank = [c for f in submission.findings if f.code == "A6" for c in f.cells]
        assert set(blank) == LOST_BY_ONLYOFFICE
        return
    assert submission.findings == ()
    assert submission.verdict is Verdict.ACCEPTED
    assert submission.facts == whole.facts
    assert submission.answers == whole.answers
    assert submission.print_code == whole.print_code
    assert submission.stamp == whole.stamp


KEPT = [each for each in SAVED if each not in (WITHOUT_CHINESE, WITH_LOSS)]


@pytest.mark.parametrize(("name", "kind"), KEPT)
def test_a_faulty_return_has_the_same_findings_in_every_format(
    name: str, kind: str
) -> None:
    whole = judged(faulty(), expected())
    assert {"A6", "Y15"} <= set(codes(whole.findings))
    assert whole.verdict is Verdict.REJECTED
    submission = judged(saved(name, kind, faulty()), expected())
    said = _said(submission)
    if (name, kind) == AS_FORMATTED:
        assert said != _said(whole)
        said = [tuple(_without_mark(part) for part in line) for line in said]
    assert said == _said(whole)
    if (name, kind) != AS_FORMATTED:
        assert submission.facts == whole.facts
    assert submission.print_code == whole.print_code


def _without_mark(part: object) -> object:
    return part.replace("✘12件", "12件") if isinstance(part, str) else part


def _said(submission: Submission) -> list[tuple[object, ...]]:
    return [
        (f.code, f.cell, f.sheet, f.address, f.seen, f.expected, f.message.zh)
        for f in submission.findings
        if not f.code.startswith("X")  # what was done to the file differs
    ]


# ---------------------------------------------------------------- cell by cell


ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


@cache
def probe() -> bytes:
    """Every kind of cell; errors typed (column A) and calculated (column B)."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("各种格")
    for row, name in enumerate(ERRORS):
        sheet.write_formula(row, 0, "=1", None, name)
        sheet.write_formula(row, 1, f"={name}", None, name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, number in enumerate((59237.2449, 0.1, -0.07, 1e-7, 12345678901234, 0)):
        sheet.write_number(row, 2, number)
    sheet.write_number(6, 2, 45000, day)
    sheet.write_number(7, 2, 0.12, book.add_format({"num_format": "0.00%"}))
    for row, text in enumerate(("12", "甲\n乙", "=1+1", "#REF!", "<&>'")):
        sheet.write_string(row, 3, text)
    sheet.write_boolean(5, 3, True)
    sheet.write_formula(6, 3, '=""', None, "")
    sheet.write_formula(7, 3, "=1=1", None, True)
    hidden = book.add_worksheet("隐藏")
    hidden.write_number(0, 0, 1)
    hidden.hide()
    book.close()
    parts = unzipped(made.getvalue())
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(b"<f>1</f>", b"")
    return zipped(parts)


def _plain(cell: RawCell) -> tuple[object, ...]:
    """A cell as all formats can tell it."""
    number = cell.kind in (RawKind.NUMBER, RawKind.DATE, RawKind.PERCENT)
    value = Decimal(repr(float(cell.value))) if number else cell.value
    return cell.kind, value, cell.formula is not None, cell.has_result


def _told(data: bytes) -> dict[Position, tuple[object, ...]]:
    return {at: _plain(cell) for at, cell in read_grid(data).sheets[0].cells.items()}


@pytest.mark.parametrize(("name", "kind"), SAVED)
def test_every_kind_of_cell_is_the_same_in_every_format(name: str, kind: str) -> None:
    told, wanted = _told(saved(name, kind, probe())), _told(probe())
    wanted[6, 3] = (RawKind.TEXT, "", True, True)  # calculated now
    if name == "libreoffice":  # makes a formula of a typed TRUE
        wanted[5, 3] = (RawKind.BOOLEAN, "TRUE", True, True)
    if (name, kind) == WITHOUT_CHINESE:
        wanted[1, 3] = (RawKind.TEXT, "?\n?", False, True)
    if name in {"libreoffice", "gnumeric"}:  # make a formula of a typed error
        wanted = {at: said for at, said in wanted.items() if at[1] != 0}
        errors = {row: told.pop((row, 0), None) for row in range(len(ERRORS))}
        for row, error in enumerate(ERRORS):
            said = errors[row]
            assert said is not None
            assert said[:2] == (RawKind.ERROR, error)
    assert told == wanted


@pytest.mark.parametrize(("name", "kind"), SAVED)
def test_hidden_sheets_stay_hidden_in_every_format(name: str, kind: str) -> None:
    states = [sheet.state for sheet in read_grid(saved(name, kind, probe())).sheets]
    # Gnumeric saves hidden sheets of an .xlsx as visible.
    shown = (name, kind) == ("gnumeric", "xlsx")
    assert states == ["visible", "visible" if shown else "hidden"]


# ---------------------------------------------------------------- a second opinion


def test_libreoffice_reads_the_xlsb_and_says_the_same() -> None:
    data = saved("onlyoffice", "xlsb", accepted())
    back = converter("libreoffice").convert(data, "xlsx", "xlsb")
    assert judged(back, expected()).facts == judged(data, expected()).facts


TABLES: Mapping[str, str] = {"xls": "xls", "ods": "ods", "xlsb": "xlsb"}


@pytest.mark.parametrize("kind", TABLES)
def test_a_saved_file_cut_anywhere_is_unreadable(kind: str) -> None:
    data = saved("onlyoffice", kind, accepted())
    for eighth in range(1, 8):
        submission = judged(data[: len(data) * eighth // 8], expected())
        assert submission.verdict is Verdict.UNREADABLE
        assert codes(submission.findings) == ["R03"]


#: How a figure is written, and whether it can be taken as it stands.
LOOKS: tuple[tuple[dict[str, object], str], ...] = (
    ({}, ""),
    ({"font_strikeout": True}, "runs"),
    ({"font_color": "#FFFFFF"}, "runs"),
    ({"font_color": "#FFFFF0", "bg_color": "#FFFBE0"}, "runs"),
    ({"font_size": 2}, "runs"),
    ({"font_script": 1}, "runs"),
    ({"align": "fill"}, "runs"),
    ({"font_color": "#FFFFFF", "bg_color": "#1F4E78"}, ""),
    ({"font_color": "#FF0000"}, ""),
    ({"bold": True, "bg_color": "#FFFF00"}, ""),
    ({"num_format": '0"万"'}, "format"),
    ({"num_format": "0"}, ""),
    ({"num_format": ";;;"}, "format"),
)
#: A format that shows another number and any text as it is.
OF_NUMBERS = {"num_format": '0"万"'}
#: Of these looks a part of a text is, and whether that is noticed.
RUNS = {1: "runs", 5: "runs", 2: "runs", 4: "runs", 8: "", 9: ""}
#: Raised figures and repeated ones, which a suite does not keep in these formats.
NOT_KEPT = {"libreoffice": ({5}, set[int]()), "onlyoffice": ({6}, {6}), "": ((), ())}


@cache
def marked() -> bytes:
    """Figures and figures as texts in odd fonts; runs, a merge and lines without size."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("S")
        styles = [book.add_format(look) for look, _ in LOOKS]
        for column, style in enumerate(styles):
            sheet.write_number(0, column, 31, style)
            sheet.write_string(1, column, "31", style)
        for column, odd in enumerate(RUNS):
            sheet.write_rich_string(2, column, styles[odd], "3", styles[0], "1")
        sheet.merge_range("D4:E5", 1)
        sheet.write_number(4, 4, 5)
        sheet.set_row(6, 0)
        sheet.write_number(6, 0, 1)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        ("", "xlsx"),
        ("libreoffice", "xls"),
        ("libreoffice", "ods"),
        ("onlyoffice", "xlsb"),
    ],
)
def test_figures_that_are_struck_out_or_cannot_be_seen(engine: str, kind: str) -> None:
    data = marked()
    if engine:
        converter = require(engine)
        assert isinstance(converter, Converter)
        data = converter.convert(data, kind)
    (sheet,) = read_grid(data).sheets
    for row, lost in enumerate(NOT_KEPT[engine]):
        for column, (look, unlike) in enumerate(LOOKS):
            of_text = "" if row and look == OF_NUMBERS else unlike
            wanted = "" if column in lost else of_text
            assert sheet.cells[row, column].unlike == wanted, (row, LOOKS[column])
    runs = [sheet.cells[2, at].unlike for at in range(len(RUNS))]
    assert runs == [*RUNS.values()]
    assert sheet.merged == (((3, 3), (4, 4)),)
    assert sheet.cells[4, 4].value == "5"
    assert sheet.hidden.rows == {6}
