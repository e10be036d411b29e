"""进度.html: who has returned, in what state, with which findings. Made by ``collect``.

One page without a script, for the head of the office and for whoever chases. It says
nothing that 汇总.xlsx does not say, and it takes no clock: a return came in when its mail
was sent, or, without a mail, at the time of its file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.form import Severity
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import MISSING, Summary
from workbook_builder.model.text import printable
from workbook_builder.model.unit import Unit
from workbook_builder.outputs.page import page

#: The states a unit can be in, as CSS knows them, in the order they are shown.
STATES = ("accepted", "needs_explanation", "rejected", "missing")
#: Verdicts of files that came from a unit of the roster.
ARRIVED = {
    Verdict.ACCEPTED,
    Verdict.NEEDS_EXPLANATION,
    Verdict.REJECTED,
    Verdict.SUPERSEDED,
}
#: Files that belong to no unit, and that somebody should look at.
STRANGE = {Verdict.NOT_OURS, Verdict.UNREADABLE}
#: Findings of one unit that are written out; 汇总.xlsx has all.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a chart: per cent of the whole where it starts and how much it takes."""

    key: str
    label: str
    count: int
    start: str
    share: str


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """A unit on the page. ``late`` is None where nobody can tell."""

    code: str
    name: str
    type: str
    key: str
    state: str
    arrived: str
    late: bool | None
    counts: tuple[tuple[str, str, int], ...]
    findings: tuple[tuple[str, str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Day:
    """Returns that came in on one day, the first of each unit."""

    date: str
    count: int
    late: bool
    height: str


def progress_page(summary: Summary) -> bytes:
    """The page's bytes, UTF-8."""
    arrivals = _arrivals(summary)
    lines = tuple(
        _line(summary, unit, arrivals.get(unit.code)) for unit in summary.units
    )
    deadline = summary.campaign.deadline
    return page(
        "progress.html",
        title=f"{summary.campaign.period.words}{summary.form.title}　报送进度",
        district=printable(summary.campaign.district),
        expected=len(lines),
        returned=sum(line.key != "missing" for line in lines),
        counted=len(summary.counted),
        files=len(summary.submissions),
        deadline=deadline.isoformat() if deadline else "",
        on_time=sum(line.late is False for line in lines),
        states=_bars([(line.key, line.state) for line in lines], _state_names()),
        severities=_bars(
            [
                (key, name)
                for line in lines
                for key, name, count in line.counts
                for _ in range(count)
            ],
            {severity.value: severity.chinese for severity in Severity},
        ),
        days=tuple(_days(arrivals, deadline)),
        lines=lines,
        above=tuple(_above(summary)),
        strange=tuple(_strange(summary.submissions)),
    )


def _state_names() -> dict[str, str]:
    verdicts = {key: Verdict(key).text.zh for key in STATES if key != "missing"}
    return {**verdicts, "missing": MISSING}


def _bars(found: Sequence[tuple[str, str]], names: Mapping[str, str]) -> list[Bar]:
    counts = Counter(key for key, _ in found)
    # A state that the page does not know of is shown all the same.
    known = {**names, **{key: name for key, name in found if key not in names}}
    bars, before, whole = [], 0, max(1, len(found))
    for key, name in known.items():
        count = counts[key]
        start, share = (f"{100 * part / whole:.3f}" for part in (before, count))
        bars.append(Bar(key, name, count, start, share))
        before += count
    return bars


def _line(summary: Summary, unit: Unit, arrived: date | None) -> ProgressLine:
    submission = summary.standing.get(unit.code)
    findings = submission.findings if submission else ()
    open_ = [finding for finding in findings if _to_show(finding)]
    counts = Counter(finding.severity for finding in open_)
    deadline = summary.campaign.deadline
    return ProgressLine(
        code=printable(unit.code),
        name=printable(unit.name),
        type=printable(unit.type),
        key=submission.verdict.value if submission else "missing",
        state=summary.state(unit),
        arrived=arrived.isoformat() if arrived else "",
        late=arrived > deadline if arrived and deadline else None,
        counts=tuple((s.value, s.chinese, counts[s]) for s in Severity if counts[s]),
        findings=tuple(
            (f.severity.chinese, printable(f.message.zh), printable(f.desk.zh))
            for f in open_[:SHOWN]
        ),
        more=max(0, len(open_) - SHOWN),
    )


def _to_show(finding: Finding) -> bool:
    """What is settled by an explanation is settled."""
    return finding.is_open or finding.severity is Severity.HINT


def _arrivals(summary: Summary) -> dict[str, date]:
    """Unit code → the day its first return came in."""
    known = {unit.code for unit in summary.units}
    first: dict[str, date] = {}
    for submission in summary.submissions:
        sent = submission.arrival.sent
        day = _day(submission.received if sent is None else sent)
        code = submission.unit_code
        if submission.verdict in ARRIVED and code in known and day is not None:
            first[code] = min(day, first.get(code, day))
    return first


def _day(received: float) -> date | None:
    try:
        return datetime.fromtimestamp(received).date() if received else None
    except (ValueError, OverflowError, OSError):  # a file time that is none
        return None


def _days(arrivals: Mapping[str, date], deadline: date | None) -> Iterator[Day]:
    counts = Counter(arrivals.values())
    most = max(counts.values(), default=1)
    for day in sorted(counts):
        late = deadline is not None and day > deadline
        yield Day(day.isoformat(), counts[day], late, f"{100 * counts[day] / most:.1f}")


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
        if each.verdict in STRANGE:
            reason = each.findings[0].message.zh if each.findings else ""
            yield printable(each.path), each.verdict.text.zh, printable(reason)
