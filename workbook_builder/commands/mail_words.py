"""What ``mail`` says about messages: what is to go out, and what became of it."""

from __future__ import annotations

from rich.markup import escape

from workbook_builder import pipeline
from workbook_builder.commands.speak import Speaker, Styled
from workbook_builder.mail.smtp import Fate
from workbook_builder.model.text import Text
from workbook_builder.pipeline import MailEntry, Plan, PostingRun, Readiness
from workbook_builder.pipeline.mail_words import became, kept_back

_STYLE = {
    Readiness.READY: "green",
    Readiness.SENT: "dim",
    Readiness.NOT_NEEDED: "dim",
    Readiness.UNKNOWN: "red",
    Readiness.REFUSED: "red",
    Readiness.NO_ADDRESS: "yellow",
    Readiness.BAD_ADDRESS: "yellow",
    Readiness.OVER: "yellow",
    Readiness.TODAY: "dim",
}


def show_plan(speaker: Speaker, plan: Plan) -> None:
    """A line for each message, ready or not."""
    t = speaker.t
    rows = []
    for entry in plan.entries:
        subject = entry.letter.message.subject if entry.letter else ""
        state = f"[{_STYLE[entry.state]}]{speaker.of(entry.state.text)}[/]"
        row = (entry.unit.code, entry.unit.name, entry.to, subject)
        rows.append([state, *map(escape, row)])
    if rows:
        heads = (t("状态", "Readiness"), t("代码", "Code"), t("单位", "Unit"))
        speaker.table([*heads, t("收信地址", "To"), t("主题", "Subject")], rows)
    speaker.say(
        f"共 {len(plan.entries)} 个单位，待发 {len(plan.ready)} 封。",
        f"{len(plan.entries)} unit(s), {len(plan.ready)} message(s) ready.",
    )
    explain(speaker, plan)


def explain(speaker: Speaker, plan: Plan) -> None:
    for entry in plan.entries:
        if (why := kept_back(entry)) is not None:
            _line(speaker, entry, why, "yellow")
    again = [each for each in plan.entries if each.state is Readiness.SENT]
    if again:
        speaker.say(
            f"  {len(again)} 个单位已经发过，没有重发（要重发：--again 代码）。",
            f"  {len(again)} unit(s) have it already (once more: --again CODE).",
        )


def _line(speaker: Speaker, entry: MailEntry, text: Text, style: str) -> None:
    whose = Styled(f"{entry.unit.name}（{entry.unit.code}）", style)
    speaker.line("  ", whose, f"：{speaker.of(text)}")


def troubled(plan: Plan) -> bool:
    return any(kept_back(each) is not None for each in plan.entries)


def partly(posted: pipeline.Posted) -> bool:
    return posted.delivery is not None and bool(posted.delivery.refused)


def show_run(speaker: Speaker, run: PostingRun) -> None:
    sent = run.of(Fate.TAKEN)
    speaker.say(f"发出 {len(sent)} 封。", f"Sent {len(sent)} message(s).")
    for each in run.posted:
        if (said := became(each)) is not None:
            _line(speaker, each.entry, said, _tone(each))
    if run.left:
        speaker.say(
            f"还有 {len(run.left)} 封没有发：{pipeline.named(run.left)}。解决上面的问题后"
            "再运行一次，发过的不会重发。",
            f"{len(run.left)} message(s) left: {pipeline.named(run.left)}. Mend what is "
            "said above and run again; nothing is sent twice.",
        )


def _tone(posted: pipeline.Posted) -> str:
    if posted.delivery is None:
        return "dim"
    return "yellow" if posted.delivery.fate is Fate.TAKEN else "red"
