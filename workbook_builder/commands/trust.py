"""``trust DIR UNIT [SEAL]``: agrees to the key that seals a unit's roll-ups."""

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
        "trust",
        help=t(
            "认可下级单位上报表的防伪码，写进任务记录，再运行 collect 生效；"
            "一次认可，以后各期沿用。"
            "先与该单位核对防伪码：它汇总时屏幕上也显示同样的防伪码。单位写代码或名称；"
            "防伪码是该单位告知的，收到几个不同的防伪码时必须写。"
            "decide 任务文件夹 单位 withdraw trust 撤回。",
            "Agrees to the key that seals a unit's roll-ups, in the record; collect carries "
            "it out. Once is enough, also for the periods after. Compare the seal first: "
            "that office sees the same when it collects. UNIT is a code or a name; SEAL, as "
            "that office tells it, is needed where roll-ups bear several. "
            "decide DIR UNIT withdraw trust takes it back.",
        ),
    )
    @folder_argument
    @click.argument("unit", metavar="UNIT")
    @click.argument("seal", metavar="[SEAL]", default="")
    @click.option("--why", default="", help=t("理由。", "The reason."))
    def trust(folder: Path, unit: str, seal: str, why: str) -> int:
        with speaker.progress("读取收件箱", "Reading") as progress:
            made = pipeline.trust(Folder(folder), unit, seal, why, progress)
        speaker.say(
            f"已记下：认可 {made.unit.name}（{made.unit.code}）的防伪码 {made.seal}。"
            f"运行 workbook-builder collect {folder} 生效。",
            f"Recorded: the seal {made.seal} is that of {made.unit.name} "
            f"({made.unit.code}). Run workbook-builder collect {folder} to carry it out.",
        )
        return CLEAN

    return trust
