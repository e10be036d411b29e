"""Fetching from a real IMAP server (Dovecot): everything once, nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path
from zlib import crc32

import pytest

from tests.servers import HOST, PASSWORD, USER, free_port
from tests.servers.answers import returned_by_a_server
from tests.servers.campaign import mail_folder, roster_with, settings, unit_with
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.imap import Manners, odd_server
from tests.servers.smtp import smtp_server
from tests.support import Shell
from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.mail.heads import read_head
from workbook_builder.mail.ledger import Ledger
from workbook_builder.mail.password import VARIABLE
from workbook_builder.model.errors import MailError
from workbook_builder.model.event import Happening
from workbook_builder.model.times import CHINA
from workbook_builder.pipeline import Fetching
from workbook_builder.pipeline.fetching import begun

NOW = datetime.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)


@pytest.fixture
def box() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, box: Dovecot) -> Folder:
    """A campaign that sent nothing yet."""
    return mail_folder(
        tmp_path / "a", roster_with(unit_with("U1")), settings(imap=box.tls)
    )


def answer(text: str = "见附件。", sender: str = "u1@unit.example.cn") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        sender,
        "zwgk@example.cn",
        f"回复：{text}",
    )
    mail["Message-ID"] = (
        f"<{crc32((text + sender).encode('utf-8', 'replace'))}@unit.example.cn>"
    )
    mail.set_content(text)
    return mail.as_bytes().replace(b"\n", b"\r\n")


def names(folder: Folder) -> list[str]:
    return sorted(path.name for path in folder.inbox.iterdir())


# ---------------------------------------------------------------- all is well


def test_each_message_is_fetched_once_byte_for_byte(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    when = NOW - timedelta(hours=3)
    raw = [answer(), answer("第二封", "=?utf-8?b?5byg?= <陌生人@x.cn>")]
    for data in raw:
        box.deliver(data, when)
    assert shell("mail", "a", "fetch") == 0
    assert "收取 2 封" in shell.out
    files = sorted(desk.inbox.iterdir())
    assert [path.read_bytes() for path in files] == raw
    assert (
        files[0].name
        == f"{when.astimezone(CHINA):%Y%m%d-%H%M%S}_u1@unit.example.cn_1.eml"
    )
    assert files[0].stat().st_mtime == when.timestamp()
    assert all("\\Seen" not in flags for flags in box.flags())

    assert shell("mail", "a", "fetch") == 0
    assert "收取 0 封（以前取过的和本任务发出的 2 封不算）" in shell.out
    box.deliver(answer("第三封"))
    assert shell("mail", "a", "fetch", lang="en") == 0
    assert "1 fetched; 2 fetched before" in shell.out
    assert len(names(desk)) == 3


def test_a_dry_run_keeps_nothing(shell: Shell, box: Dovecot, desk: Folder) -> None:
    box.deliver(answer())
    assert shell("mail", "a", "fetch", "--dry-run", "--mark-seen") == 0
    assert "可以收取 1 封" in shell.out
    assert "u1@unit.example.cn" in shell.out
    assert names(desk) == []
    assert all("\\Seen" not in flags for flags in box.flags())
    assert shell("mail", "a", "fetch") == 0
    assert len(names(desk)) == 1


def test_messages_are_marked_as_read_only_when_asked(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    box.deliver(answer())
    assert shell("mail", "a", "fetch", "--mark-seen") == 0
    assert all("\\Seen" in flags for flags in box.flags())


def test_by_date_from_the_beginning_of_the_campaign(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    for days in (40, 10, 0):
        box.deliver(answer(f"{days} 天前"), NOW - timedelta(days=days))
    assert shell("mail", "a", "fetch") == 0  # since it was built
    assert len(names(desk)) == 1
    assert shell("mail", "a", "fetch", "--since", f"{NOW - timedelta(days=20):%F}") == 0
    assert len(names(desk)) == 2
    assert shell("mail", "a", "fetch", "--since", f"{NOW - timedelta(days=60):%F}") == 0
    assert len(names(desk)) == 3


def test_another_folder_in_chinese(shell: Shell, box: Dovecot, tmp_path: Path) -> None:
    connection = box.connected()
    connection.create("&XnRipU72-")  # 年报件 as servers write it (RFC 3501, 5.1.3)
    connection.logout()
    box.deliver(answer(), folder="&XnRipU72-")
    text = f'{settings(imap=box.tls)}folder = "年报件"\n'
    made = mail_folder(tmp_path / "a", roster_with(unit_with("U1")), text)
    assert shell("mail", "a", "fetch") == 0
    assert len(names(made)) == 1


def test_starttls(shell: Shell, box: Dovecot, tmp_path: Path) -> None:
    text = f'{settings(imap=box.plain)}security = "starttls"\n'
    made = mail_folder(tmp_path / "a", roster_with(unit_with("U1")), text)
    box.deliver(answer())
    assert shell("mail", "a", "fetch") == 0
    assert len(names(made)) == 1


def test_what_is_too_large_is_named_and_left(
    shell: Shell, box: Dovecot, tmp_path: Path
) -> None:
    text = f"{settings(imap=box.tls)}largest_mb = 1\n"
    made = mail_folder(tmp_path / "a", roster_with(unit_with("U1")), text)
    box.deliver(answer("x" * 1_100_000))
    box.deliver(answer())
    assert shell("mail", "a", "fetch") == 1
    assert "太大，没有取" in shell.out
    assert len(names(made)) == 1
    file = made.path / "campaign.toml"
    text = file.read_text(encoding="utf-8").replace("largest_mb = 1", "largest_mb = 9")
    file.write_text(text, encoding="utf-8")
    assert shell("mail", "a", "fetch") == 0
    assert len(names(made)) == 2


def test_what_was_looked_for_is_said_also_when_nothing_is_found(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    start = begun(desk, Ledger(desk.history()))
    assert shell("mail", "a", "fetch") == 0
    assert f"{USER} {HOST} INBOX，{start} 起收到的邮件，共 0 封" in shell.out
    assert "--since" in shell.out
    assert shell("mail", "a", "fetch", "--since", "2026-01-05", lang="en") == 0
    assert f"{USER} {HOST} INBOX since 2026-01-05: 0 in all" in shell.out
    box.deliver(answer())
    assert shell("mail", "a", "fetch") == 0
    assert "共 1 封" in shell.out
    assert "--since" not in shell.out


# ---------------------------------------------------------------- servers as they are

MANNERS = {
    "the day is ignored": Manners(search="all"),
    "nothing is ever found": Manners(search="none"),
    "no line is answered": Manners(search="silent"),
    "a search is refused": Manners(search="refused"),
    "as it should be": Manners(),
    "wants to know who asks": Manners(wants_id=True),
    "says so after the login": Manners(wants_id=True, says_id="after"),
    "never says so": Manners(wants_id=True, says_id="never"),
    "does not know the command": Manners(says_id="never", knows_id=False),
}


@pytest.mark.parametrize("case", MANNERS)
def test_only_what_arrived_since_is_taken_whatever_the_server_answers(
    shell: Shell, tmp_path: Path, case: str
) -> None:
    with odd_server(MANNERS[case]) as server:
        made = mail_folder(
            tmp_path / "a", roster_with(unit_with("U1")), settings(imap=server.port)
        )
        for number, days in enumerate((700, 40, 0, 3, 0)):
            server.deliver(answer(f"第{number}封"), NOW - timedelta(days=days))
        assert shell("mail", "a", "fetch") == 0
    told = [each.split()[0] for each in server.commands]
    assert "LOGIN" in told
    if MANNERS[case].wants_id:
        assert told.index("ID") < len(told) - told[::-1].index("EXAMINE")
    # The private mail of before the campaign was not even read.
    assert len(names(made)) == 2
    assert sum("BODY.PEEK[]" in each for each in server.commands) == 2
    with made.record() as record:
        noted = [each.detail["internal"] for each in record.events(Happening.FETCHED)]
    assert noted == [NOW.astimezone().isoformat(timespec="seconds")] * 2


def test_the_day_is_the_one_of_the_server(tmp_path: Path) -> None:
    """What came at one o'clock in China is of that day, wherever this runs."""
    china = timezone(timedelta(hours=8))
    with odd_server(Manners(search="all")) as server:
        made = mail_folder(
            tmp_path / "a", roster_with(unit_with("U1")), settings(imap=server.port)
        )
        for day, hour in ((4, 23), (5, 1)):
            when = datetime(2026, 1, day, hour, tzinfo=china)
            server.messages.append((answer(f"{day}"), when))
        seen = pipeline.fetch(made, Fetching(since=date(2026, 1, 5))).seen
    (only,) = seen
    assert only.listed.internal == datetime(2026, 1, 5, 1, tzinfo=china)
    with made.record() as record:
        (event,) = record.events(Happening.FETCHED)
    assert event.detail["internal"] == "2026-01-05T01:00:00+08:00"


