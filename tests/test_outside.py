"""What is outside the program: folders that cannot be entered, machines with little."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    BUSY,
    contents,
    deliver,
    folder,
    is_a_sentence_for_clerks,
    restamped,
    roster,
    unit,
    workbook,
)
from workbook_builder import check, cli, collect, make_reports, status
from workbook_builder.bounds import isolation
from workbook_builder.campaign import placing
from workbook_builder.campaign.alone import HOLDER, alone
from workbook_builder.campaign.files import files_below
from workbook_builder.campaign.folder import Folder
from workbook_builder.cli import run
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.finding import Verdict
from workbook_builder.model.submission import Submission

ROOT = Path(__file__).parents[1]
DIRECTIONS = "\u202e\u2066\u200f\x85"


@pytest.fixture
def made(tmp_path: Path) -> Folder:
    files = {"一.xlsx": workbook(BUSY, unit("U1", "Q"))}
    return folder(tmp_path / "任务", roster("U1", "U2"), files)


# ---------------------------------------------------------------- folders


def _closed(inbox: Path) -> str:
    (inbox / "关着" / "里面").mkdir(parents=True)
    return "关着"


def _linked(inbox: Path) -> str:
    other = inbox.parent / "别处"
    other.mkdir()
    shutil.copy(inbox / "一.xlsx", other)
    (inbox / "链接").symlink_to(other, target_is_directory=True)
    return "链接"


def _folder_to_itself(inbox: Path) -> str:
    (inbox / "圈").symlink_to(inbox, target_is_directory=True)
    return "圈"


def _to_itself(inbox: Path) -> str:
    (inbox / "自己.xlsx").symlink_to(inbox / "自己.xlsx")
    return "自己.xlsx"


def _to_nothing(inbox: Path) -> str:
    (inbox / "没有.xlsx").symlink_to(inbox / "不在.xlsx")
    return "没有.xlsx"


def _long(inbox: Path) -> str:
    """Deeper than paths may be, which only can be made step by step."""
    name, before = "长" * 60, os.getcwd()  # noqa: PTH109
    os.chdir(inbox)
    try:
        for _ in range(40):
            os.mkdir(name)  # noqa: PTH102
            os.chdir(name)
    finally:
        os.chdir(before)
    return name


ODD: dict[str, tuple[Callable[[Path], str], str, str]] = {
    "a folder that may not be read": (_closed, "R17", "没有读取权限"),
    "a linked folder": (_linked, "R17", "快捷方式"),
    "a folder linked into itself": (_folder_to_itself, "R17", "快捷方式"),
    "a link to itself": (_to_itself, "R07", "指向自己"),
    "a link to nothing": (_to_nothing, "R07", "不在"),
    "a path too long": (_long, "R07", "太长"),
}


def close(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may look into a folder of that name, not even the system's master."""
    known = os.scandir

    def scandir(path: Any) -> Any:
        if not isinstance(path, int) and Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return known(path)

    monkeypatch.setattr(os, "scandir", scandir)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("odd", ODD)
