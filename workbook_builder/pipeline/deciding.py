"""``decide``: the clerk's decisions, into the record; ``collect`` carries them out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workbook_builder.campaign.decisions import decided, decisions, withdrawn
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.record import now
from workbook_builder.campaign.roster import find_unit
from workbook_builder.model.decision import Decided, Decision, Ruling
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.event import Happening
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline.inbox import take_in
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.surveying import survey
from workbook_builder.rules.choose import Chosen, choose
from workbook_builder.rules.decide import grounds_of, refusal
from workbook_builder.rules.grounds import basis

#: A reason is printed on the workbook that goes back; more would not be read.
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What the clerk asks for. ``unit`` is a code or a name; ``place`` narrows a
    waiver to one line of the 审核 sheet, one cell id or one address (``表三!D8``).
    """

    unit: str
    ruling: Ruling
    why: str
    code: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What was recorded. ``unbalanced``: a check that must hold is let pass, so that
    the district's own sum may fail it too. ``again``: what holds again since these, which
    had replaced it, were withdrawn.
    """

    unit: Unit
    decisions: tuple[Decision, ...]
    unbalanced: bool = False
    again: tuple[Decision, ...] = ()

    @property
    def still(self) -> Text:
        """“以前的延期恢复有效。”, and what a unit that is due again lacks; or nothing."""
        zh = en = ""
        if self.again:
            said = "、".join(each.ruling.chinese for each in self.again)
            zh = f"以前的{said}恢复有效。"
            said = ", ".join(each.ruling.value for each in self.again)
            en = f" What was said before holds again: {said}."
        if Ruling.EXCUSE in {each.ruling for each in self.decisions} and not any(
            each.ruling is Ruling.EXCUSE for each in self.again
        ):
            zh += "免报时移走了它的空白报送表：要发给它的，请先重新生成（build）。"
            en += " Its blank workbook was put aside: build it again to send it."
        return Text(zh, en)


def decide(folder: Folder, wish: Wish, progress: Progress = silent) -> Made:
    """Records the decision, or for a waiver one for each finding of that code.

    It is made for the return as it stands now. Raises CampaignError where the unit is
    unknown or has returned nothing, or where a figure would have to be invented.
    """
    expected, events = folder.expected(), folder.history()
    unit, _ = find_unit(expected.roster, wish.unit), one_line(wish.why)
    found = take_in(folder, expected, events, progress)
    chosen = choose(expected.form, found, decisions(events))
    made = ruled(expected.form, chosen, unit, wish)
    with folder.record() as record:
        record.append(*(decided(decision) for decision in made.decisions))
    return made


def ruled(form: Form, chosen: Chosen, unit: Unit, wish: Wish) -> Made:
    """What is to be recorded of a wish about the returns as they stand.

    Raises CampaignError as :func:`decide` does.
    """
    submissions, index = chosen.submissions, chosen.standing.get(unit.code)
    if index is None:
        raise CampaignError(
            f"{unit.name}（{unit.code}）还没有可以审核的报送表，不能作决定。",
            f"{unit.name} ({unit.code}) has no return that could be judged.",
        )
    submission, about = submissions[index], _findings(submissions[index], wish)
    wanted = Decision(unit.code, wish.ruling, one_line(wish.why), now(), "")
    made = tuple(_decision(form, submission, each, wanted) for each in about)
    passed = about if wish.ruling is Ruling.WAIVE else submission.findings
    must_hold = any(
        each is not None and each.severity.must_hold and each.line for each in passed
    )
    counts = wish.ruling in (Ruling.ACCEPT, Ruling.WAIVE)
    return Made(unit, made, must_hold and counts)


def withdraw(folder: Folder, unit: str, code: str = "", why: str = "") -> Made:
    """Takes back what was decided about a unit, or about one code of it.

    Raises CampaignError where there is nothing to take back.
    """
    found = find_unit(folder.roster(), unit)
    with folder.record() as record:
        event = withdrawn(found.code, code, why.strip(), now())
        events = tuple(record.events(Happening.DECIDED, unit=found.code))
        steps = zip(decisions(events), decisions((*events, event)), strict=True)
        changed = [(one, two) for one, two in steps if one.in_force != two.in_force]
        ended = tuple(one.decision for one, _ in changed if one.in_force)
        again = tuple(two.decision for _, two in changed if two.in_force)
        if not ended:
            about = f" {code} 的" if code else ""
            raise CampaignError(
                f"{found.name}（{found.code}）没有{about}决定可以撤回。"
                f"用 workbook-builder decide {folder.path} --list 查看全部决定"
                "（延期用 withdraw extend 撤回，免报用 withdraw excuse）。",
                f"Nothing is decided about {found.name} ({found.code}) {code}".strip()
                + f"; see workbook-builder decide {folder.path} --list.",
            )
        record.append(event)
    return Made(found, ended, again=again)


def list_decisions(
    folder: Folder, progress: Progress = silent
) -> tuple[Roster, tuple[Decided, ...]]:
    """Every decision in order, and whether it is in force for what is here now."""
    expected, events = folder.expected(), folder.history()
    if not any(event.happening is Happening.DECIDED for event in events):
        return expected.roster, ()
    summary, _ = survey(folder, expected, events, progress)
    return expected.roster, summary.decisions


def one_line(why: str) -> str:
    """A reason as it is kept. Raises CampaignError where there is none."""
    text = " ".join(why.split())
    if not text or len(text) > LONGEST_REASON:
        raise CampaignError(
            f"请用 --why 写明理由（不超过 {LONGEST_REASON} 字），它会写进结果和退回意见。",
            f"Give the reason with --why (at most {LONGEST_REASON} characters); "
            "it is printed in the results.",
        )
    return text


def _findings(submission: Submission, wish: Wish) -> tuple[Finding | None, ...]:
    """What is to be waived; for a ruling on the whole return, one None."""
    if wish.ruling is not Ruling.WAIVE:
        return (None,)
    found = [
        each
        for each in submission.findings
        if each.code == wish.code and (not wish.place or wish.place in _places(each))
    ]
    if found:
        return tuple(found)
    codes = dict.fromkeys(each.code for each in submission.findings if each.is_open)
    listed = "、".join(codes)
    raise CampaignError(
        f"这份报送表没有问题 {wish.code} {wish.place}".rstrip()
        + (
            f"。现有待处理的问题：{listed}。"
            if listed
            else "，也没有其他待处理的问题。"
        ),
        f"The return has no finding {wish.code} {wish.place}".rstrip()
        + (f"; open are: {', '.join(codes)}." if listed else "; none is open."),
    )


def _places(finding: Finding) -> set[str]:
    address = f"{finding.sheet}!{finding.address}"
    return {finding.line, finding.cell or "", address, finding.address or ""} - {""}


def _decision(
    form: Form, submission: Submission, finding: Finding | None, wanted: Decision
) -> Decision:
    refused = refusal(form, submission, wanted.ruling, finding)
    if refused is not None:
        raise CampaignError(*refused)
    grounds = grounds_of(form, submission, wanted.ruling, finding)
    if finding is not None:
        wanted = replace(
            wanted, code=finding.code, line=finding.line, cell=finding.cell or ""
        )
    return replace(wanted, basis=basis(grounds), grounds=grounds)
