"""季度统计表: a second form, in TOML alone, with running totals and without texts.

Three quarters of a small district, from ``init`` to the quarter after.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests import support
from tests.support import Shell
from workbook_builder.campaign.folder import Folder
from workbook_builder.definition.registry import Forms
from workbook_builder.language.formula import Formulas
from workbook_builder.language.value import UNKNOWN, Evaluator, facts
from workbook_builder.language.words import instruction
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.finding import Verdict
from workbook_builder.model.period import Period
from workbook_builder.model.unit import Unit
from workbook_builder.pipeline import collect
from workbook_builder.reading.judge import judge
from workbook_builder.rules.added import added, completed, share
from workbook_builder.rules.verify import verify
from workbook_builder.workbook.build import book, build_workbook
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import (
    AUDIT,
    ENTRIES,
    GUIDE,
    HELPERS,
    HIDDEN,
    PASTE,
    PRINTED,
    place,
)
from workbook_builder.workbook.sheets.verdict import READY

FORM = Forms.shipped().edition("requests_quarterly", "2021")
FIRST, SECOND = Period.parse("2026Q1"), Period.parse("2026Q2")
RECEIVED, GRANTED = "applications.received.natural", "applications.granted.natural"
CARRIED_IN, LEFT = "applications.carried_in.natural", "applications.carried_out.natural"
SO_FAR, SO_FAR_ALL = (
    "applications.year_received.natural",
    "applications.year_received.total",
)
CLOSED_ALL = "applications.year_closed.total"


def filled(**figures: int) -> Answers:
    return support.filled(FORM, **figures)


def known(period: Period, last: Mapping[str, int] | None = None) -> Circumstances:
    before = {id_: Decimal(amount) for id_, amount in (last or {}).items()}
    return Circumstances(period, "街道", before)


def told(period: Period, last: Mapping[str, int], figures: dict[str, int]) -> Evaluator:
    return Evaluator(FORM, filled(**figures), known(period, last))


# ---------------------------------------------------------------- a total through time


def test_a_year_begins_at_nothing_whatever_the_quarter_before_said() -> None:
    assert told(FIRST, {}, {RECEIVED: 5}).cell(SO_FAR) == 5
    assert told(FIRST, {SO_FAR: 40}, {RECEIVED: 5}).cell(SO_FAR) == 5


def test_later_it_goes_on_from_the_quarter_before_or_is_not_known() -> None:
    assert told(SECOND, {SO_FAR: 40}, {RECEIVED: 5}).cell(SO_FAR) == 45
    assert told(SECOND, {}, {RECEIVED: 5}).cell(SO_FAR) is UNKNOWN


def test_only_totals_that_reach_back_are_added_up() -> None:
    rows = {id_.split(".")[1] for id_ in FORM.running}
    assert rows == {"year_received", "year_closed"}
    assert len(FORM.running) == 14
    assert not FORM.running & FORM.computed
    assert "applications.closed.total" in FORM.computed


def test_sums_of_units_add_running_totals_up() -> None:
    one = facts(FORM, filled(**{RECEIVED: 5}), known(SECOND, {SO_FAR: 40}))
    two = facts(FORM, filled(**{RECEIVED: 2}), known(SECOND, {SO_FAR: 1}))
    new = facts(FORM, filled(**{RECEIVED: 9}), known(SECOND))
    sums = added(FORM, (one, two, new))
    assert sums[RECEIVED] == 16
    assert sums[SO_FAR] == 48
    assert completed(FORM, sums) == sums
    assert share(FORM, one)[SO_FAR] == 45
    assert SO_FAR not in share(FORM, new)


def test_without_knowledge_of_before_no_running_total_is_vouched_for() -> None:
    assert facts(FORM, filled(**{RECEIVED: 5}))[SO_FAR].number is None


def test_a_rule_of_it_reads_as_a_sentence() -> None:
    said = instruction(FORM, FORM.check("L1"))
    assert "“一、本季度新收政府信息公开申请数量”、上季度“五、本年累计新收" in said
    assert said.endswith("（每年从 0 算起）之和。")


def test_its_formula_asks_the_quarter() -> None:
    text = Formulas(FORM, place(FORM), "季度统计表").total(SO_FAR)
    quarter = place(FORM).stamp["quarter"].absolute
    assert f"IF({HIDDEN}!{quarter}=1,0," in text
    assert f"IF({HIDDEN}!{quarter}=1,TRUE,COUNT(" in text


# ---------------------------------------------------------------- the workbook


def campaign(period: Period = SECOND) -> Campaign:
    return Campaign("c", FORM.id, FORM.edition, period, "示例区", key="key")


def job(period: Period = SECOND) -> Job:
    return Job(FORM, support.unit(), campaign(period), filled())


def test_it_has_no_sheet_for_texts_or_signatures() -> None:
    names = [sheet.name for sheet in book(job()).sheets]
    assert names == [
        GUIDE,
        "季度统计表",
        AUDIT,
        PASTE,
        PRINTED,
        HIDDEN,
        ENTRIES,
        HELPERS,
    ]


def test_no_sheet_speaks_of_texts_years_or_signing() -> None:
    listing = "\n".join(book(job()).listing())
    for word in ("文字部分", "签章", "统计年度", "上年", "1月1日", "文字 ", "表三！"):
        assert word not in listing, word
    assert "2026年第二季度（统计期限：2026年4月1日至6月30日）" in listing
    assert "浅绿色斜体：上季度数" in listing


def test_a_full_workbook_says_so_on_its_first_line() -> None:
    listing = list(book(job(FIRST)).listing())
    assert any(line.endswith(f"→ {READY}") for line in listing)


def test_what_is_carried_over_is_compared_with_the_quarter_before() -> None:
    found = verify(FORM, filled(**{CARRIED_IN: 2, LEFT: 2}), known(SECOND, {LEFT: 3}))
    assert [each.code for each in found] == ["B1"]
    assert not verify(
        FORM, filled(**{CARRIED_IN: 3, LEFT: 3}), known(SECOND, {LEFT: 3})
    )


def test_a_running_total_typed_over_is_a_finding() -> None:
    data = build_workbook(
        FORM, support.unit(), campaign(), filled(**{RECEIVED: 5, LEFT: 5}),
        last_period={SO_FAR: Decimal(40), LEFT: Decimal(0)},
    )  # fmt: skip
    fine = support.judged(data)
    assert fine.facts[SO_FAR].number == 45
    over = support.put(data, {place(FORM).cells[SO_FAR]: 99})
    spoiled = support.judged(over)
    assert spoiled.verdict is Verdict.REJECTED
    assert spoiled.facts[SO_FAR].number == 45
    found = [each.code for each in spoiled.findings if each.cell == SO_FAR]
    assert found == ["L1"]


# ---------------------------------------------------------------- three quarters


def fill_in(folder: Folder, figures: Mapping[str, Mapping[str, int]]) -> None:
    """Each unit's workbook, filled in and sent back."""
    expected = folder.expected()
    for code, said in figures.items():
        unit = expected.roster.by_code[code]
        data = build_workbook(
            expected.form,
            unit,
            expected.campaign,
            filled(**said),
            last_period=expected.last_period.get(code, {}),
        )
        support.deliver(folder, f"{code}.xlsx", data)


