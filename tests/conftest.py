"""What several test files ask for."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.support import Shell

# A ninth of the time of what loads workbooks went into looking for cycles among their
# cells. Commands in processes of their own keep the thresholds of Python.
gc.set_threshold(100_000, 50, 100)

#: Files that take half a minute and more, the longest first: one of them begun last keeps
#: one core waiting. `--durations=0` tells.
LONG = (
    "test_mistakes.py",
    "test_equivalence.py",
    "test_portable.py",
    "test_clerk.py",
    "test_locate.py",
    "test_workbook.py",
    "test_fuzz.py",
    "test_scans.py",
    "test_collection.py",
    "test_year.py",
    "test_published.py",
    "test_reports_own.py",
    "test_formats_saved.py",
    "test_typed.py",
    "test_mouse.py",
    "test_mail_campaign.py",
    "test_returned_when.py",
    "test_console.py",
    "test_desk.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; the others, and the tests of each file, in their order."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONG)))


@pytest.fixture
def shell(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Shell:
    """The commands, run in the test's own folder."""
    monkeypatch.chdir(tmp_path)
    return Shell(capsys, tmp_path)
