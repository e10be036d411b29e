"""Pages that are pictures: what is recognised is never a wrong figure that is certain."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests import support
from tests.own_reports import FORM, sample, wrong
from tests.shared_reports import FOLDER, needed, printed
from workbook_builder.bounds.isolation import Workers
from workbook_builder.bounds.limits import SCAN
from workbook_builder.definition.registry import Forms
from workbook_builder.documents.pdf import page_pictures
from workbook_builder.documents.read import see_document
from workbook_builder.documents.scan import DOTS_PER_INCH
from workbook_builder.model.document import Document, Precision
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.published_report import Certainty, ReportKind
from workbook_builder.outputs import office
from workbook_builder.pipeline import read_reports
from workbook_builder.published.read import read

EDITIONS = Forms.shipped().all_of("disclosure")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The page of a report of ours with most of table three on it."""
    folder = tmp_path_factory.mktemp("scan")
    (folder / "报告.docx").write_bytes(sample().docx())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        str(office.require_office()),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*command, "报告.docx"], cwd=folder, check=True, capture_output=True)
    pages = page_pictures((folder / "报告.pdf").read_bytes(), DOTS_PER_INCH)
    return max(pages, key=lambda each: int((each < 128).sum()))


def seen(data: bytes) -> Document:
    """In a process of its own, as always: the models would stay in this one, and every
    process that it starts would be as large."""
    with Workers(1, see_document, SCAN) as workers:
        found: Document = workers.result(workers.start(data))
    return found


def photo(page: Any, degrees: float = 0.0) -> bytes:
    """The page askew and grey, as a scanner or a telephone saves it."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    turned = cv2.warpAffine(page, turn, (width, height), borderValue=255.0)
    grey = np.clip(turned.astype(float) * 0.8 + 30, 0, 255).astype(np.uint8)
    done, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 70])
    assert done
    return bytes(data)


def test_a_photo_of_table_three_is_read(page: Any, tmp_path: Path) -> None:
    own, file = sample(), tmp_path / "照片.jpg"
    file.write_bytes(photo(page, 0.7))
    (found,) = read_reports([file], EDITIONS)
    report = found.report
    assert report.kind is ReportKind.REPORT
    assert not wrong(report, own.figures)
    on_it = [id_ for id_, fact in report.facts.items() if fact.words]
    right = [id_ for id_ in on_it if report.facts[id_].value.number == own.figures[id_]]
    assert len(on_it) > len(FORM.inputs) // 2
    assert len(right) >= 0.95 * len(on_it)
    two = {cell.id for cell in FORM.cells.values() if cell.table == "proactive"}
    sure = {id_ for id_ in on_it if report.facts[id_].certainty is Certainty.CERTAIN}
    assert not two & sure, "nothing proves a figure without a sum"


def test_a_misread_figure_is_not_certain(page: Any) -> None:
    """A blot over a part of the table: sums do not close any more."""
    blotted = page.copy()
    height, width = blotted.shape[:2]
    blotted[height // 2 : height // 2 + 90, width // 2 :] = 255
    report = read(seen(photo(blotted)), EDITIONS)
    assert not wrong(report, sample().figures)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"\xff\xd8\xff" + b"x" * 100, "damaged"), (b"\x89PNG" + b"\0" * 100, "damaged")],
)
def test_a_broken_picture_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        seen(data)
    assert caught.value.reason == reason


def test_without_the_extra_it_is_said_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    monkeypatch.delitem(sys.modules, "workbook_builder.documents.scan", raising=False)
    file = tmp_path / "照片.jpg"
    file.write_bytes(b"\xff\xd8\xff" + b"x" * 100)
    (found,) = read_reports([file], EDITIONS)
    assert support.codes(found.report.findings) == ["P12"]


@needed
def test_a_real_scan_has_no_wrong_figure_that_is_certain() -> None:
    data = (FOLDER / "derived" / "suqian-2023-scan150.pdf").read_bytes()
    document = seen(data)
    assert document.precision is Precision.SEEN
    report = read(document, EDITIONS)
    known = {id_: printed("suqian-2023", cell) for id_, cell in FORM.cells.items()}
    settled = {id_: f for id_, f in report.facts.items() if f.certainty.is_settled}
    assert len(settled) >= 185
    assert {id_: fact.value.number for id_, fact in settled.items()} == {
        id_: known[id_] for id_ in settled
    }
