"""Summaries made from figures, without any file: what many units would have returned."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from random import Random

from tests.support import PERIOD, campaign, filled, form, knowing
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import BLANK, Value, number
from workbook_builder.rules.add_up import add_up
from workbook_builder.rules.added import completed
from workbook_builder.workbook.place import layout_of

COUNT, MONEY = "applications.received.natural", "proactive.fees.amount"
TOTAL = "applications.received.total"

#: 2026-01-14 09:00 in China.
SENT = 1_768_352_400.0
DAY = 86_400.0
DEADLINE = date(2026, 1, 20)

#: What somebody types to make a spreadsheet do something.
PAYLOADS = (
    "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x.invalid\",\"点这里\")",
    "+1+1", "+cmd|' /C calc'!A0", "-1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)",
    "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "　=1+1",
    "＝1+1", "＋1+1", "－1+1", "＠SUM(1+1)", "{=1}", "{=SUM(1,1)}",
    "http://x.invalid/", "https://x.invalid/?q=1", "mailto:a@x.invalid",
    "ftp://x.invalid/a", "file:///c:/x.exe", "internal:'明细'!A1", "external:c:/x.xlsx",
    "\"=1+1", "'=1+1", "=IMPORTXML(\"http://x.invalid\",\"//a\")", "=DDE(\"a\";\"b\";\"c\")",
    "-inf", "-1_000", "=1+1\",\"=2+2",
)  # fmt: skip


def submission(
    unit: Unit,
    figures: Mapping[str, int | Decimal | None] | None = None,
    *,
    verdict: Verdict = Verdict.ACCEPTED,
    kind: str = "return",
    received: float = SENT,
    path: str = "",
    findings: Sequence[Finding] = (),
    explanations: Mapping[str, str] | None = None,
    answers: Answers | None = None,
) -> Submission:
    """A return as the reader hands it over: zeros but for ``figures``."""
    known = answers or filled(form(), **(figures or {}))
    known = replace(known, explanations=explanations or {})
    name = path or f"{unit.code}.xlsx"
    return Submission(
        path=name,
        sha256=hashlib.sha256(f"{name} {received} {verdict}".encode()).hexdigest(),
        verdict=verdict,
        findings=tuple(findings),
        stamp=Stamp(
            *(form().id, form().edition, "", "test", kind),
            *(unit.code, unit.name, unit.type, PERIOD),
        ),
        answers=known,
        facts=facts(form(), known),
        print_code="0000-0000",
        received=received,
    )


def summarised(
    units: Roster,
    submissions: Sequence[Submission],
    last_period: Mapping[str, Mapping[str, Decimal]] | None = None,
    of: Campaign | None = None,
) -> Summary:
    """What ``collect`` makes of these returns."""
    within = of or replace(campaign(), deadline=DEADLINE)
    known = replace(knowing(within, units), last_period=last_period or {})
    return add_up(partial(layout_of, form()), known, submissions)[0]


def random_facts(random: Random, largest: int = 400) -> dict[str, Value]:
    """A return that is mostly 0; its totals are those of the form."""
    values = {
        cell.id: number(
            Decimal(random.randint(0, largest * 10**6)).scaleb(-6)
            if cell.type.decimals
            else random.randint(0, largest)
        )
        if random.random() < 0.3
        else number(0)
        for cell in form().inputs
    }
    return dict(facts(form(), Answers(values=values)))


def with_facts(unit: Unit, known: Mapping[str, Value], received: float) -> Submission:
    """A return of which only the figures matter."""
    blank = submission(unit, answers=Answers(), received=received)
    values = {c.id: known.get(c.id, BLANK) for c in form().inputs}
    return replace(blank, facts=known, answers=Answers(values=values))


def district(count: int, seed: int = 1, late: int = 7) -> Summary:
    """So many units directly below one district, one in ``late`` of them late."""
    random = Random(seed)
    top = Unit("Q", "示例区", type="区县")
    units = [Unit(f"U{i:04}", f"单位{i:04}", "Q", "部门") for i in range(count)]
    returns = [
        with_facts(
            unit, random_facts(random), SENT + (9 * DAY if i % late == 0 else 0) + i
        )
        for i, unit in enumerate(units)
    ]
    last_period = {
        each.unit_code: the_year_before(each.facts, random)
        for each in returns[: count * 4 // 5]
    }
    return summarised(Roster((top, *units)), returns, last_period)


def the_year_before(known: Mapping[str, Value], random: Random) -> dict[str, Decimal]:
    """Figures of a year not unlike this one; the totals are those of the form."""
    inputs = {
        cell.id: (
            (known[cell.id].number or Decimal(0)) * random.randint(80, 125) / 100
        ).quantize(Decimal(1).scaleb(-cell.type.decimals))
        for cell in form().inputs
    }
    return completed(form(), inputs)
