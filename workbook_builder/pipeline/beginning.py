"""``init``: a new campaign; and its settings changed where no editor is at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from workbook_builder.campaign.files import put_aside, write_atomically, write_keeping
from workbook_builder.campaign.folder import (
    ROSTERS,
    Folder,
    create,
    new_id,
    roster_files,
)
from workbook_builder.campaign.place import SETTINGS, forms_at
from workbook_builder.campaign.renewal import Setting, renewed
from workbook_builder.campaign.roster_file import read_roster, roster_of
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.period import Period
from workbook_builder.model.unit import Roster

#: The district of a campaign that names none.
SAMPLE = "示例区人民政府办公室"


def begin(
    path: Path,
    period: Period,
    form: str = "",
    district: str = "",
    units: Path | None = None,
) -> Folder:
    """A campaign; ``form`` is the name of one, by default the usual, ``units`` a list of
    them, which are given codes where they have none; by default a sample.

    Raises CampaignError rather than touch an old one, RosterError for a list that is none.
    """
    forms = forms_at(path)
    definition = forms.of(form or forms.default(), period)
    campaign = Campaign(
        id=new_id(path, period),
        form=definition.id,
        edition=definition.edition,
        period=period,
        district=district or SAMPLE,
    )
    roster = (
        read_roster(units, definition, give_codes=True)
        if units
        else Roster(definition.sample)
    )
    return create(path, campaign, roster)


def change_settings(
    folder: Folder, changes: Mapping[str, Setting], seen: str
) -> Campaign:
    """Other values in ``campaign.toml``; all else in it stays as it is. ``seen`` is
    :func:`settings_seen` of what the change was made from.

    Raises CampaignError where somebody changed the file since.
    """
    file = folder.path / SETTINGS
    _prove_seen(file, seen)
    text = file.read_text(encoding="utf-8-sig")
    write_atomically(file, renewed(text, changes, file).encode())
    return folder.campaign()


def settings_seen(folder: Folder) -> str:
    """What tells these settings from any others."""
    return _digest(folder.path / SETTINGS)


def change_roster(folder: Folder, data: bytes, name: str, seen: str = "") -> Roster:
    """Another roster in place of the one there is, which is put aside. ``name`` says
    what kind of file it is; ``seen`` is :func:`roster_seen` of what it was made from.

    Raises RosterError with every problem of it, CampaignError for what is no roster, and
    where somebody changed the old one since.
    """
    suffix = Path(name).suffix.lower()
    target = folder.path / f"roster{suffix}"
    if target.name not in ROSTERS:
        raise CampaignError(
            f"“{name}”不是表格，没有采用。名录请存成 .xlsx 或 .csv 再放进来。",
            f"{name} is no table; save the roster as .xlsx or .csv.",
        )
    if seen:
        for file in roster_files(folder.path):
            _prove_seen(file, seen)
    roster = roster_of(data, Path(name), folder.form())
    for file in roster_files(folder.path):
        if file != target:
            put_aside(file)
    write_keeping(target, data)
    return roster


def roster_seen(folder: Folder) -> str:
    """What tells this roster from any other."""
    return "".join(_digest(file) for file in roster_files(folder.path)[:1])


def _prove_seen(file: Path, seen: str) -> None:
    if _digest(file) != seen:
        raise CampaignError(
            f"“{file.name}”在您打开这一页以后被改过，没有覆盖。请刷新页面，看过现在的内容再改。",
            f"{file.name} was changed since you opened the page and was left alone. "
            "Reload the page and change it again.",
        )


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""
