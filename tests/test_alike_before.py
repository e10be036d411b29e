"""Texts that were compared are not compared again, and nobody can tell from the results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import support
from tests.support import deliver, folder, roster, typed, unit, workbook
from tests.test_alike import text
from workbook_builder.campaign import read_before
from workbook_builder.campaign.alike_before import NAME
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.place import SETTINGS
from workbook_builder.campaign.roster_book import roster_book
from workbook_builder.model.decision import Ruling
from workbook_builder.pipeline import Wish, collect, decide, status, surveying
from workbook_builder.rules.alike import likeness
from workbook_builder.workbook.write import write


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of how many returns texts were compared, each time that they were."""
    found: list[int] = []

    def told(form: Any, units: Any, standing: Any) -> Any:
        found.append(len(standing))
        return likeness(form, units, standing)

    monkeypatch.setattr(surveying, "_likeness", told)
    return found


def sent(made: Folder, code: str, seed: int) -> None:
    data = workbook(support.BUSY, unit(code))
    deliver(made, f"{code}.xlsx", typed(data, {"problems": text(seed)}))


@pytest.fixture
def made(tmp_path: Path, compared: list[int]) -> Folder:
    found = folder(tmp_path / "任务", roster("U1", "U2", "U3"))
    sent(found, "U1", 1)
    sent(found, "U2", 1)
    assert told(found) == ["U2"]
    assert compared == [2]
    compared.clear()
    return found


def told(made: Folder) -> list[str]:
    """Units whose text is told to be like another's."""
    standing = collect(made).summary.standing
    return [
        code
        for code, each in standing.items()
        if any(found.code == "X08" for found in each.findings)
    ]


def test_what_is_as_it_was_is_not_compared_again(
    made: Folder, compared: list[int]
) -> None:
    assert told(made) == ["U2"]
    status(made)
    assert not compared
    (made.path / NAME).unlink()
    assert told(made) == ["U2"]
    assert compared == [2]


def another_text(made: Folder) -> None:
    sent(made, "U2", 2)


def another_name_of_the_file(made: Folder) -> None:
    (made.inbox / "U1.xlsx").rename(made.inbox / "报.xlsx")


def one_more(made: Folder) -> None:
    sent(made, "U3", 3)


def one_is_gone(made: Folder) -> None:
    (made.inbox / "U1.xlsx").unlink()


def another_order(made: Folder) -> None:
    units = roster("U2", "U1")
    (made.path / "roster.xlsx").write_bytes(write(roster_book(units, made.form())))


def other_settings(made: Folder) -> None:
    file = made.path / SETTINGS
    file.write_text(file.read_text("utf-8").replace('"key"', '"other"'), "utf-8")


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (another_text, []),
        (another_name_of_the_file, ["U2"]),
        (one_more, ["U2"]),
        (one_is_gone, []),
        (another_order, ["U1"]),
        (other_settings, ["U2"]),
    ],
)
def test_what_is_otherwise_is_compared(
    change: Callable[[Folder], None],
    after: list[str],
    made: Folder,
    compared: list[int],
) -> None:
    change(made)
    assert told(made) == after
    assert compared


def test_a_decision_changes_no_text(made: Folder, compared: list[int]) -> None:
    decide(made, Wish("U2", Ruling.REJECT, "数字与台账不符，请核对。"))
    assert told(made) == ["U2"]
    assert not compared


def test_another_program_compares(
    made: Folder, compared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_before, "program", lambda: "a later one")
    assert told(made) == ["U2"]
    assert compared


@pytest.mark.parametrize(
    "damage",
    [
        lambda said: b"",
        lambda said: said[:-1],
        lambda said: said.replace(b"U1", b"U3"),
    ],
)
def test_what_is_damaged_is_not_trusted(
    damage: Callable[[bytes], bytes], made: Folder, compared: list[int]
) -> None:
    file = made.path / NAME
    file.write_bytes(damage(file.read_bytes()))
    assert told(made) == ["U2"]
    assert compared == [2]


def test_who_only_looks_writes_nothing(made: Folder, compared: list[int]) -> None:
    (made.path / NAME).unlink()
    status(made)
    sent(made, "U3", 3)
    status(made)
    assert compared
    assert not (made.path / NAME).exists()
