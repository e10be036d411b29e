"""Forms are looked up once for all files that are read together; an archive's directory
once, whoever asks and within whatever bounds."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests import support
from tests.support import FORMS, form, workbook
from workbook_builder.bounds.zip_directory import directory
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.form import Form
from workbook_builder.reading.apart import received
from workbook_builder.reading.receive import Source


class Counting:
    """Notes in a file what it is asked: readers are in other processes."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def get(self, form: str, edition: str) -> Form | None:
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(f"{form} {edition}\n")
        return FORMS.get(form, edition)

    def all_of(self, form: str) -> tuple[Form, ...]:
        return FORMS.all_of(form)


def test_a_form_is_looked_up_once_for_many_files(tmp_path: Path) -> None:
    data = workbook(support.BUSY)
    sources = [Source(f"{n}.xlsx", data) for n in range(5)]
    found = [*received(sources, Counting(tmp_path / "asked"))]
    assert [each.verdict.is_return for (each,) in found] == [True] * 5
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert asked == [f"{form().id} {form().edition}"]


def test_a_directory_that_is_known_is_bounded_anew() -> None:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for n in range(3):
            archive.writestr(f"{n}.txt", "")
    data = written.getvalue()
    known = directory(data, 3)
    assert directory(data, 3) is known
    with pytest.raises(UnreadableFile, match="over 2 entries"):
        directory(data, 2)
