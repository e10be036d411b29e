"""``assign DIR FILE UNIT``: whose a letter is, where the mail does not tell."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import folder_argument
from workbook_builder.commands.speak import CLEAN, Speaker


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "assign",
        help=t(
            "指定来信属于哪个单位，写进任务记录；再指定一次，以后一次为准。"
            "文件是 letters 列出的（只写文件名也行），单位写代码或名称。",
            "Says whose a letter is, in the record; the last word counts. FILE is as "
            "letters lists it (its name is enough), UNIT a code or a name.",
        ),
    )
    @folder_argument
    @click.argument("file", metavar="FILE")
    @click.argument("unit", metavar="UNIT")
    def assign(folder: Path, file: str, unit: str) -> int:
        with speaker.progress("读取收件箱", "Reading") as progress:
            made = pipeline.assign_letter(Folder(folder), file, unit, progress)
        assert made.unit is not None
        speaker.say(
            f"已记下：“{made.submission.path}”是 {made.unit.name}（{made.unit.code}）的来信。",
            f"Recorded: {made.submission.path} is from {made.unit.name} "
            f"({made.unit.code}).",
        )
        return CLEAN

    return assign
