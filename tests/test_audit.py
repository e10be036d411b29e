"""``audit``: published reports against every check, and against the year before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.own_reports import FORM, YEAR, Own, sample, with_totals
from tests.support import Shell
from workbook_builder.definition.registry import Forms
from workbook_builder.model.period import Period
from workbook_builder.outputs.report import Contents, report
from workbook_builder.outputs.report_docx import docx
from workbook_builder.pipeline import AuditedReport, audit

EDITIONS = Forms.shipped().all_of("disclosure")
INPUTS = {cell.id for cell in FORM.inputs}


def changed(own: Own, **figures: int) -> Own:
    typed = {id_: figure for id_, figure in own.figures.items() if id_ in INPUTS}
    typed |= {id_.replace("__", "."): Decimal(n) for id_, n in figures.items()}
    return replace(own, figures=with_totals(typed))


def printed(own: Own, year: int = YEAR) -> bytes:
    assert FORM.wording is not None
    contents = Contents(own.unit, Period(year), own.figures, own.texts, {})
    return docx(report(FORM, FORM.wording, contents))


def audited(folder: Path, files: dict[str, bytes]) -> tuple[AuditedReport, ...]:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return audit([folder], EDITIONS)


def found(each: AuditedReport) -> set[str]:
    return {finding.code for finding in each.findings}


def test_a_report_that_agrees_with_itself_breaks_no_rule(tmp_path: Path) -> None:
    (each,) = audited(tmp_path / "r", {"1.docx": printed(sample())})
    assert each.errors == 0
    assert each.before is None


@pytest.mark.parametrize(
    ("total", "code"),
    [("applications.received.total", "A3"), ("disputes.review.total", "A4")],
)
def test_a_total_that_is_no_sum_is_found(tmp_path: Path, total: str, code: str) -> None:
    own = sample()
    wrong = replace(own, figures={**own.figures, total: own.figures[total] + 7})
    (each,) = audited(tmp_path / "r", {"1.docx": printed(wrong)})
    assert code in found(each)
    assert each.errors


def test_the_year_before_is_compared(tmp_path: Path) -> None:
    """What was carried out of the one must be carried into the other."""
    before = changed(sample(), applications__carried_out__natural=3)
    now = changed(
        sample(),
        applications__carried_in__natural=9,
        applications__carried_out__natural=9,
    )
    files = {"b.docx": printed(now), "a.docx": printed(before, YEAR - 1)}
    first, second = audited(tmp_path / "r", files)
    assert (first.read.report.year, first.before) == (YEAR - 1, None)
    assert (second.read.report.year, second.before) == (YEAR, YEAR - 1)
    assert "B1" not in found(first)
    assert "B1" in found(second)


def test_another_unit_is_not_compared(tmp_path: Path) -> None:
    other = replace(sample(), unit="示例市人民政府")
    files = {"1.docx": printed(sample()), "2.docx": printed(other, YEAR - 1)}
    assert [each.before for each in audited(tmp_path / "r", files)] == [None, None]


def test_the_page_and_the_listing(shell: Shell) -> None:
    (shell.path / "r").mkdir()
    (shell.path / "r" / "1.docx").write_bytes(printed(sample()))
    (shell.path / "r" / "<b>.txt").write_text("今天开会。", encoding="utf-8")
    for beside in (".offered.json", "Thumbs.db", "目录.html"):
        (shell.path / "r" / beside).write_text("{}")
    assert shell("audit", "r", "-o", "核查.html") == 1
    assert "没有读 r/.offered.json、r/Thumbs.db、r/目录.html" in shell.err
    assert sample().unit in shell.out
    page = (shell.path / "核查.html").read_text(encoding="utf-8")
    assert sample().unit in page
    assert "P01" in page
    assert "&lt;b&gt;.txt" in page
    assert shell("audit", "r", "-o", "核查.html") == 2
    said = shell.json("audit", "r")
    assert [each["kind"] for each in said["files"]] == ["report", "not_a_report"]
    assert said["files"][0]["compared_with"] is None
    assert shell("audit", "r/目录.html") == 1  # who names it means it
    assert "没有读" not in shell.err
