"""Every form that is shipped hangs together; the edition of 2019 is that of its time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from tests import support
from tests.published import entered
from workbook_builder.definition.lint import lint
from workbook_builder.definition.registry import Forms
from workbook_builder.language.formula import Formulas
from workbook_builder.language.words import asked
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.severity import Severity
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import State, Value, number
from workbook_builder.reading.judge import judge
from workbook_builder.rules.verify import verify
from workbook_builder.workbook.build import book, build_workbook
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import place
from workbook_builder.workbook.plan import Validation

FORMS = Forms.shipped()
SHIPPED = [
    FORMS.edition(name, edition.id)
    for name in FORMS.names()
    for edition in FORMS.editions(name)
]
TRIAL = FORMS.of("disclosure", Period(2019))

every_edition = pytest.mark.parametrize(
    "form", SHIPPED, ids=[f"{form.id}-{form.edition}" for form in SHIPPED]
)


def first(form: Form) -> Period:
    """The first period that an edition serves."""
    return Period(form.first_year, form.frequency)


# ---------------------------------------------------------------- what is shipped


@every_edition
def test_lint_finds_no_error(form: Form) -> None:
    assert [each for each in lint(form) if each.level == "error"] == []


@every_edition
def test_the_prompt_of_every_input_says_what_its_type_takes(form: Form) -> None:
    campaign = Campaign("c", form.id, form.edition, first(form), "示例区")
    prompts = {
        (sheet.name, each.area.row, each.area.column): each
        for sheet in book(Job(form, Unit("U1", "甲"), campaign)).sheets
        for each in sheet.validations
    }
    for cell in form.inputs:
        spot = place(form).cells[cell.id]
        prompt = prompts[spot.sheet, spot.row, spot.column]
        for said in (prompt.prompt, prompt.error):
            assert asked(cell.type).zh in said
        assert prompt.kind == ("decimal" if cell.type.decimals else "integer")
        bounds = (prompt.minimum, prompt.maximum)
        assert bounds == (cell.type.minimum, cell.type.maximum)


# ---------------------------------------------------------------- the edition of 2019


def test_it_serves_2019_and_2020() -> None:
    assert [FORMS.of("disclosure", Period(year)).edition for year in (2019, 2020)] == [
        "2019",
        "2019",
    ]
    assert FORMS.of("disclosure", Period(2021)).edition == "2021"


def test_it_has_the_cells_of_its_tables() -> None:
    by_table = Counter(cell.table for cell in TRIAL.cells.values())
    assert by_table == {"proactive": 22, "applications": 161, "disputes": 15}


def test_what_means_the_same_in_both_editions_has_the_same_id() -> None:
    later = FORMS.of("disclosure", Period(2021))
    for id_ in TRIAL.cells.keys() & later.cells.keys():
        one, other = TRIAL.cells[id_], later.cells[id_]
        assert one.row_labels == other.row_labels
        assert one.type == other.type
        if one.table != "proactive":
            assert one.column_labels == other.column_labels
    alone = [id_ for id_ in TRIAL.cells if id_ not in later.cells]
    assert {id_.split(".")[0] for id_ in alone} == {"proactive", "applications"}
    assert {id_.split(".")[1] for id_ in alone if id_.startswith("app")} == {
        "handled_otherwise"
    }


def test_what_both_editions_check_is_said_alike() -> None:
    """Whoever words a check anew in one edition does so in the other."""
    later = {check.code: check for check in FORMS.of("disclosure", Period(2021)).checks}
    for check in TRIAL.checks:
        other = later.get(check.code)
        if other is not None and other.rule == check.rule:
            for key in ("title", "message", "remedy"):
                one, two = getattr(check, key), getattr(other, key)
                assert one == two.replace("行政规范性文件", "规范性文件"), check.code
            assert check.severity is other.severity
    assert sum(check.code in later for check in TRIAL.checks) > 15


def test_only_changes_have_a_sign() -> None:
    signed = {cell.id for cell in TRIAL.inputs if cell.type.signed}
    assert signed == {id_ for id_ in TRIAL.cells if id_.endswith(".change")}
    assert len(signed) == 5


# ---------------------------------------------------------------- less than nothing

CHANGE, ITEMS = "proactive.licences.change", "proactive.licences.items_before"
DECISIONS = "proactive.licences.decisions"


def campaign() -> Campaign:
    return Campaign("c", TRIAL.id, TRIAL.edition, first(TRIAL), "示例区", key="key")


def filled(**figures: int | Decimal | str) -> Answers:
    """A return of zeros but for some figures, as its clerk means them."""
    return support.filled(TRIAL, **figures)


def returned(answers: Answers, unit: Unit | None = None) -> Submission:
    data = build_workbook(TRIAL, unit or support.unit(), campaign(), answers)
    return judge("报送表.xlsx", data, FORMS)


def codes(submission: Submission, id_: str) -> list[str]:
    return [each.code for each in submission.findings if each.cell == id_]


def validation(id_: str) -> Validation:
    spot = place(TRIAL).cells[id_]
    (found,) = [
        each
        for sheet in book(Job(TRIAL, Unit("U1", "甲"), campaign())).sheets
        for each in sheet.validations
        if (sheet.name, each.area.row, each.area.column)
        == (spot.sheet, spot.row, spot.column)
    ]
    return found


@pytest.mark.parametrize(
    ("id_", "figure", "takes"),
    [
        (CHANGE, -8, True),
        (CHANGE, 19, True),
        (CHANGE, -99_999_999, True),
        (CHANGE, -100_000_000, False),
        (ITEMS, 8, True),
        (ITEMS, -8, False),
        (DECISIONS, -8, False),
    ],
)
def test_workbook_and_judge_take_the_same(id_: str, figure: int, takes: bool) -> None:
    prompt = validation(id_)
    assert (prompt.minimum <= figure <= prompt.maximum) is takes
    figures = {ITEMS: 99_999_999, id_: figure}
    found = codes(returned(filled(**figures)), id_)
    assert ("A5" not in found) is takes


@pytest.mark.parametrize("typed", ["-8", "−8", "－8", "减8", "负8"])
def test_a_change_typed_as_text_is_read_where_it_has_a_sign(typed: str) -> None:
    figures: dict[str, int | Decimal | str] = {
        ITEMS: 20,
        CHANGE: typed,
        DECISIONS: typed,
    }
    submission = returned(filled(**figures))
    assert submission.answers is not None
    assert submission.answers.value(CHANGE) == number(-8)
    assert codes(submission, CHANGE) == ["Y06"]
    assert submission.answers.value(DECISIONS) == Value(State.TEXT, text=typed)
    assert codes(submission, DECISIONS) == ["A5"]


def test_what_to_do_is_said_of_the_cell_at_hand() -> None:
    said = {
        id_: support.finding(returned(filled(**{id_: typed})), "A5").remedy.zh
        for id_, typed in ((CHANGE, "减了8项"), (DECISIONS, "12件"))
    }
    assert said[CHANGE].startswith("填整数，可以是负数（项）；")
    assert said[DECISIONS].startswith("填 0 或正整数（件）；")
    both = returned(filled(**{CHANGE: "减了8项", DECISIONS: "12件"}))
    told = support.finding(both, "A5").remedy.zh
    assert "项目增减数填整数，可以是负数（项）" in told
    assert "件数填 0 或正整数（件）" in told


def test_declared_zeros_count_in_the_print_code_as_typed_ones() -> None:
    zeros = filled()
    table = {id_ for id_ in zeros.values if id_.startswith("proactive.")}
    blank = {id_: v for id_, v in zeros.values.items() if id_ not in table}
    declared = replace(zeros, values=blank, declared=frozenset({"proactive"}))
    undeclared = replace(declared, declared=frozenset())
    told = [returned(each).print_code for each in (zeros, declared, undeclared)]
    assert told[0] == told[1] != told[2]


def test_the_formula_of_a_check_knows_the_least() -> None:
    formulas = Formulas(TRIAL, place(TRIAL), "审核")
    (rule,) = [
        each.expression
        for _, line in TRIAL.lines
        for each in line.instances
        if each.key == f"A5.{CHANGE}"
    ]
    assert "-99999999-" in formulas.truth(rule).holds


# ---------------------------------------------------------------- checks G


@pytest.mark.parametrize(
    ("code", "figures", "last"),
    [
        ("G2", {ITEMS: 61, CHANGE: 36, DECISIONS: 97}, {}),
        ("G2", {ITEMS: 6, CHANGE: -4, DECISIONS: 2}, {}),
        ("", {ITEMS: 6, CHANGE: -4, DECISIONS: 3}, {}),
        ("", {ITEMS: 1, DECISIONS: 1}, {}),
        (
            "G3",
            {
                "proactive.normative_documents.made": 1,
                "proactive.normative_documents.published": 2,
                "proactive.normative_documents.all_published": 2,
            },
            {},
        ),
        (
            "G5",
            {
                "proactive.normative_documents.made": 186,
                "proactive.normative_documents.published": 186,
                "proactive.normative_documents.all_published": 86,
            },
            {},
        ),
        ("G6", {ITEMS: 20}, {ITEMS: 20, CHANGE: -8}),
        ("", {ITEMS: 12}, {ITEMS: 20, CHANGE: -8}),
        ("", {ITEMS: 20}, {ITEMS: 20}),
        ("G7", {ITEMS: 7, CHANGE: -8}, {}),
        ("", {ITEMS: 8, CHANGE: -8}, {}),
        (
            "G8",
            {
                "proactive.procurement.items": 6,
                "proactive.procurement.amount": 251_000,
            },
            {},
        ),
        ("G9", {"proactive.procurement.amount": 25}, {}),
        (
            "",
            {
                "proactive.procurement.items": 6,
                "proactive.procurement.amount": Decimal("25.1"),
            },
            {},
        ),
    ],
)
def test_table_two_of_that_time_is_checked(
    code: str, figures: dict[str, int | Decimal], last: dict[str, int]
) -> None:
    known = Circumstances(
        first(TRIAL), "街道", {id_: Decimal(amount) for id_, amount in last.items()}
    )
    found = verify(TRIAL, filled(**figures), known)
    open_ = [each.code for each in found if each.severity is not Severity.HINT]
    assert open_ == ([code] if code else [])


# ---------------------------------------------------------------- a report of that time

REPORT = "shanghai-office-2019"
OFFICE = Unit("SH", "上海市人民政府办公厅", type="省级")
AMOUNT = "proactive.procurement.amount"
TEXTS = {text.id: support.TEXT for text in TRIAL.narratives}
FIELDS = support.fields(TRIAL)


def test_a_report_copied_as_it_was_printed_comes_back_with_its_blanks_named() -> None:
    typed = entered(REPORT, TRIAL)
    blanks = {cell.id for cell in TRIAL.inputs} - typed.keys()
    submission = returned(Answers(values=typed, texts=TEXTS, fields=FIELDS), OFFICE)
    assert submission.verdict is Verdict.REJECTED
    named = {
        id_ for each in submission.findings if each.code == "A6" for id_ in each.cells
    }
    assert named == blanks
    assert len(blanks) > 100
    assert codes(submission, AMOUNT) == ["A5"]
    (money,) = [each for each in submission.findings if each.cell == AMOUNT]
    assert money.seen == "251000元"
    assert "万元" in money.remedy.zh


def test_with_its_blanks_as_zeros_every_sum_of_it_closes() -> None:
    zeros = {cell.id: number(0) for cell in TRIAL.inputs}
    said = {**zeros, **entered(REPORT, TRIAL), AMOUNT: number(Decimal("25.1"))}
    submission = returned(Answers(values=said, texts=TEXTS, fields=FIELDS), OFFICE)
    assert [each.code for each in submission.findings] == []
    assert submission.verdict is Verdict.ACCEPTED
    printed = {
        "applications.received.total": 859,
        "applications.closed.natural": 767,
        "applications.closed.total": 805,
        "applications.carried_out.total": 72,
        "disputes.review.total": 7,
        "disputes.direct.total": 9,
    }
    assert {id_: submission.facts[id_].number for id_ in printed} == printed
