"""报送文件名: the file name a unit's workbook goes out and comes back under."""

from __future__ import annotations

import hashlib
import re

from workbook_builder.model.campaign import Campaign
from workbook_builder.model.form import Form
from workbook_builder.model.unit import Unit

#: Sheets and columns of 汇总.xlsx that are read back.
OVERVIEW, DETAIL = "概览", "明细"
CODE_HEAD, COUNTED_HEAD = "单位代码", "计入"
#: The page that leads to the reports of all units, in the folder of the reports.
REPORT_LIST = "目录.html"
#: Bytes of a name: a file system takes it with what is put around it.
_LONGEST = 200


def workbook_name(campaign: Campaign, form: Form, unit: Unit) -> str:
    """The file name a unit's workbook goes out under, different for every unit."""
    wanted = f"{unit.code}_{unit.name}_{campaign.period.words}{form.title}"
    name = safe_name(wanted)
    if name != wanted:  # two codes may differ only in what a file name cannot hold
        name += f"_{hashlib.sha256(unit.code.encode()).hexdigest()[:6]}"
    return f"{name}.xlsx"


def safe_name(text: str) -> str:
    """A file name from any text: no separators, controls or device names."""
    cleaned = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]', "_", text)
    cleaned = _short(cleaned.strip(" .")[:120])
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", cleaned):
        cleaned = f"_{cleaned}"
    return cleaned or "_"


def _short(name: str) -> str:
    """At most so many bytes that a file system takes it with what is put around it."""
    return name.encode("utf-8", "ignore")[:_LONGEST].decode("utf-8", "ignore")
