"""Findings of one kind in one table are one finding with its cells."""

from __future__ import annotations

from tests import support
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.values import State, Value
from workbook_builder.rules.verify import gathered, verify

FORM: Form = support.form()
NATURAL = "applications.received.natural"


def found(answers: Answers) -> dict[str, list[Finding]]:
    """By code, gathered."""
    known = Circumstances(support.campaign().period)
    codes: dict[str, list[Finding]] = {}
    for finding in gathered(FORM, verify(FORM, answers, known)):
        codes.setdefault(finding.code, []).append(finding)
    return codes


def test_an_untouched_form_has_one_blank_for_each_table() -> None:
    blanks = found(Answers())["A6"]
    assert [len(each.cells) for each in blanks] == [
        sum(cell.table == table.id for cell in FORM.inputs) for table in FORM.tables
    ]
    (third,) = [each for each in blanks if each.cell == NATURAL]
    assert third.message.zh == "填报完整【表三】：144 个单元格没有填。"
    assert third.message.en == "nothing left blank【表三】: 144 cells left blank."
    assert third.cells[0] == third.cell
    assert third.cells[1] == "applications.received.business"


def test_a_single_cell_is_named_as_ever() -> None:
    values = {cell.id: Value(State.TEXT, text="12件") for cell in FORM.inputs[:1]}
    (only,) = found(Answers(values=values))["A5"]
    assert only.cells == (FORM.inputs[0].id,)
    assert "12件" in only.message.zh
    assert only.seen == "12件"


def test_what_stands_in_the_first_few_cells_is_quoted() -> None:
    values = {
        cell.id: Value(State.TEXT, text=f"{index}件")
        for index, cell in enumerate(FORM.inputs)
        if cell.table == "applications"
    }
    (all_of_them,) = found(Answers(values=values))["A5"]
    assert len(all_of_them.cells) == len(values)
    assert all_of_them.message.zh.count("“") == 5
    assert "等。" in all_of_them.message.zh


def test_nothing_is_lost_by_gathering() -> None:
    known = Circumstances(support.campaign().period)
    single = verify(FORM, Answers(), known)
    together = gathered(FORM, single)
    assert sorted(c for each in together for c in each.cells) == sorted(
        c for each in single for c in each.cells
    )
    assert len({(each.code, each.line) for each in together}) == len(together)
