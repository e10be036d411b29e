"""The settings of a campaign, carried into the next period line by line.

What a clerk wrote beside them, and settings of other parts such as [mail], stay.
"""

from __future__ import annotations

import json
import re
import tomllib
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from workbook_builder.model.errors import CampaignError

#: What a setting can be that changes from one period to the next.
Setting = str | int | date


def renewed(text: str, changes: Mapping[str, Setting], file: Path) -> str:
    """The settings with other values; keys that are not there yet come first.

    Raises CampaignError where the text is written so that this cannot be done.
    """
    table = re.search(r"(?m)^[ \t]*\[", text)
    top, rest = (text[: table.start()], text[table.start() :]) if table else (text, "")
    for key, value in changes.items():
        line = f"{key} = {quoted(value)}"
        before = re.search(rf"(?m)^[ \t]*{key}[ \t]*=[^\r\n]*", top)
        start, end = before.span() if before else (0, 0)
        top = top[:start] + line + ("" if before else "\n") + top[end:]
    result = top + rest
    try:
        wanted = {**tomllib.loads(text), **changes}
        if tomllib.loads(result) == wanted:
            return result
    except tomllib.TOMLDecodeError:
        pass
    raise CampaignError(
        f"“{file}”的写法不常见，程序没有代为修改。请用 init 新建任务，再把设置抄过去。",
        f"{file} is written in an unusual way; make the new campaign without --from and "
        "copy the settings by hand.",
    )


def quoted(value: Setting) -> str:
    """As TOML: it quotes like JSON, and one character more."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def months_on(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
