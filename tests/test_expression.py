"""The language of rules: what it admits, how it is read, and what it means.

A rule is Python syntax, so for whole numbers Python itself is the judge of its value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_builder.definition.registry import Forms
from workbook_builder.language.formula import Formulas
from workbook_builder.language.parse import parse, read
from workbook_builder.language.value import UNKNOWN, Evaluator, Unknown
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.errors import RuleError
from workbook_builder.model.expression import (
    AMOUNTS,
    FUNCTIONS,
    READER_ONLY,
    Arithmetic,
    Both,
    Call,
    CellRef,
    Compare,
    Either,
    LastPeriod,
    Node,
    Not,
    Number,
    PeriodPart,
    Total,
    UnitTypeIn,
    children,
    is_amount,
    main_comparison,
    walk,
)
from workbook_builder.model.period import Period
from workbook_builder.model.values import BLANK, State, Value, number, on_grid
from workbook_builder.workbook.place import place

FORM = Forms.shipped().edition("disclosure", "2021")

#: A busy machine is no failure.
UNHURRIED = settings(deadline=None)

#: Short names for the rules below.
CELLS = {
    "a": "applications.received.natural",
    "b": "applications.carried_in.natural",
    "c": "applications.granted.natural",
    "total": "applications.received.total",
    "fee": "proactive.fees.amount",
}
TEXTS = {"text": "problems"}
FIELDS = {"field": "postcode"}
A, B, C = (CellRef(CELLS[name]) for name in "abc")
ROW = ("natural", "business", "research", "welfare", "legal_service", "other")


def resolve(kind: str, name: str) -> str:
    known = {"cell": CELLS, "text": TEXTS, "field": FIELDS}
    for each in kind.split(" or "):
        if name in known[each]:
            return known[each][name]
    raise RuleError(f"there is no {kind} “{name}”")


def between(first: str, last: str) -> tuple[str, ...]:
    return (first, f"between {first} and {last}", last)


def node(rule: str) -> Node:
    return read(parse(rule), resolve, between)


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("a == b", Compare("==", A, B)),
        ("a <= b", Compare("<=", A, B)),
        ("a >= b", Compare(">=", A, B)),
        ("a + b - c", Arithmetic("-", Arithmetic("+", A, B), C)),
        ("a - (b + c)", Arithmetic("-", A, Arithmetic("+", B, C))),
        ("2 * a", Arithmetic("*", Number(Decimal(2)), A)),
        ("0.1", Number(Decimal("0.1"))),
        ("year - 1", Arithmetic("-", PeriodPart("year"), Number(Decimal(1)))),
        ("last(a)", LastPeriod(A.id)),
        ("so_far(a)", LastPeriod(A.id, within_year=True)),
        ("sum(a, so_far(b))", Total((A,), before=(LastPeriod(B.id, True),))),
        ("sum(a, last(b))", Total((A,), before=(LastPeriod(B.id),))),
        ("sum(a, c)", Total((A, C))),
        (
            "sum(span(a, b), c)",
            Total(
                (A, CellRef(f"between {A.id} and {B.id}"), B, C),
                ((A, B),),
            ),
        ),
        ("not is_blank(a)", Not(Call("is_blank", A.id))),
        ("is_blank(field)", Call("is_blank", "postcode")),
        ("contains(text, '费')", Call("contains", "problems", ("费",))),
        (
            "mentions_year(text, year)",
            Call("mentions_year", "problems", PeriodPart("year")),
        ),
        ("unit_type in ('镇',)", UnitTypeIn(("镇",))),
        ("unit_type not in ['镇', '乡']", Not(UnitTypeIn(("镇", "乡")))),
        ("  a == b\n", Compare("==", A, B)),
    ],
)
def test_a_rule_is_read_as_it_is_written(rule: str, expected: Node) -> None:
    assert node(rule) == expected


def test_chains_are_read_from_left_to_right() -> None:
    first, second, third = (Call("is_number", cell.id) for cell in (A, B, C))
    rule = "is_number(a) {0} is_number(b) {0} is_number(c)"
    assert node(rule.format("or")) == Either(first, Either(second, third))
    assert node(rule.format("and")) == Both(first, Both(second, third))


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("a ==", "not a sentence"),
        ("", "not a sentence"),
        ("a == b; c", "not a sentence"),
        ("a = b", "not a sentence"),
        ("a < b", "comparisons are ==, <= and >="),
        ("a != b", "comparisons are ==, <= and >="),
        ("0 <= a <= b", "“0 <= a <= b” is not in the language"),
        ("a / b == 1", "arithmetic is +, - and *"),
        ("a ** 2 == 1", "arithmetic is +, - and *"),
        ("-a == b", "“-a” is not in the language"),
        ("True", "“True” is not in the language"),
        ("'words' == a", "“'words'” is not in the language"),
        ("None", "“None” is not in the language"),
        ("a if b else c", "is not in the language"),
        ("lambda: a", "is not in the language"),
        ("[x for x in a]", "is not in the language"),
        ("a[0] == 1", "“a[0]” is not in the language"),
        ("a.b.c == 1", "no cell “a.b.c”"),
        ("__import__('os')", "no word “__import__”"),
        ("a.real()", "is not in the language"),
        ("open('x') == 1", "no word “open”"),
        ("d == 1", "no cell “d”"),
        ("unit_type == a", "no cell “unit_type”"),
        ("unit_type in '镇'", "write a list of types"),
        ("unit_type in ()", "write a list of types"),
        ("unit_type in (镇,)", "“镇” should be words in quotes"),
        ("a in ('镇',)", "only “unit_type in (…)” can be asked"),
        ("sum() == 0", "at least one cell"),
        ("sum(1) == 0", "“1” is not a name"),
        ("sum(a + b) == 0", "“a + b” is not a name"),
        ("sum(span(a)) == 0", "“span(a)” is not a name"),
        ("span(a, b) == 0", "span() stands inside sum() only"),
        ("sum(*a) == 0", "“*a” is not a name"),
        ("sum(a, start=b) == 0", "is not in the language"),
        ("last(a, b) == 0", "last() takes 1 argument(s), not 2"),
        ("last(1) == 0", "“1” is not a name"),
        ("last(text) == 0", "no cell “text”"),
        ("is_blank(c5)", "no cell or text or field “c5”"),
        ("length(a) >= 1", "no text or field “a”"),
        ("contains(text)", "contains() takes a text and the words"),
        ("contains(text, 5)", "“5” should be words in quotes"),
        ("contains(text, '')", "“''” should be words in quotes"),
        ("mentions_year(text, '2025')", "is not in the language"),
        ("a <= by_type(5)", "by_type() takes types, number, …, and a number"),
        ("a <= by_type(('镇',), 5)", "by_type() takes types, number, …, and a number"),
        (
            "a <= by_type(('镇',), 5, ('乡',), 6)",
            "by_type() takes types, number, …, and",
        ),
        ("a <= by_type(('镇',), b, 5)", "“b” should be a number"),
        ("a <= by_type(('镇',), '5', 5)", "“'5'” should be a number"),
        # Amounts and yes/no do not stand for each other.
        ("a and b == c", "“a” is a number, not a yes or no"),
        ("a == b or 1", "“1” is a number, not a yes or no"),
        ("not a", "“a” is a number, not a yes or no"),
        ("not length(text)", "“length(text)” is a number, not a yes or no"),
        ("is_blank(a) == b", "“is_blank(a)” is a yes or no, not a number"),
        ("(a == b) + 1 == 2", "“a == b” is a yes or no, not a number"),
        ("a == (unit_type in ('镇',))", "is a yes or no, not a number"),
        ("mentions_year(text, a == b)", "“a == b” is a yes or no, not a number"),
    ],
)
def test_what_is_not_in_the_language_is_refused(rule: str, problem: str) -> None:
    with pytest.raises(RuleError) as caught:
        node(rule)
    assert problem in str(caught.value)


def test_nodes_are_walked_in_the_order_written() -> None:
    rule = node("not (a + b == sum(c)) or mentions_year(text, year - 1)")
    assert [type(each).__name__ for each in walk(rule)] == [
        "Either",
        "Not",
        "Compare",
        "Arithmetic",
        "CellRef",
        "CellRef",
        "Total",
        "CellRef",
        "Call",
        "Arithmetic",
        "PeriodPart",
        "Number",
    ]
    assert list(children(node("contains(text, '费')"))) == []


@pytest.mark.parametrize(
    ("rule", "main"),
    [
        ("a == b", "a == b"),
        ("is_blank(a) or a <= 1 or a >= 2", "a >= 2"),
        ("a == b and b == c", None),
        ("a == b or not a == c", None),
        ("is_blank(a)", None),
    ],
)
def test_the_last_comparison_of_a_chain_is_shown(rule: str, main: str | None) -> None:
    assert main_comparison(node(rule)) == (node(main) if main else None)


# ---------------------------------------------------------------- meaning


@dataclass(frozen=True)
class Return:
    """What was typed: figures by the short names, a text, a declaration."""

    typed: Mapping[str, Value] = field(default_factory=dict)
    declared: bool = False
    text: str = ""
    postcode: str = ""
    last_period: Mapping[str, int] = field(default_factory=dict)
    unit_type: str = ""


def evaluator(said: Return) -> Evaluator:
    answers = Answers(
        values={CELLS[name]: value for name, value in said.typed.items()},
        declared=frozenset({"applications"} if said.declared else ()),
        texts={"problems": said.text},
        fields={"postcode": said.postcode},
    )
    before = {CELLS[name]: Decimal(v) for name, v in said.last_period.items()}
    return Evaluator(FORM, answers, Circumstances(Period(2025), said.unit_type, before))


def figures(**typed: int | str) -> dict[str, Value]:
    return {name: number(Decimal(value)) for name, value in typed.items()}


TEXT = Value(State.TEXT, text="12件")
AB = Return(figures(a=3, b=4))


@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        ("a + b == 7", AB, True),
        ("a == b", AB, False),
        ("a == b", Return(figures(a=3)), UNKNOWN),
        ("a == b", Return(figures(a=3), declared=True), False),
        ("a == b", Return(figures(a=0), declared=True), True),
        ("a == b", Return({**figures(a=3), "b": TEXT}), UNKNOWN),
        # A declaration covers blanks, never words.
        ("a == b", Return({**figures(a=0), "b": TEXT}, declared=True), UNKNOWN),
        # or, and: what follows is not looked at once the answer is clear.
        ("a == 3 or b == 1", Return(figures(a=3)), True),
        ("a == 4 or b == 1", Return(figures(a=3)), UNKNOWN),
        ("b == 1 or a == 3", Return(figures(a=3)), UNKNOWN),
        ("a == 4 and b == 1", Return(figures(a=3)), False),
        ("a == 3 and b == 1", Return(figures(a=3)), UNKNOWN),
        ("b == 1 and a == 4", Return(figures(a=3)), UNKNOWN),
        ("not a == 3", AB, False),
        ("not b == 3", Return(figures(a=3)), UNKNOWN),
        # The year before is known or not; it is no blank.
        ("a == last(b)", Return(figures(a=3), last_period={"b": 3}), True),
        ("a == last(b)", Return(figures(a=3), last_period={"a": 3}), UNKNOWN),
        ("year == 2025", Return(), True),
        ("year - 1 >= 2025", Return(), False),
        ("unit_type in ('镇', '乡')", Return(unit_type="乡"), True),
        ("unit_type in ('镇', '乡')", Return(unit_type="街道"), False),
        ("unit_type in ('镇', '乡')", Return(), False),
        ("unit_type not in ('镇', '乡')", Return(), True),
        ("is_blank(a)", Return(), True),
        ("is_blank(a)", Return(declared=True), False),
        ("is_blank(a)", Return({"a": TEXT}), False),
        ("is_blank(a)", Return({"a": BLANK}), True),
        ("is_number(a)", AB, True),
        ("is_number(a)", Return(), False),
        ("is_number(a)", Return(declared=True), True),
        ("is_number(a)", Return({"a": TEXT}, declared=True), False),
        ("zero_declared(a)", Return(declared=True), True),
        ("zero_declared(fee)", Return(declared=True), False),
        ("a >= minimum(a)", Return(figures(a=0)), True),
        ("a >= minimum(a)", Return(figures(a=-1)), False),
        ("a <= maximum(a)", Return(figures(a=99_999_999)), True),
        ("a <= maximum(a)", Return(figures(a=100_000_000)), False),
        ("on_grid(a)", Return(figures(a=10)), True),
        ("on_grid(a)", Return(figures(a="10.5")), False),
        ("on_grid(a)", Return(figures(a="10.00000001")), True),
        ("on_grid(fee)", Return(figures(fee="0.123456")), True),
        ("on_grid(fee)", Return(figures(fee="0.1234567")), False),
        ("on_grid(a)", Return({"a": TEXT}), UNKNOWN),
        ("length(text) == 4", Return(text="一 二\u3000三四 "), True),
        ("length(text) >= minimum(text)", Return(text="九个字不够十个字呀"), False),
        ("length(text) >= minimum(text)", Return(text="十个字就够十个字了呀"), True),
        ("contains(text, '信息处理费')", Return(text="收取信息处理费 0 元"), True),
        ("contains(text, '信息处理费')", Return(text="收取信息 处理费"), False),
        ("contains(text, '评议', '考核')", Return(text="开展考核"), True),
        ("contains(text, '评议', '考核')", Return(text="开展培训"), False),
        (
            "a <= by_type(('镇', '乡'), 100, ('区县',), 900, 500)",
            Return(figures(a=500)),
            True,
        ),
        ("a <= by_type(('镇', '乡'), 100, 500)", Return(figures(a=501)), False),
        (
            "a <= by_type(('镇', '乡'), 100, 500)",
            Return(figures(a=101), unit_type="乡"),
            False,
        ),
        (
            "a <= by_type(('镇',), 100, 500)",
            Return(figures(a=100), unit_type="镇"),
            True,
        ),
        # Of two that name a type the first counts.
        (
            "a <= by_type(('镇', '乡'), 100, ('乡',), 200, 500)",
            Return(figures(a=101), unit_type="乡"),
            False,
        ),
        ("counts(text, '复议')", Return(text="行政复议案件 3 件，维持"), True),
        ("counts(text, '复议')", Return(text="行政复议案件 1,204 件"), True),
        ("counts(text, '诉讼', '复议')", Return(text="行政复议三件"), True),
        ("counts(text, '复议')", Return(text="行政复议0件，诉讼零件"), False),
        ("counts(text, '复议')", Return(text="无行政复议，收到申请3件"), False),
        ("counts(text, '复议')", Return(text="行政复议情况,申请3件"), False),
        ("says(text, a)", Return(figures(a=15), text="共收到15件"), True),
        ("says(text, a)", Return(figures(a=15), text="共收到 15 宗，其中"), True),
        ("says(text, a)", Return(figures(a=15), text="收到１５次"), True),
        ("says(text, a)", Return(figures(a=1204), text="收到1,204件"), True),
        ("says(text, a)", Return(figures(a=15), text="收到115件"), False),
        ("says(text, a)", Return(figures(a=15), text="收到115件，办结15件"), True),
        ("says(text, a)", Return(figures(a=15), text="第15条规定"), False),
        ("says(text, a)", Return(figures(a=15), text="收到15个"), False),
        *(
            ("says(text, a)", Return(figures(a=a), text=f"收到{said}，其中"), holds)
            for a, said, holds in (
                (15, "十五件", True),
                (15, "一十五件", True),
                (15, "一百一十五件", False),
                (115, "一百一十五件", True),
                (115, "一百十五宗", True),
                (15, "五十五件", False),
                (5, "十五件", False),
                (15, "第十五条", False),
                (10, "十 件", True),
                (20, "廿件", True),
                (21, "二十一起", True),
                (31, "卅一件", True),
                (2, "两件", True),
                (0, "零件", True),
                (0, "0件", True),
                (105, "一百〇五件", True),
                (120, "一百二十件", True),
                (2005, "两千零五件", True),
                (2050, "两千零五十份", True),
                (9999, "九千九百九十九件", True),
                (12000, "一万两千件", False),
                (12000, "1.2万件", False),
                (5, "1.5件", False),
                ("1.5", "二件", False),
                (-3, "三件", False),
            )
        ),
        ("says(text, a)", Return(text="收到15件"), UNKNOWN),
        ("misplaced(text)", Return(text="3.政府信息管理\n规范"), True),
        ("misplaced(text)", Return(text="政府信息管理"), True),
        ("misplaced(text)", Return(text="五、存在的主要问题及改进情况。"), False),
        ("misplaced(text)", Return(text="政府信息管理规范"), False),
        ("misplaced(text)", Return(text="今年，政府信息管理，"), False),
        ("has_figure(text)", Return(text="收到 3 件"), True),
        ("has_figure(text)", Return(text="收到申请两件"), True),
        ("has_figure(text)", Return(text="共办理二十一宗"), True),
        ("has_figure(text)", Return(text="推进高效办成一件事，与各单位一起"), False),
        ("has_figure(text)", Return(text="认真办理每一件申请，第一次"), False),
        ("has_figure(text)", Return(text="推送 1.2 万件"), False),
        ("has_figure(text)", Return(text="推送信息22条"), False),
        ("has_figure(text)", Return(text="规范受理、答复流程"), False),
        ("mentions_year(text, year)", Return(text="2025年度"), True),
        ("is_blank(text) or is_blank(field)", Return(), True),
        ("is_blank(text)", Return(text="无"), False),
        ("is_blank(field)", Return(postcode=" \u3000"), True),
        ("is_blank(field)", Return(postcode="155131"), False),
        ("length(field) == 6", Return(postcode="155 131"), True),
        ("contains(field, '无', '—')", Return(postcode="无"), True),
        ("mentions_year(field, year)", Return(postcode="2025年1月"), True),
        ("mentions_year(text, year)", Return(text="2025 年度"), True),
        ("mentions_year(text, year - 1)", Return(text="上年即2024年"), True),
        # A total is the sum of its row, and unknown while a part of it is.
        ("total == 7", Return(figures(a=7), declared=True), True),
        ("total == 7", Return(figures(a=7)), UNKNOWN),
        # Comparisons allow just under half a step of the finest cell.
        ("a == 10", Return(figures(a="10.4999")), True),
        ("a == 10", Return(figures(a="10.5")), False),
        ("a == 10", Return(figures(a="9.5")), False),
        ("a <= 10", Return(figures(a="10.4999")), True),
        ("a <= 10", Return(figures(a="10.5")), False),
        ("a >= 10", Return(figures(a="9.5001")), True),
        ("a >= 10", Return(figures(a="9.5")), False),
        ("fee == 1", Return(figures(fee="1.0000004999")), True),
        ("fee == 1", Return(figures(fee="1.0000005")), False),
        ("fee == a", Return(figures(fee="10.000001", a=10)), False),
    ],
)
def test_a_rule_means(rule: str, said: Return, expected: bool | Unknown) -> None:
    assert evaluator(said).truth(node(rule)) is expected


def test_a_typed_over_total_is_what_is_compared() -> None:
    answers = Answers(
        values={f"applications.received.{column}": number(1) for column in ROW},
        printed={CELLS["total"]: number(7)},
    )
    typed_over = Evaluator(FORM, answers, Circumstances(Period(2025)))
    assert typed_over.truth(node("total == 7")) is True
    assert typed_over.total(CELLS["total"]) == 6


def test_a_total_typed_over_with_words_is_unknown() -> None:
    answers = Answers(printed={CELLS["total"]: TEXT}, declared=frozenset(["x"]))
    assert (
        Evaluator(FORM, answers, Circumstances(Period(2025))).cell(CELLS["total"])
        is UNKNOWN
    )


def test_equal_rules_of_forms_of_other_grids_have_their_own_tolerance() -> None:
    """A rule that is thrown away must not leave its tolerance to another."""
    for _ in range(50):
        coarse, fine = (node(rule) for rule in ("a == 1", "fee == 1"))
        assert isinstance(coarse, Compare)
        assert isinstance(fine, Compare)
        assert FORM.tolerance(coarse) == Decimal("0.49997")
        assert FORM.tolerance(fine) == Decimal("4.9997E-7")
        del coarse, fine


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("0", 0, True),
        ("-3", 0, True),
        ("1E+25", 6, True),
        ("1.5", 0, False),
        ("1.5", 1, True),
        ("0.30000000000000004", 1, True),
    ],
)
def test_a_figure_is_on_the_grid_but_for_the_noise_of_doubles(
    value: str, decimals: int, expected: bool
) -> None:
    assert on_grid(Decimal(value), decimals) is expected


# ---------------------------------------------------------------- as Python means it

_AMOUNT = st.recursive(
    st.sampled_from(["a", "b", "c", "0", "2", "7"]),
    lambda below: st.builds(
        "({} {} {})".format, below, st.sampled_from(["+", "-", "*"]), below
    ),
    max_leaves=5,
)
_COMPARED = st.builds(
    "{} {} {}".format, _AMOUNT, st.sampled_from(["==", "<=", ">="]), _AMOUNT
)
_RULE = st.recursive(
    _COMPARED,
    lambda below: st.one_of(
        st.builds("({} and {})".format, below, below),
        st.builds("({} or {})".format, below, below),
        st.builds("(not {})".format, below),
    ),
    max_leaves=4,
)
_COUNT = st.integers(0, 10_000)


@UNHURRIED
@given(rule=_RULE, a=_COUNT, b=_COUNT, c=_COUNT)
def test_a_rule_about_counts_means_what_python_means(
    rule: str, a: int, b: int, c: int
) -> None:
    ours = evaluator(Return(figures(a=a, b=b, c=c))).truth(node(rule))
    assert ours is eval(rule, {"a": a, "b": b, "c": c})


@UNHURRIED
@given(rule=_RULE, blank=st.sampled_from("abc"), other=_COUNT)
def test_with_a_blank_the_answer_is_unknown_or_does_not_depend_on_it(
    rule: str, blank: str, other: int
) -> None:
    typed = {name: 1 for name in "abc" if name != blank}
    found = evaluator(Return(figures(**typed))).truth(node(rule))
    if not isinstance(found, Unknown):
        assert found is evaluator(Return(figures(**typed, **{blank: other}))).truth(
            node(rule)
        )


# ---------------------------------------------------------------- every word


def _call(name: str) -> Call:
    kind, second, _ = FUNCTIONS[name]
    argument: dict[str | None, Node | tuple[str, ...] | None] = {
        None: None,
        "strings": ("费", "款"),
        "number": PeriodPart("year"),
    }
    return Call(
        name, CELLS["a"] if kind.startswith("cell") else "problems", argument[second]
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_word_has_a_value_and_a_formula(name: str) -> None:
    """A word that only one face of a rule knows would split them."""
    call, known = _call(name), evaluator(AB)
    formulas = Formulas(FORM, place(FORM), "审核")
    if is_amount(call):
        known.known = replace(
            known.known, texts_before={"problems": "去年写过的一段文字"}
        )
        assert isinstance(known.amount(call), Decimal)
        assert name in READER_ONLY or formulas.amount(call)
    else:
        assert known.truth(call) in {True, False}
        assert name in READER_ONLY or formulas.truth(call).holds


def test_amounts_are_the_words_said_to_be_numbers() -> None:
    assert {
        name for name, (_, _, says) in FUNCTIONS.items() if says.endswith("(a number)")
    } == AMOUNTS
