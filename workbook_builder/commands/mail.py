"""``mail DIR send | remind | return | fetch``: a campaign by e-mail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.mail_fetch import fetch_command, password_command
from workbook_builder.commands.mail_words import (
    explain,
    partly,
    show_plan,
    show_run,
    troubled,
)
from workbook_builder.commands.options import folder_argument, stacked
from workbook_builder.commands.speak import CANNOT_RUN, CLEAN, FINDINGS, Speaker
from workbook_builder.commands.usage import Steps
from workbook_builder.mail.smtp import Fate
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.errors import MailError
from workbook_builder.model.text import Text
from workbook_builder.pipeline import Choice, Plan

_ABOUT = {
    Occasion.SEND: Text(
        "发送报送表：每个填报单位一封，附它自己的报送表（先运行 build）。",
        "Sends each reporting unit its workbook (run build first).",
    ),
    Occasion.REMIND: Text(
        "催报：只给未报和被退回、待说明的单位，列出各自的问题和剩余天数。同一单位一天最多催一次。",
        "Reminds only units that are missing or have something to mend. Each is told its "
        "own open points and the days left, at most once a day.",
    ),
    Occasion.RETURN: Text(
        "退回：把标好问题的退回件发给单位。以收件箱的最新版本为准，每个版本只退一次。",
        "Sends the marked workbook back to each unit that has to mend it. Each version "
        "once.",
    ),
    Occasion.ASK: Text(
        "请报表：对只来了图片、PDF、网盘链接的单位，请其用报送表报送。"
        "附它的报送表，每次来信答复一次。",
        "Asks for the workbook where pictures, PDFs or links came. It is "
        "attached; each letter is answered once.",
    ),
}


def command(speaker: Speaker) -> click.Group:
    """The group in the speaker's language."""
    t = speaker.t

    @click.group(
        "mail",
        cls=Steps,
        help=t(
            "邮件：发出报送表、催报、收取、退回。默认只生成草稿（.eml），加 --smtp 才直接发送。"
            "每封信最多发一次，发过什么记在任务记录里。邮件的文字在任务文件夹的 mail/模板 里改，"
            "服务器的设置和授权码见 docs/mail.md。",
            "A campaign by e-mail. Writes drafts (.eml) unless --smtp is given. Each "
            "message goes out at most once. The words are in DIR/mail/模板; servers "
            "and passwords: docs/mail.md.",
        ),
    )
    @folder_argument
    @click.pass_context
    def mail(context: click.Context, folder: Path) -> None:
        context.obj = folder

    mail.add_command(password_command(speaker))
    mail.add_command(_outgoing(speaker, Occasion.SEND))
    mail.add_command(fetch_command(speaker))
    for occasion in (each for each in Occasion if each is not Occasion.SEND):
        mail.add_command(_outgoing(speaker, occasion))
    return mail


def _outgoing(speaker: Speaker, occasion: Occasion) -> click.Command:
    t = speaker.t

    @click.command(
        occasion.value,
        help=f"{speaker.of(_ABOUT[occasion])}\n\n"
        + t(
            "退出码：0 全部发出（或已生成草稿），1 有单位未能发出，2 无法运行。",
            "Exit status: 0 all sent or drafted, 1 some could not be, 2 cannot run.",
        ),
    )
    @_options(speaker)
    @click.pass_obj
    def outgoing(
        path: Path,
        smtp: bool,
        dry_run: bool,
        by_hand: bool,
        units: tuple[str, ...],
        again: tuple[str, ...],
    ) -> int:
        if smtp + dry_run + by_hand > 1:
            raise MailError(
                "--smtp、--dry-run、--by-hand 只能选一个。",
                "--smtp, --dry-run and --by-hand exclude each other.",
            )
        folder = Folder(path)
        with speaker.progress("读取报送文件", "Reading") as progress:
            choice = Choice(frozenset(units), frozenset(again))
            plan = pipeline.plan(folder, occasion, choice, progress=progress)
        if smtp:
            return _send(speaker, folder, plan)
        show_plan(speaker, plan)
        if by_hand:
            _note(speaker, folder, plan)
        elif not dry_run:
            _draft(speaker, folder, plan)
        return FINDINGS if troubled(plan) else CLEAN

    return outgoing


def _options(speaker: Speaker) -> Callable[[Any], Any]:
    t = speaker.t
    return stacked(
        click.option(
            "--smtp",
            is_flag=True,
            help=t("直接发送，不生成草稿。", "Send, do not draft."),
        ),
        click.option(
            "--dry-run",
            is_flag=True,
            help=t("只列出发给谁、发什么，什么也不写。", "Show who would get what."),
        ),
        click.option(
            "--by-hand",
            is_flag=True,
            help=t(
                "草稿已经用别的程序发出：登记为已发。",
                "You sent the drafts yourself: note them as sent.",
            ),
        ),
        click.option(
            "--unit",
            "units",
            multiple=True,
            metavar="CODE",
            help=t("只给这个单位，可以写几次。", "Only this unit; may be repeated."),
        ),
        click.option(
            "--again",
            multiple=True,
            metavar="CODE",
            help=t(
                "再发一次给这个单位，即使发过或者不知道是否发出；可以写几次。",
                "Once more to this unit, sent before or not; may be repeated.",
            ),
        ),
    )


def _note(speaker: Speaker, folder: Folder, plan: Plan) -> None:
    pipeline.note_by_hand(folder, plan)
    speaker.say(
        f"已登记 {len(plan.ready)} 封为已发。",
        f"Noted {len(plan.ready)} message(s) as sent.",
    )


def _draft(speaker: Speaker, folder: Folder, plan: Plan) -> None:
    drafts = pipeline.write_drafts(folder, plan)
    if not drafts:
        return
    speaker.say(
        f"生成 {len(drafts)} 封草稿，在 {drafts[0].parent}。双击用 Outlook、Foxmail 等打开，"
        "看过再发；全部发出后加 --by-hand 运行一次，登记为已发。",
        f"{len(drafts)} draft(s) in {drafts[0].parent}. Open them in Outlook or another "
        "mail program and send; then run this once more with --by-hand.",
    )


def _send(speaker: Speaker, folder: Folder, plan: Plan) -> int:
    with speaker.progress("发送", "Sending") as progress:
        run = pipeline.post(folder, plan, progress)
    show_run(speaker, run)
    explain(speaker, plan)
    sent = run.of(Fate.TAKEN)
    if run.broken is not None:
        click.echo(speaker.of(run.broken.text), err=True)
        return CANNOT_RUN
    whole = len(sent) == len(run.posted) and not run.left and not troubled(plan)
    return CLEAN if whole and not any(partly(each) for each in sent) else FINDINGS
