"""The command line: exit status, both languages, the JSON contract, one sentence."""

from __future__ import annotations

import email
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from email import policy
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    BUSY,
    YEAR,
    Shell,
    campaign,
    contents,
    deliver,
    folder,
    form,
    roster,
    typed,
    unit,
    workbook,
)
from workbook_builder.campaign.folder import Folder
from workbook_builder.cli import run
from workbook_builder.commands.speak import Speaker, Styled, chosen_language
from workbook_builder.console import making as consoling
from workbook_builder.model.values import State
from workbook_builder.workbook.place import place


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "好.xlsx"
    path.write_bytes(workbook(BUSY))
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "坏.xlsx"
    total = "applications.received.total"
    path.write_bytes(typed(workbook(BUSY), {total: 15, "disputes": "没有"}))
    return path


# ---------------------------------------------------------------- a campaign, by hand


def test_a_campaign_from_init_to_collect(shell: Shell) -> None:
    assert shell("init", "年报", "--year", YEAR, "--district", "甲区") == 0
    assert "年报/roster.xlsx" in shell.out
    made = shell.path / "年报"
    assert {path.name for path in made.iterdir()} == {
        "campaign.toml", "roster.xlsx", "inbox", "outbox", "results", "last-year",
    }  # fmt: skip

    assert shell("build", "年报") == 0
    assert "生成 3 份报送表（新的或有变化的 3 份，未变的 0 份）" in shell.out
    assert shell("build", "年报", lang="en") == 0
    assert "3 workbooks (0 new or changed, 3 unchanged)" in shell.out

    assert shell("collect", "年报") == 1
    assert "应报 3 个单位，已报 0 个，计入汇总 0 个；收到 0 个文件。" in shell.out
    assert "未报" in shell.out

    blank = sorted((made / "outbox").glob("*.xlsx"))[0]
    (made / "inbox" / blank.name).write_bytes(blank.read_bytes())
    assert shell("collect", "年报") == 1
    assert "报送表没有填写任何内容，不算报送。" in shell.out
    assert "已报 0 个，计入汇总 0 个；收到 1 个文件。" in shell.out
    begun = typed(blank.read_bytes(), {"applications.received.natural": 1})
    (made / "inbox" / blank.name).write_bytes(begun)
    assert shell("collect", "年报") == 1
    assert "退回件 1 个" in shell.out


def test_collect_is_content_when_every_unit_is_accepted(shell: Shell) -> None:
    made = folder(shell.path / "a", roster("U1"))
    deliver(made, "1.xlsx", workbook(BUSY, unit("U1", "Q")))
    deliver(made, "~$1.xlsx", b"lock")
    assert shell("collect", "a") == 0
    assert "应报 1 个单位，已报 1 个，计入汇总 1 个；收到 2 个文件。" in shell.out
    assert shell("collect", "a", lang="en") == 0
    assert "1 of 1 units returned, 1 added up; 2 files." in shell.out

    deliver(made, "2.pdf", b"%PDF-1.7")
    assert shell("collect", "a") == 0
    assert "2.pdf　忽略　这是 PDF，没有当作报送表读取；" in shell.out
    deliver(made, "3.xlsx", b"%PDF-1.7")
    assert shell("collect", "a") == 1
    assert "3.xlsx　无法读取　这是 PDF 文件，不是 Excel 工作簿。" in shell.out


