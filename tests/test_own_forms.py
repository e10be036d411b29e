"""A form of the campaign's own, and a second edition among the shipped ones.

The campaign's definition is the shipped one with a single rule changed: what is
received may be more than what was handled. Whoever judges by the shipped rule says so.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.definitions import SHIPPED, define
from tests.support import (
    BUSY,
    FORMS,
    Shell,
    campaign,
    codes,
    contents,
    deliver,
    edited,
    expected,
    filled,
    folder,
    form,
    judged,
    plain_workbook,
    roster,
    unit,
    workbook,
)
from workbook_builder.bounds import many
from workbook_builder.campaign.fingerprint import fingerprint
from workbook_builder.campaign.folder import Folder
from workbook_builder.definition.load import templates_root
from workbook_builder.definition.registry import Forms
from workbook_builder.model.errors import CampaignError, DefinitionError, NoSuchForm
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.values import number
from workbook_builder.pipeline import (
    build,
    check,
    collect,
    lift,
    make_reports,
    renew,
    trace,
)
from workbook_builder.reading.judge import judge
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import HIDDEN

RULE = 'rule = "received + carried_in == closed + carried_out"'
CHANGED = (
    (RULE, RULE.replace("==", ">=")),
    ("第一项加第二项之和，不等于", "按本区的规则，第一项加第二项之和，小于"),
)
#: One more was received than was handled: wrong by the shipped rule only.
UNEQUAL = {**BUSY, "applications.received.natural": 10}
#: One less: wrong by either rule.
WRONG = {**BUSY, "applications.received.natural": 8}


@pytest.fixture
def own(tmp_path: Path) -> Folder:
    """A campaign with its own definition and two returns, the second one wrong."""
    define(tmp_path / "forms", words=CHANGED)
    made = folder(tmp_path, roster("U1", "U2"))
    deliver(made, "1.xlsx", workbook(UNEQUAL, unit("U1", "Q")))
    deliver(made, "2.xlsx", workbook(WRONG, unit("U2", "Q")), hour=1)
    return made


# ---------------------------------------------------------------- judged by its own


def test_the_shipped_rule_refuses_what_the_own_one_accepts(own: Folder) -> None:
    """The test of the tests."""
    file = own.inbox / "1.xlsx"
    (by_shipped,) = check([file], FORMS)
    (by_own,) = check([file], own.expected())
    assert by_shipped.verdict is Verdict.REJECTED
    assert by_own.verdict is Verdict.ACCEPTED


def test_a_file_in_the_folder_of_a_campaign_is_of_its_form(
    own: Folder, tmp_path: Path
) -> None:
    """Also where nobody says so; elsewhere it is not."""
    inside = own.inbox / "1.xlsx"
    outside = tmp_path.parent / f"{tmp_path.name}.xlsx"
    outside.write_bytes(inside.read_bytes())
    found, other = check([inside, outside])
    assert found.verdict is Verdict.ACCEPTED
    assert other.verdict is Verdict.REJECTED


@pytest.mark.parametrize("pooled", [False, True])
def test_collect_judges_by_it_in_every_process(
    own: Folder, monkeypatch: pytest.MonkeyPatch, pooled: bool
) -> None:
    if pooled:
        monkeypatch.setattr(many, "WORTH_A_POOL", 1)
        monkeypatch.setattr("os.cpu_count", lambda: 2)
    by_name = {each.path: each for each in collect(own).submissions}
    assert by_name["1.xlsx"].verdict is Verdict.ACCEPTED
    assert by_name["2.xlsx"].verdict is Verdict.REJECTED
    said = [f.message.zh for f in by_name["2.xlsx"].findings if f.code == "A1"]
    assert said
    assert all("按本区的规则" in each for each in said)


def test_build_makes_workbooks_of_it(own: Folder) -> None:
    path, _ = build(own).files
    rules = "".join(_texts(path.read_bytes()))
    assert "应不小于" in rules or "按本区的规则" in rules
    assert "按本区的规则" not in "".join(_texts(workbook()))


def test_the_command_checks_by_it(own: Folder, shell: Shell) -> None:
    assert shell("check", own.inbox, "--campaign", own.path, "--json") == 1
    by_name = {Path(f["path"]).name: f for f in json.loads(shell.out)["files"]}
    assert by_name["1.xlsx"]["verdict"] == "accepted"
    assert by_name["2.xlsx"]["verdict"] == "rejected"


def test_status_knows_that_a_rule_has_changed(own: Folder, shell: Shell) -> None:
    collect(own)
    before = fingerprint(own, own.history())
    assert shell("status", own.path, "--json") in (0, 1)
    assert fingerprint(own, own.history()) == before
    define(own.path / "forms", words=((RULE, RULE.replace("==", "<=")),))
    assert fingerprint(own, own.history()) != before
    assert shell("status", own.path, "--json") in (0, 1)
    units = {each["code"]: each for each in json.loads(shell.out)["units"]}
    assert units["U1"]["state"] == "rejected"
    assert units["U2"]["state"] == "accepted"


def test_lift_report_and_trace_take_it(own: Folder, tmp_path: Path) -> None:
    lifted = lift(own.inbox / "1.xlsx")
    assert lifted.signed
    assert lifted.form is own.form()
    assert "按本区的规则" in lifted.form.check("A1").message
    collect(own)
    assert trace(own, "applications.received.natural").trace.recorded == 10
    assert make_reports(own).made


def test_another_campaign_does_not_know_it(own: Folder, tmp_path: Path) -> None:
    other = folder(tmp_path / "other", roster("U1"))
    deliver(other, "1.xlsx", workbook(UNEQUAL, unit("U1", "Q")))
    (submission,) = collect(other).submissions
    assert submission.verdict is Verdict.REJECTED


def test_the_next_period_brings_it_along(own: Folder, tmp_path: Path) -> None:
    made = renew(tmp_path / "next", own).folder
    assert contents(made.path / "forms") == contents(own.path / "forms")
    assert "按本区的规则" in made.form().check("A1").message


def test_a_wrong_definition_names_its_file(own: Folder, shell: Shell) -> None:
    define(own.path / "forms", words=((RULE, 'rule = "receive == closed"'),))
    with pytest.raises(DefinitionError, match=r"checks\.toml: A1"):
        own.expected()
    assert shell("collect", own.path) == 2
    assert "A1" in shell.err


# ---------------------------------------------------------------- editions


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Forms:
    """The shipped forms, and a copy of edition 2021 as 2027 beside it."""
    root = tmp_path / "templates"
    shutil.copytree(templates_root(), root)
    shutil.copytree(SHIPPED, root / "disclosure" / "2027", dirs_exist_ok=True)
    define(root, "2027", first_year=2027)
    monkeypatch.setattr(
        "workbook_builder.definition.registry.templates_root", lambda: root
    )
    return Forms.shipped()


def test_each_year_takes_its_edition(two: Forms, shell: Shell) -> None:
    for year, edition in ((2026, "2021"), (2027, "2027"), (2030, "2027")):
        assert shell("init", f"{year}", "--year", year, "--form", "disclosure") == 0
        assert Folder(shell.path / f"{year}").campaign().edition == edition
    assert shell("init", "next", "--from", "2026") == 0
    renewed = Folder(shell.path / "next").campaign()
    assert (renewed.period, renewed.edition) == (Period(2027), "2027")


def test_the_demo_is_of_the_year_it_was_written_for(two: Forms, shell: Shell) -> None:
    assert shell("demo", "d") == 0
    made = Folder(shell.path / "d").campaign()
    assert (made.period, made.edition) == (Period(2021), "2021")


def test_a_campaign_stays_with_its_edition_when_a_later_one_comes(
    tmp_path: Path, shell: Shell
) -> None:
    made = folder(tmp_path / "c", roster("U1"))
    define(tmp_path / "c" / "forms", "2024", first_year=2024)
    assert made.campaign().edition == "2021"
    assert FORMS.of("disclosure", Period(2025)).edition == "2021"
    assert made.forms.of("disclosure", Period(2025)).edition == "2024"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (("--year", "2018", "--form", "disclosure"), "2019 版 2019–2020 年"),
        (("--period", "2026Q1", "--form", "disclosure"), "按年填报"),
        (("--year", "2026", "--form", "census"), "没有“census”这个报表"),
        (("--year", "2026", "--period", "2026"), "只写一个"),
        (
            (
                "--period",
                "2026Q5",
            ),
            "2026Q5",
        ),
        ((), "--period"),
    ],
)
def test_what_cannot_be_made_is_said(
    said: tuple[str, ...], words: str, shell: Shell
) -> None:
    assert shell("init", "c", *said) == 2
    assert words in shell.err
    assert not (shell.path / "c").exists()


def test_a_campaign_may_name_no_edition_and_an_old_one_no_form(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").write_text('id = "a"\nyear = 2025\ndistrict = "b"\n')
    said = Folder(tmp_path).campaign()
    assert (said.form, said.edition, said.period) == (
        "disclosure",
        "2021",
        Period(2025),
    )


def test_a_campaign_cannot_ask_an_edition_for_a_period_it_does_not_serve(
    tmp_path: Path,
) -> None:
    text = 'id = "a"\nform = "disclosure"\nedition = "2021"\nperiod = "2020"\n'
    (tmp_path / "campaign.toml").write_text(f'{text}district = "b"\n')
    with pytest.raises(CampaignError) as caught:
        Folder(tmp_path).campaign()
    assert isinstance(caught.value, NoSuchForm)
    assert "2021 版不适用于2020年" in caught.value.text.zh


# ---------------------------------------------------------------- other editions

#: What an edition of other tables prints instead.
OTHER = (
    ("本年制发件数", "本年新制作数量"),
    ("本年废止件数", "本年新公开数量"),
    ("现行有效件数", "对外公开总数量"),
)


@pytest.fixture
def editions(tmp_path: Path) -> Forms:
    define(tmp_path, "2021")
    define(tmp_path, "2019", first_year=2019, words=OTHER)
    return Forms((tmp_path,))


def knows(forms: Forms, edition: str) -> Expected:
    own = forms.edition("disclosure", edition)
    task = replace(campaign(), edition=edition)
    return Expected(task, roster("U1"), own, forms)


def without_stamp(of: Form, edition: str) -> bytes:
    task = replace(campaign(), edition=edition)
    data = build_workbook(of, unit("U1", "Q"), task, filled(of, **BUSY))
    return edited(data, lambda book: book.remove(book[HIDDEN]))


def test_some_labels_of_the_edition_of_2019_are_enough() -> None:
    old = plain_workbook("规章", "本年新制作数量", "本年新公开数量", "对外公开总数量")
    assert codes(judged(old, expected()).findings) == ["N02"]
    assert codes(judged(old).findings) == ["N01"]  # nobody asked for any edition


@pytest.mark.parametrize("asked", ["2019", "2021"])
@pytest.mark.parametrize("sent", ["2019", "2021"])
def test_another_edition_is_named_only_where_it_is_not_the_one_asked_for(
    asked: str, sent: str, editions: Forms
) -> None:
    data = without_stamp(editions.edition("disclosure", sent), sent)
    submission = judge("1.xlsx", data, knows(editions, asked))
    if asked == sent:
        assert "N07" in codes(submission.findings)
        assert submission.facts["proactive.licences.decisions"].number == 12
    else:
        assert codes(submission.findings) == ["N02"]
        said = submission.findings[0].message.zh
        assert f"按 {sent} 版" in said
        assert f"用的是 {asked} 版" in said


def test_an_edition_that_prints_the_same_is_no_other_one(tmp_path: Path) -> None:
    define(tmp_path, "2021")
    define(tmp_path, "2024", first_year=2024)
    forms = Forms((tmp_path,))
    data = without_stamp(forms.edition("disclosure", "2021"), "2021")
    for asked in ("2021", "2024"):
        assert "N07" in codes(judge("1.xlsx", data, knows(forms, asked)).findings)


def test_a_stamped_workbook_of_another_edition_is_another_task(
    editions: Forms,
) -> None:
    of = editions.edition("disclosure", "2019")
    task = replace(campaign(), edition="2019")
    data = build_workbook(of, unit("U1", "Q"), task, filled(of))
    found = judge("1.xlsx", data, knows(editions, "2021"))
    assert found.verdict is Verdict.NOT_OURS
    assert "N03" in codes(found.findings)


def test_lift_takes_what_both_editions_ask_for(tmp_path: Path) -> None:
    """And says what the campaign's edition has no place for."""
    made = folder(tmp_path, roster("U1"))
    words = (*OTHER, ("regulations", "rules"))
    define(tmp_path / "forms", "2019", first_year=2019, words=words)
    old = made.forms.edition("disclosure", "2019")
    answers = filled(old, **{**BUSY, "proactive.rules.issued": 3})
    task = replace(campaign(), edition="2019")
    file = deliver(made, "1.xlsx", build_workbook(old, unit("U1", "Q"), task, answers))
    lifted = lift(file)
    assert lifted.form is made.form()
    again = judged(lifted.data)
    assert again.stamp is not None
    assert again.stamp.edition == "2021"
    assert again.answers.values["proactive.licences.decisions"] == number(12)
    assert "proactive.regulations.issued" not in again.answers.values
    assert ("3", ("规章·本年新制作数量",)) in {
        (stray.content, stray.beside) for stray in lifted.strays
    }


def test_without_a_campaign_a_workbook_stays_of_its_edition(tmp_path: Path) -> None:
    file = tmp_path / "1.xlsx"
    file.write_bytes(workbook(BUSY))
    lifted = lift(file)
    assert not lifted.signed
    assert lifted.form is form()
    assert lifted.answers.values["proactive.licences.decisions"] == number(12)


def _texts(data: bytes) -> list[str]:
    found: list[str] = []

    def look(book: object) -> None:
        for sheet in book.worksheets:  # type: ignore[attr-defined]
            for row in sheet.iter_rows(values_only=True):
                found.extend(cell for cell in row if isinstance(cell, str))

    edited(data, look)
    return found