def test_what_is_not_entered_is_said(
    made: Folder, odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, code, words = ODD[odd]
    name = make(made.inbox)
    close("关着", monkeypatch)
    try:
        for found in (collect(made).submissions, check([made.inbox])):
            assert [each.verdict for each in found].count(Verdict.ACCEPTED) == 1
            (other,) = (s for s in found if s.verdict is not Verdict.ACCEPTED)
            assert name in other.path
            assert other.verdict is Verdict.UNREADABLE
            (finding,) = other.findings
            assert (finding.code, words in finding.message.zh) == (code, True)
            assert is_a_sentence_for_clerks(finding.message.zh)
        assert status(made).others
    finally:
        shutil.rmtree(made.inbox / name, ignore_errors=True)


def test_folders_may_lie_deep(made: Folder) -> None:
    place = made.inbox
    for _ in range(1_500):
        place /= "a"
        place.mkdir()
    deep = place / "二.xlsx"
    deep.write_bytes(workbook(BUSY, unit("U2", "Q")))
    try:
        assert len(list(files_below(made.inbox))) == 2
        found = collect(made).submissions
        assert [each.verdict for each in found] == [Verdict.ACCEPTED] * 2
    finally:
        deep.unlink()  # what cleans up after tests goes as deep as calls may
        while place != made.inbox:
            place.rmdir()
            place = place.parent


def test_an_inbox_that_may_not_be_read_ends_in_a_sentence(
    made: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    close("inbox", monkeypatch)
    with pytest.raises(CampaignError, match="inbox"):
        collect(made)


@pytest.mark.parametrize("signature", ["签名", "é" * 16, "\U0001f600", "١٢٣٤"])
def test_a_signature_with_foreign_letters_is_a_wrong_one(
    made: Folder, signature: str
) -> None:
    data = restamped(workbook(BUSY, unit("U2", "Q")), signature=signature)
    deliver(made, "二.xlsx", data)
    found = {each.path: each for each in collect(made).submissions}
    assert [f.code for f in found["二.xlsx"].findings] == ["T05"]


# ---------------------------------------------------------------- one at a time


_HOLD = """
import sys, time
from pathlib import Path
from workbook_builder.campaign.alone import alone
with alone(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(60)
"""


@contextlib.contextmanager
def _held(made: Folder) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _HOLD, str(made.path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("work", [collect, make_reports])
def test_of_two_at_once_the_second_is_told_who_is_the_first(
    made: Folder, work: Callable[[Folder], object]
) -> None:
    collect(made)
    before = contents(made.results)
    with _held(made):
        holder = json.loads((made.path / HOLDER).read_text(encoding="utf-8"))
        with pytest.raises(CampaignError) as caught:
            work(made)
        said = caught.value.text
        for text in said:
            assert holder["computer"] in text
            assert holder["since"][:16].replace("T", " ") in text
        assert contents(made.results) == before
        assert status(made)  # looking is no work
    work(made)  # a killed one holds nothing


def test_who_is_gone_holds_nothing(made: Folder) -> None:
    (made.path / HOLDER).write_text("{", encoding="utf-8")
    collect(made)
    assert not (made.path / HOLDER).exists()
    with alone(made.path), pytest.raises(CampaignError), alone(made.path):
        pass
    collect(made)


# ---------------------------------------------------------------- results of one run


def _bad() -> bytes:
    return workbook({**BUSY, "applications.received.natural": 500}, unit("U1", "Q"))


@pytest.mark.parametrize("moved", [0, 1, 3, 6])
def test_a_run_that_ends_while_it_moves_is_brought_to_its_end(
    made: Folder, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    """Also where the next one comes to other results, or to none."""
    old, new = {"甲": b"1", "乙/丙": b"2"}, {f"{n}/丁": b"%d" % n for n in range(6)}
    placing.put_in_place(made.results, old)
    known, count = Path.replace, 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal count
        if ".~new" in self.parts and self.parent != Path(target).parent:
            if count == moved:
                raise KeyboardInterrupt
            count += 1
        return known(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with contextlib.suppress(KeyboardInterrupt):
            placing.put_in_place(made.results, {**new, "甲": b"3"})
    placing.complete(made.results)
    assert contents(made.results) == {**old, **new, "甲": b"3"}


def test_where_one_file_cannot_be_placed_none_is(made: Folder) -> None:
    collect(made)
    before = contents(made.results)
    deliver(made, "又.xlsx", _bad(), hour=9)
    (made.results / "进度.html").unlink()
    (made.results / "进度.html").mkdir()
    with pytest.raises(CampaignError, match="进度"):
        collect(made)
    after = contents(made.results)
    assert {n: d for n, d in before.items() if n != "进度.html" and n[0] != "."} == {
        n: d for n, d in after.items() if n[0] != "."
    }


@pytest.mark.parametrize("plan", ["{", "[]", '{"a": "../../x"}', '{"../a": "b"}'])
def test_a_plan_that_is_none_moves_nothing(made: Folder, plan: str) -> None:
    place = made.results / placing.NEW
    place.mkdir()
    (place / "a").write_bytes(b"a")
    (place / "plan.json").write_text(plan, encoding="utf-8")
    placing.complete(made.results)
    assert not place.exists()
    assert not (made.path.parent / "x").exists()


def test_leftovers_of_a_run_that_was_killed_go(made: Folder) -> None:
    (made.results / placing.NEW).mkdir()
    (made.results / placing.NEW / ".~abcdefgh.tmp").write_bytes(b"half")
    (made.results / ".~abcdefgh.tmp").write_bytes(b"half")
    (made.results / "别人的.tmp").write_bytes(b"whose")
    collect(made)
    left = {name for name in contents(made.results) if name.endswith(".tmp")}
    assert left == {"别人的.tmp"}


# ---------------------------------------------------------------- little of everything


def _command(made: Folder, *words: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "workbook_builder", *words],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=120,
    )
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


ASCII = {
    "LANG": "C",
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": "ascii",
}


@pytest.mark.skipif(sys.platform == "win32", reason="names are Unicode there")
def test_a_system_that_knows_only_ascii(made: Folder) -> None:
    status_of, said = _command(made, "--lang", "zh", "collect", str(made.path), **ASCII)
    assert status_of == 1, said
    assert (made.results / "汇总.xlsx").is_file()
    status_of, said = _command(made, "check", "--json", str(made.inbox), **ASCII)
    assert status_of == 0, said
    assert json.loads(said)["files"][0]["path"].endswith("一.xlsx")


_SMALL = """
import psutil, resource, sys
from workbook_builder.cli import application, run
application("zh")
size = psutil.Process().memory_info().vms + int(sys.argv[1]) * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (size, size))
sys.exit(run(["--lang", "zh", "check", sys.argv[2]]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory as Linux does")
@pytest.mark.parametrize("megabytes", [1, 2, 3, 5, 8, 12, 20, 50, 100, 300])
def test_little_memory_ends_in_a_sentence(made: Folder, megabytes: int) -> None:
    command = [sys.executable, "-c", _SMALL, str(megabytes), str(made.inbox)]
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=ROOT, timeout=120
    )
    said = (done.stdout + done.stderr).decode()
    assert "Traceback" not in said
    assert "程序出错" not in said
    assert done.returncode in {0, 1, 2}
    assert said.strip()


def test_memory_that_ends_while_an_error_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def without_memory() -> bool:
        raise MemoryError

    monkeypatch.setattr(cli, "load", lambda *_: 1 / 0)
    assert run(["--lang", "zh", "check", "x"]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err
    monkeypatch.setattr(cli, "debugging", without_memory)
    assert run(["--lang", "zh", "check", "x"]) == 2
    assert capsys.readouterr().err.startswith("内存不够")


def test_no_threads_are_begun_where_there_is_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(isolation, "memory_is_short", lambda: True)
    with pytest.raises(MemoryError):
        isolation.Workers(1)


def test_lists_and_json_hold_no_direction_raw(
    made: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"甲{DIRECTIONS}乙.xlsx"
    deliver(made, name, b"")
    (found,) = (s for s in collect(made).submissions if s.path == name)
    assert isinstance(found, Submission)
    for each in made.results.glob("*.csv"):
        text = each.read_bytes().decode("utf-8-sig")
        assert not set(DIRECTIONS) & set(text), each.name
        assert not any(ord(c) < 32 and c not in "\r\n\t" for c in text)
    run(["check", "--json", str(made.inbox)])
    said = capsys.readouterr().out
    assert not set(DIRECTIONS) & set(said)
    assert any(file["path"].endswith(name) for file in json.loads(said)["files"])
