"""``doctor``: what is there, what is missing for what, and nothing done meanwhile."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.servers import PASSWORD
from tests.servers.campaign import mail_folder, roster_with, settings, unit_with
from tests.servers.dovecot import dovecot
from tests.servers.smtp import smtp_server
from tests.support import Shell, contents, folder
from workbook_builder.mail.password import VARIABLE
from workbook_builder.model import errors
from workbook_builder.outputs import fonts
from workbook_builder.pipeline import examining

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]


@pytest.fixture(autouse=True)
def installation(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an installation of today says of itself, however old the one here is."""
    said = [
        f'{each}; extra == "{extra}"' for extra, all_ in EXTRAS.items() for each in all_
    ]
    monkeypatch.setattr(examining, "requires", lambda name: ["click>=8.1", *said])


def test_every_extra_has_its_purpose_here_and_in_the_guide() -> None:
    assert errors.EXTRAS.keys() == EXTRAS.keys() - {
        "test",
        "docs",
    }  # for maintainers
    guide = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE)) == set(errors.EXTRAS)
    for name in errors.EXTRAS:
        wanted = [re.split(r"[>=\[]", each)[0] for each in EXTRAS[name]]
        assert list(examining.needed(name)) == wanted


def test_what_is_missing_is_named_with_what_it_is_for(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "_is_there", lambda name: name != "starlette")
    monkeypatch.setattr(examining, "soffice", lambda: None)
    monkeypatch.setattr(examining, "installed", lambda: {"仿宋", "黑体", "宋体"})
    assert shell("doctor") == 0
    said = dict(re.findall(r"^可缺  (.+?)：(.+)$", shell.out, re.MULTILINE))
    assert said.keys() == {"浏览器里的工作台", "LibreOffice", "公文字体"}
    assert "pip install 'workbook-builder[desk]'" in said["浏览器里的工作台"]
    assert "starlette" in said["浏览器里的工作台"]
    assert "uvicorn" not in said["浏览器里的工作台"]
    assert re.findall(r"楷体_GB2312|小标宋|黑体", said["公文字体"]) == ["楷体_GB2312"]


def test_the_fonts_of_this_computer_are_those_its_list_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = fonts.installed()
    assert known is not None
    assert any("Noto" in name or "DejaVu" in name for name in known)
    monkeypatch.setenv("PATH", "")
    assert fonts.installed() is None


def test_what_cannot_be_written_or_read_has_to_be_mended(shell: Shell) -> None:
    assert shell("doctor", "nowhere") == 1
    assert re.search(r"^要改  文件夹“nowhere”：不能写", shell.out, re.MULTILINE)
    made = folder(shell.path / "c")
    before = contents(shell.path)
    assert shell("doctor", "c") == 0
    assert contents(shell.path) == before
    assert "好  设置、名录、记录" in shell.out
    assert "服务器" not in shell.out
    (made.path / "roster.xlsx").unlink()
    assert shell("doctor", "c") == 1
    assert re.search(
        r"^要改  设置、名录、记录：.*没有单位名录", shell.out, re.MULTILINE
    )


def test_mail_is_tried_and_nothing_sent(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with smtp_server() as (post, port), dovecot() as box:
        box.deliver(b"Subject: x\r\n\r\nx")
        mail = settings(port, box.tls, timeout=5)
        made = mail_folder(shell.path / "c", roster_with(unit_with("U1")), mail)
        before = contents(shell.path)
        assert shell("doctor", made.path) == 0
        assert "好  发信的服务器：能登录" in shell.out
        assert "好  收信的服务器：能登录" in shell.out
        monkeypatch.setenv(VARIABLE, "wrong")
        assert shell("doctor", made.path) == 1
        assert "要改  发信的服务器：" in shell.out
        assert "要改  收信的服务器：" in shell.out
        assert (post.taken, contents(shell.path)) == ([], before)
        assert "Seen" not in box.flags()[0]