def test_a_server_without_days_is_taken_at_its_word(tmp_path: Path) -> None:
    """Better a message too many than an answer that is lost."""
    with odd_server(Manners(search="all", dated=False)) as server:
        made = mail_folder(
            tmp_path / "a", roster_with(unit_with("U1")), settings(imap=server.port)
        )
        server.deliver(answer(), NOW - timedelta(days=99))
        assert len(pipeline.fetch(made).seen) == 1
    with made.record() as record:
        (event,) = record.events(Happening.FETCHED)
    assert "internal" not in event.detail


def test_a_server_that_wants_more_than_a_name_is_not_asked_for_ever(
    shell: Shell, tmp_path: Path
) -> None:
    with odd_server(Manners(wants_id=True, knows_id=False)) as server:
        mail_folder(
            tmp_path / "a", roster_with(unit_with("U1")), settings(imap=server.port)
        )
        assert shell("mail", "a", "fetch") == 2
    assert "Unsafe Login" in shell.sentence


# ---------------------------------------------------------------- the same again


def test_a_message_that_moved_is_not_a_new_one(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    box.deliver(answer())
    assert shell("mail", "a", "fetch") == 0
    connection = box.connected()
    connection.create("Archive")
    connection.select("INBOX")
    connection.copy("1", "Archive")
    connection.store("1", "+FLAGS", "\\Deleted")
    connection.expunge()
    connection.logout()
    file = desk.path / "campaign.toml"
    text = file.read_text(encoding="utf-8") + 'folder = "Archive"\n'
    file.write_text(text, encoding="utf-8")
    assert shell("mail", "a", "fetch") == 0
    assert "收取 0 封（以前取过的和本任务发出的 1 封不算）" in shell.out
    assert len(names(desk)) == 1


def test_the_same_identifier_over_other_content_is_kept(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    """Some programs use an identifier twice; no answer may be lost for that."""
    box.deliver(answer())
    box.deliver(
        answer().replace("见附件".encode(), "看附件".encode()).replace(b"6KeB", b"55yL")
    )
    assert shell("mail", "a", "fetch") == 0
    contents = {path.read_bytes() for path in desk.inbox.iterdir()}
    assert len(contents) == 2


def test_a_broken_run_goes_on_where_it_stopped(
    shell: Shell, box: Dovecot, desk: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        box.deliver(answer(str(number)))

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.fetch(desk, progress=stop)
    assert len(names(desk)) == 2
    seen = pipeline.fetch(desk).seen
    assert [each.outcome.value for each in seen] == ["known", "known", *["new"] * 3]
    assert len(names(desk)) == 5


def test_a_file_written_but_not_noted_is_written_again(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    box.deliver(answer())
    assert shell("mail", "a", "fetch") == 0
    (desk.path / "record.sqlite").unlink()  # as if the program had died before it noted
    assert shell("mail", "a", "fetch") == 0
    assert len(names(desk)) == 1


def test_fetching_again_what_was_fetched(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    box.deliver(answer())
    assert shell("mail", "a", "fetch") == 0
    (path,) = desk.inbox.iterdir()
    path.unlink()
    assert shell("mail", "a", "fetch") == 0
    assert names(desk) == []
    assert shell("mail", "a", "fetch", "--again") == 0
    assert len(names(desk)) == 1


def test_names_of_senders_cannot_lead_out_of_the_inbox(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    for sender in (
        "../../x@y.cn",
        "CON",
        "a/b\\c@d.cn",
        "\u202egpj@x.cn",
        "z" * 400,
        "",
    ):
        data = answer(sender=sender or "x@y.cn")
        if not sender:
            data = data.replace(b"From: x@y.cn\r\n", b"")
        box.deliver(data)
    assert shell("mail", "a", "fetch") == 0
    assert len(names(desk)) == 6
    assert not (desk.path.parent / "x@y.cn").exists()


def test_hostile_messages_are_kept_as_they_are(
    shell: Shell, box: Dovecot, desk: Folder
) -> None:
    hostile = [
        b"From: =?gb2312?b?/////w==?= <x@y.cn>\r\nMessage-ID: \r\n\r\n",
        "From: 张三 <z@y.cn>\r\nSubject: 报表\r\n\r\n正文".encode("gb18030"),
        b"\r\nno head at all",
        b"Subject: =?x-unknown?q?=ff?=\r\nDate: yesterday\r\n"
        b"Content-Type: multipart/report; boundary\r\n\r\n--\r\n",
    ]
    for data in hostile:
        box.deliver(data)
    assert shell("mail", "a", "fetch") == 0
    assert {path.read_bytes() for path in desk.inbox.iterdir()} == set(hostile)


# ---------------------------------------------------------------- our own


@pytest.mark.parametrize("standard", [True, False])
def test_a_message_that_came_back_is_no_answer(
    shell: Shell, box: Dovecot, tmp_path: Path, standard: bool
) -> None:
    """It holds our own blank workbook."""
    with smtp_server() as (post, port):
        units = roster_with(unit_with("U1"))
        made = mail_folder(tmp_path / "a", units, settings(port, box.tls))
        assert shell("mail", "a", "send", "--smtp") == 0
        ours = post.taken[0].data
        box.deliver(ours)  # a copy to ourselves
        bounce = returned_by_a_server(ours)
        if not standard:
            bounce = bounce.replace(b"multipart/report", b"multipart/mixed")
            bounce = bounce.replace(b"MAILER-DAEMON@mx", b"PostMaster@qq")
            bounce = bounce.replace(b"message/delivery-status", b"text/plain")
        box.deliver(returned_by_a_server(ours, "delayed"))
        box.deliver(bounce)
        assert shell("mail", "a", "fetch") == 1
        assert "退信：发给单位 U1 的邮件没有送达" in shell.out
        assert len(names(made)) == 1, "only the news of the delay"
        assert len(list((made.path / "mail" / "退信").iterdir())) == 1
        with made.record() as record:
            (failed,) = record.events(Happening.FAILED)
        assert failed.unit == "U1"
        if standard:
            assert failed.detail["server"] == "550 5.1.1 No such user"
        assert shell("mail", "a", "send", "--smtp") == 1
        assert "被拒收" in shell.out
        assert len(post.taken) == 1


@pytest.mark.parametrize(
    "head",
    [
        b"From: " + b"(" * 9000,
        b"From: " + b"=?utf-8?q?=ff?= " * 900,
        b"Subject: " + b"x" * 900_000,
        b"From: \xff\xfe <a@b.cn>\r\nMessage-ID: <\xe5@x>\r\nSubject: =?gbk?b?x?=",
        b"Content-Type: \x00\r\n\x00",
        b"",
    ],
)
def test_a_head_of_any_kind_is_read(head: bytes) -> None:
    read = read_head(head)
    assert all(len(text) <= 2000 for text in (read.sender, read.subject, read.message))
    assert str(read).isprintable()


# ---------------------------------------------------------------- cannot run


def cannot(shell: Shell, folder: Path, text: str) -> str:
    mail_folder(folder / "a", roster_with(unit_with("U1")), text)
    assert shell("mail", "a", "fetch") == 2
    sentence = shell.sentence
    assert shell("mail", "a", "fetch", lang="en") == 2
    assert not any("\u4e00" <= each <= "\u9fff" for each in shell.sentence)
    return sentence


def test_no_settings(shell: Shell, tmp_path: Path) -> None:
    assert "还没有设置收信的服务器" in cannot(shell, tmp_path, "")


def test_a_wrong_password(
    shell: Shell, box: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "wrong")
    assert "授权码" in cannot(shell, tmp_path, settings(imap=box.tls))


def test_a_password_in_chinese(
    shell: Shell, box: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "密码")
    assert "密码" in cannot(shell, tmp_path, settings(imap=box.tls))


def test_a_certificate_nobody_vouches_for(
    shell: Shell, box: Dovecot, tmp_path: Path
) -> None:
    said = cannot(shell, tmp_path, settings(imap=box.tls, ca_file=""))
    assert "的证书不可信" in said


def test_nobody_listens(shell: Shell, tmp_path: Path) -> None:
    assert "拒绝连接" in cannot(shell, tmp_path, settings(imap=free_port()))


def test_no_encryption_where_it_is_expected(
    shell: Shell, box: Dovecot, tmp_path: Path
) -> None:
    assert "没有按 TLS 应答" in cannot(shell, tmp_path, settings(imap=box.plain))


def test_a_folder_that_is_not_there(shell: Shell, box: Dovecot, tmp_path: Path) -> None:
    text = f'{settings(imap=box.tls)}folder = "Nowhere"\n'
    assert "有这些：INBOX" in cannot(shell, tmp_path, text)


def test_a_server_that_goes_away(shell: Shell, box: Dovecot, desk: Folder) -> None:
    for number in range(3):
        box.deliver(answer(str(number)))

    def end(done: int, of: int) -> None:
        if done == 1:
            box.end_sessions()

    with pytest.raises(MailError, match="connection"):
        pipeline.fetch(desk, progress=end)
    assert len(names(desk)) == 1
