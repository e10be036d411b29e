"""``doctor [DIR]``: what is installed, and what is missing for what."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder.commands.options import here_argument
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.model.text import Text, Tone
from workbook_builder.pipeline.examining import examine

_WORDS = {
    Tone.GOOD: Text("好", "ok"),
    Tone.OPEN: Text("可缺", "optional"),
    Tone.BAD: Text("要改", "mend"),
}


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "doctor",
        help=t(
            "检查：装了什么，缺什么、为了什么要装，有没有公文字体，文件夹能不能写。"
            "写了任务文件夹的，还看设置和名录能不能读取，"
            "试着登录发信、收信的服务器（不发信，不取信）。"
            "\n\n退出码：0 没有要改的，1 有要改的，2 无法运行。",
            "What is installed and what is missing for what, fonts, folders that can be "
            "written. Of a campaign also its settings and roster, and whether its mail "
            "servers let us in (nothing is sent or fetched).\n\n"
            "Exit status: 0 nothing to mend, 1 something, 2 cannot run.",
        ),
    )
    @here_argument
    def doctor(folder: Path) -> int:
        status = CLEAN
        for each in examine(folder):
            tone = speaker.in_tone(each.tone, _WORDS[each.tone])
            name, said = speaker.of(each.name), speaker.of(each.said)
            speaker.line(tone, f"  {name}{t('：', ': ')}{said}")
            if each.tone is Tone.BAD:
                status = FINDINGS
        return status

    return doctor
