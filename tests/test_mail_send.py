"""Sending through a real SMTP server: who gets what, once, and what is known of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.definitions import define
from tests.servers import PASSWORD, USER, free_port
from tests.servers.campaign import mail_folder, roster_with, settings, unit_with
from tests.servers.smtp import Post, smtp_server
from tests.support import BUSY, Shell, contents, deliver, typed, unit, workbook
from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.roster_book import roster_book
from workbook_builder.formats.grid import read_grid
from workbook_builder.mail.password import VARIABLE
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.event import Happening
from workbook_builder.model.unit import Roster
from workbook_builder.workbook.write import write

CODES = ("U1", "U2", "U3", "U4")


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)


@pytest.fixture
def server() -> Iterator[tuple[Post, int]]:
    with smtp_server() as made:
        yield made


@pytest.fixture
def post(server: tuple[Post, int]) -> Post:
    return server[0]


@pytest.fixture
def sender(tmp_path: Path, server: tuple[Post, int]) -> Folder:
    units = roster_with(*map(unit_with, CODES))
    return mail_folder(tmp_path / "a", units, settings(server[1], timeout=2))


def told(folder: Folder, unit: str) -> list[str]:
    """What the record knows of a unit's messages."""
    ours = (Happening.SENDING, Happening.SENT, Happening.FAILED)
    with folder.record() as record:
        return [event.happening.value for event in record.events(*ours, unit=unit)]


def had(post: Post) -> list[str]:
    """Who has a message, one entry for each message."""
    return [address.split("@")[0].upper() for each in post.taken for address in each.to]


# ---------------------------------------------------------------- all is well


def test_every_unit_gets_its_own_workbook_once(
    shell: Shell, sender: Folder, post: Post
) -> None:
    assert shell("mail", "a", "send", "--smtp") == 0
    assert "发出 4 封。" in shell.out
    assert had(post) == list(CODES)
    for taken in post.taken:
        (attachment,) = taken.mail.iter_attachments()
        name = attachment.get_filename()
        assert name is not None
        assert attachment.get_content() == (sender.outbox / name).read_bytes()
        assert taken.mail["To"].addresses[0].addr_spec == taken.to[0]
        assert name.startswith(taken.to[0].split("@")[0].upper())
        assert taken.sender == taken.mail["From"].addresses[0].addr_spec == USER
        assert taken.mail["Reply-To"].addresses[0].addr_spec == "ask@example.cn"
        assert taken.mail["Date"].datetime is not None
    assert len({taken.mail["Message-ID"] for taken in post.taken}) == 4
    assert len(post.peers) == 1
    assert told(sender, "U1") == ["sending", "sent"]

    assert shell("mail", "a", "send", "--smtp") == 0
    assert "发出 0 封。" in shell.out
    assert "4 个单位已经发过" in shell.out
    assert len(post.taken) == 4

    assert shell("mail", "a", "send", "--smtp", "--again", "U2") == 0
    assert had(post) == [*CODES, "U2"]
    assert post.taken[-1].mail["Message-ID"] != post.taken[1].mail["Message-ID"]


def test_the_record_keeps_what_the_server_said(
    shell: Shell, sender: Folder, post: Post
) -> None:
    assert shell("mail", "a", "send", "--smtp", "--unit", "U3") == 0
    with sender.record() as record:
        (sent,) = record.events(Happening.SENT)
    assert sent.unit == "U3"
    assert sent.detail["server"] == "250 2.0.0 queued as 1"
    assert sent.detail["message"] == post.taken[0].mail["Message-ID"]
    assert (sent.detail["occasion"], sent.detail["to"]) == ("send", post.taken[0].to[0])


