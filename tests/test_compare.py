"""``compare``: what a unit published against its return that counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import support
from tests.own_reports import FORM, YEAR, Own, sample
from tests.support import Shell
from workbook_builder.model.answers import Answers
from workbook_builder.model.values import number
from workbook_builder.workbook.build import build_workbook

FEE = "proactive.fees.amount"


@pytest.fixture
def own() -> Own:
    """Small figures, so that no check asks about them."""
    zeros = dict.fromkeys((cell.id for cell in FORM.cells.values()), number(0).number)
    texts = {text.id: support.TEXT for text in FORM.narratives}
    figures = {id_: figure or number(0).number for id_, figure in zeros.items()}
    return replace(
        sample(),
        figures={k: v for k, v in figures.items() if v is not None},
        texts=texts,
    )


def campaign_of(shell: Shell, own: Own) -> str:
    inputs = {cell.id for cell in FORM.inputs}
    answers = Answers(
        values={id_: number(f) for id_, f in own.figures.items() if id_ in inputs},
        texts=own.texts,
        fields=support.fields(FORM),
    )
    campaign = support.campaign(year=YEAR)
    data = build_workbook(FORM, support.unit(), campaign, answers)
    made = support.folder(shell.path / "c", files={"1.xlsx": data}, of=campaign)
    return str(made.path)


def test_the_same_is_the_same(shell: Shell, own: Own) -> None:
    folder = campaign_of(shell, own)
    (shell.path / "公布.docx").write_bytes(own.docx())
    assert shell("compare", folder, "U1", "公布.docx") == 0, shell.out
    assert "一致" in shell.out


def test_another_figure_and_another_text_are_named(shell: Shell, own: Own) -> None:
    folder = campaign_of(shell, own)
    text = FORM.narratives[-1]
    other = replace(
        own,
        figures={**own.figures, FEE: number(7).number or own.figures[FEE]},
        texts={**own.texts, text.id: own.texts[text.id] + "另有一句。"},
    )
    (shell.path / "公布.docx").write_bytes(other.docx())
    said = shell.json("compare", folder, "U1", "公布.docx")
    assert shell.status == 1
    assert [
        (d["cell"], d["returned"], d["published"]) for d in said["differences"]
    ] == [(FEE, "0", "7")]
    assert said["texts"] == [text.title]
    assert said["unsure"] == []
    assert shell("compare", folder, "U1", "公布.docx") == 1
    assert "1 个数不同" in shell.out


def test_without_a_return_nothing_is_compared(shell: Shell, own: Own) -> None:
    folder = campaign_of(shell, own)
    (shell.path / "公布.docx").write_bytes(own.docx())
    assert shell("compare", folder, "U2", "公布.docx") == 2
    assert "还没有计入的报送表" in shell.err
