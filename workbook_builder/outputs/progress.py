"""进度.html: who has returned, in what state, with which findings. Made by ``collect``.

One page without a script, for the head of the office and for whoever chases. It says
nothing that 汇总.xlsx does not say, and it takes no clock: a return came in when its mail
was sent, or, without a mail, at the time of its file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from workbook_builder.model.finding import Finding
from workbook_builder.model.letter import came
from workbook_builder.model.period import day_words
from workbook_builder.model.publication import duty
from workbook_builder.model.severity import Severity
from workbook_builder.model.standing import UnitState
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Tone, printable
from workbook_builder.model.times import ARRIVALS
from workbook_builder.model.unit import Unit
from workbook_builder.outputs.page import parts
from workbook_builder.outputs.summary.large import lists_units

#: Findings of one unit that are written out; 汇总.xlsx has all.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a chart: per cent of the whole where it starts and how much it takes."""

    key: str
    tone: str
    label: str
    count: int
    start: str
    share: str


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """A unit on the page. ``late`` is None where nobody can tell; ``agreement`` tells of
    more time that it has, ``letters`` what it sent that is no workbook."""

    code: str
    name: str
    type: str
    key: str
    tone: str
    state: str
    arrived: str
    late: bool | None
    agreement: str
    letters: str
    counts: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Day:
    """Returns that came in on one day, the first of each unit; so many were late."""

    date: str
    count: int
    late: int
    height: str


def progress_page(summary: Summary) -> Iterator[bytes]:
    """The page in UTF-8, a part at a time."""
    deadline = summary.campaign.deadline
    return parts(
        "progress.html",
        title=f"{summary.campaign.period.words}{summary.form.title}　报送进度",
        district=printable(summary.campaign.district),
        expected=summary.count.due,
        returned=summary.count.returned,
        counted=len(summary.counted),
        files=len(summary.submissions),
        deadline=day_words(deadline) if deadline else "",
        arrivals=ARRIVALS,
        on_time=summary.count.punctual,
        tones=tuple(tone.value for tone in Tone),
        states=_bars(Counter(summary.states), summary.possible_states),
        severities=_bars(_severities(summary), tuple(Severity)),
        days=tuple(_days(summary)),
        lines=(_line(summary, unit) for unit in summary.units),
        above=tuple(_above(summary)),
        publishing=summary.publication_count,
        unpublished=tuple(_unpublished(summary)),
        excused=tuple(
            (printable(unit.name), printable(unit.agreement.reason))
            for unit in summary.excused
            if unit.agreement
        ),
        strange=tuple(_strange(summary.submissions)),
        whole=lists_units(summary),
    )


def _severities(summary: Summary) -> Counter[Severity]:
    """How many findings of each that are shown."""
    return Counter(
        finding.severity for unit in summary.units for finding in _shown(summary, unit)
    )


_Part = TypeVar("_Part", Severity, UnitState)


def _bars(counts: Counter[_Part], parts: Sequence[_Part]) -> list[Bar]:
    bars, before, whole = [], 0, max(1, counts.total())
    for part in parts:
        start, share = (f"{100 * n / whole:.3f}" for n in (before, counts[part]))
        tone = part.tone.value
        bars.append(Bar(part.value, tone, part.word, counts[part], start, share))
        before += counts[part]
    return bars


def _line(summary: Summary, unit: Unit) -> ProgressLine:
    state, open_ = summary.state(unit), _shown(summary, unit)
    counts = Counter(finding.severity for finding in open_)
    arrived, late = _day(summary, unit), summary.days_late(unit)
    return ProgressLine(
        code=printable(unit.code),
        name=printable(unit.name),
        type=printable(unit.type),
        key=state.value,
        tone=state.tone.value,
        state=state.word,
        arrived=arrived.isoformat() if arrived else "",
        late=None if late is None else late > 0,
        agreement=_agreement(summary, unit),
        letters=came(summary.letter_kinds.get(unit.code, ())).zh,
        counts=tuple((s.word, counts[s]) for s in Severity if counts[s]),
        findings=tuple(
            (f.severity.word, printable(f.message.zh), printable(f.desk.zh))
            for f in open_[:SHOWN]
        ),
        more=max(0, len(open_) - SHOWN),
    )


def _agreement(summary: Summary, unit: Unit) -> str:
    if unit.agreement is None or not summary.campaign.is_extended(unit):
        return ""
    return printable(unit.agreement.whole)


def _shown(summary: Summary, unit: Unit) -> list[Finding]:
    """What is settled by an explanation is settled."""
    submission = summary.standing.get(unit.code)
    findings = submission.findings if submission else ()
    return [each for each in findings if each.is_open or not each.severity.asks]


def _day(summary: Summary, unit: Unit) -> date | None:
    """When its first return came in."""
    known = summary.returned.get(unit.code)
    return known.first.date() if known and known.first else None


def _days(summary: Summary) -> Iterator[Day]:
    came: dict[date, list[bool]] = {}
    for unit in summary.units:
        if day := _day(summary, unit):
            came.setdefault(day, []).append(bool(summary.days_late(unit)))
    most = max(map(len, came.values()), default=1)
    for day, late in sorted(came.items()):
        height = f"{100 * len(late) / most:.1f}"
        yield Day(day.isoformat(), len(late), sum(late), height)


def _unpublished(summary: Summary) -> Iterator[str]:
    """Who published too late, or did not yet."""
    held_to = duty(summary.form, summary.campaign)
    for unit in summary.units if held_to else ():
        known = summary.publications.get(unit.code)
        late = held_to.days_late(known, known.day) if held_to and known else None
        if known is None or late:
            said = f"迟 {late} 天" if known else "没有登记公布"
            yield f"{printable(unit.name)}：{said}"


def _above(summary: Summary) -> Iterator[tuple[str, str, int, int, int]]:
    """Units with others below: code, name, expected, returned, accepted."""
    for unit in summary.roster.units:
        if unit.code in summary.roster.children:
            node = summary.nodes[unit.code]
            name, code = printable(unit.name), printable(unit.code)
            yield code, name, node.expected, node.returned, node.accepted


def _strange(submissions: Sequence[Submission]) -> Iterator[tuple[str, str, str]]:
    """File, verdict and reason."""
    for each in submissions:
        if each.verdict.is_stray:
            reason = each.findings[0].message.zh if each.findings else ""
            yield printable(each.path), each.verdict.text.zh, printable(reason)
