"""``build DIR``: one workbook for each unit, into the outbox."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.files import OLDER
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import folder_argument
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.model.period import day_words
from workbook_builder.rules.shape import shape


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""

    @click.command(
        "build",
        help=speaker.t(
            "生成报送表：按单位名录为每个填报单位生成一份，放在任务文件夹的 outbox 里。"
            "内容有变的旧文件移到“以前的版本”，不会丢失。",
            "Writes one workbook for each reporting unit into DIR/outbox. An older "
            "one that differs is put aside, not lost.",
        ),
    )
    @folder_argument
    def build(folder: Path) -> int:
        for line in shape(Folder(folder).roster()):
            speaker.say(*line)
        with speaker.progress("生成报送表", "Building") as progress:
            built = pipeline.build(Folder(folder), progress)
        campaign = Folder(folder).campaign()
        same = len(built.files) - len(built.changed)
        speaker.say(
            f"生成 {len(built.files)} 份报送表（新的或有变化的 {len(built.changed)} 份，"
            f"未变的 {same} 份），在 {folder / 'outbox'}。",
            f"{len(built.files)} workbooks ({len(built.changed)} new or changed, "
            f"{same} unchanged) in {folder / 'outbox'}.",
        )
        speaker.past(campaign, built.past)
        if built.gone:
            speaker.say(
                f"不再需要的 {len(built.gone)} 份（单位撤并、更名或者不填报了）移到了“{OLDER}”："
                f"{'、'.join(path.name for path in built.gone)}。",
                f"{len(built.gone)} that no unit gets any more are put aside: "
                f"{', '.join(path.name for path in built.gone)}.",
            )
        speaker.unrecorded(built.unrecorded)
        for said in built.precautions:
            speaker.warn(*said)
        _warn_of_deadline(speaker, campaign.deadline)
        return CLEAN

    return build


def _warn_of_deadline(speaker: Speaker, deadline: date | None) -> None:
    """Workbooks that ask for something by a day that is over help nobody."""
    if deadline is not None and deadline < pipeline.today():
        speaker.warn(
            f"注意：截止日期{day_words(deadline)}已经过了，报送表上印的就是这一天。"
            "需要修改的，改 campaign.toml 里的 deadline，再运行 workbook-builder build。",
            f"Note: the deadline {deadline}, printed in the workbooks, is over; "
            "change it in campaign.toml and build again.",
        )
