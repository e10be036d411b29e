"""``decide DIR UNIT …``: the clerk's decisions, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from workbook_builder import pipeline
from workbook_builder.campaign.decisions import WITHDRAW
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import (
    folder_argument,
    json_option,
    stacked,
)
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.model.decision import Decided, Ruling
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster
from workbook_builder.pipeline.contracts import decisions_json

_HELP = Text(
    "主管部门的决定，写进任务记录，再运行 collect 生效。单位写代码或名称。\n\n"
    "\b\n"
    "decide 任务文件夹 单位 accept --why 理由       同意计入：有问题也按现状计入（每个数都要有）\n"
    "decide 任务文件夹 单位 reject --why 理由       退回：不计入，理由印在退回意见上\n"
    "decide 任务文件夹 单位 exclude --why 理由      不计入：合计不含这个单位，也不退给它\n"
    "decide 任务文件夹 单位 waive B1 --why 理由     准予免改：这个问题不再影响通过\n"
    "decide 任务文件夹 单位 withdraw [B1]           撤回以前的决定\n"
    "decide 任务文件夹 单位 withdraw extend|excuse  撤回延期、免报（extend、excuse 命令）\n"
    "decide 任务文件夹 --list                       全部决定，含已失效的\n\n"
    "报送表里的数或审核公式变了，决定自动失效。",
    "The district's decisions, kept in the record; collect carries them out. "
    "UNIT is a code or a name.\n\n"
    "\b\n"
    "decide DIR UNIT accept --why …       take the return as it stands\n"
    "decide DIR UNIT reject --why …       do not count it; the reason goes back\n"
    "decide DIR UNIT exclude --why …      leave it out of the sums, send nothing back\n"
    "decide DIR UNIT waive B1 --why …     let one finding pass\n"
    "decide DIR UNIT withdraw [B1]        take decisions back\n"
    "decide DIR UNIT withdraw extend|excuse   take back what extend or excuse said\n"
    "decide DIR --list                    all decisions, void ones too\n\n"
    "A decision is void once its figures or its check change.",
)

#: The others have commands of their own.
RULINGS = (
    *(ruling.value for ruling in Ruling if ruling.is_about_returns),
    WITHDRAW,
)


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""

    @click.command(
        "decide",
        help=speaker.of(_HELP),
    )
    @folder_argument
    @_options(speaker)
    def decide(
        folder: Path,
        unit: str | None,
        ruling: str | None,
        code: str,
        why: str,
        place: str,
        listing: bool,
        as_json: bool,
    ) -> int:
        if listing or unit is None:
            _list(speaker, Folder(folder), as_json)
            return CLEAN
        said = _proved(speaker, ruling, code)
        if said == WITHDRAW:
            _withdraw(speaker, Folder(folder), unit, code, why)
        else:
            wish = pipeline.Wish(unit, Ruling(said), why, code, place)
            _decide(speaker, Folder(folder), wish)
        return CLEAN

    return decide


def _options(speaker: Speaker) -> Callable[[Any], Any]:
    t = speaker.t
    return stacked(
        click.argument("unit", metavar="[UNIT]", required=False),
        click.argument(
            "ruling",
            metavar=f"[{'|'.join(RULINGS)}]",
            required=False,
            type=click.Choice(RULINGS),
        ),
        click.argument("code", metavar="[CODE]", required=False, default=""),
        click.option("--why", default="", help=t("理由。", "The reason.")),
        click.option(
            "--at",
            "place",
            default="",
            help=t(
                "只准予免改这一处：单元格（工作表!D8）或指标编号。",
                "Waive only this place: an address (SHEET!D8) or a cell id.",
            ),
        ),
        click.option(
            "--list",
            "listing",
            is_flag=True,
            help=t("列出全部决定。", "List decisions."),
        ),
        json_option(speaker),
    )


def _proved(speaker: Speaker, ruling: str | None, code: str) -> str:
    """The ruling. Refuses a decision that is half said."""
    if ruling is None:
        raise click.UsageError(
            speaker.t(
                f"请写明决定：{'、'.join(RULINGS)}。",
                f"Say one of {', '.join(RULINGS)}.",
            )
        )
    if (ruling == Ruling.WAIVE.value) is not bool(code) and ruling != WITHDRAW:
        raise click.UsageError(
            speaker.t(
                "准予免改要写问题代码（如 waive B1），别的决定不写。",
                "Name the finding's code to waive (waive B1), and only then.",
            )
        )
    return ruling


def _decide(speaker: Speaker, folder: Folder, wish: pipeline.Wish) -> None:
    with speaker.progress("读取报送文件", "Reading") as progress:
        made = pipeline.decide(folder, wish, progress)
    unit, count = made.unit, len(made.decisions)
    what = f"{wish.ruling.chinese} {wish.code}".rstrip()
    places, several = (f"（{count} 处）", f" ({count})") if count > 1 else ("", "")
    speaker.say(
        f"已记下：{unit.name}（{unit.code}）{what}{places}。理由：{made.decisions[0].why}",
        f"Recorded for {unit.name} ({unit.code}): "
        + f"{wish.ruling.value} {wish.code}".rstrip()
        + f"{several}. Reason: {made.decisions[0].why}",
    )
    if made.unbalanced:
        speaker.say(
            "注意：这里有强制性错误。计入以后，本级的合计可能同样不平，上报表会被上级退回；"
            "能让单位改正的，请先退回改正。",
            "Note: a check that must hold fails here. The district's own sum may then "
            "fail it too and be sent back; better let the unit correct it.",
        )
    _what_next(speaker, folder)


def _withdraw(speaker: Speaker, folder: Folder, unit: str, code: str, why: str) -> None:
    made = pipeline.withdraw(folder, unit, code, why)
    speaker.say(
        f"已撤回 {made.unit.name}（{made.unit.code}）的 {len(made.decisions)} 项决定。"
        + made.still.zh,
        f"Withdrew {len(made.decisions)} decision(s) about {made.unit.name} "
        f"({made.unit.code}).{made.still.en}",
    )
    _what_next(speaker, folder)


def _what_next(speaker: Speaker, folder: Folder) -> None:
    speaker.say(
        f"运行 workbook-builder collect {folder.path} 生效。",
        f"Run workbook-builder collect {folder.path} to carry it out.",
    )


def _list(speaker: Speaker, folder: Folder, as_json: bool) -> None:
    with speaker.progress("读取报送文件", "Reading") as progress:
        roster, decided = pipeline.list_decisions(folder, progress)
    if as_json:
        speaker.json(decisions_json(decided, speaker.language))
    elif decided:
        show_decisions(speaker, roster, decided)
    else:
        speaker.say("还没有决定。", "Nothing is decided yet.")


def show_decisions(
    speaker: Speaker, roster: Roster, decided: tuple[Decided, ...]
) -> None:
    """A line for each decision: what, about whom, why, and whether it still holds."""
    t = speaker.t
    rows = []
    for each in decided:
        decision = each.decision
        unit = roster.by_code.get(decision.unit)
        style = "green" if each.in_force else "dim"
        fell = f"　{escape(speaker.of(each.fell))}" if each.fell else ""
        rows.append(
            [
                decision.at[:10],
                escape(f"{decision.unit} {unit.name if unit else ''}"),
                f"{speaker.of(decision.ruling.text)} {decision.about}".rstrip(),
                escape(decision.place),
                f"[{style}]{speaker.of(each.text)}[/{style}]{fell}",
                escape(decision.reason),
            ]
        )
    speaker.table(
        [
            t("日期", "Date"),
            t("单位", "Unit"),
            t("决定", "Decision"),
            t("位置", "Place"),
            t("状态", "State"),
            t("理由", "Why"),
        ],
        rows,
    )
