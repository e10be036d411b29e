"""报送文件名: the file name a unit's workbook goes out and comes back under."""

from __future__ import annotations

import hashlib

from workbook_builder.campaign.files import safe_name
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.form import Form
from workbook_builder.model.unit import Unit


def workbook_name(campaign: Campaign, form: Form, unit: Unit) -> str:
    """The file name a unit's workbook goes out under, different for every unit."""
    wanted = f"{unit.code}_{unit.name}_{campaign.year}年{form.title}"
    name = safe_name(wanted)
    if name != wanted:  # two codes may differ only in what a file name cannot hold
        name += f"_{hashlib.sha256(unit.code.encode()).hexdigest()[:6]}"
    return f"{name}.xlsx"
