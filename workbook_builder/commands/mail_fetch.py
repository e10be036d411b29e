"""``mail DIR fetch`` and ``mail DIR password``: answers in, and the key to them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.markup import escape

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.model.text import Text
from workbook_builder.pipeline import Fetched, Fetching, FetchOutcome

_HELP = Text(
    "收取：把邮箱里的来信存成 .eml 放进 inbox，接着运行 collect。只读不改邮箱，"
    "每封信只取一次；不论谁发的都取，按附件的内容判断是哪个单位的。"
    "退信放在 mail/退信。\n\n"
    "没有 IMAP 也行：把来信另存为 .eml，或只存附件，放进 inbox 即可。\n\n"
    "退出码：0 正常，1 有退信或太大没有取的，2 无法运行。",
    "Keeps what the mailbox holds as .eml files in DIR/inbox. Then run "
    "collect. The mailbox is only read, each message is fetched once, whoever "
    "sent it. What servers returned goes to DIR/mail/退信.\n\n"
    "Without IMAP, save messages or attachments into the inbox yourself.\n\n"
    "Exit status: 0 fine, 1 returned or too large messages, 2 cannot run.",
)


def fetch_command(speaker: Speaker) -> click.Command:
    t = speaker.t

    @click.command(
        "fetch",
        help=speaker.of(_HELP),
    )
    @click.option(
        "--since",
        metavar="DATE",
        type=click.DateTime(["%Y-%m-%d"]),
        help=t(
            "从这一天起；默认从任务第一次生成或发送报送表起。",
            "From this day on; default: since the first build or message.",
        ),
    )
    @click.option(
        "--mark-seen",
        is_flag=True,
        help=t("取过的标为已读（默认不改邮箱）。", "Mark what was fetched as read."),
    )
    @click.option(
        "--again",
        is_flag=True,
        help=t("以前取过的也再取一次。", "Fetch what was fetched before, too."),
    )
    @click.option(
        "--dry-run", is_flag=True, help=t("只列出，不取。", "List, do not fetch.")
    )
    @click.pass_obj
    def fetch(
        path: Path,
        since: datetime | None,
        mark_seen: bool,
        again: bool,
        dry_run: bool,
    ) -> int:
        wanted = Fetching(since.date() if since else None, mark_seen, again, dry_run)
        with speaker.progress("收取邮件", "Fetching") as progress:
            fetched = pipeline.fetch(Folder(path), wanted, progress)
        _show(speaker, fetched, dry_run)
        odd = fetched.count(FetchOutcome.BOUNCE, FetchOutcome.TOO_LARGE)
        return FINDINGS if odd else CLEAN

    return fetch


def _show(speaker: Speaker, fetched: Fetched, dry_run: bool) -> None:
    quiet = {FetchOutcome.KNOWN, FetchOutcome.OURS}
    rows = [
        [
            speaker.of(each.outcome.text),
            escape(each.head.sender),
            escape(each.head.subject),
            f"{-(-each.listed.size // 1024)} KB",
            escape(each.file.name if each.file else each.unit),
        ]
        for each in fetched.seen
        if each.outcome not in quiet
    ]
    t = speaker.t
    if rows:
        heads = (t("结果", "Result"), t("发信人", "From"), t("主题", "Subject"))
        speaker.table([*heads, t("大小", "Size"), t("文件", "File")], rows)
    new, silent = fetched.count(FetchOutcome.NEW), fetched.count(*quiet)
    since, all_ = fetched.since, len(fetched.seen)
    speaker.say(
        f"查找范围：{fetched.mailbox}，{since} 起收到的邮件，共 {all_} 封。",
        f"Looked for: what arrived in {fetched.mailbox} since {since}: {all_} in all.",
    )
    verb = t("可以收取", "to fetch") if dry_run else t("收取", "fetched")
    speaker.say(
        f"{verb} {new} 封（以前取过的和本任务发出的 {silent} 封不算）。",
        f"{new} {verb}; {silent} fetched before or sent from here.",
    )
    if not all_:
        speaker.say(
            "应当有来信的，请核对 campaign.toml 里 [mail.imap] 的 user 和 folder，"
            "或者用 --since 从更早的日期找起。",
            "If there should be some, check user and folder under [mail.imap] in "
            "campaign.toml, or look from an earlier day on with --since.",
        )
    for each in fetched.seen:
        if each.outcome is FetchOutcome.BOUNCE:
            speaker.say(
                f"  退信：发给单位 {each.unit} 的邮件没有送达，见 {each.file}。"
                "请改正名录里的邮箱再发。",
                f"  returned: the message to unit {each.unit} did not arrive, see "
                f"{each.file}. Correct the address and send again.",
            )


def password_command(speaker: Speaker) -> click.Command:
    t = speaker.t

    @click.command(
        "password",
        help=t(
            "密码：把邮箱的密码（QQ、163 等是授权码）存进系统密码库。输入时不显示，"
            "也不写进任何文件。",
            "Keeps the mailbox's password in the system's keyring. No file holds it.",
        ),
    )
    @click.pass_obj
    def password(path: Path) -> int:
        for user, server in pipeline.logins(Folder(path)):
            secret = click.prompt(
                t(
                    f"{user} 在 {server} 的密码（授权码）",
                    f"Password of {user} at {server}",
                ),
                hide_input=True,
            )
            pipeline.keep(user, server, secret)
        speaker.say("已存进系统密码库。", "Kept in the system's keyring.")
        return CLEAN

    return password
