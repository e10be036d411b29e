"""What clerks do wrong: tests/mistakes.toml, each in real engines.

The first page and our check say the same of every file: may it be sent, and if not, the
same sentences about the same cells.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import engines, support
from tests.engines import WorkerEngine
from tests.test_clerk import Screen, unprotected, without_business
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.layout import Place
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import GUIDE
from workbook_builder.workbook.sheets.guide import READY, SHOWN

MISTAKES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "mistakes.toml").read_text(encoding="utf-8")
)["mistake"]

pytestmark = [
    pytest.mark.engine,
    pytest.mark.parametrize("engine", ["libreoffice", "onlyoffice"]),
    pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m["name"]),
]


def known(mistake: dict[str, Any]) -> dict[str, Decimal]:
    figures = mistake.get("last_period", {})
    return {id_: Decimal(figure) for id_, figure in figures.items()}


def made(engine: str, mistake: dict[str, Any]) -> bytes:
    """The file as the engine saves it after the mistake."""
    data = build_workbook(
        support.form(), support.unit(), support.campaign(), last_period=known(mistake)
    )
    if mistake.get("unlocked"):
        data = unprotected(data)
    right = {} if mistake.get("blank") else {**without_business(), **support.BUSY}
    typed = {**right, **mistake.get("typed", {})}
    where = {id_: support.spot(id_) for id_ in (*typed, *mistake.get("cut", ()))}
    moves = []
    if cut := mistake.get("cut"):
        first, last = (where[id_] for id_ in cut)
        moves.append((first.sheet, first.address, last.address))
    office = engines.require(engine)
    assert isinstance(office, WorkerEngine)
    entries = {
        (where[id_].sheet, where[id_].address): None if entry == "" else entry
        for id_, entry in typed.items()
    }
    data = office.fill(data, entries, moves)
    if gone := mistake.get("without"):
        data = office.recalculate(support.without_sheet(data, gone))
    return data


def listed(screen: Screen) -> list[tuple[str, str, str]]:
    """The open problems as the first page lists them: place, severity, sentence."""
    top = next(row for row in range(99) if screen.at(Place(GUIDE, row, 0)) == "定位")
    rows = range(top + 1, top + 1 + SHOWN)
    said = [tuple(screen.at(Place(GUIDE, row, c)) for c in range(3)) for row in rows]
    return [(place, severity, text) for place, severity, text in said if text]


def test_the_first_page_and_the_check_say_the_same(
    engine: str, mistake: dict[str, Any]
) -> None:
    data = made(engine, mistake)
    submission, screen = support.judged(data, support.expected()), Screen(data)
    opened = [f for f in submission.findings if not f.explained]
    asks = [f for f in opened if f.severity.asks]
    only_check = set(mistake.get("only_check", ()))
    assert submission.verdict == mistake["verdict"], support.codes(asks)
    assert {f.code for f in asks} == {*mistake["codes"], *only_check}
    accepted = submission.verdict is Verdict.ACCEPTED
    assert screen.status.startswith(READY) == accepted
    assert set(mistake.get("hints", ())) <= {f.code for f in opened} - {*asks}
    rows = listed(screen)
    assert len(rows) >= min(SHOWN, len(mistake["codes"]))
    assert not rows or mistake.get("says", "") in rows[0][2]
    lines = {line.key for _, line in support.form().lines}
    told = [f for f in opened if f.line in lines]
    if len(rows) < SHOWN:
        assert {(row[0], row[1], head(row[2])) for row in rows} == {
            (place(f), f.severity.word, head(f.message.zh)) for f in told
        }
        # What is not said of many cells at once is said in the very same words.
        per_cell = {line.key for _, line in support.form().lines if line.per_input}
        said = {f.message.zh for f in told if f.line not in per_cell}
        assert said <= {row[2] for row in rows}


def place(finding: Finding) -> str:
    return f"{finding.sheet}!{finding.address}"


def head(sentence: str) -> str:
    """The title of its check: what a sentence begins with."""
    return sentence.partition("【")[0]
