"""What is loaded when: a command waits for nothing that it does not use.

No timings: which modules are there afterwards is what makes the time.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from tests.support import BUSY, deliver, folder, roster, unit, workbook
from workbook_builder.commands.every import COMMANDS, STAGES

OURS = "workbook_builder"
#: All that ``--help`` loads of ours and of others.
OF_HELP = {
    OURS,
    f"{OURS}.cli",
    f"{OURS}.commands",
    f"{OURS}.commands.every",
    f"{OURS}.commands.speak",
    f"{OURS}.commands.usage",
    f"{OURS}.model",
    f"{OURS}.model.errors",
    f"{OURS}.model.failure",
    f"{OURS}.model.text",
    "click",
}


def test_garbage_is_looked_for_neither_at_the_start_nor_at_the_end() -> None:
    """Python itself looks once more when all is over: at what is not frozen."""
    code = (
        "import atexit, gc, sys\n"
        "from workbook_builder.start import main\n"
        "looked = []\n"
        "gc.callbacks.append(lambda phase, _: looked.append(phase))\n"
        "def tell(): print(len(looked), gc.get_freeze_count() > 0, file=sys.stderr)\n"
        "atexit.register(tell)\n"
        "main()"
    )
    command = [sys.executable, "-c", code, "--help"]
    ran = subprocess.run(command, capture_output=True, check=True, text=True)
    assert ran.stderr == "0 True\n"


def loaded_by(*arguments: str) -> tuple[set[str], str]:
    """The modules that a command has loaded at its end, and what it printed: of ours by
    their full names, of others the first part, of Python what is known to be slow."""
    code = (
        "import atexit, sys; before = set(sys.modules)\n"
        "def tell(): print(*(set(sys.modules) - before), file=sys.stderr)\n"
        "atexit.register(tell)\n"
        "from workbook_builder.cli import run\n"
        "run(sys.argv[1:])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    names = ran.stderr.split()
    slow = {
        *("asyncio", "difflib", "email", "fractions"),
        *("importlib.metadata", "multiprocessing", "sqlite3"),
    }
    found = {
        name if name.startswith(f"{OURS}.") else name.partition(".")[0]
        for name in names
    }
    others = {name for name in found if name not in sys.stdlib_module_names}
    return others | (slow & set(names)), ran.stdout


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_loads_no_command_and_lists_them_all(language: str) -> None:
    modules, printed = loaded_by("--lang", language, "--help")
    assert {each for each in modules if not each.startswith("_")} == OF_HELP
    _, begins, below = printed.partition("  --help ")
    assert begins
    listed = re.findall(r"^  (\S+) {2,}(.+)$", below, re.MULTILINE)
    assert listed == [(name, t.in_language(language)) for name, t in COMMANDS.items()]
    heads = re.findall(r"^(\S.*)[:：]$", below, re.MULTILINE)
    assert heads == [title.in_language(language) for title in STAGES]
    for line in printed.splitlines():
        wide = sum(1 + (east_asian_width(letter) == "W") for letter in line)
        assert wide <= 80, line


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_commands_of_a_group_are_listed_whole_and_in_order(language: str) -> None:
    _, printed = loaded_by("--lang", language, "mail", "--help")
    listed = re.findall(r"^  ([a-z]+) {2,}(.+)$", printed, re.MULTILINE)
    order = ["password", "send", "fetch", "remind", "return", "ask"]
    assert [name for name, _ in listed] == order
    for _, said in listed:
        assert said.endswith(("。", ".")), said


def test_names_are_completed_without_a_command_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a shell asks when somebody presses Tab."""
    monkeypatch.setenv("_WORKBOOK_BUILDER_COMPLETE", "bash_complete")
    for typed, offered in {"re": "report read-report", "mail x se": "send"}.items():
        words = typed.split()
        monkeypatch.setenv("COMP_WORDS", f"workbook-builder {typed}")
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        modules, printed = loaded_by()
        assert printed.split() == [f"plain,{each}" for each in offered.split()]
        if len(words) == 1:
            assert {each for each in modules if not each.startswith("_")} == OF_HELP


#: Of what a command may use, what ``check`` of one .xlsx does not: whole rooms, readers
#: of other formats, what opens mails, what reads and writes campaigns. The words of a
#: published report are used on texts, and need no library.
NOT_OF_CHECK = re.compile(
    rf"{OURS}\.(outputs|documents|published(?!(\.words)?$)|mail|console|workbook\.(write|build|plan)"
    r"|formats\.(ods|xls_|xlsb|biff|calamine|sheet_rows|default)"
    r"|intake\.(mail|outlook|tnef|bounces|clouds)"
    r"|campaign\.(folder|record|roster)|pipeline\.(?!checking))"
)


def test_one_file_is_checked_without_what_other_files_need(tmp_path: Path) -> None:
    file = tmp_path / "报送表.xlsx"
    file.write_bytes(workbook(BUSY))
    modules, printed = loaded_by("--lang", "zh", "check", str(file))
    assert "通过" in printed
    assert f"{OURS}.reading.judge" in modules
    assert not {each for each in modules if NOT_OF_CHECK.match(each)}
    libraries = {"click", "msgspec", "pebble", "psutil", "zlib_ng"}
    others = {each for each in modules if not each.startswith((OURS, "_"))}
    theirs = {"asyncio", "difflib", "multiprocessing", "typing_extensions"}
    assert others - theirs <= libraries


def test_returns_are_collected_without_what_other_commands_need(tmp_path: Path) -> None:
    made = folder(tmp_path / "任务", roster("U1"))
    deliver(made, "报送表.xlsx", workbook(BUSY, unit("U1", "Q")))
    modules, printed = loaded_by("--lang", "zh", "collect", str(made.path))
    assert "通过" in printed
    assert f"{OURS}.pipeline.collecting" in modules
    others = re.compile(
        rf"{OURS}\.(pipeline\.(twins|mailing|fetching)|commands\.decide)"
    )
    assert not {each for each in modules if others.match(each)}
