"""docs/forms.md is run as it stands: every file written, every command and script run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from workbook_builder.campaign.folder import Folder

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CELL = "counter.received.people"


def run(place: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", *arguments],
        cwd=place,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"


def test_the_document_leads_from_an_empty_folder_to_the_next_month(
    tmp_path: Path,
) -> None:
    for kind, name, text in BLOCK.findall(DOCUMENT):
        if kind == "toml":
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif kind == "python":
            run(tmp_path, "-c", text)
        else:
            for line in text.splitlines():
                program, *arguments = line.split()
                assert program == "workbook-builder"
                run(tmp_path, "-m", "workbook_builder", "--lang", "zh", *arguments)
    march, april = Folder(tmp_path / "窗口月报"), Folder(tmp_path / "窗口四月")
    assert str(march.campaign().period) == "2026-03"
    assert str(april.campaign().period) == "2026-04"
    assert april.form().id == "counter"
    assert (march.results / "汇总.xlsx").is_file()
    units = march.roster().reporting
    assert units
    for unit in units:
        assert april.expected().last_period[unit.code][CELL] == 12
