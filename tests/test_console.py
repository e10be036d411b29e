"""The console: what ``console`` writes, and what its button does, on real xlwings books.

Excel itself cannot run here; what stands in its place is tests/remote_book.py.
"""

from __future__ import annotations

import ast
import io
import os
import re
import runpy
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

import click
import openpyxl
import pytest
import xlwings as xw
from oletools.olevba import VBA_Parser
from openxml_audit import OpenXmlValidator
from xlwings.utils import fullname_url_to_local_path

from tests import engines, support
from tests.remote_book import Excel
from tests.support import subcommands
from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.cli import application
from workbook_builder.commands.console import WITH_EXCEL
from workbook_builder.commands.every import COMMANDS, load
from workbook_builder.commands.offered import operations
from workbook_builder.console import actions
from workbook_builder.console.book import MOST, console_book
from workbook_builder.console.making import macros_root, make_console, vba_project
from workbook_builder.console.operations import Operation
from workbook_builder.console.places import (
    ACTION,
    ANSWER,
    BLANKS,
    BOARD_GRID,
    CATALOGUE,
    CHOSEN,
    CURRENT,
    FILE,
    FINDINGS_GRID,
    FIRST_BLANK,
    FOLDER,
    FORM,
    GRIDS,
    HEAD_ROW,
    MACRO,
    MESSAGE,
    NAME,
    OPEN,
    PROGRESS,
    PYTHON,
    RESULTS_GRID,
    SETTINGS,
    STATE,
    STATUS,
    STILL_OPEN,
    SUMMARY,
    TOTALS_GRID,
    VERSION,
    Action,
    Grid,
    fingerprint,
)
from workbook_builder.console.rows import LONGEST_TARGET, link, on_disk, opening
from workbook_builder.model.layout import Place
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.workbook.place import place
from workbook_builder.workbook.write import write

HOSTILE = '=HYPERLINK("http://example.invalid","点")'


@cache
def console(interpreter: str = "") -> bytes:
    """The console as it is written, its bytes."""
    known = support.campaign(), support.form(), vba_project(), interpreter
    return write(console_book(*known, operations(COMMANDS, load)))


def press(excel: Excel, action: Action | str, campaign: Path) -> str:
    """Chooses an action, presses the button; what the console says then."""
    excel.put(ACTION.sheet, ACTION.address, getattr(action, "value", action))
    excel.put(FOLDER.sheet, FOLDER.address, str(campaign))
    remote = excel.as_remote()
    actions.run(remote)
    excel.apply(remote)
    assert not shown(excel, PROGRESS)
    return shown(excel, MESSAGE)


def shown(excel: Excel, at: Place) -> str:
    value = excel.book[at.sheet][at.address].value
    return "" if value is None else str(value)


def entries(excel: Excel, grid: Grid) -> list[dict[str, object]]:
    """A list as it stands in the sheet: head → content."""
    heads = [column.head for column in grid.columns]
    rows = excel.book[grid.sheet].iter_rows(min_row=HEAD_ROW + 2, values_only=True)
    filled = [row[: len(heads)] for row in rows if any(row)]
    return [dict(zip(heads, row, strict=True)) for row in filled]


@pytest.fixture
def campaign(tmp_path: Path) -> Folder:
    """U1 is fine, U2 does not balance, U3 returned nothing; and a broken file."""
    return support.folder(
        tmp_path / "2025年报",
        support.roster("U1", "U2", "U3"),
        {
            "一.xlsx": support.workbook(support.BUSY, support.unit("U1", "Q")),
            "二 #2.xlsx": support.workbook(
                {**support.BUSY, "applications.received.natural": 12},
                support.unit("U2", "Q"),
            ),
            "坏.xlsx": b"PK\x03\x04 nothing",
        },
    )


# ---------------------------------------------------------------- what is written


def test_the_vba_project_is_the_one_xlwings_ships() -> None:
    shipped = Path(str(files("xlwings"))) / "quickstart_standalone.xlsm"
    with zipfile.ZipFile(shipped) as archive:
        theirs = archive.read("xl/vbaProject.bin")
    assert support.unzipped(console())["xl/vbaProject.bin"] == theirs


