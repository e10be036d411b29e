"""``workbook-builder`` alone: what to do next in the folder where one stands."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.place import SETTINGS, campaign_around
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.model.errors import WorkbookBuilderError


def here(speaker: Speaker) -> int:
    """Says where the campaign stands that one is in, or those in this folder."""
    around = campaign_around(Path.cwd() / SETTINGS)
    found = [Path(os.path.relpath(around))] if around else sorted(_below(Path()))
    if not found:
        _begin(speaker)
        return CLEAN
    for number, path in enumerate(found):
        if number:
            speaker.say("", "")
        _tell(speaker, path)
    speaker.say(
        f"\n在浏览器里做：workbook-builder desk{'' if not around else f' {_said(found[0])}'}"
        "\n全部命令：workbook-builder --help",
        f"\nIn the browser: workbook-builder desk{'' if not around else f' {_said(found[0])}'}"
        "\nAll commands: workbook-builder --help",
    )
    return CLEAN


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            if (path / SETTINGS).is_file():
                yield path


def _said(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if " " in text else text


def _tell(speaker: Speaker, path: Path) -> None:
    """A campaign that cannot be read is said with what to do about it."""
    name = path.resolve().name
    try:
        folder = Folder(path)
        campaign, title = folder.campaign(), folder.form().title
        advice = pipeline.advise(folder)
    except WorkbookBuilderError as error:
        speaker.say(f"任务“{name}”：{error.text.zh}", f"{name}: {error.text.en}")
        return
    until = campaign.deadline
    speaker.say(
        f"任务“{name}”：{title}，{campaign.period.words}{f'，截止 {until}' if until else ''}。",
        f"{name}: {title}, {campaign.period}{f', deadline {until}' if until else ''}.",
    )
    speaker.say(*advice.state)
    speaker.say("接下来：", "Next:")
    for step in advice.steps:
        command = step.command.replace("{}", _said(path))
        speaker.say(
            f"  workbook-builder {command}   # {step.why.zh}",
            f"  workbook-builder {command}   # {step.why.en}",
        )


def _begin(speaker: Speaker) -> None:
    speaker.say(
        "这个文件夹里没有填报任务。可以：\n"
        "  workbook-builder demo                          # 看一遍演示\n"
        "  workbook-builder desk                          # 在浏览器里做，不用命令\n"
        "  workbook-builder init 2025年报 --year 2025     # 建一个任务\n"
        "全部命令：workbook-builder --help",
        "There is no campaign in this folder. You can:\n"
        "  workbook-builder demo                          # see the whole cycle\n"
        "  workbook-builder desk                          # work in the browser\n"
        "  workbook-builder init 2025年报 --year 2025     # make a campaign\n"
        "All commands: workbook-builder --help",
    )
