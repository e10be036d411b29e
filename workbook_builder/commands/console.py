"""``console DIR``: the Excel console of the district desk."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.offered import operations
from workbook_builder.commands.options import folder_argument
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.console.making import make_console

#: Where the console's button works; elsewhere the path of this Python is of no use.
WITH_EXCEL = ("win32", "darwin")


def command_offering(
    speaker: Speaker,
    names: Iterable[str],
    load: Callable[[str, Speaker], click.Command],
) -> click.Command:
    """The command in the speaker's language; the console offers these commands."""
    t = speaker.t

    @click.command(
        "console",
        help=t(
            "在任务文件夹里生成 Excel 控制台 district_console.xlsm（要启用宏，"
            "用于 Windows 或 macOS 上的 Excel），以及填报单位可选用的宏。"
            "不用控制台也能做同样的事。",
            "Writes the Excel console district_console.xlsm into the campaign folder "
            "(macros must be allowed; Excel on Windows or macOS), and the optional "
            "macros for units. Everything can be done without it.",
        ),
    )
    @folder_argument
    @click.option(
        "--python",
        "interpreter",
        default=sys.executable if sys.platform in WITH_EXCEL else "",
        help=t(
            "按钮启动的 Python 程序；默认是现在运行的这一个（在 Windows、macOS 上）。",
            "The Python that the button starts; default: this one (Windows, macOS).",
        ),
    )
    def console(folder: Path, interpreter: str) -> int:
        for path in make_console(Folder(folder), operations(names, load), interpreter):
            speaker.say(f"已写入 {path}", f"wrote {path}")
        speaker.say(
            "用 Excel 打开 district_console.xlsm，点“启用内容”，选一项，点“执行”。",
            "Open district_console.xlsm in Excel, enable its content, choose, press 执行.",
        )
        return CLEAN

    return console
