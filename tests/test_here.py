"""``workbook-builder`` alone, as a campaign goes on: it names the next command, which
works, and changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support import (
    BUSY,
    Shell,
    campaign,
    contents,
    deliver,
    folder,
    roster,
    unit,
    workbook,
)
from workbook_builder.commands.every import COMMANDS
from workbook_builder.model.unit import Roster

MORE = "proactive.licences.decisions"


def advised(shell: Shell, *, lang: str = "zh") -> list[str]:
    """The commands that are offered, the next one first."""
    before = contents(shell.path)
    assert shell(lang=lang) == 0, shell.err
    assert contents(shell.path) == before
    offered = re.findall(r"^  workbook-builder (.+?) +#", shell.out, re.MULTILINE)
    assert {each.split()[0] for each in offered} <= COMMANDS.keys()
    return offered


def test_where_there_is_no_campaign_it_says_how_to_begin(shell: Shell) -> None:
    zh = advised(shell)
    assert [each.split()[0] for each in zh] == ["demo", "desk", "init"]
    assert advised(shell, lang="en") == zh


def test_it_knows_the_next_step_from_the_first_to_the_last(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = (replace(u, emails=("a@example.cn",)) for u in roster("U1", "U2").units)
    later = replace(campaign(), deadline=date(2099, 1, 1))
    made = folder(shell.path / "c", Roster(tuple(reached)), of=later)
    assert advised(shell) == ["build c"]
    assert shell("build", "c") == 0
    assert advised(shell) == ["mail c send", "collect c"]
    for each in ((), ("--by-hand",)):
        assert shell("mail", "c", "send", *each) == 0, shell.err
    assert advised(shell) == ["status c", "collect c"]
    deliver(made, "U1.xlsx", workbook(BUSY))
    assert advised(shell) == ["collect c"]
    shell("collect", "c")
    assert advised(shell) == ["mail c remind", "status c"]
    assert "已报 1 个，通过 1 个，未报 1 个" in shell.out
    odd = workbook({**BUSY, "applications.granted.natural": 1}, unit("U2"))
    deliver(made, "odd.xlsx", odd)
    shell("collect", "c")
    assert advised(shell) == ["mail c return", "status c"]
    for each in ((), ("--by-hand",)):
        assert shell("mail", "c", "return", *each) == 0, shell.err
    assert advised(shell) == ["status c"]
    deliver(made, "U2.xlsx", workbook(BUSY, unit("U2")), hour=1)
    assert advised(shell) == ["collect c"]
    shell("collect", "c")
    assert advised(shell) == [
        "report c",
        "circular c",
        "published c",
        "init … --from c",
    ]
    shell("circular", "c")
    assert advised(shell) == ["report c", "published c", "init … --from c"]
    deliver(made, "again.xlsx", workbook({**BUSY, MORE: 13}, unit("U2")), hour=2)
    shell("collect", "c")
    assert "circular c" in advised(shell)  # the letter says what is no longer so
    monkeypatch.chdir(made.inbox)
    assert advised(shell)[0] == "report .."


def test_all_campaigns_of_a_folder_are_told_and_what_is_wrong_with_one(
    shell: Shell,
) -> None:
    folder(shell.path / "a b", roster("U1"))
    (shell.path / "x").mkdir()
    Path(shell.path, "x", "campaign.toml").write_text("id = ", encoding="utf-8")
    assert advised(shell) == ['build "a b"']
    assert "任务“x”：" in shell.out
    assert "请改正" in shell.out
