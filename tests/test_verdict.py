"""A verdict knows itself: a new one is one line, and every face shows it."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.test_architecture import PACKAGE, ROOT, TREES
from workbook_builder.model.finding import Verdict
from workbook_builder.model.severity import Severity
from workbook_builder.model.standing import Absence

#: Rooms that may know one verdict from another.
KNOWING = f"{PACKAGE.name}.model."
OUTSIDE = sorted(name for name in TREES if not name.startswith(KNOWING))
VALUES = {each.value for each in Verdict}
WORDS = {each.word for each in Verdict}


def named(node: ast.AST) -> Iterator[str]:
    """The verdicts and severities that a piece of code names."""
    for each in ast.walk(node):
        match each:
            case ast.Attribute(ast.Name("Verdict" | "Severity"), str(name)):
                yield name
            case ast.Constant(str(text)) if text in VALUES | WORDS:
                yield text


def listed(tree: ast.AST) -> Iterator[ast.AST]:
    """Where code tells verdicts apart: it lists several, or asks whether it is one."""
    for node in ast.walk(tree):
        match node:
            case ast.Set() | ast.Tuple() | ast.List():
                several = len(set(named(node))) > 1
            case ast.Dict(keys=keys):
                said = {name for key in keys if key for name in named(key)}
                several = len(said) > 1 and not said <= VALUES  # keys of JSON may be
            case ast.Compare() | ast.match_case():
                several = any(named(node))
            case _:
                several = False
        if several:
            yield node


def test_the_search_finds_what_it_looks_for() -> None:
    for code in (
        "x in (Verdict.A, Verdict.B)",
        "x in {'accepted', 'rejected'}",
        "_WORDS = {Verdict.A: 1, Verdict.B: 2}",
        "_COLOURS = {'通过': 1, '退回': 2}",
        "x is Verdict.A",
        "finding.severity is not Severity.ERROR",
        "x.value == 'accepted'",
        "match x:\n case Verdict.A:\n  pass",
    ):
        assert list(listed(ast.parse(code))), code
    for code in ("f(verdict=Verdict.A)", "{'accepted': 1, 'due': 2}", "x.counts"):
        assert not list(listed(ast.parse(code))), code


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_module_outside_the_model_tells_verdicts_apart(name: str) -> None:
    found = [
        f"line {getattr(node, 'lineno', '?')}: {ast.unparse(node)}"
        for node in listed(TREES[name])
    ]
    assert not found


def test_no_page_lists_verdicts() -> None:
    for path in PACKAGE.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not [word for word in VALUES | WORDS if f'"{word}"' in text], path


def test_what_a_verdict_says_of_itself_is_one_of_five_kinds() -> None:
    kinds = {
        each: (each.can_stand, each.goes_back, each.is_stray, each.is_settled)
        for each in Verdict
    }
    assert kinds == {
        Verdict.ACCEPTED: (True, False, False, False),
        Verdict.NEEDS_EXPLANATION: (True, True, False, False),
        Verdict.REJECTED: (True, True, False, False),
        Verdict.SUPERSEDED: (False, False, False, True),
        Verdict.WAITING: (False, False, True, False),
        Verdict.NOT_OURS: (False, False, True, False),
        Verdict.UNREADABLE: (False, False, True, False),
        Verdict.IGNORED: (False, False, False, True),
    }
    words = [each.word for each in (*Verdict, *Absence)]
    assert len(set(words)) == len(words)
    assert [each.keeps_open(True) for each in Severity] == [True, False, False]
    assert [each.keeps_open(False) for each in Severity] == [True, True, False]


# ---------------------------------------------------------------- a new one

MADE_UP = '    HELD_BACK = "held_back", "待研究", Tone.OPEN, "return", "asks"\n'

#: Runs over a copy of the program in which that line is all there is of it.
SCRIPT = """
import json, sys
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

