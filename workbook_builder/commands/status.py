"""``status DIR``: who stands where, and who is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.markup import escape

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.roster import find_unit
from workbook_builder.commands.options import folder_argument, json_option
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.letter import came
from workbook_builder.model.standing import (
    GROUPS,
    Absence,
    Count,
    Standing,
    count,
    reached,
    reached_text,
)
from workbook_builder.model.text import Text
from workbook_builder.pipeline import Progressed
from workbook_builder.pipeline.contracts import progress_json


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t
    states = [speaker.of(text) for text in _askable().values()]

    @click.command(
        "status",
        help=t(
            "查看进度：每个单位报了没有、结论、版本、迟了几天、邮件发到哪一步，以及按时报送率。"
            "不改动任何文件。\n\n退出码：0 全部通过，1 有单位未报或未通过，2 无法运行。",
            "Where each unit stands: verdict, version, days late, mail; and how many "
            "were in time. Changes nothing.\n\n"
            "Exit status: 0 all accepted, 1 something is missing, 2 cannot run.",
        ),
    )
    @folder_argument
    @click.option(
        "--state",
        default="",
        help=t("只看：", "Only: ") + t("、", ", ").join(states),
    )
    @click.option(
        "--type", "type_", default="", help=t("只看这类单位。", "Only this type.")
    )
    @click.option(
        "--below",
        metavar="CODE",
        default="",
        help=t("只看这个单位和它下面的。", "Only this unit and those below it."),
    )
    @json_option(speaker)
    def status(folder: Path, state: str, type_: str, below: str, as_json: bool) -> int:
        with speaker.progress("读取报送文件", "Reading") as progress:
            found = pipeline.status(Folder(folder), progress)
        asked, among = _asked(state), list(_selected(found, type_, below))
        wanted = [each for each in among if _is_in(each, asked)]
        due = ((each.state, each.days_late) for each in among if each.due)
        sums = count(due)  # a rate of those who are missing would say nothing
        if as_json:
            speaker.json(progress_json(found, wanted, sums, speaker.language))
        else:
            show(speaker, found, wanted, sums)
        fine = all(each.state.counts for each in wanted if each.due)
        return CLEAN if fine else FINDINGS

    return status


def _selected(found: Progressed, type_: str, below: str) -> Iterator[Standing]:
    roster = found.roster
    top = find_unit(roster, below).code if below else ""
    types = sorted({unit.type for unit in roster.units} - {""})
    if type_ and type_ not in types:
        raise CampaignError(
            f"名录里没有“{type_}”这类单位。有：{'、'.join(types)}。",
            f"No unit of type {type_} on the roster; there are: {', '.join(types)}.",
        )
    for each in found.standings:
        if type_ in ("", each.unit.type) and (
            not top or top in roster.above(each.unit.code)
        ):
            yield each


def _is_in(each: Standing, asked: str) -> bool:
    if asked in GROUPS:
        return each.is_in_group(asked)
    return asked in ("", each.state.value)


def _askable() -> dict[str, Text]:
    """Name → words of every state and group that can be asked for."""
    return GROUPS | {each.value: reached_text(each) for each in reached()}


def _asked(said: str) -> str:
    """The name of a state or group said in either language: ``未报``, ``退回``."""
    if not said:
        return ""
    askable = _askable()
    for name, text in askable.items():
        if said.casefold() in {name, text.en, text.zh, text.zh.partition("·")[2]}:
            return name
    raise CampaignError(
        f"没有“{said}”这种状态。可以用："
        f"{'、'.join(text.zh for text in askable.values())}。",
        f"There is no state {said}; use one of "
        f"{', '.join(text.en for text in askable.values())}.",
    )


def show(
    speaker: Speaker, found: Progressed, wanted: Sequence[Standing], sums: Count
) -> None:
    """A line for each unit, the totals, and what to know about them."""
    t = speaker.t
    heads = (
        t("代码", "Code"),
        t("单位", "Unit"),
        t("类型", "Type"),
        t("状态", "State"),
        t("收到", "Received"),
        t("版本", "Version"),
        t("问题", "Open"),
        t("迟报", "Late"),
        t("邮件", "Mail"),
    )
    speaker.table(heads, [_row(speaker, each) for each in wanted])
    click.echo()
    _totals(speaker, found, wanted, sums)
    if found.publishing:
        speaker.say(*found.publishing.words)
    if found.judged_anew:
        speaker.say(
            "还没有运行过 collect，或者收件箱、名录、设置、决定在那以后有变化："
            "以上按现在的文件重新审核；results 里的结果要再运行 collect 才会更新。",
            "Never collected, or inbox, roster, settings or decisions changed since: this "
            "was judged anew; run collect to bring the results up to date.",
        )
    speaker.past(found.campaign, found.unused)
    if found.others:
        speaker.say(
            f"另有 {found.others} 个文件待确认、无法读取或不属本次任务，没有采用，"
            "collect 会逐个列出。",
            f"{found.others} more file(s) wait for a decision, are unreadable or not ours; "
            "see collect.",
        )


def _agreements(
    speaker: Speaker, found: Progressed, wanted: Sequence[Standing]
) -> None:
    """Who has more time, and who need return nothing."""
    for each in wanted:
        unit, agreement = each.unit, each.unit.agreement
        if agreement and (agreement.until is None or found.campaign.is_extended(unit)):
            speaker.say(
                f"  {unit.name}（{unit.code}）：{agreement.whole}",
                f"  {unit.name} ({unit.code}): {agreement.text.en}; {agreement.reason}",
            )


def _row(speaker: Speaker, each: Standing) -> list[str]:
    own, unit = each.returned, each.unit
    late = speaker.t(f"{each.days_late} 天", f"{each.days_late} d")
    return [
        escape(unit.code),
        escape(unit.name),
        escape(unit.type),
        speaker.toned(each.state.tone, reached_text(each.state)),
        f"{own.received:%Y-%m-%d}" if own and own.received else "",
        str(own.version) if own else "",
        str(len(own.open)) if own and own.open else "",
        f"[red]{late}[/red]" if each.days_late else "",
        _mail(speaker, each),
    ]


def _mail(speaker: Speaker, each: Standing) -> str:
    """The last message to it, and what came from it that is no workbook."""
    mail = each.mail
    times = f"×{mail.reminders}" if mail.reminders > 1 else ""
    last = f"{speaker.of(mail.last.text)}{times} {mail.at[5:10]}".rstrip()
    letters = speaker.of(came(each.letters))
    if not letters:
        return last
    return speaker.t(f"{last}；来信：{letters}", f"{last}; letters: {letters}")


def _totals(
    speaker: Speaker, found: Progressed, wanted: Sequence[Standing], sums: Count
) -> None:
    deadline = found.campaign.deadline
    missing = sums.due - sums.returned
    excused = sum(each.state is Absence.EXCUSED for each in wanted)
    speaker.say(
        f"应报 {sums.due} 个单位，已报 {sums.returned} 个（通过 {sums.accepted} 个），"
        f"未报 {missing} 个{f'，另有免报 {excused} 个' if excused else ''}。",
        f"{sums.returned} of {sums.due} units returned ({sums.accepted} accepted), "
        f"{missing} missing{f'; {excused} excused' if excused else ''}.",
    )
    _agreements(speaker, found, wanted)
    if deadline is None or sums.rate is None:
        return
    left = (deadline - found.today).days
    zh = f"还有 {left} 天" if left >= 0 else f"已过 {-left} 天"
    en = f"{left} days left" if left >= 0 else f"{-left} days ago"
    speaker.say(
        f"截止 {deadline}（{zh}）；按时报送 {sums.punctual}/{sums.due}，"
        f"按时报送率 {sums.rate}%（按第一次报送的时间）。",
        f"Deadline {deadline} ({en}); in time {sums.punctual} of {sums.due}, "
        f"{sums.rate}% (by the first return).",
    )
