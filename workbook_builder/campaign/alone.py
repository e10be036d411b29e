"""One at a time: a campaign is collected or reported on by one program only.

The lock is that of a database, which systems and network drives keep, and which ends
with the program that holds it, however it ends: there is none that nobody holds. Who
holds it since when stands in a file beside it.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import platform
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from workbook_builder.campaign.files import write_atomically
from workbook_builder.campaign.record import now
from workbook_builder.model.errors import CampaignError

LOCK, HOLDER = ".busy.sqlite", ".busy.json"


@contextlib.contextmanager
def alone(campaign: Path) -> Iterator[None]:
    """While no other program works on the results of the campaign.

    Raises CampaignError, saying who does. On a drive that knows no locks, nobody is
    kept out.
    """
    try:
        with locked(campaign / LOCK):
            # It is for people; the lock holds without it.
            with contextlib.suppress(CampaignError):
                write_atomically(campaign / HOLDER, json.dumps(_me()).encode())
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    (campaign / HOLDER).unlink(missing_ok=True)
    except Locked:
        raise _busy(campaign) from None


class Locked(Exception):
    """Another program holds the lock."""


@contextlib.contextmanager
def locked(file: Path, seconds: float = 0) -> Iterator[None]:
    """While no other program is in here with the same file.

    Raises Locked where another one does not leave within ``seconds``. On a drive that
    knows no locks, nobody is kept out. It may end in another thread.
    """
    base = None
    try:
        base = sqlite3.connect(
            file, timeout=seconds, isolation_level=None, check_same_thread=False
        )
        base.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code & 0xFF == sqlite3.SQLITE_BUSY:
            raise Locked from None
    try:
        yield
    finally:
        if base is not None:
            base.close()


def _me() -> dict[str, str]:
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = ""
    return {"user": user, "computer": platform.node(), "since": now()}


def _busy(campaign: Path) -> CampaignError:
    try:
        holder = json.loads((campaign / HOLDER).read_text(encoding="utf-8"))
        who = f"{holder['user']}（{holder['computer']}）"
        since = str(holder["since"])[:16].replace("T", " ")
    except (OSError, ValueError, KeyError, TypeError):
        who, since = "", ""
    by = f"由 {who} 从 {since} 起" if who else "由另一个程序"
    return CampaignError(
        f"“{campaign}”正在{by}汇总或生成报告。请等它结束再运行；"
        "确实没有程序在运行的，重新启动那台电脑再试。",
        f"{campaign} is being worked on{f' by {who} since {since}' if who else ''}. "
        "Wait for the end of it; if nothing runs there, restart that computer.",
    )
