"""单位名录: forgiving about the look of the table, strict about its content."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from workbook_builder.excel.plan import Area, Book, Item, Sheet, Validation
from workbook_builder.model.errors import CampaignError, RosterError
from workbook_builder.model.form import Form
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit

#: Column → the headers it may have, without spaces; the first is what we write.
HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("单位代码", "代码", "编码", "单位编码", "统一社会信用代码", "code"),
    "name": ("单位名称", "名称", "单位", "单位全称", "name"),
    "parent": ("上级代码", "上级单位代码", "上级", "parent"),
    "type": ("单位类型", "类型", "类别", "type"),
    "contact": ("联系人", "经办人", "填表人", "contact"),
    "emails": ("邮箱", "电子邮箱", "邮件", "email", "e-mail"),
    "phone": ("电话", "联系电话", "手机", "phone"),
    "reports": ("是否填报", "填报", "reports"),
}
_YES, _NO = {"是", "1", "yes", "y", "true"}, {"否", "0", "no", "n", "false"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def roster_from_rows(rows: Sequence[Sequence[str]], file: str) -> Roster:
    """The roster in a table whose head is among the first ten rows.

    Raises RosterError with every problem, each with its row and remedy.
    """
    top, columns = _find_head(rows, file)
    problems: list[Text] = []
    units: list[Unit] = []
    numbers: list[int] = []
    for index, row in enumerate(rows[top + 1 :], top + 2):
        cells = {
            name: row[column].strip() if column < len(row) else ""
            for name, column in columns.items()
        }
        if any(cells.values()):
            units.append(_unit(cells, index, problems))
            numbers.append(index)
    if problems:
        raise RosterError(file, tuple(problems))
    return Roster(tuple(units), file, tuple(numbers))


def _find_head(rows: Sequence[Sequence[str]], file: str) -> tuple[int, dict[str, int]]:
    for index, row in enumerate(rows[:10]):
        columns = dict(_columns(row))
        if {"code", "name"} <= columns.keys():
            return index, columns
    heads = "、".join(names[0] for names in HEADERS.values())
    raise RosterError(
        file,
        (
            Text(
                "没有找到表头。前十行里要有“单位代码”和“单位名称”两列"
                f"（可用的列：{heads}）。",
                "No header row with 单位代码 and 单位名称 in the first ten rows "
                f"(known columns: {heads}).",
            ),
        ),
    )


def _columns(row: Sequence[str]) -> Iterator[tuple[str, int]]:
    for column, text in enumerate(row):
        head = "".join(text.split()).strip("*：:").casefold()
        for name, variants in HEADERS.items():
            if head in variants:
                yield name, column


def _unit(cells: dict[str, str], row: int, problems: list[Text]) -> Unit:
    emails = tuple(filter(None, re.split(r"[;；,，、\s]+", cells.get("emails", ""))))
    problems += [
        Text(
            f"第{row}行：邮箱“{email}”不像邮箱地址，请改正。",
            f"Row {row}: {email} is not an e-mail address; correct it.",
        )
        for email in emails
        if not _EMAIL.fullmatch(email)
    ]
    said = cells.get("reports", "").casefold()
    if said not in _YES | _NO | {""}:
        problems.append(
            Text(
                f"第{row}行：“是否填报”只能填“是”或“否”，现在是“{said}”。",
                f"Row {row}: 是否填报 takes 是 or 否, not {said}.",
            )
        )
    return Unit(
        code=cells["code"],
        name=cells["name"],
        parent=cells.get("parent", ""),
        type=cells.get("type", ""),
        contact=cells.get("contact", ""),
        emails=emails,
        phone=cells.get("phone", ""),
        reports=None if not said else said in _YES,
    )


def find_unit(roster: Roster, said: str) -> Unit:
    """The unit of that code or name. Raises CampaignError with the likely ones."""
    wanted = said.strip()
    if wanted in roster.by_code:
        return roster.by_code[wanted]
    named = [unit for unit in roster.units if unit.name == wanted]
    if len(named) == 1:
        return named[0]
    likely = named or _likely(roster, wanted)
    listed = "、".join(f"{unit.code} {unit.name}" for unit in likely)
    if len(likely) == 1 or not named:
        zh, en = (f"您是不是要找：{listed}？", f" Did you mean: {listed}?")
    else:
        zh, en = (
            f"同名的有：{listed}，请用代码。",
            f" Several have that name: {listed}.",
        )
    if not likely:
        zh, en = "请核对单位代码或名称。", " Check the code or the name."
    raise CampaignError(
        f"名录里没有确定的单位“{said}”。{zh}", f"No unit {said} on the roster.{en}"
    )


def _likely(roster: Roster, wanted: str) -> list[Unit]:
    """Units whose name holds the words, else those spelled much the same."""
    holding = [unit for unit in roster.units if wanted and wanted in unit.name]
    if holding:
        return holding[:5]
    spellings = {text: unit for unit in roster.units for text in (unit.name, unit.code)}
    near = difflib.get_close_matches(wanted, spellings, n=3, cutoff=0.5)
    return list({spellings[text].code: spellings[text] for text in near}.values())


def prove_types(roster: Roster, form: Form) -> None:
    """Refuses unit types the form's checks do not know. Raises RosterError."""
    problems = tuple(
        Text(
            f"{roster.where(index)}：单位“{unit.name}”的类型“{unit.type}”不认识，"
            f"请改为：{'、'.join(form.unit_types)}。",
            f"{roster.where(index)}: {unit.type} is no unit type; "
            f"use one of {', '.join(form.unit_types)}.",
        )
        for index, unit in enumerate(roster.units)
        if unit.type and unit.type not in form.unit_types
    )
    if problems and form.unit_types:
        raise RosterError(roster.source, problems)


def roster_book(roster: Roster, form: Form) -> Book:
    """The roster as a workbook a clerk can go on with: lists to choose from."""
    widths = (14, 34, 14, 14, 12, 34, 18, 12)
    heads = [names[0] for names in HEADERS.values()]
    rows = [
        (
            unit.code,
            unit.name,
            unit.parent,
            unit.type,
            unit.contact,
            "；".join(unit.emails),
            unit.phone,
            {None: "", True: "是", False: "否"}[unit.reports],
        )
        for unit in roster.units
    ]
    last = max(len(rows) + 200, 300)
    return Book(
        sheets=(
            Sheet(
                name="单位名录",
                items=(
                    *(
                        Item(0, column, head, "head")
                        for column, head in enumerate(heads)
                    ),
                    *(
                        Item(row, column, text or None, "text_cell")
                        for row, cells in enumerate(rows, 1)
                        for column, text in enumerate(cells)
                    ),
                ),
                widths=dict(enumerate(widths)),
                heights={0: 24},
                validations=(
                    Validation(
                        Area(1, 3, last, 3),
                        "list",
                        "单位类型",
                        "从列表里选。类型决定适用哪些审核公式。",
                        "请从列表里选单位类型。",
                        choices=form.unit_types,
                    ),
                    Validation(
                        Area(1, 7, last, 7),
                        "list",
                        "是否填报",
                        "留空：没有下级的填报，有下级的只汇总下级。上级单位自己也要填报的选“是”。",
                        "请选“是”或“否”，或者留空。",
                        choices=("是", "否"),
                    ),
                ),
                freeze=(1, 2),
                protected=False,
                grid=True,
            ),
        ),
        title="单位名录",
    )
