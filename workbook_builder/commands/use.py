"""``use DIR UNIT FILE``: which file of a unit is its return."""

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
        "use",
        help=t(
            "指定单位以哪一份报送表为准，写进任务记录，再运行 collect 生效。用于待确认的报送表，"
            "也可以指定较早的一份。单位写代码或名称，文件是收件箱里的"
            "（只写文件名或所在邮件的名称也行）。"
            "以后又收到该单位的报送表的，按新的算；decide 任务文件夹 单位 withdraw use 撤回。",
            "Says which file of a unit is its return, in the record; collect carries it "
            "out. UNIT is a code or a name, FILE its place in the inbox (its name or "
            "that of its mail is enough). What comes from the unit later counts again; "
            "decide DIR UNIT withdraw use takes it back.",
        ),
    )
    @folder_argument
    @click.argument("unit", metavar="UNIT")
    @click.argument("file", metavar="FILE")
    @click.option("--why", default="", help=t("理由。", "The reason."))
    def use(folder: Path, unit: str, file: str, why: str) -> int:
        with speaker.progress("读取收件箱", "Reading") as progress:
            made = pipeline.use(Folder(folder), unit, file, why, progress)
        name, path, others = made.unit.name, made.submission.path, made.others
        speaker.say(
            f"已记下：{name}（{made.unit.code}）以“{path}”为准"
            f"{f'，另有 {others} 份不采用' if others else ''}。"
            f"运行 workbook-builder collect {folder} 生效。",
            f"Recorded: {path} is the return of {name} ({made.unit.code})"
            f"{f', not {others} other(s)' if others else ''}. "
            f"Run workbook-builder collect {folder} to carry it out.",
        )
        return CLEAN

    return use
