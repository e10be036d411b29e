"""Sums over the tree, and how many of its units they are of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sums import submission, summarised
from tests.support import PERIOD, codes, form, tree, unit
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Verdict
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import TreeNode
from workbook_builder.model.unit import Roster
from workbook_builder.model.values import BLANK, State, Value, number
from workbook_builder.rules.covers import covers
from workbook_builder.rules.settle import settle
from workbook_builder.rules.tally import (
    Contribution,
    Tally,
    nodes,
    tally,
)

COUNT, MONEY = "applications.received.natural", "proactive.fees.amount"
OTHER = "applications.received.business"
TOTAL = "applications.received.total"
CELLS = (COUNT, MONEY, TOTAL)

#: A city with two districts; the first also returns for itself.
CITY = Roster(
    (
        unit("C"),
        unit("D1", "C", reports=True),
        unit("D2", "C"),
        unit("U1", "D1"),
        unit("U2", "D1"),
        unit("U3", "D2"),
        unit("U4", "D2"),
    )
)
REPORTING = [each.code for each in CITY.reporting]
BELOW = {
    "C": {"D1", "U1", "U2", "U3", "U4"},
    "D1": {"D1", "U1", "U2"},
    "D2": {"U3", "U4"},
    **{code: {code} for code in ("U1", "U2", "U3", "U4")},
}

VALUES = (
    st.integers(0, 10**8).map(number)
    | st.decimals(0, 10**8, places=6).map(number)
    | st.just(BLANK)
    | st.just(Value(State.NOT_APPLICABLE, text="/"))
)
FIGURES = st.fixed_dictionaries(dict.fromkeys(CELLS, VALUES))
RETURNS = st.dictionaries(st.sampled_from(REPORTING), FIGURES)


@cache
def nothing() -> Mapping[str, Value]:
    return dict.fromkeys(form().cells, BLANK)


def contributions(returns: Mapping[str, Mapping[str, Value]]) -> list[Contribution]:
    return [
        Contribution(code, {**nothing(), **figures}, f"{code}.xlsx")
        for code, figures in returns.items()
    ]


# ---------------------------------------------------------------- sums over the tree


def of_tree(sums: Tally, returned: frozenset[str]) -> dict[str, TreeNode]:
    return nodes(form(), CITY, sums, returned, covers(CITY, {}, returned))


@settings(deadline=None)
@given(RETURNS)
def test_every_total_is_the_sum_of_what_stands_below(
    returns: Mapping[str, Mapping[str, Value]],
) -> None:
    found = of_tree(tally(contributions(returns)), frozenset(returns))
    for code, below in BELOW.items():
        for cell in CELLS:
            amounts = [returns[each][cell].number for each in below if each in returns]
            known = [amount for amount in amounts if amount is not None]
            if known:
                assert found[code].totals[cell] == sum(known)
            else:
                assert cell not in found[code].totals


@given(accepted=st.sets(st.sampled_from(REPORTING)), data=st.data())
def test_a_node_tells_how_many_of_its_units_have_returned(
    accepted: set[str], data: st.DataObject
) -> None:
    rejected = data.draw(st.sets(st.sampled_from(REPORTING)))
    sums = tally(contributions({code: {} for code in accepted}))
    returned = frozenset(accepted | rejected)
    found = of_tree(sums, returned)
    for code, below in BELOW.items():
        node = found[code]
        assert (node.returned, node.accepted, node.expected) == (
            len(below & returned),
            len(below & accepted),
            len(below),
        )


def test_a_unit_in_the_middle_adds_its_own_return_to_those_below() -> None:
    sums = tally(contributions({"D1": {COUNT: number(10)}, "U1": {COUNT: number(1)}}))
    found = of_tree(sums, frozenset())
    assert [found[code].totals[COUNT] for code in ("U1", "D1", "C")] == [1, 11, 11]


def test_a_total_nobody_contributed_to_is_unknown_not_zero() -> None:
    assert of_tree(Tally(), frozenset())["C"].totals == {}


def test_a_blank_leaves_the_total_of_its_unit_unknown_and_takes_nothing_from_others() -> (
    None
):
    figures = {"U1": (3, 0), "U2": (None, 5), "U3": (None, 7)}
    returns = [
        submission(CITY.by_code[code], {COUNT: natural, OTHER: business})
        for code, (natural, business) in figures.items()
    ]
    totals = summarised(CITY, returns).node_totals
    found = {code: totals[code].get(TOTAL) for code in BELOW}
    # Above, each figure is the sum of those that are known, and so is the total.
    lowest = {"U1": 3, "U2": None, "U3": None, "U4": None}
    assert found == {"C": 15, "D1": 8, "D2": None, **lowest}
    assert totals["U2"][OTHER] == 5


def test_money_is_added_exactly() -> None:
    cents = {f"U{i}": {MONEY: number(Decimal("0.000001"))} for i in (1, 2, 3)}
    sums = tally(contributions({**cents, "U4": {MONEY: number(Decimal(99_999_999))}}))
    total = of_tree(sums, frozenset())["C"].totals[MONEY]
    assert total == Decimal("99999999.000003")


# ---------------------------------------------------------------- what counts


def returned(
    code: str,
    count: int = 0,
    hour: float = 0,
    kind: str = "return",
    verdict: Verdict = Verdict.ACCEPTED,
) -> Submission:
    """A return as the reader hands it over; ``count`` stands in two cells."""
    values = {cell.id: number(0) for cell in form().inputs}
    values[COUNT] = values["applications.granted.natural"] = number(count)
    stamp = Stamp(
        form().id, form().edition, "", "test", kind, code, f"单位{code}", "街道", PERIOD
    )
    return Submission(
        path=f"{code}-{hour:g}.xlsx",
        sha256=f"{code} {count} {kind} {verdict}",
        verdict=verdict,
        stamp=stamp,
        findings=()
        if verdict is Verdict.ACCEPTED
        else (catalogued("T06", cell=COUNT),),
        facts=facts(form(), Answers(values=values)),
        received=hour,
    )


def counts(units: Roster, *submissions: Submission) -> dict[str, Decimal | None]:
    """Which units count, with their figure."""
    settled = settle(form(), units, submissions)
    return {code: each.facts[COUNT].number for code, each in settled.counted.items()}


CHAIN = tree(C="", D="C", U1="D", U2="D")


def test_the_latest_version_counts_in_whatever_order_they_are_read() -> None:
    versions = [returned("U1", count, hour=count) for count in (1, 2, 3)]
    for order in (versions, versions[::-1], [versions[1], versions[2], versions[0]]):
        settled = settle(form(), CHAIN, order)
        assert counts(CHAIN, *order) == {"U1": 3}
        assert sorted(each.verdict for each in settled.submissions) == [
            Verdict.ACCEPTED,
            Verdict.SUPERSEDED,
            Verdict.SUPERSEDED,
        ]


def test_a_later_rejected_version_stands_and_nothing_counts() -> None:
    later = returned("U1", 5, hour=2, verdict=Verdict.REJECTED)
    settled = settle(form(), CHAIN, [returned("U1", 4, hour=1), later])
    assert settled.counted == {}
    assert settled.standing == {"U1": later}
    assert codes(settled.submissions[0].findings) == ["V01"]


@pytest.mark.parametrize(
    "verdict", [Verdict.NOT_OURS, Verdict.UNREADABLE, Verdict.IGNORED]
)
def test_what_is_no_return_replaces_none(verdict: Verdict) -> None:
    stranger = returned("U1", 5, hour=9, verdict=verdict)
    assert counts(CHAIN, returned("U1", 4, hour=1), stranger) == {"U1": 4}


def test_the_same_bytes_twice_count_once_and_say_so() -> None:
    settled = settle(
        form(), CHAIN, [returned("U1", 4, hour=1), returned("U1", 4, hour=2)]
    )
    assert codes(settled.submissions[0].findings) == ["V02"]
    assert "U1-2.xlsx" in settled.submissions[0].findings[0].message.zh
    assert list(settled.counted) == ["U1"]


def test_a_roll_up_equal_to_its_parts_is_accepted_and_not_added() -> None:
    files = [returned("D", 7, kind="rollup"), returned("U1", 3), returned("U2", 4)]
    settled = settle(form(), CHAIN, files)
    assert [each.verdict for each in settled.submissions] == [Verdict.ACCEPTED] * 3
    assert counts(CHAIN, *files) == {"U1": 3, "U2": 4}


def test_a_roll_up_that_differs_from_its_parts_is_rejected_with_both_figures() -> None:
    files = [returned("D", 9, kind="rollup"), returned("U1", 3), returned("U2", 4)]
    settled = settle(form(), CHAIN, files)
    (found,) = settled.submissions[0].findings
    assert settled.submissions[0].verdict is Verdict.REJECTED
    assert (found.code, found.cell) == ("D01", COUNT)
    assert (found.seen, found.expected, found.difference) == ("9", "7", "2")
    assert set(settled.counted) == {"U1", "U2"}


def test_a_roll_up_counts_where_its_parts_are_not_here() -> None:
    assert counts(tree(C="", D="C"), returned("D", 9, kind="rollup")) == {"D": 9}


def test_roll_ups_one_above_the_other_are_each_compared_with_the_units() -> None:
    """Neither is the sum of the other and its parts."""
    files = [
        returned("C", 7, kind="rollup"),
        returned("D", 7, kind="rollup"),
        returned("U1", 3),
        returned("U2", 4),
    ]
    for order in (files, files[::-1]):
        settled = settle(form(), CHAIN, order)
        assert {each.verdict for each in settled.submissions} == {Verdict.ACCEPTED}
        assert set(settled.counted) == {"U1", "U2"}


def test_own_figures_that_equal_the_sum_below_are_asked_about_and_not_added() -> None:
    files = [returned("D", 7), returned("U1", 3), returned("U2", 4)]
    settled = settle(form(), CHAIN, files)
    assert settled.submissions[0].verdict is Verdict.NEEDS_EXPLANATION
    assert codes(settled.submissions[0].findings) == ["D02"]
    assert set(settled.counted) == {"U1", "U2"}


def test_own_figures_count_where_the_roster_says_that_the_unit_reports() -> None:
    units = Roster((unit("D", reports=True), unit("U1", "D"), unit("U2", "D")))
    files = [returned("D", 7), returned("U1", 3), returned("U2", 4)]
    assert counts(units, *files) == {"D": 7, "U1": 3, "U2": 4}


def test_own_figures_that_differ_from_the_sum_below_count_too() -> None:
    files = [returned("D", 2), returned("U1", 3)]
    assert counts(CHAIN, *files) == {"D": 2, "U1": 3}
