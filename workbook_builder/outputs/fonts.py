"""The fonts that official documents are set in, and which of them are installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Set as AbstractSet
from typing import NamedTuple


class Font(NamedTuple):
    """``other`` is taken where the font is not installed; ``family`` guides the rest."""

    name: str
    other: str
    family: str


TITLE = Font("方正小标宋简体", "宋体", "roman")
TEXT = Font("仿宋_GB2312", "仿宋", "modern")
FIRST = Font("黑体", "Microsoft YaHei", "swiss")
SECOND = Font("楷体_GB2312", "楷体", "script")
TABLE = Font("宋体", "NSimSun", "roman")
FONTS = (TITLE, TEXT, FIRST, SECOND, TABLE)


def installed() -> AbstractSet[str] | None:
    """The names of the fonts of this computer; None where nothing tells."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    ran = subprocess.run(
        [program, ":", "family"], capture_output=True, check=False, timeout=60
    )
    names = ran.stdout.decode("utf-8", "replace").replace("\n", ",").split(",")
    return {name.strip() for name in names} - {""}
