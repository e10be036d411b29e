"""What is said of a message that does not go out, whoever shows it."""

from __future__ import annotations

from collections.abc import Callable

from workbook_builder.mail.smtp import Fate
from workbook_builder.model.text import Text
from workbook_builder.pipeline.mailing import MailEntry, Readiness
from workbook_builder.pipeline.posting import Posted

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
        f"workbook-builder extend 任务文件夹 {each.unit.code} 日期，运行 build，再发。",
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


def kept_back(entry: MailEntry) -> Text | None:
    """Why a message that ought to go out does not; None where it does or need not."""
    said = _TROUBLES.get(entry.state)
    return said(entry) if said else None


_FATES: dict[Fate, Callable[[str, str], Text]] = {
    Fate.REFUSED: lambda code, reply: Text(
        f"未能发出，服务器拒收：{reply}", f"not sent, refused: {reply}"
    ),
    Fate.LATER: lambda code, reply: Text(
        f"未能发出，服务器要求稍后再试：{reply}。请稍后再运行一次。",
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


def became(posted: Posted) -> Text | None:
    """What became of a message that was tried; None where all is well."""
    delivery = posted.delivery
    if delivery is None:
        return Text(
            "另一个程序正在发送或者已经发出，这里没有再发。",
            "another program sends it.",
        )
    if delivery.fate is not Fate.TAKEN:
        return _FATES[delivery.fate](posted.entry.unit.code, delivery.reply)
    if delivery.refused:
        reply = "；".join(delivery.refused.values())
        return Text(
            f"已发出，但其中的地址被拒收：{reply}。请改正名录里的邮箱。",
            f"sent, but not to every address: {reply}. Correct the roster.",
        )
    return None
