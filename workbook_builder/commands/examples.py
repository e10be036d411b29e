"""What somebody would type: examples of every command, at the end of its help and in
docs/commands.md.
"""

from __future__ import annotations

import click

from workbook_builder.commands.speak import Speaker
from workbook_builder.model.text import Text

#: Command → what is typed after ``workbook-builder`` and why, where that needs saying.
EXAMPLES: dict[str, dict[str, Text | None]] = {
    "demo": {"demo": None, "demo --form requests_quarterly": None},
    "desk": {
        "desk": Text(
            "任务都放在现在所在的文件夹里", "the campaigns are in this folder"
        ),
        "desk 2025年报": None,
    },
    "doctor": {
        "doctor": None,
        "doctor 2025年报": Text("还试着登录邮箱", "tries its mailbox, too"),
    },
    "console": {"console 2025年报": None},
    "init": {
        "init 2025年报 --year 2025": None,
        "init 2025年报 --year 2025 --roster 单位名单.xlsx": None,
        "init 2026年报 --from 2025年报": Text("第二年", "the year after"),
        "init 一季度 --form requests_quarterly --period 2026Q1": None,
    },
    "build": {"build 2025年报": None},
    "mail password": {"mail 2025年报 password": None},
    "mail send": {
        "mail 2025年报 send --dry-run": Text("看看发给谁", "who would get what"),
        "mail 2025年报 send": Text("草稿，用 Outlook 等打开", "drafts for Outlook"),
        "mail 2025年报 send --smtp": Text(
            "直接发，断了再运行一次", "after a break again"
        ),
    },
    "mail fetch": {
        "mail 2025年报 fetch --dry-run": None,
        "mail 2025年报 fetch --since 2026-01-05": None,
    },
    "mail remind": {
        "mail 2025年报 remind --dry-run": None,
        "mail 2025年报 remind --smtp --unit Q01 --unit Q02": None,
    },
    "mail return": {
        "mail 2025年报 return --smtp": None,
        "mail 2025年报 return --smtp --again Q01": Text("再退一次", "once more"),
    },
    "mail ask": {"mail 2025年报 ask --smtp": None},
    "extend": {"extend 2025年报 Q01 2026-02-10 --by 张主任 --why 机构改革": None},
    "excuse": {"excuse 2025年报 某街道 --by 张主任 --why 本年新设": None},
    "collect": {"collect 2025年报": None},
    "check": {
        "check 报送表.xlsx": None,
        "check 收到的 --campaign 2025年报": Text("整个文件夹", "a folder"),
    },
    "status": {
        "status 2025年报": None,
        "status 2025年报 --state 未报": None,
        "status 2025年报 --type 街道 --below Q": None,
    },
    "letters": {"letters 2025年报": None},
    "assign": {"assign 2025年报 来信.eml/照片.jpg Q01": None},
    "lift": {"lift 2025年报/inbox/坏表.xlsx -o 新表.xlsx": None},
    "decide": {
        "decide 2025年报 某街道 accept --why 已电话核实": None,
        "decide 2025年报 Q01 waive B1 --why 系统上线": None,
        "decide 2025年报 --list": None,
    },
    "use": {"use 2025年报 Q01 回复.eml/报送表.xlsx --why 已核实": None},
    "trust": {"trust 2025年报 某街道 --why 电话核对": None},
    "trace": {
        "trace 2025年报 表三 J7": None,
        "trace 2025年报 表三 J7 --unit Q01": None,
    },
    "report": {
        "report 2025年报": None,
        "report 2025年报 --all-units --pdf": None,
    },
    "circular": {
        "circular 2025年报": None,
        "circular 2025年报 --by-rank": None,
    },
    "published": {
        "published 2025年报 Q01 https://example.gov.cn/1.html 2026-01-20": None,
        "published 2025年报 --list 公布清单.xlsx": None,
        "published 2025年报": Text("谁公布了、谁没有", "who has published"),
    },
    "compare": {"compare 2025年报 某街道 公布.docx": None},
    "read-report": {
        "read-report 公布.pdf": None,
        "read-report 上年.docx --campaign 2025年报 --unit Q01 -o 预填.xlsx": None,
    },
    "audit": {"audit 各区年报 -o 核查.html": None},
    "form list": {"form list": None},
    "form show": {"form show disclosure --period 2025": None},
    "form lint": {"form lint 我的报表/2026": None},
}


def with_examples(
    command: click.Command, speaker: Speaker, above: str = ""
) -> click.Command:
    """The command, and those of a group, with its examples below the options."""
    name = f"{above}{command.name}"
    if isinstance(command, click.Group):
        for each in command.commands.values():
            with_examples(each, speaker, f"{name} ")
    else:
        said = "\n".join(_lines(name, speaker))
        command.epilog = f"\b\n{speaker.t('例：', 'Examples:')}\n{said}"
    return command


def _lines(name: str, speaker: Speaker) -> list[str]:
    return [
        f"  workbook-builder {typed}{f'   # {speaker.of(why)}' if why else ''}"
        for typed, why in EXAMPLES.get(name, {}).items()
    ]
