"""A campaign folder with addresses, workbooks in its outbox and servers to talk to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.servers import HOST, USER, certificates
from tests.support import campaign, folder, unit
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import build, today


def unit_with(code: str, *emails: str) -> Unit:
    """A unit below the district; by default one address that tells its code."""
    given = emails or (f"{code.lower()}@unit.example.cn",)
    return replace(unit(code, "Q"), emails=given, contact="王经办")


def roster_with(*units: Unit) -> Roster:
    return Roster((Unit("Q", "示例区Q", type="区县"), *units))


def settings(
    smtp: int = 0,
    imap: int = 0,
    security: str = "tls",
    user: str = USER,
    **more: object,
) -> str:
    """The ``[mail]`` part of a ``campaign.toml`` for servers on these ports."""
    lines = {
        "server": HOST, "port": smtp, "security": security, "user": user,
        "sender": USER, "pace": 0, "timeout": 5,
        "ca_file": str(certificates().authority), **more,
    }  # fmt: skip
    said = [f"{key} = {_toml(value)}" for key, value in lines.items()]
    incoming = ["[mail.imap]", f'server = "{HOST}"', f"port = {imap}"] if imap else []
    return "\n".join(["[mail]", *said, *incoming, ""])


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def mail_folder(
    path: Path,
    units: Roster,
    mail: str = "",
    days: int | None = 5,
    of: Campaign | None = None,
) -> Folder:
    """A campaign whose deadline is ``days`` from today, with its workbooks built."""
    deadline = None if days is None else today() + timedelta(days=days)
    of = replace(of or campaign(), deadline=deadline, email="ask@example.cn")
    made = folder(path, units, of=of)
    settings_file = path / "campaign.toml"
    text = settings_file.read_text(encoding="utf-8")
    if deadline is None:
        text = "\n".join(x for x in text.splitlines() if not x.startswith("deadline"))
    settings_file.write_text(f"{text}\n{mail}", encoding="utf-8")
    build(made)
    return made
