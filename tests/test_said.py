"""What every check says, word by word: with the figures of a return, of one that is
blank, and as an instruction. ``golden/said.txt`` is to be read.

``python -m tests.test_said`` accepts the words as they are now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support import FORMS, filled, form
from tests.test_expression import node
from workbook_builder.language import figures
from workbook_builder.language.formula import runs
from workbook_builder.language.headings import opens_with
from workbook_builder.language.labels import bare_label
from workbook_builder.language.spelling import literals
from workbook_builder.language.typed import MOST_DIGITS, number_in, plain_text
from workbook_builder.language.value import Evaluator
from workbook_builder.language.words import (
    NAMED,
    Sides,
    asked,
    breach,
    breaches,
    instruction,
    remedy,
    shown,
    sides,
    summed,
)
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.form import Form
from workbook_builder.model.layout import Place

D = Decimal
GOLDEN = Path(__file__).parent / "golden" / "said.txt"
ACCEPT = "python -m tests.test_said"
QUARTERLY = FORMS.edition("requests_quarterly", "2021")


def odd(of: Form) -> Evaluator:
    """Another figure in each cell, a text and a field of some words, and a year before."""
    figures_ = {
        cell.id: D(1000 + 37 * at) + (D("0.25") if cell.type.decimals else 0)
        for at, cell in enumerate(of.inputs)
    }
    before = {id_: D(500 + at) for at, id_ in enumerate(of.cells)}
    texts = {text.id: "2024年收到申请5件，与上年相同。" * 9 for text in of.narratives}
    answers = replace(
        filled(of, **figures_),
        texts=texts,
        fields={each.id: "示例路1号" for each in of.fields[:1]},
    )
    known = Circumstances(of.first_period.later(4), "镇", before, texts)
    return Evaluator(of, answers, known)


def blank(of: Form) -> Evaluator:
    return Evaluator(of, Answers(), Circumstances(of.first_period))


def said() -> str:
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    for of in (form(), QUARTERLY):
        some, none = odd(of), blank(of)
        for check in of.checks:
            yield f"{of.id} {check.code}"
            yield f"  {instruction(of, check)}"
            yield f"  {remedy(of, check).en}"
            line = check.lines[0]
            for instance in (line.instances[0], check.lines[-1].instances[-1]):
                own = line if instance is line.instances[0] else check.lines[-1]
                text = breach(some, check, own, instance)
                yield f"  {text.zh}"
                yield f"  {text.en}"
                both = sides(some, instance)
                yield f"  {both.left} | {both.right} | {both.difference}"
            yield f"  {breach(none, check, line, line.instances[0]).zh}"


def test_no_words_change_unseen() -> None:
    golden = GOLDEN.read_text(encoding="utf-8")
    assert said() + "\n" == golden, f"read what changed, then: {ACCEPT}"


@pytest.mark.parametrize("count", [0, 1, NAMED, NAMED + 1])
def test_of_many_cells_the_first_are_named(count: int) -> None:
    check = form().check("A5")
    line = check.lines[0]
    named = [(f"D{n}", f"{n}件") for n in range(count)]
    text = breaches(check, line, [*named, ("E9", None)])
    assert f"：{count + 1} 个单元格" in text.zh
    assert text.zh.count("件”") == text.en.count("件”") == min(count, NAMED)
    assert ("等。" in text.zh) is ("…" in text.en) is (count > NAMED)
    assert (text.zh.count("：") == 2) is (count > 0)
    assert (text.en.count(":") == 2) is (count > 0)
    assert text.zh.startswith("数字有效【表二】：")
    bare = breaches(check, replace(line, label=""), named)
    assert "【" not in bare.zh


def test_what_a_cell_takes_is_named_only_among_others() -> None:
    check = form().check("A5")
    instances = [i for line in check.lines for i in line.instances]
    (count, *_), (money, *_) = (
        [i for i in instances if form().cells[i.place].type.id == id_]
        for id_ in ("count", "amount")
    )
    assert asked(form().cells[count.place].type).zh.startswith("填")
    assert "件数填" not in remedy(form(), check, [count]).zh
    assert "金额填" not in remedy(form(), check, [money]).zh
    for at in ([], [count, money]):
        assert {"件数", "金额"} <= set(
            re.findall("件数|金额", remedy(form(), check, at).zh)
        )


def test_amounts_are_shown_where_they_can_be_told() -> None:
    some, none = odd(form()), blank(form())
    assert shown(none, node("a")) == ""
    assert shown(some, node("fee * 3 - fee * 3 + 1234567")) == "1,234,567"
    assert sides(none, form().check("F12").lines[0].instances[0]) == Sides()
    known = [Sides(D(3), D(1)), Sides(D(3), None), Sides(None, D(1)), Sides()]
    assert [each.difference for each in known] == [2, None, None, None]


@pytest.mark.parametrize(
    ("rule", "terms"),
    [("a + b", 2), ("a", 1), ("a - b", 0), ("sum(a, b, c)", 3), ("a + b - c", 0)],
)
def test_only_what_is_added_is_a_sum(rule: str, terms: int) -> None:
    assert len(summed(node(rule))) == terms


@pytest.mark.parametrize(
    ("amount", "text", "says"),
    [
        (9, "收到申请9件", True),
        (9, "收到申请九件", True),
        (9, "共计9条", True),
        (9, "九份", True),
        (9, "19件", False),
        (9, "9人", False),
        (9, "", False),
    ],
)
def test_a_text_says_a_number_of_cases(amount: int, text: str, says: bool) -> None:
    assert figures.says(figures.prepared(text), D(amount)) is says


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("9件", True),
        ("两起", True),
        ("一起推进", False),
        ("第一次", False),
        ("9条", False),
        ("", False),
    ],
)
def test_a_text_has_a_number_of_cases_at_all(text: str, has: bool) -> None:
    assert figures.has_figure(figures.prepared(text)) is has


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("受理申请9件", True),
        ("收到来信，答复9件", False),
        ("收到申请0件", False),
        ("收到1,204件", True),
        ("收到申请", False),
        ("无；受理3件", True),
        ("受理零件", False),
    ],
)
def test_one_clause_has_the_word_and_the_number(text: str, counts: bool) -> None:
    assert figures.counts(text, ("收到", "受理")) is counts


def test_neighbours_are_one_range() -> None:
    def at(*cells: str) -> list[str]:
        places = [Place(c[0], int(c[1]), int(c[2])) for c in cells]
        return [f"{a.row}{a.column}-{b.row}{b.column}" for a, b in runs(places)]

    assert at("a11", "a12", "a13") == ["11-13"]
    assert at("a11", "a21", "a31") == ["11-31"]
    assert at("a11", "a12", "a22") == ["11-12", "22-22"]
    assert at("a11", "a21", "a22") == ["11-21", "22-22"]
    assert at("a11", "b12", "b13") == ["11-11", "12-13"]
    assert at("a11", "a13") == ["11-11", "13-13"]
    assert at("a11", "a31") == ["11-11", "31-31"]
    assert at("a11", "a22") == ["11-11", "22-22"]
    assert at("a12", "a11") == ["12-12", "11-11"]
    assert at() == []


NUMBERS: list[tuple[str, bool, str | None]] = [
    ("1,204", False, "1204"), ("１，２０４．５", False, "1204.5"), (" '3 ", False, "3"),
    ("+3", False, "3"), ("-3", False, None), ("-3", True, "-3"), ("－3", True, "-3"),
    ("减少3", True, "-3"), ("减少3", False, None), ("增3", True, "3"), ("+3", True, "3"),
    ("1,20", False, None), ("1,204,567", False, "1204567"), ("", False, None),
    (".", False, None), (".5", False, "0.5"), ("5.", False, "5"), ("1 2", False, None),
    ("1.2.3", False, None), ("3件", False, None), ("—", True, None),
    ("1" * MOST_DIGITS, False, "1" * MOST_DIGITS), ("1" * (MOST_DIGITS + 1), False, None),
    ("-" + "1" * MOST_DIGITS, True, "-" + "1" * MOST_DIGITS),
]  # fmt: skip


@pytest.mark.parametrize(("text", "signed", "number"), NUMBERS)
def test_a_text_may_stand_for_a_number(
    text: str, signed: bool, number: str | None
) -> None:
    assert number_in(text, signed) == (None if number is None else D(number))
    if not signed:
        assert number_in(text) == number_in(text, False)


def test_a_text_is_plain_without_what_stands_around_it() -> None:
    assert plain_text(" ＋3\u3000") == "3"
    assert plain_text("-3") == "-3"
    assert plain_text("a \u200b b") == "a b"
    assert plain_text("增加3", True) == "3"


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("（五）监督保障：全年无", True),
        ("监督保障 全年无", True),
        ("监督保障", True),
        ("监督保障工作", False),
        ("全年（五）监督保障：", False),
        ("", False),
    ],
)
def test_a_text_may_open_with_the_heading_of_another(text: str, opens: bool) -> None:
    assert opens_with(text, ["（一）主动公开", "（五）监督保障"]) is opens


def test_labels_are_alike_whatever_their_brackets() -> None:
    assert bare_label("（七）总 计") == bare_label("(七)总计")
    assert bare_label("总计") != bare_label("合计")


@pytest.mark.parametrize("length", [1, 120, 121, 240, 241, 600])
def test_a_long_text_is_taken_in_pieces(length: int) -> None:
    pieces = literals("甲乙丙" * (length // 3) + "丁" * (length % 3))
    assert max(map(len, pieces)) <= 122
    assert len(pieces) == -(-length // 120)
    whole = "".join(each.strip('"') for each in pieces)
    assert whole == "甲乙丙" * (length // 3) + "丁" * (length % 3)


if __name__ == "__main__":
    GOLDEN.write_text(said() + "\n", encoding="utf-8")
