"""What ``mail`` says about messages: what is to go out, and what became of it."""

from __future__ import annotations

from collections.abc import Callable

from rich.markup import escape

from workbook_builder import pipeline
from workbook_builder.commands.speak import Speaker
from workbook_builder.mail.smtp import Fate
from workbook_builder.model.text import Text
from workbook_builder.pipeline import MailEntry, Plan, PostingRun, Readiness

_STYLE = {
    Readiness.READY: "green",
    Readiness.SENT: "dim",
    Readiness.NOT_NEEDED: "dim",
    Readiness.UNKNOWN: "red",
    Readiness.REFUSED: "red",
    Readiness.NO_ADDRESS: "yellow",
    Readiness.BAD_ADDRESS: "yellow",
    Readiness.OVER: "yellow",
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


#: Why a message that ought to go out does not.
_TROUBLES: dict[Readiness, Callable[[MailEntry], Text]] = {
    Readiness.NO_ADDRESS: lambda each: Text(
        "名录里没有邮箱，没有发。请补上邮箱，或用其他方式送达。",
        "no address on the roster; add one, or reach the unit another way.",
    ),
    Readiness.BAD_ADDRESS: lambda each: Text(
        f"邮箱“{each.to}”不是可以用的地址，没有发。请改正名录。",
        f"{each.to} is no usable address; correct the roster.",
    ),
    Readiness.OVER: lambda each: Text(
        "报送期限已经过了，信和报送表上的日期会是错的，没有发。请先定新的期限："
        f"workbook-builder extend DIR {each.unit.code} 日期，运行 build，再发。",
        "its deadline is over, and the message would name it. Give it another with "
        f"“extend DIR {each.unit.code} DATE”, run build, then send.",
    ),
    Readiness.REFUSED: lambda each: Text(
        f"地址“{each.to}”{each.history.at[:10]} 被拒收（{each.history.last.get('server', '')}），"
        f"没有再发。请改正名录里的邮箱；地址没错就加 --again {each.unit.code}",
        f"{each.to} was refused on {each.history.at[:10]} "
        f"({each.history.last.get('server', '')}). Correct the address, or use "
        f"--again {each.unit.code}.",
    ),
    Readiness.UNKNOWN: lambda each: Text(
        f"{each.history.at[:16].replace('T', ' ')} 发送时中断，不知道对方收到没有，没有再发。"
        f"请先问该单位；没有收到就加 --again {each.unit.code}",
        f"interrupted at {each.history.at[:16].replace('T', ' ')}; nobody knows whether "
        f"it arrived. Ask the unit; if it did not, use --again {each.unit.code}.",
    ),
}


def explain(speaker: Speaker, plan: Plan) -> None:
    for entry in plan.entries:
        if entry.state in _TROUBLES:
            _line(speaker, entry, _TROUBLES[entry.state](entry), "yellow")
    again = [each for each in plan.entries if each.state is Readiness.SENT]
    if again:
        speaker.say(
            f"  {len(again)} 个单位已经发过，没有重发（要重发：--again 代码）。",
            f"  {len(again)} unit(s) have it already (once more: --again CODE).",
        )


def _line(speaker: Speaker, entry: MailEntry, text: Text, style: str) -> None:
    whose = escape(f"{entry.unit.name}（{entry.unit.code}）")
    speaker.line(f"  [{style}]{whose}[/]：{escape(speaker.of(text))}")


def troubled(plan: Plan) -> bool:
    return any(each.state in _TROUBLES for each in plan.entries)


def partly(posted: pipeline.Posted) -> bool:
    return posted.delivery is not None and bool(posted.delivery.refused)


_FATES: dict[Fate, Callable[[str, str], Text]] = {
    Fate.REFUSED: lambda code, reply: Text(
        f"未能发出，服务器拒收：{reply}", f"not sent, refused: {reply}"
    ),
    Fate.LATER: lambda code, reply: Text(
        f"未能发出，服务器说稍后再试：{reply}。过一会儿再运行一次。",
        f"not sent, the server says later: {reply}. Run again in a while.",
    ),
    Fate.LOST: lambda code, reply: Text(
        f"未能发出，连接断了（{reply}）。再运行一次即可。",
        f"not sent, the connection broke ({reply}). Run again.",
    ),
    Fate.UNKNOWN: lambda code, reply: Text(
        f"不知道是否发出：信已交给服务器，没有等到答复（{reply}）。请问该单位收到没有；"
        f"没有收到就加 --again {code}",
        f"unknown: handed over, but no answer came ({reply}). Ask the unit; if nothing "
        f"arrived, use --again {code}.",
    ),
}


def show_run(speaker: Speaker, run: PostingRun) -> None:
    sent = run.of(Fate.TAKEN)
    speaker.say(f"发出 {len(sent)} 封。", f"Sent {len(sent)} message(s).")
    for each in run.posted:
        if each.delivery is None:
            by_others = Text(
                "另一个程序正在发或已经发过。", "another program sends it."
            )
            _line(speaker, each.entry, by_others, "dim")
        elif each.delivery.fate is not Fate.TAKEN:
            text = _FATES[each.delivery.fate](each.entry.unit.code, each.delivery.reply)
            _line(speaker, each.entry, text, "red")
        elif each.delivery.refused:
            reply = "；".join(each.delivery.refused.values())
            some = Text(
                f"已发出，但其中的地址被拒收：{reply}。请改正名录里的邮箱。",
                f"sent, but not to every address: {reply}. Correct the roster.",
            )
            _line(speaker, each.entry, some, "yellow")
    if run.left:
        speaker.say(
            f"还有 {len(run.left)} 封没有发：{pipeline.named(run.left)}。解决上面的问题后"
            "再运行一次，发过的不会重发。",
            f"{len(run.left)} message(s) left: {pipeline.named(run.left)}. Mend what is "
            "said above and run again; nothing is sent twice.",
        )
