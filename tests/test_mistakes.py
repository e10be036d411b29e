"""What clerks do wrong: tests/mistakes.toml, each in real engines.

The first page and our check say the same of every file: may it be sent, and if not, the
same sentences about the same cells.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import engines, support
from tests.engines import WorkerEngine
from tests.test_clerk import (
    Screen,
    nothing_to_report,
    unprotected,
    without_business,
)
from workbook_builder.model.answers import Answers
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.layout import Place
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import GUIDE
from workbook_builder.workbook.sheets.guide import SHOWN, STATUS_ROW
from workbook_builder.workbook.sheets.verdict import READY

MISTAKES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "mistakes.toml").read_text(encoding="utf-8")
)["mistake"]

NAMES = {mistake["name"]: mistake for mistake in MISTAKES}
#: Done with more than the keyboard, or to another file.
ODD = [
    mistake["name"]
    for mistake in MISTAKES
    if {"cut", "unlocked", "without", "blank"} & mistake.keys()
]

STATUS_PLACE = Place(GUIDE, STATUS_ROW, 0)

pytestmark = pytest.mark.engine


def blank(mistake: dict[str, Any]) -> bytes:
    """The workbook before anything is typed."""
    figures = mistake.get("last_period", {}).items()
    return build_workbook(
        support.form(),
        support.unit(),
        support.campaign(),
        Answers(fields=support.fields(support.form())),
        last_period={id_: Decimal(figure) for id_, figure in figures},
    )


def over_zeros(mistake: dict[str, Any]) -> dict[str, engines.Entry]:
    """What is typed where every input is 0 and every text is written."""
    return {**support.BUSY, **mistake.get("typed", {})}


def entries(mistake: dict[str, Any]) -> dict[str, engines.Entry]:
    """Everything that is typed, from the blank workbook on."""
    if mistake.get("blank"):
        return {**mistake.get("typed", {})}
    return {**without_business(), **over_zeros(mistake)}


def at_places(
    typed: dict[str, engines.Entry],
) -> dict[engines.Cell, engines.Entry]:
    where = {id_: support.spot(id_) for id_ in typed}
    return {
        (where[id_].sheet, where[id_].address): None if entry == "" else entry
        for id_, entry in typed.items()
    }


def before(
    engine: str, mistake: dict[str, Any]
) -> tuple[bytes, dict[engines.Cell, engines.Entry]]:
    """A workbook and what is typed into it; the zeros of all are typed once."""
    if mistake.get("blank") or "last_period" in mistake:
        data, typed = blank(mistake), entries(mistake)
    else:
        data, typed = nothing_to_report(engine), over_zeros(mistake)
    return unprotected(data) if mistake.get("unlocked") else data, at_places(typed)


@cache
def made(engine: str, name: str) -> bytes:
    """The file as the engine saves it after the mistake."""
    mistake, moves = NAMES[name], []
    if cut := mistake.get("cut"):
        first, last = (support.spot(id_) for id_ in cut)
        moves.append((first.sheet, first.address, last.address))
    office = engines.require(engine)
    assert isinstance(office, WorkerEngine)
    data = office.fill(*before(engine, mistake), moves)
    if gone := mistake.get("without"):
        data = office.recalculate(support.without_sheet(data, gone))
    return data


def heads(screen: Screen) -> int:
    """The row above the open problems."""
    return next(row for row in range(99) if screen.at(Place(GUIDE, row, 0)) == "定位")


def listed(screen: Screen) -> list[tuple[str, str, str]]:
    """The open problems as the first page lists them: place, severity, sentence."""
    top = 1 + heads(screen)
    rows = range(top, top + SHOWN)
    said = [tuple(screen.at(Place(GUIDE, row, c)) for c in range(3)) for row in rows]
    return [(place, severity, text) for place, severity, text in said if text]


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        *(("libreoffice", name) for name in NAMES),
        *(("onlyoffice", name) for name in ODD),
    ],
)
def test_the_first_page_and_the_check_say_the_same(engine: str, name: str) -> None:
    mistake, data = NAMES[name], made(engine, name)
    submission, screen = support.judged(data, support.expected()), Screen(data)
    opened = [f for f in submission.findings if not f.explained]
    asks = [f for f in opened if f.severity.asks]
    only_check = set(mistake.get("only_check", ()))
    assert submission.verdict == mistake["verdict"], support.codes(asks)
    assert {f.code for f in asks} == {*mistake["codes"], *only_check}
    accepted = submission.verdict is Verdict.ACCEPTED
    assert screen.status.startswith(READY) == accepted
    hints = {f.code for f in opened if not f.severity.asks}
    assert set(mistake.get("hints", ())) <= hints
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


@pytest.mark.parametrize("last_period", [False, True])
def test_onlyoffice_shows_the_same_first_page(last_period: bool) -> None:
    """What is only typed is typed into one open workbook: saving takes it longest."""
    names = [
        name
        for name, mistake in NAMES.items()
        if name not in ODD and ("last_period" in mistake) == last_period
    ]
    top = 1 + heads(Screen(made("libreoffice", names[0])))
    cells = [STATUS_PLACE] + [
        Place(GUIDE, row, column)
        for row in range(top, top + SHOWN)
        for column in range(3)
    ]
    office = engines.require("onlyoffice")
    first = NAMES[names[0]]
    results = office.fill_many(
        office.fill(blank(first), at_places(without_business())),
        [at_places(over_zeros(NAMES[name])) for name in names],
        [(GUIDE, spot.address) for spot in cells],
    )
    for name, values in zip(names, results, strict=True):
        screen = Screen(made("libreoffice", name))
        assert values == [screen.at(spot) for spot in cells], name


def place(finding: Finding) -> str:
    return f"{finding.sheet}!{finding.address}"


def head(sentence: str) -> str:
    """The title of its check: what a sentence begins with."""
    return sentence.partition("【")[0]
