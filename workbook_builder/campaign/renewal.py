"""The settings of a campaign, carried into the next year line by line.

What a clerk wrote beside them, and settings of other parts such as [mail], stay.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from workbook_builder.model.errors import CampaignError

#: What a setting can be that changes from year to year.
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
        f"“{file}”的写法不常见，程序不敢代改。请用 init --year 新建任务，再把设置抄过去。",
        f"{file} is written in an unusual way; make the new campaign with --year and "
        "copy the settings by hand.",
    )


def quoted(value: Setting) -> str:
    """As TOML: it quotes like JSON, and one character more."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def a_year_on(day: date, years: int = 1) -> date:
    """The same day of a later year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
