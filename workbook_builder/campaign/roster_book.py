"""单位名录 as a workbook."""

from __future__ import annotations

from workbook_builder.campaign.roster import HEADERS
from workbook_builder.model.form import Form
from workbook_builder.model.unit import Roster, Unit, UnitChange
from workbook_builder.workbook.plan import Area, Book, Item, Sheet, Validation


def _choices(form: Form, last: int) -> tuple[Validation, ...]:
    """What may stand in the columns of a roster, down to a last row."""
    return (
        Validation(
            Area(1, 0, last, 0),
            "custom",
            "单位代码",
            "每个单位一个代码，不能重复，以后各年不变。",
            "这个代码已经用过，请换一个。",
            # COUNTIF would take 007 and 7 for the same.
            formula=f"=SUMPRODUCT(($A$2:$A${last + 1}=A2)*1)=1",
        ),
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
        Validation(
            Area(1, 8, last, 8),
            "any",
            "延期至",
            "同意这个单位延期报送的，填新的截止日期，如 2026-02-10；右边写同意人和理由。",
            "",
        ),
        Validation(
            Area(1, 9, last, 9),
            "list",
            "免报",
            "本期不用填报的选“是”；右边写同意人和理由。",
            "请选“是”，或者留空。",
            choices=("是",),
        ),
        Validation(
            Area(1, 12, last, 12),
            "list",
            "变动",
            "与上期比：别的单位并进来的选“并入”，换了代码的选“更名”，右边写原来的代码；"
            "已经没有的选“撤销”。",
            "请从列表里选，或者留空。",
            choices=tuple(each.value for each in UnitChange),
        ),
        Validation(
            Area(1, 13, last, 13),
            "any",
            "原代码",
            "并进来的各单位、更名以前的代码，用分号隔开。上年数按这些代码相加。",
            "",
        ),
    )


def _agreed(unit: Unit) -> tuple[str, str, str, str]:
    agreement = unit.agreement
    if agreement is None:
        return "", "", "", ""
    until = agreement.until.isoformat() if agreement.until else ""
    return until, "" if until else "是", agreement.by, agreement.why


def roster_rows(roster: Roster) -> list[tuple[str, ...]]:
    """What stands in each column for each unit, those that are gone at the end."""
    return [
        (
            unit.code,
            unit.name,
            unit.parent,
            unit.type,
            unit.contact,
            "；".join(unit.emails),
            unit.phone,
            {None: "", True: "是", False: "否"}[unit.reports],
            *_agreed(unit),
            unit.change.value if unit.change else "",
            "；".join(unit.former),
        )
        for unit in (*roster.units, *roster.gone)
    ]


def roster_book(roster: Roster, form: Form) -> Book:
    """The roster as a workbook a clerk can go on with: lists to choose from."""
    widths = (14, 34, 14, 14, 12, 34, 18, 12, 12, 8, 12, 26, 10, 18)
    heads = [names[0] for names in HEADERS.values()]
    rows = roster_rows(roster)
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
                validations=_choices(form, max(len(rows) + 200, 300)),
                freeze=(1, 2),
                protected=False,
                grid=True,
            ),
        ),
        title="单位名录",
    )
