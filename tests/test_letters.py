"""Letters: what is in a mail and is no workbook; links to network disks, bounces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests import tnef
from tests.growth import grows_linearly
from tests.servers.answers import PDF
from tests.servers.campaign import mail_folder, roster_with, unit_with
from tests.support import Shell, codes, expected, finding, folder, receive_file, unit
from tests.test_intake import (
    NAME,
    book,
    leaves,
    linked,
    mail,
    outcomes,
    outlook,
    report,
)
from tests.test_mail_parts import HEAD, attached, entity, text
from workbook_builder.campaign.decisions import assigned
from workbook_builder.campaign.record import now
from workbook_builder.intake.bounces import bounce_in
from workbook_builder.intake.clouds import DISKS, cloud_files, disk_of
from workbook_builder.intake.mails import returned_mail
from workbook_builder.intake.pages import runs_of_page, runs_of_text
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.finding import Verdict
from workbook_builder.model.letter import CloudFile, Letter, LetterKind
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import Readiness, collect, note_by_hand, plan


def page(said: str) -> bytes:
    head = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit"
    return head + b"\r\n\r\n" + said.encode()


def letters(data: bytes) -> list[Letter]:
    return [leaf.letter for leaf in leaves(data) if leaf.letter is not None]


def clouds(data: bytes) -> list[CloudFile]:
    return [each.cloud for each in letters(data) if each.cloud is not None]


# ---------------------------------------------------------------- links

QQ = """<div>报表见附件</div><div id="QQMailBigAttach" class="qqmailbgattach">
<div>从QQ邮箱发来的超大附件</div><div>
<a href="https://wx.mail.qq.com/ftn/download?func=3&amp;k=K1&amp;code=c">示例镇 年报.xlsx</a>
 (59.55K, 2026年02月13日 09:00 到期)</div>
<a href="https://wx.mail.qq.com/ftn/download?func=3">进入下载页面</a></div>"""
OLD_QQ = """<hr/><span class="qqmailbgattach" expiretime="1770944400"
 downloadlink="http://mail.qq.com/cgi-bin/ftnExs_download?k=K2&amp;t=exs_ftn_download">
