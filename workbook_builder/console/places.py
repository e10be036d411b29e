"""Where everything stands in the console: for what writes it and for what fills it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from workbook_builder.model.layout import Place

#: The workbook, its module and its macros have one name: xlwings' ``SampleCall``
#: imports the module named like the workbook and calls its ``main()``.
NAME = "district_console"
MACRO = "SampleCall"

DESK, BOARD, FINDINGS, TOTALS = "控制台", "进度", "问题", "合计"
FORM, RESULTS = "操作", "结果"
#: What can be chosen on 操作: title, what it does, in column KEPT the operation itself,
#: then name and hint of each of its blanks.
CATALOGUE, KEPT = "操作目录", 2
#: Read by xlwings' VBA: which Python to start.
SETTINGS = "xlwings.conf"

ACTION, MESSAGE, PROGRESS, SUMMARY = (Place(DESK, row, 1) for row in (2, 4, 5, 6))
FOLDER, FILE, PYTHON = (Place(DESK, row, 1) for row in (9, 10, 11))
#: On 操作: what is chosen, what came of it, and the first of what is filled in.
CHOSEN, ANSWER, FIRST_BLANK = (Place(FORM, row, 1) for row in (2, 4, 7))
BLANKS = 8
VERSION = Place(SETTINGS, 2, 1)


class Action(Enum):
    """What the button can do, as the drop-down names it."""

    BUILD = "生成报送表"
    COLLECT = "收取并汇总"
    CHECK = "审核选中的文件"
    NEXT = "定位下一个问题"
    RETURN = "生成退回件"
    REPORT = "生成报告"


class ColumnKind(Enum):
    """What a column holds. Text stays text, whatever it looks like."""

    TEXT, NUMBER, LINK = range(3)


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of a list; the width is in characters."""

    head: str
    width: float
    kind: ColumnKind = ColumnKind.TEXT


@dataclass(frozen=True, slots=True)
class Grid:
    """A list on a sheet of its own: heads in one row, what is found below it."""

    sheet: str
    about: str
    columns: tuple[GridColumn, ...]

    def column(self, head: str) -> int:
        """The number of a column, from 0."""
        return [column.head for column in self.columns].index(head)


#: Row of the heads of each list; its entries begin below.
HEAD_ROW = 3
STATUS = (2, 0)
"""Row and column of the line that says what the list shows."""

MARK, STATE, OPEN = "选", "结论", "处理"
CURRENT, STILL_OPEN = "▶", "待处理"

BOARD_GRID = Grid(
    BOARD,
    "一行一个单位，下面是其他文件。在“选”里填 √ 的文件，可用“审核选中的文件”单独审核。",
    (
        GridColumn(MARK, 5),
        GridColumn("单位代码", 12),
        GridColumn("单位名称", 26),
        GridColumn("单位类型", 10),
        GridColumn(STATE, 10),
        GridColumn("待处理问题", 11, ColumnKind.NUMBER),
        GridColumn("第一个问题", 50),
        GridColumn("报送文件", 40),
        GridColumn("打开", 7, ColumnKind.LINK),
        GridColumn("退回件", 8, ColumnKind.LINK),
    ),
)
FINDINGS_GRID = Grid(
    FINDINGS,
    "点“打开”到文件的那个单元格。只看不存：收到的文件不要改动，改正由单位来做。",
    (
        GridColumn("当前", 6),
        GridColumn("单位", 24),
        GridColumn("代码", 7),
        GridColumn("级别", 7),
        GridColumn("工作表", 9),
        GridColumn("单元格", 8),
        GridColumn("问题", 52),
        GridColumn("处理意见", 44),
        GridColumn("单位说明", 26),
        GridColumn(OPEN, 9),
        GridColumn("打开", 7, ColumnKind.LINK),
        GridColumn("文件", 36),
    ),
)
TOTALS_GRID = Grid(
    TOTALS,
    "只含计入汇总的单位；没有单位填报的单元格是空的。逐级、逐单位的数字在 results/汇总.xlsx。",
    (
        GridColumn("汇总到", 24),
        GridColumn("表", 8),
        GridColumn("单元格", 9),
        GridColumn("指标", 60),
        GridColumn("合计", 16, ColumnKind.NUMBER),
        GridColumn("计量单位", 10),
    ),
)
RESULTS_GRID = Grid(
    RESULTS,
    "“操作”里最近一次执行的结果：程序说的话，一行一句；表格各列分开。",
    tuple(GridColumn(f"第 {n} 列", 40 if n == 1 else 22) for n in range(1, 9)),
)
#: What collecting and checking fill in.
GRIDS = (BOARD_GRID, FINDINGS_GRID, TOTALS_GRID)


def fingerprint() -> str:
    """Of all places: a console of another version is not filled in by guesswork."""
    cells = (ACTION, MESSAGE, PROGRESS, SUMMARY, FOLDER, FILE, PYTHON, HEAD_ROW, STATUS)
    more = (CHOSEN, ANSWER, FIRST_BLANK, BLANKS, RESULTS_GRID)
    return hashlib.sha256(repr((cells, more, GRIDS)).encode()).hexdigest()[:12]
