"""The annual report that came instead of the workbook: it waits for a clerk, its unit
gets it back filled in, and it never stands beside the unit's own workbook."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests import support
from tests.own_reports import FORM, YEAR, Own, sample
from tests.support import deliver, folder, judged, workbook
from workbook_builder.campaign.folder import Folder
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.finding import Verdict
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import number
from workbook_builder.pipeline import build, collect, plan, use
from workbook_builder.pipeline.collecting import RETURNED

UNIT, OTHER = (
    Unit(code, f"示例市示例区{name}街道办事处", "Q", "街道", emails=(f"{code}@b.cn",))
    for code, name in (("U1", "幸福"), ("U2", "和平"))
)
ROSTER = Roster((Unit("Q", "示例市示例区", type="区县"), UNIT, OTHER))


def own(unit: str = UNIT.name) -> Own:
    return replace(sample(), unit=unit)


def nameless() -> bytes:
    """A report that nowhere prints whose it is."""
    name = UNIT.name.encode()
    parts = support.unzipped(own().docx())
    return support.zipped({at: data.replace(name, b"") for at, data in parts.items()})


def of(year: int = YEAR) -> Campaign:
    return support.campaign(f"report-{year}", year)


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """U1 sent its report, U2 its workbook and a report, and there are neighbours."""
    made = folder(tmp_path_factory.mktemp("r") / "c", ROSTER, of=of())
    deliver(made, "年报.docx", own().docx())
    deliver(made, "2.xlsx", workbook({}, OTHER, of()))
    deliver(made, "2.docx", own(OTHER.name).docx(), hour=2)
    deliver(made, "外区.docx", own("某外地街道办事处").docx())
    deliver(made, "空白.docx", replace(own(), figures={}).docx())
    return made


@pytest.fixture
def made(received: Folder, tmp_path: Path) -> Folder:
    shutil.copytree(received.path, tmp_path / "c")
    return Folder(tmp_path / "c")


def by_file(made: Folder) -> dict[str, Submission]:
    return {each.path: each for each in collect(made).summary.submissions}


def test_a_report_waits_with_its_figures_and_counts_nowhere(made: Folder) -> None:
    found = collect(made)
    files = {each.path: each for each in found.summary.submissions}
    report = files["年报.docx"]
    assert report.verdict is Verdict.WAITING
    assert report.unit_code == "U1"
    assert [each.path for each in found.summary.letters["U1"]] == ["年报.docx"]
    assert report.findings[0].code == "N11"
    figures = own().figures
    assert {id_: value.number for id_, value in report.facts.items()} == figures
    assert found.summary.counted.keys() == {"U2"}


def test_beside_its_own_workbook_it_is_only_mentioned(made: Folder) -> None:
    files = by_file(made)
    assert files["2.xlsx"].verdict.is_return
    beside = files["2.docx"]
    assert beside.verdict is Verdict.IGNORED
    assert [each.code for each in beside.findings] == ["V07"]


@pytest.mark.parametrize("name", ["外区.docx", "空白.docx"])
def test_what_is_nobodys_or_blank_stays_a_letter(made: Folder, name: str) -> None:
    found = by_file(made)[f"{name}"]
    assert found.verdict is Verdict.IGNORED
    assert found.letter is not None
    assert found.unit_code == ""


@pytest.mark.parametrize(("name", "code"), [("年报", ""), (UNIT.name, "U1")])
def test_a_report_without_a_name_is_of_whom_its_file_is_called_after(
    name: str, code: str, tmp_path: Path
) -> None:
    made = folder(tmp_path / "c", ROSTER, of=of())
    deliver(made, f"{name}.docx", nameless())
    (found,) = by_file(made).values()
    assert found.unit_code == code
    assert found.verdict is (Verdict.WAITING if code else Verdict.IGNORED)


def test_a_report_of_another_year_stays_a_letter(tmp_path: Path) -> None:
    made = folder(tmp_path / "c", ROSTER, of=of(YEAR + 1))
    deliver(made, "年报.docx", own().docx())
    assert by_file(made)["年报.docx"].verdict is Verdict.IGNORED


def test_its_unit_gets_the_workbook_back_filled_in(made: Folder) -> None:
    collect(made)
    (file,) = (made.results / RETURNED).glob(f"*{UNIT.name}*.xlsx")
    back = judged(file.read_bytes(), made.expected())
    assert back.unit_code == "U1"
    inputs = {cell.id: own().figures[cell.id] for cell in FORM.inputs}
    assert {id_: back.answers.value(id_) for id_ in inputs} == {
        id_: number(figure) for id_, figure in inputs.items()
    }
    assert back.answers.texts == own().texts


def test_who_is_asked_for_the_workbook_gets_it_filled_in(made: Folder) -> None:
    build(made)
    asked = {each.unit.code: each for each in plan(made, Occasion.ASK).entries}
    letter = asked["U1"].letter
    assert letter is not None
    (attached,) = letter.attachments
    sent = judged(attached.data, made.expected())
    assert sent.answers.texts == own().texts


def test_the_clerk_may_agree_to_it_until_the_workbook_comes(made: Folder) -> None:
    use(made, "U1", "年报.docx", "电话核对")
    found = collect(made).summary
    assert found.standing["U1"].path == "年报.docx"
    assert found.standing["U1"].verdict.is_return
    deliver(made, "1.xlsx", workbook({}, UNIT, of()), hour=9)
    found = collect(made).summary
    assert found.standing["U1"].path == "1.xlsx"
    assert by_file(made)["年报.docx"].verdict is Verdict.IGNORED


def test_what_a_report_prints_against_itself_is_asked_about(tmp_path: Path) -> None:
    """Totals are as printed, and no report counts whose totals are wrong."""
    wrong = {
        **own().figures,
        "disputes.review.total": own().figures["disputes.review.total"] + 1,
    }
    made = folder(tmp_path / "c", ROSTER, of=of())
    deliver(made, "年报.docx", replace(own(), figures=wrong).docx())
    use(made, "U1", "年报.docx", "电话核对")
    stands = collect(made).summary.standing["U1"]
    assert stands.verdict is Verdict.REJECTED
    assert "A4" in {each.code for each in stands.findings}