<a href="http://mail.qq.com/cgi-bin/ftnExs_download?k=K2&amp;t=exs_ftn_download">a.xls</a>
<span>(3.2M, 无限期)</span></span>"""
NETEASE = """<div id="divNeteaseBigAttach"><div><b>从网易163邮箱发来的云附件</b>
<a href="http://u.163.com/abc?spm=x">推荐客户端极速下载</a></div><div>
<div><a href="https://mail.163.com/large-attachment-download/index.html?file=F1"></a></div>
<div><a href="https://mail.163.com/large-attachment-download/index.html?file=F1">报送表.xlsx</a>
<span> (80.96M, 2026年8月7日 0:49 到期)</span></div>
<div><a href="https://mail.163.com/large-attachment-download/index.html?file=F1">下载</a></div>
<div><a href="https://mail.163.com/large-attachment-download/index.html?file=F2">b.zip</a>
<span> (1M, 2026年8月8日 0:49 到期)</span></div></div></div>"""
OF_NETEASE = [
    CloudFile(
        name,
        f"https://mail.163.com/large-attachment-download/index.html?file={id_}",
        "网易云附件",
        expires,
    )
    for name, id_, expires in (
        ("报送表.xlsx", "F1", "2026-08-07 00:49"),
        ("b.zip", "F2", "2026-08-08 00:49"),
    )
]
OUTLOOK = """<a href="https://office-my.sharepoint.cn/:x:/g/personal/wang/E1"><img> 年报.xlsx</a>"""
BAIDU = (
    "通过网盘分享的文件：2025年报.xlsx\n链接: https://pan.baidu.com/s/1abcdef?pwd=x7yz "
    "提取码: x7yz \n--来自百度网盘超级会员v5的分享"
)

LINKS: dict[str, tuple[Callable[[], bytes], list[CloudFile]]] = {
    "QQ": (
        lambda: HEAD + entity(text("见附件"), page(QQ), kind="multipart/alternative"),
        [
            CloudFile(
                "示例镇 年报.xlsx",
                "https://wx.mail.qq.com/ftn/download?func=3&k=K1&code=c",
                "QQ邮箱超大附件",
                "2026-02-13 09:00",
            )
        ],
    ),
    "QQ, older": (
        lambda: HEAD + page(OLD_QQ),
        [
            CloudFile(
                "a.xls",
                "http://mail.qq.com/cgi-bin/ftnExs_download?k=K2&t=exs_ftn_download",
                "QQ邮箱超大附件",
                "永久",
            )
        ],
    ),
    "163, two of them": (
        lambda: HEAD + page(NETEASE),
        OF_NETEASE,
    ),
    "OneDrive": (
        lambda: HEAD + page(OUTLOOK),
        [
            CloudFile(
                "年报.xlsx", "https://office-my.sharepoint.cn/:x:/g/personal/wang/E1",
                "OneDrive",
            )
        ],
    ),
    "百度网盘": (
        lambda: HEAD + text(BAIDU),
        [
            CloudFile(
                "2025年报.xlsx", "https://pan.baidu.com/s/1abcdef?pwd=x7yz", "百度网盘",
                key="x7yz",
            )
        ],
    ),
    "a link and nothing about it": (
        lambda: HEAD + text("报送表：https://pan.baidu.com/s/1EXAMPLE 提取码: abcd"),
        [
            CloudFile(
                "百度网盘的文件", "https://pan.baidu.com/s/1EXAMPLE", "百度网盘", "", "abcd"
            )
        ],
    ),
    "a link that says nothing, before the name": (
        lambda: HEAD + page(
            '<a href="https://exmail.qq.com/cgi-bin/ftnExs_download?k=1">进入下载页面</a>'
            "<div>年报.xlsx (1.2M, 2026年2月9日 9:00 到期)</div>"
        ),
        [
            CloudFile(
                "年报.xlsx", "https://exmail.qq.com/cgi-bin/ftnExs_download?k=1",
                "QQ邮箱超大附件", "2026-02-09 09:00",
            )
        ],
    ),
    "a name in corner marks": (
        lambda: HEAD + text("用夸克网盘给你分享了「年报.xlsx」，链接：https://pan.quark.cn/s/abc"),
        [CloudFile("年报.xlsx", "https://pan.quark.cn/s/abc", "夸克网盘")],
    ),
    "the day it ends, said before the day": (
        lambda: HEAD + page(
            '<a href="https://1drv.ms/x/s!abc">年报.xlsx</a> 到期时间：2026年01月25日 10:20'
        ),
        [CloudFile("年报.xlsx", "https://1drv.ms/x/s!abc", "OneDrive", "2026-01-25 10:20")],
    ),
    "a part that is elsewhere": (
        lambda: HEAD + entity(
            text(),
            b"Content-Type: message/external-body; access-type=URL; name=a.xlsx;\r\n"
            b' url="https://files.example.gov.cn/a"\r\n\r\nContent-Type: application/x\r\n\r\n',
        ),
        [CloudFile("a.xlsx", "https://files.example.gov.cn/a", "files.example.gov.cn")],
    ),
    "days instead of a day": (
        lambda: HEAD + text("a.xlsx https://cowtransfer.com/s/abc123（7天后过期）"),
        [CloudFile("a.xlsx", "https://cowtransfer.com/s/abc123", "奶牛快传", "7天")],
    ),
    "a disk nobody knows, by the name of the file": (
        lambda: HEAD + page('<a href="https://files.example.gov.cn/d/1">年报.xlsx</a>'),
        [CloudFile("年报.xlsx", "https://files.example.gov.cn/d/1", "files.example.gov.cn")],
    ),
    "beside a workbook": (
        lambda: HEAD + entity(page(QQ), attached("b.xlsx", book())),
        [
            CloudFile(
                "示例镇 年报.xlsx",
                "https://wx.mail.qq.com/ftn/download?func=3&k=K1&code=c",
                "QQ邮箱超大附件",
                "2026-02-13 09:00",
            )
        ],
    ),
    "in a mail that is answered, beside a workbook": (
        lambda: HEAD + entity(
            page(f"已报。<blockquote>{QQ}</blockquote>"), attached("b.xlsx", book())
        ),
        [],
    ),
    "in a mail that was passed on": (
        lambda: HEAD + page(f"请查收<br>---- 转发的原邮件 ----<div>{OLD_QQ}</div>"),
        [
            CloudFile(
                "a.xls",
                "http://mail.qq.com/cgi-bin/ftnExs_download?k=K2&t=exs_ftn_download",
                "QQ邮箱超大附件",
                "永久",
            )
        ],
    ),
    "the office's own link in what is answered": (
        lambda: HEAD + entity(
            text("见附件\n> 模板：https://pan.baidu.com/s/1office"),
            attached("b.xlsx", book()),
        ),
        [],
    ),
    "other links": (
        lambda: HEAD + page(
            '<a href="https://www.example.gov.cn/">政府网站</a> https://mail.qq.com/ '
            '<a href="mailto:a@b.cn">a@b.cn</a> <a href="javascript:x()">年报.xlsx</a>'
        ),
        [],
    ),
    "a message of Outlook": (
        lambda: in_outlook(NETEASE),
        OF_NETEASE,
    ),
    "winmail.dat": (
        lambda: mail(
            (
                "winmail.dat",
                tnef.winmail(
                    tnef.attachment(
                        "a.xlsx", None, (0x3705, tnef.INTEGER, 7),
                        (0x370D, tnef.WIDE, "https://1drv.ms/x/s!abc"),
                    )
                ),
            )
        ),
        [CloudFile("a.xlsx", "https://1drv.ms/x/s!abc", "OneDrive")],
    ),
}  # fmt: skip


def in_outlook(said: str) -> bytes:
    message = outlook()
    message.set_property(0x1013, 0x0102, said.encode())
    message.set_property(0x3FFD, 0x0003, 65001)
    return bytes(message.to_bytes())


@pytest.mark.parametrize("case", LINKS)
def test_files_on_network_disks_are_listed(case: str) -> None:
    make, wanted = LINKS[case]
    assert clouds(make()) == wanted


SHARED = {
    "https://pan.quark.cn/s/abc": "夸克网盘",
    "https://www.alipan.com/s/abc": "阿里云盘",
    "https://cloud.189.cn/web/share?code=x": "天翼云盘",
    "https://yun.139.com/link/w/i/abc": "中国移动云盘",
    "https://share.weiyun.com/abc": "腾讯微云",
    "https://drive.weixin.qq.com/s?k=abc": "企业微信微盘",
    "https://docs.qq.com/sheet/DAbc?tab=1": "腾讯文档",
    "https://www.kdocs.cn/l/cabc": "金山文档",
    "https://exmail.qq.com/cgi-bin/ftnExs_download?k=1": "QQ邮箱超大附件",
    "https://dashi.163.com/html/cloud-attachment-download/?key=1": "网易云附件",
    "https://edisk.qiye.163.com/api/biz/attachment/download?identity=1": "网易云附件",
    "https://mail.126.com/large-attachment-download/index.html?p=1": "网易云附件",
    "http://mail.example.gov.cn/coremail/common/nfw/down.jsp?share_link=1": "邮箱文件中转站",
    "https://wwx.lanzoui.com/iabc": "蓝奏云",
    "https://onedrive.live.com/?id=1": "OneDrive",
    "https://qfile.qq.com/q/abc": "QQ闪传",
    "http://fs.163.com/fs/display/?p=X&file=1": "网易云附件",
    "https://1drv.ms/x/s!abc": "OneDrive",
    "https://office.sharepoint.com/:x:/s/zwgk/E1": "SharePoint",
    "https://www.icloud.com/attachment/?u=1": "iCloud",
    "https://x.feishu.cn/file/box1": "飞书",
    "https://www.123pan.com/s/abc-1": "123云盘",
    "https://www.aliyundrive.com/s/abc": "阿里云盘",
    "https://doc.weixin.qq.com/sheet/e3_abc": "企业微信微盘",
    "https://vip.mail.sina.com.cn/filecenter/download?id=1": "新浪邮箱文件中转站",
    "https://v2.fangcloud.com/share/abc": "亿方云",
    "https://url99.ctfile.com/f/1-2-3": "城通网盘",
    "https://www.123pan.com/": "",
    "https://pan.baidu.com/": "",
    "https://mail.qq.com/": "",
    "https://u.163.com/abc": "",
    "https://notpan.baidu.com.example.cn/s/1": "",
    "https://office.sharepoint.com/sites/zwgk": "",
    "https://[::1": "",
}


@pytest.mark.parametrize("link", SHARED)
def test_disks_are_known_by_their_links(link: str) -> None:
    assert disk_of(link) == SHARED[link]


def test_every_disk_has_a_case() -> None:
    known = {*SHARED.values(), *(f.disk for _, files in LINKS.values() for f in files)}
    unproved = {
        "139邮箱超大附件", "迅雷云盘", "115网盘", "坚果云", "钉盘", "石墨文档", "文叔叔",
        "Google 云端硬盘", "Dropbox", "WeTransfer",
    }  # fmt: skip
    assert known - {"", "files.example.gov.cn"} | unproved == DISKS.keys()


def test_a_link_stays_with_its_mail_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "回复.eml"
    path.write_bytes(HEAD + page(QQ))
    (submission,) = receive_file(path, "回复.eml", expected())
    assert submission.path == "回复.eml/示例镇 年报.xlsx"
    assert submission.verdict is Verdict.IGNORED
    assert submission.arrival.sender == "zhang@jie.gov.cn"
    found = finding(submission, "I09")
    assert found.message.zh == (
        "附件“示例镇 年报.xlsx”在网盘 "
        "https://wx.mail.qq.com/ftn/download?func=3&k=K1&code=c "
        "（QQ邮箱超大附件，有效期：2026-02-13 09:00），没有下载。"
    )
    assert "wx.mail.qq.com, until 2026-02-13 09:00" in found.message.en


def test_what_a_mail_says_is_kept() -> None:
    (letter,) = letters(HEAD + text("我单位2025年无\n政府信息公开申请。"))
    assert letter == Letter(LetterKind.TEXT, "我单位2025年无 政府信息公开申请。")
    both = entity(
        page("<p>长<b>的</b></p>"), text("短的"), kind="multipart/alternative"
    )
    (letter,) = letters(HEAD + both)
    assert letter.text == "短的"
    (letter,) = letters(HEAD + page("<style>p{x}</style><p>只有<br>网页</p>"))
    assert letter.text == "只有 网页"
    (letter,) = letters(bytes(outlook().to_bytes()))
    assert letter.text == "您好，请查收。"
    gbk = b"Content-Type: text/plain; charset=gb2312\r\n\r\n" + "朱镕基".encode("gbk")
    (letter,) = letters(HEAD + gbk)
    assert letter.text == "朱镕基"


# ---------------------------------------------------------------- bounces

OURS = b"""From: zwgk@example.cn
To: u1@unit.example.cn
Subject: x
Message-ID: <wb.1@example.cn>
Content-Type: multipart/mixed; boundary="q"

