"""Our own report, saved by a real office suite in every format, reads back the same."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.own_reports import FORM, YEAR, sample, wrong
from workbook_builder.documents.read import read_document
from workbook_builder.model.document import DocumentFormat
from workbook_builder.model.published_report import Certainty, PublishedReport
from workbook_builder.published.read import read

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed"),
]
SECONDS = 300
#: What LibreOffice is asked for → the format that it then is.
FORMATS = {
    "odt": DocumentFormat.ODT,
    "doc": DocumentFormat.DOC,
    "html": DocumentFormat.HTML,
    "pdf": DocumentFormat.PDF,
    "txt:Text (encoded):UTF8": DocumentFormat.TEXT,
}
Saved = Callable[[str], bytes]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """The sample report in a format, saved once."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "report.docx").write_bytes(sample().docx())

    def save(wanted: str) -> bytes:
        made = folder / f"report.{wanted.partition(':')[0]}"
        if not made.is_file():
            convert(folder, wanted)
        return made.read_bytes()

    return save


def convert(folder: Path, wanted: str) -> None:
    assert SOFFICE is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", wanted, "report.docx"]
    subprocess.run(
        command, cwd=folder, check=True, capture_output=True, timeout=SECONDS
    )


def found(data: bytes) -> PublishedReport:
    return read(read_document(data), [FORM])


@pytest.mark.parametrize("wanted", FORMATS)
def test_a_saved_report_says_the_same_200_figures_and_texts(
    wanted: str, saved: Saved
) -> None:
    own, data = sample(), saved(wanted)
    assert read_document(data).format is FORMATS[wanted]
    report = found(data)
    assert (report.unit, report.year) == (own.unit, YEAR)
    assert not wrong(report, own.figures)
    assert report.counts[Certainty.CERTAIN] == len(FORM.cells)
    assert {i: f.value.number for i, f in report.facts.items()} == own.figures
    assert report.texts == own.texts
    assert not report.findings


def test_a_page_with_a_password_is_said_to_have_one(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(sample().docx())
    options = '{"EncryptFile":{"type":"boolean","value":"true"},' + (
        '"DocumentOpenPassword":{"type":"string","value":"secret"}}'
    )
    convert(tmp_path, f"pdf:writer_pdf_Export:{options}")
    with pytest.raises(Exception, match="encrypted"):
        read_document((tmp_path / "report.pdf").read_bytes())