@pytest.fixture
def year(tmp_path: Path, shell: Shell) -> list[Folder]:
    """Quarters one and two of 2026, collected."""
    first, second = tmp_path / "q1", tmp_path / "q2"
    assert shell("init", first, "--form", FORM.id, "--period", FIRST) == 0
    assert shell("build", first) == 0
    fill_in(
        Folder(first),
        {
            "Q01": {RECEIVED: 5, GRANTED: 4, LEFT: 1},
            "Q02": {RECEIVED: 2, GRANTED: 2},
            "Q03": {},
        },
    )
    assert shell("collect", first) == 0, shell.out
    assert shell("init", second, "--from", first) == 0
    assert shell("build", second) == 0
    fill_in(
        Folder(second),
        {
            "Q01": {RECEIVED: 3, CARRIED_IN: 1, GRANTED: 4},
            "Q02": {RECEIVED: 1, GRANTED: 1},
            "Q03": {RECEIVED: 7, GRANTED: 7},
        },
    )
    return [Folder(first), Folder(second)]


def test_a_workbook_of_the_outbox_is_typed_into_and_checked(
    year: list[Folder], shell: Shell
) -> None:
    """What came of the quarter before is in it, and compared."""
    second = year[1]
    (path,) = second.outbox.glob("Q01_*.xlsx")
    zeros: dict[str, support.Typed] = {cell.id: 0 for cell in FORM.inputs}
    for carried_in, status, found in ((1, 0, set()), (2, 1, {"B1"})):
        figures = {**zeros, CARRIED_IN: carried_in, GRANTED: carried_in}
        places = place(FORM).cells
        typed = {places[id_]: figure for id_, figure in figures.items()}
        file = second.path / "试填.xlsx"
        file.write_bytes(support.put(path.read_bytes(), typed))
        said = shell.json("check", file, "--campaign", second.path)
        assert shell.status == status
        (judged,) = said["files"]
        codes = {each["code"] for each in judged["findings"]}
        assert {code for code in codes if not code.startswith("X")} == found


