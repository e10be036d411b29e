"""Mail at the desk, through real servers, by clicks in a real browser: workbooks are sent,
an answer is fetched and judged."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from tests import browser
from tests.servers import PASSWORD
from tests.servers.answers import Answer, replied
from tests.servers.campaign import mail_folder, roster_with, settings, unit_with
from tests.servers.dovecot import dovecot
from tests.servers.smtp import smtp_server
from tests.support import TEXT, Typed, fields, form, typed
from workbook_builder.desk.serving import serve
from workbook_builder.mail.password import VARIABLE
from workbook_builder.model.answers import ALL_ZERO

SCREEN = 1366, 768


@pytest.mark.engine
def test_workbooks_are_sent_and_an_answer_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    window, links = browser.require(), list[str]()

    def go(address: str, words: str) -> None:
        """By a link or a button of the page, until the page says so."""
        window.click(address)
        window.until(
            "document.readyState === 'complete' && !document.querySelector('.job') && "
            f"document.querySelector('main').innerText.includes({words!r})"
        )

    with smtp_server() as (post, port), dovecot() as box:
        units = roster_with(unit_with("U1"), unit_with("U2"))
        made = mail_folder(tmp_path / "a", units, settings(port, box.tls))
        thread = threading.Thread(
            target=serve, args=(made.path, "zh", links.append), daemon=True
        )
        thread.start()
        while not links:
            time.sleep(0.02)
        window.visit(links[0], *SCREEN)
        go(".steps a[href$='/send']", "用邮件发")
        go("main a[href*='mail']", "待发 2")
        go("form:has([value=smtp]) button", "待发 0")
        assert [each.to for each in post.taken] == [
            (f"u{n}@unit.example.cn",) for n in (1, 2)
        ]
        (attached,) = post.taken[0].mail.iter_attachments()
        entries: dict[str, Typed] = {
            **{table.id: ALL_ZERO for table in form().tables},
            **{text.id: TEXT for text in form().narratives},
            **fields(form()),
        }
        data, name = typed(attached.get_content(), entries), attached.get_filename()
        assert name is not None
        sent = str(post.taken[0].mail["Message-ID"])
        answer = Answer("u1@unit.example.cn", name, data, datetime.now(), 1, sent)
        box.deliver(bytes(replied(answer)))

        go(".steps a[href$='/receive']", "还没有收到文件")
        go("form[action$='/fetch'] button", "通过")
        assert "计入汇总 1 个" in str(window.ask("return document.body.innerText"))
        assert len(list(made.inbox.glob("*.eml"))) == 1
        assert window.complaints() == []
        window.click("form[action='/quit'] button")
        thread.join(20)
    assert not thread.is_alive()
