"""Which edition serves which period, and whose definition counts."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from tests.definitions import define
from workbook_builder.definition.registry import Edition, Forms
from workbook_builder.model.errors import DefinitionError, NoSuchForm
from workbook_builder.model.period import Frequency, Period

YEAR = Period(2026)


def two_editions(root: Path, second: int = 2027) -> Forms:
    define(root, "2021")
    define(root, "2027", first_year=second)
    return Forms((root,))


# ---------------------------------------------------------------- editions by period


@pytest.mark.parametrize(
    ("year", "edition"),
    [(2021, "2021"), (2026, "2021"), (2027, "2027"), (2099, "2027")],
)
def test_a_year_takes_the_latest_edition_that_had_begun(
    year: int, edition: str, tmp_path: Path
) -> None:
    forms = two_editions(tmp_path)
    assert forms.of("disclosure", Period(year)).edition == edition


def test_an_edition_that_begins_later_is_no_newer_one_for_the_years_before(
    tmp_path: Path,
) -> None:
    """The name of an edition carries no meaning."""
    define(tmp_path, "b", first_year=2021)
    define(tmp_path, "a", first_year=2024)
    forms = Forms((tmp_path,))
    assert forms.of("disclosure", Period(2023)).edition == "b"
    assert forms.of("disclosure", Period(2024)).edition == "a"


@pytest.mark.parametrize("period", ["2020", "2026Q1", "2026-03"])
def test_a_period_nobody_serves_is_answered_with_those_that_are(
    period: str, tmp_path: Path
) -> None:
    forms = two_editions(tmp_path)
    with pytest.raises(NoSuchForm) as refused:
        forms.of("disclosure", Period.parse(period))
    said = refused.value.text
    assert Period.parse(period).words in said.zh
    assert "2027 版 2027 年起、2021 版 2021–2026 年" in said.zh
    assert f"serves {period}" in said.en
    assert "2027 (2027 on), 2021 (2021–2026)" in said.en


def test_a_form_may_come_to_an_end(tmp_path: Path) -> None:
    define(tmp_path, last_year=2025)
    forms = Forms((tmp_path,))
    assert forms.of("disclosure", Period(2025)).edition == "2021"
    with pytest.raises(NoSuchForm, match=r"2021 \(2021–2025\)"):
        forms.of("disclosure", YEAR)


def test_a_gap_between_editions_is_served_by_none(tmp_path: Path) -> None:
    define(tmp_path, "2021", last_year=2023)
    define(tmp_path, "2027", first_year=2027)
    with pytest.raises(NoSuchForm, match=r"2027 \(2027 on\), 2021 \(2021–2023\)"):
        Forms((tmp_path,)).of("disclosure", Period(2024))


@pytest.mark.parametrize("second", [2021, 2025])
def test_two_editions_that_serve_one_period_are_refused(
    second: int, tmp_path: Path
) -> None:
    define(tmp_path, "2021", last_year=2025)
    define(tmp_path, "other", first_year=second)
    with pytest.raises(DefinitionError, match=r"serves 20\d\d, as edition"):
        Forms((tmp_path,)).of("disclosure", Period(2021))


def test_an_edition_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    define(tmp_path, last_year=2020)
    with pytest.raises(DefinitionError, match="last_year: 2020 is before 2021"):
        Forms((tmp_path,)).edition("disclosure", "2021")


def test_a_form_may_be_asked_for_by_the_year_and_by_the_quarter(tmp_path: Path) -> None:
    define(tmp_path, "yearly")
    define(tmp_path, "quarterly", period="quarter")
    forms = Forms((tmp_path,))
    assert forms.of("disclosure", YEAR).edition == "yearly"
    assert forms.of("disclosure", Period.parse("2026Q3")).edition == "quarterly"
    assert forms.of("disclosure", Period.parse("2026Q3")).frequency is Frequency.QUARTER


# ---------------------------------------------------------------- editions by name


def test_a_named_edition_is_that_one_whatever_it_serves(tmp_path: Path) -> None:
    forms = two_editions(tmp_path, second=2021)  # which no period could tell apart
    assert forms.edition("disclosure", "2021").edition == "2021"
    assert forms.edition("disclosure", "2027").edition == "2027"


@pytest.mark.parametrize(
    ("form", "edition"),
    [("disclosure", ""), ("disclosure", "2020"), ("", ""), ("..", "disclosure/2021")],
)
def test_an_edition_that_is_not_there_is_answered_with_those_that_are(
    form: str, edition: str, tmp_path: Path
) -> None:
    forms = two_editions(tmp_path)
    with pytest.raises(NoSuchForm, match="disclosure 2021, disclosure 2027"):
        forms.edition(form, edition)
    assert forms.folder(form, edition) is None


def test_a_form_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(NoSuchForm, match=r"Defined are: .*disclosure 2021"):
        Forms.shipped().of("disclosures", YEAR)


# ---------------------------------------------------------------- several roots


def test_the_first_root_outranks_the_others(tmp_path: Path) -> None:
    define(tmp_path / "ours", title="我们的报表")
    define(tmp_path / "theirs", "2027", first_year=2027)
    define(tmp_path / "theirs", title="他们的报表")
    forms = Forms((tmp_path / "theirs",)).below(tmp_path / "ours")
    assert forms.edition("disclosure", "2021").title == "我们的报表"
    assert forms.of("disclosure", YEAR).title == "我们的报表"
    assert forms.of("disclosure", Period(2027)).edition == "2027"


def test_an_edition_of_ones_own_must_say_whose_place_it_takes(tmp_path: Path) -> None:
    define(tmp_path / "ours", "ours")
    define(tmp_path / "theirs", "theirs")
    forms = Forms((tmp_path / "ours", tmp_path / "theirs"))
    with pytest.raises(DefinitionError, match="the name of the one whose place"):
        forms.of("disclosure", YEAR)
    assert forms.edition("disclosure", "ours").edition == "ours"


def test_a_root_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    forms = Forms.shipped().below(tmp_path / "forms")
    assert forms.names() == Forms.shipped().names()
    assert forms.default() == Forms.shipped().default()


# ---------------------------------------------------------------- the default


def test_the_only_form_need_not_be_named(tmp_path: Path) -> None:
    assert two_editions(tmp_path).default() == "disclosure"


def test_of_several_forms_one_may_be_marked(tmp_path: Path) -> None:
    define(tmp_path, form="one")
    define(tmp_path, form="two")
    forms = Forms((tmp_path,))
    with pytest.raises(NoSuchForm, match="--form: one, two"):
        forms.default()
    define(tmp_path, form="two", default=True)
    assert forms.default() == "two"


def test_the_form_that_a_campaign_brings_is_its_own_default(tmp_path: Path) -> None:
    define(tmp_path, form="ours")
    assert Forms.shipped().below(tmp_path).default() == "ours"


# ---------------------------------------------------------------- one object, one form


def test_a_form_is_built_once_until_its_files_change(tmp_path: Path) -> None:
    define(tmp_path)
    forms = Forms((tmp_path,))
    before = forms.of("disclosure", YEAR)
    assert Forms((tmp_path,)).edition("disclosure", "2021") is before
    define(tmp_path, title="改过的报表")
    assert forms.of("disclosure", YEAR).title == "改过的报表"


def test_forms_go_to_other_processes(tmp_path: Path) -> None:
    forms = two_editions(tmp_path)
    assert pickle.loads(pickle.dumps(forms)) == forms


def test_each_edition_says_what_it_serves(tmp_path: Path) -> None:
    newer, older = two_editions(tmp_path).editions("disclosure")
    assert (newer.id, newer.serves.en) == ("2027", "2027 on")
    assert (older.id, older.serves.en) == ("2021", "2021–2026")
    assert isinstance(newer, Edition)