def test_no_macro_starts_by_itself_and_the_button_starts_one_that_is_there() -> None:
    parser = VBA_Parser("console.xlsm", console())
    found = parser.analyze_macros()
    assert found
    assert [each for each in found if each[0] == "AutoExec"] == []
    code = "\n".join(each[3] for each in parser.extract_macros())
    assert f"Sub {MACRO}()" in code
    assert '".main()"' in code
    drawings = [
        part.decode()
        for name, part in support.unzipped(console()).items()
        if name.endswith(".vml")
    ]
    macros = [
        name for part in drawings for name in re.findall(r"<x:FmlaMacro>(.*?)<", part)
    ]
    assert macros == [f"[0]!{MACRO}"] * 2  # on 控制台 and on 操作


def test_it_validates_against_the_ooxml_schemas(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.xlsm"
    path.write_bytes(console())
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors


def test_the_same_campaign_gives_the_same_bytes() -> None:
    first = console("C:\\Python\\python.exe")
    console.cache_clear()
    assert console("C:\\Python\\python.exe") == first != console()


def test_it_is_a_macro_workbook_whose_drop_down_offers_every_action() -> None:
    book = openpyxl.load_workbook(io.BytesIO(console()), keep_vba=True)
    sheet = book[ACTION.sheet]
    (validation,) = sheet.data_validations.dataValidation
    assert str(validation.sqref) == ACTION.address
    wanted = ",".join(action.value for action in Action)
    assert validation.formula1 == f'"{wanted}"'
    kinds = support.unzipped(console())["[Content_Types].xml"].decode()
    assert "application/vnd.ms-excel.sheet.macroEnabled.main+xml" in kinds


@pytest.mark.parametrize("interpreter", ["", "D:\\软件\\python.exe"])
def test_the_settings_of_xlwings_lead_to_the_python_in_the_sheet(
    interpreter: str,
) -> None:
    data = console(interpreter)
    stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[SETTINGS]
    formulas = openpyxl.load_workbook(io.BytesIO(data))[SETTINGS]
    settings = {row[0]: row[1] for row in stored.iter_rows(values_only=True)}
    assert settings["INTERPRETER_WIN"] == settings["INTERPRETER_MAC"]
    assert (settings["INTERPRETER_WIN"] or "") == interpreter
    assert formulas["B1"].value == f"='{PYTHON.sheet}'!{PYTHON.absolute}&\"\""
    assert stored[VERSION.address].value == fingerprint()
    assert stored.sheet_state == "veryHidden"


def test_every_list_has_its_heads_and_room_for_many_entries() -> None:
    book = openpyxl.load_workbook(io.BytesIO(console()))
    for grid in GRIDS:
        heads = [cell.value for cell in book[grid.sheet][HEAD_ROW + 1]]
        assert heads == [column.head for column in grid.columns]
        areas = [str(area.sqref) for area in book[grid.sheet].conditional_formatting]
        assert all(area.endswith(str(HEAD_ROW + MOST + 1)) for area in areas)
        assert areas
        assert book[grid.sheet].auto_filter.ref is None


def test_the_module_is_small_and_calls_what_there_is() -> None:
    module = macros_root() / f"{NAME}.py"
    tree = ast.parse(module.read_text(encoding="utf-8"))
    (main,) = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert (main.name, main.args.args) == ("main", [])
    run = runpy.run_path(str(module))
    assert run["press_button"] is actions.press_button
    assert run["run_beside"] is actions.run_beside


def test_the_macro_reaches_the_sheets_through_the_module(
    campaign: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``SampleCall`` does: the module beside the workbook, by name, its main()."""
    workbook, module, _ = make_console(campaign, operations(COMMANDS, load))
    monkeypatch.chdir(campaign.path)
    excel = Excel(workbook.read_bytes())
    remote = excel.as_remote()
    monkeypatch.setattr(xw.Book, "_mock_caller", remote, raising=False)
    runpy.run_path(str(module))["main"]()
    excel.apply(remote)
    assert shown(excel, MESSAGE).startswith("应报 3 个单位，已报 2 个")


@pytest.mark.skipif(sys.platform in WITH_EXCEL, reason="Excel might really open")
def test_without_excel_the_module_says_so_in_a_sentence(campaign: Folder) -> None:
    module = make_console(campaign, operations(COMMANDS, load))[1]
    done = subprocess.run(
        [sys.executable, str(module)], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert done.stderr.startswith("无法打开 Excel")
    assert "Traceback" not in done.stderr


def test_console_writes_its_files_beside_each_other(campaign: Folder) -> None:
    written = make_console(campaign, operations(COMMANDS, load))
    names = [path.relative_to(campaign.path).as_posix() for path in written]
    assert names == [f"{NAME}.xlsm", f"{NAME}.py", "可选的宏/unit_helper.bas"]
    assert written[0].read_bytes() == console()
    helper = written[2].read_bytes()
    text = (macros_root() / "unit_helper.bas").read_text(encoding="utf-8")
    assert helper.decode("gbk") == text.replace("\n", "\r\n")


def test_a_console_with_entries_is_put_aside_when_it_is_written_again(
    campaign: Folder,
) -> None:
    path = make_console(campaign, operations(COMMANDS, load))[0]
    path.write_bytes(b"the clerk's")
    make_console(campaign, operations(COMMANDS, load))
    (aside,) = (campaign.path / "以前的版本").iterdir()
    assert aside.read_bytes() == b"the clerk's"
    assert path.read_bytes() == console()


# ---------------------------------------------------------------- 收取并汇总


def test_collecting_fills_the_sheets(campaign: Folder) -> None:
    excel = Excel(console())
    said = press(excel, Action.COLLECT, campaign.path)
    assert said.startswith("应报 3 个单位，已报 2 个，计入汇总 1 个；收到 3 个文件。")
    board = entries(excel, BOARD_GRID)
    assert [(row["单位代码"], row[STATE], row["待处理问题"]) for row in board] == [
        ("U1", "通过", 0),
        ("U2", "退回", 2),
        ("U3", "未报", None),
        (None, "无法读取", 1),
    ]
    assert [row["报送文件"] for row in board] == [
        "一.xlsx",
        "二 #2.xlsx",
        None,
        "坏.xlsx",
    ]
    assert "问题 3 个" in str(
        excel.book[FINDINGS_GRID.sheet].cell(STATUS[0] + 1, 1).value
    )
    summary = campaign.results / pipeline.SUMMARY
    assert summary.is_file()
    assert shown(excel, SUMMARY) == f'=HYPERLINK("{summary}","打开汇总表")'


def test_the_findings_lead_to_the_cell_in_the_file(campaign: Folder) -> None:
    excel = Excel(console())
    press(excel, Action.COLLECT, campaign.path)
    balance, _, unreadable = entries(excel, FINDINGS_GRID)
    assert balance["单位"] == "示例街道办事处U2"
    assert (balance["代码"], balance["级别"], balance[OPEN]) == (
        "A1",
        "强制",
        STILL_OPEN,
    )
    file = campaign.inbox / "二 #2.xlsx"
    spot = f"'{balance['工作表']}'!{balance['单元格']}"
    assert balance["打开"] == f'=HYPERLINK("[{file}]{spot}","打开")'
    collected = pipeline.collect(campaign).submissions[1]
    finding = next(each for each in collected.findings if each.is_open)
    assert balance["问题"] == finding.message.zh
    assert balance["处理意见"] == finding.desk.zh
    assert unreadable["打开"] == f'=HYPERLINK("{campaign.inbox / "坏.xlsx"}","打开")'


def test_files_in_an_archive_are_opened_through_it(campaign: Folder) -> None:
    wrong = {**support.BUSY, "applications.received.natural": 12}
    whole = {
        "三.xlsx": support.workbook(wrong, support.unit("U3", "Q")),
        f"{'长' * 100}.txt": b"",
    }
    support.deliver(campaign, "打包.zip", support.zipped(whole), hour=9)
    excel = Excel(console())
    press(excel, Action.COLLECT, campaign.path)
    row = entries(excel, BOARD_GRID)[2]
    assert (row[STATE], row["报送文件"]) == ("退回", "打包.zip/三.xlsx")
    archive = f'=HYPERLINK("{campaign.inbox / "打包.zip"}","打开")'
    assert row["打开"] == archive
    findings = entries(excel, FINDINGS_GRID)
    assert archive in [each["打开"] for each in findings if each["代码"] == "A1"]
    excel.put(BOARD_GRID.sheet, f"A{HEAD_ROW + 4}", "√")
    said = press(excel, Action.CHECK, campaign.path).splitlines()
    assert said[0] == "三.xlsx：退回"
    assert len(said) == 3


def test_a_file_that_is_nowhere_has_no_link() -> None:
    assert on_disk(Path(f"/nowhere/{'长' * 400}.xlsx")) is None
    assert opening(Path("/nowhere/a.xlsx"), "表三", "D7") == ""


def test_many_checked_files_are_counted(campaign: Folder) -> None:
    files = {f"{n}.xlsx": support.workbook(support.BUSY) for n in range(20)}
    support.deliver(campaign, "打包.zip", support.zipped(files), hour=9)
    excel = Excel(console())
    excel.put(FILE.sheet, FILE.address, "打包.zip")
    said = press(excel, Action.CHECK, campaign.path).splitlines()
    assert len(said) == actions.MOST_TOLD + 2
    assert said[-2] == "……共 20 个文件"


def test_the_totals_are_those_of_the_tally_cell_by_cell(campaign: Folder) -> None:
    excel = Excel(console())
    press(excel, Action.COLLECT, campaign.path)
    rows = entries(excel, TOTALS_GRID)
    totals = pipeline.collect(campaign).nodes["Q"].totals
    layout = place(support.form())
    assert len(rows) == len(support.form().cells)
    for row, (id_, cell) in zip(rows, support.form().cells.items(), strict=True):
        assert row["单元格"] == layout.cells[id_].address
        assert row["表"] == layout.cells[id_].sheet
        assert row["合计"] == totals[id_], id_
        assert row["计量单位"] == cell.type.unit
    assert Decimal(str(by_id(rows, "proactive.fees.amount"))) == Decimal("3.25")


def by_id(rows: list[dict[str, object]], id_: str) -> object:
    return rows[list(support.form().cells).index(id_)]["合计"]


def test_collecting_again_leaves_nothing_of_the_time_before(campaign: Folder) -> None:
    excel = Excel(console())
    press(excel, Action.COLLECT, campaign.path)
    for path in campaign.inbox.iterdir():
        path.unlink()
    said = press(excel, Action.COLLECT, campaign.path)
    # What came is on record, and no figure of it is left.
    assert said.startswith("应报 3 个单位，已报 2 个，计入汇总 0 个；收到 0 个文件")
    states = [str(row[STATE]) for row in entries(excel, BOARD_GRID)]
    assert sorted(states) == ["文件不在", "文件不在", "未报"]
    assert entries(excel, FINDINGS_GRID) == []
    assert {row["合计"] for row in entries(excel, TOTALS_GRID)} == {None}


def test_nothing_a_unit_typed_becomes_a_formula_or_a_number(tmp_path: Path) -> None:
    units = Roster(
        (Unit("Q", "示例区"), Unit("007", HOSTILE, "Q"), Unit("1E5", "+1", "Q"))
    )
    wrong: Mapping[str, support.Figure] = {
        **support.BUSY,
        "applications.received.natural": HOSTILE,
    }
    made = support.folder(
        tmp_path / "c",
        units,
        {"=1+1.xlsx": support.workbook(wrong, units.by_code["007"])},
    )
    excel = Excel(console())
    press(excel, Action.COLLECT, made.path)
    board = entries(excel, BOARD_GRID)
    assert [row["单位代码"] for row in board] == ["007", "1E5"]
    assert [row["单位名称"] for row in board] == [HOSTILE, "+1"]
    assert board[0]["报送文件"] == "=1+1.xlsx"
    links = {"打开", "退回件"}
    for grid in (BOARD_GRID, FINDINGS_GRID):
        for row in excel.book[grid.sheet].iter_rows(min_row=HEAD_ROW + 2):
            for column, cell in zip(grid.columns, row, strict=False):
                assert cell.data_type != "f" or column.head in links, cell


def test_many_units_show_their_progress_but_not_too_often(tmp_path: Path) -> None:
    made = support.folder(
        tmp_path / "c", support.roster(*(f"U{n}" for n in range(300)))
    )
    for number in range(300):
        support.deliver(made, f"{number}.txt", b"")
    excel = Excel(console())
    excel.put(FOLDER.sheet, FOLDER.address, str(made.path))
    remote = excel.as_remote()
    actions.run(remote)
    told = [
        action["values"][0][0]
        for action in remote.json()["actions"]
        if action["func"] == "setValues" and action["start_row"] == PROGRESS.row
    ]
    told = [text for text in told if text]
    assert "正在收取：300 / 300" in told
    assert 90 <= len(told) <= 101
    excel.apply(remote)
    assert len(entries(excel, BOARD_GRID)) == 600


# ---------------------------------------------------------------- the other actions


def test_building_fills_the_outbox(campaign: Folder) -> None:
    excel = Excel(console())
    said = press(excel, Action.BUILD, campaign.path)
    assert said.startswith("生成 3 份报送表，其中新的或有变化的 3 份")
    assert len(list(campaign.outbox.glob("*.xlsx"))) == 3


def test_what_goes_back_is_named_and_can_be_opened(campaign: Folder) -> None:
    excel = Excel(console())
    said = press(excel, Action.RETURN, campaign.path)
    assert said.startswith("退回件 1 份")
    (returned,) = (campaign.results / pipeline.RETURNED).iterdir()
    links = [row["退回件"] for row in entries(excel, BOARD_GRID)]
    assert links == [None, f'=HYPERLINK("{returned}","打开")', None, None]


def test_nothing_to_send_back_is_said(tmp_path: Path) -> None:
    made = support.folder(tmp_path / "c", support.roster("U1"))
    assert press(Excel(console()), Action.RETURN, made.path).startswith("没有需要退回")


def test_marked_files_are_checked_again(campaign: Folder) -> None:
    excel = Excel(console())
    press(excel, Action.COLLECT, campaign.path)
    excel.put(BOARD_GRID.sheet, f"A{HEAD_ROW + 3}", "√")
    said = press(excel, Action.CHECK, campaign.path)
    assert said == "二 #2.xlsx：退回\n问题列在“问题”表里。"
    assert [row["代码"] for row in entries(excel, FINDINGS_GRID)] == ["A1", "A1"]
    assert len(entries(excel, BOARD_GRID)) == 4


def test_a_file_named_in_the_settings_is_checked(campaign: Folder) -> None:
    excel = Excel(console())
    for named in ("一.xlsx", str(campaign.inbox / "一.xlsx")):
        excel.put(FILE.sheet, FILE.address, named)
        assert press(excel, Action.CHECK, campaign.path) == "一.xlsx：通过\n没有问题。"


def test_the_next_finding_is_marked_selected_and_explained(campaign: Folder) -> None:
    excel = Excel(console())
    press(excel, Action.COLLECT, campaign.path)
    rows = entries(excel, FINDINGS_GRID)
    for expected in (0, 1, 2, 0):
        said = press(excel, Action.NEXT, campaign.path)
        assert said.startswith(f"第 {expected + 1} 个，共 3 个待处理：")
        assert str(rows[expected]["问题"]) in said
        assert excel.shown == f"{FINDINGS_GRID.sheet}!A{HEAD_ROW + 2 + expected}"
        marks = [row["当前"] for row in entries(excel, FINDINGS_GRID)]
        assert [mark == CURRENT for mark in marks] == [n == expected for n in range(3)]


def test_the_report_is_made_and_what_it_lacks_is_said(campaign: Folder) -> None:
    press(Excel(console()), Action.COLLECT, campaign.path)
    said = press(Excel(console()), Action.REPORT, campaign.path)
    lines = said.splitlines()
    assert lines[0] == "报告已生成："
    files = [Path(line) for line in lines if line.endswith((".docx", ".html"))]
    assert {file.suffix for file in files} == {".docx", ".html"}
    assert all(file.is_file() for file in files)
    assert any(line.startswith("待补充：") for line in lines)
    assert "报告文字.txt" in lines[-1]


def test_every_action_is_there() -> None:
    assert list(actions.ACTIONS) == list(Action)


# ---------------------------------------------------------------- 操作


def leaves(group: click.Command, *above: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that is run, by its words."""
    if not isinstance(group, click.Group):
        yield " ".join(above), group
        return
    for name, each in subcommands(group):
        yield from leaves(each, *above, name)


def titled() -> dict[str, Operation]:
    """Every operation by the command in its title."""
    return {
        each.title.split("（")[-1].rstrip("）"): each
        for each in operations(COMMANDS, load)
    }


def test_what_the_command_line_does_the_console_does() -> None:
    """But for what needs a terminal or a browser, or takes a secret."""
    names = {name for name, _ in leaves(application("zh"))}
    assert names - titled().keys() == {"demo", "desk", "mail password"}
    assert not titled().keys() - names
    assert max(len(each.blanks) for each in operations(COMMANDS, load)) <= BLANKS


FILLED = {
    "--since": "2026-01-05",
    "--year": "2025",
    "--period": "2025",
    "--stamped": "2025",
    "日期": "2026-02-10",
}


@pytest.mark.parametrize("name", titled())
def test_every_blank_becomes_an_argument_that_the_command_takes(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "一.xlsx").touch()
    operation, said = titled()[name], []
    for blank in operation.blanks:
        assert 0 < len(blank.label) <= 20, blank
        known = FILLED.get(blank.option or blank.label, "Q1 Q2")
        many = {"flag": "是", "file": "一.xlsx", "files": "一.xlsx；一.xlsx"}
        said.append(next(iter(blank.choices), "") or many.get(blank.kind, known))
    if name in {"lift", "read-report", "audit"}:
        said = [
            each if each != "一.xlsx" or not n else "新" for n, each in enumerate(said)
        ]
    command: click.Command = application("zh")
    arguments = operation.arguments(said, tmp_path)
    context = command.make_context("wb", list(arguments))
    while isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        word, found, rest = command.resolve_command(context, rest)
        assert found is not None
        context = found.make_context(word, rest, parent=context)
        command = found
    defaults = {each.name: each.default for each in command.params}
    asked = {
        n: v for n, v in context.params.items() if n not in ("as_json", "interpreter")
    }
    same = [n for n, value in asked.items() if value in (defaults[n], None, ())]
    assert same == [] or name == "audit", same


def operate(excel: Excel, campaign: Folder, name: str, *said: str) -> str:
    """Chooses a command on 操作, fills it in, presses the button there."""
    excel.active = FORM
    excel.put(FOLDER.sheet, FOLDER.address, str(campaign.path))
    excel.put(FORM, CHOSEN.address, titled()[name].title)
    for number in range(BLANKS):
        at = Place(FORM, FIRST_BLANK.row + number, FIRST_BLANK.column)
        excel.put(FORM, at.address, (*said, *[None] * BLANKS)[number])
    remote = excel.as_remote()
    actions.run(remote)
    excel.apply(remote)
    return shown(excel, ANSWER)


def test_a_command_is_chosen_and_filled_in_on_a_sheet(campaign: Folder) -> None:
    """As a clerk would: each of these has no button of its own."""
    excel = Excel(console())
    support.deliver(campaign, "照片.jpg", b"\xff\xd8\xff\xe0 photo", hour=9)
    assert "请填“日期”" in operate(excel, campaign, "extend", "U3")
    assert excel.book[FORM][FIRST_BLANK.address].value == "U3", "nothing is lost"
    said = operate(
        excel, campaign, "extend", "U3", "2099-02-10", "王主任", "办公楼搬迁"
    )
    assert "已记下：示例街道办事处U3（U3）延期至2099年2月10日" in said
    assert excel.book[FORM][FIRST_BLANK.address].value is None
    assert "再用 “发送报送表（mail send）” “再发一次给这个单位” U3 发给它" in said
    said = operate(excel, campaign, "excuse", "U2", "王主任", "年内撤销")
    assert "本期免报" in said
    assert "运行 “收取并汇总（collect）” 生效" in said
    assert "来信 1 件" in operate(excel, campaign, "letters")
    heads, line = entries(excel, RESULTS_GRID)[:2]
    assert [heads["第 1 列"], heads["第 5 列"]] == ["单位", "文件"]
    assert line["第 5 列"] == "照片.jpg"
    assert "U3）的来信" in operate(excel, campaign, "assign", "照片.jpg", "U3")
    assert "以“一.xlsx”为准" in operate(
        excel, campaign, "use", "U1", "一.xlsx", "已核实"
    )
    said = operate(excel, campaign, "decide", "U1", "不计入", "", "该街道已经撤销")
    assert "不计入" in said
    known = pipeline.list_decisions(campaign)[-1]
    rulings = {each.decision.ruling.value for each in known}
    assert rulings == {"exclude", "excuse", "extend", "use"}
    url = "https://www.example.gov.cn/1"
    assert "已登记" in operate(excel, campaign, "published", "U1", url, "2026-01-20")
    assert "按时 0 个" in operate(excel, campaign, "circular", "是")
    said = operate(excel, campaign, "mail send", "", "是")
    assert "没有邮箱" in str(entries(excel, RESULTS_GRID))
    assert operate(excel, campaign, "init", "2026年报", "", "", "2025年报")
    assert operate(excel, campaign, "console", "2026年报")
    assert (campaign.path.parent / "2026年报" / f"{NAME}.xlsm").is_file()


@pytest.mark.parametrize(
    ("name", "said", "answer"),
    [
        ("circular", ["对"], "“按名次排”要的填“是”"),
        ("decide", ["U1", "好"], "“决定”请填其中之一：同意计入"),
        ("decide", ["", "退回"], "请填“单位”"),
        ("excuse", ["U1", "", "", "多余"], "没有那么多要填的"),
        ("excuse", ["没有这个单位", "王主任", "撤销"], "没有这个单位"),
        ("excuse", ["U1"], "请用 “谁同意的” 写明谁同意的"),
    ],
)
def test_what_is_filled_in_wrongly_is_said_beside_it(
    name: str, said: list[str], answer: str, campaign: Folder
) -> None:
    assert answer in operate(Excel(console()), campaign, name, *said)


def test_what_is_chosen_names_its_blanks_by_formulas() -> None:
    """In LibreOffice, without a macro: another choice, other names."""
    book = openpyxl.load_workbook(io.BytesIO(console()))
    operation = titled()["extend"]
    book[FORM][CHOSEN.address] = operation.title
    (validation,) = book[FORM].data_validations.dataValidation
    assert (
        validation.formula1
        == f"'{CATALOGUE}'!$A$1:$A${len(operations(COMMANDS, load))}"
    )
    saved = io.BytesIO()
    book.save(saved)
    computed = engines.require("libreoffice").recalculate(saved.getvalue())
    shown_ = openpyxl.load_workbook(io.BytesIO(computed), data_only=True)[FORM]
    labels = [shown_.cell(FIRST_BLANK.row + 1 + n, 1).value for n in range(BLANKS)]
    wanted = [blank.label for blank in operation.blanks]
    assert [label or "" for label in labels] == [
        *wanted,
        *[""] * (BLANKS - len(wanted)),
    ]
    assert shown_.cell(CHOSEN.row + 2, 2).value == operation.about


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize("action", [a for a in Action if a is not Action.NEXT])
def test_a_folder_that_is_none_is_told_in_the_sheet(
    action: Action, tmp_path: Path
) -> None:
    said = press(Excel(console()), action, tmp_path / "没有")
    assert "不是填报任务文件夹" in said


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("做别的", "没有“做别的”这一项"),
        (None, "没有“”这一项"),
        (Action.CHECK, "还没有选中文件"),
        (Action.NEXT, "没有待处理的问题"),
    ],
)
def test_what_cannot_be_done_is_told_in_the_sheet(
    action: Action | str, said: str, campaign: Folder
) -> None:
    assert said in press(Excel(console()), action, campaign.path)


