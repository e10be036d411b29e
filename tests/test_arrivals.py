"""Arrival is when it arrived: neither the sender's clock nor a copied folder decides."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support import (
    BUSY,
    campaign,
    contents,
    folder,
    form,
    formula,
    restamped,
    roster,
    typed,
    unit,
    without_sheet,
    workbook,
)
from workbook_builder.campaign import record as clock
from workbook_builder.campaign.folder import Folder
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.finding import Verdict
from workbook_builder.model.times import CHINA
from workbook_builder.pipeline import build, collect, plan, status
from workbook_builder.workbook.build import build_workbook

CASES = tomllib.loads((Path(__file__).parent / "arrivals.toml").read_text("utf-8"))[
    "case"
]
NAMES = [case["name"] for case in CASES]
DEADLINE = date(2026, 1, 20)
SAID = "applications.received.natural"


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=CHINA)


@cache
def returned(count: int | None) -> bytes:
    """What U1 filled in; the workbook as it was sent out for none."""
    if count is None:
        return build_workbook(form(), unit("U1", "Q"), campaign())
    figures = {**BUSY, SAID: 9 + count, "applications.granted.natural": 8 + count}
    return workbook(figures, unit("U1", "Q"))


def mailed(entry: Mapping[str, Any], data: bytes) -> bytes:
    message = EmailMessage()
    for when in entry.get("received", ()):
        message["Received"] = f"from a by b; {format_datetime(moment(when))}"
    message["From"], message["Date"] = "a@b.cn", format_datetime(moment(entry["date"]))
    message["Subject"] = "报送表"
    message.set_content("见附件。")
    message.add_attachment(
        data, maintype="application", subtype="octet-stream", filename="报送表.xlsx"
    )
    return message.as_bytes()


def deliver(made: Folder, name: str, entry: Mapping[str, Any]) -> None:
    data = returned(entry.get("count"))
    mail = "date" in entry
    data = mailed(entry, data) if mail else data
    path = made.inbox / f"{name}.{'eml' if mail else 'xlsx'}"
    path.write_bytes(data)
    os.utime(path, (moment(entry["file"]).timestamp(),) * 2)
    if "internal" in entry:
        said = {
            "sha256": sha256(data).hexdigest(),
            "internal": moment(entry["internal"]).isoformat(),
        }
        with made.record() as record:
            record.append(Event(Happening.FETCHED, "", clock.now(), said))


def played(
    case: Mapping[str, Any], path: Path, monkeypatch: pytest.MonkeyPatch
) -> Folder:
    """The campaign after everything in the case has come in and been looked at."""
    made = folder(path, roster("U1"), of=replace(campaign(), deadline=DEADLINE))
    for look in case["look"]:
        now = moment(look["now"])
        monkeypatch.setattr(clock, "clock", lambda now=now: now)
        for name, entry in look.items():
            if name != "now":
                deliver(made, name, entry)
        collect(made)
    return made


def came(made: Folder) -> tuple[str, int | None, tuple[Any, ...]]:
    """What stands for U1, how late its first return is, and what came when."""
    summary = collect(made).summary
    known = summary.returned["U1"]
    files = tuple(
        sorted((e.path, e.verdict, round(e.came, 2)) for e in summary.submissions)
    )
    return known.path[:1], summary.days_late(unit("U1")), files


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_which_version_stands_and_how_late_the_first_one_is(
    case: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = played(case, tmp_path, monkeypatch)
    assert came(made)[:2] == (case["stands"], case["late"])


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_copying_a_folder_changes_nothing(
    case: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied by hand, every file is of now; which is which, only bytes tell."""
    made = played(case, tmp_path / "a", monkeypatch)
    before, results = came(made), contents(made.results)
    copy = Folder(Path(shutil.copytree(made.path, tmp_path / "b")))
    names = sorted(copy.inbox.iterdir(), reverse=True)
    for at, path in enumerate(names):
        os.utime(path, (1_769_400_000 + at,) * 2)
    assert not status(copy).judged_anew
    assert came(copy) == before
    assert contents(copy.results) == results


def test_a_blank_workbook_is_in_no_count_and_its_unit_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = moment("2026-01-13 09:00")
    monkeypatch.setattr(clock, "clock", lambda: now)
    made = folder(tmp_path, roster("U1", "U2"))
    build(made)
    deliver(made, "a", {"file": "2026-01-12 09:00"})
    summary = collect(made).summary
    (blank,) = summary.submissions
    assert (blank.verdict, blank.findings[0].code) == (Verdict.IGNORED, "I11")
    count = summary.count
    assert (count.due, count.returned, count.accepted, count.punctual) == (2, 0, 0, 0)
    with made.record() as record:
        assert not record.events(Happening.RECEIVED)
    chased = {each.unit.code for each in plan(made, Occasion.REMIND).entries}
    assert chased == {"U1", "U2"}
    assert not plan(made, Occasion.RETURN).entries


def test_a_workbook_that_could_not_be_read_is_not_taken_for_a_blank_one(
    tmp_path: Path,
) -> None:
    """Nothing was typed as far as anybody can see; something may have been."""
    made = folder(tmp_path, roster("U1"))
    blank = returned(None)
    for case in (
        without_sheet(blank, form().tables[0].sheet),
        typed(blank, {SAID: "=#REF!"}),
        typed(blank, {SAID: formula("A1+1")}),
    ):
        (made.inbox / "1.xlsx").write_bytes(case)
        (found,) = collect(made).submissions
        assert found.verdict is Verdict.REJECTED
    wrong = restamped(blank, signature="0" * 16)
    (made.inbox / "1.xlsx").write_bytes(wrong)
    (found,) = collect(made).submissions
    assert found.verdict is Verdict.IGNORED, "a wrong signature hides no entry"
