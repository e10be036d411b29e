"""A file of the roster, read; what stands in the way is said for the clerk."""

from __future__ import annotations

from pathlib import Path

from workbook_builder.campaign.files import unopened
from workbook_builder.campaign.roster import prove_types, roster_from_rows
from workbook_builder.formats.sheet_rows import read_rows
from workbook_builder.model.errors import CampaignError, UnreadableFile
from workbook_builder.model.form import Form
from workbook_builder.model.unit import Roster
from workbook_builder.reading.unreadable import unreadable


def read_roster(file: Path, form: Form, *, give_codes: bool = False) -> Roster:
    """The roster in a file, for that form.

    Raises RosterError with every problem, CampaignError where it cannot be read.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise unopened(file, error) from None
    return roster_of(data, file, form, give_codes=give_codes)


def roster_of(
    data: bytes, file: Path, form: Form, *, give_codes: bool = False
) -> Roster:
    """The same in the bytes of a file."""
    try:
        rows = read_rows(data)
    except UnreadableFile as error:
        raise CampaignError(
            f"单位名录“{file}”无法打开。{unreadable(error).message.zh}"
            "请用 Excel 或 WPS 打开检查，另存为 .xlsx 再试。",
            f"{file}: the roster cannot be read: {error}. Save it as .xlsx.",
        ) from None
    roster = roster_from_rows(rows, file.name, give_codes=give_codes)
    prove_types(roster, form)
    return roster
