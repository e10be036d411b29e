"""A generated workbook is valid, uses only what every suite knows, and survives one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator
from python_calamine import CalamineWorkbook

from tests import engines, support
from tests.support import FORMS
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.answers import Answers
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Verdict
from workbook_builder.model.grid import RawBook
from workbook_builder.reading.judge import judge
from workbook_builder.workbook.build import book, build_workbook
from workbook_builder.workbook.job import LATER, OPEN, Job
from workbook_builder.workbook.place import AUDIT
from workbook_builder.workbook.plan import Formula
from workbook_builder.workbook.sheets.fit import on_one_page
from workbook_builder.workbook.sheets.guide import NOT_CHOSEN
from workbook_builder.workbook.sheets.problems import problems
from workbook_builder.workbook.sheets.verdict import status

#: Design: known to Excel 2007, WPS, LibreOffice and ONLYOFFICE alike. LEN and
#: SUBSTITUTE came in with the character count of the texts, MID with the links to
#: the first cell that fails, INDEX with references that no mouse can drag,
#: MATCH with the open problems on the first page, TRIM, CHAR and VALUE with numbers
#: that were pasted as text, ROW and COLUMN with the marks of cells.
WHITELIST = {
    *("SUM", "SUMPRODUCT", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "MIN", "MAX"),
    *("IF", "AND", "OR", "NOT", "IFERROR", "ISNUMBER", "ISTEXT", "ISBLANK"),
    *("ABS", "ROUND", "INT", "MOD", "TEXT", "HYPERLINK", "LEN", "SUBSTITUTE", "MID"),
    *("INDEX", "MATCH", "ISERROR", "LEFT", "TRIM", "CHAR", "VALUE", "ROW", "COLUMN"),
}

LAST_PERIOD = {
    "applications.carried_out.natural": 1,
    "applications.carried_out.business": 0,
    "proactive.normative_documents.in_force": 0,
    "proactive.licences.decisions": 11,
}


@cache
def sample(kind: str) -> bytes:
    """Blank, filled in, wrong, or sent back with marks."""
    form, unit, campaign = support.form(), support.unit(), support.campaign()
    if kind == "blank":
        return build_workbook(form, unit, campaign)
    if kind == "filled":
        return support.workbook(support.BUSY, last_period=LAST_PERIOD)
    spoilt: dict[str, support.Figure] = {
        "applications.received.natural": 12,
        "applications.granted.research": "12件",
        "proactive.regulations.issued": 1,
        "disputes.direct.pending": None,
    }
    wrong = support.workbook({**support.BUSY, **spoilt}, last_period=LAST_PERIOD)
    if kind == "wrong":
        return wrong
    submission = judge("x.xlsx", wrong, FORMS)
    assert submission.verdict is Verdict.REJECTED
    return build_workbook(
        form, unit, campaign, submission.answers, findings=submission.findings
    )


KINDS = ("blank", "filled", "wrong", "returned")


@pytest.mark.parametrize("kind", KINDS)
def test_it_validates_strictly_against_the_ooxml_schemas(
    kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(sample(kind))
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors
    assert not result.errors


@pytest.mark.parametrize("kind", KINDS)
def test_openpyxl_and_calamine_read_what_our_reader_reads(kind: str) -> None:
    data = sample(kind)
    ours = read_grid(data)
    theirs = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    rust = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert [sheet.name for sheet in ours.sheets] == theirs.sheetnames
    for index, sheet in enumerate(ours.sheets):
        worksheet = theirs[sheet.name]
        assert isinstance(worksheet, Worksheet)
        rows = rust.get_sheet_by_index(index).to_python(skip_empty_area=False)
        for (row, column), cell in sheet.cells.items():
            seen = worksheet.cell(row + 1, column + 1).value
            # calamine ends a sheet before trailing empty texts
            within = row < len(rows) and column < len(rows[row])
            other = rows[row][column] if within else ""
            assert _text(seen) == cell.value, (sheet.name, row, column)
            assert _text(other) == cell.value, (sheet.name, row, column)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


@pytest.mark.parametrize("kind", KINDS)
def test_only_whitelisted_functions_occur(kind: str) -> None:
    used = {
        name
        for text in _formulas(sample(kind))
        for name in re.findall(r"([A-Z.]+)\(", text)
    }
    assert used
    assert used <= WHITELIST


def _formulas(data: bytes) -> Iterator[str]:
    """Every formula: cells, validations and conditional formats."""
    with_texts = re.compile(rb"<(?:f|formula1|formula2|formula)[^>]*>([^<]*)<")
    for name, part in support.unzipped(data).items():
        if name.startswith("xl/worksheets/sheet"):
            for text in with_texts.findall(part):
                yield re.sub(r'"[^"]*"|&quot;.*?&quot;', '""', text.decode())


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["libreoffice", "onlyoffice", "gnumeric"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_stored_result_is_what_an_engine_recalculates(
    engine: str, kind: str
) -> None:
    before = read_grid(sample(kind))
    after = read_grid(engines.require(engine).recalculate(sample(kind)))
    assert _results(before) == _results(after)


def _results(book: RawBook) -> dict[tuple[str, int, int], str | float]:
    found: dict[tuple[str, int, int], str | float] = {}
    for sheet in book.sheets:
        for (row, column), cell in sheet.cells.items():
            if cell.formula is not None:
                try:
                    value: str | float = round(float(cell.value), 6)
                except ValueError:
                    value = cell.value
                found[sheet.name, row, column] = value
    return found


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["libreoffice", "onlyoffice", "gnumeric"])
def test_load_and_save_loses_no_check_and_no_figure(engine: str) -> None:
    """The same facts, findings and 核对码; every formula is still a formula."""
    data = sample("wrong")
    saved = engines.require(engine).recalculate(data)
    before, after = judge("x", data, FORMS), judge("x", saved, FORMS)
    assert after.facts == before.facts
    # Who saved the file last is no matter of the unit.
    told = [each for each in after.findings if not each.is_for_the_desk]
    assert told == list(before.findings)
    assert after.print_code == before.print_code
    assert after.answers == before.answers
    assert _results(read_grid(data)).keys() == _results(read_grid(saved)).keys()


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["libreoffice", "onlyoffice", "gnumeric"])
def test_load_and_save_keeps_validation_and_protection(engine: str) -> None:
    data = sample("blank")
    saved = engines.require(engine).recalculate(data)
    before = openpyxl.load_workbook(io.BytesIO(data))
    after = openpyxl.load_workbook(io.BytesIO(saved))
    assert after.sheetnames == before.sheetnames
    assert _validated(data) == _validated(saved)
    for name in before.sheetnames:
        old, new = before[name], after[name]
        assert isinstance(old, Worksheet)
        assert isinstance(new, Worksheet)
        assert old.protection.sheet == new.protection.sheet, name
        assert _unlocked(old) <= _unlocked(new), name
        if engine != "gnumeric":  # which shows every sheet after saving
            assert (old.sheet_state == "visible") == (new.sheet_state == "visible")


def _validated(data: bytes) -> set[tuple[str, str, str]]:
    """(sheet, cells, kind) of every validation that refuses something.

    ONLYOFFICE writes them in the 2010 extension, where openpyxl does not look.
    """
    found = set()
    names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    parts = support.unzipped(data)
    for index, name in enumerate(names, 1):
        root = ElementTree.fromstring(parts[f"xl/worksheets/sheet{index}.xml"])
        for node in root.iter():
            if node.tag.endswith("}dataValidation") and node.get("type") not in (
                None,
                "none",
            ):
                cells = node.get("sqref") or next(
                    str(child.text) for child in node if child.tag.endswith("}sqref")
                )
                found |= {(name, area, node.get("type", "")) for area in cells.split()}
    return found


def _unlocked(sheet: Worksheet) -> set[str]:
    return {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }


def test_the_same_input_gives_the_same_bytes() -> None:
    form, unit, campaign = support.form(), support.unit(), support.campaign()
    again = build_workbook(form, unit, campaign)
    assert again == sample("blank")


def test_formulas_outside_excel_2007_limits_do_not_occur() -> None:
    """8,192 characters a formula, 64 levels of brackets."""
    job = Job(support.form(), support.unit(), support.campaign(), Answers())
    for sheet in book(job).sheets:
        for item in sheet.items:
            if isinstance(item.content, Formula):
                assert len(item.content.text) < 8192
                assert _depth(item.content.text) <= 64


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        deepest = max(deepest, depth)
    return deepest


@pytest.mark.parametrize("last_period", [{}, dict.fromkeys(support.form().cells, 7)])
def test_a_blank_workbook_is_small_enough_for_any_mailbox(
    last_period: dict[str, int],
) -> None:
    data = build_workbook(
        support.form(),
        support.unit(),
        support.campaign(),
        last_period={id_: Decimal(amount) for id_, amount in last_period.items()},
    )
    assert len(data) <= 100 * 1024


#: Kind of workbook → what the first page says to go on with.
NEXT = {
    "blank": {"未填 B6", "未填 D7", "未填 A7", "未写 B10", NOT_CHOSEN, AUDIT},
    "filled": {"已填满", NOT_CHOSEN, AUDIT},
}


@pytest.mark.parametrize("kind", NEXT)
def test_the_first_page_leads_to_the_next_open_place(kind: str) -> None:
    sheet = read_grid(sample(kind)).sheet("填报说明")
    assert sheet is not None
    links = {
        cell.value
        for cell in sheet.cells.values()
        if cell.formula and cell.formula.startswith("HYPERLINK")
    }
    assert links == NEXT[kind]


def test_the_lines_begin_with_what_is_open_and_leave_out_what_cannot_fail() -> None:
    form, unit, campaign = support.form(), support.unit(), support.campaign()
    untouched = Job(form, unit, campaign)
    keys = [line.key for _, line in untouched.lines]
    found = [each.line for each in problems(untouched)]
    assert found == keys[: len(found)]
    assert {key.partition(".")[0] for key in found} == {"A6", "F1", "F12", "F13"}
    assert {
        untouched.state(line) for _, line in untouched.lines if line.key in found
    } == {OPEN}
    assert "，1 处要改正或说明" in str(status(untouched).result)
    hidden = left_out(untouched)
    assert {"B1.natural", "F14.problems"} <= hidden
    states = {
        untouched.state(line) for _, line in untouched.lines if line.key in hidden
    }
    assert states == {LATER, untouched.unknown}
    known = Job(form, unit, campaign, last_period=dict.fromkeys(form.cells, Decimal(1)))
    assert "B1.natural" not in left_out(known)
    finding = replace(catalogued("Y16", expected=AUDIT), line="F14.problems")
    returned = Job(form, unit, campaign, findings=(finding,))
    assert hidden - left_out(returned) == {"F14.problems"}


def left_out(job: Job) -> set[str]:
    """Lines of 审核 whose rows are hidden."""
    (sheet,) = [sheet for sheet in book(job).sheets if sheet.name == AUDIT]
    rows = {row for row, points in sheet.heights.items() if not points}
    places = job.layout.lines.items()
    return {key for key, place in places if place.row in rows}


def test_heads_are_printed_again_only_where_there_is_a_second_page() -> None:
    """Whole rows are dear: an office suite opens a workbook later for each of them."""
    job = Job(support.form(), support.unit(), support.campaign())
    assert [s.name for s in book(job).sheets if s.repeat_rows] == [AUDIT]
    width, row = [9.0] * 10, [20.0]
    assert on_one_page(width, row * 36, landscape=False)
    assert not on_one_page(width, row * 37, landscape=False)
    assert not on_one_page(width, row * 25, landscape=True)
    assert on_one_page(width * 2, row * 40, landscape=False)  # it is printed smaller


@pytest.mark.parametrize("kind", KINDS)
def test_no_conditional_format_looks_at_another_sheet(kind: str) -> None:
    """Excel 2007 refuses that, and later ones keep such rules in an extension."""
    rules = [
        text
        for name, part in support.unzipped(sample(kind)).items()
        if name.startswith("xl/worksheets/sheet")
        for text in re.findall(rb"<cfRule[^>]*><formula>([^<]*)", part)
    ]
    assert rules
    assert not [text for text in rules if b"!" in text]
    # LibreOffice loads all currencies to see whether this is an amount of money.
    assert not [text for text in rules if re.search(rb"[a-z]_\w*\d", text)]


def test_a_long_name_hides_neither_itself_nor_the_period() -> None:
    """Over merged cells it is printed smaller; on 粘贴页 nothing stands beside it."""
    loaded = openpyxl.load_workbook(io.BytesIO(sample("returned")))
    name = f"填报单位：{support.unit().name}"
    seen = 0
    for sheet in loaded.worksheets:
        merged = {str(block).split(":")[0] for block in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value).startswith(name):
                    smaller = cell.alignment.shrink_to_fit and cell.coordinate in merged
                    beside = sheet.iter_cols(2, None, cell.row, cell.row)
                    alone = all(each.value is None for (each,) in beside)
                    assert smaller or alone, sheet.title
                    seen += 1
    assert seen >= len([s for s in loaded.worksheets if s.sheet_state == "visible"])
