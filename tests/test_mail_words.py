"""What messages say and how they are put together: templates, names, heads."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

import mailparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.servers.campaign import mail_folder, roster_with, unit_with
from tests.support import Shell, campaign
from workbook_builder.mail.compose import (
    Attachment,
    OutgoingMail,
    address,
    compose,
    message_id,
)
from workbook_builder.mail.ledger import History, Past, Purpose
from workbook_builder.mail.letters import LISTED, Case, Office, message, time_left
from workbook_builder.mail.texts import (
    PLACEHOLDERS,
    STANDARD,
    Message,
    Occasion,
    Template,
    parse,
    render,
)
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.errors import MailError
from workbook_builder.model.event import Happening

DATA = bytes(range(256)) * 40
WHEN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
HERE = address("zwgk@example.cn", "示例区")
assert HERE is not None


def letter(
    name: str = "表.xlsx", to: str = "教育局", subject: str = "主题"
) -> OutgoingMail:
    there = address("jyj@example.cn", to)
    assert there is not None
    return OutgoingMail(
        to=(there,),
        message=Message(subject, "正文\n.\n第三行\n", "<p>正文</p>"),
        id=message_id("example.cn", "U1"),
        sender=HERE,
        attachments=(Attachment(name, DATA),),
    )


def read_back(data: bytes) -> EmailMessage:
    return email.message_from_bytes(data, policy=policy.default)


# ---------------------------------------------------------------- templates


@pytest.mark.parametrize("occasion", Occasion)
def test_the_standard_words_are_right_and_explain_every_name(
    occasion: Occasion,
) -> None:
    template = parse(STANDARD[occasion], "x.txt")
    values = {name: f"〔{name}〕" for name in PLACEHOLDERS}
    said = render(template, {**values, "问题清单": ["甲", "乙"]})
    assert not re.search(r"[{}#]", said.subject + said.text)
    assert "〔单位名称〕" in said.subject
    assert "〔收表联系人〕" in said.text
    for name, meaning in PLACEHOLDERS.items():
        assert f"#   {{{name}}}　{meaning}" in STANDARD[occasion]


def test_text_and_html_say_the_same_and_html_is_escaped() -> None:
    template = parse("主题：{单位名称}\n\n{称呼}：\n甲 & <b>\n\n{问题清单}\n", "x.txt")
    evil = '<script>alert("1")</script>\r\nBcc: x@y.cn'
    said = render(template, {"单位名称": evil, "称呼": evil, "问题清单": [evil, "乙"]})
    assert said.subject == '<script>alert("1")</script> Bcc: x@y.cn'
    assert "<script" not in said.html
    assert "甲 &amp; &lt;b&gt;" in said.html
    assert "1. <script>" in said.text
    assert said.html.count("<li") == 2
    nothing = render(template, {"单位名称": "甲", "称呼": "乙", "问题清单": []})
    assert nothing.text == "乙：\n甲 & <b>\n"


def test_wide_braces_are_braces() -> None:
    said = render(parse("标题: ｛年度｝\n\n｛ 年度 ｝", "x.txt"), {"年度": "2025"})
    assert (said.subject, said.text) == ("2025", "2025\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("主题：{单位名}\n\n正文", ("第1行", "“{单位名}”", "可以使用的：单位名称")),
        ("# 说明 {随便}\n主题：甲\n\n{单位 名称}", ("第4行", "“{单位 名称}”")),
        ("主题：甲\n\n{单位名称", ("第3行", "没有成对")),
        ("正文", ("没有主题",)),
        ("主题：\n\n正文", ("没有主题",)),
        ("主题：甲\n\n", ("没有正文",)),
        ("", ("没有主题",)),
    ],
)
def test_a_template_with_a_mistake_says_where(
    text: str, words: tuple[str, ...]
) -> None:
    with pytest.raises(MailError) as caught:
        parse(text, "模板/发送.txt")
    for word in ("模板/发送.txt", *words):
        assert word in caught.value.text.zh
    assert "模板/发送.txt" in caught.value.text.en


def test_the_office_can_change_the_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shell = Shell(capsys, tmp_path)
    made = mail_folder(tmp_path / "a", roster_with(unit_with("U1")))
    assert shell("mail", "a", "send", "--dry-run") == 0
    assert not (made.path / "mail").exists()
    assert shell("mail", "a", "send") == 0
    (draft,) = (made.path / "mail" / "发送").glob("*.eml")
    before = draft.read_bytes()
    assert shell("mail", "a", "send") == 0
    assert draft.read_bytes() == before, "same input, same bytes"
    file = made.path / "mail" / "模板" / "发送.txt"
    file.write_text("主题：请报 {单位代码}\n\n速报。", encoding="utf-8")
    assert shell("mail", "a", "send") == 0
    mail = read_back(draft.read_bytes())
    assert (mail["Subject"], mail["X-Unsent"], mail["Date"]) == ("请报 U1", "1", None)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "速报。"
    (aside,) = (made.path / "mail" / "发送" / "以前的版本").iterdir()
    assert aside.read_bytes() == before

    file.write_text("主题：{谁}\n\n速报。", encoding="utf-8")
    assert shell("mail", "a", "send") == 2
    assert "发送.txt" in shell.sentence
    assert "“{谁}”" in shell.sentence
    file.write_bytes("主题：甲\n\n乙".encode("gb18030"))
    assert shell("mail", "a", "send") == 2
    assert "不是 UTF-8" in shell.sentence

    file.unlink()
    assert shell("mail", "a", "send", "--by-hand") == 0
    assert "已登记 1 封为已发" in shell.out
    assert shell("mail", "a", "send") == 0
    assert "已经发过" in shell.out
    assert not draft.exists(), "no draft of what is sent"


# ---------------------------------------------------------------- what a unit is told


def test_the_days_left() -> None:
    day = date(2026, 1, 20)
    said = [time_left(day, date(2026, 1, d)) for d in (15, 20, 23)]
    assert said == ["距截止还有 5 天", "今天截止", "已逾期 3 天，请尽快报送"]
    said = [time_left(day, date(2026, 1, d), returned=True) for d in (15, 20, 23)]
    assert said == ["距截止还有 5 天", "今天截止", "请尽快改正或说明"]
    assert time_left(None, day) == "请按通知的时间报送"


def test_each_open_point_has_its_place_and_remedy() -> None:
    findings = tuple(
        replace(catalogued("R01"), sheet="表三", address=f"D{n}") for n in range(30)
    )
    office = Office(campaign(), "年度报告", date(2026, 1, 1))
    case = Case(unit_with("U1"), "退回", findings, "表.xlsx")
    template = Template("{状态}{问题数}", "{问题清单}", "x")
    said = message(template, office, case)
    assert said.subject == "退回30"
    lines = said.text.splitlines()
    assert len(lines) == LISTED + 1
    assert lines[0].startswith("1. [R01 强制] 表三 D0　")
    assert "处理意见：" in lines[0]
    assert lines[-1] == f"{LISTED + 1}. 其余 10 个问题见附件里的标记。"


# ---------------------------------------------------------------- the message


NAMES = [
    "plain.xlsx",
    "表.xlsx",
    "Q01_示例区教育局（某某某）_2025年政府信息公开工作年度报告 & “引号”.xlsx",
    "中" * 120 + ".xlsx",
    "𠮷野家😀.xlsx",
    "a;b=c, d'e%20.xlsx",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_and_bytes_come_back_through_two_parsers(name: str) -> None:
    data = compose(letter(name), WHEN)
    (attachment,) = read_back(data).iter_attachments()
    assert attachment.get_filename() == name
    assert attachment.get_content() == DATA
    second = mailparser.parse_from_bytes(data)
    assert [each["filename"] for each in second.attachments] == [name]
    assert second.subject == "主题"
    assert "第三行" in second.text_plain[0]
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_name_is_there_in_every_way_mail_programs_know() -> None:
    """RFC 2231 for the rule, RFC 2047 for what is really done, ``name`` for the old."""
    data = compose(letter("表.xlsx"), WHEN).decode()
    assert "filename*=UTF-8''%E8%A1%A8.xlsx" in data
    assert 'filename="=?utf-8?b?' in data
    assert '\r\n name="=?utf-8?b?' in data


def test_a_message_has_what_a_message_needs() -> None:
    mail = read_back(compose(letter(), WHEN))
    assert mail["Date"].datetime == WHEN
    assert mail["Message-ID"] == letter().id
    assert mail.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]  # fmt: skip
    assert [d for part in mail.walk() for d in part.defects] == []
    assert mail["X-Unsent"] is None
    assert compose(letter()) == compose(letter())


def test_a_draft_needs_no_sender() -> None:
    mail = read_back(compose(replace(letter(), sender=None)))
    assert mail["From"] is None
    assert mail["X-Unsent"] == "1"


HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
}  # fmt: skip


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_name_can_add_a_header(name: str, to: str, subject: str) -> None:
    template = Template("{单位名称}", "x", "t")
    said = render(template, {"单位名称": subject})
    there = address("jyj@example.cn", to)
    assert there is not None
    made = replace(letter(f"x{name}"), to=(there,), message=said)
    mail = read_back(compose(made, WHEN))
    assert set(mail.keys()) == HEADERS
    assert [each.addr_spec for each in mail["To"].addresses] == ["jyj@example.cn"]
    assert len(list(mail.iter_attachments())) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "张三@example.cn", "a b@c.cn", "a@b.cn>", "<a@b.cn", "a@@b.cn", "a@b..cn",
        "a,b@c.cn", "@b.cn", "a@", "a\r\nBcc:x@b.cn", "",
    ],
)  # fmt: skip
def test_what_is_no_address_is_none(wrong: str) -> None:
    assert address(wrong, "甲") is None


def test_a_domain_in_chinese_is_written_as_servers_know_it() -> None:
    found = address("a@政务.cn", "甲")
    assert found is not None
    assert found.addr_spec == "a@xn--zfr164b.cn"


# ---------------------------------------------------------------- who had what


@pytest.mark.parametrize(
    ("happened", "past"),
    [
        ("", Past.NOTHING),
        ("sending", Past.UNKNOWN),
        ("sending sent", Past.SENT),
        ("sending failed", Past.FAILED),
        ("sending final", Past.REFUSED),
        ("sending failed sending", Past.UNKNOWN),
        ("sending failed sending sent", Past.SENT),
        ("sending sent final", Past.REFUSED),
        ("sending sent sending", Past.UNKNOWN),
        ("sent", Past.SENT),
    ],
)
def test_the_last_that_is_known_counts(happened: str, past: Past) -> None:
    purpose = Purpose("U1", Occasion.SEND)
    events = tuple(
        purpose.event(Happening.FAILED, "", final="yes")
        if word == "final"
        else purpose.event(Happening(word), "")
        for word in happened.split()
    )
    assert History(events).past is past
