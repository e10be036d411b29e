"""Figures that a text names, beside the tables: what is told apart, and what is not meant.

Every figure of the tables is different here, so that a wrong cell shows.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from workbook_builder.definition.registry import Forms
from workbook_builder.language.named import misnamed
from workbook_builder.language.sentences import sentences
from workbook_builder.language.value import facts, summed
from workbook_builder.model.form import Form, Kind
from workbook_builder.model.period import Period

TEXT = "overview_on_request"
#: A number before what it counts; -1 is in no table.
COUNTED = re.compile(r"\d+(?:\.\d+)?(?=[件万项])")


def figures(form: Form) -> dict[str, Decimal]:
    typed = {cell.id: Decimal(n * n) for n, cell in enumerate(form.inputs, 7)}
    known = facts(form, summed(form, typed))
    return {id_: v.number for id_, v in known.items() if v.number is not None}


def found(text: str) -> dict[str, Decimal]:
    """Name → what the tables say, of every number of the text that is not so."""
    form = Forms.shipped().of("disclosure", Period(2025))
    told = misnamed(form, Period(2025), figures(form), {TEXT: text})
    return {each.name: Decimal(each.amount) for _, each in told}


def amount(*cells: str) -> Decimal:
    form = Forms.shipped().of("disclosure", Period(2025))
    return sum((figures(form)[cell] for cell in cells), Decimal(0))


@pytest.mark.parametrize("year", [2019, 2025])
def test_every_number_of_the_offered_sentences_is_compared(year: int) -> None:
    form, period = Forms.shipped().of("disclosure", Period(year)), Period(year)
    known = figures(form)
    offered = sentences(form, "示例区", period, known)
    texts = {id_: "".join(said) for id_, said in offered.items()}
    assert not list(misnamed(form, period, known, texts))
    wrong = {id_: COUNTED.sub("1", text) for id_, text in texts.items()}
    numbers = sum(len(COUNTED.findall(text)) for text in texts.values())
    assert len(list(misnamed(form, period, known, wrong))) == numbers > 20


@pytest.mark.parametrize("row", [True, False])
def test_every_label_of_table_three_names_its_figure(row: bool) -> None:
    """As printed, without its number: rows alone, and columns after a row."""
    form = Forms.shipped().of("disclosure", Period(2025))
    (table,) = (each for each in form.tables if each.id == "applications")
    (block,) = table.blocks
    for each in block.rows if row else block.columns:
        label = re.sub(r"^.*?[、.）](?=\D)|（.*$", "", each.labels[-1])
        if label in {"总计", "其他"}:  # a row and a column are called so
            continue
        said = f"{label}1件" if row else f"新收9件，其中{label}1件"
        cell = f"applications.{each.id}.total" if row else ""
        cell = cell or f"applications.received.{each.id}"
        assert amount(cell) in found(said).values(), label


SAID = {
    "不予公开1件，其中国家秘密2件，危及“三安全一稳定”的2件": {
        "不予公开": [
            f"applications.refused_{each}.total"
            for each in (
                *("state_secret", "prohibited", "security", "third_party"),
                *("internal", "process", "enforcement", "query"),
            )
        ],
        "国家秘密": ["applications.refused_state_secret.total"],
        "危及“三安全一稳定”的": ["applications.refused_security.total"],
    },
    "信访举报投诉类申请三件、重复申请两件": {
        "信访举报投诉类申请": ["applications.rejected_petition.total"],
        "重复申请": ["applications.rejected_repeated.total"],
    },
    "收到自然人申请1件，法人或其他组织1件；自然人新收1件，上年结转1件": {
        "收到·自然人申请": ["applications.received.natural"],
        "收到·法人或其他组织": [
            f"applications.received.{each}"
            for each in ("business", "research", "welfare", "legal_service", "other")
        ],
        "自然人·新收": ["applications.received.natural"],
        "上年结转": ["applications.carried_in.total"],
    },
    "行政诉讼案件1件，结果维持1件。复议后起诉1件（结果纠正1件，尚未审结1件）": {
        "行政诉讼案件": ["disputes.direct.total", "disputes.after_review.total"],
        "行政诉讼·结果维持": ["disputes.direct.upheld", "disputes.after_review.upheld"],
        "复议后起诉": ["disputes.after_review.total"],
        "复议后起诉·结果纠正": ["disputes.after_review.corrected"],
        "复议后起诉·尚未审结": ["disputes.after_review.pending"],
    },
    "制发规范性文件1件，废止1件；现行有效的规章1件": {
        "制发·规范性文件": ["proactive.normative_documents.issued"],
        "规范性文件·废止": ["proactive.normative_documents.repealed"],
        "现行有效·规章": ["proactive.regulations.in_force"],
    },
    "收取行政事业性收费1万元": {"收取·行政事业性收费": ["proactive.fees.amount"]},
    # The year of the tables may be said, and cases be counted by another word.
    "2025年办结重复申请1件": {"重复申请": ["applications.rejected_repeated.total"]},
    "重复申请1条": {"重复申请": ["applications.rejected_repeated.total"]},
}


@pytest.mark.parametrize("said", SAID)
def test_a_figure_is_that_of_its_row_and_its_column(said: str) -> None:
    wanted = {name: amount(*cells) for name, cells in SAID[said].items()}
    assert found(said) == wanted


def test_only_texts_for_which_figures_are_offered_are_looked_at() -> None:
    form, said = Forms.shipped().of("disclosure", Period(2025)), "重复申请1件"
    known = figures(form)
    for text, told in {TEXT: 1, "other_matters": 0}.items():
        assert text in {each.id for each in form.narratives}
        found = list(misnamed(form, Period(2025), known, {text: said}))
        assert len(found) == told


@pytest.mark.parametrize(("lost", "told"), [(0, 1), (1, 0)])
def test_a_figure_is_compared_as_soon_as_all_its_parts_are_known(
    lost: int, told: int
) -> None:
    """Whatever else is not."""
    form, row = Forms.shipped().of("disclosure", Period(2025)), "rejected_repeated"
    parts = {cell.id for cell in form.inputs if cell.row == row}
    known = {id_: Decimal(7) for id_ in sorted(parts)[lost:]}
    texts = {TEXT: "重复申请1件"}
    assert len(list(misnamed(form, Period(2025), known, texts))) == told


def test_of_two_rows_of_one_label_both_need_a_total() -> None:
    form, typed = (
        Forms.shipped().of("disclosure", Period(2025)),
        "disputes.direct.total",
    )
    cells = {**form.cells, typed: replace(form.cells[typed], kind=Kind.INPUT)}
    totals = {id_: rule for id_, rule in form.totals.items() if id_ != typed}
    other = replace(form, cells=cells, totals=totals)
    texts = {TEXT: "行政诉讼案件1件"}
    assert list(misnamed(form, Period(2025), figures(form), texts))
    assert not list(misnamed(other, Period(2025), figures(form), texts))


def test_words_of_one_character_name_nothing() -> None:
    form = Forms.shipped().of("disclosure", Period(2025))
    assert form.wording is not None
    for words, amounts in {"密": 0, "密件": 1}.items():
        wording = replace(form.wording, called={"1.属于国家秘密": (words,)})
        other, texts = replace(form, wording=wording), {TEXT: f"{words}1件"}
        told = misnamed(other, Period(2025), figures(form), texts)
        assert len(list(told)) == amounts


def test_money_may_be_said_in_the_smaller_unit() -> None:
    fees = amount("proactive.fees.amount") * 10_000
    assert found("收取行政事业性收费1元") == {"收取·行政事业性收费": fees}
    assert not found(f"收取行政事业性收费{fees}元")


@pytest.mark.parametrize(
    "said",
    [
        "上年新收申请1件，2024年办结1件，一季度新收1件",
        "新收申请比上年增加1件，未办结1件",
        "收到群众来信1件，公开行政许可信息1条，开展行政复议培训1次",
        "主动公开规章1件，新收、办结分别为1件、2件，新收申请1.2万件",
        "自然人1件，结果维持1件",  # of what?
    ],
)
def test_what_is_no_figure_of_the_tables_is_left_alone(said: str) -> None:
    assert not found(said)
