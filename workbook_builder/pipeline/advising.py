"""What to do next in a campaign, told from its folder without judging a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_builder.campaign.files import files_below
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.event import Happening
from workbook_builder.model.finding import Verdict
from workbook_builder.model.standing import Mailing, Standing, count
from workbook_builder.model.text import Text
from workbook_builder.pipeline.beginning import SAMPLE
from workbook_builder.pipeline.circulating import CIRCULARS
from workbook_builder.pipeline.collecting import SUMMARY
from workbook_builder.pipeline.reporting import REPORTS
from workbook_builder.pipeline.standing import is_collected, status
from workbook_builder.rules.precautions import is_sample


@dataclass(frozen=True, slots=True)
class AdvisedStep:
    """``command`` is what follows ``workbook-builder``, ``{}`` in it the campaign."""

    command: str
    why: Text


@dataclass(frozen=True, slots=True)
class Advice:
    """Where a campaign stands, and what can be done now, the next thing first."""

    state: Text
    steps: tuple[AdvisedStep, ...]


_BUILD = AdvisedStep("build {}", Text("生成报送表", "make the workbooks"))
_COLLECT = AdvisedStep("collect {}", Text("审核、汇总", "judge and add up"))
_STATUS = AdvisedStep("status {}", Text("谁报了、谁没报", "where each unit stands"))


def advise(folder: Folder) -> Advice:
    """Raises as reading the campaign's settings, roster and record does."""
    built = len(list(folder.outbox.glob("*.xlsx")))
    came = len(list(files_below(folder.inbox)))
    if not built:
        return Advice(_unbuilt(folder), (_BUILD,))
    if not came:
        return _waiting(folder, built)
    if not is_collected(folder):
        text = Text(
            f"inbox 里有 {came} 个文件。文件、名录、设置或决定在最近一次汇总以后有变化，"
            "或者还没有汇总过。",
            f"{came} file(s) in the inbox. Files, roster, settings or decisions changed "
            "since the last collect, or there was none.",
        )
        return Advice(text, (_COLLECT,))
    return _collected(folder)


def _waiting(folder: Folder, built: int) -> Advice:
    sent = {e.unit for e in folder.history() if e.happening is Happening.SENT}
    unsent = [u for u in folder.roster().reporting if u.code not in sent]
    if not unsent:
        text = Text(
            f"已生成 {built} 份报送表，都已发出，inbox 里还没有文件。收到的放进 inbox。",
            f"{built} workbook(s) made and sent, the inbox is empty. Put into inbox what "
            "comes.",
        )
        return Advice(text, (_STATUS, _COLLECT))
    text = Text(
        f"已生成 {built} 份报送表，{len(unsent)} 个单位的还没有登记为已发，inbox 里还没有文件。"
        "把 outbox 里的报送表发给各单位，收到的放进 inbox。",
        f"{built} workbook(s) made, those of {len(unsent)} unit(s) not known to be sent, "
        "the inbox is empty. Send them out of outbox, and put into inbox what comes.",
    )
    send = AdvisedStep(
        "mail {} send", Text("给每个单位写好信", "a letter to each unit")
    )
    return Advice(text, (send, _COLLECT))


def _unbuilt(folder: Folder) -> Text:
    if is_sample(folder.roster(), folder.form()):
        return Text(
            "还没有生成报送表。先在 campaign.toml 里填主管部门、截止日期、联系人，"
            "在 Excel 里填单位名录 roster.xlsx（现在是样例）。",
            "No workbooks yet. First fill in office, deadline and contact in "
            "campaign.toml, and put your units into roster.xlsx, which holds a sample.",
        )
    if folder.campaign().district == SAMPLE:
        return Text(
            "还没有生成报送表。先在 campaign.toml 里填主管部门、截止日期、联系人，"
            "核对名录里的单位。",
            "No workbooks yet. First fill in office, deadline and contact in "
            "campaign.toml, and look over the roster.",
        )
    return Text(
        "还没有生成报送表。先核对 campaign.toml 里的截止日期和联系人、名录里的单位。",
        "No workbooks yet. First look over campaign.toml and the roster.",
    )


def _collected(folder: Folder) -> Advice:
    found = status(folder)
    due = [each for each in found.standings if each.due]
    sums = count((each.state, each.days_late) for each in due)
    text = Text(
        f"应报 {sums.due} 个单位，已报 {sums.returned} 个，通过 {sums.accepted} 个，"
        f"未报 {sums.due - sums.returned} 个。",
        f"{sums.returned} of {sums.due} units returned, {sums.accepted} accepted, "
        f"{sums.due - sums.returned} missing.",
    )
    back = [each for each in due if _goes_back(each)]
    open_ = tuple(_open(due, back, found.others))
    return Advice(text, (*open_, _STATUS) if open_ or back else tuple(_final(folder)))


def _goes_back(each: Standing) -> bool:
    return isinstance(each.state, Verdict) and each.state.goes_back


def _open(
    due: Sequence[Standing], back: Sequence[Standing], others: int
) -> Iterator[AdvisedStep]:
    """What the clerk can do before all is accepted."""
    kept = sum(each.mail.last is not Mailing.SENT_BACK for each in back)
    silent = sum(not each.state.is_return for each in due)
    if others:
        yield AdvisedStep(
            "collect {}",
            Text(
                f"{others} 个文件没有归到单位：逐个看",
                f"{others} file(s) of no unit: look at them",
            ),
        )
    if kept:
        yield AdvisedStep(
            "mail {} return",
            Text(
                f"{kept} 个单位要改正或说明：发退回件",
                f"{kept} unit(s) have to mend something: send it back",
            ),
        )
    if silent:
        yield AdvisedStep(
            "mail {} remind",
            Text(f"{silent} 个单位未报：催报", f"{silent} missing: remind"),
        )


def _final(folder: Folder) -> Iterator[AdvisedStep]:
    """What is left once every unit is accepted."""
    reported = folder.form().wording is not None
    if reported and not _holds(folder, REPORTS):
        yield AdvisedStep("report {}", Text("出年度报告", "the annual report"))
    if not _holds(folder, CIRCULARS):
        yield AdvisedStep("circular {}", Text("写通报", "the official letter"))
    if reported:
        yield AdvisedStep("published {}", Text("登记、核对公布", "who published"))
    yield AdvisedStep("init … --from {}", Text("建下一期的任务", "the next period"))


def _holds(folder: Folder, name: str) -> bool:
    """Whether there is something made since the sums were written."""
    summed = (folder.results / SUMMARY).stat().st_mtime
    made = files_below(folder.results / name)
    return any(path.stat().st_mtime >= summed for path in made)
