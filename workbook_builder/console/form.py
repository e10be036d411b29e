"""The sheet 操作, and the hidden one behind it: which commands there are to choose from.

The names of what is to be filled in are looked up by formulas, so that they are there as
soon as something is chosen, also where macros are not allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_builder.console.operations import Operation, written
from workbook_builder.console.places import (
    ANSWER,
    BLANKS,
    CATALOGUE,
    CHOSEN,
    FIRST_BLANK,
    FORM,
    MACRO,
)
from workbook_builder.model.errors import WorkbookError
from workbook_builder.model.layout import column_letters
from workbook_builder.workbook.plan import (
    Area,
    Button,
    Formula,
    Item,
    Sheet,
    Validation,
)

WIDTHS = (24, 44, 66)
#: Columns of the hidden sheet: title, what it does, the operation, then two a blank.
_ABOUT, _NAMES = 1, 3

NOTES = (
    "文件、文件夹可以写完整路径；只写名字的，文件从任务文件夹里找（如 inbox/来信.eml），"
    "新任务的文件夹在本任务文件夹的旁边。",
    "结果里说“运行 workbook-builder collect …”的，就在上面选名称里有（collect）的那一项。",
)


def form_sheets(operations: Sequence[Operation]) -> tuple[Sheet, Sheet]:
    """操作 and its catalogue."""
    if any(len(each.blanks) > BLANKS for each in operations):
        raise WorkbookError("an operation has more arguments than the sheet has rows")
    rows = [_row(each) for each in operations]
    wide = _NAMES + 2 * BLANKS
    catalogue = Sheet(
        name=CATALOGUE,
        items=tuple(
            Item(at, column, text or None, "")
            for at, row in enumerate(rows)
            for column, text in enumerate(row + [""] * (wide - len(row)))
        ),
        hidden=True,
        protected=False,
    )
    return _form(rows), catalogue


def _row(operation: Operation) -> list[str]:
    names = [text for each in operation.blanks for text in (each.label, each.hint)]
    return [operation.title, operation.about, written(operation), *names]


def _form(rows: Sequence[Sequence[str]]) -> Sheet:
    last = FIRST_BLANK.row + BLANKS - 1
    notes = range(last + 2, last + 2 + len(NOTES))
    button = Area(CHOSEN.row, 2, CHOSEN.row, 2)
    choice = Area(CHOSEN.row, CHOSEN.column, CHOSEN.row, CHOSEN.column)
    titles = f"='{CATALOGUE}'!$A$1:$A${len(rows)}"
    return Sheet(
        name=FORM,
        items=(
            Item(0, 0, "操作", "heading", columns=2),
            Item(
                1, 0, "选一项，填下面几行，点“执行”。与命令行做的是同样的事。", "meta"
            ),
            Item(CHOSEN.row, 0, "做哪一项", "head"),
            Item(CHOSEN.row, CHOSEN.column, rows[0][0], "choice"),
            Item(CHOSEN.row + 1, 0, "说明", "head"),
            Item(CHOSEN.row + 1, 1, _looked_up(rows, _ABOUT), "wrap", columns=2),
            Item(ANSWER.row, 0, "结果", "head"),
            Item(ANSWER.row, ANSWER.column, None, "message", columns=2),
            *(
                Item(FIRST_BLANK.row - 1, column, text, "head")
                for column, text in enumerate(("填什么", "内容", "说明"))
            ),
            *_blanks(rows),
            *(
                Item(row, 0, text, "wrap", columns=3)
                for row, text in zip(notes, NOTES, strict=True)
            ),
        ),
        widths=dict(enumerate(WIDTHS)),
        heights={
            0: 26,
            CHOSEN.row: 30,
            CHOSEN.row + 1: 96,
            ANSWER.row: 150,
            **dict.fromkeys(range(FIRST_BLANK.row, last + 1), 30.0),
            **dict.fromkeys(notes, 20.0),
        },
        validations=(
            Validation(
                choice,
                "list",
                "做哪一项",
                "从下拉列表里选一项，填好下面几行，再点“执行”。",
                "请从下拉列表里选一项。",
                formula=titles,
            ),
        ),
        buttons=(Button(button, "执行", MACRO),),
        landscape=True,
        protected=False,
        select=(CHOSEN.row, CHOSEN.column),
    )


def _blanks(rows: Sequence[Sequence[str]]) -> Iterator[Item]:
    for number in range(BLANKS):
        row, column = FIRST_BLANK.row + number, _NAMES + 2 * number
        yield Item(row, 0, _looked_up(rows, column), "head")
        yield Item(row, FIRST_BLANK.column, None, "setting")
        yield Item(row, 2, _looked_up(rows, column + 1), "small")


def _looked_up(rows: Sequence[Sequence[str]], column: int) -> Formula:
    """What the catalogue says of the one that is chosen; at first that is the first."""
    letter = column_letters(column)
    where = f"'{CATALOGUE}'!${letter}$1:${letter}${len(rows)}"
    row = f"MATCH({CHOSEN.absolute},'{CATALOGUE}'!$A$1:$A${len(rows)},0)"
    now = rows[0][column] if column < len(rows[0]) else ""
    return Formula(f'=IFERROR(INDEX({where},{row})&"","")', now)