def test_only_units_that_owe_something_are_reminded(
    shell: Shell, sender: Folder, post: Post
) -> None:
    deliver(sender, "1.xlsx", workbook(BUSY, unit("U1", "Q"), sender.campaign()))
    bad = typed(
        workbook(BUSY, unit("U2", "Q"), sender.campaign()),
        {"applications.received.total": 99},
    )
    deliver(sender, "2.xlsx", bad)
    before = contents(sender.results), contents(sender.inbox)
    assert shell("mail", "a", "remind", "--smtp") == 0
    assert had(post) == ["U2", "U3", "U4"]
    marked, missing = (each.mail for each in post.taken[:2])
    assert "（退回，距截止还有 5 天）" in str(marked["Subject"])
    assert "（未报，距截止还有 5 天）" in str(missing["Subject"])
    body = marked.get_body(("plain",))
    assert body is not None
    assert "表三" in body.get_content()
    assert "处理意见：" in body.get_content()
    (attachment,) = marked.iter_attachments()
    assert attachment.get_content() != bad
    (attachment,) = missing.iter_attachments()
    name = attachment.get_filename()
    assert name is not None
    assert attachment.get_content() == (sender.outbox / name).read_bytes()
    assert (contents(sender.results), contents(sender.inbox)) == before

    assert shell("mail", "a", "remind", "--smtp") == 0  # not twice on one day
    assert len(post.taken) == 3


def test_each_version_is_sent_back_once(
    shell: Shell, sender: Folder, post: Post
) -> None:
    good = workbook(BUSY, unit("U2", "Q"), sender.campaign())
    total = "applications.received.total"
    deliver(sender, "1.xlsx", typed(good, {total: 99}))
    assert shell("mail", "a", "return", "--smtp") == 0
    assert had(post) == ["U2"]
    assert shell("collect", "a") == 1
    (attachment,) = post.taken[0].mail.iter_attachments()
    name = attachment.get_filename()
    written = sender.results / "退回" / str(name)
    assert attachment.get_content() == written.read_bytes()
    assert shell("mail", "a", "return", "--smtp") == 0
    assert len(post.taken) == 1

    deliver(sender, "2.xlsx", typed(good, {total: 98}), hour=1)
    assert shell("mail", "a", "return", "--smtp") == 0
    assert had(post) == ["U2", "U2"]
    deliver(sender, "3.xlsx", good, hour=2)
    assert shell("mail", "a", "return", "--smtp") == 0
    assert len(post.taken) == 2
    assert shell("mail", "a", "return", "--unit", "U2", "--dry-run") == 0
    assert "不用发" in shell.out


def test_a_file_that_is_no_return_is_answered_with_the_reason(
    shell: Shell, sender: Folder, post: Post
) -> None:
    """The clerk believes to have reported; the address says whose it was."""
    mail = EmailMessage()
    mail["From"], mail["Date"] = "U3@unit.example.cn", "Mon, 05 Jan 2026 09:00:00 +0800"
    mail["Message-ID"] = "<1@unit.example.cn>"
    mail.set_content("见附件")
    spoiled = workbook(BUSY, unit("U3", "Q"))[:5000]
    mail.add_attachment(spoiled, "application", "octet-stream", filename="表.xlsx")
    deliver(sender, "1.eml", mail.as_bytes())
    for _ in range(2):
        assert shell("mail", "a", "return", "--smtp") == 0
        assert had(post) == ["U3"]
    answer = post.taken[0].mail
    assert "【无法读取】" in str(answer["Subject"])
    body = answer.get_body(("plain",))
    assert body is not None
    assert "重新报送" in body.get_content()
    assert "是空白的报送表，请在里面填写" in body.get_content()
    (attachment,) = answer.iter_attachments()
    (blank,) = sender.outbox.glob("U3_*.xlsx")
    assert attachment.get_content() == blank.read_bytes()


def test_starttls(shell: Shell, tmp_path: Path) -> None:
    with smtp_server("starttls") as (post, port):
        text = settings(port, security="starttls")
        mail_folder(tmp_path / "a", roster_with(unit_with("U1")), text)
        assert shell("mail", "a", "send", "--smtp") == 0
        assert had(post) == ["U1"]


