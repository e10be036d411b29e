"""``extend DIR UNIT DATE``: more time for one unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import (
    agreed_options,
    day_argument,
    folder_argument,
)
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.model.period import day_words


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""

    @click.command(
        "extend",
        help=speaker.t(
            "延期：同意一个单位晚些报送，写进任务记录。是否按时、催报、报送表上印的日期，都按这个单位"
            "自己的期限。中途增加的单位也用它定期限，别的单位不受影响。单位写代码或名称，"
            "日期如 2026-02-10。也可以填在名录的“延期至”里；"
            "decide 任务文件夹 单位 withdraw extend 撤回。",
            "Gives one unit more time, in the record: punctuality, reminders and the date "
            "printed in its workbook go by it. Also for a unit that is added later. UNIT "
            "is a code or a name, DATE like 2026-02-10. The roster's 延期至 says the same; "
            "decide DIR UNIT withdraw extend takes it back.",
        ),
    )
    @folder_argument
    @click.argument("unit", metavar="UNIT")
    @day_argument
    @agreed_options(speaker)
    def extend(folder: Path, unit: str, day: date, by: str, why: str) -> int:
        made = pipeline.extend(Folder(folder), unit, day, by, why)
        name, code = made.unit.name, made.unit.code
        days = (day - made.deadline).days if made.deadline else 0
        more = f"，比其他单位晚 {days} 天" if days else ""
        speaker.say(
            f"已记下：{name}（{code}）延期至{day_words(day)}{more}。"
            f"{made.agreement.reason}。\n"
            f"运行 workbook-builder build {folder}，报送表印上新的期限，"
            f"再用 workbook-builder mail {folder} send --again {code} 发给它。",
            f"Recorded: {name} ({code}) has until {day}"
            f"{f', {days} days more than the others' if days else ''}.\n"
            f"Run “workbook-builder build {folder}” for a workbook with the new date, "
            f"then “workbook-builder mail {folder} send --again {code}”.",
        )
        return CLEAN

    return extend
