"""What a system does to a campaign: a copied folder, a full disk, a stopped program."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.support import BUSY, deliver, folder, roster, unit, workbook
from workbook_builder.campaign import files, placing
from workbook_builder.campaign.folder import Folder
from workbook_builder.cli import application, run
from workbook_builder.commands.usage import VALUES
from workbook_builder.pipeline import collect, status

ONE = {"applications.received.natural": 10, "applications.granted.natural": 9}


def test_a_copied_folder_is_where_the_first_one_was(tmp_path: Path) -> None:
    """Copying, moving and zips give files other times and another order; the record
    says which version came last."""
    made = folder(tmp_path / "2025", roster("U1", "U2"))
    deliver(made, "z.xlsx", workbook({**BUSY, **ONE}, unit("U1", "Q")), hour=1)
    collect(made)
    deliver(made, "a.xlsx", workbook(BUSY, unit("U1", "Q")), hour=2)
    before = collect(made).summary
    assert before.standing["U1"].path == "a.xlsx"
    for name in ("copied", "again"):
        shutil.copytree(made.path, tmp_path / name, copy_function=shutil.copy)
        copy = Folder(tmp_path / name)
        for at, file in enumerate(("a.xlsx", "z.xlsx")):  # the order turned round
            os.utime(copy.inbox / file, (2e9 + at, 2e9 + at))
        known = {each.unit.code: each for each in status(copy).standings}
        was = {each.unit.code: each for each in status(made).standings}
        assert known == was
        again = collect(copy).summary
        assert again.totals == before.totals
        assert again.standing["U1"].path == "a.xlsx"
        made = copy


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_called_that(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: int,
) -> None:
    made = folder(tmp_path / "2025", roster("U1"))

    def full(*_: object) -> Path:
        raise OSError(code, os.strerror(code))

    for module in (files, placing):
        monkeypatch.setattr(module, "write_beside", full)
    assert run(["--lang", "zh", "collect", str(made.path)]) == 2
    said = capsys.readouterr().err
    assert "磁盘满了" in said or "空间配额用完了" in said
    assert "请腾出空间再试" in said
    assert "Excel" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of its own")
def test_a_program_that_is_stopped_while_it_loads_says_so() -> None:
    code = (
        "import os, signal, sys\n"
        # Whoever started the tests in the background had it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'workbook_builder.cli': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stop())\n"
        "from workbook_builder.start import main\n"
        "main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, timeout=60
    )
    assert ended.returncode == 2
    assert "已中断" in ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()


def commands(
    group: click.Command, above: tuple[str, ...] = ()
) -> list[tuple[str, ...]]:
    if not isinstance(group, click.Group):
        return [above]
    context = click.Context(group)
    found = [above]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += commands(command, (*above, name))
    return found


def test_help_in_chinese_has_no_words_of_the_library(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for path in commands(application("zh")):
        arguments = [*path, "--help"]
        if path[:1] == ("mail",) and len(path) > 1:
            arguments = ["mail", "DIR", *path[1:], "--help"]
        assert run(["--lang", "zh", *arguments]) == 0, path
        said = capsys.readouterr().out
        for word in ("Usage", "Options", "Commands", "Show", *VALUES):
            assert word not in said, path
