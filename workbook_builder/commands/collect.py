"""``collect DIR``: reads the inbox, writes the results, says who returned what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import click
from rich.markup import escape

import workbook_builder.pipeline.collecting as collecting
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import (
    folder_argument,
    json_option,
    scheduler_option,
)
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Tone
from workbook_builder.model.unit import Unit
from workbook_builder.pipeline.collecting import Collection
from workbook_builder.pipeline.computing import computed_by

#: Lines on a screen that anybody reads: of units, and of other files.
SHOWN = 200


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "collect",
        help=t(
            "收取并汇总：读取任务文件夹 inbox 里的全部文件，逐个给出结论，通过的计入汇总，"
            "结果写到 results。收件箱的文件不会被改动，可以反复运行。\n\n"
            "退出码：0 全部单位通过，1 有问题或有单位未报，2 无法运行。",
            "Reads every file of DIR/inbox, adds up what is accepted and writes "
            "DIR/results. The inbox is never changed; run it as often as you like."
            "\n\nExit status: 0 all units accepted, 1 findings or missing units, "
            "2 cannot run.",
        ),
    )
    @folder_argument
    @scheduler_option(speaker)
    @click.option(
        "--inbox",
        metavar="URL",
        default="",
        help=t(
            "报送文件不在任务文件夹的 inbox 里，而在这个地址下，如 s3://桶/文件夹。",
            "The files are not in DIR/inbox but below this address, such as "
            "s3://bucket/folder.",
        ),
    )
    @json_option(speaker)
    def collect(folder: Path, scheduler: str, inbox: str, as_json: bool) -> int:
        with (
            computed_by(scheduler),
            speaker.progress("读取报送文件", "Reading") as progress,
        ):
            collection = collecting.collect(Folder(folder, inbox), progress)
        if as_json:
            from workbook_builder.pipeline.contracts import (
                to_json,
            )  # loads what few want

            speaker.json(to_json(collection, speaker.language))
        else:
            show(speaker, collection)
        for said in collection.by_hand:
            speaker.warn(*said)
        speaker.unrecorded(collection.unrecorded)
        return CLEAN if _complete(collection) and not _odd(collection) else FINDINGS

    return collect


def _complete(collection: Collection) -> bool:
    """Whether every unit has returned; what is wrong with a return is ``_odd``."""
    summary = collection.summary
    return all(unit.code in summary.standing for unit in summary.units)


def _odd(collection: Collection) -> bool:
    """Whether a file of the inbox still needs somebody's attention."""
    return any(submission.open_findings for submission in collection.submissions)


def show(speaker: Speaker, collection: Collection) -> None:
    """A line for each unit, then for each file that belongs to none."""
    t, summary = speaker.t, collection.summary
    units = _shown(summary)
    speaker.table(
        [
            t("代码", "Code"),
            t("单位", "Unit"),
            t("类型", "Type"),
            t("结论", "Verdict"),
            t("问题", "Open"),
            t("首个问题", "First"),
            t("文件", "File"),
        ],
        [_row(speaker, summary, unit) for unit in units],
    )
    if rest := len(summary.units) - len(units):
        speaker.say(
            f"……另有 {rest} 个单位没有列出，全部见 {collecting.PROGRESS}。",
            f"… and {rest} more units: all of them are in {collecting.PROGRESS}.",
        )
    _show_others(speaker, collection)
    if summary.decisions:
        speaker.say("\n决定：", "\nDecisions:")
        from workbook_builder.commands.decide import show_decisions  # as above

        show_decisions(speaker, summary.roster, summary.decisions)
    speaker.say(f"\n{summary.counts.zh}", f"\n{summary.counts.en}")
    _show_written(speaker, collection)


def _shown(summary: Summary) -> Sequence[Unit]:
    """All units; of very many those first that somebody has to act on."""
    if len(summary.units) <= SHOWN:
        return summary.units
    asking = (unit for unit in summary.units if summary.state(unit).tone != Tone.GOOD)
    return list(islice(asking, SHOWN))


def _row(speaker: Speaker, summary: Summary, unit: Unit) -> list[str]:
    submission = summary.standing.get(unit.code)
    whose = [escape(unit.code), escape(unit.name), escape(unit.type)]
    state = summary.state(unit)
    whose.append(speaker.toned(state.tone, state.text))
    if submission is None:
        return [*whose, "", "", ""]
    still = submission.open_findings
    asked = (
        f for f in submission.findings if f.is_open or f.leaves_out or f.code == "V04"
    )
    first = next(asked, None)
    return [
        *whose,
        str(len(still)) if still else "",
        escape(speaker.of(first.message)) if first else "",
        escape(submission.path),
    ]


def _show_written(speaker: Speaker, collection: Collection) -> None:
    """Which files there are now, and why one is not."""
    summary = collection.summary
    folders = Counter(path.parent.name for path in collection.written)
    for path in collection.written:
        if path.parent.name != collecting.RETURNED:
            speaker.say(f"  已写入 {path}", f"  wrote {path}")
    if summary.counted and not folders[collecting.UPWARD]:
        tops = "、".join(unit.code for unit in summary.roster.roots[:5])
        speaker.say(
            f"  没有写上报表：名录里最上级的单位不止一个（{tops}），不知道替谁上报。"
            "请在 campaign.toml 里填 unit_code（本级在上级名录里的代码）再运行。",
            f"  no return for one level up: several units are at the top ({tops}); "
            "set unit_code in campaign.toml.",
        )
    if folders[collecting.UPWARD] and not summary.coverage.is_whole:
        covers = summary.coverage
        speaker.say(
            f"  上报表不完整：应报 {covers.due} 个单位，只计入 {covers.counted} 个"
            f"（缺：{covers.missing}）。上级会要求补齐或者说明。",
            f"  the roll-up is not complete: {covers.counted} of {covers.due} units "
            f"(missing: {covers.missing}).",
        )
    if collection.seal:
        speaker.say(
            f"  上报表的防伪码是 {collection.seal}，上级问到时请照此核对。",
            f"  the roll-up is sealed with {collection.seal}.",
        )
    for missing in collection.skipped:
        speaker.line(f"  {speaker.of(missing.text)}")
    returns = folders[collecting.RETURNED]
    if returns:
        speaker.say(
            f"  退回件 {returns} 个在 {collecting.RETURNED} 文件夹，问题已标在单元格上",
            f"  {returns} marked workbook(s) to send back are in {collecting.RETURNED}/",
        )


def _show_others(speaker: Speaker, collection: Collection) -> None:
    summary = collection.summary
    codes = {unit.code for unit in summary.units}
    standing = {id(s) for code, s in summary.standing.items() if code in codes}
    others = [s for s in collection.submissions if id(s) not in standing]
    for submission in others[:SHOWN]:
        speaker.line(
            f"{submission.path}　{speaker.of(submission.verdict.text)}　"
            f"{speaker.of(submission.reason)}"
        )
    if (rest := len(others) - SHOWN) > 0:
        speaker.say(
            f"……另有 {rest} 个文件没有列出，全部见 {collecting.FINDINGS}。",
            f"… and {rest} more files: all of them are in {collecting.FINDINGS}.",
        )
