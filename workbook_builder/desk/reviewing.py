"""审: who stands where; a return as it is printed, with what was found, and decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from workbook_builder import pipeline
from workbook_builder.desk.asked import Answer, Asked
from workbook_builder.desk.home import NoSuchPage, View
from workbook_builder.desk.jobs import Notice
from workbook_builder.desk.tables import ShownTable, shown_table
from workbook_builder.model.decision import Ruling
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.finding import Finding
from workbook_builder.model.letter import came
from workbook_builder.model.standing import Absence, UnitState
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Text, Tone, printable
from workbook_builder.model.times import china_time
from workbook_builder.model.unit import Unit
from workbook_builder.pipeline import Progress, Wish
from workbook_builder.rules.choose import is_of
from workbook_builder.rules.decide import refusal


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the list. ``late`` is in days, 0 where it is in time or nobody knows."""

    unit: Unit
    state: UnitState
    came: str
    late: int
    open: int
    first: str
    letters: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding on the page. ``keeps`` is why it cannot be let pass; empty where it can."""

    number: int
    finding: Finding
    message: str
    remedy: str
    place: str
    keeps: str


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A file of the unit; ``changes`` tell it from the one that stands."""

    path: str
    state: UnitState
    came: str
    reason: str
    stands: bool
    sealed: bool


def show(asked: Asked) -> Answer:
    """A line for each unit, those of one state if it is asked for."""
    summary = asked.view().summary
    wanted = asked.query.get("state", "")
    own = {unit.code for unit in summary.units}
    units = [u for u in summary.roster.in_tree_order if u.code in own or u.is_excused]
    letters = summary.letter_kinds
    lines = [
        _line(asked, summary, each, came(letters.get(each.code, ()))) for each in units
    ]
    counts = Counter(line.state for line in lines)
    excused = (Absence.EXCUSED,) if counts[Absence.EXCUSED] else ()
    return asked.page(
        "review.html",
        "review",
        lines=[line for line in lines if wanted in ("", line.state.value)],
        all=len(lines),
        wanted=wanted,
        states=[(s, counts[s]) for s in (*summary.possible_states, *excused)],
        counts=asked.of(summary.counts),
        strays=[
            (printable(each.path), each.verdict, asked.of(each.reason))
            for each in summary.submissions
            if each.verdict.is_stray
        ],
    )


def _line(asked: Asked, summary: Summary, unit: Unit, letters: Text) -> UnitLine:
    submission, known = summary.standing.get(unit.code), summary.returned.get(unit.code)
    open_ = submission.open_findings if submission else ()
    return UnitLine(
        unit,
        summary.state(unit),
        f"{known.first:%Y-%m-%d}" if known and known.first else "",
        summary.days_late(unit) or 0,
        len(open_),
        asked.of(open_[0].message) if open_ else "",
        asked.of(letters),
    )


# ---------------------------------------------------------------- one unit


def show_one(asked: Asked) -> Answer:
    """The unit's return as it is printed, with all that is known about it."""
    view, code = asked.view(), asked.query.get("code", "")
    summary = view.summary
    unit = summary.roster.by_code.get(code)
    if unit is None:
        raise NoSuchPage
    own = summary.standing.get(code)
    at = [each.code for each in summary.units]
    place = at.index(code) if code in at else -1
    return asked.page(
        "unit.html",
        "review",
        unit=unit,
        state=summary.state(unit),
        own=own,
        came=_when(own.came) if own else "",
        findings=_findings(asked, view, own) if own else [],
        tables=_tables(asked, view, unit, own) if own else [],
        texts=_texts(view, unit, own) if own else [],
        versions=_versions(asked, view, unit),
        letters=[
            (printable(each.path), each.letter, asked.of(each.reason))
            for each in summary.letters.get(code, ())
        ],
        decisions=[d for d in summary.decisions if d.decision.unit == code],
        rulings=Ruling,
        refused=_refused(asked, view, own) if own else "",
        due=summary.roster.is_reporting(unit) or unit.is_excused,
        before=at[place - 1] if place > 0 else "",
        after=at[place + 1] if 0 <= place < len(at) - 1 else "",
    )


def _when(seconds: float) -> str:
    came = china_time(seconds)
    return f"{came:%Y-%m-%d %H:%M}" if came else ""


def _refused(asked: Asked, view: View, own: Submission) -> str:
    """Why the return cannot be taken as it stands; empty where it can."""
    why = refusal(view.summary.form, own, Ruling.ACCEPT)
    return asked.of(why) if why else ""


def _findings(asked: Asked, view: View, own: Submission) -> list[ShownFinding]:
    shown = []
    for number, each in enumerate(own.findings, 1):
        why = refusal(view.summary.form, own, Ruling.WAIVE, each)
        place = f"{each.sheet or ''} {each.address or ''}".strip()
        message, remedy = asked.of(each.message), asked.of(each.desk)
        keeps = asked.of(why) if why else ""
        shown.append(ShownFinding(number, each, message, remedy, place, keeps))
    return shown


def _tables(asked: Asked, view: View, unit: Unit, own: Submission) -> list[ShownTable]:
    marks: dict[str, list[tuple[int, str]]] = {}
    for number, each in enumerate(own.findings, 1):
        for cell in each.cells:
            tone = (each.severity.tone if each.is_open else Tone.QUIET).value
            marks.setdefault(cell, []).append((number, tone))
    before = view.expected.last_period.get(unit.code, {})
    return [
        shown_table(table, own.facts, before, marks)
        for table in view.summary.form.tables
    ]