from tests import support
from workbook_builder import pipeline
from workbook_builder.cli import run
from workbook_builder.commands.every import COMMANDS, load
from workbook_builder.commands.offered import operations
from workbook_builder.console.book import console_book
from workbook_builder.console.rows import board_rows
from workbook_builder.model.finding import Verdict
from workbook_builder.mail.texts import Occasion
from workbook_builder.outputs.summary import summary_book
from workbook_builder.pipeline import surveying

made = support.folder(
    Path(sys.argv[1]),
    files={
        "1.xlsx": support.workbook(support.BUSY, support.unit("U1", "Q")),
        "2.xlsx": support.workbook(support.BUSY, support.unit("U2", "Q")),
    },
)
read = surveying.take_in
surveying.take_in = lambda *given, **named: [
    replace(each, verdict=Verdict("held_back")) if each.path == "2.xlsx" else each
    for each in read(*given, **named)
]

def said(*arguments):
    with redirect_stdout(StringIO()) as out:
        code = run(["--lang", "zh", *map(str, arguments)])
    return [code, out.getvalue()]

collection = pipeline.collect(made)
summary = collection.summary
book = {sheet.name: sheet for sheet in summary_book(summary).sheets}
console = console_book(summary.campaign, summary.form, b"", "", operations(COMMANDS, load))
print(json.dumps({
    "collect": said("collect", made.path),
    "status": said("status", made.path),
    "asked": said("status", made.path, "--state", "待研究"),
    "sheets": {
        name: [str(item.content) for item in sheet.items]
        for name, sheet in book.items()
    },
    "marks": {
        name: [mark.formula for mark in sheet.highlights] for name, sheet in book.items()
    },
    "board": [str(row) for row in board_rows(summary, made.inbox, made.results)],
    "console": [
        mark.formula for sheet in console.sheets for mark in sheet.highlights
    ],
    "page": (made.results / "进度.html").read_text("utf-8"),
    "package": (made.results / "datapackage.json").read_text("utf-8"),
    "counted": sorted(summary.counted),
    "returned": sorted(
        path.name for path in collection.written if path.parent.name == "退回"
    ),
    "reminded": [
        each.unit.code for each in pipeline.plan(made, Occasion.RETURN).entries
    ],
}))
"""


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What every face says of a campaign with a verdict nobody has heard of."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("workbook_builder", "templates", "macros"):
        shutil.copytree(ROOT / name, copy / name)
    home = copy / "workbook_builder/model/finding.py"
    before, line, after = home.read_text("utf-8").partition("    ACCEPTED = ")
    home.write_text(before + MADE_UP + line + after, "utf-8")
    script = copy / "faces.py"
    script.write_text(SCRIPT, "utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(copy / "任务")],
        env={**os.environ, "PYTHONPATH": f"{copy}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_new_verdict_is_said_by_the_command_line(faces: Any) -> None:
    for command in ("collect", "status", "asked"):
        code, said = faces[command]
        assert code == 1, command
        assert "待研究" in said, command
    assert "已报·待研究" in faces["status"][1]
    assert "应报 3 个单位，已报 2 个（通过 1 个），未报 1 个。" in faces["status"][1]


def test_a_new_verdict_is_in_every_sheet_that_has_verdicts(faces: Any) -> None:
    for name in ("概览", "进度", "分类进度", "明细", "报送文件"):
        assert "待研究" in faces["sheets"][name], name
    for name in ("概览", "进度"):
        assert any("待研究" in mark for mark in faces["marks"][name]), name
    assert any("待研究" in row for row in faces["board"])
    assert any("待研究" in mark for mark in faces["console"])


def test_a_new_verdict_is_on_the_page_and_in_the_data(faces: Any) -> None:
    assert "待研究 1" in faces["page"]
    assert 'id="only-held_back"' in faces["page"]
    assert "held_back" in faces["package"]


def test_a_new_verdict_does_what_it_says_of_itself(faces: Any) -> None:
    assert faces["counted"] == ["U1"]
    assert len(faces["returned"]) == 1
    assert faces["reminded"] == ["U2"]
