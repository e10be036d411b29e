"""发、催、退: who gets which message, as drafts or for good; and what came by mail."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_builder import pipeline
from workbook_builder.desk.asked import Answer, Asked, redirect
from workbook_builder.desk.home import NoSuchPage
from workbook_builder.desk.jobs import Notice
from workbook_builder.mail.smtp import Fate
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.text import Text, Tone
from workbook_builder.pipeline import Choice, FetchOutcome, PostingRun, Progress
from workbook_builder.pipeline.mail_words import became, kept_back


def _occasion(said: str) -> Occasion:
    try:
        return Occasion(said)
    except ValueError:
        raise NoSuchPage from None


def show(asked: Asked) -> Answer:
    """Every message of an occasion, ready or not; nothing is sent or written."""
    occasion = _occasion(asked.query.get("occasion", "send"))
    folder = asked.folder
    plan = pipeline.plan(folder, occasion)
    settings = folder.mail()
    return asked.page(
        "mail.html",
        "send" if occasion is Occasion.SEND else "review",
        occasion=occasion,
        occasions=list(Occasion),
        plan=plan,
        entries=[(each, kept_back(each)) for each in plan.entries],
        server=settings.server,
        user=settings.user,
    )


def send(asked: Asked) -> Answer:
    """Writes drafts, notes them as sent, or sends what is ready."""
    occasion, how = _occasion(asked.said("occasion")), asked.said("how")
    again = frozenset(filter(None, [asked.said("again")]))
    folder, choice = asked.folder, Choice(again=again)

    def work(progress: Progress) -> Sequence[Notice]:
        plan = pipeline.plan(folder, occasion, choice, progress)
        if how == "smtp":
            return _told(pipeline.post(folder, plan, progress))
        if how == "by-hand":
            pipeline.note_by_hand(folder, plan)
            count = len(plan.ready)
            return [
                Notice(Text(f"已登记 {count} 封为已发。", f"Noted {count} as sent."))
            ]
        drafts = pipeline.write_drafts(folder, plan)
        return [
            Notice(
                Text(
                    f"生成 {len(drafts)} 封草稿，在任务文件夹的 mail/{occasion.chinese} 里。"
                    "双击用邮件程序打开，看过再发；全部发出后按“登记为已发”。",
                    f"{len(drafts)} draft(s) in mail/{occasion.chinese}. Open them in your "
                    "mail program and send; then press “Note as sent”.",
                )
            )
        ]

    title = Text(f"邮件：{occasion.chinese}", f"Mail: {occasion.value}")
    return asked.do(title, work, asked.url("mail", occasion=occasion.value))


def _told(run: PostingRun) -> list[Notice]:
    sent = len(run.of(Fate.TAKEN))
    said = [Notice(Text(f"发出 {sent} 封。", f"Sent {sent} message(s)."))]
    for each in run.posted:
        if (odd := became(each)) is not None:
            name = each.entry.unit.name
            said.append(
                Notice(Text(f"{name}：{odd.zh}", f"{name}: {odd.en}"), Tone.BAD)
            )
    if run.left:
        count, names = len(run.left), pipeline.named(run.left)
        said.append(
            Notice(
                Text(
                    f"还有 {count} 封没有发：{names}。解决上面的问题后再按一次，发过的不会重发。",
                    f"{count} left: {names}. Mend that and press again; nothing goes twice.",
                ),
                Tone.OPEN,
            )
        )
    return [*said, *([Notice(run.broken.text, Tone.BAD)] if run.broken else [])]


def fetch(asked: Asked) -> Answer:
    """What arrived in the mailbox, into the inbox."""
    folder = asked.folder

    def work(progress: Progress) -> Sequence[Notice]:
        found = pipeline.fetch(folder, progress=progress)
        new, odd = found.count(FetchOutcome.NEW), found.count(FetchOutcome.BOUNCE)
        large = found.count(FetchOutcome.TOO_LARGE)
        said = [
            Notice(Text(f"收取 {new} 封新邮件。", f"Fetched {new} new message(s)."))
        ]
        if odd or large:
            said.append(
                Notice(
                    Text(
                        f"退信 {odd} 封，太大没有取的 {large} 封，请核对。",
                        f"{odd} returned, {large} too large to fetch; please check.",
                    ),
                    Tone.OPEN,
                )
            )
        asked.home.look(asked.campaign, progress)
        return said

    return asked.do(Text("收取邮件", "Fetching"), work, asked.url("receive"))


def password(asked: Asked) -> Answer:
    """The mailbox's password into the system's own store, never into a file."""
    secret = asked.said("password")
    if not secret:
        raise CampaignError("请填密码（授权码）。", "Type the password.")
    for user, server in pipeline.logins(asked.folder):
        pipeline.keep(user, server, secret)
    return redirect(asked.url("mail"))