def test_running_totals_go_on_through_the_year(
    year: list[Folder], tmp_path: Path, shell: Shell
) -> None:
    first, second = year
    assert second.campaign().period == SECOND
    assert collect(first).summary.totals[SO_FAR_ALL] == 7
    done = collect(second)
    assert {each.verdict for each in done.submissions} == {Verdict.ACCEPTED}
    assert done.summary.counted["Q01"].facts[SO_FAR].number == 8
    totals = done.summary.totals
    assert totals[SO_FAR_ALL] == totals[CLOSED_ALL] == 18
    assert done.nodes["Q00"].totals[SO_FAR_ALL] == 18
    # The district's own table goes on from the district's own.
    (upward,) = (second.results / "上报").iterdir()
    own = support.judged(upward.read_bytes())
    assert own.facts[SO_FAR_ALL].number == 18
    # A year later everything begins anew.
    third = tmp_path / "2027"
    assert shell("init", third, "--from", second.path, "--period", "2027Q1") == 0
    fill_in(Folder(third), {"Q01": {RECEIVED: 4, GRANTED: 4}})
    assert collect(Folder(third)).summary.totals[SO_FAR_ALL] == 4


def test_the_summary_adds_running_totals_up_as_the_program_does(
    year: list[Folder],
) -> None:
    done = collect(year[1])
    data = (year[1].results / "汇总.xlsx").read_bytes()
    spot = place(FORM).cells[SO_FAR_ALL]
    shown, live = (
        openpyxl.load_workbook(io.BytesIO(data), data_only=only)[spot.sheet][
            spot.address
        ].value
        for only in (True, False)
    )
    assert shown == done.summary.totals[SO_FAR_ALL] == 18
    assert "SUMPRODUCT(" in str(live), (
        "added up over 明细, not computed from this sheet"
    )


def test_there_is_no_report_and_the_command_says_what_is_the_result(
    year: list[Folder], shell: Shell
) -> None:
    assert shell("report", year[1].path) == 2
    assert "不出报告" in shell.sentence
    assert "汇总.xlsx" in shell.sentence
    assert not (year[1].results / "报告").exists()


def test_a_workbook_of_one_quarter_is_not_taken_for_another(
    year: list[Folder],
) -> None:
    first, second = year
    data = (first.inbox / "Q01.xlsx").read_bytes()
    submission = judge("Q01.xlsx", data, second.expected())
    assert submission.verdict is Verdict.NOT_OURS
    assert "2026年第一季度" in submission.findings[0].message.zh


def test_trace_adds_a_running_total_up_again(year: list[Folder], shell: Shell) -> None:
    collect(year[1])
    assert shell("trace", year[1].path, SO_FAR_ALL) == 0
    assert "18" in shell.out


def test_a_unit_that_is_new_in_the_year_has_no_running_total() -> None:
    newcomer = Unit("N", "新设办事处", type="街道")
    data = build_workbook(FORM, newcomer, campaign(), filled(**{RECEIVED: 5, LEFT: 5}))
    submission = support.judged(data)
    assert submission.verdict is Verdict.ACCEPTED
    assert submission.facts[SO_FAR].number is None