def test_of_very_many_units_those_are_shown_that_ask_for_something(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_builder.commands.collect.SHOWN", 1)
    made = folder(shell.path / "a", roster("U1", "U2", "U3"))
    deliver(made, "1.xlsx", workbook(BUSY, unit("U1", "Q")))
    assert shell("collect", "a") == 1
    assert [code for code in ("U1", "U2", "U3") if f"\n{code} " in shell.out] == ["U2"]
    assert "……另有 2 个单位没有列出，全部见 进度.html。" in shell.out


def test_the_demo_shows_the_whole_cycle(shell: Shell) -> None:
    assert shell("demo") == 0
    made = shell.path / "workbook-builder-demo"
    assert "应报 12 个单位，已报 11 个，计入汇总 8 个；收到 13 个文件。" in shell.out
    for line in shell.out.partition("请打开查看：")[2].splitlines():
        if line.startswith("  workbook-builder-demo"):
            assert (shell.path / line.strip()).is_file()
    assert (made / "results" / "汇总.xlsx").is_file()

    before = contents(made)
    assert shell("demo", made) == 2
    assert "不是空文件夹，没有改动它" in shell.sentence
    assert shell("collect", made) == 1
    assert contents(made) == before
    assert shell("check", made / "inbox") == 1
    assert shell("mail", made, "return") == 0
    assert "待发 3 封" in shell.out
    (draft,) = (made / "mail" / "退回").glob("BS08_*.eml")
    told = email.message_from_bytes(draft.read_bytes(), policy=policy.default)
    body = told.get_body(("plain",))
    assert body is not None
    assert "不是有效的数字：“12件”" in body.get_content()
    assert "逾期" not in body.get_content(), "it came in time"


# ---------------------------------------------------------------- check


def test_check_tells_verdict_place_and_remedy(
    shell: Shell, good: Path, bad: Path
) -> None:
    assert shell("check", good) == 0
    assert "示例街道办事处U1（U1）2025　通过" in shell.out
    assert shell("check", good, bad) == 1
    assert "　退回" in shell.out
    assert "A3 强制 表三!J7" in shell.out
    assert "15 应等于 11" in shell.out
    assert "→ 合计由公式自动计算，" in shell.out
    assert shell("check", bad, lang="en") == 1
    assert "rejected" in shell.out
    assert "15 should equal 11" in shell.out


def test_check_takes_folders_and_every_kind_of_file(shell: Shell, good: Path) -> None:
    below = shell.path / "收到的" / "甲"
    below.mkdir(parents=True)
    (below / "1.xlsx").write_bytes(good.read_bytes())
    (below / "2.xlsx").write_bytes("您好".encode())
    (below / "~$1.xlsx").write_bytes(b"lock")
    assert shell("check", "收到的") == 1
    for said in ("1.xlsx", "2.xlsx", "~$1.xlsx", "通过", "无法读取", "忽略"):
        assert said in shell.out


def test_check_judges_by_a_campaign_if_one_is_named(shell: Shell, good: Path) -> None:
    folder(shell.path / "a", roster("U9"))
    assert shell("check", good) == 0
    assert shell("check", good, "--campaign", "a") == 1
    assert "不属本次任务" in shell.out
    assert "不在本次任务的单位名录里" in shell.out


# ---------------------------------------------------------------- JSON

FILE_KEYS = {
    "path", "sha256", "verdict", "unit", "year", "form", "edition", "facts", "texts",
    "findings",
}  # fmt: skip
FINDING_KEYS = {
    "code", "severity", "cell", "sheet", "address", "seen", "expected", "difference",
    "message", "remedy", "explanation",
}  # fmt: skip


def test_check_as_json_keeps_the_contract(shell: Shell, good: Path, bad: Path) -> None:
    printed = shell.json("check", good, bad, "--campaign", make_campaign(shell.path))
    assert shell.status == 1
    assert shell.err == ""
    assert printed.keys() == {"files"}
    fine, wrong = printed["files"]
    assert fine.keys() >= FILE_KEYS
    assert (fine["path"], fine["verdict"]) == (str(good), "accepted")
    assert fine["unit"] == {"code": "U1", "name": "示例街道办事处U1"}
    assert (fine["year"], fine["form"], fine["edition"]) == (YEAR, "disclosure", "2021")
    assert fine["facts"].keys() == form().cells.keys()
    assert fine["facts"]["proactive.fees.amount"] == {
        "state": "number",
        "value": "3.25",
    }
    assert fine["texts"].keys() == {text.id for text in form().narratives}
    assert fine["findings"] == []
    found = {each["code"]: each for each in wrong["findings"]}
    assert all(each.keys() >= FINDING_KEYS for each in wrong["findings"])
    assert {key: found["A3"][key] for key in FINDING_KEYS - {"message", "remedy"}} == {
        "code": "A3",
        "severity": "error",
        "cell": "applications.received.total",
        "sheet": "表三",
        "address": "J7",
        "seen": "15",
        "expected": "11",
        "difference": "4",
        "explanation": None,
    }
    assert found["Y02"]["cell"] is None
    assert (found["Y02"]["sheet"], found["Y02"]["seen"]) == ("表四", "没有")


def make_campaign(path: Path) -> Path:
    return folder(path / "campaign", roster("U1")).path


def test_check_as_json_of_what_is_no_workbook(shell: Shell) -> None:
    (shell.path / "a.xlsx").write_bytes(b"")
    (entry,) = shell.json("check", "a.xlsx")["files"]
    assert entry["verdict"] == "unreadable"
    assert entry["unit"] == {"code": None, "name": None}
    assert (entry["year"], entry["form"], entry["edition"]) == (None, None, None)
    assert (entry["facts"], entry["texts"]) == ({}, {})
    assert [each["code"] for each in entry["findings"]] == ["R01"]


@pytest.mark.parametrize(
    ("entry", "fact"),
    [
        (None, {"state": State.BLANK, "value": None}),
        (12, {"state": State.NUMBER, "value": "12"}),
        ("12件", {"state": State.TEXT, "value": "12件"}),
        ("/", {"state": State.NOT_APPLICABLE, "value": "/"}),
    ],
)
def test_facts_in_json_say_what_a_cell_holds(
    shell: Shell, entry: int | str | None, fact: Mapping[str, str | None]
) -> None:
    cell = "disputes.review.upheld"
    (shell.path / "a.xlsx").write_bytes(typed(workbook(), {cell: entry}))
    (printed,) = shell.json("check", "a.xlsx")["files"]
    assert printed["facts"][cell] == fact


def test_messages_in_json_follow_the_language(shell: Shell, bad: Path) -> None:
    chinese, english = (
        {
            each["code"]: each
            for each in shell.json("check", bad, lang=lang)["files"][0]["findings"]
        }
        for lang in ("zh", "en")
    )
    assert chinese.keys() == english.keys()
    assert "15 应等于 11" in chinese["A3"]["message"]
    assert "15 should equal 11" in english["A3"]["message"]
    assert "公式" in chinese["A3"]["remedy"]
    assert "formula" in english["A3"]["remedy"]


def test_collect_as_json_adds_the_tree(shell: Shell) -> None:
    made = folder(
        shell.path / "a",
        roster("U1", "U2"),
        {"1.xlsx": workbook(BUSY, unit("U1", "Q")), "2.xlsx": b""},
    )
    printed = shell.json("collect", made.path)
    assert shell.status == 1
    assert printed.keys() == {"files", "nodes", "decisions"}
    assert [each["path"] for each in printed["files"]] == ["1.xlsx", "2.xlsx"]
    assert all(each.keys() >= FILE_KEYS for each in printed["files"])
    assert printed["nodes"].keys() == {"Q", "U1", "U2"}
    top, unit_1, unit_2 = (printed["nodes"][code] for code in ("Q", "U1", "U2"))
    assert top.keys() == {
        "name", "parent", "returned", "accepted", "expected", "totals",
    }  # fmt: skip
    assert (top["name"], top["parent"]) == ("示例区Q", None)
    assert (top["returned"], top["accepted"], top["expected"]) == (1, 1, 2)
    assert unit_1["parent"] == "Q"
    assert unit_1["totals"].keys() == form().cells.keys()
    assert top["totals"]["proactive.fees.amount"] == "3.25"
    assert unit_2["totals"] == {}


def test_form_show_as_json_keeps_the_contract(shell: Shell) -> None:
    printed = shell.json("form", "show", "disclosure", "--edition", "2021")
    layout = place(form())
    assert shell.status == 0
    assert printed.keys() >= {
        "form", "edition", "title", "authority", "tables", "narrative", "checks",
    }  # fmt: skip
    assert (printed["form"], printed["edition"]) == ("disclosure", "2021")
    assert printed["authority"] == "国办公开办函〔2021〕30号"
    cells: dict[str, Any] = {}
    for table in printed["tables"]:
        assert table.keys() >= {"id", "title", "sheet", "zero_declaration", "cells"}
        declaration = layout.declarations[table["id"]]
        assert table["zero_declaration"]["sheet"] == declaration.sheet
        assert table["zero_declaration"]["address"] == declaration.address
        cells |= {cell["id"]: cell for cell in table["cells"]}
    assert list(cells) == list(form().cells)
    cell = cells["applications.granted.business"]
    assert {key: cell[key] for key in cell if key != "meaning"} == {
        "id": "applications.granted.business",
        "row": ["三、本年度办理结果", "（一）予以公开"],
        "column": ["申请人情况", "法人或其他组织", "商业企业"],
        "sheet": "表三",
        "address": layout.cells["applications.granted.business"].address,
        "kind": "input",
        "type": "count",
        "unit": "件",
        "decimals": 0,
        "minimum": 0,
        "maximum": 99999999,
    }
    assert cells["applications.closed.total"]["kind"] == "total"
    assert cells["proactive.fees.amount"]["decimals"] == 6
    for text in printed["narrative"]:
        assert text.keys() >= {"id", "title", "sheet", "address"}
        assert text["address"] == layout.texts[text["id"]].address
    assert [check["code"] for check in printed["checks"]] == [
        check.code for check in form().checks
    ]
    for check in printed["checks"]:
        assert check.keys() >= {
            "code", "title", "severity", "rule", "source", "cells",
        }  # fmt: skip
        assert check["severity"] in {"error", "warning", "hint"}
        assert set(check["cells"]) <= cells.keys()


def test_addresses_in_json_are_where_figures_are_read(shell: Shell) -> None:
    """Whoever fills in by the printed addresses is read back as meant."""
    printed = shell.json("form", "show", "disclosure", "--edition", "2021")
    inputs = [
        cell
        for table in printed["tables"]
        for cell in table["cells"]
        if cell["kind"] == "input"
    ]
    figures = {cell["id"]: number for number, cell in enumerate(inputs, 1)}
    (shell.path / "a.xlsx").write_bytes(typed(workbook(), figures))
    facts = shell.json("check", "a.xlsx")["files"][0]["facts"]
    assert {id_: facts[id_]["value"] for id_ in figures} == {
        id_: str(number) for id_, number in figures.items()
    }


# ---------------------------------------------------------------- forms


def test_forms_are_listed_shown_and_linted(shell: Shell) -> None:
    assert shell("form", "list") == 0
    assert "disclosure" in shell.out
    assert "国办公开办函〔2021〕30号" in shell.out
    assert shell("form", "show", "disclosure", "--period", "2025") == 0
    assert "applications.received.natural" in shell.out
    assert "表三!D7" in shell.out
    assert "A1（强制）收办平衡" in shell.out
    assert shell("form", "lint", "disclosure", "--period", "2020") == 0
    assert "disclosure 2019：错误 0，提醒" in shell.out
    assert shell("form", "lint", "disclosure", "--edition", "2021", lang="en") == 0
    assert "disclosure 2021: 0 errors" in shell.out


def test_lint_names_what_is_wrong_in_a_folder_of_ones_own(shell: Shell) -> None:
    own = shell.path / "census" / "2025"
    own.mkdir(parents=True)
    (own / "form.toml").write_text("title = ")
    assert shell("form", "lint", own) == 2
    assert "census/2025/form.toml" in shell.sentence


# ---------------------------------------------------------------- refusals

REFUSALS: Mapping[str, tuple[Sequence[str], str, str]] = {
    "no such folder to build": (
        ["build", "没有"], "不是填报任务文件夹", "no campaign folder",
    ),
    "no such folder to collect": (
        ["collect", "没有"], "不是填报任务文件夹", "no campaign folder",
    ),
    "no such campaign to check by": (
        ["check", "a.txt", "--campaign", "没有"], "不是填报任务文件夹", "no campaign",
    ),
    "a file for a folder": (
        ["collect", "a.txt"], "不是填报任务文件夹", "no campaign folder",
    ),
    "no such file": (["check", "没有.xlsx"], "找不到“没有.xlsx”", "There is no"),
    "no such form": (
        ["form", "show", "census"], "没有“census”这个报表", "no form “census”",
    ),
    "one of several editions": (
        ["form", "show", "disclosure"], "请用 --edition 写明：", "say which with --edition: ",
    ),
    "no such form to lint": (
        ["form", "lint", "census"], "没有“census”这个报表", "no form “census”",
    ),
    "no such form to begin with": (
        ["init", "b", "--year", "2025", "--form", "census"], "没有“census”", "no form",
    ),
    "no such edition": (
        ["form", "show", "disclosure", "--edition", "1999"], "1999", "1999",
    ),
    "a campaign in the place of a file": (
        ["init", "a.txt", "--year", "2025"], "无法建立文件夹", "Cannot make folders",
    ),
    "a demo in the place of a file": (
        ["demo", "a.txt"], "不是空文件夹", "no empty folder",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    shell: Shell, name: str
) -> None:
    arguments, chinese, english = REFUSALS[name]
    (shell.path / "a.txt").write_bytes(b"a")
    assert shell(*arguments) == 2
    assert chinese in shell.sentence
    assert shell.sentence.endswith(("。", "workbook-builder demo 新文件夹", "2025"))
    assert shell(*arguments, lang="en") == 2
    assert english in shell.sentence
    assert contents(shell.path) == {"a.txt": b"a"}
    assert shell.out == ""


BROKEN: Mapping[str, tuple[str, bytes | None, str]] = {
    "no roster": ("roster.xlsx", None, "没有单位名录（roster.xlsx 或 roster.csv）"),
    "a roster that is none": ("roster.xlsx", b"PK\x03\x04", "无法打开"),
    "an empty roster": ("roster.xlsx", b"", "无法打开"),
    "broken settings": ("campaign.toml", b"year = \n", "第1行写法有误"),
    "settings without a year": ("campaign.toml", b'id = "a"', "缺少、多余或填得不对"),
}


@pytest.mark.parametrize("command", ["build", "collect"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_campaign_is_one_sentence(
    shell: Shell, name: str, command: str
) -> None:
    file, data, words = BROKEN[name]
    made = folder(shell.path / "a", roster("U1"))
    if data is None:
        (made.path / file).unlink()
    else:
        (made.path / file).write_bytes(data)
    before = contents(made.path)
    assert shell(command, "a") == 2
    assert words in shell.sentence
    assert shell.sentence.endswith(("。", "再试。"))
    assert contents(made.path) == before


def test_a_wrong_roster_is_refused_with_every_row(shell: Shell) -> None:
    made = folder(shell.path / "a", roster("U1"))
    (made.path / "roster.xlsx").unlink()
    (made.path / "roster.csv").write_text(
        "单位代码,单位名称,上级代码\nU1,甲,\nU1,乙,\nU3,丙,X\nU4,丁,U5\nU5,戊,U4\n",
        encoding="utf-8",
    )
    assert shell("build", "a") == 2
    head, *rows = shell.err.splitlines()
    assert head == "roster.csv"
    assert [row.strip()[:3] for row in rows] == ["第3行", "第4行", "第5行", "第6行"]
    assert list(made.outbox.iterdir()) == []
    assert shell("build", "a", lang="en") == 2
    assert "code U1 is already used" in shell.err


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("年报", f"{YEAR}-年报"),
        (f"{YEAR}年报", f"{YEAR}年报"),
        ("2199", f"{YEAR}-2199"),
    ],
)
def test_a_campaign_is_called_as_its_folder_and_by_its_period(
    shell: Shell, name: str, called: str
) -> None:
    assert shell("init", name, "--year", YEAR) == 0
    assert Folder(shell.path / name).campaign().id == called


def test_init_never_touches_a_campaign(shell: Shell) -> None:
    made = folder(shell.path / "a", of=campaign("mine"))
    before = contents(made.path)
    assert shell("init", "a", "--year", 2026) == 2
    assert "已经有填报任务，没有改动它" in shell.sentence
    assert contents(made.path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["--year"],
        ["init", "a"],
        ["init", "a", "--year", "二〇二五"],
        ["init", "a", "--year", "1899"],
        ["collect"],
        ["nonsense"],
        ["check"],
        ["--lang", "fr", "form", "list"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_cannot_run(
    shell: Shell, arguments: Sequence[str]
) -> None:
    assert run(arguments) == 2
    assert list(shell.path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["form", "--help"]])
def test_help_and_version_are_no_errors(shell: Shell, arguments: list[str]) -> None:
    assert shell(*arguments) == 0
    assert shell.out


COMMANDS = ("demo", "init", "build", "check", "collect", "form")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(
    shell: Shell, command: str
) -> None:
    assert shell(command, "--help") == 0
    chinese = shell.out
    assert shell(command, "--help", lang="en") == 0
    assert chinese != shell.out
    assert any("一" <= letter <= "鿿" for letter in chinese)


# ---------------------------------------------------------------- language


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        (["--lang", "zh", "check"], {"LANG": "en_US"}, "zh"),
        (["--lang=en", "check"], {"LANG": "zh_CN"}, "en"),
    ],
)
def test_the_language_is_the_one_asked_for_or_that_of_the_locale(
    arguments: Sequence[str], environment: Mapping[str, str], language: str
) -> None:
    assert chosen_language(arguments, environment) == language


@pytest.mark.parametrize(
    ("lang", "words"), [("zh_CN.UTF-8", "找不到“没有”"), ("en_US.UTF-8", "There is no")]
)
def test_the_program_runs_by_itself_and_follows_the_locale(
    tmp_path: Path, lang: str, words: str
) -> None:
    variables = {k: v for k, v in os.environ.items() if not k.startswith("LC_")}
    ended = subprocess.run(
        [sys.executable, "-m", "workbook_builder", "check", "没有"],
        cwd=tmp_path,
        env={**variables, "LANG": lang, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 2
    assert words in ended.stderr
    assert ended.stdout == ""


def test_a_terminal_that_cannot_show_chinese_stops_nothing(
    tmp_path: Path, bad: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "workbook_builder", "--lang", "zh", "check", str(bad)],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 1
    assert b"A3" in ended.stdout
    assert ended.stderr == b""


# ---------------------------------------------------------------- the console


@pytest.mark.parametrize(
    ("lang", "says"), [("zh", "点“启用内容”"), ("en", "enable its content")]
)
def test_the_console_is_written_and_what_to_do_with_it_said(
    shell: Shell, lang: str, says: str
) -> None:
    folder(shell.path / "c")
    assert shell("console", "c", lang=lang) == 0
    assert says in shell.out
    for name in ("district_console.xlsm", "district_console.py"):
        assert name in shell.out
        assert (shell.path / "c" / name).is_file()


def test_without_xlwings_one_sentence_says_what_to_install(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(consoling, "distribution", missing)
    folder(shell.path / "c")
    assert shell("console", "c") == 2
    assert "pip install 'workbook-builder[excel]'" in shell.sentence
    assert not (shell.path / "c" / "district_console.xlsm").exists()


def test_the_console_needs_a_campaign(shell: Shell) -> None:
    assert shell("console", "nowhere") == 2
    assert "不是填报任务文件夹" in shell.sentence


# ---------------------------------------------------------------- wrong command lines


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["stat"], "没有“stat”这个命令。您是不是要用：status？"),
        (["build"], "缺少“任务文件夹”。"),
        (["check"], "缺少“文件"),
        (["build", "a", "--nonsense"], "没有“--nonsense”这个选项。"),
        (["init", "a", "--year", "abc"], "“--year”填得不对。"),
        (["mail", "a"], "还要写明命令。"),
    ],
)
def test_a_wrong_command_line_is_told_in_the_language_of_the_clerk(
    line: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "zh", *line]) == 2
    error = capsys.readouterr().err
    assert error.startswith(said)
    assert "用法见：workbook-builder" in error
    assert run(["--lang", "en", *line]) == 2
    assert "See: workbook-builder" in capsys.readouterr().err


