"""``read-report``: files of any kind in, figures with their certainty out; and the
workbook of a unit filled in from its report."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests import support
from tests.own_reports import FORM, YEAR, Own, glued, sample
from tests.support import Shell
from workbook_builder.campaign.folder import Folder
from workbook_builder.cli import run
from workbook_builder.definition.registry import Forms
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Kind
from workbook_builder.model.published_report import Certainty, ReportKind
from workbook_builder.model.unit import Roster
from workbook_builder.model.values import State, plain
from workbook_builder.outputs import office
from workbook_builder.pipeline import prefilled, read_reports

EDITIONS = Forms.shipped().all_of("disclosure")
KEYS = {
    *("path", "sha256", "kind", "unit", "year", "form", "edition"),
    *("facts", "texts", "findings"),
}


@pytest.fixture
def campaign(tmp_path: Path) -> Folder:
    return support.folder(tmp_path / "campaign")


def written(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(data)
    return file


def test_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = sample()
    folder = tmp_path / "reports"
    written(folder, "1.docx", own.docx())
    written(folder, "2.txt", "今天开会。".encode())
    written(folder, "3.docx", own.docx()[:500])
    assert run(["read-report", str(folder), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [each["kind"] for each in said["files"]] == [
        "report",
        "not_a_report",
        "unreadable",
    ]
    report, nothing, broken = said["files"]
    assert all(each.keys() == KEYS for each in said["files"])
    assert (report["unit"], report["year"]) == (own.unit, YEAR)
    assert (report["form"], report["edition"]) == (FORM.id, FORM.edition)
    assert len(report["sha256"]) == 64
    assert {
        id_: fact["value"]
        for id_, fact in report["facts"].items()
        if fact["certainty"] == "certain"
    } == {id_: plain(figure) for id_, figure in own.figures.items()}
    assert not report["findings"]
    assert nothing["facts"] == broken["facts"] == {}
    assert nothing["findings"]
    assert broken["findings"]


def test_a_value_is_said_only_of_a_number(tmp_path: Path) -> None:
    text = glued(sample().document())
    (read,) = read_reports([written(tmp_path / "r", "1.txt", text.encode())], EDITIONS)
    assert read.report.kind is ReportKind.REPORT
    for fact in read.report.facts.values():
        assert (fact.value.number is None) == (fact.value.state is not State.NUMBER)


def test_a_report_fills_in_the_workbook_of_its_unit(
    campaign: Folder, tmp_path: Path
) -> None:
    own, expected = sample(1), campaign.expected()
    file = written(tmp_path / "r", "公布.docx", own.docx())
    (read,) = read_reports([file], EDITIONS)
    submission = support.judged(prefilled(expected, "U1", read), expected)
    assert submission.answers is not None
    assert submission.facts.keys() == own.figures.keys()
    for id_, figure in own.figures.items():
        assert submission.facts[id_].number == figure, id_
    assert submission.answers.texts.keys() == own.texts.keys()


def test_what_is_unsure_is_left_blank_and_marked(
    campaign: Folder, tmp_path: Path
) -> None:
    """Nobody signs a figure that was guessed."""
    expected = campaign.expected()
    unsure = spoilt(sample(2))
    (read,) = read_reports([written(tmp_path / "r", "1.txt", unsure)], EDITIONS)
    doubtful = {
        id_
        for id_, fact in read.report.facts.items()
        if fact.certainty is Certainty.UNSURE and FORM.cells[id_].kind is Kind.INPUT
    }
    assert doubtful
    data = prefilled(expected, "U1", read)
    submission = support.judged(data, expected)
    assert submission.verdict is Verdict.REJECTED
    for id_ in doubtful:
        assert submission.facts[id_].state is State.BLANK, id_
    notes = "".join(
        part.decode()
        for name, part in support.unzipped(data).items()
        if name.startswith("xl/comments")
    )
    assert notes.count("P13") >= len(doubtful)


def spoilt(own: Own) -> bytes:
    """The report as one run of text, in which table two has no sums to prove it."""
    return glued(own.document()).encode()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("会议.txt", "今天开会。".encode(), "were not found"),
        ("报告.docx", None, "of 2025, the campaign of 2026"),
    ],
)
def test_what_does_not_fit_makes_no_workbook(
    tmp_path: Path, name: str, data: bytes | None, words: str
) -> None:
    campaign = support.folder(tmp_path / "campaign", of=support.campaign(year=YEAR + 1))
    file = written(tmp_path / "r", name, data or sample().docx())
    (read,) = read_reports([file], EDITIONS)
    with pytest.raises(CampaignError, match=words):
        prefilled(campaign.expected(), "U1", read)


def test_nothing_is_written_over(campaign: Folder, tmp_path: Path) -> None:
    file = written(tmp_path / "r", "1.docx", sample().docx())
    new = written(tmp_path / "r", "mine.xlsx", b"mine")
    arguments = ["--campaign", str(campaign.path), "--unit", "U1", "-o", str(new)]
    assert run(["read-report", str(file), *arguments]) == 2
    assert new.read_bytes() == b"mine"
    new.unlink()
    assert run(["read-report", str(file), *arguments]) == 0
    assert new.stat().st_size > 10_000


def test_figures_are_exact(tmp_path: Path) -> None:
    own = sample()
    (read,) = read_reports([written(tmp_path / "r", "1.docx", own.docx())], EDITIONS)
    fee = "proactive.fees.amount"
    assert read.report.facts[fee].value.number == Decimal(own.figures[fee])


def test_reports_of_the_year_before_are_what_returns_are_compared_with(
    shell: Shell,
) -> None:
    own = sample(3)
    own = replace(own, unit="示例市示例区幸福街道办事处")
    units = Roster(
        tuple(
            replace(unit, name=own.unit) if unit.code == "U1" else unit
            for unit in support.roster("U1", "U2").units
        )
    )
    of = support.campaign(year=YEAR + 1)
    made = support.folder(shell.path / "c", units, of=of)
    folder = shell.path / "published"
    written(folder, "1.docx", own.docx())
    written(folder, "2.docx", replace(own, unit="示例区人民政府").docx())
    written(folder, "3.txt", "今天开会。".encode())
    written(folder, "4.docx", own.docx())
    arguments = ("read-report", "published", "--campaign", "c", "--last-period")
    assert shell(*arguments) == 1, shell.err
    said = shell.out.splitlines()
    assert "用作上期数" in said[0]
    assert "名录里没有" in said[1]
    assert "未找到" in said[2]
    assert "已有一份" in said[3]
    before = made.before()
    assert before.figures == {"U1": dict(own.figures)}
    assert before.texts["U1"].keys() == own.texts.keys()
    assert shell(*arguments) == 2, "nothing is written over"


def test_what_only_libreoffice_reads_is_turned_into_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = office.require_office()
    own = sample()
    written(tmp_path / "docx", "报告.docx", own.docx())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "rtf", "docx/报告.docx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    rich = tmp_path / "报告.rtf"
    (found,) = read_reports([rich], EDITIONS)
    assert found.path.endswith("报告.rtf")
    assert found.sha256 == hashlib.sha256(rich.read_bytes()).hexdigest()
    assert {id_: fact.value.number for id_, fact in found.report.facts.items()} == (
        own.figures
    )
    monkeypatch.setattr(office, "soffice", lambda: None)
    (unread,) = read_reports([rich], EDITIONS)
    assert support.codes(unread.report.findings) == ["P12"]
