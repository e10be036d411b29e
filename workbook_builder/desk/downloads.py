"""Files of a campaign, given to the browser; and its folders, opened on the screen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from workbook_builder.campaign.folder import INBOX, OUTBOX, RESULTS
from workbook_builder.desk.asked import HTML, Answer, Asked, redirect
from workbook_builder.desk.home import NoSuchPage
from workbook_builder.model.errors import CampaignError

#: Folders whose files are given away, and no others: settings hold keys.
GIVEN = (OUTBOX, INBOX, RESULTS, "mail", "published")
#: Our own pages are shown; they run no script, and what they may load is nothing.
_SHOWN = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


def give(asked: Asked) -> Answer:
    """A file, to be saved; a page of the results, to be looked at."""
    path = within(asked.folder.path, asked.query.get("path", ""))
    if not path.is_file():
        raise NoSuchPage
    data = path.read_bytes()
    ours = path.is_relative_to((asked.folder.path / RESULTS).resolve())
    if ours and path.suffix == ".html":
        return Answer(data, HTML, headers={"content-security-policy": _SHOWN})
    named = f"attachment; filename*=UTF-8''{quote(path.name, safe='')}"
    return Answer(
        data, "application/octet-stream", headers={"content-disposition": named}
    )


def within(campaign: Path, said: str) -> Path:
    """The file that is meant. Raises NoSuchPage for one outside the folders of which
    files are given away, whatever way leads there."""
    try:
        path = (campaign / said).resolve()
        roots = [(campaign / name).resolve() for name in GIVEN]
    except (OSError, ValueError, RuntimeError):
        raise NoSuchPage from None
    inside = [root for root in roots if root.parent == campaign.resolve()]
    if not any(path.is_relative_to(root) for root in inside):
        raise NoSuchPage
    return path


def open_folder(asked: Asked) -> Answer:
    """Shows a folder of the campaign in the system's own window."""
    wanted = asked.said("folder")
    path = asked.folder.path / wanted if wanted in GIVEN else asked.folder.path
    path.mkdir(exist_ok=True)
    program = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        if sys.platform == "win32":
            import os

            os.startfile(path)
        else:
            subprocess.Popen(
                [program, str(path)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
    except OSError:
        raise CampaignError(
            f"无法自动打开文件夹。它在：{path}",
            f"The folder cannot be shown. It is {path}",
        ) from None
    return redirect(asked.url(asked.said("page") or "settings"))
