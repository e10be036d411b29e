"""macros/unit_helper.bas: run in LibreOffice (VBA mode) on workbooks as they go out.

The module may know nothing of the form: it asks the workbook, through three names.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from oletools.olevba import VBA_Scanner

from tests import support
from tests.engines import LibreOffice, require
from workbook_builder import pipeline
from workbook_builder.model.answers import Answers
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import State
from workbook_builder.workbook.build import book, build_workbook
from workbook_builder.workbook.job import FAIL, OPEN, Job
from workbook_builder.workbook.place import (
    ADDRESS_COLUMN,
    CODE,
    GUIDE,
    HELPERS,
    STATE,
    WORDS,
)
from workbook_builder.workbook.plan import Formula
from workbook_builder.workbook.sheets.helpers import (
    FILE_NAME,
    LINES_NAME,
    TARGETS_NAME,
)

FILE = Path(__file__).parent.parent / "macros" / "unit_helper.bas"
MODULE = FILE.read_text(encoding="utf-8")
CODE_LINES = [line for line in MODULE.splitlines() if not line.startswith("'")]

#: Added to the module by the tests, to see where the clerk is after a jump.
PROBE = """
Public Function Here() As String
    Here = ActiveSheet.Name & "!" & ActiveCell.Address
End Function
"""
NEXT, CLEAR, SAVE = "跳到下一处问题", "清空填报项", "另存为报送文件"

#: One sum that fails, a blank, a text where a number belongs.
WRONG: dict[str, support.Figure] = {
    **support.BUSY,
    "applications.received.natural": 12,
    "applications.granted.research": "12件",
    "disputes.direct.pending": None,
}


@cache
def libreoffice() -> LibreOffice:
    engine = require("libreoffice")
    assert isinstance(engine, LibreOffice)
    return engine


def run(data: bytes, *calls: tuple[object, ...]) -> tuple[list[object], bytes]:
    return libreoffice().run_macros(data, MODULE + PROBE, calls)


@cache
def blank() -> bytes:
    known = Answers(fields=support.fields(support.form()))
    return build_workbook(support.form(), support.unit(), support.campaign(), known)


def jobs(**figures: support.Figure) -> Job:
    answers = support.filled(support.form(), **figures)
    return Job(support.form(), support.unit(), support.campaign(), answers)


# ---------------------------------------------------------------- the text


def constant(name: str) -> str:
    found = re.search(rf"^Private Const {name} As \w+ = (.+)$", MODULE, re.MULTILINE)
    assert found, name
    return found[1].strip('"')


def test_the_names_and_columns_it_mentions_are_those_of_the_workbook() -> None:
    wanted = {"LINES": LINES_NAME, "TARGETS": TARGETS_NAME, "FILE_NAME": FILE_NAME}
    assert {name: constant(name) for name in wanted} == wanted
    columns = {"CODE_COLUMN": CODE, "WORDS_COLUMN": WORDS, "STATE_COLUMN": STATE}
    assert {name: int(constant(name)) - 1 for name in columns} == columns
    assert constant("NOT_FILLED") == OPEN
    assert f"ChrW(&H{ord(FAIL):X})" in MODULE


def test_it_mentions_no_sheet_and_no_cell_itself() -> None:
    sheets = [sheet.name for sheet in book(jobs()).sheets]
    said = "\n".join(CODE_LINES)
    assert not [name for name in sheets if f'"{name}"' in said]
    assert not re.search(r'"\$?[A-Z]{1,2}\$?\d+[":]', said)
    assert not re.search(r"\b(Cells|Range)\(\d", said)


def test_every_workbook_has_the_names_at_their_places() -> None:
    data = openpyxl.load_workbook(io.BytesIO(blank()))
    job = jobs()
    (lines,) = data.defined_names[LINES_NAME].destinations
    (targets,) = data.defined_names[TARGETS_NAME].destinations
    first, *_, last = [job.layout.lines[line.key] for _, line in job.lines]
    assert lines == (first.sheet, f"{first.absolute}:$J${last.row + 1}")
    assert targets == (HELPERS, f"$K$1:$K${len(job.form.lines)}")


def test_it_can_be_kept_as_the_editor_on_chinese_windows_reads_it() -> None:
    assert MODULE.encode("gbk").decode("gbk") == MODULE
    assert MODULE.startswith('Attribute VB_Name = "UnitHelper"\n')


def test_nothing_in_it_starts_by_itself_or_reaches_outside_the_workbook() -> None:
    found = VBA_Scanner(MODULE).scan()
    assert {(kind, word) for kind, word, _ in found} == {
        ("Suspicious", "ActiveWorkbook.SaveAs"),  # what it is there for
        ("Suspicious", "ChrW"),  # ✘ cannot be typed into a VBA editor
    }


# ---------------------------------------------------------------- 跳到下一处问题


def targets(job: Job) -> list[str]:
    """Where the lines of the 审核 sheet lead, as the workbook says."""
    (sheet,) = [sheet for sheet in book(job).sheets if sheet.name == HELPERS]
    cells = {i.row: i.content for i in sheet.items if i.column == ADDRESS_COLUMN}
    said = (cells[row] for row in sorted(cells))
    texts = (str(each.result if isinstance(each, Formula) else each) for each in said)
    return [text.replace("'", "") for text in texts]


def problems(job: Job) -> list[str]:
    """The places to go to, by Python: what fails, and what waits to be filled in."""
    blanks = [
        job.layout.cells[cell.id]
        for cell in job.form.inputs
        if job.answers.value(cell.id).state is State.BLANK
    ]
    texts = job.layout.texts.items()
    empty = [*blanks, *(p for id_, p in texts if not job.answers.texts.get(id_))]
    waiting = {f"{place.sheet}!{place.address}" for place in empty}
    states = [job.state(line) for _, line in job.lines]
    return [
        target
        for state, target in zip(states, targets(job), strict=True)
        if state == FAIL or (state == OPEN and target in waiting)
    ]


@pytest.mark.parametrize("figures", [WRONG, support.BUSY])
def test_every_line_leads_to_the_cell_it_is_about(
    figures: dict[str, support.Figure],
) -> None:
    job = jobs(**figures)
    for (_, line), target in zip(job.lines, targets(job), strict=True):
        places = [job.layout.place_of(each.place) for each in line.instances]
        if places == [None]:
            assert target == f"{GUIDE}!A1"
        else:
            assert target in {f"{p.sheet}!{p.address}" for p in places if p}


def test_it_goes_from_one_problem_to_the_next_and_round_again() -> None:
    places = problems(jobs(**WRONG))
    assert len(places) > 2
    layout = jobs().layout
    for id_ in ("applications.granted.research", "disputes.direct.pending"):
        place = layout.cells[id_]
        assert f"{place.sheet}!{place.address}" in places
    calls = [each for _ in range(len(places) + 1) for each in ((NEXT,), ("Here",))]
    returned, _ = run(support.workbook(WRONG), *calls)
    here = [str(each).replace("$", "") for each in returned[1::2]]
    assert here == [*places, places[0]]


def test_it_stays_where_it_is_when_all_is_well() -> None:
    assert problems(jobs(**support.BUSY)) == []
    returned, _ = run(
        support.workbook(support.BUSY), ("Here",), ("NextProblem",), (NEXT,), ("Here",)
    )
    assert returned[1] == 0
    assert returned[0] == returned[3]


# ---------------------------------------------------------------- 另存为报送文件

UNITS = (
    support.unit(),
    Unit("A/1", "城关镇人民政府 ", type="镇"),
    Unit("00", "“老”街道办事处：二", type="街道"),
    Unit("X" * 90, "名" * 60, type="部门"),
)


@pytest.mark.parametrize("of", UNITS, ids=lambda unit: unit.code[:5])
def test_the_standard_name_is_that_of_the_outbox(of: Unit) -> None:
    data = build_workbook(support.form(), of, support.campaign())
    returned, _ = run(data, ("StandardName",))
    assert returned == [pipeline.workbook_name(support.campaign(), support.form(), of)]


def test_it_saves_under_the_standard_name_and_never_over_another_file(
    tmp_path: Path,
) -> None:
    name = pipeline.workbook_name(support.campaign(), support.form(), support.unit())
    other, fresh = tmp_path / "other", tmp_path / "fresh"
    other.mkdir()
    fresh.mkdir()
    (other / name).write_text("somebody else's")
    data = support.workbook(support.BUSY)
    returned, _ = run(
        data,
        ("SaveInto", str(tmp_path / "nowhere")),
        ("SaveInto", str(other)),  # asks, and nobody says yes
        ("SaveInto", str(fresh)),
    )
    assert returned == [False, False, True]
    assert (other / name).read_text() == "somebody else's"
    assert [path.name for path in fresh.iterdir()] == [name]
    assert not (tmp_path / "nowhere").exists()


def test_it_asks_where_to_and_a_closed_question_saves_nothing() -> None:
    returned, after = run(support.workbook(support.BUSY), (SAVE,), ("Here",))
    assert returned[1]
    assert contents(after) == contents(
        libreoffice().recalculate(support.workbook(support.BUSY))
    )


# ---------------------------------------------------------------- 清空填报项


def contents(data: bytes) -> dict[tuple[str, str], object]:
    """Every cell with something in it, formulas by their results."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def test_it_clears_the_figures_and_nothing_else() -> None:
    layout, form = jobs().layout, support.form()
    table = form.tables[0].id
    full = support.typed(support.workbook(WRONG), {table: "是"})
    line = next(iter(layout.explanations))
    full = support.typed(full, {line: support.REASON})
    entries = {layout.cells[cell.id] for cell in form.inputs} | {
        layout.declarations[table]
    }
    filled = len(entries) - 1  # one is blank
    returned, after = run(full, ("ClearEntries",))
    assert returned == [filled]
    left = contents(after)
    assert not [place for place in entries if (place.sheet, place.address) in left]
    # What remains is what a blank workbook with the same texts and 说明 holds.
    empty = support.typed(full, dict.fromkeys([cell.id for cell in form.inputs]))
    empty = support.typed(empty, {table: None})
    assert left == contents(libreoffice().recalculate(empty))
    reason = layout.explanations[line]
    assert left[reason.sheet, reason.address] == support.REASON
    legend = [value for (sheet, _), value in left.items() if sheet == GUIDE]
    assert 12 in legend


def test_sheets_with_a_password_are_cleared_as_well() -> None:
    locked = replace(support.campaign(), password="secret")
    data = support.workbook(support.BUSY, within=locked)
    returned, after = run(data, ("ClearEntries",))
    assert returned == [len(support.form().inputs)]
    left = contents(after)
    places = [jobs().layout.cells[cell.id] for cell in support.form().inputs]
    assert not [place for place in places if (place.sheet, place.address) in left]


def test_it_asks_first_and_clears_nothing_unless_told_yes() -> None:
    data = support.workbook(support.BUSY)
    _, after = run(data, (CLEAR,))
    assert contents(after) == contents(libreoffice().recalculate(data))


def test_a_workbook_of_somebody_else_is_left_alone() -> None:
    data = support.plain_workbook("1", "2")
    returned, after = run(data, ("Here",), (NEXT,), (CLEAR,), (SAVE,), ("Here",))
    assert returned[0] == returned[-1]
    assert contents(after) == contents(data)