def test_a_relay_without_login(shell: Shell, tmp_path: Path) -> None:
    with smtp_server("none") as (post, port):
        text = settings(port, security="none", user="")
        mail_folder(tmp_path / "a", roster_with(unit_with("U1")), text)
        assert shell("mail", "a", "send", "--smtp") == 0
        assert had(post) == ["U1"]


def test_messages_go_out_at_the_pace_of_the_settings(
    tmp_path: Path, server: tuple[Post, int]
) -> None:
    units = roster_with(*map(unit_with, CODES))
    made = mail_folder(tmp_path / "a", units, settings(server[1], pace=30))
    waited: list[float] = []
    plan = pipeline.plan(made, Occasion.SEND)
    pipeline.post(made, plan, wait=waited.append)
    assert waited == [2.0, 2.0, 2.0]


# ---------------------------------------------------------------- addresses


def test_units_that_cannot_be_reached_are_named(
    shell: Shell, tmp_path: Path, server: tuple[Post, int]
) -> None:
    post, port = server
    units = (
        unit_with("U1"),
        replace(unit_with("U2"), emails=()),
        unit_with("U3", "a@example.cn", "b@example.cn"),
    )
    made = mail_folder(tmp_path / "a", roster_with(*units), settings(port))
    assert shell("mail", "a", "send", "--smtp") == 1
    assert "示例街道办事处U2（U2）：名录里没有邮箱，没有发。" in shell.out
    assert [each.to for each in post.taken] == [
        ("u1@unit.example.cn",), ("a@example.cn", "b@example.cn"),
    ]  # fmt: skip
    assert [a.addr_spec for a in post.taken[1].mail["To"].addresses] == [
        "a@example.cn", "b@example.cn",
    ]  # fmt: skip
    assert told(made, "U2") == []


def test_one_refused_address_does_not_stop_the_others(
    shell: Shell, sender: Folder, post: Post
) -> None:
    post.behaviour.refuse = {"u2@unit.example.cn": "550 5.1.1 No such user"}
    assert shell("mail", "a", "send", "--smtp") == 1
    assert had(post) == ["U1", "U3", "U4"]
    assert "发出 3 封。" in shell.out
    assert (
        "未能发出，服务器拒收：u2@unit.example.cn: 550 5.1.1 No such user" in shell.out
    )
    assert told(sender, "U2") == ["sending", "failed"]

    number = post.number
    assert shell("mail", "a", "send", "--smtp") == 1
    assert "被拒收" in shell.out
    assert "--again U2" in shell.out
    assert post.number == number, "a refused address is not tried again by itself"

    post.behaviour.refuse = {}
    assert shell("mail", "a", "send", "--smtp", "--again", "U2") == 0
    assert had(post) == ["U1", "U3", "U4", "U2"]


def test_a_mended_address_is_tried(
    shell: Shell, tmp_path: Path, server: tuple[Post, int]
) -> None:
    post, port = server
    post.behaviour.refuse = {"old@example.cn": "550 no"}
    for address in ("old@example.cn", "new@example.cn"):
        path = tmp_path / "a" / "roster.xlsx"
        path.unlink(missing_ok=True)
        if not path.parent.exists():
            units = roster_with(unit_with("U1", address))
            mail_folder(path.parent, units, settings(port))
        else:
            text = "单位代码,单位名称,上级代码,邮箱\nQ,示例区Q,,\n"
            text += f"U1,示例街道办事处U1,Q,{address}\n"
            path.with_suffix(".csv").write_text(text, encoding="utf-8-sig")
            assert shell("build", "a") == 0
        shell("mail", "a", "send", "--smtp")
    assert [each.to for each in post.taken] == [("new@example.cn",)]


def test_a_message_taken_for_some_addresses_only(
    shell: Shell, tmp_path: Path, server: tuple[Post, int]
) -> None:
    post, port = server
    post.behaviour.refuse = {"b@example.cn": "550 unknown"}
    unit_ = unit_with("U1", "a@example.cn", "b@example.cn")
    mail_folder(tmp_path / "a", roster_with(unit_), settings(port))
    assert shell("mail", "a", "send", "--smtp") == 1
    assert [each.to for each in post.taken] == [("a@example.cn",)]
    assert "已发出，但其中的地址被拒收：b@example.cn: 550 unknown" in shell.out


