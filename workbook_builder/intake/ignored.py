"""What nobody meant to send, by its name; and what names promise a spreadsheet."""

from __future__ import annotations

import re

#: Names that office suites and systems leave behind, beside the real files.
_JUNK = re.compile(
    r"~\$.*|\.~.*|\.DS_Store|Thumbs\.db|ehthumbs\.db|desktop\.ini|\._.*|.*\.tmp",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(r".*\.(part|crdownload|td|xltd|download|opdownload)", re.I)
_SPREADSHEET = re.compile(
    r".*\.(xls[xmb]?|xlt[xm]?|ett?|ods|ots|fods|csv|tsv|numbers|uos|slk|dif)", re.I
)

SYSTEM, UNFINISHED = "I01", "I02"


def junk(path: str) -> str:
    """The code for a lock, system or half-downloaded file, by name and folder.

    Empty for any other. ``path`` is apart by ``/``.
    """
    *folders, name = path.split("/")
    if "__MACOSX" in folders or _JUNK.fullmatch(name):
        return SYSTEM
    return UNFINISHED if _UNFINISHED.fullmatch(name) else ""


def promises_spreadsheet(path: str) -> bool:
    """Whether the name says that this is the return itself."""
    return bool(_SPREADSHEET.fullmatch(path.rpartition("/")[2].strip()))