def _texts(view: View, unit: Unit, own: Submission) -> list[tuple[str, str, str]]:
    """Title, what is written, and what was written in the period before."""
    before = view.expected.texts_last_period.get(unit.code, {})
    return [
        (
            each.title,
            printable(own.answers.texts.get(each.id, "")),
            printable(before.get(each.id, "")),
        )
        for each in view.summary.form.narratives
    ]


def _versions(asked: Asked, view: View, unit: Unit) -> list[FileVersion]:
    """Every file of the unit, the latest first."""
    stands = view.summary.standing.get(unit.code)
    own = [e for e in view.summary.submissions if is_of(unit.code, e)]
    return [
        FileVersion(
            printable(each.path),
            each.verdict,
            _when(each.came),
            asked.of(each.reason),
            each is stands,
            bool(each.sealed_by),
        )
        for each in sorted(own, key=lambda each: each.order, reverse=True)
    ]


# ---------------------------------------------------------------- decisions


def _decided(
    asked: Asked, title: Text, do: Callable[[Progress], Sequence[Notice]]
) -> Answer:
    """Carries it out, then finds out what the campaign comes to now."""

    def work(progress: Progress) -> Sequence[Notice]:
        said = do(progress)
        asked.home.look(asked.campaign, progress)
        return said

    return asked.do(title, work, asked.url("unit", code=asked.said("unit")))


def decide(asked: Asked) -> Answer:
    """Takes the return, sends it back, or lets a finding pass; always with a reason."""
    folder, why = asked.folder, asked.said("why")
    try:
        ruling = Ruling(asked.said("ruling"))
    except ValueError:
        raise CampaignError("请选一种决定。", "Choose a decision.") from None
    if not why:
        raise CampaignError(
            "请写明理由，它会写进结果和退回意见。", "Give the reason; it is printed."
        )
    code, place = asked.said("code"), asked.said("place")
    wish = Wish(asked.said("unit"), ruling, why, code, place)

    def do(progress: Progress) -> Sequence[Notice]:
        made = pipeline.decide(folder, wish, progress)
        what = f"{ruling.chinese} {code}".rstrip()
        said = [
            Notice(
                Text(
                    f"已记下：{made.unit.name}　{what}。",
                    f"Recorded for {made.unit.name}: {ruling.value} {code}".rstrip()
                    + ".",
                )
            )
        ]
        if made.unbalanced:
            said.append(Notice(_UNBALANCED, Tone.OPEN))
        return said

    return _decided(asked, Text("记下决定", "Recording the decision"), do)


_UNBALANCED = Text(
    "注意：这里有强制性错误。计入以后，本级的合计可能同样不平，上报表会被上级退回；"
    "能让单位改正的，请先退回改正。",
    "Note: a check that must hold fails here. The district's own sum may then fail it too "
    "and be sent back; better let the unit correct it.",
)


def withdraw(asked: Asked) -> Answer:
    """Takes decisions back."""
    folder, unit, code = asked.folder, asked.said("unit"), asked.said("code")

    def do(progress: Progress) -> Sequence[Notice]:
        made = pipeline.withdraw(folder, unit, code)
        count = len(made.decisions)
        said = f"已撤回 {made.unit.name} 的 {count} 项决定。{made.still.zh}"
        return [Notice(Text(said, f"Withdrew {count} decision(s).{made.still.en}"))]

    return _decided(asked, Text("撤回决定", "Withdrawing"), do)


def use(asked: Asked) -> Answer:
    """Says which file is the unit's return."""
    folder, unit, file = asked.folder, asked.said("unit"), asked.said("file")

    def do(progress: Progress) -> Sequence[Notice]:
        used = pipeline.use(folder, unit, file, asked.said("why"), progress)
        name = used.unit.name
        return [Notice(Text(f"{name}以“{file}”为准。", f"{file} is used for {name}."))]

    return _decided(asked, Text("指定报送表", "Choosing the file"), do)


def trust(asked: Asked) -> Answer:
    """Agrees to the key that seals the unit's roll-ups."""
    folder, unit = asked.folder, asked.said("unit")

    def do(progress: Progress) -> Sequence[Notice]:
        trusted = pipeline.trust(folder, unit, asked.said("seal"), progress=progress)
        name, seal = trusted.unit.name, trusted.seal
        return [
            Notice(Text(f"已认可{name}的防伪码 {seal}。", f"{name}: {seal} trusted."))
        ]

    return _decided(asked, Text("认可防伪码", "Trusting the seal"), do)


def extend(asked: Asked) -> Answer:
    """Gives the unit more time."""
    folder, unit, day = asked.folder, asked.said("unit"), asked.said("until")

    def do(progress: Progress) -> Sequence[Notice]:
        try:
            until = date.fromisoformat(day)
        except ValueError:
            raise CampaignError("请填新的期限。", "Give the new deadline.") from None
        made = pipeline.extend(folder, unit, until, asked.said("by"), asked.said("why"))
        name = made.unit.name
        return [
            Notice(
                Text(
                    f"已记下：{name}延期至 {until}。请在“发”页重新生成它的报送表。",
                    f"Recorded: {name} has until {until}. Build its workbook anew.",
                )
            )
        ]

    return _decided(asked, Text("记下延期", "Recording"), do)


def excuse(asked: Asked) -> Answer:
    """Records that nothing is due from the unit this time."""
    folder, unit = asked.folder, asked.said("unit")

    def do(progress: Progress) -> Sequence[Notice]:
        made = pipeline.excuse(folder, unit, asked.said("by"), asked.said("why"))
        name = made.unit.name
        return [
            Notice(Text(f"已记下：{name}本期免报。", f"Recorded: {name} is excused."))
        ]

    return _decided(asked, Text("记下免报", "Recording"), do)
