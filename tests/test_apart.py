"""Whatever reads a file that came does it in another process, however it was asked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    BUSY,
    YEAR,
    campaign,
    deliver,
    folder,
    roster,
    unit,
    workbook,
    zipped,
)
from tests.test_public import mailed
from workbook_builder import build, check, collect, lift, receive, status, trace
from workbook_builder.bounds import isolation
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.read_before import NAME
from workbook_builder.formats import grid, sheet_rows
from workbook_builder.formats.sniff import container_of
from workbook_builder.intake import mails
from workbook_builder.mail import heads
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.finding import Verdict
from workbook_builder.pipeline.building import Outbox
from workbook_builder.pipeline.fetching import _bounce, _head
from workbook_builder.reading import receive as receiving

ME = unit("U1", "Q")


def _traced(made: Folder) -> object:
    found = trace(made, "applications.received.natural")
    assert found.in_workbook is not None
    assert not found.gone
    return found


def _before(made: Folder) -> object:
    data = workbook(BUSY, ME, campaign("last", 2024))
    (made.last / "去年.xlsx").write_bytes(data)
    assert made.expected().last_period
    return made


def _listed(made: Folder) -> object:
    said = f"unit,year,cell,value\nU1,{YEAR - 1},applications.received.natural,7\n"
    (made.last / "facts.csv").write_text(said)
    return made.last_period()


def _roster_of_text(made: Folder) -> object:
    (made.path / "roster.xlsx").rename(made.path / "名录.xlsx")
    (made.path / "roster.csv").write_text("单位代码,单位名称\nU1,甲局\n", "utf-8")
    return made.roster().units


def _known(made: Folder) -> object:
    build(made)
    return Outbox.of(made, made.expected(), ()).workbook(ME)


#: What is asked → whether it gave something.
WAYS: dict[str, Callable[[Folder], object]] = {
    "check": lambda made: check([made.inbox / "一.xlsx"]),
    "check in a campaign": lambda made: check([made.inbox], made.expected()),
    "collect": collect,
    "status": status,
    "lift": lambda made: lift(made.inbox / "一.xlsx", made),
    "receive": lambda made: receive((made.inbox / "包.zip").read_bytes(), "包.zip"),
    "the period before": _before,
    "a list of the period before": _listed,
    "a roster of text": _roster_of_text,
    "what is sent": _known,
    "the roster": lambda made: made.roster().units,
    "trace": _traced,
    "what comes by mail": lambda made: _bounce((made.inbox / "信.eml").read_bytes()) or 1,
    "what a mailbox lists": lambda made: _head((made.inbox / "信.eml").read_bytes()).type,
}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Folder:
    found = folder(tmp_path / "任务", roster("U1", "U2"))
    deliver(found, "一.xlsx", workbook(BUSY, ME))
    deliver(found, "包.zip", zipped({"二.xlsx": workbook(BUSY, unit("U2", "Q"))}))
    deliver(found, "信.eml", mailed("三.xlsx", workbook()))
    collect(found)
    (found.path / NAME).unlink()  # whoever looks reads everything again
    return found


def _elsewhere(function: Callable[..., Any]) -> Callable[..., Any]:
    here = os.getpid()

    def watched(*args: Any, **named: Any) -> Any:
        assert os.getpid() != here, "read in the process of the program"
        return function(*args, **named)

    return watched


READERS = (
    *((grid, "container_of"), (receiving, "unpack"), (receiving, "judge")),
    *((mails, "open_mail"), (sheet_rows, "read_grid"), (heads, "_said")),
    (sheet_rows, "decoded"),
)


@pytest.mark.parametrize("way", WAYS)
def test_it_is_read_in_another_process(
    made: Folder, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in READERS:
        monkeypatch.setattr(module, name, _elsewhere(getattr(module, name)))
    monkeypatch.setattr(isolation, "_kept", None)  # does not know of it
    assert WAYS[way](made)


@pytest.mark.parametrize("way", ["check", "collect", "status", "receive", "lift"])
def test_who_is_lost_over_it_costs_the_file(
    made: Folder, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster, sound = (made.path / "roster.xlsx").read_bytes(), container_of
    monkeypatch.setattr(
        grid,
        "container_of",
        lambda data: sound(data) if data == roster else os._exit(9),
    )
    monkeypatch.setattr(isolation, "_kept", None)
    if way == "lift":
        with pytest.raises(CampaignError, match="crashed"):
            WAYS[way](made)
        return
    deliver(made, "又.xlsx", b"x")  # status looks again
    found: Any = WAYS[way](made)
    if way == "status":
        assert found.others
    else:
        each = list(found if isinstance(found, list | tuple) else found.submissions)
        assert {one.verdict for one in each} <= {Verdict.UNREADABLE, Verdict.IGNORED}
        assert any(f.code == "R14" for one in each for f in one.findings)


def test_names_mean_what_they_mean_here(
    made: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process is kept, and knows when the folder is another."""
    for name, verdict in (("一", Verdict.ACCEPTED), ("包", Verdict.UNREADABLE)):
        place = made.path / name
        place.mkdir()
        content = workbook(BUSY, ME) if name == "一" else b"PK\x03\x04"
        (place / "同.xlsx").write_bytes(content)
        monkeypatch.chdir(place)
        (found,) = check([Path("同.xlsx")])
        assert found.verdict is verdict
