"""决定、写信、下一期, from the console: the same as the commands of these names."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.console.desk import Desk
from workbook_builder.console.making import make_console
from workbook_builder.console.places import (
    CODE,
    NEXT_FOLDER,
    PYTHON,
    RULING,
    RULINGS,
    UNIT,
    WHY,
)
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.decision import Ruling
from workbook_builder.model.errors import CampaignError


def decide(desk: Desk) -> str:
    """记下决定: about the unit, with the reason, that stand in the settings."""
    folder = Folder(desk.folder())
    unit, said = desk.said(UNIT), desk.said(RULING)
    code, why = desk.said(CODE), desk.said(WHY)
    ruling = RULINGS.get(said)
    if not unit or said not in RULINGS or (ruling and not why):
        raise CampaignError(
            "请在“设置”里填“单位”（代码或名称），在“决定”里选一项，写上“理由”，再执行。",
            "Fill in the unit, choose a decision and give the reason, then run again.",
        )
    if ruling is None:
        made = pipeline.withdraw(folder, unit, code, why)
        return f"已撤回{made.unit.name}的 {len(made.decisions)} 项决定。{_NEXT}"
    if (ruling is Ruling.WAIVE) is not bool(code):
        raise CampaignError(
            "准予免改要在“问题代码”里写代码（如 B1），别的决定请把它留空。",
            "Name the finding's code to waive it, and only then.",
        )
    wish = pipeline.Wish(unit, ruling, why, code)
    made = pipeline.decide(folder, wish, partial(desk.progress, "正在读取"))
    answer = f"已记下：{made.unit.name}，{said} {code}".rstrip()
    return f"{answer}。理由：{made.decisions[0].why}。{_NEXT}"


_NEXT = "再执行“收取并汇总”生效。"


def write_letters(occasion: Occasion, desk: Desk) -> str:
    """Drafts for every unit that is to have such a message; nothing is sent."""
    folder = Folder(desk.folder())
    plan = pipeline.plan(folder, occasion, None, partial(desk.progress, "正在读取"))
    drafts = pipeline.write_drafts(folder, plan)
    kept = [
        f"{each.unit.name}：{each.state.text.zh}"
        for each in plan.entries
        if each not in plan.ready
    ]
    lines = [
        f"生成 {len(drafts)} 封草稿，在 {drafts[0].parent}。用 Outlook、Foxmail 等打开，看过再发；"
        f"发完运行 workbook-builder mail {folder.path} {occasion.value} --by-hand 登记。"
        if drafts
        else f"没有要写的信（{occasion.chinese}）。"
    ]
    return "\n".join((*lines, *(f"没有写给{line}" for line in kept)))


def renew(desk: Desk) -> str:
    """建下一期任务: as ``init --from``, with a console of its own."""
    folder, said = Folder(desk.folder()), desk.said(NEXT_FOLDER).strip('"')
    if not said:
        raise CampaignError(
            "请在“设置”的“下一期文件夹”里写新任务的文件夹（如 2026年报），再执行。",
            "Name the folder of the next campaign in the settings, then run again.",
        )
    path = folder.path.absolute().parent / Path(said)
    made = pipeline.renew(path, folder, None, partial(desk.progress, "正在读取"))
    make_console(made.folder, desk.said(PYTHON))
    return "\n".join(
        (
            f"已建好 {path}，带来：",
            *(each.zh for each in made.taken),
            *(f"缺：{each.zh}" for each in made.missing),
            "请核对新文件夹里 campaign.toml 的截止日期和名录，用那里的控制台接着做。",
        )
    )
