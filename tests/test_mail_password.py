"""Passwords: the environment first, then the keyring of the system; never a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.core import load_keyring

from tests.servers.campaign import mail_folder, roster_with, settings, unit_with
from tests.support import Shell, contents
from workbook_builder.mail.password import VARIABLE, keep, password
from workbook_builder.model.errors import MailError


class Kept(KeyringBackend):
    """A store that forgets with the test."""

    priority = 1.0

    def __init__(self) -> None:
        # The library's own does nothing but look at the environment.
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[service, username]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.delenv(VARIABLE, raising=False)
    before, made = keyring.get_keyring(), Kept()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_the_environment_outranks_the_keyring(
    store: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("me@qq.com", "smtp.qq.com", "kept")
    assert password("me@qq.com", "smtp.qq.com") == "kept"
    with pytest.raises(MailError, match=r"no password of me@qq\.com at imap"):
        password("me@qq.com", "imap.qq.com")
    monkeypatch.setenv(VARIABLE, "given")
    assert password("me@qq.com", "imap.qq.com") == "given"


def test_the_command_keeps_one_for_each_server(
    store: Kept,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    shell = Shell(capsys, tmp_path)
    text = settings(1, 2).replace('[mail.imap]\nserver = "localhost"', "[mail.imap]\n")
    text += 'server = "imap.example.cn"\n'
    made = mail_folder(tmp_path / "a", roster_with(unit_with("U1")), text)
    typed = iter(["one", "two"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(typed))
    assert shell("mail", "a", "password") == 0
    assert sorted(store.secrets.values()) == ["one", "two"]
    assert {service for service, _ in store.secrets} == {
        "workbook-builder localhost", "workbook-builder imap.example.cn",
    }  # fmt: skip
    assert not any(b"one" in data for data in (contents(made.path / "mail")).values())
    assert "one" not in shell.out


def test_a_machine_without_a_keyring(store: Kept) -> None:
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    with pytest.raises(MailError) as caught:
        keep("me@qq.com", "smtp.qq.com", "x")
    assert VARIABLE in caught.value.text.zh
    with pytest.raises(MailError) as caught:
        password("me@qq.com", "smtp.qq.com")
    assert VARIABLE in caught.value.text.zh
