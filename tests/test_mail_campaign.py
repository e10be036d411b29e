"""A whole campaign of forty units by mail, through the commands and real servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.servers import PASSWORD
from tests.servers.answers import WAYS, Answer, written
from tests.servers.campaign import mail_folder, roster_with, settings, unit_with
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.smtp import Post, Taken, smtp_server
from tests.support import TEXT, Shell, Typed, fields, form, typed
from workbook_builder.campaign.files import write_atomically
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.roster_book import roster_book
from workbook_builder.mail.password import VARIABLE
from workbook_builder.model.answers import ALL_ZERO
from workbook_builder.model.unit import Roster
from workbook_builder.workbook.write import write

CODES = [f"U{n:02}" for n in range(1, 41)]
WRONG, LATE = CODES[28:36], CODES[36:38]
SILENT, MOVED = CODES[38], CODES[39]
"""Has no address; has one its server does not know."""

#: A return without any business, as a clerk would type it.
NOTHING: dict[str, Typed] = {
    **{table.id: ALL_ZERO for table in form().tables},
    **{text.id: TEXT for text in form().narratives},
    **fields(form()),
}
MISTAKE = "applications.received.natural"
START = datetime.now().replace(microsecond=0) - timedelta(hours=2)


class Clerks:
    """The clerks of the units: open what came, type, and send it back their way."""

    def __init__(self, post: Post, box: Dovecot) -> None:
        self.post, self.box, self.written = post, box, 0

    def latest(self, code: str) -> Taken:
        """The newest message a unit has."""
        address = f"{code.lower()}@unit.example.cn"
        return [each for each in self.post.taken if address in each.to][-1]

    def fill_in(self, taken: Taken, changes: dict[str, Typed]) -> tuple[str, bytes]:
        """The attachment under its name, filled in."""
        (attachment,) = taken.mail.iter_attachments()
        name = attachment.get_filename()
        assert name is not None
        return name, typed(attachment.get_content(), changes)

    def answer(self, code: str, changes: dict[str, Typed]) -> None:
        taken = self.latest(code)
        name, data = self.fill_in(taken, changes)
        self.written += 1
        # Some answer from a private mailbox nobody knows.
        own = f"{code.lower()}@unit.example.cn"
        sender = own if self.written % 5 else f"{self.written}@qq.com"
        when = START + timedelta(minutes=self.written)
        answer = Answer(
            sender, name, data, when, self.written, str(taken.mail["Message-ID"])
        )
        self.box.deliver(written(answer), when)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)


@pytest.fixture
def servers() -> Iterator[tuple[Post, int, Dovecot]]:
    with smtp_server() as (post, port), dovecot() as box:
        yield post, port, box


def to_whom(taken: list[Taken]) -> Counter[str]:
    """Unit code → how many messages."""
    return Counter(each.to[0].split("@")[0].upper() for each in taken)


def states(shell: Shell) -> dict[str, str]:
    """Unit code → where it stands, as ``status`` says."""
    units = shell.json("status", "a")["units"]
    assert [each["code"] for each in units] == CODES
    return {each["code"]: each["state"] for each in units}


def every(state: str, **others: list[str]) -> dict[str, str]:
    """All units in one state but some."""
    different = {code: name for name, codes in others.items() for code in codes}
    return {code: different.get(code, state) for code in CODES}


def verdicts(shell: Shell) -> dict[str, str]:
    """Unit code → the verdict on what stands for it, as ``collect`` says."""
    files = shell.json("collect", "a")["files"]
    return {
        each["unit"]["code"]: each["verdict"]
        for each in files
        if each["verdict"] in {"accepted", "rejected", "needs_explanation"}
    }


def test_a_whole_campaign(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    servers: tuple[Post, int, Dovecot],
) -> None:
    post, port, box = servers
    monkeypatch.chdir(tmp_path)
    shell, clerks = Shell(capsys, tmp_path), Clerks(post, box)
    units = [unit_with(code) for code in CODES]
    units[38] = replace(units[38], emails=())
    made = mail_folder(tmp_path / "a", roster_with(*units), settings(port, box.tls))
    _send(shell, post, made, roster_with(*units))

    # The first answers, in every way there is.
    first = [code for code in CODES if code not in (*LATE, SILENT)]
    for code in first:
        clerks.answer(code, {**NOTHING, MISTAKE: "12件" if code in WRONG else None})
    assert shell("mail", "a", "fetch") == 0
    assert f"收取 {len(first)} 封" in shell.out
    rejected = dict.fromkeys(WRONG, "rejected")
    now = every("accepted", rejected=WRONG, sent=LATE, built=[SILENT])
    assert states(shell) == now, "right before anybody collects"
    assert verdicts(shell) == {**dict.fromkeys(first, "accepted"), **rejected}
    assert states(shell) == now

    _return_and_remind(shell, post)
    assert states(shell) == now

    # Second answers: the marked workbooks mended, the late ones, one on a USB stick.
    for code in WRONG:
        clerks.answer(code, {MISTAKE: None})
    for code in LATE:
        clerks.answer(code, NOTHING)
    (blank,) = made.outbox.glob(f"{SILENT}_*.xlsx")
    (made.inbox / "优盘.xlsx").write_bytes(typed(blank.read_bytes(), NOTHING))
    assert shell("mail", "a", "fetch") == 0
    assert f"收取 {len(WRONG) + len(LATE)} 封" in shell.out
    assert verdicts(shell) == dict.fromkeys(CODES, "accepted")
    assert shell.status == 0
    assert states(shell) == every("accepted")

    # Nothing is left to do, and nobody was written to once too often.
    count = len(post.taken)
    for command in ("send", "return", "remind"):
        shell("mail", "a", command, "--smtp")
        assert len(post.taken) == count, command
    assert all("\\Seen" not in flags for flags in box.flags())


def _send(shell: Shell, post: Post, made: Folder, units: Roster) -> None:
    """One has no address, one moved: both are named, and the second is mended."""
    post.behaviour.refuse = {f"{MOVED.lower()}@unit.example.cn": "550 5.1.1 unknown"}
    assert shell("mail", "a", "send", "--dry-run") == 1
    assert "共 40 个单位，待发 39 封。" in shell.out
    assert post.number == 0
    assert shell("mail", "a", "send", "--smtp") == 1
    assert "发出 38 封。" in shell.out
    assert f"（{SILENT}）：名录里没有邮箱" in shell.out
    assert f"（{MOVED}）：未能发出，服务器拒收" in shell.out
    assert to_whom(post.taken) == Counter(CODES[:38])
    assert states(shell) == every("sent", undelivered=[MOVED], built=[SILENT])

    new = f"new@unit.example.cn; {MOVED.lower()}@unit.example.cn".split("; ")
    mended = [
        replace(unit, emails=tuple(new)) if unit.code == MOVED else unit
        for unit in units.units
    ]
    book = roster_book(Roster(tuple(mended)), form())
    write_atomically(made.path / "roster.xlsx", write(book))
    post.behaviour.refuse = {}
    assert shell("mail", "a", "send", "--smtp") == 1  # the one without an address
    assert to_whom(post.taken) == Counter([*CODES[:38], "NEW"])
    assert states(shell) == every("sent", built=[SILENT])


def _return_and_remind(shell: Shell, post: Post) -> None:
    before = len(post.taken)
    for _ in range(2):  # the second run finds nothing to do
        assert shell("mail", "a", "return", "--smtp") == 0
        assert to_whom(post.taken[before:]) == Counter(WRONG)
    for taken in post.taken[before:]:
        body = taken.mail.get_body(("plain",))
        assert body is not None
        assert "12件" in body.get_content()
        assert taken.mail["References"], "continues the first message"
    before = len(post.taken)
    for _ in range(2):
        assert shell("mail", "a", "remind", "--smtp") == 1  # one has no address
        # Those whose workbook just went back are not written to about it again today.
        assert to_whom(post.taken[before:]) == Counter(LATE)
        assert f"（{SILENT}）：名录里没有邮箱" in shell.out


def test_every_way_of_answering_takes_part() -> None:
    assert len(CODES) - 3 >= 2 * len(WAYS)
