"""The scripts of ``examples/``, run as their first lines say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from workbook_builder import Folder, collect, demo
from workbook_builder.model.values import plain

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district of the demo: twelve units, most of them accepted."""
    folder = tmp_path_factory.mktemp("examples") / "demo"
    demo(folder)
    return folder


def run(name: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, EXAMPLES / f"{name}.py", *map(str, arguments)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "PYTHONPATH": str(EXAMPLES.parent)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_script_is_run_here() -> None:
    mine = Path(__file__).read_text(encoding="utf-8")
    for script in EXAMPLES.glob("*.py"):
        assert f'"{script.stem}"' in mine, script


def test_what_pandas_adds_up_is_what_the_summary_says(campaign: Path) -> None:
    printed = run("returns_in_pandas", campaign).splitlines()
    summary = collect(Folder(campaign)).summary
    types = printed[0].split()[1:]
    assert set(types) == {summary.roster.by_code[code].type for code in summary.counted}
    lines = {line.rsplit(maxsplit=len(types))[0]: line.split() for line in printed[2:]}
    for cell in summary.form.inputs:
        total = summary.totals[cell.id]
        if total:
            parts = lines[cell.name][-len(types) :]
            assert sum(map(Decimal, parts)) == total, (cell.name, plain(total))
    assert len(lines) == sum(bool(summary.totals[c.id]) for c in summary.form.inputs)


def test_a_new_rule_speaks_of_the_returns_that_break_it(campaign: Path) -> None:
    inbox = sorted((campaign / "inbox").glob("*"))
    printed = run("rule_on_trial", *inbox).splitlines()
    *found, last = printed
    assert found
    assert last == f"Z1：{len(inbox)} 个文件，{len(found)} 处。"
    summary = collect(Folder(campaign)).summary
    for unit in summary.units:
        submission = summary.standing.get(unit.code)
        if submission is None:
            continue
        said = {
            line.split("　")[1] for line in found if line.startswith(submission.path)
        }
        for id_ in submission.facts:
            table, row, column = id_.split(".")
            figures = [
                submission.facts[f"{table}.{each}.{column}"].number
                for each in ("received", "carried_in", row)
                if row == "carried_out"
            ]
            known = [figure for figure in figures if figure is not None]
            breaks = len(known) == 3 and 10 * known[2] > known[0] + known[1]
            assert (id_ in said) == breaks, (unit, id_)


def test_the_guide_runs_as_it_is_written(
    campaign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = (EXAMPLES.parent / "docs" / "python.md").read_text(encoding="utf-8")
    (tmp_path / "2025年报").symlink_to(campaign)
    with zipfile.ZipFile(tmp_path / "来件.zip", "w") as archive:
        for file in (campaign / "inbox").glob("*.xlsx"):
            archive.write(file, file.name)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), {})


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, EXAMPLES / "judge_uploads.py", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "PYTHONPATH": str(EXAMPLES.parent)},
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def uploaded(service: str, name: str, data: bytes, accept: str = "text/html") -> str:
    """What comes back of a file sent as a browser does."""
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    body = b"--seam\r\n%s\r\n\r\n%s\r\n--seam--\r\n" % (head.encode(), data)
    kind = "multipart/form-data; boundary=seam"
    asked = Request(service, body, {"Content-Type": kind, "Accept": accept})
    with urlopen(asked, timeout=60) as answer:
        return str(answer.read().decode())


def test_an_upload_is_judged_as_the_file_in_the_inbox(
    campaign: Path, service: str
) -> None:
    """``judge_uploads``: ``"judge_uploads"``."""
    form = urlopen(service, timeout=60).read().decode()
    assert 'type="file"' in form
    for file in sorted((campaign / "inbox").glob("*.xlsx")):
        (said,) = json.loads(
            uploaded(service, file.name, file.read_bytes(), "application/json")
        )
        assert said["path"] == file.name
        page = uploaded(service, file.name, file.read_bytes())
        shown = [each["code"] for each in said["findings"]]
        assert page.count("<li>") == len(shown)
        assert all(f"<li>{code} " in page for code in shown)


def test_no_upload_stops_the_service(service: str) -> None:
    page = uploaded(service, "<script>.xlsx", b"PK\x03\x04 no zip")
    assert "<script>" not in page
    assert "无法读取" in page or "不可读" in page
    with pytest.raises(HTTPError, match="400"):
        urlopen(Request(service, b"no form at all"), timeout=60)
    with pytest.raises(HTTPError, match="413"):
        urlopen(Request(service, b""), timeout=60)
    assert "审核" in urlopen(service, timeout=60).read().decode()