def test_a_file_that_is_gone_is_named(campaign: Folder) -> None:
    excel = Excel(console())
    excel.put(FILE.sheet, FILE.address, "没有.xlsx")
    assert "找不到" in press(excel, Action.CHECK, campaign.path)


def test_a_broken_roster_is_told_in_the_sheet(campaign: Folder) -> None:
    (campaign.path / "roster.xlsx").write_bytes(b"not a roster")
    said = press(Excel(console()), Action.COLLECT, campaign.path)
    assert "roster.xlsx" in said
    assert "Traceback" not in said


def test_lists_of_the_time_before_say_so_when_collecting_fails(
    campaign: Folder,
) -> None:
    excel = Excel(console())
    press(excel, Action.COLLECT, campaign.path)
    summary = campaign.results / pipeline.SUMMARY
    summary.unlink()
    summary.mkdir()  # as good as a file that Excel holds open
    said = press(excel, Action.COLLECT, campaign.path)
    assert "无法写入" in said
    for grid in GRIDS:
        assert shown(excel, Place(grid.sheet, *STATUS)).startswith("以下是上一次的结果")
        assert entries(excel, grid)


def test_a_mistake_of_ours_is_told_in_the_sheet(
    campaign: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(pipeline, "collect", broken)
    monkeypatch.delenv("WORKBOOK_BUILDER_DEBUG", raising=False)
    said = press(Excel(console()), Action.COLLECT, campaign.path)
    assert said.startswith("程序出错（ZeroDivisionError：oh）")
    assert "Traceback" not in said


@pytest.mark.parametrize("setting", ["", ".", '"{}"', "../2025年报"])
def test_the_folder_of_the_console_is_the_campaign_unless_another_is_set(
    setting: str, campaign: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(campaign.path)  # the remote engine's book has no folder
    excel = Excel(console())
    excel.put(FOLDER.sheet, FOLDER.address, setting.format(campaign.path) or None)
    remote = excel.as_remote()
    actions.run(remote)
    excel.apply(remote)
    assert shown(excel, MESSAGE).startswith("应报 3 个单位，已报 2 个")


@pytest.mark.parametrize("spoil", ["gone", "older"])
def test_a_console_of_another_version_is_not_filled_in(
    spoil: str, campaign: Folder
) -> None:
    excel = Excel(console())
    if spoil == "gone":
        del excel.book[FINDINGS_GRID.sheet]
    else:
        excel.put(VERSION.sheet, VERSION.address, "0" * 12)
    remote = excel.as_remote()
    actions.run(remote)
    assert [action["func"] for action in remote.json()["actions"]] == ["alert"]
    excel.apply(remote)
    assert "请重新运行 workbook-builder console" in excel.alerts[0]


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("path", "formula"),
    [
        ("/a/表.xlsx", '=HYPERLINK("/a/表.xlsx#\'表三\'!D7","打开")'),
        ("/a/表[1].xlsx", '=HYPERLINK("/a/表[1].xlsx#\'表三\'!D7","打开")'),
        ("/a/表#1.xlsx", '=HYPERLINK("[/a/表#1.xlsx]\'表三\'!D7","打开")'),
        ('/a/"表".xlsx', '=HYPERLINK("/a/""表"".xlsx#\'表三\'!D7","打开")'),
        ("/a/表[1]#.xlsx", ""),
        ("/a/" + "长" * LONGEST_TARGET, ""),
    ],
)
def test_a_link_opens_the_file_at_the_cell_where_it_can(
    path: str, formula: str
) -> None:
    assert link(Path(path), "打开", "表三", "D7") == formula


def test_a_user_needs_no_licence() -> None:
    """The functions use nothing that only the paid part of xlwings has."""
    source = (Path(actions.__file__).parent / "desk.py").read_text(encoding="utf-8")
    used = set(re.findall(r"\bxw\.(\w+)", source))
    assert used == {"Book", "Range"}
    assert "XLWINGS_LICENSE_KEY" not in source
    assert os.environ["XLWINGS_LICENSE_KEY"] == "noncommercial"


# ---------------------------------------------------------------- the clerk's page


def test_the_page_for_clerks_explains_every_action_and_every_macro() -> None:
    page = (macros_root() / "README.md").read_text(encoding="utf-8")
    helper = (macros_root() / "unit_helper.bas").read_text(encoding="utf-8")
    subs = re.findall(r"^Public Sub (\w+)\(\)", helper, re.MULTILINE)
    assert len(subs) == 3
    for name in (*(action.value for action in Action), *subs):
        assert page.count(f"| {name} |") == 2, name  # with macros, and without
    links = re.findall(r"\]\(([^)#:]+)\)", page)
    assert links
    assert all((macros_root() / each).exists() for each in links)


# ---------------------------------------------------------------- in the cloud

CLOUDS = [
    "https://d.docs.live.net/0123456789abcdef/2025年报/district_console.xlsm",
    "https://office-my.sharepoint.com/personal/wang/Documents/2025年报/district_console.xlsm",
    "https://office.sharepoint.com/sites/zwgk/Shared Documents/district_console.xlsm",
    "https://cloud.example.cn/dav/district_console.xlsm",
]


@pytest.mark.parametrize("address", CLOUDS)
def test_a_console_in_the_cloud_asks_for_the_folder_on_this_computer(
    campaign: Folder, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """There Excel calls the workbook by its address, and xlwings looks for the copy on
    this computer; where it finds none, it raises."""
    excel = Excel(console())
    named = type(excel.as_remote().impl)
    monkeypatch.setattr(
        named, "fullname", property(lambda _: fullname_url_to_local_path(address))
    )
    said = press(excel, Action.COLLECT, Path())
    assert said.startswith("控制台在网盘上，找不到本机的任务文件夹。")
    assert "程序出错" not in said
    assert press(excel, Action.COLLECT, campaign.path).startswith("应报")
    monkeypatch.setattr(named, "fullname", address)
    assert press(excel, Action.COLLECT, Path()) == said


def test_an_address_of_the_web_is_no_folder(campaign: Folder) -> None:
    excel = Excel(console())
    excel.put(ACTION.sheet, ACTION.address, Action.COLLECT.value)
    excel.put(FOLDER.sheet, FOLDER.address, "https://office.sharepoint.com/sites/zwgk")
    remote = excel.as_remote()
    actions.run(remote)
    excel.apply(remote)
    assert shown(excel, MESSAGE).startswith("控制台在网盘上")