def test_the_language_may_stand_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["form", "list", "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert run(["form", "--lang=zh", "list"]) == 0
    assert capsys.readouterr().out != ""
    assert english != ""


@pytest.mark.skipif(sys.platform == "win32", reason="colours of another kind")
@pytest.mark.parametrize(
    ("variable", "style", "shown"),
    [
        ("LANG", "red", "\x1b[31m:key:\ufffd[2J\x1b[0m [/]\n"),
        ("LANG", "bold", "\x1b[1m:key:\ufffd[2J\x1b[0m [/]\n"),
        ("LANG", "dim", "\x1b[2m:key:\ufffd[2J\x1b[0m [/]\n"),
        ("NO_COLOR", "red", ":key:\ufffd[2J [/]\n"),
        ("TERM", "red", ":key:\ufffd[2J [/]\n"),
    ],
)
def test_a_line_has_colours_on_a_terminal_only(
    variable: str,
    style: str,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And nothing in it is taken for a mark of style or a picture."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    parts = Styled(":key:\x1b[2J", style), " [/]"
    Speaker("zh").line(*parts)
    assert capsys.readouterr().out == ":key:\ufffd[2J [/]\n"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv(variable, "dumb")
    Speaker("zh").line(*parts)
    assert capsys.readouterr().out == shown
