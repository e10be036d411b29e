"""``check FILE…``: verdict and findings of each file."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder.commands.options import json_option, prove_there
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker, Styled
from workbook_builder.model.decision import Decided
from workbook_builder.model.submission import Submission
from workbook_builder.pipeline.checking import check as judged


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "check",
        help=t(
            "审核报送表：逐个文件给出结论和问题。也可以写文件夹。\n\n"
            "退出码：0 全部通过，1 有问题，2 无法运行。",
            "Verdict and findings of each file; a folder stands for the files in it."
            "\n\nExit status: 0 all accepted, 1 findings, 2 cannot run.",
        ),
    )
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option(
        "--campaign",
        "campaign",
        type=click.Path(path_type=Path),
        help=t(
            "填报任务文件夹：按它的名录和上期数审核。",
            "A campaign folder: judge by its roster and past figures.",
        ),
    )
    @json_option(speaker)
    def check(files: tuple[Path, ...], campaign: Path | None, as_json: bool) -> int:
        prove_there(files)
        expected, decided = None, tuple[Decided, ...]()
        if campaign:
            from workbook_builder.campaign.decisions import decisions
            from workbook_builder.campaign.folder import Folder

            folder = Folder(campaign)
            expected, decided = folder.expected(), decisions(folder.history())
        submissions = judged(files, expected, decided)
        if as_json:
            from workbook_builder.pipeline.contracts import files_json

            speaker.json(files_json(submissions, speaker.language))
        else:
            for submission in submissions:
                show(speaker, submission, for_desk=expected is not None)
        asks = any(submission.verdict.asks for submission in submissions)
        return FINDINGS if asks else CLEAN

    return check


def show(speaker: Speaker, submission: Submission, for_desk: bool) -> None:
    """One file: its verdict, its code, and each finding with what to do.

    With a campaign it is the collecting office that asks, else anybody may.
    """
    verdict = submission.verdict
    stamp = submission.stamp
    whose = f"　{stamp.unit_name}（{stamp.unit_code}）{stamp.period}" if stamp else ""
    speaker.line(
        Styled(submission.path, "bold"),
        f"{whose}　",
        speaker.in_tone(verdict.tone, verdict.text),
    )
    if submission.print_code:
        speaker.line(f"  {speaker.t('核对码', 'Print code')} {submission.print_code}")
    arrival = submission.arrival
    if arrival.sender or arrival.sent_shown:
        speaker.line(
            f"  {speaker.t('来自邮件', 'By mail')} "
            f"{f'{arrival.sender} {arrival.sent_shown}'.strip()}"
        )
    for finding in submission.findings:
        spot = f"{finding.sheet}!{finding.address}" if finding.address else "—"
        settled = finding.explanation if finding.explained else ""
        speaker.line(
            f"  {finding.code} {speaker.of(finding.severity.text)} {spot}  "
            f"{speaker.of(finding.message)}"
        )
        if finding.waived is not None:
            speaker.line(f"      {speaker.t('准予免改', 'Waived')}：{finding.waived}")
        elif settled:
            speaker.line(f"      {speaker.t('单位说明', 'Explained')}：{settled}")
        else:
            remedy = finding.desk if for_desk else finding.remedy
            speaker.line(f"      → {speaker.of(remedy)}")
