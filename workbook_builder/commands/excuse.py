"""``excuse DIR UNIT``: no return is due from a unit this time."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import agreed_options, folder_argument
from workbook_builder.commands.speak import CLEAN, Speaker


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""

    @click.command(
        "excuse",
        help=speaker.t(
            "免报：同意一个单位本期不报，写进任务记录。它不算应报、不催报，进度和通报里单列。"
            "单位写代码或名称。也可以在名录的“免报”里填“是”；"
            "decide 任务文件夹 单位 withdraw excuse 撤回。",
            "Records that no return is due from a unit this time: it is not counted as "
            "due, not reminded, and listed as excused. UNIT is a code or a name. The "
            "roster's 免报 says the same; decide DIR UNIT withdraw excuse takes it back.",
        ),
    )
    @folder_argument
    @click.argument("unit", metavar="UNIT")
    @agreed_options(speaker)
    def excuse(folder: Path, unit: str, by: str, why: str) -> int:
        made = pipeline.excuse(Folder(folder), unit, by, why)
        speaker.say(
            f"已记下：{made.unit.name}（{made.unit.code}）本期免报。{made.agreement.reason}。"
            f"运行 workbook-builder collect {folder} 生效。",
            f"Recorded: nothing is due from {made.unit.name} ({made.unit.code}). "
            f"Run “workbook-builder collect {folder}” to carry it out.",
        )
        return CLEAN

    return excuse
