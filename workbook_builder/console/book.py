"""The empty console as values; ``workbook.write`` makes the .xlsm of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from workbook_builder.console.form import form_sheets
from workbook_builder.console.operations import Operation
from workbook_builder.console.places import (
    ACTION,
    BOARD_GRID,
    CURRENT,
    DESK,
    FILE,
    FINDINGS_GRID,
    FOLDER,
    GRIDS,
    HEAD_ROW,
    MACRO,
    MARK,
    MESSAGE,
    OPEN,
    PROGRESS,
    PYTHON,
    RESULTS_GRID,
    SETTINGS,
    STATE,
    STATUS,
    STILL_OPEN,
    SUMMARY,
    VERSION,
    Action,
    ColumnKind,
    Grid,
    fingerprint,
)
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.layout import Place, column_letters
from workbook_builder.model.severity import Severity
from workbook_builder.model.standing import Absence
from workbook_builder.model.text import Tone
from workbook_builder.workbook.live import Live
from workbook_builder.workbook.plan import (
    Area,
    Book,
    Button,
    Formula,
    Highlight,
    Item,
    Sheet,
    Validation,
)
from workbook_builder.workbook.sheets.fit import height

#: Entries a list can have until its colours and borders end.
MOST = 5000

WIDTHS = (15, 34, 14, 52)
BUTTON_COLUMN = 2

_STYLES = {
    ColumnKind.TEXT: "column_text",
    ColumnKind.NUMBER: "column_number",
    ColumnKind.LINK: "column_link",
}
_COLOURS = {
    Tone.GOOD: "good_cell",
    Tone.OPEN: "open_cell",
    Tone.BAD: "bad",
    Tone.STRANGE: "open_cell",
    Tone.WAITING: "open_cell",
}

NOTES = (
    "1. 在“要做什么”里选一项，点“执行”。做完以后，结果写在上面和“进度”“问题”“合计”三张表里。",
    "2. 汇总时请先关掉“汇总.xlsx”和退回件，否则无法写入，这里会提示。",
    "3. 不要改本文件的名字，也不要把它和 district_console.py 分开放。",
    "4. 点“执行”没有反应：窗口上方有黄色的安全提示，就点“启用内容”；"
    "文件在网盘、压缩包里，就先存到本机文件夹。",
    "5. 提示找不到 Python 或 workbook_builder：请装程序的人在本机重新运行"
    " workbook-builder console。",
    "6. 别的事（延期、免报、写信、来信、决定、通报、公布、下一期……）都在“操作”表里："
    "选一项，填好下面几行，点那张表上的“执行”。",
    "7. 不用宏也一样做：命令行 workbook-builder build、collect、check，结果都在 results 文件夹里。",
)


def console_book(
    campaign: Campaign,
    form: Form,
    macros: bytes,
    interpreter: str,
    operations: Sequence[Operation],
) -> Book:
    """The console of a campaign. ``interpreter`` is the path of Python, or empty."""
    chosen, catalogue = form_sheets(operations)
    return Book(
        sheets=(
            _desk(campaign, form, interpreter),
            chosen,
            *(_list(grid) for grid in (*GRIDS, RESULTS_GRID)),
            catalogue,
            _settings(interpreter),
        ),
        title=f"{campaign.period.words}{form.title}　控制台",
        subject=form.authority,
        created=campaign.period.last_day,
        macros=macros,
    )


HEIGHTS: Mapping[int, float] = {
    0: 34,
    ACTION.row: 30,
    MESSAGE.row: 110,
    PROGRESS.row: 22,
    SUMMARY.row: 22,
    FOLDER.row - 1: 24,
    **dict.fromkeys(range(FOLDER.row, PYTHON.row + 1), 32.0),
}


def _desk(campaign: Campaign, form: Form, interpreter: str) -> Sheet:
    notes = range(PYTHON.row + 3, PYTHON.row + 3 + len(NOTES))
    heights = {
        row: height(text, sum(WIDTHS)) for row, text in zip(notes, NOTES, strict=True)
    }
    actions = tuple(action.value for action in Action)
    return Sheet(
        name=DESK,
        items=(
            Item(
                0, 0, f"{campaign.period.words}{form.title}　控制台", "title", columns=4
            ),
            Item(1, 0, campaign.district, "meta", columns=4),
            *_labelled(interpreter),
            Item(PYTHON.row + 2, 0, "怎么用", "heading"),
            *(
                Item(row, 0, text, "wrap", columns=4)
                for row, text in zip(notes, NOTES, strict=True)
            ),
        ),
        widths=dict(enumerate(WIDTHS)),
        heights={**HEIGHTS, **heights},
        validations=(
            Validation(
                _one(ACTION),
                "list",
                "要做什么",
                "从下拉列表里选一项，再点右边的“执行”。",
                "请从下拉列表里选一项。",
                choices=actions,
            ),
        ),
        buttons=(
            Button(
                Area(ACTION.row, BUTTON_COLUMN, ACTION.row, BUTTON_COLUMN),
                "执行",
                MACRO,
            ),
        ),
        landscape=True,
        protected=False,
        select=(ACTION.row, ACTION.column),
    )


def _labelled(interpreter: str) -> Iterator[Item]:
    """Action, answers and settings, each with its label and a hint."""
    yield Item(ACTION.row, 0, "要做什么", "head")
    yield Item(ACTION.row, ACTION.column, Action.COLLECT.value, "choice")
    for place, label in ((MESSAGE, "结果"), (PROGRESS, "进展"), (SUMMARY, "汇总表")):
        yield Item(place.row, 0, label, "head")
        style = "line_link" if place is SUMMARY else "message"
        yield Item(place.row, place.column, None, style, columns=3)
    yield Item(FOLDER.row - 1, 0, "设置", "heading")
    for place, label, value, hint in (
        (FOLDER, "任务文件夹", "", "留空：本文件所在的文件夹就是任务文件夹。"),
        (
            FILE,
            "要审核的文件",
            "",
            "可以不填。填了，“审核选中的文件”就审核它；可以只写 inbox 里的文件名。",
        ),
        (
            PYTHON,
            "Python 程序",
            interpreter,
            "点“执行”时启动的 python.exe；留空表示系统默认的 python。",
        ),
    ):
        yield Item(place.row, 0, label, "head")
        yield Item(place.row, place.column, value or None, "setting", columns=2)
        yield Item(place.row, place.column + 2, f"　{hint}", "small")


def _list(grid: Grid) -> Sheet:
    last = HEAD_ROW + MOST
    across = len(grid.columns)
    everything = Area(HEAD_ROW + 1, 0, last, across - 1)
    filled = "+".join(
        f"LEN(${column_letters(column)}{HEAD_ROW + 2})" for column in range(1, across)
    )
    return Sheet(
        name=grid.sheet,
        items=(
            Item(0, 0, grid.sheet, "heading", columns=2),
            Item(1, 0, grid.about, "meta"),
            Item(*STATUS, "还没有结果：到“控制台”选一项，点“执行”。", "status"),
            *(
                Item(HEAD_ROW, index, column.head, "head")
                for index, column in enumerate(grid.columns)
            ),
        ),
        widths={index: column.width for index, column in enumerate(grid.columns)},
        columns={
            index: _STYLES[column.kind] for index, column in enumerate(grid.columns)
        },
        heights={0: 22, 1: 18, 2: 22, HEAD_ROW: 22},
        validations=tuple(_marks(grid, last)),
        highlights=(
            *_colours(grid, last),
            Highlight(everything, f"{filled}>0", "boxed"),
        ),
        landscape=True,
        repeat_rows=(HEAD_ROW, HEAD_ROW),
        freeze=(HEAD_ROW + 1, 3),
        # No filter: what a program writes into filtered rows may end up in others.
        protected=False,
        select=(HEAD_ROW + 1, 0),
    )


def _marks(grid: Grid, last: int) -> Iterator[Validation]:
    if grid is BOARD_GRID:
        column = grid.column(MARK)
        yield Validation(
            Area(HEAD_ROW + 1, column, last, column),
            "list",
            "选",
            "选 √，再到“控制台”执行“审核选中的文件”。",
            "请选 √，或者清空。",
            choices=("√",),
        )


def _colours(grid: Grid, last: int) -> Iterator[Highlight]:
    if grid is BOARD_GRID:
        area, first = _column(grid, STATE, last)
        for state in (*Verdict, *Absence):
            if state.tone in _COLOURS:
                yield Highlight(area, f'{first}="{state.word}"', _COLOURS[state.tone])
    if grid is FINDINGS_GRID:
        area, first = _column(grid, OPEN, last)
        yield Highlight(area, f'{first}="{STILL_OPEN}"', "open_cell")
        area, first = _column(grid, "级别", last)
        yield Highlight(area, f'{first}="{Severity.ERROR.word}"', "bad")
        row = Area(HEAD_ROW + 1, 0, last, len(grid.columns) - 1)
        yield Highlight(row, f'$A{HEAD_ROW + 2}="{CURRENT}"', "current")


def _column(grid: Grid, head: str, last: int) -> tuple[Area, str]:
    """The entries of a column, and the address of its first one."""
    column = grid.column(head)
    area = Area(HEAD_ROW + 1, column, last, column)
    return area, f"{column_letters(column)}{HEAD_ROW + 2}"


def _settings(interpreter: str) -> Sheet:
    """What xlwings' VBA reads: keys and values in two columns, without a gap."""
    python = (Live(f"'{PYTHON.sheet}'!{PYTHON.absolute}", interpreter) & "").formula
    pairs: tuple[tuple[str, Formula | str], ...] = (
        ("INTERPRETER_WIN", python),
        ("INTERPRETER_MAC", python),
        ("WORKBOOK_BUILDER_CONSOLE", fingerprint()),
    )
    assert Place(SETTINGS, len(pairs) - 1, 1) == VERSION
    return Sheet(
        name=SETTINGS,
        items=tuple(
            Item(row, column, content, "")
            for row, pair in enumerate(pairs)
            for column, content in enumerate(pair)
        ),
        hidden=True,
        protected=False,
        grid=True,
    )


def _one(place: Place) -> Area:
    return Area(place.row, place.column, place.row, place.column)