# ---------------------------------------------------------------- things that go wrong


def test_what_the_server_wants_later_goes_out_with_the_next_run(
    shell: Shell, sender: Folder, post: Post
) -> None:
    post.behaviour.refuse = {"u2@unit.example.cn": "450 greylisted, try later"}
    post.behaviour.on_data = {3: "451 too busy"}
    assert shell("mail", "a", "send", "--smtp") == 1
    assert shell.out.count("服务器要求稍后再试") == 2
    assert had(post) == ["U1", "U4"]
    post.behaviour.refuse, post.behaviour.on_data = {}, {}
    assert shell("mail", "a", "send", "--smtp") == 0
    assert had(post) == ["U1", "U4", "U2", "U3"]


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA"])
def test_a_connection_that_breaks_before_the_final_dot_sent_nothing(
    shell: Shell, sender: Folder, post: Post, moment: str
) -> None:
    post.behaviour.hang_up = (moment, 2)
    assert shell("mail", "a", "send", "--smtp") == 1
    assert had(post) == ["U1", "U3", "U4"], "the others go out on a new connection"
    assert "未能发出，连接断了" in shell.out
    assert told(sender, "U2") == ["sending", "failed"]
    post.behaviour.hang_up = None
    assert shell("mail", "a", "send", "--smtp") == 0
    assert had(post) == ["U1", "U3", "U4", "U2"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_connection_that_breaks_after_the_final_dot_leaves_it_open(
    shell: Shell, sender: Folder, post: Post, kept: bool
) -> None:
    post.behaviour.hang_up = ("DOT", 2)
    post.behaviour.keeps_after_hanging_up = kept
    assert shell("mail", "a", "send", "--smtp") == 1
    assert had(post) == (list(CODES) if kept else ["U1", "U3", "U4"])
    assert "示例街道办事处U2（U2）：不知道是否发出" in shell.out
    assert told(sender, "U2") == ["sending"]

    post.behaviour.hang_up = None
    number = post.number
    assert shell("mail", "a", "send", "--smtp") == 1
    assert "不知道对方收到没有，没有再发" in shell.out
    assert post.number == number
    assert shell("mail", "a", "send", "--smtp", "--again", "U2") == 0
    again = post.taken[-1].mail["Message-ID"]
    if kept:
        assert post.taken[1].mail["Message-ID"] == again, "mail programs show one"


def test_a_server_slow_to_answer_after_the_dot_is_waited_for(
    shell: Shell, tmp_path: Path, server: tuple[Post, int]
) -> None:
    post, port = server
    units = roster_with(*map(unit_with, ("U1", "U2", "U3")))
    made = mail_folder(tmp_path / "a", units, settings(port, timeout=0.4))
    post.behaviour.slow = {1: 0.8, 2: 4}
    assert shell("mail", "a", "send", "--smtp") == 1
    assert told(made, "U1") == ["sending", "sent"]
    assert told(made, "U2") == ["sending"], "too slow: nobody knows"
    assert told(made, "U3") == ["sending", "sent"]


def test_a_refused_sender_ends_the_run(
    shell: Shell, sender: Folder, post: Post
) -> None:
    post.behaviour.on_mail = "553 Mail from must equal authorized user"
    assert shell("mail", "a", "send", "--smtp") == 1
    assert post.number == 1
    assert "还有 3 封没有发" in shell.out
    post.behaviour.on_mail = ""
    assert shell("mail", "a", "send", "--smtp") == 0
    assert sorted(had(post)) == list(CODES)


def test_a_server_that_refuses_everything_is_left_alone(
    shell: Shell, tmp_path: Path, server: tuple[Post, int]
) -> None:
    post, port = server
    units = roster_with(*(unit_with(f"U{n}") for n in range(1, 9)))
    mail_folder(tmp_path / "a", units, settings(port))
    post.behaviour.on_data = dict.fromkeys(range(1, 9), "554 DT:SPM")
    assert shell("mail", "a", "send", "--smtp") == 1
    assert post.number == 5
    assert "还有 3 封没有发" in shell.out


# ---------------------------------------------------------------- killed


class Killing:
    """A run of the program in a process of its own, killed at a certain moment."""

    def __init__(self, folder: Folder, post: Post) -> None:
        self.post, self.done = post, threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.command = [
            sys.executable, "-m", "workbook_builder", "--lang", "zh",
            "mail", str(folder.path), "send", "--smtp",
        ]  # fmt: skip

    def at(self, moment: str, number: int, after: float = 0.0) -> None:
        def strike(now: str, count: int) -> None:
            if (now, count) == (moment, number):
                if after:
                    threading.Timer(after, self.kill).start()
                else:
                    self.kill()

        self.post.behaviour.at = strike
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        assert self.process.wait(30) == -signal.SIGKILL
        time.sleep(0.1)  # what is in the server's hands may end
        self.post.behaviour.at = lambda moment, number: None

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def test_killed_between_two_messages(
    shell: Shell, tmp_path: Path, server: tuple[Post, int]
) -> None:
    post, port = server
    units = roster_with(*map(unit_with, CODES))
    made = mail_folder(tmp_path / "a", units, settings(port, pace=20))
    Killing(made, post).at("DOT", 1, after=1.0)  # three seconds between two messages
    assert had(post) == ["U1"]
    assert [told(made, code) for code in ("U1", "U2")] == [["sending", "sent"], []]
    text = (made.path / "campaign.toml").read_text(encoding="utf-8")
    text = text.replace("pace = 20\n", "pace = 0\n")
    (made.path / "campaign.toml").write_text(text, encoding="utf-8")
    assert shell("mail", "a", "send", "--smtp") == 0
    assert had(post) == list(CODES)


@pytest.mark.parametrize(
    ("moment", "arrived"), [("MAIL", False), ("DATA", False), ("DOT", True)]
)
def test_killed_during_a_message(
    shell: Shell, sender: Folder, post: Post, moment: str, arrived: bool
) -> None:
    """Whether it arrived cannot be known here; so the clerk is asked."""
    post.behaviour.keeps_after_hanging_up = True
    Killing(sender, post).at(moment, 2)
    assert had(post) == (["U1", "U2"] if arrived else ["U1"])
    assert told(sender, "U2") == ["sending"]
    assert shell("mail", "a", "send", "--smtp") == 1
    assert "示例街道办事处U2（U2）" in shell.out
    assert "发送时中断，不知道对方收到没有，没有再发" in shell.out
    assert sorted(had(post)) == (list(CODES) if arrived else ["U1", "U3", "U4"])
    if not arrived:
        assert shell("mail", "a", "send", "--smtp", "--again", "U2") == 0
        assert sorted(had(post)) == list(CODES)


def test_two_programs_at_once_send_each_message_once(
    sender: Folder, post: Post
) -> None:
    command = Killing(sender, post).command
    runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [run.wait(60) for run in runs].count(2) == 0
    assert sorted(had(post)) == list(CODES)


# ---------------------------------------------------------------- cannot run


def cannot(shell: Shell, folder: Path, text: str, **more: str) -> str:
    """The one sentence for these settings."""
    mail_folder(folder / "a", roster_with(unit_with("U1")), text)
    assert shell("mail", "a", "send", "--smtp") == 2
    sentence = shell.sentence
    assert shell("mail", "a", "send", "--smtp", lang="en") == 2
    assert not any("\u4e00" <= each <= "\u9fff" for each in shell.sentence)
    return sentence


def test_no_settings(shell: Shell, tmp_path: Path) -> None:
    assert "还没有设置发信的服务器" in cannot(shell, tmp_path, "")


def test_a_sender_that_is_no_address(shell: Shell, tmp_path: Path) -> None:
    said = cannot(shell, tmp_path, settings(25, user="zwgk", sender=""))
    assert "“zwgk”不是邮箱地址" in said


def test_no_password(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert "的密码（授权码）。" in cannot(shell, tmp_path, settings(25))


def test_a_wrong_password(
    shell: Shell, tmp_path: Path, server: tuple[Post, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv(VARIABLE, "wrong")
    said = cannot(shell, tmp_path, settings(server[1]))
    assert f"不接受用户“{USER}”的密码" in said
    assert "授权码" in said


def test_a_password_in_chinese(
    shell: Shell, tmp_path: Path, server: tuple[Post, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv(VARIABLE, "密码")
    assert "有中文或全角字符" in cannot(shell, tmp_path, settings(server[1]))


def test_a_certificate_nobody_vouches_for(
    shell: Shell, tmp_path: Path, server: tuple[Post, int]
) -> None:
    said = cannot(shell, tmp_path, settings(server[1], ca_file=""))
    assert "的证书不可信" in said
    assert server[0].number == 0


def test_a_certificate_of_another_server(
    shell: Shell, tmp_path: Path, server: tuple[Post, int]
) -> None:
    said = cannot(shell, tmp_path, settings(server[1], server="127.0.0.2"))
    assert "的证书不可信" in said or "拒绝连接" in said


def test_nobody_listens(shell: Shell, tmp_path: Path) -> None:
    assert "拒绝连接" in cannot(shell, tmp_path, settings(free_port()))


def test_a_name_nobody_knows(shell: Shell, tmp_path: Path) -> None:
    said = cannot(shell, tmp_path, settings(25, server="no-such-server.invalid"))
    assert "找不到邮件服务器“no-such-server.invalid”" in said


def test_a_server_without_encryption(shell: Shell, tmp_path: Path) -> None:
    with smtp_server("none") as (post, port):
        made = mail_folder(tmp_path / "a", roster_with(unit_with("U1")), settings(port))
        assert shell("mail", "a", "send", "--smtp") == 2
        assert "没有按 TLS 应答" in shell.sentence
        for security, words in (("starttls", "不提供 STARTTLS"), ("none", "不加密")):
            text = (made.path / "campaign.toml").read_text(encoding="utf-8")
            text = text.replace('security = "tls"', f'security = "{security}"')
            text = text.replace('security = "starttls"', f'security = "{security}"')
            (made.path / "campaign.toml").write_text(text, encoding="utf-8")
            assert shell("mail", "a", "send", "--smtp") == 2
            assert words in shell.sentence
        assert post.number == 0


def test_a_server_that_never_answers(shell: Shell, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        text = settings(silent.getsockname()[1], timeout=0.3)
        assert "秒内没有应答" in cannot(shell, tmp_path, text)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("[mail]\nprot = 1\n", "“mail.prot”"),
        ('[mail]\nport = "x"\n', "“mail.port”"),
        ('[mail]\nsecurity = "ssl"\n', "“mail.security”"),
        ('[mail]\npassword = "x"\n', "“mail.password”"),
    ],
)
def test_settings_that_are_wrong_name_the_key(
    shell: Shell, tmp_path: Path, wrong: str, words: str
) -> None:
    made = mail_folder(tmp_path / "a", roster_with(unit_with("U1")))
    with (made.path / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write(wrong)
    assert shell("mail", "a", "send") == 2
    assert words in shell.sentence


def test_a_deadline_that_is_over(
    shell: Shell, tmp_path: Path, server: tuple[Post, int]
) -> None:
    units = roster_with(unit_with("U1"))
    mail_folder(tmp_path / "a", units, settings(server[1]), days=-3)
    assert shell("mail", "a", "send", "--smtp") == 2
    assert "已经过了" in shell.sentence
    assert shell("mail", "a", "remind", "--smtp") == 0
    assert "已逾期 3 天" in str(server[0].taken[0].mail["Subject"])


def test_a_missing_or_foreign_workbook_stops_everything(
    shell: Shell, sender: Folder, post: Post
) -> None:
    one, two = sorted(sender.outbox.glob("*.xlsx"))[:2]
    one.write_bytes(two.read_bytes())
    assert shell("mail", "a", "send", "--smtp") == 2
    assert "不是本任务发给“示例街道办事处U1”的报送表" in shell.sentence
    one.unlink()
    assert shell("mail", "a", "send", "--smtp") == 2
    assert "没有“示例街道办事处U1”的报送表" in shell.sentence
    assert post.number == 0


@pytest.mark.parametrize("command", ["send", "remind"])
def test_what_was_built_before_the_settings_changed_is_not_sent(
    shell: Shell, sender: Folder, post: Post, command: str
) -> None:
    file = sender.path / "campaign.toml"
    text = file.read_text(encoding="utf-8")
    before = sender.campaign().deadline
    assert before is not None
    later = before + timedelta(days=5)
    file.write_text(
        re.sub(r"(?m)^deadline = .*$", f"deadline = {later}", text), encoding="utf-8"
    )
    assert shell("mail", "a", command, "--smtp") == 2
    assert "表里的内容已经过时，没有发出任何邮件" in shell.sentence
    assert post.number == 0
    assert shell("build", "a") == 0
    assert shell("mail", "a", command, "--smtp") == 0
    (workbook,) = post.taken[0].mail.iter_attachments()
    sheets = read_grid(workbook.get_content()).sheets
    said = [cell.value for sheet in sheets for cell in sheet.cells.values()]
    assert any(f"{later.year}年{later.month}月{later.day}日" in text for text in said)


def test_what_was_built_by_another_definition_is_not_sent(
    shell: Shell, sender: Folder, post: Post
) -> None:
    """A form of the campaign's own, brought along or changed after the building."""
    define(sender.path / "forms")
    assert shell("build", "a") == 0
    define(sender.path / "forms", words=(("收办平衡", "收办相等"),))
    assert shell("mail", "a", "send", "--smtp") == 2
    assert "报表定义改过，表里的内容已经过时，没有发出任何邮件" in shell.sentence
    assert "workbook-builder build a" in shell.sentence
    assert post.number == 0
    assert shell("build", "a") == 0
    assert shell("mail", "a", "send", "--smtp") == 0
    (workbook,) = post.taken[0].mail.iter_attachments()
    sheets = read_grid(workbook.get_content()).sheets
    said = [cell.value for sheet in sheets for cell in sheet.cells.values()]
    assert any("收办相等" in str(text) for text in said)


@pytest.mark.parametrize(
    ("key", "new", "words"),
    [
        ("name", "新设办事处", "没有“新设办事处”的报送表"),
        ("type", "镇", "表里的内容已经过时"),
        ("phone", "010-1", ""),
    ],
)
def test_what_the_roster_says_anew_of_a_unit_wants_another_workbook_or_not(
    shell: Shell, sender: Folder, key: str, new: str, words: str
) -> None:
    units = [
        replace(each, **{key: new}) if each.code == "U1" else each  # type: ignore[arg-type]
        for each in sender.roster().units
    ]
    book = roster_book(Roster(tuple(units)), sender.form())
    (sender.path / "roster.xlsx").write_bytes(write(book))
    assert shell("mail", "a", "send", "--smtp") == (2 if words else 0)
    assert words in shell.err
    assert bool(shell.err) is bool(words)


def test_no_roster_no_folder_no_unit(shell: Shell, sender: Folder, post: Post) -> None:
    assert shell("mail", "b", "send") == 2
    assert "不是填报任务文件夹" in shell.sentence
    assert shell("mail", "a", "send", "--unit", "X9") == 2
    assert "名录里没有单位代码“X9”" in shell.sentence
    (sender.path / "roster.xlsx").unlink()
    assert shell("mail", "a", "send") == 2
    assert "没有单位名录" in shell.sentence
