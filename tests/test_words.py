"""What clerks read: messages, instructions, and the catalogue of findings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

import workbook_builder
from workbook_builder.definition.registry import Forms
from workbook_builder.language.parse import parse, read
from workbook_builder.language.value import Evaluator
from workbook_builder.language.words import (
    Sides,
    asked,
    breach,
    instruction,
    remedy,
    sides,
)
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.catalogue import CATALOGUE, UNREADABLE, catalogued
from workbook_builder.model.check import Instance, Line
from workbook_builder.model.errors import LOSSES, RuleError
from workbook_builder.model.expression import Compare
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import CellType
from workbook_builder.model.period import Period
from workbook_builder.model.severity import Severity
from workbook_builder.model.text import Text
from workbook_builder.model.values import grouped, number, plain
from workbook_builder.reading.receive import REFUSALS

FORM = Forms.shipped().edition("disclosure", "2021")
SOURCES = sorted(Path(workbook_builder.__file__).parent.rglob("*.py"))
CHECKS = {check.code: check for check in FORM.checks}

#: What a program left behind, or a sentence that was glued together badly.
LEFTOVERS = re.compile(
    r"[{}]|None|Unknown|Decimal|UNKNOWN|。。|：：|“”|【】|：。|，。|\.\."
)


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        ("0", "0", "0"),
        ("-0.0", "0", "0"),
        ("1204", "1204", "1,204"),
        ("-1204", "-1204", "-1,204"),
        ("1E+3", "1000", "1,000"),
        ("59237.2449", "59237.2449", "59,237.2449"),
        ("0.500000", "0.5", "0.5"),
        ("-0.5", "-0.5", "-0.5"),
        ("1E-7", "0.0000001", "0.0000001"),
        ("99999999", "99999999", "99,999,999"),
    ],
)
def test_numbers_have_no_exponent_and_no_idle_zeros(
    value: str, digits: str, printed: str
) -> None:
    assert plain(Decimal(value)) == digits
    assert grouped(Decimal(value)) == printed


# ---------------------------------------------------------------- messages


def returned(figure: int) -> Evaluator:
    """A return with the same figure in every input, and another the year before."""
    answers = Answers({cell.id: number(figure + 1) for cell in FORM.inputs})
    before = {id_: Decimal(figure) for id_ in FORM.used_last_period}
    return Evaluator(FORM, answers, Circumstances(Period(2020), "街道", before))


def said(evaluator: Evaluator, code: str) -> Iterator[Text]:
    check = CHECKS[code]
    for line in check.lines:
        for instance in line.instances:
            yield breach(evaluator, check, line, instance)


@pytest.mark.parametrize("code", CHECKS)
@pytest.mark.parametrize(
    "evaluator",
    [
        returned(0),
        returned(1_203),
        Evaluator(FORM, Answers(), Circumstances(Period(2020))),
    ],
    ids=["small", "large", "blank"],
)
def test_every_check_renders_in_both_languages(code: str, evaluator: Evaluator) -> None:
    check = CHECKS[code]
    for text in said(evaluator, code):
        assert text.zh.startswith(check.title)
        assert text.en.startswith(check.title_en)
        assert check.message in text.zh
        assert check.message_en in text.en
        assert text.zh.endswith("。")
        assert text.en.endswith(".")
        assert not LEFTOVERS.search(text.zh), text.zh
        assert not LEFTOVERS.search(text.en), text.en


def test_a_message_shows_both_sides_what_they_are_made_of_and_the_gap() -> None:
    typed = {cell.id: number(0) for cell in FORM.inputs}
    typed["applications.received.natural"] = number(1_180)
    typed["applications.carried_in.natural"] = number(31)
    typed["applications.granted.natural"] = number(1_157)
    typed["applications.carried_out.natural"] = number(47)
    text = next(
        said(Evaluator(FORM, Answers(typed), Circumstances(Period(2025))), "A1")
    )
    assert "1,211（1,180 + 31）应等于 1,204（1,157 + 47），相差 7" in text.zh
    assert "1,211 (1,180 + 31) should equal 1,204 (1,157 + 47), off by 7" in text.en


def test_a_year_is_not_printed_as_an_amount() -> None:
    (text,) = said(Evaluator(FORM, Answers(), Circumstances(Period(2020))), "F6")
    assert "2020 应不小于 2021，相差 1" in text.zh
    assert "2020 should be at least 2021, off by 1" in text.en


@pytest.mark.parametrize(
    ("left", "right", "difference"),
    [
        (Decimal(3), Decimal(5), Decimal(-2)),
        (None, Decimal(5), None),
        (Decimal(3), None, None),
    ],
)
def test_there_is_a_difference_when_both_sides_are_known(
    left: Decimal | None, right: Decimal | None, difference: Decimal | None
) -> None:
    assert Sides(left, right).difference == difference


def test_an_unknown_side_is_not_shown() -> None:
    typed = {"applications.received.natural": number(9)}
    known = Evaluator(FORM, Answers(typed), Circumstances(Period(2025)))
    line = CHECKS["A1"].lines[0]
    assert sides(known, line.instances[0]) == Sides(None, None)
    assert breach(known, CHECKS["A1"], line, line.instances[0]).zh.endswith("之和。")


# ---------------------------------------------------------------- instructions


@pytest.mark.parametrize("code", CHECKS)
def test_an_instruction_reads_as_a_chinese_sentence(code: str) -> None:
    check, text = CHECKS[code], instruction(FORM, CHECKS[code])
    assert text.startswith(f"{code}（{check.severity.word}）{check.title}")
    assert text.endswith("。")
    assert not LEFTOVERS.search(text)
    rest = text.removeprefix(code).replace("10,000", "")
    assert not re.search(r"[A-Za-z_=<>*]", rest), "an id or an operator"
    assert rest.count("“") == rest.count("”")
    assert rest.count("（") == rest.count("）")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "A1",
            "A1（强制）收办平衡：“一、本年新收政府信息公开申请数量”加“二、上年结转政府信息"
            "公开申请数量”应等于“（七）总计”加“四、结转下年度继续办理”。",
        ),
        ("A3", "A3（强制）申请人合计：“总计”应等于“自然人”至“其他”各项之和。"),
        (
            "B2",
            "B2（核实）现行有效件数连续：“现行有效件数”应等于上年“现行有效件数”"
            "加“本年制发件数”减“本年废止件数”。",
        ),
        (
            "C1",
            "C1（核实）规章制定权。规范性文件请填在“行政规范性文件”一行，规章改为 0；"
            "代市、州人民政府填报的，在“说明”栏写明。",
        ),
    ],
)
def test_an_instruction_names_the_printed_labels(code: str, sentence: str) -> None:
    assert instruction(FORM, CHECKS[code]) == sentence


_ROW = "proactive.normative_documents"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            "in_force == issued - (repealed + in_force)",
            "“现行有效件数”应等于“本年制发件数”减（“本年废止件数”加“现行有效件数”）",
        ),
        (
            "in_force <= 2 * (issued + repealed)",
            "“现行有效件数”应不大于2乘以（“本年制发件数”加“本年废止件数”）",
        ),
        (
            "in_force >= issued - repealed - issued",
            "“现行有效件数”应不小于“本年制发件数”减“本年废止件数”减“本年制发件数”",
        ),
        (
            "in_force == sum(issued, in_force)",
            "“现行有效件数”应等于“本年制发件数”、“现行有效件数”之和",
        ),
        (
            "in_force == sum(span(issued, repealed), in_force)",
            "“现行有效件数”应等于“本年制发件数”至“本年废止件数”各项、“现行有效件数”之和",
        ),
    ],
)
def test_a_rule_is_said_as_it_is_meant(rule: str, words: str) -> None:
    """Brackets stay brackets, and “至” is said of what stands between only."""

    def resolve(kind: str, name: str) -> str:
        if f"{_ROW}.{name}" not in FORM.cells:
            raise RuleError(name)
        return f"{_ROW}.{name}"

    expression = read(parse(rule), resolve, lambda first, last: (first, last))
    assert isinstance(expression, Compare)
    cells = tuple(id_ for id_ in FORM.cells if id_.startswith(f"{_ROW}."))
    instance = Instance("X1.x", expression, cells, cells[0])
    check = replace(CHECKS["B3"], lines=(Line("X1.x", "", (instance,)),))
    assert instruction(FORM, check) == f"B3（核实）{check.title}：{words}。"


@pytest.mark.parametrize(
    ("bounds", "zh", "en"),
    [
        ((0, 0, 99), "填 0 或正整数（件）", "whole number ≥ 0 (件)"),
        ((0, -99, 99), "填整数，可以是负数（件）", "whole number, also below 0 (件)"),
        ((0, 1, 99), "填不小于 1 的整数（件）", "whole number ≥ 1 (件)"),
        (
            (6, 0, 9),
            "填 0 或正数（件，最多 6 位小数）",
            "number ≥ 0 (件, up to 6 decimals)",
        ),
        ((2, -9, 9), "填数，可以是负数（件，最多 2 位小数）", "number, also below 0"),
    ],
)
def test_what_a_cell_takes_is_said_by_its_type(
    bounds: tuple[int, int, int], zh: str, en: str
) -> None:
    type_ = CellType("count", "件数", "件", *bounds)
    assert asked(type_).zh == zh
    assert asked(type_).en.startswith(en)
    assert asked(type_, named=True).zh == f"件数{zh}"
    assert asked(type_, named=True).en.startswith(f"count: {en}")


def test_a_remedy_speaks_of_the_cell_at_hand_or_of_all() -> None:
    check = CHECKS["A5"]
    fee = next(
        each
        for line in check.lines
        for each in line.instances
        if each.place == "proactive.fees.amount"
    )
    both = remedy(FORM, check)
    assert "件数填 0 或正整数（件）；金额填 0 或正数（万元" in both.zh
    assert "count: whole number" in both.en
    one = remedy(FORM, check, [fee])
    assert one.zh.startswith("填 0 或正数（万元，最多 6 位小数）；")
    assert "件" not in one.zh
    assert one.en.startswith("number ≥ 0 (万元, up to 6 decimals); ")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            "in_force <= issued + maximum(issued)",
            "“现行有效件数”应不大于“本年制发件数”加99,999,999",
        ),
        (
            "in_force >= issued - minimum(issued)",
            "“现行有效件数”应不小于“本年制发件数”减0",
        ),
    ],
)
def test_the_bounds_of_a_type_have_words(rule: str, words: str) -> None:
    test_a_rule_is_said_as_it_is_meant(rule, words)


# ---------------------------------------------------------------- the catalogue


def fields(code: str) -> set[str]:
    """What the sentences of an entry are filled in with."""
    return {
        name
        for part in CATALOGUE[code].message
        for _, name, _, _ in Formatter().parse(part)
        if name
    }


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_catalogue_entry_renders_from_its_fields(code: str) -> None:
    values = {name: f"〔{name}〕" for name in fields(code)}
    finding = catalogued(code, **values, cell="a.b.c", sheet="表二", address="B6")
    assert (finding.code, finding.severity) == (code, CATALOGUE[code].severity)
    for text in (*finding.message, *finding.remedy):
        assert not LEFTOVERS.search(text)
        assert text.strip() == text != ""
    for language in finding.message:
        assert all(value in language for value in values.values())
    assert finding.message.zh.endswith("。")
    assert finding.remedy.zh.endswith("。")
    assert finding.message.en.endswith(".")
    assert finding.remedy.en.endswith(".")
    assert (finding.cell, finding.sheet, finding.address) == ("a.b.c", "表二", "B6")
    for name in ("seen", "expected", "difference"):
        assert getattr(finding, name) == values.get(name)


def test_braces_that_a_clerk_typed_stay_as_they_are() -> None:
    finding = catalogued("Y02", seen="{seen} {0} {")
    assert finding.message.zh == ("表上方的零报告应从列表里选，现在是“{seen} {0} {”。")


def test_codes_of_the_catalogue_are_no_codes_of_checks() -> None:
    assert not CATALOGUE.keys() & CHECKS.keys()


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a function in the program, with the file it is in."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == name
            ):
                yield path.name, node


def first_words(name: str) -> set[str]:
    """The literal first arguments of a function's calls."""
    return {
        node.args[0].value
        for _, node in calls(name)
        if node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_call_for_a_finding_gives_the_fields_it_needs() -> None:
    looked_at = 0
    for file, node in calls("catalogued"):
        given = {keyword.arg for keyword in node.keywords}
        code = node.args[0]
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            looked_at += 1
            assert None in given or fields(code.value) <= given, f"{file}: {code.value}"
    assert looked_at > 10


def test_every_entry_of_the_catalogue_is_used() -> None:
    words = {
        node.value
        for path in SOURCES
        if "catalogue" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert CATALOGUE.keys() - set(UNREADABLE.values()) <= words


def test_every_reason_why_a_file_cannot_be_read_has_a_finding() -> None:
    reasons = first_words("UnreadableFile") | first_words("LimitReached")
    reasons |= {*LOSSES, *REFUSALS.values()}
    assert {"empty", "encrypted", "bomb", "locked"} <= reasons
    assert reasons == UNREADABLE.keys()
    assert set(UNREADABLE.values()) <= CATALOGUE.keys()


# ---------------------------------------------------------------- words of the field


def test_every_verdict_and_severity_has_its_chinese_word() -> None:
    assert [verdict.text.zh for verdict in Verdict] == [
        "通过", "待说明", "退回", "已有新版", "待确认", "不属本次任务", "无法读取",
        "忽略",
    ]  # fmt: skip
    assert Verdict.NEEDS_EXPLANATION.text.en == "needs explanation"
    assert [severity.word for severity in Severity] == ["强制", "核实", "提示"]


def test_a_text_is_chosen_by_language() -> None:
    text = Text("中文", "English")
    assert text.in_language("zh") == "中文"
    assert text.in_language("en") == "English"