--q
Content-Type: application/octet-stream; name="a.xlsx"
Content-Transfer-Encoding: base64

UEsDBA==
--q--
"""


def from_server(
    sender: str, subject: str, said: str, *more: bytes, head: bytes = b""
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        sender,
        "zwgk@example.cn",
        subject,
    )
    message["Date"] = "Wed, 14 Jan 2026 17:00:00 +0800"
    lines = head + message.as_bytes().rstrip(b"\n") + b"\n"
    return lines + entity(text(said), *more, boundary="out").replace(b"\r\n", b"\n")


def status(action: str = "failed", more: str = "") -> bytes:
    return (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.cn\n\n"
        f"Original-Recipient: rfc822;U1@unit.example.cn\nAction: {action}\n{more}"
        "Diagnostic-Code: smtp; 550 5.1.1 No such\n user here\n"
    ).encode()


ENCLOSED = b"Content-Type: message/rfc822\n\n" + OURS
HEADERS = b"Content-Type: text/rfc822-headers\n\n" + OURS.partition(b"\n\n")[0]
TO, ID = "u1@unit.example.cn", "<wb.1@example.cn>"

#: The mail, whom it was sent to, which message it was, what the server said.
BOUNCES: dict[str, tuple[Callable[[], bytes], tuple[str, str, str]]] = {
    "by the standard": (
        lambda: from_server("MAILER-DAEMON@mx.cn", "x", "x", status(), ENCLOSED),
        (TO, ID, "550 5.1.1 No such user here"),
    ),
    "by the standard, from anybody": (
        lambda: from_server("a@b.cn", "x", "x", status(), HEADERS),
        (TO, ID, "550 5.1.1 No such user here"),
    ),
    "without an action": (
        lambda: from_server("a@b.cn", "x", "x", status().replace(b"Action", b"X"), ENCLOSED),
        (TO, ID, "550 5.1.1 No such user here"),
    ),
    "postfix, as a text": (
        lambda: from_server(
            "MAILER-DAEMON@mx.example.cn", "Undelivered Mail Returned to Sender",
            "I'm sorry to have to inform you that your message could not\nbe delivered.\n\n"
            f"<{TO}>: host mx said: 550 5.1.1\n    User unknown",
        ),
        (TO, "", "550 5.1.1"),
    ),
    "qmail": (
        lambda: from_server(
            "MAILER-DAEMON@example.cn", "failure notice",
            "Hi. This is the qmail-send program at example.cn.\n\n"
            f"<{TO}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            f"--- Below this line is a copy of the message.\n\nMessage-ID: {ID}\n",
        ),
        (TO, ID, ""),
    ),
    "exim": (
        lambda: from_server(
            "Mail Delivery System <Mailer-Daemon@example.cn>", "Mail delivery failed", "x",
            ENCLOSED, head=f"X-Failed-Recipients: {TO}\n".encode(),
        ),
        (TO, ID, ""),
    ),
    "QQ": (
        lambda: from_server(
            "PostMaster@qq.com", "系统退信",
            "抱歉，您的邮件被退回来了……\n原邮件信息：\n时间：2026-01-14\n"
            f"收件人：{TO}\n退信原因：收件人邮件地址不存在。\n"
            "550 Mailbox not found. http://service.mail.qq.com/",
        ),
        (TO, "", "550 Mailbox not found. http://service.mail.qq.com/"),
    ),
    "163": (
        lambda: from_server(
            "Postmaster@163.com", "系统退信/Systems bounce",
            f"邮件无法送达，收件人 {TO}", ENCLOSED,
        ),
        (TO, ID, ""),
    ),
    "Exchange": (
        lambda: from_server(
            "Microsoft Outlook "
            "<MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@unit.example.cn>",
            "未送达: 2025年度年报", "您的邮件未送达。",
            status().replace(b"U1@", b"u1@"), ENCLOSED,
        ),
        (TO, ID, "550 5.1.1 No such user here"),
    ),
    "Exchange, without a report": (
        lambda: from_server("postmaster@unit.example.cn", "未传递: 2025年度年报", TO),
        (TO, "", ""),
    ),
    "a gateway": (
        lambda: from_server("postmaster@unit.example.cn", "邮件被拒收通知", f"发给 {TO}"),
        (TO, "", ""),
    ),
    "nobody to answer to": (
        lambda: from_server(
            "system@example.cn", "退信通知", f"发往 {TO} 的邮件投递失败",
            head=b"Return-Path: <>\n",
        ),
        (TO, "", ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BOUNCES)
def test_bounces_of_any_form(case: str) -> None:
    make, (to, id_, reply) = BOUNCES[case]
    (letter,) = letters(make())
    assert letter.kind is LetterKind.BOUNCE
    bounce = letter.bounce
    assert bounce is not None
    assert bounce == returned_mail(make())
    assert to in [each.casefold() for each in bounce.recipients]
    assert id_ in (*bounce.messages, "")
    assert bounce.reply == reply


#: What is none, though something speaks for it.
OTHERS: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "a delay": (
        lambda: from_server("a@b.cn", "x", "x", status("delayed"), ENCLOSED),
        {"来件": "I10"},
    ),
    "news that it arrived": (
        lambda: from_server("a@b.cn", "x", "x", status("delivered"), ENCLOSED),
        {"来件": "I10"},
    ),
    "a receipt": (
        lambda: from_server(
            "u1@unit.example.cn", "已读", "已读",
            b"Content-Type: message/disposition-notification\n\nDisposition: displayed\n",
            ENCLOSED,
        ),
        {"来件": "I10"},
    ),
    "an automatic reply": (
        lambda: from_server("u1@u.cn", "自动回复", "休假", head=b"Auto-Submitted: auto-replied\n"),
        {"来件": "I10"},
    ),
    "a delay in other words": (
        lambda: from_server(
            "MAILER-DAEMON@x.cn", "Delayed Mail (still being retried)",
            f"Your message could not be delivered for more than 1 hour. {TO}",
        ),
        {"来件": "I10"},
    ),
    "an automatic reply, by its subject": (
        lambda: from_server("u1@u.cn", "自动回复: 报送年报", "您的邮件我已收到。"),
        {"来件": "I10"},
    ),
    "an automatic reply of Exchange": (
        lambda: from_server("u1@u.cn", "Automatic reply: 报送年报", "I am away."),
        {"来件": "I10"},
    ),
    "that somebody read it": (
        lambda: from_server("u1@u.cn", "已读：报送年报", "已于 2026年1月5日 读取"),
        {"来件": "I10"},
    ),
    "a workbook in an automatic reply": (
        lambda: from_server(
            "u1@u.cn", "自动回复：年报", "见附件", attached("a.xlsx", book())
        ),
        {"a.xlsx": "judge"},
    ),
    "a person answers": (
        lambda: from_server("u1@u.cn", "回复: 报送年报", "已收到，已读通知。"),
        {"来件": "I06"},
    ),
    "who wants it back": (
        lambda: from_server("u1@u.cn", "撤回: 报送年报", "发件人想撤回邮件。"),
        {"来件": "I06"},
    ),
    "a workbook that a system sends": (
        lambda: from_server(
            "oa@u.cn", "年报", "见附件", attached("a.xlsx", book()),
            head=b"Auto-Submitted: auto-generated\n",
        ),
        {"a.xlsx": "judge"},
    ),
    "a person speaks of a bounce": (
        lambda: from_server(
            "u1@u.cn", "退信了，再发一次", "上次被退回", attached("a.xlsx", book())
        ),
        {"a.xlsx": "judge"},
    ),
    "a person speaks of a bounce, without anything": (
        lambda: from_server("u1@u.cn", "Re: 退信", "上次被退回，改日再发"),
        {"来件": "I06"},
    ),
    "a unit whose address is the postmaster's": (
        lambda: from_server("postmaster@u.cn", "年报", "请查收", attached("a.xlsx", book())),
        {"a.xlsx": "judge"},
    ),
    "the same, and speaks of a bounce": (
        lambda: from_server(
            "postmaster@u.cn", "重发", "上次被退回", attached("a.xlsx", book())
        ),
        {"a.xlsx": "judge"},
    ),
    "a postmaster without anything to say about mails": (
        lambda: from_server("postmaster@u.cn", "通知", "系统将于今晚升级"),
        {"来件": "I06"},
    ),
    "a report without its part, about what was read": (
        lambda: report().replace(b"delivery-status", b"disposition-notification"),
        {"来件": "I10"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_what_only_looks_like_a_bounce(case: str) -> None:
    make, wanted = OTHERS[case]
    assert outcomes(make()) == wanted
    assert returned_mail(make()) is None


#: Class, sender and subject of a message of Outlook, and what that is.
OF_OUTLOOK = [
    ("REPORT.IPM.Note.NDR", "", "", LetterKind.BOUNCE),
    ("REPORT.IPM.Note.DR", "", "", LetterKind.NOTICE),
    ("IPM.Note.Rules.OofTemplate.Microsoft", "u1@u.cn", "x", LetterKind.NOTICE),
    ("IPM.Note", "u1@u.cn", "自动回复: 年报", LetterKind.NOTICE),
    ("IPM.Note", "PostMaster@qq.com", "系统退信", LetterKind.BOUNCE),
    ("IPM.Note", "postmaster@u.cn", "Delayed Mail", LetterKind.NOTICE),
    ("IPM.Note", "postmaster@u.cn", "年报", LetterKind.TEXT),
    ("IPM.Note", "u1@u.cn", "系统退信", LetterKind.TEXT),
]


@pytest.mark.parametrize(("class_", "sender", "subject", "kind"), OF_OUTLOOK)
def test_reports_in_outlooks_own_form(
    class_: str, sender: str, subject: str, kind: LetterKind
) -> None:
    message = outlook()
    for number, said in (
        (0x001A, class_),
        (0x0C1F, sender),
        (0x5D01, sender),
        (0x0037, subject),
        (0x1000, f"没有送达 {TO} 550 5.1.1 unknown"),
    ):
        message.set_property(number, 0x001F, said)
    (letter,) = letters(bytes(message.to_bytes()))
    assert letter.kind is kind
    if letter.bounce is not None:
        assert letter.bounce.recipients == (TO,)
        assert letter.bounce.reply == "550 5.1.1 unknown"


def test_a_bounce_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "退信.eml"
    path.write_bytes(BOUNCES["by the standard"][0]())
    (submission,) = receive_file(path, "退信.eml", expected())
    assert submission.verdict is Verdict.IGNORED
    assert codes(submission.findings) == ["I07"]
    assert f"发给 {TO.replace('u1', 'U1')}" in submission.findings[0].message.zh
    assert submission.findings[0].seen == "550 5.1.1 No such user here"


def test_a_link_in_a_message_of_outlook_that_says_no_place() -> None:
    assert outcomes(linked()) == {"云附件.xlsx": "link"}
    assert outcomes(mail(("盖章页.pdf", PDF))) == {"盖章页.pdf": "I04"}


# ---------------------------------------------------------------- whose it is


def town(code: str, name: str, *emails: str) -> Unit:
    return replace(unit(code), name=name, emails=emails)


TOWNS = Roster(
    (
        town("U1", "示例镇", "u1@unit.example.cn", "zhang@jie.gov.cn"),
        town("U2", "示例街道", "u2@unit.example.cn"),
        town("U3", "教育局", "u3@unit.example.cn"),
        town("U4", "体育局", "both@unit.example.cn"),
        town("U5", "文旅局", "both@unit.example.cn"),
    )
)


def by(sender: str, subject: str, name: str = "盖章页.pdf") -> bytes:
    return mail((name, PDF), sender=sender, subject=subject)


#: The mail, the unit, by what it is known.
WHOSE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "the sender": (lambda: by("U2@unit.example.cn", "示例镇"), "U2", "发件人"),
    "the subject": (lambda: by("x@qq.com", "教育局2025年报"), "U3", "邮件主题"),
    "the file": (lambda: by("x@qq.com", "年报", "示例街道盖章页.pdf"), "U2", "文件名"),
    "a link": (lambda: HEAD + page(QQ), "U1", "发件人"),
    "a text": (lambda: HEAD + text("我单位无"), "U1", "发件人"),
    "a bounce": (BOUNCES["QQ"][0], "U1", "收件人"),
    "a message of Outlook": (
        lambda: bytes(outlook(("a.pdf", PDF), subject="教育局").to_bytes()),
        "U3",
        "邮件主题",
    ),
    "nobody": (lambda: by("x@qq.com", "年报"), "", ""),
    "two of one address": (lambda: by("both@unit.example.cn", "体育局"), "", ""),
    "two of one name": (lambda: by("x@qq.com", "体育局、文旅局"), "", ""),
}


@pytest.mark.parametrize("case", WHOSE)
def test_a_letter_is_connected_with_its_unit(tmp_path: Path, case: str) -> None:
    make, code, basis = WHOSE[case]
    path = tmp_path / "来件"
    path.write_bytes(make())
    (submission,) = receive_file(path, "来件", replace(expected(), roster=TOWNS))
    letter = submission.letter
    assert letter is not None
    assert (letter.unit, letter.basis.zh if letter.basis else "") == (code, basis)
    assert submission.unit_code == "", "a letter is no return"


def test_what_came_from_a_unit_is_found_under_it(tmp_path: Path) -> None:
    files = {
        "1.eml": by("u2@unit.example.cn", "盖章页"),
        "2.eml": by("x@qq.com", "年报"),
        "3.pdf": PDF,
    }
    made = folder(tmp_path / "任务", TOWNS, files)
    summary = collect(made).summary
    assert summary.standing == {}
    found = {
        code: [each.path for each in some] for code, some in summary.letters.items()
    }
    assert found == {"U2": ["1.eml/盖章页.pdf"], "": ["2.eml/盖章页.pdf", "3.pdf"]}
    with made.record() as record:
        for code in ("U4", "U3"):  # the last word counts
            record.append(assigned("2.eml/盖章页.pdf", code, now()))
        record.append(assigned("1.eml/盖章页.pdf", "U1", now()))
    letters = collect(made).summary.letters
    assert letters.keys() == {"U1", "U3", ""}
    (letter,) = [each.letter for each in letters["U3"]]
    assert letter is not None
    assert letter.basis is not None
    assert letter.basis.zh == "主管部门指定"


def test_letters_are_listed_and_assigned(shell: Shell, tmp_path: Path) -> None:
    files = {
        "1.eml": by("u2@unit.example.cn", "盖章页"),
        "2.eml": by("x@qq.com", "年报"),
        "3.eml": HEAD + page(QQ),
        "4.eml": BOUNCES["by the standard"][0](),
    }
    folder(tmp_path / "a", TOWNS, files)
    assert shell("letters", "a") == 1
    assert "来信 4 件，其中不知道是哪个单位的 1 件" in shell.out
    whole = "https://wx.mail.qq.com/ftn/download?func=3&k=K1&code=c\n"
    assert (
        f"示例镇 年报.xlsx（QQ邮箱超大附件，有效期：2026-02-13 09:00） {whole}"
        in shell.out
    )
    listed = shell.json("letters", "a")["letters"]
    assert [(each["file"], each["unit"], each["basis"]) for each in listed] == [
        ("2.eml/盖章页.pdf", None, None),
        ("3.eml/示例镇 年报.xlsx", "U1", "发件人"),
        ("4.eml", "U1", "收件人"),
        ("1.eml/盖章页.pdf", "U2", "发件人"),
    ]
    assert listed[1]["cloud"]["expires"] == "2026-02-13 09:00"
    assert listed[2]["bounce"]["reply"] == "550 5.1.1 No such user here"

    assert shell("assign", "a", "盖章页.pdf", "U3") == 2
    assert "不止一份" in shell.sentence
    assert shell("assign", "a", "没有.pdf", "U3") == 2
    assert "没有“没有.pdf”" in shell.sentence
    assert shell("assign", "a", "2.eml/盖章页.pdf", "没有这个单位") == 2
    assert shell("assign", "a", "2.eml/盖章页.pdf", "教育局") == 0
    assert "已记下" in shell.out
    assert shell("letters", "a", lang="en") == 0
    assert "0 of unknown units" in shell.out
    found = {each["file"]: each for each in shell.json("letters", "a")["letters"]}
    assert found["2.eml/盖章页.pdf"]["unit"] == "U3"


def test_who_wrote_is_not_told_that_nothing_came(tmp_path: Path) -> None:
    desk = mail_folder(
        tmp_path / "a", roster_with(unit_with("U1"), unit_with("U2"), unit_with("U3"))
    )
    write = {
        "1.eml": by("u1@unit.example.cn", "盖章页"),
        "2.eml": HEAD.replace(b"zhang@jie.gov.cn", b"u1@unit.example.cn") + page(QQ),
        "3.eml": BOUNCES["QQ"][0]().replace(TO.encode(), b"u2@unit.example.cn"),
        "4.eml": mail((NAME, PDF), sender="u3@unit.example.cn"),
    }
    for name, data in write.items():
        (desk.inbox / name).write_bytes(data)
    said = {
        entry.unit.code: entry.letter.message.subject
        for entry in plan(desk, Occasion.REMIND).ready
        if entry.letter is not None
    }
    assert "收到来信（PDF；附件在网盘），没有收到报送表" in said["U1"]
    assert "来信" not in said["U2"], "a server wrote that"
    assert "无法读取" in said["U3"], "meant to be the return itself"


def test_letters_stand_in_the_line_of_their_unit_and_are_answered_once(
    tmp_path: Path, shell: Shell
) -> None:
    desk = mail_folder(
        tmp_path / "a", roster_with(unit_with("U1"), unit_with("U2"), unit_with("U3"))
    )
    bounced = BOUNCES["QQ"][0]().replace(TO.encode(), b"u2@unit.example.cn")
    (desk.inbox / "1.eml").write_bytes(by("u1@unit.example.cn", "盖章页"))
    (desk.inbox / "2.eml").write_bytes(bounced)
    for collected in (False, True):  # judged anew, and as the record has it
        if collected:
            collect(desk)
        units = {each["code"]: each for each in shell.json("status", "a")["units"]}
        assert units["U1"]["letters"] == ["pdf"]
        assert units["U2"]["letters"] == ["bounce"]
        assert units["U3"]["letters"] == []
    shell("status", "a")
    assert "来信：PDF" in "".join(shell.out.split())
    assert "来信：退信" in "".join(shell.out.split())
    assert "来信：退信" in (desk.results / "进度.html").read_text("utf-8")

    def ready(occasion: Occasion) -> dict[str, str]:
        entries = plan(desk, occasion).ready
        return {e.unit.code: e.letter.message.text for e in entries if e.letter}

    asked = ready(Occasion.ASK)
    assert asked.keys() == {"U1"}, "nobody wrote for U2"
    assert "来信收悉" in asked["U1"]
    assert "收到来信（PDF），没有收到报送表" in asked["U1"]
    note_by_hand(desk, plan(desk, Occasion.ASK))
    assert not ready(Occasion.ASK), "each letter is answered once"
    assert ready(Occasion.REMIND).keys() == {"U2", "U3"}, "U1 was written to today"
    states = {e.unit.code: e.state for e in plan(desk, Occasion.REMIND).entries}
    assert states["U1"] is Readiness.TODAY
    (desk.inbox / "3.eml").write_bytes(by("u1@unit.example.cn", "再发一次盖章页"))
    assert ready(Occasion.ASK).keys() == {"U1"}, "another letter, another answer"
    assert "U1" in ready(Occasion.REMIND)


def test_an_inbox_without_letters_says_so(shell: Shell, tmp_path: Path) -> None:
    folder(tmp_path / "a", TOWNS, {"1.xlsx": book()})
    assert shell("letters", "a") == 0
    assert "没有来信" in shell.out
    assert shell("assign", "a", "1.xlsx", "U1") == 2
    assert "现在没有来信" in shell.sentence


# ---------------------------------------------------------------- made to hurt

TEXT_FILLS = [
    "https://", "https://pan.baidu.com/s/1a ", "a@", "a.xlsx ", "<", "2026-01-01", "-",
    "提取码", "550 ", "<a@b", "有效期", "a@b.cn ", "----- 原始邮件", "http://a/a.xlsx ",
]  # fmt: skip
PAGE_FILLS = [
    *TEXT_FILLS, "<a", "<a ", '<a href="', "<a href='x'", "<a a=", "<a b", "<!--", "&", "&#",
    '<a href="https://pan.baidu.com/s/1">', "<blockquote>", "<style>", "</a>", "<a a-",
]  # fmt: skip


@pytest.mark.parametrize("fill", TEXT_FILLS)
def test_texts_cost_what_they_weigh(fill: str) -> None:
    def read(times: int) -> Callable[[], object]:
        said = fill * times
        return lambda: (cloud_files(runs_of_text(said), True), bounce_in(said))

    assert grows_linearly(read, 3_000)


@pytest.mark.parametrize("fill", PAGE_FILLS)
def test_pages_cost_what_they_weigh(fill: str) -> None:
    def read(times: int) -> Callable[[], object]:
        said = fill * times
        return lambda: cloud_files(runs_of_page(said), True)

    assert grows_linearly(read, 3_000)


@pytest.mark.parametrize(
    "fill", ["a.", "/", "x-my.sharepoint.", "?", "/attachment/", "coremail/"]
)
def test_links_of_any_length_cost_what_they_weigh(fill: str) -> None:
    assert grows_linearly(lambda n: lambda: disk_of("https://" + fill * n), 10_000)
