"""``desk [DIR]``: the steps of a campaign in the browser, without a command."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from workbook_builder.commands.options import here_argument
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.desk.serving import serve


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "desk",
        help=t(
            "工作台：在浏览器里走完全程，不用命令。文件夹是放任务的，或者一个任务的，"
            "默认是现在所在的文件夹。只有这台电脑能打开；再运行一次，回到已经开着的工作台。",
            "The whole cycle in the browser, without commands. DIR holds the campaigns, or "
            "is one; by default the folder you are in. Only this computer can open it; run "
            "again to come back to it.",
        ),
    )
    @here_argument
    @click.option(
        "--no-browser",
        is_flag=True,
        help=t("不打开浏览器，只显示地址。", "Print the address, open no browser."),
    )
    def desk(folder: Path, no_browser: bool) -> int:
        def show(link: str) -> None:
            opened = not no_browser and webbrowser.open(link)
            if opened:
                speaker.say(
                    "工作台已在浏览器里打开。用完请按页面右上角的“退出”，或者关掉这个窗口。",
                    "The desk is open in the browser. Press “Quit” there when done.",
                )
            else:
                speaker.say(
                    f"请在浏览器里打开（只能用一次）：{link}",
                    f"Open this in a browser (it works once): {link}",
                )

        if not serve(folder, speaker.language, show):
            speaker.say("工作台已经开着。", "The desk was running already.")
        return CLEAN

    return desk
