"""What returns say need not be in memory, and nobody can tell where it is."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support import BUSY, contents, deliver, folder, roster, unit, workbook
from workbook_builder.campaign import read_before, spool
from workbook_builder.campaign.spool import Spool, apart, packed
from workbook_builder.model.answers import Answers
from workbook_builder.model.finding import Verdict
from workbook_builder.model.later import Later
from workbook_builder.model.submission import Submission
from workbook_builder.model.values import BLANK, State, Value, number
from workbook_builder.pipeline import collect, inbox
from workbook_builder.reading.receive import Source, receive

ODD = {
    "a": number(Decimal("12.50")),
    "b": BLANK,
    "c": Value(State.NOT_APPLICABLE, text="/"),
    "d": Value(State.TEXT, text="5\n约"),
    "e": Value(State.ERROR, text="#REF!"),
    "f": number(Decimal("-1E+3")),
    "": number(0),
}


def _said(at: int) -> Submission:
    answers = Answers(
        values={**ODD, "n": number(at)},
        declared=frozenset({"t"}),
        texts={"x": f"第{at}份"},
        explanations={"k": "如实"},
    )
    return Submission(f"{at}.xlsx", "s", Verdict.ACCEPTED, answers=answers, facts=ODD)


def test_it_comes_back_as_it_went_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "AT_HAND", 2)
    spooled = Spool()
    found = []
    for at in range(5):
        data = packed(_said(at))
        assert data is not None
        found.append(spooled.put(*_lean(_said(at), data)))
    assert isinstance(found[0].facts, Later)
    for at in (0, 4, 1, 0, 3):
        assert found[at] == _said(at)
        assert list(found[at].answers.values) == [*ODD, "n"]
        assert found[at].answers.fields == {}
    away = pickle.loads(pickle.dumps(found[2]))
    assert away == _said(2)
    assert type(away.facts) is dict


def _lean(whole: Submission, data: bytes) -> tuple[Submission, bytes, int]:
    lean, parts = apart(whole)
    assert [lean.answers.texts, lean.answers.values, lean.facts] == [{}, {}, {}]
    return lean, data, parts


def test_what_would_come_back_otherwise_stays_where_it_is() -> None:
    half = replace(_said(1), answers=Answers(texts={"x": "\ud800"}))
    line = replace(_said(1), facts={"a\nb": number(1)})
    assert (packed(half), packed(line)) == (None, None)


@pytest.mark.parametrize("at_once", [1, 2])
def test_a_run_that_was_stopped_goes_on_where_it_was(
    at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = folder(tmp_path / "任务", roster("U1", "U2", "U3"))
    for at, code in enumerate(("U1", "U2", "U3")):
        deliver(made, f"{code}.xlsx", workbook(BUSY, unit(code, "Q")), at)
    names: list[str] = []

    def reads(upto: int) -> Any:
        def received(
            then: Callable[..., Any], sources: Sequence[Source], known: Any
        ) -> Iterator[Any]:
            for at, source in enumerate(sources):
                if at == upto:
                    raise KeyboardInterrupt
                names.append(source.shown)
                yield then(receive(source, known))

        return received

    monkeypatch.setattr(read_before, "_AT_ONCE", at_once)
    monkeypatch.setattr(inbox, "received_as", reads(2))
    with pytest.raises(KeyboardInterrupt):
        collect(made)
    monkeypatch.setattr(inbox, "received_as", reads(9))
    summary = collect(made).summary
    assert names == ["U1.xlsx", "U2.xlsx", "U3.xlsx"]
    assert isinstance(summary.counted["U3"].facts, Later)
    stopped = contents(made.results)
    (made.path / read_before.NAME).unlink()
    collect(made)
    assert contents(made.results) == stopped
