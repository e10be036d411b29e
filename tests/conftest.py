"""What several test files ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import Shell


@pytest.fixture
def shell(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Shell:
    """The commands, run in the test's own folder."""
    monkeypatch.chdir(tmp_path)
    return Shell(capsys, tmp_path)
